// Land Carbon Toolbox: carbon densities carried over to a region by climate: the maths and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_density_correction/carbon_density_correction.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"

namespace landcarbon {

std::optional<double> linear_correction_factor(double slope, double intercept, double region, double reference) {
    const double there = slope * reference + intercept;
    const double here = slope * region + intercept;
    if (!(there > 0) || !(here > 0)) return std::nullopt;
    return here / there;
}

double rounded(double value, std::int64_t decimals) {
    const double scale = std::pow(10.0, static_cast<double>(decimals));
    return std::round(value * scale) / scale;
}

PoolDensities pools_from_soil(double soil, double below_to_above, const PoolShares& shares,
                              std::optional<std::int64_t> decimals, Rounding rounding) {
    const auto finish = [&](double value) { return decimals ? rounded(value, *decimals) : value; };
    const auto step = [&](double value) { return rounding == Rounding::steps ? finish(value) : value; };
    PoolDensities pools;
    soil = step(soil);
    const double total = soil / shares.soil;
    const double biomass = step(total * shares.biomass);
    pools.above = finish(biomass / (1 + below_to_above));
    pools.below = finish(biomass / (1 + below_to_above) * below_to_above);
    pools.soil = finish(soil);
    pools.dead = finish(total * shares.dead);
    return pools;
}

namespace {

struct CorrectedClass {
    std::int64_t code;
    std::string name;
    std::optional<double> national;  ///< soil carbon before the correction, where it was used
    bool built;
    PoolDensities pools;
};

class Work {
public:
    Work(CarbonDensityCorrectionOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void find_factor();
    void correct();
    void write_pools();
    void write_report();

    CarbonDensityCorrectionOptions& options_;
    Run& run_;
    double factor_ = 1;
    std::string formula_;  ///< of the factor, with its numbers
    std::vector<CorrectedClass> classes_;
};

void Work::find_factor() {
    const auto linear = [&](const std::string& variable, const std::string& unit, double slope, double intercept,
                            double region, double reference) {
        const auto factor = linear_correction_factor(slope, intercept, region, reference);
        if (!factor)
            throw UserError("region_" + variable, "REGION_" + parameter_name(variable) + ": the density " +
                                                      number_text(slope) + " * x + " + number_text(intercept) +
                                                      " must be above zero for both x = " + number_text(region) +
                                                      " and x = " + number_text(reference) + " " + unit);
        const auto density = [&](double x) {
            return "(" + number_text(slope) + " * " + number_text(x) + " + " + number_text(intercept) + ")";
        };
        formula_ = "K = " + density(region) + " / " + density(reference) + ", annual " + variable + " in " + unit;
        return *factor;
    };
    switch (options_.method) {
        case CorrectionMethod::precipitation:
            factor_ = linear("precipitation", "mm", options_.slope, options_.intercept, *options_.region_precipitation,
                             *options_.reference_precipitation);
            break;
        case CorrectionMethod::temperature:
            factor_ = linear("temperature", "degrees C", *options_.temperature_slope, *options_.temperature_intercept,
                             *options_.region_temperature, *options_.reference_temperature);
            break;
        case CorrectionMethod::factor:
            factor_ = *options_.factor;
            formula_ = "K = " + number_text(factor_) + ", as given";
            break;
    }
    options_.correction_factor = factor_;
    run_.convention("correction factor", formula_);
}

std::string shares_text(const PoolShares& shares) {
    return "biomass " + number_text(shares.biomass) + ", soil " + number_text(shares.soil) + ", dead " +
           number_text(shares.dead) + " of the total";
}

void Work::correct() {
    const InputTable table = run_.table(options_.pools);
    const auto needed = table.columns_of({"class", "c_soil_national", "below_to_above"});
    const std::size_t national = needed[1], ratio = needed[2];
    const auto rows = rows_by_class(table);
    const auto names = read_classes(table);
    std::set<std::int64_t> built;
    std::string missing;
    for (const auto& entry : split_list(options_.built_classes)) {
        const auto code = parse_integer(entry);
        if (!code)
            throw wrong(
                "built_classes",
                "\"" + entry + "\" is not a class; write whole numbers joined by commas, for example 4 or 51,52");
        built.insert(*code);
        if (rows.count(*code) == 0) missing += (missing.empty() ? "" : ", ") + entry;
    }
    if (!missing.empty())
        throw wrong("built_classes", "these classes have no row in table " + options_.pools.path + ": " + missing);
    const auto density = [&](std::size_t row, std::size_t column, std::optional<double> value) {
        if (value && *value < 0) table.reject(row, column, "a carbon density cannot be negative");
        return value;
    };
    double lowest = std::numeric_limits<double>::infinity(), highest = 0;  // of ratios above zero
    for (const auto& [code, row] : rows) {
        CorrectedClass entry{code, names.at(code).name, std::nullopt, built.count(code) != 0, {}};
        std::optional<double> soil;
        if (table.has("c_soil_regional")) {
            const std::size_t regional = table.column("c_soil_regional");
            soil = density(row, regional, table.number(row, regional));
        }
        if (!soil) {
            entry.national = density(row, national, table.required_number(row, national));
            soil = factor_ * *entry.national;
        }
        auto split = table.number(row, ratio);
        if (split && *split < 0) table.reject(row, ratio, "a ratio cannot be negative");
        if (split && *split > 0) {
            lowest = std::min(lowest, *split);
            highest = std::max(highest, *split);
        }
        const PoolShares& shares = entry.built ? options_.built_shares : options_.shares;
        if (!split && *soil > 0 && shares.biomass > 0)
            table.reject(row, ratio, "the ratio of below- to above-ground biomass is missing");
        entry.pools = pools_from_soil(*soil, split.value_or(0), shares, options_.decimals, options_.rounding);
        classes_.push_back(std::move(entry));
    }
    // Roots weigh up to some eight times as much as what is above the ground (steppe, tundra).
    constexpr double largest_ratio = 10;
    if (highest > 0 && lowest >= largest_ratio)
        run_.warn("POOLS: the ratios in \"" + table.columns()[ratio] + "\" are " + number_text(lowest) + " to " +
                  number_text(highest) + "; below- to above-ground biomass is mostly less than " +
                  number_text(largest_ratio) + ". If they are per cent, divide them by 100");
    run_.convention("pools", "total = soil / share of soil; " + shares_text(options_.shares) +
                                 "; above = biomass / (1 + below/above), below = above * below/above");
    if (!built.empty()) run_.convention("pools of built-up classes", shares_text(options_.built_shares));
    if (table.has("c_soil_regional"))
        run_.convention("regional soil carbon", "classes with a value in c_soil_regional keep it; it is not corrected");
    const std::string places =
        std::to_string(options_.decimals.value_or(0)) + (options_.decimals == 1 ? " decimal" : " decimals");
    run_.convention("rounding", !options_.decimals ? "none"
                                : options_.rounding == Rounding::steps
                                    ? "soil, then biomass, then the pools to " + places
                                    : "finished pools to " + places);
}

void Work::write_pools() {
    using Type = OutputTable::Type;
    OutputTable table({{"class", Type::integer},
                       {"name", Type::text},
                       {"c_above", Type::real},
                       {"c_below", Type::real},
                       {"c_soil", Type::real},
                       {"c_dead", Type::real}});
    for (const auto& entry : classes_)
        table.add({entry.code, entry.name.empty() ? Cell{} : Cell{entry.name}, entry.pools.above, entry.pools.below,
                   entry.pools.soil, entry.pools.dead});
    run_.write(options_.corrected_pools, table);
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    Report report("Carbon density correction", "National carbon densities carried over to a region");
    report.number("Correction factor", format_grouped(factor_, 4), "", formula_);
    if (options_.method == CorrectionMethod::precipitation)
        report.number("Region", format_value(*options_.region_precipitation, 5), "mm a year")
            .number("Reference", format_value(*options_.reference_precipitation, 5), "mm a year");
    if (options_.method == CorrectionMethod::temperature)
        report.number("Region", format_number(*options_.region_temperature, 4), "\u00b0C")
            .number("Reference", format_number(*options_.reference_temperature, 4), "\u00b0C");
    report.section("Carbon density by class");
    BarChart bars;
    bars.title = "Carbon density by class and pool";
    bars.value_title = "Carbon density";
    bars.unit = "t/ha";
    bars.horizontal = true;
    bars.stacked = true;
    bars.series = {{"Above ground", {}, "#74c476", {}},
                   {"Below ground", {}, "#238b45", {}},
                   {"Soil", {}, "#a6611a", {}},
                   {"Dead matter", {}, "#737373", {}}};
    TableData table{{text_column("Class"), number_column("National soil", "t/ha"), number_column("Above", "t/ha"),
                     number_column("Below", "t/ha"), number_column("Soil", "t/ha"), number_column("Dead", "t/ha"),
                     number_column("Total", "t/ha"), text_column("How")},
                    {}};
    const int decimals = options_.decimals ? static_cast<int>(*options_.decimals) : 2;
    for (const auto& entry : classes_) {
        const PoolDensities& p = entry.pools;
        const std::string name = entry.name.empty() ? "Class " + std::to_string(entry.code) : entry.name;
        bars.categories.push_back(name);
        bars.series[0].values.push_back(p.above);
        bars.series[1].values.push_back(p.below);
        bars.series[2].values.push_back(p.soil);
        bars.series[3].values.push_back(p.dead);
        std::string how = entry.national ? "national soil \u00d7 K" : "regional soil as given";
        if (entry.built) how += ", shares of built-up land";
        table.rows.push_back({name, entry.national ? format_number(*entry.national) : "",
                              format_grouped(p.above, decimals), format_grouped(p.below, decimals),
                              format_grouped(p.soil, decimals), format_grouped(p.dead, decimals),
                              format_grouped(p.above + p.below + p.soil + p.dead, decimals), how});
    }
    report.figure(bar_chart(bars), "Corrected carbon density of each class, by pool.");
    report.table(table, "Corrected carbon pools");
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    find_factor();
    correct();
    write_pools();
    write_report();
}

}  // namespace

void carbon_density_correction(CarbonDensityCorrectionOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
