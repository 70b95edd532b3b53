// Land Carbon Toolbox: the largest flow through a small network of whole-number capacities.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/max_flow.hpp"

#include <algorithm>
#include <limits>

namespace landcarbon {
namespace {

constexpr std::size_t unreached = std::numeric_limits<std::size_t>::max();

}  // namespace

std::size_t MaxFlow::add_edge(std::size_t from, std::size_t to, std::int64_t capacity) {
    first_[from].push_back(edges_.size());
    edges_.push_back({to, capacity});
    first_[to].push_back(edges_.size());
    edges_.push_back({from, 0});
    return edges_.size() / 2 - 1;
}

bool MaxFlow::find_levels(std::size_t source, std::size_t sink) {
    level_.assign(first_.size(), unreached);
    level_[source] = 0;
    std::vector<std::size_t> queue = {source};
    for (std::size_t i = 0; i < queue.size(); ++i)
        for (const std::size_t e : first_[queue[i]])
            if (edges_[e].left > 0 && level_[edges_[e].to] == unreached) {
                level_[edges_[e].to] = level_[queue[i]] + 1;
                queue.push_back(edges_[e].to);
            }
    return level_[sink] != unreached;
}

std::int64_t MaxFlow::push(std::size_t node, std::size_t sink, std::int64_t most) {
    if (node == sink) return most;
    std::int64_t sent = 0;
    for (; next_[node] < first_[node].size(); ++next_[node]) {
        const std::size_t e = first_[node][next_[node]];
        if (edges_[e].left > 0 && level_[edges_[e].to] == level_[node] + 1) {
            const std::int64_t part = push(edges_[e].to, sink, std::min(most - sent, edges_[e].left));
            edges_[e].left -= part;
            edges_[e ^ 1].left += part;
            sent += part;
            if (sent == most) break;
        }
    }
    return sent;
}

std::int64_t MaxFlow::run(std::size_t source, std::size_t sink) {
    std::int64_t total = 0;
    while (find_levels(source, sink)) {
        next_.assign(first_.size(), 0);
        total += push(source, sink, std::numeric_limits<std::int64_t>::max());
    }
    return total;
}

}  // namespace landcarbon
