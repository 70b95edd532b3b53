// Land Carbon Toolbox: tables of units and years (yearbooks), in either layout, as one panel of numbers.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/table.hpp"

namespace landcarbon {

/// How a table holds the series of its units.
enum class SeriesLayout {
    columns,  ///< one row a unit, one column a quantity and year
    rows      ///< one row a unit and year, one column a quantity
};

/// The numbers of units at times. A record is one unit at one time; records of a unit stand together, in order of time.
struct UnitPanel {
    struct Unit {
        std::string name;
        std::size_t row = 0;             ///< the unit's first row in the table
        std::size_t first = 0, end = 0;  ///< its records
    };
    static constexpr std::size_t no_row = static_cast<std::size_t>(-1);
    std::vector<double> times;                ///< all times of the table, ascending
    std::vector<Unit> units;                  ///< in the order of the table
    std::vector<std::size_t> time_of;         ///< of each record: its place in `times`
    std::vector<std::size_t> row_of;          ///< of each record: its row in the table; no_row when it has none
    std::vector<std::vector<double>> values;  ///< of each quantity: one number a record, NaN where the cell is blank

    std::size_t records() const { return time_of.size(); }
};

/// The year that a column's name ends with or holds: its last four digits in a row that make 1000 to 2999 ("npp_2004",
/// "y2004_mean"); nothing when there is none.
std::optional<double> year_in_name(const std::string& name);
/// The name without that year and without the joint before or after it: "npp_2004" and "npp2004" become "npp",
/// "y2004_mean" becomes "y_mean". A name without a year is returned as it is.
std::string name_without_year(const std::string& name);

/// A name for comparison: in lower case, with one underscore for each stretch of blanks, brackets and punctuation, none
/// at the ends. "Raw coal (t)" becomes raw_coal_t. Letters beyond ASCII are kept; full-width brackets are brackets.
std::string plain_name(std::string_view text);
/// The column with the units' names and that with the years, by what tables (English or Chinese) call them: unit,
/// county, name, ...; empty when there is none.
std::string guess_unit_field(const std::vector<std::string>& columns);
std::string guess_year_field(const std::vector<std::string>& columns);

/// Reads one row for each unit and year; rows may come in any order, a unit may lack years.
/// @param fields columns of the quantities
/// @throws UserError naming row and column: blank unit, year that is no number, unit with a year twice, value that is
/// no number; or listing the columns there are
UnitPanel panel_of_rows(const InputTable& table, const std::string& unit_field, const std::string& year_field,
                        const std::vector<std::string>& fields);

/// Reads one row a unit.
/// @param unit_field column of the units' names; empty: units are called by the number of their row
/// @param times ascending
/// @param columns of each quantity: the column of each time; nothing where the table has none
/// @param unique true: two rows of one name are an error
/// @throws UserError naming row and column
UnitPanel panel_of_columns(const InputTable& table, const std::string& unit_field, const std::vector<double>& times,
                           const std::vector<std::vector<std::optional<std::size_t>>>& columns, bool unique);

/// A unit that is most likely the total of others.
struct LikeTotal {
    std::string name;
    std::string of;  ///< "all other units", or the first and the last of those that stand beside it in the table
};
/// Units whose numbers are, at every time that they have, the sums of those of all other units, or of units that follow
/// or precede it in the table (a city and its counties, at any depth). Numbers may be rounded, each by itself. Of
/// units beside it, a quantity must agree at three times or more, or all quantities together in three numbers.
std::vector<LikeTotal> units_like_totals(const UnitPanel& panel);
/// The same as sentences: "the numbers of ... are the sums of ...".
std::vector<std::string> totals_told(const UnitPanel& panel);
/// Units whose names differ by case, accents or blanks alone, with a sentence that says so; empty when there are none.
std::string units_alike(const UnitPanel& panel);

}  // namespace landcarbon
