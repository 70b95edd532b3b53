// Land Carbon Toolbox: tails of Student's t, F and the noncentral F distribution, for any number of cases.
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

// With 10^8 cells tails are often below the smallest double (1e-308), which would print as 0. The functions below
// return natural logarithms of probabilities; minus infinity is a probability of 0.

/// ln I_x(a, b), the regularised incomplete beta function.
/// @param a,b above 0; @param x,complement both 0..1 and together 1: give each as exactly as it is known
/// Source: Boost.Math where the value is a normal double; below, the continued fraction of DLMF 8.17.22.
double log_incomplete_beta(double a, double b, double x, double complement);

/// ln P(|T| > |t|), Student's t with real-valued degrees of freedom.
double log_student_tails(double t, double degrees);

/// ln P(F > f), F with first and second degrees of freedom.
double log_f_tail(double f, double first, double second);

/// ln P(F > f) of the noncentral F distribution at f = (second / first) * q / (1 - q).
/// @param q 0..1; @param noncentrality lambda, not negative
/// Source: the mixture of central distributions sum_j Poisson(j; lambda / 2) I_(1-q)(second / 2, first / 2 + j)
/// (Johnson, Kotz & Balakrishnan 1995, Continuous univariate distributions 2, chapter 30), summed around its largest
/// term; where that takes more than some hundred terms, at evenly spaced j, which is as exact for so smooth a sum.
double log_noncentral_f_tail(double q, double first, double second, double noncentrality);

/// The noncentrality under which P(F > f) is `tail` (0..1, not a logarithm), f as above; 0 where the tail is larger
/// than that already under 0.
double noncentrality_of_tail(double q, double first, double second, double tail);

}  // namespace landcarbon
