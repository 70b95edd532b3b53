// Land Carbon Toolbox: random numbers by counting: any one of them is a function of seed, stream and position alone.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace landcarbon {

/// Mixes 64 bits so that each bit of the result depends on each bit given; no two numbers give the same.
/// Source: the finaliser of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood (2014), Fast splittable pseudorandom number
/// generators, OOPSLA, doi:10.1145/2660193.2660195) with the constants of D. Stafford's variant 13 (2011).
constexpr std::uint64_t mixed_bits(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/// A stream of random numbers, each found from its position: no state, so that cells can be worked on in any order, by
/// any thread, and get the same numbers. The numbers of a stream are those of SplitMix64 started at its key.
class RandomStream {
public:
    explicit constexpr RandomStream(std::uint64_t key) : key_(key) {}
    /// The stream of a seed, an iteration and a draw (several numbers for one cell and iteration). The keys are mixed
    /// one after the other, so that streams whose numbers differ by little have nothing in common.
    static constexpr RandomStream of(std::uint64_t seed, std::uint64_t iteration, std::uint64_t draw) {
        const std::uint64_t first = mixed_bits(seed + step);
        const std::uint64_t second = mixed_bits((first ^ iteration) + step);
        return RandomStream(mixed_bits((second ^ draw) + step));
    }
    /// 64 random bits for a position (a cell's number).
    constexpr std::uint64_t bits(std::uint64_t position) const { return mixed_bits(key_ + (position + 1) * step); }

private:
    static constexpr std::uint64_t step = 0x9e3779b97f4a7c15;  // 2^64 / golden ratio, odd
    std::uint64_t key_;
};

/// 64 random bits of a place, as of a cell, for a seed: where a seed needs one number a place. No two places of one
/// seed have the same.
constexpr std::uint64_t random_bits(std::uint64_t seed, std::uint64_t place) {
    return RandomStream(mixed_bits(seed)).bits(place);
}

/// The whole numbers 0 .. range - 1 with equal chances (to 2^-32), from 32 random bits.
constexpr std::uint32_t random_below(std::uint32_t bits, std::uint32_t range) {
    return static_cast<std::uint32_t>((std::uint64_t{bits} * range) >> 32);
}
/// A number in 0 <= u < 1 with 53 random bits.
constexpr double random_unit(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }
/// A number that is nearly normal around 1 with standard deviation 1/3, cut off at 0 and 2: the sum of four uniform
/// numbers of 16 bits each. No library function, so that it is the same on every machine.
constexpr double random_about_one(std::uint64_t bits) {
    const double sum =
        static_cast<double>((bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48)) /
        65535;  // mean 2, variance 1/3
    const double value = 1 + (sum - 2) * (1.7320508075688772 / 3);
    return value < 0 ? 0 : (value > 2 ? 2 : value);
}

}  // namespace landcarbon
