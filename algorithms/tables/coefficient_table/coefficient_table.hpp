// Land Carbon Toolbox: published coefficient tables as files: options, the list of tables and how columns are typed.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "engine/table.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

struct CoefficientTableOptions {
    std::string table = "beibu_carbon_pools";

    TableOutput coefficients;

    NumberOutput rows;
    TextOutput source;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void coefficient_table(CoefficientTableOptions& options, Run& run);

/// What users are told about a table that ships with the toolbox.
struct PublishedTable {
    const char* name;  ///< as in embedded_tables()
    const char* label;
    const char* source;  ///< full citation
};
/// All tables that ship with the toolbox, in the order users see them.
const std::vector<PublishedTable>& published_tables();

/// The narrowest type that all cells of a column fit: integer, real, text. Blank cells fit every type; a column of
/// blanks is text. Codes with leading zeros ("007") are texts, so that nothing is lost.
OutputTable::Type column_type(const InputTable& table, std::size_t column);

}  // namespace landcarbon
