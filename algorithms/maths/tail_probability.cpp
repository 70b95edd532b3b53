// Land Carbon Toolbox: probabilities in the tails of Student's t and of F, exact down to the smallest doubles.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/tail_probability.hpp"

#include <boost/math/special_functions/beta.hpp>
#include <cmath>

namespace landcarbon {

double student_t_p(double t, double df) {
    const double square = t * t;
    if (!(square > 0)) return 1;
    if (std::isinf(square)) return 0;
    // The smaller of x and 1 - x is what can be told exactly.
    return square < df ? boost::math::ibetac(0.5, df / 2, square / (df + square))
                       : boost::math::ibeta(df / 2, 0.5, df / (df + square));
}

double fisher_f_p(double f, double df1, double df2) {
    if (!(f > 0)) return 1;
    if (std::isinf(f)) return 0;
    const double part = df1 * f;
    return part < df2 ? boost::math::ibetac(df1 / 2, df2 / 2, part / (df2 + part))
                      : boost::math::ibeta(df2 / 2, df1 / 2, df2 / (df2 + part));
}

double student_t_bound(double p, double df) {
    double rest = 0;
    const double x = boost::math::ibeta_inv(df / 2, 0.5, p, &rest);
    return std::sqrt(df * rest / x);
}

}  // namespace landcarbon
