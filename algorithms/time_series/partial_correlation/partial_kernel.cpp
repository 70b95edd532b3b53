// Land Carbon Toolbox: partial correlation of a series with each of its drivers: the loops over cells.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <cstring>
#include <limits>

#include "maths/wide.hpp"
#include "time_series/partial_correlation/partial_correlation.hpp"

namespace landcarbon {
namespace {

/// p / x^(df/2) with x = 1 - r^2, and its slope in r.
struct Node {
    double value, slope;
};

Node scaled_p(double df, double r) {
    const double a = df / 2;
    const double x = (1 - r) * (1 + r);
    const double beta = boost::math::beta(a, 0.5);
    if (x <= 0.5) {
        // I_x(a, 1/2) = x^a / B(a, 1/2) * sum_k (1/2)_k / k! x^k / (a + k): no term is negative.
        double coefficient = 1, power = 1, sum = 0, slope = 0;
        for (int k = 0; k < 200; ++k) {
            sum += coefficient * power / (a + k);
            coefficient *= (0.5 + k) / (k + 1);
            slope += coefficient * (k + 1) * power / (a + k + 1);
            power *= x;
        }
        return {sum / beta, slope / beta * -2 * r};
    }
    const double p = boost::math::ibeta(a, 0.5, x);
    const double scale = std::pow(x, -a);
    // dp/dr = -2 x^(a-1) / B(a, 1/2).
    return {p * scale, -2 / (beta * x) + 2 * a * r / x * p * scale};
}

}  // namespace

CorrelationTest::CorrelationTest(std::size_t fewest_df, std::size_t most_df) : fewest_df_(fewest_df) {
    while ((most_df / 2) >> bits_) ++bits_;
    table_.resize((most_df - fewest_df + 1) * row);
    constexpr double width = 1.0 / intervals;
    for (std::size_t df = fewest_df; df <= most_df; ++df)
        for (std::size_t i = 0; i <= intervals; ++i) {
            const Node node = scaled_p(static_cast<double>(df), static_cast<double>(i) * width);
            table_[(df - fewest_df) * row + 2 * i] = node.value;
            table_[(df - fewest_df) * row + 2 * i + 1] = node.slope * width;
        }
}

template <std::size_t lanes>
inline void CorrelationTest::p_values(const double* df, const double* r, double* p) const {
    const double* const table = table_.data();
    const auto fewest = static_cast<double>(fewest_df_);
    double base[lanes], power[lanes], scaled[lanes];
    std::int32_t exponent[lanes], node[lanes];
    double offset[lanes];
    for (std::size_t l = 0; l < lanes; ++l) {
        const double size = r[l] < 0 ? -r[l] : r[l];
        const double place = size * static_cast<double>(intervals);
        const auto interval = static_cast<std::int32_t>(place);
        offset[l] = place - static_cast<double>(interval);
        node[l] = static_cast<std::int32_t>(df[l] - fewest) * static_cast<std::int32_t>(row) + 2 * interval;
        base[l] = (1 - size) * (1 + size);
        exponent[l] = static_cast<std::int32_t>(df[l] * 0.5);
        const double rest = df[l] - 2 * static_cast<double>(exponent[l]);
        const double root = std::sqrt(base[l]);
        power[l] = rest > 0 ? root : 1.0;
    }
    // Beyond a row's last node stand zeros, which an offset of 0 does not use.
    for (std::size_t l = 0; l < lanes; ++l) {
        const double a = table[node[l]], b = table[node[l] + 1], c = table[node[l] + 2], d = table[node[l] + 3];
        const double rise = c - a, t = offset[l];
        scaled[l] = a + t * (b + t * ((3 * rise - 2 * b - d) + t * (b + d - 2 * rise)));
    }
    // (1 - r^2)^(df/2) by squaring.
    for (int bit = 0; bit < bits_; ++bit)
        for (std::size_t l = 0; l < lanes; ++l) {
            const double more = power[l] * base[l];
            power[l] = (exponent[l] >> bit) & 1 ? more : power[l];
            base[l] *= base[l];
        }
    for (std::size_t l = 0; l < lanes; ++l) {
        const double value = scaled[l] * power[l];
        p[l] = value < 1 ? value : 1.0;
    }
}

double correlation_p_value(double df, double r) {
    const auto whole = static_cast<std::size_t>(df);
    double p = 0;
    CorrelationTest(whole, whole).p_values<1>(&df, &r, &p);
    return p;
}

PartialCorrelationKernel::PartialCorrelationKernel(std::size_t drivers, std::size_t steps, std::size_t min_valid,
                                                   const CorrelationTest& test)
    : variables_(drivers + 1),
      steps_(steps),
      min_valid_(static_cast<double>(std::max(min_valid, fewest_steps(drivers)))),
      test_(&test) {
    values_.resize(variables_ * steps * lanes);
    matrix_.resize(variables_ * variables_ * lanes);
}

template <class Value>
void PartialCorrelationKernel::load(const std::vector<const Value*>& series, std::size_t first) {
    double* to = values_.data();
    for (std::size_t i = 0; i < variables_ * steps_; ++i, to += lanes) {
        Value line[lanes];
        std::memcpy(line, series[i] + first, sizeof line);
        for (std::size_t l = 0; l < lanes; ++l) to[l] = static_cast<double>(line[l]);
    }
    for (double& entry : counts_) entry = static_cast<double>(steps_);
}

template <class Value>
void PartialCorrelationKernel::load_complete(const std::vector<const Value*>& series, std::size_t first,
                                             std::size_t count) {
    for (std::size_t l = 0; l < lanes; ++l) {
        std::size_t valid = 0;
        if (l < count)
            for (std::size_t step = 0; step < steps_; ++step) {
                bool complete = true;
                for (std::size_t v = 0; v < variables_; ++v) {
                    const auto value = static_cast<double>(series[v * steps_ + step][first + l]);
                    complete = complete && value == value;
                    values_[(v * steps_ + valid) * lanes + l] = value;
                }
                valid += complete;
            }
        counts_[l] = static_cast<double>(valid);
        for (std::size_t v = 0; v < variables_; ++v)
            for (std::size_t step = valid; step < steps_; ++step)
                values_[(v * steps_ + step) * lanes + l] = valid ? values_[v * steps_ * lanes + l] : 0;
    }
}

namespace {

/// Turns a variable's values into departures from its mean over the first `counts` steps, and 0 beyond.
/// @return whether no value was NaN
template <std::size_t lanes>
inline bool centre(std::size_t steps, const double* counts, double* values) {
    // Departures from the first value: a constant variable gives exact zeros.
    double first[lanes], mean[lanes];
    for (std::size_t l = 0; l < lanes; ++l) first[l] = values[l];
    for (std::size_t l = 0; l < lanes; ++l) {
        // Steps that are not there hold the first value again. Four sums, so that additions need not wait.
        const double from = first[l];
        double a = 0, b = 0, c = 0, d = 0;
        std::size_t step = 0;
        for (; step + 4 <= steps; step += 4) {
            a += values[step * lanes + l] - from;
            b += values[(step + 1) * lanes + l] - from;
            c += values[(step + 2) * lanes + l] - from;
            d += values[(step + 3) * lanes + l] - from;
        }
        for (; step < steps; ++step) a += values[step * lanes + l] - from;
        const double sum = (a + b) + (c + d);
        mean[l] = sum;
    }
    for (std::size_t l = 0; l < lanes; ++l) {
        const double count = counts[l] > 0 ? counts[l] : 1.0;
        mean[l] /= count;
    }
    bool whole = true;
    for (std::size_t l = 0; l < lanes; ++l) whole &= mean[l] == mean[l];
    if (!whole) return false;
    for (std::size_t step = 0; step < steps; ++step) {
        const auto place = static_cast<double>(step);
        double* const line = values + step * lanes;
        for (std::size_t l = 0; l < lanes; ++l) {
            const double x = (line[l] - first[l]) - mean[l];
            line[l] = place < counts[l] ? x : 0.0;
        }
    }
    return true;
}

/// Sums of products of five pairs of variables at once, so that additions need not wait for one another.
struct Pairs {
    static constexpr std::size_t at_once = 5;
    const double* a[at_once];
    const double* b[at_once];
    double* sums[at_once];
};
template <std::size_t lanes>
inline void products(std::size_t steps, const Pairs& pairs) {
    // The compiler does not vectorise this loop by itself, but sums and products of its own vector type it does.
    typedef double Eight __attribute__((vector_size(64)));
    static_assert(lanes % 8 == 0);
    for (std::size_t l = 0; l < lanes; l += 8) {
        Eight s[Pairs::at_once] = {};
        for (std::size_t step = 0; step < steps; ++step)
            for (std::size_t q = 0; q < Pairs::at_once; ++q) {
                Eight a, b;
                std::memcpy(&a, pairs.a[q] + step * lanes + l, sizeof a);
                std::memcpy(&b, pairs.b[q] + step * lanes + l, sizeof b);
                s[q] += a * b;
            }
        for (std::size_t q = 0; q < Pairs::at_once; ++q) std::memcpy(pairs.sums[q] + l, &s[q], sizeof s[q]);
    }
}

/// Turns sums of squares and products (upper triangle) into correlations and inverts them in place.
/// @param regular 1, or 0 where a variable is constant or explained by the others
template <std::size_t lanes>
inline void invert(std::size_t m, double* matrix, double* regular) {
    constexpr double least = 1e-10;  // of the variance that the other variables must leave
    const auto at = [&](std::size_t i, std::size_t j) { return matrix + (i * m + j) * lanes; };
    for (std::size_t l = 0; l < lanes; ++l) regular[l] = 1;
    for (std::size_t i = 0; i < m; ++i)
        for (std::size_t l = 0; l < lanes; ++l) {
            const bool varies = at(i, i)[l] > 0;
            regular[l] = varies ? regular[l] : 0.0;
            at(i, i)[l] = std::sqrt(varies ? at(i, i)[l] : 1.0);
        }
    for (std::size_t i = 0; i < m; ++i)
        for (std::size_t j = i + 1; j < m; ++j)
            for (std::size_t l = 0; l < lanes; ++l) {
                const double r = at(i, j)[l] / (at(i, i)[l] * at(j, j)[l]);
                at(i, j)[l] = r;
                at(j, i)[l] = r;
            }
    for (std::size_t i = 0; i < m; ++i)
        for (std::size_t l = 0; l < lanes; ++l) at(i, i)[l] = 1;
    // Gauss-Jordan: the pivots are what the variables before leave of a variable's variance.
    for (std::size_t k = 0; k < m; ++k) {
        double inverse[lanes];
        for (std::size_t l = 0; l < lanes; ++l) {
            const double pivot = at(k, k)[l];
            const bool enough = pivot > least;
            regular[l] = enough ? regular[l] : 0.0;
            inverse[l] = 1 / (enough ? pivot : 1.0);
            at(k, k)[l] = 1;
        }
        for (std::size_t j = 0; j < m; ++j)
            for (std::size_t l = 0; l < lanes; ++l) at(k, j)[l] *= inverse[l];
        for (std::size_t i = 0; i < m; ++i) {
            if (i == k) continue;
            double factor[lanes];
            for (std::size_t l = 0; l < lanes; ++l) {
                factor[l] = at(i, k)[l];
                at(i, k)[l] = 0;
            }
            for (std::size_t j = 0; j < m; ++j)
                for (std::size_t l = 0; l < lanes; ++l) at(i, j)[l] -= factor[l] * at(k, j)[l];
        }
    }
    // The inverse's diagonal is 1 / (share of the variance that ALL others leave).
    for (std::size_t i = 0; i < m; ++i)
        for (std::size_t l = 0; l < lanes; ++l) regular[l] = at(i, i)[l] * least < 1 ? regular[l] : 0.0;
}

}  // namespace

template <class Value>
void PartialCorrelationKernel::operator()(const std::vector<const Value*>& series, std::size_t cells, double* r,
                                          double* p, double* n, PartialState* states) {
    const std::size_t m = variables_;
    const double fewest_df = static_cast<double>(test_->fewest_df());
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    wide([&] {
        for (std::size_t first = 0; first < cells; first += lanes) {
            const std::size_t count = std::min(lanes, cells - first);
            const auto centre_all = [&] {
                bool whole = true;
                for (std::size_t v = 0; v < m && whole; ++v)
                    whole = centre<lanes>(steps_, counts_, values_.data() + v * steps_ * lanes);
                return whole;
            };
            bool whole = count == lanes;
            if (whole) {
                load(series, first);
                whole = centre_all();
            }
            if (!whole) {
                load_complete(series, first, count);
                centre_all();
            }
            Pairs pairs{};
            std::size_t held = 0;
            for (std::size_t i = 0; i < m; ++i)
                for (std::size_t j = i; j < m; ++j) {
                    pairs.a[held] = values_.data() + i * steps_ * lanes;
                    pairs.b[held] = values_.data() + j * steps_ * lanes;
                    pairs.sums[held] = matrix_.data() + (i * m + j) * lanes;
                    const bool last = i + 1 == m;
                    if (++held < Pairs::at_once && !last) continue;
                    // The last group repeats its last pair.
                    for (std::size_t q = held; q < Pairs::at_once; ++q) {
                        pairs.a[q] = pairs.a[held - 1];
                        pairs.b[q] = pairs.b[held - 1];
                        pairs.sums[q] = pairs.sums[held - 1];
                    }
                    products<lanes>(steps_, pairs);
                    held = 0;
                }
            double regular[lanes];
            invert<lanes>(m, matrix_.data(), regular);
            const double drivers = static_cast<double>(m - 1);
            double usable[lanes];
            for (std::size_t l = 0; l < lanes; ++l)
                usable[l] = ((counts_[l] >= min_valid_) & (regular[l] > 0)) ? 1.0 : 0.0;
            for (std::size_t j = 1; j < m; ++j) {
                double partial[lanes], chance[lanes];
                for (std::size_t l = 0; l < lanes; ++l) {
                    const bool good = usable[l] > 0;
                    const double own = matrix_[l], other = matrix_[(j * m + j) * lanes + l];
                    const double raw = -matrix_[j * lanes + l] / std::sqrt(good ? own * other : 1.0);
                    const double bounded = raw > 1 ? 1.0 : (raw < -1 ? -1.0 : raw);
                    partial[l] = good ? bounded : 0.0;
                }
                double df[lanes];
                for (std::size_t l = 0; l < lanes; ++l) df[l] = usable[l] > 0 ? counts_[l] - drivers - 1 : fewest_df;
                test_->p_values<lanes>(df, partial, chance);
                for (std::size_t l = 0; l < count; ++l) {
                    r[(j - 1) * cells + first + l] = usable[l] > 0 ? partial[l] : none;
                    p[(j - 1) * cells + first + l] = usable[l] > 0 ? chance[l] : none;
                }
            }
            for (std::size_t l = 0; l < count; ++l) {
                n[first + l] = counts_[l];
                states[first + l] = counts_[l] < min_valid_ ? PartialState::too_short
                                    : regular[l] > 0        ? PartialState::computed
                                                            : PartialState::singular;
            }
        }
    });
}

template void PartialCorrelationKernel::operator()(const std::vector<const float*>&, std::size_t, double*, double*,
                                                   double*, PartialState*);
template void PartialCorrelationKernel::operator()(const std::vector<const double*>&, std::size_t, double*, double*,
                                                   double*, PartialState*);

PartialResult partial_correlation_of(const std::vector<double>& response,
                                     const std::vector<std::vector<double>>& drivers, std::size_t min_valid) {
    const std::size_t steps = response.size();
    const CorrelationTest test(1, std::max<std::size_t>(steps, 1));
    PartialCorrelationKernel kernel(drivers.size(), steps, min_valid, test);
    std::vector<const double*> series;
    for (const double& value : response) series.push_back(&value);
    for (const auto& driver : drivers)
        for (const double& value : driver) series.push_back(&value);
    PartialResult result;
    result.r.resize(drivers.size());
    result.p.resize(drivers.size());
    kernel(series, 1, result.r.data(), result.p.data(), &result.n, &result.state);
    return result;
}

}  // namespace landcarbon
