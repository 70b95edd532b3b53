#!/usr/bin/python3
# Land Carbon Toolbox: makes the models that the plugin ships (*.model3 in this folder).
# SPDX-License-Identifier: GPL-2.0-or-later
"""Usage: make_models.py [PLUGINS]      PLUGINS: the folder of the built plugin, build/plugins by default

Run it with the oldest QGIS that the toolbox supports (3.22): models are readable by later versions only."""
import os
import pathlib
import sys

os.environ.update(QT_QPA_PLATFORM="offscreen", QT_HASH_SEED="0")  # the same file each time
HERE = pathlib.Path(__file__).resolve().parent
PLUGINS = sys.argv[1] if len(sys.argv) > 1 else str(HERE.parents[1] / "build" / "plugins")
sys.path[:0] = ["/usr/share/qgis/python/plugins", PLUGINS]

from qgis.core import (QgsApplication, QgsProcessing, QgsProcessingModelAlgorithm, QgsProcessingModelChildAlgorithm,
                       QgsProcessingModelChildParameterSource, QgsProcessingModelOutput, QgsProcessingModelParameter,
                       QgsProcessingParameterMultipleLayers, QgsProcessingParameterNumber,
                       QgsProcessingParameterRasterLayer,
                       QgsProcessingParameterString, QgsProcessingParameterVectorLayer)
from qgis.PyQt.QtCore import QPointF, QSizeF

INPUT, STEP, RESULT, SECOND_STEP, SECOND_RESULT = 150, 480, 790, 1110, 1420  # columns of the designer's page
ROW = 55


def from_input(name):
    return QgsProcessingModelChildParameterSource.fromModelParameter(name)


def from_step(step, output):
    return QgsProcessingModelChildParameterSource.fromChildOutput(step, output)


class Model:
    """A model that is laid out while it is written down: inputs left, steps to their right, results beside them."""

    def __init__(self, name, description):
        self.model = QgsProcessingModelAlgorithm(name, "Studies", "studies")
        summary, text = description.split("\n\n")
        self.help = {"ALG_DESC": text, "SHORT_DESCRIPTION": summary}
        self.inputs = []

    def input(self, parameter, text, y, advanced=False):
        parameter.setHelp(text)
        component = QgsProcessingModelParameter(parameter.name())
        component.setDescription(parameter.description())
        component.setPosition(QPointF(INPUT, y))
        component.setSize(QSizeF(220, 34))
        self.model.addModelParameter(parameter, component)
        self.help[parameter.name()] = text
        self.inputs.append(parameter.name())

    def step(self, algorithm, short_id, title, sources, results, x, y, **helps):
        """`results` maps the algorithm's outputs to the names that users see, `helps` to other texts than its own."""
        child = QgsProcessingModelChildAlgorithm("landcarbon:" + algorithm)
        if not child.algorithm():
            sys.exit(f"ERROR: there is no algorithm landcarbon:{algorithm} in {PLUGINS}")
        child.setChildId(short_id)
        child.setDescription(title)
        child.setPosition(QPointF(x, y + ROW * (len(results) - 1) / 2))
        child.setSize(QSizeF(240, 34))
        for name, source in sources.items():
            assert child.algorithm().parameterDefinition(name), name
            child.addParameterSources(name, source if isinstance(source, list) else [source])
        for parameter in child.algorithm().parameterDefinitions():
            # As the designer does: a parameter that must have a value gets its default.
            if parameter.name() not in sources and parameter.defaultValue() is not None:
                child.addParameterSources(parameter.name(), [
                    QgsProcessingModelChildParameterSource.fromStaticValue(parameter.defaultValue())])
        outputs = {}
        for row, (output, name) in enumerate(results.items()):
            definition = child.algorithm().parameterDefinition(output)
            assert definition, output
            result = QgsProcessingModelOutput(name)
            result.setChildId(short_id)
            result.setChildOutputName(output)
            result.setDescription(name)
            result.setPosition(QPointF(x + RESULT - STEP, y + ROW * row))
            result.setSize(QSizeF(220, 34))
            outputs[name] = result
            self.help[f"{short_id}:{name}"] = helps.get(output, definition.help())
        child.setModelOutputs(outputs)
        self.model.addChildAlgorithm(child)

    def write(self, file_name):
        self.model.setParameterOrder(self.inputs)
        self.model.setHelpContent(self.help)
        self.model.updateDestinationParameters()
        valid, problems = self.model.validate()
        if not valid:
            sys.exit(f"ERROR: {file_name}: {problems}")
        if not self.model.toFile(str(HERE / file_name)):
            sys.exit(f"ERROR: {file_name} cannot be written")
        print(HERE / file_name)


def carbon_budget():
    """Land cover at two or more dates to change, storage, emission and balance."""
    model = Model(
        "Carbon budget",
        "The carbon budget of a changing landscape: transitions, storage, emission and balance.\n\n"
        "From land-cover maps of two or more dates and two coefficient tables: the matrix of transitions between all "
        "dates, the carbon storage at the first and the last date and its change, the carbon emission at both dates, "
        "and the balance of the two. All maps must share one grid.")
    model.input(QgsProcessingParameterRasterLayer("FIRST_MAP", "First land-cover map"),
                "Class raster of the earliest date.", 200)
    model.input(QgsProcessingParameterMultipleLayers("MAPS_BETWEEN", "Maps between", QgsProcessing.TypeRaster,
                                                     optional=True),
                "Class rasters of the dates between the first and the last map, in time order. They take part in the "
                "transition matrix only.", 110)
    model.input(QgsProcessingParameterRasterLayer("LAST_MAP", "Last land-cover map"),
                "Class raster of the latest date.", 470)
    model.input(QgsProcessingParameterVectorLayer("POOLS", "Carbon pools", [QgsProcessing.TypeVector]),
                "Table with one row for each class: class, c_above, c_below, c_soil, c_dead in t/ha.", 380)
    model.input(QgsProcessingParameterVectorLayer("FACTORS", "Emission factors", [QgsProcessing.TypeVector]),
                "Table with one row for each class: class and factor in t/ha a year; a sink has a negative factor.",
                620)
    model.input(QgsProcessingParameterString("YEARS", "Years", optional=True),
                "Year of each map, joined by commas, for example 1990,2005,2020. Left out, each step counts as one "
                "year.", 20)
    model.input(QgsProcessingParameterVectorLayer("CLASSES", "Class names", [QgsProcessing.TypeVector], optional=True),
                "Table with the columns class and, as wanted, name and colour (#rrggbb). Left out, names and colours "
                "come from the maps.", 290)
    model.input(QgsProcessingParameterVectorLayer("ZONES", "Zones", [QgsProcessing.TypeVectorPolygon], optional=True),
                "Polygons, for example counties, for which the balance is given one by one.", 760)
    model.inputs = ["FIRST_MAP", "MAPS_BETWEEN", "LAST_MAP", "YEARS", "POOLS", "FACTORS", "CLASSES", "ZONES"]

    model.step("transitionmatrix", "change", "Land-cover change",
               {"MAPS": [from_input("FIRST_MAP"), from_input("MAPS_BETWEEN"), from_input("LAST_MAP")],
                "YEARS": from_input("YEARS"), "CLASSES": from_input("CLASSES")},
               {"TRANSITIONS": "Transitions", "SUMMARY": "Change by class", "INTENSITY": "Intensity analysis",
                "CHANGE_MAP": "Change map", "REPORT": "Change report"}, STEP, 20)
    model.step("carbonstorage", "storage", "Carbon storage, first date and change",
               {"LAND_COVER": from_input("FIRST_MAP"), "LATER_LAND_COVER": from_input("LAST_MAP"),
                "POOLS": from_input("POOLS")},
               {"STORAGE_MAP": "First storage map", "CHANGE_MAP": "Change of storage", "BY_CLASS": "Storage by class",
                "REPORT": "Storage report"}, STEP, 320)
    model.step("carbonstorage", "later", "Carbon storage, last date",
               {"LAND_COVER": from_input("LAST_MAP"), "POOLS": from_input("POOLS")},
               {"STORAGE_MAP": "Last storage map"}, STEP, 560,
               STORAGE_MAP="Carbon storage of all pools of the last map. Unit: t/ha.")
    dates = (("First", "FIRST_MAP", "storage"), ("Last", "LAST_MAP", "later"))
    for number, (when, map_name, storage) in enumerate(dates, 1):
        model.step("carbonemission", f"emission{number}", f"Carbon emission, {when.lower()} date",
                   {"LAND_COVER": from_input(map_name), "FACTORS": from_input("FACTORS")},
                   {"EMISSION_MAP": f"{when} emission map", "BY_CLASS": f"{when} emission by class",
                    "REPORT": f"{when} emission report"}, STEP, 460 + 185 * number)
        model.step("carbonbalance", f"balance{number}", f"Carbon balance, {when.lower()} date",
                   {"STORAGE_MAP": from_step(storage, "STORAGE_MAP"),
                    "EMISSION_MAP": from_step(f"emission{number}", "EMISSION_MAP"), "ZONES": from_input("ZONES")},
                   {"BALANCE": f"{when} balance", "BALANCE_MAP": f"{when} balance map",
                    "REPORT": f"{when} balance report"}, SECOND_STEP, 185 + 230 * number)
    model.write("carbon_budget.model3")


def muus():
    """Land cover at two dates to storage, emission and balance on a grid, and what drives the balance."""
    model = Model(
        "Mu Us",
        "What drives the carbon balance of a landscape: budget of two dates, balance on a grid, Geodetector.\n\n"
        "As the study of the Mu Us Sandy Land does: from land-cover maps of two dates and two coefficient tables the "
        "carbon storage and emission at both dates, and the carbon balance index (storage / yearly emission) of the "
        "squares of a grid. Then the Geodetector of the last date's index with terrain, climate and human factors: what "
        "each explains, what each pair explains, and how it differs between their strata. Factors on other grids are "
        "brought to that of the land cover.")
    model.input(QgsProcessingParameterRasterLayer("FIRST_MAP", "First land-cover map"),
                "Class raster of the earlier date.", 110)
    model.input(QgsProcessingParameterRasterLayer("LAST_MAP", "Last land-cover map"),
                "Class raster of the later date.", 290)
    model.input(QgsProcessingParameterVectorLayer("POOLS", "Carbon pools", [QgsProcessing.TypeVector]),
                "Table with one row for each class: class, c_above, c_below, c_soil, c_dead in t/ha.", 200)
    model.input(QgsProcessingParameterVectorLayer("EMISSION_FACTORS", "Emission factors", [QgsProcessing.TypeVector]),
                "Table with one row for each class: class and factor in t/ha a year; a sink has a negative factor.",
                470)
    model.input(QgsProcessingParameterNumber("GRID_SIZE", "Size of squares", QgsProcessingParameterNumber.Double, 1000,
                                             False, 0),
                "Side of the squares that the balance is worked out for, in map units.", 380)
    model.input(QgsProcessingParameterMultipleLayers("TERRAIN", "Terrain factors", QgsProcessing.TypeRaster),
                "For example elevation, slope, aspect, soil. Rasters of floating-point numbers are divided into classes, "
                "others are classes.", 650)
    model.input(QgsProcessingParameterMultipleLayers("CLIMATE", "Climate factors", QgsProcessing.TypeRaster,
                                                     optional=True),
                "For example rainfall, temperature, radiation.", 740)
    model.input(QgsProcessingParameterMultipleLayers("HUMAN", "Human factors", QgsProcessing.TypeRaster, optional=True),
                "For example population, night lights, distance to roads.", 830)
    model.inputs = ["FIRST_MAP", "LAST_MAP", "POOLS", "EMISSION_FACTORS", "GRID_SIZE", "TERRAIN", "CLIMATE", "HUMAN"]

    dates = (("First", "FIRST_MAP"), ("Last", "LAST_MAP"))
    for number, (when, map_name) in enumerate(dates, 1):
        y = 230 * number - 190
        more = {"LATER_LAND_COVER": from_input("LAST_MAP")} if number == 1 else {}
        results = {"CHANGE_MAP": "Change of storage", "REPORT": "Storage report"} if number == 1 else {}
        model.step("carbonstorage", f"storage{number}", f"Carbon storage, {when.lower()} date",
                   {"LAND_COVER": from_input(map_name), "POOLS": from_input("POOLS"), **more},
                   {"STORAGE_MAP": f"{when} storage map", **results}, STEP, y,
                   STORAGE_MAP=f"Carbon storage of all pools of the {when.lower()} map. Unit: t/ha.")
        model.step("carbonemission", f"emission{number}", f"Carbon emission, {when.lower()} date",
                   {"LAND_COVER": from_input(map_name), "FACTORS": from_input("EMISSION_FACTORS")},
                   {"EMISSION_MAP": f"{when} emission map"}, STEP, y + 165)
        model.step("carbonbalance", f"balance{number}", f"Carbon balance, {when.lower()} date",
                   {"STORAGE_MAP": from_step(f"storage{number}", "STORAGE_MAP"),
                    "EMISSION_MAP": from_step(f"emission{number}", "EMISSION_MAP"),
                    "GRID_SIZE": from_input("GRID_SIZE")},
                   {"BALANCE": f"{when} balance", "BALANCE_MAP": f"{when} balance map",
                    "REPORT": f"{when} balance report"}, SECOND_STEP, y)
    model.step("geodetector", "drivers", "What drives the balance",
               {"RESPONSE": from_step("balance2", "BALANCE_MAP"),
                "FACTORS": [from_input("TERRAIN"), from_input("CLIMATE"), from_input("HUMAN")],
                "ALIGN": QgsProcessingModelChildParameterSource.fromStaticValue(True)},
               {"FACTOR": "Factors", "INTERACTION": "Interactions", "RISK": "Means by stratum",
                "ECOLOGICAL": "Differences between factors", "DISCRETIZATION_TABLE": "Discretisation",
                "REPORT": "Drivers report"}, SECOND_STEP, 560)
    model.write("muus.model3")


QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
import landcarbon

plugin = landcarbon.classFactory(None)
plugin.initProcessing()
carbon_budget()
muus()
plugin.unload()
application.exitQgis()
