#!/usr/bin/python3
# Land Carbon Toolbox: outputs hold the result or are refused; what lies beside them and inputs are not touched.
# SPDX-License-Identifier: GPL-2.0-or-later
"""LANDCARBON_COMMAND names the binary, LANDCARBON_SOURCE the project."""

import os
import pathlib
import resource
import shutil
import subprocess
import tempfile
import time
import unittest

import numpy
from osgeo import gdal, osr

gdal.UseExceptions()

COMMAND = os.environ["LANDCARBON_COMMAND"]
SAMPLE = pathlib.Path(os.environ["LANDCARBON_SOURCE"]) / "metadata/sample"
SANITIZED = bool(os.environ.get("LANDCARBON_SANITIZE"))
FORMATS = ("tiff", "img", "asc", "png", "jpg", "gif", "xpm", "bmp", "vrt", "nc", "grd", "bil", "sdat", "gpkg", "xyz", "dem",
           "mpr", "rst", "bt", "ter", "pnm", "mbtiles", "webp", "jp2", "kea", "zarr", "hdr", "lcp", "map")


class Outputs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="landcarbon outputs ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_command(self, *words, limits=()):
        def limit():
            for what, most in limits:
                resource.setrlimit(what, (most, most))
        return subprocess.run([COMMAND, *map(str, words), "--quiet"], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=120, cwd=self.folder, preexec_fn=limit)

    def emission(self, output, *more, land_cover=SAMPLE / "landcover_2020.tif", limits=()):
        """Measurements, Float32 with NoData."""
        return self.run_command("carbon-emission", "--land-cover", land_cover, "--factors", SAMPLE / "factors.csv",
                                "--emission-map", output, *more, limits=limits)

    def classes(self, output, *more):
        """A class map, one byte with colours and NoData."""
        return self.run_command("discretize", "--raster", SAMPLE / "elevation.tif", "--classified", output, *more)

    def names(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))

    @staticmethod
    def cells(path):
        dataset = gdal.Open(str(path))
        cells = []
        for number in range(1, dataset.RasterCount + 1):
            band = dataset.GetRasterBand(number)
            values = band.ReadAsArray()
            # A header may tell NoData with the digits that a single float needs.
            nodata = numpy.array(band.GetNoDataValue()).astype(values.dtype)
            cells.append(numpy.where(values == nodata, numpy.nan, values.astype("f8")))
        return numpy.array(cells)

    def refused_cleanly(self, result, *naming):
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertNotIn("internal error", result.stderr)
        for line in result.stderr.splitlines():
            # libtiff 4.7 prints this itself.
            if not line.startswith("_tiffWriteProc: "):
                self.assertRegex(line, r"^(ERROR|Warning) \d+: ")
        for text in naming:
            self.assertIn(text, result.stderr)

    def test_every_format_holds_the_result_or_is_refused(self):
        held = set()
        for make, kind in ((self.emission, "measurements"), (self.classes, "classes")):
            self.assertEqual(make("reference.tif").returncode, 0)
            reference = self.cells(self.folder / "reference.tif")
            self.assertTrue(numpy.isnan(reference).any() or kind == "classes")
            for ending in FORMATS:
                with self.subTest(kind=kind, ending=ending):
                    before = self.names()
                    name = f"{kind}_{ending}.{ending}"  # styles go by the name without its ending
                    result = make(name)
                    if result.returncode == 0:
                        held.add((kind, ending))
                        numpy.testing.assert_array_equal(self.cells(self.folder / name), reference)
                    else:
                        self.refused_cleanly(result)
                        self.assertEqual(self.names(), before)
            for path in self.folder.iterdir():
                path.unlink()
        # The formats that people work with do; those that lose do not.
        for kind in ("measurements", "classes"):
            for ending in ("tiff", "img", "asc", "nc", "bil"):
                self.assertIn((kind, ending), held)
            for ending in ("jpg", "xyz", "dem"):
                self.assertNotIn((kind, ending), held)
        for ending in ("png", "gif", "xpm", "bmp"):
            self.assertNotIn(("measurements", ending), held)

    def test_options_that_change_values_are_refused(self):
        self.assertEqual(self.classes("reference.tif").returncode, 0)
        reference = self.cells(self.folder / "reference.tif")
        before = self.names()
        for option in ("NBITS=2", "COMPRESS=JPEG", "COMPRESS=JPEG|JPEG_QUALITY=100"):
            with self.subTest(option=option):
                self.refused_cleanly(self.classes("x.tif", "--creation-options", option), "--creation-options")
                self.assertEqual(self.names(), before)
        self.refused_cleanly(self.emission("x.tif", "--co", "DISCARD_LSB=12"), "--creation-options")
        for number, option in enumerate(("COMPRESS=LZW", "COMPRESS=ZSTD|PREDICTOR=2", "TILED=NO", "BIGTIFF=YES", "NBITS=8")):
            with self.subTest(option=option):
                result = self.classes(f"{number}.tif", "--creation-options", option)
                self.assertEqual(result.returncode, 0, result.stderr)
                numpy.testing.assert_array_equal(self.cells(self.folder / f"{number}.tif"), reference)

    def test_refusal_comes_before_the_work(self):
        # Rows enough that the work would take longer than the limit.
        large = gdal.GetDriverByName("GTiff").Create(str(self.folder / "large.tif"), 60000, 60000, 1, gdal.GDT_Byte,
                                                     ["SPARSE_OK=TRUE", "TILED=YES", "BIGTIFF=YES"])
        small = gdal.Open(str(SAMPLE / "landcover_2020.tif"))
        large.SetGeoTransform(small.GetGeoTransform())
        large.SetProjection(small.GetProjection())
        large = None
        started = time.monotonic()
        self.refused_cleanly(self.emission("x.jpg", land_cover="large.tif"), "x.jpg")
        self.refused_cleanly(self.emission("x.tif", "--by-class", "x.shp", land_cover="large.tif"), "x.shp")
        self.assertLess(time.monotonic() - started, 60 if SANITIZED else 15)

    def test_sources_of_inputs_are_not_replaced(self):
        shutil.copy(SAMPLE / "landcover_2020.tif", self.folder / "tile.tif")
        gdal.BuildVRT(str(self.folder / "mosaic.vrt"), [str(self.folder / "tile.tif")])
        (self.folder / "outer.vrt").write_text((self.folder / "mosaic.vrt").read_text().replace("tile.tif", "mosaic.vrt"))
        os.link(self.folder / "tile.tif", self.folder / "link.tif")
        gdal.VectorTranslate(str(self.folder / "zones.shp"), str(SAMPLE / "zones.geojson"))
        before = {path: path.read_bytes() for path in self.folder.iterdir()}
        for land_cover in ("mosaic.vrt", "outer.vrt", f"GTIFF_DIR:1:{self.folder}/tile.tif", "tile.tif"):
            for output in ("tile.tif", "link.tif"):
                with self.subTest(land_cover=land_cover, output=output):
                    self.refused_cleanly(self.emission(output, "--overwrite", land_cover=land_cover), "is also an input")
        for output in ("zones.dbf", "zones.shp"):
            result = self.run_command("land-use-intensity", "--land-cover", "tile.tif", "--classes", SAMPLE / "classes.csv",
                                      "--zones", "zones.shp", "--intensity", output, "--overwrite")
            self.refused_cleanly(result, "is also an input")
        self.assertEqual({path: path.read_bytes() for path in self.folder.iterdir()}, before)

    def test_limits_on_files(self):
        options = ("--by-class", "b.csv", "--report", "r.html")
        result = self.emission("a.tif", "--co", "COMPRESS=NONE", limits=((resource.RLIMIT_FSIZE, 8192),))
        self.refused_cleanly(result, "a.tif")
        self.assertEqual(self.names(), [])
        if SANITIZED:  # the sanitizers open files of their own
            return
        for most in range(5, 24):
            with self.subTest(most=most):
                result = self.emission("a.tif", *options, limits=((resource.RLIMIT_NOFILE, most),))
                if most < 8 and not result.stderr.startswith("ERROR"):
                    continue  # the loader itself could not open the libraries
                if result.returncode:
                    self.refused_cleanly(result)
                    self.assertEqual(self.names(), [])
                for path in self.folder.iterdir():
                    path.unlink()

    def test_the_output_folder_goes_away(self):
        large = gdal.GetDriverByName("GTiff").Create(str(self.folder / "large.tif"), 12000, 12000, 1, gdal.GDT_Byte,
                                                     ["SPARSE_OK=TRUE", "TILED=YES"])
        small = gdal.Open(str(SAMPLE / "landcover_2020.tif"))
        large.SetGeoTransform(small.GetGeoTransform())
        large.SetProjection(small.GetProjection())
        large.GetRasterBand(1).SetNoDataValue(0)
        large.GetRasterBand(1).WriteArray(numpy.ones((1, 1), "u1"))
        large = None
        out = self.folder / "out"
        out.mkdir()
        run = subprocess.Popen([COMMAND, "carbon-emission", "--land-cover", "large.tif", "--factors", SAMPLE / "factors.csv",
                                "--emission-map", "out/a.tif", "--quiet"], cwd=self.folder, stderr=subprocess.PIPE, text=True)
        while not (out / "a.tif.part" / "a.tif").exists() and run.poll() is None:
            time.sleep(0.001)
        gone = run.poll() is None
        shutil.rmtree(out, ignore_errors=True)
        _, errors = run.communicate(timeout=120)
        self.assertTrue(gone, "the run was over too soon")
        self.assertEqual(run.returncode, 1, errors)
        self.assertNotIn("internal error", errors)
        self.assertRegex(errors, "ERROR 4: .*out/a.tif: cannot be written")

    def test_companions(self):
        for name in ("a.tif.json", "a.qml", "a.tif.ovr"):
            with self.subTest(name=name):
                (self.folder / name).write_text("precious")
                self.refused_cleanly(self.emission("a.tif"), name)
                self.assertEqual((self.folder / name).read_text(), "precious")
                self.assertEqual(self.names(), [name])
                (self.folder / name).unlink()
        os.mkfifo(self.folder / "a.tif.json")  # opening it would wait for ever
        for more in ((), ("--overwrite",)):
            self.refused_cleanly(self.emission("a.tif", *more), "a.tif.json")
        (self.folder / "a.tif.json").unlink()
        self.refused_cleanly(self.run_command(
            "land-use-intensity", "--land-cover", SAMPLE / "landcover_2020.tif", "--classes", SAMPLE / "classes.csv", "--zones",
            SAMPLE / "zones.geojson", "--intensity", "a.gpkg", "--intensity-map", "a.tif"), "a.qml")
        self.assertEqual(self.names(), [])

    @staticmethod
    def moved(path, copy):
        """How far, in cells, the upper left corner moves between the reference systems of two files."""
        systems = [gdal.Open(str(file)).GetSpatialRef() for file in (path, copy)]
        for system in systems:
            system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        x, width, _, y, _, _ = gdal.Open(str(path)).GetGeoTransform()
        there = osr.CoordinateTransformation(*systems).TransformPoint(x, y)
        return max(abs(there[0] - x), abs(there[1] - y)) / width

    def test_reference_systems_come_back(self):
        """A format that changes the reference system is refused, one that only changes its name is not."""
        gdal.Translate(str(self.folder / "map.tif"), str(SAMPLE / "landcover_2020.tif"),
                       outputSRS="+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +ellps=krass +units=m")
        # GDAL 3.6 writes another ellipsoid into .rst; GDAL 3.10 a shift of the datum that moves nothing.
        gdal.Translate(str(self.folder / "copy.rst"), str(self.folder / "map.tif"), format="RST")
        held = self.moved(self.folder / "map.tif", self.folder / "copy.rst") <= 1
        for name, good in (("a.asc", True), ("b.bil", True), ("c.sdat", True), ("d.img", True), ("e.rst", held)):
            with self.subTest(name=name):
                result = self.run_command("discretize", "--raster", "map.tif", "--method", "equal_interval", "--class-count",
                                          "3", "--classified", name, "--quiet")
                if good:
                    self.assertEqual(result.returncode, 0, result.stderr)
                    self.assertTrue(gdal.Open(str(self.folder / name)).GetProjection())
                else:
                    self.refused_cleanly(result, "another coordinate reference system")

    def test_names_that_formats_do_not_like(self):
        for name in ("-x.gpkg", "gpkg_x.gpkg", "%s.gpkg", "..x.gpkg", "sqlite_x.gpkg"):
            with self.subTest(name=name):
                result = self.run_command("carbon-emission", "--land-cover", SAMPLE / "landcover_2020.tif", "--factors",
                                          SAMPLE / "factors.csv", f"--by-class={name}")
                self.assertEqual(result.returncode, 0, result.stderr)


if __name__ == "__main__":
    unittest.main()
