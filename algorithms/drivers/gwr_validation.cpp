// Land Carbon Toolbox: how well a GWR predicts blocks it has not seen, and whether its coefficients vary more than chance.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr_validation.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "maths/counter_random.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t blocks_each = 4;  ///< of a fold
constexpr std::size_t part = 64;        ///< observations that are worked on at a time

double predicted(const std::vector<double>& coefficients, const std::vector<std::vector<double>>& drivers,
                 std::size_t i) {
    double sum = coefficients[0];
    for (std::size_t j = 0; j < drivers.size(); ++j) sum += coefficients[j + 1] * drivers[j][i];
    return sum;
}

std::vector<double> of(const std::vector<double>& values, const std::vector<std::size_t>& chosen) {
    std::vector<double> some;
    some.reserve(chosen.size());
    for (const std::size_t i : chosen) some.push_back(values[i]);
    return some;
}

}  // namespace

std::vector<std::uint32_t> folds_of_blocks(const GwrPlaces& places, std::size_t folds) {
    const std::size_t n = places.size(), blocks = std::min(n, blocks_each * folds);
    std::vector<std::uint32_t> fold(n);
    for (std::size_t place = 0; place < n; ++place)
        fold[places.order[place]] = static_cast<std::uint32_t>(place * blocks / n % folds);
    return fold;
}

BlockValidation validate_by_blocks(const GwrPlaces& places, const std::vector<double>& response,
                                   const std::vector<std::vector<double>>& drivers, const GwrWindow& window,
                                   SingularWindow singular, std::size_t folds, const Each& each) {
    const std::size_t n = places.size();
    const std::vector<std::uint32_t> fold = folds_of_blocks(places, folds);
    // Coordinates in the order of the observations.
    std::vector<double> x(n), y(n);
    for (std::size_t place = 0; place < n; ++place) {
        x[places.order[place]] = places.x[place];
        y[places.order[place]] = places.y[place];
    }
    BlockValidation found;
    double rest = 0, total = 0, ols_rest = 0, ols_total = 0;
    for (std::size_t f = 0; f < folds; ++f) {
        std::vector<std::size_t> others, held;
        for (std::size_t i = 0; i < n; ++i) (fold[i] == f ? held : others).push_back(i);
        if (held.empty() || others.empty()) continue;
        const auto known = std::make_shared<const GwrPlaces>(of(x, others), of(y, others), places.distances);
        std::vector<std::vector<double>> columns;
        for (const auto& driver : drivers) columns.push_back(of(driver, others));
        const std::vector<double> responses = of(response, others);
        const GwrModel model(known, responses, columns, singular);
        GwrWindow own = window;
        if (own.kind == BandwidthKind::adaptive)
            own.bandwidth = std::min(own.bandwidth, static_cast<double>(others.size()));
        const double mean =
            std::accumulate(responses.begin(), responses.end(), 0.0) / static_cast<double>(responses.size());
        std::vector<double> predictions(held.size(), std::numeric_limits<double>::quiet_NaN());
        each((held.size() + part - 1) / part, [&](std::size_t number) {
            for (std::size_t k = number * part; k < std::min(held.size(), (number + 1) * part); ++k)
                if (const auto fit = model.at(x[held[k]], y[held[k]], own))
                    predictions[k] = predicted(fit->coefficients, drivers, held[k]);
        });
        const GwrFit ols = model.global();
        for (std::size_t k = 0; k < held.size(); ++k) {
            const std::size_t i = held[k];
            const double off = response[i] - mean;
            if (!ols.coefficients.empty()) {
                const double e = response[i] - predicted(ols.coefficients, drivers, i);
                ols_rest += e * e;
                ols_total += off * off;
            }
            if (std::isnan(predictions[k])) {
                ++found.without_fit;
                continue;
            }
            const double e = response[i] - predictions[k];
            rest += e * e;
            total += off * off;
        }
    }
    if (total > 0) found.r2 = 1 - rest / total;
    if (ols_total > 0) found.ols_r2 = 1 - ols_rest / ols_total;
    return found;
}

std::vector<double> stationarity_p(std::shared_ptr<const GwrPlaces> places, const std::vector<double>& response,
                                   const std::vector<std::vector<double>>& drivers, const GwrWindow& window,
                                   SingularWindow singular, std::size_t permutations, std::uint64_t seed,
                                   const Each& each) {
    const std::size_t n = places->size(), terms = drivers.size() + 1;
    const std::vector<double> own = GwrModel(places, response, drivers, singular).coefficient_variances(window, each);
    std::vector<double> p(terms, 1);
    for (std::size_t number = 0; number < permutations; ++number) {
        const std::uint64_t deal = random_bits(seed, number);
        std::vector<std::pair<std::uint64_t, std::size_t>> ranks(n);
        for (std::size_t i = 0; i < n; ++i) ranks[i] = {random_bits(deal, i), i};
        std::sort(ranks.begin(), ranks.end());
        std::vector<std::size_t> row(n);
        for (std::size_t i = 0; i < n; ++i) row[i] = ranks[i].second;
        std::vector<std::vector<double>> dealt;
        for (const auto& driver : drivers) dealt.push_back(of(driver, row));
        const auto variances = GwrModel(places, of(response, row), dealt, singular).coefficient_variances(window, each);
        for (std::size_t term = 0; term < terms; ++term) p[term] += variances[term] >= own[term];
    }
    for (double& value : p) value /= static_cast<double>(permutations + 1);
    return p;
}

}  // namespace landcarbon
