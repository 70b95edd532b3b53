#!/usr/bin/python3
# Land Carbon Toolbox: zonal summary and zonal series beside what GDAL alone and exactextract need, in one go.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Times whole processes alternately and prints the processor time and wall time of each, and their ratios to reading.

usage: zonal.py COMMAND [--size 5000] [--rasters 4] [--zones 27] [--repeat 3] [--folder DIR] [--exactextract PYTHON]

COMMAND is the command landcarbon. --zones is the number of zones along a side of the map. --exactextract names a Python
interpreter whose packages include exactextract, rasterio and fiona or GDAL. The rasters are made once in DIR.
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()

READ = """
import sys
from osgeo import gdal
gdal.UseExceptions()
for path in sys.argv[1:]:
    raster = gdal.Open(path)
    for y in range(0, raster.RasterYSize, 256):
        raster.GetRasterBand(1).ReadRaster(0, y, raster.RasterXSize, min(256, raster.RasterYSize - y))
"""
EXACT = """
import sys
from exactextract import exact_extract
for path in sys.argv[3:]:
    exact_extract(path, sys.argv[1], ["mean", "stdev", "min", "max", "sum", "count"], strategy=sys.argv[2])
"""


def make_data(folder, size, count, zones):
    paths = []
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(32649)
    for number in range(count):
        path = os.path.join(folder, f"measure{number}_{size}.tif")
        paths.append(path)
        if os.path.exists(path):
            continue
        random = np.random.default_rng(number)
        coarse = gdal.GetDriverByName("MEM").Create("", 64, 64, 1, gdal.GDT_Float32)
        coarse.GetRasterBand(1).WriteArray(random.normal(300, 120, (64, 64)).astype(np.float32))
        cells = gdal.Translate("", coarse, format="MEM", width=size, height=size, resampleAlg="bilinear").ReadAsArray()
        cells += random.standard_normal((size, size), dtype=np.float32) * 20
        cells[random.random((size, size), dtype=np.float32) < 0.02] = -9999
        raster = gdal.GetDriverByName("GTiff").Create(path, size, size, 1, gdal.GDT_Float32,
                                                      ["TILED=YES", "COMPRESS=DEFLATE", "PREDICTOR=3"])
        raster.SetProjection(srs.ExportToWkt())
        raster.SetGeoTransform((500000, 30, 0, 4000000, 0, -30))
        raster.GetRasterBand(1).SetNoDataValue(-9999)
        raster.GetRasterBand(1).WriteArray(cells)
        raster.FlushCache()
    # Polygons of a shaken grid whose sides are bent: each shares its sides with its neighbours.
    random = np.random.default_rng(99)
    steps = 12
    points = zones * steps + 1
    along = np.linspace(0, size, points)
    x, y = np.meshgrid(along, along)
    shake = size / zones / 100
    inner = np.zeros_like(x)
    inner[1:-1, 1:-1] = 1
    x += random.normal(0, shake, x.shape) * inner
    y += random.normal(0, shake, y.shape) * inner
    features = []
    for row in range(zones):
        for column in range(zones):
            r, c = row * steps, column * steps
            ring = [(r, c + k) for k in range(steps)] + [(r + k, c + steps) for k in range(steps)] + \
                   [(r + steps, c + steps - k) for k in range(steps)] + [(r + steps - k, c) for k in range(steps)]
            ring.append(ring[0])
            features.append({"type": "Feature", "properties": {"name": f"{row}_{column}"},
                             "geometry": {"type": "Polygon", "coordinates":
                                          [[[500000 + 30 * x[p], 4000000 - 30 * y[p]] for p in ring]]}})
    path = os.path.join(folder, f"zones{zones}_{size}.geojson")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection",
                   "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32649"}}, "features": features}, file)
    return paths, path


def timed(call):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command")
    parser.add_argument("--size", type=int, default=5000)
    parser.add_argument("--rasters", type=int, default=4)
    parser.add_argument("--zones", type=int, default=27)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", default="/tmp/landcarbon-bench")
    parser.add_argument("--exactextract")
    given = parser.parse_args()
    os.makedirs(given.folder, exist_ok=True)
    rasters, zones = make_data(given.folder, given.size, given.rasters, given.zones)
    each = [word for path in rasters for word in ("--rasters", path)]
    series = [word for path in rasters for word in ("--series", path)]
    table = os.path.join(given.folder, "table.csv")
    calls = {"read": [sys.executable, "-c", READ] + rasters}
    for threads in ("1", "2"):
        for name, more in (("centre", []), ("fraction", ["--coverage", "fraction"]), ("median", ["--median", "true"])):
            if threads == "1" or name == "centre":
                calls[f"zonal-summary, {name}, threads {threads}"] = \
                    [given.command, "zonal-summary", "--zones", zones, "--table", table, "--threads", threads,
                     "--overwrite"] + each + more
    calls["zonal-series, threads 1"] = [given.command, "zonal-series", "--zones", zones, "--table", table, "--threads", "1",
                                        "--min-valid", "2", "--overwrite"] + series
    if given.exactextract:
        for strategy in ("feature-sequential", "raster-sequential"):
            calls[f"exactextract, {strategy}"] = [given.exactextract, "-c", EXACT, zones, strategy] + rasters
    times = {name: [] for name in calls}
    for _ in range(given.repeat):
        for name, call in calls.items():
            try:
                times[name].append(timed(call))
            except subprocess.CalledProcessError as error:
                print(name, "failed:", error.stderr.decode()[-400:])
    values = given.size ** 2 * given.rasters
    base = statistics.median(cpu for _, cpu in times["read"])
    print(f"{given.rasters} rasters of {given.size} x {given.size}, {given.zones ** 2} zones; medians of {given.repeat}")
    for name, all_times in times.items():
        if not all_times:
            continue
        wall = statistics.median(w for w, _ in all_times)
        cpu = statistics.median(c for _, c in all_times)
        print(f"{name:45} wall {wall:7.2f} s  processor {cpu:7.2f} s  {cpu / values * 1e9:6.1f} ns a value  "
              f"{cpu / base:5.2f} x reading")


if __name__ == "__main__":
    main()
