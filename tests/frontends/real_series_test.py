#!/usr/bin/python3
# Land Carbon Toolbox: the time-series algorithms on real rasters, against plain loops over every cell.
# SPDX-License-Identifier: GPL-2.0-or-later
"""GIMMS NDVI3g of northern Alaska 1982-2011 (24 x 29 cells, EPSG:4326), as it comes and with gaps made into it. What the
command gives in every band of every cell is worked out again here, straight from the definitions. LANDCARBON_COMMAND
names the binary. The rasters are not part of the project; without them there is nothing to test."""

import csv
import json
import math
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy
from osgeo import gdal

gdal.UseExceptions()

COMMAND = os.environ["LANDCARBON_COMMAND"]
FOLDER = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data" / "ndvi_alaska"
YEARLY, MONTHLY = FOLDER / "ndvi_annual_max_1982_2011.tif", FOLDER / "ndvi_monthly_1982_2011.tif"
YEARS = numpy.arange(1982, 2012)
NODATA = -9999


def read(path):
    """All bands in double precision, NaN where there is nothing."""
    dataset = gdal.Open(str(path))
    bands = []
    for number in range(1, dataset.RasterCount + 1):
        band = dataset.GetRasterBand(number)
        values = band.ReadAsArray().astype(float)
        values[values == band.GetNoDataValue()] = numpy.nan
        bands.append(values)
    return numpy.array(bands)


def write_like(path, cells, kind, nodata):
    """A copy of the yearly raster's grid with other cells."""
    source = gdal.Open(str(YEARLY))
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), source.RasterXSize, source.RasterYSize, len(cells), kind)
    dataset.SetGeoTransform(source.GetGeoTransform())
    dataset.SetProjection(source.GetProjection())
    for number, band in enumerate(cells, 1):
        dataset.GetRasterBand(number).SetNoDataValue(nodata)
        dataset.GetRasterBand(number).WriteArray(numpy.where(numpy.isnan(band), nodata, band))
    dataset.FlushCache()
    return path


# The definitions, for one series without gaps


def student_p(t, df):
    """Two-sided p of Student's t, Abramowitz & Stegun 26.7.3 and 26.7.4."""
    angle = math.atan(abs(t) / math.sqrt(df))
    term, total = (math.cos(angle), math.cos(angle)) if df % 2 else (1.0, 1.0)
    for k in range(3 if df % 2 else 2, df - 1, 2):
        term *= math.cos(angle) ** 2 * (k - 1) / k
        total += term
    if df % 2:
        return 1 - 2 / math.pi * (angle + (math.sin(angle) * total if df > 1 else 0))
    return 1 - math.sin(angle) * total


def exact_p(s, n):
    """Two-sided p of S by counting inversions of all orders of n values."""
    counts = [1]
    for length in range(2, n + 1):
        counts = [sum(counts[k - j] for j in range(length) if 0 <= k - j < len(counts))
                  for k in range(len(counts) + length - 1)]
    tail = sum(counts[: (n * (n - 1) // 2 - abs(s)) // 2 + 1])
    return min(1.0, 2 * tail / math.factorial(n))


def trend(x, t):
    """The nine bands: slope, intercept, Z, p, tau, S, n, bounds. Slopes in single precision, as the band says."""
    n = len(x)
    slopes, s, tied = [], 0, 0
    for j in range(n):
        for i in range(j):
            difference = numpy.float32(x[j]) - numpy.float32(x[i])
            slopes.append(difference / numpy.float32(t[j] - t[i]))
            s += int(difference > 0) - int(difference < 0)
            tied += int(difference == 0)
    slopes = sorted(map(float, slopes))
    k = len(slopes)
    slope = 0.5 * (slopes[(k - 1) // 2] + slopes[k // 2])
    intercept = numpy.median([a - slope * b for a, b in zip(x, t)])
    groups = [list(x).count(value) for value in set(x)]
    variance = (n * (n - 1) * (2 * n + 5) - sum(g * (g - 1) * (2 * g + 5) for g in groups)) / 18
    z = (s - numpy.sign(s)) / math.sqrt(variance) if variance > 0 else 0
    p = exact_p(s, n) if n <= 10 and tied == 0 else math.erfc(abs(z) / math.sqrt(2))
    tau = s / math.sqrt((k - tied) * k) if k > tied else 0
    reach = 1.959963984540054 * math.sqrt(variance)
    low, high = round((k - reach) / 2), round((k + reach) / 2) + 1
    return [slope, intercept, z, p, tau, s, n, slopes[low - 1] if low >= 1 else numpy.nan,
            slopes[high - 1] if high <= k else numpy.nan]


def hurst(x):
    """Exponent, its standard error and R2: expanding windows from 3 steps on, population standard deviation."""
    logs = []
    for length in range(3, len(x) + 1):
        window = x[:length]
        departures = numpy.cumsum(window - window.mean())
        if window.max() > window.min():
            logs.append((math.log(length), math.log((departures.max() - departures.min()) / window.std())))
    a, b = numpy.array(logs).T
    slope, intercept = numpy.polyfit(a, b, 1)
    rest = ((b - slope * a - intercept) ** 2).sum()
    return [slope, math.sqrt(rest / (len(a) - 2) / ((a - a.mean()) ** 2).sum()), 1 - rest / ((b - b.mean()) ** 2).sum()]


def partial_correlations(y, drivers):
    """r, p, n of each driver: from the residuals of least squares on all other drivers."""
    bands, n = [], len(y)
    for k, driver in enumerate(drivers):
        others = numpy.column_stack([numpy.ones(n), *(d for j, d in enumerate(drivers) if j != k)])
        left = [v - others @ numpy.linalg.lstsq(others, v, rcond=None)[0] for v in (y, driver)]
        r = float(left[0] @ left[1] / math.sqrt((left[0] @ left[0]) * (left[1] @ left[1])))
        df = n - 1 - len(drivers)
        bands += [r, student_p(r * math.sqrt(df / (1 - r * r)), df), n]
    return bands


def least_squares(x, t):
    """Slope, intercept, R2, p."""
    dt, dx = t - t.mean(), x - x.mean()
    slope = (dt @ dx) / (dt @ dt)
    r2 = (dt @ dx) ** 2 / (dt @ dt) / (dx @ dx)
    df = len(x) - 2
    return slope, x.mean() - slope * t.mean(), r2, student_p(math.sqrt(df * r2 / (1 - r2)), df)


def row_areas():
    """Area in ha of a cell of each row: closed form of the ellipsoid's zone (Snyder 1987, eq. 3-12)."""
    dataset = gdal.Open(str(YEARLY))
    left, width, _, top, _, height = dataset.GetGeoTransform()
    a, e2 = 6378137.0, (2 - 1 / 298.257223563) / 298.257223563
    e = math.sqrt(e2)

    def q(latitude):
        s = math.sin(math.radians(latitude))
        return s / (1 - e2 * s * s) + math.atanh(e * s) / e

    return numpy.array([a * a * (1 - e2) / 2 * math.radians(width) * (q(top + row * height) - q(top + (row + 1) * height))
                        / 10000 for row in range(dataset.RasterYSize)])


@unittest.skipUnless(YEARLY.exists() and MONTHLY.exists(), f"{FOLDER} is not there")
class RealSeries(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="landcarbon series ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.values = read(YEARLY)
        # A tenth of the values is taken away, in one column of cells two thirds.
        random = numpy.random.RandomState(30)
        holes = random.random_sample(self.values.shape) < numpy.where(numpy.arange(24) == 7, 0.67, 0.1)
        self.gapped = numpy.where(holes, numpy.nan, self.values)

    def run_command(self, *words):
        result = subprocess.run([COMMAND, *map(str, words), "--quiet", "--json"], stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, encoding="utf-8", timeout=120)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)["results"]

    def versions(self):
        """The series as it is, and with gaps: name, path, values."""
        yield "whole", YEARLY, self.values
        yield "gaps", write_like(self.folder / "gaps.tif", self.gapped, gdal.GDT_Float32, NODATA), self.gapped

    def compare(self, found, values, least, expected, tolerance):
        """Every band of every cell. `expected` makes the bands of one cell from its series and the steps it has."""
        compared = left_out = 0
        for row, column in numpy.ndindex(values.shape[1:]):
            there = ~numpy.isnan(values[:, row, column])
            bands = found[:, row, column]
            if there.sum() < least:
                self.assertTrue(numpy.isnan(bands).all(), (row, column))
                left_out += 1
                continue
            numpy.testing.assert_allclose(bands, expected(values[there, row, column], there), rtol=tolerance,
                                          atol=tolerance * 1e-3, err_msg=str((row, column)))
            compared += 1
        self.assertGreater(compared, 500)
        self.assertGreater(left_out, 90)

    def test_trend(self):
        for name, path, values in self.versions():
            with self.subTest(name):
                out = self.folder / f"{name}_out.tif"
                self.run_command("trend", "--series", path, "--years", "1982-2011", "--trend", out, "--classes",
                                 self.folder / f"{name}_classes.tif")
                found = read(out)
                self.compare(found, values, 15, lambda x, there: trend(x, YEARS[there]), 3e-7)
                slope, z = found[0], found[2]
                codes = numpy.sign(slope) * (1 + (abs(z) >= 1.64) + (abs(z) >= 1.96) + (abs(z) >= 2.58))
                numpy.testing.assert_array_equal(read(self.folder / f"{name}_classes.tif")[0], codes)

    def test_trend_of_few_uneven_steps(self):
        # At most ten values: p is exact where there are no ties.
        bands = [0, 3, 4, 9, 14, 15, 21, 28]
        out = self.folder / "few.tif"
        self.run_command("trend", "--series", *(f"{YEARLY}|band={band + 1}" for band in bands), "--years",
                         ",".join(str(YEARS[band]) for band in bands), "--trend", out)
        self.compare(read(out), self.values[bands], 4, lambda x, there: trend(x, YEARS[bands][there]), 3e-7)

    def test_hurst(self):
        for name, path, values in self.versions():
            with self.subTest(name):
                out = self.folder / f"{name}_out.tif"
                self.run_command("hurst", "--series", path, "--hurst", out)
                self.compare(read(out), values, 15, lambda x, there: hurst(x), 1e-6)

    def test_partial_correlation(self):
        monthly = read(MONTHLY)
        months = {"may": 4, "july": 6, "september": 8}
        drivers = [f"{MONTHLY}|band={12 * year + month + 1}" for month in months.values() for year in range(30)]
        for name, path, values in self.versions():
            with self.subTest(name):
                out = self.folder / f"{name}_out.tif"
                self.run_command("partial-correlation", "--response", path, "--drivers", *drivers, "--driver-names",
                                 ",".join(months), "--correlations", out)
                found = read(out)
                compared = 0
                for row, column in numpy.ndindex(values.shape[1:]):
                    series = [monthly[month::12, row, column] for month in months.values()]
                    there = ~numpy.isnan(values[:, row, column]) & ~numpy.isnan(series).any(axis=0)
                    if there.sum() < 15 or any(numpy.ptp(s[there]) == 0 for s in series):
                        self.assertTrue(numpy.isnan(found[:, row, column]).all(), (row, column))
                        continue
                    numpy.testing.assert_allclose(
                        found[:, row, column],
                        partial_correlations(values[there, row, column], [s[there] for s in series]), rtol=1e-6,
                        atol=1e-7, err_msg=str((row, column)))
                    compared += 1
                self.assertGreater(compared, 500)

    def check_zones(self, values, masks, table, rates):
        """Rows of `table` and `rates` of each zone in `masks` against sums over its cells."""
        areas = row_areas()[:, None] * numpy.ones(values.shape[1:])
        with open(table, encoding="utf-8-sig", newline="") as file:
            rows = {(row["zone"], int(row["year"])): row for row in csv.DictReader(file)}
        with open(rates, encoding="utf-8-sig", newline="") as file:
            rates = {row["zone"]: row for row in csv.DictReader(file)}
        self.assertEqual(len(rows), len(masks) * 30)
        for zone, mask in masks.items():
            means = []
            for year, band in zip(YEARS, values):
                row = rows[zone, year]
                cells = mask & ~numpy.isnan(band)
                self.assertEqual(int(row["cells"]), int(cells.sum()))
                area = areas[cells].sum()
                means.append((areas[cells] * band[cells]).sum() / area)
                spread = math.sqrt((areas[cells] * (band[cells] - means[-1]) ** 2).sum() / area)
                for column, value in (("area_ha", area), ("mean", means[-1]), ("value", means[-1]), ("sd", spread)):
                    self.assertAlmostEqual(float(row[column]), value, delta=1e-11 * max(1, value), msg=(zone, year, column))
            means = numpy.array(means)
            slope, intercept, r2, p = least_squares(means, YEARS)
            expected = {"linear_slope": slope, "linear_intercept": intercept, "linear_r2": r2, "linear_p": p,
                        "mean": means.mean(), "cv": means.std(ddof=1) / means.mean(),
                        "relative_rate": 100 * slope / means.mean(), "cells": mask.sum()}
            for column, value in expected.items():
                # p comes here as 1 minus a number near 1.
                tolerance = 1e-12 if column == "linear_p" else 1e-9 * abs(value)
                self.assertAlmostEqual(float(rates[zone][column]), value, delta=tolerance, msg=(zone, column))
            pairs = [(means[j] - means[i]) / (j - i) for j in range(30) for i in range(j)]
            self.assertAlmostEqual(float(rates[zone]["slope"]), float(numpy.median(pairs)), delta=1e-12)
            self.assertEqual(int(rates[zone]["s"]), int(numpy.sign(pairs).sum()))

    def test_zonal_series(self):
        left, width, _, top, _, height = gdal.Open(str(YEARLY)).GetGeoTransform()
        ever = ~numpy.isnan(self.values).all(axis=0)
        # Boxes of cells that overlap; the edges lie a tenth of a cell beyond them.
        boxes = [(0, 0, 12, 15), (8, 10, 24, 29), (3, 20, 9, 27)]
        features, masks = [], {}
        for number, (x0, y0, x1, y1) in enumerate(boxes, 1):
            xs, ys = (left + width * (x0 - 0.1), left + width * (x1 + 0.1)), (top + height * (y0 - 0.1), top + height * (y1 + 0.1))
            ring = [[xs[0], ys[0]], [xs[1], ys[0]], [xs[1], ys[1]], [xs[0], ys[1]], [xs[0], ys[0]]]
            features.append({"type": "Feature", "properties": {"name": f"box {number}"},
                             "geometry": {"type": "Polygon", "coordinates": [ring]}})
            masks[str(number)] = numpy.zeros(ever.shape, bool)
            masks[str(number)][y0:y1, x0:x1] = True
            masks[str(number)] &= ever
        zones = self.folder / "zones.geojson"
        zones.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        level = numpy.floor(numpy.nan_to_num(numpy.nanmax(self.values, axis=0, initial=-1)) * 10)
        of_class = {str(int(code)): ever & (level == code) for code in numpy.unique(level[ever])}
        of_class = {code: mask for code, mask in of_class.items() if mask.sum() > 20}
        common = numpy.any(list(of_class.values()), axis=0)
        classes = write_like(self.folder / "classes.tif", numpy.where(common, level, 255)[None], gdal.GDT_Byte, 255)
        self.assertGreater(len(of_class), 2)
        for name, path, values in self.versions():
            for kind, source, places in (("zones", zones, masks), ("classes", classes, of_class)):
                with self.subTest(f"{name}, {kind}"):
                    table, rates = self.folder / f"{name}_{kind}.csv", self.folder / f"{name}_{kind}_rates.csv"
                    self.run_command("zonal-series", "--series", path, f"--{kind}", source, "--years", "1982-2011",
                                     "--min-share", 0, "--table", table, "--rates", rates)
                    self.check_zones(values, places, table, rates)


if __name__ == "__main__":
    unittest.main()
