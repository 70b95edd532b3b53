// Land Carbon Toolbox: Markov chains of land-cover classes: probabilities, powers, whole and fractional, whole cells.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace landcarbon {

/// A square matrix by rows.
struct SquareMatrix {
    std::size_t size = 0;
    std::vector<double> entries = {};  ///< size x size

    explicit SquareMatrix(std::size_t n = 0) : size(n), entries(n * n) {}
    double& at(std::size_t row, std::size_t column) { return entries[row * size + column]; }
    double at(std::size_t row, std::size_t column) const { return entries[row * size + column]; }
    static SquareMatrix identity(std::size_t n);
};

/// Probabilities of passing from class i (row) to class j (column): each row of counts over its sum.
/// @param counts size x size, not negative; @param empty_rows gets the rows without counts, which become identity rows
SquareMatrix transition_probabilities(const std::vector<std::int64_t>& counts, std::size_t size,
                                      std::vector<std::size_t>& empty_rows);

/// Multiplies transitions (i != j) by factors; what a row then lacks of 1 stays in its class. Where the transitions of
/// a row come to more than 1, they are divided by their sum and the row is told in `overfull`.
void scale_transitions(SquareMatrix& probabilities, const SquareMatrix& factors, std::vector<std::size_t>& overfull);

/// A power of a stochastic matrix with an exponent that need not be whole.
struct MarkovPower {
    SquareMatrix matrix;
    /// How the fraction of the exponent was dealt with.
    enum class Kind {
        whole,      ///< there was none
        principal,  ///< the principal power, a matrix without negative entries but for rounding
        cleared,    ///< the principal power, negative entries set to 0 and its rows divided by their sums
        mixed       ///< there is no real principal power: the neighbouring whole powers, weighted by the fraction
    } kind = Kind::whole;
    double most_negative = 0;  ///< the lowest entry of the principal power before it was cleared
};

/// P^exponent = P^k P^f, k whole and 0 <= f < 1. P^f is the principal power, which is real where no eigenvalue lies on
/// the negative real axis; it is checked by P^f P^(1-f) = P. Where there is none (a negative eigenvalue, or 0 in a
/// Jordan block), P^f is replaced by (1 - f) I + f P, which is a stochastic matrix too.
/// @param exponent not negative
/// Source: Higham, N. J., Lin, L. (2011), On pth roots of stochastic matrices, Linear Algebra and its Applications 435,
/// 448-463; powers by Eigen's MatrixPower (Schur-Pade).
MarkovPower markov_power(const SquareMatrix& probabilities, double exponent);

/// Row vector times matrix.
std::vector<double> times(const std::vector<double>& row, const SquareMatrix& matrix);

}  // namespace landcarbon
