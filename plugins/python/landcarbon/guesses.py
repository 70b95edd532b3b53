# Land Carbon Toolbox: what a dialog begins with where the layers of the project tell it: tables by their columns, columns by
# their names, years by the names of layers and bands.
# SPDX-License-Identifier: GPL-2.0-or-later
import re
import weakref

from processing.gui.wrappers import dialogTypes
from qgis.core import QgsMapLayerType, QgsProject
from qgis.gui import QgsGui, QgsProcessingGui

YEAR = re.compile(r"(?<![0-9])(1[89][0-9]{2}|2[01][0-9]{2}|2200)(?![0-9])")


def years_in(text):
    return [int(year) for year in YEAR.findall(text)]


def year_of(layer):
    """The one year in a layer's name, else in that of its file; None where there is none or several."""
    for text in (layer.name(), re.split(r"[/\\]", layer.source().split("|")[0])[-1]):
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
    for text in (layer.name(), layer.source().split("|")[0].rsplit("/", 1)[-1]):
        years = years_in(text)
        if len(years) == 2 and years[1] - years[0] + 1 == count:
            return list(range(years[0], years[1] + 1))
    return []


def years_of(layers):
    """The years of the steps that these layers hold one after the other; [] where one of them is not known or they do not
    rise, so that nothing is guessed where something may be wrong."""
    years = []
    for layer in layers:
        if layer is None or layer.type() != QgsMapLayerType.RasterLayer or not layer.isValid():
            return []
        if layer.bandCount() > 1:
            years += years_of_bands(layer) or [None]
        else:
            years.append(year_of(layer))
    if len(years) < 2 or None in years or any(later <= earlier for earlier, later in zip(years, years[1:])):
        return []
    return years


def years_as_text(years):
    if len(years) > 2 and years[-1] - years[0] + 1 == len(years):
        return f"{years[0]}-{years[-1]}"
    return ",".join(map(str, years))


def best_table(columns):
    """The layer of the project with the most of these columns; None where no layer has at least two and half of what a
    table may have, or two layers have as many."""
    wanted = {column.lower() for column in columns}
    ranked = sorted(((len(wanted & {field.name().lower() for field in layer.fields()}), layer.id())
                     for layer in QgsProject.instance().mapLayers().values()
                     if layer.type() == QgsMapLayerType.VectorLayer and layer.isValid()), reverse=True)
    if not ranked or ranked[0][0] < max(2, len(wanted) / 2) or (len(ranked) > 1 and ranked[1][0] == ranked[0][0]):
        return None
    return ranked[0][1]


def plain_name(text):
    return re.sub(r"[^0-9a-z\u0080-\uffff]+", "_", text.lower()).strip("_")


class Guess:
    """Sets one widget from others, until a person has said otherwise. `guess` holds one of
    columns: of the table to look for; likely: names of a column; years_of: names of raster parameters.

    It holds no widget alive: a widget that outlives its dialog ends QGIS when its layers go."""

    def __init__(self, wrapper, parent, guess):
        self.own = weakref.ref(wrapper)
        self.parent = parent  # name of the table that a column belongs to
        self.guess = guess
        self.others = {}
        self.given = None  # what stands in the widget because of a guess

    def begin(self, context, wrappers):
        self.context = context
        names = self.guess.get("years_of", []) + ([self.parent] if "likely" in self.guess else [])
        for other in wrappers:
            name = other.parameterDefinition().name()
            if name in names:
                self.others[name] = weakref.ref(other)
                other.widgetValueHasChanged.connect(self.look)
        if "columns" in self.guess:
            table = best_table(self.guess["columns"])
            if table is not None:
                self.own().setParameterValue(table, context)
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
            elif "years_of" in self.guess and (value in (None, "") or value == self.given):
                years = years_of([layer for name in self.guess["years_of"] for layer in self.layers(name)])
                self.put(years_as_text(years))
        except RuntimeError:
            pass  # the dialog is being closed

    def put(self, value):
        if value in (None, ""):
            if self.given not in (None, ""):
                self.given = None
                self.own().setParameterValue(value, self.context)
            return
        self.own().setParameterValue(value, self.context)
        self.given = self.own().parameterValue()

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
            guessing = Guess(wrapper, getattr(parameter, "parentLayerParameterName", str)(), guess or {})
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
