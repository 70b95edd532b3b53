#!/usr/bin/python3
# Land Carbon Toolbox: tests that the documentation is complete, up to date and free of dead links.
# SPDX-License-Identifier: GPL-2.0-or-later
"""LANDCARBON_COMMAND names the binary whose specs the manual must show, LANDCARBON_SOURCE the repository."""

import importlib.machinery
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

COMMAND = os.environ["LANDCARBON_COMMAND"]
SOURCE = pathlib.Path(os.environ["LANDCARBON_SOURCE"])
TOOL = SOURCE / "tools" / "manual"
sys.dont_write_bytecode = True


def load_tool():
    loader = importlib.machinery.SourceFileLoader("manual", str(TOOL))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("manual", loader))
    loader.exec_module(module)
    return module


def markdown_files():
    folders = [SOURCE.glob("*.md"), SOURCE.glob("docs/**/*.md"), SOURCE.glob("metadata/**/*.md")]
    return sorted(path for found in folders for path in found)


def anchors(text):
    """The anchors that Markdown viewers make of the headings."""
    titles = re.findall(r"^#+ (.+)$", re.sub(r"^(````?).*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


class Committed(unittest.TestCase):
    def test_manual_is_complete_and_up_to_date(self):
        run = subprocess.run([sys.executable, str(TOOL), "--check", "--command", COMMAND], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, "\n" + run.stdout + run.stderr)

    def test_links_lead_somewhere(self):
        dead = []
        for path in markdown_files():
            text = path.read_text(encoding="utf-8")
            prose = re.sub(r"^(````?).*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
            for target in re.findall(r"\]\(([^)\s]+)\)", prose) + re.findall(r'src="([^"]+)"', prose):
                if re.match(r"[a-z]+:", target):
                    continue
                file, _, anchor = target.partition("#")
                where = (path.parent / file).resolve() if file else path
                if not where.exists():
                    dead.append(f"{path.relative_to(SOURCE)}: {target} does not exist")
                elif anchor and where.suffix == ".md" and anchor not in anchors(where.read_text(encoding="utf-8")):
                    dead.append(f"{path.relative_to(SOURCE)}: {target} has no such heading")
        self.assertEqual(dead, [], "\n" + "\n".join(dead))

    def test_every_decision_is_in_the_list(self):
        listed = (SOURCE / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
        numbers = []
        for path in sorted((SOURCE / "docs" / "decisions").glob("0*.md")):
            self.assertIn(f"({path.name})", listed)
            numbers.append(int(path.name[:4]))
            for heading in ("## Context", "## Decision", "## Consequences"):
                self.assertIn(heading, path.read_text(encoding="utf-8"), path.name)
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))


class Generator(unittest.TestCase):
    """Runs the generator on a copy of nothing but what it is given."""

    @classmethod
    def setUpClass(cls):
        cls.tool = load_tool()
        cls.specs = cls.tool.read_specs(COMMAND)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="landcarbon manual ")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for spec in self.specs:
            body = self.root / "algorithms" / spec["group"] / spec["id"] / f"{spec['id']}.md"
            body.parent.mkdir(parents=True)
            body.write_text(f"## Method\n\nOf {spec['id']}.\n")
            picture = self.root / self.tool.PICTURES / f"{spec['id']}.svg"
            picture.parent.mkdir(parents=True, exist_ok=True)
            picture.write_text(f"<!-- What {spec['id']} gives. -->\n<svg/>\n")

    def write(self, made):
        for path, text in made.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text, encoding="utf-8")

    def test_pages_show_everything_of_the_spec(self):
        problems = []
        made = self.tool.documents(self.specs, self.root, problems)
        self.assertEqual(problems, [])
        index = made["docs/algorithms/index.md"]
        common = [argument["id"] for argument in self.tool.common_arguments(self.specs)]
        self.assertEqual(common, ["align", "resampling", "nodata", "valid_range", "cell_area", "creation_options", "encoding",
                                  "threads", "memory"])
        for spec in self.specs:
            page = made[f"docs/algorithms/{spec['id']}.md"]
            self.assertIn(f"Of {spec['id']}.", page)
            self.assertIn(f"({spec['id']}.md)", index)
            self.assertIn(f"![What {spec['id']} gives.](../images/algorithms/{spec['id']}.svg)", page)
            for text in [spec["summary"], spec["description"], f"`{spec['algorithm']}`", *spec["references"]]:
                self.assertIn(text, page)
            for argument in spec["inputs"] + spec["outputs"]:
                if not argument.get("hidden"):
                    where = index if argument["id"] in common else page
                    self.assertIn(f"`{argument['parameter']}`", where)
                    self.assertIn(self.tool.cell(argument["help"]), where)
                    for choice in argument.get("choices", []):
                        self.assertIn(f"`{choice['key']}`", where)

    def test_what_changed_is_found(self):
        made = self.tool.documents(self.specs, self.root, [])
        self.write(made)
        self.assertEqual(self.tool.stale(made, self.root), ([], []))
        first = self.specs[0]["id"]
        (self.root / "algorithms" / self.specs[0]["group"] / first / f"{first}.md").write_text("## Method\n\nAnother.\n")
        (self.root / "docs" / "algorithms" / "gone.md").write_text("of an algorithm that was removed\n")
        changed = self.tool.documents(self.specs, self.root, [])
        self.assertEqual(self.tool.stale(changed, self.root), ([f"docs/algorithms/{first}.md"], ["docs/algorithms/gone.md"]))

    def test_a_missing_body_is_named(self):
        first = self.specs[0]
        path = f"algorithms/{first['group']}/{first['id']}/{first['id']}.md"
        (self.root / path).unlink()
        problems = []
        made = self.tool.documents(self.specs, self.root, problems)
        self.assertIn(f"docs/algorithms/{first['id']}.md", made)
        self.assertEqual(problems, [f"{path} is missing: write the algorithm's Method, Limits and Example there"])

    def test_a_missing_picture_is_named(self):
        path = f"{self.tool.PICTURES}/{self.specs[0]['id']}.svg"
        (self.root / path).unlink()
        problems = []
        self.tool.documents(self.specs, self.root, problems)
        self.assertEqual(problems, [f"{path} is missing: run tools/result-pictures and commit it"])

    def test_models_have_pages(self):
        shutil.copytree(SOURCE / "metadata" / "models", self.root / "metadata" / "models")
        (self.root / "metadata" / "models" / "muus.md").unlink()
        problems = []
        made = self.tool.documents(self.specs, self.root, problems)
        self.assertEqual(problems, ["metadata/models/muus.md is missing: write what the results tell and an Example there"])
        page = made["docs/models/carbon_budget.md"]
        for text in ("# Carbon budget", "`landcarbon:carbonbudget`", "**Maps between**<br>`MAPS_BETWEEN`", "Optional.",
                     "**Change of carbon storage**<br>`storage:Change of storage` | yes |", "(../algorithms/carbon_storage.md)"):
            self.assertIn(text, page)
        # What is loaded stands first, and is a handful.
        for name, text in made.items():
            if name.startswith("docs/models/") and "index" not in name:
                loaded = re.findall(r"^\| \*\*.*?` \| (yes|report|) \|", text, re.MULTILINE)
                self.assertLessEqual(loaded.count("yes"), 7, name)
                self.assertNotIn("yes", loaded[loaded.count("yes"):], name)
        drawing = xml.etree.ElementTree.fromstring(made["docs/images/models/carbon_budget.svg"])
        words = "".join(drawing.itertext())
        for text in ("First land-cover map", "Land-cover change", "Carbon balance, last date"):
            self.assertIn(text, words)

    def test_quotes_are_renewed(self):
        text = "a\n<!-- manual: cmake algorithms/CMakeLists.txt -->\nwhat stood here before\n<!-- end -->\nb\n"
        problems = []
        renewed = self.tool.quoted("docs/x.md", text, self.specs, problems)
        self.assertIn("set(LANDCARBON_ALGORITHMS", renewed)
        self.assertNotIn("what stood here before", renewed)
        self.assertTrue(renewed.startswith("a\n<!-- manual: ") and renewed.endswith("<!-- end -->\nb\n"))
        self.assertEqual(self.tool.quoted("docs/x.md", renewed, self.specs, problems), renewed)
        self.assertEqual(problems, [])
        self.tool.quoted("docs/x.md", text.replace("CMakeLists", "Gone"), self.specs, problems)
        self.assertEqual(problems, ["docs/x.md quotes algorithms/Gone.txt, which does not exist"])


if __name__ == "__main__":
    unittest.main()
