# Land Carbon Toolbox: the scenes of the desktop test, played inside QGIS for every algorithm and every shipped model.
# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS runs this file with --code. Each scene adds one line to the file of results: its name and what fell short.
A scene that began and has no result ended QGIS itself."""
import faulthandler
import json
import math
import os
import pathlib
import sys
import time
import traceback

FOLDER = pathlib.Path(__file__).resolve().parent if "__file__" in globals() else pathlib.Path(
    json.loads(os.environ["LANDCARBON_TASK"])["scripts"])
sys.path.insert(0, str(FOLDER))

from qgis.core import (Qgis, QgsApplication, QgsMapLayerType, QgsProcessing, QgsProcessingModelAlgorithm,
                       QgsProcessingModelChildAlgorithm, QgsProcessingModelChildParameterSource, QgsProcessingModelOutput,
                       QgsProcessingModelParameter, QgsProcessingParameterFeatureSource, QgsProcessingParameterRasterLayer,
                       QgsProject, QgsRasterLayer, QgsSingleBandGrayRenderer, QgsVectorLayer)
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAbstractSpinBox, QComboBox, QDialog, QDialogButtonBox, QLineEdit, QScrollBar
from qgis.utils import iface

from person import Person, headings_of, plain_path, style_of

LAYERS = ("rasterOut", "tableOut", "vectorOut")
# Those whose whole work is done block by block, in seconds or minutes for the large raster of the test.
CANCELLED = ["landcarbon:" + name for name in (
    "carbonstorage", "transitionmatrix", "landuseintensity", "simulationaccuracy", "trend")]
NOT_STYLED = ("multibandcolor", "singlebandgray", "singleSymbol", "singlebandcolordata")


def contents(layer):
    """What a layer shows, as one can compare it."""
    if layer.type() == QgsMapLayerType.RasterLayer:
        block = layer.dataProvider().block(1, layer.extent(), layer.width(), layer.height())
        return hash(bytes(block.data())), [item.label for item in getattr(
            layer.renderer().shader().rasterShaderFunction(), "colorRampItemList", list)()]
    return [feature.attributes() for feature in layer.getFeatures()]


class Scene:
    """One thing that a person does; `must` notes what falls short and goes on."""

    def __init__(self):
        self.problems = []

    def must(self, fine, text):
        if not fine:
            self.problems.append(text)
        return fine


class Theatre:
    def __init__(self, task):
        self.task = task
        self.folder = pathlib.Path(task["folder"])
        self.specs = {spec["algorithm"]: spec for spec in json.loads(pathlib.Path(task["specs"]).read_text())}
        self.person = Person()
        self.person.labels = {
            (spec["algorithm"], argument["parameter"]): {choice["key"]: choice["label"] or choice["key"]
                                                         for choice in argument["choices"]}
            for spec in self.specs.values() for argument in spec["inputs"] if argument.get("choices")}
        self.layers = {}
        self.numbers = {}
        self.photographer = None
        if task["pictures"]:
            from pictures import Photographer
            self.photographer = Photographer(task["pictures"], self.person)

    # -- the programme ------------------------------------------------------------------------------------------------

    def scenes(self):
        for algorithm in self.task["calls"]:
            yield f"dialog {algorithm}", lambda scene, name=algorithm: self.dialog(scene, name)
        for algorithm in self.task["calls"]:
            yield f"run {algorithm}", lambda scene, name=algorithm: self.run(scene, name)
        for algorithm, inputs in self.cancelled():
            yield f"cancel {algorithm}", lambda scene, name=algorithm, found=inputs: self.cancel(scene, name, found)
        yield "again into the same files", self.again
        yield "again with a style of the user's", self.own_style
        yield "guess from columns and names", self.guess
        # QGIS 3.40 puts tables above maps here and leaves out what is made on request: not mended yet.
        if Qgis.QGIS_VERSION_INT < 34000:
            yield "again in a model of the user's", self.own_model
        for model in self.task["models"]:
            yield f"model {model}", lambda scene, name=model: self.model(scene, name)
            yield f"designer {model}", lambda scene, name=model: self.designer(scene, name)

    def play(self):
        with open(self.task["results"], "a", encoding="utf-8") as results:
            def note(**line):
                results.write(json.dumps(line) + "\n")
                results.flush()
            for name, act in self.scenes():
                if name in self.task["skip"] or not any(word in name for word in self.task["only"] or [""]):
                    continue
                note(begins=name)
                scene = Scene()
                start = time.monotonic()
                self.person.said, self.person.broke = [], []
                try:
                    act(scene)
                except AssertionError as error:
                    scene.problems.append(str(error))
                except Exception:
                    scene.problems.append(traceback.format_exc()[-1500:])
                for text in self.person.broke:
                    scene.problems.append("QGIS complains: " + text)
                self.clean_up()
                note(scene=name, problems=scene.problems, seconds=round(time.monotonic() - start, 2))
            if self.photographer:
                self.photographer.toolbox()
            note(end=True)

    def clean_up(self):
        from qgis.PyQt.QtWidgets import QApplication
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible():
                widget.close()
        self.person.on_dialog = None
        QgsProject.instance().clear()
        self.layers = {}
        self.person.settle()

    # -- helpers ------------------------------------------------------------------------------------------------------

    def layer_of(self, text):
        """The layer of a file of the examples, loaded once for each scene."""
        if text not in self.layers:
            self.layers[text] = self.person.add_layer(self.folder / text)
        return self.layers[text]

    def fill_in(self, scene, dialog, inputs):
        def layer_of(text):
            return self.layer_of(text)
        layer_of.path = lambda text: self.folder / text
        # All layers first: a dialog is opened in a project that has them.
        for name, texts in inputs.items():
            try:
                self.person.set(dialog, name, texts, layer_of)
            except AssertionError as error:
                scene.problems.append(f"{name}: {error}")

    def load_inputs(self, algorithm, inputs):
        for name, texts in inputs.items():
            parameter = algorithm.parameterDefinition(name)
            if parameter is not None and parameter.type() in ("raster", "vector", "source", "multilayer", "maplayer"):
                for text in texts:
                    for part in (text.split(",") if parameter.type() == "multilayer" else [text.split("|")[0]]):
                        self.layer_of(part)

    # -- a dialog before anything is typed ----------------------------------------------------------------------------

    def dialog(self, scene, name):
        spec = self.specs[name]
        dialog = self.person.open(name)
        wrappers = self.person.wrappers(dialog)
        for argument in spec["inputs"]:
            wrapper = wrappers.get(argument["parameter"])
            if not scene.must(wrapper is not None, f"{argument['parameter']} is not in the dialog"):
                continue
            label = self.person.label(wrapper)
            scene.must(label.startswith(argument["label"]),
                       f"{argument['parameter']}: the label is \"{label}\", the spec's \"{argument['label']}\"")
            self.default(scene, argument, wrapper)
            if argument["kind"] in ("integer", "real"):
                self.ends(scene, argument, wrapper)
            if argument["kind"] == "choice":
                self.choices(scene, argument, wrapper)
        wide = [bar.maximum() for bar in dialog.mainWidget().findChildren(QScrollBar)
                if bar.orientation() == Qt.Horizontal and bar.isVisible()]
        scene.must(not any(wide), f"the dialog is {dialog.width()} wide and scrolls sideways by {wide}")
        self.help_button(scene, dialog, spec["name"])
        required = [argument for argument in spec["inputs"]
                    if not argument.get("optional") and argument["default"] is None and
                    argument["kind"] not in ("flag", "choice", "real", "integer")]
        if required:
            said = "\n".join(self.person.press_run(dialog))
            if not said:
                self.person.wait(lambda: not self.person.running(dialog), 10)
            labels = [self.person.label(wrappers[argument["parameter"]]) for argument in required]
            scene.must(any(label and label in said for label in labels),
                       f"Run with nothing filled in says \"{said}\", which names none of {labels}")
        self.person.close(dialog)

    def default(self, scene, argument, wrapper):
        value, wanted = self.person.value(wrapper), argument["default"]
        if argument["kind"] in ("integer", "real"):
            same = value is None if wanted is None else value is not None and math.isclose(value, wanted, rel_tol=1e-9)
        elif wanted is None or wanted == []:
            same = value in (None, "", [], False) or argument["kind"] == "matrix"
        elif argument["kind"] == "matrix":
            same = [str(cell) for cell in value] == [str(cell) for row in wanted for cell in row]
        else:
            same = value == wanted
        scene.must(same, f"{argument['parameter']}: the dialog opens with {value!r}, the default is {wanted!r}")

    def ends(self, scene, argument, wrapper):
        box = self.person.part(wrapper, QAbstractSpinBox)
        if not scene.must(box is not None, f"{argument['parameter']}: no box for a number"):
            return
        lowest = argument.get("minimum")
        highest = argument.get("maximum")
        if lowest is None:
            lowest = argument["above"] + 0.5 if argument.get("above") is not None else -1e6
        for end in (lowest, 1e6 if highest is None else highest):
            text = str(int(end)) if float(end).is_integer() else repr(end)
            self.person.type_text(box, text)
            value = self.person.value(wrapper)
            scene.must(value is not None and math.isclose(value, end, rel_tol=1e-9, abs_tol=1e-12),
                       f"{argument['parameter']}: {text} is typed, {value!r} arrives")

    def choices(self, scene, argument, wrapper):
        combo = self.person.part(wrapper, QComboBox)
        if not scene.must(combo is not None, f"{argument['parameter']}: no list of choices"):
            return
        shown = [combo.itemText(row) for row in range(combo.count())]
        if argument.get("optional"):
            shown = [text for text in shown if text and "not set" not in text.lower()]
        labels = [choice["label"] or choice["key"] for choice in argument["choices"]]
        if not scene.must(shown == labels, f"{argument['parameter']}: the list shows {shown}, not {labels}"):
            return
        for choice in argument["choices"]:
            self.person.choose(wrapper, choice["label"] or choice["key"])
            value = self.person.value(wrapper)
            scene.must(value == choice["key"], f"{argument['parameter']}: \"{choice['label']}\" gives {value!r}")

    def help_button(self, scene, dialog, name):
        button = dialog.buttonBox().button(QDialogButtonBox.Help)
        if not scene.must(button is not None and button.isEnabled(), "there is no Help button"):
            return
        opened = self.person.browser.opened
        opened.clear()
        QTest.mouseClick(button, Qt.LeftButton)
        self.person.settle()
        if not scene.must(len(opened) == 1, f"Help opens {len(opened)} pages"):
            return
        path = pathlib.Path(opened[0].toLocalFile())
        if scene.must(opened[0].isLocalFile() and path.is_file(), f"Help opens {opened[0].toString()}, which is no file"):
            if self.photographer:
                self.photographer.help(dialog.algorithm().id(), path)
            scene.must(name in path.read_text(encoding="utf-8"), f"the page {path.name} does not name \"{name}\"")

    # -- a run --------------------------------------------------------------------------------------------------------

    def run(self, scene, name):
        spec = self.specs[name]
        inputs, outputs = self.task["calls"][name]
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(name)
        self.load_inputs(algorithm, inputs)
        dialog = self.person.open(name)
        self.fill_in(scene, dialog, inputs)
        self.wrong_text(scene, dialog, spec, inputs)
        wrappers = self.person.wrappers(dialog)
        wanted = []
        for output in spec["outputs"]:
            if output["kind"] in ("numberOut", "textOut"):
                continue
            wrapper = wrappers[output["parameter"]]
            value = self.person.value(wrapper)
            ticked = value not in (None, "")
            scene.must(ticked == bool(output.get("made_by_default")),
                       f"{output['parameter']}: made without being asked for: {ticked}; the spec says otherwise")
            if output.get("needs") and not inputs.get(output["needs"].upper()):
                continue  # left out
            if output["parameter"] in outputs and not ticked:
                wrapper.setParameterValue("TEMPORARY_OUTPUT", dialog.mainWidget().processing_context)
                ticked = True
            if ticked and output["kind"] in LAYERS:
                wanted.append(output)
        if self.photographer:
            self.photographer.dialog(name, dialog)
        before = self.person.tree()
        results = self.person.run(dialog)
        added = [layer for layer in self.person.tree() if layer not in before]
        self.loaded(scene, spec, results, wanted, added)
        for output in spec["outputs"]:
            if output["kind"] == "numberOut" and output["parameter"] in results:
                scene.must(isinstance(results[output["parameter"]], float), f"{output['parameter']} is no number")
        if self.photographer:
            self.photographer.results(name, dialog, added)
        self.person.close(dialog)

    def wrong_text(self, scene, dialog, spec, inputs):
        """A year that is none: the message names what the dialog shows."""
        argument = next((argument for argument in spec["inputs"]
                         if argument["id"] == "years" and argument["kind"] == "text"), None)
        if argument is None:
            return
        wrapper = self.person.wrappers(dialog)["YEARS"]
        context = dialog.mainWidget().processing_context
        wrapper.setParameterValue("no year", context)
        said = "\n".join(self.person.press_run(dialog))
        if not said:
            self.person.wait(lambda: self.person.finished is not None or not self.person.running(dialog), 20)
            said = self.person.log(dialog)
        label = self.person.label(wrapper)
        scene.must(self.person.finished is not True and label in said,
                   f"YEARS=no year: the message does not name \"{label}\": {said[-300:]}")
        wrapper.setParameterValue(",".join(inputs.get("YEARS", [""])), context)
        dialog.messageBar().clearWidgets()
        self.person.said = []

    def loaded(self, scene, spec, results, wanted, added):
        by_path = {plain_path(layer): layer for layer in added}
        found = []
        for output in wanted:
            layer = by_path.get(str(results.get(output["parameter"])))
            if not scene.must(layer is not None,
                              f"{output['parameter']} ({results.get(output['parameter'])}) is not loaded: {list(by_path)}"):
                continue
            found.append(layer)
            scene.must(layer.isValid(), f"{output['parameter']}: the layer is not valid")
            self.looks(scene, output["parameter"], layer, output["kind"], output.get("unit", ""))
        names = [layer.name() for layer in added]
        scene.must(len(set(names)) == len(names), f"several layers have one name: {names}")
        self.folded(scene, added)
        # Maps in the order of the spec, but for those of an optional input on top, then tables.
        on_top = [by_path.get(str(results.get(output["parameter"]))) for output in wanted if output.get("needs")]
        ordered = [layer.name() for layer in sorted(found, key=lambda layer: (not layer.isSpatial(), layer not in on_top))]
        scene.must(names == ordered, f"the layer tree shows {names}, not {ordered}")

    def folded(self, scene, added):
        """The legend of the first map is open, so that it is seen what the colours mean; long ones below it are not."""
        root = QgsProject.instance().layerTreeRoot()
        maps = [root.findLayer(layer.id()) for layer in added if layer.isSpatial()]
        self.person.settle(0.1)
        if maps:
            scene.must(self.person.unfolded(maps[0]), f"the legend of {maps[0].name()} is folded")
        long = [node.name() for node in maps[1:]
                if self.person.unfolded(node) and len(style_of(node.layer())[1]) > 9]
        scene.must(not long, f"long legends are unfolded below the first map: {long}")

    def looks(self, scene, name, layer, kind, unit=""):
        """The layer as Processing loaded it has the style that lies beside its file, and the style says something."""
        shown = style_of(layer)
        path = plain_path(layer)
        name = name or layer.name()
        fresh = (QgsRasterLayer(path, "fresh") if layer.type() == QgsMapLayerType.RasterLayer
                 else QgsVectorLayer(path, "fresh", "ogr"))
        promised = style_of(fresh)
        scene.must(shown == promised, f"{name}: loaded as {shown[0]} with {len(shown[1])} entries, "
                   f"the style beside the file is {promised[0]} with {len(promised[1])}")
        scene.must("_" not in layer.name(), f"{name}: the layer is called \"{layer.name()}\"")
        if kind == "tableOut":
            raw = [heading for heading in headings_of(layer) if "_" in heading]
            scene.must(not raw, f"{name}: headings {raw}")
            return
        scene.must(shown[0] not in NOT_STYLED or (shown[0] == "singleSymbol" and layer.featureCount() < 2),
                   f"{name}: shown as {shown[0]}")
        labels = [label for label, _ in shown[1]]
        scene.must(all(labels), f"{name}: entries of the legend without a text: {labels}")
        scene.must(len(labels) <= 60, f"{name}: {len(labels)} entries in the legend")
        black = [label for label, colour in shown[1] if colour == "#000000"]
        scene.must(len(black) <= 1, f"{name}: {len(black)} black entries: {black[:3]}")
        if unit and kind == "rasterOut" and shown[0] == "singlebandpseudocolor":
            shader = layer.renderer().shader().rasterShaderFunction()
            # QGIS shows no labels of a continuous ramp, but its two ends.
            suffix = shader.legendSettings().suffix() if shader.legendSettings() is not None else ""
            scene.must(unit in suffix, f"{name}: the legend has no unit {unit} at its ends, but \"{suffix}\"")

    # -- cancel -------------------------------------------------------------------------------------------------------

    def cancelled(self):
        """Algorithms that read land-cover maps or series block by block, with their example's other inputs:
        (algorithm, inputs) with "large" for each raster."""
        for name, (inputs, _) in self.task["calls"].items():
            rasters = [argument for argument in self.specs[name]["inputs"]
                       if argument["kind"] in ("classRaster", "rasterIn", "rasterStack") and argument["parameter"] in inputs]
            needed = {argument["parameter"] for argument in self.specs[name]["inputs"]
                      if not argument.get("optional") and argument["kind"] not in ("flag", "choice", "real", "integer")}
            if name not in CANCELLED or not rasters:
                continue
            found = {parameter: texts for parameter, texts in inputs.items() if parameter in needed}
            for argument in rasters:
                if argument["parameter"] not in needed:
                    continue  # a later map, which the large one cannot be for itself
                found[argument["parameter"]] = ["large"] * (6 if argument["kind"] == "rasterStack" else 1)
            yield name, found

    def cancel(self, scene, name, inputs):
        """A run over thousands of millions of cells is cancelled after a moment."""
        self.layers["large"] = self.person.add_layer(self.task["large"])
        self.load_inputs(QgsApplication.processingRegistry().createAlgorithmById(name), inputs)
        before = len(self.person.tree())
        dialog = self.person.open(name)
        self.fill_in(scene, dialog, inputs)
        said = self.person.press_run(dialog)
        if not scene.must(not said and self.person.wait(lambda: dialog.cancelButton().isEnabled(), 10),
                          f"the run cannot be cancelled: {said}"):
            return
        self.person.settle(0.7)
        scene.must(self.person.finished is None and self.person.running(dialog), 
                   f"the run ended before it was cancelled: {self.person.log(dialog)[-500:]}")
        start = time.monotonic()
        QTest.mouseClick(dialog.cancelButton(), Qt.LeftButton)
        ended = self.person.wait(lambda: not self.person.running(dialog), 20)
        scene.must(ended, "the run goes on 20 seconds after Cancel")
        scene.must(time.monotonic() - start < 10, f"Cancel took {time.monotonic() - start:.0f} seconds")
        scene.must(not self.person.finished, "a cancelled run counts as a success")
        scene.must(len(self.person.tree()) == before, "a cancelled run loads layers")
        scene.must("cancel" in self.person.log(dialog).lower(), "the log does not say that the run was cancelled")
        self.person.close(dialog)

    # -- a second run -------------------------------------------------------------------------------------------------

    def storage(self, scene, dialog, land_cover, outputs):
        self.fill_in(scene, dialog, {"LAND_COVER": [land_cover], "POOLS": ["metadata/sample/pools.csv"]})
        for name, path in outputs.items():
            self.person.wrappers(dialog)[name].setParameterValue(str(path), dialog.mainWidget().processing_context)
        before = self.person.tree()
        results = self.person.run(dialog)
        self.person.settle(0.2)
        return results, [layer for layer in self.person.tree() if layer not in before]

    def again(self, scene):
        """Results go into files that are loaded already: the layers show what is in them now."""
        first, second = "metadata/sample/landcover_1990.tif", "metadata/sample/landcover_2020.tif"
        for path in (first, second, "metadata/sample/pools.csv"):
            self.layer_of(path)
        outputs = {"STORAGE_MAP": self.folder / "again_map.tif", "BY_CLASS": self.folder / "again_table.gpkg"}
        dialog = self.person.open("landcarbon:carbonstorage")
        _, added = self.storage(scene, dialog, first, outputs)
        scene.must(len(added) == 2, f"{len(added)} layers are loaded")
        # The results of another run stay together, wherever the current layer is.
        iface.setActiveLayer(added[1])
        _, others = self.storage(scene, dialog, second, {"CHANGE_MAP": "", "BY_CLASS": "TEMPORARY_OUTPUT",
                                                         "STORAGE_MAP": "TEMPORARY_OUTPUT",
                                                         "POOL_MAPS": "TEMPORARY_OUTPUT"})
        places = [self.person.tree().index(layer) for layer in others]
        scene.must(len(others) == 3 and places == list(range(places[0], places[0] + 3)),
                   f"the results of the second run stand at {places} of {[layer.name() for layer in self.person.tree()]}")
        QgsProject.instance().removeMapLayers([layer.id() for layer in others])
        self.person.wrappers(dialog)["POOL_MAPS"].setParameterValue("", dialog.mainWidget().processing_context)
        self.storage(scene, dialog, second, outputs)
        for path in outputs.values():
            layers = [layer for layer in self.person.tree() if plain_path(layer) == str(path)]
            if not scene.must(len(layers) == 1, f"{path.name} is loaded {len(layers)} times"):
                continue
            shown = contents(layers[0])
            fresh = contents(QgsRasterLayer(str(path), "fresh") if layers[0].type() == QgsMapLayerType.RasterLayer
                             else QgsVectorLayer(str(path), "fresh", "ogr"))
            scene.must(shown == fresh, f"the layer \"{layers[0].name()}\" shows {shown}, its file holds {fresh}")
        self.person.close(dialog)

    def own_style(self, scene):
        """A style that is set for an output in Processing ("Edit Rendering Styles for Outputs") wins over the toolbox's."""
        from processing.gui.RenderingStyles import RenderingStyles
        land_cover = self.layer_of("metadata/sample/landcover_1990.tif")
        self.layer_of("metadata/sample/pools.csv")
        grey = QgsRasterLayer(plain_path(land_cover), "grey")
        grey.setRenderer(QgsSingleBandGrayRenderer(grey.dataProvider(), 1))
        style = self.folder / "of the user.qml"
        grey.saveNamedStyle(str(style))
        RenderingStyles.addAlgStylesAndSave("landcarbon:carbonstorage", {"STORAGE_MAP": str(style)})
        dialog = self.person.open("landcarbon:carbonstorage")
        try:
            _, added = self.storage(scene, dialog, "metadata/sample/landcover_1990.tif", {})
        finally:
            RenderingStyles.addAlgStylesAndSave("landcarbon:carbonstorage", {})
        maps = [layer for layer in added if layer.isSpatial()]
        scene.must([layer.renderer().type() for layer in maps] == ["singlebandgray"],
                   f"shown as {[layer.renderer().type() for layer in maps]}")
        self.person.close(dialog)

    def own_model(self, scene):
        """Results of steps of a model that the user has made: styled, under the user's names, the first map on top."""
        maps = [f"metadata/sample/landcover_{year}.tif" for year in (1990, 2020)]
        for path in maps + ["metadata/sample/pools.csv", "metadata/sample/classes.csv"]:
            self.layer_of(path)
        model = QgsProcessingModelAlgorithm("My study", "Mine")
        for name, label in (("EARLY", "Early map"), ("LATE", "Late map")):
            model.addModelParameter(QgsProcessingParameterRasterLayer(name, label), QgsProcessingModelParameter(name))
        model.addModelParameter(QgsProcessingParameterFeatureSource("POOLS", "Pools", [QgsProcessing.TypeVector]),
                                QgsProcessingModelParameter("POOLS"))
        given = QgsProcessingModelChildParameterSource.fromModelParameter
        steps = {
            "storage": ("carbonstorage", {"LAND_COVER": ["EARLY"], "LATER_LAND_COVER": ["LATE"], "POOLS": ["POOLS"]},
                        {"STORAGE_MAP": "Carbon at first", "CHANGE_MAP": "Gain and loss", "BY_CLASS": "Carbon of classes"}),
            "change": ("transitionmatrix", {"MAPS": ["EARLY", "LATE"]},
                       {"CHANGE_MAP": "What became what", "SUMMARY": "Areas"}),
        }
        for step, (name, inputs, outputs) in steps.items():
            child = QgsProcessingModelChildAlgorithm("landcarbon:" + name)
            child.setChildId(step)
            for parameter, sources in inputs.items():
                child.addParameterSources(parameter, [given(source) for source in sources])
            made = {}
            for output, title in outputs.items():
                made[title] = QgsProcessingModelOutput(title, title)
                made[title].setChildId(step)
                made[title].setChildOutputName(output)
            child.setModelOutputs(made)
            model.addChildAlgorithm(child)
        model.updateDestinationParameters()
        model.setProvider(QgsApplication.processingRegistry().providerById("model"))
        dialog = self.person.open(model)
        self.fill_in(scene, dialog, {"EARLY": maps[:1], "LATE": maps[1:], "POOLS": ["metadata/sample/pools.csv"]})
        for name, wrapper in self.person.wrappers(dialog).items():
            if ":" in name:  # results that the toolbox makes on request only are left out otherwise
                wrapper.setParameterValue("TEMPORARY_OUTPUT", dialog.mainWidget().processing_context)
        before = self.person.tree()
        self.person.run(dialog)
        added = [layer for layer in self.person.tree() if layer not in before]
        titles = [title for _, _, outputs in steps.values() for title in outputs.values()]
        scene.must(sorted(layer.name() for layer in added) == sorted(titles),
                   f"the layers are called {[layer.name() for layer in added]}, not {titles}")
        for layer in added:
            self.looks(scene, "", layer, "" if layer.isSpatial() else "tableOut")
        tables = [layer.isSpatial() for layer in added]
        scene.must(tables == sorted(tables, reverse=True), f"tables above maps: {[layer.name() for layer in added]}")
        if self.photographer:
            self.photographer.results("own:model", dialog, added)
        self.person.close(dialog)

    # -- what a dialog begins with --------------------------------------------------------------------------------------

    def guess(self, scene):
        """Tables are found by their columns, columns by their names, years by the names of layers."""
        maps = [f"metadata/sample/landcover_{year}.tif" for year in (1990, 2005, 2020)]
        for path in maps + ["metadata/sample/classes.csv", "metadata/sample/pools.csv", "metadata/sample/factors.csv"]:
            self.layer_of(path)
        for name, parameter, table in (("carbonstorage", "POOLS", "pools"), ("carbonemission", "FACTORS", "factors"),
                                       ("carbonbudget", "POOLS", "pools")):
            dialog = self.person.open("landcarbon:" + name)
            shown = self.person.part(self.person.wrappers(dialog)[parameter], QComboBox).currentText()
            scene.must(shown.split(" [")[0] == table, f"{name}: {parameter} begins with \"{shown}\", not {table}")
            self.person.close(dialog)
        dialog = self.person.open("landcarbon:transitionmatrix")
        wrappers = self.person.wrappers(dialog)
        self.person.tick_layers(dialog, wrappers["MAPS"], [self.layer_of(path).name() for path in maps])
        scene.must(len(self.person.value(wrappers["MAPS"]) or []) == 3, f"MAPS: {self.person.value(wrappers['MAPS'])}")
        scene.must(self.person.value(wrappers["YEARS"]) == "1990,2005,2020", f"YEARS: {self.person.value(wrappers['YEARS'])!r}")
        results = self.person.run(dialog)
        scene.must(results.get("CHANGED_AREA_HA", 0) > 0, "no area changed")
        # What a person has typed stays.
        edit = self.person.part(wrappers["YEARS"], QLineEdit)
        self.person.type_text(edit, "1,2,3")
        wrappers["MAPS"].setParameterValue([self.layer_of(path).id() for path in maps[:2]],
                                           dialog.mainWidget().processing_context)
        self.person.settle()
        scene.must(self.person.value(wrappers["YEARS"]) == "1,2,3", "typed years are replaced")
        self.person.close(dialog)
        # Rasters of a summary may stand in any order.
        dialog = self.person.open("landcarbon:zonalsummary")
        wrappers = self.person.wrappers(dialog)
        wrappers["RASTERS"].setParameterValue([self.layer_of(path).id() for path in (maps[2], maps[0])],
                                              dialog.mainWidget().processing_context)
        self.person.settle()
        scene.must(self.person.value(wrappers["YEARS"]) == "2020,1990",
                   f"YEARS of a summary: {self.person.value(wrappers['YEARS'])!r}")
        self.person.close(dialog)
        dialog = self.person.open("landcarbon:carbonbudget")
        self.fill_in(scene, dialog, {"FIRST_MAP": [maps[0]], "LAST_MAP": [maps[2]]})
        scene.must(self.person.value(self.person.wrappers(dialog)["YEARS"]) == "1990,2020",
                   f"the model's YEARS: {self.person.value(self.person.wrappers(dialog)['YEARS'])!r}")
        self.person.close(dialog)
        self.tables_that_do_not_fit(scene, maps)
        self.guess_numbers(scene)
        self.names_of_years(scene, maps[2], maps[0])
        self.words_of_models(scene, maps[2])

    def names_of_years(self, scene, later, earlier):
        """With the later map first, no result says that it is about the time from the earlier one on."""
        def names(algorithm, inputs):
            dialog = self.person.open("landcarbon:" + algorithm)
            self.fill_in(scene, dialog, inputs)
            before = self.person.tree()
            self.person.run(dialog)
            log = self.person.log(dialog)
            self.person.close(dialog)
            return [layer.name() for layer in self.person.tree() if layer not in before], log
        changed, _ = names("transitionmatrix", {"MAPS": [later, earlier]})
        scene.must("Change of land cover 2020-1990" in changed, f"of 2020 and 1990: {changed}")
        inputs = {"LAND_COVER": [later], "LATER_LAND_COVER": [earlier], "POOLS": ["metadata/sample/pools.csv"]}
        changed, log = names("carbonstorage", inputs)
        scene.must("Change of carbon storage 2020-1990" in changed, f"made without being asked for: {changed}")
        scene.must("is the order right" in log, "nothing is said of the order of the maps")
        scene.must(not any("1990-2020" in name for name in changed), f"of 2020 and 1990: {changed}")
        del inputs["LATER_LAND_COVER"]
        alone, log = names("carbonstorage", inputs)
        scene.must(not any("Change" in name for name in alone), f"without a later map: {alone}; {log[-300:]}")
        scene.must(any("Carbon storage 2020" == name for name in alone), f"without a later map: {alone}")

    def guess_numbers(self, scene):
        """Numbers of years that names tell: with a price, from one map to the other, and the first year of a series."""
        first, second = "metadata/sample/landcover_1990.tif", "metadata/sample/landcover_2020.tif"
        series = "metadata/sample/series/temperature.tif"
        self.layer_of(series)

        def shows(dialog, name, wanted):
            value = self.person.value(self.person.wrappers(dialog)[name])
            scene.must(value == wanted, f"{dialog.windowTitle()}: {name} is {value!r}, not {wanted!r}")
        dialog = self.person.open("landcarbon:carbonstorage")
        self.fill_in(scene, dialog, {"LAND_COVER": [first], "LATER_LAND_COVER": [second]})
        shows(dialog, "YEARS_BETWEEN", None)  # without a price it is not wanted
        self.fill_in(scene, dialog, {"PRICE": ["40"]})
        shows(dialog, "YEARS_BETWEEN", 30)
        self.fill_in(scene, dialog, {"YEARS_BETWEEN": ["12"], "LATER_LAND_COVER": ["metadata/sample/landcover_2005.tif"]})
        shows(dialog, "YEARS_BETWEEN", 12)
        results = self.person.run(dialog)
        scene.must("NET_PRESENT_VALUE" in results, "no net present value")
        scene.must("are 15 years apart" in self.person.log(dialog), "nothing is said of 12 years between 1990 and 2005")
        self.person.close(dialog)
        dialog = self.person.open("landcarbon:carbonbalance")
        self.fill_in(scene, dialog, {"STORAGE_MAP": [first], "LATER_STORAGE_MAP": [second]})
        shows(dialog, "YEARS_BETWEEN", 30)
        self.person.close(dialog)
        dialog = self.person.open("landcarbon:soilrespiration")
        self.fill_in(scene, dialog, {"TEMPERATURE": [series]})
        shows(dialog, "FIRST_YEAR", 2001)
        self.person.close(dialog)

    def tables_that_do_not_fit(self, scene, maps):
        """Of the tables of the project, a required parameter begins with the one that fits, or with none: never with one
        that only stands first."""
        def shown(dialog, parameter):
            return self.person.part(self.person.wrappers(dialog)[parameter], QComboBox).currentText().split(" [")[0]
        dialog = self.person.open("landcarbon:flusscenarios")  # among classes, pools and factors there are no scenarios
        scene.must(shown(dialog, "SCENARIOS") == "", f"SCENARIOS begins with {shown(dialog, 'SCENARIOS')}")
        scene.must(self.person.value(self.person.wrappers(dialog)["CLASSES"]) is None, "CLASSES, which are optional, are chosen")
        self.fill_in(scene, dialog, {"YEARS": ["1990,2020"], "TARGET_YEAR": ["2035"], "DRIVERS": [maps[0]],
                                     "FIRST_MAP": [maps[0]], "PRESENT_MAP": [maps[2]]})
        said = "\n".join(self.person.press_run(dialog))
        scene.must("Scenarios" in said, f"Run without scenarios says {said!r}")
        self.person.close(dialog)
        self.layer_of("metadata/sample/scenarios.csv")
        dialog = self.person.open("landcarbon:flusscenarios")
        scene.must(shown(dialog, "SCENARIOS") == "scenarios", f"SCENARIOS begins with {shown(dialog, 'SCENARIOS')}")
        self.person.close(dialog)
        dialog = self.person.open("landcarbon:stirpat")
        scene.must(shown(dialog, "DATA") == "", f"stirpat: DATA begins with {shown(dialog, 'DATA')}")
        self.person.close(dialog)

    def words_of_models(self, scene, fitting):
        """A fault that a step finds is told with the labels of the model's own inputs."""
        inputs = {**self.task["models"]["landcarbon:carbonbudget"], "FIRST_MAP": ["metadata/sample/series/temperature.tif"],
                  "LAST_MAP": [fitting]}
        self.load_inputs(QgsApplication.processingRegistry().createAlgorithmById("landcarbon:carbonbudget"), inputs)
        dialog = self.person.open("landcarbon:carbonbudget")
        self.fill_in(scene, dialog, inputs)
        self.person.press_run(dialog)
        self.person.wait(lambda: self.person.finished is not None or not self.person.running(dialog), 60)
        log = self.person.log(dialog)
        scene.must("First land-cover map (FIRST_MAP)" in log and "(MAPS)" not in log,
                   f"a fault of the model's inputs is told so: {log[-600:]}")
        self.person.close(dialog)
        self.faults_within_models(scene)

    def fault_of_model(self, model, inputs):
        """Runs a model that fails; returns its log and the layers that it loads."""
        inputs = {**self.task["models"]["landcarbon:" + model], **inputs}
        self.load_inputs(QgsApplication.processingRegistry().createAlgorithmById("landcarbon:" + model), inputs)
        dialog = self.person.open("landcarbon:" + model)
        scene = Scene()
        self.fill_in(scene, dialog, inputs)
        assert not scene.problems, scene.problems
        before = self.person.tree()
        self.person.press_run(dialog)
        self.person.wait(lambda: self.person.finished is not None or not self.person.running(dialog), 60)
        self.person.settle(0.1)
        log = self.person.log(dialog)
        self.person.close(dialog)
        return log, [layer.name() for layer in self.person.tree() if layer not in before]

    def faults_within_models(self, scene):
        """Warnings are told in the model's words as well; what a step has of the model itself is called the step's; and
        nothing that the first steps made is loaded."""
        maps = {year: [f"metadata/sample/landcover_{year}.tif"] for year in (1990, 2005, 2020)}
        log, loaded = self.fault_of_model("carbonbudget", {"FIRST_MAP": maps[2020], "LAST_MAP": maps[1990],
                                                     "MAPS_BETWEEN": maps[2005], "YEARS": [""]})
        scene.must("First land-cover map (FIRST_MAP), " in log and "do not ascend: 2020, 2005, 1990; in the order of time "
                   "they are 1990, 2005, 2020" in log and "(MAPS)" not in log, f"maps in a wrong order: {log[-2500:]}")
        scene.must("Carbon balance at the last date 1990" in loaded and "Map of the carbon balance at the last date 1990" in loaded,
                   f"results of the last date say no year: {loaded}")
        scene.must("Last land-cover map (LAST_MAP): by its name" in log and "LATER_LAND_COVER)" not in log,
                   f"maps in a wrong order, of the storage: {log[-2500:]}")
        log, loaded = self.fault_of_model("carbonbudget", {"FIRST_MAP": maps[2020], "LAST_MAP": maps[2020]})
        scene.must("Last land-cover map (LAST_MAP): " in log and "nothing changes" in log,
                   f"the map as its own later map: {log[-900:]}")
        scene.must(not loaded and "not correctly generated" not in log, f"a model that failed loads {loaded}: {log[-600:]}")
        log, loaded = self.fault_of_model("flusscenarios", {"SCENARIOS": ["metadata/sample/classes.csv"]})
        scene.must('"Name of the scenario" of the step "Demand, ' in log and "SCENARIO_NAME)" not in log,
                   f"what the model has fixed: {log[-600:]}")
        scene.must(not loaded, f"a model that failed loads {loaded}")
        log, loaded = self.fault_of_model("flusscenarios", {"TARGET_YEAR": ["2035,2060"]})
        scene.must('Year of the scenarios (TARGET_YEAR): "2035,2060" is not a number' in log,
                   f"two years where one is simulated: {log[-600:]}")
        scene.must(not loaded, f"a model that failed loads {loaded}")
        series = "metadata/sample/series/temperature.tif"
        dialog = self.person.open("landcarbon:discretize")
        self.fill_in(scene, dialog, {"RASTER": [series]})
        self.person.run(dialog)
        log = self.person.log(dialog)
        self.person.close(dialog)
        scene.must("band 1 is used; for another one show that band alone in the layer's symbology" in log and "|band=" not in log,
                   f"one band of several: {log[-900:]}")

    # -- models -------------------------------------------------------------------------------------------------------

    def run_model(self, scene, algorithm, inputs):
        self.load_inputs(algorithm, inputs)
        dialog = self.person.open(algorithm)
        self.fill_in(scene, dialog, inputs)
        before = self.person.tree()
        results = self.person.run(dialog, 300)
        added = [layer for layer in self.person.tree() if layer not in before]
        return dialog, added, self.numbers_of(results)

    def numbers_of(self, results):
        return {f"{step}:{name}": value for step, found in results.get("CHILD_RESULTS", {}).items()
                for name, value in found.items() if isinstance(value, float)}

    def model(self, scene, name):
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(name)
        dialog, added, numbers = self.run_model(scene, algorithm, self.task["models"][name])
        self.numbers[name] = numbers
        scene.must(len(numbers) > 3, f"the steps give {len(numbers)} numbers")
        self.help_button(scene, dialog, algorithm.displayName())
        scene.must(1 <= len(added) <= 9, f"{len(added)} layers are loaded: {[layer.name() for layer in added]}")
        names = [layer.name() for layer in added]
        scene.must(len(set(names)) == len(names), f"several layers have one name: {names}")
        titles = [result.description() for result in algorithm.destinationParameterDefinitions()]
        for layer in names:
            scene.must(any(layer.startswith(title) for title in titles), f"the layer \"{layer}\" has none of the titles {titles}")
        for layer in added:
            is_table = layer.type() == QgsMapLayerType.VectorLayer and not layer.isSpatial()
            self.looks(scene, "", layer, "tableOut" if is_table else "")
        self.folded(scene, added)
        if added:
            scene.must(added[0].isSpatial(), f"the layer tree begins with a table: {names}")
        if self.photographer:
            self.photographer.results(name, dialog, added)
        self.person.close(dialog)

    def designer(self, scene, name):
        """The toolbox's context menu copies the model and opens it; each step's dialog is opened and left with OK."""
        from processing.gui.ProviderActions import ProviderContextMenuActions
        from processing.modeler.ModelerDialog import ModelerDialog
        shipped = QgsApplication.processingRegistry().createAlgorithmById(name)
        entries = []
        for action in ProviderContextMenuActions.actions:
            action.setData(shipped, None)
            if not action.is_separator and action.isEnabled() and "Copy" in action.name:
                entries.append(action)
        if not scene.must(len(entries) == 1, f"{len(entries)} entries of the context menu copy the model"):
            return
        opened = len(ModelerDialog.dlgs)
        entries[0].execute()
        self.person.settle(0.1)
        if not scene.must(len(ModelerDialog.dlgs) == opened + 1, "the designer does not open"):
            return
        window = ModelerDialog.dlgs[-1]
        window.resize(1500, 900)
        self.person.settle(0.1)
        model = window.model()
        if not scene.must(len(model.childAlgorithms()) > 0, "the designer shows no steps"):
            return
        if self.photographer:
            self.photographer.designer(name, window)
        edited = []

        def press_ok(dialog):
            self.person.on_dialog = None
            edited.append(dialog)
            QTest.mouseClick(dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.Ok), Qt.LeftButton)
            if dialog.isVisible():
                scene.problems.append(f"{dialog.windowTitle()}: OK does not close the dialog")
                dialog.reject()
        before = {step: child.description() for step, child in model.childAlgorithms().items()}
        for step in before:
            items = [item for item in window.view().scene().items() if hasattr(item, "component") and
                     hasattr(item.component(), "childId") and hasattr(item.component(), "algorithmId") and
                     item.component().childId() == step]
            if not scene.must(len(items) == 1, f"the step {step} is not drawn"):
                continue
            self.person.on_dialog = press_ok
            items[0].editComponent()
            self.person.on_dialog = None
        scene.must(len(edited) == len(before), f"{len(edited)} of {len(before)} steps have a dialog")
        scene.must({step: child.description() for step, child in window.model().childAlgorithms().items()} == before,
                   "the steps are not those of before")
        valid, problems = window.model().validate()
        scene.must(valid, f"after OK the model is not valid: {problems}")
        scene.must(not self.person.said, f"messages: {self.person.said}")
        path = pathlib.Path(window.model().sourceFilePath())
        path.unlink()
        scene.must(window.saveModel(False) is not False and path.is_file(), "the model cannot be saved")
        # Run, from the designer's own button: what the edited model gives.
        numbers = {}

        def run_it(dialog):
            self.person.on_dialog = None
            QTimer.singleShot(0, lambda: self.run_from_designer(scene, dialog, name, numbers))
        self.load_inputs(window.model(), self.task["models"][name])
        self.person.on_dialog = run_it
        window.actionRun().trigger()
        self.person.on_dialog = None
        window.setDirty(False)
        window.close()
        if name in self.numbers:
            differ = {key: (value, numbers.get(key)) for key, value in self.numbers[name].items()
                      if value != numbers.get(key) and not (math.isnan(value) and math.isnan(numbers.get(key, 0)))}
            scene.must(not differ, f"the edited model gives other numbers: {differ}")

    def run_from_designer(self, scene, dialog, name, numbers):
        try:
            self.fill_in(scene, dialog, self.task["models"][name])
            results = self.person.run(dialog, 300)
            numbers.update(self.numbers_of(results))
        except AssertionError as error:
            scene.problems.append(f"run in the designer: {error}")
        finally:
            dialog.reject()


def main():
    task = json.loads(os.environ["LANDCARBON_TASK"])
    faulthandler.enable()
    try:
        Theatre(task).play()
    except BaseException:
        with open(task["results"], "a", encoding="utf-8") as results:
            results.write(json.dumps({"broke": traceback.format_exc()}) + "\n")
    os._exit(0)  # QGIS would ask whether to save the project


if "LANDCARBON_TASK" in os.environ:
    QTimer.singleShot(1500, main)
