// Land Carbon Toolbox: zonal summary: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/algorithm.hpp"
#include "tables/zonal_summary/zonal_summary.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const ZonalSummaryOptions& o) {
    std::vector<UserError> errors = check_zoning(o.zones, o.grid_size);
    const auto refuse = [&](const char* id, const std::string& reason) {
        errors.emplace_back(id, parameter_name(id) + ": " + reason);
    };
    if (!o.zones.given() && !o.name_field.empty()) refuse("name_field", "only ZONES have fields");
    if (o.cell_shape == GridShape::hexagon && !o.grid_size)
        refuse("cell_shape", "hexagons need GRID_SIZE, the distance between their opposite sides");
    if (o.layout == SummaryLayout::rows && o.years.empty())
        refuse("layout", "one row for each zone and year needs YEARS, the year of each raster");
    return errors;
}

void describe(Spec& spec, ZonalSummaryOptions& o) {
    spec.id = "zonal_summary";
    spec.name = "Zonal summary";
    spec.group = "tables";
    spec.summary = "What any number of maps hold in each zone, square or hexagon: means, spreads, totals, class areas.";
    spec.description =
        "Sums any number of rasters over the polygons of a layer, or over squares or hexagons of a size in metres. Of "
        "measurements it gives mean, standard deviation, least and largest value and total; of class maps the area and "
        "share of each class and the largest one; of both the area and share that hold a value. Means weigh each cell "
        "with its exact area, also on maps in degrees.\n\n"
        "The result is one layer of polygons with all numbers, and one table, with maps of several years side by side "
        "or below one another: areas of land cover by county and year are what Carbon indices reads, and squares with "
        "means of factors what Geodetector of a table and GWR of a layer read.";
    spec.references = {
        "Snyder, J. P. (1987). Map projections: a working manual. U.S. Geological Survey Professional Paper 1395.",
        "Neal, R. M. (2015). Fast exact summation using small and large superaccumulators. "
        "https://arxiv.org/abs/1505.05571"};
    spec.tags = {"zonal statistics", "tabulate area", "fishnet", "grid",    "hexagons",
                 "squares",          "zones",         "mean",    "classes", "land cover"};
    spec.check = [&o] { return check(o); };
    Argument& rasters = spec.raster_stack("rasters", o.rasters);
    rasters.named("Rasters").says("Rasters on one grid, each with all its bands: class maps, measurements, or both.");
    rasters.years_in = "years";  // of several variables, in any order
    spec.text("raster_names", o.raster_names)
        .named("Names of the rasters")
        .says(
            "One name for each raster (band), separated by commas, with which its columns begin. If omitted, the "
            "files' "
            "names, and the bands' descriptions in files of several bands; with YEARS, without the year. Rasters of "
            "one "
            "name and several years are one variable.")
        .names_bands_of("rasters")
        .optional();
    spec.text("years", o.years)
        .named("Years")
        .says(
            "Year of each raster (band), in their order: years and ranges separated by commas, for example "
            "1990,2005,2020. Years may come back, once for each variable.")
        .optional();
    spec.text("continuous", o.continuous)
        .named("Rasters that are measurements")
        .says(
            "Which rasters hold measurements: positions (1 for the first) or names, separated by commas, with _ and "
            "the "
            "year behind the name where YEARS are given; or all, or none. Rasters that neither this nor CATEGORICAL "
            "names are judged by their values: floating-point rasters without class names are measurements, and so are "
            "whole numbers without class names or colours where there are more than 30 different ones; all others are "
            "classes. The log says how each was taken.")
        .optional();
    spec.text("categorical", o.categorical)
        .named("Rasters that are classes")
        .says("Which rasters hold codes of classes, whatever their values: as in CONTINUOUS.")
        .optional();
    spec.table_in("class_names", o.class_names)
        .named("Class names")
        .says("Table with the columns class and optionally name. If omitted, names come from the rasters.")
        .with_columns({"class", "name"})
        .optional();
    spec.vector_in("zones", o.zones)
        .named("Zones")
        .says(
            "Polygons, for example counties. Zones may overlap. Not together with GRID_SIZE; if both are omitted, the "
            "whole map is one zone.")
        .optional();
    spec.field_of("name_field", o.name_field)
        .named("Name of the zones")
        .says(
            "Field with the name or code that table and report call a zone by. If omitted, the first field that holds "
            "a "
            "text.")
        .of("zones")
        .optional();
    spec.real("grid_size", o.grid_size)
        .named("Size of squares")
        .says(
            "Side of the squares of a regular grid, or distance between opposite sides of its hexagons, counted from "
            "the upper left corner of the map. Metres also on maps in degrees or feet; map units where the map has no "
            "reference system. Not together with ZONES.")
        .in("m")
        .above(0)
        .optional();
    spec.choice("cell_shape", o.cell_shape,
                {{{"square", "Squares"}, GridShape::square}, {{"hexagon", "Hexagons"}, GridShape::hexagon}})
        .named("Shape of the grid")
        .says("What GRID_SIZE lays over the map.");
    spec.choice("coverage", o.coverage,
                {{{"centre", "Cells whose centre lies in the zone"}, Coverage::centre},
                 {{"fraction", "The share of each cell that lies in the zone"}, Coverage::fraction}})
        .named("Cells at the edge")
        .says(
            "With centre each cell belongs as a whole to the zones that its centre lies in. With fraction it counts "
            "with the share of it that lies in the zone, which is better where zones are not much larger than cells.");
    spec.flag("median", o.median)
        .named("Medians")
        .says(
            "Work out the medians of measurements too, by area. They are exact; the rasters are read again for them, "
            "usually twice.");
    spec.choice("layout", o.layout,
                {{{"wide", "One row a zone, columns for each raster"}, SummaryLayout::wide},
                 {{"long", "One row for each zone and year"}, SummaryLayout::rows}})
        .named("Layout of the table")
        .says(
            "With long, columns are those of the variables; the columns of a single variable have no name before "
            "them: forest_ha, grassland_ha. The layer is always wide.");
    spec.vector_out("summary", o.summary)
        .named("Zonal summary layer")
        .dated({"rasters", "years"})
        .says(
            "The polygons with their attributes, number of the zone, cells and area of the zone, and for each raster, "
            "with its name before them: mean, sd, min, max, median (where asked for), total (sum of value times ha), "
            "valid_ha and valid (area and "
            "share of the zone that hold a value); of class maps the area (_ha) and share (_share) of each class, "
            "majority and majority_name, valid_ha and valid. Squares and hexagons without a value are left out.")
        .with_columns({"zone", "cells", "area_ha"});
    spec.table_out("table", o.table)
        .named("Zonal summary table")
        .dated({"rasters", "years"})
        .says("The same numbers with the zone's name, in the layout of LAYOUT.")
        .with_columns({"zone", "name", "cells", "area_ha"});
    spec.report_out("report", o.report)
        .named("Zonal summary report")
        .says("HTML report: a map and a table of the zones for each of the first rasters.");
    spec.number_out("zone_count", o.zone_count)
        .named("Zones with a value")
        .says("Zones, squares or hexagons in which some raster holds a value.");
    spec.number_out("empty_zones", o.empty_zones)
        .named("Zones without a value")
        .says("Polygons in which no raster holds a value.");
    spec.number_out("zone_area_ha", o.zone_area_ha)
        .named("Area of the zones")
        .says("Area of all cells of the zones; where zones overlap, it counts for each.")
        .in("ha");
}

}  // namespace

std::unique_ptr<Algorithm> make_zonal_summary() {
    return std::make_unique<BoundAlgorithm<ZonalSummaryOptions>>(describe, zonal_summary);
}

}  // namespace landcarbon
