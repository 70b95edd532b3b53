// Land Carbon Toolbox: how well a model of suitability tells classes apart.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "land_simulation/suitability/suitability_model.hpp"
#include "land_simulation/suitability/training.hpp"

namespace landcarbon {

/// A receiver operating characteristic: points from (0, 0) to (1, 1).
struct Roc {
    std::vector<double> false_rate = {}, true_rate = {};
};

/// Area under the ROC: the chance that a random positive scores higher than a random negative, ties counting half.
/// Absent without positives or without negatives. Source: Fawcett (2006), An introduction to ROC analysis.
/// @param roc gets the curve's points; optional
std::optional<double> area_under_roc(const std::vector<float>& scores, const std::vector<bool>& positive,
                                     Roc* roc = nullptr);

/// What a model says of samples: samples x classes.
std::vector<float> predictions(const SuitabilityModel& model, const SampleSet& samples);

struct Evaluation {
    std::vector<std::optional<double>> auc = {};  ///< by class
    std::vector<Roc> roc = {};
    std::optional<double> accuracy = {};  ///< share of samples whose likeliest class is the right one; not for growth
    std::optional<double> log_loss = {};  ///< mean cross entropy; probabilities count as 1e-7 at least
    std::optional<double> mean_auc() const;
};
Evaluation evaluate(const SuitabilityModel& model, const SampleSet& samples);

/// Permutation importance: how much the AUC of a class falls when the values of one driver are mixed among the samples.
struct Importance {
    std::size_t driver = 0;
    std::vector<std::optional<double>> auc_fall = {};  ///< by class
    std::optional<double> mean_fall = {};              ///< of the classes that have one
};
/// @param repeats mixtures that are averaged
/// @param told the share that is done; may throw to stop
/// Source: Breiman (2001), Random forests, section 10; mixing by the method of Fisher and Yates.
std::vector<Importance> permutation_importance(const SuitabilityModel& model, const SampleSet& samples, int repeats,
                                               std::uint64_t seed, const std::function<void(double)>& told);

}  // namespace landcarbon
