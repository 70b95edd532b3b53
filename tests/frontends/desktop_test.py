#!/usr/bin/python3
# Land Carbon Toolbox: what a person meets in QGIS: dialogs, loaded layers with their legends, messages, help, models.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Starts the real QGIS on a display of its own (Xvfb) and plays the scenes of desktop/scenes.py in it, for every
algorithm and every shipped model. LANDCARBON_PLUGINS names the folder that holds the built plugin, LANDCARBON_COMMAND the
command, LANDCARBON_SOURCE the root of the repository. LANDCARBON_SCENES restricts the scenes to those whose names hold
one of its words, for example LANDCARBON_SCENES="landcarbon:trend cancel"."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["LANDCARBON_SOURCE"])
COMMAND = os.environ["LANDCARBON_COMMAND"]
SCRIPTS = pathlib.Path(__file__).resolve().parent / "desktop"
sys.path.insert(0, str(SCRIPTS))
import calls  # noqa: E402
from start import missing, start_qgis  # noqa: E402

ONLY = os.environ.get("LANDCARBON_SCENES", "").split()
SECONDS = 480
FOUND = {}  # scene -> what fell short


def large_raster(path):
    """A map of 3600 million cells in a file of some kilobytes, for runs that are to be cancelled."""
    from osgeo import gdal
    raster = gdal.GetDriverByName("GTiff").Create(path, 60000, 60000, 1, gdal.GDT_Byte, ["SPARSE_OK=YES", "TILED=YES"])
    raster.SetGeoTransform((500000, 1, 0, 4000000, 0, -1))
    raster.SetProjection(gdal.Open(str(SOURCE / "metadata/sample/landcover_1990.tif")).GetProjection())
    raster.GetRasterBand(1).WriteRaster(0, 0, 1, 1, b"\1")


def scenes_with_pictures():
    """The names of the scenes that desktop/pictures.py photographs, which QGIS alone can import."""
    text = (SCRIPTS / "pictures.py").read_text(encoding="utf-8")
    return sorted(set(re.findall(r'"(landcarbon:\w+)": "', text)))


def play(folder, pictures=""):
    """Plays all scenes, in a new QGIS where one ended it; fills FOUND."""
    usage = subprocess.run([COMMAND, "--json-usage"], capture_output=True, text=True, check=True).stdout
    specs = json.loads(usage)
    (folder / "specs.json").write_text(usage, encoding="utf-8")
    work = folder / "examples"
    work.mkdir()
    calls.run_examples(COMMAND, SOURCE, work)
    large_raster(str(folder / "large.tif"))
    results = folder / "results.jsonl"
    task = {"specs": str(folder / "specs.json"), "folder": str(work), "results": str(results), "scripts": str(SCRIPTS),
            "calls": calls.algorithm_calls(specs), "models": calls.model_calls(SOURCE), "only": ONLY, "skip": [],
            "large": str(folder / "large.tif"), "pictures": str(pictures)}
    for _ in range(8):
        results.touch()
        log = start_qgis(SCRIPTS / "scenes.py", folder / "home", os.environ["LANDCARBON_PLUGINS"], task, SECONDS)
        lines = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
        begun = [line["begins"] for line in lines if "begins" in line]
        for line in lines:
            if "scene" in line:
                FOUND[line["scene"]] = line["problems"]
                print(f"{line['seconds']:7.2f} s  {line['scene']}", file=sys.stderr)
        broke = [line["broke"] for line in lines if "broke" in line]
        if any("end" in line for line in lines):
            return
        if not begun and not broke:
            print("QGIS did not start; once more\n" + log[-400:], file=sys.stderr)
            continue
        if broke or begun[-1] in FOUND:
            raise RuntimeError("QGIS did not get to its end:\n" + "\n".join(broke) + log[-3000:])
        FOUND[begun[-1]] = ["QGIS ended or hung in this scene:\n" + log[-2500:]]
        task["skip"] = list(FOUND)
        results.unlink()
    raise RuntimeError(f"QGIS ended eight times: {FOUND}\n{log[-3000:]}")


def setUpModule():
    if missing():
        raise unittest.SkipTest("not installed: " + ", ".join(missing()))
    with tempfile.TemporaryDirectory(prefix="landcarbon desktop ", ignore_cleanup_errors=True) as folder:
        play(pathlib.Path(folder))


class Desktop(unittest.TestCase):
    def assert_scenes(self, kind):
        names = [name for name in FOUND if name.split()[0] == kind]
        self.assertTrue(names or ONLY, f"no scene \"{kind}\" was played")
        for name in names:
            with self.subTest(name):
                if FOUND[name]:
                    self.fail("\n  " + "\n  ".join(text[:1500] for text in FOUND[name]))

    def test_every_algorithm_and_model_has_its_scenes(self):
        listed = {spec["algorithm"] for spec in
                  json.loads(subprocess.run([COMMAND, "--json-usage"], capture_output=True, check=True).stdout)}
        models = {"landcarbon:" + path.stem.replace("_", "") for path in (SOURCE / "metadata/models").glob("*.model3")}
        wanted = {f"{kind} {name}" for kind, names in (("dialog", listed), ("run", listed), ("model", models),
                                                        ("designer", models)) for name in names}
        if not ONLY:
            self.assertEqual(wanted - set(FOUND), set())

    def test_dialogs_open_with_defaults_ranges_choices_and_help(self):
        self.assert_scenes("dialog")

    def test_runs_load_styled_layers_in_order(self):
        self.assert_scenes("run")

    def test_cancel(self):
        self.assert_scenes("cancel")

    def test_second_runs(self):
        self.assert_scenes("again")

    def test_what_dialogs_begin_with(self):
        self.assert_scenes("guess")

    def test_models_load_what_tells_their_story(self):
        self.assert_scenes("model")

    def test_models_can_be_edited(self):
        self.assert_scenes("designer")


if __name__ == "__main__":
    unittest.main()
