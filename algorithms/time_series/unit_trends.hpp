// Land Carbon Toolbox: trends of the units of a table or of zones, with their classes: what the rooms for them share.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/table.hpp"
#include "time_series/trend_classes.hpp"

namespace landcarbon {

/// The trend of one unit and its class, by its own Z and by the false-discovery rate.
struct UnitTrend {
    SeriesTrend trend;
    int code = TrendClasses::none;
    int controlled = TrendClasses::none;
    bool valid() const { return trend.slope == trend.slope; }
};

/// Trends of some hundred or thousand units, in double precision.
class UnitTrends {
public:
    UnitTrends(const TrendChoices& choices, const TrendSettings& settings, const std::vector<double>& times)
        : choices_(choices), settings_(settings), times_(times), classes_(choices) {}

    /// Adds a unit. @param values one for each time, NaN where missing
    void add(const std::vector<double>& values);
    /// Controls the false-discovery rate over all units added, where that is asked for.
    void control_false_discoveries();

    const std::vector<UnitTrend>& units() const { return units_; }
    const TrendClasses& classes() const { return classes_; }
    /// True when the classes have a second version.
    bool controlled() const { return choices_.false_discovery != FalseDiscovery::none; }
    const TrendSettings& settings() const { return settings_; }
    std::size_t valid() const;
    /// Units with a slope, but neither Z, p nor class.
    std::size_t undefined() const;
    /// Median of the slopes; there must be one.
    double median_slope() const;
    /// Units in the classes above 1 (direction 1) or below -1 (direction -1), by the last version of the classes.
    std::size_t significant(int direction) const;
    /// Units with a larger p are not significant; nothing when none is.
    std::optional<float> largest_significant_p() const { return largest_significant_; }
    /// The class that counts: by the false-discovery rate where one is asked for.
    int last_code(std::size_t unit) const { return controlled() ? units_[unit].controlled : units_[unit].code; }
    /// Its colour and name; grey and "not defined" without a class.
    std::string colour(std::size_t unit) const;
    std::string class_name(std::size_t unit) const;
    /// Units with a trend, the steepest rise first.
    std::vector<std::size_t> by_slope() const;
    /// The first and the last of `units`, `most` in all; all of them where there are no more.
    static std::vector<std::size_t> ends(const std::vector<std::size_t>& units, std::size_t most);

    /// The columns slope, intercept, z, p, tau, s, n, lower, upper, class, class_name, class_fdr, and a unit's cells.
    static const std::vector<OutputTable::Column>& columns();
    std::vector<Cell> cells(std::size_t unit) const;
    /// Lying bars of the slopes of at most 40 units, the steepest rise first, in the colours of their classes.
    /// @param names of all units; @param per "per year" or "per step"
    std::string slope_bars(const std::vector<std::string>& names, const std::string& per) const;
    static constexpr std::size_t most_bars = 40;

private:
    const ClassLabel& label(int code) const {
        return classes_.labels()[static_cast<std::size_t>(code + classes_.top())];
    }
    TrendChoices choices_;
    TrendSettings settings_;
    std::vector<double> times_;
    TrendClasses classes_;
    std::vector<UnitTrend> units_;
    std::optional<float> largest_significant_;
};

}  // namespace landcarbon
