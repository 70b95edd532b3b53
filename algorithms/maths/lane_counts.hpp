// Land Carbon Toolbox: counting cells by key without waiting for the counter of the cell before.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace landcarbon {

/// Four counters a key, so that neighbours with one key do not wait for each other; four equal cells count at once.
class LaneCounts {
public:
    static constexpr std::size_t lanes = 4;

    /// True when clearing and adding up the counters costs less than counting itself.
    static bool pays(std::size_t keys, std::size_t count) { return keys * lanes <= count; }
    /// True when the four cells from `cells` on are alike.
    static bool alike(const std::uint16_t* cells) {
        std::uint64_t all;
        std::memcpy(&all, cells, sizeof all);
        return all == *cells * 0x0001000100010001ULL;
    }

    /// Counts `count` cells (below 2^32) by key.
    /// @param key        key of the i-th cell, below `keys`
    /// @param four_alike tells whether the four cells from the i-th on have one key; may say no where they have
    /// @param tell       called with each key that occurs and its number of cells
    template <class Key, class FourAlike, class Tell>
    void count(std::size_t keys, std::size_t count, Key key, FourAlike four_alike, Tell tell) {
        counters_.assign(keys * lanes, 0);
        std::uint32_t* const counters = counters_.data();
        std::size_t i = 0;
        for (; i + lanes <= count; i += lanes) {
            if (four_alike(i)) {
                counters[key(i)] += lanes;
                continue;
            }
            for (std::size_t lane = 0; lane < lanes; ++lane) ++counters[lane * keys + key(i + lane)];
        }
        for (; i < count; ++i) ++counters[key(i)];
        for (std::size_t k = 0; k < keys; ++k) {
            std::int64_t cells = 0;
            for (std::size_t lane = 0; lane < lanes; ++lane) cells += counters[lane * keys + k];
            if (cells) tell(k, cells);
        }
    }

private:
    std::vector<std::uint32_t> counters_;
};

}  // namespace landcarbon
