// Land Carbon Toolbox: trends of the units of a table or of zones, with their classes: what the rooms for them share.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/unit_trends.hpp"

#include <algorithm>
#include <cmath>

#include "engine/report/charts.hpp"

namespace landcarbon {

void UnitTrends::add(const std::vector<double>& values) {
    UnitTrend unit{trend_of(values.data(), times_.data(), times_.size(), settings_)};
    // The class is that of the numbers as they stand in the table, not rounded.
    if (unit.valid()) unit.code = unit.controlled = classes_.code(unit.trend.slope, unit.trend.z);
    units_.push_back(unit);
}

void UnitTrends::control_false_discoveries() {
    if (!controlled()) return;
    std::vector<float> p;
    for (const auto& unit : units_) p.push_back(static_cast<float>(unit.trend.p));
    PValueCounts bins;
    bins.add(p.data(), p.size());
    FalseDiscoverySearch search(bins, choices_.false_discovery, choices_.false_discovery_rate);
    while (!search.wanted().empty()) {
        PValueCounts exact(search.wanted());
        exact.add(p.data(), p.size());
        search.look_into(exact);
    }
    largest_significant_ = search.largest_significant();
    for (std::size_t i = 0; i < units_.size(); ++i)
        if (!(largest_significant_ && p[i] <= *largest_significant_))
            units_[i].controlled = TrendClasses::weakened(units_[i].code);
}

std::size_t UnitTrends::valid() const {
    return static_cast<std::size_t>(
        std::count_if(units_.begin(), units_.end(), [](auto& unit) { return unit.valid(); }));
}

std::size_t UnitTrends::undefined() const {
    return static_cast<std::size_t>(std::count_if(units_.begin(), units_.end(),
                                                  [](auto& unit) { return unit.valid() && std::isnan(unit.trend.z); }));
}

double UnitTrends::median_slope() const {
    std::vector<double> slopes;
    for (const auto& unit : units_)
        if (unit.valid()) slopes.push_back(unit.trend.slope);
    std::sort(slopes.begin(), slopes.end());
    return 0.5 * (slopes[(slopes.size() - 1) / 2] + slopes[slopes.size() / 2]);
}

std::size_t UnitTrends::significant(int direction) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < units_.size(); ++i)
        count += last_code(i) != TrendClasses::none && last_code(i) * direction > 1;
    return count;
}

std::string UnitTrends::colour(std::size_t unit) const {
    return last_code(unit) == TrendClasses::none ? "#9e9e9e" : label(last_code(unit)).colour;
}

std::string UnitTrends::class_name(std::size_t unit) const {
    return last_code(unit) == TrendClasses::none ? "not defined" : label(last_code(unit)).name;
}

std::vector<std::size_t> UnitTrends::by_slope() const {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < units_.size(); ++i)
        if (units_[i].valid()) order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return units_[a].trend.slope > units_[b].trend.slope; });
    return order;
}

std::vector<std::size_t> UnitTrends::ends(const std::vector<std::size_t>& units, std::size_t most) {
    if (units.size() <= most) return units;
    const auto half = static_cast<std::ptrdiff_t>(most / 2);
    std::vector<std::size_t> chosen(units.begin(), units.begin() + half);
    chosen.insert(chosen.end(), units.end() - half, units.end());
    return chosen;
}

const std::vector<OutputTable::Column>& UnitTrends::columns() {
    using Type = OutputTable::Type;
    static const std::vector<OutputTable::Column> list = {
        {"slope", Type::real}, {"intercept", Type::real}, {"z", Type::real},          {"p", Type::real},
        {"tau", Type::real},   {"s", Type::real},         {"n", Type::integer},       {"lower", Type::real},
        {"upper", Type::real}, {"class", Type::integer},  {"class_name", Type::text}, {"class_fdr", Type::integer}};
    return list;
}

std::vector<Cell> UnitTrends::cells(std::size_t unit) const {
    const UnitTrend& entry = units_[unit];
    const SeriesTrend& t = entry.trend;
    std::vector<Cell> row(columns().size());
    const double numbers[] = {t.slope, t.intercept, t.z, t.p, t.tau, t.s};
    for (std::size_t k = 0; k < 6; ++k)
        if (!std::isnan(numbers[k])) row[k] = numbers[k];
    if (entry.valid()) row[6] = static_cast<std::int64_t>(t.n);
    if (!std::isnan(t.lower)) row[7] = t.lower;
    if (!std::isnan(t.upper)) row[8] = t.upper;
    if (entry.code != TrendClasses::none) {
        row[9] = std::int64_t{entry.code};
        row[10] = label(entry.code).name;
        if (controlled()) row[11] = std::int64_t{entry.controlled};
    }
    return row;
}

std::string UnitTrends::slope_bars(const std::vector<std::string>& names, const std::string& per) const {
    BarChart chart;
    chart.horizontal = true;
    chart.value_title = "Slope " + per;
    BarSeries bars{"Slope", {}, "", {}};
    for (const std::size_t unit : ends(by_slope(), most_bars)) {
        chart.categories.push_back(names[unit]);
        chart.category_colours.push_back(colour(unit));
        bars.values.push_back(units_[unit].trend.slope);
    }
    chart.series.push_back(std::move(bars));
    return bar_chart(chart);
}

}  // namespace landcarbon
