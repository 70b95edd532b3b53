# Land Carbon Toolbox: pictures of what the desktop test sees: dialogs, results with legends, designer, toolbox, help.
# SPDX-License-Identifier: GPL-2.0-or-later
import pathlib

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDockWidget, QTreeView
from qgis.utils import iface

LARGEST = 220_000  # bytes of one picture

# Scenes of which a picture is taken: as the dialog is filled in, and as the results are loaded.
DIALOGS = {
    "landcarbon:carbonstorage": "dialog", "landcarbon:trend": "dialog_trend", "landcarbon:geodetector": "dialog_geodetector",
    "landcarbon:flus": "dialog_flus", "landcarbon:stirpatscenarios": "dialog_stirpat_scenarios",
    "landcarbon:coefficienttable": "dialog_coefficient_table",
}
RESULTS = {
    "landcarbon:transitionmatrix": "map_change", "landcarbon:carbonstorage": "map_storage", "landcarbon:trend": "map_trend",
    "landcarbon:carbonbalance": "map_balance", "landcarbon:flus": "map_flus", "landcarbon:carbonzoning": "map_carbon_zoning",
    "landcarbon:carbonbudget": "map_storage_change", "landcarbon:carbonneutralzoning": "map_zones",
    "landcarbon:nepstudy": "map_nep", "landcarbon:muus": "map_muus", "landcarbon:flusscenarios": "map_scenarios",
}
# A layer that is brought to the top where the first one is not the subject.
SUBJECTS = {"landcarbon:trend": "classes"}
DESIGNERS = {"landcarbon:carbonbudget": "model_designer"}
HELP = {"landcarbon:carbonstorage": "help"}


class Photographer:
    def __init__(self, folder, person):
        self.folder = pathlib.Path(folder)
        self.person = person
        self.window = iface.mainWindow()

    def save(self, widget, name, seconds=0.5):
        self.person.settle(seconds)
        path = self.folder / f"{name}.png"
        widget.grab().save(str(path), "PNG", 0)
        if path.stat().st_size > LARGEST:
            raise AssertionError(f"{path.name} is larger than {LARGEST} bytes; take it of a smaller window")

    def dock(self, name):
        return self.window.findChild(QDockWidget, name)

    def dialog(self, name, dialog):
        if name in DIALOGS:
            dialog.resize(1000, 760)
            self.save(dialog, DIALOGS[name])

    def results(self, name, dialog, added):
        """The main window as it stands after the run, zoomed to the map; the legends of the inputs are folded."""
        if name not in RESULTS:
            return
        dialog.hide()
        for dock in self.window.findChildren(QDockWidget):
            dock.setVisible(dock.objectName() == "Layers")
        self.window.resize(1300, 800)
        self.window.resizeDocks([self.dock("Layers")], [340], Qt.Horizontal)
        nodes = QgsProject.instance().layerTreeRoot().findLayers()
        for node in nodes:
            if node.layer() not in added:
                node.setExpanded(False)
        maps = [node for node in nodes if node.layer() in added and node.layer().isSpatial()]
        subject = next((node for node in maps if SUBJECTS.get(name, "") in node.name().lower()), maps[0])
        for node in maps[:maps.index(subject)]:
            node.setItemVisibilityChecked(False)
        iface.setActiveLayer(subject.layer())
        iface.zoomToActiveLayer()
        self.save(self.window, RESULTS[name], 2)
        dialog.show()

    def designer(self, name, window):
        if name in DESIGNERS:
            window.view().fitInView(window.view().scene().itemsBoundingRect(), Qt.KeepAspectRatio)
            self.save(window, DESIGNERS[name], 1)

    def help(self, name, path):
        if name not in HELP:
            return
        try:
            from qgis.PyQt.QtWebKitWidgets import QWebView
        except ImportError:
            return
        from qgis.PyQt.QtCore import QUrl
        page = QWebView()
        page.resize(900, 1100)
        page.load(QUrl.fromLocalFile(str(path)))
        page.show()
        self.save(page, HELP[name], 2)
        page.close()

    def toolbox(self):
        """The toolbox with nothing but Land Carbon expanded."""
        dock = self.dock("ProcessingToolbox")
        dock.show()
        dock.setFloating(True)
        tree = next(view for view in dock.findChildren(QTreeView))
        model = tree.model()
        tree.collapseAll()
        for row in range(model.rowCount()):
            index = model.index(row, 0)
            if index.data() == "Land Carbon":
                tree.setExpanded(index, True)
                for child in range(model.rowCount(index)):
                    tree.setExpanded(model.index(child, 0, index), True)
                land_carbon = index
        dock.resize(380, 1150)
        self.person.settle()
        tree.scrollTo(land_carbon, QTreeView.PositionAtTop)
        self.save(dock, "toolbox")
        dock.setFloating(False)
