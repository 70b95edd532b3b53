// Land Carbon Toolbox: which column of a yearbook holds which quantity of the carbon indices.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "carbon/index_coefficients.hpp"
#include "spec/values.hpp"

namespace landcarbon {

/// The quantity that has no coefficient: gross domestic product, of which only shares count.
inline constexpr const char* gdp_quantity = "gdp";

/// A quantity and the column that holds it.
struct IndexField {
    std::string quantity;
    std::string field;  ///< with one column a quantity and year: the name without the year
    double scale = 1;   ///< amounts in the column times this are in the unit of the coefficient
    bool guessed = false;
    const IndexItem* item = nullptr;  ///< null for GDP
};

/// Finds the columns of all quantities: first as the user says, then by name. A name is guessed when it is the
/// quantity's or one that yearbooks use for it (English or Chinese), with or without the coefficient's unit: "Rice",
/// "rice_t", "forest (ha)". Case, blanks and punctuation do not matter. Scales are never guessed.
/// @param columns names that can be chosen from, without those that serve as unit, year or kept field
/// @param typed rows of quantity, field, scale; a blank field leaves the quantity out; a blank scale is 1
/// @param mapping the same as a table with the columns quantity, field and optionally scale; may be null
/// @throws UserError naming the row: unknown quantity or column, repeated ones, wrong scale; or naming the columns when
/// several fit one quantity
std::vector<IndexField> find_index_fields(const std::vector<std::string>& columns,
                                          const IndexCoefficients& coefficients, const Matrix& typed,
                                          const InputTable* mapping);

/// Columns that are taken for nothing though their names hold that of a quantity without a column, as amounts in
/// another unit do ("人口（万人）", "Rice yield (t)"): column and quantity.
std::vector<std::pair<std::string, std::string>> near_fields(const std::vector<std::string>& unused,
                                                             const IndexCoefficients& coefficients,
                                                             const std::vector<IndexField>& fields);

}  // namespace landcarbon
