// Land Carbon Toolbox: filling gaps in a series: straight lines and cubic splines through the known values.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/interpolation.hpp"

#include <algorithm>
#include <utility>

namespace landcarbon {
namespace {

/// Solves lower[i] s[i-1] + middle[i] s[i] + upper[i] s[i+1] = right[i]; the matrix is not singular.
std::vector<double> solve_tridiagonal(const std::vector<double>& lower, std::vector<double> middle,
                                      const std::vector<double>& upper, std::vector<double> right) {
    const std::size_t n = middle.size();
    for (std::size_t i = 1; i < n; ++i) {
        const double factor = lower[i] / middle[i - 1];
        middle[i] -= factor * upper[i - 1];
        right[i] -= factor * right[i - 1];
    }
    right[n - 1] /= middle[n - 1];
    for (std::size_t i = n - 1; i-- > 0;) right[i] = (right[i] - upper[i] * right[i + 1]) / middle[i];
    return right;
}

/// First derivatives at the points of the spline.
std::vector<double> slopes(Interpolation kind, const std::vector<double>& x, const std::vector<double>& y) {
    const std::size_t n = x.size();
    std::vector<double> h(n - 1), d(n - 1);  // widths and slopes of the pieces
    for (std::size_t i = 0; i + 1 < n; ++i) {
        h[i] = x[i + 1] - x[i];
        d[i] = (y[i + 1] - y[i]) / h[i];
    }
    if (n == 2) return {d[0], d[0]};
    const bool natural = kind == Interpolation::natural_spline;
    if (n == 3 && !natural) {
        const double middle = (h[1] * d[0] + h[0] * d[1]) / (h[0] + h[1]);
        return {2 * d[0] - middle, middle, 2 * d[1] - middle};
    }
    std::vector<double> lower(n), middle(n), upper(n), right(n);
    for (std::size_t i = 1; i + 1 < n; ++i) {  // the second derivative does not jump
        lower[i] = h[i];
        middle[i] = 2 * (h[i - 1] + h[i]);
        upper[i] = h[i - 1];
        right[i] = 3 * (h[i] * d[i - 1] + h[i - 1] * d[i]);
    }
    if (natural) {
        middle[0] = middle[n - 1] = 2;
        upper[0] = lower[n - 1] = 1;
        right[0] = 3 * d[0];
        right[n - 1] = 3 * d[n - 2];
    } else {
        const double first = h[0] + h[1], last = h[n - 2] + h[n - 3];
        middle[0] = h[1];
        upper[0] = first;
        right[0] = ((h[0] + 2 * first) * h[1] * d[0] + h[0] * h[0] * d[1]) / first;
        middle[n - 1] = h[n - 3];
        lower[n - 1] = last;
        right[n - 1] = (h[n - 2] * h[n - 2] * d[n - 3] + (2 * last + h[n - 2]) * h[n - 3] * d[n - 2]) / last;
    }
    return solve_tridiagonal(lower, std::move(middle), upper, std::move(right));
}

}  // namespace

Interpolant::Interpolant(Interpolation kind, std::vector<double> x, std::vector<double> y)
    : x_(std::move(x)), y_(std::move(y)) {
    if (kind != Interpolation::linear && x_.size() > 1) slope_ = slopes(kind, x_, y_);
}

double Interpolant::operator()(double x) const {
    if (x_.size() == 1) return y_[0];
    const auto next = std::upper_bound(x_.begin() + 1, x_.end() - 1, x);
    const auto i = static_cast<std::size_t>(next - x_.begin()) - 1;
    const double h = x_[i + 1] - x_[i], t = x - x_[i], d = (y_[i + 1] - y_[i]) / h;
    if (slope_.empty()) return y_[i] + t * d;
    const double c = (3 * d - 2 * slope_[i] - slope_[i + 1]) / h;
    const double b = (slope_[i] + slope_[i + 1] - 2 * d) / (h * h);
    return y_[i] + t * (slope_[i] + t * (c + t * b));
}

}  // namespace landcarbon
