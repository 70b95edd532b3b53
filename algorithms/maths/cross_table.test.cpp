// Land Carbon Toolbox: the cross table: counts, areas, growth and merging in any order.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/cross_table.hpp"

#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace landcarbon;

namespace {

using Slots = std::vector<std::uint16_t>;

void add(CrossTable& table, const Slots& from, const Slots& to, std::size_t slots, double area) {
    table.add(from.data(), to.data(), from.size(), slots, FixedArea::from(area));
}

}  // namespace

TEST_CASE("cross table: counts pairs, slot 0 included", "[cross_table]") {
    CrossTable table;
    add(table, {1, 1, 2, 0, 2, 2}, {1, 2, 2, 1, 2, 0}, 3, 900);
    CHECK(table.count(1, 1) == 1);
    CHECK(table.count(1, 2) == 1);
    CHECK(table.count(2, 2) == 2);
    CHECK(table.count(0, 1) == 1);
    CHECK(table.count(2, 0) == 1);
    CHECK(table.count(2, 1) == 0);
    CHECK(table.count(700, 3) == 0);  // never met
    CHECK(table.area(2, 2, FixedArea::from(900)).square_metres() == 1800);
    add(table, {}, {}, 3, 900);
    CHECK(table.count(2, 2) == 2);
}

TEST_CASE("cross table: areas of rows are kept where they vary", "[cross_table]") {
    CrossTable table(true);
    add(table, {1, 1}, {1, 2}, 3, 100);
    add(table, {1, 2}, {1, 2}, 3, 50);
    const FixedArea unused = FixedArea::from(1e9);
    CHECK(table.area(1, 1, unused).square_metres() == 150);
    CHECK(table.area(1, 2, unused).square_metres() == 100);
    CHECK(table.area(2, 2, unused).square_metres() == 50);
    CHECK(table.area(9, 9, unused).square_metres() == 0);
    CHECK(table.count(1, 1) == 2);
}

TEST_CASE("cross table: classes that turn up later keep what was counted", "[cross_table]") {
    CrossTable table(true);
    for (std::uint16_t top = 1; top <= 40; ++top) {
        add(table, {1, top}, {top, 1}, top + 1u, 2);
        CHECK(table.slots() > top);
    }
    CHECK(table.count(1, 1) == 2);
    for (std::uint16_t top = 2; top <= 40; ++top) {
        CHECK(table.count(1, top) == 1);
        CHECK(table.count(top, 1) == 1);
        CHECK(table.area(top, 1, {}).square_metres() == 2);
    }
}

TEST_CASE("cross table: merging in any order and grouping gives the same", "[cross_table]") {
    std::mt19937 random(11);
    CrossTable whole(true);
    std::vector<CrossTable> parts(7, CrossTable(true));
    for (int row = 0; row < 500; ++row) {
        Slots from, to;
        // Later rows know more classes, as when threads meet them one after the other.
        const std::size_t slots = 2 + static_cast<std::size_t>(row) / 25;
        for (int i = 0; i < 64; ++i) {
            from.push_back(static_cast<std::uint16_t>(random() % slots));
            to.push_back(static_cast<std::uint16_t>(random() % slots));
        }
        const double area = 1000 + row * 0.1;
        add(whole, from, to, slots, area);
        add(parts[random() % parts.size()], from, to, slots, area);
    }
    CrossTable forward(true), backward(true);
    for (const auto& part : parts) forward.merge(part);
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) backward.merge(*part);
    std::int64_t cells = 0;
    for (std::size_t from = 0; from < 22; ++from)
        for (std::size_t to = 0; to < 22; ++to) {
            CHECK(forward.count(from, to) == whole.count(from, to));
            CHECK(backward.count(from, to) == whole.count(from, to));
            CHECK(forward.area(from, to, {}) == whole.area(from, to, {}));
            CHECK(backward.area(from, to, {}) == whole.area(from, to, {}));
            cells += whole.count(from, to);
        }
    CHECK(cells == 500 * 64);
}
