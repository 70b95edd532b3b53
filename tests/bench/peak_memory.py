# Land Carbon Toolbox: the peak memory of each algorithm beside MEMORY, on large inputs.
# SPDX-License-Identifier: GPL-2.0-or-later
"""peak_memory.py [--command FILE] [--memory MIB] [--only WORDS]

Runs each algorithm with MEMORY and two threads on inputs a hundred times as large as the sample's, and tells the
largest resident memory of the process in MiB. Uses the inputs of cancel.py. Prints a Markdown table."""
import argparse
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
sys.argv = [sys.argv[0]] + (["--command", arguments.command] if arguments.command else []) + ["--only", "nothing"]
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


cancel.folder.mkdir(exist_ok=True)
try:
    cancel.prepare()
    cancel.shutil.copy(cancel.folder / "later.tif", cancel.folder / "many_c.tif")
    print(f"| algorithm | MEMORY (MiB) | peak (MiB) | |\n|---|---|---|---|")
    for name, words in cancel.CALLS.items():
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
