// Land Carbon Toolbox: what a cell of a table means as a number: a number, a gap, a year, or what is wrong with it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace landcarbon {

/// A cell read as a number.
struct CellNumber {
    enum class Kind {
        number,  ///< has a value
        gap,     ///< empty, or a word for "no value": NA, N/A, #N/A, NaN, null, <Null>, none
        broken,  ///< meant as a number, but not readable as just one: 12%, 1,5, 1,234, #DIV/0!, inf
        text     ///< anything else
    };
    Kind kind = Kind::text;
    double value = 0;
    std::string advice;  ///< of broken cells and some texts: how to write it; completes "... is not a number; "
};

/// Reads a cell. Blanks around it do not matter, those that cannot be seen (U+00A0, U+3000 ...) among them; full-width
/// digits and signs count as ASCII ones. Commas, blanks and apostrophes between groups of three digits are taken out
/// where they can mean nothing else ("1,234,567", "1,234.5", "12 345").
CellNumber read_cell_number(std::string_view cell);
/// What a comma within the digits of a cell shows.
enum class Comma {
    none,      ///< there is no comma, or the cell is no number
    decimal,   ///< it can only stand before decimals: 12,5 and 0,125
    either,    ///< before decimals or between thousands: 1,234
    thousands  ///< there are several, or a decimal point beside them: 1,234,567 and 1,234.5
};
Comma comma_in(std::string_view cell);
/// Whether a cell holds no value, whatever its column holds: empty, or NA, N/A, #N/A, NaN, null, or what is_void says.
/// ("none" may be a class.)
bool is_gap(std::string_view cell);
/// Whether a cell says by a program's own sign that it is empty, so that it is no name either: <Null> and <空> of
/// ArcGIS, (null), (blank).
bool is_void(std::string_view cell);
/// Whether a cell shows an error of a spreadsheet: #DIV/0!, #REF!, #VALUE! ... In a column of numbers it is broken, in
/// one of words a gap.
bool is_sheet_error(std::string_view cell);
/// Whether a cell of a column of words most likely says that the value is not known, but may be a class: -, /, ?, n.d.,
/// unknown, 无, 未知 ...
bool is_doubtful_name(std::string_view cell);
/// The year of a cell: a number, or a date ("2001-01-01", "2001/1/1", "12/31/2001", "2001年", "2001年3月", "20010101",
/// "2001365").
std::optional<double> read_cell_year(std::string_view cell);
/// Steps may be counted from 0 or 1 up to any number; a series that begins after this year holds no years.
constexpr double latest_first_year = 9999;
/// Years that a user lists, with the full-width commas and the dashes of other keyboards as "," and "-".
std::string plain_years(std::string_view text);

}  // namespace landcarbon
