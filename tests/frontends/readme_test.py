#!/usr/bin/python3
# Land Carbon Toolbox: runs the commands and snippets of README.md as a newcomer types them, in the order of the page.
# SPDX-License-Identifier: GPL-2.0-or-later
"""LANDCARBON_COMMAND and LANDCARBON_PLUGINS name what was built, LANDCARBON_SOURCE the repository. The commands run in a folder
that looks like the repository after tools/build. R is tried where it has the package qgisprocess."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

COMMAND = pathlib.Path(os.environ["LANDCARBON_COMMAND"])
SOURCE = pathlib.Path(os.environ["LANDCARBON_SOURCE"])
PLUGINS = pathlib.Path(os.environ["LANDCARBON_PLUGINS"])


def blocks(language, path="README.md"):
    text = (SOURCE / path).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


class Readme(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="landcarbon readme ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name) / "repository"
        (self.folder / "build" / "bin").mkdir(parents=True)
        (self.folder / "build" / "bin" / "landcarbon").symlink_to(COMMAND)
        (self.folder / "build" / "qgis").symlink_to(PLUGINS)
        (self.folder / "metadata").symlink_to(SOURCE / "metadata")
        home = pathlib.Path(folder.name) / "home"
        home.mkdir(mode=0o700)
        # As after login on a machine without a display, with a home of its own.
        self.environment = {name: value for name, value in os.environ.items()
                            if name not in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "QGIS_PLUGINPATH")}
        self.environment.update(HOME=str(home), XDG_RUNTIME_DIR=str(home), XDG_CONFIG_HOME=str(home / ".config"),
                                XDG_DATA_HOME=str(home / ".local"), XDG_CACHE_HOME=str(home / ".cache"))

    def runs(self, words, text=None):
        run = subprocess.run(words, input=text, cwd=self.folder, env=self.environment, timeout=500, capture_output=True,
                             text=True, encoding="utf-8")
        self.assertEqual(run.returncode, 0, f"{words}\n{text}\n{run.stdout[-2000:]}\n{run.stderr[-4000:]}")
        return run.stdout

    def use(self):
        """The shell blocks that do not build: set-up first. Each line must succeed, as each line is typed."""
        return [block for block in blocks("sh") if not re.match(r"tools/(demo|build|test)\n", block)]

    def test_commands_run_as_typed(self):
        shell = self.use()
        self.assertIn("QGIS_PLUGINPATH", shell[0])
        self.assertGreater(len(shell), 2)
        printed = self.runs(["bash", "-e", "-o", "pipefail"], "\n".join(shell))
        for name in ("transitions.csv", "change.html", "storage.tif", "storage_by_qgis.tif"):
            self.assertGreater((self.folder / name).stat().st_size, 100, name)
        self.assertEqual((self.folder / "storage.tif").read_bytes(), (self.folder / "storage_by_qgis.tif").read_bytes())
        self.assertIn('"TOTAL_STORAGE_T"', printed)

    def test_python_snippet_runs_in_a_fresh_interpreter(self):
        self.assertEqual(len(blocks("python")), 1)
        (self.folder / "snippet.py").write_text(blocks("python")[0])
        printed = self.runs(["bash", "-e"], self.use()[0] + "\n/usr/bin/python3 snippet.py\n")
        self.assertAlmostEqual(float(printed.split()[-1]), 7983247.8, delta=1)

    def test_r_snippet_runs(self):
        program = shutil.which("Rscript")
        if not program:
            self.skipTest("R is not installed")
        # The packages of whoever runs this, whose home is another one here.
        self.environment["R_LIBS"] = subprocess.run([program, "-e", "cat(.libPaths(), sep = ':')"], capture_output=True,
                                                    text=True, check=True).stdout
        library = subprocess.run([program, "-e", "library(qgisprocess)"], capture_output=True, env=self.environment,
                                 cwd=self.folder)
        if library.returncode != 0:
            self.skipTest("R has no package qgisprocess")
        (self.folder / "snippet.R").write_text(blocks("r")[0])
        printed = self.runs(["bash", "-e"], self.use()[0] + "\nRscript snippet.R\n")
        self.assertEqual(printed.split()[-1], "4155")
        self.assertGreater((self.folder / "transitions.csv").stat().st_size, 100)

    def test_demo_makes_the_budget(self):
        if COMMAND != SOURCE / "build" / "bin" / "landcarbon":
            self.skipTest("tools/demo works in the folder build")
        self.assertEqual(blocks("sh")[0], "tools/demo\n")
        run = subprocess.run([SOURCE / "tools" / "demo", "--out", str(self.folder / "results")], cwd=SOURCE,
                             env=self.environment, timeout=550, capture_output=True, text=True, encoding="utf-8")
        self.assertEqual(run.returncode, 0, run.stdout[-2000:] + run.stderr[-2000:])
        for kind in ("*.tif", "*.csv", "*.html"):
            self.assertTrue(list((self.folder / "results").glob(kind)), kind)

    def test_examples_of_models_run(self):
        for page in sorted((SOURCE / "docs" / "models").glob("*.md")):
            if page.stem == "index":
                continue
            with self.subTest(page.stem):
                text = page.read_text(encoding="utf-8")
                example = re.search(r"^## Example\n\n((?:    .*\n)+)", text, re.MULTILINE).group(1)
                lines = re.sub(r"^    ", "", example, flags=re.MULTILINE).replace("qgis_process run", "$qgis_process run")
                find = "qgis_process=$(command -v qgis_process.bin qgis_process | head -n 1)\n$qgis_process plugins enable landcarbon"
                self.assertIn(find, "".join(blocks("sh")))
                # QGIS calls it a failure when the plugin is enabled already.
                self.runs(["bash", "-e"], self.use()[0] + "\n" + find + " || true\n" + lines)
                for name in re.findall(r"=(\S+\.(?:tif|csv|gpkg|html))\"", lines):
                    self.assertGreater((self.folder / name).stat().st_size, 100, name)

    def test_pictures_and_folders_are_there(self):
        text = (SOURCE / "README.md").read_text(encoding="utf-8")
        self.assertNotRegex(text, r"TIME_|build/plugins")
        for target in re.findall(r"!\[.*?\]\((.*?)\)", text):
            self.assertGreater((SOURCE / target).stat().st_size, 1000)


if __name__ == "__main__":
    unittest.main()
