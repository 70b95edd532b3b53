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
                       QgsProcessingParameterMultipleLayers, QgsProcessingParameterRasterLayer,
                       QgsProcessingParameterString, QgsProcessingParameterVectorLayer)
from qgis.PyQt.QtCore import QPointF, QSizeF

INPUT, STEP, RESULT, SECOND_STEP, SECOND_RESULT, THIRD_STEP = 150, 480, 790, 1110, 1420, 1740  # columns of the designer's page
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


def flus_scenarios():
    """Demand, suitability, FLUS and carbon storage of three scenarios, as in the study beibu."""
    model = Model(
        "FLUS scenarios",
        "Land cover and carbon storage of three scenarios: demand, suitability, FLUS and carbon storage.\n\n"
        "From two land-cover maps, drivers and carbon pools: the demand for land of the scenarios urbanised, agricultural "
        "and ecological, whose multipliers of transitions a table gives; the suitability of each cell for each class; a "
        "simulated map for each scenario; its carbon storage and the change against today; and a report that compares "
        "the scenarios. All maps must share one grid.")
    model.input(QgsProcessingParameterRasterLayer("FIRST_MAP", "First land-cover map"),
                "Class raster of the earlier date; the transitions from it to the present map make the demand.", 130)
    model.input(QgsProcessingParameterRasterLayer("PRESENT_MAP", "Present land-cover map"),
                "Class raster that the simulations start from.", 240)
    model.input(QgsProcessingParameterString("YEARS", "Years of the two maps"),
                "Years of the first and the present map, for example 2005,2020.", 20)
    model.input(QgsProcessingParameterString("TARGET_YEAR", "Year of the scenarios"),
                "Year that is simulated, after the present map, for example 2035.", 350)
    model.input(QgsProcessingParameterMultipleLayers("DRIVERS", "Drivers", QgsProcessing.TypeRaster),
                "Rasters that may explain where classes lie, for example elevation, slope and distances.", 570)
    model.input(QgsProcessingParameterVectorLayer("SCENARIOS", "Scenarios", [QgsProcessing.TypeVector]),
                "Table with the columns scenario, from, to and multiplier; the scenarios are called urbanised, "
                "agricultural and ecological. Transitions that it does not name go on as before.", 460)
    model.input(QgsProcessingParameterVectorLayer("POOLS", "Carbon pools", [QgsProcessing.TypeVector]),
                "Table with one row for each class: class, c_above, c_below, c_soil, c_dead in t/ha.", 790)
    model.input(QgsProcessingParameterVectorLayer("CLASSES", "Class names", [QgsProcessing.TypeVector], optional=True),
                "Table with the columns class and, as wanted, name and colour (#rrggbb). Left out, names and colours "
                "come from the maps.", 680)
    model.inputs = ["FIRST_MAP", "PRESENT_MAP", "YEARS", "TARGET_YEAR", "DRIVERS", "SCENARIOS", "POOLS", "CLASSES"]

    model.step("suitability", "suitability", "Suitability",
               {"LAND_COVER": from_input("PRESENT_MAP"), "DRIVERS": from_input("DRIVERS"),
                "CLASSES": from_input("CLASSES")},
               {"SUITABILITY": "Suitability", "CONTRIBUTIONS": "Contributions", "REPORT": "Suitability report"},
               STEP, 720)
    scenarios = ("urbanised", "agricultural", "ecological")
    for number, name in enumerate(scenarios, 1):
        model.step("landdemand", f"demand{number}", f"Demand, {name}",
                   {"FIRST": from_input("FIRST_MAP"), "SECOND": from_input("PRESENT_MAP"), "YEARS": from_input("YEARS"),
                    "TARGET_YEARS": from_input("TARGET_YEAR"), "SCENARIO": from_input("SCENARIOS"),
                    "SCENARIO_NAME": QgsProcessingModelChildParameterSource.fromStaticValue(name),
                    "CLASSES": from_input("CLASSES")},
                   {"DEMAND": f"Demand {name}", "REPORT": f"Demand report {name}"}, STEP, 230 * number - 210)
        model.step("flus", f"flus{number}", f"FLUS, {name}",
                   {"LAND_COVER": from_input("PRESENT_MAP"), "SUITABILITY": from_step("suitability", "SUITABILITY"),
                    "DEMAND": from_step(f"demand{number}", "DEMAND"), "CLASSES": from_input("CLASSES")},
                   {"SIMULATED": f"Land cover {name}", "REPORT": f"Simulation report {name}"},
                   SECOND_STEP, 230 * number - 210)
        model.step("carbonstorage", f"storage{number}", f"Carbon storage, {name}",
                   {"LAND_COVER": from_input("PRESENT_MAP"),
                    "LATER_LAND_COVER": from_step(f"flus{number}", "SIMULATED"), "POOLS": from_input("POOLS")},
                   {"CHANGE_MAP": f"Change of storage {name}", "BY_CLASS": f"Storage by class {name}",
                    "REPORT": f"Storage report {name}"}, THIRD_STEP, 230 * number - 210)
    model.step("scenariocomparison", "comparison", "Comparison of the scenarios",
               {"LAND_COVER": from_input("PRESENT_MAP"),
                "SCENARIOS": [from_step(f"flus{number}", "SIMULATED") for number in (1, 2, 3)],
                "NAMES": QgsProcessingModelChildParameterSource.fromStaticValue(",".join(scenarios)),
                "POOLS": from_input("POOLS"), "CLASSES": from_input("CLASSES")},
               {"SUMMARY": "Comparison", "BY_CLASS": "Comparison by class", "REPORT": "Comparison report"},
               SECOND_STEP, 770)
    model.write("flus_scenarios.model3")


QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
import landcarbon

plugin = landcarbon.classFactory(None)
plugin.initProcessing()
carbon_budget()
flus_scenarios()
plugin.unload()
application.exitQgis()
