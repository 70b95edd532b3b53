#!/usr/bin/python3
# Land Carbon Toolbox: data that look right and are not: what is told of them, and silence about good ones.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Each warning is tried on data that want it and on good data that look alike. LANDCARBON_COMMAND names the binary."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()
osr.UseExceptions()

COMMAND = os.environ["LANDCARBON_COMMAND"]
YEARS = list(range(2001, 2009))
UNEVEN = [1990, 1995, 2000, 2005, 2010, 2015, 2018, 2020]
POOLS = "class,name,c_above,c_below,c_soil,c_dead\n"


class Doubts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="landcarbon doubts ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.random = numpy.random.default_rng(1)

    def raster(self, name, cells, crs=32649, transform=(500000, 30, 0, 4000000, 0, -30), nodata=None, bands=None,
               unit=None, scale=None, categories=None):
        cells = numpy.asarray(cells)
        cells = cells if cells.ndim == 3 else cells[None]
        kinds = {"uint8": gdal.GDT_Byte, "int16": gdal.GDT_Int16, "float32": gdal.GDT_Float32}
        path = self.folder / name
        made = gdal.GetDriverByName("GTiff").Create(str(path), cells.shape[2], cells.shape[1], cells.shape[0],
                                                    kinds[str(cells.dtype)])
        made.SetGeoTransform(transform)
        system = osr.SpatialReference()
        system.ImportFromEPSG(crs)
        made.SetProjection(system.ExportToWkt())
        for i, values in enumerate(cells):
            band = made.GetRasterBand(i + 1)
            band.WriteArray(values)
            if nodata is not None:
                band.SetNoDataValue(nodata)
            if bands:
                band.SetDescription(bands[i])
            if unit:
                band.SetUnitType(unit)
            if scale:
                band.SetScale(scale)
            if categories:
                band.SetCategoryNames(categories)
        made = None
        return path

    def text(self, name, content):
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path

    def run_command(self, *words):
        return subprocess.run([COMMAND, *map(str, words), "--json", "--overwrite"], capture_output=True, text=True,
                              encoding="utf-8", timeout=120)

    def answer(self, *words):
        done = self.run_command(*words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def warnings(self, *words):
        return "\n".join(self.answer(*words)["warnings"])

    def refused(self, *words):
        done = self.run_command(*words)
        self.assertEqual(done.returncode, 1, done.stdout)
        return done.stderr

    def series(self):
        """Eight steps that rise by 2 a step, of 10 x 10 cells."""
        noise = self.random.normal(500, 5, (8, 10, 10))
        return (noise + 2 * numpy.arange(8)[:, None, None]).astype("float32")

    def files(self, stem, values, years):
        return [self.raster(f"{stem}_{year}.tif", step) for year, step in zip(years, values)]

    def classes(self, size=40):
        return self.random.integers(1, 4, (size, size)).astype("uint8")

    # Years

    def test_years_in_names_that_are_not_evenly_apart(self):
        values = self.series()
        uneven, stack = self.files("u", values, UNEVEN), self.raster("s.tif", values, bands=[f"b{y}" for y in UNEVEN])
        zones = self.raster("zones.tif", numpy.ones((10, 10), "uint8"))
        out = self.folder / "o.csv"
        for words in (("trend", "--series", *uneven), ("trend", "--series", stack), ("hurst", "--series", stack, "--min-valid", "8"),
                      ("zonal-series", "--series", *uneven, "--classes", zones, "--table", out)):
            said = self.warnings(*words)
            self.assertIn("hold the years 1990, 1995, 2000 ... 2020, which are not evenly apart", said, words[0])
            if words[0] != "hurst":
                self.assertIn("1990,1995,2000,2005,2010,2015,2018,2020", said)
        years = ",".join(map(str, UNEVEN))
        given = self.answer("trend", "--series", *uneven, "--years", years)
        self.assertNotIn("evenly", "\n".join(given["warnings"]))
        maps = [self.raster(f"lu_{year}.tif", self.classes()) for year in (1990, 2000, 2005)]
        self.assertIn("1990, 2000, 2005, which are not evenly apart", self.warnings("transition-matrix", "--maps", *maps))
        # Good data: every year, two maps, months, no years at all; the length of even steps is told, and is no warning.
        for good in (self.files("g", values, YEARS), [self.raster(f"npp{i}.tif", values[i]) for i in range(8)],
                     [self.raster(f"m_2001{i + 1:02}.tif", values[i]) for i in range(8)],
                     [self.raster(f"A2001{8 * i + 1:03}.tif", values[i]) for i in range(8)]):
            self.assertEqual(self.warnings("trend", "--series", *good), "")
        every_fifth = self.answer("trend", "--series", *self.files("e", values, range(1985, 2025, 5)))
        self.assertEqual(every_fifth["warnings"], [])
        self.assertIn("results are by step, 5 years each", "\n".join(every_fifth["messages"]))
        # Means and coefficients of variation do not ask how far apart the years are.
        self.assertEqual(self.warnings("variability", "--series", *uneven), "")

    def test_two_quantities_in_one_series(self):
        values = self.series()
        twice = numpy.concatenate([values, values / 2])
        pairs = numpy.stack([values, values / 2], axis=1).reshape(16, 10, 10)
        both = self.raster("both.tif", twice, bands=[f"{q}_{y}" for q in ("NDVI", "EVI") for y in YEARS])
        mixed = self.raster("mixed.tif", pairs, bands=[f"{q}_{y}" for y in YEARS for q in ("NDVI", "EVI")])
        quality = self.raster("quality.tif", numpy.concatenate([values, values[:1]]),
                              bands=[f"npp_{y}" for y in YEARS] + ["QC"])
        mean = self.raster("mean.tif", numpy.concatenate([values, values.mean(0)[None]]),
                           bands=[str(y) for y in YEARS] + ["2001-2008_mean"])
        files = [self.raster(f"q_{y}.tif", numpy.stack([step, 0 * step + 3]), bands=["NPP", "QC"])
                 for y, step in zip(YEARS, values)]
        for words, told in (((both,), "2 quantities by their names: 8 of EVI_2001"),
                            ((mixed,), "2 quantities by their names: 8 of EVI_2001"),
                            ((quality,), "1 of 9 bands (QC)"), ((mean,), "1 of 9 bands (2001-2008_mean)"),
                            (files, "8 of 16 bands (QC, QC, QC, QC ...)")):
            for name in ("trend", "variability"):
                self.assertIn(told, self.warnings(name, "--series", *words), name)
        # Good data: seasons and months, sensors that follow one another, a quantity with such a word in every name.
        for names in ([f"{q}_{y}" for y in YEARS[:2] for q in ("spring", "summer", "autumn", "winter")],
                      [f"{q}_{y}" for y in (2001, 2002) for q in ("Jan", "Feb", "Mar", "Apr")],
                      [f"L5_TM_{y}" for y in YEARS[:4]] + [f"L8_OLI_{y}" for y in YEARS[4:]],
                      [f"ndvi_mean_{y}" for y in YEARS], [f"{y}" for y in YEARS],
                      ["npp_2001", "npp_2002", "npp_2003_mean", *[f"npp_{y}" for y in YEARS[3:]]]):
            said = self.warnings("trend", "--series", self.raster("good.tif", values, bands=names))
            self.assertNotIn("quantit", said, names)
            self.assertNotIn("by the names no", said, names)

    def test_a_step_of_another_size(self):
        values = self.series()
        for ratio, told in ((10, "10 times"), (0.0001, "0.0001"), (1000, "times those")):
            odd = values.copy()
            odd[5] *= ratio
            said = self.warnings("variability", "--series", *self.files("x", odd, YEARS))
            self.assertIn("x_2006.tif", said)
            self.assertIn("times those of the other steps (medians", said)
            self.assertIn(told, said)
        # Good data: months of rain, and a dry year.
        rain = numpy.array([3, 8, 20, 45, 90, 160, 240, 210, 110, 50, 15, 4], "float32")
        months = (rain[:, None, None] * self.random.uniform(0.8, 1.2, (12, 10, 10))).astype("float32")
        self.assertNotIn("times those", self.warnings("variability", "--series", self.raster("rain.tif", months)))
        dry = values.copy()
        dry[3] *= 0.3
        self.assertNotIn("times those", self.warnings("variability", "--series", *self.files("d", dry, YEARS)))

    # Units

    def test_units_that_maps_declare(self):
        land = self.raster("land.tif", self.classes())
        pools = self.text("pools.csv", POOLS + "1,a,50,20,30,0\n2,b,100,50,50,0\n3,c,10,10,30,0\n")
        factors = self.text("factors.csv", "class,factor\n1,0.4\n2,0.6\n3,0.02\n")
        storage, by_cell = self.folder / "storage.tif", self.folder / "cell.tif"
        emission, co2, changed = (self.folder / f"{name}.tif" for name in ("emission", "co2", "changed"))
        self.answer("carbon-storage", "--land-cover", land, "--pools", pools, "--storage-map", storage)
        self.answer("carbon-storage", "--land-cover", land, "--pools", pools, "--storage-map", by_cell, "--map-unit",
                    "t_cell")
        self.answer("carbon-emission", "--land-cover", land, "--factors", factors, "--emission-map", emission)
        self.answer("carbon-emission", "--land-cover", land, "--factors", factors, "--emission-map", co2, "--as-co2")
        balance = ("carbon-balance", "--storage-map")
        self.assertEqual(self.warnings(*balance, storage, "--emission-map", emission), "")
        self.assertIn("an amount of a cell, no density", self.warnings(*balance, by_cell, "--emission-map", emission))
        said = self.warnings(*balance, storage, "--emission-map", co2)
        self.assertIn("counts carbon dioxide", said)
        self.assertIn("12/44", said)
        self.assertIn("an amount in a year", self.warnings(*balance, emission, "--emission-map", storage))
        # Units of other makes.
        dense = numpy.full((40, 40), 12, "float32")
        for unit, told in (("kg/m2", "multiply by 10 "), ("kg C m-2", "multiply by 10 "), ("g/m^2", "divide by 100 "),
                           ("Mg/ha", ""), ("tC/ha", ""), ("t C ha-1", ""), ("", ""), ("units", ""), ("1", "")):
            said = self.warnings(*balance, self.raster("other.tif", dense, unit=unit), "--emission-map", emission)
            self.assertIn(told, said, unit) if told else self.assertEqual(said, "", unit)
        npp = (self.series() + 0).astype("float32")
        respiration = self.raster("r.tif", npp * numpy.float32(0.6), unit="g C/m2/yr")
        nep = ("nep", "--respiration", respiration, "--npp")
        for unit, more, told in (("gC m-2 yr-1", (), ""), ("kg_C/m^2", (), "multiply by 1000 "),
                                 ("kg_C/m^2", ("--npp-scale", "1000"), ""), ("g C m-2 d-1", (), "365.25")):
            kilograms = unit.startswith("kg") and more
            path = self.raster("n.tif", (npp / 1000 if kilograms else npp).astype("float32"), unit=unit)
            said = self.warnings(*nep, path, *more)
            self.assertIn(told, said, unit) if told else self.assertEqual(said, "", unit)

    def test_scaled_numbers_of_a_product(self):
        grams = self.series()
        respiration = self.raster("r.tif", grams * numpy.float32(0.6))
        stored = numpy.round(grams * 10).astype("int16")
        stored[:, 0] = 32761
        nep = ("nep", "--respiration", respiration, "--npp-product", "mod17a3hgf", "--npp")
        for name, good in (("stored", self.raster("stored.tif", stored)),
                           ("declared", self.raster("declared.tif", stored, scale=0.0001))):
            made = self.answer(*nep, good)
            self.assertEqual(made["warnings"], [], name)
            right = (numpy.round(grams * 10)[:, 1:] / 10 - (grams * numpy.float32(0.6))[:, 1:]).mean()
            self.assertAlmostEqual(made["results"]["MEAN"], right, 3, name)
        for name, bad in (("kilograms", grams / 1000), ("grams", grams)):
            said = self.warnings(*nep, self.raster(f"{name}.tif", bad.astype("float32")))
            self.assertIn("Has a scale been applied already?", said, name)
            self.assertIn("--npp-scale 1000", said)

    def test_rain_in_another_unit(self):
        warm = self.raster("t.tif", numpy.repeat(self.random.normal(15, 3, (1, 10, 10)), 12, 0).astype("float32"))
        month = self.random.uniform(20, 120, (12, 10, 10)).astype("float32")
        rain = ("soil-respiration", "--temperature", warm, "--month-days", "calendar", "--precipitation")
        for unit, values, told in (("mm", month, ""), ("mm/month", month, ""), ("kg m-2", month, ""), ("", month, ""),
                                   ("mm/day", month / 30 + 4, "multiply by the days of the step"),
                                   ("kg m-2 s-1", month / 30 / 86400, "multiply by the seconds of the step"),
                                   ("", month / 30, "Are they mm in a step?"), ("m", month / 1000, "Multiply metres by 1000")):
            said = self.warnings(*rain, self.raster("p.tif", values.astype("float32"), unit=unit))
            self.assertIn(told, said, unit) if told else self.assertEqual(said, "", unit)
            self.assertLess(said.count("precipitation"), 2, said)

    # No data

    def test_classes_of_no_data_at_a_side(self):
        first, second = self.classes(), self.classes()
        matrix = ("transition-matrix", "--maps")
        self.assertEqual(self.warnings(*matrix, self.raster("a.tif", first), self.raster("b.tif", second)), "")
        for code in (0, 15):
            sides = [cells.copy() for cells in (first, second)]
            for cells in sides:
                cells[:8] = code
            said = self.warnings(*matrix, *[self.raster(f"s{i}.tif", cells) for i, cells in enumerate(sides)])
            self.assertEqual(said.count(f"class {code} fills the whole upper side of the map"), 2, said)
            said = self.warnings(*matrix, *[self.raster(f"n{i}.tif", cells, nodata=code) for i, cells in enumerate(sides)])
            self.assertEqual(said, "")
            said = self.warnings("geodetector", "--response", self.raster("y.tif", first.astype("float32") + 0.25),
                                 "--factors", self.raster("f.tif", sides[0]))
            self.assertIn(f"class {code} fills the whole upper side", said)
        # Named: a class.
        sea = first.copy()
        sea[:8] = 0
        names = ["sea", "crop", "forest", "grass"]
        said = self.warnings(*matrix, *[self.raster(f"c{i}.tif", sea, categories=names) for i in range(2)])
        self.assertNotIn("fills", said)
        # 15 beside 14 is a class of IGBP, and a lake of zeros that touches a side is no side.
        igbp = self.random.integers(1, 17, (40, 40)).astype("uint8")
        igbp[:8] = 15
        self.assertNotIn("fills", self.warnings(*matrix, self.raster("i1.tif", igbp), self.raster("i2.tif", igbp.T)))
        lake = first.copy()
        lake[:8, 5:30] = 0
        self.assertNotIn("fills", self.warnings(*matrix, self.raster("l1.tif", lake), self.raster("l2.tif", lake[:, ::-1])))

    def test_a_class_that_one_map_alone_holds(self):
        first, second = self.classes(), self.classes()
        clouds = first.copy()
        clouds[self.random.random((40, 40)) < 0.1] = 0
        cells = int((clouds == 0).sum())
        matrix = ("transition-matrix", "--maps")
        said = self.warnings(*matrix, self.raster("a.tif", clouds), self.raster("b.tif", second))
        self.assertIn(f"about {cells / 16:.3g} % of the cells are of class 0", said)
        self.assertIn("which is not on", said)
        both = second.copy()
        both[:2, :2] = 0
        self.assertNotIn("which is not on", self.warnings(*matrix, self.raster("c.tif", clouds), self.raster("d.tif", both)))
        # A class of another number may well be new.
        town = second.copy()
        town[10:20, 10:20] = 4
        self.assertEqual(self.warnings(*matrix, self.raster("e.tif", first), self.raster("f.tif", town)), "")
        # Codes counted from 0 on one map.
        said = self.warnings("simulation-accuracy", "--observed", self.raster("g.tif", first), "--simulated",
                             self.raster("h.tif", first - 1))
        self.assertIn("may count its classes from 0, the other from 1", said)
        self.assertNotIn("which is not on", said)

    def test_marks_near_the_values(self):
        discretize = ("discretize", "--class-count", "3", "--raster")
        rain = self.random.gamma(4, 100, (40, 40)).astype("float32") + numpy.float32(5.5)
        ndvi = self.random.uniform(0.1, 0.9, (40, 40)).astype("float32")
        cover = numpy.clip(self.random.normal(40, 20, (40, 40)), 0, 100).astype("uint8")
        for values, mark in ((rain, -1), (rain, -99), (ndvi, -1), (ndvi, -2), (ndvi, -0.3), (cover, 127), (cover, 200),
                             (cover, 255)):
            cells = values.copy()
            cells[:, :3] = mark
            said = self.warnings(*discretize, self.raster("m.tif", cells))
            self.assertIn(f"120 cells hold {mark}", said, mark)
            self.assertIn("7.5 % of the cells", said)
            self.assertNotIn("cells hold", self.warnings(*discretize, self.raster("d.tif", cells, nodata=float(numpy.float32(mark)))))
        # Good data: indices and temperatures below and above zero, a coast in whole metres, tenths of a degree, 0 to 200.
        tenths = (numpy.round(self.random.uniform(0, 15, (40, 40)) * 10) / 10).astype("float32")
        tenths[:2, :5] = numpy.float32(-0.1)
        coast = self.random.integers(0, 60, (40, 40)).astype("int16")
        coast[:, :3] = -1
        peaks = rain.copy()
        peaks[5, 5] = -1
        for name, good in (("index", self.random.uniform(-0.2, 0.9, (40, 40)).astype("float32")), ("coast", coast),
                           ("tenths", tenths), ("slope", (ndvi - numpy.float32(0.5))),
                           ("classes", self.random.integers(-1, 2, (40, 40)).astype("float32")), ("one cell", peaks),
                           ("bytes", self.random.integers(0, 201, (40, 40)).astype("uint8"))):
            self.assertNotIn("cells hold", self.warnings(*discretize, self.raster("g.tif", good)), name)

    def test_high_marks_in_short_tables(self):
        land = self.raster("land.tif", self.classes())
        storage = ("carbon-storage", "--land-cover", land, "--pools")
        rows = "1,a,50.5,20,30,{}\n2,b,100.25,50,50,{}\n3,c,{},10,30,{}\n"
        for mark in ("9999", "99999", "65535", "1e20"):
            said = self.warnings(*storage, self.text("p.csv", POOLS + rows.format(0, 0, mark, 0)))
            self.assertIn("line 4, column \"c_above\"", said, mark)
            self.assertIn("lies far above all others (50.5 to 100.25)", said)
            self.assertIn("column \"c_dead\"", self.warnings(*storage, self.text("p.csv", POOLS + rows.format(0, 0, 10, mark))))
        for value in ("999", "250", "1200"):
            self.assertEqual(self.warnings(*storage, self.text("p.csv", POOLS + rows.format(1, 2, value, 0))), "", value)

    # Words

    def test_names_that_differ_by_case_alone(self):
        letters = ["Clay", "Loam", "Sand", "Silt"]
        lines = [f"{i % 4 * 3 + self.random.normal():.3f},{letters[i % 4]}" for i in range(60)]
        bad = [line.replace("Clay", "clay") if i % 12 == 0 else line for i, line in enumerate(lines)]
        words = ("geodetector-table", "--response", "y", "--factors", "soil", "--data")
        self.assertEqual(self.warnings(*words, self.text("g.csv", "y,soil\n" + "\n".join(lines) + "\n")), "")
        said = self.warnings(*words, self.text("g.csv", "y,soil\n" + "\n".join(bad) + "\n"))
        self.assertIn('"Clay" (10 rows), "clay" (5 rows)', said)
        # Short codes that differ by case are codes.
        codes = [line.replace("Clay", "Qh").replace("Loam", "QH") for line in lines]
        self.assertEqual(self.warnings(*words, self.text("g.csv", "y,soil\n" + "\n".join(codes) + "\n")), "")
        table = "county,year,npp\n" + "".join(f"{'Ansai' if y < 2006 else 'ansai'},{y},{y}\n" for y in range(2001, 2011))
        said = self.warnings("trend-table", "--layout", "rows", "--unit-field", "county", "--year-field", "year",
                             "--value-field", "npp", "--table", self.text("t.csv", table))
        self.assertIn('"Ansai" (5 rows), "ansai" (5 rows) count as different units', said)

    def test_growth_of_two_where_two_per_cent_is_meant(self):
        rows = ["em,pop"] + [f"{1.5 * p ** 0.9},{p}" for p in range(1000, 9000, 400)]
        model = self.folder / "m.json"
        self.answer("stirpat", "--data", self.text("s.csv", "\n".join(rows) + "\n"), "--response", "em", "--drivers",
                    "pop", "--k", "0.01", "--model", model)
        base = "unit,year,pop\n" + "".join(f"A,{y},{2000 * 1.01 ** (y - 2015)}\n" for y in range(2015, 2021))
        words = ("stirpat-scenarios", "--model", model, "--base", self.text("b.csv", base), "--unit-field", "unit",
                 "--year-field", "year", "--scenarios")
        for growth, told in (("2", "is 2, which is 200 % a year"), ("2%", ""), ("0.02", ""), ("D", ""), ("-0.5", "")):
            table = self.text("c.csv", f"scenario,period,pop_growth\nbase,2020-2060,{growth}\n")
            said = self.warnings(*words, table)
            self.assertIn(told, said) if told else self.assertNotIn("% a year", said, growth)
        for period in ("2020–2060", "2020~2060", "2020至2060"):
            table = self.text("c.csv", f"scenario,period,pop_growth\nbase,{period},2%\n")
            self.answer(*words, table)
        table = self.text("c.csv", "scenario,period,pop_growth\nbase,2020-2030,2%\nbase,2031-2060,1%\n")
        self.assertIn("write 2030-2060", self.refused(*words, table))
        table = self.text("c.csv", "scenario,period,pop_growth\nbase,2020-2030,2%\n")
        self.assertIn("2060 is after --horizon 2030, where the paths end; set --horizon to 2060",
                      self.refused(*words, table, "--horizon", "2030"))

    # Projections

    def test_areas_of_projections_that_stretch_them(self):
        land = self.classes(20)
        pools = self.text("p.csv", POOLS + "1,a,1,0,0,0\n2,b,1,0,0,0\n3,c,1,0,0,0\n")
        for crs, transform, told in (
                (4087, (1113194.9, 1000, 0, 6679169, 0, -1000), "98.8 % too large"),  # near 60 degrees north, a^2 / (M N cos)
                (32662, (12022500, 30, 0, 4119000, 0, -30), "25."), (3857, (12022500, 30, 0, 4439100, 0, -30), "57.1 %"),
                (32649, (-2500000, 1000, 0, 4000000, 0, -1000), "too large"),
                # Good ones: UTM in its zone, Albers, Lambert azimuthal, sinusoidal, the equator of an equidistant one.
                (32649, (500000, 30, 0, 4000000, 0, -30), ""), (32649, (250000, 30, 0, 5000000, 0, -30), ""),
                (3577, (1200000, 30, 0, -3500000, 0, -30), ""), (3035, (4000000, 1000, 0, 3000000, 0, -1000), ""),
                (6933, (10400000, 1000, 0, 4000000, 0, -1000), ""), (4087, (1113194.9, 100, 0, 1000, 0, -100), "")):
            said = self.warnings("carbon-storage", "--land-cover",
                                 self.raster("m.tif", land, crs=crs, transform=transform), "--pools", pools)
            self.assertIn(told, said, crs) if told else self.assertEqual(said, "", crs)
            if told:
                self.assertIn("on this map", said)

    # Messages

    def test_cells_that_mean_one_number(self):
        land = self.raster("l.tif", numpy.ones((10, 10), "uint8"))
        words = ("carbon-emission", "--land-cover", land, "--factors")
        for cell in ("−0.613", "–0.613", "- 0.613", "-0.613"):
            made = self.answer(*words, self.text("f.csv", f"class,factor\n1,{cell}\n"))
            self.assertAlmostEqual(made["results"]["TOTAL_EMISSION_T"], -0.613 * 9, 9, cell)
        for cell, told in (("(0.613)", "write -0.613 if the brackets mean a negative number"),
                           ("0.613-", "write -0.613 if it is a negative number"),
                           ('"1,234"', "write 1.234 if the comma stands before decimals, 1234 if it stands between thousands"),
                           ("*", "leave the cell empty")):
            self.assertIn(told, self.refused(*words, self.text("f.csv", f"class,factor\n1,{cell}\n")), cell)
        table = "county,year,npp\n" + "".join(
            f"A,{y},{'nodata' if y == 2003 else '-nan' if y == 2004 else y * 2}\n" for y in range(2001, 2011))
        made = self.answer("trend-table", "--layout", "rows", "--unit-field", "county", "--year-field", "year",
                           "--value-field", "npp", "--table", self.text("t.csv", table))
        self.assertAlmostEqual(made["results"]["MEDIAN_SLOPE"], 2)
        semicolons = self.text("f.csv", "sep=;\nclass;factor\n1;0,5\n")
        made = self.answer(*words, semicolons)
        self.assertAlmostEqual(made["results"]["TOTAL_EMISSION_T"], 4.5)
        self.assertNotIn("titles", "\n".join(made["warnings"]))

    def test_advice(self):
        land = self.raster("l.tif", self.classes())
        pools = self.text("p.csv", "class,name,c_above (t/ha),c_below,c_soil,c_dead\n1,a,1,0,0,0\n")
        said = self.refused("carbon-storage", "--land-cover", land, "--pools", pools)
        self.assertIn('is "c_above (t/ha)" meant? Then call it "c_above"', said)
        minus = numpy.where(self.classes() == 1, -1, 2).astype("int16")
        pools = self.text("p.csv", POOLS + "2,a,1,0,0,0\n")
        said = self.refused("carbon-storage", "--land-cover", self.raster("m.tif", minus), "--pools", pools)
        self.assertIn("-1 often stands for no data", said)
        value = ("carbon-storage", "--land-cover", land, "--later-land-cover", land, "--pools", pools, "--years-between", "10")
        self.assertIn("write it without the sign", self.refused(*value, "--price", "9", "--discount-rate", "5%"))
        self.assertIn('"5%" is not a number\n', self.refused(*value, "--price", "5%", "--discount-rate", "5"))
        said = self.refused("zonal-series", "--series", land, "--zones", "z.gpkg|layername=a|subset=x > 1", "--table", "o.csv")
        self.assertIn("--zones: ", said)
        dates = "county," + ",".join(f"{y}0101_NDVI" for y in range(2001, 2007)) + "\nA,1,2,3,4,5,6\n"
        made = self.answer("trend-table", "--table", self.text("d.csv", dates))
        self.assertAlmostEqual(made["results"]["MEDIAN_SLOPE"], 1)
        rows = "county,year,npp\n" + "".join(f"A,{y}_01_01,{y}\n" for y in range(2001, 2007))
        made = self.answer("trend-table", "--layout", "rows", "--unit-field", "county", "--year-field", "year",
                           "--value-field", "npp", "--table", self.text("r.csv", rows))
        self.assertAlmostEqual(made["results"]["MEDIAN_SLOPE"], 1)

    # Zonal summary

    def summary(self, *words):
        """Warnings, and the table's rows by column."""
        table = self.folder / "summary.csv"
        said = self.warnings("zonal-summary", *words, "--table", table)
        lines = [line.split(",") for line in table.read_text(encoding="utf-8-sig").splitlines()]
        return said, [dict(zip(lines[0], line)) for line in lines[1:]]

    def test_years_of_a_zonal_summary_that_contradict_names(self):
        cover = [self.raster(f"lc_{year}.tif", self.classes(), nodata=0) for year in (2000, 2010)]
        npp = [self.raster(f"npp_{year}.tif", numpy.kron(step, numpy.ones((4, 4), "float32")))
               for year, step in zip((2000, 2010), self.series())]
        stack = self.raster("st.tif", self.random.random((2, 40, 40)).astype("float32"), bands=["NDVI_2010", "NDVI_2000"])
        swapped = "hold the years 2010, 2000, --years says 2000, 2010"
        for layout in ("wide", "long"):
            said, _ = self.summary("--rasters", *cover[::-1], "--years", "2000,2010", "--layout", layout)
            self.assertIn(swapped, said)
        self.assertIn(swapped, self.summary("--rasters", stack, "--years", "2000,2010")[0])
        # Of two variables the one whose order is wrong.
        said, _ = self.summary("--rasters", *cover, *npp[::-1], "--years", "2000,2010,2000,2010")
        self.assertIn("the names of files or bands of npp_2000 hold the years 2010, 2000", said)
        self.assertIn("2000, 2010, --years says 1990, 1991", self.summary("--rasters", *npp, "--years", "1990-1991")[0])
        self.assertIn("hold the years 2000, --years says 2005", self.summary("--rasters", npp[0], "--years", "2005")[0])
        self.assertIn("--raster-names says 2000, 2010",
                      self.summary("--rasters", *cover[::-1], "--raster-names", "lc2000,lc2010")[0])
        self.assertIn("do not ascend: 2010, 2000", self.summary("--rasters", *cover[::-1])[0])
        # Good data: each variable with its years in any order, some without, none at all.
        plain = [self.raster(f"{name}.tif", self.random.random((40, 40)).astype("float32")) for name in ("dem", "slope")]
        for words in ((*cover, *npp, "--years", "2000,2010,2000,2010"), (*cover[::-1], "--years", "2010,2000"),
                      (*cover, *npp, "--years", "2000,2010,2000,2010", "--layout", "long"), (*cover, *npp, *plain),
                      (*plain,), (*plain, "--years", "2000,2000"), (stack, "--years", "2010,2000"),
                      (*cover, "--raster-names", "a2000,a2010"), (cover[0], plain[0], npp[0])):
            self.assertEqual(self.summary("--rasters", *words)[0], "", words)

    def test_names_of_rasters_where_measurements_stand_before_classes(self):
        elevation = self.raster("elevation.tif", self.random.random((40, 40)).astype("float32"))
        cover = self.raster("lc_2000.tif", self.classes(), nodata=0)
        both = ("--rasters", elevation, cover, "--raster-names")
        self.assertEqual(self.summary(*both, "elevation,lc")[0], "")
        self.assertIn("--raster-names", self.summary(*both, "lc,elevation")[0])
        both = ("--rasters", cover, elevation, "--raster-names")
        self.assertEqual(self.summary(*both, "lc,elevation")[0], "")
        self.assertIn("--raster-names", self.summary(*both, "elevation,lc")[0])

    def test_classes_of_maps_of_different_things(self):
        cells = self.classes()
        crops, soils = ["", "crop", "forest", "grass"], ["", "clay", "sand", "loam"]
        cover = self.raster("landcover.tif", cells, nodata=0, categories=crops)
        soil = self.raster("soil.tif", cells, nodata=0, categories=soils)
        for words in ((cover, soil), (soil, cover)):
            said, rows = self.summary("--rasters", *words)
            self.assertEqual(said, "")
            self.assertIn("soil_clay_ha", rows[0])
            self.assertIn("landcover_crop_ha", rows[0])
            self.assertNotIn("soil_crop_ha", rows[0])
            self.assertNotIn("landcover_clay_ha", rows[0])
        # Maps of one variable share names, and are told where these differ.
        later = self.raster("landcover_2010.tif", cells, nodata=0)
        earlier = self.raster("landcover_2000.tif", cells, nodata=0, categories=crops)
        said, rows = self.summary("--rasters", earlier, later)
        self.assertEqual(said, "")
        self.assertIn("landcover_2010_crop_ha", rows[0])
        other = self.raster("landcover_2020.tif", cells, nodata=0, categories=["", "water", "forest", "grass"])
        said, _ = self.summary("--rasters", earlier, other, "--years", "2000,2020")
        self.assertIn('class 1 is called "water" on', said)
        # A good pair that only one map of a stack names, as a factor beside another one.
        response = self.raster("y.tif", self.random.random((40, 40)).astype("float32"))
        said = self.warnings("geodetector", "--response", response, "--factors", cover, soil)
        self.assertNotIn("compared by their codes", said)

    def test_columns_of_classes(self):
        cells = numpy.tile(numpy.array([-1, 1, 2, 3], "int16"), (4, 1))
        said, rows = self.summary("--rasters", self.raster("m.tif", cells))
        self.assertEqual({"m_class_minus_1_ha", "m_class_1_ha", "m_class_2_ha", "m_class_3_ha"},
                         {name for name in rows[0] if name.startswith("m_class") and name.endswith("_ha")})
        self.assertNotIn("columns", said)
        names = self.text("names.csv", "class,name\n-1,Dry land (irrigated)\n1,Dry-land irrigated\n2,valid\n3,Area\n")
        said, rows = self.summary("--rasters", self.raster("p.tif", cells), "--class-names", names)
        self.assertIn("class 1 (Dry-land irrigated) has the columns dry_land_irrigated_class_1_ha", said)
        for name in ("p_dry_land_irrigated_ha", "p_class_valid_ha", "p_valid_ha", "p_class_area_ha"):
            self.assertIn(name, rows[0])
        self.assertEqual(float(rows[0]["p_valid_ha"]), 4 * float(rows[0]["p_class_valid_ha"]))

    def test_years_in_names_of_variables(self):
        def columns(names, years, *more):
            rasters = [self.raster(f"{name}.tif", self.random.random((4, 4)).astype("float32")) for name in names]
            said, rows = self.summary("--rasters", *rasters, "--years", years, *more)
            self.assertEqual(said, "", names)
            return {name[:-5] for name in rows[0] if name.endswith("_mean")}

        self.assertEqual(columns(["ssp126_2030", "ssp245_2060"], "2030,2060"), {"ssp126_2030", "ssp245_2060"})
        self.assertEqual(columns(["ssp126_2030", "ssp245_2030", "ssp126_2060", "ssp245_2060"], "2030,2030,2060,2060",
                                 "--layout", "long"), {"ssp126", "ssp245"})
        self.assertEqual(columns(["bio1", "bio12"], "2001,2001"), {"bio1_2001", "bio12_2001"})
        self.assertEqual(columns(["MOD13Q1_2001_250m", "MOD13Q1_2002_250m"], "2001,2002"),
                         {"MOD13Q1_250m_2001", "MOD13Q1_250m_2002"})
        self.assertEqual(columns(["NPP_2001"], "2001"), {"NPP_2001"})
        self.assertEqual(columns(["tmp_2001", "TMP-2002", "Tmp2003"], "2001-2003"), {"tmp_2001", "tmp_2002", "tmp_2003"})
        self.assertEqual(columns(["林地2001年", "林地2002年"], "2001,2002"), {"林地_2001", "林地_2002"})
        self.assertEqual(columns(["m.A2001001.h26v05", "m.A2002001.h26v05"], "2001,2002"),
                         {"m.A.h26v05_2001", "m.A.h26v05_2002"})
        stack = self.raster("npp_2001-2003.tif", self.random.random((3, 4, 4)).astype("float32"))
        said, rows = self.summary("--rasters", stack, "--years", "2001-2003")
        self.assertEqual(said, "")
        self.assertIn("npp_2002_mean", rows[0])

    def test_units_of_totals(self):
        one, two = numpy.full((40, 40), 500, "float32"), numpy.full((40, 40), 501, "float32")
        three = numpy.full((40, 40), 503, "float32")

        def summary(unit):
            return self.summary("--rasters", self.raster("u.tif", one, unit=unit))[0]

        self.assertIn("multiply its total by 10000 for the amount", summary("gC/m2"))
        self.assertIn("an amount of a cell", summary("t/cell"))
        for good in ("t/ha", "Mg C ha-1 yr-1", "", "mm", "m", "degC", "1"):
            self.assertEqual(summary(good), "", good)
        zones = self.raster("zones.tif", numpy.ones((40, 40), "uint8"))

        def series(unit, statistic):
            steps = [self.raster(f"s{i}.tif", step, unit=unit) for i, step in enumerate((one, two, three, one + 4))]
            return self.warnings("zonal-series", "--series", *steps, "--classes", zones, "--statistic", statistic,
                                 "--table", self.folder / "o.csv")

        self.assertIn("an amount per m2, but its values are multiplied by the area in ha. Choose the total for values "
                      "per m2", series("gC/m2", "total_per_ha"))
        self.assertIn("Choose the total for values per ha", series("t/ha", "sum"))
        self.assertIn("Choose the sum of the cells", series("t/cell", "total_per_ha"))
        for unit, statistic in (("gC/m2", "total_per_m2"), ("t/ha", "total_per_ha"), ("kg km-2", "total_per_km2"),
                                ("t/cell", "sum"), ("gC/m2", "mean"), ("", "total_per_ha"), ("mm", "total_per_m2")):
            self.assertNotIn("STATISTIC", series(unit, statistic), (unit, statistic))

    # Per cent

    def test_ratios_in_per_cent(self):
        def said(*ratios):
            rows = "".join(f"{i + 1},100,{ratio}\n" for i, ratio in enumerate(ratios))
            return self.warnings("carbon-density-correction", "--pools",
                                 self.text("n.csv", "class,c_soil_national,below_to_above\n" + rows),
                                 "--region-precipitation", 1999.4, "--reference-precipitation", 671.1,
                                 "--corrected-pools", self.folder / "o.csv")

        self.assertIn('the ratios in "below_to_above" are 20 to 30', said(20, 25, 30))
        self.assertEqual(said(0.2, 0.25, 6.2), "")
        self.assertEqual(said(0, 0.2, 12), "")

    def test_a_share_that_is_per_cent_in_some_rows(self):
        def said(shares):
            rows = "".join(f"{100 + 7 * i},{50 + i * i % 5},{share}\n" for i, share in enumerate(shares))
            return self.warnings("stirpat", "--data", self.text("d.csv", "ce,pop,urban\n" + rows), "--response", "ce",
                                 "--drivers", "pop", "urban", "--model", self.folder / "m.json")

        told = '"urban": 4 numbers are 35 to 38, 4 are 0.36 to 0.42'
        self.assertIn(told, said([35, 36, 37, 38, 0.36, 0.39, 0.4, 0.42]))
        for good in ([35, 36, 37, 38, 39, 40, 41, 43], [0.3, 0.31, 0.36, 0.37, 0.4, 0.41, 0.43, 0.44],
                     [0.5, 0.7, 1.3, 2, 4, 9, 17, 40], [0.3, 0.4, 12, 14, 15, 16, 18, 19]):
            self.assertNotIn("per cent", said(good), good)


if __name__ == "__main__":
    unittest.main()
