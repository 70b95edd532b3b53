// Land Carbon Toolbox: count, sum and sum of squares of very many numbers, in integers, without rounding on the way.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cmath>
#include <cstdint>

namespace landcarbon {

/// How many values there are, their mean, and the sum of their squared departures from it.
struct Spread {
    std::int64_t count = 0;
    double mean = 0;
    double squares = 0;
};

/// Brings numbers to integers of 62 bits by a power of two, so that their sums are exact and may be taken in any order.
///
/// What rounding can do: an integer is off by half a unit at most. Where the numbers have 53 bits (24 in single
/// precision) and none but 0 is smaller than 2^-8 (2^-37) of the largest, none is rounded. Otherwise their range is
/// nearly the largest number or more, that is 2^60 units; the sum of squared departures is at least half of the range's
/// square, and by Cauchy and Schwarz its relative error is at most 2 sqrt(N) (1/2) / (2^60 / sqrt 2) = sqrt(2 N) 2^-60:
/// 6e-14 for N = 2^31.
class MomentScale {
public:
    /// @param largest the largest absolute value that will come, finite
    static MomentScale of(double largest);
    /// The number in units, to the nearest.
    std::int64_t fixed(double value) const { return std::llrint(value * first_ * second_); }
    /// A number of units as the number that it stands for.
    double value(double units) const { return std::ldexp(units, -shift_); }
    /// Bits that are left unused when `largest` is the largest absolute integer of all; all of them when that is 0.
    static int idle_bits(std::int64_t largest);
    bool operator==(const MomentScale&) const = default;

private:
    int shift_ = 0;
    double first_ = 1, second_ = 1;  ///< their product is 2^shift
};

/// Exact count, sum and sum of squares of integers of up to 61 bits and a sign, in pieces of 32 bits that a vector of
/// 64-bit numbers adds up. Settle it before 2^31 values are added.
struct alignas(64) ExactMoments {
    // count; sum, lower and upper piece; squares, four pieces from the lowest up; unused
    std::int64_t pieces[8] = {};

    void set(std::int64_t fixed) {
        const auto size = static_cast<std::uint64_t>(fixed < 0 ? -fixed : fixed);
        __extension__ typedef unsigned __int128 Wide;
        const Wide square = static_cast<Wide>(size) * size;
        const auto low = static_cast<std::uint64_t>(square), high = static_cast<std::uint64_t>(square >> 64);
        pieces[0] = 1;
        pieces[1] = fixed & 0xffffffff;
        pieces[2] = fixed >> 32;
        pieces[3] = static_cast<std::int64_t>(low & 0xffffffff);
        pieces[4] = static_cast<std::int64_t>(low >> 32);
        pieces[5] = static_cast<std::int64_t>(high & 0xffffffff);
        pieces[6] = static_cast<std::int64_t>(high >> 32);
        pieces[7] = 0;
    }
    void add(const ExactMoments& other) {
        typedef std::int64_t Eight __attribute__((vector_size(64), may_alias));
        *reinterpret_cast<Eight*>(pieces) += *reinterpret_cast<const Eight*>(other.pieces);
    }
    /// Carries what is above 32 bits into the next piece.
    void settle();
    /// Adds sums that may not be settled.
    void merge(const ExactMoments& other);

    std::int64_t count() const { return pieces[0]; }
    /// Mean and squared departures, in units and units squared: rounded once each from the exact sums.
    Spread spread() const;

    /// How many values may be added before all sums must be settled.
    static constexpr std::int64_t adds_until_settled = std::int64_t{1} << 30;
};

}  // namespace landcarbon
