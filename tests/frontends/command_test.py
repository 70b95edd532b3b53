#!/usr/bin/python3
# Land Carbon Toolbox: tests of the command `landcarbon`, as a user meets it.
# SPDX-License-Identifier: GPL-2.0-or-later
"""The first half holds for any algorithm; what it needs to know comes from --json-usage. The second half runs
carbon-storage and transition-matrix on the sample region. LANDCARBON_COMMAND names the binary."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

COMMAND = os.environ["LANDCARBON_COMMAND"]
SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "metadata" / "sample"
PROGRESS = "0...10...20...30...40...50...60...70...80...90...100 - done.\n"
POOLS = SAMPLE / "pools.csv"
FIRST, SECOND, THIRD = (SAMPLE / f"landcover_{year}.tif" for year in (1990, 2005, 2020))


def run(*words, **options):
    return subprocess.run([COMMAND, *map(os.fsencode, words)], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, encoding="utf-8", timeout=120, **options)


class CommandTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="landcarbon command ")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def succeeds(self, *words, **options):
        result = run(*words, **options)
        self.assertEqual((result.returncode, result.stderr), (0, ""), result)
        return result.stdout

    def fails(self, *words, number=5, **options):
        """Runs what must fail; returns its errors. Every line of standard error is an error or a warning."""
        result = run(*words, **options)
        self.assertEqual(result.returncode, 1, result)
        lines = result.stderr.splitlines()
        errors = [line for line in lines if not line.startswith("Warning 1: ")]
        self.assertTrue(errors, result)
        for line in errors:
            self.assertTrue(line.startswith(f"ERROR {number}: "), line)
        return errors

    def specs(self):
        return json.loads(self.succeeds("--json-usage"))


class AnyAlgorithm(CommandTest):
    def test_help_lists_every_algorithm_and_own_option(self):
        text = self.succeeds("--help")
        self.assertEqual(text, self.succeeds("-h"))
        for spec in self.specs():
            self.assertIn(f"  {spec['command']} ", text)
        for option in ("--overwrite", "-q, --quiet", "--of, --output-format", "--co, --creation-option", "--config",
                       "--json", "--debug", "--version", "--list", "--json-usage", "--formats"):
            self.assertIn(f"  {option}", text)

    def test_help_of_an_algorithm_shows_all_that_the_spec_says(self):
        for spec in self.specs():
            with self.subTest(spec["command"]):
                text = self.succeeds(spec["command"], "--help")
                self.assertEqual(text, self.succeeds("--help", spec["command"], "--no-such-option"))
                words = " ".join(text.split())
                self.assertTrue(text.startswith(f"Usage: landcarbon {spec['command']} "))
                for said in (spec["name"], spec["summary"], spec["description"], *spec["references"]):
                    self.assertIn(" ".join(said.split()), words)
                for argument in spec["inputs"] + spec["outputs"]:
                    if argument.get("hidden"):
                        continue
                    is_result = argument["kind"] in ("numberOut", "textOut")
                    name = argument["parameter"] if is_result else argument["option"]
                    self.assertRegex(text, rf"(?m)^  {name}( |$)")
                    self.assertIn(" ".join(argument["help"].split()), words)
                    for choice in argument.get("choices", []):
                        self.assertRegex(text, rf"(?m)^        {re.escape(choice['key'])}  ")
                    for column in argument.get("columns", []):
                        self.assertIn(column, text)
                    if argument.get("unit"):
                        self.assertIn(f"Unit: {argument['unit']}.", words)
                self.assertIn(f"  landcarbon {spec['command']}", text.split("\nExample:\n")[1])
                self.assertLessEqual(max(len(line) for line in text.splitlines() if " " in line.strip()), 100)

    def test_json_usage_of_one_is_its_part_of_all(self):
        for spec in self.specs():
            self.assertEqual(json.loads(self.succeeds(spec["command"], "--json-usage")), spec)

    def test_three_spellings_of_an_algorithm(self):
        for spec in self.specs():
            for name in (spec["command"], spec["id"], spec["id"].replace("_", "")):
                self.assertEqual(json.loads(self.succeeds(name, "--json-usage"))["id"], spec["id"])

    def test_mistyped_algorithm(self):
        for spec in self.specs():
            mistyped = spec["command"].replace("-", "", 1)[:-1]
            [error] = self.fails(mistyped)
            self.assertEqual(error, f'ERROR 5: unknown algorithm "{mistyped}"; did you mean {spec["command"]}?')
        [error] = self.fails("xyzxyzxyzxyz")
        self.assertIn("--list", error)

    def test_mistyped_option(self):
        for spec in self.specs():
            option = spec["inputs"][0]["option"]
            [error] = self.fails(spec["command"], option + "z", "value")
            self.assertEqual(error, f"ERROR 5: unknown option {option}z; did you mean {option}?")
        [error] = self.fails(self.specs()[0]["command"], "--qiet")
        self.assertIn("did you mean --quiet?", error)

    def test_required_arguments_are_reported_together(self):
        for spec in self.specs():
            required = [argument["option"] for argument in spec["inputs"]
                        if not argument.get("optional") and argument["default"] is None]
            if required:
                errors = self.fails(spec["command"])
                self.assertEqual([error.split(" ")[2] for error in errors], [option + ":" for option in required])

    def test_nothing_named(self):
        [error] = self.fails()
        self.assertIn("--list", error)

    def test_list_groups(self):
        text = self.succeeds("--list")
        for spec in self.specs():
            self.assertRegex(text, rf"(?m)^  {spec['command']} ")

    def test_version_and_formats(self):
        self.assertRegex(self.succeeds("--version"), r"^landcarbon \d+\.\d+\.\d+, GDAL \d+\.")
        self.assertIn("GTiff -raster", self.succeeds("--formats"))

    def test_values(self):
        name = self.specs()[0]["command"]
        self.assertEqual(self.fails(name, "--threads"), ["ERROR 5: --threads: a value is missing"])
        self.assertEqual(self.fails(name, "--threads="), ["ERROR 5: --threads: a value is missing"])
        self.assertEqual(self.fails(name, "--threads", ""), ["ERROR 5: --threads: a value is missing"])
        self.assertEqual(self.fails(name, "--threads", "--align"), ["ERROR 5: --threads: a value is missing"])
        self.assertEqual(self.fails(name, "--threads", "1", "--threads=2"),
                         ["ERROR 5: --threads: given 2 times; it takes one value"])
        self.assertIn('ERROR 5: --threads: -5 is too small; it must be at least 0', self.fails(name, "--threads", "-5"))
        self.assertIn('ERROR 5: --threads: "two" is not a number', self.fails(name, "--threads=two"))
        self.assertIn('ERROR 5: --align: "perhaps" is neither true nor false', self.fails(name, "--align", "perhaps"))
        self.assertEqual(self.fails(name, "--overwrite=perhaps"),
                         ['ERROR 5: --overwrite: "perhaps" is neither true nor false'])
        for option in ("--config", "--co", "--creation-option"):
            [error] = self.fails(name, option, "COMPRESS")
            self.assertTrue(error.endswith(': "COMPRESS" is not of the form NAME=VALUE'), error)
        [error] = self.fails(name, "--align", "true", "stray.tif")
        self.assertIn('"stray.tif" belongs to no option', error)

    def test_words_that_are_not_utf8_are_named(self):
        self.assertEqual(self.fails(b"caf\xe9\x1b[31m"), [r'ERROR 5: "caf\xE9 [31m" is not UTF-8 text'])

    def test_errors_are_one_line(self):
        [error] = self.fails("one\ntwo\x1b]0;three\x07")
        self.assertIn('"one two ]0;three "', error)

    def test_full_disk_on_standard_output(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = subprocess.run([COMMAND, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, "^ERROR 4: standard output cannot be written: ")

    def test_bash_completion(self):
        if not shutil.which("bash"):
            self.skipTest("bash is not installed")
        script = self.folder / "completion"
        script.write_text(self.succeeds("--completion", "bash"), encoding="utf-8")
        ask = ('. "$0"; COMP_WORDS=(landcarbon "$@"); COMP_CWORD=$#; _landcarbon; echo "${COMPREPLY[@]}"')

        def complete(*words):
            return subprocess.run(["bash", "-c", ask, str(script), *words], capture_output=True, text=True,
                                  check=True).stdout.split()

        for spec in self.specs():
            self.assertEqual(sorted(complete("--quiet", spec["command"])),
                             sorted(other["command"] for other in self.specs()
                                    if other["command"].startswith(spec["command"])))
            option = spec["inputs"][0]["option"]
            self.assertIn(option, complete(spec["command"], option[:4]))
            for argument in spec["inputs"]:
                if "choices" in argument:
                    self.assertEqual(complete(spec["command"], argument["option"], ""),
                                     [choice["key"] for choice in argument["choices"]])
        self.assertEqual(complete("--vers"), ["--version"])


class RealRuns(CommandTest):
    def storage(self, *words, output="storage.tif"):
        return ("carbon-storage", "--land-cover", FIRST, "--pools", POOLS,
                "--storage-map", self.folder / output, *words)

    def left_behind(self):
        return sorted(path.name for path in self.folder.iterdir())

    def test_progress_and_results(self):
        lines = self.succeeds(*self.storage())
        self.assertEqual(lines.count(PROGRESS), 1)
        self.assertRegex(lines, r"(?m)^TOTAL_STORAGE_T = \d+(\.\d+)?$")
        self.assertIn(f"STORAGE_MAP = {self.folder / 'storage.tif'}\n", lines)
        self.assertTrue((self.folder / "storage.tif").is_file())

    def test_quiet(self):
        self.assertEqual(self.succeeds(*self.storage("-q")), "")
        self.assertEqual(self.succeeds("-quiet", "-overwrite", *self.storage()), "")

    def test_json_is_all_of_standard_output_and_agrees_with_the_text(self):
        answer = json.loads(self.succeeds("--json", *self.storage("--threads", "1", "--co", "COMPRESS=LZW",
                                                                  "--creation-option=BIGTIFF=NO")))
        self.assertEqual(list(answer), ["algorithm", "version", "results", "parameters", "messages", "warnings"])
        self.assertEqual(answer["algorithm"], "landcarbon:carbonstorage")
        self.assertIn(answer["version"], self.succeeds("--version"))
        self.assertEqual(answer["results"]["STORAGE_MAP"], str(self.folder / "storage.tif"))
        self.assertNotIn("STORAGE_CHANGE_T", answer["results"])  # there is no later map
        self.assertEqual(answer["parameters"]["CREATION_OPTIONS"], "COMPRESS=LZW|BIGTIFF=NO")
        self.assertEqual(answer["parameters"]["THREADS"], 1)
        self.assertEqual(answer["parameters"]["LAND_COVER"], str(FIRST))
        text = self.succeeds(*self.storage("--overwrite"))
        printed = re.search(r"(?m)^TOTAL_STORAGE_T = (.*)$", text).group(1)
        self.assertEqual(float(printed), answer["results"]["TOTAL_STORAGE_T"])

    def test_json_after_an_error(self):
        result = run("--json", *self.storage("--price", "dear"))
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertEqual(result.stderr, 'ERROR 5: --price: "dear" is not a number\n')

    def test_existing_output_needs_overwrite(self):
        (self.folder / "storage.tif").write_bytes(b"mine")
        [error] = self.fails(*self.storage())
        self.assertIn("--storage-map", error)
        self.assertEqual((self.folder / "storage.tif").read_bytes(), b"mine")
        self.succeeds(*self.storage("--overwrite"))
        self.assertNotEqual((self.folder / "storage.tif").read_bytes()[:4], b"mine")

    def test_output_format_and_config(self):
        self.succeeds(*self.storage("--of", "HFA", output="storage.img"))
        self.assertEqual((self.folder / "storage.img").read_bytes()[:15], b"EHFA_HEADER_TAG")
        for manner in (("--config", "GTIFF_DIRECT_IO=YES"), ("--config", "GTIFF_DIRECT_IO", "YES")):
            self.succeeds(*self.storage(*manner, "--overwrite", "--quiet", output="direct.tif"))
        errors = self.fails(*self.storage("--config", "GDAL_SKIP", "GTiff", output="other.tif"), number=4)
        self.assertEqual(len(errors), 1)  # without the driver, the map cannot be read: the setting came in time

    def test_missing_file(self):
        [error] = self.fails("carbon-storage", "--land-cover", self.folder / "none.tif", "--pools", POOLS,
                             "--storage-map", self.folder / "storage.tif", number=4)
        self.assertIn(str(self.folder / "none.tif"), error)
        self.assertEqual(self.left_behind(), [])

    def test_lists(self):
        def maps(*words):
            answer = json.loads(self.succeeds("transition-matrix", "--json", *words))
            return answer["parameters"]["MAPS"], answer["results"]["TOTAL_AREA_HA"]

        expected = maps("--maps", FIRST, "--maps", SECOND, "--maps", THIRD)
        self.assertEqual(expected[0], [str(FIRST), str(SECOND), str(THIRD)])
        self.assertEqual(maps("--maps", FIRST, SECOND, THIRD), expected)
        self.assertEqual(maps(f"--maps={FIRST},{SECOND}", "--maps", THIRD), expected)
        self.assertEqual(maps(f"--maps={FIRST}, {SECOND}|band=1 ,{THIRD}")[1], expected[1])
        odd = self.folder / "cover, early.tif"
        shutil.copy(FIRST, odd)
        self.assertEqual(maps("--maps", odd, SECOND, f"{THIRD}|band=1")[0], [str(odd), str(SECOND), f"{THIRD}|band=1"])

    def test_warnings(self):
        result = run("transition-matrix", "--json", "--maps", FIRST, FIRST, SECOND)
        self.assertEqual(result.returncode, 0, result)
        warnings = json.loads(result.stdout)["warnings"]
        self.assertEqual(result.stderr.splitlines(), [f"Warning 1: {warning}" for warning in warnings])
        self.assertTrue(warnings[0].startswith(f"--maps: {FIRST} "), warnings)
        result = run("transition-matrix", "--maps", FIRST, FIRST, SECOND)
        self.assertIn(PROGRESS, result.stdout)
        self.assertEqual(run("transition-matrix", "-q", "--maps", FIRST, FIRST, SECOND).stderr, result.stderr)

    def test_debug_shows_what_gdal_says(self):
        self.assertRegex(run("--debug", *self.storage()).stderr, r"(?m)^GDAL: ")

    def test_locale_and_bare_environment(self):
        valued = ("--json", "--later-land-cover", SECOND, "--price", "1.5", "--years-between", "15")
        plain = self.succeeds(*self.storage(*valued))
        for locale in ("de_DE.UTF-8", "tr_TR.UTF-8"):
            bare = {"LC_ALL": locale}  # neither HOME nor PATH
            self.assertEqual(self.succeeds(*self.storage(*valued, "--overwrite"), env=bare), plain)

    def test_closed_standard_streams(self):
        self.succeeds(*self.storage())
        expected = (self.folder / "storage.tif").read_bytes()
        words = [str(word) for word in self.storage("--overwrite")]
        result = subprocess.run(["sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', COMMAND, *words], check=False, timeout=60)
        self.assertEqual(result.returncode, 0)
        self.assertEqual((self.folder / "storage.tif").read_bytes(), expected)

    def test_reader_that_goes_away(self):
        read_end, write_end = os.pipe()
        os.close(read_end)
        with os.fdopen(write_end, "w") as pipe:
            result = subprocess.run([COMMAND, *map(str, self.storage())], stdout=pipe, stderr=subprocess.PIPE,
                                    text=True, check=False, timeout=60)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertTrue((self.folder / "storage.tif").is_file())

    def large_map(self):
        """The sample's first map with every cell blown up 200 x 200: enough for a run of many seconds."""
        vrt = tempfile.NamedTemporaryFile("w", suffix=".vrt", encoding="utf-8")
        self.addCleanup(vrt.close)
        vrt.write(f"""<VRTDataset rasterXSize="48000" rasterYSize="40000"><SRS>EPSG:32649</SRS>
            <GeoTransform>330000, 0.5, 0, 4260000, 0, -0.5</GeoTransform>
            <VRTRasterBand dataType="Byte" band="1"><NoDataValue>0</NoDataValue><SimpleSource>
            <SourceFilename>{FIRST}</SourceFilename><SourceBand>1</SourceBand>
            <SrcRect xOff="0" yOff="0" xSize="240" ySize="200"/>
            <DstRect xOff="0" yOff="0" xSize="48000" ySize="40000"/>
            </SimpleSource></VRTRasterBand></VRTDataset>""")
        vrt.flush()
        return vrt.name

    def test_signals_cancel(self):
        words = ["carbon-storage", "--land-cover", self.large_map(), "--pools", str(POOLS),
                 "--storage-map", str(self.folder / "storage.tif")]
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                with subprocess.Popen([COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                    self.assertEqual(process.stdout.read(1), b"0")  # the run is under way
                    start = time.monotonic()
                    process.send_signal(number)
                    _, errors = process.communicate(timeout=30)
                self.assertLess(time.monotonic() - start, 5)
                self.assertEqual(process.returncode, 1)
                self.assertEqual(errors, b"ERROR 9: cancelled; nothing was written\n")
                self.assertEqual(self.left_behind(), [])


if __name__ == "__main__":
    unittest.main()
