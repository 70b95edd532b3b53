// Land Carbon Toolbox: sums that do not depend on the order of their terms.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

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
    friend class PackedSum;
    // Chunk i holds a signed multiple of 2^(32 i - 1074); 70 chunks span all doubles.
    static constexpr std::size_t chunk_count = 70;
    static constexpr int adds_until_carry = 1 << 29;
    void carry();
    std::array<std::int64_t, chunk_count> chunks_{};
    int adds_left_ = adds_until_carry;
};

/// An ExactSum at rest, in as many bytes as its value needs: for holding very many sums at once.
class PackedSum {
public:
    /// Bytes that the sum of amounts of like size takes.
    static constexpr std::size_t usual_bytes = 80;
    void merge(const ExactSum& other);
    void merge(const PackedSum& other);
    double value() const { return unpacked().value(); }
    /// The sum in two numbers: rounded once, and what the rounding left over, rounded once. For differences of sums
    /// that nearly cancel.
    std::array<double, 2> parts() const;

private:
    ExactSum unpacked() const;
    void pack(const ExactSum& sum);
    std::vector<std::int64_t> chunks_;  ///< without the zeros at both ends
    std::size_t first_ = 0;             ///< what chunk the first one is
};

}  // namespace landcarbon
