// Land Carbon Toolbox: the distinct values of a sample or a map, and how often each occurs.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/counted_values.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "maths/double_double.hpp"

namespace landcarbon {
namespace {

/// The power of two below which all values lie: sums are taken in it, so that none overflows.
int exponent_of(const CountedValues& values) {
    const double largest = std::max(std::abs(values.values.front()), std::abs(values.values.back()));
    return largest > 0 ? std::ilogb(largest) + 1 : 0;
}

/// Mean of the values with the places first <= i < end, in units of 2^exponent.
DoubleDouble mean_between(const CountedValues& values, std::size_t first, std::size_t end, int exponent) {
    DoubleDouble sum;
    double count = 0;
    for (std::size_t i = first; i < end; ++i) {
        const auto weight = static_cast<double>(values.counts[i]);
        sum = sum + exact_product_of(weight, std::ldexp(values.values[i], -exponent));
        count += weight;
    }
    return sum / count;
}

}  // namespace

std::int64_t CountedValues::total() const { return std::accumulate(counts.begin(), counts.end(), std::int64_t{0}); }

CountedValues count_values(std::vector<double> values) {
    for (double& value : values) {
        if (!std::isfinite(value)) throw std::invalid_argument("count_values: a value is not finite");
        value += 0.0;
    }
    std::sort(values.begin(), values.end());
    CountedValues counted;
    for (const double value : values) {
        if (counted.values.empty() || counted.values.back() != value) {
            counted.values.push_back(value);
            counted.counts.push_back(0);
        }
        ++counted.counts.back();
    }
    return counted;
}

double mean_of(const CountedValues& values) {
    const int exponent = exponent_of(values);
    return std::ldexp(mean_between(values, 0, values.size(), exponent).value(), exponent);
}

double squared_deviations(const CountedValues& values) { return squared_deviations(values, 0, values.size()); }

double squared_deviations(const CountedValues& values, std::size_t first, std::size_t end) {
    if (end - first < 2) return 0;
    const int exponent = exponent_of(values);
    const DoubleDouble mean = mean_between(values, first, end, exponent);
    DoubleDouble sum;
    for (std::size_t i = first; i < end; ++i) {
        const DoubleDouble deviation = DoubleDouble{std::ldexp(values.values[i], -exponent), 0} - mean;
        sum = sum + deviation * deviation * static_cast<double>(values.counts[i]);
    }
    return std::ldexp(sum.value(), 2 * exponent);
}

}  // namespace landcarbon
