// Land Carbon Toolbox: carbon storage against yearly emission, by zone, square and cell: options and maths.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "spec/values.hpp"

namespace landcarbon {

class Run;

struct CarbonBalanceOptions {
    RasterInput storage_map;
    RasterInput emission_map;
    VectorInput zones;
    std::optional<double> grid_size;
    RasterInput later_storage_map;
    std::optional<double> years_between;

    VectorOutput balance;
    RasterOutput balance_map;
    ReportOutput report;

    NumberOutput total_storage_t;
    NumberOutput total_emission_t;
    NumberOutput balance_index;
    NumberOutput accumulation_rate;
    TextOutput balance_state;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void carbon_balance(CarbonBalanceOptions& options, Run& run);

/// Carbon balance index CO = CS / CE; nothing where CE <= 0: a net sink has no ratio. Source: Zhang et al. 2026.
/// @param storage t; @param emission t a year
std::optional<double> balance_index(double storage, double emission);

/// Carbon accumulation rate CAR = (C_t2 - C_t1) / (T * S) in t/km2 a year; above 0 a sink, below 0 a source. Nothing
/// where there is no area. @param earlier, later t; @param years > 0; @param area km2
std::optional<double> accumulation_rate(double earlier, double later, double years, double area);

/// Upper ends of at most `classes` groups of about equally many values; the last end is the largest value. Equal values
/// are never parted, so there may be fewer groups. Empty when there are no values.
std::vector<double> quantile_ends(std::vector<double> values, int classes);

}  // namespace landcarbon
