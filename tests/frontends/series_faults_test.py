#!/usr/bin/python3
# Land Carbon Toolbox: what the algorithms for time series do with bad inputs and faults, numbered as in the list of faults.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Goes on where faults_test.py, which it takes its tools from, leaves off. Each test runs all algorithms that read
stacks, and says what each of them must do. LANDCARBON_COMMAND names the binary."""

import csv
import html
import json
import math
import resource
import subprocess
import unittest

import numpy
from osgeo import gdal

from faults_test import COMMAND, Faults, HECTARES, MEMORY, UTM, wkt

NOTHING = -9999.0


class Series(Faults):
    """Stacks of 12 steps on 5 x 4 cells, and the words that make each algorithm work on them."""
    steps = 12

    def setUp(self):
        super().setUp()
        random = numpy.random.RandomState(4)
        self.values = numpy.round(random.random_sample((self.steps, 4, 5)) * 800) / 8 + numpy.arange(self.steps)[:, None, None]
        self.others = [numpy.round(random.random_sample(self.values.shape) * 800) / 8 for _ in range(2)]
        self.drivers = [self.stack(f"driver{number}.tif", other) for number, other in enumerate(self.others)]
        self.cover = self.raster("cover.tif", random.randint(1, 4, (4, 5)))

    def stack(self, name, values, nodata=NOTHING, options=()):
        """One file of Float32, NaN as NoData."""
        filled = numpy.where(numpy.isnan(values), nodata, values)
        return self.raster(name, filled, gdal.GDT_Float32, nodata=nodata, options=options)

    def words(self, *stack, drivers=None, cover=None):
        """For each algorithm: its words with this stack, and its outputs."""
        drivers = drivers or self.drivers
        kinds = {"soil-respiration": (["--temperature", *stack, "--precipitation", drivers[0], "--step", "annual",
                                       "--month-days", "calendar"], {"respiration": "tif", "by-year": "csv"}),
                 "nep": (["--npp", *stack, "--respiration", drivers[0], "--min-valid", "1"],
                         {"nep": "tif", "mean-nep": "tif", "classes": "tif", "by-class": "csv"}),
                 "trend": (["--series", *stack], {"trend": "tif", "classes": "tif", "summary": "csv"}),
                 "hurst": (["--series", *stack], {"hurst": "tif", "classes": "tif", "summary": "csv"}),
                 "variability": (["--series", *stack], {"variability": "tif", "classes": "tif", "summary": "csv"}),
                 "partial-correlation": (["--response", *stack, "--drivers", *drivers],
                                         {"correlations": "tif", "classes": "tif", "summary": "csv"}),
                 "zonal-series": (["--series", *stack, "--classes", cover or self.cover, "--min-share", "0"],
                                  {"table": "csv", "rates": "csv"})}
        for algorithm, (words, outputs) in kinds.items():
            outputs = {name: self.out / f"{algorithm} {name}.{kind}" for name, kind in {**outputs, "report": "html"}.items()}
            yield algorithm, [algorithm, *words], outputs

    def made(self, words, outputs, *more, **options):
        """Runs what must succeed; returns the outputs' content, the warnings and the results. Leaves no file."""
        for name, path in outputs.items():
            words = [*words, "--" + name, path]
        result = self.command(*words, *more, "--json", **options)
        self.assertEqual(result.returncode, 0, result)
        for line in result.stderr.splitlines():
            self.assertRegex(line, r"\AWarning 1: ", result)
        self.assertEqual(list(self.out.rglob("*.part")), [])
        content = {}
        for name, path in outputs.items():
            content[name] = gdal.Open(str(path)).ReadAsArray() if path.suffix == ".tif" else path.read_bytes()
        for path in self.out.iterdir():
            path.unlink()
        return content, result.stderr, json.loads(result.stdout)["results"]

    def assert_alike(self, found, expected, case):
        """The same cells and tables. (Reports tell of the files' names and sizes.)"""
        self.assertEqual(found.keys(), expected.keys())
        for name, content in expected.items():
            if isinstance(content, numpy.ndarray):
                numpy.testing.assert_array_equal(found[name], content, err_msg=f"{case} {name}")
            elif name != "report":
                self.assertEqual(found[name], content, (case, name))

    def holes(self):
        """The values with some of them missing: one cell at one step, one at all, one at all but five."""
        values = self.values.copy()
        values[3, 1, 1] = values[:, 2, 2] = values[5:, 0, 4] = math.nan
        return values


class Values(Series):
    def test_23_nan_and_infinite(self):
        values = self.holes()
        wild = numpy.where(numpy.isnan(values), math.nan, values)
        wild[3, 1, 1], wild[4, 2, 2] = math.inf, -math.inf
        declared = self.stack("declared.tif", values)
        path = self.raster("wild.tif", wild, gdal.GDT_Float32)
        for (algorithm, words, outputs), (_, expected, _) in zip(self.words(path), self.words(declared)):
            with self.subTest(algorithm):
                found, warnings, results = self.made(words, outputs)
                there, quiet, numbers = self.made(expected, outputs)
                self.assert_alike(found, there, algorithm)
                self.assertEqual({k: v for k, v in results.items() if not str(v).startswith(str(self.out))},
                                 {k: v for k, v in numbers.items() if not str(v).startswith(str(self.out))})
                self.assertRegex(warnings, r"wild\.tif, band 4: 1 cells hold an infinite number")
                self.assertRegex(warnings, r"wild\.tif, band 5: 1 cells hold an infinite number")
                self.assertNotIn("infinite", quiet)

    def test_24_nodata_of_each_band_and_file(self):
        values = self.holes()
        declared = self.stack("declared.tif", values)
        markers = [math.nan, -3.4028234663852886e38, 0.0, -1.0, 1e30, 255.0] * 2
        files, bands = [], []
        for number, (band, marker) in enumerate(zip(values, markers)):
            # Real values that another file's marker stands for are values here.
            files.append(self.stack(f"step{number}.tif", band, nodata=marker))
            bands.append(f'<VRTRasterBand dataType="Float32" band="{number + 1}"><NoDataValue>{marker!r}</NoDataValue>'
                         f"<SimpleSource><SourceFilename>{html.escape(str(files[-1]))}</SourceFilename><SourceBand>1"
                         f"</SourceBand></SimpleSource></VRTRasterBand>")
        vrt = self.text("bands.vrt", f'<VRTDataset rasterXSize="5" rasterYSize="4"><SRS>{html.escape(wkt(UTM))}</SRS>'
                                     f"<GeoTransform>{','.join(map(str, HECTARES))}</GeoTransform>{''.join(bands)}</VRTDataset>")
        expected = {algorithm: self.made(words, outputs)[0] for algorithm, words, outputs in self.words(declared)}
        for stack in (files, [vrt]):
            for algorithm, words, outputs in self.words(*stack):
                with self.subTest(algorithm, files=len(stack)):
                    self.assert_alike(self.made(words, outputs)[0], expected[algorithm], algorithm)

    def test_23_24_of_trend_persistence(self):
        """Infinite numbers, NaN and NoData of each file; slopes and classes; p as one band of a file."""
        nothing, wild = math.nan, math.inf
        slope = self.raster("slope.tif", [[1, -1, 2, -2, 0, wild, nothing, -9999, 1, 1, 1, 3]], gdal.GDT_Float32)
        hurst = self.raster("hurst.tif", [[0.7, 0.8, 0.2, 0.3, 0.9, 0.7, 0.7, 0.7, nothing, -1, 0.5, 0.6]],
                            gdal.GDT_Float32, nodata=-1)
        expected = [1, 2, 3, 4, 0, 255, 255, 2, 255, 255, 0, 1]
        outputs = {"future": self.out / "future.tif", "summary": self.out / "summary.csv", "report": self.out / "r.html"}
        content, warnings, _ = self.made(["trend-persistence", "--trend", slope, "--hurst", hurst], outputs)
        self.assertEqual(content["future"].ravel().tolist(), expected)
        self.assertRegex(warnings, r"slope\.tif: 1 cells hold an infinite number")
        # The file's own NoData holds for it alone.
        slope = self.raster("own.tif", [[1, -1, 2, -2, 0, -9999, -9999, -9999, 1, 1, 1, 3]], gdal.GDT_Float32, nodata=-9999)
        expected[7] = 255
        content, warnings, _ = self.made(["trend-persistence", "--trend", slope, "--hurst", hurst], outputs)
        self.assertEqual(content["future"].ravel().tolist(), expected)
        self.assertEqual(warnings, "")
        p = self.raster("bands.tif", [[[1] * 12], [[0.01] * 3 + [0.05] * 8 + [nothing]]], gdal.GDT_Float32)
        content, _, _ = self.made(["trend-persistence", "--trend", slope, "--hurst", hurst, "--p", f"{p}|band=2"], outputs)
        self.assertEqual(content["future"].ravel().tolist(), [1, 2, 3, 0, 0, 255, 255, 255, 255, 255, 0, 255])
        empty = self.raster("empty.tif", [[nothing] * 12], gdal.GDT_Float32)
        self.refuses("trend-persistence", "--trend", empty, "--hurst", hurst, "--future", outputs["future"])

    def test_24_another_files_nodata_is_a_value(self):
        # -1 is NoData of the second file only: the first step of the first cell is there.
        first = self.raster("first.tif", [[-1.0, 5.0]], gdal.GDT_Float32, nodata=-2)
        second = self.raster("second.tif", [[-2.0, -1.0]], gdal.GDT_Float32, nodata=-1)
        rest = self.raster("rest.tif", numpy.full((4, 1, 2), 7.0), gdal.GDT_Float32)
        self.accepts("trend", "--series", first, second, rest, "--trend", self.out / "t.tif")
        numpy.testing.assert_array_equal(gdal.Open(str(self.out / "t.tif")).ReadAsArray()[6], [[6, 5]])

    def test_28_constant_and_single_cell(self):
        constant = self.stack("constant.tif", numpy.full((self.steps, 1, 1), 7.25))
        one = self.raster("one.tif", [[1]])
        drivers = [self.stack(f"single{k}.tif", other[:, :1, :1]) for k, other in enumerate(self.others)]
        for algorithm, words, outputs in self.words(constant, drivers=drivers, cover=one):
            with self.subTest(algorithm):
                if algorithm in ("hurst", "partial-correlation"):
                    naming = "no cell varies enough" if algorithm == "hurst" else "singular"
                    for name, path in outputs.items():
                        words += ["--" + name, path]
                    result = self.command(*words)
                    self.assertEqual(result.returncode, 1, result)
                    self.assertRegex(result.stderr, rf"ERROR \d+: .*{naming}")
                    self.assertEqual(self.content(), {})
                    continue
                content, _, results = self.made(words, outputs)
                if algorithm == "trend":
                    numpy.testing.assert_array_equal(content["trend"][:7, 0, 0], [0, 7.25, 0, 1, 0, 0, self.steps])
                    self.assertEqual(content["classes"][0, 0], 0)
                elif algorithm == "variability":
                    numpy.testing.assert_array_equal(content["variability"][:, 0, 0], [7.25, 0, 0, self.steps])
                elif algorithm == "zonal-series":
                    row = next(csv.DictReader(content["rates"].decode().splitlines()))
                    self.assertEqual([row[name] for name in ("mean", "cv", "linear_slope", "linear_p", "slope", "z", "p",
                                                             "class", "linear_r2")],
                                     ["7.25", "0", "0", "1", "0", "0", "1", "0", ""])
                elif algorithm == "nep":
                    self.assertAlmostEqual(results["MEAN"], 7.25 - self.others[0][:, 0, 0].mean(), delta=1e-5)

    def test_29_collinear_drivers_and_too_few_steps(self):
        twice = self.stack("twice.tif", 2 * self.others[0] + 3)
        response = self.stack("response.tif", self.values)
        words = ("partial-correlation", "--correlations", self.out / "c.tif", "--response")
        self.refuses(*words, response, "--drivers", self.drivers[0], twice, naming="singular")
        # One cell whose drivers are collinear is left out, and counted.
        partly = self.others[1].copy()
        partly[:, 1, 2] = 5 - 0.5 * self.others[0][:, 1, 2]
        results = self.made(["partial-correlation", "--response", response, "--drivers", self.drivers[0],
                             self.stack("partly.tif", partly)], {"correlations": self.out / "c.tif"})[2]
        self.assertEqual(results["SINGULAR"], 1)
        few = [self.stack(f"few{k}.tif", stack[:4]) for k, stack in enumerate((self.values, *self.others, self.values ** 2))]
        # n = drivers + 1 leaves no degree of freedom.
        self.refuses(*words, few[0], "--drivers", *few[1:], naming=("--response has 4 steps", "at least 5"))

    def test_30_one_two_three_steps(self):
        least = {"soil-respiration": 1, "nep": 1, "trend": 4, "hurst": 4, "variability": 2, "partial-correlation": 4,
                 "zonal-series": 4}
        for steps in (1, 2, 3, 4):
            drivers = [self.stack(f"d{k}of{steps}.tif", other[:steps]) for k, other in enumerate(self.others)]
            short = self.stack(f"of{steps}.tif", self.values[:steps])
            for algorithm, words, outputs in self.words(short, drivers=drivers):
                with self.subTest(algorithm, steps=steps):
                    if steps >= least[algorithm]:
                        self.made(words, outputs)
                        continue
                    for name, path in outputs.items():
                        words += ["--" + name, path]
                    result = self.command(*words)
                    self.assertEqual(result.returncode, 1, result)
                    self.assertRegex(result.stderr, rf"\AERROR 5: .*{steps} step")
                    self.assertEqual(self.content(), {})
        # With MIN_VALID a trend of two or three steps may be had, though none of them can be significant.
        for steps in (2, 3):
            content, _, results = self.made(["trend", "--series", self.folder / f"of{steps}.tif", "--min-valid", steps],
                                            {"trend": self.out / "t.tif", "classes": self.out / "c.tif"})
            self.assertEqual((results["INCREASE_SHARE"], results["DECREASE_SHARE"]), (0, 0))
            change = (self.values[steps - 1] - self.values[0]) / (steps - 1)
            if steps == 2:
                numpy.testing.assert_allclose(content["trend"][0], change, rtol=1e-6)

    def test_30_years(self):
        path = self.stack("path.tif", self.values)
        for algorithm, option, output in (("trend", "--series", "trend"), ("zonal-series", "--series", "table"),
                                          ("nep", "--npp", "nep")):
            words = [algorithm, option, path, "--" + output, self.out / f"x.{'csv' if output == 'table' else 'tif'}"]
            words += ["--classes", self.cover] if algorithm == "zonal-series" else []
            words += ["--respiration", self.drivers[0]] if algorithm == "nep" else []
            for years, naming in (("2001-2011", "11 years for a series of 12"), ("2001,2003,2002,2004-2012", "2002 follows 2003"),
                                  ("2001,2001,2002-2011", "2001 follows 2001"), ("2012-2001", "backwards"),
                                  ("2001-20x2", "20x2"), ("nan", "nan"), ("2001-2012,", None)):
                with self.subTest(algorithm, years=years):
                    if naming is None:
                        self.command(*words, "--years", years, "--overwrite")  # either way, but no crash
                        for left in self.out.iterdir():
                            left.unlink()
                    else:
                        self.refuses(*words, "--years", years, naming=naming)

    def test_30_gaps_are_uneven_steps(self):
        # A series with gaps has the trend of the steps that it has, at their years.
        missing = self.values.copy()
        missing[[2, 7]] = math.nan
        there = [step for step in range(self.steps) if step not in (2, 7)]
        gaps, closed = self.stack("gaps.tif", missing), self.stack("closed.tif", self.values[there])
        years = ",".join(str(2001 + step) for step in there)
        outputs = {"trend": self.out / "t.tif", "classes": self.out / "c.tif"}
        self.assert_alike(self.made(["trend", "--series", gaps, "--years", "2001-2012"], outputs)[0],
                          self.made(["trend", "--series", closed, "--years", years], outputs)[0], "trend")
        outputs = {"rates": self.out / "r.csv"}
        self.assert_alike(self.made(["zonal-series", "--series", gaps, "--classes", self.cover, "--years", "2001-2012"], outputs)[0],
                          self.made(["zonal-series", "--series", closed, "--classes", self.cover, "--years", years], outputs)[0],
                          "zonal-series")

    def test_30_ties(self):
        # By hand: 1 1 2 2 3 3 has S = 12, 3 tied pairs, Var S = (6*5*17 - 3*2*1*9) / 18, tau-b = 12 / sqrt(12 * 15).
        ties = self.stack("ties.tif", numpy.array([1, 1, 2, 2, 3, 3.0]).reshape(6, 1, 1))
        content, _, _ = self.made(["trend", "--series", ties], {"trend": self.out / "t.tif"})
        slope, _, z, p, tau, s, n = content["trend"][:7, 0, 0].astype(float)
        variance = (6 * 5 * 17 - 3 * 2 * 9) / 18
        self.assertEqual((s, n, slope), (12, 6, 0.5))
        self.assertAlmostEqual(z, 11 / math.sqrt(variance), delta=1e-6)
        self.assertAlmostEqual(p, math.erfc(z / math.sqrt(2)), delta=1e-7)
        self.assertAlmostEqual(tau, 12 / math.sqrt(12 * 15), delta=1e-7)

    def test_30_table(self):
        words = ("trend-table", "--trend", self.out / "t.csv", "--unit-field", "u", "--table")
        rows = "".join(f"{unit},{year},{value}\n" for unit, series in
                       (("rise", (2001, 2003, 2002, 2005)), ("flat", (2002, 2001, 2005, 2003)))
                       for year, value in ((year, year if unit == "rise" else 4) for year in series))
        layout = ("--layout", "rows", "--year-field", "y", "--value-field", "v")
        table = self.text("rows.csv", "u,y,v\n" + rows)
        self.accepts(*words, table, *layout)
        found = {row["unit"]: row for row in self.table("t.csv")}
        self.assertEqual([found["rise"][name] for name in ("slope", "s", "n")], ["1", "6", "4"])
        self.assertEqual([found["flat"][name] for name in ("slope", "z", "p", "class")], ["0", "0", "1", "0"])
        for path in self.out.iterdir():
            path.unlink()
        self.refuses(*words, self.text("twice.csv", "u,y,v\n" + rows + "rise,2001,5\n"), *layout, naming="this year twice")
        for count in (1, 2, 3):
            columns = ",".join(f"y{2001 + k}" for k in range(count))
            self.refuses(*words, self.text("short.csv", f"u,{columns}\na,{','.join('1' * count)}\n"), naming="too short")


class Limits(Series):
    def test_many_files_under_a_limit_of_open_files(self):
        """400 files of one step, with no more than 256 files open: the same as one file of 400 bands."""
        random = numpy.random.RandomState(400)
        stacks = [numpy.round(random.random_sample((400, 4, 5)) * 800) / 8 for _ in range(3)]
        whole = [self.stack(f"whole{number}.tif", stack) for number, stack in enumerate(stacks)]
        files = []
        for number, stack in enumerate(stacks):
            (self.folder / str(number)).mkdir()
            files.append([self.stack(f"{number}/{step}.tif", band) for step, band in enumerate(stack)])

        def few_files():
            resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
        def run_with_few_files(words):
            result = subprocess.run([COMMAND, *map(str, words), "--threads", "8"], capture_output=True, text=True,
                                    timeout=60, preexec_fn=few_files)
            self.assertEqual(result.returncode, 0, result.stderr[-2000:])

        whole_words = {algorithm: words for algorithm, words, _ in self.words(whole[0], drivers=whole[1:])}
        for algorithm, words, outputs in self.words(*files[0], drivers=whole[1:]):
            if algorithm == "partial-correlation":  # the drivers as well: 1200 files
                words = words[:words.index("--drivers") + 1] + files[1] + files[2]
            with self.subTest(algorithm):
                expected = self.made(whole_words[algorithm], outputs)[0]
                for name, path in outputs.items():
                    words += ["--" + name, path]
                run_with_few_files(words)
                found = {name: gdal.Open(str(path)).ReadAsArray() if path.suffix == ".tif" else path.read_bytes()
                         for name, path in outputs.items()}
                self.assert_alike(found, expected, algorithm)
                for path in self.out.iterdir():
                    path.unlink()

    @unittest.skipUnless(MEMORY, "memory cannot be limited here")
    def test_44_memory_limit(self):
        # 580 MB of steps in 500 MB of address space; all of it but one tile is empty.
        size, steps = 2000, 36

        def sparse(name, kind, bands):
            path = self.folder / name
            dataset = gdal.GetDriverByName("GTiff").Create(
                str(path), size, size, bands, kind, ["SPARSE_OK=TRUE", "TILED=YES", "INTERLEAVE=BAND", "COMPRESS=DEFLATE"])
            dataset.SetGeoTransform(HECTARES)
            dataset.SetProjection(wkt(UTM))
            random = numpy.random.RandomState(len(name))
            for number in range(1, bands + 1):
                dataset.GetRasterBand(number).SetNoDataValue(0)
                dataset.GetRasterBand(number).WriteArray(random.randint(1, 200, (10, 10)), 1000, 1500)
            dataset.FlushCache()
            return path
        stack, cover = sparse("stack.tif", gdal.GDT_Float32, steps), sparse("cover.tif", gdal.GDT_Byte, 1)
        drivers = [sparse("driver.tif", gdal.GDT_Byte, steps), sparse("second driver.tif", gdal.GDT_Byte, steps)]
        for algorithm, words, outputs in self.words(stack, drivers=drivers, cover=cover):
            for name, path in outputs.items():
                words += ["--" + name, path]
            for given in (["--memory", 100], []) if algorithm in ("nep", "zonal-series") else (["--memory", 100],):
                with self.subTest(algorithm, memory=given):
                    result = self.command(*words, *given, memory=MEMORY)
                    if given:
                        self.assertEqual(result.returncode, 0, result)
                        self.assertEqual([path for path in outputs.values() if not path.exists()], [])
                    else:  # more memory is meant than there is: done, or refused in words
                        self.assertIn(result.returncode, (0, 1), result)
                    if result.returncode:
                        self.assertRegex(result.stderr, r"(?m)^ERROR \d+: .*(memory|allocate)")
                        self.assertEqual(self.content(), {})
                    for path in self.out.iterdir():
                        path.unlink()

    def test_45_same_bytes(self):
        # More cells than one block of the lowest layout holds.
        random = numpy.random.RandomState(45)
        values = [numpy.round(random.random_sample((9, 300, 70)) * 800) / 8 for _ in range(3)]
        values[0][random.random_sample(values[0].shape) < 0.05] = math.nan
        drivers = [self.stack(f"tall{number}.tif", stack) for number, stack in enumerate(values[1:])]
        cover = self.raster("tall_cover.tif", random.randint(1, 9, (300, 70)))
        first = {}
        for layout in ("BLOCKYSIZE=1", "BLOCKYSIZE=64", "BLOCKYSIZE=256", "TILED=YES"):
            stack = self.stack("tall.tif", values[0], options=[layout, "INTERLEAVE=BAND"])
            for algorithm, words, outputs in self.words(stack, drivers=drivers, cover=cover):
                reports = set()
                for threads in (1, 2, 8) if layout == "BLOCKYSIZE=64" else (2,):
                    with self.subTest(algorithm, layout=layout, threads=threads):
                        content = self.made(words, outputs, "--threads", threads)[0]
                        self.assert_alike(content, first.setdefault(algorithm, content), algorithm)
                        reports.add(content["report"])
                self.assertEqual(len(reports), 1, (algorithm, layout))

    def test_45_same_bytes_of_rasters(self):
        stack = self.stack("stack.tif", self.holes())
        for algorithm, words, outputs in self.words(stack):
            words += ["--false-discovery", "benjamini_hochberg"] if algorithm in ("trend", "zonal-series") else []
            with self.subTest(algorithm):
                found = set()
                for threads in (1, 2, 8):
                    for name, path in outputs.items():
                        words += ["--" + name, path]
                    self.assertEqual(self.command(*words, "--threads", threads, "--overwrite").returncode, 0)
                    words = words[:-2 * len(outputs)]
                    found.add(tuple(path.read_bytes() for path in outputs.values()))
                self.assertEqual(len(found), 1)


if __name__ == "__main__":
    unittest.main()
