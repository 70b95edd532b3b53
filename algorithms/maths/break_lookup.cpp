// Land Carbon Toolbox: finding the class of very many values between given breaks.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/break_lookup.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "maths/wide.hpp"

namespace landcarbon {
namespace {

constexpr int steps = 4096;

/// Monotone: a larger value never has a smaller step, whatever is rounded. NaN has step 0.
template <class Real>
inline std::int32_t grid_step(Real value, Real lowest, Real steps_per_unit) {
    const Real place = (value - lowest) * steps_per_unit;
    const Real low = place > Real(0) ? place : Real(0);
    const Real kept = low < Real(steps - 1) ? low : Real(steps - 1);
    return static_cast<std::int32_t>(kept);
}

}  // namespace

template <class Real>
BreakLookup<Real>::BreakLookup(const std::vector<double>& breaks) {
    for (const double value : breaks) {
        // A Real is above the break just when it is above the largest Real that is not.
        auto real = static_cast<Real>(value);
        if (static_cast<double>(real) > value) real = std::nextafter(real, -std::numeric_limits<Real>::infinity());
        breaks_.push_back(real);
    }
    if (!breaks_.empty()) {
        lowest_ = std::max(breaks_.front(), std::numeric_limits<Real>::lowest());
        const Real range = std::min(breaks_.back(), std::numeric_limits<Real>::max()) - lowest_;
        steps_per_unit_ = range > 0 && std::isfinite(range) ? Real(steps - 1) / range : Real(0);
        if (!std::isfinite(steps_per_unit_)) steps_per_unit_ = 0;
    }
    first_.assign(steps + 1, 0);
    for (const Real value : breaks_) ++first_[step_of(value) + 1];
    for (std::size_t i = 1; i < first_.size(); ++i) {
        single_ = single_ && first_[i] <= 1;
        first_[i] = static_cast<std::uint16_t>(first_[i] + first_[i - 1]);
    }
    breaks_.push_back(std::numeric_limits<Real>::infinity());
}

template <class Real>
std::size_t BreakLookup<Real>::step_of(Real value) const {
    return static_cast<std::size_t>(grid_step(value, lowest_, steps_per_unit_));
}

template <class Real>
void BreakLookup<Real>::classes_of(const Real* values, std::size_t count, std::uint16_t* classes) const {
    const Real* const breaks = breaks_.data();
    const std::uint16_t* const first = first_.data();
    const Real lowest = lowest_, steps_per_unit = steps_per_unit_;
    const bool single = single_;
    wide([&] {
        constexpr std::size_t chunk = 64;
        std::int32_t step[chunk];
        for (std::size_t start = 0; start < count; start += chunk) {
            const std::size_t here = count - start < chunk ? count - start : chunk;
            const Real* const value = values + start;
            for (std::size_t i = 0; i < here; ++i) step[i] = grid_step(value[i], lowest, steps_per_unit);
            if (single) {
                for (std::size_t i = 0; i < here; ++i) {
                    const std::uint16_t below = first[step[i]];
                    classes[start + i] = static_cast<std::uint16_t>(below + (value[i] > breaks[below]));
                }
                continue;
            }
            for (std::size_t i = 0; i < here; ++i) {
                std::uint32_t low = first[step[i]];
                std::uint32_t rest = first[step[i] + 1] - low;
                while (rest > 0) {  // halves
                    const std::uint32_t half = (rest + 1) / 2;
                    low += value[i] > breaks[low + half - 1] ? half : 0;
                    rest -= half;
                }
                classes[start + i] = static_cast<std::uint16_t>(low);
            }
        }
    });
}

template class BreakLookup<float>;
template class BreakLookup<double>;

}  // namespace landcarbon
