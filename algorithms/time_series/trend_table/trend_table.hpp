// Land Carbon Toolbox: trends of the units of a table or vector layer: options and how series are read.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/unit_panel.hpp"
#include "spec/values.hpp"
#include "time_series/trend_classes.hpp"

namespace landcarbon {

class Run;

struct TrendTableOptions {
    TableInput table;
    SeriesLayout layout = SeriesLayout::columns;
    std::string unit_field;
    std::vector<std::string> value_fields;
    std::string year_field;
    std::string value_field;
    TrendChoices choices;

    VectorOutput trend;
    TableOutput summary;
    ReportOutput report;

    NumberOutput units;
    NumberOutput increasing;
    NumberOutput decreasing;
    NumberOutput median_slope;
    NumberOutput largest_significant_p;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void trend_table(TrendTableOptions& options, Run& run);

/// The series of all units of a table; with several quantities, those of the first quantity come first.
struct UnitSeries {
    struct Unit {
        std::string name;
        std::vector<double> values;  ///< one a time; NaN where missing
        std::size_t row = 0;         ///< the unit's first row in the table
        std::size_t quantity = 0;    ///< its place in `quantities`
    };
    std::vector<double> times;
    std::vector<std::string> quantities;  ///< names of columns; with one column a year, what they have in common
    std::vector<Unit> units;              ///< in the order of the table
    bool dated = true;                    ///< times are years of the table or of YEARS; else 1, 2, 3 ...
    std::string remark;                   ///< what the user should know of the columns that were taken
};

/// Reads the series as the options say. @throws UserError naming the row or column
UnitSeries read_series(const InputTable& table, const TrendTableOptions& options);

}  // namespace landcarbon
