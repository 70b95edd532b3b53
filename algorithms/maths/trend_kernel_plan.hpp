// Land Carbon Toolbox: what the trend kernels of all vector widths share: pairs, networks and tables.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "maths/trend_kernel.hpp"

namespace landcarbon {

/// A network that brings the wanted ranks of `size` values to their places. Runs follow one another; what stands in one
/// run touches different values and may be done in any order.
struct SortingNetwork {
    enum class Keep : std::uint8_t { both, lower, upper, fours, threes };
    struct Exchange {
        std::uint16_t a, b;  ///< the lower goes to a, the upper to b
    };
    /// Exchanges of four values, so that they are loaded and stored once: (a, b), (c, d), then (a, c), (b, d) of the
    /// `fours`, or (a, d) of the `threes`.
    struct Group {
        std::uint16_t a, b, c, d;
    };
    struct Run {
        Keep keep;
        std::uint32_t begin, end;  ///< in `exchanges`, or in `fours` or `threes`
    };
    std::vector<Exchange> exchanges;
    std::vector<Group> fours, threes;
    std::vector<Run> runs;
};

/// Batcher's merge exchange (Knuth, The Art of Computer Programming 3, algorithm 5.2.2M) without the exchanges, and
/// halves of exchanges, that do not reach the ranks first..last (from 0). @param size at most 65535
SortingNetwork sorting_network(std::size_t size, std::size_t first, std::size_t last);

struct TrendKernel::Plan {
    struct Pair {
        std::uint32_t i, j;
        float span;     ///< t_j - t_i
        float inverse;  ///< 1 / span
    };
    static constexpr std::size_t most_near =
        16;  ///< slopes around a rank that are sorted, where it is found by counting
    std::vector<double> times;
    std::vector<float> departures;  ///< of the times from their mean
    TrendSettings settings;
    double z = 0;           ///< of the confidence
    bool vectors = false;   ///< the networks serve; else series by series
    bool inverses = false;  ///< all spans are of a size for which quotients can be had from inverses
    std::vector<Pair> pairs;
    SortingNetwork slopes;   ///< with all ranks that the bounds may be
    SortingNetwork medians;  ///< of the slopes alone
    SortingNetwork near;     ///< the slopes around a rank
    SortingNetwork residuals;
    /// For each byte which of its bits are set, from the lowest up; 8 places a byte, of which the last may mean
    /// nothing.
    std::array<std::uint8_t, 256 * 8> bits_of{};
    /// p without ties, by n and |S|: p_values[p_starts[n] + |S|].
    std::vector<std::size_t> p_starts;
    std::vector<float> p_values;

    /// p of a score; z is used where the table does not serve.
    float p_of(std::int32_t n, std::int32_t s, std::int32_t tied_pairs, double z) const {
        if (tied_pairs != 0 || static_cast<std::size_t>(n) + 1 >= p_starts.size())
            return static_cast<float>(normal_p(z));
        return p_values[p_starts[static_cast<std::size_t>(n)] + static_cast<std::size_t>(s < 0 ? -s : s)];
    }
    /// Bytes for the steps, slopes and residuals of one vector of series, and for the slopes around a rank with their
    /// places.
    std::size_t workspace_bytes() const { return (times.size() * 2 + pairs.size() + 2 * most_near + 1) * 64; }
    /// Series number `i`, by the reference.
    void run_one(const float* const* steps, std::size_t i, const TrendBands& bands) const;
};

}  // namespace landcarbon
