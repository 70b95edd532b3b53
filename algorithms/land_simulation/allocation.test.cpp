// Land Carbon Toolbox: reachable demands against trying everything, accepted conversions by hand.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/allocation.hpp"

#include <functional>
#include <limits>
#include <numeric>
#include <random>

#include "support/catch.hpp"

using namespace landcarbon;

namespace {

ClassSet set_of(const std::vector<std::size_t>& classes) {
    ClassSet set{};
    for (const std::size_t k : classes) add_class(set, k);
    return set;
}

/// The fewest cells that any assignment misses the demand by.
std::int64_t least_missing(const CellGroups& groups, const std::vector<std::int64_t>& demand) {
    std::vector<ClassSet> cells;
    for (const auto& [group, count] : groups) cells.insert(cells.end(), static_cast<std::size_t>(count), group.may);
    std::int64_t best = std::numeric_limits<std::int64_t>::max();
    std::vector<std::int64_t> counts(demand.size());
    const std::function<void(std::size_t)> assign = [&](std::size_t i) {
        if (i == cells.size()) {
            std::int64_t missing = 0;
            for (std::size_t k = 0; k < demand.size(); ++k) missing += std::max<std::int64_t>(0, demand[k] - counts[k]);
            best = std::min(best, missing);
            return;
        }
        for (std::size_t k = 0; k < demand.size(); ++k)
            if (has_class(cells[i], k)) {
                ++counts[k];
                assign(i + 1);
                --counts[k];
            }
    };
    assign(0);
    return best;
}

}  // namespace

TEST_CASE("what can be reached, by hand", "[land_simulation]") {
    // 5 cells of class 0 may become 1; 3 of class 1 nothing else; 2 of class 2 anything.
    const CellGroups groups = {{{0, set_of({0, 1})}, 5}, {{1, set_of({1})}, 3}, {{2, set_of({0, 1, 2})}, 2}};
    const Reach reach = reach_of(groups, {1, 8, 1});
    CHECK(reach.least == std::vector<std::int64_t>{0, 3, 0});
    CHECK(reach.most == std::vector<std::int64_t>{7, 10, 2});
    CHECK(reach.short_of == 0);
    CHECK(reach.nearest == std::vector<std::int64_t>{1, 8, 1});
    // Two cells too few of class 1 to give up: they stay, and the others have two fewer.
    const Reach kept = reach_of(groups, {7, 1, 2});
    CHECK(kept.short_of == 2);
    CHECK(std::accumulate(kept.nearest.begin(), kept.nearest.end(), std::int64_t{0}) == 10);
    CHECK(kept.nearest[1] == 3);
    // Each class alone may have so many, not both.
    const CellGroups shared = {{{0, set_of({0, 1, 2})}, 4}, {{3, set_of({3})}, 1}};
    CHECK(reach_of(shared, {0, 4, 1, 0}).short_of == 1);
    CHECK(reach_of(shared, {0, 2, 2, 1}).short_of == 0);
}

TEST_CASE("what can be reached, against trying everything", "[land_simulation]") {
    std::mt19937 random(5);
    int out_of_reach = 0;
    for (int round = 0; round < 200; ++round) {
        const std::size_t n = 2 + random() % 3;
        CellGroups groups;
        std::int64_t cells = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            CellGroup group{random() % n, {}};
            add_class(group.may, group.present);
            for (std::size_t k = 0; k < n; ++k)
                if (random() % 3 == 0) add_class(group.may, k);
            const auto count = static_cast<std::int64_t>(1 + random() % 3);
            groups[group] += count;
            cells += count;
        }
        std::vector<std::int64_t> demand(n);
        for (std::int64_t i = 0; i < cells; ++i) ++demand[random() % n];
        const Reach reach = reach_of(groups, demand);
        const std::int64_t missing = least_missing(groups, demand);
        CHECK(reach.short_of == missing);
        CHECK(least_missing(groups, reach.nearest) == 0);
        CHECK(std::accumulate(reach.nearest.begin(), reach.nearest.end(), std::int64_t{0}) == cells);
        out_of_reach += missing > 0;
    }
    CHECK(out_of_reach > 20);
    CHECK(out_of_reach < 180);
}

TEST_CASE("accepted conversions are in proportion and never past the demand", "[land_simulation]") {
    // Classes 0 and 1 have 60 and 30 too many, class 2 misses 90.
    const std::vector<std::int64_t> gap = {-60, -30, 90};
    std::vector<std::int64_t> proposed = {0, 500, 200, 300, 0, 400, 10, 10, 0};
    CHECK(accepted_conversions(proposed, gap, 1000) == std::vector<std::int64_t>{0, 0, 60, 0, 0, 30, 0, 0, 0});
    // A tenth at a time.
    CHECK(accepted_conversions(proposed, gap, 9) == std::vector<std::int64_t>{0, 0, 6, 0, 0, 3, 0, 0, 0});
    // Never more than is proposed.
    proposed[2] = 7;
    CHECK(accepted_conversions(proposed, gap, 1000)[2] == 7);
    CHECK(accepted_conversions(proposed, gap, 0) == std::vector<std::int64_t>(9, 0));
    CHECK(accepted_conversions(proposed, {0, 0, 0}, 10) == std::vector<std::int64_t>(9, 0));
    // Two wanted classes compete for one: 300 and 100 are cut to the demands, 40 and 10, and those to the 40 there are.
    const auto shared = accepted_conversions({0, 300, 100, 0, 0, 0, 0, 0, 0}, {-40, 40, 10}, 50);
    CHECK(shared == std::vector<std::int64_t>{0, 32, 8, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("conversions go through other classes where no direct one is proposed", "[land_simulation]") {
    // 0 may become 1 and 1 may become 2; class 0 has 5 too many, class 2 misses 5.
    const std::vector<std::int64_t> proposed = {0, 20, 0, 0, 0, 3, 0, 0, 0};
    CHECK(accepted_conversions(proposed, {-5, 0, 5}, 10) == std::vector<std::int64_t>{0, 3, 0, 0, 0, 3, 0, 0, 0});
    const std::vector<std::uint8_t> allowed = {1, 1, 0, 0, 1, 1, 0, 0, 1};
    CHECK(helpful_conversions(allowed, {-5, 0, 5}, true) == std::vector<std::uint8_t>(9, 0));
    CHECK(helpful_conversions(allowed, {-5, 0, 5}, false) == std::vector<std::uint8_t>{0, 1, 0, 0, 0, 1, 0, 0, 0});
}

TEST_CASE("exchanged cells cancel out", "[land_simulation]") {
    const std::vector<std::int64_t> proposed = {0, 30, 5, 20, 0, 0, 9, 7, 0};
    std::vector<std::int64_t> accepted(9);
    accepted[1] = 4;
    // Left: 26 and 20 between 0 and 1, 5 and 9 between 0 and 2, nothing from 1 to 2: 20 + 5 exchanges, 10 of them.
    CHECK(add_exchange(accepted, proposed, 3, 21) == 20);
    CHECK(accepted == std::vector<std::int64_t>{0, 12, 2, 8, 0, 0, 2, 0, 0});
    CHECK(add_exchange(accepted, proposed, 3, 1000) == 2 * (12 + 3));
    CHECK(add_exchange(accepted, proposed, 3, 1000) == 0);
}
