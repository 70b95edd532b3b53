// Land Carbon Toolbox: training of models of suitability.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "land_simulation/suitability/suitability_model.hpp"

namespace landcarbon {

/// Cells whose class (or growth) is known, with scaled inputs.
struct SampleSet {
    std::size_t inputs = 0;
    std::vector<float> values = {};          ///< samples x inputs, 0..1
    std::vector<std::uint16_t> labels = {};  ///< position of the class; the number of classes: none of them grew
    std::size_t size() const { return labels.size(); }
};

/// Mean cross entropy of a network over the samples plus decay / 2 times the sum of squared weights (without biases),
/// and its gradient. With softmax -ln p of the sample's class; else the sum over outputs of the binary cross entropy.
/// @param gradient nullptr: only the value
double network_loss(const NetworkShape& shape, const SampleSet& samples, double decay,
                    const std::vector<double>& weights, std::vector<double>* gradient);

/// A step of training: loss of the training and of the test samples (NaN without test samples).
struct LearningStep {
    double training = 0, test = 0;
};

struct TrainingSettings {
    int epochs = 300;
    double weight_decay = 1e-5;
    int trees = 50;
    int tree_depth = 12;
    std::uint64_t seed = 1;
};

/// Sets the weights of a model with or without a hidden layer: L-BFGS from small random weights on all samples at once.
/// @param told after each epoch with the share that is done; may throw to stop
/// @return the learning curve
std::vector<LearningStep> train_network(SuitabilityModel& model, const SampleSet& training, const SampleSet& test,
                                        const TrainingSettings& settings, const std::function<void(double)>& told);

/// Sets the forests of a model: for each class, trees that split samples of the class from the others by the mean of
/// squares, each grown on a random 63 % of the samples and with the square root of the number of inputs tried at each
/// node, by XGBoost with one thread. A leaf says the share of the class among its samples.
/// @param told the share that is done; may throw to stop
/// Source: Breiman, L. (2001), Random forests, Machine Learning 45, 5-32.
void train_forests(SuitabilityModel& model, const SampleSet& training, const TrainingSettings& settings,
                   const std::function<void(double)>& told);

}  // namespace landcarbon
