// Land Carbon Toolbox: the largest flow through a small network of whole-number capacities.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace landcarbon {

/// Dinic's algorithm (1970): augments along the shortest paths first. The result depends on nothing but the network
/// and the order in which edges were added.
class MaxFlow {
public:
    explicit MaxFlow(std::size_t nodes) : first_(nodes) {}
    /// @return the number of the edge, for flow()
    std::size_t add_edge(std::size_t from, std::size_t to, std::int64_t capacity);
    /// Sends as much as goes from source to sink, on top of what flows already; returns what was added.
    std::int64_t run(std::size_t source, std::size_t sink);
    std::int64_t flow(std::size_t edge) const { return edges_[2 * edge + 1].left; }
    /// Lets more through an edge; run() again then.
    void widen(std::size_t edge, std::int64_t more) { edges_[2 * edge].left += more; }

private:
    struct Edge {
        std::size_t to;
        std::int64_t left;  ///< capacity left; of the reverse edge: the flow
    };
    bool find_levels(std::size_t source, std::size_t sink);
    std::int64_t push(std::size_t node, std::size_t sink, std::int64_t most);
    std::vector<Edge> edges_;  ///< each followed by its reverse
    std::vector<std::vector<std::size_t>> first_;
    std::vector<std::size_t> level_, next_;
};

}  // namespace landcarbon
