// Land Carbon Toolbox: Mann-Kendall and Theil-Sen for very many series at once.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "maths/mann_kendall.hpp"
#include "maths/wide.hpp"

namespace landcarbon {

/// What a trend is computed with.
struct TrendSettings {
    TrendMethod method = TrendMethod::original;
    PValue p_value = PValue::automatic;
    std::size_t period = 12;     ///< steps in a year, for the seasonal method
    std::int64_t min_valid = 2;  ///< a series with fewer values has no trend
    double confidence = 0.95;    ///< of the bounds of the slope
};

/// The results for one series; all NaN where it has too few values.
struct SeriesTrend {
    double slope, intercept, z, p, tau, s, n, lower, upper;
};
/// The places of the results among the bands.
enum TrendBand : std::size_t {
    slope_band,
    intercept_band,
    z_band,
    p_band,
    tau_band,
    s_band,
    n_band,
    lower_band,
    upper_band,
    trend_bands  ///< how many they are
};
/// Where the results go; what is null is not wanted and, where that saves time, not computed.
using TrendBands = std::array<float*, trend_bands>;

/// The trend of one series: the reference that the fast kernel is held to.
/// @tparam T type of pairwise differences and slopes, see theil_sen
template <class T>
SeriesTrend trend_of(const T* values, const double* times, std::size_t steps, const TrendSettings& settings);

/// Trends of many series of the same times. Immutable after construction: one kernel serves all threads.
///
/// A vector holds one step of 16 (AVX-512), 8 (AVX2) or 4 series. All slopes of the pairs of steps are written into
/// a buffer; gaps are filled with as many lowest as highest values, so that the ranks stay where they are. Slopes are
/// counted up to guesses that soon enclose the wanted ranks, and the few between them are sorted. Where that fails, all
/// are sorted by a network of minima and maxima without a branch, of which only what reaches the wanted ranks is kept.
/// Every value equals trend_of<float> rounded to float, bit for bit.
class TrendKernel {
public:
    /// @param times of the steps, strictly increasing
    TrendKernel(std::vector<double> times, const TrendSettings& settings);
    ~TrendKernel();
    TrendKernel(const TrendKernel&) = delete;
    TrendKernel& operator=(const TrendKernel&) = delete;

    /// @param steps one pointer for each time, to the values of `series` series; NaN where missing, never infinite
    /// @param bands slope, intercept, Z, p, tau, S, n, lower, upper: `series` values each; NaN where not defined
    void run(const float* const* steps, std::size_t series, const TrendBands& bands) const;
    /// The same with instructions that this processor must have; for tests and measurements.
    void run(const float* const* steps, std::size_t series, const TrendBands& bands, VectorWidth width) const;

    struct Plan;

private:
    std::unique_ptr<const Plan> plan_;
};

}  // namespace landcarbon
