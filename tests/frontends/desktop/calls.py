# Land Carbon Toolbox: valid calls of every algorithm and model, taken from the examples of the manual.
# SPDX-License-Identifier: GPL-2.0-or-later
import pathlib
import re
import shlex
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from examples_test import examples  # noqa: E402


def run_examples(command, source, folder):
    """Runs all examples in `folder`, so that every file that one of them reads is there."""
    for name in ("metadata", "tests"):
        (pathlib.Path(folder) / name).symlink_to(pathlib.Path(source) / name)
    lines = [words for _, page in examples() for words in page]
    while lines:
        left = [words for words in lines
                if subprocess.run([command, *words[1:], "--quiet", "--overwrite"], cwd=folder, capture_output=True,
                                  check=False).returncode != 0]
        if len(left) == len(lines):  # examples_test.py tells why; here the scenes that need their results fail
            return
        lines = left


def call_of(spec, words):
    """An example as ({parameter: texts}, {output parameters that it names})."""
    by_option = {argument["option"]: argument for argument in spec["inputs"] + spec["outputs"]}
    inputs, outputs = {}, set()
    parameter = None
    for word in words:
        argument = by_option.get(word.split("=")[0]) if word.startswith("--") else None
        if argument:
            parameter = argument["parameter"]
            if argument in spec["outputs"]:
                outputs.add(parameter)
                parameter = None
            else:
                inputs[parameter] = word.split("=", 1)[1:]
                if argument["kind"] == "flag":
                    inputs[parameter], parameter = ["true"], None
        elif parameter:
            inputs[parameter].append(word)
    return inputs, sorted(outputs)


def algorithm_calls(specs):
    """For each algorithm the last example of it on its own page: {algorithm: call}."""
    pages = dict(examples())
    calls = {}
    for spec in specs:
        lines = [words for words in pages[spec["id"]] if words[1] == spec["command"]]
        calls[spec["algorithm"]] = call_of(spec, lines[-1][2:])
    return calls


def model_calls(source):
    """For each shipped model the example of its page: {model: {parameter: texts}}."""
    calls = {}
    for page in sorted((pathlib.Path(source) / "docs" / "models").glob("*.md")):
        text = re.sub(r"\\\n\s*", " ", page.read_text(encoding="utf-8"))
        for line in re.findall(r"^    (qgis_process run landcarbon:.*)$", text, re.MULTILINE):
            words = shlex.split(line)
            pairs = [word[2:].split("=", 1) for word in words[3:]]
            calls[words[2]] = {name: value.split(";") for name, value in pairs if ":" not in name}
    return calls
