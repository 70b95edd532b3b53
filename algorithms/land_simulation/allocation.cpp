// Land Carbon Toolbox: how many cells change from which class to which: what is reachable, and what is accepted.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/allocation.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "maths/largest_remainder.hpp"
#include "maths/max_flow.hpp"

namespace landcarbon {

Reach reach_of(const CellGroups& groups, const std::vector<std::int64_t>& demand) {
    const std::size_t n = demand.size();
    constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max() / 4;
    Reach reach{std::vector<std::int64_t>(n), std::vector<std::int64_t>(n), {}, 0};
    // Nodes: classes, groups, source, sink.
    const std::size_t source = n + groups.size(), sink = source + 1;
    MaxFlow net(sink + 1);
    std::vector<std::size_t> ends;
    for (std::size_t k = 0; k < n; ++k) ends.push_back(net.add_edge(k, sink, demand[k]));
    struct Own {
        std::size_t edge, present;
        std::int64_t cells;
    };
    std::vector<Own> supplies;
    std::size_t node = n;
    for (const auto& [group, cells] : groups) {
        int count = 0;
        for (const std::uint64_t word : group.may) count += std::popcount(word);
        supplies.push_back({net.add_edge(source, node, cells), group.present, cells});
        // The present class first: a flow without need of a change makes none.
        net.add_edge(node, group.present, any);
        for (std::size_t k = 0; k < n; ++k) {
            if (!has_class(group.may, k)) continue;
            reach.most[k] += cells;
            if (count == 1) reach.least[k] += cells;
            if (k != group.present) net.add_edge(node, k, any);
        }
        ++node;
    }
    net.run(source, sink);
    // Cells that fit no demand keep their class.
    for (std::size_t k = 0; k < n; ++k) reach.nearest.push_back(net.flow(ends[k]));
    for (const Own& supply : supplies) {
        const std::int64_t left = supply.cells - net.flow(supply.edge);
        reach.nearest[supply.present] += left;
        reach.short_of += left;
    }
    return reach;
}

std::vector<std::int64_t> accepted_conversions(const std::vector<std::int64_t>& proposed,
                                               const std::vector<std::int64_t>& gap, std::int64_t most) {
    const std::size_t n = gap.size();
    std::vector<std::int64_t> accepted(n * n);
    std::int64_t needed = 0;
    for (const std::int64_t cells : gap) needed += std::max<std::int64_t>(cells, 0);
    if (needed == 0 || most <= 0) return accepted;
    // Each class's part of this step, rounded up.
    const double part = std::min(1.0, static_cast<double>(most) / static_cast<double>(needed));
    std::vector<std::int64_t> room(n);
    for (std::size_t k = 0; k < n; ++k)
        room[k] = std::min(std::abs(gap[k]),
                           static_cast<std::int64_t>(std::ceil(part * static_cast<double>(std::abs(gap[k])))));
    // Joined in proportion: rows and columns that propose too much are scaled down in turn.
    std::vector<double> wanted(n * n);
    for (std::size_t c = 0; c < n; ++c)
        for (std::size_t k = 0; k < n; ++k)
            if (gap[c] < 0 && gap[k] > 0) wanted[c * n + k] = static_cast<double>(proposed[c * n + k]);
    const auto scale_down = [&](std::size_t line, std::size_t first, std::size_t step) {
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) sum += wanted[first + i * step];
        const auto limit = static_cast<double>(room[line]);
        if (sum > limit)
            for (std::size_t i = 0; i < n; ++i) wanted[first + i * step] *= limit / sum;
    };
    for (int round = 0; round < 50; ++round) {
        for (std::size_t k = 0; k < n; ++k) scale_down(k, k, n);
        for (std::size_t c = 0; c < n; ++c) scale_down(c, c * n, 1);
    }
    MaxFlow net(n + 2);
    std::vector<std::size_t> edges(n * n);
    std::vector<std::int64_t> left = room;
    for (std::size_t c = 0; c < n; ++c)
        for (std::size_t k = 0; k < n; ++k) {
            const std::size_t pair = c * n + k;
            // Not past what is left, whatever the rounding.
            accepted[pair] = std::min({static_cast<std::int64_t>(wanted[pair]), left[c], left[k], proposed[pair]});
            left[c] -= accepted[pair];
            left[k] -= accepted[pair];
        }
    for (std::size_t k = 0; k < n; ++k) {
        if (gap[k] < 0) net.add_edge(n, k, left[k]);
        if (gap[k] > 0) net.add_edge(k, n + 1, left[k]);
        for (std::size_t to = 0; to < n; ++to)
            if (to != k) edges[k * n + to] = net.add_edge(k, to, proposed[k * n + to] - accepted[k * n + to]);
    }
    if (net.run(n, n + 1) > 0)
        for (std::size_t c = 0; c < n; ++c)
            for (std::size_t k = 0; k < n; ++k)
                if (c != k) accepted[c * n + k] += net.flow(edges[c * n + k]);
    return accepted;
}

std::int64_t add_exchange(std::vector<std::int64_t>& accepted, const std::vector<std::int64_t>& proposed,
                          std::size_t classes, std::int64_t most) {
    std::vector<double> both;
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    std::int64_t possible = 0;
    for (std::size_t a = 0; a < classes; ++a)
        for (std::size_t b = a + 1; b < classes; ++b) {
            const std::size_t there = a * classes + b, back = b * classes + a;
            const std::int64_t cells = std::min(proposed[there] - accepted[there], proposed[back] - accepted[back]);
            if (cells <= 0) continue;
            both.push_back(static_cast<double>(cells));
            pairs.emplace_back(there, back);
            possible += cells;
        }
    const std::int64_t exchanges = std::min(possible, most / 2);
    if (exchanges <= 0) return 0;
    std::vector<std::int64_t> parts = largest_remainder(both, exchanges);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        accepted[pairs[i].first] += parts[i];
        accepted[pairs[i].second] += parts[i];
    }
    return 2 * exchanges;
}

std::vector<std::uint8_t> helpful_conversions(const std::vector<std::uint8_t>& allowed,
                                              const std::vector<std::int64_t>& gap, bool direct) {
    const std::size_t n = gap.size();
    std::vector<std::uint8_t> from(n), to(n), helpful(n * n);
    for (std::size_t k = 0; k < n; ++k) {
        from[k] = gap[k] < 0;
        to[k] = gap[k] > 0;
    }
    if (!direct)
        for (std::size_t round = 0; round < n; ++round)
            for (std::size_t c = 0; c < n; ++c)
                for (std::size_t k = 0; k < n; ++k) {
                    if (!allowed[c * n + k]) continue;
                    from[k] |= from[c];
                    to[c] |= to[k];
                }
    for (std::size_t c = 0; c < n; ++c)
        for (std::size_t k = 0; k < n; ++k)
            helpful[c * n + k] = c != k && allowed[c * n + k] != 0 && from[c] != 0 && to[k] != 0;
    return helpful;
}

}  // namespace landcarbon
