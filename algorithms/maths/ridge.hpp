// Land Carbon Toolbox: least squares and ridge regression of one response on a few drivers.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace landcarbon {

/// The equation that belongs to one K. With K = 0 it is ordinary least squares.
struct RidgeFit {
    double k = 0;
    double intercept = 0;
    double intercept_error = 0;        ///< standard error
    std::vector<double> coefficients;  ///< one a driver, in the units of response and driver
    std::vector<double> standardised;  ///< of the standardised variables
    std::vector<double> errors;        ///< standard errors of the coefficients
    std::vector<double> standardised_errors;
    std::vector<double> vif;
    double residual_square = 0;  ///< residual sum of squares, in squared units of the response
    double residual_sd = 0;      ///< square root of residual_square / (n - p - 1)
    double r2 = 0;
    double adjusted_r2 = 0;  ///< 1 - (1 - R2) (n - 1) / (n - p - 1)
    double f = 0;            ///< (R2 / p) / ((1 - R2) / (n - p - 1)); infinite when nothing is left over
    double effective = 0;    ///< effective number of drivers, sum of s^2 / (s^2 + K); p for K = 0
    double gcv = 0;          ///< residual_square / (n - effective)^2, as MASS::lm.ridge has it
};

/// Regression of a response on p drivers with an intercept, for any K, from one pass over the data. The drivers are
/// centred and scaled to unit length; a QR decomposition, block by block, and an SVD of its triangle give
///   beta(K) = (R + K I)^-1 r,  VIF_j(K) = diag[(R + K I)^-1 R (R + K I)^-1]
/// with R the correlations of the drivers and r those with the response; neither is ever formed, so that no digits are
/// lost. MASS::lm.ridge says lambda = n K. Standard errors are s sqrt(VIF_j) / sqrt(sum of squares of driver j), with
/// s^2 = residual sum of squares at K / (n - p - 1).
/// Source: Hoerl, A. E., Kennard, R. W. (1970), Ridge regression, Technometrics 12(1), 55-67; Marquardt, D. W. (1970),
/// Generalized inverses, ridge regression ..., Technometrics 12(3), 591-612.
class RidgeRegression {
public:
    /// @param drivers one column each, all as long as the response; there must be more rows than drivers + 1, and no
    ///        column may be constant (see constant_column) or hold magnitudes above 1e140
    RidgeRegression(const std::vector<std::vector<double>>& drivers, const std::vector<double>& response);

    std::size_t rows() const { return rows_; }
    std::size_t drivers() const { return size_; }
    std::size_t residual_df() const { return rows_ - size_ - 1; }
    /// The equation at K >= 0; K = 0 needs independent drivers.
    RidgeFit at(double k) const;
    /// By how much the standardised coefficients change at K, per unit of K: d beta / d K.
    std::vector<double> slopes(double k) const;
    /// Hoerl, Kennard & Baldwin (1975) with p - 2 in place of p, as MASS has it, divided by n: on the scale of K.
    double hkb() const;
    /// Lawless & Wang (1976), likewise.
    double lawless_wang() const;
    /// Positions of drivers that depend linearly on one another, so that no single coefficient can be told; empty when
    /// there are none. Dependent: a combination of the standardised drivers, with weights of unit length, is shorter
    /// than 1e-12 of the longest one.
    std::vector<std::size_t> dependent() const;
    /// True where nothing but rounding is left over: R2 is 1 and standard errors say nothing.
    bool exact() const;

private:
    std::size_t rows_ = 0, size_ = 0;
    std::vector<double> means_, lengths_;  ///< of the drivers: mean, root of the centred sum of squares
    double response_mean_ = 0, response_length_ = 0;
    std::vector<double> singular_;    ///< s_i, descending
    std::vector<double> right_;       ///< V, row by row
    std::vector<double> projection_;  ///< c_i = U'Q'y of the response scaled to unit length
    double residual_ = 0;             ///< length of what least squares leaves of it
};

/// True when all values are the same.
bool constant_column(const std::vector<double>& values);

/// What Student's two-sample test with a common variance says about the means of two columns.
struct TwoSampleTest {
    double mean_a = 0, mean_b = 0;
    double difference = 0;  ///< mean_a - mean_b
    double t = 0, df = 0, p = 1;
};
/// Both columns need two values or more. With no variance at all, t is 0 for equal means and infinite otherwise.
TwoSampleTest two_sample_test(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace landcarbon
