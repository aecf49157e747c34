"""Runs what docs/analysis.md shows, as it stands, in a folder like that of a user, but with a small scenario."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE, BUILD = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
TEXT = (SOURCE / "docs" / "analysis.md").read_text()


CLAIM = """
extends = "../baseline.toml"

[claim]
number = 1
sentence = "A price war comes"
source = "test"
predicate = "occurs(price_war[cn] > 0.5)"
"""


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


class Snippets(unittest.TestCase):
    """The commands of the page have been run once."""

    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="chokepoint-docs-")
        cls.folder = Path(cls.holder.name)
        (cls.folder / "build").symlink_to(BUILD)
        (cls.folder / "configs" / "evidence").mkdir(parents=True)
        (cls.folder / "configs" / "evidence" / "claim.toml").write_text(CLAIM)
        (cls.folder / "configs" / "baseline.toml").write_text((SOURCE / "configs" / "smoke.toml").read_text())
        for block in blocks("sh"):
            cls.execute("/bin/sh", "-e", "-c", block.replace("1e4", "200"))

    @classmethod
    def tearDownClass(cls):
        keep = os.environ.get("CHOKEPOINT_KEEP_PICTURES")
        for picture in cls.folder.glob("*.png") if keep else []:
            (Path(keep) / picture.name).write_bytes(picture.read_bytes())
        cls.holder.cleanup()

    @classmethod
    def execute(cls, *command):
        """@returns what a command prints"""
        environment = dict(os.environ, MPLBACKEND="Agg", MPLCONFIGDIR=str(cls.folder))
        answer = subprocess.run(command, cwd=cls.folder, env=environment, capture_output=True, text=True, timeout=300)
        if answer.returncode != 0:
            raise AssertionError(f"{command}\n{answer.stderr}")
        return answer.stdout


def main():
    if not (BUILD / "chokepoint").exists():
        sys.exit(f"{BUILD / 'chokepoint'} has not been built")
    unittest.main(argv=sys.argv[:1])
