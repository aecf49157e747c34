"""The stacks of threads, whatever the limit of the system. Usage: stack_test.py SOURCE_DIR BUILD_DIR"""

import json
import resource
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "commands"))
import cli  # noqa: E402
from cli import SMOKE  # noqa: E402


def small_stack(kilobytes):
    def prepare():
        resource.setrlimit(resource.RLIMIT_STACK, (kilobytes << 10, resource.getrlimit(resource.RLIMIT_STACK)[1]))

    return prepare


class Stacks(cli.CommandTest):
    """One step of Newton's, so that every month of every path takes the last resort, whose stack is the deepest."""

    def digest(self, *arguments, **keywords):
        answer = self.succeed("run", SMOKE, "--set", "market.newton_limit=1", "--paths", 256, "--batch", 16, "--json",
                              "--quiet", "--out", "out", "--force", *arguments, **keywords)
        return json.loads(answer.stdout)["digest"]

    def test_eight_threads_on_small_stacks(self):
        right = self.digest("--isa", "portable", "--threads", 2)
        for isa in json.loads(self.succeed("doctor", "--json").stdout)["instruction sets"]:
            for kilobytes in (64, 128, 320):
                with self.subTest(isa=isa, kilobytes=kilobytes):
                    self.assertEqual(self.digest("--isa", isa, "--threads", 8, preexec_fn=small_stack(kilobytes)), right)

    def test_commands_on_a_small_stack(self):
        self.run_smoke("a")
        self.run_smoke("b", "--set", "market.sigma=7")
        for arguments in [["replay", SMOKE, "--path", 3], ["replay", SMOKE, "--engine", "reference"],
                          ["compare", "a", "b", "--json"], ["validate", SMOKE, "--resolved"],
                          ["plan", SMOKE, "--paths", 64], ["merge", "a", "--out", "c"], ["report", "a", "b"]]:
            with self.subTest(arguments=arguments):
                self.succeed(*arguments, preexec_fn=small_stack(64))


if __name__ == "__main__":
    cli.main()
