// Land Carbon Toolbox: filling gaps in a series: straight lines and cubic splines through the known values.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

namespace landcarbon {

/// How the values between known ones are found.
enum class Interpolation {
    linear,             ///< straight lines
    not_a_knot_spline,  ///< cubic spline; the third derivative does not jump at the second and the last but one point
    natural_spline      ///< cubic spline; no curvature at both ends
};

/// A curve through points. Not-a-knot with three points is the parabola through them; with two points every kind is the
/// straight line, with one point a constant.
/// Source: de Boor, C. (1978), A Practical Guide to Splines, Springer, chapter IV.
class Interpolant {
public:
    /// @param x strictly ascending, at least one; @param y as many, finite
    Interpolant(Interpolation kind, std::vector<double> x, std::vector<double> y);
    /// The value at a place between the first and the last point. Beyond them the end pieces go on.
    double operator()(double x) const;

private:
    std::vector<double> x_, y_;
    std::vector<double> slope_;  ///< first derivative at each point; empty for straight lines
};

}  // namespace landcarbon
