// Land Carbon Toolbox: tests of interpolation: figures of scipy, and polynomials that splines must reproduce.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/interpolation.hpp"

#include <cmath>

#include "support/catch.hpp"

using namespace landcarbon;

TEST_CASE("splines agree with scipy.interpolate.CubicSpline", "[interpolation]") {
    // scipy 1.x, CubicSpline(x, y, bc_type="not-a-knot" and "natural"), printed with all digits.
    const std::vector<double> x = {2000, 2001, 2003, 2004, 2008, 2010}, y = {12.5, 13.1, 11.7, 15.2, 14.9, 18.4};
    const std::vector<double> at = {2002, 2005, 2006, 2007, 2009};
    const std::vector<double> knot = {11.56995249406176, 17.099747624703088, 16.91306413301663, 15.794848574821856,
                                      15.383417458432303};
    const std::vector<double> natural = {11.744533169533169, 16.937979883292385, 16.520792383292385, 15.36820869164619,
                                         16.123963452088454};
    const Interpolant a(Interpolation::not_a_knot_spline, x, y), b(Interpolation::natural_spline, x, y);
    for (std::size_t i = 0; i < at.size(); ++i) {
        CHECK(a(at[i]) == Approx(knot[i]).epsilon(1e-12));
        CHECK(b(at[i]) == Approx(natural[i]).epsilon(1e-12));
    }
    // Few points: scipy's answers for the first two, three and four.
    const auto first = [&](Interpolation kind, std::ptrdiff_t n, double place) {
        return Interpolant(kind, {x.begin(), x.begin() + n}, {y.begin(), y.begin() + n})(place);
    };
    CHECK(first(Interpolation::not_a_knot_spline, 2, 2000.25) == Approx(12.65).epsilon(1e-14));
    CHECK(first(Interpolation::natural_spline, 2, 2000.25) == Approx(12.65).epsilon(1e-14));
    CHECK(first(Interpolation::not_a_knot_spline, 3, 2002) == Approx(12.833333333333332).epsilon(1e-13));
    CHECK(first(Interpolation::natural_spline, 3, 2002) == Approx(12.724999999999998).epsilon(1e-13));
    CHECK(first(Interpolation::not_a_knot_spline, 4, 2002) == Approx(11.916666666666666).epsilon(1e-13));
    CHECK(first(Interpolation::natural_spline, 4, 2002) == Approx(11.85625).epsilon(1e-13));
}

TEST_CASE("a not-a-knot spline reproduces a cubic, lines are straight, points are met", "[interpolation]") {
    const auto cubic = [](double t) { return 2 - 3 * t + 0.5 * t * t - 0.25 * t * t * t; };
    const std::vector<double> x = {-2, -1, 0.5, 2, 5, 6};
    std::vector<double> y;
    for (const double t : x) y.push_back(cubic(t));
    const Interpolant spline(Interpolation::not_a_knot_spline, x, y);
    for (double t = -2; t <= 6; t += 0.125) CHECK(spline(t) == Approx(cubic(t)).margin(1e-12));
    for (const auto kind : {Interpolation::linear, Interpolation::not_a_knot_spline, Interpolation::natural_spline}) {
        const Interpolant curve(kind, x, y);
        for (std::size_t i = 0; i < x.size(); ++i) CHECK(curve(x[i]) == Approx(y[i]).epsilon(1e-13));
        CHECK(Interpolant(kind, {2000}, {7})(2000) == 7);
        const Interpolant line(kind, {2000, 2001, 2004, 2009}, {1, 2, 5, 10});
        CHECK(line(2003) == Approx(4).epsilon(1e-13));
        CHECK(line(2008) == Approx(9).epsilon(1e-13));
    }
    const Interpolant straight(Interpolation::linear, {2000, 2004, 2006}, {8, 10, 4});
    CHECK(straight(2001) == 8.5);
    CHECK(straight(2005) == 7);
}
