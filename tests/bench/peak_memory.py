# Land Carbon Toolbox: the peak memory of each algorithm beside MEMORY, on large inputs.
# SPDX-License-Identifier: GPL-2.0-or-later
"""peak_memory.py [--command FILE] [--memory MIB] [--only WORDS]

Runs each algorithm with MEMORY and two threads on inputs of 2500 x 2500 cells (400 x 256 x 256 and more for series),
or of 200,000 rows, and tells the largest resident memory of the process in MiB. Uses the inputs of cancel.py and
tables of its own. Prints a Markdown table. The program alone takes some 60 MiB."""
import argparse
import json
import math
import os
import pathlib
import subprocess
import sys
import threading

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--command", default="")
parser.add_argument("--memory", type=int, default=512)
parser.add_argument("--only", default="")
parser.add_argument("--limit", type=float, default=60)
arguments = parser.parse_args()
sys.argv = [sys.argv[0]] + (["--command", arguments.command] if arguments.command else [])
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import cancel  # noqa: E402  (its inputs and calls)


def run(words):
    """Ends a run that takes too long; what it used until then is told."""
    process = subprocess.Popen([cancel.arguments.command, *words.split(), "--quiet", "--overwrite", "--threads", "2"],
                               cwd=cancel.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    timer = threading.Timer(arguments.limit, process.kill)
    timer.start()
    said = process.stderr.read().decode().strip()
    _, status, usage = os.wait4(process.pid, 0)
    timer.cancel()
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss / 1024, said


def prepare():
    """Inputs of cancel.py, and panels of 10,000 units over 20 years."""
    cancel.prepare()
    rows = cancel.random.random((200000, 6)).round(5) * 100 + 1
    cancel.table("panel.csv", "unit,year,a,b,c,d,e,sink",
                 ([f"u{i // 20}", 2001 + i % 20, *row] for i, row in enumerate(rows)))
    subprocess.run([cancel.arguments.command, "carbon-coefficients", "--coefficients", "coefficients.csv", "-q"],
                   cwd=cancel.folder, check=True)
    cancel.table("counties.csv", "unit,year,area_ha,raw_coal,fertiliser,rice_area,population",
                 ([f"u{i // 20}", 2001 + i % 20, *row[:5]] for i, row in enumerate(rows)))
    ring = 100  # points of a county's outline
    with open(cancel.folder / "counties.geojson", "w") as file:
        file.write('{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32649"}},'
                   '"features":[')
        for i in range(10000):
            x, y = 500000 + i % 100 * 1000, 4000000 - i // 100 * 1000
            points = [[round(x + 400 * math.cos(2 * math.pi * k / ring), 3), round(y + 400 * math.sin(2 * math.pi * k / ring), 3)]
                      for k in [*range(ring), 0]]
            file.write(("," if i else "") + json.dumps({"type": "Feature", "properties": {"unit": f"u{i}", "cep": 1 + i % 5,
                       "cli": i % 97 / 97}, "geometry": {"type": "Polygon", "coordinates": [points]}}))
        file.write("]}")
    quantities = ("cs_t", "nce_t", "ce_t", "ecc", "esc", "cf_ha", "ec_ha", "ed_ha")
    cancel.table("zoning.csv", "unit,quantity,z", ([f"u{i // 8}", quantities[i % 8], round(float(rows[i, 0]) / 10 - 5, 3)]
                                                    for i in range(80000)))
    cancel.table("national.csv", "class,name,c_soil_national,below_to_above",
                 ([c, f"class {c}", 100 + c % 50, 0.3] for c in range(1, 60001)))
    cancel.table("paths.csv", "scenario,period,a_growth,b_growth,c_growth",
                 ([name, "2020-2060", 0.01, 0.01, 0.01] for name in ("low", "high")))
    subprocess.run([cancel.arguments.command, "stirpat", "--data", "panel.csv", "--response", "e", "--drivers", "a,b,c",
                    "--model", "model.json", "-q"], cwd=cancel.folder, check=True)


CALLS = {
    "carbon-density-correction, 60,000 rows": "carbon-density-correction --pools national.csv --method factor --factor 1.1 --corrected-pools o.csv --report o.html",
    "carbon-indices, 200,000 rows": "carbon-indices --units counties.csv --coefficients coefficients.csv --unit-field unit --year-field year --indices o.csv --report o.html",
    "stirpat, 200,000 rows": "stirpat --data panel.csv --response e --drivers a,b,c,d --coefficients o.csv --report o.html",
    "stirpat-scenarios, 10,000 units": "stirpat-scenarios --model model.json --base panel.csv --unit-field unit --year-field year --scenarios paths.csv --sink sink --milestones o.csv --report o.html",
    "carbon-zoning, 10,000 units": "carbon-zoning --units counties.geojson --trends zoning.csv --unit-field unit --zoned o.gpkg --summary o.csv --report o.html",
    "coefficient-table": "coefficient-table --table beibu_carbon_pools --coefficients o.csv",
    "carbon-coefficients": "carbon-coefficients --coefficients o.csv",
}


def prepare_elsewhere():
    """In a process of its own: a program that this one starts is charged with the memory this one has."""
    child = os.fork()
    if child == 0:
        try:
            prepare()
        except BaseException as fault:
            print(fault, file=sys.stderr)
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit("the inputs could not be made")


try:
    prepare_elsewhere()
    print(f"| algorithm | MEMORY (MiB) | peak (MiB) | |\n|---|---|---|---|")
    for name, words in {**cancel.CALLS, **CALLS}.items():
        if arguments.only and not any(part in name for part in arguments.only.split(",")):
            continue
        if "--memory" not in words:
            words += f" --memory {arguments.memory}"
        memory = words.split("--memory ")[1].split()[0]
        code, peak, said = run(words)
        note = "" if code == 0 else "ended after the limit" if code < 0 else said[:90]
        print(f"| {name} | {memory} | {peak:.0f} | {note} |", flush=True)
finally:
    cancel.shutil.rmtree(cancel.folder, ignore_errors=True)
