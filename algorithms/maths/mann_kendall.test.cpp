// Land Carbon Toolbox: tests of the Mann-Kendall test, against R, pyMannKendall and by hand.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/mann_kendall.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <vector>

#include "maths/theil_sen.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using landcarbon::test::read_text;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

std::vector<double> counted(std::size_t steps) {
    std::vector<double> times;
    for (std::size_t i = 1; i <= steps; ++i) times.push_back(static_cast<double>(i));
    return times;
}

MannKendall tested(const std::vector<double>& x, TrendMethod method = TrendMethod::original,
                   PValue p = PValue::automatic, std::size_t period = 12) {
    const auto times = counted(x.size());
    const double slope = theil_sen(x.data(), times.data(), x.size(), 1, 1).slope;
    return mann_kendall(x.data(), times.data(), x.size(), method, p, slope, period, 0.95);
}

}  // namespace

TEST_CASE("Mann-Kendall: R's values with ties", "[mann_kendall]") {
    // R 4.2.2, packages trend and Kendall.
    const auto a = tested({3.1, 2.8, 3.1, 3.5, 3.5, 3.9, 2.8, 4.2, 4.0, 4.4});
    CHECK(a.s == 28);
    CHECK(a.variance == Approx(122).epsilon(1e-14));
    CHECK(a.z == Approx(2.444465143).epsilon(1e-9));
    CHECK(a.p == Approx(0.0145067098145).epsilon(1e-11));
    CHECK(a.tau == Approx(0.644061189).epsilon(1e-9));
    CHECK(a.n == 10);
}

TEST_CASE("Mann-Kendall: R's values without ties, exact and normal", "[mann_kendall]") {
    const std::vector<double> b = {5, 3, 6, 8, 7, 9, 12, 10};
    const auto normal = tested(b, TrendMethod::original, PValue::normal);
    CHECK(normal.s == 22);
    CHECK(normal.variance == Approx(65.33333333333333).epsilon(1e-14));
    CHECK(normal.z == Approx(2.598076211).epsilon(1e-9));
    CHECK(normal.p == Approx(0.00937476846).epsilon(1e-9));
    CHECK(normal.tau == Approx(0.785714).epsilon(1e-6));
    CHECK(tested(b).p == Approx(0.00550595238).epsilon(1e-9));
    const auto c = tested({1, 4, 2, 5}, TrendMethod::original, PValue::normal);
    CHECK(c.s == 4);
    CHECK(c.variance == Approx(8.66666666666667).epsilon(1e-14));
    CHECK(c.z == Approx(1.01905).epsilon(1e-5));
    CHECK(c.p == Approx(0.30818).epsilon(1e-5));
}

TEST_CASE("Mann-Kendall: exact p of the largest score", "[mann_kendall]") {
    const double expected[] = {.0833333, .0166667, .00277778, .000396825, 4.96032e-5, 5.51146e-6, 5.51146e-7};
    for (std::int64_t n = 4; n <= 10; ++n) {
        const std::int64_t largest = n * (n - 1) / 2;
        CHECK(exact_p(largest, n) == Approx(expected[n - 4]).epsilon(1e-5));
        CHECK(exact_p(-largest, n) == exact_p(largest, n));
        // 2/n!: only one permutation of n! has the score.
        CHECK(exact_p(largest, n) == Approx(2 / std::tgamma(static_cast<double>(n + 1))).epsilon(1e-12));
    }
    CHECK(exact_p(0, 8) == 1);
    CHECK(exact_p(1, 3) == 1);
    CHECK(exact_p(3, 3) == Approx(1.0 / 3));
    CHECK(exact_p(0, 1) == 1);
}

TEST_CASE("Mann-Kendall: constant, short and missing", "[mann_kendall]") {
    for (const auto method : {TrendMethod::original, TrendMethod::hamed_rao, TrendMethod::yue_wang,
                              TrendMethod::prewhitening, TrendMethod::trend_free_prewhitening, TrendMethod::seasonal}) {
        const auto constant = tested({2, 2, 2, 2, 2}, method, PValue::automatic, 2);
        CHECK(constant.s == 0);
        CHECK(constant.z == 0);
        CHECK(constant.p == 1);
        CHECK(constant.tau == 0);
        CHECK(constant.n == 5);
        CHECK(tested({gap, gap}, method).n == 0);
        CHECK(tested({gap, gap}, method).p == 1);
        CHECK(tested({3}, method).n == 1);
        CHECK(tested({}, method).n == 0);
    }
    // Two values: whatever they are, p is 1.
    CHECK(tested({1, 2}).s == 1);
    CHECK(tested({1, 2}).z == 0);
    CHECK(tested({1, 2}).p == 1);
    // Gaps change nothing but the number of values: the score needs their order only.
    const auto whole = tested({5, 3, 6, 8, 7, 9, 12, 10});
    const auto holed = tested({gap, 5, 3, gap, 6, 8, 7, gap, gap, 9, 12, 10, gap});
    CHECK(holed.s == whole.s);
    CHECK(holed.variance == whole.variance);
    CHECK(holed.p == whole.p);
    CHECK(holed.n == 8);
    // p does not underflow to 0.
    std::vector<double> rising;
    for (int i = 0; i < 200; ++i) rising.push_back(i);
    CHECK(tested(rising).p > 0);
    CHECK(tested(rising).p < 1e-90);
    CHECK(tested(rising).tau == 1);
}

TEST_CASE("Mann-Kendall: symmetry and order only", "[mann_kendall]") {
    const std::vector<double> x = {0.3, 2.5, 1.1, 1.1, 4, 3.2, 8, 7, 7, 9.5, 6};
    std::vector<double> falling, cubes, turned(x.rbegin(), x.rend());
    for (const double v : x) {
        falling.push_back(-v);
        cubes.push_back(v * v * v);
    }
    CHECK(tested(falling).s == -tested(x).s);
    CHECK(tested(falling).z == -tested(x).z);
    CHECK(tested(falling).p == tested(x).p);
    CHECK(tested(cubes).z == tested(x).z);
    CHECK(tested(turned).s == -tested(x).s);
    CHECK(tested(x, TrendMethod::seasonal, PValue::normal, 1).z == tested(x, TrendMethod::original, PValue::normal).z);
}

TEST_CASE("Mann-Kendall: corrections by hand", "[mann_kendall]") {
    // 1 2 1 2 1 2: mean 1.5, r_1 = -5/6; x_i + 5/6 x_(i-1) = 2.8333 2.6667 2.8333 2.6667 2.8333: S of 5 values with
    // groups of 3 and 2 is 0.
    const auto white = tested({1, 2, 1, 2, 1, 2}, TrendMethod::prewhitening);
    CHECK(white.s == 0);
    CHECK(white.n == 6);
    // Neighbours of a gap are no neighbours: 1 3 - 2 5 9 has the whitened values of 3, 5 and 9 only.
    CHECK(std::abs(tested({1, 3, gap, 2, 5, 9}, TrendMethod::prewhitening).s) <= 3);
    // Strong negative autocorrelation can make the corrected variance negative: no Z, no p.
    const auto negative = tested({0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15}, TrendMethod::yue_wang);
    CHECK((std::isnan(negative.z) == std::isnan(negative.p)));
    CHECK((std::isnan(negative.z) == !(negative.variance > 0)));
    CHECK(std::isnan(kendall_z(3, 0)));
    CHECK(std::isnan(kendall_z(3, -1)));
    CHECK(kendall_z(0, -1) == 0);
}

TEST_CASE("Mann-Kendall: pyMannKendall and SciPy", "[mann_kendall]") {
    std::istringstream file(landcarbon::test::read_text(landcarbon::test::source_file("tests/data/trend_series.csv")));
    const std::vector<std::pair<std::string, TrendMethod>> methods = {
        {"original", TrendMethod::original},
        {"hamed_rao", TrendMethod::hamed_rao},
        {"yue_wang", TrendMethod::yue_wang},
        {"prewhitening", TrendMethod::prewhitening},
        {"trend_free_prewhitening", TrendMethod::trend_free_prewhitening},
        {"seasonal", TrendMethod::seasonal}};
    int rows = 0, exact = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#' || line.rfind("series", 0) == 0) continue;
        std::vector<std::string> cells;
        std::istringstream split(line + ",");
        for (std::string cell; std::getline(split, cell, ',');) cells.push_back(cell);
        REQUIRE(cells.size() == 11);
        INFO("series " << cells[0] << ", " << cells[1]);
        std::vector<double> x;
        std::istringstream values(cells[2]);
        for (std::string value; values >> value;) x.push_back(value == "nan" ? gap : std::stod(value));
        TrendMethod method{};
        for (const auto& [name, known] : methods)
            if (name == cells[1]) method = known;
        const std::size_t period = method == TrendMethod::seasonal ? 4 : 1;
        const auto times = counted(x.size());
        const auto line_of = theil_sen(x.data(), times.data(), x.size(), 1, 1, period);
        const auto test =
            mann_kendall(x.data(), times.data(), x.size(), method, PValue::normal, line_of.slope, period, 0.95);
        const auto same = [&](double found, const std::string& expected) {
            if (expected.empty()) return std::isnan(found);
            const double value = std::stod(expected);
            return std::abs(found - value) <= 1e-10 * std::max(1.0, std::abs(value));
        };
        CHECK(same(test.s, cells[3]));
        CHECK(same(test.variance, cells[4]));
        CHECK(same(test.z, cells[5]));
        CHECK(same(test.p, cells[6]));
        CHECK(same(line_of.slope, cells[7]));
        CHECK(same(line_of.intercept, cells[8]));
        if (!cells[9].empty()) CHECK(same(test.tau, cells[9]));
        if (!cells[10].empty()) {
            CHECK(same(tested(x).p, cells[10]));
            ++exact;
        }
        ++rows;
    }
    CHECK(rows > 150);
    CHECK(exact >= 1);
}

TEST_CASE("quantiles of the normal distribution", "[mann_kendall]") {
    CHECK(two_sided_z(0.95) == Approx(1.959963984540054).epsilon(1e-14));
    CHECK(two_sided_z(0.99) == Approx(2.5758293035489).epsilon(1e-13));
    CHECK(normal_p(1.959963984540054) == Approx(0.05).epsilon(1e-13));
}
