// Land Carbon Toolbox: STIRPAT scenarios: what the table of units tells: values of the first year, and D, min and max.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/table.hpp"
#include "forecast/stirpat_scenarios/scenario_table.hpp"

namespace landcarbon {

/// What the mean D of yearly growth rates is.
enum class MeanRate {
    compound,   ///< (last / first)^(1 / years) - 1
    arithmetic  ///< mean of the yearly rates
};

/// The years and values of one quantity in one unit, in ascending order of year.
struct YearValue {
    int year = 0;
    double value = 0;
    std::size_t row = 0;  ///< of the table
};

/// D, min and max of yearly growth rates. Over a gap of g years the rate is (after / before)^(1 / g) - 1, and it counts
/// for g years in the arithmetic mean. Nothing with fewer than two years; all values must be above zero.
std::optional<ScenarioWords> growth_words(const std::vector<YearValue>& values, MeanRate mean);
/// D, min and max of the values themselves, D their mean over the years there are.
ScenarioWords value_words(const std::vector<YearValue>& values);

/// One unit as the scenarios find it.
struct UnitHistory {
    std::string name;
    std::size_t row = 0;                              ///< of the first year of the scenarios
    std::vector<double> start;                        ///< one a column asked for
    std::vector<std::optional<ScenarioWords>> words;  ///< one a variable; nothing where the history is too short
};

/// What to read of the table of units.
struct HistoryRequest {
    std::size_t unit_column = 0, year_column = 0;
    std::vector<std::size_t> columns;         ///< of the table; each needs a value in the first year
    std::vector<ScenarioVariable> variables;  ///< what the first of `columns` are projected by
    int start = 0;                            ///< first year of the scenarios
    MeanRate mean = MeanRate::compound;
};

struct UnitHistories {
    std::vector<UnitHistory> units;  ///< in the table's order
    std::size_t later_rows = 0;      ///< of years after the first one of the scenarios, not used
    int earliest = 0;                ///< first year of any unit
};

/// Reads a table with a row for each unit and year, in any order. Empty cells and missing years are gaps, except in the
/// first year of the scenarios, where every unit needs all values. @throws UserError with line and column
UnitHistories read_histories(const InputTable& table, const HistoryRequest& request);

}  // namespace landcarbon
