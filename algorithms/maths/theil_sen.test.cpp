// Land Carbon Toolbox: tests of the Theil-Sen line.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/theil_sen.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "maths/mann_kendall.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

SenLine line(const std::vector<double>& x, std::vector<double> times = {}, std::size_t period = 1) {
    if (times.empty())
        for (std::size_t i = 1; i <= x.size(); ++i) times.push_back(static_cast<double>(i));
    return theil_sen(x.data(), times.data(), x.size(), kendall_score(x.data(), x.size()).variance(), two_sided_z(0.95),
                     period);
}

}  // namespace

TEST_CASE("Theil-Sen: R's values", "[theil_sen]") {
    const auto a = line({3.1, 2.8, 3.1, 3.5, 3.5, 3.9, 2.8, 4.2, 4.0, 4.4});
    CHECK(a.slope == Approx(0.157142857143).epsilon(1e-11));
    CHECK(a.lower == Approx(0.1).epsilon(1e-12));
    CHECK(a.upper == Approx(0.233333333333).epsilon(1e-11));
    const auto b = line({5, 3, 6, 8, 7, 9, 12, 10});
    CHECK(b.slope == 1);
    CHECK(b.intercept == 3);
    CHECK(b.lower == 0.5);
    CHECK(b.upper == 2);
    const auto c = line({1, 4, 2, 5});
    CHECK(c.slope == Approx(0.916666666667).epsilon(1e-11));
    // Six slopes are too few for bounds at 95 %: round((6 - 5.77) / 2) = 0.
    CHECK(std::isnan(c.lower));
    CHECK(std::isnan(c.upper));
}

TEST_CASE("Theil-Sen: the intercept goes by true years", "[theil_sen]") {
    const auto even = line({5, 3, 6, 8, 7, 9, 12, 10}, {2001, 2002, 2003, 2004, 2005, 2006, 2007, 2008});
    CHECK(even.slope == 1);
    CHECK(even.intercept == 3 - 2000);
    // 0, 20, 30 in the years 0, 10, 30: slopes 2, 1, 0.5.
    const auto uneven = line({0, 20, 30}, {0, 10, 30});
    CHECK(uneven.slope == 1);
    CHECK(uneven.intercept == 0);
    // A line stays a line with gaps and uneven years.
    const auto straight = line({7, gap, 11, 15, gap, 27}, {1, 2, 3, 5, 6, 11});
    CHECK(straight.slope == 2);
    CHECK(straight.intercept == 5);
}

TEST_CASE("Theil-Sen: seasons, short and constant series", "[theil_sen]") {
    // Two seasons, 100 apart, each rising by 1 a year of two steps.
    CHECK(line({0, 100, 1, 101, 2, 102}, {}, 2).slope == 0.5);
    CHECK(line({4, 4, 4, 4, 4}).slope == 0);
    CHECK(line({4, 4, 4, 4, 4}).intercept == 4);
    CHECK(line({4, 4, 4, 4, 4}).lower == 0);
    CHECK(std::isnan(line({4}).slope));
    CHECK(std::isnan(line({gap, 4, gap}).intercept));
    CHECK(std::isnan(line({}).slope));
    CHECK(line({4, 6}).slope == 2);
}

TEST_CASE("Theil-Sen: floats and doubles agree to float's digits", "[theil_sen]") {
    const std::vector<double> x = {0.61, 0.58, 0.64, 0.66, 0.59, 0.7, 0.68, 0.72, 0.69, 0.75};
    std::vector<float> single(x.begin(), x.end());
    std::vector<double> times;
    for (int i = 0; i < 10; ++i) times.push_back(2001 + i);
    const auto f = theil_sen(single.data(), times.data(), 10, 125, 1.96);
    const auto d = theil_sen(x.data(), times.data(), 10, 125, 1.96);
    CHECK(f.slope == Approx(d.slope).epsilon(1e-5));
    CHECK(f.intercept == Approx(d.intercept).epsilon(1e-5));
    CHECK(f.lower == Approx(d.lower).epsilon(1e-5));
}
