// Land Carbon Toolbox: tests of finding classes of many values.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/break_lookup.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "maths/counter_random.hpp"
#include "maths/ranked_sample.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

template <class Real>
void compare(const std::vector<double>& breaks, const std::vector<Real>& values) {
    std::vector<std::uint16_t> classes(values.size());
    BreakLookup<Real>(breaks).classes_of(values.data(), values.size(), classes.data());
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto below = std::lower_bound(breaks.begin(), breaks.end(), static_cast<double>(values[i]));
        wrong += classes[i] != below - breaks.begin();
    }
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("classes of many values are those of a search among the breaks", "[break_lookup]") {
    const auto random = [](std::uint64_t i) { return static_cast<double>(random_bits(7, i) >> 11) * 0x1p-53; };
    const double huge = std::numeric_limits<double>::max();
    for (const std::vector<double>& breaks : {std::vector<double>{},
                                              {0.5},
                                              {0.1, 0.2, 0.3, 0.7},
                                              {0.1, 0.1000000001, 0.10001, 0.5, 1e6},
                                              {-1e-30, 0, 1e-300, 1e-20, 0.3},
                                              {-huge, 0.25, huge}}) {
        std::vector<float> singles;
        std::vector<double> doubles;
        for (std::uint64_t i = 0; i < 3000; ++i) {
            const double value = i % 3 ? random(i) : std::pow(random(i), 20) - (i % 2 ? 0 : 0.01);
            singles.push_back(static_cast<float>(value));
            doubles.push_back(value);
        }
        for (const double value : breaks) {
            const auto single = static_cast<float>(value);
            if (!std::isfinite(single)) continue;
            for (const float near : {single, std::nextafter(single, 1e30f), std::nextafter(single, -1e30f)})
                singles.push_back(near);
            for (const double near : {value, std::nextafter(value, 1e30), std::nextafter(value, -1e30)})
                doubles.push_back(near);
        }
        INFO(breaks.size());
        compare(breaks, singles);
        compare(breaks, doubles);
    }
    // Very many breaks, close together at one end.
    std::vector<double> breaks;
    for (int i = 0; i < 5000; ++i) breaks.push_back(std::exp(0.003 * i));
    std::vector<double> values;
    for (std::uint64_t i = 0; i < 5000; ++i) values.push_back(std::exp(16 * random(i)) - 0.5);
    compare(breaks, values);
}

TEST_CASE("a ranked sample does not depend on the order of its members", "[ranked_sample]") {
    const std::uint64_t n = 5000;
    RankedSample one(100, 1), first(100, 1), second(100, 1);
    for (std::uint64_t i = 0; i < n; ++i) {
        const double own = static_cast<double>(i);
        one.offer(random_bits(3, i), &own);
        const std::uint64_t back = n - 1 - i;
        const double other = static_cast<double>(back);
        (back % 3 ? first : second).offer(random_bits(3, back), &other);
    }
    second.merge(first);
    one.prune();
    second.prune();
    REQUIRE(one.members() == 100);
    REQUIRE(second.members() == 100);
    double sum = 0;
    for (std::size_t i = 0; i < 100; ++i) {
        CHECK(one.number(i, 0) == second.number(i, 0));
        sum += one.number(i, 0);
    }
    // The mean of a uniform sample: 2500 with a standard error of 144.
    CHECK(std::abs(sum / 100 - 2500) < 600);
    // Another seed is another sample, a sample of all is all.
    RankedSample all(10000, 1);
    for (std::uint64_t i = 0; i < n; ++i) {
        const double own = static_cast<double>(i);
        all.offer(random_bits(4, i), &own);
    }
    all.prune();
    CHECK(all.members() == n);
    CHECK(all.number(0, 0) != one.number(0, 0));
}
