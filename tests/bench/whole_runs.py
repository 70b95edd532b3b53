#!/usr/bin/python3
# Land Carbon Toolbox: whole runs of the command beside what GDAL alone and InVEST need, in one go.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Times whole processes alternately and prints ratios of medians, processor time and peak memory.

usage: whole_runs.py BUILD [--size 10000] [--series-size 3000] [--repeat 5] [--folder DIR] [--invest PYTHONPATH]
                     [--only NAME ...]

BUILD is a build folder with LANDCARBON_BENCHMARKS=ON. The rasters are made once in DIR. --invest names a folder that
holds the Python packages of natcap.invest; it is run by the interpreter that runs this script.
"""
import argparse
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import time

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
OPTIONS = ["TILED=YES", "COMPRESS=DEFLATE"]
DENSITIES = [258.8, 379.2, 238.5, 32.0, 0.0, 51.5]


def make_landscape(size, seed):
    """Smooth noise of several scales."""
    random = np.random.default_rng(seed)
    surface = np.zeros((size, size), np.float32)
    for cells in (10, 40, 160, 640):
        noise = random.standard_normal((cells + 2, cells + 2)).astype(np.float32)
        memory = gdal.GetDriverByName("MEM").Create("", cells + 2, cells + 2, 1, gdal.GDT_Float32)
        memory.GetRasterBand(1).WriteArray(noise)
        surface += gdal.Translate("", memory, format="MEM", width=size, height=size, resampleAlg="bilinear").ReadAsArray() / cells**0.5
    return surface


def write(path, cells, kind, nodata):
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(32649)
    raster = gdal.GetDriverByName("GTiff").Create(path, cells.shape[1], cells.shape[0], 1, kind, OPTIONS)
    raster.SetProjection(srs.ExportToWkt())
    raster.SetGeoTransform((500000, 30, 0, 4000000, 0, -30))
    raster.GetRasterBand(1).SetNoDataValue(nodata)
    raster.GetRasterBand(1).WriteArray(cells)
    raster.FlushCache()


def make_data(folder, size, noise):
    """Two class rasters of six classes with `noise` share of single odd cells, and a density raster of the first."""
    names = {name: os.path.join(folder, f"{name}_{size}_{noise}.tif") for name in ("earlier", "later", "density")}
    if not all(os.path.exists(path) for path in names.values()):
        surface = make_landscape(size, 1)
        classes = (np.digitize(surface, np.quantile(surface[::20, ::20], [0.25, 0.5, 0.65, 0.8, 0.92])) + 1).astype(np.uint8)
        random = np.random.default_rng(3)
        odd = random.random((size, size), dtype=np.float32) < noise
        classes[odd] = random.integers(1, 7, int(odd.sum()), dtype=np.uint8)
        later = classes.copy()
        changed = make_landscape(size, 2) > 0.9
        later[changed] = np.minimum(6, later[changed] + 1)
        write(names["earlier"], classes, gdal.GDT_Byte, 0)
        write(names["later"], later, gdal.GDT_Byte, 0)
        write(names["density"], np.array([-9999] + DENSITIES, np.float32)[classes], gdal.GDT_Float32, -9999)
    pools = os.path.join(folder, "pools.csv")
    with open(pools, "w", encoding="utf-8") as file:
        file.write("class,c_above,c_below,c_soil,c_dead\n")
        for code, density in enumerate(DENSITIES, 1):
            file.write(f"{code},{density * 0.25},{density * 0.25},{density * 0.4},{density * 0.1}\n")
    names["pools"] = pools
    return names


def make_drivers(folder, size):
    """A response and nine drivers of it, each as measurements and as 5 to 13 classes with 3 % single odd cells."""
    names = {"response": os.path.join(folder, f"response_{size}.tif")}
    for number in range(9):
        names[f"classes{number}"] = os.path.join(folder, f"driver_classes{number}_{size}.tif")
        names[f"values{number}"] = os.path.join(folder, f"driver_values{number}_{size}.tif")
    if not all(os.path.exists(path) for path in names.values()):
        random = np.random.default_rng(5)
        response = random.standard_normal((size, size), dtype=np.float32) * 3
        for number in range(9):
            surface = make_landscape(size, 10 + number)
            count = 5 + number
            classes = (np.digitize(surface, np.quantile(surface[::20, ::20], np.arange(1, count) / count)) + 1).astype(np.uint8)
            odd = random.random((size, size), dtype=np.float32) < 0.03
            classes[odd] = random.integers(1, count + 1, int(odd.sum()), dtype=np.uint8)
            response += classes * np.float32((9 - number) / 9)
            write(names[f"classes{number}"], classes, gdal.GDT_Byte, 0)
            write(names[f"values{number}"], surface, gdal.GDT_Float32, -9999)
        write(names["response"], response, gdal.GDT_Float32, -9999)
    return names


def make_sparse(folder, size):
    path = os.path.join(folder, f"sparse_{size}.tif")
    if not os.path.exists(path):
        raster = gdal.GetDriverByName("GTiff").Create(path, size, size, 1, gdal.GDT_Byte, OPTIONS + ["SPARSE_OK=TRUE"])
        srs = osr.SpatialReference()
        srs.ImportFromEPSG(32649)
        raster.SetProjection(srs.ExportToWkt())
        raster.SetGeoTransform((500000, 30, 0, 4000000, 0, -30))
        raster.GetRasterBand(1).WriteArray(np.ones((256, 256), np.uint8), 0, 0)
        raster.FlushCache()
    pools = os.path.join(folder, "sparse_pools.csv")
    with open(pools, "w", encoding="utf-8") as file:
        file.write("class,c_above,c_below,c_soil,c_dead\n0,1,2,3,4\n1,2,3,4,5\n")
    return path, pools


def make_series(folder, size, steps=24):
    """A series as an index of vegetation is stored: four decimals, smooth in space, noise in time, some with a trend.
    One file with a band a step, tiled by band; and the drivers of the partial correlation."""
    paths = {name: os.path.join(folder, f"{name}_{size}_{steps}.tif") for name in ("series", "driver1", "driver2", "driver3")}
    for seed, path in enumerate(paths.values()):
        if os.path.exists(path):
            continue
        surface = make_landscape(size, 10 + seed) * 0.1 + 0.4
        slope = make_landscape(size, 20 + seed) * 0.002
        random = np.random.default_rng(30 + seed)
        raster = gdal.GetDriverByName("GTiff").Create(path, size, size, steps, gdal.GDT_Float32, OPTIONS + ["INTERLEAVE=BAND"])
        srs = osr.SpatialReference()
        srs.ImportFromEPSG(32649)
        raster.SetProjection(srs.ExportToWkt())
        raster.SetGeoTransform((500000, 30, 0, 4000000, 0, -30))
        for step in range(steps):
            noise = random.standard_normal((size, size), np.float32) * 0.03
            raster.GetRasterBand(step + 1).WriteArray(np.round(surface + slope * step + noise, 4))
        raster.FlushCache()
    return paths


def make_sparse_series(folder, size, steps=24):
    path = os.path.join(folder, f"sparse_series_{size}_{steps}.tif")
    if not os.path.exists(path):
        raster = gdal.GetDriverByName("GTiff").Create(path, size, size, steps, gdal.GDT_Float32, OPTIONS + ["SPARSE_OK=TRUE", "INTERLEAVE=BAND", "BIGTIFF=YES"])
        srs = osr.SpatialReference()
        srs.ImportFromEPSG(32649)
        raster.SetProjection(srs.ExportToWkt())
        raster.SetGeoTransform((500000, 30, 0, 4000000, 0, -30))
        random = np.random.default_rng(5)
        for step in range(steps):
            raster.GetRasterBand(step + 1).WriteArray(random.standard_normal((256, 256), np.float32) + 1, 0, 0)
        raster.FlushCache()
    return path


def run(command, environment=None):
    """Wall seconds, processor seconds, peak MiB of one process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit("failed: " + " ".join(command))
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(title, ours, yardstick, repeat):
    """Runs both alternately; the medians' ratio is what counts on a busy machine."""
    results = {"ours": [], "yardstick": []}
    for _ in range(repeat):
        results["yardstick"].append(run(yardstick))
        results["ours"].append(run(ours))
    middle = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in results.items()}
    best = {name: min(row[0] for row in rows) for name, rows in results.items()}
    print(f"{title}")
    for name in ("ours", "yardstick"):
        wall, cpu, memory = middle[name]
        print(f"  {name:10s} {wall:7.2f} s (best {best[name]:.2f})  {cpu:7.2f} s processor  {memory:6.0f} MiB peak")
    print(f"  ratio      {middle['ours'][0] / middle['yardstick'][0]:7.2f} wall (best {best['ours'] / best['yardstick']:.2f}),"
          f" {middle['ours'][1] / middle['yardstick'][1]:.2f} processor", flush=True)


INVEST = """
import sys
from natcap.invest import carbon
carbon.execute({'workspace_dir': sys.argv[1], 'lulc_bas_path': sys.argv[2], 'lulc_cur_path': sys.argv[2],
                'carbon_pools_path': sys.argv[3], 'calc_sequestration': False, 'do_valuation': False, 'n_workers': -1})
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build")
    parser.add_argument("--size", type=int, default=10000)
    parser.add_argument("--noise", type=float, default=0.03)
    parser.add_argument("--series-size", type=int, default=3000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--folder", default="bench-data")
    parser.add_argument("--invest")
    parser.add_argument("--only", nargs="*", default=["storage", "transition", "series", "series_memory", "geodetector", "memory", "invest"])
    arguments = parser.parse_args()
    os.makedirs(arguments.folder, exist_ok=True)
    folder = os.path.abspath(arguments.folder)
    command = os.path.join(arguments.build, "bin", "landcarbon")
    read_only = os.path.join(arguments.build, "bin", "landcarbon_read_only")
    # In a process of its own: a process starts with the memory of its parent, which is measured below.
    with multiprocessing.Pool(1) as maker:
        data = maker.apply(make_data, (folder, arguments.size, arguments.noise)) if {"storage", "transition", "invest"} & set(arguments.only) else {}
    print(f"{arguments.size} x {arguments.size} cells, {os.cpu_count()} cores, GDAL {gdal.__version__}, file sizes (MB): "
          + ", ".join(f"{name} {os.path.getsize(path) / 1e6:.1f}" for name, path in data.items() if path.endswith(".tif")))
    out = os.path.join(folder, "out.tif")
    if "storage" in arguments.only:
        compare("carbon-storage to a Float32 map / gdal_translate of a Float32 raster",
                [command, "carbon-storage", "--land-cover", data["earlier"], "--pools", data["pools"], "--storage-map", out, "--overwrite",
                 "--co", "TILED=YES", "--co", "COMPRESS=DEFLATE", "--co", "NUM_THREADS=2", "-q"],
                ["gdal_translate", "-q", "-co", "TILED=YES", "-co", "COMPRESS=DEFLATE", "-co", "NUM_THREADS=2", data["density"],
                 os.path.join(folder, "copy.tif")], arguments.repeat)
    if "transition" in arguments.only:
        compare("transition-matrix of two maps / only reading both with two threads",
                [command, "transition-matrix", "--maps", data["earlier"], "--maps", data["later"], "-q"], [read_only, data["earlier"], data["later"]],
                arguments.repeat)
    if "series" in arguments.only:
        size = arguments.series_size
        with multiprocessing.Pool(1) as maker:
            series = maker.apply(make_series, (folder, size))
        print(f"series of 24 steps, {size} x {size} cells, " + ", ".join(f"{os.path.getsize(path) / 1e6:.0f} MB" for path in series.values()))
        stack = ["--series", series["series"], "-q", "--overwrite"]
        drivers = [series[f"driver{k}"] for k in (1, 2, 3)]
        runs = {
            "trend, the classes": (["trend", *stack, "--classes", out], ["series"]),
            "trend, classes and summary": (["trend", *stack, "--classes", out, "--summary", os.path.join(folder, "summary.csv")], ["series"]),
            "trend, all nine bands": (["trend", *stack, "--trend", out], ["series"]),
            "hurst, three bands and classes": (["hurst", *stack, "--hurst", out, "--classes", os.path.join(folder, "classes.tif")], ["series"]),
            "hurst, the classes": (["hurst", *stack, "--classes", out], ["series"]),
            "variability, all bands": (["variability", *stack, "--variability", out], ["series"]),
            "partial-correlation, three drivers, the classes":
                (["partial-correlation", "--response", series["series"], "--drivers", ",".join(drivers), "-q", "--overwrite", "--classes", out], list(series)),
        }
        for title, (words, names) in runs.items():
            compare(f"{title} / only reading with two threads", [command, *words], [read_only, *(series[name] for name in names)], arguments.repeat)
            one = min(run([command, *words, "--threads", "1"])[0] for _ in range(2))
            two = min(run([command, *words, "--threads", "2"])[0] for _ in range(2))
            print(f"  second core: {one / two:.2f} times as fast ({one:.2f} s, {two:.2f} s)", flush=True)
    if "series_memory" in arguments.only:
        with multiprocessing.Pool(1) as maker:
            sparse = maker.apply(make_sparse_series, (folder, 20000))
        for name, words in {"trend": ["--trend", out, "--co", "SPARSE_OK=TRUE"], "hurst": ["--hurst", out, "--co", "SPARSE_OK=TRUE"]}.items():
            wall, cpu, memory = run([command, name, "-q", "--overwrite", "--series", sparse] + words)
            print(f"{name} 24 x 20000 x 20000 (sparse): {wall:.1f} s, {memory:.0f} MiB peak", flush=True)
    if "geodetector" in arguments.only:
        with multiprocessing.Pool(1) as maker:
            drivers = maker.apply(make_drivers, (folder, arguments.size))
        tables = [word for name in ("factor", "interaction", "risk", "ecological", "discretization-table")
                  for word in ("--" + name, os.path.join(folder, name + ".csv"))]
        for kind, title in {"classes": "nine factors of classes, all detectors, 36 pairs",
                            "values": "nine continuous factors, 5 methods x 3..10 classes, all detectors"}.items():
            factors = [drivers[f"{kind}{number}"] for number in range(9)]
            compare(f"geodetector, {title} / only reading the ten rasters with two threads",
                    [command, "geodetector", "--response", drivers["response"], "--overwrite", "-q"] + tables
                    + [word for path in factors for word in ("--factors", path)],
                    [read_only, drivers["response"]] + factors, arguments.repeat)
    if "memory" in arguments.only:
        with multiprocessing.Pool(1) as maker:
            sparse, pools = maker.apply(make_sparse, (folder, 40000))
        for name, words in {
                "carbon-storage": ["--land-cover", sparse, "--pools", pools, "--storage-map", out, "--overwrite"],
                "transition-matrix": ["--maps", sparse, "--maps", sparse]}.items():
            wall, cpu, memory = run([command, name, "-q"] + words)
            print(f"{name} 40000 x 40000 (sparse): {wall:.1f} s, {memory:.0f} MiB peak", flush=True)
    if "invest" in arguments.only and arguments.invest:
        pools = os.path.join(folder, "invest_pools.csv")
        with open(data["pools"], encoding="utf-8") as file, open(pools, "w", encoding="utf-8") as copy:
            copy.write(file.read().replace("class,", "lucode,"))
        workspace = os.path.join(folder, "invest")
        shutil.rmtree(workspace, ignore_errors=True)
        script = os.path.join(folder, "invest.py")
        with open(script, "w", encoding="utf-8") as file:
            file.write(INVEST)
        environment = dict(os.environ, PYTHONPATH=arguments.invest)
        theirs = run([sys.executable, script, workspace, data["earlier"], pools], environment)
        words = [command, "carbon-storage", "--land-cover", data["earlier"], "--pools", data["pools"], "--storage-map", out, "--overwrite", "-q"]
        print(f"InVEST carbon, which writes a map of each pool on the way: {theirs[0]:.1f} s, {theirs[1]:.1f} s processor, {theirs[2]:.0f} MiB")
        for name, more in {"the storage map": [], "the storage map and the four pool maps": ["--pool-maps", os.path.join(folder, "pools.tif")]}.items():
            ours = run(words + more)
            print(f"  ours, {name}: {ours[0]:.1f} s, {ours[1]:.1f} s processor, {ours[2]:.0f} MiB; ratio {theirs[0] / ours[0]:.1f}", flush=True)


if __name__ == "__main__":
    main()
