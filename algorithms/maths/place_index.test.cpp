// Land Carbon Toolbox: tests of the search of places.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/place_index.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "maths/counter_random.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

std::vector<std::uint32_t> numbers(std::vector<Neighbour> found) {
    std::vector<std::uint32_t> all;
    for (const Neighbour& one : found) all.push_back(one.place);
    std::sort(all.begin(), all.end());
    return all;
}

}  // namespace

TEST_CASE("places: the nearest are those that a look at all of them finds", "[place_index]") {
    std::vector<double> x, y;
    for (std::uint64_t i = 0; i < 3000; ++i) {
        // A lattice in part, so that many lie at the same distance.
        x.push_back(i < 900 ? static_cast<double>(i % 30) : 100 * random_unit(random_bits(1, i)));
        y.push_back(i < 900 ? static_cast<double>(i / 30) : 100 * random_unit(random_bits(2, i)));
    }
    const PlaceIndex index(x, y, Distances::plane);
    REQUIRE(index.size() == 3000);
    std::vector<Neighbour> found, all;
    for (const std::size_t count : {1u, 4u, 9u, 57u, 300u, 2999u, 5000u})
        for (const std::size_t place : {0u, 31u, 464u, 899u, 1500u}) {
            index.all(x[place], y[place], all);
            REQUIRE(all.size() == 3000);
            for (std::size_t i = 0; i < all.size(); ++i) REQUIRE(all[i].place == i);
            CHECK(all[7].distance == std::hypot(x[7] - x[place], y[7] - y[place]));
            std::sort(all.begin(), all.end(), [](const Neighbour& a, const Neighbour& b) {
                return a.distance != b.distance ? a.distance < b.distance : a.place < b.place;
            });
            index.nearest(x[place], y[place], count, found);
            const auto wanted = std::min<std::size_t>(count, 3000);
            CHECK((numbers(found) == numbers({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(wanted)})));
        }
    index.within(15, 15, 2, found);  // places at the very distance count
    std::size_t near = 0;
    for (std::size_t i = 0; i < 3000; ++i) near += std::hypot(x[i] - 15, y[i] - 15) <= 2;
    CHECK(found.size() == near);
    CHECK(near >= 13);
}

TEST_CASE("places: great circles, across the antimeridian and at a pole", "[place_index]") {
    const PlaceIndex index({179.9, -179.9, 0, 90, 10, 170}, {0, 0, 0, 0, 89.9, 89.9}, Distances::globe);
    std::vector<Neighbour> found;
    index.nearest(180, 0, 2, found);
    CHECK((numbers(found) == std::vector<std::uint32_t>{0, 1}));
    CHECK(found[0].distance == Approx(0.1 * std::numbers::pi / 180 * earth_radius).epsilon(1e-12));
    index.nearest(-170, 89.95, 2, found);
    CHECK((numbers(found) == std::vector<std::uint32_t>{4, 5}));
    index.within(0, 0, 90.01 / 180 * std::numbers::pi * earth_radius, found);  // (170, 89.9) lies behind the pole
    CHECK((numbers(found) == std::vector<std::uint32_t>{2, 3, 4}));
    index.all(0, 0, found);
    CHECK(found[3].distance == Approx(std::numbers::pi / 2 * earth_radius).epsilon(1e-12));
}

TEST_CASE("places: what the last search tells changes nothing but the time", "[place_index]") {
    for (const Distances distances : {Distances::plane, Distances::globe}) {
        std::vector<double> x, y;
        for (std::uint64_t i = 0; i < 2000; ++i) {
            // A lattice, a heap at one place, and the rest anywhere.
            x.push_back(i < 400   ? 170 + static_cast<double>(i % 20)
                        : i < 500 ? 175
                                  : 360 * random_unit(random_bits(1, i)));
            y.push_back(i < 400 ? static_cast<double>(i / 20) : i < 500 ? 5 : 80 * random_unit(random_bits(2, i)));
        }
        const PlaceIndex index(x, y, distances);
        const auto order = order_by_place(x, y);
        std::vector<Neighbour> found, again;
        for (const std::size_t count : {1u, 8u, 60u, 101u, 240u, 400u, 2000u}) {
            LastSearch last;
            for (std::size_t i = 0; i < order.size(); i += 7) {
                const std::size_t place = order[i];
                index.nearest(x[place], y[place], count, found);
                index.nearest(x[place], y[place], count, again, &last);
                REQUIRE(again.size() == count);
                REQUIRE(numbers(found) == numbers(again));
            }
            // From one end to the other, and with another count.
            index.nearest(x[3], y[3], count, again, &last);
            index.nearest(x[1999], y[1999], count, again, &last);
            index.nearest(x[1999], y[1999], count, found);
            CHECK(numbers(found) == numbers(again));
            index.nearest(x[1999], y[1999], 5, again, &last);
            index.nearest(x[1999], y[1999], 5, found);
            CHECK(numbers(found) == numbers(again));
        }
    }
}

TEST_CASE("places: an order that keeps neighbours together", "[place_index]") {
    CHECK((order_by_place({9, 0, 8, 1}, {9, 0, 9, 1}) == std::vector<std::uint32_t>{1, 3, 2, 0}));
    CHECK((order_by_place({5, 5}, {7, 7}) == std::vector<std::uint32_t>{0, 1}));
    CHECK(order_by_place({}, {}).empty());
}
