"""What `cmake --install` puts somewhere is enough to build on: a program of ten lines finds the median price, by the CMake
package and by pkg-config. Usage: install_test.py SOURCE_DIR BUILD_DIR"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE, BUILD = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
HERE = SOURCE / "tests" / "install"


def output(*command, **more):
    answer = subprocess.run(list(map(str, command)), capture_output=True, text=True, **more)
    if answer.returncode != 0:
        raise AssertionError(f"{command}: {answer.stdout}{answer.stderr}")
    return answer.stdout


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory(prefix="chokepoint-install-")
        cls.addClassCleanup(holder.cleanup)
        cls.folder = Path(holder.name)
        cls.prefix = cls.folder / "prefix"
        output("cmake", "--install", BUILD, "--prefix", cls.prefix)
        run = output(cls.prefix / "bin" / "chokepoint", "run", cls.config(), "--paths", 256, "--out", cls.folder / "out",
                     "--json", "-q")
        cls.digest = json.loads(run)["digest"]
        cls.median = cls.of_the_file()

    @classmethod
    def config(cls):
        return cls.prefix / "share" / "chokepoint" / "configs" / "smoke.toml"

    @classmethod
    def of_the_file(cls):
        """The median world price of the last month, of prices.csv."""
        rows = [line.split(",") for line in (cls.folder / "out" / "prices.csv").read_text().splitlines()
                if not line.startswith("#")]
        columns = {name: place for place, name in enumerate(rows[0])}
        last = [row for row in rows[1:] if row[columns["measure"]] == "world_price"][-1]
        return float(last[columns["q50"]])

    def check(self, program):
        median, digest = output(program, self.config()).split()
        self.assertEqual(digest, self.digest)
        self.assertAlmostEqual(float(median), self.median, delta=1e-6 * self.median)

    def test_by_the_cmake_package(self):
        build = self.folder / "cmake"
        output("cmake", "-S", HERE, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}", "-DCMAKE_BUILD_TYPE=Release")
        output("cmake", "--build", build)
        self.check(build / "median_price")

    @unittest.skipUnless(shutil.which("pkg-config"), "no pkg-config")
    def test_by_pkg_config(self):
        place = next(self.prefix.rglob("chokepoint.pc")).parent
        flags = output("pkg-config", "--cflags", "--libs", "chokepoint", env={**os.environ, "PKG_CONFIG_PATH": str(place)})
        program = self.folder / "by_pkg_config"
        output(os.environ.get("CXX", "c++"), "-std=c++20", HERE / "median_price.cpp", "-o", program, *flags.split())
        self.check(program)

    def test_public_headers_alone(self):
        """They include nothing that is not installed, and each compiles by itself."""
        headers = sorted((self.prefix / "include" / "chokepoint").rglob("*"))
        self.assertEqual({path.parent.name for path in headers}, {"chokepoint"})
        public = {path.name for path in (SOURCE / "include" / "chokepoint").glob("*.hpp")} | {"version.hpp"}
        self.assertEqual({path.name for path in headers}, public)
        for path in headers:
            for name in re.findall(r'#include "([^"]+)"', path.read_text()):
                self.assertTrue((self.prefix / "include" / name).exists(), f"{path.name} includes {name}")

    def test_configs_and_docs(self):
        self.assertTrue((self.config().parent / "baseline.toml").is_file())
        self.assertTrue(list((self.prefix / "share" / "doc").rglob("model.md")))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
