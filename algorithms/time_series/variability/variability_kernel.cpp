// Land Carbon Toolbox: mean, standard deviation and coefficient of variation of each cell's series: the loops over
// cells.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "maths/wide.hpp"
#include "time_series/variability/variability.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t lanes = 32;  // cells that go through the loops side by side
constexpr float none = std::numeric_limits<float>::quiet_NaN();

struct Lanes {
    double count[lanes], mean[lanes], squares[lanes];
};

/// What to divide by: 1 instead of 0, where the quotient does not matter.
inline double divisor(double count) { return count < 1 ? 1.0 : count; }

/// Count, mean and squared deviations of `lanes` series that start at the given cell.
/// @param copy room for steps * lanes values: the steps of a block lie so far apart that they push one another out of
///        the cache before the second pass
inline void gather(const float* const* series, std::size_t steps, std::size_t first, float* copy, Lanes& to) {
    double count[lanes] = {}, sum[lanes] = {};
    for (std::size_t step = 0; step < steps; ++step) {
        const float* const from = series[step] + first;
        float* const kept = copy + step * lanes;
        for (std::size_t l = 0; l < lanes; ++l) {
            kept[l] = from[l];
            const auto value = static_cast<double>(from[l]);
            const double here = value == value ? 1.0 : 0.0, known = value == value ? value : 0.0;
            count[l] += here;
            sum[l] += known;
        }
    }
    double mean[lanes], rest[lanes] = {}, squares[lanes] = {};
    for (std::size_t l = 0; l < lanes; ++l) mean[l] = sum[l] / divisor(count[l]);
    for (std::size_t step = 0; step < steps; ++step) {
        const float* const kept = copy + step * lanes;
        for (std::size_t l = 0; l < lanes; ++l) {
            const auto value = static_cast<double>(kept[l]);
            const double known = value == value ? value : mean[l];
            const double departure = known - mean[l];
            rest[l] += departure;
            squares[l] += departure * departure;
        }
    }
    for (std::size_t l = 0; l < lanes; ++l) {
        to.count[l] = count[l];
        to.mean[l] = mean[l];
        // The departures add up to what the rounding of the mean left over.
        const double corrected = squares[l] - rest[l] * rest[l] / divisor(count[l]);
        to.squares[l] = corrected < 0 ? 0.0 : corrected;
    }
}

/// As a float; NaN beyond the largest one.
inline float narrowed(double value) {
    constexpr double largest = std::numeric_limits<float>::max();
    const bool fits = std::abs(value) <= largest;
    return fits ? static_cast<float>(fits ? value : 0.0) : none;
}

}  // namespace

void variability_of(const std::vector<const float*>& series, std::size_t cells, std::size_t min_valid,
                    VariabilityDeviation kind, const VariabilityCells& result) {
    const double fewer = kind == VariabilityDeviation::sample ? 1 : 0;
    const auto least = static_cast<double>(min_valid);
    const std::size_t steps = series.size();
    // The last cells are copied to a place where as many lanes follow one another.
    std::vector<float> tail(cells % lanes ? steps * lanes : 0, none);
    std::vector<const float*> tail_series;
    const std::size_t tail_start = cells - cells % lanes;
    for (std::size_t step = 0; !tail.empty() && step < steps; ++step) {
        std::copy_n(series[step] + tail_start, cells - tail_start,
                    tail.begin() + static_cast<std::ptrdiff_t>(step * lanes));
        tail_series.push_back(tail.data() + step * lanes);
    }
    std::vector<float> copy(steps * lanes);
    wide([&] {
        for (std::size_t first = 0; first < cells; first += lanes) {
            const std::size_t here = std::min(lanes, cells - first);
            Lanes found;
            if (here == lanes)
                gather(series.data(), steps, first, copy.data(), found);
            else
                gather(tail_series.data(), steps, 0, copy.data(), found);
            // All lanes, so that the loop vectorises; of the last cells only those that there are are kept.
            float mean[lanes], s[lanes], cv[lanes], count[lanes];
            for (std::size_t l = 0; l < lanes; ++l) {
                const bool enough = found.count[l] >= least;
                const double deviation = std::sqrt(found.squares[l] / divisor(found.count[l] - fewer));
                const double size = std::abs(found.mean[l]);
                const float rounded_mean = narrowed(found.mean[l]), rounded_s = narrowed(deviation);
                // Where the mean is 0 the quotient is infinite or NaN, and so none.
                const float rounded_cv = narrowed(deviation / size);
                count[l] = static_cast<float>(found.count[l]);
                mean[l] = enough ? rounded_mean : none;
                s[l] = enough ? rounded_s : none;
                cv[l] = enough ? rounded_cv : none;
            }
            std::copy_n(mean, here, result.mean + first);
            std::copy_n(s, here, result.deviation + first);
            std::copy_n(cv, here, result.cv + first);
            std::copy_n(count, here, result.count + first);
        }
    });
}

}  // namespace landcarbon
