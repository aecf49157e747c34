"""Every planted fault still applies, exactly once, and names a test and sources that there are. The faults themselves
are planted on demand (mutate.py)."""

import sys
import unittest
from pathlib import Path

from faults import FAULTS
from mutate import planted

SOURCE = Path(sys.argv[1])


class Faults(unittest.TestCase):
    def test_each_applies_once(self):
        for fault in FAULTS:
            with self.subTest(fault.name):
                self.assertNotEqual(planted(fault, SOURCE), (SOURCE / fault.file).read_text())

    def test_each_names_what_there_is(self):
        for fault in FAULTS:
            with self.subTest(fault.name):
                for file in (f"tests/{fault.test}_test.cpp", *fault.library):
                    self.assertTrue((SOURCE / file).is_file(), file)

    def test_names_differ(self):
        self.assertEqual(len({fault.name for fault in FAULTS}), len(FAULTS))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
