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

constexpr std::size_t lanes = 64;  // cells that go through the loops side by side
constexpr float none = std::numeric_limits<float>::quiet_NaN();

struct Lanes {
    double count[lanes], mean[lanes], squares[lanes];
};

/// Count, mean and squared deviations of `lanes` series that start at the given cell.
inline void gather(const float* const* series, std::size_t steps, std::size_t first, Lanes& to) {
    double count[lanes] = {}, sum[lanes] = {};
    for (std::size_t step = 0; step < steps; ++step) {
        const float* const from = series[step] + first;
        for (std::size_t l = 0; l < lanes; ++l) {
            const bool here = from[l] == from[l];
            count[l] += here ? 1.0 : 0.0;
            sum[l] += here ? static_cast<double>(from[l]) : 0.0;
        }
    }
    double mean[lanes], rest[lanes] = {}, squares[lanes] = {};
    for (std::size_t l = 0; l < lanes; ++l) mean[l] = sum[l] / (count[l] > 0 ? count[l] : 1.0);
    for (std::size_t step = 0; step < steps; ++step) {
        const float* const from = series[step] + first;
        for (std::size_t l = 0; l < lanes; ++l) {
            const bool here = from[l] == from[l];
            const double departure = here ? static_cast<double>(from[l]) - mean[l] : 0.0;
            rest[l] += departure;
            squares[l] += departure * departure;
        }
    }
    for (std::size_t l = 0; l < lanes; ++l) {
        to.count[l] = count[l];
        to.mean[l] = mean[l];
        // The departures add up to what the rounding of the mean left over.
        const double corrected = squares[l] - rest[l] * rest[l] / (count[l] > 0 ? count[l] : 1.0);
        to.squares[l] = corrected > 0 ? corrected : 0.0;
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
                    VariabilityDeviation deviation, const VariabilityCells& result) {
    const double fewer = deviation == VariabilityDeviation::sample ? 1 : 0;
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
    wide([&] {
        for (std::size_t first = 0; first < cells; first += lanes) {
            const std::size_t here = std::min(lanes, cells - first);
            Lanes found;
            if (here == lanes)
                gather(series.data(), steps, first, found);
            else
                gather(tail_series.data(), steps, 0, found);
            for (std::size_t l = 0; l < here; ++l) {
                const double count = found.count[l], mean = found.mean[l];
                const bool enough = count >= least;
                const double s = std::sqrt(found.squares[l] / (enough ? count - fewer : 1.0));
                const double size = std::abs(mean);
                const bool has_mean = size > 0;
                result.count[first + l] = static_cast<float>(count);
                result.mean[first + l] = enough ? narrowed(mean) : none;
                result.deviation[first + l] = enough ? narrowed(s) : none;
                result.cv[first + l] = enough & has_mean ? narrowed(s / (has_mean ? size : 1.0)) : none;
            }
        }
    });
}

}  // namespace landcarbon
