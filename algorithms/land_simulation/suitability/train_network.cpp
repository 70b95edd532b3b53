// Land Carbon Toolbox: training of networks of suitability.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>

#include "land_simulation/suitability/training.hpp"
#include "maths/counter_random.hpp"
#include "maths/lane_maths.hpp"
#include "maths/lbfgs.hpp"

namespace landcarbon {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Weights = Eigen::Map<const Matrix>;
using Gradients = Eigen::Map<Matrix>;

constexpr std::size_t chunk = 512;  // samples that go through the products together

void sigmoid(Matrix& values) {
    double* const v = values.data();
    for (Eigen::Index i = 0; i < values.size(); ++i) v[i] = 1 / (1 + lane_exp(-v[i]));
}

/// Turns sums into probabilities and returns the chunk's cross entropy.
double to_probabilities(Matrix& sums, bool softmax, const std::uint16_t* labels) {
    double loss = 0;
    const Eigen::Index outputs = sums.cols();
    for (Eigen::Index s = 0; s < sums.rows(); ++s) {
        double* const row = sums.data() + s * outputs;
        if (softmax) {
            const double largest = *std::max_element(row, row + outputs);
            double sum = 0;
            const double own = row[labels[s]] - largest;
            for (Eigen::Index k = 0; k < outputs; ++k) sum += row[k] = lane_exp(row[k] - largest);
            for (Eigen::Index k = 0; k < outputs; ++k) row[k] /= sum;
            loss += lane_log(sum) - own;
        } else
            for (Eigen::Index k = 0; k < outputs; ++k) {
                // ln(1 + e^-|z|) + max(z, 0) - t z, without overflow.
                const double z = row[k];
                const bool grew = labels[s] == k;
                loss += lane_log(1 + lane_exp(-std::abs(z))) + std::max(z, 0.0) - (grew ? z : 0.0);
                row[k] = 1 / (1 + lane_exp(-z));
            }
    }
    return loss;
}

}  // namespace

double network_loss(const NetworkShape& shape, const SampleSet& samples, double decay,
                    const std::vector<double>& weights, std::vector<double>* gradient) {
    const auto inputs = static_cast<Eigen::Index>(shape.inputs), hidden = static_cast<Eigen::Index>(shape.hidden),
               outputs = static_cast<Eigen::Index>(shape.outputs);
    const Eigen::Index before = hidden ? hidden : inputs;  // what the last layer sees
    const Weights first(weights.data(), hidden, inputs + 1);
    const Weights last(weights.data() + hidden * (inputs + 1), outputs, before + 1);
    if (gradient) gradient->assign(weights.size(), 0.0);
    double* const slopes = gradient ? gradient->data() : nullptr;
    double loss = 0;
    Matrix x, neurons, results, back;
    const double share = 1.0 / static_cast<double>(samples.size());
    for (std::size_t start = 0; start < samples.size(); start += chunk) {
        const auto count = static_cast<Eigen::Index>(std::min(chunk, samples.size() - start));
        x = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
                samples.values.data() + start * shape.inputs, count, inputs)
                .cast<double>();
        if (hidden) {
            neurons.noalias() = x * first.rightCols(inputs).transpose();
            neurons.rowwise() += first.col(0).transpose();
            sigmoid(neurons);
        } else
            neurons = x;
        results.noalias() = neurons * last.rightCols(before).transpose();
        results.rowwise() += last.col(0).transpose();
        loss += to_probabilities(results, shape.softmax, samples.labels.data() + start);
        if (!gradient) continue;
        for (Eigen::Index s = 0; s < count; ++s)
            if (const auto label = samples.labels[start + static_cast<std::size_t>(s)]; label < outputs)
                results(s, label) -= 1;
        Gradients of_last(slopes + hidden * (inputs + 1), outputs, before + 1);
        of_last.rightCols(before).noalias() += results.transpose() * neurons;
        of_last.col(0) += results.colwise().sum().transpose();
        if (!hidden) continue;
        back.noalias() = results * last.rightCols(before);
        back.array() *= neurons.array() * (1 - neurons.array());
        Gradients of_first(slopes, hidden, inputs + 1);
        of_first.rightCols(inputs).noalias() += back.transpose() * x;
        of_first.col(0) += back.colwise().sum().transpose();
    }
    loss *= share;
    if (gradient)
        for (double& slope : *gradient) slope *= share;
    if (decay > 0) {
        loss += decay / 2 * (first.rightCols(inputs).squaredNorm() + last.rightCols(before).squaredNorm());
        if (gradient) {
            Gradients(slopes, hidden, inputs + 1).rightCols(inputs) += decay * first.rightCols(inputs);
            Gradients(slopes + hidden * (inputs + 1), outputs, before + 1).rightCols(before) +=
                decay * last.rightCols(before);
        }
    }
    return loss;
}

std::vector<LearningStep> train_network(SuitabilityModel& model, const SampleSet& training, const SampleSet& test,
                                        const TrainingSettings& settings, const std::function<void(double)>& told) {
    const NetworkShape shape = shape_of(model);
    std::vector<double> weights(shape.weights());
    const RandomStream random = RandomStream::of(settings.seed, 0, 2);
    if (shape.hidden > 0) {
        // Glorot and Bengio (2010): uniform within sqrt(6 / (inputs + outputs)) of each layer.
        const std::size_t first = shape.hidden * (shape.inputs + 1);
        const double near = std::sqrt(6.0 / static_cast<double>(shape.inputs + shape.hidden)),
                     far = std::sqrt(6.0 / static_cast<double>(shape.hidden + shape.outputs));
        for (std::size_t i = 0; i < shape.weights(); ++i) {
            const bool bias = i < first ? i % (shape.inputs + 1) == 0 : (i - first) % (shape.hidden + 1) == 0;
            if (!bias) weights[i] = (i < first ? near : far) * (2 * random_unit(random.bits(i)) - 1);
        }
    }
    const auto test_loss = [&](const std::vector<double>& w) {
        return test.size() ? network_loss(shape, test, 0, w, nullptr) : std::numeric_limits<double>::quiet_NaN();
    };
    std::vector<LearningStep> curve;
    curve.push_back({network_loss(shape, training, settings.weight_decay, weights, nullptr), test_loss(weights)});
    int flat = 0;
    minimise_lbfgs(
        weights, settings.epochs,
        [&](const std::vector<double>& w, std::vector<double>& gradient) {
            told(static_cast<double>(curve.size() - 1) / settings.epochs);
            return network_loss(shape, training, settings.weight_decay, w, &gradient);
        },
        [&](int, double value, const std::vector<double>& w) {
            flat = curve.back().training - value < 1e-6 * std::abs(value) ? flat + 1 : 0;
            curve.push_back({value, test_loss(w)});
            return flat < 5;
        });
    model.weights = std::move(weights);
    return curve;
}

}  // namespace landcarbon
