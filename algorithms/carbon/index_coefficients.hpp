// Land Carbon Toolbox: the coefficients of regional carbon indices: the published ones as one tidy table, and any such
// table read and checked.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/table.hpp"

namespace landcarbon {

/// What a quantity is counted in.
enum class IndexTable { agriculture, energy, population, livestock, crops, land };
/// All of them, in the order of the tables.
const std::vector<IndexTable>& index_tables();
/// Its word in the column `table`.
std::string index_table_name(IndexTable table);

/// One row of the tidy table: a coefficient of an item.
struct IndexCoefficient {
    IndexTable table{};
    std::string item;         ///< snake case: raw_coal
    std::string coefficient;  ///< emission, standard_coal, respiration, carbon_fraction ...
    double value = 0;
    std::string unit;    ///< as published: t/t, kg/m3
    std::string source;  ///< key of the published table
};
/// The published coefficients, those of one table or of all.
std::vector<IndexCoefficient> published_index_coefficients(std::optional<IndexTable> table = std::nullopt);

/// What an amount of an item counts for: tonnes of carbon for one unit of the amount.
struct IndexItem {
    IndexTable table{};
    std::string name;
    double factor = 0;          ///< t C for each unit of the amount
    std::string unit;           ///< of the amount: t, ha, kW, m3, head
    std::optional<double> nep;  ///< land and cropland: t C/ha a year, for the carbon footprint
    bool counted = true;        ///< false: it has an NEP only and no amount (cropland)
};

/// Coefficients by item, in the order of the table.
class IndexCoefficients {
public:
    /// Reads a table with the columns table, item, coefficient, value and, where they are given, unit and source.
    /// @throws UserError naming row and column: blank or repeated rows, unknown tables or coefficients, values that are
    /// negative or that make no sense, items that lack a coefficient
    explicit IndexCoefficients(const InputTable& table);

    const std::vector<IndexItem>& items() const { return items_; }
    /// The item of a name. Nothing when there is none.
    const IndexItem* find(const std::string& name) const;

private:
    std::vector<IndexItem> items_;
};

}  // namespace landcarbon
