// Land Carbon Toolbox: classes of trends by direction and significance, and what the trend rooms share of a spec.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/trend_classes.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/report/colour.hpp"
#include "engine/run.hpp"
#include "time_series/series_times.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t most_bounds = 20;

// Brown for decrease, blue-green for increase: apart for colour-blind readers, and in grey by lightness.
constexpr Rgb weak_decrease{236, 211, 163}, strong_decrease{122, 59, 0};
constexpr Rgb weak_increase{168, 221, 212}, strong_increase{0, 77, 64};

// Table 1 of the nwchina study, codes 1 to 4.
constexpr std::array<double, 3> nine_bounds = {1.64, 1.96, 2.58};
constexpr std::array<const char*, 4> nine_names = {"Insignificant", "Weakly significant", "Significant",
                                                   "Extremely significant"};
constexpr std::array<double, 1> five_bounds = {1.66};
constexpr std::array<const char*, 2> five_names = {"Insignificant", "Significant"};

std::string method_text(const TrendChoices& choices) {
    switch (choices.method) {
        case TrendMethod::hamed_rao:
            return "Mann-Kendall with Hamed & Rao's variance: Var(S) times 1 + 2/(n(n-1)(n-2)) sum over lags k of "
                   "(n-k)(n-k-1)(n-k-2) r_k, r_k the autocorrelations of the ranks of the detrended series that are "
                   "significant at the confidence";
        case TrendMethod::yue_wang:
            return "Mann-Kendall with Yue & Wang's variance: Var(S) times 1 + 2 sum over all lags k of (1 - k/n) r_k, "
                   "r_k the autocorrelations of the detrended series";
        case TrendMethod::prewhitening:
            return "Mann-Kendall on the pre-whitened series x_i - r_1 x_(i-1)";
        case TrendMethod::trend_free_prewhitening:
            return "Mann-Kendall on the series that was detrended, pre-whitened and given its Sen trend again";
        case TrendMethod::seasonal:
            return "seasonal Mann-Kendall (Hirsch et al. 1982): S and Var(S) summed over " +
                   std::to_string(choices.period) + " seasons; slopes between years of one season only";
        default:
            return "Mann-Kendall";
    }
}

}  // namespace

void describe_trend_choices(Spec& spec, TrendChoices& o, const std::string& series) {
    spec.integer("min_valid", o.min_valid)
        .named("Minimum valid steps")
        .says("A " + series +
              " with fewer values has no trend. Missing steps are skipped: a pair of steps counts where both hold "
              "values. " +
              default_min_valid_text)
        .at_least(2)
        .at_most(1000000)
        .optional();
    spec.choice("method", o.method,
                {{{"original", "Original (Mann 1945, Kendall 1975)"}, TrendMethod::original},
                 {{"hamed_rao", "Hamed and Rao's variance correction"}, TrendMethod::hamed_rao},
                 {{"yue_wang", "Yue and Wang's variance correction"}, TrendMethod::yue_wang},
                 {{"prewhitening", "Pre-whitening"}, TrendMethod::prewhitening},
                 {{"trend_free_prewhitening", "Trend-free pre-whitening"}, TrendMethod::trend_free_prewhitening},
                 {{"seasonal", "Seasonal"}, TrendMethod::seasonal}})
        .named("Method")
        .says(
            "How serial correlation or seasons are taken into account. The corrections change Z and p, and "
            "pre-whitening S and tau as well; slope, intercept and bounds always come from the series itself. "
            "seasonal compares values of the same season only (see PERIOD).");
    spec.integer("period", o.period)
        .named("Steps in a year")
        .says("For the seasonal method: number of steps after which a season recurs, 12 for months.")
        .in("steps")
        .at_least(2)
        .at_most(100000)
        .advanced();
    spec.choice("p_value", o.p_value,
                {{{"auto", "Exact up to 10 values without ties, else normal"}, PValue::automatic},
                 {{"normal", "Always normal"}, PValue::normal}})
        .named("P value")
        .says("Where p comes from. With auto it is taken from the exact distribution of S where a " + series +
              " has at most 10 values and no ties (original method only), else from Z; with normal always from Z.")
        .advanced();
    spec.choice("scheme", o.scheme,
                {{{"nine", "Nine classes: |Z| 1.64, 1.96, 2.58"}, TrendScheme::nine},
                 {{"five", "Five classes: |Z| 1.66"}, TrendScheme::five},
                 {{"custom", "Own bounds of |Z|"}, TrendScheme::custom}})
        .named("Class scheme")
        .says(
            "Classes by the sign of the slope and the size of Z. nine: codes -4 to 4 with the bounds 1.64, 1.96 and "
            "2.58 (10, 5 and 1 %). five: codes -2 to 2 with the bound 1.66. custom: the bounds of BOUNDS.");
    spec.text("bounds", o.bounds)
        .named("Bounds of the classes")
        .says(
            "For the custom classes: increasing values of |Z|, separated by commas, for example 1.28,1.64,2.33. k "
            "bounds give codes from -(k+1) to k+1.")
        .optional()
        .advanced();
    spec.real("confidence", o.confidence)
        .named("Confidence of the bounds")
        .says("Of the lower and upper bound of the slope, and of the autocorrelations that hamed_rao counts.")
        .above(0)
        .at_most(0.999999)
        .advanced();
    spec.choice("false_discovery", o.false_discovery,
                {{{"none", "None"}, FalseDiscovery::none},
                 {{"benjamini_hochberg", "Benjamini and Hochberg"}, FalseDiscovery::benjamini_hochberg},
                 {{"benjamini_yekutieli", "Benjamini and Yekutieli"}, FalseDiscovery::benjamini_yekutieli}})
        .named("False-discovery rate")
        .says("With very many " + series +
              "s, some are significant by chance. Controls the share of false ones among the significant, exactly and "
              "over all " +
              series +
              "s: benjamini_hochberg for independent or positively dependent ones, benjamini_yekutieli for any "
              "dependence. The classes get a second version, in which what is not significant then is insignificant.")
        .advanced();
    spec.real("false_discovery_rate", o.false_discovery_rate)
        .named("Accepted false-discovery rate")
        .says("Share of false ones among the significant that is accepted.")
        .above(0)
        .at_most(0.999999)
        .advanced();
}

std::vector<UserError> check_trend_choices(const TrendChoices& choices) {
    std::vector<UserError> errors;
    gather(errors, [&] { read_years(choices.years, "years"); });
    if (choices.scheme == TrendScheme::custom)
        gather(errors, [&] { read_bounds(choices.bounds, "bounds"); });
    else if (!choices.bounds.empty())
        errors.emplace_back("bounds", "BOUNDS: needs SCHEME=custom; the other schemes have bounds of their own");
    return errors;
}

std::vector<double> read_bounds(const std::string& text, const std::string& parameter) {
    std::vector<double> bounds;
    const auto reject = [&](const std::string& reason) { throw wrong(parameter, reason); };
    for (const auto& entry : split_list(text)) {
        const auto number = parse_number(entry);
        if (!number || !std::isfinite(*number) || *number <= 0)
            reject("\"" + entry + "\" is not a bound of |Z|; write numbers above 0, for example 1.64,1.96,2.58");
        if (!bounds.empty() && *number <= bounds.back()) reject("the bounds must increase; " + entry + " does not");
        bounds.push_back(*number);
    }
    if (bounds.empty()) reject("missing; SCHEME=custom needs bounds of |Z|, for example 1.64,1.96,2.58");
    if (bounds.size() > most_bounds) reject("more than " + std::to_string(most_bounds) + " bounds");
    return bounds;
}

void hold_slopes(Run& run, std::size_t steps, std::size_t at_once, std::size_t bytes) {
    constexpr std::size_t of_no_account = 1000;
    if (steps <= of_no_account) return;
    run.hold(steps * (steps - 1) / 2 * bytes * at_once,
             "the slopes of all pairs of " + std::to_string(steps) + " steps");
}

TrendSettings trend_settings(const TrendChoices& choices, std::size_t steps, const std::string& series_parameter) {
    const auto count = static_cast<std::int64_t>(steps);
    TrendSettings settings;
    settings.method = choices.method;
    settings.p_value = choices.p_value;
    settings.period = static_cast<std::size_t>(choices.period);
    settings.confidence = choices.confidence;
    settings.min_valid = choices.min_valid.value_or(static_cast<std::int64_t>(default_min_valid(steps)));
    if (settings.min_valid > count)
        throw UserError(
            choices.min_valid ? "min_valid" : series_parameter,
            choices.min_valid
                ? "MIN_VALID: " + std::to_string(settings.min_valid) +
                      " valid steps are asked for, but the series has " + std::to_string(count) + " steps"
                : parameter_name(series_parameter) + ": a series of " + std::to_string(count) +
                      " steps is too short for a trend; give at least 4 steps, or a smaller MIN_VALID (with 3 values "
                      "no trend can be significant)");
    if (choices.method == TrendMethod::seasonal && choices.period >= count)
        throw wrong("period", "a season comes again after " + std::to_string(choices.period) +
                                  " steps, but the series has only " + std::to_string(count) + " steps");
    return settings;
}

std::vector<std::pair<std::string, std::string>> trend_conventions(const TrendChoices& choices,
                                                                   const TrendSettings& settings,
                                                                   const std::vector<double>& times) {
    std::vector<std::pair<std::string, std::string>> list;
    list.emplace_back("times", times_text(times, !choices.years.empty()));
    list.emplace_back("missing steps", "skipped pairwise, never closed up; fewer than " +
                                           std::to_string(settings.min_valid) + " values: no trend");
    list.emplace_back("test", method_text(choices) +
                                  "; Var(S) corrected for ties; continuity correction (S - 1 or S + 1 toward zero)");
    list.emplace_back("p", choices.p_value == PValue::automatic && choices.method == TrendMethod::original
                               ? "two-sided; from the exact distribution of S for at most 10 values without ties, else "
                                 "erfc(|Z| / sqrt 2)"
                               : "two-sided, erfc(|Z| / sqrt 2)");
    list.emplace_back("tau", "tau-b");
    list.emplace_back("slope",
                      std::string("Theil-Sen: median of (x_j - x_i) / (t_j - t_i), mean of the two middle ones "
                                  "for an even number; intercept = median(x - slope t), at t = 0") +
                          (choices.years.empty() ? ", one step before the first" : ""));
    list.emplace_back("bounds of the slope",
                      "slopes of the ranks round((k - C) / 2) and round((k + C) / 2) + 1 of k, C = " +
                          number_text(std::round(two_sided_z(choices.confidence) * 1e6) / 1e6) +
                          " sqrt(Var S), Var S without the method's correction; NoData where so few pairs have none");
    list.emplace_back("constant series", "slope 0, Z 0, p 1");
    std::string bounds;
    const TrendClasses classes(choices);
    for (const double bound : classes.bounds()) bounds += (bounds.empty() ? "" : ", ") + number_text(bound);
    list.emplace_back("classes", "by the sign of the slope and |Z| at or above " + bounds + "; slope 0: unchanged");
    if (choices.false_discovery != FalseDiscovery::none)
        list.emplace_back(
            "false-discovery rate",
            std::string(choices.false_discovery == FalseDiscovery::benjamini_hochberg ? "Benjamini & Hochberg"
                                                                                      : "Benjamini & Yekutieli") +
                " at " + number_text(choices.false_discovery_rate) +
                " over all p as Float32; classes that are not significant become insignificant");
    return list;
}

TrendClasses::TrendClasses(const TrendChoices& choices) {
    switch (choices.scheme) {
        case TrendScheme::nine:
            bounds_.assign(nine_bounds.begin(), nine_bounds.end());
            break;
        case TrendScheme::five:
            bounds_.assign(five_bounds.begin(), five_bounds.end());
            break;
        case TrendScheme::custom:
            bounds_ = read_bounds(choices.bounds, "bounds");
    }
    for (int code = -top(); code <= top(); ++code) {
        const int level = std::abs(code);
        std::string name = "Unchanged";
        // Violet, as greys of any lightness look like one of the blue-greens to readers who are red-green blind.
        Rgb colour{184, 176, 216};
        if (level > 0) {
            const std::string direction = code > 0 ? "increase" : "decrease";
            const auto place = static_cast<std::size_t>(level - 1);
            name = choices.scheme == TrendScheme::nine   ? nine_names[place] + (" " + direction)
                   : choices.scheme == TrendScheme::five ? five_names[place] + (" " + direction)
                   : level == 1                          ? "Insignificant " + direction
                                : "Significant " + direction + ", |Z| >= " + number_text(bounds_[place - 1]);
            const double share = static_cast<double>(level - 1) / static_cast<double>(top() - 1);
            colour =
                code > 0 ? blend(weak_increase, strong_increase, share) : blend(weak_decrease, strong_decrease, share);
        }
        labels_.push_back({code, name, to_hex(colour)});
    }
}

std::string TrendClasses::range_text(int code) const {
    const auto level = static_cast<std::size_t>(std::abs(code));
    if (level == 0) return "slope 0";
    if (level == 1) return "|Z|\u00a0below\u00a0" + number_text(bounds_.front());
    if (level == bounds_.size() + 1) return "|Z|\u00a0from\u00a0" + number_text(bounds_.back());
    return "|Z|\u00a0" + number_text(bounds_[level - 2]) + "\u00a0to\u00a0" + number_text(bounds_[level - 1]);
}

}  // namespace landcarbon
