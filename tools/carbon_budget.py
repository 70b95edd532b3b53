#!/usr/bin/python3
# Land Carbon Toolbox: runs the model "Carbon budget" through qgis_process and tells what came out. Part of tools/demo.
# SPDX-License-Identifier: GPL-2.0-or-later
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
SAMPLE = ROOT / "metadata" / "sample"
MODEL = "landcarbon:carbonbudget"
ENDINGS = {"rasterDestination": ".tif", "vectorDestination": ".csv", "fileDestination": ".html"}
TABLE = 5  # QGIS's number for layers that need no geometry
KINDS = (("Maps", ".tif"), ("Zones", ".gpkg"), ("Tables", ".csv"), ("Reports, to be opened in a browser", ".html"))
OPTIONS = ("years", "pools", "factors", "classes", "zones")


def fail(text):
    sys.exit(f"ERROR: {text}")


class Parser(argparse.ArgumentParser):
    def error(self, message):
        fail(f"{message}\nSee tools/demo --help.")


def existing(parser, option, path):
    """The absolute path of a file that must be there."""
    if not os.path.isfile(path):
        parser.error(f"{option}: there is no file {path}")
    return os.path.abspath(path)


def arguments():
    parser = Parser(prog="tools/demo", allow_abbrev=False, add_help=False)
    parser.add_argument("--maps", nargs="+", metavar="MAP")
    parser.add_argument("--pools")
    parser.add_argument("--factors")
    parser.add_argument("--years", default="")
    parser.add_argument("--classes")
    parser.add_argument("--zones")
    parser.add_argument("--out", default=str(BUILD / "demo" / "results"))
    parser.add_argument("--check-only", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.maps is None:
        if any(getattr(given, option) for option in OPTIONS):
            parser.error("--years, --pools, --factors, --classes and --zones belong to --maps")
        maps = sorted(SAMPLE.glob("landcover_*.tif"))
        given.maps = [str(path) for path in maps]
        given.years = ",".join(re.findall(r"\d+", path.stem)[-1] for path in maps)
        given.pools, given.factors, given.classes, given.zones = (
            str(SAMPLE / name) for name in ("pools.csv", "factors.csv", "classes.csv", "zones.geojson"))
    if len(given.maps) < 2:
        parser.error("--maps: a budget over time needs two maps at least")
    if given.years and len(given.years.split(",")) != len(given.maps):
        parser.error(f"--years: {given.years} does not give one year for each of the {len(given.maps)} maps")
    for option in ("pools", "factors"):
        if not getattr(given, option):
            parser.error(f"--{option}: your own maps need a table of your own")
    given.maps = [existing(parser, "--maps", path) for path in given.maps]
    for option in OPTIONS[1:]:
        path = getattr(given, option)
        if path:
            setattr(given, option, existing(parser, f"--{option}", path))
    if os.path.exists(given.out) and not os.path.isdir(given.out):
        parser.error(f"--out: {given.out} is not a folder")
    return given


def qgis(*words):
    """Runs qgis_process with the private profile; returns its standard output, or ends with its error."""
    home = BUILD / "demo"
    home.mkdir(parents=True, exist_ok=True)
    environment = dict(
        os.environ, HOME=str(home / "home"), QGIS_CUSTOM_CONFIG_PATH=str(home / "profile"),
        QGIS_PLUGINPATH=str(BUILD / "qgis"), QT_QPA_PLATFORM="offscreen", PYTHONWARNINGS="ignore")
    for folder in ("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        environment[folder] = environment["HOME"]
    os.makedirs(environment["HOME"], mode=0o700, exist_ok=True)
    # Debian 12's wrapper `qgis_process` passes an option that the program refuses; the program itself is beside it.
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process") or fail("qgis_process is not installed")
    run = subprocess.run([program, *words], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if run.returncode != 0:
        noise = re.compile(r"^(QStandardPaths|Problem with GRASS|qt\.|Warning 1: )")
        lines = [line for line in run.stderr.splitlines() if line.strip() and not noise.match(line)]
        fail("qgis_process " + " ".join(words[:3]) + " failed:\n" + "\n".join(dict.fromkeys(lines)))
    return run.stdout


def destinations(folder, with_zones):
    """The model's outputs as {name: (title, path)}. A name is like `change:Change map`, a step and an output."""
    described = json.loads(qgis("--json", "help", MODEL))
    found = {}
    for name, parameter in described["parameters"].items():
        if parameter["is_destination"]:
            ending = ENDINGS[parameter["type"]["id"]]
            if ending == ".csv" and with_zones and parameter["raw_definition"].get("data_type") != TABLE:
                ending = ".gpkg"
            stem = re.sub(r"[^a-z0-9]+", "_", name.split(":")[-1].lower()).strip("_")
            found[name] = (parameter["description"], os.path.join(folder, stem + ending))
    return found


def number_text(value):
    """A number with thousands separated, and no more digits than are read."""
    if isinstance(value, str):
        return value.replace("_", " ")
    return f"{value:,.4g}" if abs(value) < 100 else f"{value:,.0f}"


def record_of(path):
    """The record of the run that the toolbox writes beside each of its outputs."""
    return Path(path + ".json")


def print_numbers(outputs):
    """The headline numbers of every step: a model's own results are files only."""
    command = subprocess.run([BUILD / "bin" / "landcarbon", "--json-usage"], capture_output=True, text=True, check=True)
    described = {spec["algorithm"]: spec for spec in json.loads(command.stdout)}
    told = set()
    for _, path in outputs:
        text = record_of(path).read_text(encoding="utf-8")
        record = json.loads(text)
        # All outputs of one step carry the same record.
        if text in told or not record.get("results"):
            continue
        told.add(text)
        spec = described[record["algorithm"]]
        maps = [Path(entry["path"]).name for entry in record["inputs"] if entry["path"].endswith(".tif")]
        print(f"\n{spec['name']} ({', '.join(maps)})")
        known = {output["id"].upper(): output for output in spec["outputs"]}
        for name, value in record["results"].items():
            output = known.get(name, {})
            print(f"  {output.get('label', name):<44} {number_text(value):>18} {output.get('unit', '')}")


def main():
    given = arguments()
    if given.check_only:
        return
    folder = os.path.abspath(given.out)
    os.makedirs(folder, exist_ok=True)
    # Enabling it twice is an error in some versions of QGIS.
    if "* landcarbon" not in qgis("plugins"):
        qgis("plugins", "enable", "landcarbon")
    outputs = destinations(folder, given.zones)
    first, *between, last = given.maps
    words = [f"--FIRST_MAP={first}", *(f"--MAPS_BETWEEN={path}" for path in between), f"--LAST_MAP={last}"]
    for name in ("years", "pools", "factors", "classes"):
        if getattr(given, name):
            words.append(f"--{name.upper()}={getattr(given, name)}")
    words += [f"--{name}={path}" for name, (_, path) in outputs.items()]
    print(f"Carbon budget of {len(given.maps)} maps, run by QGIS ...", flush=True)
    made = json.loads(qgis("--json", "run", MODEL, *words))["results"]
    outputs = [(title, path) for name, (title, path) in outputs.items() if name in made]
    missing = [path for _, path in outputs if not os.path.exists(path)]
    if missing or not outputs:
        fail("the model ended without an error, but these are missing: " + (", ".join(missing) or "all outputs"))
    outputs.sort(key=lambda output: record_of(output[1]).stat().st_mtime_ns)  # step after step
    print_numbers(outputs)
    print(f"\nAll files are in {folder}")
    for heading, ending in KINDS:
        files = [(title, os.path.basename(path)) for title, path in outputs if path.endswith(ending)]
        if files:
            print(f"\n{heading}")
        for title, name in files:
            print(f"  {title:<44} {name}")


main()
