// Land Carbon Toolbox: Hurst exponent of each cell's series by rescaled ranges: the loops over cells.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "maths/lane_maths.hpp"
#include "maths/wide.hpp"
#include "time_series/hurst/hurst.hpp"

namespace landcarbon {

double expected_rescaled_range(std::size_t n) {
    const auto count = static_cast<double>(n);
    double sum = 0;
    for (std::size_t i = 1; i < n; ++i) {
        const auto place = static_cast<double>(i);
        sum += std::sqrt((count - place) / place);
    }
    // Of the logarithms, as the gammas themselves overflow; lgamma writes a global sign, which counts only below 0.
    return (count - 0.5) / count * std::exp(std::lgamma((count - 1) / 2) - std::lgamma(count / 2)) / std::sqrt(M_PI) *
           sum;
}

HurstKernel::HurstKernel(const HurstConvention& convention, std::size_t steps, std::size_t min_valid)
    : convention_(convention), steps_(steps), min_valid_(min_valid) {
    abscissa_.assign(steps + 1, 0);
    offset_.assign(steps + 1, 0);
    wanted_.assign(steps + 1, 0);
    const std::size_t shortest = convention.method == HurstMethod::expanding ? 3 : 4;
    if (convention.windows.empty())
        for (std::size_t tau = shortest; tau <= steps; ++tau) wanted_[tau] = 1;
    else
        for (const std::size_t tau : convention.windows)
            if (tau <= steps) wanted_[tau] = 1;
    double sum = 0, count = 0;
    for (std::size_t tau = 1; tau <= steps; ++tau) {
        if (!wanted_[tau]) continue;
        abscissa_[tau] = std::log(static_cast<double>(tau));
        if (convention.correction) offset_[tau] = std::log(expected_rescaled_range(tau));
        sum += abscissa_[tau];
        ++count;
    }
    centre_ = count > 0 ? sum / count : 0;
    for (std::size_t tau = 1; tau <= steps; ++tau) abscissa_[tau] -= centre_;
    values_.resize(steps * lanes);
    sums_.resize(steps * lanes);
    ordinates_.resize((steps + 1) * lanes);
    used_.resize((steps + 1) * lanes);
}

void HurstKernel::load(const std::vector<const float*>& series, std::size_t first, std::size_t count) {
    std::size_t missing = 0;
    if (count == lanes) {
        double* to = values_.data();
        int gaps = 0;
        for (std::size_t step = 0; step < steps_; ++step, to += lanes) {
            const float* const from = series[step] + first;
            for (std::size_t lane = 0; lane < lanes; ++lane) {
                gaps |= from[lane] != from[lane];
                to[lane] = static_cast<double>(from[lane]);
            }
        }
        missing = static_cast<std::size_t>(gaps);
        for (double& entry : counts_) entry = static_cast<double>(steps_);
    }
    if (count == lanes && missing == 0) return;
    std::fill(values_.begin(), values_.end(), 0.0);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        std::size_t valid = 0;
        if (lane < count)
            for (std::size_t step = 0; step < steps_; ++step) {
                const auto value = static_cast<double>(series[step][first + lane]);
                if (value == value) values_[valid++ * lanes + lane] = value;
            }
        counts_[lane] = static_cast<double>(valid);
    }
}

namespace {

/// Ordinates factor ln(ratio) - offset where a window counts, else 0. All that the loop touches is its own: with values
/// that might lie in what it writes the compiler takes one cell at a time.
template <std::size_t lanes>
inline void store_logarithms(const double* ratio, double factor, double offset, const double* use, double* ordinates,
                             double* used) {
    double ordinate[lanes];
    for (std::size_t l = 0; l < lanes; ++l) ordinate[l] = use[l] * (factor * lane_log(ratio[l]) - offset);
    std::copy_n(ordinate, lanes, ordinates);
    std::copy_n(use, lanes, used);
}

/// ln(R/S) of windows 1..tau for all tau.
/// @param n steps; @param fewer 1 with the sample's standard deviation, which divides by tau - 1
template <std::size_t lanes>
inline void expanding_windows(std::size_t n, double fewer, const std::uint8_t* wanted, const double* offset,
                              const double* counts, const double* values, double* sums, double* ordinates,
                              double* used) {
    double first[lanes], total[lanes], mean[lanes], squares[lanes];
    for (std::size_t l = 0; l < lanes; ++l) {
        first[l] = values[l];
        total[l] = mean[l] = squares[l] = 0;
    }
    for (std::size_t tau = 1; tau <= n; ++tau) {
        const double length = static_cast<double>(tau);
        const double inverse = 1 / length;
        double* const sum = sums + (tau - 1) * lanes;
        for (std::size_t l = 0; l < lanes; ++l) {
            // Departures from the first value: a window without variation gives exact zeros.
            const double x = values[(tau - 1) * lanes + l] - first[l];
            const double step = x - mean[l];
            mean[l] += step * inverse;
            squares[l] += step * (x - mean[l]);
            total[l] += x;
            sum[l] = total[l];
        }
        if (!wanted[tau]) continue;
        // The last departure is 0. The loop over steps is the inner one: extremes stay in registers.
        double high[lanes], low[lanes];
        for (std::size_t l = 0; l < lanes; ++l) {
            double largest = 0, smallest = 0, before = 0;
            const double centre = mean[l];
            for (std::size_t t = 0; t + 1 < tau; ++t) {
                before += 1;
                const double y = sums[t * lanes + l] - before * centre;
                largest = largest < y ? y : largest;
                smallest = y < smallest ? y : smallest;
            }
            high[l] = largest;
            low[l] = smallest;
        }
        double ratio[lanes], use[lanes];
        for (std::size_t l = 0; l < lanes; ++l) {
            const double range = high[l] - low[l];
            const bool counts_here = (length <= counts[l]) & (squares[l] > 0);
            ratio[l] = counts_here ? range * range * (length - fewer) / squares[l] : 1.0;
            use[l] = counts_here ? 1.0 : 0.0;
        }
        store_logarithms<lanes>(ratio, 0.5, offset[tau], use, ordinates + tau * lanes, used + tau * lanes);
    }
}

/// ln of the mean R/S of windows of length tau side by side, for all tau.
/// @param own_lengths true where the user has chosen them; else those above half a cell's series, but for the whole of
///        it, do not count
template <std::size_t lanes>
inline void chunk_windows(std::size_t n, double fewer, bool own_lengths, const std::uint8_t* wanted,
                          const double* offset, const double* counts, const double* values, double* ordinates,
                          double* used) {
    for (std::size_t tau = 1; tau <= n; ++tau) {
        if (!wanted[tau]) continue;
        const double length = static_cast<double>(tau);
        const double inverse = 1 / length;
        bool taken[lanes];
        int any = 0;
        for (std::size_t l = 0; l < lanes; ++l) {
            taken[l] = own_lengths ? length <= counts[l] : (2 * length <= counts[l]) | (length == counts[l]);
            any |= taken[l];
        }
        double sum[lanes] = {}, chunks[lanes] = {};
        for (std::size_t start = 0; any && start + tau <= n; start += tau) {
            const double* const window = values + start * lanes;
            double mean[lanes] = {}, y[lanes] = {}, squares[lanes] = {}, high[lanes] = {}, low[lanes] = {};
            for (std::size_t t = 0; t < tau; ++t)
                for (std::size_t l = 0; l < lanes; ++l) mean[l] += window[t * lanes + l] - window[l];
            for (std::size_t l = 0; l < lanes; ++l) mean[l] *= inverse;
            for (std::size_t t = 0; t < tau; ++t) {
                // The last departure is 0, but for its rounding.
                const double closing = t + 1 == tau ? 0.0 : 1.0;
                for (std::size_t l = 0; l < lanes; ++l) {
                    const double x = window[t * lanes + l] - window[l] - mean[l];
                    squares[l] += x * x;
                    y[l] = (y[l] + x) * closing;
                    high[l] = high[l] < y[l] ? y[l] : high[l];
                    low[l] = y[l] < low[l] ? y[l] : low[l];
                }
            }
            const double end = static_cast<double>(start + tau);
            for (std::size_t l = 0; l < lanes; ++l) {
                const bool varies = (end <= counts[l]) & (squares[l] > 0);
                const double deviation = std::sqrt((varies ? squares[l] : 1.0) / (length - fewer));
                const double counted = varies ? 1.0 : 0.0;
                // A product: of a choice the compiler makes a branch, and takes one cell at a time.
                sum[l] += counted * ((high[l] - low[l]) / deviation);
                chunks[l] += counted;
            }
        }
        double ratio[lanes], use[lanes];
        for (std::size_t l = 0; l < lanes; ++l) {
            const bool counts_here = taken[l] & (chunks[l] > 0);
            ratio[l] = counts_here ? sum[l] / chunks[l] : 1.0;
            use[l] = counts_here ? 1.0 : 0.0;
        }
        store_logarithms<lanes>(ratio, 1, offset[tau], use, ordinates + tau * lanes, used + tau * lanes);
    }
}

/// Least squares of the ordinates on the abscissa over the windows that count.
template <std::size_t lanes>
inline void fit_line(std::size_t n, const std::uint8_t* wanted, const double* abscissa, const double* ordinates,
                     const double* used, double* slope, double* error, double* fit) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    double count[lanes] = {}, x[lanes] = {}, y[lanes] = {};
    for (std::size_t tau = 1; tau <= n; ++tau) {
        if (!wanted[tau]) continue;
        for (std::size_t l = 0; l < lanes; ++l) {
            const double use = used[tau * lanes + l];
            count[l] += use;
            x[l] += use * abscissa[tau];
            y[l] += use * ordinates[tau * lanes + l];
        }
    }
    for (std::size_t l = 0; l < lanes; ++l) {
        const double inverse = 1 / (count[l] > 0 ? count[l] : 1.0);
        x[l] *= inverse;
        y[l] *= inverse;
    }
    double xx[lanes] = {}, xy[lanes] = {}, yy[lanes] = {}, rest[lanes] = {};
    for (std::size_t tau = 1; tau <= n; ++tau) {
        if (!wanted[tau]) continue;
        for (std::size_t l = 0; l < lanes; ++l) {
            const double use = used[tau * lanes + l];
            const double dx = abscissa[tau] - x[l], dy = ordinates[tau * lanes + l] - y[l];
            xx[l] += use * dx * dx;
            xy[l] += use * dx * dy;
            yy[l] += use * dy * dy;
        }
    }
    for (std::size_t l = 0; l < lanes; ++l) slope[l] = xy[l] / xx[l];
    for (std::size_t tau = 1; tau <= n; ++tau) {
        if (!wanted[tau]) continue;
        for (std::size_t l = 0; l < lanes; ++l) {
            const double departure = ordinates[tau * lanes + l] - y[l] - slope[l] * (abscissa[tau] - x[l]);
            rest[l] += used[tau * lanes + l] * departure * departure;
        }
    }
    for (std::size_t l = 0; l < lanes; ++l) {
        const double free = count[l] - 2;
        const bool fitted = free >= 0, rated = free > 0;
        slope[l] = fitted ? slope[l] : none;
        error[l] = rated ? std::sqrt(rest[l] / (rated ? free * xx[l] : 1.0)) : none;
        const bool varies = yy[l] > 1e-20;
        fit[l] = (fitted & varies) ? 1 - rest[l] / (varies ? yy[l] : 1.0) : none;
    }
}

}  // namespace

void HurstKernel::operator()(const std::vector<const float*>& series, std::size_t cells, double* hurst, double* error,
                             double* fit, HurstState* states) {
    const double fewer = convention_.deviation == HurstDeviation::sample ? 1 : 0;
    const double shift = convention_.correction ? 0.5 : 0;
    const auto least = static_cast<double>(min_valid_);
    const bool own_lengths = !convention_.windows.empty();
    wide([&] {
        for (std::size_t first = 0; first < cells; first += lanes) {
            const std::size_t count = std::min(lanes, cells - first);
            load(series, first, count);
            if (convention_.method == HurstMethod::expanding)
                expanding_windows<lanes>(steps_, fewer, wanted_.data(), offset_.data(), counts_, values_.data(),
                                         sums_.data(), ordinates_.data(), used_.data());
            else
                chunk_windows<lanes>(steps_, fewer, own_lengths, wanted_.data(), offset_.data(), counts_,
                                     values_.data(), ordinates_.data(), used_.data());
            double slopes[lanes], errors[lanes], fits[lanes];
            fit_line<lanes>(steps_, wanted_.data(), abscissa_.data(), ordinates_.data(), used_.data(), slopes, errors,
                            fits);
            for (std::size_t l = 0; l < count; ++l) {
                constexpr double none = std::numeric_limits<double>::quiet_NaN();
                const bool enough = counts_[l] >= least;
                const bool fitted = enough && slopes[l] == slopes[l];
                hurst[first + l] = fitted ? slopes[l] + shift : none;
                error[first + l] = fitted ? errors[l] : none;
                fit[first + l] = fitted ? fits[l] : none;
                states[first + l] = !enough   ? HurstState::too_short
                                    : !fitted ? HurstState::no_variation
                                              : HurstState::fitted;
            }
        }
    });
}

HurstResult hurst_of(const std::vector<float>& series, const HurstConvention& convention, std::size_t min_valid) {
    HurstKernel kernel(convention, series.size(), min_valid);
    std::vector<const float*> steps;
    for (const float& value : series) steps.push_back(&value);
    HurstResult result{};
    kernel(steps, 1, &result.hurst, &result.error, &result.fit, &result.state);
    return result;
}

}  // namespace landcarbon
