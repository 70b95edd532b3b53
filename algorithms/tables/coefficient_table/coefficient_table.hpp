// Land Carbon Toolbox: published coefficient tables as files: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "engine/table.hpp"
#include "spec/values.hpp"
#include "tables/published_tables.hpp"

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

}  // namespace landcarbon
