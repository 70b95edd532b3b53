#!/usr/bin/python3
# Land Carbon Toolbox: tests of the QGIS plugin, through qgis_process and through PyQGIS.
# SPDX-License-Identifier: GPL-2.0-or-later
"""LANDCARBON_PLUGINS names the folder that holds the built plugin, LANDCARBON_COMMAND the command to compare with.
QGIS runs with a private profile; nothing of the user's is touched."""

import csv
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

import numpy
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
SOURCE = pathlib.Path(os.environ["LANDCARBON_SOURCE"])
PLUGINS = pathlib.Path(os.environ["LANDCARBON_PLUGINS"])
COMMAND = os.environ["LANDCARBON_COMMAND"]
SAMPLE = SOURCE / "metadata" / "sample"
MAPS = [str(SAMPLE / f"landcover_{year}.tif") for year in (1990, 2005, 2020)]
# Debian 12's wrapper qgis_process passes an option that the program refuses; the program itself is beside it.
QGIS_PROCESS = shutil.which("qgis_process.bin") or shutil.which("qgis_process")

ROOT = tempfile.TemporaryDirectory(prefix="landcarbon qgis ")
HOME = pathlib.Path(ROOT.name) / "home"
HOME.mkdir(mode=0o700)
os.environ.update(HOME=str(HOME), XDG_RUNTIME_DIR=str(HOME), XDG_CONFIG_HOME=str(HOME), XDG_DATA_HOME=str(HOME),
                  XDG_CACHE_HOME=str(HOME), QGIS_CUSTOM_CONFIG_PATH=str(HOME / "profile"), QT_QPA_PLATFORM="offscreen",
                  QGIS_PLUGINPATH=str(PLUGINS), OGR_CURRENT_DATE="2020-01-01T00:00:00Z")


def qgis(*words, plugins=PLUGINS):
    return subprocess.run([QGIS_PROCESS, *words], env=dict(os.environ, QGIS_PLUGINPATH=str(plugins)), timeout=180,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8")


def usage():
    """What the command says of every algorithm: the same specs that the plugin is made of."""
    return json.loads(subprocess.run([COMMAND, "--json-usage"], capture_output=True, text=True, check=True).stdout)


def setUpModule():
    enabled = qgis("plugins", "enable", "landcarbon")
    if enabled.returncode != 0:
        raise RuntimeError(enabled.stdout + enabled.stderr)


def tearDownModule():
    ROOT.cleanup()


class FolderTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="out ", dir=ROOT.name))
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, name):
        return str(self.folder / name)

    def transition_outputs(self, prefix):
        return {name: self.path(f"{prefix}_{name.lower()}{ending}") for name, ending in
                (("TRANSITIONS", ".csv"), ("SUMMARY", ".gpkg"), ("INTENSITY", ".csv"), ("CHANGE_MAP", ".tif"),
                 ("REPORT", ".html"))}

    def assert_same_bytes(self, ours, theirs):
        for name, path in ours.items():
            self.assertEqual(pathlib.Path(path).read_bytes(), pathlib.Path(theirs[name]).read_bytes(), name)


def same_by_command(outputs, maps):
    words = [COMMAND, "transition-matrix", "--quiet", "--maps", ",".join(maps), "--years", "1990,2005,2020"]
    for name, path in outputs.items():
        words += ["--" + name.lower().replace("_", "-"), path]
    subprocess.run(words, check=True)


class Process(FolderTest):
    def runs(self, algorithm, *words, **options):
        result = qgis("--json", "run", algorithm, *words, **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)["results"]

    def fails(self, algorithm, *words, **options):
        result = qgis("run", algorithm, *words, **options)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        left = [path for path in self.folder.iterdir() if path.name != "input"]
        self.assertEqual(left, [], "something was left behind")
        return result.stderr

    def test_provider_is_listed(self):
        listed = json.loads(qgis("--json", "list").stdout)["providers"]["landcarbon"]
        self.assertEqual(listed["name"], "Land Carbon")
        models = [path.stem for path in (SOURCE / "metadata" / "models").glob("*.model3")]
        self.assertIn("carbon_budget", models)
        self.assertIn("muus", models)
        self.assertEqual(set(listed["algorithms"]), {spec["algorithm"] for spec in usage()} |
                         {"landcarbon:" + model.replace("_", "") for model in models})

    def test_help_names_every_parameter(self):
        for spec in usage():
            with self.subTest(spec["algorithm"]):
                described = json.loads(qgis("--json", "help", spec["algorithm"]).stdout)
                shown = described["parameters"]
                wanted = [argument for argument in spec["inputs"] + spec["outputs"]
                          if argument["kind"] not in ("numberOut", "textOut")]
                self.assertEqual(set(shown), {argument["parameter"] for argument in wanted})
                for argument in wanted:
                    self.assertIn(argument["label"], shown[argument["parameter"]]["description"])
                results = [argument["parameter"] for argument in spec["outputs"]]
                self.assertEqual(set(described["outputs"]), set(results))

    def test_results_exist_and_are_the_commands(self):
        outputs = self.transition_outputs("qgis")
        results = self.runs("landcarbon:transitionmatrix", *(f"--MAPS={path}" for path in MAPS),
                            "--YEARS=1990,2005,2020", *(f"--{name}={path}" for name, path in outputs.items()))
        for name, path in outputs.items():
            self.assertEqual(results[name], path)
            self.assertTrue(os.path.exists(path), path)
        self.assertGreater(results["TOTAL_AREA_HA"], results["CHANGED_AREA_HA"])
        # The name of a GeoPackage's table is the file's, so the twins stand in another folder under one name.
        twin = self.folder / "twin"
        twin.mkdir()
        twins = {name: str(twin / pathlib.Path(path).name) for name, path in outputs.items()}
        same_by_command(twins, MAPS)
        self.assert_same_bytes(outputs, twins)

    def test_paths_with_any_characters(self):
        inputs = self.folder / "input"
        inputs.mkdir()
        maps = []
        for number, path in enumerate(MAPS[:2]):
            maps.append(str(inputs / f"土地 'cover' & \"{number}\", 100%.tif"))
            shutil.copy(path, maps[-1])
        output = self.path("变化 'x'.csv")
        results = self.runs("landcarbon:transitionmatrix", *(f"--MAPS={path}" for path in maps),
                            f"--TRANSITIONS={output}")
        self.assertEqual(results["TRANSITIONS"], output)
        self.assertTrue(os.path.exists(output))

    def test_one_band_of_a_file_and_lists_in_one_word(self):
        first = MAPS[0] + "|band=1"
        one = self.runs("landcarbon:transitionmatrix", f"--MAPS={first}", f"--MAPS={MAPS[2]}")
        joined = self.runs("landcarbon:transitionmatrix", f"--MAPS={first};{MAPS[2]}")
        self.assertEqual(one, joined)
        self.assertGreater(one["CHANGED_AREA_HA"], 0)

    def test_unknown_key_is_refused(self):
        text = self.fails("landcarbon:transitionmatrix", f"--MAPS={MAPS[0]}", f"--MAPS={MAPS[1]}", "--YEAR=1990,2005",
                          f"--TRANSITIONS={self.path('t.csv')}")
        self.assertIn('unknown parameter YEAR; did you mean "Years" (YEARS)?', text)

    def test_all_wrong_values_are_told_at_once(self):
        text = self.fails("landcarbon:transitionmatrix", f"--MAPS={MAPS[0]}", "--MAPS=/no/such.tif", "--THREADS=-1",
                          "--MEMORY=much", "--CELL_AREA=0,5", f"--TRANSITIONS={self.path('t.csv')}")
        for part in ("Threads (THREADS): -1 is too small; it must be at least 0",
                     'Memory (MEMORY): "much" is not a number',
                     'Cell area (CELL_AREA): "0,5" is not a number; write a decimal point, not a comma', "/no/such.tif"):
            self.assertIn(part, text)

    def test_an_error_in_the_run_ends_it_with_its_reason(self):
        inputs = self.folder / "input"
        inputs.mkdir()
        broken = inputs / "broken.tif"
        data = pathlib.Path(MAPS[1]).read_bytes()
        broken.write_bytes(data[:len(data) // 2])
        start = time.monotonic()
        text = self.fails("landcarbon:transitionmatrix", f"--MAPS={MAPS[0]}", f"--MAPS={broken}",
                          f"--TRANSITIONS={self.path('t.csv')}", f"--CHANGE_MAP={self.path('c.tif')}")
        self.assertLess(time.monotonic() - start, 15)
        self.assertIn("broken.tif", text)

    def test_output_that_is_an_input_is_refused(self):
        inputs = self.folder / "input"
        inputs.mkdir()
        maps = [shutil.copy(path, inputs) for path in MAPS[:2]]
        before = pathlib.Path(maps[0]).read_bytes()
        self.fails("landcarbon:transitionmatrix", f"--MAPS={maps[0]}", f"--MAPS={maps[1]}", f"--CHANGE_MAP={maps[0]}")
        self.assertEqual(pathlib.Path(maps[0]).read_bytes(), before)

    def test_output_that_is_no_file_is_refused(self):
        text = self.fails("landcarbon:transitionmatrix", f"--MAPS={MAPS[0]}", f"--MAPS={MAPS[1]}",
                          "--TRANSITIONS=memory:")
        self.assertIn("TRANSITIONS", text)

    def test_model_makes_all_its_outputs(self):
        endings = {"rasterDestination": ".tif", "vectorDestination": ".csv", "fileDestination": ".html"}
        described = json.loads(qgis("--json", "help", "landcarbon:carbonbudget").stdout)
        outputs = {name: self.path(name.replace(":", " ") + endings[parameter["type"]["id"]])
                   for name, parameter in described["parameters"].items() if parameter["is_destination"]}
        self.assertGreater(len(outputs), 20)
        results = self.runs("landcarbon:carbonbudget", f"--FIRST_MAP={MAPS[0]}", f"--MAPS_BETWEEN={MAPS[1]}",
                            f"--LAST_MAP={MAPS[2]}", "--YEARS=1990,2005,2020", f"--POOLS={SAMPLE / 'pools.csv'}",
                            f"--FACTORS={SAMPLE / 'factors.csv'}", f"--CLASSES={SAMPLE / 'classes.csv'}",
                            f"--ZONES={SAMPLE / 'zones.geojson'}", *(f"--{name}={path}" for name, path in outputs.items()))
        self.assertEqual(results, outputs)
        for path in outputs.values():
            self.assertGreater(os.path.getsize(path), 0, path)
        # All three dates take part: two steps and the whole period.
        periods = {line.split(",")[0] for line in
                   pathlib.Path(outputs["change:Transitions"]).read_text(encoding="utf-8").splitlines()[1:]}
        self.assertEqual(len(periods), 3, periods)
        # The steps hand on the same numbers as the algorithms run one by one.
        storage = subprocess.run([COMMAND, "carbon-storage", "--quiet", "--json", "--land-cover", MAPS[2], "--pools",
                                  str(SAMPLE / "pools.csv"), "--storage-map", self.path("alone.tif")],
                                 capture_output=True, check=True)
        self.assertIn("TOTAL_STORAGE_T", json.loads(storage.stdout)["results"])
        self.assertEqual(pathlib.Path(outputs["later:Last storage map"]).read_bytes(),
                         pathlib.Path(self.path("alone.tif")).read_bytes())

    def test_model_runs_with_the_least(self):
        report = self.path("report.html")
        results = self.runs("landcarbon:carbonbudget", f"--FIRST_MAP={MAPS[0]}", f"--LAST_MAP={MAPS[2]}",
                            f"--POOLS={SAMPLE / 'pools.csv'}", f"--FACTORS={SAMPLE / 'factors.csv'}",
                            f"--balance2:Last balance report={report}")
        self.assertEqual(results["balance2:Last balance report"], report)
        self.assertTrue(os.path.exists(report))

    def test_model_matches_classes_by_name_where_it_is_told_to(self):
        inputs = self.folder / "input"
        inputs.mkdir()
        tables = {}
        for name in ("pools", "factors"):
            header, *rows = (SAMPLE / f"{name}.csv").read_text(encoding="utf-8").splitlines()
            tables[name] = inputs / f"{name}.csv"
            tables[name].write_text("\n".join([header] + ["9" + row for row in rows]) + "\n", encoding="utf-8")
        words = [f"--FIRST_MAP={MAPS[0]}", f"--LAST_MAP={MAPS[2]}", f"--POOLS={tables['pools']}",
                 f"--FACTORS={tables['factors']}", f"--later:Last storage map={self.path('named.tif')}"]
        self.assertIn("no row", self.fails("landcarbon:carbonbudget", *words))
        self.runs("landcarbon:carbonbudget", *words, "--MATCH=names")
        subprocess.run([COMMAND, "carbon-storage", "--quiet", "--land-cover", MAPS[2], "--pools",
                        str(SAMPLE / "pools.csv"), "--storage-map", self.path("coded.tif")], check=True)
        self.assertEqual(*(pathlib.Path(self.path(name)).read_bytes() for name in ("named.tif", "coded.tif")))

    def test_model_ends_when_a_step_fails(self):
        inputs = self.folder / "input"
        inputs.mkdir()
        pools = inputs / "pools.csv"
        pools.write_text("class,c_above,c_below,c_soil,c_dead\n1,1,1,1,1\n")
        text = self.fails("landcarbon:carbonbudget", f"--FIRST_MAP={MAPS[0]}", f"--LAST_MAP={MAPS[2]}",
                          f"--POOLS={pools}", f"--FACTORS={SAMPLE / 'factors.csv'}",
                          f"--storage:Storage report={self.path('r.html')}")
        self.assertIn("pools.csv", text)

    def test_zoning_model_finds_what_was_planted(self):
        counties = SAMPLE / "counties"
        model = "landcarbon:carbonneutralzoning"
        endings = {"vectorDestination": ".csv", "fileDestination": ".html"}
        described = json.loads(qgis("--json", "help", model).stdout)
        outputs = {name: self.path(name.replace(":", " ") + endings[parameter["type"]["id"]])
                   for name, parameter in described["parameters"].items() if parameter["is_destination"]}
        outputs["zoning:Zones"] = self.path("zones.gpkg")
        self.assertGreater(len(outputs), 12)
        results = self.runs(model, f"--YEARBOOK={counties / 'counties.csv'}", f"--COUNTIES={counties / 'counties.geojson'}",
                            "--DRIVERS=population;w;is;ti;ur;cei", f"--SCENARIOS={counties / 'scenarios.csv'}",
                            *(f"--{name}={path}" for name, path in outputs.items()))
        self.assertEqual(results, outputs)
        for path in outputs.values():
            self.assertGreater(os.path.getsize(path), 0, path)

        def rows(path):
            with open(path, encoding="utf-8-sig", newline="") as file:
                return list(csv.DictReader(file))
        truth = {row["county"]: row for row in rows(counties / "truth.csv")}
        self.assertEqual(len(truth), 81)
        # Every trend has the planted sign and is significant.
        trends = rows(outputs["trends:Trends"])
        self.assertEqual(len(trends), 81 * 8)
        for row in trends:
            index = row["quantity"].split("_")[0]
            self.assertGreater(float(row["z"]) * int(truth[row["unit"]][index]), 1.66, row)
        # Least squares finds the planted elasticities within its own errors, which are small.
        found = {row["term"]: row for row in rows(outputs["stirpat:Elasticities"]) if row["method"] == "ols"}
        for row in rows(counties / "elasticities.csv"):
            error = float(found[row["driver"]]["standard_error"])
            self.assertLess(error, 0.01, row)
            self.assertLess(abs(float(found[row["driver"]]["coefficient"]) - float(row["elasticity"])), 4 * error, row)
        # Every county is in the planted zone, on the map and in the table.
        dataset = ogr.Open(outputs["zoning:Zones"])  # layers live as long as it does
        zones = {feature["unit"]: feature["zone"] for feature in dataset.GetLayer(0)}
        self.assertEqual(zones, {county: int(row["zone"]) for county, row in truth.items()})
        self.assertTrue(pathlib.Path(outputs["zoning:Zones"]).with_suffix(".qml").exists())
        units = {row["zone"]: int(row["units"]) for row in rows(outputs["zoning:Summary of the zones"])}
        self.assertEqual(sum(units.values()), 81)

    def test_nep_study_finds_what_was_planted(self):
        sample = SAMPLE / "series"
        bands = lambda path: gdal.Open(str(path)).ReadAsArray()
        endings = {"rasterDestination": ".tif", "vectorDestination": ".csv", "fileDestination": ".html"}
        described = json.loads(qgis("--json", "help", "landcarbon:nepstudy").stdout)
        outputs = {name: self.path(name.replace(":", " ") + endings[parameter["type"]["id"]])
                   for name, parameter in described["parameters"].items() if parameter["is_destination"]}
        series = {name: sample / f"{name.lower()}.tif" for name in ("NPP", "TEMPERATURE", "PRECIPITATION", "RADIATION")}
        results = self.runs("landcarbon:nepstudy", *(f"--{name}={path}" for name, path in series.items()),
                            "--NPP_PRODUCT=mod17a3hgf", f"--LAND_COVER={sample / 'landcover.tif'}", "--YEARS=2001-2020",
                            *(f"--{name}={path}" for name, path in outputs.items()))
        self.assertEqual(results, outputs)
        checked = set()

        def cells(name):
            checked.add(name)
            return bands(outputs[name])

        def rows(name):
            checked.add(name)
            with open(outputs[name], encoding="utf-8-sig", newline="") as file:
                return list(csv.DictReader(file))

        def counts(classes, name, **where):
            """The table tells of each class as many cells as the map shows."""
            for row in rows(name):
                if all(row[column] == value for column, value in where.items()):
                    self.assertEqual(int(row["cells"]), int((classes == int(row["class"])).sum()), (name, row))

        planted, cover = bands(sample / "planted.tif"), bands(sample / "landcover.tif")
        rising, falling, steady = (planted == kind for kind in (1, 2, 3))
        grown = planted > 0  # where anything grows
        # Respiration and NEP by the formulas. Temperature is stored in tenths; 1 of MOD17 is 0.1 g.
        warm, wet = bands(series["TEMPERATURE"]) * 0.1, bands(series["PRECIPITATION"]).astype(float)
        inside = bands(series["TEMPERATURE"])[0] != -32768
        with numpy.errstate(invalid="ignore"):
            expected = 0.22 * (numpy.exp(0.0912 * warm) + numpy.log(0.3145 * wet + 1)) * 365 * 0.465
        respiration = cells("respiration:Soil respiration")
        numpy.testing.assert_allclose(respiration[:, inside], expected[:, inside], rtol=1e-6)
        nep, truth = cells("nep:NEP"), bands(series["NPP"]) * 0.1 - expected
        numpy.testing.assert_allclose(nep[:, grown], truth[:, grown], atol=2e-4)
        self.assertTrue((nep[0][~grown] == nep[0][0, 0]).all())  # NoData, as in the corner
        mean = cells("nep:Mean NEP")
        numpy.testing.assert_allclose(mean[grown], truth.mean(axis=0)[grown], atol=2e-4)
        numpy.testing.assert_array_equal(cells("nep:NEP classes")[grown],
                                         1 + numpy.searchsorted([0, 200, 400], mean[grown], side="right"))
        counts(cells("nep:NEP classes"), "nep:NEP by class")
        for name, values, where in (("nep:NEP by year", truth, grown), ("respiration:Respiration by year", expected, inside)):
            table = rows(name)
            self.assertEqual(len(table), 20)
            for row, year in zip(table, values):
                self.assertAlmostEqual(float(row["mean_gc_m2"]), year[where].mean(), delta=1e-4)
        # Trends: 6 and -5 g C/m2 a year as planted, and none where none was.
        slope, classes = cells("trend:Trend")[0], cells("trend:Trend classes")
        self.assertAlmostEqual(float(numpy.median(slope[rising])), 6, delta=0.2)
        self.assertAlmostEqual(float(numpy.median(slope[falling])), -5, delta=0.2)
        self.assertAlmostEqual(float(numpy.median(slope[steady])), 0, delta=0.2)
        self.assertLess(abs(slope[grown] - numpy.choose(planted[grown], [0, 6, -5, 0])).max(), 1.2)
        self.assertTrue((classes[rising] == 4).all())
        self.assertTrue((classes[falling] == -4).all())
        self.assertTrue((abs(classes[steady]) <= 1).all())
        counts(classes, "trend:Areas of trends", version="each cell")
        # What rises or falls all the time has a memory; what only goes with the year's rain has none.
        hurst = cells("hurst:Hurst exponent")[0]
        self.assertGreater(hurst[rising | falling].min(), 0.75)
        self.assertLess(hurst[steady].mean(), 0.45)
        numpy.testing.assert_array_equal(cells("hurst:Persistence classes")[grown], numpy.where(hurst[grown] > 0.5, 3, 1))
        counts(cells("hurst:Persistence classes"), "hurst:Areas of persistence")
        future = cells("future:Expected trends")
        numpy.testing.assert_array_equal(future[grown], numpy.choose(planted[grown], [0, 1, 2, 0]))
        counts(future, "future:Areas of expected trends")
        # Productivity follows the rain; radiation was planted nowhere, so that chance alone finds it.
        correlations, significance = cells("drivers:Partial correlations"), cells("drivers:Correlation classes")
        warmth, rain, sun = (correlations[3 * driver] for driver in range(3))
        self.assertTrue((rain[grown] > 0.3).all())
        self.assertTrue((rain[steady] > 0.9).all())
        self.assertTrue((abs(rain) > abs(warmth))[grown].mean() > 0.999)
        self.assertTrue((abs(rain) > abs(sun))[grown].all())
        self.assertTrue((significance[1][steady] == 2).all())
        self.assertLess((significance[2][steady] != 0).mean(), 0.08)
        self.assertTrue((correlations[2::3][:, grown] == 20).all())
        for driver, name in enumerate(("temperature", "precipitation", "radiation")):
            counts(significance[driver][grown], "drivers:Areas of correlations", driver=name)
        # Variability is that of the truth; classes go up with it.
        variability, steps = cells("variability:Variability"), truth[:, grown]
        numpy.testing.assert_allclose(variability[0][grown], steps.mean(axis=0), atol=2e-4)
        numpy.testing.assert_allclose(variability[1][grown], steps.std(axis=0, ddof=1), atol=2e-4)
        numpy.testing.assert_allclose(variability[2][grown], variability[1][grown] / abs(variability[0][grown]), rtol=1e-5)
        self.assertTrue((variability[3][grown] == 20).all())
        self.assertLess(numpy.median(variability[1][steady]), 0.8 * numpy.median(variability[1][falling]))
        classes = cells("variability:Variability classes")
        tops = [variability[2][grown & (classes == k)].max() for k in range(1, classes.max() + 1)]
        self.assertGreater(len(tops), 2)
        numpy.testing.assert_array_equal(classes[grown], 1 + numpy.searchsorted(tops, variability[2][grown]))
        counts(classes, "variability:Areas of variability")
        # The series of each class of land cover, and their least-squares rates.
        table, rates = rows("cover:Series by land cover"), rows("cover:Rates by land cover")
        self.assertEqual(len(table), 6 * 20)
        for row in table:
            of_class = (cover == int(row["zone"])) & grown
            self.assertEqual(int(row["cells"]), int(of_class.sum()))
            if of_class.any():
                values = nep[int(row["year"]) - 2001][of_class].astype(float)
                self.assertAlmostEqual(float(row["mean"]), values.mean(), delta=1e-9)
                self.assertAlmostEqual(float(row["sd"]), values.std(), delta=1e-9)
            else:
                self.assertEqual(row["mean"] + row["value"], "")
        for row in rates:
            of_class = (cover == int(row["zone"])) & grown
            if of_class.any():
                line = numpy.polyfit(numpy.arange(20), nep[:, of_class].astype(float).mean(axis=1), 1)
                self.assertAlmostEqual(float(row["linear_slope"]), line[0], delta=1e-9)
                share = numpy.choose(planted[of_class], [0, 6, -5, 0]).mean()
                self.assertAlmostEqual(float(row["slope"]), share, delta=0.4)
        # Reports tell what was found.
        words = {"respiration:Respiration report": "Soil respiration", "nep:NEP report": "20 years, 2001 to 2020",
                 "trend:Trend report": "20 years, 2001 to 2020", "hurst:Hurst report": "Anti-persistent",
                 "future:Expectation report": "Persistent increase", "drivers:Correlation report": "precipitation",
                 "cover:Land-cover report": "Forest land", "variability:Variability report": "Coefficient of variation"}
        for name, word in words.items():
            checked.add(name)
            self.assertIn(word, pathlib.Path(outputs[name]).read_text(encoding="utf-8"), name)
        self.assertEqual(checked, set(outputs))

    def drivers_of(self, balance_map):
        """Three rasters that follow a balance map closely, loosely and not at all, and one on a coarser grid."""
        source = gdal.Open(balance_map)
        index = source.ReadAsArray()
        valid = index > 0
        classes = numpy.digitize(index, numpy.quantile(index[valid], [0.2, 0.4, 0.6, 0.8, 0.95])) + 1
        random = numpy.random.RandomState(1)
        paths = {}
        for name, wrong in {"human": 0.05, "climate": 0.6, "terrain": 1.0}.items():
            odd = random.random_sample(index.shape) < wrong
            cells = numpy.where(odd, random.randint(1, 7, index.shape), classes)
            paths[name] = self.path(f"{name}.tif")
            raster = gdal.GetDriverByName("GTiff").CreateCopy(
                paths[name], gdal.Translate("", source, format="MEM", outputType=gdal.GDT_Byte, noData="none"))
            raster.GetRasterBand(1).WriteArray(cells.astype(numpy.uint8))
            raster.FlushCache()
        paths["temperature"] = self.path("temperature.tif")
        gdal.Translate(paths["temperature"], str(SAMPLE / "series" / "temperature.tif"), bandList=[1], unscale=True,
                       outputType=gdal.GDT_Float32)
        return paths

    def test_model_finds_the_planted_drivers(self):
        inputs = [f"--FIRST_MAP={MAPS[0]}", f"--LAST_MAP={MAPS[2]}", f"--POOLS={SAMPLE / 'pools.csv'}",
                  f"--EMISSION_FACTORS={SAMPLE / 'factors.csv'}", "--GRID_SIZE=1000"]
        balance = self.path("balance.tif")
        elevation = str(SAMPLE / "elevation.tif")
        self.runs("landcarbon:muus", *inputs, f"--TERRAIN={elevation}", f"--balance2:Last balance map={balance}")
        drivers = self.drivers_of(balance)
        factors, report = self.path("factors.csv"), self.path("report.html")
        pairs = self.path("pairs.csv")
        self.runs("landcarbon:muus", *inputs, f"--TERRAIN={drivers['terrain']}", f"--TERRAIN={elevation}",
                  f"--CLIMATE={drivers['climate']}", f"--CLIMATE={drivers['temperature']}",
                  f"--HUMAN={drivers['human']}", f"--drivers:Factors={factors}", f"--drivers:Interactions={pairs}",
                  f"--drivers:Drivers report={report}")
        with open(factors, encoding="utf-8-sig") as file:
            rows = {row["factor"]: float(row["q"]) for row in csv.DictReader(file)}
        self.assertEqual(list(rows), ["terrain", "elevation", "climate", "temperature", "human"])
        self.assertGreater(rows["human"], rows["climate"])
        self.assertGreater(rows["climate"], rows["terrain"])
        self.assertEqual(max(rows, key=rows.get), "human")
        self.assertLess(rows["terrain"], 0.01)
        with open(pairs, encoding="utf-8-sig") as file:
            self.assertEqual(len(list(csv.DictReader(file))), 10)
        self.assertIn("Interaction detector", pathlib.Path(report).read_text(encoding="utf-8"))

    def plugin_copy(self, *names):
        plugins = self.folder / "input" / "plugins"
        for name in names:
            shutil.copytree(PLUGINS / "landcarbon", plugins / name, ignore=shutil.ignore_patterns("__pycache__"))
        return plugins

    def test_interrupt_leaves_nothing(self):
        """Fault 42: an interrupt while the run is under way. With --json QGIS itself would not hear it."""
        land_cover = str(self.folder / "input" / "large.tif")
        os.mkdir(self.folder / "input")
        driver = gdal.GetDriverByName("GTiff")
        raster = driver.Create(land_cover, 60000, 60000, 1, gdal.GDT_Byte, ["SPARSE_OK=YES", "TILED=YES"])
        raster.SetGeoTransform((500000, 1, 0, 4000000, 0, -1))
        raster.SetProjection(gdal.Open(MAPS[0]).GetProjection())
        raster.GetRasterBand(1).WriteRaster(0, 0, 1, 1, b"\1")
        raster = None
        for json_wanted in (False, True):
            with self.subTest(json=json_wanted):
                run = subprocess.Popen(
                    [QGIS_PROCESS, *["--json"] * json_wanted, "run", "landcarbon:carbonstorage", "--THREADS=1",
                     f"--LAND_COVER={land_cover}", f"--POOLS={SAMPLE / 'pools.csv'}",
                     f"--STORAGE_MAP={self.path('storage.tif')}"],
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                limit = time.monotonic() + 60
                while not list(self.folder.glob("*.part")) and run.poll() is None and time.monotonic() < limit:
                    time.sleep(0.02)
                self.assertIsNone(run.poll(), "the run had ended before it was interrupted")
                run.send_signal(signal.SIGINT)
                printed, told = run.communicate(timeout=60)
                self.assertEqual(run.returncode, 1, told)
                self.assertIn("cancelled; nothing was written", told)
                self.assertEqual([path.name for path in self.folder.iterdir()], ["input"])

    def test_model_of_flus_scenarios(self):
        described = json.loads(qgis("--json", "help", "landcarbon:flusscenarios").stdout)
        endings = {"rasterDestination": ".tif", "vectorDestination": ".csv", "fileDestination": ".html"}
        outputs = {name: self.path(str(number) + endings[parameter["type"]["id"]])
                   for number, (name, parameter) in enumerate(described["parameters"].items())
                   if parameter["is_destination"]}
        self.runs("landcarbon:flusscenarios", f"--FIRST_MAP={MAPS[1]}", f"--PRESENT_MAP={MAPS[2]}",
                  "--YEARS=2005,2020", "--TARGET_YEAR=2035", f"--DRIVERS={SAMPLE / 'elevation.tif'}",
                  f"--SCENARIOS={SAMPLE / 'scenarios.csv'}", f"--POOLS={SAMPLE / 'pools.csv'}",
                  f"--CLASSES={SAMPLE / 'classes.csv'}", *(f"--{name}={path}" for name, path in outputs.items()))
        for name, path in outputs.items():
            self.assertTrue(os.path.exists(path), name)

        def table(name):
            with open(next(path for key, path in outputs.items() if key.endswith(":" + name)), encoding="utf-8-sig", newline="") as file:
                return list(csv.DictReader(file))
        cells = {}
        for row in table("Comparison by class"):
            cells.setdefault(row["scenario"], {})[row["class"]] = int(row["cells"])
        self.assertEqual(list(cells), ["Today", "urbanised", "agricultural", "ecological"])
        # Every scenario shares out all cells, and meets its demand to a thousandth of them.
        for scenario in list(cells)[1:]:
            self.assertEqual(sum(cells[scenario].values()), sum(cells["Today"].values()))
            demand = {row["class"]: int(row["cells"]) for row in table(f"Demand {scenario}")}
            gap = sum(abs(cells[scenario][code] - wanted) for code, wanted in demand.items())
            self.assertLessEqual(gap, 2 * 0.001 * sum(demand.values()), scenario)
        # More town with urbanisation, more forest and carbon with ecology.
        self.assertGreater(cells["urbanised"]["5"], cells["ecological"]["5"])
        self.assertGreater(cells["ecological"]["2"], cells["urbanised"]["2"])
        storage = {row["scenario"]: float(row["storage_t"]) for row in table("Comparison")}
        self.assertGreater(storage["ecological"], storage["urbanised"])
        # What each driver tells stands beside what the place alone tells.
        told = table("Suitability by driver")
        self.assertGreaterEqual(len(told), 5)
        self.assertEqual(list(told[0]), ["response", "r2_without_drivers", "r2_elevation"])
        for row in told:
            self.assertTrue(0 < float(row["r2_without_drivers"]) < 1 and 0 < float(row["r2_elevation"]) <= 1, row)
        self.assertLessEqual({row["response"] for row in table("Change of storage by driver")}, set(list(cells)[1:]))

    def test_copy_for_another_qgis_says_so(self):
        plugins = self.plugin_copy("landcarbon")
        build = plugins / "landcarbon" / "_build.py"
        build.write_text('VERSION = "1"\nQGIS_VERSION = "3.98"\nQGIS_MINOR_INT = 398\n')
        listed = json.loads(qgis("--json", "list", plugins=plugins).stdout)["providers"]["landcarbon"]
        self.assertEqual(list(listed["algorithms"]), ["landcarbon:unavailable"])
        text = self.fails("landcarbon:unavailable", plugins=plugins)
        self.assertIn("was built for QGIS 3.98, but this is QGIS 3.", text)
        self.assertIn("Install the landcarbon package made for QGIS 3.", text)

    def test_missing_library_is_told(self):
        plugins = self.plugin_copy("landcarbon")
        (plugins / "landcarbon" / "liblandcarbon_qgis.so").unlink()
        text = self.fails("landcarbon:unavailable", plugins=plugins)
        self.assertIn("cannot be loaded: liblandcarbon_qgis.so", text)

    def test_second_copy_steps_aside(self):
        plugins = self.plugin_copy("landcarbon", "landcarbon_old")
        qgis("plugins", "enable", "landcarbon_old", plugins=plugins)
        self.addCleanup(qgis, "plugins", "disable", "landcarbon_old", plugins=plugins)
        listed = qgis("--json", "list", plugins=plugins)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIn("landcarbon:transitionmatrix", json.loads(listed.stdout)["providers"]["landcarbon"]["algorithms"])
        self.assertIn("is loaded already, from another folder", listed.stderr)


class PyQgis(FolderTest):
    @classmethod
    def setUpClass(cls):
        sys.path[:0] = ["/usr/share/qgis/python/plugins", str(PLUGINS)]
        global core, processing
        import qgis.core as core
        core.QgsApplication.setPrefixPath("/usr", True)
        cls.application = core.QgsApplication([], False)
        cls.application.initQgis()
        from processing.core.Processing import Processing
        Processing.initialize()
        import processing
        import landcarbon
        cls.plugin = landcarbon.classFactory(None)
        cls.plugin.initProcessing()
        cls.registry = core.QgsApplication.processingRegistry()

    @classmethod
    def tearDownClass(cls):
        cls.plugin.unload()
        cls.application.exitQgis()

    def provider(self):
        return self.registry.providerById("landcarbon")

    def quiet(self):
        return core.QgsProcessingFeedback(False)

    def transitions(self, maps, **more):
        return processing.run("landcarbon:transitionmatrix", dict(MAPS=maps, **more), feedback=self.quiet())

    def coded_raster(self, name, values, nodata=None):
        """A small projected class raster of 10 m cells: 100 cells make 1 ha."""
        path = self.path(name)
        dataset = gdal.GetDriverByName("GTiff").Create(path, 10, len(values), 1, gdal.GDT_Byte)
        dataset.SetGeoTransform((500000, 10, 0, 4000000, 0, -10))
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(32649)
        dataset.SetProjection(reference.ExportToWkt())
        if nodata is not None:
            dataset.GetRasterBand(1).SetNoDataValue(nodata)
        for row, value in enumerate(values):
            dataset.GetRasterBand(1).WriteRaster(0, row, 10, 1, bytes([value] * 10))
        return path

    def test_same_bytes_as_the_command(self):
        outputs = self.transition_outputs("x")
        self.transitions(MAPS, YEARS="1990,2005,2020", **outputs)
        twin = self.folder / "twin"
        twin.mkdir()
        twins = {name: str(twin / pathlib.Path(path).name) for name, path in outputs.items()}
        same_by_command(twins, MAPS)
        self.assert_same_bytes(outputs, twins)

    def test_everything_is_described(self):
        for algorithm in self.provider().algorithms():
            with self.subTest(algorithm.id()):
                self.assertTrue(os.path.exists(algorithm.svgIconPath()), algorithm.svgIconPath())
                self.assertFalse(algorithm.icon().isNull())
                self.assertTrue(algorithm.group())
                self.assertTrue(algorithm.shortHelpString())
                self.assertNotIn(" ", algorithm.name())
                for parameter in algorithm.parameterDefinitions():
                    self.assertTrue(parameter.description(), parameter.name())
                    if not (parameter.isDestination() and isinstance(algorithm, core.QgsProcessingModelAlgorithm)):
                        self.assertTrue(parameter.help(), parameter.name())

    def test_defaults_are_acceptable(self):
        for algorithm in self.provider().algorithms():
            for parameter in algorithm.parameterDefinitions():
                if parameter.defaultValue() is not None:
                    self.assertTrue(parameter.checkValueIsAcceptable(parameter.defaultValue()), parameter.name())

    def arguments(self):
        """Every input of every algorithm: its spec, and its definition in QGIS."""
        for spec in json.loads(subprocess.run([COMMAND, "--json-usage"], capture_output=True, check=True).stdout):
            algorithm = self.registry.algorithmById(spec["algorithm"])
            for argument in spec["inputs"]:
                yield spec, argument, algorithm.parameterDefinition(argument["parameter"])

    def test_choices_show_labels_and_keep_words(self):
        for spec, argument, definition in self.arguments():
            if argument["kind"] != "choice":
                continue
            with self.subTest(spec["id"] + " " + argument["id"]):
                self.assertEqual(definition.type(), "enum")
                self.assertTrue(definition.usesStaticStrings())
                self.assertEqual(definition.options(), [choice["key"] for choice in argument["choices"]])
                self.assertEqual(definition.defaultValue(), argument["default"])
                widget = definition.metadata()["widget_wrapper"]
                self.assertEqual(widget["labels"], [choice["label"] for choice in argument["choices"]])
                module, name = widget["class"].rsplit(".", 1)
                self.assertTrue((PLUGINS / (module.replace(".", "/") + ".py")).exists(), module)

    def test_numbers_fit_their_boxes(self):
        for spec, argument, definition in self.arguments():
            if argument["kind"] not in ("integer", "real"):
                continue
            with self.subTest(spec["id"] + " " + argument["id"]):
                limit = 2147483647 if argument["kind"] == "integer" else 1e12
                self.assertGreaterEqual(definition.minimum(), -limit)
                self.assertLessEqual(definition.maximum(), limit)
                self.assertLess(definition.minimum(), definition.maximum())

    def test_help_names_parameters_as_the_dialog_shows_them(self):
        for spec, argument, definition in self.arguments():
            names = {other["parameter"] for other in spec["inputs"]}
            words = set(re.findall(r"(?<![\w\"=])[A-Z][A-Z_]{2,}(?![\w=])", re.sub(r'"[^"]*"', "", definition.help())))
            with self.subTest(spec["id"] + " " + argument["id"]):
                self.assertEqual(words & names, set())

    def loaded(self, algorithm, parameters, names):
        """Runs an algorithm as the dialog does, and loads what it made as Processing does."""
        project = core.QgsProject()
        context = core.QgsProcessingContext()
        context.setProject(project)
        for name in names:
            parameters[name] = core.QgsProcessingOutputLayerDefinition(core.QgsProcessing.TEMPORARY_OUTPUT, project)
        task = self.registry.createAlgorithmById("landcarbon:" + algorithm)
        results, good = task.run(parameters, context, self.quiet())
        self.assertTrue(good)
        layers = {}
        details = context.layersToLoadOnCompletion()
        self.assertEqual(len(details), len(names))
        for path, detail in details.items():
            layer = core.QgsProcessingUtils.mapLayerFromString(path, context, True)
            layer.setName(detail.name)
            project.addMapLayer(context.takeResultLayer(layer.id()))
            detail.postProcessor().postProcessLayer(layer, context, self.quiet())
            layers[next(name for name in names if results[name] == path)] = layer
        return project, layers

    def test_loaded_results_have_style_name_and_order(self):
        project, layers = self.loaded("carbonstorage", {
            "LAND_COVER": MAPS[0], "LATER_LAND_COVER": MAPS[2], "POOLS": str(SAMPLE / "pools.csv")},
            ["BY_CLASS", "POOL_MAPS", "CHANGE_MAP", "STORAGE_MAP"])
        for name in ("POOL_MAPS", "CHANGE_MAP", "STORAGE_MAP"):
            self.assertEqual(layers[name].renderer().type(), "singlebandpseudocolor")
        self.assertGreater(layers["POOL_MAPS"].bandCount(), 2)
        self.assertEqual(layers["CHANGE_MAP"].name(), "Change of carbon storage 1990-2020")
        self.assertEqual(layers["STORAGE_MAP"].name(), "Carbon storage 1990")
        table = layers["BY_CLASS"]
        area = table.fields().indexOf("area_ha")
        self.assertEqual(table.attributeAlias(area), "Area (ha)")
        self.assertEqual(table.editorWidgetSetup(area).type(), "Range")
        if core.Qgis.QGIS_VERSION_INT < 33200:  # later versions sort the layers themselves
            order = [node.layer().name() for node in project.layerTreeRoot().findLayers()]
            self.assertEqual(order[-1], table.name())
            self.assertEqual(order[0], "Change of carbon storage 1990-2020")

    def test_tables_speak_to_people(self):
        _, layers = self.loaded("geodetector", {"RESPONSE": str(SAMPLE / "elevation.tif"), "FACTORS": [MAPS[0], MAPS[2]]},
                                ["INTERACTION", "CLASSIFIED"])
        table = layers["INTERACTION"]
        kind = table.fields().indexOf("type")
        words = table.editorWidgetSetup(kind)
        self.assertEqual(words.type(), "ValueMap")
        self.assertEqual(words.config()["map"]["Enhanced, both factors"], "enhance_bi")
        # As many digits as a small probability needs, not 0.00000.
        self.assertNotEqual(table.editorWidgetSetup(table.fields().indexOf("p")).type(), "Range")
        self.assertEqual(table.attributeAlias(table.fields().indexOf("q_first")), "q first")
        # The classes of the first factor, not a ramp.
        renderer = layers["CLASSIFIED"].renderer()
        self.assertEqual(renderer.type(), "paletted")
        self.assertIn("Forest land", [entry.label for entry in renderer.classes()])

    def test_results_of_a_demand_have_their_year(self):
        _, layers = self.loaded("landdemand", {"FIRST": MAPS[0], "SECOND": MAPS[2], "YEARS": "1990,2020"}, ["DEMAND"])
        self.assertEqual(layers["DEMAND"].name(), "Land demand 2050")  # as long after 2020 as that is after 1990
        _, layers = self.loaded("landdemand", {"FIRST": MAPS[0], "SECOND": MAPS[2], "YEARS": "1990,2020",
                                               "TARGET_YEARS": "2030,2040"}, ["DEMAND"])
        self.assertEqual(layers["DEMAND"].name(), "Land demand 2030-2040")

    def test_results_are_named_in_the_order_of_the_maps(self):
        _, layers = self.loaded("transitionmatrix", {"MAPS": [MAPS[2], MAPS[0]]}, ["CHANGE_MAP"])
        self.assertEqual(layers["CHANGE_MAP"].name(), "Change of land cover 2020-1990")
        _, layers = self.loaded("transitionmatrix", {"MAPS": [MAPS[0], MAPS[2], MAPS[1]]}, ["SUMMARY"])
        self.assertEqual(layers["SUMMARY"].name(), "Land-cover change by class")

    def test_loaded_classes_are_those_of_the_map(self):
        _, layers = self.loaded("transitionmatrix", {
            "MAPS": MAPS, "YEARS": "1990,2005,2020", "CLASSES": str(SAMPLE / "classes.csv")}, ["CHANGE_MAP"])
        renderer = layers["CHANGE_MAP"].renderer()
        self.assertEqual(renderer.type(), "paletted")
        self.assertTrue(all(entry.label for entry in renderer.classes()))
        self.assertLess(len(renderer.classes()), 50)
        self.assertEqual(layers["CHANGE_MAP"].name(), "Change of land cover 1990-2020")

    def zones_layer(self):
        zones = core.QgsVectorLayer(str(SAMPLE / "zones.geojson"), "zones", "ogr")
        core.QgsProject.instance().addMapLayer(zones, False)
        self.addCleanup(core.QgsProject.instance().clear)
        return zones

    def test_selected_features_only(self):
        zones = self.zones_layer()
        count = zones.featureCount()
        self.assertGreater(count, 1)
        source = core.QgsProcessingFeatureSourceDefinition
        said = []

        class Listener(core.QgsProcessingFeedback):
            def reportError(self, text, fatal=False):
                said.append(text)

        def rows(name, value):
            path = self.path(name)
            task = self.registry.createAlgorithmById("landcarbon:landuseintensity")
            context = core.QgsProcessingContext()
            context.setProject(core.QgsProject.instance())
            _, good = task.run({"LAND_COVER": MAPS[0], "CLASSES": str(SAMPLE / "classes.csv"), "ZONES": value,
                                "INTENSITY": path}, context, Listener(False))
            return core.QgsVectorLayer(path, "rows", "ogr").featureCount() if good else None
        zones.selectByIds([next(zones.getFeatures()).id()])
        self.assertEqual(rows("all.gpkg", source(zones.id(), False)), count)
        self.assertEqual(rows("one.gpkg", source(zones.id(), True)), 1)
        zones.removeSelection()
        self.assertIsNone(rows("none.gpkg", source(zones.id(), True)))
        self.assertRegex(" ".join(said), r'Zones \(ZONES\): no feature of layer "zones" is selected')

    def test_reference_system_of_the_layer(self):
        told = self.coded_raster("told.tif", [1, 2])
        silent = self.path("silent.tif")
        gdal.Translate(silent, told, outputSRS="EPSG:2229")
        layer = core.QgsRasterLayer(silent, "silent")
        layer.setCrs(core.QgsCoordinateReferenceSystem("EPSG:32649"))
        by_file, by_layer = (processing.run(
            "landcarbon:transitionmatrix", {"MAPS": [source, source]}, feedback=self.quiet())["TOTAL_AREA_HA"]
            for source in (told, layer))
        self.assertEqual(by_layer, by_file)

    def test_a_table_that_nobody_filled_in_is_not_given(self):
        for spec, argument, definition in self.arguments():
            if argument["kind"] != "matrix":
                continue
            algorithm = self.registry.algorithmById(spec["algorithm"])
            context = core.QgsProcessingContext()
            with self.subTest(spec["id"] + " " + argument["id"]):
                _, text = algorithm.checkParameterValues({argument["parameter"]: [""]}, context)
                self.assertNotIn(argument["parameter"], text)
                good, text = algorithm.checkParameterValues({argument["parameter"]: ["1"]}, context)
                self.assertFalse(good)
                self.assertIn(f'{argument["label"]} ({argument["parameter"]}): row 1 has 1 cell', text)

    def test_layers_of_the_project(self):
        layers = [core.QgsRasterLayer(path, f"map {number}") for number, path in enumerate(MAPS)]
        core.QgsProject.instance().addMapLayers(layers, False)
        self.addCleanup(core.QgsProject.instance().clear)
        by_path = self.transitions(MAPS)
        self.assertEqual(self.transitions(layers), by_path)
        self.assertEqual(self.transitions([layer.id() for layer in layers]), by_path)
        self.assertEqual(self.transitions(["map 0", "map 1", "map 2"]), by_path)

    def test_nodata_set_by_the_user_counts(self):
        values = [1, 1, 2, 2, 3, 3, 4, 4, 5, 0]
        first, second = (core.QgsRasterLayer(self.coded_raster(name, values, 0)) for name in ("a.tif", "b.tif"))
        area = lambda: self.transitions([first, second])["TOTAL_AREA_HA"]
        self.assertAlmostEqual(area(), 0.9, 9)
        provider = first.dataProvider()
        provider.setUserNoDataValue(1, [core.QgsRasterRange(2, 3)])
        self.assertAlmostEqual(area(), 0.5, 9)
        provider.setUseSourceNoDataValue(1, False)
        self.assertAlmostEqual(area(), 0.5, 9)  # the other map's NoData hides the last row
        second.dataProvider().setUseSourceNoDataValue(1, False)
        self.assertAlmostEqual(area(), 0.6, 9)
        provider.setUserNoDataValue(1, [core.QgsRasterRange(5, 5)])
        self.assertAlmostEqual(area(), 0.9, 9)
        provider.setUserNoDataValue(1, [])
        self.assertAlmostEqual(area(), 1.0, 9)

    def test_table_layers_without_a_file(self):
        names = core.QgsVectorLayer("None?field=class:integer&field=name:string", "names", "memory")
        for code, name in ((1, "Fields"), (2, "Woods"), (3, "hidden")):
            feature = core.QgsFeature(names.fields())
            feature.setAttributes([code, name])
            names.dataProvider().addFeature(feature)
        maps = [self.coded_raster("a.tif", [1, 2]), self.coded_raster("b.tif", [2, 1])]
        output = self.path("t.csv")
        self.transitions(maps, CLASSES=names, TRANSITIONS=output)
        text = pathlib.Path(output).read_text(encoding="utf-8")
        self.assertIn("Fields", text)
        self.assertIn("Woods", text)
        # A filter in QGIS holds for the toolbox too.
        names.setSubsetString('"class" = 1')
        self.transitions(maps, CLASSES=names, TRANSITIONS=output)
        text = pathlib.Path(output).read_text(encoding="utf-8")
        self.assertIn("Fields", text)
        self.assertNotIn("Woods", text)

    def test_raster_that_gdal_cannot_open_is_copied(self):
        path = self.coded_raster("a.tif", [1, 1, 2, 3])
        layer = core.QgsRasterLayer(path, "a")
        virtual = core.QgsRasterDataProvider.VirtualRasterParameters()
        core.QgsProject.instance().addMapLayer(layer, False)
        self.addCleanup(core.QgsProject.instance().clear)
        virtual.crs, virtual.extent, virtual.width, virtual.height = layer.crs(), layer.extent(), 10, 4
        virtual.formula = '"a@1" + 1'
        entry = core.QgsRasterDataProvider.VirtualRasterInputLayers()
        entry.name, entry.uri, entry.provider = "a", path, "gdal"
        virtual.rInputLayers = [entry]
        uri = core.QgsRasterDataProvider.encodeVirtualRasterProviderUri(virtual)
        later = core.QgsRasterLayer(uri, "later", "virtualraster")
        self.assertTrue(later.isValid())
        self.assertAlmostEqual(self.transitions([layer, later])["CHANGED_AREA_HA"], 0.4, 9)

    def test_messages_name_layers_not_their_copies(self):
        names = core.QgsVectorLayer(str(SAMPLE / "pools.csv"), "my pools", "ogr")
        names.selectAll()
        ids = sorted(names.selectedFeatureIds())
        names.selectByIds(ids[:2])
        core.QgsProject.instance().addMapLayer(names, False)
        self.addCleanup(core.QgsProject.instance().clear)
        call = {"LAND_COVER": MAPS[0], "POOLS": core.QgsProcessingFeatureSourceDefinition(names.id(), True)}
        with self.assertRaisesRegex(core.QgsProcessingException, r'Carbon pools \(POOLS\): layer "my pools": classes '):
            processing.run("landcarbon:carbonstorage", call, feedback=self.quiet())
        names.removeSelection()
        # Said in prepareAlgorithm, and heard by scripts all the same.
        with self.assertRaisesRegex(core.QgsProcessingException, 'no feature of layer "my pools" is selected'):
            processing.run("landcarbon:carbonstorage", call, feedback=self.quiet())
        self.assertTrue(names.setSubsetString("class IN ('1', '2')"))
        feedback = self.quiet()
        with self.assertRaisesRegex(core.QgsProcessingException, 'layer "my pools": classes '):
            processing.run("landcarbon:carbonstorage", {"LAND_COVER": MAPS[0], "POOLS": names}, feedback=feedback)
        self.assertIn('layer "my pools" has a filter (', feedback.textLog())

    def storage_record(self, land_cover, pools):
        """What the record beside a map of carbon storage says, and the total."""
        path = self.path("storage.tif")
        made = processing.run("landcarbon:carbonstorage",
                              {"LAND_COVER": land_cover, "POOLS": pools, "STORAGE_MAP": path,
                               "REPORT": self.path("report.html")}, feedback=self.quiet())
        report = pathlib.Path(self.path("report.html")).read_text(encoding="utf-8")
        text = pathlib.Path(path + ".json").read_text(encoding="utf-8")
        for place in (text, report):
            self.assertNotIn(core.QgsProcessingUtils.tempFolder(), place)
        return json.loads(text), made["TOTAL_STORAGE_T"]

    def test_records_name_layers_not_their_copies(self):
        def recorded(layer):
            record, _ = self.storage_record(MAPS[0], layer)
            entry = next(entry for entry in record["inputs"] if entry["parameter"] == "POOLS")
            self.assertEqual(record["parameters"]["POOLS"], entry["path"])
            self.assertNotIn("bytes", entry)
            return entry["path"]
        file = str(SAMPLE / "pools.csv")
        pools = core.QgsVectorLayer(file, "my pools", "ogr")
        memory = pools.materialize(core.QgsFeatureRequest())
        memory.setName("pools in memory")
        self.assertEqual(recorded(memory), 'layer "pools in memory"')
        pools.setSubsetString("class <> '99'")
        self.assertTrue(recorded(pools).startswith(f'layer "my pools" of {file}'))
        self.assertTrue(recorded(pools).endswith("which has a filter (class <> '99')"))
        pools.setSubsetString("")
        core.QgsProject.instance().addMapLayer(pools, False)
        self.addCleanup(core.QgsProject.instance().clear)
        pools.selectAll()
        self.assertEqual(recorded(core.QgsProcessingFeatureSourceDefinition(pools.id(), True)),
                         f'{pools.featureCount()} selected features of layer "my pools" of {pools.publicSource()}')
        cover = core.QgsRasterLayer(MAPS[0], "cover")
        cover.dataProvider().setUserNoDataValue(1, [core.QgsRasterRange(4, 4), core.QgsRasterRange(5, 6)])
        record, _ = self.storage_record(cover, file)
        self.assertEqual(record["parameters"]["LAND_COVER"],
                         f'layer "cover" of {MAPS[0]} with NoData 0, 4, 5 to 6, as set in QGIS')

    def test_edits_that_are_not_saved_count(self):
        path = self.path("pools.gpkg")
        gdal.VectorTranslate(path, gdal.OpenEx(str(SAMPLE / "pools.csv"), open_options=["AUTODETECT_TYPE=YES"]),
                             format="GPKG")
        pools = core.QgsVectorLayer(path, "pools", "ogr")
        _, saved = self.storage_record(MAPS[0], pools)
        self.assertTrue(pools.startEditing())
        at = pools.fields().indexOf("c_soil")
        for feature in pools.getFeatures():
            pools.changeAttributeValue(feature.id(), at, 2 * feature["c_soil"])
        record, edited = self.storage_record(MAPS[0], pools)
        self.assertGreater(edited, saved * 1.2)
        self.assertIn("edits that are not saved", record["parameters"]["POOLS"])
        # A feature that is deleted and not yet saved is a class without a row.
        pools.deleteFeature(next(pools.getFeatures()).id())
        with self.assertRaisesRegex(core.QgsProcessingException, 'layer "pools": class'):
            self.storage_record(MAPS[0], pools)
        pools.rollBack()
        self.assertEqual(self.storage_record(MAPS[0], pools)[1], saved)
        # A filter of a GeoPackage, beside the name of its layer.
        self.assertTrue(pools.setSubsetString('"class" < 4'))
        with self.assertRaisesRegex(core.QgsProcessingException, 'layer "pools": classes 4, 5'):
            self.storage_record(MAPS[0], pools)

    def test_copies_of_layers_keep_names_of_files(self):
        """Geodetector calls factors by their files, and a series has its years in their names."""
        folder = pathlib.Path(self.path("2001"))
        folder.mkdir()
        names = ["slope", "土壤 2001"]
        layers = []
        for name in names:
            path = str(folder / (name + ".tif"))
            gdal.Translate(path, str(SAMPLE / "elevation.tif"))
            layers.append(core.QgsRasterLayer(path, name + " as shown"))
            provider = layers[-1].dataProvider()
            provider.setUserNoDataValue(1, [core.QgsRasterRange(-5, -5)])
        table = self.path("q.csv")
        processing.run("landcarbon:geodetector", {"RESPONSE": MAPS[0], "FACTORS": layers, "FACTOR": table},
                       feedback=self.quiet())
        with open(table, encoding="utf-8-sig") as file:
            self.assertEqual(sorted(row["factor"] for row in csv.DictReader(file)), sorted(names))

    def test_layers_without_a_readable_source_are_named(self):
        broken = core.QgsRasterLayer("/nowhere/map.tif", "my map")
        lost = core.QgsVectorLayer("dbname='x' host=127.0.0.1 port=9 table=\"y\"", "my table", "postgres")
        core.QgsProject.instance().addMapLayers([broken, lost], False)
        self.addCleanup(core.QgsProject.instance().clear)
        pools = str(SAMPLE / "pools.csv")
        for value in (broken, broken.id()):
            with self.assertRaisesRegex(core.QgsProcessingException, '"my map" cannot be (read|used)'):
                processing.run("landcarbon:carbonstorage", {"LAND_COVER": value, "POOLS": pools}, feedback=self.quiet())
        with self.assertRaisesRegex(core.QgsProcessingException, r'\(POOLS\): layer "my table" cannot be read'):
            processing.run("landcarbon:carbonstorage", {"LAND_COVER": MAPS[0], "POOLS": lost}, feedback=self.quiet())

    def test_table_in_an_archive(self):
        archive = self.path("tables.zip")
        with zipfile.ZipFile(archive, "w") as file:
            file.write(SAMPLE / "pools.csv", "pools.csv")
        layer = core.QgsVectorLayer(f"/vsizip/{archive}/pools.csv", "pools", "ogr")
        self.assertTrue(layer.isValid())
        core.QgsProject.instance().addMapLayer(layer, False)
        self.addCleanup(core.QgsProject.instance().clear)
        totals = {processing.run("landcarbon:carbonstorage", {"LAND_COVER": MAPS[0], "POOLS": pools},
                                 feedback=self.quiet())["TOTAL_STORAGE_T"]
                  for pools in (str(SAMPLE / "pools.csv"), layer, layer.source())}
        self.assertEqual(len(totals), 1)

    def test_the_band_that_a_layer_shows(self):
        path = self.path("bands.tif")
        raster = gdal.GetDriverByName("GTiff").Create(path, 2, 1, 3, gdal.GDT_Float32)
        raster.SetGeoTransform((500000, 10, 0, 4000000, 0, -10))
        raster.SetProjection(core.QgsCoordinateReferenceSystem("EPSG:32649").toWkt())
        for band in (1, 2, 3):
            raster.GetRasterBand(band).WriteRaster(0, 0, 2, 1, struct.pack("2f", band, band + 10))
        del raster
        layer = core.QgsRasterLayer(path, "bands")
        core.QgsProject.instance().addMapLayer(layer, False)
        self.addCleanup(core.QgsProject.instance().clear)

        def lowest(value):
            feedback = self.quiet()
            table = self.path("classes.csv")
            processing.run("landcarbon:discretize", {"RASTER": value, "CLASS_COUNT": 2, "CLASS_TABLE": table}, feedback=feedback)
            with open(table, encoding="utf-8") as file:
                row = next(csv.DictReader(file))
            return float(row["lower"]), feedback.textLog()
        self.assertEqual(lowest(layer)[0], 1)  # a mixture of three bands shows no one band
        layer.setRenderer(core.QgsSingleBandGrayRenderer(layer.dataProvider(), 3))
        value, log = lowest(layer)
        self.assertEqual(value, 3)
        self.assertIn('band 3 of layer "bands" is used, which the layer shows', log)
        self.assertEqual(lowest(path + "|band=2")[0], 2)

    def test_features_with_invalid_geometries(self):
        zones = core.QgsVectorLayer("Polygon?crs=EPSG:32649&field=name:string", "zones", "memory")
        extent = core.QgsRasterLayer(MAPS[0], "m").extent()
        west, south, east, north = extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()
        for name, ring in (("fine", f"{west} {south}, {east} {south}, {east} {north}, {west} {south}"),
                           ("bow tie", f"{west} {south}, {east} {north}, {east} {south}, {west} {north}, {west} {south}")):
            feature = core.QgsFeature(zones.fields())
            feature.setAttributes([name])
            feature.setGeometry(core.QgsGeometry.fromWkt(f"POLYGON(({ring}))"))
            zones.dataProvider().addFeature(feature)
        core.QgsProject.instance().addMapLayer(zones, False)
        self.addCleanup(core.QgsProject.instance().clear)

        def rows(value):
            path = self.path("zones.gpkg")
            processing.run("landcarbon:landuseintensity", {"LAND_COVER": MAPS[0], "CLASSES": str(SAMPLE / "classes.csv"),
                                                           "ZONES": value, "INTENSITY": path}, feedback=self.quiet())
            return core.QgsVectorLayer(path, "rows", "ogr").featureCount()
        source = core.QgsProcessingFeatureSourceDefinition
        self.assertEqual(rows(zones), 2)
        skip = source(zones.id(), False, -1, source.FlagOverrideDefaultGeometryCheck,
                      core.QgsFeatureRequest.GeometrySkipInvalid)
        self.assertEqual(rows(skip), 1)

    def test_wrong_values_are_refused(self):
        with self.assertRaisesRegex(core.QgsProcessingException, r'did you mean "Years" \(YEARS\)'):
            self.transitions(MAPS, YEERS="1")

    def test_cancel_ends_in_an_error_and_leaves_nothing(self):
        feedback = self.quiet()
        feedback.cancel()
        with self.assertRaisesRegex(core.QgsProcessingException, "cancelled"):
            processing.run("landcarbon:transitionmatrix", {"MAPS": MAPS, "CHANGE_MAP": self.path("c.tif")},
                           feedback=feedback)
        self.assertEqual(list(self.folder.iterdir()), [])

    def run_in_background(self, parameters):
        """Runs as QGIS desktop does, in a task; returns whether it succeeded, results and log."""
        algorithm = self.registry.createAlgorithmById("landcarbon:transitionmatrix")
        context, feedback, ended = core.QgsProcessingContext(), self.quiet(), []
        task = core.QgsProcessingAlgRunnerTask(algorithm, parameters, context, feedback)
        task.executed.connect(lambda good, results: ended.append((good, results)))
        core.QgsApplication.taskManager().addTask(task)
        limit = time.monotonic() + 30
        while not ended and time.monotonic() < limit:
            core.QgsApplication.processEvents()
            time.sleep(0.01)
        self.assertTrue(ended, "the task did not end")
        return *ended[0], feedback.textLog()

    def test_background_task(self):
        good, results, log = self.run_in_background({"MAPS": MAPS, "CHANGE_MAP": self.path("c.tif")})
        self.assertTrue(good, log)
        self.assertTrue(os.path.exists(results["CHANGE_MAP"]))

    def test_background_task_survives_an_error(self):
        broken = self.path("broken.tif")
        data = pathlib.Path(MAPS[1]).read_bytes()
        pathlib.Path(broken).write_bytes(data[:len(data) // 2])
        good, _, log = self.run_in_background({"MAPS": [MAPS[0], broken], "CHANGE_MAP": self.path("c.tif")})
        self.assertFalse(good)
        self.assertIn("broken.tif", log)
        self.assertFalse(os.path.exists(self.path("c.tif")))

    def test_maps_are_styled_with_class_names(self):
        path = self.path("c.tif")
        self.transitions(MAPS, CLASSES=str(SAMPLE / "classes.csv"), CHANGE_MAP=path)
        layer = core.QgsRasterLayer(path, "change")
        self.assertIsInstance(layer.renderer(), core.QgsPalettedRasterRenderer)
        labels = [entry.label for entry in layer.renderer().classes()]
        self.assertTrue(any("Cropland" in label for label in labels), labels)

    def test_algorithms_chain_and_absent_numbers_are_left_out(self):
        table = lambda name: str(SAMPLE / f"{name}.csv")
        run = lambda name, **parameters: processing.run("landcarbon:" + name, parameters, feedback=self.quiet())
        storage = run("carbonstorage", LAND_COVER=MAPS[0], POOLS=table("pools"), STORAGE_MAP="TEMPORARY_OUTPUT")
        # With the factors of the Mu Us study the region is a net sink.
        factors = str(SOURCE / "metadata" / "tables" / "muus_emission_factors.csv")
        emission = run("carbonemission", LAND_COVER=MAPS[0], FACTORS=factors, EMISSION_MAP="TEMPORARY_OUTPUT")
        self.assertLess(emission["TOTAL_EMISSION_T"], 0)
        zones = core.QgsVectorLayer(str(SAMPLE / "zones.geojson"), "zones")
        count = zones.featureCount()
        self.assertGreater(count, 1)
        maps = {"STORAGE_MAP": storage["STORAGE_MAP"], "EMISSION_MAP": emission["EMISSION_MAP"], "ZONES": zones}
        for expected in (count, 1):
            balance = run("carbonbalance", **maps, BALANCE="TEMPORARY_OUTPUT")
            self.assertAlmostEqual(balance["TOTAL_STORAGE_T"], storage["TOTAL_STORAGE_T"], delta=1)
            self.assertEqual(balance["BALANCE_STATE"], "net_sink")
            self.assertNotIn("BALANCE_INDEX", balance)
            self.assertEqual(core.QgsVectorLayer(balance["BALANCE"], "balance").featureCount(), expected)
            zones.setSubsetString('"code" = 1')  # the second time with a filter set in QGIS

    def test_tables_load_as_layers(self):
        results = self.transitions(MAPS, TRANSITIONS="TEMPORARY_OUTPUT")
        table = core.QgsVectorLayer(results["TRANSITIONS"], "t", "ogr")
        self.assertTrue(table.isValid())
        self.assertEqual(table.fields().names()[-4:], ["pixels", "area_ha", "share_of_from", "share_of_map"])
        self.assertGreater(table.featureCount(), 10)

    def test_temporary_results_are_named_by_their_label(self):
        context = core.QgsProcessingContext()
        context.setProject(core.QgsProject.instance())
        output = core.QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", core.QgsProject.instance())
        algorithm = self.registry.createAlgorithmById("landcarbon:transitionmatrix")
        results, good = algorithm.run({"MAPS": MAPS, "CHANGE_MAP": output}, context, self.quiet())
        self.assertTrue(good)
        details = context.layersToLoadOnCompletion()[results["CHANGE_MAP"]]
        self.assertEqual(details.name, algorithm.parameterDefinition("CHANGE_MAP").description() + " 1990-2020")

    def test_unload_and_load_again(self):
        self.plugin.unload()
        self.assertIsNone(self.provider())
        self.plugin.initProcessing()
        self.assertIsNotNone(self.provider())
        self.plugin.initProcessing()
        self.assertEqual(self.transitions(MAPS[:2])["TOTAL_AREA_HA"], self.transitions(MAPS[:2])["TOTAL_AREA_HA"])


if __name__ == "__main__":
    unittest.main()
