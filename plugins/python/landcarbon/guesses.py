# Land Carbon Toolbox: what a dialog begins with where the layers of the project tell it: tables by their columns, columns by
# their names, years and numbers of years by the names of layers and bands.
# SPDX-License-Identifier: GPL-2.0-or-later
import re
import weakref

from processing.gui.wrappers import dialogTypes
from qgis.core import QgsMapLayerType, QgsProcessingParameterDefinition, QgsProject
from qgis.gui import QgsGui, QgsProcessingGui
from qgis.PyQt.QtWidgets import QComboBox

from ._landcarbon import LandCarbon


def years_in(text):
    return [int(year) for year in LandCarbon.years_in(text).split(",") if year]


def is_raster(layer):
    return layer is not None and layer.type() == QgsMapLayerType.RasterLayer and layer.isValid()


def file_of(layer):
    """The name of a layer's file, without the folder."""
    return re.split(r"[/\\]", layer.source().split("|")[0])[-1]


def year_of(layer):
    """The one year in a layer's name, else in that of its file; None where there is none or several."""
    for text in (layer.name(), file_of(layer)):
        years = years_in(text)
        if len(years) == 1:
            return years[0]
    return None


def years_of_bands(layer):
    """The years of a layer's bands: those of their names, or a range in the layer's name that has as many years; else []."""
    count = layer.bandCount()
    found = [years_in(layer.dataProvider().generateBandName(band + 1)) for band in range(count)]
    if all(len(years) == 1 for years in found):
        return [years[0] for years in found]
    for text in (layer.name(), file_of(layer)):
        years = years_in(text)
        if len(years) == 2 and years[1] - years[0] + 1 == count:
            return list(range(years[0], years[1] + 1))
    return []


def years_of(layers, any_order=False):
    """The years of the steps that these layers hold one after the other; [] where one of them is not known or, unless they
    may stand in any order, they do not rise, so that nothing is guessed where something may be wrong."""
    years = []
    for layer in layers:
        if not is_raster(layer):
            return []
        if layer.bandCount() > 1:
            years += years_of_bands(layer) or [None]
        else:
            years.append(year_of(layer))
    if len(years) < 2 or None in years:
        return []
    if not any_order and any(later <= earlier for earlier, later in zip(years, years[1:])):
        return []
    return years


def years_between(earlier, later):
    """How many years lie between two layers; None where a name does not tell it or the second one is not later."""
    if len(earlier) != 1 or len(later) != 1 or not is_raster(earlier[0]) or not is_raster(later[0]):
        return None
    years = year_of(earlier[0]), year_of(later[0])
    return years[1] - years[0] if None not in years and years[1] > years[0] else None


def first_year(layers):
    """The year that a series begins with: of its first band, or the first of the one or two years that the first
    layer's name holds; None where that is not told."""
    if not layers or not is_raster(layers[0]):
        return None
    layer = layers[0]
    found = years_in(layer.dataProvider().generateBandName(1))
    if len(found) == 1:
        return found[0]
    for text in (layer.name(), file_of(layer)):
        years = years_in(text)
        if len(years) == 1 or (len(years) == 2 and years[0] < years[1]):
            return years[0]
    return None


def years_as_text(years):
    if len(years) > 2 and years == list(range(years[0], years[-1] + 1)):
        return f"{years[0]}-{years[-1]}"
    return ",".join(map(str, years))


# Columns that many tables have: they do not tell what a table is for.
COMMON = {"class", "name", "colour"}


def best_table(columns):
    """The layer of the project with the most of these columns; None where no layer has at least two and half of what a
    table may have, among them the first that is not common to many tables, or two layers have as many."""
    wanted = [column.lower() for column in columns]
    telling = next((column for column in wanted if column not in COMMON), None)
    ranked = []
    for layer in QgsProject.instance().mapLayers().values():
        if layer.type() != QgsMapLayerType.VectorLayer or not layer.isValid():
            continue
        found = set(wanted) & {field.name().lower() for field in layer.fields()}
        if len(found) >= max(2, len(wanted) / 2) and telling in found:
            ranked.append((len(found), layer.id()))
    ranked.sort(reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[1][0] == ranked[0][0]):
        return None
    return ranked[0][1]


def plain_name(text):
    return re.sub(r"[^0-9a-z\u0080-\uffff]+", "_", text.lower()).strip("_")


FROM_RASTERS = ["years_of", "years_between", "first_year_of"]


class Guess:
    """Sets one widget from others, until a person has said otherwise. `guess` holds one of
    columns: of the table to look for; likely: names of a column; years_of, years_between, first_year_of: names of raster
    parameters. With only_with, a number is guessed only where that parameter has a value; with any_order, years need not
    rise.

    It holds no widget alive: a widget that outlives its dialog ends QGIS when its layers go."""

    def __init__(self, wrapper, parent, guess, required):
        self.own = weakref.ref(wrapper)
        self.parent = parent  # name of the table that a column belongs to
        self.guess = guess
        self.required = required
        self.others = {}
        self.given = None  # what stands in the widget because of a guess

    def begin(self, context, wrappers):
        self.context = context
        names = [name for key in FROM_RASTERS + ["only_with"] for name in self.guess.get(key, [])]
        names += [self.parent] if "likely" in self.guess else []
        for other in wrappers:
            name = other.parameterDefinition().name()
            if name in names:
                self.others[name] = weakref.ref(other)
                other.widgetValueHasChanged.connect(self.look)
        if "columns" in self.guess and self.required:
            self.choose_table()
        self.look()

    def other(self, name):
        return self.others.get(name, lambda: None)()

    def layers(self, name):
        """The layers that a raster parameter names; None among them where one is no layer of the project."""
        wrapper = self.other(name)
        value = wrapper.parameterValue() if wrapper is not None else None
        entries = value if isinstance(value, list) else [value] if value else []
        project = QgsProject.instance()
        found = []
        for entry in entries:
            layer = project.mapLayer(str(entry)) if isinstance(entry, str) else entry
            if layer is None:
                layer = next((other for other in project.mapLayers().values() if other.source() == entry), None)
            found.append(layer)
        return found

    def look(self, *_):
        try:
            if self.own() is None:
                return
            value = self.own().parameterValue()
            if "likely" in self.guess:
                self.choose_column()
            elif any(key in self.guess for key in FROM_RASTERS) and (value in (None, "") or value == self.given):
                self.put(self.told())
        except RuntimeError:
            pass  # the dialog is being closed

    def told(self):
        """What the names of the layers tell; "" or None for nothing."""
        for name in self.guess.get("only_with", []):
            if self.other(name) is None or self.other(name).parameterValue() in (None, ""):
                return None
        if "years_between" in self.guess:
            return years_between(*[self.layers(name) for name in self.guess["years_between"]])
        if "first_year_of" in self.guess:
            return first_year(self.layers(*self.guess["first_year_of"]))
        layers = [layer for name in self.guess["years_of"] for layer in self.layers(name)]
        return years_as_text(years_of(layers, self.guess.get("any_order", False)))

    def put(self, value):
        if value in (None, ""):
            if self.given not in (None, ""):
                self.given = None
                self.own().setParameterValue(value, self.context)
            return
        self.own().setParameterValue(value, self.context)
        self.given = self.own().parameterValue()

    def choose_table(self):
        """The table that fits; where none does, none: QGIS would begin with the first table of the project, and the run
        would go on with it instead of asking."""
        table = best_table(self.guess["columns"])
        if table is not None:
            self.own().setParameterValue(table, self.context)
            return
        widget = self.own().wrappedWidget()
        for box in [widget] if isinstance(widget, QComboBox) else widget.findChildren(QComboBox):
            box.setCurrentIndex(-1)

    def choose_column(self):
        """Only when the table has changed: then QGIS shows the table's first column."""
        parent = self.other(self.parent)
        layer = parent.parameterValue() if parent is not None else None
        layer = getattr(getattr(layer, "source", None), "staticValue", lambda: layer)()
        layer = QgsProject.instance().mapLayer(layer) if isinstance(layer, str) else layer
        if layer is None or layer.type() != QgsMapLayerType.VectorLayer or layer.id() == self.given:
            return
        self.given = layer.id()
        names = [field.name() for field in layer.fields()]
        for likely in self.guess["likely"]:
            for name in names:
                if plain_name(name) == plain_name(likely):
                    self.own().setParameterValue(name, self.context)
                    return


class GuessingWidget:
    """QGIS's own widget for a parameter, which begins with what the data tell. Processing makes one for each parameter whose
    metadata names this class. Batch tables and the model designer get QGIS's widget as it is."""

    def __new__(cls, parameter, dialog, row=0, col=0, guess=None, **_):
        registry = QgsGui.processingGuiRegistry()
        kind = dialog.__class__.__name__
        if kind == "ModelerParametersDialog":
            wrapper = registry.createModelerParameterWidget(dialog.model, dialog.childId, parameter, dialog.context)
        else:
            wrapper = registry.createParameterWidgetWrapper(parameter, dialogTypes.get(kind, QgsProcessingGui.Standard))
        if kind == "AlgorithmDialog":
            # Not the parameter itself, which goes with its algorithm: Python would take the next one at its place for it.
            required = not parameter.flags() & QgsProcessingParameterDefinition.FlagOptional
            guessing = Guess(wrapper, getattr(parameter, "parentLayerParameterName", str)(), guess or {}, required)
            wrapper.guessing = guessing  # lives as long as its widget
            own = weakref.ref(wrapper)

            # Processing calls each of them once; taken away again, QGIS's own function is in sight.
            def create_and_remember(context):
                del own().createWrappedWidget
                guessing.context = context
                return own().createWrappedWidget(context)

            def begin_with_guess(wrappers):
                del own().postInitialize
                own().postInitialize(wrappers)
                guessing.begin(guessing.context, wrappers)

            wrapper.createWrappedWidget = create_and_remember
            wrapper.postInitialize = begin_with_guess
        wrapper.setDialog(dialog)
        return wrapper
