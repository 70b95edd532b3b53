// Land Carbon Toolbox: least-squares lines: by hand, against R, and where nothing is defined.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/linear_rate.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"

using namespace landcarbon;

namespace {

const double gap = std::nan("");

std::optional<LinearRate> rate(const std::vector<double>& values, std::vector<double> times = {}) {
    if (times.empty())
        for (std::size_t i = 0; i < values.size(); ++i) times.push_back(static_cast<double>(i) + 1);
    return linear_rate(values.data(), times.data(), values.size());
}

}  // namespace

TEST_CASE("linear rate by hand", "[linear_rate]") {
    // x = 1, 4, 2, 5 at 1..4: sum of dt dx = 5, of dt dt = 5, of dx dx = 10, so slope 1, r2 = 0.5.
    const auto line = rate({1, 4, 2, 5});
    REQUIRE(line);
    CHECK(line->slope == 1);
    CHECK(line->intercept == 0.5);
    CHECK(line->mean == 3);
    CHECK(*line->sd == Approx(std::sqrt(10.0 / 3)).epsilon(1e-15));
    CHECK(*line->r2 == Approx(0.5).epsilon(1e-15));
    // With two degrees of freedom, p = 1 - |r|.
    CHECK(*line->p == Approx(1 - std::sqrt(0.5)).epsilon(1e-14));
}

TEST_CASE("linear rate: uneven years, gaps and a large level", "[linear_rate]") {
    const auto line = rate({1e9 + 2, gap, 1e9 + 7, 1e9 + 22}, {1990, 1993, 1995, 2010});
    CHECK(line->slope == 1);
    CHECK(line->n == 3);
    CHECK(*line->r2 == 1);
    CHECK(*line->p == 0);
    CHECK(line->intercept == 1e9 + 2 - 1990);
}

TEST_CASE("linear rate: R's summary(lm(Nile[1:20] ~ seq(1871, 1890)))", "[linear_rate]") {
    const std::vector<double> nile = {1120, 1160, 963,  1210, 1160, 1160, 813,  1230, 1370, 1140,
                                      995,  935,  1110, 994,  1020, 960,  1180, 799,  958,  1140};
    std::vector<double> years;
    for (int year = 1871; year <= 1890; ++year) years.push_back(year);
    const auto line = rate(nile, years);
    CHECK(line->slope == Approx(-7.629323308270423).epsilon(1e-12));
    CHECK(line->intercept == Approx(1.541779248120253e+04).epsilon(1e-12));
    CHECK(*line->r2 == Approx(9.844330702068652e-02).epsilon(1e-12));
    CHECK(*line->p == Approx(1.779392707214053e-01).epsilon(1e-11));
}

TEST_CASE("linear rate: what is not defined", "[linear_rate]") {
    CHECK_FALSE(rate({}));
    CHECK_FALSE(rate({1, gap}));
    const auto two = rate({1, 3});
    CHECK(two->slope == 2);
    CHECK(*two->r2 == 1);
    CHECK_FALSE(two->p);
    const auto constant = rate({0.1, 0.1, 0.1, 0.1});
    CHECK(constant->slope == 0);
    CHECK(*constant->sd == 0);
    CHECK_FALSE(constant->r2);
    CHECK(*constant->p == 1);
}
