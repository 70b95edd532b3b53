// Land Carbon Toolbox: count, sum and sum of squares of very many numbers, in integers, without rounding on the way.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/exact_moments.hpp"

#include <boost/multiprecision/cpp_int.hpp>

namespace landcarbon {
namespace {

constexpr int bits = 61;  ///< the largest absolute value comes to 2^60 .. 2^61

}  // namespace

MomentScale MomentScale::of(double largest) {
    MomentScale scale;
    if (largest > 0) {
        int exponent = 0;
        std::frexp(largest, &exponent);  // largest < 2^exponent
        scale.shift_ = bits - exponent;
    }
    // 2^shift itself may be beyond all doubles.
    const int half = scale.shift_ / 2;
    scale.first_ = std::ldexp(1.0, half);
    scale.second_ = std::ldexp(1.0, scale.shift_ - half);
    return scale;
}

int MomentScale::idle_bits(std::int64_t largest) {
    int used = 0;
    while (largest >> used) ++used;
    return bits - used;
}

void ExactMoments::settle() {
    const auto carry = [this](int from) {
        pieces[from + 1] += pieces[from] >> 32;
        pieces[from] &= 0xffffffff;
    };
    carry(1);
    for (const int piece : {3, 4, 5}) carry(piece);
}

void ExactMoments::merge(const ExactMoments& other) {
    ExactMoments settled = other;
    settled.settle();
    settle();
    add(settled);
    settle();
}

Spread ExactMoments::spread() const {
    using Wide = boost::multiprecision::int256_t;
    Spread spread;
    spread.count = count();
    if (spread.count == 0) return spread;
    ExactMoments settled = *this;
    settled.settle();
    const std::int64_t* const p = settled.pieces;
    const Wide sum = (Wide(p[2]) << 32) + p[1];
    spread.mean = sum.convert_to<double>() / static_cast<double>(spread.count);
    if (spread.count == 1) return spread;
    const Wide squares = (((((Wide(p[6]) << 32) + p[5]) << 32) + p[4]) << 32) + p[3];
    const Wide departures = squares * spread.count - sum * sum;
    spread.squares = departures.convert_to<double>() / static_cast<double>(spread.count);
    return spread;
}

}  // namespace landcarbon
