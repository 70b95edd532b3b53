// Land Carbon Toolbox: Markov chains of land-cover classes: probabilities, powers, whole and fractional, whole cells.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/markov.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <complex>
#include <numeric>
#include <optional>
#include <unsupported/Eigen/MatrixFunctions>

namespace landcarbon {
namespace {

using Dense = Eigen::MatrixXd;

Dense dense(const SquareMatrix& matrix) {
    const auto n = static_cast<Eigen::Index>(matrix.size);
    return Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
        matrix.entries.data(), n, n);
}

SquareMatrix square(const Dense& matrix) {
    SquareMatrix result(static_cast<std::size_t>(matrix.rows()));
    for (std::size_t row = 0; row < result.size; ++row)
        for (std::size_t column = 0; column < result.size; ++column)
            result.at(row, column) = matrix(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column));
    return result;
}

Dense whole_power(Dense base, std::uint64_t exponent) {
    Dense result = Dense::Identity(base.rows(), base.cols());
    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1) result = result * base;
        if (exponent > 1) base = base * base;
    }
    return result;
}

/// V diag(lambda^f) V^-1, with 0 for eigenvalues that are 0 but for rounding. Eigen's MatrixPower cannot be used for
/// these: it loses count of zeros among three eigenvalues or fewer.
Dense power_by_eigenvectors(const Eigen::EigenSolver<Dense>& solver, double fraction) {
    constexpr double zero = 1e-12;
    Eigen::VectorXcd powers = solver.eigenvalues();
    for (Eigen::Index i = 0; i < powers.size(); ++i)
        powers(i) = std::abs(powers(i)) < zero ? 0 : std::pow(powers(i), fraction);
    const Eigen::MatrixXcd vectors = solver.eigenvectors();
    return (vectors * powers.asDiagonal() * vectors.partialPivLu().inverse()).real();
}

/// The principal power with 0 < f < 1; nothing where it is not real or does not exist.
std::optional<Dense> principal_power(const Dense& matrix, double fraction) {
    const Eigen::EigenSolver<Dense> solver(matrix, true);
    if (solver.info() != Eigen::Success) return std::nullopt;
    constexpr double small = 1e-12;
    for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
        const auto value = solver.eigenvalues()(i);
        if (value.real() < -small && std::abs(value.imag()) < small) return std::nullopt;
    }
    // An eigenvalue 0 in a Jordan block, which has no root, is found with half of its digits; its eigenvectors fall
    // together, and the check below says no.
    const bool singular = solver.eigenvalues().cwiseAbs().minCoeff() < 1e-7;
    const auto power = [&](double exponent) -> Dense {
        return singular ? power_by_eigenvectors(solver, exponent) : Dense(Eigen::MatrixPower<Dense>(matrix)(exponent));
    };
    const Dense part = power(fraction), rest = power(1 - fraction);
    // Also says no to NaN.
    const double error = (part * rest - matrix).cwiseAbs().maxCoeff();
    const double sums = (part.rowwise().sum() - Eigen::VectorXd::Ones(part.rows())).cwiseAbs().maxCoeff();
    if (!(error < 1e-9 && sums < 1e-9)) return std::nullopt;
    return part;
}

}  // namespace

SquareMatrix SquareMatrix::identity(std::size_t n) {
    SquareMatrix matrix(n);
    for (std::size_t i = 0; i < n; ++i) matrix.at(i, i) = 1;
    return matrix;
}

SquareMatrix transition_probabilities(const std::vector<std::int64_t>& counts, std::size_t size,
                                      std::vector<std::size_t>& empty_rows) {
    SquareMatrix matrix(size);
    for (std::size_t row = 0; row < size; ++row) {
        std::int64_t sum = 0;
        for (std::size_t column = 0; column < size; ++column) sum += counts[row * size + column];
        if (sum == 0) {
            matrix.at(row, row) = 1;
            empty_rows.push_back(row);
            continue;
        }
        for (std::size_t column = 0; column < size; ++column)
            matrix.at(row, column) = static_cast<double>(counts[row * size + column]) / static_cast<double>(sum);
    }
    return matrix;
}

void scale_transitions(SquareMatrix& probabilities, const SquareMatrix& factors, std::vector<std::size_t>& overfull) {
    for (std::size_t row = 0; row < probabilities.size; ++row) {
        double leaving = 0;
        bool touched = false;
        for (std::size_t column = 0; column < probabilities.size; ++column) {
            if (column == row) continue;
            touched = touched || factors.at(row, column) != 1;
            probabilities.at(row, column) *= factors.at(row, column);
            leaving += probabilities.at(row, column);
        }
        if (!touched) continue;
        if (leaving > 1) {
            for (std::size_t column = 0; column < probabilities.size; ++column)
                if (column != row) probabilities.at(row, column) /= leaving;
            overfull.push_back(row);
        }
        probabilities.at(row, row) = std::max(0.0, 1 - leaving);
    }
}

MarkovPower markov_power(const SquareMatrix& probabilities, double exponent) {
    const Dense matrix = dense(probabilities);
    double whole = std::floor(exponent);
    double fraction = exponent - whole;
    // Years such as 2000.1 leave crumbs behind.
    if (fraction > 1 - 1e-12) {
        whole += 1;
        fraction = 0;
    }
    if (fraction < 1e-12) fraction = 0;
    const Dense power = whole_power(matrix, static_cast<std::uint64_t>(whole));
    MarkovPower result;
    if (fraction == 0) {
        result.matrix = square(power);
        return result;
    }
    if (std::optional<Dense> part = principal_power(matrix, fraction)) {
        result.kind = MarkovPower::Kind::principal;
        result.most_negative = std::min(0.0, part->minCoeff());
        // What is below this is rounding.
        if (result.most_negative < -1e-12) result.kind = MarkovPower::Kind::cleared;
        *part = part->cwiseMax(0);
        for (Eigen::Index row = 0; row < part->rows(); ++row) part->row(row) /= part->row(row).sum();
        result.matrix = square(power * *part);
        return result;
    }
    result.kind = MarkovPower::Kind::mixed;
    result.matrix = square((1 - fraction) * power + fraction * (power * matrix));
    return result;
}

std::vector<double> times(const std::vector<double>& row, const SquareMatrix& matrix) {
    std::vector<double> result(matrix.size);
    for (std::size_t i = 0; i < matrix.size; ++i)
        for (std::size_t j = 0; j < matrix.size; ++j) result[j] += row[i] * matrix.at(i, j);
    return result;
}

}  // namespace landcarbon
