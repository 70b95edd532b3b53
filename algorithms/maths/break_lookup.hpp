// Land Carbon Toolbox: finding the class of very many values between given breaks.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace landcarbon {

/// Class numbers of values: how many breaks are below each, as ClassBreaks::class_of says, but for many values at a
/// time. A grid of equal steps between the outer breaks tells which few breaks must be compared.
template <class Real>
class BreakLookup {
public:
    /// @param breaks strictly ascending, finite, at most 65534
    explicit BreakLookup(const std::vector<double>& breaks);
    /// Classes of `count` values; that of NaN has no meaning but is a class.
    void classes_of(const Real* values, std::size_t count, std::uint16_t* classes) const;
    std::size_t classes() const { return breaks_.size(); }

private:
    std::size_t step_of(Real value) const;
    std::vector<Real> breaks_;  ///< the largest Reals that are not above the breaks, and infinity
    Real lowest_ = 0, steps_per_unit_ = 0;
    std::vector<std::uint16_t> first_;  ///< for each step: how many breaks are in lower steps
    bool single_ = true;                ///< no step has two breaks or more
};

extern template class BreakLookup<float>;
extern template class BreakLookup<double>;

}  // namespace landcarbon
