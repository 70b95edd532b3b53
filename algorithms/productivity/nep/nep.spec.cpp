// Land Carbon Toolbox: net ecosystem productivity: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "productivity/nep/nep.hpp"
#include "spec/algorithm.hpp"
#include "time_series/series_times.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const NepOptions& o) {
    std::vector<UserError> errors;
    if (o.npp_product == NppProduct::mod17a3hgf && o.npp_scale)
        errors.emplace_back("npp_scale",
                            "NPP_SCALE: NPP_PRODUCT mod17a3hgf brings its own scale; leave one of them out");
    gather(errors, [&] { nep_classes(o.class_bounds); });
    gather(errors, [&] { read_years(o.years, "years"); });
    return errors;
}

void describe(Spec& spec, NepOptions& o) {
    spec.id = "nep";
    spec.name = "Net ecosystem productivity";
    spec.group = "productivity";
    spec.summary = "Carbon that an ecosystem takes up or emits: net primary productivity less respiration.";
    spec.description =
        "Subtracts heterotrophic soil respiration from net primary productivity, year by year and cell by cell. "
        "Where the difference is positive the land is a carbon sink, where it is negative a source.\n\n"
        "Gives NEP of every year, its mean over the years, classes from source to high sink with their areas, the mean "
        "and total of the region and the shares of sinks and sources. The respiration may come from the algorithm Soil "
        "respiration.";
    spec.references = {
        "Woodwell, G. M., Whittaker, R. H. (1968). Primary production in terrestrial ecosystems. American Zoologist 8, "
        "19-30. https://doi.org/10.1093/icb/8.1.19",
        "Running, S. W., Zhao, M. (2021). MODIS/Terra Net Primary Production Gap-Filled Yearly L4 Global 500 m SIN "
        "Grid "
        "(MOD17A3HGF), version 6.1. NASA LP DAAC. https://doi.org/10.5067/MODIS/MOD17A3HGF.061"};
    spec.tags = {"NEP",         "net ecosystem productivity",
                 "NPP",         "respiration",
                 "carbon sink", "carbon source",
                 "MODIS",       "MOD17A3HGF",
                 "carbon",      "productivity"};
    spec.check = [&o] { return check(o); };
    spec.raster_stack("npp", o.npp)
        .named("Net primary productivity")
        .says("NPP of each year, in order: bands of one file or many files.")
        .in("g C/m2/yr")
        .count_at_least(1)
        .in_time("years");
    spec.raster_stack("respiration", o.respiration)
        .named("Heterotrophic respiration")
        .says("Respiration of each year, as many bands as NPP and in the same order.")
        .in("g C/m2/yr")
        .count_at_least(1)
        .in_time("years");
    spec.text("years", o.years)
        .named("Years")
        .says(
            "Years of the steps, for names, table and chart: numbers and ranges separated by commas, as in 2001-2020. "
            "If omitted, steps are counted from 1.")
        .optional();
    spec.choice("npp_product", o.npp_product,
                {{{"grams", "Carbon in g C/m2, or in another unit by a scale"}, NppProduct::grams},
                 {{"mod17a3hgf", "MOD17A3HGF as delivered"}, NppProduct::mod17a3hgf}})
        .named("NPP product")
        .says(
            "What the NPP rasters hold. grams: g C/m2, or anything that NPP_SCALE turns into it. mod17a3hgf: the "
            "numbers of the "
            "MODIS product as delivered, 0.0001 kg C/m2 each, with fill values from 32761 on as NoData; a scale that "
            "the file declares is taken into account.");
    spec.real("npp_scale", o.npp_scale)
        .named("Scale of NPP")
        .says("Factor that turns the values of NPP into g C/m2, e.g. 1000 for kg C/m2. If omitted, 1.")
        .above(0)
        .optional();
    spec.integer("min_valid", o.min_valid)
        .named("Minimum valid years")
        .says(
            "Number of years in which a cell needs NPP and respiration to get a mean and a class. If omitted, all "
            "years. With fewer, the mean is that of the years with values.")
        .at_least(1)
        .optional()
        .advanced();
    spec.text("class_bounds", o.class_bounds)
        .named("Class bounds")
        .says(
            "Ascending bounds between the classes of the mean NEP; a bound belongs to the class above it. 0,200,400 "
            "makes source, low, medium and high sink.")
        .in("g C/m2/yr")
        .advanced();
    spec.raster_out("nep", o.nep)
        .named("Net ecosystem productivity")
        .says("Net ecosystem productivity, one band a year.")
        .in("g C/m2/yr");
    spec.raster_out("mean_nep", o.mean_nep)
        .named("Mean net ecosystem productivity")
        .dated({"years"})
        .says("Mean of the yearly NEP over all years that have a value in the cell.")
        .in("g C/m2/yr");
    spec.raster_out("classes", o.classes)
        .named("Carbon sinks and sources")
        .dated({"years"})
        .says("Class of the mean NEP, from 1 for the lowest (source) upwards; 0 is NoData.");
    spec.table_out("by_class", o.by_class)
        .named("Carbon sinks and sources by class")
        .says(
            "One row for each class of the mean NEP: bounds and mean in g C/m2, cells, area in ha, share of the area "
            "(0 to 1), total in t C a year.")
        .with_columns(
            {"class", "name", "from_gc_m2", "to_gc_m2", "cells", "area_ha", "share", "mean_gc_m2", "total_t"});
    spec.table_out("by_year", o.by_year)
        .named("NEP by year")
        .says(
            "One row a year, over the cells that are valid in that year: cells, area in ha, mean in g C/m2, total in t "
            "C.")
        .with_columns({"step", "year", "cells", "area_ha", "mean_gc_m2", "total_t"});
    spec.report_out("report", o.report)
        .named("NEP report")
        .says("HTML report: mean and total, sources and sinks, spread over the map, year by year.");
    spec.number_out("mean", o.mean).named("Mean NEP").says("Mean over the area of all valid cells.").in("g C/m2/yr");
    spec.number_out("total_t", o.total_t)
        .named("Total NEP")
        .says("Mean NEP times the area of the valid cells; negative where more is emitted than taken up.")
        .in("t C/yr");
    spec.number_out("sink_share", o.sink_share)
        .named("Share of sinks")
        .says("Share (0 to 1) of the area whose mean NEP is 0 or above.");
    spec.number_out("source_share", o.source_share)
        .named("Share of sources")
        .says("Share (0 to 1) of the area whose mean NEP is below 0.");
}

}  // namespace

std::unique_ptr<Algorithm> make_nep() { return std::make_unique<BoundAlgorithm<NepOptions>>(describe, nep); }

}  // namespace landcarbon
