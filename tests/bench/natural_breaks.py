#!/usr/bin/env python3
# Land Carbon Toolbox: natural breaks beside other programs: processor time of one core, smallest of several runs.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Ours is the benchmark natural_breaks of landcarbon_bench. Yardsticks that are not installed are left out:
mapclassify and jenkspy (Python packages), classInt (R). All find 12 classes of log-normal values, all distinct."""

import argparse
import json
import random
import shutil
import subprocess
import tempfile
import time
import warnings

CLASSES = 12


def ours(build, count):
    text = subprocess.check_output(
        [f"{build}/bin/landcarbon_bench", f"--benchmark_filter=^natural_breaks/values:{count}/classes:{CLASSES}$",
         "--benchmark_repetitions=3", "--benchmark_format=json"], stderr=subprocess.DEVNULL, text=True)
    runs = json.loads(text)["benchmarks"]
    return min(run["cpu_time"] for run in runs if run["run_type"] == "iteration") / 1000


def python_package(name, values, repetitions):
    try:
        package = __import__(name)
        import numpy
    except ImportError:
        return None
    warnings.simplefilter("ignore")
    values = numpy.array(values)
    run = (lambda v: package.FisherJenks(v, k=CLASSES)) if name == "mapclassify" else \
        (lambda v: package.jenks_breaks(v, n_classes=CLASSES))
    run(values[:100])  # compiles what is compiled at the first call
    times = []
    for _ in range(repetitions):
        start = time.process_time()
        run(values)
        times.append(time.process_time() - start)
    return min(times)


def class_int(values, repetitions):
    if not shutil.which("Rscript"):
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(map(repr, values)))
        file.flush()
        script = f"""if (!requireNamespace("classInt", quietly = TRUE)) quit(status = 1)
            v <- scan("{file.name}", quiet = TRUE)
            cat(min(replicate({repetitions}, system.time(
                classInt::classIntervals(v, {CLASSES}, style = "fisher", largeN = 1e9))[["user.self"]])))"""
        result = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True)
        return float(result.stdout) if result.returncode == 0 else None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", help="build folder with landcarbon_bench")
    parser.add_argument("--repetitions", type=int, default=3)
    arguments = parser.parse_args()
    for count in (20000, 50000):
        random.seed(1)
        values = [random.lognormvariate(0, 1) for _ in range(count)]
        base = ours(arguments.build, count)
        print(f"{count} values: ours {base:.4f} s")
        for name, seconds in (("classInt", class_int(values, arguments.repetitions)),
                              ("mapclassify", python_package("mapclassify", values, arguments.repetitions)),
                              ("jenkspy", python_package("jenkspy", values, arguments.repetitions))):
            if seconds is not None:
                print(f"  {name} {seconds:.3f} s, {seconds / base:.0f} times as long")


if __name__ == "__main__":
    main()
