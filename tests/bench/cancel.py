# Land Carbon Toolbox: how long each algorithm goes on after SIGINT, on long work of its kind.
# SPDX-License-Identifier: GPL-2.0-or-later
"""cancel.py [--command FILE] [--times 3] [--only WORDS]

Starts the command on inputs that are deep, wide or of many classes, interrupts it at several moments of its run and
tells the longest and the median time until it has ended, in milliseconds. Prints a Markdown table."""
import argparse
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import tempfile
import time

import numpy
from osgeo import gdal, osr

gdal.UseExceptions()
ROOT = pathlib.Path(__file__).resolve().parents[2]
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--command", default=str(ROOT / "build/bin/landcarbon"))
parser.add_argument("--times", type=int, default=3)
parser.add_argument("--only", default="")
parser.add_argument("--limit", type=float, default=20, help="seconds that an uninterrupted run is waited for")
arguments = parser.parse_args()
folder = pathlib.Path(tempfile.mkdtemp(prefix="landcarbon_cancel_"))
random = numpy.random.default_rng(1)


def raster(name, cells, kind=gdal.GDT_Float32):
    cells = cells if cells.ndim == 3 else cells[None]
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(32649)
    dataset = gdal.GetDriverByName("GTiff").Create(str(folder / name), cells.shape[2], cells.shape[1], cells.shape[0],
                                                   kind, ["TILED=YES", "BIGTIFF=IF_SAFER"])
    dataset.SetProjection(srs.ExportToWkt())
    dataset.SetGeoTransform((500000, 100, 0, 4000000, 0, -100))
    for band in range(cells.shape[0]):
        dataset.GetRasterBand(band + 1).WriteArray(cells[band])
    dataset = None


def table(name, header, rows):
    with open(folder / name, "w") as file:
        file.write(header + "\n")
        for row in rows:
            file.write(",".join(map(str, row)) + "\n")


def prepare():
    side = 2500
    patches = numpy.kron(random.integers(1, 7, (side // 10, side // 10)), numpy.ones((10, 10), int))
    raster("classes.tif", patches, gdal.GDT_Byte)
    later = patches.copy()
    later[random.random(later.shape) < 0.1] = 5
    raster("later.tif", later, gdal.GDT_Byte)
    raster("value.tif", random.random((side, side)).astype("f4"))
    raster("driver.tif", random.random((2, side, side)).astype("f4"))
    raster("deep.tif", random.random((400, 256, 256)).astype("f4"))
    raster("deep2.tif", random.random((800, 256, 256)).astype("f4"))
    raster("monthly.tif", random.random((240, 400, 400)).astype("f4") * 30)
    raster("zones.tif", numpy.kron(numpy.arange(1, 17).reshape(4, 4), numpy.ones((64, 64), int)), gdal.GDT_Byte)
    for letter in "ab":
        raster(f"many_{letter}.tif", random.integers(1, 1900, (700, 700)), gdal.GDT_UInt16)
    codes = range(1, 7)
    table("pools.csv", "class,c_above,c_below,c_soil,c_dead", ([c, 1, 2, 3, 4] for c in codes))
    table("factors.csv", "class,factor", ([c, c - 2] for c in codes))
    table("grades.csv", "class,grade", ([c, 1 + c % 4] for c in codes))
    table("rows.csv", "y,a,b,c,d", (list(random.random(4).round(6)) + [i % 7] for i in range(600000)))
    table("trends.csv", "unit,year,value",
          ([f"u{u}", y, round(float(random.random()), 4)] for u in range(60) for y in range(2500)))
    counts = [int((later == c).sum()) for c in codes]
    counts[0] -= 200000
    counts[3] += 200000
    table("demand.csv", "year,class,cells", ([2030, c, n] for c, n in zip(codes, counts)))
    shutil.copy(folder / "later.tif", folder / "many_c.tif")
    shares = random.random((6, side, side)).astype("f4")
    raster("suitability.tif", shares / shares.sum(0))
    dataset = gdal.Open(str(folder / "suitability.tif"), gdal.GA_Update)
    for band in range(6):
        dataset.GetRasterBand(band + 1).SetMetadataItem("LANDCARBON_CLASS", str(band + 1))
    dataset = None


CALLS = {
    "transition-matrix, 1900 classes": "transition-matrix --maps many_a.tif many_b.tif --memory 6000 --report o.html",
    "simulation-accuracy, 1900 classes": "simulation-accuracy --observed many_a.tif --simulated many_b.tif --memory 6000 --report o.html",
    "land-use-intensity, squares": "land-use-intensity --land-cover classes.tif --classes grades.csv --grid-size 1000 --intensity o.csv --report o.html",
    "directional-distribution": "directional-distribution --land-cover classes.tif --report o.html",
    "carbon-storage": "carbon-storage --land-cover classes.tif --later-land-cover later.tif --pools pools.csv --storage-map o.tif",
    "carbon-emission": "carbon-emission --land-cover classes.tif --factors factors.csv --emission-map o.tif",
    "carbon-balance": "carbon-balance --storage-map value.tif --emission-map value.tif --grid-size 1000 --balance o.csv",
    "soil-respiration": "soil-respiration --temperature monthly.tif --precipitation monthly.tif --step monthly --respiration o.tif",
    "nep": "nep --npp deep.tif --respiration deep.tif --nep o.tif",
    "hurst, 400 steps": "hurst --series deep.tif --hurst o.tif",
    "variability, 400 steps": "variability --series deep.tif --variability o.tif",
    "partial-correlation, 2 x 400": "partial-correlation --response deep.tif --drivers deep2.tif --correlations o.tif",
    "trend, 400 steps": "trend --series deep.tif --trend o.tif",
    "trend, 400 steps, seasonal": "trend --series deep.tif --method seasonal --trend o.tif",
    "trend-persistence": "trend-persistence --trend value.tif --hurst value.tif --future o.tif",
    "trend-table, 60 x 2500 steps": "trend-table --table trends.csv --layout rows --unit-field unit --year-field year --value-field value --trend o.csv",
    "zonal-series, 800 steps": "zonal-series --series deep2.tif --classes zones.tif --table o.csv --report o.html",
    "geodetector": "geodetector --response value.tif --factors driver.tif classes.tif --report o.html",
    "geodetector-table, 600,000 rows": "geodetector-table --data rows.csv --response y --factors a,b,c,d --report o.html",
    "discretize, a million samples": "discretize --raster value.tif --class-count 255 --sample 1000000 --classified o.tif",
    "land-demand": "land-demand --first classes.tif --second later.tif --years 2005,2020 --target-years 2035 --demand o.csv",
    "suitability, network": "suitability --land-cover classes.tif --drivers driver.tif --suitability o.tif --samples 100000",
    "suitability, forest of 500 trees": "suitability --land-cover classes.tif --drivers driver.tif --method random_forest --suitability o.tif --samples 1000000 --trees 500",
    "flus": "flus --land-cover later.tif --suitability suitability.tif --demand demand.csv --simulated o.tif",
    "plus": "plus --land-cover later.tif --suitability suitability.tif --demand demand.csv --simulated o.tif",
    "scenario-comparison": "scenario-comparison --land-cover classes.tif --scenarios later.tif many_c.tif --report o.html",
}


def start(words):
    return subprocess.Popen([arguments.command, *words.split(), "--quiet", "--overwrite"], cwd=folder,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def measure(words):
    begun = time.monotonic()
    process = start(words)
    try:
        _, said = process.communicate(timeout=arguments.limit)
        whole = time.monotonic() - begun
        if process.returncode:
            return None, None, said.decode().strip()[:100]
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        whole = None
    late = []
    for step in range(1, arguments.times + 1):
        process = start(words)
        time.sleep((whole or arguments.limit) * step / (arguments.times + 1))
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        if process.returncode:
            late.append(time.monotonic() - begun)
    return whole, late, None


def main():
    try:
        prepare()
        print("| algorithm | whole run (s) | time to end after SIGINT, median (ms) | longest (ms) |\n|---|---|---|---|")
        for name, words in CALLS.items():
            if arguments.only and not any(part in name for part in arguments.only.split(",")):
                continue
            whole, late, fault = measure(words)
            if fault:
                print(f"| {name} | {fault} | | |", flush=True)
                continue
            shown = f"{whole:.1f}" if whole else f"over {arguments.limit:.0f}"
            times = f"{1000 * statistics.median(late):.0f} | {1000 * max(late):.0f}" if late else "ended before | "
            print(f"| {name} | {shown} | {times} |", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
