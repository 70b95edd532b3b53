// Land Carbon Toolbox: STIRPAT scenarios: options, paths and milestones.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "forecast/stirpat_scenarios/unit_history.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

/// What the level of a path is.
enum class PathLevel {
    equation,  ///< what the equation says: with logarithms the median
    smearing,  ///< that times Duan's factor: the mean
    base_year  ///< scaled so that every path begins with the unit's own emission
};

struct StirpatScenariosOptions {
    FileInput model;
    TableInput base;
    std::string unit_field;
    std::string year_field;
    TableInput scenarios;
    std::string sink;
    std::int64_t horizon = 2060;
    std::int64_t step = 1;
    std::int64_t peak_by = 2030;
    std::int64_t neutral_by = 2060;
    double strong_rise = 1;
    PathLevel level = PathLevel::equation;
    MeanRate mean_rate = MeanRate::compound;

    TableOutput paths;
    TableOutput milestones;
    ReportOutput report;

    NumberOutput units;
    NumberOutput peaking;
    NumberOutput neutral;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void stirpat_scenarios(StirpatScenariosOptions& options, Run& run);

/// The value at a year of a period, from that at its beginning.
/// growth: start (1 + rate)^(years since the beginning); threshold: on a straight line to the threshold at the end.
double projected(RuleKind kind, double start, double rule, int first, int last, int year);

/// One path of emissions (and sinks) over years.
struct EmissionPath {
    std::vector<double> emission;
    std::vector<double> sink;  ///< empty without sinks
    double at_start = 0;
    double at_peak_by = 0;  ///< emission in the year PEAK_BY
};

struct Milestone {
    std::optional<int> peak_year;  ///< of the largest emission, the first of equal ones; none where it is the last year
    std::optional<int> neutral_year;  ///< from it on, emission - sink <= 0 to the last year
};
Milestone milestone_of(const EmissionPath& path, const std::vector<int>& years);

/// Carbon emission peak class of a unit, from its milestones and growth in all scenarios:
/// 5 peaks by `peak_by` and is neutral by `neutral_by` in all; 4 peaks in all, but is not neutral in all; 3 peaks in
/// some only; 2 peaks in none, and the mean over the scenarios of the yearly growth up to `peak_by` is at most
/// `strong_rise`; 1 peaks in none and grows faster.
int peak_class(const std::vector<Milestone>& milestones, double growth, int peak_by, int neutral_by,
               double strong_rise);

/// The years base, base + step ... and the horizon.
std::vector<int> path_years(int start, int horizon, int step);

/// Yearly growth that leads from one emission to another; infinite where the first is not above zero and the second is
/// larger.
double yearly_growth(double from, double to, int years);

}  // namespace landcarbon
