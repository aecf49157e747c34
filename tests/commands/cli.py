"""What the tests of the command line share: they run the program that was built, as a user would."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE, BUILD = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
PROGRAM = BUILD / "chokepoint"
SMOKE = SOURCE / "configs" / "smoke.toml"
FILES = {"result.nc", "summary.json", "prices.csv", "concentration.csv", "manifest.json"}


def chokepoint(*arguments, **keywords):
    """Runs the program; the answer has returncode, stdout and stderr."""
    command = [str(PROGRAM), *map(str, arguments)]
    keywords.setdefault("timeout", 300)
    if "stdout" not in keywords:
        keywords["stdout"] = subprocess.PIPE
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL, **keywords)


class CommandTest(unittest.TestCase):
    """A test with an empty folder of its own, in which the program runs."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="chokepoint-test-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def call(self, *arguments, **keywords):
        return chokepoint(*arguments, cwd=self.folder, **keywords)

    def succeed(self, *arguments, **keywords):
        answer = self.call(*arguments, **keywords)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return answer

    def refuse(self, code, words, *arguments, **keywords):
        """The program must end with this code, say these words on stderr, print nothing and leave nothing behind."""
        before = self.everything()
        answer = self.call(*arguments, **keywords)
        self.assertEqual(answer.returncode, code, f"{arguments}: {answer.stderr}")
        for word in [words] if isinstance(words, str) else words:
            self.assertIn(word, answer.stderr, f"{arguments}")
        self.assertFalse(answer.stdout, f"{arguments}")
        self.assertEqual(self.everything(), before, f"{arguments}")
        return answer

    def run_smoke(self, out, *arguments):
        """A small run. @returns its summary"""
        self.succeed("run", SMOKE, "--paths", "64", "--quiet", "--out", out, *arguments)
        return self.summary(out)

    def summary(self, out):
        return json.loads((self.folder / out / "summary.json").read_text())

    def everything(self):
        """All that lies in the folder, with times of change."""
        return {(str(path), path.lstat().st_mtime_ns) for path in self.folder.rglob("*")}


def main():
    if not PROGRAM.exists():
        sys.exit(f"{PROGRAM} has not been built")
    os.environ.pop("CUDA_VISIBLE_DEVICES", None)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
