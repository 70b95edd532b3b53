// Land Carbon Toolbox: tests of moments in whole numbers.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/fixed_moments.hpp"

#include <algorithm>
#include <random>

#include "maths/counted_values.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

TEST_CASE("moments in whole numbers by hand", "[fixed_moments]") {
    const FixedScale scale(0, 10);
    FixedMoments moments;
    CHECK(moments.squared_deviations(scale) == 0);
    for (const double value : {0.0, 10.0, 2.5, 7.5, 5.0}) moments.add(scale.units(value));
    CHECK(moments.count() == 5);
    CHECK(moments.mean(scale) == 5);
    CHECK(moments.squared_deviations(scale) == 62.5);
    // A constant: no range.
    const FixedScale point(3, 3);
    FixedMoments same;
    same.add(point.units(3));
    same.add(point.units(3));
    CHECK(same.mean(point) == 3);
    CHECK(same.squared_deviations(point) == 0);
    // A range so small that its unit could not be written down.
    const FixedScale tiny(0, 1e-320);
    FixedMoments small;
    small.add(tiny.units(1e-320));
    CHECK(small.mean(tiny) >= 0);
    CHECK(small.mean(tiny) < 1e-300);
}

TEST_CASE("moments in whole numbers have 12 digits and no order", "[fixed_moments]") {
    std::mt19937 random(6);
    for (const auto& [shift, width] : {std::pair{0.0, 1.0}, {-1e6, 3.0}, {1e-9, 1e-12}, {5.0, 1e18}}) {
        std::vector<double> values(3000);
        for (double& value : values) value = shift + width * (static_cast<double>(random()) / 4294967296.0 - 0.4);
        const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
        const FixedScale scale(*lowest, *highest);
        FixedMoments forwards, backwards, part;
        for (const double value : values) forwards.add(scale.units(value));
        std::reverse(values.begin(), values.end());
        for (std::size_t i = 0; i < values.size(); ++i) (i < 1234 ? part : backwards).add(scale.units(values[i]));
        backwards.merge(part);
        CHECK(forwards.mean(scale) == backwards.mean(scale));
        CHECK(forwards.squared_deviations(scale) == backwards.squared_deviations(scale));
        const CountedValues counted = count_values(values);
        CHECK(forwards.mean(scale) == Approx(mean_of(counted)).margin(width * 1e-12));
        CHECK(forwards.squared_deviations(scale) == Approx(squared_deviations(counted)).epsilon(1e-11));
    }
}

TEST_CASE("the largest sums fit", "[fixed_moments]") {
    const FixedScale scale(-1, 1);
    CHECK(scale.units(1) == std::int64_t{1} << 38);
    // 2^46 values: by doubling.
    FixedMoments moments;
    moments.add(scale.units(-1));
    moments.add(scale.units(1));
    for (int i = 0; i < 45; ++i) {
        const FixedMoments copy = moments;
        moments.merge(copy);
    }
    CHECK(moments.count() == std::int64_t{1} << 46);
    CHECK(moments.mean(scale) == 0);
    CHECK(moments.squared_deviations(scale) == static_cast<double>(std::int64_t{1} << 46));
}
