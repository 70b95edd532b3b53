// Land Carbon Toolbox: a trained model of suitability applied to cells, sixty-four at a time.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "land_simulation/suitability/suitability_model.hpp"
#include "maths/lane_maths.hpp"
#include "maths/wide.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t lanes = 64;

/// One layer: sums[o] = bias + sum of weight times input, in the order of inputs.
inline void sum_layer(const float* weights, std::size_t inputs, std::size_t outputs, const float* values, float* sums) {
    for (std::size_t o = 0; o < outputs; ++o, weights += inputs + 1) {
        float* const sum = sums + o * lanes;
        for (std::size_t l = 0; l < lanes; ++l) sum[l] = weights[0];
        // Four inputs at a time: the sums stay in registers for longer; the order of additions is the same.
        std::size_t i = 0;
        for (; i + 4 <= inputs; i += 4) {
            const float a = weights[i + 1], b = weights[i + 2], c = weights[i + 3], d = weights[i + 4];
            const float* const v = values + i * lanes;
            for (std::size_t l = 0; l < lanes; ++l)
                sum[l] = (((sum[l] + a * v[l]) + b * v[lanes + l]) + c * v[2 * lanes + l]) + d * v[3 * lanes + l];
        }
        for (; i < inputs; ++i)
            for (std::size_t l = 0; l < lanes; ++l) sum[l] += weights[i + 1] * values[i * lanes + l];
    }
}

inline void sigmoids(float* values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) values[i] = 1.0f / (1.0f + lane_exp_single(-values[i]));
}

inline void softmax(float* values, std::size_t outputs) {
    float largest[lanes], sum[lanes];
    for (std::size_t l = 0; l < lanes; ++l) largest[l] = values[l];
    for (std::size_t o = 1; o < outputs; ++o)
        for (std::size_t l = 0; l < lanes; ++l)
            largest[l] = largest[l] < values[o * lanes + l] ? values[o * lanes + l] : largest[l];
    for (std::size_t l = 0; l < lanes; ++l) sum[l] = 0;
    for (std::size_t o = 0; o < outputs; ++o)
        for (std::size_t l = 0; l < lanes; ++l) {
            const float e = lane_exp_single(values[o * lanes + l] - largest[l]);
            values[o * lanes + l] = e;
            sum[l] += e;
        }
    for (std::size_t l = 0; l < lanes; ++l) sum[l] = 1.0f / sum[l];
    for (std::size_t o = 0; o < outputs; ++o)
        for (std::size_t l = 0; l < lanes; ++l) values[o * lanes + l] *= sum[l];
}

}  // namespace

NetworkShape shape_of(const SuitabilityModel& model) {
    return {model.inputs(), model.hidden, model.classes.size(), !model.expansion};
}

bool can_be_scaled(float low, float high) {
    const float range = high - low;
    return range == 0 || (std::isfinite(range) && std::isfinite(1.0f / range));
}

SuitabilityPredictor::SuitabilityPredictor(const SuitabilityModel& model) : model_(model), shape_(shape_of(model)) {
    for (const auto& driver : model.drivers) {
        low_.push_back(driver.low);
        inverse_.push_back(driver.high > driver.low ? 1.0f / (driver.high - driver.low) : 0.0f);
    }
    for (const double weight : model.weights) weights_.push_back(static_cast<float>(weight));
}

float SuitabilityPredictor::scaled(std::size_t d, float value) const {
    const float x = (value - low_[d]) * inverse_[d];
    return x > 1.0f ? 1.0f : (x < 0.0f ? 0.0f : x);
}

void SuitabilityPredictor::apply_network(const float* scaled, float* results) const {
    thread_local std::vector<float> neurons;
    neurons.resize(shape_.hidden * lanes + lanes);
    float* const hidden = neurons.data();
    const float* const weights = weights_.data();
    const NetworkShape shape = shape_;
    wide([&] {
        if (shape.hidden > 0) {
            sum_layer(weights, shape.inputs, shape.hidden, scaled, hidden);
            sigmoids(hidden, shape.hidden * lanes);
            sum_layer(weights + shape.hidden * (shape.inputs + 1), shape.hidden, shape.outputs, hidden, results);
        } else
            sum_layer(weights, shape.inputs, shape.outputs, scaled, results);
        if (shape.softmax)
            softmax(results, shape.outputs);
        else
            sigmoids(results, shape.outputs * lanes);
    });
}

void SuitabilityPredictor::apply_forests(const float* scaled, std::size_t cells, float* results) const {
    for (std::size_t k = 0; k < model_.forests.size(); ++k) {
        const Forest& forest = model_.forests[k];
        const Forest::Node* const nodes = forest.nodes.data();
        for (std::size_t l = 0; l < cells; ++l) {
            float sum = 0;
            for (const std::int32_t root : forest.roots) {
                const Forest::Node* node = nodes + root;
                while (node->feature >= 0)
                    node = nodes + (scaled[static_cast<std::size_t>(node->feature) * lanes + l] < node->value
                                        ? node->left
                                        : node->right);
                sum += node->value;
            }
            sum /= static_cast<float>(std::max<std::size_t>(1, forest.roots.size()));
            results[k * lanes + l] = sum > 1.0f ? 1.0f : (sum < 0.0f ? 0.0f : sum);
        }
    }
    if (!shape_.softmax) return;
    // Each forest speaks of its own class; what they say together is brought to a sum of 1, as networks give it.
    const auto outputs = model_.forests.size();
    for (std::size_t l = 0; l < cells; ++l) {
        float sum = 0;
        for (std::size_t k = 0; k < outputs; ++k) sum += results[k * lanes + l];
        for (std::size_t k = 0; k < outputs; ++k) {
            float& result = results[k * lanes + l];
            result = sum > 0 ? result / sum : 1.0f / static_cast<float>(outputs);
        }
    }
}

void SuitabilityPredictor::operator()(const float* const* drivers, const std::uint16_t* classes, std::size_t cells,
                                      float* const* outputs) const {
    thread_local std::vector<float> scaled, results;
    scaled.resize(shape_.inputs * lanes);
    results.resize(shape_.outputs * lanes);
    const std::size_t measured = model_.drivers.size();
    float hole[lanes];  // NaN where a driver is, else 0
    for (std::size_t first = 0; first < cells; first += lanes) {
        const std::size_t count = std::min(lanes, cells - first);
        std::fill(hole, hole + lanes, 0.0f);
        for (std::size_t d = 0; d < measured; ++d) {
            float* const line = scaled.data() + d * lanes;
            const float* const values = drivers[d] + first;
            const float low = low_[d], inverse = inverse_[d];
            for (std::size_t l = 0; l < count; ++l) {
                const float x = (values[l] - low) * inverse;
                line[l] = x > 1.0f ? 1.0f : (x < 0.0f ? 0.0f : x);
                hole[l] += values[l] - values[l];  // NaN, too, for infinite values
            }
            std::fill(line + count, line + lanes, 0.0f);
        }
        if (model_.present_class) {
            std::fill(scaled.begin() + static_cast<std::ptrdiff_t>(measured * lanes), scaled.end(), 0.0f);
            for (std::size_t l = 0; l < count; ++l) scaled[(measured + classes[first + l]) * lanes + l] = 1.0f;
        }
        if (model_.method == SuitabilityMethod::random_forest)
            apply_forests(scaled.data(), count, results.data());
        else
            apply_network(scaled.data(), results.data());
        for (std::size_t k = 0; k < shape_.outputs; ++k) {
            const float* const from = results.data() + k * lanes;
            float* const to = outputs[k] + first;
            for (std::size_t l = 0; l < count; ++l) to[l] = from[l] + hole[l];
        }
    }
}

}  // namespace landcarbon
