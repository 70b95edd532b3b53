// Land Carbon Toolbox: classes of trends by direction and significance, and what the trend rooms share of a spec.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/style.hpp"
#include "maths/false_discovery.hpp"
#include "maths/trend_kernel.hpp"
#include "spec/spec.hpp"

namespace landcarbon {

class Run;

/// How trends are told into classes.
enum class TrendScheme { nine, five, custom };

/// Arguments that `trend` and `trend_table` have in common.
struct TrendChoices {
    std::string years;
    std::optional<std::int64_t> min_valid;
    TrendMethod method = TrendMethod::original;
    std::int64_t period = 12;
    PValue p_value = PValue::automatic;
    TrendScheme scheme = TrendScheme::nine;
    std::string bounds;
    double confidence = 0.95;
    FalseDiscovery false_discovery = FalseDiscovery::none;
    double false_discovery_rate = 0.05;
};

/// Adds them to a spec. @param series what a series is called: "cell" or "unit"
void describe_trend_choices(Spec& spec, TrendChoices& choices, const std::string& series);
/// What is wrong with them together.
std::vector<UserError> check_trend_choices(const TrendChoices& choices);
/// Settings for series of `steps` steps. @throws UserError naming MIN_VALID or PERIOD where the series is too short
TrendSettings trend_settings(const TrendChoices& choices, std::size_t steps, const std::string& series_parameter);
/// Holds the memory that the slopes of all pairs of steps need in long series.
/// @param at_once how many series are worked on at the same time
/// @param bytes of one slope
/// @throws UserError naming MEMORY when they do not fit
void hold_slopes(Run& run, std::size_t steps, std::size_t at_once, std::size_t bytes);
/// The conventions in force, as pairs of name and text.
std::vector<std::pair<std::string, std::string>> trend_conventions(const TrendChoices& choices,
                                                                   const TrendSettings& settings,
                                                                   const std::vector<double>& times);

/// Classes by the sign of the slope and the size of Z: code = sign * (1 + number of bounds that |Z| reaches), 0 where
/// the slope is 0.
class TrendClasses {
public:
    explicit TrendClasses(const TrendChoices& choices);

    /// Bounds of |Z|, ascending.
    const std::vector<double>& bounds() const { return bounds_; }
    /// Largest code; the lowest is its negative.
    int top() const { return static_cast<int>(bounds_.size()) + 1; }
    /// Code of a series; `none` where slope or Z are not defined.
    int code(double slope, double z) const {
        if (!(slope == slope && z == z)) return none;
        if (slope == 0) return 0;
        const double size = z < 0 ? -z : z;
        int level = 1;
        for (const double bound : bounds_) level += size >= bound;
        return slope > 0 ? level : -level;
    }
    /// A class that is not significant by the false-discovery rate: the weakest of its direction.
    static int weakened(int code) { return code == none ? none : (code > 0) - (code < 0); }
    /// All classes from the strongest decrease up.
    const std::vector<ClassLabel>& labels() const { return labels_; }
    /// Short words for the bounds, for reports: "|Z| 1.96 to 2.58".
    std::string range_text(int code) const;

    /// What stands for "no class"; NoData of class rasters.
    static constexpr int none = -32768;

private:
    std::vector<double> bounds_;
    std::vector<ClassLabel> labels_;
};

/// The bounds of the scheme `custom`: positive, ascending numbers. @throws UserError
std::vector<double> read_bounds(const std::string& text, const std::string& parameter);

}  // namespace landcarbon
