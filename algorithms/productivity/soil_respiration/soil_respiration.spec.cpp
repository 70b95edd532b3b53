// Land Carbon Toolbox: soil respiration: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "productivity/soil_respiration/soil_respiration.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, SoilRespirationOptions& o) {
    spec.id = "soil_respiration";
    spec.name = "Soil respiration";
    spec.group = "productivity";
    spec.summary = "Carbon emitted by soils, from temperature and precipitation.";
    spec.description =
        "Estimates heterotrophic soil respiration cell by cell with the empirical formula of Pei et al. (2009), from "
        "rasters of mean temperature and total precipitation, and gives one band a year in g C/m2. Subtracted from "
        "net primary productivity (algorithm NEP) it gives net ecosystem productivity.\n\n"
        "The formula holds for a month. Monthly rasters are summed to years, with 30 days in every month as the "
        "formula is printed or with the true lengths of the months. All four constants can be changed.";
    spec.references = {
        "Pei, Z., Ouyang, H., Zhou, C., Xu, X. (2009). Carbon balance in an alpine steppe in the Qinghai-Tibet "
        "Plateau. "
        "Journal of Integrative Plant Biology 51, 521-526. https://doi.org/10.1111/j.1744-7909.2009.00813.x"};
    spec.tags = {"soil respiration", "heterotrophic respiration",
                 "carbon",           "NEP",
                 "temperature",      "precipitation",
                 "productivity",     "carbon source"};
    spec.raster_stack("temperature", o.temperature)
        .named("Temperature")
        .says(
            "Mean temperature of each step, in order: bands of one file or many files. Monthly steps begin with "
            "January "
            "and make whole years.")
        .in("degrees Celsius")
        .count_at_least(1)
        .in_time();
    spec.raster_stack("precipitation", o.precipitation)
        .named("Precipitation")
        .says(
            "Total precipitation of each step, as many bands as the temperature and in the same order. Cells with less "
            "than 0 become NoData and are counted.")
        .in("mm")
        .count_at_least(1)
        .in_time();
    spec.choice("step", o.step,
                {{{"monthly", "Months (12 bands a year)"}, RespirationStep::monthly},
                 {{"annual", "Years (one band a year)"}, RespirationStep::annual}})
        .named("Time step")
        .says(
            "What the bands are. monthly: 12 bands a year, whose respiration is summed. annual: one band a year, put "
            "into the same formula; the formula was made for months, so prefer monthly rasters.");
    spec.choice("month_days", o.month_days,
                {{{"thirty", "30 days"}, MonthDays::thirty}, {{"calendar", "True lengths"}, MonthDays::calendar}})
        .named("Days of a month")
        .says(
            "How long a step is. thirty: every step has 30 days, as the formula is printed (an annual step too). "
            "calendar: the true length "
            "of each month, or of the year in annual steps; leap years are known when the first year is given.");
    spec.integer("first_year", o.first_year)
        .named("First year")
        .says(
            "Year of the first step; names the bands and, with calendar lengths, identifies leap years. If omitted, "
            "years "
            "are "
            "counted from 1 and have 365 days.")
        .begins("temperature")
        .at_least(1)
        .at_most(9999)
        .optional();
    spec.real("base", o.constants.base)
        .named("Base rate")
        .says("Factor before the sum of the temperature and the rain term of the formula.")
        .in("g/m2/day")
        .above(0)
        .advanced();
    spec.real("temperature_rate", o.constants.temperature_rate)
        .named("Temperature constant")
        .says("Growth of the temperature term, exp(constant * T), per degree Celsius.")
        .advanced();
    spec.real("rain_rate", o.constants.rain_rate)
        .named("Precipitation constant")
        .says("Weight of precipitation in the rain term, ln(constant * R + 1), per mm.")
        .at_least(0)
        .advanced();
    spec.real("carbon_share", o.constants.carbon_share)
        .named("Carbon share")
        .says("Last factor of the formula, which turns the respiration into heterotrophic respiration in carbon.")
        .above(0)
        .advanced();
    spec.raster_out("respiration", o.respiration)
        .named("Soil respiration")
        .says("Soil respiration, one band a year.")
        .in("g C/m2/yr");
    spec.table_out("by_year", o.by_year)
        .named("Respiration by year")
        .says(
            "One row a year: its number and, when the first year is given, the year; days; valid cells and their area "
            "in ha; mean in g C/m2 and total in t C.")
        .with_columns({"step", "year", "days", "cells", "area_ha", "mean_gc_m2", "total_t"});
    spec.report_out("report", o.report)
        .named("Respiration report")
        .says("HTML report: mean of each year, spread over the map, the formula in force.");
    spec.number_out("mean", o.mean)
        .named("Mean respiration")
        .says("Mean over the area of all valid cells and all years.")
        .in("g C/m2/yr");
    spec.number_out("invalid_precipitation", o.invalid_precipitation)
        .named("Invalid precipitation")
        .says("Values of precipitation below 0, over all steps.");
}

}  // namespace

std::unique_ptr<Algorithm> make_soil_respiration() {
    return std::make_unique<BoundAlgorithm<SoilRespirationOptions>>(describe, soil_respiration);
}

}  // namespace landcarbon
