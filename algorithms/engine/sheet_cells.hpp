// Land Carbon Toolbox: what OGR does not tell of a spreadsheet: truth values, formulas without a value, dates
// counted from 1904, hidden sheets, wrong endings.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace landcarbon {

/// What stands in the place of a formula whose value the file does not hold.
constexpr std::string_view unsaved_formula = "=";
constexpr const char* advice_on_formula =
    "the cell is a formula, and the file does not hold its value; open the file in Excel or LibreOffice and save it";

/// The cells of one sheet of a .xlsx file that OGR reads as something else: TRUE and FALSE as 1 and 0, formulas without
/// a saved value as empty, dates that count from 1904 as if they counted from 1900. A formula with the value 0 counts
/// as one without where the workbook asks to be calculated on opening: programs that cannot calculate write that 0.
class OddCells {
public:
    OddCells() = default;
    /// @param sheet the name that OGR gives the layer. Files that are not laid out as expected have no such cells here.
    OddCells(const std::string& path, const std::string& sheet);
    /// Puts the texts of a row's odd cells in their places. @param row from 1
    void put(std::int64_t row, std::vector<std::string_view>& cells) const;
    /// The first cell with a formula whose value is not saved, as "B4"; empty where there is none.
    std::string first_unsaved() const;

private:
    std::map<std::pair<std::int64_t, std::size_t>, std::string> texts_;  ///< by row and column
    std::map<std::pair<std::int64_t, std::size_t>, std::string> dates_;  ///< of cells with numbers, if they are dates
};

/// The names of the sheets of a .xlsx or .ods file that are hidden.
std::vector<std::string> hidden_sheets(const std::string& path);

/// For a file with the ending of a spreadsheet that is none (statistics portals hand out HTML and tab-separated text as
/// .xls): what it is, and what to do. Empty where it may be a spreadsheet, or has another ending.
std::string not_a_spreadsheet(const std::string& path);

}  // namespace landcarbon
