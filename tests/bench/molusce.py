#!/usr/bin/python3
# Land Carbon Toolbox: the chain of land simulation beside MOLUSCE on the same maps, in one go.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Usage: molusce.py MOLUSCE [COMMAND]

MOLUSCE is the folder that holds the Python package `molusce` (QGIS plugin, version 5; not part of the toolbox). Both predict the
land cover of Plum Island in 1999 from 1985 and 1991 and three drivers with a neural network of 13 hidden neurons: MOLUSCE trains on
1000 samples (100 epochs, its default), ours on its own default of samples. Prints seconds and microseconds a cell of both, and the
figure of merit. Without the data (../shared/data/plum_island) it ends with code 77."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "plum_island"
MAPS = {year: str(DATA / f"landcover_{year}.tif") for year in (1985, 1991, 1999)}
DRIVERS = [str(DATA / name) for name in ("elevation_m.tif", "slope_pct.tif", "distance_to_built_1985_m.tif")]


class Clock:
    """Seconds of named parts."""

    def __init__(self):
        self.seconds = {}

    def __call__(self, name, work):
        start = time.perf_counter()
        result = work()
        self.seconds[name] = time.perf_counter() - start
        return result


def run(command, algorithm, *words):
    done = subprocess.run([command, algorithm, "--json", "--overwrite", *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"ERROR: {algorithm} {' '.join(map(str, words))}\n{done.stderr}")
    found = json.loads(done.stdout)
    return found.get("results", found)


def molusce_simulates(clock, simulated):
    """One step of MOLUSCE; returns how many cells the map has."""
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    from molusce.algorithms.dataprovider import Raster
    from molusce.algorithms.models.crosstabs.manager import CrossTableManager
    from molusce.algorithms.models.area_analysis.manager import AreaAnalyst
    from molusce.algorithms.models.mlp.manager import MlpManager
    from molusce.algorithms.models.simulator.sim import Simulator

    first, second = Raster(MAPS[1985]), Raster(MAPS[1991])
    drivers = [Raster(path) for path in DRIVERS]
    crosstable = CrossTableManager(first, second)
    crosstable.computeCrosstable()
    analyst = AreaAnalyst(first, second)
    changes = analyst.getChangeMap()
    model = MlpManager(ns=1)
    model.createMlp(first, drivers, changes, [13])
    model.setTrainingData(first, drivers, changes, mode="Random", samples=1000)
    clock("train", lambda: model.train(100, valPercent=20, lrate=0.001, momentum=0.001))
    simulator = Simulator(second, drivers, model, crosstable)
    simulator.setIterationCount(1)
    clock("simulate", simulator.simN)
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
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        theirs, ours = Clock(), Clock()
        cells = molusce_simulates(theirs, str(folder / "molusce.tif"))
        suitability, demand, simulated = folder / "suitability.tif", folder / "demand.csv", folder / "simulated.tif"
        # Two threads, as many as MOLUSCE could use; and everything from files to files, as a user runs it.
        ours("train", lambda: run(command, "suitability", "--land-cover", MAPS[1991], "--drivers", *DRIVERS, "--hidden", 13, "--suitability",
                                  suitability, "--permutations", 0))
        run(command, "land-demand", "--first", MAPS[1985], "--second", MAPS[1991], "--years", "1985,1991", "--target-years", "1997", "--demand",
            demand)
        ours("simulate", lambda: run(command, "flus", "--land-cover", MAPS[1991], "--suitability", suitability, "--demand", demand,
                                     "--simulated", simulated))
        print(f"{cells} cells")
        for title, clock, result in (("MOLUSCE", theirs, folder / "molusce.tif"), ("ours", ours, simulated)):
            found = run(command, "simulation-accuracy", "--initial", MAPS[1991], "--observed", MAPS[1999], "--simulated", result,
                        "--resolutions", 1)
            print(f"{title:8} training (ours: and prediction) {clock.seconds['train']:8.2f} s, simulation (MOLUSCE: and prediction) "
                  f"{clock.seconds['simulate']:8.2f} s, {1e6 * clock.seconds['simulate'] / cells:8.3f} microseconds a cell, "
                  f"figure of merit {found['FIGURE_OF_MERIT']:.4f}, quantity {found['QUANTITY_DISAGREEMENT']:.5f}")
        total = {clock: sum(clock.seconds.values()) for clock in (theirs, ours)}
        print(f"ratio: simulation {theirs.seconds['simulate'] / ours.seconds['simulate']:.0f}, all {total[theirs] / total[ours]:.0f}")


if __name__ == "__main__":
    main()
