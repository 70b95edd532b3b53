// Land Carbon Toolbox: probabilities in the tails of Student's t and of F, exact down to the smallest doubles.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace landcarbon {

/// Two-sided p of Student's t: P(|T| >= |t|) = I_x(df / 2, 1 / 2) with x = df / (df + t^2).
/// @param df degrees of freedom, above 0
double student_t_p(double t, double df);

/// Upper tail of F: P(F >= f) = I_x(df2 / 2, df1 / 2) with x = df2 / (df2 + df1 f); 1 for f <= 0.
double fisher_f_p(double f, double df1, double df2);

/// The t that a share 1 - p of all values lies between -t and t of; p above 0 and below 1.
double student_t_bound(double p, double df);

}  // namespace landcarbon
