// Land Carbon Toolbox: random bits by place: the same for any number of threads and any order of work.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace landcarbon {

/// Spreads the bits of a number over all 64; no two numbers give the same.
/// Source: D. Stafford (2011), variant 13 of the finaliser of MurmurHash3.
inline std::uint64_t mixed_bits(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
    return bits ^ (bits >> 31);
}

/// 64 random bits of a place, as of a cell, for a seed. No two places of one seed have the same.
/// They are the numbers of SplitMix64 that start at the mixed seed: G. L. Steele, D. Lea, C. H. Flood (2014), Fast
/// splittable pseudorandom number generators, OOPSLA, doi:10.1145/2660193.2660195.
inline std::uint64_t random_bits(std::uint64_t seed, std::uint64_t place) {
    return mixed_bits(mixed_bits(seed) + (place + 1) * 0x9e3779b97f4a7c15u);
}

}  // namespace landcarbon
