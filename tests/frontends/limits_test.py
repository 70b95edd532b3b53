# Land Carbon Toolbox: limits of the system, and inputs that ask for more than there is: threads, memory, cancel.
# SPDX-License-Identifier: GPL-2.0-or-later
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

import numpy
from osgeo import gdal, osr

gdal.UseExceptions()
COMMAND = os.environ["LANDCARBON_COMMAND"]
SANITIZED = os.environ.get("LANDCARBON_SANITIZE", "") not in ("", "OFF")
NOBODY = 65534


def raster(path, cells, kind=gdal.GDT_Float32):
    """Writes bands x rows x columns, in cells of 100 m."""
    bands, rows, columns = cells.shape
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(32649)
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, bands, kind)
    dataset.SetProjection(srs.ExportToWkt())
    dataset.SetGeoTransform((500000, 100, 0, 4000000, 0, -100))
    for band in range(bands):
        dataset.GetRasterBand(band + 1).WriteArray(cells[band])
    dataset = None


class Limits(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="landcarbon_limits_"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        os.chmod(self.folder, 0o777)
        self.random = numpy.random.default_rng(7)

    def run_command(self, *words, before=None, timeout=120):
        return subprocess.run([COMMAND, *map(str, words)], cwd=self.folder, capture_output=True, text=True,
                              preexec_fn=before, timeout=timeout)

    def leftovers(self, *inputs):
        return sorted(set(os.listdir(self.folder)) - set(inputs))

    @unittest.skipIf(SANITIZED, "the sanitizers need threads and address space of their own")
    def test_few_threads(self):
        """A limit on processes: the run makes do, or says so; it neither hangs nor leaves anything."""
        raster(self.folder / "series.tif", self.random.random((6, 300, 300)).astype("f4"))

        def limited(most):
            def prepare():
                if os.geteuid() == 0:
                    os.setgid(NOBODY)
                    os.setuid(NOBODY)  # no limit holds for root
                resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
            return prepare

        try:
            self.run_command("--version", before=limited(64))
        except (OSError, subprocess.SubprocessError):
            self.skipTest("the command cannot be run as another user")
        whole = None
        for most in (1000, 9, 6, 4, 3, 2, 1):
            done = self.run_command("trend", "--series", "series.tif", "--trend", "trend.tif", "--threads", 4,
                                    "--overwrite", before=limited(most))
            if done.returncode:
                self.assertRegex(done.stderr, r"ERROR \d+: .*thread")
                self.assertNotIn("internal error", done.stderr)
            else:
                bands = gdal.Open(str(self.folder / "trend.tif")).ReadAsArray().tobytes()
                whole = whole or bands
                self.assertEqual(bands, whole)
                for path in self.folder.glob("trend.*"):
                    path.unlink()
            self.assertEqual(self.leftovers("series.tif"), [], most)

    @unittest.skipIf(SANITIZED, "the sanitizers need address space of their own")
    def test_little_address_space(self):
        raster(self.folder / "series.tif", self.random.random((6, 300, 300)).astype("f4"))
        for mebibytes in (2000, 1000, 500, 350, 250, 200):
            def prepare():
                resource.setrlimit(resource.RLIMIT_AS, (mebibytes << 20, mebibytes << 20))
            done = self.run_command("trend", "--series", "series.tif", "--trend", "trend.tif", "--threads", 8,
                                    "--overwrite", before=prepare)
            self.assertIn(done.returncode, (0, 1, 127), done.stderr)  # 127: not even the libraries can be loaded
            self.assertNotIn("internal error", done.stderr)
            for path in self.folder.glob("trend.*"):
                if done.returncode == 0:
                    path.unlink()
            self.assertEqual(self.leftovers("series.tif"), [], mebibytes)

    def test_spreadsheet_bomb(self):
        """A small archive that unfolds to more than MEMORY is refused before it is unfolded."""
        with zipfile.ZipFile(self.folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
                for _ in range(300):
                    sheet.write(b"0" * (1 << 20))
        self.assertLess((self.folder / "bomb.xlsx").stat().st_size, 1 << 20)
        begun = time.monotonic()
        done = self.run_command("trend-table", "--table", "bomb.xlsx", "--trend", "trend.csv")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "--table: bomb.xlsx unfolds to 300 MiB")
        self.assertLess(time.monotonic() - begun, 20)

    def test_sparse_files(self):
        """Files of 5 GB without content: refused by their size."""
        raster(self.folder / "classes.tif", self.random.integers(1, 4, (1, 40, 40)), gdal.GDT_Byte)
        raster(self.folder / "driver.tif", self.random.random((1, 40, 40)).astype("f4"))
        for name in ("huge.model", "huge.csv"):
            with open(self.folder / name, "wb") as file:
                file.truncate(5 << 30)
        done = self.run_command("suitability", "--land-cover", "classes.tif", "--drivers", "driver.tif",
                                "--trained-model", "huge.model", "--suitability", "s.tif", timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("is larger than", done.stderr)
        done = self.run_command("trend-table", "--table", "huge.csv", "--trend", "t.csv", timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("huge.csv", done.stderr)

    def test_long_table_series(self):
        """All pairs of 30,000 steps do not fit MEMORY."""
        with open(self.folder / "long.csv", "w") as file:
            file.write("unit,year,value\n")
            for year in range(30000):
                file.write(f"a,{year},{year % 7}\n")
        done = self.run_command("trend-table", "--table", "long.csv", "--layout", "rows", "--unit-field", "unit",
                                "--year-field", "year", "--value-field", "value", "--trend", "t.csv")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, "memory.*slopes of all pairs of 30000 steps")

    def test_many_classes(self):
        """Pairs of 2000 classes: refused by MEMORY; with more, the report shows the largest and stays small."""
        for name in ("a.tif", "b.tif", "c.tif"):
            raster(self.folder / name, self.random.integers(1, 2000, (1, 300, 300)), gdal.GDT_Int16)
        words = ["transition-matrix", "--maps", "a.tif", "b.tif", "c.tif", "--report", "report.html"]
        done = self.run_command(*words, "--memory", 100)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "ERROR 5: --memory: the pairs of .* classes")
        done = self.run_command(*words, "--memory", 4000, "--threads", 2)
        self.assertEqual(done.returncode, 0, done.stderr)
        text = (self.folder / "report.html").read_text()
        self.assertLess(len(text), 20 << 20)
        self.assertIn("The 60 largest of 1 999 classes are shown".replace(" ", "[SPACE]"),
                      re.sub(r"[\s\u00a0\u2009\u202f]", "[SPACE]", text))

    def test_drivers_that_cannot_be_scaled(self):
        raster(self.folder / "classes.tif", self.random.integers(1, 4, (1, 40, 40)), gdal.GDT_Byte)
        some = self.random.random((1, 40, 40))
        raster(self.folder / "wide.tif", numpy.where(some < .5, -3.4e38, 3.4e38).astype("f4"))
        raster(self.folder / "narrow.tif", ((some * 100).astype(int) * 1e-44).astype("f4"))
        for name, word in (("wide.tif", "too wide"), ("narrow.tif", "too narrow")):
            for method in ("neural_network", "random_forest", "logistic"):
                done = self.run_command("suitability", "--land-cover", "classes.tif", "--drivers", name, "--method",
                                        method, "--suitability", "s.tif", timeout=60)
                self.assertEqual(done.returncode, 1)
                self.assertIn(word, done.stderr)

    def test_interrupt(self):
        """Long series in one block: the first SIGINT ends the run soon and leaves nothing."""
        raster(self.folder / "deep.tif", self.random.random((400, 128, 128)).astype("f4"))
        process = subprocess.Popen([COMMAND, "trend", "--series", "deep.tif", "--trend", "trend.tif", "--quiet"],
                                   cwd=self.folder, stderr=subprocess.PIPE)
        time.sleep(2)
        self.assertIsNone(process.poll())
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertLess(time.monotonic() - begun, 60 if SANITIZED else 10)  # 0.1 s on a machine that does nothing else
        self.assertNotEqual(process.returncode, 0)
        self.assertEqual(self.leftovers("deep.tif"), [])

    @unittest.skipIf(SANITIZED, "the sanitizers need memory of their own")
    def test_memory_of_tiles_that_hold_all_bands(self):
        """GDAL unfolds all bands of such a tile at once, in each thread: that counts as memory of the run."""
        maker = """if True:
            import numpy, sys
            from osgeo import gdal, osr
            gdal.SetCacheMax(1 << 20)
            system = osr.SpatialReference()
            system.ImportFromEPSG(32649)
            bands = 160
            made = gdal.GetDriverByName("GTiff").Create("deep.tif", 512, 512, bands, gdal.GDT_Float32,
                                                        ["TILED=YES", "INTERLEAVE=PIXEL"])
            made.SetProjection(system.ExportToWkt())
            made.SetGeoTransform((500000, 100, 0, 4000000, 0, -100))
            for x in (0, 256):
                for y in (0, 256):
                    made.WriteArray(numpy.random.default_rng(x + y).random((bands, 256, 256)).astype("f4"), x, y)
            made = None"""
        subprocess.run([sys.executable, "-c", maker], cwd=self.folder, check=True)
        # A program is charged with the memory of the one that starts it: a small one does.
        starter = ("import os, resource, subprocess, sys; done = subprocess.run(sys.argv[1:]); "
                   "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)")
        done = subprocess.run([sys.executable, "-c", starter, COMMAND, "nep", "--npp", "deep.tif", "--respiration", "deep.tif",
                               "--nep", "nep.tif", "--memory", "200", "--threads", "4", "--quiet"], cwd=self.folder,
                              capture_output=True, text=True, timeout=300)
        code, peak = map(int, done.stdout.split())
        self.assertEqual(code, 0, done.stderr)
        self.assertLess(peak, 200 + 250)  # 330 MiB, the program's own 60 among them; 850 were the tiles not counted


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
