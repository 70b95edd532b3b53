// Land Carbon Toolbox: a raster of measurements as classes: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "engine/value_sampling.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

/// The methods of BreakMethod, and breaks that the user gives.
enum class DiscretizeMethod { natural, quantile, equal_interval, geometric, standard_deviation, given };

struct DiscretizeOptions {
    RasterInput raster;
    DiscretizeMethod method = DiscretizeMethod::natural;
    std::int64_t class_count = 5;
    std::string breaks;
    SampleChoices sampling;

    RasterOutput classified;
    TableOutput class_table;
    ReportOutput report;

    NumberOutput goodness_of_fit;
    NumberOutput classes_made;
    NumberOutput lowest;
    NumberOutput highest;
};

/// Runs the algorithm. The maths are those of maths/class_breaks.hpp. @throws UserError, IoError, Cancelled
void discretize(DiscretizeOptions& options, Run& run);

}  // namespace landcarbon
