// Land Carbon Toolbox: counting cells by key without waiting for the counter of the cell before.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace landcarbon {

/// Several counters a key, so that neighbours with one key do not wait for each other; a group of equal cells counts at
/// once. Groups are long, so that the processor foresees which way they go on smooth and on noisy maps alike.
class LaneCounts {
public:
    static constexpr std::size_t lanes = 4;
    static constexpr std::size_t group = 32;

    /// True when clearing and adding up the counters costs less than counting itself.
    static bool pays(std::size_t keys, std::size_t count) { return keys * lanes <= count; }
    /// True when the cells of the group from `cells` on are alike.
    static bool alike(const std::uint16_t* cells) {
        const std::uint64_t first = cells[0] * 0x0001000100010001ULL;
        std::uint64_t differs = 0;
        for (std::size_t i = 0; i < group; i += 4) {
            std::uint64_t four;
            std::memcpy(&four, cells + i, sizeof four);
            differs |= four ^ first;
        }
        return differs == 0;
    }

    /// Counts `count` cells (below 2^32) by key.
    /// @param key         key of the i-th cell, below `keys`
    /// @param group_alike tells whether the cells of the group from the i-th on have one key; may say no where they
    /// have
    /// @param tell        called with each key that occurs and its number of cells
    template <class Key, class GroupAlike, class Tell>
    void count(std::size_t keys, std::size_t count, Key key, GroupAlike group_alike, Tell tell) {
        counters_.assign(keys * lanes, 0);
        std::uint32_t* const counters = counters_.data();
        std::size_t i = 0;
        for (; i + group <= count; i += group) {
            if (group_alike(i)) {
                counters[key(i) * lanes] += group;
                continue;
            }
            // All keys first, which vectorises; each lane has its own counters.
            std::array<std::uint32_t, group> places;
            for (std::size_t j = 0; j < group; ++j)
                places[j] = static_cast<std::uint32_t>(key(i + j) * lanes + j % lanes);
#pragma GCC unroll 8
            for (std::size_t j = 0; j < group; ++j) ++counters[places[j]];
        }
        for (; i < count; ++i) ++counters[key(i) * lanes];
        for (std::size_t k = 0; k < keys; ++k) {
            std::int64_t cells = 0;
            for (std::size_t lane = 0; lane < lanes; ++lane) cells += counters[k * lanes + lane];
            if (cells) tell(k, cells);
        }
    }

private:
    std::vector<std::uint32_t> counters_;
};

}  // namespace landcarbon
