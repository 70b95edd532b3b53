// Land Carbon Toolbox: STIRPAT scenarios: all that a run has found, and its report.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "engine/report/report.hpp"
#include "forecast/stirpat_scenarios/stirpat_scenarios.hpp"

namespace landcarbon {

struct ScenarioResults {
    std::string response;
    std::vector<std::string> scenarios;
    std::vector<std::string> units;
    std::vector<int> years;
    std::vector<std::vector<EmissionPath>> paths;    ///< unit, scenario
    std::vector<std::vector<Milestone>> milestones;  ///< unit, scenario
    std::vector<int> classes;                        ///< one a unit
    std::vector<std::vector<double>> totals;         ///< scenario, year
    std::vector<std::vector<double>> sinks;          ///< scenario, year; empty without sinks
    int peak_by = 0, neutral_by = 0;
    bool with_sinks = false;
};

/// What users read for a class of the carbon emission peak, 5 to 1.
const char* peak_class_name(int peak_class);

/// The report: region, units in each scenario, years of the peak, classes.
Report scenario_report(const ScenarioResults& results);

}  // namespace landcarbon
