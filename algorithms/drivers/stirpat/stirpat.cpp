// Land Carbon Toolbox: STIRPAT: ridge regression of emissions on their drivers: reading, selection of K, the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/stirpat/stirpat.hpp"

#include <algorithm>
#include <cmath>

#include "drivers/stirpat/stirpat_report.hpp"
#include "drivers/stirpat_model.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "maths/exact_sum.hpp"
#include "maths/tail_probability.hpp"

namespace landcarbon {

std::vector<double> trace_steps(double step) {
    std::vector<double> steps;
    // Rounded to ten decimals: 0.35 and not 0.35000000000000003.
    for (int i = 0; i * step <= 1 + 1e-9; ++i) steps.push_back(std::round(i * step * 1e10) / 1e10);
    return steps;
}

double trace_change(const RidgeRegression& regression, double k) {
    double largest = 0;
    for (const double slope : regression.slopes(k)) largest = std::max(largest, std::abs(slope));
    return 0.01 * largest;
}

std::optional<double> select_k(const RidgeRegression& regression, RidgeSelection rule, const std::vector<double>& steps,
                               double vif_limit, double stability) {
    if (rule == RidgeSelection::hkb) return regression.hkb();
    if (rule == RidgeSelection::lawless_wang) return regression.lawless_wang();
    std::optional<double> chosen;
    double best = 0;
    for (const double k : steps) {
        const RidgeFit fit = regression.at(k);
        if (rule == RidgeSelection::gcv) {
            if (!chosen || fit.gcv < best) {
                chosen = k;
                best = fit.gcv;
            }
        } else if (*std::max_element(fit.vif.begin(), fit.vif.end()) < vif_limit &&
                   trace_change(regression, k) <= stability)
            return k;
    }
    return chosen;
}

namespace {

constexpr double largest_magnitude = 1e140;  ///< squares and their sums stay finite
constexpr std::size_t most_drivers = 200;

class Work {
public:
    Work(StirpatOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void read();
    void check_columns() const;
    void fit();
    void state_conventions();
    void fill_fitted();
    void write_coefficients();
    void write_trace();
    void write_fitted();
    void write_model();

    StirpatOptions& options_;
    Run& run_;
    StirpatResults r_;
    struct Range {
        double low = 0, high = 0;
    };
    std::vector<Range> ranges_;          ///< of the drivers, in their own units
    std::vector<double> actual_;         ///< the response in its own units
    std::vector<std::int64_t> numbers_;  ///< of the rows that are used, from 1
};

/// What to say of a column that holds some shares as parts of one and the others in per cent: two close groups of
/// numbers, a hundred apart. Empty for any other column.
std::string shares_told(const std::vector<double>& numbers) {
    constexpr double per_cent = 100, close = 4, apart = 10, near = 2;
    std::vector<double> parts, cents;
    for (const double value : numbers) {
        if (!(value > 0 && value <= per_cent)) return {};
        (value <= 1 ? parts : cents).push_back(value);
    }
    if (parts.size() < 2 || cents.size() < 2) return {};
    const auto [low, high] = std::minmax_element(parts.begin(), parts.end());
    const auto [least, most] = std::minmax_element(cents.begin(), cents.end());
    const bool two_groups = *high < close * *low && *most<close* * least&& * least> apart * *high;
    if (!two_groups || *low * per_cent < *least / near || *high * per_cent > *most * near) return {};
    return counted(cents.size(), "number is", "numbers are") + " " + number_text(*least) + " to " + number_text(*most) +
           ", " + std::to_string(parts.size()) + " are " + number_text(*low) + " to " + number_text(*high) +
           ". If some are per cent and some parts of one, write all alike";
}

void Work::read() {
    if (options_.drivers.size() > most_drivers)
        throw wrong("drivers", "more than " + std::to_string(most_drivers) + " columns; choose fewer");
    const InputTable table = run_.table(options_.data);
    std::vector<std::string> called = {options_.response};
    called.insert(called.end(), options_.drivers.begin(), options_.drivers.end());
    const std::vector<std::size_t> columns = table.columns_called(called);
    r_.response = table.columns()[columns[0]];
    for (std::size_t i = 1; i < columns.size(); ++i) r_.drivers.push_back(table.columns()[columns[i]]);
    r_.x.resize(r_.drivers.size());
    for (const auto& name : r_.drivers)
        if (name == r_.response || std::count(r_.drivers.begin(), r_.drivers.end(), name) > 1)
            throw wrong("drivers", "\"" + name + "\" is named twice");
    ranges_.resize(r_.drivers.size());
    std::vector<double> raw(columns.size()), values(columns.size());
    std::vector<std::vector<double>> as_given(columns.size());
    std::size_t gaps = 0;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (row % 65536 == 0) run_.check_cancel();
        bool whole = true;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto value = table.number(row, columns[i]);
            whole = whole && value.has_value();
            if (!value) continue;
            if (options_.log && !(*value > 0))
                table.reject(
                    row, columns[i],
                    number_text(*value) +
                        " has no logarithm; leave the row out, give the column in a unit or form that is above "
                        "zero, or switch LOG off");
            if (std::abs(*value) > largest_magnitude)
                table.reject(row, columns[i],
                             number_text(*value) + " is too large for a regression; is it a gap value?");
            raw[i] = *value;
            as_given[i].push_back(*value);
            values[i] = options_.log ? std::log(*value) : *value;
        }
        if (!whole) {
            ++gaps;
            continue;
        }
        r_.y.push_back(values[0]);
        actual_.push_back(raw[0]);
        for (std::size_t i = 1; i < columns.size(); ++i) {
            r_.x[i - 1].push_back(values[i]);
            Range& range = ranges_[i - 1];
            range.low = r_.y.size() == 1 ? raw[i] : std::min(range.low, raw[i]);
            range.high = r_.y.size() == 1 ? raw[i] : std::max(range.high, raw[i]);
        }
        numbers_.push_back(static_cast<std::int64_t>(row) + 1);
    }
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (const std::string told = shares_told(as_given[i]); !told.empty())
            run_.warn("DATA: column \"" + table.columns()[columns[i]] + "\": " + told);
    if (gaps > 0)
        run_.warn(gaps == 1 ? "1 row has an empty cell and was left out"
                            : counted(static_cast<std::size_t>(gaps), "row has", "rows have") +
                                  " an empty cell and were left out");
    if (r_.y.size() < r_.x.size() + 2)
        table.reject("it has " + std::to_string(r_.y.size()) + " rows without empty cells, but " +
                     std::to_string(r_.x.size()) + " drivers and an intercept need " + std::to_string(r_.x.size() + 2) +
                     " or more; give more rows or fewer drivers");
}

void Work::check_columns() const {
    if (constant_column(r_.y))
        throw wrong("response", "\"" + r_.response + "\" has the same value in all rows; there is nothing to explain");
    std::vector<std::string> constant;
    for (std::size_t j = 0; j < r_.x.size(); ++j)
        if (constant_column(r_.x[j])) constant.push_back(r_.drivers[j]);
    if (!constant.empty())
        throw wrong("drivers", listed(quoted(constant)) + (constant.size() > 1 ? " have" : " has") +
                                   " the same value in all rows and cannot explain anything; leave " +
                                   (constant.size() > 1 ? "them" : "it") + " out");
}

void Work::fit() {
    r_.logarithms = options_.log;
    r_.vif_limit = options_.vif_limit;
    const RidgeRegression regression(r_.x, r_.y);
    std::vector<std::string> dependent;
    for (const std::size_t j : regression.dependent()) dependent.push_back(r_.drivers[j]);
    if (!dependent.empty())
        throw wrong("drivers", listed(quoted(dependent)) + " depend on one another" +
                                   (options_.log ? " (in logarithms)" : "") +
                                   ": each follows exactly from the others; leave one of them out");
    r_.steps = trace_steps(options_.k_step);
    if (options_.k)
        r_.k = *options_.k;
    else if (const auto k = select_k(regression, options_.selection, r_.steps, options_.vif_limit, options_.stability))
        r_.k = *k;
    else
        throw wrong("selection", "no K of the trace from 0 to 1 makes every VIF smaller than VIF_LIMIT " +
                                     number_text(options_.vif_limit) +
                                     " and the change per 0.01 of K at most STABILITY " +
                                     number_text(options_.stability) + "; raise one of them, or give K");
    const auto place = std::lower_bound(r_.steps.begin(), r_.steps.end(), r_.k);
    if (place == r_.steps.end() || *place != r_.k) r_.steps.insert(place, r_.k);
    for (const double k : r_.steps) r_.trace.push_back(regression.at(k));
    for (int i = 0; i < 10; ++i) r_.curve.push_back(regression.at(options_.k_step * i * i / 100));
    for (const RidgeFit& fit : r_.trace)
        if (fit.k >= options_.k_step) r_.curve.push_back(fit);
    r_.ols = regression.at(0);
    r_.fit = regression.at(r_.k);
    r_.exact = regression.exact() && r_.k == 0;
    r_.hkb = regression.hkb();
    r_.lawless_wang = regression.lawless_wang();
    r_.df = static_cast<double>(regression.residual_df());
    if (r_.exact) run_.warn("the drivers explain the response exactly; standard errors, t, p and F are left empty");
    options_.chosen_k = r_.k;
    options_.r2 = r_.fit.r2;
    options_.adjusted_r2 = r_.fit.adjusted_r2;
    options_.rows = static_cast<double>(r_.y.size());
    if (!r_.exact && std::isfinite(r_.fit.f)) {
        options_.f = r_.fit.f;
        options_.p = fisher_f_p(r_.fit.f, static_cast<double>(r_.x.size()), r_.df);
        r_.p = *options_.p;
    }
}

void Work::state_conventions() {
    const auto n = static_cast<double>(r_.y.size());
    run_.convention("equation", options_.log ? "ln " + r_.response + " on the logarithms of the drivers"
                                             : r_.response + " on the drivers, without logarithms");
    run_.convention("scale of K",
                    "K is added to the diagonal of the drivers' correlation matrix (Hoerl & Kennard, SPSS, SAS); "
                    "MASS::lm.ridge calls n K lambda, here " +
                        number_text(n * r_.k));
    run_.convention("selection of K", [&]() -> std::string {
        if (options_.k) return "given";
        if (options_.selection == RidgeSelection::gcv)
            return "the K of the trace with the smallest GCV = RSS / (n - sum of s^2 / (s^2 + K))^2";
        if (options_.selection == RidgeSelection::hkb)
            return "Hoerl, Kennard & Baldwin with p - 2 for p, as MASS::lm.ridge has it";
        if (options_.selection == RidgeSelection::lawless_wang)
            return "Lawless & Wang with p - 2 for p, as MASS::lm.ridge has it";
        return "the smallest K of the trace with every VIF below " + number_text(options_.vif_limit) +
               " and no standardised coefficient that changes by more than " + number_text(options_.stability) +
               " per 0.01 of K";
    }());
    run_.convention("standard errors",
                    "of ridge regression: residual variance at K with n - p - 1 degrees of freedom times VIF(K); they "
                    "leave the bias out of account, so that t and p are approximate and too favourable");
    if (options_.log)
        run_.convention("fitted values",
                        "exp of the equation, which is the median and not the mean" +
                            (r_.smearing ? "; the mean is larger by about the smearing factor of Duan (1983), here " +
                                               number_text(*r_.smearing)
                                         : std::string()));
}

void Work::fill_fitted() {
    const RidgeFit& fit = r_.fit;
    for (std::size_t i = 0; i < r_.y.size(); ++i) {
        double value = fit.intercept;
        for (std::size_t j = 0; j < r_.x.size(); ++j) value += fit.coefficients[j] * r_.x[j][i];
        r_.fitted.push_back(value);
    }
    if (!options_.log) {
        r_.test = two_sample_test(actual_, r_.fitted);
        return;
    }
    // Where logarithms are far from the fit, exp can exceed all numbers; then there is no mean to speak of.
    ExactSum smear;
    std::vector<double> fitted;
    for (std::size_t i = 0; i < r_.y.size(); ++i) {
        const double factor = std::exp(r_.y[i] - r_.fitted[i]), value = std::exp(r_.fitted[i]);
        if (!(factor < largest_magnitude && value < largest_magnitude)) return;
        smear.add(factor);
        fitted.push_back(value);
    }
    r_.smearing = smear.value() / static_cast<double>(r_.y.size());
    r_.test = two_sample_test(actual_, fitted);
}

void Work::write_coefficients() {
    using Type = OutputTable::Type;
    OutputTable table({{"method", Type::text},
                       {"k", Type::real},
                       {"term", Type::text},
                       {"coefficient", Type::real},
                       {"standardised", Type::real},
                       {"standard_error", Type::real},
                       {"t", Type::real},
                       {"p", Type::real},
                       {"lower", Type::real},
                       {"upper", Type::real},
                       {"vif", Type::real}});
    const double bound = student_t_bound(0.05, r_.df);
    const auto add = [&](const RidgeFit& fit, const char* method, const std::string& term, double coefficient,
                         double error) -> std::vector<Cell> {
        std::vector<Cell> row(11);
        row[0] = std::string(method);
        row[1] = fit.k;
        row[2] = term;
        row[3] = coefficient;
        if (!r_.exact && error > 0) {
            row[5] = error;
            row[6] = coefficient / error;
            row[7] = student_t_p(coefficient / error, r_.df);
            row[8] = coefficient - bound * error;
            row[9] = coefficient + bound * error;
        }
        return row;
    };
    for (const bool ridge : {false, true}) {
        const RidgeFit& fit = ridge ? r_.fit : r_.ols;
        const char* method = ridge ? "ridge" : "ols";
        table.add(add(fit, method, "(intercept)", fit.intercept, fit.intercept_error));
        for (std::size_t j = 0; j < r_.drivers.size(); ++j) {
            auto row = add(fit, method, r_.drivers[j], fit.coefficients[j], fit.errors[j]);
            row[4] = fit.standardised[j];
            row[10] = fit.vif[j];
            table.add(std::move(row));
        }
    }
    run_.write(options_.coefficients, table);
}

void Work::write_trace() {
    using Type = OutputTable::Type;
    OutputTable table({{"k", Type::real},
                       {"driver", Type::text},
                       {"standardised", Type::real},
                       {"coefficient", Type::real},
                       {"vif", Type::real},
                       {"r2", Type::real},
                       {"gcv", Type::real},
                       {"chosen", Type::integer}});
    const std::size_t drivers = r_.drivers.size();
    table.add_later(r_.trace.size() * drivers, [&](std::size_t i, std::vector<Cell>& row) {
        const RidgeFit& fit = r_.trace[i / drivers];
        const std::size_t j = i % drivers;
        row = {fit.k,  r_.drivers[j], fit.standardised[j],        fit.coefficients[j], fit.vif[j],
               fit.r2, fit.gcv,       std::int64_t{fit.k == r_.k}};
    });
    run_.write(options_.ridge_trace, table);
}

void Work::write_fitted() {
    if (!options_.fitted.wanted()) return;
    using Type = OutputTable::Type;
    OutputTable table({{"row", Type::integer},
                       {"actual", Type::real},
                       {"fitted", Type::real},
                       {"residual", Type::real},
                       {"log_actual", Type::real},
                       {"log_fitted", Type::real},
                       {"log_residual", Type::real}});
    table.add_later(r_.y.size(), [&](std::size_t i, std::vector<Cell>& row) {
        if (i % 65536 == 0) run_.check_cancel();
        const double y = r_.y[i], fitted = options_.log ? std::exp(r_.fitted[i]) : r_.fitted[i];
        row[0] = numbers_[i];
        row[1] = actual_[i];
        row[2] = fitted;
        row[3] = actual_[i] - fitted;
        if (!options_.log) return;
        row[4] = y;
        row[5] = r_.fitted[i];
        row[6] = y - r_.fitted[i];
    });
    run_.write(options_.fitted, table);
}

void Work::write_model() {
    StirpatModel model;
    model.response = r_.response;
    model.logarithms = options_.log;
    model.intercept = r_.fit.intercept;
    for (std::size_t j = 0; j < r_.drivers.size(); ++j)
        model.drivers.push_back({r_.drivers[j], r_.fit.coefficients[j], ranges_[j].low, ranges_[j].high});
    model.k = r_.k;
    model.r2 = r_.fit.r2;
    model.rows = static_cast<std::int64_t>(r_.y.size());
    model.smearing = r_.smearing;
    run_.write(options_.model, stirpat_model_json(model));
}

void Work::operator()() {
    read();
    check_columns();
    fit();
    fill_fitted();
    state_conventions();
    write_coefficients();
    write_trace();
    write_fitted();
    write_model();
    if (options_.report.wanted()) run_.write(options_.report, stirpat_report(r_));
}

}  // namespace

void stirpat(StirpatOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
