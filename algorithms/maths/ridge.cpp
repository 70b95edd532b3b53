// Land Carbon Toolbox: least squares and ridge regression of one response on a few drivers.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/ridge.hpp"

#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <limits>

#include "maths/exact_sum.hpp"
#include "maths/tail_probability.hpp"

namespace landcarbon {
namespace {

constexpr double dependence = 1e-12;
constexpr std::size_t block_rows = 2048;

double mean_of(const std::vector<double>& values) {
    ExactSum sum;
    for (const double value : values) sum.add(value);
    return sum.value() / static_cast<double>(values.size());
}

/// Root of the sum of squares about the mean, without overflow or underflow on the way.
double centred_length(const std::vector<double>& values, double mean) {
    double largest = 0;
    for (const double value : values) largest = std::max(largest, std::abs(value - mean));
    if (largest == 0) return 0;
    ExactSum sum;
    for (const double value : values) {
        const double share = (value - mean) / largest;
        sum.add(share * share);
    }
    return largest * std::sqrt(sum.value());
}

/// The triangle of the QR decomposition of a matrix of `columns` columns, whose blocks of rows `fill` writes. Blocks
/// of fixed size in the order of rows: the same bits for any number of threads.
template <class Fill>
Eigen::MatrixXd triangle_of(std::size_t rows, std::size_t columns, Fill fill) {
    const auto width = static_cast<Eigen::Index>(columns);
    Eigen::MatrixXd triangle = Eigen::MatrixXd::Zero(width, width);
    for (std::size_t first = 0; first < rows; first += block_rows) {
        const std::size_t count = std::min(block_rows, rows - first);
        Eigen::MatrixXd block(width + static_cast<Eigen::Index>(count), width);
        block.topRows(width) = triangle;
        fill(first, count, block);
        const Eigen::HouseholderQR<Eigen::Ref<Eigen::MatrixXd>> qr(block);
        triangle = block.topRows(width).triangularView<Eigen::Upper>();
    }
    return triangle;
}

}  // namespace

bool constant_column(const std::vector<double>& values) {
    return std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); });
}

RidgeRegression::RidgeRegression(const std::vector<std::vector<double>>& drivers, const std::vector<double>& response)
    : rows_(response.size()), size_(drivers.size()) {
    for (const auto& driver : drivers) {
        means_.push_back(mean_of(driver));
        lengths_.push_back(centred_length(driver, means_.back()));
    }
    response_mean_ = mean_of(response);
    response_length_ = centred_length(response, response_mean_);
    const Eigen::MatrixXd triangle =
        triangle_of(rows_, size_ + 1, [&](std::size_t first, std::size_t count, Eigen::MatrixXd& block) {
            for (std::size_t j = 0; j <= size_; ++j) {
                const auto& column = j < size_ ? drivers[j] : response;
                const double mean = j < size_ ? means_[j] : response_mean_;
                const double length = j < size_ ? lengths_[j] : response_length_;
                for (std::size_t i = 0; i < count; ++i)
                    block(static_cast<Eigen::Index>(size_ + 1 + i), static_cast<Eigen::Index>(j)) =
                        (column[first + i] - mean) / length;
            }
        });
    const auto p = static_cast<Eigen::Index>(size_);
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(triangle.topLeftCorner(p, p),
                                                Eigen::ComputeFullU | Eigen::ComputeFullV);
    const Eigen::VectorXd projection = svd.matrixU().transpose() * triangle.col(p).head(p);
    for (Eigen::Index i = 0; i < p; ++i) {
        singular_.push_back(svd.singularValues()(i));
        projection_.push_back(projection(i));
        for (Eigen::Index j = 0; j < p; ++j) right_.push_back(svd.matrixV()(i, j));
    }
    residual_ = std::abs(triangle(p, p));
}

RidgeFit RidgeRegression::at(double k) const {
    RidgeFit fit;
    fit.k = k;
    const double n = static_cast<double>(rows_), p = static_cast<double>(size_);
    const auto df = static_cast<double>(residual_df());
    double left_over = residual_ * residual_;
    std::vector<double> weights(size_), shrunk(size_);
    for (std::size_t i = 0; i < size_; ++i) {
        const double square = singular_[i] * singular_[i], c = projection_[i];
        // Without K, 1 / s exactly and not s / s^2.
        weights[i] = k == 0 ? 1 / singular_[i] : singular_[i] / (square + k);
        shrunk[i] = weights[i] * c;
        const double kept = weights[i] * singular_[i], lost = k == 0 ? 0 : k / (square + k);
        left_over += lost * lost * c * c;
        fit.r2 += kept * (1 + lost) * c * c;
        fit.effective += kept;
    }
    for (std::size_t j = 0; j < size_; ++j) {
        double beta = 0, vif = 0;
        for (std::size_t i = 0; i < size_; ++i) {
            const double v = right_[j * size_ + i];
            beta += v * shrunk[i];
            vif += v * v * weights[i] * weights[i];
        }
        fit.standardised.push_back(beta);
        fit.vif.push_back(vif);
        fit.coefficients.push_back(beta * response_length_ / lengths_[j]);
    }
    fit.residual_square = left_over * response_length_ * response_length_;
    fit.residual_sd = std::sqrt(left_over / df) * response_length_;
    fit.adjusted_r2 = 1 - left_over * (n - 1) / df;
    fit.f = left_over > 0 ? fit.r2 / p / (left_over / df) : std::numeric_limits<double>::infinity();
    fit.gcv = fit.residual_square / ((n - fit.effective) * (n - fit.effective));
    fit.intercept = response_mean_;
    for (std::size_t j = 0; j < size_; ++j) {
        const double error = std::sqrt(left_over / df * fit.vif[j]);
        fit.standardised_errors.push_back(error);
        fit.errors.push_back(error * response_length_ / lengths_[j]);
        fit.intercept -= fit.coefficients[j] * means_[j];
    }
    // Variance of the mean, and of what the coefficients add to it at the origin.
    double square = 1 / n;
    for (std::size_t i = 0; i < size_; ++i) {
        double along = 0;
        for (std::size_t j = 0; j < size_; ++j) along += right_[j * size_ + i] * means_[j] / lengths_[j];
        square += along * along * weights[i] * weights[i];
    }
    fit.intercept_error = fit.residual_sd * std::sqrt(square);
    return fit;
}

std::vector<double> RidgeRegression::slopes(double k) const {
    std::vector<double> slopes(size_);
    for (std::size_t i = 0; i < size_; ++i) {
        const double down = singular_[i] * singular_[i] + k;
        const double slope = -singular_[i] * projection_[i] / (down * down);
        for (std::size_t j = 0; j < size_; ++j) slopes[j] += right_[j * size_ + i] * slope;
    }
    return slopes;
}

double RidgeRegression::hkb() const {
    double square = 0;
    for (std::size_t i = 0; i < size_; ++i) square += projection_[i] * projection_[i] / (singular_[i] * singular_[i]);
    return (static_cast<double>(size_) - 2) * residual_ * residual_ / static_cast<double>(residual_df()) / square;
}

double RidgeRegression::lawless_wang() const {
    double square = 0;
    for (const double c : projection_) square += c * c;
    return (static_cast<double>(size_) - 2) * residual_ * residual_ / static_cast<double>(residual_df()) / square;
}

std::vector<std::size_t> RidgeRegression::dependent() const {
    std::vector<std::size_t> found;
    for (std::size_t j = 0; j < size_; ++j)
        for (std::size_t i = 0; i < size_; ++i)
            if (singular_[i] <= dependence * singular_[0] && std::abs(right_[j * size_ + i]) > 1e-3) {
                found.push_back(j);
                break;
            }
    return found;
}

bool RidgeRegression::exact() const {
    return residual_ <= 64 * std::numeric_limits<double>::epsilon() * std::sqrt(static_cast<double>(rows_));
}

TwoSampleTest two_sample_test(const std::vector<double>& a, const std::vector<double>& b) {
    TwoSampleTest test;
    const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
    test.mean_a = mean_of(a);
    test.mean_b = mean_of(b);
    test.difference = test.mean_a - test.mean_b;
    test.df = n + m - 2;
    const double spread = std::hypot(centred_length(a, test.mean_a), centred_length(b, test.mean_b));
    if (test.difference != 0) test.t = test.difference / (spread / std::sqrt(test.df) * std::sqrt(1 / n + 1 / m));
    test.p = student_t_p(test.t, test.df);
    return test;
}

}  // namespace landcarbon
