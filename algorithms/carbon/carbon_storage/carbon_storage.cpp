// Land Carbon Toolbox: carbon storage of land-cover maps, its change, value and uncertainty: the maths and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_storage/carbon_storage.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "engine/class_rows.hpp"
#include "engine/exact_values.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/report/tonnes.hpp"
#include "engine/run.hpp"
#include "maths/exact_amount.hpp"

namespace landcarbon {

double CarbonDensity::total() const { return std::accumulate(pools.begin(), pools.end(), 0.0); }

double CarbonDensity::variance() const {
    return std::inner_product(deviations.begin(), deviations.end(), deviations.begin(), 0.0);
}

namespace {

CarbonSum sum_over(const std::vector<ClassCarbon>& classes, double ClassCarbon::*area) {
    CarbonSum sum;
    double variance = 0;
    for (const auto& entry : classes) {
        sum.tonnes += entry.density.total() * (entry.*area);
        variance += (entry.*area) * (entry.*area) * entry.density.variance();
    }
    sum.deviation = std::sqrt(variance);
    return sum;
}

}  // namespace

CarbonSum storage_of(const std::vector<ClassCarbon>& classes) { return sum_over(classes, &ClassCarbon::area_ha); }

CarbonSum later_storage_of(const std::vector<ClassCarbon>& classes) {
    return sum_over(classes, &ClassCarbon::later_area_ha);
}

CarbonSum storage_change_of(const std::vector<ClassCarbon>& classes, DensityModel model) {
    CarbonSum change = sum_over(classes, &ClassCarbon::area_change_ha);
    if (model == DensityModel::independent)
        change.deviation = std::hypot(storage_of(classes).deviation, later_storage_of(classes).deviation);
    return change;
}

std::optional<double> confidence_of_growth(double mean, double deviation) {
    if (deviation > 0) return 0.5 * std::erfc(-mean / deviation / std::sqrt(2.0));
    if (mean == 0) return std::nullopt;
    return mean > 0 ? 1.0 : 0.0;
}

double discount_sum(std::int64_t years, double discount_rate, double price_change) {
    const double q = 1 / ((1 + discount_rate / 100) * (1 + price_change / 100));
    double sum = 0;
    for (std::int64_t year = 0; year < years; ++year) sum = 1 + q * sum;
    return sum;
}

double net_present_value(double tonnes, double price, std::int64_t years, double discount_rate, double price_change) {
    return price * tonnes / static_cast<double>(years) * discount_sum(years, discount_rate, price_change);
}

namespace {

constexpr std::array<const char*, carbon_pools> pool_names = {"above", "below", "soil", "dead"};
constexpr std::array<const char*, carbon_pools> pool_titles = {"Above ground", "Below ground", "Soil", "Dead matter"};
constexpr std::array<const char*, carbon_pools> pool_colours = {"#4f8f46", "#b98b3e", "#6b4a2f", "#a9a39a"};

}  // namespace

CarbonPoolsTable read_carbon_pools(const InputTable& table, DensityUnit unit, bool blank_is_zero) {
    const double to_t_ha = unit == DensityUnit::kg_m2 ? 10 : 1;
    const auto cell = [&](std::size_t row, std::size_t column, const char* what) {
        const auto value = table.number(row, column);
        if (!value && !blank_is_zero)
            table.reject(
                row, column,
                std::string("the cell is empty; write ") + what + ", or set BLANK_IS_ZERO to count empty cells as 0");
        if (value.value_or(0) < 0) table.reject(row, column, std::string(what) + " cannot be negative");
        return value.value_or(0) * to_t_ha;
    };
    CarbonPoolsTable result;
    std::array<std::size_t, carbon_pools> columns{};
    std::array<std::optional<std::size_t>, carbon_pools> deviation_columns;
    std::vector<std::string> needed = {"class"};
    for (const char* pool : pool_names) needed.push_back(std::string("c_") + pool);
    const auto places = table.columns_of(needed);
    for (std::size_t p = 0; p < carbon_pools; ++p) {
        columns[p] = places[p + 1];
        const std::string deviation = std::string("sd_") + pool_names[p];
        if (table.has(deviation)) {
            deviation_columns[p] = table.column(deviation);
            result.has_deviations = true;
        } else
            result.pools_without_deviation.push_back(deviation);
    }
    if (!result.has_deviations) result.pools_without_deviation.clear();
    each_class(table, [&](std::int64_t code, std::size_t row) {
        CarbonDensity density;
        for (std::size_t p = 0; p < carbon_pools; ++p) {
            density.pools[p] = cell(row, columns[p], "a carbon density");
            if (deviation_columns[p]) density.deviations[p] = cell(row, *deviation_columns[p], "a standard deviation");
        }
        result.densities.emplace(code, density);
    });
    return result;
}

namespace {

/// Confidence that a cell's storage grew, painted from pairs of classes.
class ConfidencePainter {
public:
    ConfidencePainter(const ClassCodes& codes, const std::map<std::int64_t, CarbonDensity>& densities)
        : lookup_(codes, densities, {}) {}

    void paint(const std::uint16_t* earlier, const std::uint16_t* later, std::size_t cells, float* confidence) {
        const auto& densities = lookup_.by_slot();
        // Neighbouring cells mostly hold the same pair.
        std::uint16_t a = 0, b = 0;
        auto value = static_cast<float>(real_nodata);
        for (std::size_t i = 0; i < cells; ++i) {
            if (earlier[i] != a || later[i] != b) {
                a = earlier[i];
                b = later[i];
                // What stayed the same neither grew nor shrank.
                const double grew =
                    a == b ? 0.5
                           : confidence_of_growth(densities[b].total() - densities[a].total(),
                                                  std::sqrt(densities[a].variance() + densities[b].variance()))
                                 .value_or(0.5);
                value = static_cast<float>(a != 0 && b != 0 ? grew : real_nodata);
            }
            confidence[i] = value;
        }
    }

private:
    ClassLookup<CarbonDensity> lookup_;
};

/// What one thread counts, and its lookups.
struct Counts {
    static constexpr bool order_free = true;
    ClassTally tally;  ///< one map
    CrossTable pairs;  ///< two maps
    ClassPainter total;
    std::vector<ClassPainter> pools;
    ConfidencePainter confidence;
    std::vector<std::uint16_t> shown;  ///< the first map, where the later one shows a class as well
    void merge(const Counts& other) {
        tally.merge(other.tally);
        pairs.merge(other.pairs);
    }
};

/// A probability for readers: never 0 or 100 % where it only comes near.
std::string confidence_text(double probability) {
    if (probability > 0 && probability < 0.001) return "< 0.1 %";
    if (probability < 1 && probability > 0.999) return "> 99.9 %";
    return format_percent(probability, 1);
}

class Work {
public:
    Work(CarbonStorageOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void open();
    void state_conventions();
    void pass();
    void take_areas(const Counts& counted);
    void set_numbers();
    void set_ramps();
    void write_by_class();
    void write_report();
    void report_change(Report& report);
    RasterDescription describe(std::vector<std::string> bands, const std::string& per_ha,
                               const std::string& per_cell) const;
    bool two_dates() const { return options_.later_land_cover.given(); }
    bool valued() const { return options_.price && options_.years_between && two_dates(); }
    double value_of(double tonnes) const {
        return net_present_value(tonnes, *options_.price, *options_.years_between, options_.discount_rate.value_or(0),
                                 options_.price_change.value_or(0));
    }

    CarbonStorageOptions& options_;
    Run& run_;
    std::vector<Layer> layers_;
    std::optional<ClassMatcher> matcher_;
    std::optional<InputTable> table_;
    CarbonPoolsTable pools_;
    ClassTable names_;                       ///< as the pools table gives them
    std::map<std::int64_t, double> totals_;  ///< density of all pools by class
    std::array<std::map<std::int64_t, double>, carbon_pools> by_pool_;
    RasterSink* storage_map_ = nullptr;
    RasterSink* pool_maps_ = nullptr;
    RasterSink* change_map_ = nullptr;
    RasterSink* value_map_ = nullptr;
    RasterSink* confidence_map_ = nullptr;
    std::vector<ClassLabel> labels_;
    std::vector<ClassCarbon> classes_;        ///< in the order of labels_
    std::vector<FixedArea> moved_;            ///< with two dates: areas from class to class
    std::vector<FixedArea> earlier_, later_;  ///< of each class
    FixedArea area_;
};

void Work::open() {
    layers_.push_back(run_.classes(options_.land_cover));
    if (two_dates()) layers_.push_back(run_.classes(options_.later_land_cover));
    matcher_.emplace(run_, options_.match);
    table_ = matcher_->fitted(run_.table(options_.pools));
    pools_ = read_carbon_pools(*table_, options_.density_unit, options_.blank_is_zero);
    names_ = read_classes(*table_);
    if (options_.confidence_map.wanted() && !pools_.has_deviations)
        table_->reject(
            "CONFIDENCE_MAP needs standard deviations; add the columns sd_above, sd_below, sd_soil, sd_dead");
    if (!pools_.pools_without_deviation.empty())
        run_.warn("POOLS has no column " + value_text(pools_.pools_without_deviation) +
                  "; these pools count as certain in all standard deviations");
    for (const auto& [code, density] : pools_.densities) {
        totals_.emplace(code, density.total());
        for (std::size_t p = 0; p < carbon_pools; ++p) by_pool_[p].emplace(code, density.pools[p]);
    }
    run_.areas();
}

void Work::state_conventions() {
    run_.convention("carbon",
                    "tonnes of elemental carbon, densities in t/ha" +
                        std::string(options_.density_unit == DensityUnit::kg_m2 ? "; the table's kg/m2 times 10" : ""));
    run_.convention("valid cells", two_dates()
                                       ? "cells that have a class on both maps, for all maps, tables and numbers"
                                       : "cells that have a class");
    if (options_.blank_is_zero) run_.convention("empty cells of POOLS", "counted as 0");
    if (pools_.has_deviations) {
        run_.convention("uncertainty of totals",
                        "the density of a class in a pool is one random variable, the same in all its cells; classes "
                        "and pools are independent: "
                        "sd = sqrt(sum over classes of area^2 * sum over pools of sd^2)");
        if (two_dates())
            run_.convention("uncertainty of the change",
                            options_.uncertainty == DensityModel::shared
                                ? "the same densities hold at both dates: sd = sqrt(sum over classes of (later area - "
                                  "earlier area)^2 * sum over pools of sd^2); "
                                  "normal distribution"
                                : "the densities of the two dates are independent: sd = sqrt(sd_earlier^2 + "
                                  "sd_later^2); normal distribution");
        if (options_.confidence_map.wanted())
            run_.convention("confidence map",
                            "Phi((d_later - d_earlier) / sqrt(var_later + var_earlier)) where the class changed, 0.5 "
                            "where it did not");
    }
    if (valued())
        run_.convention(
            "net present value",
            "V s/n * sum over t = 0..n-1 of 1 / ((1 + r/100)^t (1 + c/100)^t), V = " + number_text(*options_.price) +
                " per t of elemental carbon, n = " + std::to_string(*options_.years_between) +
                " years, r = " + number_text(options_.discount_rate.value_or(0)) +
                " %, c = " + number_text(options_.price_change.value_or(0)) + " %; the first year is not discounted");
}

RasterDescription Work::describe(std::vector<std::string> bands, const std::string& per_ha,
                                 const std::string& per_cell) const {
    RasterDescription description;
    description.type = GDT_Float32;
    description.nodata = real_nodata;
    description.bands = std::move(bands);
    description.unit = options_.map_unit == CellContent::per_ha ? per_ha : per_cell;
    return description;
}

void Work::pass() {
    RasterDescription storage = describe({"carbon storage"}, "t/ha", "t");
    if (options_.map_unit == CellContent::per_ha) {
        std::vector<double> densities;
        for (const auto& [code, density] : totals_) densities.push_back(density);
        storage.band_metadata = {exact_values_item(densities)};
    }
    storage_map_ = run_.raster(options_.storage_map, std::move(storage));
    pool_maps_ = run_.raster(options_.pool_maps, describe({pool_titles.begin(), pool_titles.end()}, "t/ha", "t"));
    change_map_ = run_.raster(options_.change_map, describe({"change of carbon storage"}, "t/ha", "t"));
    value_map_ =
        run_.raster(options_.value_map, describe({"net present value of the change"}, "currency/ha", "currency"));
    confidence_map_ = run_.raster(options_.confidence_map, describe({"confidence that storage grew"}, "", ""));
    const ClassCodes& codes = run_.class_codes();
    Counts empty{run_.class_tally(),
                 run_.cross_table(),
                 ClassPainter(codes, totals_, run_.areas(), options_.map_unit),
                 {},
                 ConfidencePainter(codes, pools_.densities),
                 {}};
    if (pool_maps_)
        for (const auto& pool : by_pool_) empty.pools.emplace_back(codes, pool, run_.areas(), options_.map_unit);
    // Each output's painter, in the order in which the pass knows the outputs.
    using Paint = std::function<void(Counts&, Block&, std::size_t)>;
    std::vector<RasterSink*> sinks;
    std::vector<Paint> paints;
    const auto add = [&](RasterSink* sink, Paint paint) {
        if (!sink) return;
        sinks.push_back(sink);
        paints.push_back(std::move(paint));
    };
    add(storage_map_, [](Counts& counts, Block& block, std::size_t sink) {
        counts.total.paint(counts.shown.data(), block.window, block.output<float>(sink));
    });
    add(pool_maps_, [](Counts& counts, Block& block, std::size_t sink) {
        for (std::size_t p = 0; p < carbon_pools; ++p)
            counts.pools[p].paint(counts.shown.data(), block.window, block.output<float>(sink, p));
    });
    const auto difference = [](double factor) -> Paint {
        return [factor](Counts& counts, Block& block, std::size_t sink) {
            counts.total.paint_difference(block.classes(0), block.classes(1), block.window, factor,
                                          block.output<float>(sink));
        };
    };
    add(change_map_, difference(1));
    add(value_map_, difference(valued() ? value_of(1) : 0));
    add(confidence_map_, [](Counts& counts, Block& block, std::size_t sink) {
        counts.confidence.paint(block.classes(0), block.classes(1), block.cells(), block.output<float>(sink));
    });
    const bool two = two_dates();
    const Counts counted = run_.reduce(
        layers_, empty,
        [&](Counts& counts, Block& block) {
            const std::uint16_t* earlier = block.classes(0);
            if (two)
                run_.add_rows(counts.pairs, block, earlier, block.classes(1));
            else
                run_.add_rows(counts.tally, block, earlier);
            if (sinks.empty()) return;
            counts.shown.resize(block.cells());
            if (two) {
                const std::uint16_t* later = block.classes(1);
                for (std::size_t i = 0; i < block.cells(); ++i)
                    counts.shown[i] = later[i] ? earlier[i] : std::uint16_t{0};
            } else
                std::copy_n(earlier, block.cells(), counts.shown.begin());
            for (std::size_t i = 0; i < paints.size(); ++i) paints[i](counts, block, i);
        },
        sinks);
    require_rows(*table_, pools_.densities, codes, *matcher_);
    take_areas(counted);
}

void Work::take_areas(const Counts& counted) {
    labels_ = run_.class_labels(names_);
    std::vector<std::uint16_t> slots;
    for (const auto& label : labels_) slots.push_back(run_.class_codes().slot(label.code));
    const FixedArea cell = run_.areas().cell();
    std::int64_t left_out = 0;
    std::vector<FixedArea>&earlier = earlier_, &later = later_;
    earlier.resize(labels_.size());
    later.resize(labels_.size());
    for (std::size_t k = 0; k < labels_.size(); ++k) {
        if (!two_dates()) {
            earlier[k] = later[k] = counted.tally.area(slots[k], cell);
            continue;
        }
        left_out += counted.pairs.count(0, slots[k]) + counted.pairs.count(slots[k], 0);
        for (std::size_t to = 0; to < labels_.size(); ++to) {
            const FixedArea moved = counted.pairs.area(slots[k], slots[to], cell);
            moved_.push_back(moved);
            earlier[k] += moved;
            later[to] += moved;
        }
    }
    for (std::size_t k = 0; k < labels_.size(); ++k) {
        area_ += earlier[k];
        classes_.push_back({pools_.densities.at(labels_[k].code), earlier[k].hectares(), later[k].hectares(),
                            (later[k] - earlier[k]).hectares()});
    }
    if (area_ == FixedArea())
        throw wrong("land_cover", "no cell has a class " +
                                      (two_dates() ? "both in " + layers_[0].name() + " and in " + layers_[1].name()
                                                   : "in " + layers_[0].name()));
    if (left_out > 0)
        run_.warn(landcarbon::counted(static_cast<std::size_t>(left_out), "cell has", "cells have") +
                  " a class on one map only and were left out");
}

void Work::set_numbers() {
    const CarbonSum first = storage_of(classes_);
    // Rounded once, as Carbon balance does: its total of the map is the same number.
    ExactSum before, after, difference;
    for (std::size_t k = 0; k < classes_.size(); ++k) {
        const double density = classes_[k].density.total();
        add_amount(before, density, earlier_[k]);
        add_amount(after, density, later_[k]);
        add_amount(difference, density, later_[k]);
        add_amount(difference, -density, earlier_[k]);
    }
    options_.total_storage_t = tonnes_of(before.value());
    options_.mean_density_t_ha = *options_.total_storage_t / area_.hectares();
    if (pools_.has_deviations) options_.total_storage_sd_t = first.deviation;
    if (!two_dates()) return;
    CarbonSum change = storage_change_of(classes_, options_.uncertainty);
    change.tonnes = tonnes_of(difference.value());
    options_.later_storage_t = tonnes_of(after.value());
    options_.storage_change_t = change.tonnes;
    if (pools_.has_deviations) {
        options_.storage_change_sd_t = change.deviation;
        options_.confidence = confidence_of_growth(change.tonnes, change.deviation);
    }
    if (valued()) options_.net_present_value = value_of(change.tonnes);
}

void Work::set_ramps() {
    const double scale = options_.map_unit == CellContent::per_cell ? run_.areas().largest().hectares() : 1;
    double largest = 0, largest_above = 0, lowest_change = 0, highest_change = 0;
    for (std::size_t k = 0; k < classes_.size(); ++k) {
        if (classes_[k].area_ha > 0) {
            largest = std::max(largest, classes_[k].density.total());
            largest_above = std::max(largest_above, classes_[k].density.pools[0]);
        }
        for (std::size_t to = 0; two_dates() && to < classes_.size(); ++to) {
            if (moved_[k * classes_.size() + to] == FixedArea()) continue;
            const double change = classes_[to].density.total() - classes_[k].density.total();
            lowest_change = std::min(lowest_change, change);
            highest_change = std::max(highest_change, change);
        }
    }
    // Ends of a ramp must differ.
    const auto above_zero = [](double value) { return value > 0 ? value : 1; };
    const auto change_ramp = [&](double factor) {
        const double reach = above_zero(std::max(std::abs(lowest_change * factor), std::abs(highest_change * factor)));
        return diverging_ramp(-reach, reach);
    };
    if (storage_map_) storage_map_->set_ramp(sequential_ramp(0, above_zero(largest * scale)));
    if (pool_maps_) pool_maps_->set_ramp(sequential_ramp(0, above_zero(largest_above * scale)));
    if (change_map_) change_map_->set_ramp(change_ramp(scale));
    if (value_map_) value_map_->set_ramp(change_ramp(scale * value_of(1)));
    if (confidence_map_) {
        // Centred on 0.5, where nothing is known about growth.
        auto ramp = diverging_ramp(-0.5, 0.5);
        for (auto& stop : ramp) {
            stop.value += 0.5;
            stop.label = format_percent(stop.value, 0);
        }
        confidence_map_->set_ramp(std::move(ramp));
    }
}

void Work::write_by_class() {
    using Type = OutputTable::Type;
    OutputTable table({{"date", Type::text},
                       {"class", Type::integer},
                       {"name", Type::text},
                       {"area_ha", Type::real},
                       {"density_t_ha", Type::real},
                       {"density_sd_t_ha", Type::real},
                       {"above_t", Type::real},
                       {"below_t", Type::real},
                       {"soil_t", Type::real},
                       {"dead_t", Type::real},
                       {"storage_t", Type::real},
                       {"storage_sd_t", Type::real}});
    const auto add = [&](const char* date, double ClassCarbon::*area, bool change) {
        for (std::size_t k = 0; k < classes_.size(); ++k) {
            const ClassCarbon& entry = classes_[k];
            const CarbonDensity& density = entry.density;
            const double hectares = entry.*area;
            const CarbonSum sum = change
                                      ? storage_change_of({entry}, options_.uncertainty)
                                      : CarbonSum{density.total() * hectares, std::sqrt(density.variance()) * hectares};
            const bool deviations = pools_.has_deviations;
            std::vector<Cell> row = {date,
                                     labels_[k].code,
                                     labels_[k].name,
                                     hectares,
                                     change ? Cell{} : Cell{density.total()},
                                     change || !deviations ? Cell{} : Cell{std::sqrt(density.variance())}};
            for (const double pool : density.pools) row.emplace_back(pool * hectares);
            row.emplace_back(sum.tonnes);
            row.push_back(deviations ? Cell{sum.deviation} : Cell{});
            table.add(std::move(row));
        }
    };
    add("first", &ClassCarbon::area_ha, false);
    if (two_dates()) {
        add("later", &ClassCarbon::later_area_ha, false);
        add("change", &ClassCarbon::area_change_ha, true);
    }
    run_.write(options_.by_class, table);
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    Report report(two_dates() ? "Carbon storage and its change" : "Carbon storage",
                  two_dates() ? "Above ground, below ground, soil and dead matter, at two dates"
                              : "Above ground, below ground, soil and dead matter");
    const TonneUnit unit = handy_tonnes(*options_.total_storage_t);
    const auto text = [](double tonnes, const TonneUnit& in) { return format_value(tonnes / in.tonnes, 4); };
    report.number(two_dates() ? "First storage" : "Storage", text(*options_.total_storage_t, unit), unit.name,
                  "All pools, all cells");
    if (two_dates()) {
        const TonneUnit change = handy_tonnes(*options_.storage_change_t);
        report
            .number("Later storage", text(*options_.later_storage_t, unit), unit.name,
                    "All pools, all cells, at the later date")
            .number("Change", (*options_.storage_change_t > 0 ? "+" : "") + text(*options_.storage_change_t, change),
                    change.name, "Later - first storage");
        if (options_.confidence)
            report.number("Confidence", confidence_text(*options_.confidence), "", "Probability that the storage grew");
        if (options_.net_present_value)
            report.number("Net present value", format_value(*options_.net_present_value, 5), "",
                          "Of the change, in the currency of the price");
    }
    if (options_.total_storage_sd_t)
        report.number(
            "Uncertainty", "\u00b1 " + text(*options_.total_storage_sd_t, unit), unit.name,
            two_dates() ? "One standard deviation of the first storage" : "One standard deviation of the storage");
    report
        .number("Mean density", format_value(*options_.mean_density_t_ha, 4), "t/ha",
                two_dates() ? "First storage / area" : "Storage / area")
        .number("Area", format_value(area_.hectares(), 6), "ha", "Cells that count");

    std::vector<std::string> names, colours;
    for (const auto& label : labels_) {
        names.push_back(label.name);
        colours.push_back(label.colour);
    }
    report.section("Where the carbon is");
    BarChart chart;
    chart.categories = names;
    chart.horizontal = chart.stacked = true;
    chart.value_title = "Storage";
    chart.unit = unit.name;
    for (std::size_t p = 0; p < carbon_pools; ++p) {
        BarSeries series{pool_titles[p], {}, pool_colours[p], {}};
        for (const auto& entry : classes_)
            series.values.push_back(entry.density.pools[p] * entry.area_ha / unit.tonnes);
        chart.series.push_back(std::move(series));
    }
    report.figure(bar_chart(chart),
                  std::string("Storage of each class by pool") + (two_dates() ? ", first date." : "."));

    TableData table{
        {text_column("Class"), number_column("Area", "ha"), number_column("Density", "t/ha")}, {}, colours, true};
    for (const char* title : pool_titles) table.columns.push_back(number_column(title, unit.name));
    table.columns.push_back(number_column("Storage", unit.name));
    if (pools_.has_deviations) table.columns.push_back(number_column("Standard deviation", unit.name));
    table.columns.push_back(number_column("Share of storage"));
    std::array<double, carbon_pools> sums{};
    const double total = *options_.total_storage_t;
    const auto add = [&](const std::string& name, double area, double density,
                         const std::array<double, carbon_pools>& pools, const CarbonSum& sum) {
        std::vector<std::string> row = {name, format_grouped(area, 1), format_grouped(density, 1)};
        for (const double pool : pools) row.push_back(text(pool, unit));
        row.push_back(text(sum.tonnes, unit));
        if (pools_.has_deviations) row.push_back(text(sum.deviation, unit));
        row.push_back(total > 0 ? format_percent(sum.tonnes / total) : "");
        table.rows.push_back(std::move(row));
    };
    for (std::size_t k = 0; k < classes_.size(); ++k) {
        std::array<double, carbon_pools> pools{};
        for (std::size_t p = 0; p < carbon_pools; ++p)
            sums[p] += pools[p] = classes_[k].density.pools[p] * classes_[k].area_ha;
        add(names[k], classes_[k].area_ha, classes_[k].density.total(), pools, storage_of({classes_[k]}));
    }
    add("All classes", area_.hectares(), *options_.mean_density_t_ha, sums, storage_of(classes_));
    table.row_colours.push_back("");
    report.table(table, std::string("Storage by class and pool") + (two_dates() ? ", first date" : ""));
    if (two_dates()) report_change(report);
    run_.write(options_.report, std::move(report));
}

void Work::report_change(Report& report) {
    const std::size_t n = classes_.size();
    std::vector<std::string> names, colours;
    for (const auto& label : labels_) {
        names.push_back(label.name);
        colours.push_back(label.colour);
    }
    report.section("What changed");
    // Carbon that each transition gained or lost, and by class what arrived and left with its area.
    HeatMap heat;
    heat.row_labels = heat.column_labels = names;
    heat.row_title = "From";
    heat.column_title = "To";
    heat.value_title = "Change of storage";
    heat.totals = true;
    DivergingBars bars;
    bars.categories = names;
    bars.category_colours = colours;
    bars.value_title = "Storage";
    bars.gain_name = "Arrived";
    bars.loss_name = "Left";
    double largest = 0, largest_flow = 0;
    heat.values.assign(n, std::vector<double>(n));
    bars.gain.assign(n, 0);
    bars.loss.assign(n, 0);
    for (std::size_t from = 0; from < n; ++from)
        for (std::size_t to = 0; to < n; ++to) {
            if (from == to) continue;
            const double hectares = moved_[from * n + to].hectares();
            heat.values[from][to] = hectares * (classes_[to].density.total() - classes_[from].density.total());
            bars.loss[from] += hectares * classes_[from].density.total();
            bars.gain[to] += hectares * classes_[to].density.total();
            largest = std::max(largest, std::abs(heat.values[from][to]));
        }
    for (std::size_t k = 0; k < n; ++k) largest_flow = std::max({largest_flow, bars.gain[k], bars.loss[k]});
    const TonneUnit unit = handy_tonnes(largest);
    const TonneUnit flow = handy_tonnes(largest_flow);
    for (auto& row : heat.values)
        for (double& value : row) value /= unit.tonnes;
    for (std::size_t k = 0; k < n; ++k) {
        bars.gain[k] /= flow.tonnes;
        bars.loss[k] /= flow.tonnes;
    }
    heat.unit = unit.name;
    bars.unit = flow.name;
    constexpr std::size_t most_readable = 40;
    if (n <= most_readable)
        report.figure(heat_map(heat),
                      "Carbon gained or lost by each transition between classes: area times the difference of the two "
                      "densities.");
    report.figure(diverging_bars(bars), "Storage that came to each class and left it with its gained and lost area.");
    const TonneUnit change_unit = handy_tonnes(std::max(largest_flow, std::abs(*options_.storage_change_t)));
    const auto text = [&](double tonnes) { return format_value(tonnes / change_unit.tonnes, 4); };
    TableData table{{text_column("Class"), number_column("Area first", "ha"), number_column("Area later", "ha"),
                     number_column("Storage first", change_unit.name), number_column("Storage later", change_unit.name),
                     number_column("Change", change_unit.name)},
                    {},
                    colours,
                    true};
    if (pools_.has_deviations)
        table.columns.push_back(number_column("Standard deviation of the change", change_unit.name));
    const auto add = [&](const std::string& name, double earlier_ha, double later_ha, double earlier, double later,
                         const CarbonSum& change) {
        std::vector<std::string> row = {name,
                                        format_grouped(earlier_ha, 1),
                                        format_grouped(later_ha, 1),
                                        text(earlier),
                                        text(later),
                                        (change.tonnes > 0 ? "+" : "") + text(change.tonnes)};
        if (pools_.has_deviations) row.push_back(text(change.deviation));
        table.rows.push_back(std::move(row));
    };
    for (std::size_t k = 0; k < n; ++k)
        add(names[k], classes_[k].area_ha, classes_[k].later_area_ha, storage_of({classes_[k]}).tonnes,
            later_storage_of({classes_[k]}).tonnes, storage_change_of({classes_[k]}, options_.uncertainty));
    add("All classes", area_.hectares(), area_.hectares(), *options_.total_storage_t, *options_.later_storage_t,
        storage_change_of(classes_, options_.uncertainty));
    table.row_colours.push_back("");
    report.table(table, "Storage of each class at both dates");
    if (options_.confidence)
        report.paragraph("With the given standard deviations the change of storage is " +
                         text(*options_.storage_change_t) + " \u00b1 " + text(*options_.storage_change_sd_t) + " " +
                         change_unit.name + "; the probability that the storage grew is " +
                         confidence_text(*options_.confidence) + ".");
    if (options_.net_present_value)
        report.paragraph("Taken up (or lost) evenly over " + std::to_string(*options_.years_between) + " years, at " +
                         format_number(*options_.price) +
                         " per tonne of carbon, the change has a net present value of " +
                         format_value(*options_.net_present_value, 6) + " in the currency of the price.");
}

void Work::operator()() {
    open();
    state_conventions();
    pass();
    set_numbers();
    set_ramps();
    write_by_class();
    write_report();
}

}  // namespace

void carbon_storage(CarbonStorageOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
