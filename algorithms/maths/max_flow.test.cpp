// Land Carbon Toolbox: largest flows: a network by hand, chains, more capacity afterwards.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/max_flow.hpp"

#include "support/catch.hpp"

using namespace landcarbon;

TEST_CASE("the largest flow of a network by hand", "[max_flow]") {
    // Cormen et al., Introduction to Algorithms, figure 26.1: the largest flow is 23.
    MaxFlow net(6);
    net.add_edge(0, 1, 16);
    net.add_edge(0, 2, 13);
    net.add_edge(2, 1, 4);
    net.add_edge(1, 3, 12);
    net.add_edge(3, 2, 9);
    net.add_edge(2, 4, 14);
    net.add_edge(4, 3, 7);
    const std::size_t last = net.add_edge(3, 5, 20);
    const std::size_t other = net.add_edge(4, 5, 4);
    CHECK(net.run(0, 5) == 23);
    CHECK(net.flow(last) == 19);
    CHECK(net.flow(other) == 4);
    // With a wider last edge: node 1 passes on 12, and 13 go from the source to node 2.
    net.widen(other, 10);
    CHECK(net.run(0, 5) == 2);
    CHECK(net.run(0, 5) == 0);
}

TEST_CASE("a flow takes back what was sent the wrong way", "[max_flow]") {
    // The first path found may be 0-1-2-3; then 0-2 and 1-3 need it undone.
    MaxFlow net(4);
    net.add_edge(0, 1, 1);
    const std::size_t middle = net.add_edge(1, 2, 1);
    net.add_edge(2, 3, 1);
    net.add_edge(0, 2, 1);
    net.add_edge(1, 3, 1);
    CHECK(net.run(0, 3) == 2);
    CHECK(net.flow(middle) == 0);
    MaxFlow apart(2);
    CHECK(apart.run(0, 1) == 0);
}
