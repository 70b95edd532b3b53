// Land Carbon Toolbox: how suitable each cell is for each land-cover class: the report.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/report/report.hpp"
#include "engine/source.hpp"
#include "land_simulation/suitability/evaluation.hpp"
#include "land_simulation/suitability/training.hpp"

namespace landcarbon {

/// What a report tells of.
struct SuitabilityResults {
    const SuitabilityModel& model;
    const std::vector<ClassLabel>& labels;                        ///< of the model's classes
    const std::vector<std::int64_t>&training_cells, &test_cells;  ///< by class, and those without growth
    std::size_t learned, held_out;                                ///< cells
    const std::vector<LearningStep>& curve;
    const Evaluation& evaluation;
    const std::vector<Importance>& importance;
    bool trained_before;  ///< the model was read from a file
};

/// The report: ROC of each class, samples and accuracy, learning curve, contributions of the drivers.
Report suitability_report(const SuitabilityResults& results);

}  // namespace landcarbon
