// Land Carbon Toolbox: how the values of a map are spread: quantiles and histograms of any number of cells.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace landcarbon {

/// Counts of finite 32-bit numbers in bins that are 1/256 to 1/512 of their values wide, so that one pass is enough
/// without knowing the range before. All counts are exact: cells may come in any order, spreads be merged in any order.
class ValueSpread {
public:
    static constexpr bool order_free = true;

    ValueSpread();
    /// Adds the numbers that are finite and not `nodata`.
    void add(const float* values, std::size_t count, float nodata);
    void merge(const ValueSpread& other);

    std::int64_t count() const { return count_; }
    /// Smallest and largest value; count() must not be 0.
    double lowest() const;
    double highest() const;
    /// The value below which a share (0..1) of the values lies, to the width of its bin; count() must not be 0.
    double quantile(double share) const;
    /// How many values lie between each two neighbouring edges (ascending); values beyond the outer edges count in the
    /// outer bins. A bin of this spread that an edge cuts is shared out by length.
    std::vector<double> counts_between(const std::vector<double>& edges) const;

private:
    std::vector<std::int64_t> bins_;  ///< by the first 17 bits, in ascending order of value
    std::int64_t count_ = 0;
    std::uint32_t lowest_ = 0xffffffff;  ///< as ordered bits
    std::uint32_t highest_ = 0;
};

}  // namespace landcarbon
