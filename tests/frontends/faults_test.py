#!/usr/bin/python3
# Land Carbon Toolbox: what the command does with bad inputs and faults, numbered as in the list of faults.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Each test is named after its number in the list of faults. A refusal is: exit code 1, nothing but ERROR lines on
standard error that name the file or parameter, nothing left in the output folder. LANDCARBON_COMMAND names the binary.

Maps have cells of 100 m, 1 ha each, and FACTORS gives class 1 1 t/ha, class 2 10, class 3 100: an emission tells how
many cells of each class were counted."""

import contextlib
import csv
import html
import itertools
import json
import math
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import xml.etree.ElementTree as ElementTree

import numpy
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()
osr.UseExceptions()

COMMAND = os.environ["LANDCARBON_COMMAND"]
SANITIZED = bool(os.environ.get("LANDCARBON_SANITIZE"))  # slow, and its address space cannot be limited
MOST_SECONDS = 60 if SANITIZED else 10
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
UTM = 32649
HECTARES = (500000, 100, 0, 4000000, 0, -100)
METRES = (500000, 1, 0, 4000000, 0, -1)  # large maps of which the plane shows true areas
CLASSES = [[1, 2, 3], [3, 2, 1]]
FACTORS = "class,name,factor\n0,zero,0\n1,one,1\n2,two,10\n3,three,100\n"
MEMORY = None if SANITIZED else 500 * 1024 * 1024  # of address space, for runs that must not need more


def wkt(reference):
    system = osr.SpatialReference()
    system.SetFromUserInput(f"EPSG:{reference}" if isinstance(reference, int) else reference)
    return system.ExportToWkt()


def is_root():
    return os.geteuid() == 0


def can_be_nobody():
    return is_root() and subprocess.run([*NOBODY, "test", "-x", COMMAND], capture_output=True).returncode == 0


class Faults(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="landcarbon faults ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.folder.chmod(0o755)
        self.out = self.folder / "out"
        self.out.mkdir()
        self.factors = self.text("factors.csv", FACTORS)

    # Inputs

    def text(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def raster(self, name, cells=CLASSES, kind=gdal.GDT_Byte, crs=UTM, transform=HECTARES, nodata=None, options=(),
               edit=None):
        """A GeoTIFF; `cells` are rows, or bands of rows, or (width, height) of a sparse file."""
        path = self.folder / name
        sparse = isinstance(cells, tuple)
        bands = None if sparse else numpy.asarray(cells)
        if bands is not None and bands.ndim == 2:
            bands = bands[None]
        width, height = cells if sparse else bands.shape[:0:-1]
        if sparse:
            options = ("SPARSE_OK=TRUE", "TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "BIGTIFF=YES", *options)
        dataset = gdal.GetDriverByName("GTiff").Create(str(path), width, height, 1 if sparse else len(bands), kind,
                                                       list(options))
        if transform:
            dataset.SetGeoTransform(transform)
        if crs:
            dataset.SetProjection(wkt(crs))
        if nodata is not None:
            dataset.GetRasterBand(1).SetNoDataValue(nodata)
        if edit:  # before the first cell, or GDAL 3.10 refuses colours
            edit(dataset)
        for number, band in enumerate([] if sparse else bands, 1):
            dataset.GetRasterBand(number).WriteArray(band)
        dataset.FlushCache()
        return path

    def vrt(self, name, source, width=3, height=2, kind="Byte", repeat=1):
        """A VRT whose bands all read band 1 of `source`."""
        reference = html.escape(wkt(UTM))
        band = f'<VRTRasterBand dataType="{kind}" band="{{}}"><SimpleSource><SourceFilename>{html.escape(str(source))}' \
               f"</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand>"
        return self.text(name, f'<VRTDataset rasterXSize="{width}" rasterYSize="{height}"><SRS>{reference}</SRS>'
                               f"<GeoTransform>{','.join(map(str, HECTARES))}</GeoTransform>"
                               + "".join(map(band.format, range(1, repeat + 1))) + "</VRTDataset>")

    # Runs

    def command(self, *words, under=(), memory=None, environment=None):
        def limit():
            if memory:
                resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        result = subprocess.run([*under, COMMAND, *map(os.fsencode, map(str, words))], stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, encoding="utf-8", timeout=60, cwd=self.folder,
                                preexec_fn=limit, env=environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        # Seconds of work, which do not depend on what else the machine does.
        self.assertLess(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, MOST_SECONDS, words)
        if memory:
            # How many threads fit into so little memory depends on the libraries.
            result.stderr = re.sub(r"Warning 1: --threads: the system gives .*\n", "", result.stderr)
        return result

    def start(self, *words, memory=None, **options):
        def limit():
            if memory:
                resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        return subprocess.Popen([COMMAND, *map(os.fsencode, map(str, words))], stdin=subprocess.DEVNULL, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit, **options)

    def content(self):
        return {path.relative_to(self.out): path.read_bytes() if path.is_file() else None
                for path in self.out.rglob("*")}

    def refuses(self, *words, naming=(), number=1, warnings=0, **options):
        """Runs what must fail and leave nothing; returns its errors."""
        before = self.content()
        result = self.command(*words, **options)
        self.assertEqual(result.returncode, 1, result)
        lines = result.stderr.splitlines()
        warned = [line for line in lines if line.startswith("Warning 1: ")]
        self.assertEqual(len(warned), warnings, result)
        lines = [line for line in lines if line not in warned]
        for line in lines:
            self.assertRegex(line, r"^ERROR \d+: ", result)
        self.assertEqual(len(lines), number, result)
        for name in [naming] if isinstance(naming, (str, pathlib.Path)) else naming:
            self.assertIn(str(name), result.stderr)
        self.assertEqual(self.content(), before, result)
        return result.stderr

    def accepts(self, *words, warning=(), **options):
        """Runs what must succeed, with no other warnings than the given ones, in order; returns the results."""
        warnings = [warning] if isinstance(warning, str) else warning
        result = self.command(*words, "--json", **options)
        self.assertEqual(result.returncode, 0, result)
        self.assertRegex(result.stderr, r"\A" + "".join(rf"Warning 1: .*{one}.*\n" for one in warnings) + r"\Z", result)
        self.assertEqual(list(self.out.rglob("*.part")), [])
        return json.loads(result.stdout)["results"]

    def emission_words(self, raster, *more, output="map.tif", factors=None):
        return ("carbon-emission", "--land-cover", raster, "--factors", factors or self.factors, "--emission-map",
                self.out / output, "--by-class", self.out / "by_class.csv", *more)

    def refuses_map(self, raster, *more, naming=None, **options):
        return self.refuses(*self.emission_words(raster, *more), naming=raster if naming is None else naming, **options)

    def refuses_factors(self, factors, *naming):
        path = factors if isinstance(factors, pathlib.Path) else self.text("bad.csv", factors)
        return self.refuses(*self.emission_words(self.raster("map.tif"), factors=path), naming=(path, *naming))

    def emission(self, raster, *more, factors=None, **options):
        words = self.emission_words(raster, "--overwrite", *more, factors=factors)
        return self.accepts(*words, **options)["TOTAL_EMISSION_T"]

    def table(self, name):
        with open(self.out / name, encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def transitions(self, *maps, more=(), **options):
        """{(from, to): pixels} of what is there."""
        self.accepts("transition-matrix", "--maps", *maps, "--transitions", self.out / "t.csv", "--overwrite", *more,
                     **options)
        self.rows = self.table("t.csv")
        for made in self.out.glob("t.csv*"):  # with its record and the types of its columns
            made.unlink()
        return {(int(row["from"]), int(row["to"])): int(row["pixels"]) for row in self.rows if row["pixels"] != "0"}

    def transition_words(self, *maps):
        return ("transition-matrix", "--maps", *maps, "--change-map", self.out / "change.tif", "--transitions",
                self.out / "t.csv", "--report", self.out / "r.html")

    def balance(self, storage, emission=None, *more):
        if emission is None:
            emission = self.raster("emission_of_one.tif", numpy.ones_like(numpy.asarray(storage)), gdal.GDT_Float32)
        if not isinstance(storage, pathlib.Path):
            storage = self.raster("storage.tif", storage, gdal.GDT_Float64)
        return self.accepts("carbon-balance", "--storage-map", storage, "--emission-map", emission, *more)


class Unreadable(Faults):
    def test_01_missing(self):
        self.refuses_map(self.folder / "no such.tif")
        self.refuses_factors(self.folder / "no such.csv")

    def test_02_empty_file(self):
        self.refuses_map(self.text("empty.tif", b""))
        self.refuses_factors(self.text("empty.csv", b""))

    def test_03_header_only(self):
        self.refuses_map(self.text("header.tif", b"II*\0\x08\0"))

    def test_04_truncated_geotiff(self):
        whole = self.raster("whole.tif", numpy.ones((1000, 1000)))
        content = whole.read_bytes()
        for part in (len(content) // 2, len(content) - 1):
            # GDAL writes the directory first: the file opens, and its end is missing.
            self.refuses_map(self.text("truncated.tif", content[:part]))
        self.refuses(*self.transition_words(whole, self.folder / "truncated.tif"), naming="truncated.tif")

    def test_05_bit_flipped_tile(self):
        cells = numpy.random.default_rng(5).integers(1, 4, (512, 512))
        path = self.raster("flipped.tif", cells, options=("COMPRESS=DEFLATE", "TILED=YES"))
        content = bytearray(path.read_bytes())
        dataset = gdal.Open(str(path))
        tile = int(dataset.GetRasterBand(1).GetMetadataItem("BLOCK_OFFSET_1_1", "TIFF"))
        for place in range(tile, tile + 8):
            content[place] ^= 0xFF
        path.write_bytes(content)
        self.refuses_map(path)

    def test_06_folder_as_file(self):
        (self.folder / "folder.tif").mkdir()
        self.refuses_map(self.folder / "folder.tif")
        (self.folder / "folder.csv").mkdir()
        self.refuses_factors(self.folder / "folder.csv")

    def test_06_no_permission(self):
        path = self.raster("secret.tif")
        path.chmod(0)
        if is_root():
            if not can_be_nobody():
                self.skipTest("the process cannot give up its rights")
            self.out.chmod(0o777)
            self.refuses_map(path, under=NOBODY)
        else:
            self.refuses_map(path)

    def test_07_text_as_raster(self):
        self.refuses_map(self.text("text.tif", "This is no raster.\n" * 100))

    def test_07_no_connection(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.setblocking(False)
            address = f"http://127.0.0.1:{server.getsockname()[1]}/a.tif"
            inner = self.vrt("inner.vrt", f"/vsicurl/{address}")
            for source in (f"/vsicurl/{address}", address, f"/vsizip//vsicurl/{address}", inner,
                           f"WMS:{address}?", f"/vsicurl_streaming/{address}", f"/vsis3/bucket/a.tif"):
                with self.subTest(source=source):
                    self.refuses_map(self.vrt("remote.tif", source))
            self.refuses(*self.transition_words(self.raster("a.tif"), self.folder / "remote.tif"), "--align",
                         naming="remote.tif")
            with self.assertRaises(BlockingIOError):
                server.accept()

    def test_08_missing_source(self):
        self.refuses_map(self.vrt("orphan.vrt", self.folder / "no such.tif"))

    def test_08_vrt_of_itself(self):
        self.refuses_map(self.vrt("itself.vrt", self.folder / "itself.vrt"))
        self.vrt("one.vrt", self.folder / "two.vrt")
        self.refuses_map(self.vrt("two.vrt", self.folder / "one.vrt"))

    def test_09_absurd_sizes(self):
        small = self.raster("small.tif")
        huge = self.vrt("huge.vrt", small, 2000000000, 2000000000, "Float64")
        errors = self.refuses("carbon-emission", "--land-cover", huge, "--factors", self.factors, "--emission-map",
                              self.out / "map.tif", memory=MEMORY)
        self.assertNotIn("-9223372036854775808", errors)

    def test_09_many_bands(self):
        small = self.raster("small.tif")
        count = 66000 if SANITIZED else 70000
        bands = self.vrt("bands.vrt", small, repeat=count)
        self.refuses_map(f"{bands}|band={count}", naming=("bands.vrt", str(count)), memory=MEMORY)
        if not SANITIZED:  # takes a minute there
            self.assertEqual(self.emission(f"{bands}|band=60000", memory=MEMORY), 222)

    def test_09_one_row_of_two_billion(self):
        strip = self.raster("strip.tif", (3, 2))
        strip = self.vrt("strip.vrt", strip, 2**31 - 1, 1)
        # It is read in pieces: still at work after a while, in bounded memory, or done. The output has eight million
        # tiles, whose list alone takes libtiff hundreds of megabytes; it does not bear being refused them.
        with self.start(*self.emission_words(strip), memory=MEMORY and 3 * MEMORY) as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(2)
            process.send_signal(signal.SIGINT)
            errors = process.communicate(timeout=60)[1]
        self.assertRegex(errors, r"\A(ERROR \d+: .*\n)?\Z")
        self.assertGreaterEqual(process.returncode, 0)
        if process.returncode:
            self.assertEqual(self.content(), {})

    def test_10_wrong_kind(self):
        vector = self.text("vector.geojson", '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
                                             '{"a":1},"geometry":{"type":"Point","coordinates":[1,2]}}]}')
        self.refuses_map(vector)
        self.refuses_map(self.factors)
        self.refuses_factors(self.raster("table.tif"))
        one = self.raster("one.tif", numpy.ones((2, 2)), gdal.GDT_Float32)
        words = ("carbon-balance", "--storage-map", one, "--emission-map", one, "--balance", self.out / "b.gpkg")
        result = self.command(*words, "--zones", one)
        self.assertEqual(result.returncode, 1, result)
        self.assertIn("one.tif", result.stderr)
        self.assertEqual(self.content(), {})


class Grids(Faults):
    def test_11_rotated(self):
        turned = (500000, 60, 80, 4000000, 80, -60)  # cells of 100 m, turned: |60 * -60 - 80 * 80| = 10000 m2
        path = self.raster("turned.tif", transform=turned)
        self.assertEqual(self.emission(path), 222)
        self.assertEqual(gdal.Open(str(self.out / "map.tif")).GetGeoTransform(), turned)
        self.assertEqual(sum(self.transitions(path, self.raster("late.tif", transform=turned)).values()), 6)

    def test_12_south_up(self):
        path = self.raster("up.tif", transform=(500000, 100, 0, 3999800, 0, 100))
        self.assertEqual(self.emission(path), 222)
        numpy.testing.assert_array_equal(gdal.Open(str(self.out / "map.tif")).ReadAsArray(),
                                         [[1, 10, 100], [100, 10, 1]])

    def different(self, other, aligned, **options):
        first = self.raster("first.tif")
        errors = self.refuses(*self.transition_words(first, other), naming=(first, other))
        self.assertIn("--align", errors)
        if aligned is not None:
            self.assertEqual(self.transitions(first, other, more=["--align"], **options), aligned)

    def test_13_other_crs(self):
        self.different(self.raster("other.tif", crs=32650), None)
        self.refuses(*self.transition_words(self.folder / "first.tif", self.folder / "other.tif"), "--align", warnings=1,
                     naming="no cell has a class on all maps")
        # The same place in longitude and latitude, one class.
        self.different(self.raster("degrees.tif", numpy.full((100, 100), 2), crs=4326,
                                   transform=(110.9, 0.002, 0, 36.2, 0, -0.002)), {(1, 2): 2, (2, 2): 2, (3, 2): 2})

    def test_14_half_a_cell(self):
        moved = numpy.full((4, 5), 2)
        self.different(self.raster("moved.tif", moved, transform=(499950, 100, 0, 4000050, 0, -100)),
                       {(1, 2): 2, (2, 2): 2, (3, 2): 2})

    def test_14_a_millionth_of_a_cell_is_the_same(self):
        moved = self.raster("moved.tif", transform=(500000.00001, 100, 0, 4000000, 0, -100))
        self.assertEqual(self.transitions(self.raster("first.tif"), moved), {(1, 1): 2, (2, 2): 2, (3, 3): 2})

    def test_15_other_cell_size(self):
        self.different(self.raster("coarse.tif", transform=(500000, 200, 0, 4000000, 0, -200)),
                       {(1, 1): 1, (2, 1): 2, (3, 2): 1, (3, 1): 1, (1, 2): 1})

    def test_16_other_size(self):
        self.different(self.raster("wide.tif", [[1, 2, 3, 3], [3, 2, 1, 1]]), {(1, 1): 2, (2, 2): 2, (3, 3): 2})
        # Cells that the second map does not reach have no class there.
        self.different(self.raster("narrow.tif", [[1], [3]]), {(1, 1): 1, (3, 3): 1}, warning="4 cells")

    def test_16_no_overlap(self):
        first = self.raster("first.tif")
        far = self.raster("far.tif", transform=(600000, 100, 0, 4000000, 0, -100))
        self.refuses(*self.transition_words(first, far), "--align", warnings=1, naming="no cell has a class on all maps")

    def test_17_no_crs(self):
        path = self.raster("nowhere.tif", crs=None)
        self.assertIn("--cell-area", self.refuses_map(path))
        self.assertEqual(self.emission(path, "--cell-area", 20000), 444)
        somewhere = self.raster("somewhere.tif")
        for maps in ((path, somewhere), (somewhere, path)):
            self.refuses(*self.transition_words(*maps), naming=(path, somewhere))
            self.refuses(*self.transition_words(*maps), "--align", naming="cannot be aligned")
        self.assertEqual(self.transitions(path, self.raster("again.tif", crs=None), more=["--cell-area", 1]),
                         {(1, 1): 2, (2, 2): 2, (3, 3): 2})

    @staticmethod
    def band_of_ellipsoid(south, north, width, a=6378137.0, f=1 / 298.257223563):
        """Area in ha between two parallels, `width` degrees wide: closed form from the authalic latitude."""
        e2 = f * (2 - f)
        e = math.sqrt(e2)

        def q(latitude):
            s = math.sin(math.radians(latitude))
            return (1 - e2) * (s / (1 - e2 * s * s) + math.atanh(e * s) / e)
        return a * a / 2 * math.radians(width) * (q(north) - q(south)) / 1e4

    def test_18_degrees(self):
        for south in (0, 36.5, -60):
            transform = (110, 0.25, 0, south + 0.5, 0, -0.25)
            path = self.raster("degrees.tif", [[1, 2], [3, 0]], crs=4326, transform=transform)
            upper = self.band_of_ellipsoid(south + 0.25, south + 0.5, 0.25)
            lower = self.band_of_ellipsoid(south, south + 0.25, 0.25)
            expected = upper * 11 + lower * 100
            self.assertAlmostEqual(self.emission(path) / expected, 1, delta=1e-9)
            areas = {row["class"]: float(row["area_ha"]) for row in self.table("by_class.csv")}
            for number, area in (("1", upper), ("2", upper), ("3", lower), ("0", lower)):
                self.assertAlmostEqual(areas[number] / area, 1, delta=1e-9)

    def test_18_whole_earth(self):
        path = self.raster("earth.tif", numpy.ones((180, 360)), crs=4326, transform=(-180, 1, 0, 90, 0, -1))
        self.assertAlmostEqual(self.emission(path) / 51006562172.4, 1, delta=1e-9)  # 510 065 621.724 km2 of WGS 84

    def test_19_feet(self):
        foot = 1200 / 3937  # US survey foot
        path = self.raster("feet.tif", crs=2263, transform=(980000, 100, 0, 200000, 0, -100))
        self.assertAlmostEqual(self.emission(path), 222 * (100 * foot) ** 2 / 1e4, places=9)
        path = self.raster("feet.tif", crs="+proj=utm +zone=49 +units=ft +datum=WGS84")
        self.assertAlmostEqual(self.emission(path), 222 * 30.48 ** 2 / 1e4, places=9)

    def test_20_antimeridian_and_poles(self):
        for name, transform in (("across.tif", (179, 1, 0, 10, 0, -1)), ("east.tif", (359, 1, 0, 10, 0, -1))):
            path = self.raster(name, crs=4326, transform=transform)
            north, south = self.band_of_ellipsoid(9, 10, 1), self.band_of_ellipsoid(8, 9, 1)
            self.assertAlmostEqual(self.emission(path) / (111 * (north + south)), 1, delta=1e-9)
        for name, top in (("north.tif", 90), ("south.tif", -88)):
            path = self.raster(name, crs=4326, transform=(0, 1, 0, top, 0, -1))
            area = self.band_of_ellipsoid(top - 1, top, 1) + self.band_of_ellipsoid(top - 2, top - 1, 1)
            self.assertAlmostEqual(self.emission(path) / (111 * area), 1, delta=1e-8)

    def test_20_beyond_the_pole(self):
        path = self.raster("beyond.tif", crs=4326, transform=(0, 1, 0, 91, 0, -1))
        result = self.command(*self.emission_words(path))
        if result.returncode == 0:  # cells beyond the pole have no area: only the row below 90 counts
            area = self.band_of_ellipsoid(89, 90, 1)
            total = sum(float(row["area_ha"]) for row in self.table("by_class.csv"))
            self.assertAlmostEqual(total / (3 * area), 1, delta=1e-8)
        else:
            self.assertRegex(result.stderr, r"\AERROR \d+: .*beyond\.tif.*\n\Z")

    def test_21_one_row_one_column(self):
        for name, cells in (("one.tif", [[2]]), ("row.tif", [[1, 2, 3] * 100]), ("column.tif", [[1], [2], [3]] * 100)):
            with self.subTest(name):
                path = self.raster(name, cells)
                self.assertEqual(self.emission(path), 10 if name == "one.tif" else 11100)
                total = numpy.asarray(cells).size
                self.assertEqual(sum(self.transitions(path, self.raster("later.tif", cells)).values()), total)

    def test_21_block_larger_than_the_raster(self):
        path = self.raster("block.tif", options=("TILED=YES", "BLOCKXSIZE=1024", "BLOCKYSIZE=1024"))
        self.assertEqual(self.emission(path), 222)


class Values(Faults):
    def test_22_all_nodata(self):
        path = self.raster("nothing.tif", numpy.zeros((4, 4)), nodata=0)
        full = self.raster("full.tif", numpy.ones((4, 4)))
        self.refuses_map(path, naming=("no cell has a class", path))
        for maps in ((path, full), (full, path)):
            self.refuses(*self.transition_words(*maps), naming="no cell has a class on all maps")
        self.refuses("carbon-balance", "--storage-map", path, "--emission-map", full, "--report", self.out / "r.html",
                     naming="no cell holds a value on all maps")

    def test_23_nan_and_infinite(self):
        cells = [[1, math.nan, math.inf], [3, 2, -math.inf]]
        path = self.raster("wild.tif", cells, gdal.GDT_Float32)
        self.assertEqual(self.emission(path, warning=r"--land-cover: .*wild\.tif: 2 cells hold an infinite number"), 111)
        written = gdal.Open(str(self.out / "map.tif"))
        valid = written.GetRasterBand(1).GetMaskBand().ReadAsArray() > 0
        numpy.testing.assert_array_equal(valid, [[True, False, False], [True, True, False]])
        storage = self.raster("storage.tif", cells, gdal.GDT_Float64)
        ones = self.raster("ones.tif", numpy.ones((2, 3)), gdal.GDT_Float32)
        results = self.accepts("carbon-balance", "--storage-map", storage, "--emission-map", ones,
                               warning=r"storage\.tif: 2 cells hold an infinite number.*\nWarning 1: .*3 cells hold a value")
        self.assertEqual(results["BALANCE_INDEX"], 2)

    def test_24_nodata_of_each_type(self):
        lowest = -3.4028234663852886e38
        for kind, nodata in ((gdal.GDT_Byte, 255), (gdal.GDT_Byte, 0), (gdal.GDT_Int16, -9999), (gdal.GDT_UInt16, 65535),
                             (gdal.GDT_Int32, -2147483648), (gdal.GDT_UInt32, 4294967295), (gdal.GDT_Float32, math.nan),
                             (gdal.GDT_Float32, lowest), (gdal.GDT_Float64, lowest), (gdal.GDT_Float64, math.nan),
                             (gdal.GDT_Float64, -1e308), (gdal.GDT_Float32, 0.1)):
            with self.subTest(kind=gdal.GetDataTypeName(kind), nodata=nodata):
                cells = numpy.array([[1, 2, nodata], [3, nodata, nodata]], dtype=numpy.float64)
                self.assertEqual(self.emission(self.raster("some.tif", cells, kind, nodata=nodata)), 111)

    def test_24_nodata_that_the_type_cannot_hold(self):
        def lie(dataset):
            dataset.GetRasterBand(1).SetNoDataValue(-9999)
        self.assertEqual(self.emission(self.raster("byte.tif", [[1, 2, 3], [241, 0, 1]], edit=lie),
                                       factors=self.text("more.csv", FACTORS + "241,x,1000\n")), 1112)

    def test_24_nodata_of_each_file(self):
        first = self.raster("first.tif", [[255, 1, 0, 1]], nodata=255)
        second = self.raster("second.tif", [[255, 255, 0, 0]], nodata=0)
        self.assertEqual(self.transitions(first, second, warning=("class 255 fills", "3 cells")), {(1, 255): 1})

    def test_25_output_has_room_for_nodata(self):
        values = numpy.arange(256).reshape(16, 16)
        first = self.raster("all.tif", values)
        second = self.raster("holes.tif", numpy.where(values == 7, 255, values), nodata=255)
        self.accepts("transition-matrix", "--maps", first, second, "--change-map", self.out / "change.tif",
                     warning="2 cells")
        written = gdal.Open(str(self.out / "change.tif"))
        change = written.GetRasterBand(1)
        valid = change.GetMaskBand().ReadAsArray() > 0
        numpy.testing.assert_array_equal(valid, (values != 7) & (values != 255))
        numpy.testing.assert_array_equal(change.ReadAsArray()[valid], (values * 1001)[valid])

    def test_26_wild_classes(self):
        for kind, codes, marks in ((gdal.GDT_Int16, (-5, -32768, 32767), 2),
                                   (gdal.GDT_Int32, (65536, 2147483647, -2147483648), 2),
                                   (gdal.GDT_UInt32, (4294967295, 2147483648, 0), 2),
                                   (gdal.GDT_Float64, (4294967296, -1, 9007199254740992), 0),
                                   (gdal.GDT_Float32, (16777216, -7, 1), 0)):
            with self.subTest(kind=gdal.GetDataTypeName(kind)):
                path = self.raster("wild.tif", [codes], kind)
                factors = self.text("wild.csv", "class,factor\n" + "".join(
                    f"{code},{10**place}\n" for place, code in enumerate(codes)))
                self.assertEqual(self.emission(path, factors=factors, warning=["not declared NoData"] * marks), 111)
                self.assertEqual({int(row["class"]) for row in self.table("by_class.csv")}, set(codes))

    @unittest.skipUnless(hasattr(gdal, "GDT_Int64"), "this GDAL has no 64-bit integers")
    def test_26_classes_beyond_double(self):
        codes = numpy.array([[2**53 + 1, 2**53, 2**63 - 1, -2**63, 2**53 + 3, 2**53 + 1]], dtype=numpy.int64)
        path = self.raster("long.tif", codes, gdal.GDT_Int64)
        factors = self.text("long.csv", "class,factor\n" + "".join(
            f"{code},{10**place}\n" for place, code in enumerate(codes[0, :5].tolist())))
        self.assertEqual(self.emission(path, factors=factors), 11112)
        self.assertEqual([int(row["class"]) for row in self.table("by_class.csv")], sorted(codes[0, :5].tolist()))

    def test_26_fraction_is_no_class(self):
        path = self.raster("fraction.tif", [[1, 2, 1], [3, 1.5, 2]], gdal.GDT_Float32)
        errors = self.refuses_map(path)
        self.assertIn("1.5", errors)
        self.assertIn("column", errors)
        huge = self.raster("huge.tif", [[1, 1e30]], gdal.GDT_Float64)
        self.refuses_map(huge)

    def test_27_union_of_classes(self):
        first = self.raster("first.tif", [[1, 1, 3, 9]])
        second = self.raster("second.tif", [[1, 2, 3, 300]], gdal.GDT_UInt16)
        self.assertEqual(self.transitions(first, second), {(1, 1): 1, (1, 2): 1, (3, 3): 1, (9, 300): 1})
        rows = {(row["from"], row["to"]) for row in self.rows}
        self.assertEqual(rows, set(itertools.product("1 2 3 9 300".split(), repeat=2)))

    def test_28_one_class_two_cells(self):
        ones = self.raster("ones.tif", numpy.ones((50, 50)))
        self.assertEqual(self.emission(ones), 2500)
        self.assertEqual(self.transitions(ones, self.raster("again.tif", numpy.ones((50, 50)))), {(1, 1): 2500})
        pair, later = self.raster("pair.tif", [[1, 2]]), self.raster("later.tif", [[2, 1]])
        results = self.accepts(*self.transition_words(pair, later), "--overwrite")
        self.assertEqual((results["TOTAL_AREA_HA"], results["CHANGED_SHARE"]), (2, 1))
        for path in self.out.glob("*.csv"):
            self.assertNotRegex(path.read_text().lower(), r"\b(nan|inf)\b")

    def test_31_scale_and_offset(self):
        def scale(dataset):
            dataset.GetRasterBand(1).SetScale(0.5)
            dataset.GetRasterBand(1).SetOffset(10)
        storage = self.raster("scaled.tif", [[20, 40]], gdal.GDT_Int16, edit=scale)
        one = self.raster("one.tif", [[1, 1]], gdal.GDT_Float32)
        self.assertEqual(self.balance(storage, one)["TOTAL_STORAGE_T"], 50)

    def test_31_alpha(self):
        def alpha(dataset):
            dataset.GetRasterBand(2).SetColorInterpretation(gdal.GCI_AlphaBand)
        path = self.raster("alpha.tif", [CLASSES, [[255, 255, 255], [0, 0, 0]]], options=("ALPHA=YES",), edit=alpha)
        self.assertEqual(self.emission(path), 111)

    def test_31_mask(self):
        def mask(dataset):
            dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
            dataset.GetRasterBand(1).GetMaskBand().WriteArray(numpy.array([[255, 255, 255], [0, 0, 0]], numpy.uint8))
        self.assertEqual(self.emission(self.raster("masked.tif", edit=mask)), 111)

    def test_31_palette(self):
        def palette(dataset):
            colours = gdal.ColorTable()
            colours.SetColorEntry(1, (255, 0, 0, 255))
            dataset.GetRasterBand(1).SetColorTable(colours)
        self.assertEqual(self.emission(self.raster("palette.tif", edit=palette)), 222)

    def test_31_band_numbers(self):
        path = self.raster("two.tif", [CLASSES, numpy.full((2, 3), 2)])
        for band in ("0", "3", "-1", "1.5", "x", "", "99999999999"):
            with self.subTest(band=band):
                self.refuses_map(f"{path}|band={band}", naming=path)
        self.assertEqual(self.emission(f"{path}|band=2"), 60)

    def test_31_complex(self):
        self.refuses_map(self.raster("complex.tif", kind=gdal.GDT_CFloat32))

    def test_32_sums(self):
        steps = numpy.tile([16777216, 1], (1000, 500)).astype(numpy.float32)
        path = self.raster("steps.tif", steps, gdal.GDT_Float32)
        one = self.raster("one.tif", numpy.ones((1000, 1000)), gdal.GDT_Float32)
        self.assertEqual(self.balance(path, one)["TOTAL_STORAGE_T"], 16777217 * 500000)
        cells = [[1e16, 1, 1, 1, 1, 1], [1, 1, 1, -1e16, 1e-3, 1]]
        self.assertAlmostEqual(self.balance(cells)["TOTAL_STORAGE_T"] / math.fsum(sum(cells, [])), 1, delta=1e-15)

    def test_32_more_cells_than_32_bits_count(self):
        transform = (500000, 0.5, 0, 4000000, 0, -0.5)
        path = self.raster("many.tif", (66000, 66000), transform=transform)
        factors = self.text("zero.csv", "class,factor\n0,4\n")
        self.assertEqual(self.accepts("carbon-emission", "--land-cover", path, "--factors", factors)
                         ["TOTAL_EMISSION_T"], 66000**2 / 1e4)


class Tables(Faults):
    def test_33_missing_class(self):
        errors = self.refuses_factors("class,factor\n1,1\n")
        for number in ("2", "3"):
            self.assertIn(number, errors.split("bad.csv")[-1] + errors.split("bad.csv")[0])

    def test_33_bad_rows(self):
        for content, *naming in (("class,factor\n1,1\n2,2\n1,3\n3,1\n", "1"), ("class,factor\n1,1\n2,\n3,3\n", "factor"),
                                 ('class,factor\n1,1\n2,"1,5"\n3,3\n', "1,5"), ("class,factor\n1,1\n2,x\n3,3\n", '"x"'),
                                 ("class,factor\n1,1\n2,nan\n3,3\n", "nan"), ("class,factor\n1,1\n2,1e999\n3,3\n", "1e999"),
                                 ("class,factor\n1.5,1\n2,1\n3,3\n", "1.5"), ("klasse,factor\n1,1\n", "class"),
                                 ("class,faktor\n1,1\n2,1\n3,1\n", "factor"), ("class,factor\n", ), ("\n\n", ),
                                 ("class,factor\n1,1\n2,2,9\n3,3\n", ), ("class,class,factor\n1,1,1\n2,2,2\n3,3,3\n", "class"),
                                 (b"class,factor,name\n1,1,\x81\n2,2,b\n3,3,c\n", ), ("class,factor\n1,1\n2,\"2\n3,3\n", )):
            with self.subTest(content):
                self.refuses_factors(content, *naming)

    def test_33_negative_density(self):
        pools = self.text("pools.csv", "class,c_above,c_below,c_soil,c_dead\n1,1,1,1,1\n2,1,-2,1,1\n3,1,1,1,1\n")
        self.refuses("carbon-storage", "--land-cover", self.raster("map.tif"), "--pools", pools, "--storage-map",
                     self.out / "s.tif", naming=("pools.csv", "line 3", "c_below", "negative"))

    def test_33_blank_pool(self):
        pools = self.text("pools.csv", "class,c_above,c_below,c_soil,c_dead\n1,1,1,1,1\n2,1,,1,1\n3,1,1,1,1\n")
        words = ("carbon-storage", "--land-cover", self.raster("map.tif"), "--pools", pools)
        self.refuses(*words, "--storage-map", self.out / "s.tif", naming=("pools.csv", "c_below"))
        self.assertEqual(self.accepts(*words, "--blank-is-zero")["TOTAL_STORAGE_T"], 22)

    def test_33_encodings_and_separators(self):
        path = self.raster("map.tif")
        for name, content in (("bom", b"\xef\xbb\xbf" + FACTORS.encode()), ("crlf", FACTORS.replace("\n", "\r\n").encode()),
                              ("semicolon", FACTORS.replace(",", ";").encode()), ("tab", FACTORS.replace(",", "\t").encode()),
                              ("no newline", FACTORS.rstrip("\n").encode())):
            with self.subTest(name):
                self.assertEqual(self.emission(path, factors=self.text("f.csv", content)), 222)

    def test_33_utf16(self):
        path = self.raster("map.tif")
        for encoding, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
            with self.subTest(encoding):
                table = self.text("f.csv", mark + FACTORS.encode(encoding))
                result = self.command(*self.emission_words(path, "--overwrite", factors=table), "--json")
                if result.returncode:
                    self.assertRegex(result.stderr, r"\AERROR \d+: .*f\.csv.*UTF-8.*\n\Z")
                else:
                    self.assertEqual(json.loads(result.stdout)["results"]["TOTAL_EMISSION_T"], 222)

    def test_33_million_rows(self):
        rows = "class,factor\n" + "".join(f"{number},{number}\n" for number in range(1000000))
        path = self.raster("map.tif", [[0, 999999]], gdal.GDT_Int32)
        result = self.command(*self.emission_words(path, factors=self.text("f.csv", rows)), "--json")
        if result.returncode:
            self.assertRegex(result.stderr, r"\AERROR \d+: .*f\.csv.*\n\Z")
        else:
            self.assertEqual(json.loads(result.stdout)["results"]["TOTAL_EMISSION_T"], 999999)

    def test_33_million_rows_of_a_yearbook(self):
        rows = "县,year,population,forest,gdp\n" + "".join(
            f"县{number // 20},{2001 + number % 20},{number + 1},{number % 7},{number % 5}\n" for number in range(1000000))
        self.accepts("carbon-coefficients", "--coefficients", self.folder / "coefficients.csv")
        results = self.accepts("carbon-indices", "--units", self.text("yearbook.csv", rows), "--coefficients",
                               self.folder / "coefficients.csv", "--region", self.out / "region.csv")
        last = range(19, 1000000, 20)  # the rows of 2020
        self.assertEqual(results["UNIT_COUNT"], 50000)
        self.assertAlmostEqual(results["EMISSION"] / (0.079 * sum(number + 1 for number in last)), 1, 12)
        self.assertAlmostEqual(results["SEQUESTRATION"] / (5.77 * sum(number % 7 for number in last)), 1, 12)


class Options(Faults):
    def test_35_values(self):
        path = self.raster("map.tif")
        for option, *values in (("--threads", "-1", "1025", "abc", "nan", "1.5", ""), ("--memory", "-5", "inf"),
                                ("--cell-area", "0", "-1", "nan", "inf", "abc", "1,5"), ("--map-unit", "99", "T_HA2"),
                                ("--align", "maybe"), ("--no-such-option", "1"), ("--creation-options", "COMPRESS")):
            for value in values:
                with self.subTest(option=option, value=value):
                    self.refuses_map(path, option, value, naming=option)

    def test_35_empty_list(self):
        self.refuses("transition-matrix", "--maps", "--transitions", self.out / "t.csv", naming="--maps")
        self.refuses("transition-matrix", "--maps", self.raster("one.tif"), "--transitions", self.out / "t.csv",
                     naming="--maps")

    def test_35_same_raster_twice(self):
        path = self.raster("map.tif")
        self.assertEqual(self.transitions(path, path, warning="given twice"), {(1, 1): 2, (2, 2): 2, (3, 3): 2})


class Outputs(Faults):
    def test_37_places(self):
        path = self.raster("map.tif")
        self.refuses(*self.emission_words(path, output="no such folder/map.tif"), naming="no such folder")
        self.refuses(*self.emission_words(path, output="n" * 300 + ".tif"), naming="240")
        (self.out / "folder.tif").mkdir()
        self.refuses(*self.emission_words(path, output="folder.tif"), naming="folder.tif")
        self.refuses(*self.emission_words(path, "--overwrite", output="folder.tif"), naming="folder.tif")

    def test_37_names(self):
        path = self.raster("map 中文 'x' \"y\".tif")
        for name in ("with blanks.tif", "中文.tif", "it's \"quoted\".tif", "$(touch x);`touch y`.tif", "-dash.tif", "n" * 200 + ".tif"):
            with self.subTest(name):
                self.accepts(*self.emission_words(path, "--overwrite", output=name))
                self.assertEqual(gdal.Open(str(self.out / name)).ReadAsArray().sum(), 222)
        self.assertFalse((self.folder / "x").exists() or (self.folder / "y").exists())

    def test_37_read_only_folder(self):
        path = self.raster("map.tif")
        self.out.chmod(0o555)
        if is_root() and not can_be_nobody():
            self.skipTest("the process cannot give up its rights")
        self.refuses_map(path, naming=self.out, under=NOBODY if is_root() else ())

    def test_38_output_is_input(self):
        path = self.raster("out/map.tif")
        content = path.read_bytes()
        (self.out / "soft.tif").symlink_to(path)
        (self.out / "hard.tif").hardlink_to(path)
        for name in ("map.tif", "soft.tif", "hard.tif", "../out/map.tif"):
            with self.subTest(name):
                self.refuses(*self.emission_words(path, "--overwrite", output=name), naming=name)
        self.refuses(*self.emission_words(self.out / "soft.tif", "--overwrite"), naming="map.tif")
        self.assertEqual(path.read_bytes(), content)

    def test_39_output_exists(self):
        path = self.raster("map.tif")
        (self.out / "map.tif").write_text("old")
        self.assertIn("--overwrite", self.refuses_map(path, naming=self.out / "map.tif"))
        fraction = self.raster("fraction.tif", [[1, 1.5]], gdal.GDT_Float32)
        self.refuses_map(fraction, "--overwrite")
        self.assertEqual((self.out / "map.tif").read_text(), "old")
        self.assertEqual(self.emission(path), 222)
        self.assertEqual(gdal.Open(str(self.out / "map.tif")).ReadAsArray().sum(), 222)

    def test_40_disk_full(self):
        mounted = is_root() and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(self.out)],
                                               capture_output=True).returncode == 0
        if not mounted:
            self.skipTest("a small file system cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", str(self.out)], check=True)
        cells = numpy.random.default_rng(40).integers(1, 4, (700, 700))
        path = self.raster("noise.tif", cells)
        for options in ("COMPRESS=NONE", "COMPRESS=DEFLATE|TILED=YES"):
            large = self.raster("large.tif", numpy.tile(cells, (3, 3)))
            with self.subTest(options):
                self.refuses_map(large, "--creation-options", options, naming="map.tif")
        (self.out / "filler").write_bytes(b"x" * 390000)
        self.refuses_map(path, naming=self.out)
        # However much room is left: the disk fills up at the start, in the middle, or when the file is closed.
        small = self.raster("small.tif", cells[:150, :150])
        for options in ("COMPRESS=NONE", "COMPRESS=DEFLATE|TILED=YES"):
            succeeded = False
            for free in range(0, 400, 16):
                (self.out / "filler").write_bytes(b"")
                (self.out / "filler").write_bytes(b"x" * (396 - free) * 1024)
                result = self.command(*self.emission_words(small, "--creation-options", options))
                left = sorted(path.name for path in self.out.iterdir() if path.name != "filler")
                with self.subTest(f"{options}, {free} KiB free"):
                    if result.returncode == 0:
                        succeeded = True
                        self.assertIn("map.tif", left)
                    else:
                        self.assertFalse(succeeded, "less room was enough")
                        self.assertRegex(result.stderr, r"\AERROR \d+: .*\n\Z")
                        self.assertEqual(left, [])
                for name in left:
                    (self.out / name).unlink()
            self.assertTrue(succeeded)

    @unittest.skipIf(SANITIZED, "takes minutes there")
    def test_more_cells_than_32_bits_can_number(self):
        """Geodetector of 46341 x 46341 cells, which are more than 2^31: every one counts."""
        side, tile = 46341, 512
        random = numpy.random.default_rng(1)
        classes = random.integers(1, 4, (tile, tile)).astype(numpy.uint8)
        values = (classes + random.standard_normal((tile, tile))).astype(numpy.float32)
        response = self.raster("response.tif", (side, side), gdal.GDT_Float32)
        factor = self.raster("factor.tif", (side, side))
        for path, cells in ((response, values), (factor, classes)):
            dataset = gdal.Open(str(path), gdal.GA_Update)
            dataset.GetRasterBand(1).WriteArray(cells, side - 600, side - 600)
            del dataset  # closed, so that all is written
        done = subprocess.run([COMMAND, "geodetector", "--response", response, "--factors", factor, "--json"], capture_output=True,
                              text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        results = json.loads(done.stdout)["results"]
        self.assertEqual(results["OBSERVATIONS"], side * side)
        # All other cells are 0, in a stratum of their own.
        values = values.astype(float)
        total = (values**2).sum() - values.sum()**2 / side**2
        within = sum(((values[classes == k] - values[classes == k].mean())**2).sum() for k in (1, 2, 3))
        self.assertAlmostEqual(results["BEST_Q"], 1 - within / total, 10)

    def big(self):
        """A map that is at work for long: a sparse one of ten thousand million cells."""
        return self.raster("big.tif", (100000, 100000), transform=METRES)

    def interrupt(self, number, after):
        with self.start(*self.emission_words(self.big(), "--co", "SPARSE_OK=TRUE")) as process:
            deadline = time.monotonic() + 30
            while after and not list(self.out.glob("*.part")) and time.monotonic() < deadline:
                time.sleep(0.02)
            time.sleep(after)
            if process.poll() is None:
                process.send_signal(number)
            return process.communicate(timeout=60)[1], process.returncode

    def test_42_interrupted(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                errors, code = self.interrupt(number, 0.5)
                self.assertNotEqual(code, 0, errors)
                self.assertGreater(code, 0, errors)
                self.assertRegex(errors, r"\AERROR \d+: .*\n\Z")
                self.assertEqual(self.content(), {})

    def test_43_killed(self):
        errors, code = self.interrupt(signal.SIGKILL, 0.3)
        self.assertEqual((errors, code), ("", -signal.SIGKILL))
        names = {path.name for path in self.out.iterdir()}
        self.assertTrue(names)
        self.assertEqual({name for name in names if not name.endswith(".part")}, set())
        self.assertEqual(self.accepts(*self.emission_words(self.raster("map.tif")))["TOTAL_EMISSION_T"], 222)

    def test_46_two_runs_at_once(self):
        with self.start(*self.emission_words(self.big(), "--co", "SPARSE_OK=TRUE")) as first:
            deadline = time.monotonic() + 30
            while not (self.out / "by_class.csv.part" / ".landcarbon-lock").exists() and time.monotonic() < deadline:
                time.sleep(0.02)
            second = self.command(*self.emission_words(self.raster("map.tif")))
            self.assertEqual(second.returncode, 1)
            self.assertRegex(second.stderr, r"\AERROR \d+: .*another run is writing.*\n\Z")
            first.send_signal(signal.SIGINT)
            first.communicate(timeout=60)
        self.assertEqual(self.content(), {})

    def test_44_memory_limit(self):
        path = self.raster("wide.tif", (20000, 20000), transform=METRES)
        self.assertEqual(self.transitions(path, path, warning="given twice", memory=MEMORY), {(0, 0): 400000000})

    def test_45_same_bytes(self):
        cells = numpy.random.default_rng(45).integers(1, 4, (700, 600))
        found = []
        for layout, threads in (("BLOCKYSIZE=1", 1), ("BLOCKYSIZE=1", 2), ("BLOCKYSIZE=1", 8), ("BLOCKYSIZE=64", 2),
                                ("BLOCKYSIZE=256", 2), ("TILED=YES", 2)):
            path = self.raster("map.tif", cells, options=[layout])
            self.accepts(*self.emission_words(path, "--threads", threads, "--overwrite"))
            # A tiled file is written in another order, so that its bytes differ; its cells must not.
            written = gdal.Open(str(self.out / "map.tif")).ReadAsArray().tobytes() if layout == "TILED=YES" else None
            found.append((self.out / "by_class.csv").read_bytes())
            self.assertEqual(found[-1], found[0], (layout, threads))
            if written is None:
                content = (self.out / "map.tif").read_bytes()
                cells_then = gdal.Open(str(self.out / "map.tif")).ReadAsArray().tobytes()
                first = content if len(found) == 1 else first
                self.assertEqual(content, first, (layout, threads))
            else:
                self.assertEqual(written, cells_then)

    def test_47_environments(self):
        path = self.raster("degrees.tif", crs=4326, transform=(110, 0.25, 0, 30, 0, -0.25))
        expected = self.emission(path)
        for change in ({"LC_ALL": "de_DE.UTF-8"}, {"LC_ALL": "tr_TR.UTF-8"}, {"LC_ALL": "C"}, {"TZ": "Asia/Kathmandu"},
                       {"HOME": None}, {"GDAL_DATA": "/no such"}, {"PROJ_DATA": "/no such", "PROJ_LIB": "/no such"}):
            environment = {name: value for name, value in {**os.environ, **change}.items() if value is not None}
            with self.subTest(change):
                result = self.command(*self.emission_words(path, "--overwrite"), "--json", environment=environment)
                if result.returncode and "PROJ_LIB" in change:
                    self.assertRegex(result.stderr, r"(?i)\AERROR \d+: .*proj.*\n\Z")
                else:
                    self.assertEqual((result.returncode, result.stderr), (0, ""))
                    self.assertEqual(json.loads(result.stdout)["results"]["TOTAL_EMISSION_T"], expected)

    def test_48_hostile_names(self):
        names = ("<script>alert(1)</script>", "=cmd|'/c calc'!A1", '"; rm -rf ~', "../../x")
        quoted = ['"' + name.replace('"', '""') + '"' for name in names]
        factors = self.text("f.csv", "class,name,factor\n" + "".join(f"{n},{name},1\n" for n, name in enumerate(quoted, 1)))
        path = self.raster("map.tif", [[1, 2, 3, 4]])
        self.emission(path, "--report", self.out / "r.html", factors=factors)
        report = (self.out / "r.html").read_text(encoding="utf-8")
        self.assertNotIn("<script>alert", report)
        self.assertIn("&lt;script&gt;alert(1)", report)
        self.assertEqual([row["name"] for row in self.table("by_class.csv")],
                         [names[0], "'" + names[1], names[2], names[3]])
        classes = self.text("classes.csv", "class,name\n" + "".join(f"{n},{name}\n" for n, name in enumerate(quoted, 1)))
        self.accepts("transition-matrix", "--maps", path, self.raster("later.tif", [[4, 3, 2, 1]]), "--classes", classes,
                     "--change-map", self.out / "change.tif", "--report", self.out / "t.html")
        style = (self.out / "change.qml").read_text(encoding="utf-8")
        ElementTree.fromstring(style.split("\n", 1)[1] if style.startswith("<!DOCTYPE") else style)
        self.assertNotIn("<script>", style + (self.out / "t.html").read_text(encoding="utf-8"))
        self.assertFalse(any(path.name == "x" for path in (self.folder, *self.folder.parents[:2])))


if __name__ == "__main__":
    unittest.main()
