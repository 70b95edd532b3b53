// Land Carbon Toolbox: logarithm and exponential for vectorised loops: against the C library's, and the same at any
// width.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/lane_maths.hpp"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "maths/wide.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

/// How many units in the last place of `expected` lie between the two.
double units_apart(double value, long double expected) {
    const double last =
        std::nextafter(std::abs(static_cast<double>(expected)), HUGE_VAL) - std::abs(static_cast<double>(expected));
    return static_cast<double>(std::abs(static_cast<long double>(value) - expected) / last);
}

}  // namespace

TEST_CASE("logarithm within one unit in the last place", "[lane_maths]") {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> exponent(-300, 300), near_one(0.5, 2);
    double worst = 0;
    for (int i = 0; i < 200000; ++i) {
        const double x = i % 2 ? std::pow(10, exponent(random)) : near_one(random);
        worst = std::max(worst, units_apart(lane_log(x), std::log(static_cast<long double>(x))));
    }
    CHECK(worst < 1.0);
    CHECK(worst > 0.3);  // the comparison compares
    CHECK(lane_log(1.0) == 0);
    CHECK(lane_log(0x1p-1022) == std::log(0x1p-1022));
    CHECK(lane_log(std::numeric_limits<double>::max()) == std::log(std::numeric_limits<double>::max()));
    CHECK(std::isnan(lane_log(std::nan(""))));
}

TEST_CASE("exponential within one unit in the last place", "[lane_maths]") {
    std::mt19937_64 random(8);
    std::uniform_real_distribution<double> wide_range(-700, 700), narrow(-2, 2);
    double worst = 0;
    for (int i = 0; i < 200000; ++i) {
        const double x = i % 2 ? wide_range(random) : narrow(random);
        worst = std::max(worst, units_apart(lane_exp(x), std::exp(static_cast<long double>(x))));
    }
    CHECK(worst < 1.0);
    CHECK(worst > 0.3);
    CHECK(lane_exp(0) == 1);
    CHECK(lane_exp(1e300) == lane_exp(700));
    CHECK(lane_exp(-1e300) == lane_exp(-700));
    CHECK(std::isnan(lane_exp(std::nan(""))));
}

TEST_CASE("the width of vectors is held down to what the processor has", "[lane_maths]") {
    const VectorWidth usual = vector_width();
    int calls = 0;
    for (const VectorWidth width : {VectorWidth::baseline, VectorWidth::avx2, VectorWidth::avx512}) {
        set_vector_width(width);
        CHECK(vector_width() <= width);
        wide([&] { ++calls; });
    }
    CHECK(calls == 3);
    set_vector_width(VectorWidth::baseline);
    CHECK(vector_width() == VectorWidth::baseline);
    set_vector_width(usual);
}

TEST_CASE("exponential in single precision within 1.2e-7", "[lane_maths]") {
    double worst = 0;
    for (float x = -87; x < 88; x += 0.00037f) {
        const double expected = std::exp(static_cast<double>(x));
        worst = std::max(worst, std::abs(static_cast<double>(lane_exp_single(x)) / expected - 1));
    }
    CHECK(worst < 1.2e-7);
    CHECK(worst > 1e-8);  // the comparison compares
    CHECK(lane_exp_single(0.0f) == 1.0f);
    CHECK(lane_exp_single(1e30f) == lane_exp_single(88.0f));
    CHECK(lane_exp_single(-1e30f) == lane_exp_single(-87.0f));
    CHECK(lane_exp_single(-1e30f) > 0);
    CHECK(std::isnan(lane_exp_single(std::nanf(""))));
}
