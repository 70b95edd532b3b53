#!/usr/bin/python3
# Land Carbon Toolbox: rasters and zones as people have them, each with the right value or the right words.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Small inputs of tests/data/cases and some made here. LANDCARBON_COMMAND names the binary."""

import csv
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import zipfile

import numpy
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()
osr.UseExceptions()

COMMAND = os.environ["LANDCARBON_COMMAND"]
CASES = pathlib.Path(__file__).resolve().parents[1] / "data" / "cases"


def wkt(code):
    system = osr.SpatialReference()
    system.ImportFromEPSG(code)
    return system.ExportToWkt()


class RasterCases(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="landcarbon cases ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_command(self, *words):
        done = subprocess.run([COMMAND, *map(str, words), "--json"], capture_output=True, text=True, timeout=120)
        return done

    def results(self, *words):
        """Results by name, and what was said on standard error."""
        done = self.run_command(*words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["results"], done.stderr

    def refused(self, *words):
        done = self.run_command(*words)
        self.assertEqual(done.returncode, 1, done.stdout)
        return done.stderr

    def raster(self, name, cells, kind=gdal.GDT_Byte, transform=(500000, 100, 0, 4000000, 0, -100), crs=32649,
               nodata=None, mask=None, names=None, colours=None):
        cells = numpy.array(cells)
        bands = cells if cells.ndim == 3 else cells[None]
        path = self.folder / name
        driver = gdal.GetDriverByName("HFA" if name.endswith(".img") else "GTiff")
        dataset = driver.Create(str(path), bands.shape[2], bands.shape[1], bands.shape[0], kind)
        dataset.SetGeoTransform(transform)
        if crs:
            dataset.SetProjection(wkt(crs))
        for i, band in enumerate(bands):
            dataset.GetRasterBand(i + 1).WriteArray(band)
            if nodata is not None:
                dataset.GetRasterBand(i + 1).SetNoDataValue(nodata)
        if mask is not None:
            dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
            dataset.GetRasterBand(1).GetMaskBand().WriteArray(numpy.array(mask, dtype="uint8"))
        if names:
            dataset.GetRasterBand(1).SetCategoryNames(names)
        if colours:
            table = gdal.ColorTable()
            for code, colour in colours.items():
                table.SetColorEntry(code, colour)
            dataset.GetRasterBand(1).SetColorTable(table)
        dataset = None
        return path

    def zones(self, name, wkts, crs=32649):
        path = self.folder / name
        dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
        system = osr.SpatialReference()
        system.ImportFromEPSG(crs)
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        layer = dataset.CreateLayer("zones", system, ogr.wkbPolygon)
        layer.CreateField(ogr.FieldDefn("county", ogr.OFTString))
        for county, text in wkts.items():
            feature = ogr.Feature(layer.GetLayerDefn())
            feature["county"] = county
            if text:
                feature.SetGeometry(ogr.CreateGeometryFromWkt(text))
            layer.CreateFeature(feature)
        dataset = None
        return path

    def rows(self, path):
        with open(path, encoding="utf-8-sig") as file:
            return list(csv.DictReader(file))

    # NoData in disguise

    def test_mod17_fill_codes(self):
        case = CASES / "mod17_fill_codes"
        series = ("--series", case / "mod17.tif", "--years", "2001-2006")
        out = self.folder / "m.csv"
        for name in ("trend", "hurst", "variability"):
            words = series if name == "trend" else series[:2]
            done = self.run_command(name, *words)
            self.assertIn("32761", done.stderr, name)
            self.assertIn("MODIS", done.stderr, name)
        _, said = self.results("nep", "--npp", case / "mod17.tif", "--respiration", case / "resp.tif")
        self.assertIn("fill codes of MODIS", said)
        zonal = ("zonal-series", *series, "--classes", case / "zone_cls.tif", "--table", out, "--overwrite")
        _, said = self.results(*zonal)
        self.assertIn("32762", said)
        for rule in (("--valid-range", "mod17"), ("--valid-range", "0..32760"), ("--nodata", "series:32761..32767"),
                     ("--valid-range", "SERIES:..32700")):
            _, said = self.results(*zonal, *rule)
            self.assertNotIn("MODIS", said)
            first = next(row for row in self.rows(out) if row["year"] == "2001")
            self.assertEqual(float(first["mean"]), 5000, rule)
        made, _ = self.results("trend", *series, "--valid-range", "mod17")
        self.assertAlmostEqual(made["MEAN_SLOPE"], 100, 6)

    def test_undeclared_nodata(self):
        case = CASES / "undeclared_nodata"
        words = ("suitability", "--land-cover", case / "lc34.tif", "--method", "logistic", "--drivers")
        right, said = self.results(*words, case / "dem_mis.tif")
        self.assertNotIn("declared NoData", said)
        for name, number in (("dem_undecl.tif", "-3.40282e+38"), ("dem_9999.tif", "-9999")):
            _, said = self.results(*words, case / name)
            self.assertIn(f"1 cell holds {number}", said)
            self.assertIn("far below all others (12 to 45)", said)
            mended, said = self.results(*words, case / name, "--valid-range", "drivers:0..9000")
            self.assertEqual(mended, right)
            self.assertNotIn("holds", said)
            _, said = self.results("discretize", "--raster", case / name, "--class-count", "3")
            self.assertIn(number, said)
            made, _ = self.results("discretize", "--raster", case / name, "--class-count", "3", "--nodata",
                                   "-9999,..-1e30")
            self.assertEqual(made["LOWEST"], 12)
        words = ("trend", "--years", "2001-2016", "--series")
        right, _ = self.results(*words, case / "ndvi.tif")
        _, said = self.results(*words, case / "ndvi_undeclared.tif")
        self.assertIn("-3000", said)
        mended, said = self.results(*words, case / "ndvi_undeclared.tif", "--valid-range", "mod13")
        self.assertEqual(mended, right)
        self.assertNotIn("-3000", said)

    def test_zero_filled_edge(self):
        case = CASES / "zero_filled_edge"
        words = ("carbon-storage", "--land-cover", case / "gee_zero.tif", "--pools")
        said = self.refused(*words, case / "pools.csv")
        self.assertIn("class 0 is on the map but has no row: 0 fills the edge of the map and no NoData is declared. "
                      "If it stands for no data, declare it (gdal_edit.py -a_nodata 0", said)
        _, said = self.results(*words, case / "pools_zero.csv")
        self.assertIn("class 0 fills 100 % of the map's edge", said)
        for pools in ("pools.csv", "pools_zero.csv"):
            made, said = self.results(*words, case / pools, "--nodata", "0")
            self.assertAlmostEqual(made["TOTAL_STORAGE_T"] / 6, 109.33, 2)
            self.assertNotIn("edge", said)

    def test_zero_filled_measurements(self):
        cells = numpy.zeros((6, 6), "float32")
        cells[1:5, 1:5] = numpy.arange(16).reshape(4, 4) + 300
        _, said = self.results("discretize", "--raster", self.raster("npp.tif", cells, gdal.GDT_Float32),
                               "--class-count", "3")
        self.assertIn("0 fills 100 % of the map's edge", said)

    def test_marks_of_any_precision_and_zero_far_from_all(self):
        values = numpy.random.default_rng(5).normal(285, 5, (30, 30))
        for mark in (1e20, -1e20, 2147483647, -99.9, -1e10, -5000, 0):
            cells = values.copy()
            cells[3:6, 4] = mark
            path = self.raster("t.tif", cells, gdal.GDT_Float32)
            _, said = self.results("discretize", "--raster", path, "--class-count", "3")
            self.assertIn("3 cells hold", said, mark)
        # Zeros among small numbers, and blocks of nothing else beside them, are values.
        cells = numpy.random.default_rng(5).gamma(2, 300, (30, 30))
        cells[3:6] = 0
        _, said = self.results("discretize", "--raster", self.raster("p.tif", cells, gdal.GDT_Float32), "--class-count", "3")
        self.assertNotIn("hold", said)

    def test_fill_codes_that_the_product_states_need_no_warning(self):
        case = CASES / "mod17_fill_codes"
        _, said = self.results("nep", "--npp", case / "mod17.tif", "--respiration", case / "resp.tif", "--npp-product",
                               "mod17a3hgf")
        self.assertNotIn("fill codes", said)

    def test_rules_that_cannot_be_read(self):
        path = self.raster("a.tif", [[1, 2], [3, 4]])
        for option, text, words in (("--nodata", "none", "is no number"), ("--nodata", "FOREST:1", "no raster parameter"),
                                    ("--valid-range", "9..1", "is no range"), ("--valid-range", "mod99", "mod13")):
            self.assertIn(words, self.refused("discretize", "--raster", path, option, text))

    # Bands and files

    def test_multiband_as_classes(self):
        case = CASES / "multiband_as_classes"
        pools = ("--pools", case / "pools.csv")
        said = self.refused("carbon-storage", "--land-cover", case / "lc_stack.tif", "--later-land-cover",
                            case / "lc_stack.tif", *pools)
        self.assertIn("lc_stack.tif has 3 bands, band 1 is used; say", said)
        self.assertIn("band 1 is the raster of --land-cover as well: nothing changes", said)
        _, said = self.results("carbon-storage", "--land-cover", f"{case / 'lc_stack.tif'}|band=1",
                               "--later-land-cover", f"{case / 'lc_stack.tif'}|band=3", *pools)
        self.assertNotIn("band 1 is used", said)
        for words in (("transition-matrix", "--maps", case / "rendered_rgb.tif", case / "rendered_rgb.tif"),
                      ("carbon-storage", "--land-cover", case / "rendered_rgb.tif", *pools)):
            self.assertIn("rendered_rgb.tif holds red, green and blue: a picture, not classes", self.refused(*words))

    def test_subdatasets(self):
        case = CASES / "subdatasets"
        said = self.refused("trend", "--series", case / "two.nc")
        self.assertIn(f'holds several rasters; choose one: NETCDF:"{case / "two.nc"}":tas, NETCDF:"{case / "two.nc"}":pr',
                      said)
        path = self.folder / "lc.gpkg"
        gdal.Translate(str(path), str(case / "lcA.tif"), format="GPKG", creationOptions=["RASTER_TABLE=lc2000"])
        gdal.Translate(str(path), str(case / "lcB.tif"), format="GPKG",
                       creationOptions=["RASTER_TABLE=lc2010", "APPEND_SUBDATASET=YES"])
        said = self.refused("carbon-storage", "--land-cover", path, "--pools", case / "pools.csv")
        self.assertIn("lc2000", said)
        self.assertIn("lc2010", said)
        made, _ = self.results("carbon-storage", "--land-cover", f"GPKG:{path}:lc2000", "--pools", case / "pools.csv")
        self.assertAlmostEqual(made["TOTAL_STORAGE_T"], 656, 6)

    def test_netcdf_without_crs(self):
        made, _ = self.results("trend", "--series", CASES / "netcdf_without_crs" / "cal360.nc", "--years", "2001-2012")
        self.assertAlmostEqual(made["MEAN_SLOPE"], 2.002, 3)
        # The same in a format that says nothing of its axes: how to say it.
        path = self.raster("degrees.tif", [[1, 2], [3, 4]], transform=(100, 0.5, 0, 40, 0, -0.5), crs=None)
        factors = self.folder / "f.csv"
        factors.write_text("class,factor\n1,1\n2,1\n3,1\n4,1\n")
        said = self.refused("carbon-emission", "--land-cover", path, "--factors", factors)
        self.assertIn("gdal_translate -a_srs EPSG:4326", said)

    def test_rasters_without_a_place(self):
        pools = self.folder / "p.csv"
        pools.write_text("class,c_above,c_below,c_soil,c_dead\n1,10,0,0,0\n2,20,0,0,0\n")
        plain = self.raster("plain.tif", [[1, 2], [2, 1]])
        driver = gdal.GetDriverByName("GTiff")
        for name, crs in (("metres.tif", 32648), ("degrees.tif", 4326)):
            dataset = driver.Create(str(self.folder / name), 2, 2)
            dataset.SetProjection(wkt(crs))
            dataset.GetRasterBand(1).WriteArray(numpy.array([[1, 2], [2, 1]], "uint8"))
            dataset = None
            said = self.refused("carbon-storage", "--land-cover", self.folder / name, "--pools", pools)
            self.assertIn("no origin and no cell size", said)
            self.assertIn("gdal_translate -a_ullr", said)
        dataset = driver.CreateCopy(str(self.folder / "gcps.tif"), gdal.Open(str(plain)))
        dataset.SetGCPs([gdal.GCP(x, y, 0, x / 1000, 2 - y / 1000) for x, y in ((0, 0), (2, 0), (0, 2))], wkt(4326))
        dataset = None
        self.assertIn("ground control points only", self.refused(
            "carbon-storage", "--land-cover", self.folder / "gcps.tif", "--pools", pools, "--cell-area", "900"))
        # Without a reference system cells may lie anywhere, once their area is given.
        dataset = driver.Create(str(self.folder / "matrix.tif"), 2, 2)
        dataset.GetRasterBand(1).WriteArray(numpy.array([[1, 2], [2, 1]], "uint8"))
        dataset = None
        made, _ = self.results("carbon-storage", "--land-cover", self.folder / "matrix.tif", "--pools", pools,
                               "--cell-area", "10000")
        self.assertEqual(made["TOTAL_STORAGE_T"], 60)

    def test_latitudes_of_global_grids(self):
        years = range(2001, 2007)
        for step, latitudes in ((2, numpy.arange(-90, 91, 2)), (0, numpy.array([-60.0, -30, -10, 10, 40]))):
            values = numpy.arange(6)[:, None, None] * 2 + numpy.ones((6, len(latitudes), 144))
            path = self.netcdf(f"g{step}.nc", [("time", [365.25 * (y - 2000) for y in years], "days since 2000-01-01"),
                                               ("lat", latitudes, "degrees_north"),
                                               ("lon", numpy.arange(-180, 180, 2.5), "degrees_east")], values)
            words = ("trend", "--series", path, "--years", "2001-2006")
            if step:
                made, _ = self.results(*words)
                # The whole ellipsoid.
                self.assertAlmostEqual(made["AREA_HA"] / 51006562172.4, 1, 6)
            else:
                self.assertIn("not evenly apart", self.refused(*words))

    def test_one_reference_system_in_other_words(self):
        cells = [[1, 2], [2, 1]]
        text = ('PROJCS["{0}",GEOGCS["{1}",DATUM["{2}",SPHEROID["{3}",6371007.181,0]],PRIMEM["Greenwich",0],'
                'UNIT["degree",0.0174532925199433]],PROJECTION["Sinusoidal"],PARAMETER["longitude_of_center",{4}],'
                'PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1]]')
        paths = []
        for i, words in enumerate((("unnamed", "Unknown datum based upon the custom spheroid",
                                    "Not_specified_based_on_custom_spheroid", "Custom spheroid", 0),
                                   ("MODIS Sinusoidal", "unknown", "unknown", "sphere", 0),
                                   ("MODIS Sinusoidal", "unknown", "unknown", "sphere", 10))):
            paths.append(self.raster(f"m{i}.tif", cells, crs=None))
            dataset = gdal.Open(str(paths[-1]), gdal.GA_Update)
            dataset.SetProjection(text.format(*words))
            dataset = None
        made, _ = self.results("transition-matrix", "--maps", *paths[:2])
        self.assertEqual(made["CHANGED_AREA_HA"], 0)
        self.assertIn("reference systems differ", self.refused("transition-matrix", "--maps", paths[0], paths[2]))
        # Datums that have names of their own differ, whatever their ellipsoid.
        named = [self.raster(f"n{code}.tif", cells, transform=(500000, 100, 0, 4000000, 0, -100), crs=code)
                 for code in (4490, 4258)]
        self.assertIn("reference systems differ", self.refused("transition-matrix", "--maps", *named))

    def test_corners_and_strips_of_no_data(self):
        random = numpy.random.default_rng(3)
        classes = random.integers(1, 5, (60, 60))
        rows, columns = numpy.mgrid[:60, :60]
        response = self.raster("y.tif", classes * 10 + random.random((60, 60)), gdal.GDT_Float32)
        for name, hole in (("corner", rows + columns < 40), ("strip", columns < 12)):
            for code in (0, -1):
                path = self.raster(f"{name}.tif", numpy.where(hole, code, classes), gdal.GDT_Int16)
                _, said = self.results("geodetector", "--response", response, "--factors", path)
                self.assertIn(f"class {code} fills", said, name)
                _, said = self.results("geodetector", "--response", response, "--factors", path, "--nodata", f"factors:{code}")
                self.assertNotIn("fills", said)
            rain = numpy.where(hole, 0, random.uniform(300, 900, (60, 60)))
            _, said = self.results("discretize", "--class-count", "3", "--raster", self.raster("rain.tif", rain, gdal.GDT_Float32))
            self.assertIn("0 fills", said, name)
        # Class 0 here and there, and measurements that come near 0.
        path = self.raster("spread.tif", random.integers(0, 4, (60, 60)))
        _, said = self.results("geodetector", "--response", response, "--factors", path)
        self.assertNotIn("fills", said)
        slope = numpy.where(columns < 12, 0, random.uniform(0, 40, (60, 60)))
        _, said = self.results("discretize", "--class-count", "3", "--raster", self.raster("slope.tif", slope, gdal.GDT_Float32))
        self.assertNotIn("fills", said)

    # Order

    def test_steps_without_a_year(self):
        random = numpy.random.default_rng(4)
        def series(names):
            return [self.raster(f"{name}.tif", random.random((6, 6)) + i, gdal.GDT_Float32) for i, name in enumerate(names)]
        _, said = self.results("trend", "--series", *series(["NPP_2001", "NPP_2003", "NPP_2002", "NPP_2004", "NPP_2005", "高程"]))
        self.assertIn("1 of 6 steps has no year in the name, the others have: 高程", said)
        self.assertIn("do not ascend: 2001, 2003, 2002, 2004, 2005", said)
        _, said = self.results("trend", "--series", *series(["t_apr", "t_aug", "t_feb", "t_jan", "t_jul"]))
        self.assertIn("do not ascend: apr, aug, feb, jan, jul", said)
        _, said = self.results("trend", "--series", *series(["n_2004", "n_2005", "n_2005_v2", "n_2006", "n_2007"]))
        self.assertIn("two steps hold the year 2005", said)
        for good in (["t_jan", "t_feb", "t_mar", "t_apr"], ["2001", "2002", "2003", "2004"],
                     ["n_200101", "n_200102", "n_200103", "n_200201"]):
            _, said = self.results("trend", "--series", *series(good))
            self.assertEqual(said, "", good)

    def test_order_contradicts_names(self):
        case = CASES / "order_contradicts_names"
        files = sorted((case / "one").glob("*.tif"))
        words = ("trend", "--years", "2001-2010", "--series")
        made, said = self.results(*words, *files)
        self.assertAlmostEqual(made["MEAN_SLOPE"], 10.02, 2)
        self.assertNotIn("names", said)
        _, said = self.results(*words, *reversed(files))
        self.assertIn("hold the years 2010, 2009, 2008 ... 2001", said)
        self.assertIn("says 2001, 2002, 2003 ... 2010", said)
        _, said = self.results("variability", "--series", *reversed(files))
        self.assertIn("do not ascend: 2010, 2009, 2008 ... 2001", said)
        words = ("carbon-storage", "--pools", case / "pools.csv", "--land-cover")
        _, said = self.results(*words, case / "CLCD_2020.tif", "--later-land-cover", case / "CLCD_2000.tif")
        self.assertIn("CLCD_2000 is of the year 2000, earlier than CLCD_2020", said)
        _, said = self.results(*words, case / "CLCD_2000.tif", "--later-land-cover", case / "CLCD_2020.tif")
        self.assertNotIn("by its name", said)
        words = ("partial-correlation", "--response", *sorted((case / "int").glob("npp_*.tif")), "--driver-names",
                 "temperature,precipitation", "--correlations", self.folder / "b.tif", "--overwrite", "--drivers")
        years = range(2001, 2007)
        mixed = [case / "int" / f"{name}_{year}.tif" for year in years for name in ("tmp", "pre")]
        _, said = self.results(*words, *mixed)
        self.assertIn("tmp_2001, pre_2001", said)
        right = [case / "int" / f"{name}_{year}.tif" for name in ("tmp", "pre") for year in years]
        _, said = self.results(*words, *right)
        self.assertNotIn("do not go together", said)
        correlations = gdal.Open(str(self.folder / "b.tif"))
        self.assertAlmostEqual(correlations.GetRasterBand(1).ReadAsArray()[0, 0], 0.77, 2)

    def test_order_by_the_time_axis(self):
        """NetCDF says when its bands were; YEARS and the order are compared with that."""
        def series(name, days, units="days since 1900-01-01", calendar="standard"):
            memory = gdal.GetDriverByName("MEM").Create("", 3, 3, len(days), gdal.GDT_Float32)
            memory.SetGeoTransform((100, 0.5, 0, 40, 0, -0.5))
            memory.SetProjection(wkt(4326))
            memory.SetMetadata({"NETCDF_DIM_EXTRA": "{time}", "NETCDF_DIM_time_DEF": f"{{{len(days)},6}}",
                                "NETCDF_DIM_time_VALUES": "{" + ",".join(map(str, days)) + "}", "time#units": units,
                                "time#calendar": calendar, "time#axis": "T"})
            for i, day in enumerate(days):
                memory.GetRasterBand(i + 1).WriteArray(numpy.arange(9).reshape(3, 3) + 2.0 * i)
                memory.GetRasterBand(i + 1).SetMetadataItem("NETCDF_DIM_time", str(day))
            gdal.GetDriverByName("netCDF").CreateCopy(str(self.folder / name), memory)
            return self.folder / name

        july = [37071, 37436, 37801, 38167, 38532, 38897]  # of 2001 to 2006
        path = series("a.nc", july)
        _, said = self.results("trend", "--series", path, "--years", "2001-2006")
        self.assertNotIn("years", said)
        _, said = self.results("trend", "--series", path, "--years", "1991-1996")
        self.assertIn("hold the years 2001, 2002, 2003, 2004, 2005, 2006", said)
        _, said = self.results("variability", "--series", series("back.nc", july[::-1]))
        self.assertIn("do not ascend", said)
        _, said = self.results("trend", "--series", series("noleap.nc", [(year - 1850) * 365 + 181 for year in range(2001, 2007)],
                                                           "days since 1850-01-01", "noleap"), "--years", "2000-2005")
        self.assertIn("hold the years 2001", said)

    def netcdf(self, name, dimensions, values, fill=None):
        """A variable "v" over dimensions: name, values and units of each, in the order of the file."""
        root = gdal.GetDriverByName("netCDF").CreateMultiDimensional(str(self.folder / name)).GetRootGroup()
        axes = []
        for dimension, places, units in dimensions:
            kind = {"lat": gdal.DIM_TYPE_HORIZONTAL_Y, "lon": gdal.DIM_TYPE_HORIZONTAL_X}.get(dimension, "")
            axes.append(root.CreateDimension(dimension, kind, "", len(places)))
            axis = root.CreateMDArray(dimension, [axes[-1]], gdal.ExtendedDataType.Create(gdal.GDT_Float64))
            axis.Write(numpy.array(places, dtype=float))
            text = axis.CreateAttribute("units", [], gdal.ExtendedDataType.CreateString())
            text.Write(units)
        variable = root.CreateMDArray("v", axes, gdal.ExtendedDataType.Create(gdal.GDT_Float32))
        variable.Write(numpy.array(values, dtype=numpy.float32))
        return self.folder / name

    def test_bands_that_are_no_dates(self):
        """Levels beside dates, and latitudes where dates should be."""
        time = ("time", [365 * i for i in range(6)], "days since 2001-01-01")
        level = ("level", [850, 500], "hPa")
        lat, lon = ("lat", [36, 35.5, 35, 34.5], "degrees_north"), ("lon", [105, 105.5, 106], "degrees_east")
        cells = numpy.arange(6 * 2 * 4 * 3).reshape(6, 2, 4, 3)
        both = self.netcdf("both.nc", (time, level, lat, lon), cells)
        said = self.refused("trend", "--series", both)
        for word in ("--series", "12 bands run through 2 dimensions: time, level", "level 500: bands 2, 4, 6"):
            self.assertIn(word, said)
        one, _ = self.results("trend", "--series", *(f"{both}|band={band}" for band in range(2, 13, 2)))
        alone, _ = self.results("trend", "--series", self.netcdf("one.nc", (time, lat, lon), cells[:, 1]))
        self.assertEqual(one, alone)
        self.results("variability", "--series", self.netcdf("flat.nc", (time, ("height", [2], "m"), lat, lon), cells[:, :1]))
        self.assertIn('its bands run along "lat"',
                      self.refused("trend", "--series", self.netcdf("last.nc", (lat, lon, time), cells[:, 0].transpose(1, 2, 0))))

    def test_coordinates_in_single_precision(self):
        made = []
        for name, kind in (("double", float), ("single", numpy.float32)):
            lat, lon = ([float(kind(start + step * i)) for i in range(count)]
                        for start, step, count in ((35.95, -0.1, 4), (105.05, 0.1, 3)))
            made.append(self.netcdf(f"{name}.nc", (("time", range(6), "years since 2001-01-01"), ("lat", lat, "degrees_north"),
                                                   ("lon", lon, "degrees_east")),
                                    numpy.random.default_rng(len(made)).random((6, 4, 3))))
        other = self.raster("other.tif", numpy.random.default_rng(9).random((6, 4, 3)), gdal.GDT_Float32,
                            (105, 0.1, 0, 36, 0, -0.1), 4326)
        self.results("partial-correlation", "--response", made[0], "--drivers", made[1], other, "--driver-names", "a,b")

    def test_class_maps_in_jpeg(self):
        cells = numpy.kron(numpy.array([[1, 2], [3, 4]]), numpy.ones((16, 16)))
        whole = gdal.Open(str(self.raster("whole.tif", cells)))
        self.results("directional-distribution", "--land-cover", self.folder / "whole.tif")
        for name, options in (("lossy.jpg", []), ("lossy.tif", ["COMPRESS=JPEG"])):
            driver = gdal.GetDriverByName("JPEG" if name.endswith("jpg") else "GTiff")
            driver.CreateCopy(str(self.folder / name), whole, options=options)
            self.assertIn("is compressed with JPEG, which changes cells",
                          self.run_command("directional-distribution", "--land-cover", self.folder / name).stderr)

    def test_marks_of_scaled_values_and_of_whole_bands(self):
        for mark, kind in ((-9999, gdal.GDT_Int16), (32767, gdal.GDT_Int16), (65535, gdal.GDT_UInt16),
                           (-2147483648, gdal.GDT_Int32)):
            for scale in (0.0001, 0.1, 0.02):
                cells = numpy.arange(6 * 16).reshape(6, 4, 4) + 100
                cells[:, 0, 1] = mark
                path = self.raster("s.tif", cells, kind)
                dataset = gdal.Open(str(path), gdal.GA_Update)
                for band in range(1, 7):
                    dataset.GetRasterBand(band).SetScale(scale)
                dataset = None
                with self.subTest(f"{mark} with scale {scale}"):
                    _, said = self.results("trend", "--series", path)
                    self.assertIn(f"6 cells hold {mark}", said.replace("and 5 more of 6 bands: ", ""))
        cells = numpy.arange(6 * 16).reshape(6, 4, 4) + 100.0
        cells[3] = -9999
        _, said = self.results("trend", "--series", self.raster("whole.tif", cells, gdal.GDT_Float32))
        self.assertIn("16 cells hold -9999", said)

    def test_a_file_of_a_series_that_lost_its_scale(self):
        files = []
        for year in range(2001, 2007):
            scaled = year != 2004
            files.append(self.raster(f"npp_{year}.tif", numpy.arange(16).reshape(4, 4) + 5000, gdal.GDT_Int16))
            if scaled:
                dataset = gdal.Open(str(files[-1]), gdal.GA_Update)
                dataset.GetRasterBand(1).SetScale(0.0001)
                dataset = None
        _, said = self.results("variability", "--series", *files)
        self.assertIn("npp_2001.tif declares the scale 1e-04, " + str(files[3]) + " 1", said)
        self.assertNotIn("declares the scale", self.results("variability", "--series", *files[:3], *files[4:])[1])

    def test_bands_of_suitability_named_in_another_order(self):
        land = self.raster("land.tif", numpy.kron([[1, 2], [3, 1]], numpy.ones((8, 8))))
        demand = self.folder / "demand.csv"
        demand.write_text("class,cells\n1,120\n2,72\n3,64\n")
        bands = [self.raster(f"p_class{code}.tif", numpy.full((16, 16), 0.5), gdal.GDT_Float32) for code in (3, 1, 2)]
        words = ("flus", "--land-cover", land, "--demand", demand, "--suitability")
        _, said = self.results(*words, *bands)
        self.assertIn("hold the classes in the order 3, 1, 2", said)
        self.assertNotIn("in the order", self.results(*words, *bands[1:], bands[0])[1])

    def test_maps_that_call_a_class_by_different_names(self):
        cells = numpy.kron([[1, 2], [2, 1]], numpy.ones((8, 8)))
        first = self.raster("first.tif", cells, names=["", "Cropland", "Forest"])
        second = self.raster("second.tif", cells.T, names=["", "Forest", "Cropland"])
        same = self.raster("same.tif", cells.T, names=["", "crop land", "forest"])
        for words in (("transition-matrix", "--maps"), ("simulation-accuracy", "--initial", first, "--observed")):
            more = ("--simulated", same) if words[0] == "simulation-accuracy" else ()
            before = () if more else (first,)
            _, said = self.results(*words, *before, second, *more)
            self.assertIn("class 1 is called", said)
            self.assertIn(f'"Forest" on {second}', said)
            self.assertNotIn("is called", self.results(*words, *before, same, *more)[1])

    def test_a_raster_given_twice(self):
        files = [self.raster(f"npp_{year}.tif", numpy.arange(16).reshape(4, 4) * 1.5 + year, gdal.GDT_Float32)
                 for year in range(2001, 2007)]
        _, said = self.results("trend", "--series", *files, files[1])
        self.assertIn(f"--series: {files[1]} is given twice, as number 2 and 7", said)
        self.assertNotIn("given twice", self.results("trend", "--series", *files)[1])
        land = self.raster("land.tif", numpy.kron([[1, 2], [2, 1]], numpy.ones((8, 8))))
        pools = self.folder / "pools.csv"
        pools.write_text("class,c_above,c_below,c_soil,c_dead\n1,1,1,1,1\n2,2,2,2,2\n")
        said = self.refused("carbon-storage", "--land-cover", land, "--later-land-cover", land, "--pools", pools)
        self.assertIn("--later-land-cover: " + str(land) + " is the raster of --land-cover as well", said)

    def test_classes_read_as_measurements(self):
        named = [self.raster(f"lc_{year}.tif", numpy.arange(16).reshape(4, 4) % 3 + 1 + year % 2,
                             names=["", "Cropland", "Forest", "Grass", "Water"]) for year in range(2001, 2007)]
        _, said = self.results("variability", "--series", *named)
        self.assertIn("names classes (1 Cropland, 2 Forest, 3 Grass ...), but its cells are read as measurements", said)

    def test_a_frame_beside_another_nodata(self):
        cells = numpy.kron([[1, 2], [2, 1]], numpy.ones((8, 8)))
        cells[[0, -1]] = cells[:, [0, -1]] = 255
        cells[5, 5] = 0
        land = self.raster("land.tif", cells, nodata=0)
        _, said = self.results("directional-distribution", "--land-cover", land)
        self.assertIn("class 255 fills 100 % of the map's edge, and is not declared NoData", said)
        pools = self.folder / "pools.csv"
        pools.write_text("class,c_above,c_below,c_soil,c_dead\n1,1,1,1,1\n2,2,2,2,2\n")
        self.assertIn("255 fills the edge of the map and is not declared NoData",
                      self.refused("carbon-storage", "--land-cover", land, "--pools", pools))
        self.results("carbon-storage", "--land-cover", land, "--pools", pools, "--nodata", "land-cover:255")

    def test_layers_beside_the_one_that_is_read(self):
        land = self.raster("land.tif", numpy.kron([[1, 2], [3, 1]], numpy.ones((8, 8))))
        square = "POLYGON ((500000 4000000, 501600 4000000, 501600 3998400, 500000 3998400, 500000 4000000))"
        path = self.zones("two.gpkg", {"a": square})
        dataset = gdal.OpenEx(str(path), gdal.OF_UPDATE)
        dataset.CopyLayer(dataset.GetLayer(0), "cities")
        dataset = None
        words = ("land-use-intensity", "--land-cover", land, "--classes", self.folder / "grades.csv", "--zones")
        (self.folder / "grades.csv").write_text("class,grade\n1,1\n2,2\n3,3\n")
        _, said = self.results(*words, path)
        self.assertIn('it holds several layers; "zones" was read. The others are "cities"', said)
        self.assertNotIn("several", self.results(*words, f"{path}|layername=cities")[1])

    def zone_words(self):
        land = self.raster("land.tif", numpy.kron([[1, 2], [3, 1]], numpy.ones((8, 8))))
        (self.folder / "grades.csv").write_text("class,grade\n1,1\n2,2\n3,3\n")
        return ("land-use-intensity", "--land-cover", land, "--classes", self.folder / "grades.csv", "--zones")

    def test_layers_as_qgis_names_them(self):
        words = self.zone_words()
        series = self.raster("s.tif", numpy.arange(4 * 256).reshape(4, 16, 16) * 1.5, gdal.GDT_Float32)
        square = "POLYGON ((500000 4000000, 501600 4000000, 501600 3998400, 500000 3998400, 500000 4000000))"
        half = "POLYGON ((500000 4000000, 500800 4000000, 500800 3998400, 500000 3998400, 500000 4000000))"
        path = self.zones("two.gpkg", {"west": half})
        second = self.zones("other.gpkg", {"all": square})
        dataset, other = gdal.OpenEx(str(path), gdal.OF_UPDATE), gdal.OpenEx(str(second))
        dataset.CopyLayer(other.GetLayer(0), "all")
        dataset = other = None
        out = self.folder / "out.csv"

        def names(zones):
            self.results("zonal-series", "--series", series, "--zones", zones, "--name-field", "COUNTY", "--min-valid", "2",
                         "--table", out, "--overwrite")
            return sorted({row["name"] for row in self.rows(out)})
        for suffix in ("|layerid=1", "|layername=all", "|layername=all|geometrytype=Polygon"):
            self.assertEqual(names(f"{path}{suffix}"), ["all"], suffix)
        self.assertEqual(names(f"{path}|layerid=0"), ["west"])
        refused = self.refused(*words, f"{path}|layername=all|subset=county = 'x'")
        self.assertIn("subset", refused)
        self.assertIn("two.gpkg", refused)
        # One shapefile in an archive.
        gdal.VectorTranslate(str(self.folder / "z.shp"), str(path), layers=["all"])
        archive = self.folder / "z.zip"
        with zipfile.ZipFile(archive, "w") as file:
            for part in self.folder.glob("z.*"):
                if part.suffix != ".zip":
                    file.write(part, part.name)
        self.assertEqual(names(f"/vsizip/{archive}"), ["all"])

    def test_zones_whose_axes_are_swapped_or_in_metres(self):
        words = self.zone_words()
        corners = ((500000, 4000000), (501600, 4000000), (501600, 3998400), (500000, 3998400), (500000, 4000000))
        system = osr.SpatialReference()
        system.ImportFromEPSG(4326)
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        utm = osr.SpatialReference()
        utm.ImportFromEPSG(32649)
        to_degrees = osr.CoordinateTransformation(utm, system)
        degrees = [to_degrees.TransformPoint(*corner)[:2] for corner in corners]

        def geojson(name, points):
            path = self.folder / name
            path.write_text(json.dumps({"type": "FeatureCollection", "features": [{
                "type": "Feature", "properties": {"county": "a"},
                "geometry": {"type": "Polygon", "coordinates": [[list(point) for point in points]]}}]}))
            return path
        self.results(*words, geojson("right.geojson", degrees))
        swapped = self.refused(*words, geojson("swapped.geojson", [point[::-1] for point in degrees]))
        self.assertIn("--zones", swapped)
        self.assertIn("swap", swapped)
        metres = self.refused(*words, geojson("metres.geojson", corners))
        self.assertIn("--zones", metres)
        self.assertIn("metres", metres)
        self.assertNotIn("PROJ", swapped + metres)

    def test_named_classes_and_masks_are_no_nodata(self):
        cells = numpy.kron([[1, 2], [2, 1]], numpy.ones((8, 8)))
        cells[[0, -1]] = cells[:, [0, -1]] = 255
        land = self.raster("land.tif", cells)
        pools = self.folder / "pools.csv"
        head = "class,name,c_above,c_below,c_soil,c_dead\n1,a,1,1,1,1\n2,b,2,2,2,2\n"
        pools.write_text(head + "255,Sea,0,0,0,0\n")
        self.assertNotIn("255", self.results("carbon-storage", "--land-cover", land, "--pools", pools)[1])
        pools.write_text(head + "255,NoData,0,0,0,0\n")
        self.assertIn("255", self.results("carbon-storage", "--land-cover", land, "--pools", pools)[1])
        # A mask of 0 and 255.
        plain = self.raster("plain.tif", numpy.kron([[1, 2], [2, 1]], numpy.ones((8, 8))))
        mask = self.raster("mask.tif", numpy.where(numpy.arange(256).reshape(16, 16) % 16 < 2, 255, 0))
        demand = self.folder / "demand.csv"
        demand.write_text("class,cells\n1,128\n2,128\n")
        p = [self.raster(f"p_class{code}.tif", numpy.full((16, 16), 0.5), gdal.GDT_Float32) for code in (1, 2)]
        _, said = self.results("flus", "--land-cover", plain, "--demand", demand, "--suitability", *p, "--restricted", mask)
        self.assertNotIn("255", said)

    def test_factors_that_are_the_response_or_named_classes(self):
        rng = numpy.random.default_rng(3)
        classes = numpy.kron(rng.integers(1, 4, (8, 8)), numpy.ones((4, 4)))
        y = self.raster("y.tif", classes + rng.normal(size=(32, 32)), gdal.GDT_Float32)
        k = self.raster("k.tif", classes, gdal.GDT_Float32, names=["", "a", "b", "c"])
        byte = self.raster("byte.tif", classes, names=["", "a", "b", "c"])
        q = [self.results("geodetector", "--response", y, "--factors", factor)[0]["BEST_Q"] for factor in (k, byte)]
        self.assertEqual(q[0], q[1])
        cells = gdal.Open(str(y)).ReadAsArray().astype("f8")
        within = sum(((cells[classes == code] - cells[classes == code].mean()) ** 2).sum() for code in (1, 2, 3))
        by_hand = 1 - within / ((cells - cells.mean()) ** 2).sum()
        self.assertAlmostEqual(q[0], by_hand, 12)
        self.assertIn("--factors", self.refused("geodetector", "--response", y, "--factors", k,
                                                self.folder / "." / "y.tif"))

    def test_years_that_are_none(self):
        series = self.raster("s.tif", numpy.arange(6 * 16).reshape(6, 4, 4) * 1.5, gdal.GDT_Float32)
        for years in ("2001,2002,2003,204,2005,2006", "2001,2002,2003,3004,2005,2006"):
            self.assertIn(years.split(",")[3], self.refused("trend", "--series", series, "--years", years))
        table = self.folder / "wide.csv"
        table.write_text("unit,npp_2001,npp_2002,npp_2003,npp_1204,npp_2005\na,1,2,3,4,5\nb,5,3,2,1,0\n")
        self.assertIn("1204", self.refused("trend-table", "--table", table))

    def test_a_class_within_the_map_that_looks_like_no_data(self):
        cells = numpy.kron(numpy.array([[1, 2], [3, 4]]), numpy.ones((8, 8)))
        cells[5:8, 5:8] = 255
        words = ("directional-distribution", "--land-cover")
        _, said = self.results(*words, self.raster("lc.tif", cells))
        self.assertIn("9 cells are of class 255 (3.5 % of the cells), far above all others (1 to 4)", said)
        _, said = self.results(*words, self.folder / "lc.tif", "--nodata", "255")
        self.assertNotIn("255", said)
        _, said = self.results(*words, self.folder / "lc.tif", "--valid-range", "land_cover:1..9")
        self.assertNotIn("255", said)
        names = self.raster("named.tif", cells, names=[f"c{i}" for i in range(255)] + ["ice"])
        self.assertNotIn("255", self.results(*words, names)[1])

    def test_order_by_folders_and_numbers_of_any_kind(self):
        def series(names):
            made = []
            for i, name in enumerate(names):
                (self.folder / name).parent.mkdir(exist_ok=True)
                made.append(self.raster(name, [[i, i + 1], [i * i, 3]], gdal.GDT_Float32))
            return made

        years = range(2001, 2007)
        folders = series([f"{year}/ndvi.tif" for year in years])
        _, said = self.results("trend", "--series", *folders, "--years", "2001-2006")
        self.assertNotIn("names", said)
        _, said = self.results("trend", "--series", *folders[::-1], "--years", "2001-2006")
        self.assertIn("hold the years 2006", said)
        wide = series([str(year).translate({48 + i: 0xff10 + i for i in range(10)}) + "年.tif" for year in years])
        _, said = self.results("trend", "--series", *wide[::-1])
        self.assertIn("do not ascend", said)
        _, said = self.results("trend", "--series", *series([f"n{year:02d}.tif" for year in (98, 99, 0, 1, 2)]))
        self.assertNotIn("ascend", said)
        later = series([f"tmp_{year + 1}.tif" for year in years])
        words = ("partial-correlation", "--response", *series([f"npp_{year}.tif" for year in years]), "--drivers",
                 *series([f"pre_{year}.tif" for year in years]), *later, "--driver-names", "rain,temperature",
                 "--correlations", self.folder / "c.tif")
        self.assertIn("group 2: the names of files or bands hold the years 2002, 2003, 2004, 2005, 2006, 2007, those of "
                      "--response 2001", self.run_command(*words).stderr)
        maps = series(["early/lc.tif", "late/lc.tif", "2020/lc.tif", "2000/lc.tif"])
        factors = self.folder / "p.csv"
        factors.write_text("class,c_above,c_below,c_soil,c_dead\n" + "".join(f"{i},1,1,1,1\n" for i in range(12)))
        words = ("carbon-storage", "--pools", factors, "--land-cover")
        _, said = self.results(*words, maps[2], "--later-land-cover", maps[3])
        self.assertIn("2000/lc is of the year 2000, earlier than 2020/lc", said)

    def test_order_of_letters(self):
        files = [self.raster(f"npp{i}.tif", [[i, i + 1], [i * i, 3]], gdal.GDT_Float32) for i in range(1, 11)]
        by_letters = sorted(files, key=str)
        _, said = self.results("trend", "--series", *by_letters)
        self.assertIn("1, 10, 2 ... 9", said)
        _, said = self.results("trend", "--series", *files)
        self.assertNotIn("ascend", said)

    # Attribute tables

    def names_of(self, path):
        factors = self.folder / "factors.csv"
        factors.write_text("class,factor\n1,1\n2,1\n3,1\n")
        table = self.folder / "by_class.csv"
        self.results("carbon-emission", "--land-cover", path, "--factors", factors, "--by-class", table, "--overwrite")
        return [row["name"] for row in self.rows(table)]

    def test_attribute_tables_of_every_make(self):
        cells = [[1, 2], [3, 1]]
        wanted = ["Cropland", "Forest", "Water"]

        def with_table(path, columns, rows, linear=False):
            table = gdal.RasterAttributeTable()
            for name, kind, usage in columns:
                table.CreateColumn(name, kind, usage)
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    if columns[j][1] == gdal.GFT_String:
                        table.SetValueAsString(i, j, value)
                    else:
                        table.SetValueAsInt(i, j, value)
            dataset = gdal.Open(str(path), gdal.GA_Update)
            dataset.GetRasterBand(1).SetDefaultRAT(table)
            dataset = None
            return path

        generic = with_table(self.raster("generic.tif", cells),
                             [("VALUE", gdal.GFT_Integer, gdal.GFU_Generic), ("COUNT", gdal.GFT_Integer, gdal.GFU_Generic),
                              ("CLASS_NAME", gdal.GFT_String, gdal.GFU_Generic)],
                             [(1, 2, "Cropland"), (2, 1, "Forest"), (3, 1, "Water")])
        self.assertEqual(self.names_of(generic), wanted)
        rows = with_table(self.raster("rows.img", cells), [("Class_Names", gdal.GFT_String, gdal.GFU_Name)],
                          [("",), ("Cropland",), ("Forest",), ("Water",)])
        self.assertEqual(self.names_of(rows), wanted)
        arcgis = self.raster("arcgis.tif", cells)
        dataset = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(str(self.folder / "vat.dbf"))
        layer = dataset.CreateLayer("vat", None, ogr.wkbNone)
        for name, kind in (("Value", ogr.OFTInteger), ("Count", ogr.OFTReal), ("LandCover", ogr.OFTString)):
            layer.CreateField(ogr.FieldDefn(name, kind))
        for code, name in enumerate(wanted, 1):
            feature = ogr.Feature(layer.GetLayerDefn())
            feature["Value"], feature["Count"], feature["LandCover"] = code, 1, name
            layer.CreateFeature(feature)
        dataset = layer = None
        (self.folder / "vat.dbf").rename(self.folder / "arcgis.tif.vat.dbf")
        self.assertEqual(self.names_of(arcgis), wanted)

    def test_attribute_tables_whose_numbers_are_text_or_intervals(self):
        cells = [[1, 2], [3, 1]]
        wanted = ["耕地", "林地", "水域"]

        def beside(name, columns, rows):
            path = self.raster(name, cells)
            text = "<PAMDataset><PAMRasterBand band=\"1\"><GDALRasterAttributeTable>"
            for i, (column, kind, usage) in enumerate(columns):
                text += f"<FieldDefn index=\"{i}\"><Name>{column}</Name><Type>{kind}</Type><Usage>{usage}</Usage></FieldDefn>"
            for i, row in enumerate(rows):
                text += f"<Row index=\"{i}\">" + "".join(f"<F>{cell}</F>" for cell in row) + "</Row>"
            text += "</GDALRasterAttributeTable></PAMRasterBand></PAMDataset>"
            pathlib.Path(f"{path}.aux.xml").write_text(text, encoding="utf-8")
            return path

        whole, real, words, generic, name, low, high = 0, 1, 2, 0, 2, 3, 4
        rows = list(zip((3, 1, 2), (wanted[2], wanted[0], wanted[1])))
        self.assertEqual(self.names_of(beside("text.tif", [("Value", words, generic), ("Class", words, generic)], rows)),
                         wanted)
        self.assertEqual(self.names_of(beside("real.tif", [("Value", real, generic), ("地类", words, generic)], rows)),
                         wanted)
        self.assertEqual(self.names_of(beside("range.tif", [("Min", whole, low), ("Max", whole, high),
                                                            ("Class", words, name)],
                                              [(code, code, text) for code, text in rows])), wanted)

    def test_names_of_classes_in_gbk(self):
        """ArcGIS in Chinese writes its tables in GBK, and does not always say so."""
        cells = [[1, 2], [3, 1]]
        for wanted, encoding, language, cpg in ((wanted, *kind) for wanted in (["水田", "水体", "水"], ["耕地", "林地", "水域"])
                                                for kind in (("gbk", 0, None), ("gbk", 0x4d, None), ("gbk", 0x57, None), ("gbk", 0, "936"),
                                        ("gbk", 0, "ANSI 936"), ("utf-8", 0, None), ("utf-8", 0, "UTF-8"))):
            with self.subTest(f"{wanted}, {encoding}, language {language}, {cpg}"):
                path = self.raster("vat.tif", cells)
                driver = ogr.GetDriverByName("ESRI Shapefile")
                dataset = driver.CreateDataSource(str(self.folder / "t.dbf"))
                layer = dataset.CreateLayer("t", None, ogr.wkbNone, ["ENCODING="])
                for field, kind in (("VALUE", ogr.OFTInteger), ("COUNT", ogr.OFTReal), ("LULC", ogr.OFTString)):
                    layer.CreateField(ogr.FieldDefn(field, kind))
                for code, name in enumerate(wanted, 1):
                    feature = ogr.Feature(layer.GetLayerDefn())
                    feature["VALUE"], feature["COUNT"], feature["LULC"] = code, 1, "@" * 6 + str(code)
                    layer.CreateFeature(feature)
                dataset = layer = feature = None
                bytes_ = bytearray((self.folder / "t.dbf").read_bytes())
                for code, name in enumerate(wanted, 1):
                    at = bytes_.find(b"@@@@@@%d" % code)
                    bytes_[at:at + 7] = name.encode(encoding).ljust(7)
                bytes_[29] = language
                (self.folder / "vat.tif.vat.dbf").write_bytes(bytes_)
                (self.folder / "vat.tif.vat.cpg").unlink(missing_ok=True)
                if cpg:
                    (self.folder / "vat.tif.vat.cpg").write_text(cpg)
                self.assertEqual(self.names_of(path), wanted)
                pools = self.folder / "pools.csv"
                swapped = [wanted[1], wanted[0], wanted[2]]
                pools.write_text("class,name,c_above,c_below,c_soil,c_dead\n" + "".join(
                    f"{code},{name},1,1,1,1\n" for code, name in enumerate(swapped, 1)), encoding="utf-8")
                said = self.refused("carbon-storage", "--land-cover", path, "--pools", pools)
                self.assertIn(f'1: "{wanted[0]}"', said.replace("“", '"').replace("”", '"'))
        # Category names of a raster state no encoding at all.
        path = self.raster("categories.tif", cells)
        text = "<PAMDataset><PAMRasterBand band='1'><CategoryNames><Category></Category>" + "".join(
            f"<Category>{name}</Category>" for name in wanted) + "</CategoryNames></PAMRasterBand></PAMDataset>"
        pathlib.Path(f"{path}.aux.xml").write_bytes(text.encode("gbk"))
        self.assertEqual(self.names_of(path), wanted)

    # ALIGN

    def test_a_raster_beside_the_grid_is_told(self):
        here = self.raster("here.tif", [[1, 2], [2, 1]])
        there = self.raster("there.tif", [[1, 2], [2, 1]], transform=(900000, 100, 0, 4000000, 0, -100))
        done = self.run_command("transition-matrix", "--maps", here, there, "--align")
        self.assertIn("seems to lie beside the grid of", done.stderr)
        near = self.raster("near.tif", [[1, 2], [2, 1]], transform=(500100, 100, 0, 4000000, 0, -100))
        _, said = self.results("transition-matrix", "--maps", here, near, "--align")
        self.assertNotIn("beside the grid", said)

    def test_align_keeps_masks_names_and_colours(self):
        """Fine classes with a mask and names, on a grid of cells three times as wide: no class 0 appears."""
        first = self.raster("first.tif", [[1, 1], [2, 2]], transform=(500000, 300, 0, 4000000, 0, -300), nodata=0)
        fine = numpy.array([[1, 1, 1, 2, 2, 9], [1, 1, 1, 2, 2, 9], [1, 2, 1, 9, 2, 2],
                            [0, 0, 0, 2, 2, 2], [0, 0, 0, 2, 2, 2], [0, 2, 0, 2, 2, 2]])
        mask = numpy.where(fine == 0, 0, 255)
        second = self.raster("second.tif", fine, mask=mask, names=["", "Cropland", "Forest"],
                             colours={1: (200, 100, 0), 2: (0, 100, 0)})
        table = self.folder / "t.csv"
        _, said = self.results("transition-matrix", "--maps", first, second, "--align", "--transitions", table)
        # Neither what the mask covers nor a class that no cell of the grid gets.
        self.assertEqual({row["to"] for row in self.rows(table)}, {"1", "2"})
        rows = {(row["from"], row["to"]): (row["pixels"], row["to_name"]) for row in self.rows(table)
                if row["pixels"] != "0"}
        self.assertEqual(rows, {("1", "1"): ("1", "Cropland"), ("1", "2"): ("1", "Forest"), ("2", "2"): ("1", "Forest")})
        record = json.loads((self.folder / "t.csv.json").read_text())
        self.assertIn("majority", record["conventions"]["alignment of second.tif"])

    def test_align_decides_nodata_before_it_interpolates(self):
        grid = self.raster("grid.tif", numpy.full((2, 2), 400), gdal.GDT_Float32,
                           transform=(500000, 200, 0, 4000000, 0, -200))
        fine = numpy.full((4, 4), 428)
        fine[0, 0] = fine[3, 3] = 32761
        other = self.raster("mod17.tif", fine, gdal.GDT_UInt16)
        out = self.folder / "z.csv"
        zone = self.zones("z.gpkg", {"all": "POLYGON((500000 4000000,500400 4000000,500400 3999600,500000 3999600,500000 4000000))"})
        for how in ("auto", "average", "bilinear", "nearest"):
            self.results("zonal-series", "--min-valid", "2", "--series", grid, other, "--align", "--resampling", how, "--valid-range", "mod17",
                         "--zones", zone, "--table", out, "--overwrite")
            self.assertEqual([float(row["mean"]) for row in self.rows(out)], [400, 428], how)

    def test_places_far_from_the_earth_end(self):
        # GDAL takes such places round the world, a turn at a time.
        cells = numpy.kron([[1, 2], [2, 1]], numpy.ones((4, 4)))
        degrees = self.raster("degrees.tif", cells, transform=(100, 1, 0, 40, 0, -1), crs=4326)
        far = self.raster("far.tif", cells, transform=(1e71, 1e60, 0, 4e6, 0, -100), crs=3857)
        self.assertIn("no cell has a class on all maps", self.refused("transition-matrix", "--maps", degrees, far, "--align"))
        zones = self.zones("far.gpkg", {"a": "POLYGON((0 0, 1e7 0, 1e71 7, 0 0))"}, crs=3857)
        series = self.raster("s.tif", numpy.arange(4 * 16).reshape(4, 4, 4) * 1.5, gdal.GDT_Float32,
                             transform=(100, 1, 0, 40, 0, -1), crs=4326)
        self.assertIn("which is no place on Earth", self.refused("zonal-series", "--series", series, "--zones", zones))

    def test_align_across_the_antimeridian(self):
        """0..360 against -180..180."""
        west = self.raster("west.tif", [[1, 2]], transform=(-20, 10, 0, 10, 0, -10), crs=4326)
        around = self.raster("around.tif", [list(range(1, 37))], transform=(0, 10, 0, 10, 0, -10), crs=4326)
        table = self.folder / "t.csv"
        self.results("transition-matrix", "--maps", west, around, "--align", "--transitions", table)
        self.assertEqual({(row["from"], row["to"]) for row in self.rows(table) if row["pixels"] != "0"},
                         {("1", "35"), ("2", "36")})

    # Zones

    def test_zones_keep_rows_and_are_named(self):
        series = self.raster("s.tif", [[[i, i + 1, i + 2], [i + 3, i + 4, 250]] for i in range(1, 6)], nodata=250)
        def box(x, y, w, h):
            x, y = 500000 + x, 4000000 - y
            return f"POLYGON(({x} {y},{x + w} {y},{x + w} {y - h},{x} {y - h},{x} {y}))"
        zones = self.zones("z.gpkg", {
            "whole": box(0, 0, 300, 200), "empty": None, "far": box(5000, 0, 300, 200), "tiny": box(10, 10, 20, 20),
            "bare": box(200, 100, 100, 100),
            "bow": "POLYGON((500000 4000000,500200 3999800,500200 4000000,500000 3999800,500000 4000000))"})
        out = self.folder / "z.gpkg.csv"
        _, said = self.results("zonal-series", "--series", series, "--zones", zones, "--table", out)
        for words in ("1 zone of 6 without a geometry: empty", "1 zone of 6 outside the map, without cells: far",
                      "no cell's centre lies in the polygon", "tiny", "1 zone of 6 with NoData only: bare",
                      "invalid polygon: bow (Self-intersection", "zones overlap in"):
            self.assertIn(words, said)
        counties = [row["county"] for row in self.rows(out)] if "county" in self.rows(out)[0] else []
        self.assertTrue(not counties or "empty" in counties)

    def test_zones_with_arcs_and_collections_are_areas(self):
        values = numpy.random.default_rng(1).uniform(10, 20, (3, 10, 10)).astype("float32")
        series = self.raster("s.tif", values, gdal.GDT_Float32)
        x, y = 500000, 4000000
        arc = (f"CIRCULARSTRING({x + 200} {y - 500},{x + 500} {y - 200},{x + 800} {y - 500},{x + 500} {y - 800},"
               f"{x + 200} {y - 500})")
        west = f"POLYGON(({x} {y},{x + 500} {y},{x + 500} {y - 1000},{x} {y - 1000},{x} {y}))"
        down, across = numpy.mgrid[0:10, 0:10] * 100 + 50
        disc = (across - 500) ** 2 + (down - 500) ** 2 < 300 ** 2
        out = self.folder / "z.csv"
        for name, text, cells in (("curve", f"CURVEPOLYGON({arc})", disc), ("surface", f"MULTISURFACE(CURVEPOLYGON({arc}))", disc),
                                  ("collection", f"GEOMETRYCOLLECTION({west},POINT({x} {y}))", across < 500)):
            self.results("zonal-series", "--series", series, "--zones", self.zones(f"{name}.gpkg", {"a": text}), "--table",
                         out, "--min-valid", "2", "--overwrite")
            self.assertAlmostEqual(float(self.rows(out)[0]["mean"]), values[0][cells].astype("float64").mean(), 9, name)
        said = self.refused("zonal-series", "--series", series, "--zones",
                            self.zones("points.gpkg", {"a": f"POINT({x} {y})"}), "--table", out, "--min-valid", "2",
                            "--overwrite")
        self.assertIn("is not a polygon (Point); zones are areas", said)

    def test_zones_of_half_the_world_on_maps_from_0_to_360(self):
        cells = numpy.arange(36, dtype="float32")[None] + 1
        series = [self.raster(f"s{i}.tif", cells + i, gdal.GDT_Float32, transform=(0, 10, 0, 10, 0, -10), crs=4326)
                  for i in range(5)]
        zones = self.zones("w.gpkg", {"west": "POLYGON((-20 0,-20 10,20 10,20 0,-20 0))"}, 4326)
        out = self.folder / "w.csv"
        self.results("zonal-series", "--series", *series, "--zones", zones, "--table", out)
        # 340 to 360 and 0 to 20: cells 35, 36, 1, 2.
        self.assertAlmostEqual(float(self.rows(out)[0]["mean"]), 18.5)


if __name__ == "__main__":
    unittest.main()
