#!/usr/bin/python3
# Land Carbon Toolbox: geographically weighted regression beside mgwr, and on large inputs: time and memory.
# SPDX-License-Identifier: GPL-2.0-or-later
"""gwr.py [--command FILE] [--mgwr PYTHON] [--only WORDS]

Places are drawn at random on a square; seven drivers with coefficients that vary in space. Tells for each case the wall
clock, the processor time and the largest resident memory of the whole run, from the file to the results.
--mgwr    a Python that has mgwr (PyPI): its processor time for one fit of 10 000 places stands beside ours; the first
          call, which compiles, is not counted
--search  the same for a searched bandwidth, all places looked at"""
import argparse
import csv
import os
import pathlib
import subprocess
import tempfile
import time

import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DRIVERS = 7
NAMES = [f"x{j}" for j in range(DRIVERS)]
MGWR = """
import sys, time, numpy
from mgwr.gwr import GWR
from mgwr.sel_bw import Sel_BW
values = numpy.load(sys.argv[1])
places, y, x = list(zip(values[0], values[1])), values[2:3].T, values[3:].T
GWR(places[:500], y[:500], x[:500], 200, n_jobs=1).fit()  # the time of other processes would not be counted
begun = time.process_time()
fit = GWR(places, y, x, 200, n_jobs=1).fit()
fitted = time.process_time() - begun
begun = time.process_time()
best = Sel_BW(places, y, x, n_jobs=1).search(bw_min=54) if len(sys.argv) > 2 else 0
print(fitted, fit.aicc, time.process_time() - begun, best)
"""


def data(count):
    """x, y, response and drivers, row by row."""
    random = np.random.default_rng(7)
    place = random.uniform(0, 1e5, (2, count))
    drivers = random.normal(size=(DRIVERS, count))
    waves = [np.sin(place[j % 2] / 1e5 * np.pi * (1 + j / 2)) for j in range(DRIVERS)]
    response = 1 + sum(wave * driver for wave, driver in zip(waves, drivers)) + random.normal(size=count)
    return np.vstack([place, response, drivers])


def layer(path, values):
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    system = osr.SpatialReference()
    system.ImportFromEPSG(32649)
    table = dataset.CreateLayer("places", system, ogr.wkbPoint)
    for name in ["y", *NAMES]:
        table.CreateField(ogr.FieldDefn(name, ogr.OFTReal))
    table.StartTransaction()
    for row in values.T:
        feature = ogr.Feature(table.GetLayerDefn())
        for i, value in enumerate(row[2:]):
            feature.SetField(i, float(value))
        point = ogr.Geometry(ogr.wkbPoint)
        point.AddPoint_2D(float(row[0]), float(row[1]))
        feature.SetGeometry(point)
        table.CreateFeature(feature)
    table.CommitTransaction()


def raster(path, values):
    height, width = values.shape
    made = gdal.GetDriverByName("GTiff").Create(str(path), width, height, 1, gdal.GDT_Float32, ["TILED=YES"])
    made.SetGeoTransform([500000, 30, 0, 4000000, 0, -30])
    system = osr.SpatialReference()
    system.ImportFromEPSG(32649)
    made.SetProjection(system.ExportToWkt())
    made.GetRasterBand(1).WriteArray(values.astype("float32"))


def measured(command, folder, *words):
    begun = time.monotonic()
    process = subprocess.Popen([command, *words, "--quiet", "--overwrite"], cwd=folder)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {words}")
    return time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", default=str(ROOT / "build" / "bin" / "landcarbon"))
    parser.add_argument("--mgwr", default="")
    parser.add_argument("--only", default="")
    parser.add_argument("--search", action="store_true")
    given = parser.parse_args()
    command = os.path.abspath(given.command)
    with tempfile.TemporaryDirectory(prefix="landcarbon gwr ") as name:
        folder = pathlib.Path(name)
        model = ["--responses", "y", "--drivers", ",".join(NAMES)]

        def tell(case, words):
            if given.only not in case:
                return None
            wall, processor, memory = measured(command, folder, *words)
            print(f"{case}: {wall:.1f} s, {processor:.1f} s processor, {memory:.0f} MiB", flush=True)
            return processor

        if given.only in "10 000 places":
            values = data(10_000)
            layer(folder / "small.gpkg", values)
            ours = tell("10 000 places, 200 neighbours, one thread",
                        ["gwr-layer", "--places", "small.gpkg", *model, "--bandwidth", "200", "--local", "local.gpkg",
                         "--global", "global.csv", "--threads", "1"])
            if given.mgwr and ours:
                np.save(folder / "small.npy", values)
                search = ["search"] if given.search else []
                said = subprocess.check_output([given.mgwr, "-c", MGWR, str(folder / "small.npy"), *search], text=True).split()
                print(f"  mgwr: {float(said[0]):.1f} s processor for the fit alone, {float(said[0]) / ours:.0f} times ours; "
                      f"AICc {float(said[1]):.6f}")
                with open(folder / "global.csv", newline="") as file:
                    print("  ours: AICc", *(row["aicc"] for row in csv.DictReader(file) if row["method"] == "gwr"))
                if given.search:
                    ours = tell("10 000 places, searched bandwidth, one thread",
                                ["gwr-layer", "--places", "small.gpkg", *model, "--search-points", "10000", "--global",
                                 "global.csv", "--bandwidths", "b.csv", "--threads", "1"])
                    with open(folder / "b.csv", newline="") as file:
                        best = [row["bandwidth"] for row in csv.DictReader(file) if row["chosen"] == "1"]
                    print(f"  mgwr: {float(said[2]):.1f} s processor for the search alone, {float(said[2]) / ours:.1f} times "
                          f"ours; bandwidth {said[3]}, ours {best[0]}")
        if given.only in "100 000 places":
            layer(folder / "large.gpkg", data(100_000))
            for threads in ("2", "1"):
                tell(f"100 000 places, searched bandwidth, threads {threads}",
                     ["gwr-layer", "--places", "large.gpkg", *model, "--global", "global.csv", "--bandwidths", "b.csv",
                      "--threads", threads])
        if given.only in "10 000 000 cells":
            random = np.random.default_rng(7)
            side = 3163
            maps = [random.normal(size=(side, side)) for _ in range(3)]
            slope = np.linspace(0, 2, side)[None, :]
            raster(folder / "y.tif", slope * maps[0] + maps[1] - maps[2] + random.normal(size=(side, side)))
            for i, values in enumerate(maps):
                raster(folder / f"d{i}.tif", values)
            tell("10 000 000 cells, 5000 samples, coefficients, significance, prediction",
                 ["gwr", "--responses", "y.tif", "--driver-maps", "d0.tif", "d1.tif", "d2.tif", "--bandwidth", "300",
                  "--coefficients", "b.tif", "--significance", "s.tif", "--prediction", "p.tif", "--threads", "2"])


if __name__ == "__main__":
    main()
