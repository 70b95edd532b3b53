// Land Carbon Toolbox: geographically weighted regression: local fits, their statistics, the search of a bandwidth.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr_model.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

#include "maths/counter_random.hpp"

namespace landcarbon {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t block = 32;  ///< places that are worked on at a time
constexpr double adaptive_share = 1.0000001;
/// A column that the others leave less of than this share (of squares) has no coefficient of its own.
constexpr double least_pivot = 1e-10;
/// Added to the diagonal, columns scaled to 1, where a singular window is to have a fit all the same.
constexpr double ridge = 0.01;
/// A driver of two values is rare in a window that holds fewer of one.
constexpr std::size_t few = 3;

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using RowsMap = Eigen::Map<const Matrix, 0, Eigen::OuterStride<>>;
using VectorMap = Eigen::Map<const Eigen::VectorXd>;

std::vector<double> picked(const std::vector<double>& values, const std::vector<std::uint32_t>& order) {
    std::vector<double> sorted;
    sorted.reserve(order.size());
    for (const std::uint32_t i : order) sorted.push_back(values[i]);
    return sorted;
}

std::size_t blocks_of(std::size_t count) { return (count + block - 1) / block; }

}  // namespace

void each_in_order(std::size_t count, const std::function<void(std::size_t)>& work) {
    for (std::size_t i = 0; i < count; ++i) work(i);
}

GwrPlaces::GwrPlaces(const std::vector<double>& all_x, const std::vector<double>& all_y, Distances measured)
    : order(order_by_place(all_x, all_y)),
      x(picked(all_x, order)),
      y(picked(all_y, order)),
      distances(measured),
      index(x, y, distances) {}

GwrFigures gwr_figures(std::size_t observations, double rss, double tss, double trace, double trace_squares,
                       double cv_sum, GwrSigma sigma) {
    GwrFigures f;
    const auto n = static_cast<double>(observations);
    f.observations = observations;
    f.rss = rss;
    f.tss = tss;
    f.trace = trace;
    f.trace_squares = trace_squares;
    f.enp = sigma == GwrSigma::trace ? trace : 2 * trace - trace_squares;
    f.residual_df = n - f.enp;
    f.sigma2 = f.residual_df > 0 ? rss / f.residual_df : nothing;
    f.r2 = tss > 0 ? 1 - rss / tss : nothing;
    f.adjusted_r2 = n - f.enp - 1 > 0 ? 1 - (1 - f.r2) * (n - 1) / (n - f.enp - 1) : nothing;
    f.log_likelihood = -n / 2 * (std::log(2 * std::numbers::pi * rss / n) + 1);
    f.aic = -2 * f.log_likelihood + 2 * (trace + 1);
    f.aicc = n - trace - 2 > 0 ? -2 * f.log_likelihood + 2 * n * (trace + 1) / (n - trace - 2)
                               : std::numeric_limits<double>::infinity();
    f.bic = -2 * f.log_likelihood + (trace + 1) * std::log(n);
    f.cv = cv_sum / n;
    return f;
}

/// What one place is worked out with; kept from place to place, so that nothing is allocated on the way.
struct GwrModel::Work {
    std::vector<Neighbour> neighbours;
    std::vector<double> weights, sums, squared;
    LastSearch last;   ///< within a block of places, so that sums do not depend on threads
    double reach = 0;  ///< the bandwidth as a distance
    Matrix scaled, inverse, spread;
    Eigen::VectorXd scales, coefficients;
    Eigen::LLT<Matrix> cholesky;
    bool singular = false;  ///< a fit by ridge only
};

GwrModel::GwrModel(std::shared_ptr<const GwrPlaces> places, const std::vector<double>& response,
                   const std::vector<std::vector<double>>& drivers, SingularWindow singular)
    : places_(std::move(places)),
      terms_(drivers.size() + 1),
      columns_(terms_ + 1),
      width_(padded(columns_)),
      singular_(singular),
      rows_(places_->size() * width_),
      response_(picked(response, places_->order)) {
    const std::size_t n = places_->size();
    means_.assign(columns_, 0);
    scales_.assign(columns_, 1);
    is_binary_.assign(drivers.size(), 0);
    const auto take = [&](const std::vector<double>& values, std::size_t column) {
        // In the order given, so that it does not depend on where the places lie.
        double sum = 0, squares = 0;
        for (const double value : values) sum += value;
        const double mean = sum / static_cast<double>(n);
        for (const double value : values) squares += (value - mean) * (value - mean);
        const double deviation = std::sqrt(squares / static_cast<double>(n));
        means_[column] = mean;
        scales_[column] = deviation > 0 ? deviation : 1;
        for (std::size_t i = 0; i < n; ++i)
            rows_[i * width_ + column] = (values[places_->order[i]] - mean) / scales_[column];
    };
    for (std::size_t i = 0; i < n; ++i) rows_[i * width_] = 1;
    for (std::size_t j = 0; j < drivers.size(); ++j) take(drivers[j], j + 1);
    take(response, terms_);
    for (std::size_t j = 0; j < drivers.size(); ++j) {
        const auto [low, high] = std::minmax_element(drivers[j].begin(), drivers[j].end());
        std::size_t lows = 0, highs = 0;
        for (const double value : drivers[j]) {
            lows += value == *low;
            highs += value == *high;
        }
        if (lows + highs != n || *low == *high) continue;
        is_binary_[j] = 1;
        if (rarer_.empty()) rarer_.assign(n * drivers.size(), 0);
        const double rare = lows < highs ? *low : *high;
        for (std::size_t i = 0; i < n; ++i) rarer_[i * drivers.size() + j] = drivers[j][places_->order[i]] == rare;
    }
}

/// Finds the neighbours of a place and their weights. False where the window has no extent.
bool GwrModel::gather(double x, double y, const GwrWindow& window, Work& work) const {
    const PlaceIndex& index = places_->index;
    const bool everywhere = window.kernel != GwrKernel::bisquare;  // weights never fall to zero
    if (window.kind == BandwidthKind::adaptive) {
        const auto wanted = static_cast<std::size_t>(window.bandwidth);
        index.nearest(x, y, wanted, work.neighbours, &work.last);
        double farthest = 0;
        for (const Neighbour& neighbour : work.neighbours) farthest = std::max(farthest, neighbour.distance);
        work.reach = farthest * adaptive_share;
        if (!(work.reach > 0)) return false;
        if (everywhere) index.all(x, y, work.neighbours);
    } else {
        work.reach = window.bandwidth;
        if (everywhere)
            index.all(x, y, work.neighbours);
        else
            index.within(x, y, work.reach, work.neighbours);
    }
    kernel_weights(window.kernel, work.reach, work.neighbours, work.weights);
    return true;
}

/// Solves the normal equations of a window. False where it does not tell all coefficients.
bool GwrModel::solve(Work& work, bool everything) const {
    const auto terms = static_cast<Eigen::Index>(terms_);
    weighted_products(rows_, columns_, work.neighbours, work.weights, work.sums, everything ? &work.squared : nullptr);
    const RowsMap sums(work.sums.data(), terms, terms, Eigen::OuterStride<>(static_cast<Eigen::Index>(width_)));
    work.scales.resize(terms);
    work.singular = false;
    for (Eigen::Index a = 0; a < terms; ++a) {
        if (!(sums(a, a) > 0)) {
            if (singular_ == SingularWindow::nodata || !(sums(0, 0) > 0)) return false;
            work.scales[a] = 1;
            continue;
        }
        work.scales[a] = 1 / std::sqrt(sums(a, a));
    }
    work.scaled = work.scales.asDiagonal() * sums * work.scales.asDiagonal();
    const auto tells_all = [&] {
        work.cholesky.compute(work.scaled);
        if (work.cholesky.info() != Eigen::Success) return false;
        const auto& factor = work.cholesky.matrixLLT();
        for (Eigen::Index a = 0; a < terms; ++a)
            if (!(factor(a, a) * factor(a, a) > least_pivot)) return false;
        return true;
    };
    if (!tells_all()) {
        if (singular_ == SingularWindow::nodata) return false;
        work.singular = true;
        work.scaled.diagonal().tail(terms - 1).array() += ridge;
        if (!tells_all()) return false;
    }
    work.coefficients.resize(terms);
    for (Eigen::Index a = 0; a < terms; ++a)
        work.coefficients[a] = work.sums[static_cast<std::size_t>(a) * width_ + terms_] * work.scales[a];
    work.cholesky.solveInPlace(work.coefficients);
    work.coefficients.array() *= work.scales.array();
    if (!everything) return true;
    work.inverse.setIdentity(terms, terms);
    work.cholesky.solveInPlace(work.inverse);
    work.inverse = work.scales.asDiagonal() * work.inverse * work.scales.asDiagonal();
    const RowsMap squared(work.squared.data(), terms, terms, Eigen::OuterStride<>(static_cast<Eigen::Index>(width_)));
    work.spread.noalias() = work.inverse * squared * work.inverse;
    return true;
}

/// The prediction for the observation at a place, by its own window.
double GwrModel::fitted_at(const Work& work, std::size_t place) const {
    const VectorMap row(rows_.data() + place * width_, static_cast<Eigen::Index>(terms_));
    return means_[terms_] + scales_[terms_] * row.dot(work.coefficients);
}

std::optional<std::size_t> GwrModel::coincident(const GwrWindow& window, const Each& each) const {
    if (window.kind == BandwidthKind::fixed) return std::nullopt;
    const auto wanted = static_cast<std::size_t>(window.bandwidth);
    std::vector<std::uint8_t> flat(blocks_of(observations()));
    const auto extends = [&](std::size_t place, std::vector<Neighbour>& found) {
        places_->index.nearest(places_->x[place], places_->y[place], wanted, found);
        return std::any_of(found.begin(), found.end(), [](const Neighbour& one) { return one.distance > 0; });
    };
    each(flat.size(), [&](std::size_t number) {
        std::vector<Neighbour> found;
        for (std::size_t i = number * block; i < std::min(observations(), (number + 1) * block); ++i)
            if (!extends(i, found)) flat[number] = 1;
    });
    std::vector<Neighbour> found;
    for (std::size_t number = 0; number < flat.size(); ++number)
        for (std::size_t i = number * block; flat[number] && i < std::min(observations(), (number + 1) * block); ++i)
            if (!extends(i, found)) return places_->order[i];
    return std::nullopt;
}

std::vector<std::uint32_t> GwrModel::places_to_look_at(std::size_t most, std::uint64_t seed) const {
    std::vector<std::uint32_t> chosen(observations());
    std::iota(chosen.begin(), chosen.end(), 0u);
    if (chosen.size() <= most) return chosen;
    const auto rank = [&](std::uint32_t place) { return random_bits(seed, places_->order[place]); };
    std::nth_element(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(most), chosen.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return rank(a) < rank(b); });
    chosen.resize(most);
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

void GwrSums::merge(const GwrSums& other) {
    squares += other.squares;
    left_out += other.left_out;
    trace += other.trace;
    singular += other.singular;
}

double criterion_of(const GwrFigures& figures, GwrCriterion criterion) {
    const double value = criterion == GwrCriterion::aicc  ? figures.aicc
                         : criterion == GwrCriterion::cv  ? figures.cv
                         : criterion == GwrCriterion::aic ? figures.aic
                                                          : figures.bic;
    return std::isnan(value) ? std::numeric_limits<double>::infinity() : value;
}

GwrScore GwrModel::score(const GwrWindow& window, GwrCriterion criterion, const std::vector<std::uint32_t>& looked_at,
                         const Each& each) const {
    std::vector<GwrSums> parts(blocks_of(looked_at.size()));
    each(parts.size(), [&](std::size_t number) {
        thread_local Work work;
        work.last = {};
        GwrSums& sums = parts[number];
        Eigen::VectorXd own(static_cast<Eigen::Index>(terms_));
        for (std::size_t i = number * block; i < std::min(looked_at.size(), (number + 1) * block); ++i) {
            const std::size_t place = looked_at[i];
            if (!gather(places_->x[place], places_->y[place], window, work) || !solve(work, false)) {
                ++sums.singular;
                continue;
            }
            const VectorMap row(rows_.data() + place * width_, static_cast<Eigen::Index>(terms_));
            own = row.cwiseProduct(work.scales);
            work.cholesky.matrixL().solveInPlace(own);
            const double influence = own.squaredNorm();
            const double residual = response_[place] - fitted_at(work, place);
            sums.squares += residual * residual;
            sums.left_out += residual / (1 - influence) * (residual / (1 - influence));
            sums.trace += influence;
        }
    });
    GwrSums all;
    for (const GwrSums& part : parts) all.merge(part);
    GwrScore score;
    const double more = static_cast<double>(observations()) / static_cast<double>(looked_at.size());
    score.singular = all.singular;
    score.rss = all.squares * more;
    score.trace = all.trace * more;
    if (all.singular > 0) return score;
    const GwrFigures figures =
        gwr_figures(observations(), score.rss, 0, score.trace, 0, all.left_out * more, GwrSigma::trace);
    if (!(figures.residual_df > 2)) return score;
    score.value = criterion_of(figures, criterion);
    return score;
}

void GwrModel::diagnose(Work& work, double& condition, double* vif) const {
    const auto terms = static_cast<Eigen::Index>(terms_);
    const RowsMap sums(work.sums.data(), terms, terms, Eigen::OuterStride<>(static_cast<Eigen::Index>(width_)));
    // In own units and not centred, as Belsley's condition number is meant.
    Matrix own(terms, terms);
    const auto mean = [&](Eigen::Index a) { return a == 0 ? 0.0 : means_[static_cast<std::size_t>(a)]; };
    const auto scale = [&](Eigen::Index a) { return a == 0 ? 1.0 : scales_[static_cast<std::size_t>(a)]; };
    for (Eigen::Index a = 0; a < terms; ++a)
        for (Eigen::Index b = 0; b < terms; ++b)
            own(a, b) = scale(a) * scale(b) * sums(a, b) + mean(a) * scale(b) * sums(0, b) +
                        mean(b) * scale(a) * sums(0, a) + mean(a) * mean(b) * sums(0, 0);
    const Eigen::VectorXd lengths = own.diagonal().cwiseSqrt().cwiseInverse();
    const Matrix scaled = lengths.asDiagonal() * own * lengths.asDiagonal();
    const Eigen::SelfAdjointEigenSolver<Matrix> values(scaled, Eigen::EigenvaluesOnly);
    const double least = values.eigenvalues().minCoeff(), most = values.eigenvalues().maxCoeff();
    condition = least > 0 ? std::sqrt(most / least) : nothing;
    const Eigen::Index drivers = terms - 1;
    if (drivers == 0) return;
    Matrix correlation(drivers, drivers);
    for (Eigen::Index a = 0; a < drivers; ++a)
        for (Eigen::Index b = 0; b < drivers; ++b)
            correlation(a, b) = sums(a + 1, b + 1) - sums(0, a + 1) * sums(0, b + 1) / sums(0, 0);
    const Eigen::VectorXd deviations = correlation.diagonal().cwiseMax(0).cwiseSqrt().cwiseInverse();
    correlation = deviations.asDiagonal() * correlation * deviations.asDiagonal();
    const Eigen::LLT<Matrix> cholesky(correlation);
    if (cholesky.info() != Eigen::Success) {
        std::fill_n(vif, drivers, nothing);
        return;
    }
    const Matrix inverse = cholesky.solve(Matrix::Identity(drivers, drivers));
    for (Eigen::Index a = 0; a < drivers; ++a) vif[a] = inverse(a, a);
}

LocalFit GwrModel::in_own_units(const Work& work) const {
    LocalFit fit;
    const auto terms = static_cast<Eigen::Index>(terms_);
    // b = T z + the mean of the response for the intercept, z the coefficients of the scaled columns over its scale.
    Matrix turn = Matrix::Zero(terms, terms);
    turn(0, 0) = 1;
    for (std::size_t j = 1; j < terms_; ++j) {
        const auto at = static_cast<Eigen::Index>(j);
        turn(at, at) = 1 / scales_[j];
        turn(0, at) = -means_[j] / scales_[j];
    }
    const Eigen::VectorXd coefficients = turn * work.coefficients * scales_[terms_];
    fit.coefficients.assign(coefficients.data(), coefficients.data() + terms);
    fit.coefficients[0] += means_[terms_];
    const Matrix covariance = turn * work.spread * turn.transpose();
    fit.covariance.assign(covariance.data(), covariance.data() + terms * terms);
    return fit;
}

GwrFit GwrModel::fit(const GwrWindow& window, GwrSigma sigma, const Each& each) const {
    const std::size_t n = observations(), drivers = terms_ - 1;
    GwrFit fit;
    fit.window = window;
    fit.terms = terms_;
    fit.fitted.assign(n, 0);
    fit.coefficients.assign(n * terms_, nothing);
    fit.errors.assign(n * terms_, nothing);
    fit.vif.assign(n * drivers, nothing);
    for (auto* figures : {&fit.prediction, &fit.residual, &fit.influence, &fit.standardised, &fit.cooks_d,
                          &fit.local_r2, &fit.condition, &fit.reach})
        figures->assign(n, nothing);
    std::vector<double> norms(n, nothing);
    const std::size_t blocks = blocks_of(n);
    std::vector<std::vector<std::size_t>> rare(blocks);
    std::vector<std::vector<std::uint32_t>> singular(blocks);
    each(blocks, [&](std::size_t number) {
        thread_local Work work;
        work.last = {};
        rare[number].assign(drivers, 0);
        for (std::size_t place = number * block; place < std::min(n, (number + 1) * block); ++place) {
            const std::size_t i = places_->order[place];
            const bool there = gather(places_->x[place], places_->y[place], window, work) && solve(work, true);
            fit.reach[i] = work.reach;
            if (!there || work.singular) singular[number].push_back(static_cast<std::uint32_t>(i));
            for (std::size_t j = 0; j < drivers; ++j) {
                if (!is_binary_[j]) continue;
                std::size_t count = 0;
                for (std::size_t k = 0; k < work.neighbours.size(); ++k)
                    count += work.weights[k] > 0 && rarer_[work.neighbours[k].place * drivers + j];
                rare[number][j] += count < few;
            }
            if (!there) continue;
            fit.fitted[i] = 1;
            const VectorMap row(rows_.data() + place * width_, static_cast<Eigen::Index>(terms_));
            fit.prediction[i] = fitted_at(work, place);
            fit.residual[i] = response_[place] - fit.prediction[i];
            fit.influence[i] = row.dot(work.inverse * row);
            norms[i] = row.dot(work.spread * row);
            diagnose(work, fit.condition[i], fit.vif.data() + i * drivers);
            const LocalFit local = in_own_units(work);
            for (std::size_t a = 0; a < terms_; ++a) {
                fit.coefficients[i * terms_ + a] = local.coefficients[a];
                fit.errors[i * terms_ + a] = std::sqrt(std::max(0.0, local.covariance[a * terms_ + a]));
            }
        }
    });
    fit.rare.assign(drivers, 0);
    for (std::size_t number = 0; number < blocks; ++number) {
        for (std::size_t j = 0; j < drivers; ++j) fit.rare[j] += rare[number][j];
        fit.singular.insert(fit.singular.end(), singular[number].begin(), singular[number].end());
    }
    std::sort(fit.singular.begin(), fit.singular.end());
    fill_local_r2(fit, each);
    finish(fit, norms, sigma);
    return fit;
}

std::vector<double> GwrModel::squared_residuals(const GwrFit& fit) const {
    std::vector<double> squares(observations());
    for (std::size_t place = 0; place < squares.size(); ++place) {
        const double residual = fit.residual[places_->order[place]];
        squares[place] = std::isnan(residual) ? 0 : residual * residual;
    }
    return squares;
}

/// 1 - sum w e^2 / sum w (y - ybar_w)^2, e the residuals of the whole model (mgwr).
double GwrModel::local_r2(const Work& work, const std::vector<double>& squares) const {
    double weights = 0, once = 0, twice = 0, rest = 0;
    for (std::size_t k = 0; k < work.neighbours.size(); ++k) {
        const std::size_t other = work.neighbours[k].place;
        const double weight = work.weights[k], y = rows_[other * width_ + terms_];
        weights += weight;
        once += weight * y;
        twice += weight * y * y;
        rest += weight * squares[other];
    }
    const double total = (twice - once * once / weights) * scales_[terms_] * scales_[terms_];
    return total > 0 ? 1 - rest / total : nothing;
}

void GwrModel::fill_local_r2(GwrFit& fit, const Each& each) const {
    const std::vector<double> squares = squared_residuals(fit);
    each(blocks_of(observations()), [&](std::size_t number) {
        thread_local Work work;
        work.last = {};
        for (std::size_t place = number * block; place < std::min(observations(), (number + 1) * block); ++place) {
            const std::size_t i = places_->order[place];
            if (fit.fitted[i] && gather(places_->x[place], places_->y[place], fit.window, work))
                fit.local_r2[i] = local_r2(work, squares);
        }
    });
}

/// Sums in the order of the observations, so that they do not depend on threads.
void GwrModel::finish(GwrFit& fit, const std::vector<double>& norms, GwrSigma sigma) const {
    const std::size_t n = observations();
    std::size_t count = 0;
    double rss = 0, trace = 0, trace_squares = 0, left_out = 0, sum = 0, tss = 0;
    std::vector<double> response(n);
    for (std::size_t place = 0; place < n; ++place) response[places_->order[place]] = response_[place];
    for (std::size_t i = 0; i < n; ++i) {
        if (!fit.fitted[i]) continue;
        ++count;
        const double residual = fit.residual[i], without = residual / (1 - fit.influence[i]);
        rss += residual * residual;
        left_out += without * without;
        trace += fit.influence[i];
        trace_squares += norms[i];
        sum += response[i];
    }
    const double mean = sum / static_cast<double>(count);
    for (std::size_t i = 0; i < n; ++i)
        if (fit.fitted[i]) tss += (response[i] - mean) * (response[i] - mean);
    fit.figures = gwr_figures(count, rss, tss, trace, trace_squares, left_out, sigma);
    const double sigma2 = fit.figures.sigma2;
    for (std::size_t i = 0; i < n; ++i) {
        if (!fit.fitted[i]) continue;
        for (std::size_t a = 0; a < terms_; ++a) fit.errors[i * terms_ + a] *= std::sqrt(sigma2);
        fit.standardised[i] = fit.residual[i] / std::sqrt(sigma2 * (1 - fit.influence[i]));
        fit.cooks_d[i] =
            fit.standardised[i] * fit.standardised[i] * fit.influence[i] / (trace * (1 - fit.influence[i]));
    }
}

std::optional<LocalFit> GwrModel::at(double x, double y, const GwrWindow& window,
                                     const std::vector<double>* squares) const {
    thread_local Work work;
    work.last = {};
    if (!gather(x, y, window, work) || !solve(work, true)) return std::nullopt;
    LocalFit fit = in_own_units(work);
    if (squares) fit.local_r2 = local_r2(work, *squares);
    return fit;
}

std::vector<double> GwrModel::coefficients_in_own_units(const Work& work) const {
    std::vector<double> own(terms_);
    own[0] = means_[terms_] + scales_[terms_] * work.coefficients[0];
    for (std::size_t j = 1; j < terms_; ++j) {
        own[j] = work.coefficients[static_cast<Eigen::Index>(j)] * scales_[terms_] / scales_[j];
        own[0] -= own[j] * means_[j];
    }
    return own;
}

std::vector<double> GwrModel::coefficient_variances(const GwrWindow& window, const Each& each) const {
    const std::size_t n = observations();
    std::vector<double> coefficients(n * terms_, nothing);
    each(blocks_of(n), [&](std::size_t number) {
        thread_local Work work;
        work.last = {};
        for (std::size_t place = number * block; place < std::min(n, (number + 1) * block); ++place) {
            if (!gather(places_->x[place], places_->y[place], window, work) || !solve(work, false)) continue;
            const auto own = coefficients_in_own_units(work);
            std::copy(own.begin(), own.end(), coefficients.begin() + static_cast<std::ptrdiff_t>(place * terms_));
        }
    });
    std::vector<double> variances(terms_, 0);
    for (std::size_t term = 0; term < terms_; ++term) {
        double count = 0, sum = 0;
        for (std::size_t i = term; i < coefficients.size(); i += terms_)
            if (!std::isnan(coefficients[i])) {
                ++count;
                sum += coefficients[i];
            }
        for (std::size_t i = term; i < coefficients.size(); i += terms_)
            if (!std::isnan(coefficients[i]))
                variances[term] += (coefficients[i] - sum / count) * (coefficients[i] - sum / count) / count;
    }
    return variances;
}

GwrFit GwrModel::global() const {
    const std::size_t n = observations();
    Work work;
    for (std::size_t place = 0; place < n; ++place) work.neighbours.push_back({0, static_cast<std::uint32_t>(place)});
    work.weights.assign(n, 1);
    GwrFit fit;
    fit.terms = terms_;
    if (!solve(work, true)) return fit;
    const LocalFit all = in_own_units(work);
    fit.fitted.assign(n, 1);
    for (auto* figures : {&fit.prediction, &fit.residual, &fit.influence}) figures->assign(n, nothing);
    double rss = 0, tss = 0, left_out = 0;
    for (std::size_t place = 0; place < n; ++place) {
        const std::size_t i = places_->order[place];
        const VectorMap row(rows_.data() + place * width_, static_cast<Eigen::Index>(terms_));
        fit.prediction[i] = fitted_at(work, place);
        fit.residual[i] = response_[place] - fit.prediction[i];
        fit.influence[i] = row.dot(work.inverse * row);
        const double without = fit.residual[i] / (1 - fit.influence[i]), centred = response_[place] - means_[terms_];
        rss += fit.residual[i] * fit.residual[i];
        left_out += without * without;
        tss += centred * centred;
    }
    const auto trace = static_cast<double>(terms_);
    fit.figures = gwr_figures(n, rss, tss, trace, trace, left_out, GwrSigma::trace);
    fit.coefficients = all.coefficients;
    for (std::size_t a = 0; a < terms_; ++a)
        fit.errors.push_back(std::sqrt(std::max(0.0, all.covariance[a * terms_ + a]) * fit.figures.sigma2));
    double condition = 0;
    fit.vif.assign(terms_ - 1, nothing);
    diagnose(work, condition, fit.vif.data());
    fit.condition = {condition};
    return fit;
}

BandwidthSearch search_bandwidth(const std::function<GwrScore(double)>& score, bool whole, double low, double high) {
    std::map<double, GwrScore> tried;
    const auto at = [&](double bandwidth) {
        if (whole) bandwidth = std::round(bandwidth);
        if (const auto known = tried.find(bandwidth); known != tried.end()) return known->second.value;
        return tried.emplace(bandwidth, score(bandwidth)).first->second.value;
    };
    constexpr int steps = 15;
    std::vector<double> coarse;
    for (int i = 0; i < steps; ++i) {
        double bandwidth = low * std::pow(high / low, i / (steps - 1.0));
        if (i == steps - 1) bandwidth = high;
        if (whole) bandwidth = std::round(bandwidth);
        if (coarse.empty() || bandwidth > coarse.back()) coarse.push_back(bandwidth);
    }
    std::size_t best = 0;
    for (std::size_t i = 0; i < coarse.size(); ++i)
        if (at(coarse[i]) < at(coarse[best])) best = i;
    double left = coarse[best == 0 ? 0 : best - 1], right = coarse[std::min(best + 1, coarse.size() - 1)];
    const double golden = (std::sqrt(5.0) - 1) / 2;
    double a = right - golden * (right - left), b = left + golden * (right - left);
    for (int i = 0; i < 60 && right - left > (whole ? 3 : 1e-6 * right); ++i) {
        if (at(a) <= at(b)) {
            right = b;
            b = a;
            a = right - golden * (right - left);
        } else {
            left = a;
            a = b;
            b = left + golden * (right - left);
        }
    }
    const auto least = [&] {
        return std::min_element(
                   tried.begin(), tried.end(),
                   [](const auto& one, const auto& other) { return one.second.value < other.second.value; })
            ->first;
    };
    if (whole)
        for (double centre = least();;) {
            for (const double step : {-1.0, 1.0, -2.0, 2.0})
                if (centre + step >= low && centre + step <= high) at(centre + step);
            if (least() == centre) break;
            centre = least();
        }
    BandwidthSearch search;
    if (std::isfinite(tried.at(least()).value)) search.best = least();
    for (const auto& [bandwidth, known] : tried) search.tried.push_back({bandwidth, known});
    return search;
}

std::optional<MoransI> morans_i(const GwrPlaces& places, const std::vector<double>& values, std::size_t neighbours,
                                const Each& each) {
    const std::size_t n = places.size();
    if (n < neighbours + 2) return std::nullopt;
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += values[i];
    const double mean = sum / static_cast<double>(n);
    std::vector<double> centred(n);  // by place
    double squares = 0;
    for (std::size_t place = 0; place < n; ++place) {
        centred[place] = values[places.order[place]] - mean;
        squares += centred[place] * centred[place];
    }
    if (!(squares > 0)) return std::nullopt;
    // Of each place its neighbours, in the order of their numbers.
    std::vector<std::uint32_t> lists(n * neighbours);
    const auto list = [&](std::size_t place) {
        return lists.begin() + static_cast<std::ptrdiff_t>(place * neighbours);
    };
    each(blocks_of(n), [&](std::size_t number) {
        std::vector<Neighbour> found;
        for (std::size_t place = number * block; place < std::min(n, (number + 1) * block); ++place) {
            places.index.nearest(places.x[place], places.y[place], neighbours + 1, found);
            std::sort(found.begin(), found.end(), [](const Neighbour& one, const Neighbour& other) {
                return one.distance != other.distance ? one.distance < other.distance : one.place < other.place;
            });
            std::size_t count = 0;
            for (const Neighbour& one : found)
                if (one.place != place && count < neighbours)
                    list(place)[static_cast<std::ptrdiff_t>(count++)] = one.place;
            std::sort(list(place), list(place + 1));
        }
    });
    const double weight = 1 / static_cast<double>(neighbours);
    double products = 0, s1 = 0;
    std::vector<double> columns(n, 0);
    for (std::size_t place = 0; place < n; ++place)
        for (auto other = list(place); other != list(place + 1); ++other) {
            products += weight * centred[place] * centred[*other];
            columns[*other] += weight;
        }
    // S1 = sum (w_ij + w_ji)^2 / 2, S2 = sum (row + column)^2, S0 = n.
    double s2 = 0;
    for (std::size_t place = 0; place < n; ++place) {
        for (auto other = list(place); other != list(place + 1); ++other) {
            const bool mutual = std::binary_search(list(*other), list(*other + 1), static_cast<std::uint32_t>(place));
            s1 += mutual ? 2 * weight * weight : weight * weight;
        }
        s2 += (1 + columns[place]) * (1 + columns[place]);
    }
    const auto count = static_cast<double>(n);
    MoransI moran;
    moran.i = products / squares;
    const double expected = -1 / (count - 1);
    const double variance =
        (count * count * s1 - count * s2 + 3 * count * count) / ((count * count - 1) * count * count) -
        expected * expected;
    moran.z = (moran.i - expected) / std::sqrt(variance);
    return moran;
}

}  // namespace landcarbon
