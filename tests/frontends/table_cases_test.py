#!/usr/bin/python3
# Land Carbon Toolbox: tables and vector layers as people have them: encodings, spreadsheets, cells, measurements.
# SPDX-License-Identifier: GPL-2.0-or-later
"""LANDCARBON_COMMAND names the binary, LANDCARBON_SOURCE the source. Inputs of the cases are in tests/data/cases; their
right values were worked out by hand. Kinds of faults are tried on every algorithm that has a table in its manual's
example, by changing only the bytes in which the table is written: the results must not change."""

import csv
import json
import os
import pathlib
import re
import shlex
import sqlite3
import struct
import subprocess
import tempfile
import unittest
import zipfile

import numpy
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()

COMMAND = os.environ["LANDCARBON_COMMAND"]
SOURCE = pathlib.Path(os.environ["LANDCARBON_SOURCE"])
CASES = SOURCE / "tests" / "data" / "cases"
POOLS = [["class", "name", "c_above", "c_below", "c_soil", "c_dead"], [1, "耕地", 2, 1, 60, 0],
         [2, "林地", 80, 20, 100, 5], [3, "草地", 3, 6, 80, 1], [4, "建设用地", 0, 0, 30, 0]]
TOTAL = 656  # t on lc5.tif
UNITS = ["甲县", "乙市", "榆林市"]


def lines_of(rows):
    return "\n".join(",".join(map(str, row)) for row in rows) + "\n"


class TableTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="landcarbon tables ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_command(self, *words, cwd=None):
        return subprocess.run([COMMAND, *map(str, words), "--json"], capture_output=True, text=True, encoding="utf-8",
                              cwd=cwd or self.folder, timeout=300)

    def results(self, *words, cwd=None):
        run = self.run_command(*words, cwd=cwd)
        self.assertEqual(run.returncode, 0, run.stderr)
        answer = json.loads(run.stdout)
        self.warnings = "\n".join(answer["warnings"])
        return answer["results"]

    def refusal(self, *words, cwd=None):
        run = self.run_command(*words, cwd=cwd)
        self.assertEqual(run.returncode, 1, run.stdout)
        return run.stderr

    def storage(self, pools, *more):
        return self.results("carbon-storage", "--land-cover", CASES / "invest_table" / "lc5.tif", "--pools", pools,
                            *more)["TOTAL_STORAGE_T"]

    def storage_refusal(self, pools, *more):
        return self.refusal("carbon-storage", "--land-cover", CASES / "invest_table" / "lc5.tif", "--pools", pools,
                            *more)

    def file(self, name, text, encoding="utf-8"):
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    def rows(self, path):
        with open(path, encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def column(self, path, name):
        return [row[name] for row in self.rows(path)]

    def field(self, path, name):
        dataset = ogr.Open(str(path))
        return [feature[name] for feature in dataset.GetLayer(0)]

    def workbook(self, name, sheets):
        """A workbook with these rows of texts; OGR writes the first row of a sheet as its header."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        dataset = ogr.GetDriverByName("XLSX" if name.endswith("x") else "ODS").CreateDataSource(str(path))
        for title, rows in sheets.items():
            layer = dataset.CreateLayer(title)
            width = max(map(len, rows))
            for cell in list(rows[0]) + [""] * (width - len(rows[0])):
                layer.CreateField(ogr.FieldDefn(str(cell), ogr.OFTString))
            for row in rows[1:]:
                feature = ogr.Feature(layer.GetLayerDefn())
                for i, cell in enumerate(row):
                    if cell != "":
                        feature.SetField(i, str(cell))
                layer.CreateFeature(feature)
        feature = layer = None  # before what they belong to
        dataset = None
        return path

    def dbase(self, name, encoding, language=0, cpg=None, units=UNITS, field="县名"):
        """A .dbf of units and rising and falling values, whose text is in an encoding that it may state."""
        path = self.folder / name
        dataset = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(str(path))
        layer = dataset.CreateLayer(path.stem, geom_type=ogr.wkbNone, options=["ENCODING=UTF-8"])
        layer.CreateField(ogr.FieldDefn("FFFFFFFF", ogr.OFTString))
        for year in range(2001, 2007):
            layer.CreateField(ogr.FieldDefn(f"y{year}", ogr.OFTReal))
        raw = [unit.encode(encoding) for unit in units]
        for sign, text in enumerate(raw):
            feature = ogr.Feature(layer.GetLayerDefn())
            feature.SetField(0, "@" * len(text))
            for year in range(2001, 2007):
                feature.SetField(f"y{year}", year * (sign - 1.0))
            layer.CreateFeature(feature)
        feature = layer = None  # before what they belong to
        dataset = None
        bytes_ = bytearray(path.read_bytes())
        for text in raw:
            at = bytes_.find(b"@" * len(text))
            bytes_[at:at + len(text)] = text
        at = bytes_.find(b"FFFFFFFF")
        bytes_[at:at + 8] = field.encode(encoding).ljust(8, b"\0")
        bytes_[29] = language
        path.write_bytes(bytes_)
        path.with_suffix(".cpg").unlink(missing_ok=True)
        if cpg:
            path.with_suffix(".cpg").write_text(cpg)
        return path


class Cases(TableTest):
    def test_invest_tables_are_read_as_they_are(self):
        self.assertEqual(self.storage(CASES / "invest_table" / "pools_invest.csv"), TOTAL)

    def test_blanks_that_cannot_be_seen_are_blanks(self):
        for kind in ("nbsp", "space"):
            self.assertEqual(self.storage(CASES / "invisible_spaces" / f"pools_{kind}.csv"), TOTAL)
        self.assertIn("line 1 holds full-width commas",
                      self.storage_refusal(CASES / "invisible_spaces" / "pools_full.csv"))

    def test_sheets_with_years_as_numbers_and_numbers_as_text(self):
        folder = CASES / "xlsx_headers"
        for name in ("wide_num.csv", "wide_num.xlsx"):
            made = self.results("trend-table", "--table", folder / name, "--unit-field", "county")
            self.assertEqual((made["UNITS"], made["MEDIAN_SLOPE"]), (2, 0.5))
        self.assertEqual(self.storage(folder / "pools_text.xlsx"), TOTAL)

    def test_dates_gaps_repeated_names_and_commas_in_names(self):
        folder = CASES / "table_cells_refused"
        for name in ("long_iso.csv", "long_cn.csv"):
            made = self.results("trend-table", "--table", folder / name, "--layout", "rows", "--unit-field", "county",
                                "--year-field", "date", "--value-field", "npp")
            self.assertEqual((made["UNITS"], made["MEDIAN_SLOPE"]), (2, 0.5))
        self.results("trend-table", "--table", folder / "mk1.csv", "--unit-field", "unit")
        made = self.results("geodetector-table", "--data", folder / "g1_dup.csv", "--response", "ndvi", "--factors",
                            "soil")
        self.assertEqual(made["BEST_FACTOR"], "soil")
        for words in (["soil", "GDP, per capita"], ['soil,"GDP, per capita"'], ["soil", '"GDP, per capita"'],
                      ["soil,GDP, per capita"]):
            self.results("geodetector-table", "--data", folder / "gd_comma.csv", "--response", "NDVI", "--factors",
                         *words, "--factor", self.folder / "f.csv", "--overwrite")
            self.assertEqual(self.column(self.folder / "f.csv", "factor"), ["soil", "GDP, per capita"])

    def test_a_bad_cell_does_not_make_classes_of_a_measurement(self):
        folder = CASES / "geodetector_bad_cell"
        asked = ["--response", "ndvi", "--factors", "soil,gdp", "--factor", self.folder / "f.csv", "--overwrite"]
        made = self.results("geodetector-table", "--data", folder / "g1_ok.csv", *asked)
        gdp = self.rows(self.folder / "f.csv")[1]
        self.assertEqual((gdp["factor"], gdp["strata"]), ("gdp", "8"))
        self.assertAlmostEqual(float(gdp["q"]), 0.0143, places=4)
        self.assertAlmostEqual(made["BEST_PAIR_Q"], 0.842, places=3)
        self.assertIn('line 702, column "gdp": "#DIV/0!" is not a number',
                      self.refusal("geodetector-table", "--data", folder / "g1_div0.csv", *asked))
        text = (folder / "g1_ok.csv").read_text(encoding="utf-8")
        header, *rows = text.splitlines()
        place = header.split(",").index("gdp")

        def with_cell(make):
            cells = [row.split(",") for row in rows]
            for i, row in enumerate(cells):
                row[place] = make(i, row[place])
            return self.file("g.csv", "\n".join([header] + [",".join(row) for row in cells]) + "\n")

        def one(text):
            return lambda i, cell: text(cell) if i == 700 else cell

        expected = self.rows(self.folder / "f.csv")
        # What can only mean one number is that number.
        for kind, make in {"full-width blank": one(lambda cell: cell + "\u3000"),
                           "no-break blank": one(lambda cell: "\u00a0" + cell),
                           "full-width digits": one(lambda cell: cell.translate(
                               {ord(c): ord(c) + 0xfee0 for c in "0123456789.-"}))}.items():
            with self.subTest(kind):
                self.results("geodetector-table", "--data", with_cell(make), *asked)
                self.assertEqual(self.rows(self.folder / "f.csv"), expected)
        # What can mean two is refused with its place.
        for cell in ("12%", '"1,234"', '"12,5"', "#VALUE!", "-", "—", "inf", "1.2.3"):
            with self.subTest(cell):
                said = self.refusal("geodetector-table", "--data", with_cell(one(lambda _, c=cell: c)), *asked)
                self.assertIn(f'line 702, column "gdp": "{cell.strip(chr(34))}" is not a number', said)
        said = self.refusal("geodetector-table", "--data", with_cell(lambda i, cell: cell + "%"), *asked)
        self.assertIn('line 2, column "gdp"', said)
        # A word for "none" is a gap, in a column of names as well.
        for word in ("NA", "#N/A", "null", "NaN", "n/a"):
            with self.subTest(word):
                made = self.results("geodetector-table", "--data", with_cell(one(lambda _, w=word: w)), *asked)
                self.assertEqual(made["OBSERVATIONS"], 1199)
        named = self.file("n.csv", "y,soil\n" + "".join(f"{i % 7},{'NA' if i == 5 else 'abc'[i % 3]}\n" for i in range(60)))
        made = self.results("geodetector-table", "--data", named, "--response", "y", "--factors", "soil", "--risk",
                            self.folder / "r.csv")
        self.assertEqual(made["OBSERVATIONS"], 59)
        self.assertEqual(self.column(self.folder / "r.csv", "stratum"), ["a", "b", "c"])

    def test_many_whole_numbers_are_a_measurement_and_it_is_said(self):
        table = CASES / "geodetector_integer_measurement" / "gdint.csv"
        asked = ["geodetector-table", "--data", table, "--response", "y", "--factors", "soil,elev", "--factor",
                 self.folder / "f.csv", "--overwrite"]
        self.results(*asked)
        self.assertIn('"elev" holds 499 different whole numbers and was taken as a measurement', self.warnings)
        self.assertIn("CATEGORICAL", self.warnings.upper())
        soil, elev = self.rows(self.folder / "f.csv")
        self.assertEqual((soil["strata"], soil["method"]), ("4", "given"))
        self.assertLess(float(elev["q"]), 0.01)
        self.results(*asked, "--continuous", "elev")
        self.assertEqual(self.rows(self.folder / "f.csv"), [soil, elev])
        self.assertNotIn("was taken as", self.warnings)
        self.results(*asked, "--categorical", "elev")
        self.assertEqual(self.rows(self.folder / "f.csv")[1]["strata"], "499")
        self.assertIn("is in --continuous as well", self.refusal(*asked, "--continuous", "elev", "--categorical", "2"))

    def test_whole_metres_in_a_raster_are_a_measurement(self):
        driver = gdal.GetDriverByName("GTiff")

        def raster(name, kind, cell, names=None):
            dataset = driver.Create(str(self.folder / name), 60, 60, 1, kind)
            dataset.SetGeoTransform((500000, 100, 0, 4000000, 0, -100))
            band = dataset.GetRasterBand(1)
            for y in range(60):
                row = [cell(x, y) for x in range(60)]
                band.WriteRaster(0, y, 60, 1, struct.pack("60d", *row), buf_type=gdal.GDT_Float64)
            if names:
                band.SetRasterCategoryNames(names)
            band = None
            dataset = None
            return self.folder / name

        response = raster("y.tif", gdal.GDT_Float32, lambda x, y: (x * 7 + y * 13) % 11 + (x // 20))
        elevation = raster("dem.tif", gdal.GDT_Int16, lambda x, y: 200 + (x * 31 + y * 17) % 499)
        soil = raster("soil.tif", gdal.GDT_Byte, lambda x, y: x // 20)
        named = raster("named.tif", gdal.GDT_Byte, lambda x, y: x, [f"kind {i}" for i in range(60)])
        self.results("geodetector", "--response", response, "--factors", elevation, soil, named, "--factor",
                     self.folder / "f.csv")
        found = {row["factor"]: row for row in self.rows(self.folder / "f.csv")}
        self.assertLessEqual(int(found["dem"]["strata"]), 10)
        self.assertEqual((found["soil"]["strata"], found["named"]["strata"]), ("3", "60"))
        self.assertIn('"dem" holds', self.warnings)
        self.assertNotIn('"named" holds', self.warnings)

    def test_text_of_csv_says_that_it_is_utf8(self):
        pools = CASES / "csv_without_bom" / "pools_utf8bom.csv"
        self.storage(pools, "--by-class", self.folder / "b.csv")
        made = (self.folder / "b.csv").read_bytes()
        self.assertTrue(made.startswith(b"\xef\xbb\xbf"))
        self.assertEqual(made.count(b"\xef\xbb\xbf"), 1)
        plain = self.file("plain.csv", lines_of([row[:1] + ["name" if i == 0 else f"n{i}"] + row[2:]
                                                 for i, row in enumerate(POOLS)]))
        self.storage(plain, "--by-class", self.folder / "p.csv")
        self.assertFalse((self.folder / "p.csv").read_bytes().startswith(b"\xef"))

    def test_names_that_a_shapefile_cuts_are_told(self):
        folder = CASES / "shapefile_10_characters"
        self.results("zonal-series", "--series", folder / "stack.tif", "--zones", folder / "zones_ll.shp", "--zoned",
                     self.folder / "z.shp")
        for pair in ("linear_slope -> linear_slo", "linear_intercept -> linear_int", "relative_rate -> relative_r"):
            self.assertIn(pair, self.warnings)

    def test_text_in_shapefiles_is_utf8_and_says_so(self):
        folder = CASES / "shapefile_chinese_out"
        self.results("trend-table", "--table", folder / "wide_num.csv", "--unit-field", "county", "--trend",
                     self.folder / "t.dbf")
        self.assertEqual((self.folder / "t.cpg").read_text(), "UTF-8")
        self.assertEqual(self.field(self.folder / "t.dbf", "unit"), ["甲县", "乙县"])
        asked = ["zonal-series", "--series", folder / "stack.tif", "--zones", folder / "cn.geojson", "--zoned"]
        self.results(*asked, self.folder / "z.shp")
        self.assertEqual((self.folder / "z.cpg").read_text(), "UTF-8")
        self.assertEqual(self.field(self.folder / "z.shp", "县名"), ["延安市", "榆林市"])
        # QGIS empties this option, which must not change a byte.
        (self.folder / "other").mkdir()
        self.results(*asked, self.folder / "other" / "z.shp", "--config", "SHAPE_ENCODING=")
        for name in ("z.dbf", "z.cpg", "z.shp"):
            self.assertEqual((self.folder / name).read_bytes(), (self.folder / "other" / name).read_bytes(), name)


class Encodings(TableTest):
    def test_tables_in_any_encoding(self):
        texts = {"gbk": lines_of(POOLS), "gb18030": lines_of(POOLS), "utf-16": lines_of(POOLS),
                 "utf-16-le": lines_of(POOLS), "utf-16-be": lines_of(POOLS), "utf-32": lines_of(POOLS),
                 "utf-8-sig": lines_of(POOLS), "big5": lines_of(POOLS).replace("设", "設"),
                 "cp932": lines_of(POOLS).replace("林地", "森林と湿地").replace("建设用地", "ビル・道路"),
                 "cp949": "class,name,c_above,c_below,c_soil,c_dead\n1,농경지와 논밭,2,1,60,0\n2,산림 지역,80,20,100,5\n"
                          "3,초지와 습지,3,6,80,1\n4,시가화 건조 지역,0,0,30,0\n",
                 "cp1252": lines_of(POOLS).replace("耕地", "Forêt").replace("林地", "Été").replace("草地", "Bâti").replace(
                     "建设用地", "pré")}
        for encoding, text in texts.items():
            with self.subTest(encoding):
                names = [line.split(",")[1] for line in text.splitlines()[1:]]
                pools = self.file("p.csv", text, encoding)
                self.assertEqual(self.storage(pools, "--by-class", self.folder / "b.csv", "--overwrite"), TOTAL)
                self.assertEqual(self.column(self.folder / "b.csv", "name"), names)
                if encoding in ("gbk", "gb18030", "big5", "cp932", "cp949", "cp1252"):
                    said = {"gbk": "GB18030", "gb18030": "GB18030", "big5": "Big5", "cp932": "Shift_JIS",
                            "cp949": "EUC-KR", "cp1252": "Windows-1252"}[encoding]
                    self.assertIn(f"it was read as {said}, the likeliest encoding", self.warnings)
                    # Said, it is not guessed.
                    self.storage(pools, "--encoding", encoding)
                    self.assertEqual(self.warnings, "")
                elif encoding in ("utf-16", "utf-8-sig", "utf-32"):
                    self.assertEqual(self.warnings, "")

    def test_text_that_is_in_no_encoding_is_refused_with_its_line(self):
        broken = lines_of(POOLS).encode().replace("草".encode(), "草".encode()[:2])
        self.assertIn("line 4 is not UTF-8", self.storage_refusal(self.file("p.csv", broken)))
        self.assertIn("ENCODING", self.storage_refusal(self.file("p.csv", broken), "--encoding", "ebcdic-of-mars").upper())
        self.assertIn("is not Big5", self.storage_refusal(self.file("p.csv", b"class,name\n1,\xff\xff\n"), "--encoding",
                                                          "Big5"))

    def test_dbase_text_in_any_encoding_with_and_without_a_word_on_it(self):
        silent = {"language 77": ("gbk", 0x4d, None), "cpg GBK": ("gbk", 0, "GBK"), "cpg 936": ("gbk", 0x57, "936"),
                  "cpg ANSI 936": ("gbk", 0, "ANSI 936"), "UTF-8 unsaid": ("utf-8", 0, None),
                  "UTF-8, language 87, as QGIS writes": ("utf-8", 0x57, None), "cpg UTF-8": ("utf-8", 0, "UTF-8"),
                  "Big5, language 79": ("big5", 0x4f, None)}
        told = {"GBK unsaid": ("gbk", 0, None, "GB18030"), "GBK, language 87": ("gbk", 0x57, None, "GB18030"),
                "GBK, but cpg UTF-8": ("gbk", 0, "UTF-8", "GB18030"),
                "GBK, but cpg ISO-8859-1": ("gbk", 0, "ISO-8859-1", "says that its text is ISO-8859-1, but it is not"),
                "GBK, but cpg 1252": ("gbk", 0, "1252", "GB18030"),
                "UTF-8, but cpg ISO-8859-1": ("utf-8", 0, "ISO-8859-1", "UTF-8"), "Big5 unsaid": ("big5", 0, None, "Big5"),
                "UTF-8, but language 77": ("utf-8", 0x4d, None, "UTF-8")}
        for kind, (encoding, language, cpg, *said) in {**silent, **told}.items():
            with self.subTest(kind):
                units, field = UNITS, "县名"
                if encoding == "big5":
                    units, field = [unit.replace("县", "縣") for unit in UNITS], "縣名"
                table = self.dbase("t.dbf", encoding, language, cpg, units, field)
                self.results("trend-table", "--table", table, "--unit-field", field, "--trend", self.folder / "o.csv",
                             "--overwrite")
                self.assertEqual(self.column(self.folder / "o.csv", "unit"), units)
                if said:
                    self.assertIn(said[0], self.warnings)
                else:
                    self.assertEqual(self.warnings, "")
        self.results("trend-table", "--table", self.dbase("t.dbf", "gbk"), "--unit-field", "县名", "--encoding", "GBK")
        self.assertEqual(self.warnings, "")

    def test_western_text_is_read_as_its_file_says(self):
        units = ["Größe", "Ñuñoa", "São Tomé", "Älvsbyn", "Île-de-France", "Bärnkopf", "Århus", "Úbeda"]
        for language, cpg in ((0, "ISO-8859-1"), (0x57, "1252"), (0x57, "ISO-8859-1")):
            for some in (units, units[:1], units[1:2], units[2:3]):
                table = self.dbase("t.dbf", "latin-1", language, cpg, some, "Größe")
                self.results("trend-table", "--table", table, "--unit-field", "Größe", "--trend",
                             self.folder / "o.csv", "--overwrite")
                self.assertEqual(self.column(self.folder / "o.csv", "unit"), some)
                self.assertNotIn("text", self.warnings)

    def test_zones_whose_text_is_gbk(self):
        folder = CASES / "shapefile_chinese_out"
        self.zones = self.folder / "zones.shp"
        dataset = ogr.Open(str(folder / "cn.geojson"))
        made = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(str(self.zones))
        made.CopyLayer(dataset.GetLayer(0), "zones", ["ENCODING=GBK"])
        made = None
        dataset = None
        (self.folder / "zones.cpg").unlink(missing_ok=True)
        bytes_ = bytearray(self.zones.with_suffix(".dbf").read_bytes())
        for language in (0, 0x57, 0x4d):
            bytes_[29] = language
            self.zones.with_suffix(".dbf").write_bytes(bytes_)
            self.results("zonal-series", "--series", folder / "stack.tif", "--zones", self.zones, "--zoned",
                         self.folder / "z.gpkg", "--overwrite")
            self.assertEqual(self.field(self.folder / "z.gpkg", "县名"), ["延安市", "榆林市"])
            self.assertEqual("GB18030" in self.warnings, language != 0x4d)


    def test_what_a_cpg_beside_csv_says(self):
        names = [row[1] for row in POOLS[1:]]
        pools = self.file("p.csv", lines_of(POOLS), "gbk")
        for word in ("936", "ANSI 936", "GBK", "GB2312", "CP936\r\n"):
            with self.subTest(word):
                self.file("p.cpg", word)
                self.assertEqual(self.storage(pools, "--by-class", self.folder / "b.csv", "--overwrite"), TOTAL)
                self.assertEqual(self.column(self.folder / "b.csv", "name"), names)
                self.assertEqual(self.warnings, "")

    def test_bytes_that_fit_two_encodings(self):
        def read(name, encoding):
            pools = self.file("p.csv", lines_of([POOLS[0], [1, name] + POOLS[1][2:]] + [row[:1] + ["abc"] + row[2:]
                                                                                         for row in POOLS[2:]]), encoding)
            self.storage(pools, "--by-class", self.folder / "b.csv", "--overwrite")
            return self.column(self.folder / "b.csv", "name")[0]

        # U+4E00 has a zero byte where ASCII characters have none.
        for encoding in ("utf-16-be", "utf-16-le"):
            self.assertEqual(read("一般耕地", encoding), "一般耕地")
        # The GBK bytes of this one are UTF-8 for a lone modifier letter.
        self.assertEqual(read("水", "gbk"), "水")
        self.assertIn("GB18030", self.warnings)
        for name in ("é", "Ökosystem", "ˈfo\u02d0rest", "Đất"):
            self.assertEqual(read(name, "utf-8"), name)
        self.assertEqual(read("20 °C", "cp1252"), "20 °C")

    def test_layers_of_other_formats(self):
        folder = CASES / "shapefile_chinese_out"
        text = (folder / "cn.geojson").read_text(encoding="utf-8")
        asked = ["zonal-series", "--series", folder / "stack.tif", "--zoned", self.folder / "z.gpkg", "--overwrite"]

        def units(zones, *more):
            self.results(*asked, "--zones", zones, *more)
            made = ogr.Open(str(self.folder / "z.gpkg"))
            return [feature.GetField(0) for feature in made.GetLayer(0)]

        expected = ["延安市", "榆林市"]
        self.assertEqual(units(self.file("bom.geojson", text, "utf-8-sig")), expected)
        self.assertEqual(units(self.file("gbk.geojson", text, "gbk")), expected)
        self.assertIn("GB18030", self.warnings)
        self.assertEqual(units(self.file("gbk.geojson", text, "gbk"), "--encoding", "GBK"), expected)
        self.assertEqual(self.warnings, "")
        # A database whose names of columns are UTF-8 and whose cells are not.
        packed = self.folder / "p.gpkg"
        source = ogr.Open(str(folder / "cn.geojson"))
        made = ogr.GetDriverByName("GPKG").CreateDataSource(str(packed))
        made.CopyLayer(source.GetLayer(0), "p")
        made = None
        store = sqlite3.connect(packed)
        for trigger in store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            store.execute(f'DROP TRIGGER "{trigger[0]}"')
        for name in expected:
            store.execute('UPDATE p SET "县名" = CAST(? AS TEXT) WHERE "县名" = ?', (name.encode("gbk"), name))
        store.commit()
        store.close()
        self.assertIn("say its encoding in --encoding", self.refusal(*asked, "--zones", packed))
        self.assertEqual(units(packed, "--encoding", "GBK"), expected)
        made = ogr.Open(str(self.folder / "z.gpkg"))
        self.assertEqual(made.GetLayer(0).GetLayerDefn().GetFieldDefn(0).GetName(), "县名")
        made = None
        # MapInfo's own words, true and untrue.
        source = ogr.Open(str(folder / "cn.geojson"))
        made = ogr.GetDriverByName("MapInfo File").CreateDataSource(str(self.folder / "m.mif"), ["FORMAT=MIF"])
        counties = source.GetLayer(0)
        layer = made.CreateLayer("m", counties.GetSpatialRef(), ogr.wkbPolygon, ["ENCODING=CP936"])
        layer.CreateField(ogr.FieldDefn("county", ogr.OFTString))
        for number, feature in enumerate(counties):
            row = ogr.Feature(layer.GetLayerDefn())
            row["county"] = expected[number]
            row.SetGeometry(feature.GetGeometryRef().Clone())
            layer.CreateFeature(row)
        feature = row = layer = None  # before what they belong to
        made = None
        header = (self.folder / "m.mif").read_bytes()
        self.assertEqual(units(self.folder / "m.mif"), expected)
        self.assertEqual(self.warnings, "")
        for said in (b"WindowsLatin1", b"Neutral"):
            (self.folder / "m.mif").write_bytes(header.replace(b"WindowsSimpChinese", said))
            self.assertEqual(units(self.folder / "m.mif"), expected, said)
            self.assertIn("GB18030", self.warnings)


class Factors(TableTest):
    """Columns of strata with cells that are none."""

    def q(self, soil, *more):
        """Of 60 rows of three strata; those of each seventh row are what `soil` says."""
        cells = [soil(i) for i in range(60)]
        y = [(i % 3) * 2 + (i * 37 % 60) / 60 for i in range(60)]
        path = self.file("g.csv", lines_of([["y", "soil"]] + list(zip(y, cells))))
        self.results("geodetector-table", "--data", path, "--response", "y", "--factors", "soil", "--factor",
                     self.folder / "f.csv", "--overwrite", *more)
        row = self.rows(self.folder / "f.csv")[0]
        return float(row["q"]), int(row["n"]), int(row["strata"])

    def test_signs_of_programs_for_no_value_are_gaps_in_columns_of_words(self):
        expected = self.q(lambda i: f"s{i % 3}" if i % 7 else "")
        self.assertEqual(expected[1:], (51, 3))
        for sign in ("<Null>", "<空>", "‹空›", "(null)", "(blank)", "#DIV/0!", "#REF!", "#N/A", "#NAME?"):
            self.assertEqual(self.q(lambda i: f"s{i % 3}" if i % 7 else sign), expected, sign)
            self.assertIn("9 rows lack", self.warnings)
        for sign in ("-", "/", "?", "无", "未知", "n.d."):
            self.assertEqual(self.q(lambda i: f"s{i % 3}" if i % 7 else sign)[1:], (60, 4), sign)
            self.assertIn(f'9 rows say "{sign}", which counts as a stratum of its own', self.warnings)
        self.q(lambda i: f"s{i % 3}")
        self.assertEqual(self.warnings, "")

    def test_measurements_with_their_unit_are_no_classes(self):
        for text in ("{:.1f} mm", "{:.1f}万元", "¥{:.1f}", "约{:.1f}", "{:.1f} °C", "{:.1f}km2"):
            rows = [["y", "rain"]] + [[i, text.format(i * 1.5)] for i in range(40)]
            words = ["geodetector-table", "--data", self.file("m.csv", lines_of(rows)), "--response", "y", "--factors",
                     "rain"]
            said = self.refusal(*words)
            self.assertIn("40 cells of the column carry", said, text)
            self.assertIn("name it in --categorical", said)
            self.results(*words, "--categorical", "rain")
        # Grades and codes are classes.
        for grade in (lambda i: f"{i % 3 + 1}级", lambda i: f"P{i}" if i % 2 else "P0", lambda i: f"{i % 4 * 10}-{i % 4 * 10 + 10}"):
            self.q(grade)


class Spreadsheets(TableTest):
    def test_rows_that_are_no_data_are_named_with_a_remedy(self):
        total = ["合计", "", 85, 27, 270, 6]
        for end in ("csv", "xlsx", "ods"):
            def table(rows):
                return self.file("t.csv", lines_of(rows)) if end == "csv" else self.workbook(f"t.{end}", {"Sheet1": rows})

            place = "line" if end == "csv" else "row"
            for rows, number, words in (
                    (POOLS + [total], 6, "looks like a total of others: take it out"),
                    (POOLS + [["", "Total", 85, 27, 270, 6]], 6, "looks like a total of others: take it out"),
                    (POOLS + [["", "总 计", 85, 27, 270, 6]], 6, "looks like a total of others: take it out"),
                    (POOLS[:1] + [["", "", "t/ha", "t/ha", "t/ha", "t/ha"]] + POOLS[1:], 2,
                     "take it out if it holds units or is a second header"),
                    (POOLS + [["from a yearbook", "", "", "", "", ""]], 6, "take it out if it is a note")):
                with self.subTest(f"{end}: {words}, {number}"):
                    said = self.storage_refusal(table(rows))
                    self.assertIn(f'{place} {number}, column "class"', said)
                    self.assertIn(words, said)
            with self.subTest(f"notes below the table, {end}"):
                for note in ("Source: a yearbook", "注：1.数据来源", "数据来源：国家统计局"):
                    self.assertEqual(self.storage(table(POOLS + [[note, "", "", "", "", ""]])), TOTAL)
                    self.assertIn(f'{place} 6 ("{note}") is a note below the table and was left out', self.warnings)
            with self.subTest(f"two rows of headers, {end}"):
                said = self.storage_refusal(table([["class", "name", "density", "d2", "d3", "d4"],
                                                   ["-", "-", *POOLS[0][2:]]] + POOLS[1:]))
                self.assertIn(f"{place} 2 holds this name: keep one row of headers", said)
            with self.subTest(f"a total among units, {end}"):
                rows = [["县", *range(2001, 2006)], ["甲", 1, 2, 3, 4, 5], ["乙", 5, 4, 3, 2, 1], ["全国合计", 6, 6, 6, 6, 6]]
                made = self.results("trend-table", "--table", table(rows), "--unit-field", "县")
                self.assertEqual(made["UNITS"], 3)
                self.assertIn(f'{place} 4 ("全国合计") looks like a total of other rows', self.warnings)

    def test_a_missing_column_tells_of_other_sheets_and_separators(self):
        book = self.workbook("b.xlsx", {"notes": [["about"], ["x"]], "pools": POOLS})
        self.assertIn('"notes" was read. The others are "pools"; name one with |layername=NAME', self.storage_refusal(book))
        self.assertEqual(self.storage(self.file("bars.csv", lines_of(POOLS).replace(",", "|"))), TOTAL)
        self.assertIn("separate its cells by commas, semicolons or tabs",
                      self.storage_refusal(self.file("blanks.csv", lines_of(POOLS).replace(",", " "))))

    def test_columns_in_chinese(self):
        header = ["地类代码", "地类名称", "地上碳密度", "地下碳密度", "土壤碳密度", "死亡有机质碳密度"]
        self.assertEqual(self.storage(self.file("z.csv", lines_of([header] + POOLS[1:]))), TOTAL)

    def test_decimal_commas_are_the_whole_tables(self):
        def table(separator, soil):
            rows = [[separator.join(map(str, row))] for row in [POOLS[0], *([*row[:4], soil(row[4]), row[5]]
                                                                          for row in POOLS[1:])]]
            return self.file("d.csv", "\n".join(row[0] for row in rows) + "\n")

        self.assertEqual(self.storage(table(";", lambda c: c)), TOTAL)
        self.assertEqual(self.warnings, "")
        for separator in ";\t":
            self.assertEqual(self.storage(table(separator, lambda c: f"{c},0")), TOTAL)
            self.assertIn("4 numbers have a decimal comma (60,0)", self.warnings)
        self.storage(table(";", lambda c: "1.200" if c == 60 else c))
        self.assertIn('column "c_soil": 1.200 was read as 1.2', self.warnings)

    def test_a_table_pasted_twice_and_units_that_stand_twice(self):
        rows = [["县", *range(2001, 2006)], ["甲", 1, 2, 3, 4, 5], ["乙", 5, 4, 3, 2, 1], ["甲", 10, 20, 30, 40, 50]]
        path = self.file("t.csv", lines_of(rows))
        self.results("trend-table", "--table", path, "--unit-field", "县")
        self.assertIn('"甲" (2 rows) stands in the table more than once', self.warnings)
        self.file("t.csv", lines_of(rows[:3]))
        self.results("trend-table", "--table", path, "--unit-field", "县")
        self.assertEqual(self.warnings, "")

    def test_long_tables_in_the_layout_of_columns_are_told_the_other(self):
        path = self.file("t.csv", "unit,year,v\nA,2001,1\nA,2002,2\nA,2003,3\n")
        said = self.refusal("trend-table", "--table", path, "--unit-field", "unit")
        self.assertIn('"year" holds a year in each row', said)
        self.assertIn("--layout rows", said.replace("--layout=rows", "--layout rows"))

    def test_years_of_two_digits(self):
        words = ["--layout", "rows", "--unit-field", "unit", "--year-field", "year", "--value-field", "v"]
        for years, slope in ((["97", "98", "99", "00", "01"], 1), (["1997", "1998", "1999", "2000", "2001"], 1)):
            path = self.file("t.csv", lines_of([["unit", "year", "v"]] + [["A", y, i] for i, y in enumerate(years)]))
            self.assertEqual(self.results("trend-table", "--table", path, *words)["MEDIAN_SLOPE"], slope)
            self.assertEqual("1997 to 2001" in self.warnings, years[0] == "97")
        path = self.file("t.csv", lines_of([["unit", "year", "v"]] + [["A", y, 1] for y in ("97", "98", "00", "01")]))
        self.assertIn("write all four digits", self.refusal("trend-table", "--table", path, *words))

    def test_marks_of_no_data_in_columns_of_numbers_are_told(self):
        def trends(*cells):
            rows = [["unit", *range(2001, 2006)], ["a", 1, 2, cells[0], 4, 5], ["b", 5, 4, cells[-1], 2, 1]]
            return self.results("trend-table", "--table", self.file("t.csv", lines_of(rows)), "--unit-field", "unit")

        trends(-9999, 3)
        self.assertIn('line 2, column "2003": -9999 lies far below all others (3 to 3)', self.warnings)
        trends(-9999, -9999)
        self.assertNotIn("far below", self.warnings)  # nothing to compare with
        trends(-99, -98)
        self.assertNotIn("far below", self.warnings)
        trends("", 3)
        self.assertNotIn("far below", self.warnings)

    def test_columns_that_nearly_name_a_quantity_are_told(self):
        counties = (SOURCE / "metadata/sample/counties/counties.csv").read_text(encoding="utf-8")
        self.results("carbon-coefficients", "--coefficients", "coefficients.csv")
        words = ("carbon-indices", "--coefficients", "coefficients.csv", "--unit-field", "county", "--year-field", "year",
                 "--units")
        self.results(*words, self.file("plain.csv", counties))
        self.assertNotIn("may hold", self.warnings)
        for quantity, name in (("population", "人口（万人）"), ("population", "年末总人口(人)"), ("rice", "Rice yield (t)")):
            self.results(*words, self.file("near.csv", counties.replace(f",{quantity},", f",{name},", 1)))
            self.assertIn(f'the column "{name}" is not used, though it may hold "{quantity}"', self.warnings)

    def test_marks_and_totals_in_the_history_of_drivers_are_told(self):
        sample = SOURCE / "metadata/sample/counties"
        drivers = "population,w,is,ti,ur,cei"
        self.results("carbon-coefficients", "--coefficients", "coefficients.csv")
        self.results("carbon-indices", "--units", sample / "counties.csv", "--coefficients", "coefficients.csv",
                     "--unit-field", "county", "--year-field", "year", "--keep-fields", drivers, "--indices", "indices.csv")
        self.results("stirpat", "--data", "indices.csv", "--response", "ce_t", "--drivers", drivers, "--model", "model.json")
        rows = self.rows(self.folder / "indices.csv")
        words = ("stirpat-scenarios", "--model", "model.json", "--unit-field", "unit", "--year-field", "year",
                 "--scenarios", sample / "scenarios.csv", "--sink", "cs_t", "--level", "base_year", "--base")

        def table(name, rows):
            return self.file(name, lines_of([list(rows[0])] + [list(row.values()) for row in rows]))
        self.results(*words, table("plain.csv", rows))
        self.assertNotIn("count twice", self.warnings)
        marked = [dict(row, population="-9999") if i == 3 else row for i, row in enumerate(rows)]
        self.assertIn('line 5, column "population"', self.refusal(*words, table("marked.csv", marked)))
        nothing = self.refusal(*words, table("nothing.csv", [dict(row, population="-9999") for row in rows]))
        self.assertIn('column "population" holds nothing but -9999', nothing)
        totals = []
        for year in sorted({row["year"] for row in rows}):
            of_year = [row for row in rows if row["year"] == year]
            totals.append({name: "全市" if name == "unit" else year if name == "year" else
                           repr(sum(float(row[name] or 0) for row in of_year)) for name in rows[0]})
        self.results(*words, table("totals.csv", rows + totals))
        self.assertIn('the numbers of "全市" are the sums of those of all other units', self.warnings)

    def test_dates_that_a_spreadsheet_counts_in_days_are_no_years(self):
        rows = ["unit,date,npp"] + [f"{unit},{37043 + 365 * i},{i}" for unit in "ab" for i in range(5)]
        said = self.refusal("trend-table", "--table", self.file("t.csv", "\n".join(rows) + "\n"), "--layout", "rows",
                            "--unit-field", "unit", "--year-field", "date", "--value-field", "npp")
        self.assertIn('"37043" is no year; it looks like a date as spreadsheets count days', said)

    def test_sheets_as_people_make_them(self):
        for end in ("xlsx", "ods", "csv"):
            def table(rows):
                if end == "csv":
                    width = max(map(len, rows))
                    return self.file("t.csv", "".join(",".join(map(str, row)) + "," * (width - len(row)) + "\n"
                                                      for row in rows))
                return self.workbook(f"t.{end}", {"Sheet1": rows})

            kinds = {"plain": POOLS, "titles": [["表1 碳密度"], ["(t/ha)"], []] + POOLS,
                     "a title with its unit": [["Table 1", "", "", "", "", "t/ha"]] + POOLS,
                     "blank rows": POOLS[:2] + [[], []] + POOLS[2:] + [[]],
                     "columns without a name": [row + ["", "x" if i else ""] for i, row in enumerate(POOLS)],
                     "unused columns of one name": [row + ["OBJECTID" if i == 0 else i] * 2 for i, row in enumerate(POOLS)],
                     "invisible blanks": [[f"\u00a0{cell}\u3000" for cell in row] for row in POOLS],
                     "full-width letters": [["ＣＬＡＳＳ"] + POOLS[0][1:]] + POOLS[1:]}
            for kind, rows in kinds.items():
                with self.subTest(f"{kind}, {end}"):
                    self.assertEqual(self.storage(table(rows)), TOTAL)
            with self.subTest(f"a spreadsheet's error, {end}"):
                said = self.storage_refusal(table(POOLS[:4] + [[4, "b", "#DIV/0!", 0, 30, 0]]))
                self.assertIn(("line 5" if end == "csv" else "row 5") + ', column "c_above": "#DIV/0!"', said)
            with self.subTest(f"years, {end}"):
                for years in (range(2001, 2006), [f"{year}年" for year in range(2001, 2006)],
                              ["２００１", "２００２", "２００３", "２００４", "２００５"]):
                    rows = [["县", *years], ["甲", 1, 2, 3, 4, 5], ["乙", 5, 4, 3, 2, "NA"]]
                    made = self.results("trend-table", "--table", table(rows), "--unit-field", "县")
                    self.assertEqual((made["INCREASING"], made["DECREASING"], made["MEDIAN_SLOPE"]), (1, 1, 0))

    def test_a_repeated_column_that_is_asked_for_is_refused(self):
        rows = [row + [row[2]] for row in POOLS]
        self.assertIn('the column "c_above" appears twice (columns 3 and 7)',
                      self.storage_refusal(self.file("p.csv", lines_of(rows))))

    def test_other_sheets_are_told(self):
        for end in ("xlsx", "ods"):
            book = self.workbook(f"b.{end}", {"pools": POOLS, "notes": [["about"], ["x"]]})
            self.assertEqual(self.storage(book), TOTAL)
            self.assertIn('"pools" was read. The others are "notes"', self.warnings)
            self.assertEqual(self.storage(f"{book}|layername=pools"), TOTAL)
            self.assertEqual(self.warnings, "")
            self.assertIn('has no layer "none"; it has "pools", "notes"', self.storage_refusal(f"{book}|layername=none"))

    def test_no_text_is_a_formula(self):
        rows = [row[:1] + ["=1+1" if i == 1 else row[1]] + row[2:] for i, row in enumerate(POOLS)]
        pools = self.file("p.csv", lines_of(rows))
        for end in ("csv", "ods"):
            self.storage(pools, "--by-class", self.folder / f"b.{end}")
        self.assertEqual(self.column(self.folder / "b.csv", "name")[0], "'=1+1")
        content = zipfile.ZipFile(self.folder / "b.ods").read("content.xml").decode()
        self.assertIn("'=1+1", content.replace("&apos;", "'"))
        self.assertNotIn("table:formula", content)

    def test_header_cells_are_no_formulas_either(self):
        folder = CASES / "shapefile_chinese_out"
        zones = self.folder / "z.geojson"
        zones.write_text((folder / "cn.geojson").read_text(encoding="utf-8").replace("县名", "=1+1"), encoding="utf-8")
        self.results("zonal-series", "--series", folder / "stack.tif", "--zones", zones, "--zoned",
                     self.folder / "o.csv")
        header = (self.folder / "o.csv").read_text(encoding="utf-8-sig").splitlines()[0]
        self.assertIn("'=1+1", header)
        self.assertNotIn(",=1+1", "," + header.replace('"', ""))


class Agreement(TableTest):
    def test_totals_of_storage_and_balance_are_one_number(self):
        """Densities that Float32 rounds, on a plane and on the ellipsoid, with every cell of another area by row."""
        pools = self.file("p.csv", "class,c_above,c_below,c_soil,c_dead\n" + "".join(
            f"{c},{c * 7.1:.1f},{c * 0.37:.2f},{61.3 + c:.1f},0.{c}\n" for c in range(1, 8)))
        factors = self.file("f.csv", "class,factor\n" + "".join(f"{c},{0.422 - c * 0.0613}\n" for c in range(1, 8)))
        for code, transform in ((32649, (500000, 29.9, 0, 4000000, 0, -29.9)), (4326, (109, 0.0021, 0, 37, 0, -0.0017))):
            path = self.folder / "lc.tif"
            dataset = gdal.GetDriverByName("GTiff").Create(str(path), 203, 157, 1, gdal.GDT_Byte)
            system = osr.SpatialReference()
            system.ImportFromEPSG(code)
            dataset.SetProjection(system.ExportToWkt())
            dataset.SetGeoTransform(transform)
            cells = numpy.fromfunction(lambda y, x: (x * 31 + y * y * 17 + x * y) % 7 + 1, (157, 203)).astype("uint8")
            dataset.GetRasterBand(1).WriteArray(cells)
            dataset = None
            storage = self.results("carbon-storage", "--land-cover", path, "--pools", pools, "--storage-map",
                                   self.folder / "s.tif", "--overwrite")
            emission = self.results("carbon-emission", "--land-cover", path, "--factors", factors, "--emission-map",
                                    self.folder / "e.tif", "--overwrite")
            balance = self.results("carbon-balance", "--storage-map", self.folder / "s.tif", "--emission-map",
                                   self.folder / "e.tif", "--threads", "1")
            self.assertEqual(balance["TOTAL_STORAGE_T"], storage["TOTAL_STORAGE_T"])
            self.assertEqual(balance["TOTAL_EMISSION_T"], emission["TOTAL_EMISSION_T"])

    def test_a_confidence_interval_beside_q_is_explained(self):
        table = CASES / "geodetector_integer_measurement" / "gdint.csv"
        self.results("geodetector-table", "--data", table, "--response", "y", "--factors", "soil,elev", "--categorical",
                     "elev", "--factor", self.folder / "f.csv", "--report", self.folder / "r.html")
        outside = [row["factor"] for row in self.rows(self.folder / "f.csv")
                   if not float(row["q_lower"]) <= float(row["q"]) <= float(row["q_upper"])]
        self.assertEqual(outside, ["elev"])
        self.assertIn('The q of "elev" lies outside its confidence interval', self.warnings)
        self.assertIn("the interval lies below q", (self.folder / "r.html").read_text(encoding="utf-8"))

    def test_numbers_that_a_map_cannot_hold_are_nodata(self):
        pools = self.file("p.csv", "class,c_above,c_below,c_soil,c_dead\n1,1e39,0,0,0\n2,1,0,0,0\n3,1,0,0,0\n4,1,0,0,0\n")
        self.storage(pools, "--storage-map", self.folder / "s.tif")
        self.assertIn("cells hold a number that the map cannot hold and were written as NoData", self.warnings)
        dataset = gdal.Open(str(self.folder / "s.tif"))
        band = dataset.GetRasterBand(1)
        array = band.ReadAsArray()
        self.assertFalse((abs(array) == float("inf")).any())
        self.assertTrue((array == band.GetNoDataValue()).any())


def examples():
    """The calls of each manual page's example, as words."""
    for page in sorted((SOURCE / "algorithms").glob("*/*/*.md")):
        text = page.read_text(encoding="utf-8")
        blocks = re.findall(r"((?:^    .*\n)+)", text[text.index("\n## Example"):] + "\n", re.MULTILINE)
        lines = [line.strip() for block in blocks for line in re.sub(r"\\\n\s*", " ", block).splitlines()]
        yield page.stem, [shlex.split(line)[1:] for line in lines if line.startswith("landcarbon ")]


class EveryAlgorithm(TableTest):
    """The examples of the manual with their tables in another encoding or with blanks that cannot be seen."""

    def call(self, words):
        run = self.run_command(*words, "--overwrite")
        if run.returncode != 0:
            return run.stderr
        return {key: value for key, value in json.loads(run.stdout)["results"].items()
                if not isinstance(value, str) or not (self.folder / value).exists()}

    def test_tables_in_another_form_give_the_same_results(self):
        for name in ("metadata", "tests"):
            os.symlink(SOURCE / name, self.folder / name)

        def in_encoding(encoding):
            def change(text, path):
                # A remark that gives the encoding something to be told by.
                path.write_bytes(("# 耕地林地草地水域\n" + text).encode(encoding, "replace"))
            return change

        def with_blanks(text, path):
            with open(path, "w", encoding="utf-8", newline="") as made:
                for row in csv.reader(line for line in text.splitlines() if not line.startswith("#")):
                    csv.writer(made).writerow([f"\u00a0{cell}\u3000" if cell else "" for cell in row])

        kinds = {"GBK": in_encoding("gbk"), "UTF-16": in_encoding("utf-16"), "blanks": with_blanks}
        tried = set()
        for page, calls in examples():
            for words in calls:
                tables = [i for i, word in enumerate(words) if word.startswith("metadata/") and word.endswith(".csv")]
                if not tables or page in tried:
                    continue
                expected = self.call(words)
                if isinstance(expected, str):
                    continue  # needs what another example makes
                tried.add(page)
                for kind, change in kinds.items():
                    with self.subTest(f"{page}: {kind}"):
                        changed = list(words)
                        for i in tables:
                            changed[i] = str(self.folder / f"changed{i}.csv")
                            change((SOURCE / words[i]).read_text(encoding="utf-8-sig"), pathlib.Path(changed[i]))
                        self.assertEqual(self.call(changed), expected)
        self.assertGreater(len(tried), 8, sorted(tried))

    def test_chinese_text_leaves_every_algorithm_as_utf8_that_says_so(self):
        """The examples of the manual with Chinese names in tables and zones and of rasters: all that they write, with
        tables as .csv and as .dbf."""
        words = {}  # Chinese for what stands in columns of names

        def chinese(text):
            return words.setdefault(text, "地县区市"[len(words) % 4] + "".join(
                chr(0x4e00 + int(digit) * 17 + 3) for digit in str(len(words) + 100)))

        def translated(path):
            target = self.folder / path.relative_to(SOURCE)
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".csv":
                lines = path.read_text(encoding="utf-8-sig").splitlines()
                rows = list(csv.reader(line for line in lines if not line.startswith("#")))
                named = [i for i, name in enumerate(rows[0]) if name in ("name", "county", "unit", "region")]
                for row in rows[1:]:
                    for i in named:
                        if row[i] and not row[i].replace(".", "").isdigit():
                            row[i] = chinese(row[i])
                with open(target, "w", encoding="utf-8", newline="") as made:
                    csv.writer(made).writerows(rows)
            elif path.suffix == ".geojson":
                layer = json.loads(path.read_text(encoding="utf-8"))
                for feature in layer["features"]:
                    for key, value in feature["properties"].items():
                        if isinstance(value, str):
                            feature["properties"][key] = chinese(value)
                target.write_text(json.dumps(layer, ensure_ascii=False), encoding="utf-8")
            else:
                target.write_bytes(path.read_bytes())
            if path.suffix == ".tif":
                target = target.rename(target.with_name("样区_" + target.name))
            return str(target.relative_to(self.folder))

        def inputs(word):
            parts = word.split(",")
            return ",".join(translated(SOURCE / part) if (SOURCE / part).is_file() else part for part in parts)

        texts = set()  # algorithms that wrote Chinese
        ran = set()
        waiting = [[inputs(word) for word in call] for _, calls in examples() for call in calls]
        for _ in range(2):  # some need what a later page makes
            for call in list(waiting):
                run = self.run_command(*call, "--overwrite")
                self.assertIn(run.returncode, (0, 1), run.stderr)
                if run.returncode:
                    continue
                waiting.remove(call)
                ran.add(call[0])
                outputs = [word for i, word in enumerate(call) if (self.folder / word).is_file() and
                           not word.startswith("metadata")]
                as_dbf = [word[:-4] + "_.dbf" if word in outputs and word.endswith(".csv") and
                          word in map(str, json.loads(run.stdout)["results"].values()) else word for word in call]
                self.assertEqual(self.run_command(*as_dbf, "--overwrite").returncode, 0, as_dbf)
                for word, other in zip(call, as_dbf):
                    if word not in outputs or not word.endswith((".csv", ".html", ".json")):
                        continue
                    with self.subTest(f"{call[0]}: {word}"):
                        raw = (self.folder / word).read_bytes()
                        text = raw.decode("utf-8-sig")
                        foreign = any(name in text for name in words.values()) or "样区" in text
                        if foreign:
                            texts.add(call[0])
                        if word.endswith(".csv") and not text.isascii():
                            self.assertTrue(raw.startswith(b"\xef\xbb\xbf"))
                        if word.endswith(".html"):
                            self.assertIn('charset="utf-8"', text.lower().replace("'", '"'))
                        if other == word:
                            continue
                        self.assertEqual((self.folder / other).with_suffix(".cpg").read_text(), "UTF-8")
                        dataset = ogr.Open(str(self.folder / other))
                        layer = dataset.GetLayer(0)
                        rows = list(csv.reader(text.splitlines()))
                        self.assertEqual(layer.GetFeatureCount(), len(rows) - 1)
                        for i, name in enumerate(rows[0]):
                            field = layer.GetLayerDefn().GetFieldDefn(i)
                            if field.GetType() != ogr.OFTString:
                                continue
                            cells = [feature.GetField(i) or "" for feature in layer]
                            # A spreadsheet would take some for formulas; a quote is before them in CSV.
                            self.assertEqual(cells, [re.sub("^'(?=[=+@-])", "", row[i]) for row in rows[1:]], name)
        everything = json.loads((SOURCE / "metadata" / "interface.json").read_text(encoding="utf-8"))
        self.assertEqual(ran, {algorithm["command"] for algorithm in everything})
        self.assertGreater(len(texts), 23, sorted(texts))


if __name__ == "__main__":
    unittest.main()
