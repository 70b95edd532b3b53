// Land Carbon Toolbox: STIRPAT: all that a fit has found, and its report.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/report/report.hpp"
#include "maths/ridge.hpp"

namespace landcarbon {

/// What a fit has found. x, y and fitted are in the scale of the equation.
struct StirpatResults {
    std::string response;
    std::vector<std::string> drivers;
    bool logarithms = true;
    std::vector<std::vector<double>> x;
    std::vector<double> y, fitted;
    std::vector<double> steps;  ///< K of the trace, with the chosen one
    std::vector<RidgeFit> trace;
    std::vector<RidgeFit> curve;  ///< the trace with more K where it bends most, for figures
    RidgeFit ols, fit;
    double k = 0, hkb = 0, lawless_wang = 0, df = 0, vif_limit = 10;
    bool exact = false;                 ///< nothing but rounding is left over
    std::optional<double> p;            ///< of F
    std::optional<double> smearing;     ///< with logarithms, where it is a number
    std::optional<TwoSampleTest> test;  ///< of actual against fitted values, in the units of the response
};

/// The report: equation, coefficients, ridge trace, VIF, fitted against actual, test of the means.
Report stirpat_report(const StirpatResults& results);

/// The equation as a line of text, with as many digits as are of use to a reader.
std::string equation_text(const StirpatResults& results);

}  // namespace landcarbon
