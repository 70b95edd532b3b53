// Land Carbon Toolbox: tests of counted values and of the arithmetic of 31 digits behind them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/counted_values.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "maths/double_double.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

TEST_CASE("values are sorted and counted", "[class_breaks]") {
    const CountedValues counted = count_values({3, -0.0, 1, 3, 0, -2, 3});
    CHECK(counted.values == std::vector<double>{-2, 0, 1, 3});
    CHECK_FALSE(std::signbit(counted.values[1]));
    CHECK(counted.counts == std::vector<std::int64_t>{1, 2, 1, 3});
    CHECK(counted.total() == 7);
    CHECK(count_values({}).size() == 0);
}

TEST_CASE("what is no number is refused", "[class_breaks]") {
    CHECK_THROWS_AS(count_values({1, NAN}), std::invalid_argument);
    CHECK_THROWS_AS(count_values({-std::numeric_limits<double>::infinity(), 2}), std::invalid_argument);
}

TEST_CASE("means and squared deviations keep their digits", "[class_breaks]") {
    // NIST's data sets NumAcc3 and NumAcc4: 1e6 (1e7) + 0.2, and 500 times each + 0.1 and + 0.3. Standard deviation
    // 0.1.
    for (const double base : {1e6, 1e7}) {
        const CountedValues values{{base + 0.1, base + 0.2, base + 0.3}, {500, 1, 500}};
        CHECK(mean_of(values) == base + 0.2);
        // What is left is the rounding of the values themselves.
        CHECK(std::sqrt(squared_deviations(values) / 1000) == Approx(0.1).epsilon(base * 2e-15));
    }
    const CountedValues values = count_values({1, 2, 4, 100, 103});
    CHECK(squared_deviations(values, 0, 3) == Approx(14.0 / 3).epsilon(1e-15));
    CHECK(squared_deviations(values, 3, 5) == 4.5);
    CHECK(squared_deviations(values, 2, 3) == 0);
    CHECK(squared_deviations(values) == 11810);
}

TEST_CASE("the largest and the smallest numbers neither overflow nor vanish", "[class_breaks]") {
    const double huge = 1.5e308;
    CHECK(mean_of(CountedValues{{-huge, huge}, {1, 3}}) == huge / 2);
    CHECK(mean_of(CountedValues{{1e-320, 3e-320}, {1, 1}}) == 2e-320);
    CHECK(squared_deviations(CountedValues{{1e153, 3e153}, {1, 1}}) == Approx(2e306).epsilon(1e-15));
}

TEST_CASE("sums, products and quotients of pairs of doubles have 31 digits", "[class_breaks]") {
    // (1 + 2^-60)^2 = 1 + 2^-59 + 2^-120: the last term is below 2^-104.
    const double tiny = std::ldexp(1, -60);
    const DoubleDouble one_and_tiny = exact_sum_of(1, tiny);
    CHECK(one_and_tiny.low == tiny);
    const DoubleDouble square = one_and_tiny * one_and_tiny;
    CHECK(square.high == 1);
    CHECK(square.low == 2 * tiny);
    const DoubleDouble third = DoubleDouble{1, 0} / 3;
    CHECK(std::abs((third * 3 - DoubleDouble{1, 0}).value()) < std::ldexp(1, -104));
    CHECK((third + third + third - DoubleDouble{1, 0}).value() == Approx(0).margin(std::ldexp(1, -103)));
    // 2^53 + 1 is no double; its square is 2^106 + 2^54 + 1.
    const DoubleDouble large = exact_sum_of(9007199254740992, 1);
    CHECK((large * large - exact_product_of(9007199254740992, 9007199254740992)).value() == 18014398509481985.0);
}
