// Land Carbon Toolbox: spread of values: quantiles and histograms against sorted values.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/value_spread.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "support/catch.hpp"

using namespace landcarbon;

TEST_CASE("quantiles of a spread come near those of the sorted values", "[value_spread]") {
    std::mt19937 random(3);
    std::normal_distribution<float> normal(10, 30);
    std::vector<float> values(20000);
    for (float& value : values) value = normal(random);
    ValueSpread spread;
    spread.add(values.data(), values.size(), -9999);
    std::sort(values.begin(), values.end());
    CHECK(spread.count() == 20000);
    CHECK(spread.lowest() == values.front());
    CHECK(spread.highest() == values.back());
    for (const double share : {0.001, 0.02, 0.25, 0.5, 0.9, 0.98, 1.0}) {
        const double expected = values[static_cast<std::size_t>(share * 19999)];
        CHECK(spread.quantile(share) == Approx(expected).epsilon(0.01).margin(0.01));
    }
    CHECK(spread.quantile(0) == values.front());
}

TEST_CASE("a spread leaves out what is no value and does not depend on order", "[value_spread]") {
    const float none = -9999, infinite = std::numeric_limits<float>::infinity();
    const std::vector<float> values = {1, 2, none, NAN, infinite, -infinite, -0.0f, 0, -5, 1e-40f};
    ValueSpread all, first, second;
    all.add(values.data(), values.size(), none);
    first.add(values.data() + 4, 6, none);
    second.add(values.data(), 4, none);
    first.merge(second);
    CHECK(all.count() == 6);
    CHECK(all.lowest() == -5);
    CHECK(all.highest() == 2);
    for (const double share : {0.0, 0.3, 0.5, 0.9, 1.0}) CHECK(all.quantile(share) == first.quantile(share));
    CHECK(all.counts_between({-10, -1, 0.5, 3}) == std::vector<double>{1, 3, 2});
    // Values beyond the edges count in the outer bins.
    CHECK(all.counts_between({-1, 0.5, 1.5}) == std::vector<double>{4, 2});
}

TEST_CASE("the middle of many zeros is zero", "[value_spread]") {
    const std::vector<float> values = {-2, 0, 0, 0, 0, 3, 4};
    ValueSpread spread;
    spread.add(values.data(), values.size(), 1e30f);
    CHECK(spread.quantile(0.5) == 0);
}

TEST_CASE("histograms of a spread keep the number of values", "[value_spread]") {
    std::mt19937 random(4);
    std::vector<float> values(5000);
    for (float& value : values) value = static_cast<float>(random() % 1000) - 300;
    ValueSpread spread;
    spread.add(values.data(), values.size(), 1e30f);
    const std::vector<double> edges = {-300, -200, -100, 0, 100, 200, 300, 400, 500, 600, 700};
    const auto counts = spread.counts_between(edges);
    CHECK(std::accumulate(counts.begin(), counts.end(), 0.0) == Approx(5000).epsilon(1e-12));
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const auto expected =
            std::count_if(values.begin(), values.end(), [&](float v) { return v >= edges[i] && v < edges[i + 1]; });
        CHECK(counts[i] == Approx(static_cast<double>(expected)).margin(20));
    }
}
