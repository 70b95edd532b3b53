// Land Carbon Toolbox: mean, standard deviation and coefficient of variation of each cell's series: options and maths.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/value_sampling.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

enum class VariabilityDeviation {
    sample,     ///< divisor n - 1
    population  ///< divisor n
};

struct VariabilityOptions {
    RasterStack series;
    VariabilityDeviation deviation = VariabilityDeviation::sample;
    std::optional<std::int64_t> min_valid;
    std::int64_t class_count = 5;
    std::string breaks;
    SampleChoices sampling;

    RasterOutput variability;
    RasterOutput classes;
    TableOutput summary;
    ReportOutput report;

    NumberOutput mean_cv;
    NumberOutput lowest_cv;
    NumberOutput highest_cv;
    NumberOutput too_short;
    NumberOutput mean_zero;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void variability(VariabilityOptions& options, Run& run);

/// What is told of each cell's series; NaN where it is not defined.
struct VariabilityCells {
    float* mean;
    float* deviation;  ///< standard deviation
    float* cv;         ///< deviation / |mean|
    float* count;      ///< n, steps with a value
};

/// Mean, standard deviation, coefficient of variation and number of steps of many series at once.
/// mean = sum x / n; s = sqrt((sum d^2 - (sum d)^2 / n) / (n - 1)), or / n, with d = x - mean (the corrected two-pass
/// formula: T. F. Chan, G. H. Golub, R. J. LeVeque 1983, The American Statistician 37, 242-247); Cv = s / |mean|.
/// In double precision, rounded to single at the end. A constant series has s = 0 exactly.
/// @param series values of each step, `cells` each; NaN: no value, the step is left out
/// @param min_valid fewest steps with a value, 2 or more: with fewer all but n is undefined. Cv is undefined where the
///        mean is 0, or so small that Cv is beyond the largest number of single precision
void variability_of(const std::vector<const float*>& series, std::size_t cells, std::size_t min_valid,
                    VariabilityDeviation deviation, const VariabilityCells& result);

}  // namespace landcarbon
