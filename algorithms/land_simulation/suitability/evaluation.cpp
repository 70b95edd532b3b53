// Land Carbon Toolbox: how well a model of suitability tells classes apart.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/suitability/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "maths/counter_random.hpp"
#include "maths/lane_maths.hpp"

namespace landcarbon {

std::optional<double> area_under_roc(const std::vector<float>& scores, const std::vector<bool>& positive, Roc* roc) {
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    const auto positives = static_cast<double>(std::count(positive.begin(), positive.end(), true));
    const double negatives = static_cast<double>(scores.size()) - positives;
    if (positives == 0 || negatives == 0) return std::nullopt;
    if (roc) *roc = {{0}, {0}};
    // Whole numbers until the end: twice the pairs in the right order, ties once.
    double hits = 0, alarms = 0, twice = 0;
    for (std::size_t i = 0; i < order.size();) {
        double more_hits = 0, more_alarms = 0;
        const float score = scores[order[i]];
        do (positive[order[i]] ? more_hits : more_alarms) += 1;
        while (++i < order.size() && scores[order[i]] == score);
        twice += more_alarms * (2 * hits + more_hits);
        hits += more_hits;
        alarms += more_alarms;
        if (roc) {
            roc->false_rate.push_back(alarms / negatives);
            roc->true_rate.push_back(hits / positives);
        }
    }
    return twice / 2 / positives / negatives;
}

std::vector<float> predictions(const SuitabilityModel& model, const SampleSet& samples) {
    // The samples hold scaled inputs: a model of the same weights whose drivers range from 0 to 1.
    SuitabilityModel unit = model;
    for (auto& driver : unit.drivers) driver.low = 0, driver.high = 1;
    const std::size_t n = samples.size(), drivers = unit.drivers.size(), classes = unit.classes.size();
    std::vector<float> columns(n * drivers), results(n * classes), turned(n * classes);
    std::vector<std::uint16_t> own(n);
    for (std::size_t s = 0; s < n; ++s) {
        const float* const row = samples.values.data() + s * samples.inputs;
        for (std::size_t d = 0; d < drivers; ++d) columns[d * n + s] = row[d];
        if (unit.present_class)
            own[s] = static_cast<std::uint16_t>(std::max_element(row + drivers, row + samples.inputs) - row - drivers);
    }
    std::vector<const float*> inputs;
    std::vector<float*> outputs;
    for (std::size_t d = 0; d < drivers; ++d) inputs.push_back(columns.data() + d * n);
    for (std::size_t k = 0; k < classes; ++k) outputs.push_back(results.data() + k * n);
    SuitabilityPredictor predictor(unit);
    predictor(inputs.data(), unit.present_class ? own.data() : nullptr, n, outputs.data());
    for (std::size_t k = 0; k < classes; ++k)
        for (std::size_t s = 0; s < n; ++s) turned[s * classes + k] = results[k * n + s];
    return turned;
}

std::optional<double> Evaluation::mean_auc() const {
    double sum = 0;
    int count = 0;
    for (const auto& value : auc)
        if (value) sum += *value, ++count;
    if (count == 0) return std::nullopt;
    return sum / count;
}

namespace {

std::optional<double> auc_of(const std::vector<float>& said, const SampleSet& samples, std::size_t classes,
                             std::size_t k, Roc* roc = nullptr) {
    std::vector<float> scores(samples.size());
    std::vector<bool> positive(samples.size());
    for (std::size_t s = 0; s < samples.size(); ++s) {
        scores[s] = said[s * classes + k];
        positive[s] = samples.labels[s] == k;
    }
    return area_under_roc(scores, positive, roc);
}

}  // namespace

Evaluation evaluate(const SuitabilityModel& model, const SampleSet& samples) {
    Evaluation result;
    const std::size_t classes = model.classes.size();
    result.auc.resize(classes);
    result.roc.resize(classes);
    if (samples.size() == 0) return result;
    const std::vector<float> said = predictions(model, samples);
    for (std::size_t k = 0; k < classes; ++k) result.auc[k] = auc_of(said, samples, classes, k, &result.roc[k]);
    double right = 0, loss = 0;
    const auto minus_log = [](double p) { return -lane_log(std::clamp(p, 1e-7, 1.0)); };
    for (std::size_t s = 0; s < samples.size(); ++s) {
        const float* const row = said.data() + s * classes;
        if (model.expansion) {
            for (std::size_t k = 0; k < classes; ++k) {
                const auto p = static_cast<double>(row[k]);
                loss += minus_log(samples.labels[s] == k ? p : 1 - p);
            }
            continue;
        }
        right += std::max_element(row, row + classes) - row == samples.labels[s];
        loss += minus_log(static_cast<double>(row[samples.labels[s]]));
    }
    const auto n = static_cast<double>(samples.size());
    if (!model.expansion) result.accuracy = right / n;
    result.log_loss = loss / n;
    return result;
}

std::vector<Importance> permutation_importance(const SuitabilityModel& model, const SampleSet& samples, int repeats,
                                               std::uint64_t seed, const std::function<void(double)>& told) {
    const std::size_t classes = model.classes.size(), n = samples.size(), drivers = model.drivers.size();
    std::vector<Importance> result;
    std::vector<std::optional<double>> whole(classes);
    if (n > 0) {
        const std::vector<float> said = predictions(model, samples);
        for (std::size_t k = 0; k < classes; ++k) whole[k] = auc_of(said, samples, classes, k);
    }
    for (std::size_t d = 0; d < drivers; ++d) {
        std::vector<double> falls(classes);
        for (int r = 0; r < repeats && n > 0; ++r) {
            told(static_cast<double>(d * static_cast<std::size_t>(repeats) + static_cast<std::size_t>(r)) /
                 static_cast<double>(drivers * static_cast<std::size_t>(repeats)));
            SampleSet mixed = samples;
            const RandomStream random = RandomStream::of(seed, d, 100 + static_cast<std::uint64_t>(r));
            for (std::size_t s = n; s > 1; --s) {
                const auto other = static_cast<std::size_t>(random.bits(s) % s);
                std::swap(mixed.values[(s - 1) * samples.inputs + d], mixed.values[other * samples.inputs + d]);
            }
            const std::vector<float> said = predictions(model, mixed);
            for (std::size_t k = 0; k < classes; ++k)
                if (whole[k]) falls[k] += *whole[k] - *auc_of(said, mixed, classes, k);
        }
        Importance entry{d, std::vector<std::optional<double>>(classes), std::nullopt};
        double sum = 0;
        int count = 0;
        for (std::size_t k = 0; k < classes; ++k)
            if (whole[k] && repeats > 0) {
                entry.auc_fall[k] = falls[k] / repeats;
                sum += *entry.auc_fall[k];
                ++count;
            }
        if (count > 0) entry.mean_fall = sum / count;
        result.push_back(std::move(entry));
    }
    return result;
}

}  // namespace landcarbon
