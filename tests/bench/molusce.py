#!/usr/bin/python3
# Land Carbon Toolbox: the chain of land simulation beside MOLUSCE on the same maps, in one go.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Usage: molusce.py MOLUSCE [COMMAND] [TIMES]

MOLUSCE is the folder that holds the Python package `molusce` (QGIS plugin, version 5; not part of the toolbox). Both predict the
land cover of Plum Island in 1999 from 1985 and 1991 and three drivers with a neural network of 13 hidden neurons, MOLUSCE with its
defaults of 1000 samples and 500 epochs, ours with its own. Maps are made TIMES (4) times as wide and high, as these are small.
Prints seconds and microseconds a cell of a step (prediction and simulation), and the figure of merit. Without the data
(../shared/data/plum_island) it ends with code 77."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from osgeo import gdal

gdal.UseExceptions()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "plum_island"
MAPS = {year: f"landcover_{year}.tif" for year in (1985, 1991, 1999)}
DRIVERS = ["elevation_m.tif", "slope_pct.tif", "distance_to_built_1985_m.tif"]


class Clock:
    """Seconds of named parts."""

    def __init__(self):
        self.seconds = {}

    def __call__(self, name, work):
        start = time.perf_counter()
        work()
        self.seconds[name] = time.perf_counter() - start


def enlarged(folder, times):
    """All maps with cells that are so many times smaller."""
    for name in [*MAPS.values(), *DRIVERS]:
        source = gdal.Open(str(DATA / name))
        gdal.Translate(str(folder / name), source, width=times * source.RasterXSize, height=times * source.RasterYSize,
                       resampleAlg="nearest", creationOptions=["TILED=YES", "COMPRESS=DEFLATE"])


def run(command, algorithm, *words):
    done = subprocess.run([command, algorithm, "--json", "--overwrite", *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"ERROR: {algorithm} {' '.join(map(str, words))}\n{done.stderr}")
    found = json.loads(done.stdout)
    return found.get("results", found)


def molusce_simulates(clock, maps, drivers, simulated):
    """One step of MOLUSCE; returns how many cells the map has."""
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    from molusce.algorithms.dataprovider import Raster
    from molusce.algorithms.models.crosstabs.manager import CrossTableManager
    from molusce.algorithms.models.area_analysis.manager import AreaAnalyst
    from molusce.algorithms.models.mlp.manager import MlpManager
    from molusce.algorithms.models.simulator.sim import Simulator

    first, second = Raster(maps[1985]), Raster(maps[1991])
    drivers = [Raster(path) for path in drivers]
    crosstable = CrossTableManager(first, second)
    crosstable.computeCrosstable()
    analyst = AreaAnalyst(first, second)
    changes = analyst.getChangeMap()
    model = MlpManager(ns=1)
    model.createMlp(first, drivers, changes, [13])
    model.setTrainingData(first, drivers, changes, mode="Random", samples=1000)
    clock("train", lambda: model.train(500, valPercent=20, lrate=0.1, momentum=0.05))
    simulator = Simulator(second, drivers, model, crosstable)
    simulator.setIterationCount(1)
    clock("step", simulator.simN)
    simulator.getState().save(simulated)
    return first.getXSize() * first.getYSize()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if not DATA.is_dir():
        print(f"skipped: there is no {DATA}")
        sys.exit(77)
    sys.path.insert(0, sys.argv[1])
    command = sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "build" / "bin" / "landcarbon")
    times = int(sys.argv[3]) if len(sys.argv) > 3 else 4
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        enlarged(folder, times)
        maps = {year: str(folder / name) for year, name in MAPS.items()}
        drivers = [str(folder / name) for name in DRIVERS]
        theirs, ours = Clock(), Clock()
        cells = molusce_simulates(theirs, maps, drivers, str(folder / "molusce.tif"))
        model, suitability, demand, simulated = (folder / name for name in ("model.json", "suitability.tif", "demand.csv", "simulated.tif"))
        learn = ["suitability", "--land-cover", maps[1991], "--drivers", *drivers, "--hidden", 13, "--permutations", 0]
        ours("train", lambda: run(command, *learn, "--model", model))
        run(command, "land-demand", "--first", maps[1985], "--second", maps[1991], "--years", "1985,1991", "--target-years", "1997",
            "--demand", demand)

        def step():
            run(command, "suitability", "--land-cover", maps[1991], "--drivers", *drivers, "--trained-model", model, "--permutations", 0,
                "--suitability", suitability)
            run(command, "flus", "--land-cover", maps[1991], "--suitability", suitability, "--demand", demand, "--simulated", simulated)

        ours("step", step)
        print(f"{cells} cells")
        for title, clock, result in (("MOLUSCE", theirs, folder / "molusce.tif"), ("ours", ours, simulated)):
            found = run(command, "simulation-accuracy", "--initial", maps[1991], "--observed", maps[1999], "--simulated", result,
                        "--resolutions", 1)
            print(f"{title:8} training {clock.seconds['train']:7.2f} s, step {clock.seconds['step']:7.2f} s, "
                  f"{1e6 * clock.seconds['step'] / cells:7.3f} microseconds a cell, "
                  f"figure of merit {found['FIGURE_OF_MERIT']:.4f}, quantity disagreement {found['QUANTITY_DISAGREEMENT']:.5f}")
        print(f"ratio: step {theirs.seconds['step'] / ours.seconds['step']:.0f}, with training "
              f"{sum(theirs.seconds.values()) / sum(ours.seconds.values()):.0f}")


if __name__ == "__main__":
    main()
