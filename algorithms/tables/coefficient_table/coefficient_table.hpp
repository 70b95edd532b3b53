// Land Carbon Toolbox: published coefficient tables as files: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/class_match.hpp"
#include "engine/table.hpp"
#include "spec/values.hpp"
#include "tables/published_tables.hpp"

namespace landcarbon {

class Run;

struct CoefficientTableOptions {
    std::string table = "beibu_carbon_pools";
    RasterInput land_cover;
    TableInput classes;
    Matrix recode;

    TableOutput coefficients;

    NumberOutput rows;
    TextOutput class_system;
    TextOutput source;
};

/// The codes that a table's classes get.
struct Recoding {
    std::map<std::int64_t, std::vector<std::int64_t>> codes;  ///< new codes of each code of the table
    std::map<std::int64_t, std::string> names;                ///< of new codes, where the map has some
};
/// A table of classes (columns class or from, name, to_<class>) with other codes, and the names that belong to them.
/// Rows and columns to_ of classes that get no code are gone.
OutputTable recoded_table(const InputTable& table, const Recoding& recoding);

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void coefficient_table(CoefficientTableOptions& options, Run& run);

}  // namespace landcarbon
