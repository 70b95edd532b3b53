#!/usr/bin/python3
# Land Carbon Toolbox: makes the models that the plugin ships (*.model3 in this folder).
# SPDX-License-Identifier: GPL-2.0-or-later
"""Usage: make_models.py [PLUGINS]      PLUGINS: the folder of the built plugin, build/qgis by default

Run it with the oldest QGIS that the toolbox supports (3.22): models are readable by later versions only."""
import os
import pathlib
import sys

os.environ.update(QT_QPA_PLATFORM="offscreen", QT_HASH_SEED="0")  # the same file each time
HERE = pathlib.Path(__file__).resolve().parent
PLUGINS = sys.argv[1] if len(sys.argv) > 1 else str(HERE.parents[1] / "build" / "qgis")
sys.path[:0] = ["/usr/share/qgis/python/plugins", PLUGINS]

from qgis.core import (QgsApplication, QgsProcessing, QgsProcessingModelAlgorithm, QgsProcessingModelChildAlgorithm,
                       QgsProcessingModelChildParameterSource, QgsProcessingModelOutput, QgsProcessingModelParameter,
                       QgsProcessingParameterDefinition, QgsProcessingParameterEnum, QgsProcessingParameterField,
                       QgsProcessingParameterMultipleLayers, QgsProcessingParameterNumber,
                       QgsProcessingParameterRasterLayer, QgsProcessingParameterString,
                       QgsProcessingParameterVectorLayer)
from qgis.PyQt.QtCore import QPointF, QSizeF

# Columns of the designer's page: inputs, then steps and their results by turns.
INPUT, STEP, RESULT, SECOND_STEP, SECOND_RESULT, THIRD_STEP = 150, 480, 790, 1110, 1420, 1740
ROW = 55


def from_input(name):
    return QgsProcessingModelChildParameterSource.fromModelParameter(name)


def from_step(step, output):
    return QgsProcessingModelChildParameterSource.fromChildOutput(step, output)


def fixed(value):
    return QgsProcessingModelChildParameterSource.fromStaticValue(value)


class Model:
    """A model that is laid out while it is written down: inputs left, steps to their right, results beside them."""

    def __init__(self, name, description):
        self.model = QgsProcessingModelAlgorithm(name, "Studies", "studies")
        summary, text = description.split("\n\n")
        self.help = {"ALG_DESC": text, "SHORT_DESCRIPTION": summary}
        self.inputs = []

    def input(self, parameter, text, y, advanced=False):
        parameter.setHelp(text)
        if advanced:
            parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
        component = QgsProcessingModelParameter(parameter.name())
        component.setDescription(parameter.description())
        component.setPosition(QPointF(INPUT, y))
        component.setSize(QSizeF(220, 34))
        self.model.addModelParameter(parameter, component)
        self.help[parameter.name()] = text
        self.inputs.append(parameter.name())

    def match(self, y):
        """How rows of coefficient tables find the classes of the maps, for all steps that read such tables."""
        self.input(QgsProcessingParameterEnum("MATCH", "How classes are matched", ["codes_and_names", "codes", "names"],
                                              False, "codes_and_names", False, True),
                   "How the rows of the tables find the classes of the maps: by code, and the run stops where the names "
                   "disagree; by code alone; or by name, whatever the codes of the tables are.", y, advanced=True)
        return {"MATCH": from_input("MATCH")}

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
                child.addParameterSources(parameter.name(), [fixed(parameter.defaultValue())])
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

    def write(self, file_name, story, titles, dated=()):
        """`dated` maps results to the input whose year they are of, where no step can know it, and to "first" or "last": which
        of YEARS it is. `story` names the results that are loaded unless the user says otherwise, in the order that tells the story, the
        key map first; both map the names of results, which scripts know, to the titles that people read."""
        unknown = set(story) | set(titles)
        children = self.model.childAlgorithms()
        for child in children.values():
            outputs = child.modelOutputs()
            for name, output in outputs.items():
                unknown.discard(name)
                output.setDescription({**titles, **story}.get(name, name))
            child.setModelOutputs(outputs)
            self.model.setChildAlgorithm(child)
        if unknown:
            sys.exit(f"ERROR: {file_name}: there are no results {', '.join(sorted(unknown))}")
        # The plugin reads this; to a copy among the user's models it means nothing.
        variables = {"loaded_results": "; ".join(story)}
        if dated:
            variables["dated_results"] = "; ".join(f"{name}={','.join(source)}" for name, source in dated.items())
        self.model.setVariables(variables)
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
                "Year of each map, joined by commas, for example 1990,2005,2020. If omitted, each step counts as one "
                "year.", 20)
    model.input(QgsProcessingParameterVectorLayer("CLASSES", "Class names", [QgsProcessing.TypeVector], optional=True),
                "Table with the columns class and optionally name and colour (#rrggbb). If omitted, names and colours "
                "come from the maps.", 290)
    model.input(QgsProcessingParameterVectorLayer("ZONES", "Zones", [QgsProcessing.TypeVectorPolygon], optional=True),
                "Polygons, for example counties, for which the balance is given one by one.", 760)
    match = model.match(850)
    model.inputs = ["FIRST_MAP", "MAPS_BETWEEN", "LAST_MAP", "YEARS", "POOLS", "FACTORS", "CLASSES", "ZONES", "MATCH"]

    model.step("transitionmatrix", "change", "Land-cover change",
               {"MAPS": [from_input("FIRST_MAP"), from_input("MAPS_BETWEEN"), from_input("LAST_MAP")],
                "YEARS": from_input("YEARS"), "CLASSES": from_input("CLASSES")},
               {"TRANSITIONS": "Transitions", "SUMMARY": "Change by class", "INTENSITY": "Intensity analysis",
                "CHANGE_MAP": "Change map", "REPORT": "Change report"}, STEP, 20)
    model.step("carbonstorage", "storage", "Carbon storage, first date and change",
               {"LAND_COVER": from_input("FIRST_MAP"), "LATER_LAND_COVER": from_input("LAST_MAP"),
                "POOLS": from_input("POOLS"), **match},
               {"STORAGE_MAP": "First storage map", "CHANGE_MAP": "Change of storage", "BY_CLASS": "Storage by class",
                "REPORT": "Storage report"}, STEP, 320)
    model.step("carbonstorage", "later", "Carbon storage, last date",
               {"LAND_COVER": from_input("LAST_MAP"), "POOLS": from_input("POOLS"), **match},
               {"STORAGE_MAP": "Last storage map"}, STEP, 560,
               STORAGE_MAP="Carbon storage of all pools of the last map. Unit: t/ha.")
    dates = (("First", "FIRST_MAP", "storage"), ("Last", "LAST_MAP", "later"))
    for number, (when, map_name, storage) in enumerate(dates, 1):
        model.step("carbonemission", f"emission{number}", f"Carbon emission, {when.lower()} date",
                   {"LAND_COVER": from_input(map_name), "FACTORS": from_input("FACTORS"), **match},
                   {"EMISSION_MAP": f"{when} emission map", "BY_CLASS": f"{when} emission by class",
                    "REPORT": f"{when} emission report"}, STEP, 460 + 185 * number)
        model.step("carbonbalance", f"balance{number}", f"Carbon balance, {when.lower()} date",
                   {"STORAGE_MAP": from_step(storage, "STORAGE_MAP"),
                    "EMISSION_MAP": from_step(f"emission{number}", "EMISSION_MAP"), "ZONES": from_input("ZONES")},
                   {"BALANCE": f"{when} balance", "BALANCE_MAP": f"{when} balance map",
                    "REPORT": f"{when} balance report"}, SECOND_STEP, 185 + 230 * number)
    model.write("carbon_budget.model3",
                {"Change of storage": "Change of carbon storage", "Change map": "Land-cover change",
                 "Last balance map": "Map of the carbon balance at the last date",
                 "Last balance": "Carbon balance at the last date", "Transitions": "Areas of transitions",
                 "Storage by class": "Carbon storage by class"},
                {"First storage map": "Carbon storage at the first date", "Last storage map": "Carbon storage at the last date",
                 "First emission map": "Carbon emission at the first date", "Last emission map": "Carbon emission at the last date",
                 "First emission by class": "Carbon emission by class at the first date",
                 "Last emission by class": "Carbon emission by class at the last date",
                 "First balance": "Carbon balance at the first date",
                 "First balance map": "Map of the carbon balance at the first date",
                 "Change by class": "Gains and losses by class", "Intensity analysis": "Intensity of change",
                 "Change report": "Report of the land-cover change", "Storage report": "Report of the carbon storage",
                 "First emission report": "Report of the emission at the first date",
                 "Last emission report": "Report of the emission at the last date",
                 "First balance report": "Report of the balance at the first date",
                 "Last balance report": "Report of the balance at the last date"},
                {f"{when} {what}": (f"{when.upper()}_MAP", when.lower())
                 for when in ("First", "Last") for what in ("balance", "balance map")})


def nep_study():
    """Yearly productivity and climate to net ecosystem productivity, its trend, persistence and drivers."""
    model = Model(
        "NEP study",
        "Net ecosystem productivity of a region over the years: sources and sinks, trends, persistence and drivers.\n\n"
        "From yearly rasters of net primary productivity, temperature, precipitation and radiation and a land-cover "
        "map: soil respiration and net ecosystem productivity (NEP) of each year, its trend with significance, its "
        "Hurst exponent, whether significant trends may be expected to last, its partial correlation with each climate "
        "driver, its variability, and one series with rates for each class of land cover. All rasters must share one grid, and each "
        "series must have one band or file a year, in the same years.")
    series = (("NPP", "Net primary productivity", "Yearly net primary productivity, in time order: bands of one file "
               "or many files. The unit is g C/m2, or that of the product.", 200),
              ("TEMPERATURE", "Temperature", "Mean temperature of each year in degrees Celsius.", 290),
              ("PRECIPITATION", "Precipitation", "Precipitation of each year in mm.", 380),
              ("RADIATION", "Radiation", "Solar radiation of each year, in any unit.", 470))
    for name, title, text, y in series:
        model.input(QgsProcessingParameterMultipleLayers(name, title, QgsProcessing.TypeRaster), text, y)
    model.input(QgsProcessingParameterRasterLayer("LAND_COVER", "Land cover"),
                "Class raster: each class gets a series of its own.", 650)
    model.input(QgsProcessingParameterString("YEARS", "Years", optional=True),
                "Year of each step, for example 2001-2020. If omitted, rates are per step.", 110)
    model.input(QgsProcessingParameterEnum("NPP_PRODUCT", "Numbers of the productivity", ["grams", "mod17a3hgf"], False,
                                           "grams", False, True),
                "What the numbers of the productivity are: g C/m2, or those of the MODIS product as delivered.", 20)
    model.input(QgsProcessingParameterVectorLayer("CLASSES", "Class names", [QgsProcessing.TypeVector], optional=True),
                "Table with the columns class and name. If omitted, names come from the land-cover map.", 740)
    model.inputs = ["NPP", "NPP_PRODUCT", "TEMPERATURE", "PRECIPITATION", "RADIATION", "LAND_COVER", "YEARS", "CLASSES"]

    model.step("soilrespiration", "respiration", "Soil respiration",
               {"TEMPERATURE": from_input("TEMPERATURE"), "PRECIPITATION": from_input("PRECIPITATION"),
                "STEP": fixed("annual"), "MONTH_DAYS": fixed("calendar")},
               {"RESPIRATION": "Soil respiration", "BY_YEAR": "Respiration by year", "REPORT": "Respiration report"},
               STEP, 560)
    nep = from_step("nep", "NEP")
    model.step("nep", "nep", "Net ecosystem productivity",
               {"NPP": from_input("NPP"), "NPP_PRODUCT": from_input("NPP_PRODUCT"), "YEARS": from_input("YEARS"),
                "RESPIRATION": from_step("respiration", "RESPIRATION")},
               {"NEP": "NEP", "MEAN_NEP": "Mean NEP", "CLASSES": "NEP classes", "BY_CLASS": "NEP by class",
                "BY_YEAR": "NEP by year", "REPORT": "NEP report"}, STEP, 110)
    model.step("trend", "trend", "Trend of NEP", {"SERIES": nep, "YEARS": from_input("YEARS")},
               {"TREND": "Trend", "CLASSES": "Trend classes", "SUMMARY": "Areas of trends", "REPORT": "Trend report"},
               SECOND_STEP, 20)
    model.step("hurst", "hurst", "Persistence of NEP", {"SERIES": nep},
               {"HURST": "Hurst exponent", "CLASSES": "Persistence classes", "SUMMARY": "Areas of persistence",
                "REPORT": "Hurst report"}, SECOND_STEP, 270)
    model.step("partialcorrelation", "drivers", "Climate drivers of NEP",
               {"RESPONSE": nep, "DRIVERS": [from_input(name) for name in ("TEMPERATURE", "PRECIPITATION", "RADIATION")],
                "DRIVER_NAMES": fixed("temperature,precipitation,radiation")},
               {"CORRELATIONS": "Partial correlations", "CLASSES": "Correlation classes",
                "SUMMARY": "Areas of correlations", "REPORT": "Correlation report"}, SECOND_STEP, 520)
    model.step("zonalseries", "cover", "NEP by land cover",
               {"SERIES": nep, "YEARS": from_input("YEARS"), "CLASSES": from_input("LAND_COVER"),
                "CLASS_NAMES": from_input("CLASSES")},
               {"TABLE": "Series by land cover", "RATES": "Rates by land cover", "REPORT": "Land-cover report"},
               SECOND_STEP, 770)
    model.step("variability", "variability", "Variability of NEP", {"SERIES": nep},
               {"VARIABILITY": "Variability", "CLASSES": "Variability classes", "SUMMARY": "Areas of variability",
                "REPORT": "Variability report"}, SECOND_STEP, 965)
    # Trends that are significant at 5 % (|Z| from 1.96 on: classes from 3 on).
    model.step("trendpersistence", "future", "Expected trend of NEP",
               {"TREND": from_step("trend", "CLASSES"), "TREND_INPUT": fixed("classes"), "LEAST_CLASS": fixed(3),
                "HURST": from_step("hurst", "HURST")},
               {"FUTURE": "Expected trends", "SUMMARY": "Areas of expected trends", "REPORT": "Expectation report"},
               THIRD_STEP, 170)
    model.write("nep_study.model3",
                {"Mean NEP": "Mean net ecosystem productivity", "Trend classes": "Classes of the trend of NEP",
                 "Expected trends": "Expected trend of NEP", "NEP by year": "NEP by year",
                 "Rates by land cover": "Rates of NEP by land cover"},
                {"Soil respiration": "Soil respiration by year", "NEP": "Net ecosystem productivity by year",
                 "NEP classes": "Classes of mean NEP", "NEP by class": "Areas of the classes of mean NEP",
                 "Respiration by year": "Soil respiration of the region by year", "Trend": "Trend of NEP: slope and test",
                 "Areas of trends": "Areas of the classes of the trend", "Hurst exponent": "Hurst exponent of NEP",
                 "Persistence classes": "Classes of persistence of NEP", "Areas of persistence": "Areas of the classes of persistence",
                 "Partial correlations": "Partial correlations of NEP with the climate",
                 "Correlation classes": "Classes of correlation of NEP with the climate",
                 "Areas of correlations": "Areas of the classes of correlation", "Series by land cover": "NEP by land cover and year",
                 "Variability": "Variability of NEP", "Variability classes": "Classes of variability of NEP",
                 "Areas of variability": "Areas of the classes of variability",
                 "Areas of expected trends": "Areas of the expected trends", "Respiration report": "Report of the soil respiration",
                 "NEP report": "Report of NEP", "Trend report": "Report of the trend", "Hurst report": "Report of the persistence",
                 "Correlation report": "Report of the correlations", "Land-cover report": "Report of NEP by land cover",
                 "Variability report": "Report of the variability", "Expectation report": "Report of the expected trends"})


def carbon_neutral_zoning():
    """Yearbook figures of counties to indices, trends, elasticities, scenarios and zones."""
    model = Model(
        "Carbon-neutral zoning",
        "Counties on their way to carbon neutrality: indices, trends, drivers, scenarios and zones.\n\n"
        "From the yearbook figures of counties: carbon indices by county and year, their Theil-Sen slopes and "
        "Mann-Kendall tests, the drivers of emission by ridge regression (STIRPAT), paths of emission to 2060 in "
        "scenarios with their peaks, and zones by the scores of trends, peaking and land-use intensity. The coefficients "
        "are the published ones.")
    vector, polygon = [QgsProcessing.TypeVector], [QgsProcessing.TypeVectorPolygon]
    model.input(QgsProcessingParameterVectorLayer("YEARBOOK", "Yearbook", vector),
                "Table with a row for each county and year: amounts of energy, agriculture, animals, crops and land, "
                "population, GDP, and the drivers of emission. The columns with the county and the year are found by "
                "their names.", 100)
    model.input(QgsProcessingParameterVectorLayer("COUNTIES", "Counties", polygon),
                "Polygons of the counties, with their names as in the yearbook and a column cli: land-use intensity from "
                "0 to 1.", 370)
    model.input(QgsProcessingParameterField("DRIVERS", "Drivers of emission", parentLayerParameterName="YEARBOOK",
                                            allowMultiple=True),
                "Columns of the yearbook that explain the emission: population, GDP per head, energy intensity and so "
                "on. All their values must be above zero.", 180)
    model.input(QgsProcessingParameterVectorLayer("SCENARIOS", "Scenarios", vector),
                "Table with the columns scenario, period and for each driver NAME_growth or NAME_threshold.", 620)
    model.input(QgsProcessingParameterVectorLayer("FIELDS", "Quantities and columns", vector, optional=True),
                "Table with the columns quantity, field and scale, where columns are not called like the quantities.",
                270)
    model.input(QgsProcessingParameterNumber("ZONES", "Number of zones", QgsProcessingParameterNumber.Integer, 5, minValue=1,
                                             maxValue=20),
                "How many zones are made.", 760)
    model.inputs = ["YEARBOOK", "COUNTIES", "DRIVERS", "SCENARIOS", "FIELDS", "ZONES"]

    quantities = "cs_t;nce_t;ce_t;ecc;esc;cf_ha;ec_ha;ed_ha".split(";")
    model.step("carboncoefficients", "coefficients", "Published coefficients", {}, {}, STEP, 90)
    model.step("carbonindices", "indices", "Carbon indices",
               {"UNITS": from_input("YEARBOOK"), "COEFFICIENTS": from_step("coefficients", "COEFFICIENTS"),
                "KEEP_FIELDS": from_input("DRIVERS"), "POLYGONS": from_input("COUNTIES"),
                "FIELDS_TABLE": from_input("FIELDS")},
               {"INDICES": "Indices", "REGION": "Region", "REPORT": "Report of the indices"}, STEP, 190)
    model.step("trendtable", "trends", "Sen slopes and Mann-Kendall tests",
               {"TABLE": from_step("indices", "INDICES"), "LAYOUT": fixed("rows"), "UNIT_FIELD": fixed("unit"),
                "YEAR_FIELD": fixed("year"), "VALUE_FIELDS": fixed(quantities)},
               {"TREND": "Trends", "REPORT": "Trend report"}, SECOND_STEP, 60)
    model.step("stirpat", "stirpat", "Drivers of emission (STIRPAT)",
               {"DATA": from_step("indices", "INDICES"), "RESPONSE": fixed("ce_t"), "DRIVERS": from_input("DRIVERS")},
               {"COEFFICIENTS": "Elasticities", "RIDGE_TRACE": "Ridge trace", "REPORT": "STIRPAT report"},
               SECOND_STEP, 220)
    model.step("stirpatscenarios", "scenarios", "Scenarios to 2060",
               {"MODEL": from_step("stirpat", "MODEL"), "BASE": from_step("indices", "INDICES"),
                "UNIT_FIELD": fixed("unit"), "YEAR_FIELD": fixed("year"), "SCENARIOS": from_input("SCENARIOS"),
                "SINK": fixed("cs_t")},
               {"PATHS": "Paths", "MILESTONES": "Milestones", "REPORT": "Scenario report"}, SECOND_STEP, 400)
    model.step("carbonzoning", "zoning", "Carbon-neutral zones",
               {"UNITS": from_input("COUNTIES"), "TRENDS": from_step("trends", "TREND"),
                "CEP": from_step("scenarios", "MILESTONES"), "ZONES": from_input("ZONES")},
               {"ZONED": "Zones", "SUMMARY": "Summary of the zones", "REPORT": "Zoning report"}, SECOND_STEP, 620)
    model.write("carbon_neutral_zoning.model3",
                {"Zones": "Carbon-neutral zones", "Indices": "Carbon indices by county and year",
                 "Summary of the zones": "Summary of the zones", "Milestones": "Peaks and neutrality of emission by scenario",
                 "Trends": "Trends of the carbon indices"},
                {"Region": "Carbon indices of the region by year", "Elasticities": "Elasticities of the emission (STIRPAT)",
                 "Ridge trace": "Ridge trace of the elasticities", "Paths": "Paths of emission by scenario",
                 "Report of the indices": "Report of the carbon indices", "Trend report": "Report of the trends",
                 "STIRPAT report": "Report of the elasticities", "Scenario report": "Report of the scenarios",
                 "Zoning report": "Report of the zones"})


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
                "For example elevation, slope, aspect, soil. Measurements are divided into classes: rasters of "
                "floating-point numbers, and of whole numbers without class names where there are more than 30 different "
                "ones. All others are classes.", 650)
    model.input(QgsProcessingParameterMultipleLayers("CLIMATE", "Climate factors", QgsProcessing.TypeRaster,
                                                     optional=True),
                "For example rainfall, temperature, radiation.", 740)
    model.input(QgsProcessingParameterMultipleLayers("HUMAN", "Human factors", QgsProcessing.TypeRaster, optional=True),
                "For example population, night lights, distance to roads.", 830)
    match = model.match(1100)
    model.inputs = ["FIRST_MAP", "LAST_MAP", "POOLS", "EMISSION_FACTORS", "GRID_SIZE", "TERRAIN", "CLIMATE", "HUMAN",
                    "MATCH"]

    dates = (("First", "FIRST_MAP"), ("Last", "LAST_MAP"))
    for number, (when, map_name) in enumerate(dates, 1):
        y = 230 * number - 190
        more = {"LATER_LAND_COVER": from_input("LAST_MAP")} if number == 1 else {}
        results = {"CHANGE_MAP": "Change of storage", "REPORT": "Storage report"} if number == 1 else {}
        model.step("carbonstorage", f"storage{number}", f"Carbon storage, {when.lower()} date",
                   {"LAND_COVER": from_input(map_name), "POOLS": from_input("POOLS"), **more, **match},
                   {"STORAGE_MAP": f"{when} storage map", **results}, STEP, y,
                   STORAGE_MAP=f"Carbon storage of all pools of the {when.lower()} map. Unit: t/ha.")
        model.step("carbonemission", f"emission{number}", f"Carbon emission, {when.lower()} date",
                   {"LAND_COVER": from_input(map_name), "FACTORS": from_input("EMISSION_FACTORS"), **match},
                   {"EMISSION_MAP": f"{when} emission map"}, STEP, y + 165)
        model.step("carbonbalance", f"balance{number}", f"Carbon balance, {when.lower()} date",
                   {"STORAGE_MAP": from_step(f"storage{number}", "STORAGE_MAP"),
                    "EMISSION_MAP": from_step(f"emission{number}", "EMISSION_MAP"),
                    "GRID_SIZE": from_input("GRID_SIZE")},
                   {"BALANCE": f"{when} balance", "BALANCE_MAP": f"{when} balance map",
                    "REPORT": f"{when} balance report"}, SECOND_STEP, y)
    model.input(QgsProcessingParameterString("CONTINUOUS", "Factors that are measurements", optional=True),
                "File names of factors to be divided into classes although they look like classes, separated by commas.",
                920)
    model.input(QgsProcessingParameterString("CATEGORICAL", "Factors that are classes", optional=True),
                "File names of factors whose numbers are codes of classes although they look like measurements, separated "
                "by commas.", 1010)
    model.step("geodetector", "drivers", "What drives the balance",
               {"RESPONSE": from_step("balance2", "BALANCE_MAP"),
                "FACTORS": [from_input("TERRAIN"), from_input("CLIMATE"), from_input("HUMAN")],
                "CONTINUOUS": from_input("CONTINUOUS"), "CATEGORICAL": from_input("CATEGORICAL"),
                "ALIGN": QgsProcessingModelChildParameterSource.fromStaticValue(True)},
               {"FACTOR": "Factors", "INTERACTION": "Interactions", "RISK": "Means by stratum",
                "ECOLOGICAL": "Differences between factors", "DISCRETIZATION_TABLE": "Discretisation",
                "REPORT": "Drivers report"}, SECOND_STEP, 560)
    model.write("muus.model3",
                {"Change of storage": "Change of carbon storage", "Last balance map": "Carbon balance index at the last date",
                 "Last balance": "Carbon balance by square at the last date", "Factors": "What explains the carbon balance",
                 "Interactions": "What pairs of factors explain"},
                {"First storage map": "Carbon storage at the first date", "Last storage map": "Carbon storage at the last date",
                 "First emission map": "Carbon emission at the first date", "Last emission map": "Carbon emission at the last date",
                 "First balance": "Carbon balance by square at the first date",
                 "First balance map": "Carbon balance index at the first date",
                 "Means by stratum": "Mean balance by stratum of the factors",
                 "Differences between factors": "Differences between the factors", "Discretisation": "Strata of the factors",
                 "Storage report": "Report of the carbon storage",
                 "First balance report": "Report of the balance at the first date",
                 "Last balance report": "Report of the balance at the last date", "Drivers report": "Report of the factors"})


def flus_scenarios():
    """Demand, suitability, FLUS and carbon storage of three scenarios, as in the study beibu."""
    model = Model(
        "FLUS scenarios",
        "Land cover and carbon storage of three scenarios: demand, suitability, FLUS, carbon storage and their drivers.\n\n"
        "From two land-cover maps, drivers and carbon pools: the demand for land of the scenarios urbanised, agricultural "
        "and ecological, whose multipliers of transitions a table gives; the suitability of each cell for each class; a "
        "simulated map for each scenario; its carbon storage and the change against today; and a report that compares "
        "the scenarios. Geographically weighted regression tells how much each driver alone explains of the suitability "
        "of each class and of the change of storage, beside what the place alone explains, as the study of the Beibu Gulf "
        "does. All maps must share one grid.")
    model.input(QgsProcessingParameterRasterLayer("FIRST_MAP", "First land-cover map"),
                "Class raster of the earlier date; the transitions from it to the present map make the demand.", 130)
    model.input(QgsProcessingParameterRasterLayer("PRESENT_MAP", "Present land-cover map"),
                "Class raster that the simulations start from.", 240)
    model.input(QgsProcessingParameterString("YEARS", "Years of the two maps"),
                "Years of the first and the present map, for example 2005,2020.", 20)
    model.input(QgsProcessingParameterString("TARGET_YEAR", "Year of the scenarios"),
                "The one year that is simulated, after the present map, for example 2035.", 350)
    model.input(QgsProcessingParameterMultipleLayers("DRIVERS", "Drivers", QgsProcessing.TypeRaster),
                "Rasters that may explain where classes lie, for example elevation, slope and distances.", 570)
    model.input(QgsProcessingParameterVectorLayer("SCENARIOS", "Scenarios", [QgsProcessing.TypeVector]),
                "Table with the columns scenario, from, to and multiplier; the scenarios are called urbanised, "
                "agricultural and ecological. Transitions that it does not name go on as before.", 460)
    model.input(QgsProcessingParameterVectorLayer("POOLS", "Carbon pools", [QgsProcessing.TypeVector]),
                "Table with one row for each class: class, c_above, c_below, c_soil, c_dead in t/ha.", 790)
    model.input(QgsProcessingParameterVectorLayer("CLASSES", "Class names", [QgsProcessing.TypeVector], optional=True),
                "Table with the columns class and optionally name and colour (#rrggbb). If omitted, names and colours "
                "come from the maps.", 680)
    match = model.match(900)
    model.input(QgsProcessingParameterNumber("SAMPLES", "Cells of the regressions", QgsProcessingParameterNumber.Integer, 1000,
                                             False, 20, 1000000),
                "Number of cells, drawn at random, that the geographically weighted regressions are fitted on. Their time "
                "grows with it, and with the number of classes times drivers.", 1010, advanced=True)
    model.inputs = ["FIRST_MAP", "PRESENT_MAP", "YEARS", "TARGET_YEAR", "DRIVERS", "SCENARIOS", "POOLS", "CLASSES", "MATCH",
                    "SAMPLES"]

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
                    "DEMAND": from_step(f"demand{number}", "DEMAND"), "YEAR": from_input("TARGET_YEAR"),
                    "CLASSES": from_input("CLASSES")},
                   {"SIMULATED": f"Land cover {name}", "REPORT": f"Simulation report {name}"},
                   SECOND_STEP, 230 * number - 210)
        model.step("carbonstorage", f"storage{number}", f"Carbon storage, {name}",
                   {"LAND_COVER": from_input("PRESENT_MAP"),
                    "LATER_LAND_COVER": from_step(f"flus{number}", "SIMULATED"), "POOLS": from_input("POOLS"), **match},
                   {"CHANGE_MAP": f"Change of storage {name}", "BY_CLASS": f"Storage by class {name}",
                    "REPORT": f"Storage report {name}"}, THIRD_STEP, 230 * number - 210)
    model.step("scenariocomparison", "comparison", "Comparison of the scenarios",
               {"LAND_COVER": from_input("PRESENT_MAP"),
                "SCENARIOS": [from_step(f"flus{number}", "SIMULATED") for number in (1, 2, 3)],
                "NAMES": QgsProcessingModelChildParameterSource.fromStaticValue(",".join(scenarios)),
                "POOLS": from_input("POOLS"), "CLASSES": from_input("CLASSES"), **match},
               {"SUMMARY": "Comparison", "BY_CLASS": "Comparison by class", "REPORT": "Comparison report"},
               SECOND_STEP, 770)
    regression = {"DRIVER_MAPS": from_input("DRIVERS"), "MODE": fixed("each"), "SAMPLES": from_input("SAMPLES")}
    model.step("gwr", "places", "What each driver tells of the suitability",
               {"RESPONSES": from_step("suitability", "SUITABILITY"), **regression},
               {"R2_BY_DRIVER": "Suitability by driver", "REPORT": "Report of suitability by driver"}, SECOND_STEP, 940)
    model.step("gwr", "reasons", "What each driver tells of the change of storage",
               {"RESPONSES": [from_step(f"storage{number}", "CHANGE_MAP") for number in (1, 2, 3)],
                "RESPONSE_NAMES": fixed(",".join(scenarios)), **regression},
               {"R2_BY_DRIVER": "Change of storage by driver", "REPORT": "Report of change by driver"}, THIRD_STEP, 770)
    model.write("flus_scenarios.model3",
                {**{f"Change of storage {name}": f"Change of carbon storage, {name}" for name in reversed(scenarios)},
                 **{f"Land cover {name}": f"Land cover, {name}" for name in reversed(scenarios)},
                 "Comparison": "Comparison of the scenarios"},
                {**{f"{what} {name}": f"{title}, {name}" for name in scenarios for what, title in (
                    ("Demand", "Demand for land"), ("Storage by class", "Carbon storage by class"),
                    ("Demand report", "Report of the demand"), ("Simulation report", "Report of the simulation"),
                    ("Storage report", "Report of the carbon storage"))},
                 "Suitability": "Suitability of each class", "Contributions": "Contributions of the drivers",
                 "Suitability by driver": "R2 of the suitability of each class by each driver",
                 "Change of storage by driver": "R2 of the change of carbon storage by each driver",
                 "Report of suitability by driver": "Report of what each driver tells of the suitability",
                 "Report of change by driver": "Report of what each driver tells of the change of storage",
                 "Comparison by class": "Comparison of the scenarios by class", "Suitability report": "Report of the suitability",
                 "Comparison report": "Report of the comparison"})


QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
import landcarbon

plugin = landcarbon.classFactory(None)
plugin.initProcessing()
carbon_budget()
nep_study()
carbon_neutral_zoning()
muus()
flus_scenarios()
plugin.unload()
application.exitQgis()
