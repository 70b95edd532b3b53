// Land Carbon Toolbox: numbers of a table that carry their unit in the cell: "812 mm", "51.6万元", "¥3.5".
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace landcarbon {

class InputTable;

/// A number and the word or sign beside it.
struct CellMeasure {
    double value = 0;
    std::string unit;  ///< without blanks at its ends
};
/// A cell of one number with a word behind it, or with a sign such as ¥ or 约 before it. Nothing for plain numbers,
/// ranges, codes ("5-10", "A12"), and texts with another number in them; the power of a unit, as in km2, is no number.
std::optional<CellMeasure> measure_in(std::string_view cell);

/// A column whose numbers carry one and the same word.
struct MeasureColumn {
    std::string unit;
    std::size_t cells = 0;      ///< that carry it
    std::size_t first_row = 0;  ///< the first of them
    bool decimals = false;      ///< one of the numbers is not whole
    std::size_t different = 0;  ///< numbers, those without the word among them
};
/// Nothing unless plain numbers and numbers with the commonest word are most of the cells that are not empty. Whole
/// numbers with a word that makes names of them (3级, 12号) are names.
std::optional<MeasureColumn> measures_in(const InputTable& table, std::size_t column);

}  // namespace landcarbon
