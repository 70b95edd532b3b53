// Land Carbon Toolbox: multiscale geographically weighted regression: a bandwidth for each term, by back-fitting.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/mgwr_model.hpp"

#include <algorithm>
#include <cmath>

namespace landcarbon {
namespace {

constexpr std::size_t block = 16;  ///< places that are worked on at a time
constexpr std::size_t chunk = 32;  ///< columns of the hat matrix that are worked on at a time
constexpr int rounds_alike = 5;    ///< after so many rounds with the same bandwidths these are kept (mgwr)
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

std::size_t parts_of(std::size_t count, std::size_t part) { return (count + part - 1) / part; }

std::vector<double> by_place(const std::vector<double>& values, const std::vector<std::uint32_t>& order) {
    std::vector<double> sorted;
    sorted.reserve(order.size());
    for (const std::uint32_t i : order) sorted.push_back(values[i]);
    return sorted;
}

/// Observations around a place and their weights.
/// @param last of a search near by, see PlaceIndex
void weigh(const GwrPlaces& places, double x, double y, const GwrWindow& window, std::vector<Neighbour>& found,
           std::vector<double>& weights, LastSearch* last) {
    const bool everywhere = window.kernel != GwrKernel::bisquare;
    double reach = window.bandwidth;
    if (window.kind == BandwidthKind::adaptive) {
        places.index.nearest(x, y, static_cast<std::size_t>(window.bandwidth), found, last);
        reach = 0;
        for (const Neighbour& one : found) reach = std::max(reach, one.distance);
        reach *= 1.0000001;
        if (everywhere) places.index.all(x, y, found);
    } else if (everywhere) {
        places.index.all(x, y, found);
    } else {
        places.index.within(x, y, reach, found);
    }
    if (!(reach > 0)) {
        found.clear();
        weights.clear();
        return;
    }
    kernel_weights(window.kernel, reach, found, weights);
}

}  // namespace

/// One term at one bandwidth: at each place a weighted regression through the origin on the column alone.
struct MgwrModel::Smoother {
    double bandwidth = 0;
    /// By place: neighbours with a weight, and w x / sum w x^2, so that a sum over them is a coefficient.
    std::vector<std::vector<std::uint32_t>> neighbours;
    std::vector<std::vector<double>> shares;
};

MgwrModel::MgwrModel(std::shared_ptr<const GwrPlaces> places, const std::vector<double>& response,
                     const std::vector<std::vector<double>>& drivers)
    : places_(std::move(places)), response_(by_place(response, places_->order)) {
    columns_.emplace_back(places_->size(), 1.0);
    for (const auto& driver : drivers) columns_.push_back(by_place(driver, places_->order));
}

MgwrFit MgwrModel::fit(const MgwrSettings& settings, const GwrFit& begin, const Each& each) const {
    const std::size_t terms = columns_.size(), count = n();
    const bool given = !settings.bandwidths.empty();
    const auto window = [&](double bandwidth) { return GwrWindow{settings.kernel, settings.kind, bandwidth}; };
    MgwrFit fit;
    fit.kernel = settings.kernel;
    fit.kind = settings.kind;
    fit.terms = terms;
    fit.searches.resize(given ? 0 : terms);
    // By place: coefficients and terms, as the GWR has them, and what they leave.
    std::vector<std::vector<double>> coefficients(terms, std::vector<double>(count)), parts = coefficients;
    std::vector<double> rest = response_;
    for (std::size_t place = 0; place < count; ++place)
        for (std::size_t j = 0; j < terms; ++j) {
            coefficients[j][place] = begin.coefficients[places_->order[place] * terms + j];
            parts[j][place] = coefficients[j][place] * columns_[j][place];
            rest[place] -= parts[j][place];
        }
    std::vector<double> target(count), fitted(count), local(count);
    // Fits a term to the target; the sums of squares and of influences that criteria go by.
    const auto smooth = [&](std::size_t j, double bandwidth) {
        std::vector<GwrSums> sums(parts_of(count, block));
        const std::vector<double>& column = columns_[j];
        each(sums.size(), [&](std::size_t number) {
            thread_local std::vector<Neighbour> found;
            thread_local std::vector<double> weights;
            LastSearch last;
            GwrSums& own = sums[number];
            for (std::size_t place = number * block; place < std::min(count, (number + 1) * block); ++place) {
                weigh(*places_, places_->x[place], places_->y[place], window(bandwidth), found, weights, &last);
                double squares = 0, products = 0;
                for (std::size_t k = 0; k < found.size(); ++k) {
                    const double x = column[found[k].place], weighted = weights[k] * x;
                    squares += weighted * x;
                    products += weighted * target[found[k].place];
                }
                if (!(squares > 0)) {
                    ++own.singular;
                    local[place] = fitted[place] = 0;
                    continue;
                }
                local[place] = products / squares;
                fitted[place] = local[place] * column[place];
                const double influence = column[place] * column[place] / squares, off = target[place] - fitted[place];
                own.squares += off * off;
                own.left_out += off / (1 - influence) * (off / (1 - influence));
                own.trace += influence;
            }
        });
        GwrSums all;
        for (const GwrSums& part : sums) all.merge(part);
        GwrScore score;
        score.singular = all.singular;
        score.rss = all.squares;
        score.trace = all.trace;
        if (all.singular > 0) return score;
        const GwrFigures figures = gwr_figures(count, all.squares, 0, all.trace, 0, all.left_out, GwrSigma::trace);
        score.value = criterion_of(figures, settings.criterion);
        return score;
    };

    fit.bandwidths = given ? settings.bandwidths : std::vector<double>(terms, begin.window.bandwidth);
    int alike = 0;
    for (fit.rounds = 1; fit.rounds <= settings.most_rounds; ++fit.rounds) {
        const std::vector<double> before = fit.bandwidths;
        double changed = 0, scale = 0;
        std::vector<double> sum(count, 0);
        for (std::size_t j = 0; j < terms; ++j) {
            for (std::size_t place = 0; place < count; ++place) target[place] = parts[j][place] + rest[place];
            if (!given && alike < rounds_alike) {
                fit.searches[j] =
                    search_bandwidth([&](double bandwidth) { return smooth(j, bandwidth); },
                                     settings.kind == BandwidthKind::adaptive, settings.low, settings.high);
                if (fit.searches[j].best) fit.bandwidths[j] = *fit.searches[j].best;
            }
            smooth(j, fit.bandwidths[j]);
            for (std::size_t place = 0; place < count; ++place) {
                const double off = fitted[place] - parts[j][place];
                changed += off * off;
                sum[place] += fitted[place];
                rest[place] = target[place] - fitted[place];
            }
            parts[j] = fitted;
            coefficients[j] = local;
        }
        for (const double value : sum) scale += value * value;
        fit.change = std::sqrt(changed / static_cast<double>(count) / scale);
        alike = fit.bandwidths == before ? alike + 1 : 0;
        if (fit.change < settings.tolerance) break;
    }
    fit.rounds = std::min(fit.rounds, settings.most_rounds);

    fit.coefficients.resize(count * terms);
    fit.prediction.resize(count);
    fit.residual.resize(count);
    for (std::size_t place = 0; place < count; ++place) {
        const std::size_t i = places_->order[place];
        fit.residual[i] = rest[place];
        fit.prediction[i] = response_[place] - rest[place];
        for (std::size_t j = 0; j < terms; ++j) fit.coefficients[i * terms + j] = coefficients[j][place];
    }
    double rss = 0, total = 0, tss = 0;
    for (const double residual : fit.residual) rss += residual * residual;
    for (const double y : response_) total += y;
    for (const double y : response_)
        tss += (y - total / static_cast<double>(count)) * (y - total / static_cast<double>(count));
    fit.figures = gwr_figures(count, rss, tss, nothing, nothing, nothing, settings.sigma);
    fit.figures.aicc = nothing;
    if (count > settings.most_inferred) return fit;

    std::vector<Smoother> smoothers(terms);
    for (std::size_t j = 0; j < terms; ++j) {
        Smoother& smoother = smoothers[j];
        smoother.neighbours.resize(count);
        smoother.shares.resize(count);
        each(parts_of(count, block), [&](std::size_t number) {
            std::vector<Neighbour> found;
            std::vector<double> weights;
            LastSearch last;
            for (std::size_t place = number * block; place < std::min(count, (number + 1) * block); ++place) {
                weigh(*places_, places_->x[place], places_->y[place], window(fit.bandwidths[j]), found, weights, &last);
                double squares = 0;
                for (std::size_t k = 0; k < found.size(); ++k)
                    squares += weights[k] * columns_[j][found[k].place] * columns_[j][found[k].place];
                for (std::size_t k = 0; k < found.size() && squares > 0; ++k) {
                    if (!(weights[k] > 0)) continue;
                    smoother.neighbours[place].push_back(found[k].place);
                    smoother.shares[place].push_back(weights[k] * columns_[j][found[k].place] / squares);
                }
            }
        });
    }
    infer(fit, smoothers, settings, each);
    return fit;
}

std::vector<std::vector<double>> MgwrModel::left_for_terms(const MgwrFit& fit) const {
    std::vector<std::vector<double>> left(fit.terms, std::vector<double>(n()));
    for (std::size_t place = 0; place < n(); ++place) {
        const std::size_t i = places_->order[place];
        for (std::size_t j = 0; j < fit.terms; ++j)
            left[j][place] = fit.residual[i] + fit.coefficients[i * fit.terms + j] * columns_[j][place];
    }
    return left;
}

std::optional<std::vector<double>> MgwrModel::at(double x, double y, const MgwrFit& fit,
                                                 const std::vector<std::vector<double>>& left) const {
    thread_local std::vector<Neighbour> found;
    thread_local std::vector<double> weights;
    std::vector<double> coefficients(fit.terms);
    for (std::size_t j = 0; j < fit.terms; ++j) {
        weigh(*places_, x, y, {fit.kernel, fit.kind, fit.bandwidths[j]}, found, weights, nullptr);
        double squares = 0, products = 0;
        for (std::size_t k = 0; k < found.size(); ++k) {
            const double own = columns_[j][found[k].place], weighted = weights[k] * own;
            squares += weighted * own;
            products += weighted * left[j][found[k].place];
        }
        if (!(squares > 0)) return std::nullopt;
        coefficients[j] = products / squares;
    }
    return coefficients;
}

/// The hat matrix of each term solves R_j = A_j (I - sum of the other R): column by column, by the same rounds as the
/// fit, some columns at a time, so that no n x n matrix is kept.
void MgwrModel::infer(MgwrFit& fit, const std::vector<Smoother>& smoothers, const MgwrSettings& settings,
                      const Each& each) const {
    const std::size_t terms = columns_.size(), count = n(), chunks = parts_of(count, chunk);
    struct Sums {
        std::vector<double> enp, squares;  ///< of terms; of terms and places
        double trace_squares = 0;
    };
    std::vector<Sums> sums(chunks);
    std::vector<double> influence(count, 0);
    each(chunks, [&](std::size_t number) {
        const std::size_t first = number * chunk, width = std::min(chunk, count - first);
        std::vector<std::vector<double>> hat(terms, std::vector<double>(count * chunk, 0)), slope = hat;
        std::vector<double> rest(count * chunk, 0), next(chunk);
        for (std::size_t c = 0; c < width; ++c) rest[(first + c) * chunk + c] = 1;
        for (int round = 0; round < settings.most_rounds; ++round) {
            double changed = 0, scale = 0;
            for (std::size_t j = 0; j < terms; ++j) {
                // What the others leave: rest + R_j. The new R_j is written when all of the old is read.
                for (std::size_t i = 0; i < count * chunk; ++i) rest[i] += hat[j][i];
                for (std::size_t place = 0; place < count; ++place) {
                    std::fill(next.begin(), next.end(), 0.0);
                    const auto& neighbours = smoothers[j].neighbours[place];
                    const auto& shares = smoothers[j].shares[place];
                    for (std::size_t k = 0; k < neighbours.size(); ++k) {
                        const double share = shares[k];
                        const double* const from = rest.data() + neighbours[k] * chunk;
                        for (std::size_t c = 0; c < chunk; ++c) next[c] += share * from[c];
                    }
                    std::copy(next.begin(), next.end(), slope[j].begin() + static_cast<std::ptrdiff_t>(place * chunk));
                }
                for (std::size_t place = 0; place < count; ++place)
                    for (std::size_t c = 0; c < chunk; ++c) {
                        const std::size_t at = place * chunk + c;
                        const double value = slope[j][at] * columns_[j][place];
                        changed += (value - hat[j][at]) * (value - hat[j][at]);
                        scale += value * value;
                        hat[j][at] = value;
                        rest[at] -= value;
                    }
            }
            // Tighter than the fit itself: squares of these columns become standard errors.
            if (changed <= settings.tolerance * settings.tolerance * 1e-4 * scale) break;
        }
        Sums& own = sums[number];
        own.enp.assign(terms, 0);
        own.squares.assign(terms * count, 0);
        for (std::size_t place = 0; place < count; ++place)
            for (std::size_t c = 0; c < width; ++c) {
                double whole = 0;
                for (std::size_t j = 0; j < terms; ++j) {
                    const double part = hat[j][place * chunk + c], b = slope[j][place * chunk + c];
                    whole += part;
                    own.squares[j * count + place] += b * b;
                    if (place == first + c) own.enp[j] += part;
                }
                own.trace_squares += whole * whole;
                if (place == first + c) influence[place] = whole;
            }
    });
    double trace = 0, trace_squares = 0, left_out = 0;
    fit.enp.assign(terms, 0);
    std::vector<double> squares(terms * count, 0);
    for (const Sums& own : sums) {
        for (std::size_t j = 0; j < terms; ++j) fit.enp[j] += own.enp[j];
        for (std::size_t i = 0; i < squares.size(); ++i) squares[i] += own.squares[i];
        trace_squares += own.trace_squares;
    }
    for (const double enp : fit.enp) trace += enp;
    fit.influence.resize(count);
    for (std::size_t place = 0; place < count; ++place) fit.influence[places_->order[place]] = influence[place];
    for (std::size_t i = 0; i < count; ++i) {
        const double without = fit.residual[i] / (1 - fit.influence[i]);
        left_out += without * without;
    }
    fit.figures = gwr_figures(count, fit.figures.rss, fit.figures.tss, trace, trace_squares, left_out, settings.sigma);
    fit.errors.resize(count * terms);
    for (std::size_t place = 0; place < count; ++place)
        for (std::size_t j = 0; j < terms; ++j)
            fit.errors[places_->order[place] * terms + j] = std::sqrt(squares[j * count + place] * fit.figures.sigma2);
    fit.inferred = true;
}

}  // namespace landcarbon
