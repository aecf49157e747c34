"""The memory of merge does not grow with the number of its parts. Usage: merge_memory_test.py SOURCE_DIR BUILD_DIR"""

import os

import cli
from cli import PROGRAM, SMOKE

PATHS = 200


class MergeMemory(cli.CommandTest):
    def peak(self, parts, out):
        """Largest resident memory of a merge, in bytes."""
        command = [str(PROGRAM), "merge", *parts, "--out", str(self.folder / out), "--quiet"]
        child = os.posix_spawn(PROGRAM, command, os.environ)
        status, usage = os.wait4(child, 0)[1:]
        self.assertEqual(status, 0)
        return 1024 * usage.ru_maxrss

    def test_two_parts_and_twelve(self):
        parts = []
        for first in range(0, 12 * PATHS, PATHS):
            parts.append(str(self.folder / f"part{first}"))
            self.succeed("run", SMOKE, "--first-path", first, "--paths", PATHS, "--out", parts[-1], "--quiet")
        two, twelve = self.peak(parts[:2], "two"), self.peak(parts, "twelve")
        # Twelve parts fill more bins than two do, which pages of the sum take; kept whole, each would take 8 MB more.
        self.assertLess(twelve, two + (8 << 20))
        self.succeed("run", SMOKE, "--paths", 12 * PATHS, "--out", "whole", "--quiet")
        self.assertEqual(self.summary("twelve")["digest"], self.summary("whole")["digest"])


if __name__ == "__main__":
    cli.main()
