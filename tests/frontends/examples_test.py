#!/usr/bin/python3
# Land Carbon Toolbox: runs every example of the manual pages on the sample data, as a reader would.
# SPDX-License-Identifier: GPL-2.0-or-later
"""LANDCARBON_COMMAND names the command, LANDCARBON_SOURCE the root of the repository. An example may use what another one
makes; examples are run again while that brings any of them on."""

import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

COMMAND = os.environ["LANDCARBON_COMMAND"]
SOURCE = pathlib.Path(os.environ["LANDCARBON_SOURCE"])


def examples():
    """Command lines by the page they stand on."""
    for page in sorted((SOURCE / "algorithms").glob("*/*/*.md")):
        text = page.read_text(encoding="utf-8")
        blocks = re.findall(r"((?:^    .*\n)+)", text[text.index("\n## Example"):] + "\n", re.MULTILINE)
        lines = [line.strip() for block in blocks for line in re.sub(r"\\\n\s*", " ", block).splitlines()]
        yield page.stem, [shlex.split(line) for line in lines if line.startswith("landcarbon ")]


class Examples(unittest.TestCase):
    def test_every_example_runs(self):
        with tempfile.TemporaryDirectory(prefix="landcarbon examples ") as folder:
            for name in ("metadata", "tests"):
                os.symlink(SOURCE / name, pathlib.Path(folder) / name)
            open_pages = dict(examples())
            self.assertTrue(all(open_pages.values()), [page for page, lines in open_pages.items() if not lines])
            while open_pages:
                said = {}
                for page, lines in open_pages.items():
                    for words in lines:
                        run = subprocess.run([COMMAND, *words[1:], "--quiet", "--overwrite"], cwd=folder,
                                             capture_output=True, text=True, check=False)
                        if run.returncode != 0:
                            said[page] = shlex.join(words) + "\n" + run.stderr
                            break
                if len(said) == len(open_pages):
                    self.fail("these examples fail:\n" + "\n".join(said.values()))
                open_pages = {page: lines for page, lines in open_pages.items() if page in said}


if __name__ == "__main__":
    unittest.main()
