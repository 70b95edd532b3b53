// Land Carbon Toolbox: the Theil-Sen line of one series: slope, intercept and confidence bounds of the slope.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/theil_sen.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace landcarbon {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Mean of the two middle values, or the middle one.
template <class T>
double median(std::vector<T>& values) {
    const std::size_t half = values.size() / 2;
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half), values.end());
    const auto upper = static_cast<double>(values[half]);
    if (values.size() % 2 != 0) return upper;
    const double lower = *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half));
    return 0.5 * (lower + upper);
}

template <class T>
double ranked(std::vector<T>& values, double rank) {
    if (!(rank >= 1 && rank <= static_cast<double>(values.size()))) return none;
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(rank) - 1;
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

}  // namespace

SenRanks sen_ranks(std::int64_t pairs, double variance, double z) {
    const double c = z * std::sqrt(variance);
    const auto k = static_cast<double>(pairs);
    return {std::nearbyint((k - c) / 2), std::nearbyint((k + c) / 2) + 1};
}

template <class T>
SenLine theil_sen(const T* values, const double* times, std::size_t steps, double variance, double z,
                  std::size_t period) {
    std::vector<T> slopes;
    slopes.reserve(steps * steps / 2);
    for (std::size_t i = 0; i < steps; ++i)
        for (std::size_t j = i + period; j < steps; j += period) {
            if (std::isnan(values[i]) || std::isnan(values[j])) continue;
            // Adding zero takes the sign off a negative one, so that equal slopes are the same bits.
            const T rise = (values[j] + T(0)) - (values[i] + T(0));
            slopes.push_back(rise / static_cast<T>(times[j] - times[i]) + T(0));
        }
    if (slopes.empty()) return {none, none, none, none};
    SenLine line{};
    line.slope = median(slopes);
    const SenRanks ranks = sen_ranks(static_cast<std::int64_t>(slopes.size()), variance, z);
    line.lower = ranked(slopes, ranks.lower);
    line.upper = ranked(slopes, ranks.upper);
    std::vector<double> residuals;
    residuals.reserve(steps);
    for (std::size_t i = 0; i < steps; ++i)
        if (!std::isnan(values[i])) residuals.push_back(static_cast<double>(values[i]) - line.slope * times[i] + 0.0);
    line.intercept = median(residuals);
    return line;
}

template SenLine theil_sen(const float*, const double*, std::size_t, double, double, std::size_t);
template SenLine theil_sen(const double*, const double*, std::size_t, double, double, std::size_t);

}  // namespace landcarbon
