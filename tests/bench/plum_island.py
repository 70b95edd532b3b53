#!/usr/bin/python3
# Land Carbon Toolbox: how well the chain of land simulation predicts a real change: Plum Island, 1985 and 1991 to 1999.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Usage: plum_island.py [COMMAND] [SEEDS] [TRAININGS] [WORD]

Predicts the land cover of 1999 from the maps of 1985 and 1991 and three drivers (elevation, slope, distance to built land),
under the demand that was observed, with several suitabilities, and prints the figure of merit over SEEDS (20) seeds of FLUS
with roulette and with the likeliest cells, each with TRAININGS (1) suitabilities learned from other seeds; only those whose name
holds WORD. Only 4.2 % of the cells change, so figures are small.

Baselines under the same demand: cells drawn at random 0.019; the neural network of MOLUSCE 0.028; a logistic regression of
the changes with the likeliest cells taken 0.033. Without the data (../shared/data/plum_island) it ends with code 77."""

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build" / "bin" / "landcarbon")
SEEDS = int(sys.argv[2]) if len(sys.argv) > 2 else 20
TRAININGS = int(sys.argv[3]) if len(sys.argv) > 3 else 1
WORD = sys.argv[4] if len(sys.argv) > 4 else ""
DATA = ROOT.parent / "shared" / "data" / "plum_island"
MAPS = {year: str(DATA / f"landcover_{year}.tif") for year in (1985, 1991, 1999)}
DRIVERS = [str(DATA / name) for name in ("elevation_m.tif", "slope_pct.tif", "distance_to_built_1985_m.tif")]
METHODS = {"network": "neural_network", "logistic": "logistic", "forest": "random_forest"}
# Name: maps and options of the suitability. Growth is learned from 1985 to 1991.
GROWTH = ["--land-cover", MAPS[1985], "--later-land-cover", MAPS[1991], "--sampling", "proportional", "--samples", "200000"]
NEAR = ["--neighbourhoods", "1,3,8"]
OWN = ["--present-class"]
SUITABILITIES = {"presence, " + name: ["--land-cover", MAPS[1991], "--method", method] for name, method in METHODS.items()}
SUITABILITIES.update({f"presence, neighbours, {name}": ["--land-cover", MAPS[1991], "--method", method] + NEAR
                      for name, method in METHODS.items()})
for label, words in (("growth", []), ("growth by class", OWN), ("growth, neighbours", NEAR),
                     ("growth by class, neighbours", NEAR + OWN)):
    SUITABILITIES.update({f"{label}, {name}": GROWTH + words + ["--method", method] for name, method in METHODS.items()})


def run(algorithm, *words):
    """Runs an algorithm and returns its numbers."""
    done = subprocess.run([COMMAND, algorithm, "--json", "--overwrite", *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"ERROR: {algorithm} {' '.join(map(str, words))}\n{done.stderr}")
    found = json.loads(done.stdout)
    return found.get("results", found)


def main():
    if not DATA.is_dir():
        print(f"skipped: there is no {DATA}")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        # The demand that was observed, as cells of 1999 by class.
        classes = folder / "classes.csv"
        still = run("simulation-accuracy", "--observed", MAPS[1999], "--simulated", MAPS[1991], "--by-class", classes)
        lines = [line.split(",") for line in classes.read_text().splitlines()]
        place = {title: i for i, title in enumerate(lines[0])}
        demand = folder / "observed.csv"
        demand.write_text("class,cells\n" + "".join(
            f"{line[place['class']]},{line[place['observed_cells']]}\n" for line in lines[1:]))
        print(f"no change: overall accuracy {still['OA']:.4f}; baselines of the figure of merit: random 0.019, "
              "network of MOLUSCE 0.028, logistic and likeliest 0.033\n")
        markov = run("land-demand", "--first", MAPS[1985], "--second", MAPS[1991], "--years", "1985,1991",
                     "--target-years", "1999", "--demand", folder / "markov.csv")
        print(f"Markov demand: net change {markov['NET_CHANGE_SHARE']:.4f} of the cells\n")
        print(f"{'suitability':38}{'AUC':>7}  {'allocation':12}{'figure of merit, mean':>22}{'sd':>9}{'lowest':>9}{'highest':>9}"
              f"{'quantity':>10}{'accuracy':>10}")
        for suitability, words in SUITABILITIES.items():
            if WORD not in suitability:
                continue
            rasters, areas = [], []
            for training in range(1, TRAININGS + 1):
                rasters.append(folder / f"suitability_{training}.tif")
                areas.append(run("suitability", *words, "--drivers", *DRIVERS, "--suitability", rasters[-1], "--permutations", 0,
                                 "--seed", training)["MEAN_AUC"])
            for allocation in ("roulette", "likeliest"):
                merits, quantities, accuracies = [], [], []
                for raster in rasters:
                    for seed in range(1, SEEDS + 1):
                        simulated = folder / "simulated.tif"
                        run("flus", "--land-cover", MAPS[1991], "--suitability", raster, "--demand", demand, "--allocation",
                            allocation, "--seed", seed, "--simulated", simulated)
                        found = run("simulation-accuracy", "--initial", MAPS[1991], "--observed", MAPS[1999], "--simulated",
                                    simulated, "--resolutions", 1)
                        merits.append(found["FIGURE_OF_MERIT"])
                        quantities.append(found["QUANTITY_DISAGREEMENT"])
                        accuracies.append(found["OA"])
                spread = statistics.stdev(merits) if len(merits) > 1 else 0
                print(f"{suitability:38}{statistics.mean(areas):7.3f}  {allocation:12}{statistics.mean(merits):22.4f}"
                      f"{spread:9.4f}{min(merits):9.4f}{max(merits):9.4f}{max(quantities):10.5f}"
                      f"{statistics.mean(accuracies):10.4f}", flush=True)


main()
