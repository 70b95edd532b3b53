# Land Carbon Toolbox: what a person does in QGIS: opens dialogs, types, picks layers, presses buttons, reads what appears.
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside QGIS 3.22 to 3.40. Nothing here knows the toolbox's algorithms."""
import pathlib
import re
import sys
import time
import traceback

from qgis.core import (QgsApplication, QgsMapLayer, QgsMapLayerType, QgsPalettedRasterRenderer, QgsProcessing,
                       QgsProject, QgsRasterLayer, QgsSingleBandPseudoColorRenderer, QgsVectorLayer)
from qgis.gui import QgsCheckableComboBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import QEventLoop, QObject, QPoint, Qt, QTimer, QUrl, pyqtSlot
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (QAbstractSpinBox, QApplication, QCheckBox, QComboBox, QDialog, QDialogButtonBox, QLabel,
                                 QLineEdit, QListView, QMessageBox, QToolButton, QWidget)

NOT_SHOWN = ("", None)


class Browser(QObject):
    """Stands where the web browser would be, and notes what QGIS wanted to open."""

    def __init__(self):
        super().__init__()
        self.opened = []
        for scheme in ("file", "http", "https"):
            QDesktopServices.setUrlHandler(scheme, self, "open")

    @pyqtSlot(QUrl)
    def open(self, url):
        self.opened.append(url)


class Person:
    """`said` gathers the texts of message boxes, which are closed as they come; `broke` what Python or QGIS complained of."""

    def __init__(self):
        self.said = []
        self.broke = []
        self.on_dialog = None  # called with a modal dialog that is no message box
        self.browser = Browser()
        self.watch = QTimer()
        self.watch.setInterval(50)
        self.watch.timeout.connect(self.look)
        self.watch.start()
        sys.excepthook = lambda kind, value, trace: self.broke.append(
            "".join(traceback.format_exception(kind, value, trace)[-4:]))
        QgsApplication.messageLog().messageReceived.connect(self.hear)

    def hear(self, text, tag="", level=0):
        # Not what a run says of its inputs, which stands in the dialog's log as well.
        if int(level) == 2 and (tag == "Python error" or "Error loading" in text):
            self.broke.append(f"{tag}: {text}")

    def look(self):
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            self.said.append(box.text() + ("\n" + box.detailedText() if box.detailedText() else ""))
            box.reject()
        elif box is not None and self.on_dialog is not None:
            self.on_dialog(box)

    def settle(self, seconds=0.02):
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec_() if hasattr(loop, "exec_") else loop.exec()

    def wait(self, until, seconds):
        """True as soon as `until()` is; False after so many seconds."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if until():
                return True
            self.settle(0.02)
        return bool(until())

    # -- dialogs ------------------------------------------------------------------------------------------------------

    def open(self, algorithm):
        """The dialog that a double click in the toolbox opens."""
        from processing.gui.AlgorithmDialog import AlgorithmDialog
        from qgis.utils import iface
        if isinstance(algorithm, str):
            algorithm = QgsApplication.processingRegistry().createAlgorithmById(algorithm)
        dialog = algorithm.createCustomParametersWidget(iface.mainWindow()) or AlgorithmDialog(
            algorithm, False, iface.mainWindow())
        dialog.show()
        self.settle()
        return dialog

    def close(self, dialog):
        dialog.close()
        dialog.deleteLater()
        self.settle()

    def wrappers(self, dialog):
        return dialog.mainWidget().wrappers

    def widget(self, wrapper):
        return wrapper.wrappedWidget() if hasattr(wrapper, "wrappedWidget") else wrapper.widget

    def part(self, wrapper, *kinds):
        """The first widget of one of these classes, in the order of the classes."""
        widget = self.widget(wrapper)
        for kind in kinds:
            if isinstance(widget, kind):
                return widget
            found = [child for child in widget.findChildren(kind)
                     if not isinstance(child, QLineEdit) or child.objectName() != "qt_spinbox_lineedit"]
            if found:
                return found[0]
        return None

    def label(self, wrapper):
        """What stands beside the widget, or on it."""
        for name in ("wrappedLabel", "label"):
            label = getattr(wrapper, name, None)
            label = label() if callable(label) else label
            if isinstance(label, QLabel):
                return re.sub(r"\s*\[optional\]$", "", label.text())
        box = self.widget(wrapper)
        return box.text() if isinstance(box, QCheckBox) else ""

    def value(self, wrapper):
        return wrapper.parameterValue()

    def type_text(self, box, text):
        edit = box.lineEdit() if isinstance(box, QAbstractSpinBox) else box
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key_Tab)

    def choose(self, wrapper, text):
        """Picks the entry of a list that shows `text`."""
        combo = self.part(wrapper, QComboBox)
        row = combo.findText(text)
        if row < 0:
            raise AssertionError(f"the list has no entry \"{text}\": {[combo.itemText(i) for i in range(combo.count())]}")
        combo.setCurrentIndex(row)
        combo.activated.emit(row)

    def pick_layer(self, wrapper, layer):
        combo = self.part(wrapper, QgsMapLayerComboBox)
        if combo is not None:
            combo.setLayer(layer)
            combo.activated.emit(combo.currentIndex())
            if combo.currentLayer() is None or combo.currentLayer().id() != layer.id():
                raise AssertionError(f"the layer \"{layer.name()}\" cannot be picked")
            return
        combo = self.part(wrapper, QComboBox)
        for row in range(combo.count()):
            if combo.itemText(row).split(" [")[0] == layer.name():
                combo.setCurrentIndex(row)
                combo.activated.emit(row)
                return
        raise AssertionError(f"the layer \"{layer.name()}\" is not in the list")

    def tick_layers(self, dialog, wrapper, names):
        """Presses the "..." beside a list of layers, ticks these and presses OK."""
        ticked = []

        def tick(pop_up):
            view = pop_up.findChild(QListView)
            model = view.model()
            for row in range(model.rowCount()):
                index = model.index(row, 0)
                if str(index.data()).split(" [")[0] in names and index.data(Qt.CheckStateRole) != Qt.Checked:
                    view.scrollTo(index)
                    box = view.visualRect(index)
                    QTest.mouseClick(view.viewport(), Qt.LeftButton, Qt.NoModifier,
                                     QPoint(box.left() + 10, box.center().y()))
                if index.data(Qt.CheckStateRole) == Qt.Checked:
                    ticked.append(str(index.data()).split(" [")[0])
            QTest.mouseClick(pop_up.findChild(QDialogButtonBox).button(QDialogButtonBox.Ok), Qt.LeftButton)

        def modal(pop_up):
            self.on_dialog = None
            tick(pop_up)
        self.on_dialog = modal
        QTest.mouseClick(self.part(wrapper, QToolButton), Qt.LeftButton)
        self.settle(0.1)
        self.on_dialog = None
        # In the dialog's own panel, where QGIS does not open a window for it.
        for panel in dialog.findChildren(QWidget):
            if not ticked and panel.isVisible() and panel.findChild(QListView) and re.fullmatch(
                    "QgsProcessingMultiple.*PanelWidget", panel.metaObject().className()):
                tick(panel)
        self.settle(0.1)
        if sorted(ticked) != sorted(names):
            raise AssertionError(f"ticked {ticked}, not {names}")

    def set(self, dialog, name, texts, layer_of):
        """Gives a parameter its value, as the manual's example writes it, through its widget."""
        parameter = dialog.algorithm().parameterDefinition(name)
        if parameter is None:
            raise AssertionError(f"there is no parameter {name}")
        wrapper = self.wrappers(dialog)[name]
        context = dialog.mainWidget().processing_context
        kind = parameter.type()
        if kind in ("raster", "vector", "source", "maplayer"):
            if "|" in texts[0]:  # a band, which nothing but typing can say
                wrapper.setParameterValue(str(layer_of(texts[0].split("|")[0]).source()) + "|" + texts[0].split("|")[1],
                                          context)
            else:
                self.pick_layer(wrapper, layer_of(texts[0]))
        elif kind == "multilayer":
            wrapper.setParameterValue([layer_of(part).id() for text in texts for part in text.split(",")], context)
        elif kind == "field":
            fields = [part for text in texts for part in text.split(",")]
            multiple = parameter.allowMultiple()
            wrapper.setParameterValue(fields if multiple else fields[0], context)
            got = self.value(wrapper)
            if [str(field) for field in (got if isinstance(got, list) else [got])] != fields:
                raise AssertionError(f"columns {fields} cannot be chosen; the dialog has {got}")
        elif kind == "number":
            self.type_text(self.part(wrapper, QAbstractSpinBox, QLineEdit), texts[0])
        elif kind == "enum":
            label = self.label_of_word(dialog, name, texts[0])
            try:
                self.choose(wrapper, label)
            except AssertionError:
                self.choose(wrapper, texts[0])
                raise
        elif kind == "boolean":
            self.part(wrapper, QCheckBox).setChecked(texts[0].lower() in ("true", "yes", "1"))
        elif kind == "matrix":
            wrapper.setParameterValue([cell.strip() for row in texts[0].split(";") for cell in row.split(",")], context)
        elif kind == "file":
            wrapper.setParameterValue(str(layer_of.path(texts[0])), context)
        elif kind == "string" and self.part(wrapper, QLineEdit) is not None:
            self.type_text(self.part(wrapper, QLineEdit), texts[0])
        else:
            wrapper.setParameterValue(texts[0], context)

    def label_of_word(self, dialog, name, word):
        """The label of a choice; this person has read the manual, which sets the words beside the labels."""
        known = self.labels.get((dialog.algorithm().id(), name))
        if known is None:  # a model: its choices are those of a step
            parameter = dialog.algorithm().parameterDefinition(name)
            widget = parameter.metadata().get("widget_wrapper") or {}
            known = dict(zip(parameter.options(), widget.get("labels", []) if isinstance(widget, dict) else []))
        return known.get(word, word)

    labels = {}

    # -- running ------------------------------------------------------------------------------------------------------

    def run_button(self, dialog):
        return dialog.runButton() if hasattr(dialog, "runButton") else dialog.buttonBox().button(QDialogButtonBox.Ok)

    def press_run(self, dialog):
        """Presses Run; returns what QGIS says at once, if it does not start."""
        self.said = []
        self.finished = None
        dialog.algorithmFinished.connect(lambda fine, results: setattr(self, "finished", fine))
        QTest.mouseClick(self.run_button(dialog), Qt.LeftButton)
        self.settle(0.01)
        item = dialog.messageBar().currentItem()
        return self.said or ([item.text()] if item is not None else [])

    def running(self, dialog):
        return not self.run_button(dialog).isEnabled()

    def log(self, dialog):
        from qgis.PyQt.QtWidgets import QTextEdit
        logs = [text for text in dialog.findChildren(QTextEdit) if text.objectName() == "txtLog"]
        return "\n".join(text.toPlainText() for text in logs)

    def run(self, dialog, seconds=120):
        """Runs and waits; returns the results. Raises with the log if the run does not succeed."""
        complaint = self.press_run(dialog)
        if complaint and not self.running(dialog) and self.finished is None:
            raise AssertionError("Run does not start: " + "; ".join(complaint))
        if not self.wait(lambda: self.finished is not None or not self.running(dialog), seconds):
            raise AssertionError(f"still running after {seconds} seconds: " + self.log(dialog)[-600:])
        self.settle(0.05)
        if not self.finished:
            raise AssertionError("the run fails: " + self.log(dialog)[-900:])
        return dialog.results()

    # -- layers -------------------------------------------------------------------------------------------------------

    def add_layer(self, path, name=None):
        """Drags a file into the project."""
        path = str(path)
        name = name or pathlib.Path(path).stem
        layer = QgsRasterLayer(path, name) if path.endswith((".tif", ".vrt")) else QgsVectorLayer(path, name, "ogr")
        if not layer.isValid():
            raise AssertionError(f"QGIS cannot load {path}")
        QgsProject.instance().addMapLayer(layer)
        return layer

    def tree(self):
        """The layers from top to bottom."""
        return [node.layer() for node in QgsProject.instance().layerTreeRoot().findLayers()]

    def unfolded(self, node):
        """Whether the legend of a layer is open in the panel, which has a mind of its own beside the node's."""
        from qgis.utils import iface
        view = iface.layerTreeView()
        index = view.node2index(node) if hasattr(view, "node2index") else view.layerTreeModel().node2index(node)
        return view.isExpanded(index)


def plain_path(layer):
    return layer.source().split("|")[0]


def style_of(layer):
    """What a person sees of a layer's style: (renderer, [(label, colour)]) and, for tables, the headings."""
    if layer.type() == QgsMapLayerType.RasterLayer:
        renderer = layer.renderer()
        if isinstance(renderer, QgsPalettedRasterRenderer):
            entries = [(entry.label, entry.color.name()) for entry in renderer.classes()]
        elif isinstance(renderer, QgsSingleBandPseudoColorRenderer):
            items = renderer.shader().rasterShaderFunction().colorRampItemList()
            entries = [(item.label, item.color.name()) for item in items]
        else:
            entries = []
        return renderer.type(), entries
    renderer = layer.renderer()
    kind = renderer.type() if renderer is not None else "table"
    entries = []
    if kind in ("categorizedSymbol", "graduatedSymbol"):
        entries = [(item.label(), item.symbol().color().name()) for item in renderer.legendSymbolItems() if item.symbol()]
    elif renderer is not None:
        entries = [(item.label(), "") for item in renderer.legendSymbolItems()]
    return kind, entries


def headings_of(layer):
    return [field.displayName() for field in layer.fields()]
