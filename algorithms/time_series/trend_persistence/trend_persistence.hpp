// Land Carbon Toolbox: whether trends may be expected to last: trend and Hurst exponent together: options and maths.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "spec/values.hpp"

namespace landcarbon {

class Run;

enum class TrendInput { slope, classes };

struct TrendPersistenceOptions {
    RasterInput trend;
    RasterInput hurst;
    RasterInput p;
    TrendInput trend_input = TrendInput::slope;
    double significance = 0.05;
    std::int64_t least_class = 1;
    double random_margin = 0;

    RasterOutput future;
    TableOutput summary;
    ReportOutput report;

    NumberOutput persistent_increase_share;
    NumberOutput persistent_decrease_share;
    NumberOutput turning_share;
    NumberOutput undetermined_share;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void trend_persistence(TrendPersistenceOptions& options, Run& run);

/// What a cell's trend may be expected to do.
enum class Future : std::uint8_t {
    undetermined = 0,
    persistent_increase = 1,
    persistent_decrease = 2,
    increase_to_decrease = 3,
    decrease_to_increase = 4
};

/// Persistent where H lies above 0.5, turning where it lies below; undetermined without a trend, or with H within
/// `margin` of 0.5.
/// @param trend above 0: increase, below 0: decrease, 0: none
Future future_of(double trend, double hurst, double margin);

}  // namespace landcarbon
