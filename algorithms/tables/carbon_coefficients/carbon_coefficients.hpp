// Land Carbon Toolbox: the coefficients of regional carbon indices as one table to edit: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "carbon/index_coefficients.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

struct CarbonCoefficientsOptions {
    std::optional<IndexTable> table;  ///< nothing: all tables

    TableOutput coefficients;

    NumberOutput rows;
    NumberOutput items;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void carbon_coefficients(CarbonCoefficientsOptions& options, Run& run);

}  // namespace landcarbon
