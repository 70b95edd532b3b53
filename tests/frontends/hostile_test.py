#!/usr/bin/python3
# Land Carbon Toolbox: every parameter of every algorithm with hostile values, every output at hostile places.
# SPDX-License-Identifier: GPL-2.0-or-later
"""One valid call of each algorithm on the sample data, changed in one place at a time. Whatever the change, the command
ends by itself with exit code 0 or 1, says ERROR or makes what was asked for, leaves nothing else behind and touches
neither its inputs nor files of others.

A run takes a sample of the changes, drawn with a seed. LANDCARBON_HOSTILE=all takes every one (about an hour),
LANDCARBON_HOSTILE=20 twenty of each algorithm, LANDCARBON_HOSTILE_SEED=7 others. An algorithm that is new needs a line in
CALLS."""

import collections
import json
import math
import os
import pathlib
import random
import re
import shutil
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

import numpy
from osgeo import gdal

gdal.UseExceptions()

COMMAND = os.environ["LANDCARBON_COMMAND"]
SOURCE = pathlib.Path(os.environ["LANDCARBON_SOURCE"])
SAMPLE = SOURCE / "metadata/sample"
AMOUNT = os.environ.get("LANDCARBON_HOSTILE", "4")
SEED = os.environ.get("LANDCARBON_HOSTILE_SEED", "48")
SECONDS = 120
ENDINGS = {"rasterOut": ".tif", "tableOut": ".csv", "vectorOut": ".gpkg", "reportOut": ".html", "fileOut": ".json"}

# What algorithms make for one another, in order.
MADE = (
    "carbon-storage --land-cover landcover_2020.tif --pools pools.csv --storage-map storage.tif",
    "carbon-storage --land-cover landcover_2005.tif --pools pools.csv --storage-map storage_2005.tif",
    "carbon-emission --land-cover landcover_2020.tif --factors factors.csv --emission-map emission.tif",
    "coefficient-table --table beibu_soil_national --coefficients national.csv",
    "carbon-coefficients --coefficients coefficients.csv",
    "carbon-indices --units counties.csv --coefficients coefficients.csv --keep-fields population,w,is,ti,ur,cei "
    "--indices indices.csv",
    "trend-table --table indices.csv --layout rows --unit-field unit --year-field year --value-fields "
    "cs_t,nce_t,ce_t,ecc,esc,cf_ha,ec_ha,ed_ha --trend trends.csv",
    "stirpat --data indices.csv --response ce_t --drivers population,w,is,ti,ur,cei --model model.json",
    "stirpat-scenarios --model model.json --base indices.csv --unit-field unit --year-field year --scenarios "
    "county_scenarios.csv --sink cs_t --level base_year --milestones milestones.csv",
    "land-demand --first landcover_2005.tif --second landcover_2020.tif --years 2005,2020 --target-years 2035 "
    "--demand demand.csv",
    "suitability --land-cover landcover_2020.tif --drivers elevation.tif --suitability suitability.tif --epochs 20",
    "soil-respiration --temperature temperature.tif --precipitation precipitation.tif --step annual --respiration "
    "respiration.tif",
    "trend --series npp.tif --trend trend.tif",
    "hurst --series npp.tif --hurst hurst.tif",
    "carbon-balance --storage-map storage_2005.tif --emission-map emission.tif --grid-size 1500 --balance squares.gpkg",
)

CALLS = {
    "reclassify-land-cover": "--land-cover landcover_2020.tif --table reclassification.csv",
    "transition-matrix": "--maps landcover_1990.tif landcover_2020.tif --years 1990,2020 --classes classes.csv "
                         "--zones zones.geojson",
    "land-use-intensity": "--land-cover landcover_2020.tif --classes classes.csv --zones zones.geojson",
    "directional-distribution": "--land-cover landcover_2020.tif --selected 1,5 --classes classes.csv --size 2",
    "carbon-storage": "--land-cover landcover_1990.tif --pools pools.csv --later-land-cover landcover_2020.tif --price 43 "
                      "--years-between 30 --discount-rate 7 --price-change 1",
    "carbon-emission": "--land-cover landcover_2020.tif --factors factors.csv",
    "carbon-balance": "--storage-map storage_2005.tif --emission-map emission.tif --zones zones.geojson "
                      "--later-storage-map storage.tif --years-between 15",
    "carbon-density-correction": "--pools national.csv --region-precipitation 1999.4 --reference-precipitation 671.1 "
                                 "--built-classes 4 --decimals 1",
    "carbon-indices": "--units counties.csv --coefficients coefficients.csv --unit-field county --year-field year "
                      "--polygons counties.geojson --polygon-field county",
    "carbon-zoning": "--units counties.geojson --trends trends.csv --unit-field county --cep milestones.csv "
                     "--scenario baseline",
    "soil-respiration": "--temperature temperature.tif --precipitation precipitation.tif --step annual --first-year 2001",
    "nep": "--npp npp.tif --npp-product mod17a3hgf --respiration respiration.tif --years 2001-2020",
    "hurst": "--series npp.tif",
    "variability": "--series npp.tif",
    "partial-correlation": "--response npp.tif --drivers temperature.tif precipitation.tif --driver-names t,p",
    "trend-persistence": "--trend trend.tif --hurst hurst.tif --p trend.tif|band=4",
    "trend": "--series npp.tif --years 2001-2020",
    "trend-table": "--table counties.csv --layout rows --unit-field county --year-field year --value-fields population,w",
    "zonal-series": "--series npp.tif --zones zones.geojson --name-field name --years 2001-2020",
    "geodetector": "--response storage.tif --factors landcover_1990.tif landcover_2005.tif --factor-names a,b",
    "geodetector-table": "--data geodetector_disease.csv --response incidence --factors soiltype,watershed,elevation",
    "gwr": "--responses storage.tif --driver-maps elevation.tif --samples 300 --lattice 20",
    "gwr-layer": "--places squares.gpkg --responses storage_t --drivers emission_t",
    "discretize": "--raster elevation.tif",
    "stirpat": "--data indices.csv --response ce_t --drivers population,w,is,ti",
    "stirpat-scenarios": "--model model.json --base indices.csv --unit-field unit --year-field year --scenarios "
                         "county_scenarios.csv --sink cs_t --level base_year",
    "land-demand": "--first landcover_2005.tif --second landcover_2020.tif --years 2005,2020 --target-years 2035 "
                   "--classes classes.csv",
    "suitability": "--land-cover landcover_2020.tif --drivers elevation.tif --samples 1000 --epochs 10 --permutations 1",
    "flus": "--land-cover landcover_2020.tif --suitability suitability.tif --demand demand.csv --unreachable nearest "
            "--iterations 20",
    "plus": "--land-cover landcover_2020.tif --suitability suitability.tif --demand demand.csv --unreachable nearest "
            "--iterations 20",
    "simulation-accuracy": "--observed landcover_2020.tif --simulated landcover_2005.tif --initial landcover_1990.tif",
    "scenario-comparison": "--land-cover landcover_1990.tif --scenarios landcover_2005.tif landcover_2020.tif --names a,b "
                           "--pools pools.csv --classes classes.csv",
    "zonal-summary": "--rasters elevation.tif landcover_2020.tif --years 2000,2020 --zones zones.geojson --name-field name "
                     "--coverage fraction --median true --layout long",
    "coefficient-table": "--table beibu_carbon_pools",
    "carbon-coefficients": "--table all",
}
# Outputs that need inputs which the call does not have.
WITHOUT = {"geodetector": ("discretization-table", "classified"), "geodetector-table": ("discretization-table",),
           "zonal-series": ()}

NUMBERS = ("nan", "inf", "1e308", "-1e308", "1e999", "0", "-1", "1e-320", "abc", "9223372036854775808", "1,5", "", "1e18")
TEXTS = ("", " ", "nan", "1e308", ",,,", ";", "-1", "a" * 100000, "3,2,1", "2000-1e9", "1-2000000000", "名前", "\x01", "a\nb",
         "<script>alert(1)</script>", "=1+1", "%s%n", "../../etc", "1," * 50000)
FORMATS = {
    "rasterOut": (".img", ".asc", ".png", ".vrt", ".nc", ".grd", ".bil", ".jpg", ".gif", ".xpm", ".dem", ".gpkg", ".xyz",
                  ".mpr", "", ".unknown"),
    "tableOut": (".xlsx", ".ods", ".gpkg", ".dbf", ".json", ".sqlite", ".tsv", ".shp", ".pdf", ".dxf", ".fgb", ".kml",
                 ".tab", "", ".unknown"),
    "vectorOut": (".shp", ".geojson", ".gml", ".kml", ".csv", ".dxf", ".tab", ".fgb", ".gpx", "", ".unknown"),
    "reportOut": (".htm", ""), "fileOut": (".txt", "")}

Case = collections.namedtuple("Case", "algorithm option name words prepare keeps")


def no_preparation(_):
    return None


class Hostile(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="landcarbon hostile ")
        cls.addClassCleanup(folder.cleanup)
        cls.work = pathlib.Path(folder.name)
        cls.inputs = cls.work / "in"
        cls.inputs.mkdir()
        for pattern in ("*.tif", "*.csv", "*.geojson", "series/*.tif", "counties/*.csv", "counties/*.geojson"):
            for file in SAMPLE.glob(pattern):
                name = "county_scenarios.csv" if str(file).endswith("counties/scenarios.csv") else file.name
                shutil.copy(file, cls.inputs / name)
        shutil.copy(SOURCE / "tests/data/geodetector_disease.csv", cls.inputs)
        for words in MADE:
            subprocess.run([COMMAND, *words.split(), "--quiet"], cwd=cls.inputs, check=True, stderr=subprocess.DEVNULL)
        usage = subprocess.run([COMMAND, "--json-usage"], capture_output=True, check=True).stdout
        cls.specs = {spec["command"]: spec for spec in json.loads(usage)}
        cls.bad = cls.make_bad_files()

    @classmethod
    def make_bad_files(cls):
        folder = cls.work / "bad"
        folder.mkdir()

        def text(name, content):
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
            return folder / name

        whole = (cls.inputs / "landcover_2020.tif").read_bytes()
        for name in ("pipe.tif", "pipe.csv", "pipe.gpkg"):
            os.mkfifo(folder / name)
        bad = {"missing": folder / "missing.tif", "empty": text("empty.tif", b""), "text": text("text.tif", "hello\n"),
               "cut": text("cut.tif", whole[:len(whole) // 2]), "folder": folder, "endless": pathlib.Path("/dev/zero"),
               "pipe": folder / "pipe.tif", "pipe as table": folder / "pipe.csv", "pipe as layer": folder / "pipe.gpkg",
               "empty table": text("empty.csv", ""), "header": text("header.csv", "class,name\n"),
               "half a quote": text("quote.csv", 'class,c\n1,"a'), "binary": text("bytes.csv", bytes(range(256))),
               "deep": text("deep.geojson", "[" * 100000), "no database": text("a.gpkg", b"SQLite format 3\0" + b"\0" * 99),
               "server": text("server.vrt", "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>PG:host=127.0.0.1 port=9"
                                            "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"),
               "deep json": text("deep.json", '{"a":' * 200000), "null": text("null.json", "null")}
        like = gdal.Open(str(cls.inputs / "landcover_2020.tif"))
        shape = (like.RasterYSize, like.RasterXSize)
        for name, cells in (("no data", numpy.full(shape, numpy.nan)), ("infinite", numpy.full(shape, numpy.inf)),
                            ("constant", numpy.ones(shape)), ("largest", numpy.where(numpy.indices(shape)[1] % 2, 3.3e38, -3.3e38)),
                            ("tiny", numpy.indices(shape)[1] * 1e-44), ("one cell", numpy.ones((1, 1)))):
            raster = gdal.GetDriverByName("GTiff").Create(str(folder / f"{name}.tif"), cells.shape[1], cells.shape[0], 1,
                                                          gdal.GDT_Float32)
            raster.SetGeoTransform(like.GetGeoTransform())
            raster.SetProjection(like.GetProjection())
            raster.GetRasterBand(1).WriteArray(cells)
            raster = None
            bad[name] = folder / f"{name}.tif"
        return bad

    # Calls

    def words_of(self, algorithm, outputs="all"):
        """The valid call: option -> words."""
        words = collections.OrderedDict()
        for word in CALLS[algorithm].split():
            if word.startswith("--"):
                option = word[2:]
                words[option] = []
            else:
                words[option].append(str(self.inputs / word) if (self.inputs / word.split("|")[0]).exists() else word)
        if outputs == "all":
            for output in self.specs[algorithm]["outputs"]:
                name = output["option"][2:] if output.get("option") else ""
                if output["kind"] in ENDINGS and name not in WITHOUT.get(algorithm, ()):
                    words[name] = [name + "_out" + ENDINGS[output["kind"]]]
        return words

    def cases(self, algorithm):
        spec = self.specs[algorithm]
        valid = self.words_of(algorithm)
        yield Case(algorithm, "", "valid", valid, no_preparation, True)

        def changed(option, name, value):
            return Case(algorithm, option, name, {**valid, option: [value]}, no_preparation, None)

        for argument in spec["inputs"]:
            option, kind = argument["option"][2:], argument["kind"]
            if kind in ("rasterIn", "classRaster", "rasterStack", "tableIn", "vectorIn", "fileIn"):
                for name, path in self.bad.items():
                    yield changed(option, name, str(path))
            elif kind in ("integer", "real"):
                for value in NUMBERS:
                    yield changed(option, f"number {value!r}", value)
            elif kind == "choice":
                for value in ("99", "zzz", " ", *(choice["key"] for choice in argument["choices"])):
                    yield changed(option, f"choice {value!r}", value)
            elif kind == "flag":
                for value in ("true", "false", "maybe"):
                    yield changed(option, f"flag {value}", value)
            else:
                for value in TEXTS:
                    yield changed(option, f"text {value[:30]!r}", value)
        for output in spec["outputs"]:
            if output["kind"] in ENDINGS and output["option"][2:] in valid:
                yield from self.output_cases(algorithm, output)

    def output_cases(self, algorithm, output):
        option, ending = output["option"][2:], ENDINGS[output["kind"]]
        inputs = self.words_of(algorithm, outputs="none")

        def case(name, path, prepare=no_preparation, keeps=None, more=()):
            return Case(algorithm, option, name, {**inputs, option: [path], **dict(more)}, prepare, keeps)

        def precious(name, link=None):
            def prepare(folder):
                (folder / name).parent.mkdir(exist_ok=True)
                if link:
                    (folder / name).symlink_to(link)
                else:
                    (folder / name).write_text("precious")
            return prepare

        overwrite = (("overwrite", []),)
        for path in ("no/such/x" + ending, ".", "/", "x" * 300 + ending, "/dev/null", "/dev/full", "/vsimem/x" + ending,
                     "/vsistdout/"):
            yield case(f"place {path[:20]}", path, keeps=False)
        yield case("exists", "x" + ending, precious("x" + ending), keeps=False)
        yield case("dangling link", "x" + ending, precious("x" + ending, link="nowhere"), keeps=False)
        yield case("pipe", "x" + ending, lambda folder: os.mkfifo(folder / ("x" + ending)), keeps=False)
        yield case("pipe, overwrite", "x" + ending, lambda folder: os.mkfifo(folder / ("x" + ending)), keeps=False, more=overwrite)
        yield case("folder .part of the user", "x" + ending, precious(f"x{ending}.part/thesis.txt"), keeps=False)
        for suffix in (".json", ".aux.xml", ".ovr", ".msk", "-wal", "-journal"):
            yield case(f"companion {suffix}", "x" + ending, precious("x" + ending + suffix))
        for suffix in (".qml", ".csvt", ".dbf"):
            yield case(f"companion {suffix}", "x" + ending, precious("x" + suffix))
        for name in ("名前 'ü\" $(x);%s&<b>" + ending, "-x" + ending, " x " + ending, "a\nb" + ending, "x|band=1" + ending, "..x" + ending):
            yield case(f"name {name!r}", name, keeps=True)
        for suffix in FORMATS[output["kind"]]:
            yield case(f"format {suffix}", "x" + suffix)

    # Judging

    @staticmethod
    def snapshot(folder):
        def state(path):
            if path.is_symlink():
                return os.readlink(path)
            return path.read_bytes() if path.is_file() else None
        return {str(path.relative_to(folder)): state(path) for path in sorted(folder.rglob("*"))}

    def shortcomings(self, case, serial):
        """Runs a case; says in what it falls short."""
        out = self.work / "runs" / str(serial)
        out.mkdir(parents=True)
        case.prepare(out)
        before = self.snapshot(out)
        words = [case.algorithm]
        for option, values in case.words.items():
            words += [f"--{option}={values[0]}"] if len(values) == 1 else [f"--{option}", *values]
        try:
            result = subprocess.run([COMMAND, *map(os.fsencode, words), "--json"], stdin=subprocess.DEVNULL, capture_output=True,
                                    timeout=SECONDS, cwd=out)
        except subprocess.TimeoutExpired:
            return [f"still runs after {SECONDS} s"]
        except ValueError:  # a zero byte cannot be passed
            return []
        errors = result.stderr.decode("utf-8", "replace")
        after = self.snapshot(out)
        short = []
        if result.returncode not in (0, 1):
            short.append(f"exit code {result.returncode}")
        if "internal error" in errors:
            short.append("internal error")
        allowed = "(ERROR|Warning)" if result.returncode else "Warning"
        short += [f"says {line[:100]}" for line in errors.splitlines() if line and not re.match(allowed + r" \d+: ", line)]
        short += [f"changed {name}" for name in before if before[name] != after.get(name) and case.keeps is not None or
                  before[name] is not None and before[name] != after.get(name)]
        if result.returncode == 1:
            if not errors.startswith(("ERROR", "Warning")):
                short.append("no ERROR")
            short += [f"left {name}" for name in after if name not in before]
            if case.keeps is True:
                short.append("refused")
        elif result.returncode == 0:
            if case.keeps is False:
                short.append("accepted")
            short += [f"left {name}" for name in after if ".part" in name and name not in before]
            made = {output["option"][2:] for output in self.specs[case.algorithm]["outputs"] if output["kind"] in ENDINGS}
            for option, values in case.words.items():
                if option in made and values[0] not in after and not os.path.isabs(values[0]):
                    short.append(f"not made: {values[0]}")
            results = json.loads(result.stdout)["results"]
            short += [f"{name} = {value}" for name, value in results.items()
                      if isinstance(value, float) and not math.isfinite(value)]
            for name, content in after.items():
                if name.endswith(".csv") and name not in before and re.search(rb"(?m)(^|,)-?(nan|inf)(,|$)", content or b""):
                    if not re.search("nan|inf", case.name):
                        short.append(f"{name} holds nan or inf")
        shutil.rmtree(out)
        return [f"{what} [{errors[:200]}]" for what in short]

    def test_every_algorithm(self):
        self.assertEqual(sorted(CALLS), sorted(self.specs), "an algorithm without a call, or a call without one")
        chosen = []
        for algorithm in CALLS:
            cases = list(self.cases(algorithm))
            self.assertGreater(len(cases), 30)
            if AMOUNT != "all":
                # One sample for all machines; strings are seeds of their own for every algorithm.
                cases = [cases[0], *random.Random(SEED + algorithm).sample(cases[1:], min(int(AMOUNT), len(cases) - 1))]
            chosen += cases
        before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in self.inputs.iterdir()}
        with ThreadPoolExecutor(2) as pool:
            judged = list(pool.map(self.shortcomings, chosen, range(len(chosen))))
        fell_short = [f"{case.algorithm} --{case.option}, {case.name}: {'; '.join(short)}"
                      for case, short in zip(chosen, judged) if short]
        after = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in self.inputs.iterdir()}
        self.assertEqual(before, after, "inputs were changed")
        print(f"{len(chosen)} tried, {len(fell_short)} fell short")
        self.assertEqual(fell_short, [])


if __name__ == "__main__":
    unittest.main()
