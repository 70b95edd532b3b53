// Land Carbon Toolbox: sums that do not depend on the order of their terms.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace landcarbon {

/// Sum of doubles without rounding on the way: any order, any grouping, the same bits. The result is the exact
/// sum of all terms rounded once. Terms must be finite.
/// Source: R. M. Neal (2015), Fast exact summation using small and large superaccumulators, arXiv:1505.05571.
class ExactSum {
public:
    void add(double term);
    void merge(const ExactSum& other);
    double value() const;

private:
    // Chunk i holds a signed multiple of 2^(32 i - 1074); 70 chunks span all doubles.
    static constexpr std::size_t chunk_count = 70;
    static constexpr int adds_until_carry = 1 << 29;
    void carry();
    std::array<std::int64_t, chunk_count> chunks_{};
    int adds_left_ = adds_until_carry;
};

}  // namespace landcarbon
