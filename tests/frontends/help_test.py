#!/usr/bin/python3
# Land Carbon Toolbox: tests the help pages that the QGIS plugin brings: one for each algorithm and model, whole, offline.
# SPDX-License-Identifier: GPL-2.0-or-later
"""LANDCARBON_COMMAND names the command, LANDCARBON_SOURCE the repository. Skipped where python3-markdown is missing, as on
systems that build the command alone."""

import html.parser
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

COMMAND = os.environ["LANDCARBON_COMMAND"]
SOURCE = pathlib.Path(os.environ["LANDCARBON_SOURCE"])
TOOL = SOURCE / "tools" / "help-pages"
sys.dont_write_bytecode = True


def load_tool():
    loader = importlib.machinery.SourceFileLoader("help_pages", str(TOOL))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("help_pages", loader))
    loader.exec_module(module)
    return module


class Page(html.parser.HTMLParser):
    """Links, pictures, anchors and tags of one page; `open_tags` is empty where all that was opened is closed."""

    def __init__(self, text):
        super().__init__()
        self.links, self.pictures, self.anchors, self.tags, self.open_tags, self.text = [], [], set(), set(), [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags.add(tag)
        if "id" in values:
            self.anchors.add(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "img":
            self.pictures.append((values["src"], values.get("alt", "")))
        if tag not in ("meta", "img", "br", "hr"):
            self.open_tags.append(tag)

    def handle_endtag(self, tag):
        if not self.open_tags or self.open_tags.pop() != tag:
            raise AssertionError(f"</{tag}> closes nothing, at {self.getpos()}")

    def handle_data(self, data):
        self.text += data


class HelpPages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="landcarbon help ")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name) / "help"
        subprocess.run([sys.executable, str(TOOL), str(cls.folder)], check=True)
        cls.pages = {path.name: Page(path.read_text(encoding="utf-8")) for path in cls.folder.glob("*.html")}

    def test_each_algorithm_and_each_model_has_a_page_with_a_picture(self):
        usage = subprocess.run([COMMAND, "--json-usage"], capture_output=True, text=True, encoding="utf-8", check=True)
        names = {spec["algorithm"].split(":")[1]: spec["name"] for spec in json.loads(usage.stdout)}
        for path in (SOURCE / "metadata" / "models").glob("*.model3"):
            names[path.stem.replace("_", "")] = ""
        for name, title in names.items():
            with self.subTest(name):
                page = self.pages[f"{name}.html"]
                self.assertIn(title, page.text)
                self.assertTrue(page.pictures)
                for target, words in page.pictures:
                    self.assertGreater((self.folder / target).stat().st_size, 1000)
                    self.assertGreater(len(words), 10, "a picture without words for those who cannot see it")
                self.assertIn(f"{name}.html", self.pages["index.html"].links + self.pages["models.html"].links)

    def test_links_lead_to_pages_that_are_there(self):
        for name, page in self.pages.items():
            for target in page.links:
                if re.match(r"https?:", target):
                    continue  # the reader's choice; nothing is loaded
                file, _, anchor = target.partition("#")
                self.assertIn(file or name, self.pages, f"{name} links to {target}")
                if anchor:
                    self.assertIn(anchor, self.pages[file or name].anchors, f"{name} links to {target}")

    def test_pages_are_whole_and_run_and_load_nothing(self):
        for name, page in self.pages.items():
            self.assertEqual(page.open_tags, [], name)
            self.assertFalse(page.tags & {"script", "iframe", "link", "object", "form"}, name)
            self.assertFalse([target for target, _ in page.pictures if ":" in target], name)

    def test_formulas_are_set(self):
        tool = load_tool()

        def formula(text):
            return tool.typeset(tool.TOKEN.findall(text))
        self.assertEqual(formula("sqrt(A_k^2 * d_kp)"),
                         '√<span class="root"><i>A</i><sub><i>k</i></sub><sup>2</sup> · '
                         '<i>d</i><sub><i>kp</i></sub></span>')
        self.assertEqual(formula("sum_{i<=t} x_-1"), "Σ<sub><i>i</i>≤<i>t</i></sub> <i>x</i><sub>−1</sub>")
        self.assertEqual(formula("p_k. p_.k < q"),
                         "<i>p</i><sub><i>k</i>.</sub> <i>p</i><sub>.<i>k</i></sub> &lt; <i>q</i>")
        with self.assertRaises(ValueError):
            formula("a_{k")
        storage = (self.folder / "carbonstorage.html").read_text(encoding="utf-8")
        self.assertIn("Σ<sub><i>k</i></sub> <i>A</i><sub><i>k</i></sub>", storage)
        self.assertIn("<pre><code>landcarbon carbon-storage \\", storage)
        # In running text symbols are set, columns stay as they are called.
        self.assertEqual(tool.inline_formulas("<p>N_h of m_h, 2^-37, (a b)^2, c_above_2; z_ce <code>N_h</code></p>"),
                         "<p>N<sub>h</sub> of m<sub>h</sub>, 2<sup>−37</sup>, (a b)<sup>2</sup>, c_above_2; z_ce "
                         "<code>N_h</code></p>")
        self.assertEqual(tool.inline_formulas("<p>right to sqrt(2 N_h) 2^-59</p>"),
                         '<p>right to √<span class="root">2 N<sub>h</sub></span> 2<sup>−59</sup></p>')
        # Parameters are called as in the dialog.
        known = tool.parameters((SOURCE / "docs/algorithms/zonal_series.md").read_text(encoding="utf-8"))
        self.assertEqual(tool.with_labels("<p>uneven (YEARS), SCHEME=five <code>YEARS</code>, MY_YEARS</p>", known),
                         "<p>uneven (“Years”), “Class scheme” = “Five classes: |Z| 1.66” <code>YEARS</code>, MY_YEARS</p>")
        self.assertIn("steps may be uneven (“Years”)", (self.folder / "zonalseries.html").read_text(encoding="utf-8"))
        # A line of one piece does not set the width of the first column.
        self.assertIn('<td>a</td><td>b</td></tr><tr><td colspan="2">',
                      tool.formulas("x\n\n    aa  bb\n    cc = dd + ee\n\ny").replace("<i>", "").replace("</i>", "")
                      .replace("aa", "a").replace("bb", "b"))
        for name, page in self.pages.items():
            text = (self.folder / name).read_text(encoding="utf-8")
            for block in re.findall(r'<div class="formula">(.*?)</div>', text, re.DOTALL):
                self.assertNotRegex(block, r"_\{|\^\{|sqrt|\.csv|landcarbon", name)


if __name__ == "__main__":
    if importlib.util.find_spec("markdown") is None:
        print("python3-markdown is not installed: the help pages are not tested")
        sys.exit(77)
    unittest.main()
