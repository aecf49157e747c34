"""Results that were edited, extended, or made by others. Usage: stored_result_test.py SOURCE_DIR BUILD_DIR.
Skipped without netCDF4."""

import gzip
import json
import shutil
import subprocess
import sys

import cli
from cli import SMOKE, SOURCE

# The Debian package belongs to the Debian interpreter, which need not be the one that runs the tests.
PYTHON = next((python for python in [sys.executable, "/usr/bin/python3"]
               if subprocess.run([python, "-c", "import netCDF4"], capture_output=True).returncode == 0), None)
NOTES = ":note", "world_price_mean:remark", "tallies/:mine"


class StoredResult(cli.CommandTest):
    def setUp(self):
        super().setUp()
        self.run_smoke("good", "--set", "scenario.months=3")

    def edited(self, code, name="edited"):
        """A copy of the result after lines of Python in which `data` is the file."""
        shutil.copytree(self.folder / "good", self.folder / name, dirs_exist_ok=True)
        script = f"import netCDF4, numpy\ndata = netCDF4.Dataset('{name}/result.nc', 'a')\n{code}\ndata.close()\n"
        subprocess.run([PYTHON, "-c", script], cwd=self.folder, check=True)
        return name

    def commands(self, name):
        return [("merge", name, "--out", "merged"), ("compare", name, name, "--out", "compared"),
                ("report", name, "--out", "page.html")]

    def test_edited_results_are_refused(self):
        for code, words in [("data.seed = numpy.uint64(7)", "attribute :seed was changed"),
                            ("data.first_path = numpy.uint64(64)", "attribute :first_path was changed"),
                            ("data.commit = 'other'", "attribute :commit was changed"),
                            ("data.precision = 'double'", "attribute :precision was changed"),
                            ("data.delncattr('quantile_relative_error_bound')", "attribute :quantile_relative_error_bound was removed"),
                            ("data['world_price_mean'][:] *= 1000", "variable world_price_mean was changed"),
                            ("data['rental_price_mean'].units = '1'", "attribute rental_price_mean:units was changed"),
                            ("data['world_price_mean'].setncattr('scale_factor', 1000.0)",
                             "attribute world_price_mean:scale_factor was added"),
                            ("data['region'][0] = 'eu'", "variable region was changed")]:
            shutil.rmtree(self.folder / "edited", ignore_errors=True)
            self.edited(code)
            for command in self.commands("edited"):
                answer = self.refuse(2, ["edited", "result.nc'"], *command)
                self.assertIn(words, answer.stderr)

    def test_attributes_of_others_are_named(self):
        self.edited("data.note = 'mine'; data['world_price_mean'].remark = 'x'; data['tallies'].mine = 3")
        for command in self.commands("edited"):
            answer = self.succeed(*command)
            for note in NOTES:
                self.assertIn(note, answer.stderr, command[0])
        self.assertEqual(self.summary("merged")["digest"], self.summary("good")["digest"])

    def test_attributes_by_ncatted(self):
        if not shutil.which("ncatted"):
            self.skipTest("no ncatted (Debian: nco)")
        shutil.copytree(self.folder / "good", self.folder / "edited")
        subprocess.run(["ncatted", "-O", "-a", "note,global,c,c,mine", "-a", "remark,world_price_mean,c,c,x",
                        "edited/result.nc"], cwd=self.folder, check=True)
        for command in self.commands("edited"):
            answer = self.succeed(*command)
            for note in [":note", "world_price_mean:remark", ":history"]:
                self.assertIn(note, answer.stderr, command[0])

    def test_a_later_format_is_refused(self):
        self.edited("data.format_version = numpy.uint64(3)")
        (self.folder / "edited" / "manifest.json").unlink()  # which is that of the file before
        for command in self.commands("edited"):
            self.refuse(2, ["file format 3", "up to 2"], *command)

    def test_a_result_stripped_of_all_that_vouches_for_it(self):
        """Passes for one of an older format: with a warning, and never as intact."""
        self.edited("data.delncattr('format_version'); data.delncattr('content_checksum')")
        for command in self.commands("edited"):
            self.refuse(2, ["edited", "result.nc"], *command)  # its manifest tells
        (self.folder / "edited/manifest.json").unlink()
        words = ["warning: 'edited/result.nc' carries no checksums", "so it cannot be checked for changes"]
        answer = self.succeed("report", "edited", "--out", "page.html")
        for word in words:
            self.assertIn(word, answer.stderr)
        self.refuse(2, words + ["file format 1"], "merge", "edited", "--out", "merged")
        self.refuse(2, words + ["compare the configs"], "compare", "edited", "edited")
        self.refuse(2, ["'edited' has no manifest.json", "nothing to check it by"], "check", "edited")
        self.assertNotIn("vouches", self.succeed("report", "good", "--out", "good.html").stderr)

    def test_a_manifest_of_now_does_not_vouch_for_a_stripped_result(self):
        self.edited("data.delncattr('format_version'); data.delncattr('content_checksum')")
        path = self.folder / "edited/manifest.json"
        text = path.read_text()
        data = (self.folder / "edited/result.nc").read_bytes()
        manifest = json.loads(text)
        listed = manifest["files"]["result.nc"]
        text = text.replace(listed["xxh128"], self.hash_of(data)).replace(f'"bytes": {listed["bytes"]}', f'"bytes": {len(data)}')
        body = text[:text.index(',\n  "checksum"')]
        path.write_text(text.replace(manifest["checksum"], self.hash_of(body.encode())))
        self.refuse(2, "has a 'result.nc' without checksums", "check", "edited")

    def hash_of(self, data):
        """As xxhsum prints it."""
        if not shutil.which("xxhsum"):
            self.skipTest("no xxhsum (Debian: xxhash)")
        (self.folder / "hashed").write_bytes(data)
        answer = subprocess.run(["xxhsum", "-H2", "hashed"], cwd=self.folder, capture_output=True, text=True, check=True)
        (self.folder / "hashed").unlink()
        return answer.stdout.split()[0].lstrip("\\")

    def test_results_of_version_0_2_0(self):
        (self.folder / "old").mkdir()
        data = gzip.decompress((SOURCE / "tests" / "data" / "result-0.2.0.nc.gz").read_bytes())
        (self.folder / "old" / "result.nc").write_bytes(data)
        answer = self.succeed("report", "old", "--figures", "figures")
        self.assertIn("'old/result.nc' carries no checksums: it is of file format 1 (chokepoint 0.2.0), or", answer.stderr)
        page = (self.folder / "old" / "report.html").read_text()
        self.assertIn("4e7ef1620c6cd445ec77389dfd8a6673", page)
        rows = (self.folder / "figures" / "hhi.csv").read_text().splitlines()
        self.assertIn("By fleet,smoke,2026-01-01," + ",".join(6 * ["3749.07056"]), rows)
        self.refuse(2, "compare the configs", "compare", "old", "old")
        self.refuse(2, ["0.2.0", "file format 1"], "merge", "old", "--out", "merged")
        self.succeed("run", SMOKE, "--paths", 60, "--set", "scenario.months=4", "--quiet", "--out", "new")
        answer = self.succeed("report", "old", "new", "--out", "both.html")
        self.assertIn("are left out", answer.stderr)

    def test_seeds_of_64_bits(self):
        seed = 2**64 - 1
        self.assertEqual(self.run_smoke("large", "--seed", seed, "--set", "scenario.months=2")["provenance"]["seed"], seed)
        script = "import netCDF4; print(int(netCDF4.Dataset('large/result.nc').seed))"
        answer = subprocess.run([PYTHON, "-c", script], cwd=self.folder, capture_output=True, text=True, check=True)
        self.assertEqual(int(answer.stdout), seed)
        self.succeed("report", "large", "--quiet")
        self.assertIn(f'"seed":"{seed}"', (self.folder / "large" / "report.html").read_text())

    def test_texts_of_any_length(self):
        text = SMOKE.read_text().replace('title = "Two', 'title = "' + 69000 * "t" + 1000 * "é", 1)
        (self.folder / "long.toml").write_text(text)
        self.succeed("run", "long.toml", "--paths", 64, "--out", "long", "--quiet", "--set", "scenario.months=2")
        script = "import netCDF4; print(len(netCDF4.Dataset('long/result.nc').title))"
        answer = subprocess.run([PYTHON, "-c", script], cwd=self.folder, capture_output=True, text=True, check=True)
        self.assertGreater(int(answer.stdout), 70000)
        self.succeed("report", "long", "--quiet")

    def test_folders_of_any_name(self):
        for name in ["a\\b", "C:", "c:x", "[x]"]:
            self.run_smoke(name, "--set", "scenario.months=2")
            self.succeed("merge", f"./{name}", "--out", "merged", "--force")

    def test_dimensions(self):
        script = ("import netCDF4, numpy; data = netCDF4.Dataset('good/result.nc')\n"
                  "names = [data[d][:].tolist() for d in ('region', 'chip', 'export_class')]\n"
                  "print(data['rental_price_quantile'].dimensions, data['regime_mean'].dimensions, names)\n"
                  "place = names[0].index('us'), names[1].index('n910')\n"
                  "print(data['rental_price_defined'][(slice(None), *place)].tolist(),"
                  " bool(numpy.ma.getmaskarray(data['rental_price_mean'][(slice(None), *place)]).all()))")
        answer = subprocess.run([PYTHON, "-c", script], cwd=self.folder, capture_output=True, text=True, check=True)
        self.assertEqual(answer.stdout.splitlines(), [
            "('time', 'region', 'chip', 'quantile') ('time', 'export_class', 'region')"
            " [['us', 'cn'], ['h200', 'n910'], ['frontier', 'legacy']]", "[0, 0, 0] True"])


if __name__ == "__main__":
    if not PYTHON:
        print("skipped: no python can import netCDF4")
        sys.exit(77)
    cli.main()
