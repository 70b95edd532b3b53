// Land Carbon Toolbox: Hurst exponent of each cell's series by rescaled ranges: options and maths.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "spec/values.hpp"

namespace landcarbon {

class Run;

enum class HurstMethod {
    expanding,  ///< windows from the first step to step tau
    chunks      ///< windows of length tau side by side, averaged
};
enum class HurstDeviation { population, sample };

struct HurstOptions {
    RasterStack series;
    HurstMethod method = HurstMethod::expanding;
    HurstDeviation deviation = HurstDeviation::population;
    bool correction = false;
    std::string windows;
    std::optional<std::int64_t> min_valid;
    double random_margin = 0;

    RasterOutput hurst;
    RasterOutput classes;
    TableOutput summary;
    ReportOutput report;

    NumberOutput mean;
    NumberOutput persistent_share;
    NumberOutput antipersistent_share;
    NumberOutput too_short;
    NumberOutput no_variation;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void hurst(HurstOptions& options, Run& run);

/// What the exponent rests on.
struct HurstConvention {
    HurstMethod method = HurstMethod::expanding;
    HurstDeviation deviation = HurstDeviation::population;
    bool correction = false;                ///< fit of ln(R/S) - ln(E[R/S]), H = slope + 0.5 (Anis & Lloyd)
    std::vector<std::size_t> windows = {};  ///< ascending; empty: all from 3 (expanding), or from 4 to half the series
                                            ///< and the whole of it (chunks)
};

/// Expected rescaled range of n independent normal numbers (Anis & Lloyd 1976, with the factor (n - 0.5) / n of
/// Peters 1994): ((n-.5)/n) Gamma((n-1)/2) / (sqrt(pi) Gamma(n/2)) sum_{i<n} sqrt((n-i)/i).
double expected_rescaled_range(std::size_t n);

/// Window lengths as users write them: whole numbers of at least 2, separated by commas, ascending.
/// @throws UserError naming WINDOWS
std::vector<std::size_t> read_windows(const std::string& text);

/// Why a cell has no exponent.
enum class HurstState : std::uint8_t { fitted, too_short, no_variation };

/// Fits the slope of ln(R/S) on ln(tau) in many cells at once. One object a thread.
/// For a window x_1..x_tau with mean m: y_t = sum_{i<=t} (x_i - m), R = max y - min y, S = standard deviation. Windows
/// with S = 0 are left out. Missing steps (NaN) are left out and the others closed up.
class HurstKernel {
public:
    /// @param min_valid fewest steps with a value
    HurstKernel(const HurstConvention& convention, std::size_t steps, std::size_t min_valid);

    /// @param series values of each step, `cells` each
    /// @param hurst,error,fit exponent, its standard error and R2 of the fit; NaN where not defined: all three in cells
    ///        that are not fitted, the error with two windows only
    void operator()(const std::vector<const float*>& series, std::size_t cells, double* hurst, double* error,
                    double* fit, HurstState* states);

private:
    static constexpr std::size_t lanes = 16;  ///< cells that go through the loops side by side
    void load(const std::vector<const float*>& series, std::size_t first, std::size_t count);
    HurstConvention convention_;
    std::size_t steps_;
    std::size_t min_valid_;
    double centre_ = 0;                 ///< of ln(tau), so that sums keep their digits
    std::vector<double> abscissa_;      ///< ln(tau) - centre by tau
    std::vector<double> offset_;        ///< what is taken off ln(R/S), by tau
    std::vector<std::uint8_t> wanted_;  ///< by tau
    std::vector<double> values_;        ///< steps x lanes, closed up
    std::vector<double> sums_;          ///< steps x lanes: sums of the values up to each step
    std::vector<double> ordinates_;     ///< tau x lanes: ln(R/S), corrected
    std::vector<double> used_;          ///< tau x lanes: 1 where the window counts
    double counts_[lanes] = {};         ///< steps with a value
};

/// One series, for tests and tables.
struct HurstResult {
    HurstState state = HurstState::too_short;
    double hurst, error, fit;
};
HurstResult hurst_of(const std::vector<float>& series, const HurstConvention& convention, std::size_t min_valid = 4);

}  // namespace landcarbon
