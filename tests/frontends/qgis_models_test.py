#!/usr/bin/python3
# Land Carbon Toolbox: tests how the shipped models meet their users: what is loaded, help pages, copies to edit.
# SPDX-License-Identifier: GPL-2.0-or-later
"""LANDCARBON_PLUGINS names the folder that holds the built plugin. QGIS runs with a private profile."""

import os
import pathlib
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["LANDCARBON_SOURCE"])
PLUGINS = pathlib.Path(os.environ["LANDCARBON_PLUGINS"])
ROOT = tempfile.TemporaryDirectory(prefix="landcarbon models ")
os.environ.update(HOME=ROOT.name, XDG_RUNTIME_DIR=ROOT.name, XDG_CONFIG_HOME=ROOT.name, XDG_DATA_HOME=ROOT.name,
                  XDG_CACHE_HOME=ROOT.name, QT_QPA_PLATFORM="offscreen")
sys.path[:0] = ["/usr/share/qgis/python/plugins", str(PLUGINS)]

from qgis.core import QgsApplication, QgsProcessingModelAlgorithm  # noqa: E402
from qgis.PyQt.QtCore import QUrl  # noqa: E402

# The key map, or the key layer where a study has no maps.
KEYS = {"carbonbudget": "Change of carbon storage", "nepstudy": "Mean net ecosystem productivity",
        "carbonneutralzoning": "Carbon-neutral zones", "muus": "Change of carbon storage",
        "flusscenarios": "Change of carbon storage, ecological"}


class Interface:
    """As much of QGIS's window as the action needs: it keeps what it is told."""

    def __init__(self):
        self.told = []

    def messageBar(self):
        return self

    def pushMessage(self, title, text, level, seconds):
        self.told.append(text)


class Models(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        QgsApplication.setPrefixPath("/usr", True)
        cls.application = QgsApplication([], True)
        cls.application.initQgis()
        from processing.core.Processing import Processing
        Processing.initialize()
        import landcarbon
        cls.plugin = landcarbon.classFactory(None)
        cls.plugin.initProcessing()
        cls.registry = QgsApplication.processingRegistry()
        cls.models = {algorithm.name(): algorithm for algorithm in cls.registry.providerById("landcarbon").algorithms()
                      if isinstance(algorithm, QgsProcessingModelAlgorithm)}

    @classmethod
    def tearDownClass(cls):
        cls.models = None
        cls.plugin.unload()
        cls.application.exitQgis()

    def test_a_handful_of_results_is_loaded_the_key_map_first(self):
        self.assertEqual(set(self.models), set(KEYS))
        for name, model in self.models.items():
            # QGIS runs a copy, and so do dialogs.
            for algorithm in (model, model.create()):
                with self.subTest(name):
                    results = algorithm.destinationParameterDefinitions()
                    layers = [result for result in results if result.type() != "fileDestination"]
                    loaded = [result.createByDefault() for result in layers]
                    self.assertEqual(layers[0].description(), KEYS[name])
                    self.assertTrue(3 <= sum(loaded) <= 7, loaded)
                    self.assertNotIn(True, loaded[sum(loaded):])
                    self.assertGreater(len(loaded), sum(loaded))
                    self.assertEqual(len(algorithm.outputDefinitions()), len(results))
                    titles = [result.description() for result in results]
                    self.assertEqual(len(titles), len(set(titles)))
                    self.assertTrue(all(result.createByDefault() for result in results if result not in layers))

    def test_steps_that_match_classes_ask_the_model_how(self):
        matching = 0
        for name, model in self.models.items():
            for step, child in model.childAlgorithms().items():
                tables = {"POOLS", "FACTORS"} & set(child.parameterSources())
                if not tables or not child.algorithm().parameterDefinition("MATCH"):
                    continue
                with self.subTest(f"{name}, {step}"):
                    self.assertEqual([source.parameterName() for source in child.parameterSources()["MATCH"]], ["MATCH"])
                matching += 1
        self.assertGreater(matching, 8)

    def test_help_opens_the_page_of_the_model(self):
        for name, model in self.models.items():
            page = pathlib.Path(QUrl(model.create().helpUrl()).toLocalFile())
            self.assertEqual(page, PLUGINS / "landcarbon" / "help" / f"{name}.html")
            self.assertIn(f"<code>landcarbon:{name}</code>", page.read_text(encoding="utf-8"))

    def test_models_are_copied_to_be_edited(self):
        from landcarbon.copy_model import CopyModelAction
        from processing.modeler.ModelerUtils import ModelerUtils
        interface = Interface()
        action = CopyModelAction(interface)
        folder = pathlib.Path(ModelerUtils.modelsFolders()[0])
        for name, model in self.models.items():
            with self.subTest(name):
                shipped = pathlib.Path(model.sourceFilePath())
                before = shipped.read_bytes()
                action.setData(model, None)
                self.assertTrue(action.isEnabled())
                dialog = action.execute()
                path = folder / shipped.name
                # The designer has the copy in hand, the toolbox lists it, and it is the same model.
                self.assertEqual(dialog.model().sourceFilePath(), str(path))
                self.assertIn(str(path), interface.told[-1])
                copy = self.registry.algorithmById("model:" + model.displayName())
                self.assertIsNotNone(copy)
                self.assertEqual(set(copy.childAlgorithms()), set(model.childAlgorithms()))
                self.assertEqual({result.name() for result in copy.destinationParameterDefinitions()},
                                 {result.name() for result in model.destinationParameterDefinitions()})
                self.assertEqual(copy.validate(), (True, []))
                dialog.close()
                # A second copy does not touch the first, nor the shipped one.
                action.execute().close()
                self.assertTrue((folder / f"{shipped.stem}_2.model3").exists())
                self.assertIsNotNone(self.registry.algorithmById(f"model:{model.displayName()} 2"))
                self.assertEqual(shipped.read_bytes(), before)
                # QGIS has an entry of its own for these. (Models that were listed before the second copy are gone.)
                action.setData(self.registry.algorithmById("model:" + model.displayName()), None)
                self.assertFalse(action.isEnabled())
        action.setData(self.registry.algorithmById("landcarbon:carbonstorage"), None)
        self.assertFalse(action.isEnabled())

    def test_the_toolbox_has_the_entry_while_the_plugin_is_there(self):
        from processing.gui.ProviderActions import ProviderContextMenuActions
        before = list(ProviderContextMenuActions.actions)
        self.plugin.iface = Interface()
        self.addCleanup(setattr, self.plugin, "iface", None)
        self.plugin.initGui()
        self.assertEqual([action.name for action in ProviderContextMenuActions.actions[len(before):]],
                         ["Copy to My Models and Edit…"])
        self.plugin.remove_menu()
        self.assertEqual(ProviderContextMenuActions.actions, before)

    def test_a_folder_that_cannot_be_written_is_told(self):
        from landcarbon.copy_model import copy_model
        file = pathlib.Path(ROOT.name) / "a file"
        file.write_text("no folder")
        with self.assertRaises(OSError):
            copy_model(self.models["muus"].sourceFilePath(), str(file))


if __name__ == "__main__":
    unittest.main()
