// Land Carbon Toolbox: STIRPAT: ridge regression of emissions on their drivers: options, selection of K.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "maths/ridge.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

/// How K is chosen.
enum class RidgeSelection {
    vif_and_stability,  ///< the smallest K of the trace with small VIF and a flat trace
    gcv,                ///< the K of the trace with the smallest generalised cross-validation
    hkb,                ///< Hoerl, Kennard & Baldwin
    lawless_wang
};

struct StirpatOptions {
    TableInput data;
    std::string response;
    std::vector<std::string> drivers;
    bool log = true;
    std::optional<double> k;
    RidgeSelection selection = RidgeSelection::vif_and_stability;
    double k_step = 0.01;
    double vif_limit = 10;
    double stability = 0.05;

    TableOutput coefficients;
    TableOutput ridge_trace;
    TableOutput fitted;
    FileOutput model;
    ReportOutput report;

    NumberOutput chosen_k;
    NumberOutput r2;
    NumberOutput adjusted_r2;
    NumberOutput f;
    NumberOutput p;
    NumberOutput rows;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void stirpat(StirpatOptions& options, Run& run);

/// 0, step, 2 step ... up to 1, each the double nearest to its decimal number.
std::vector<double> trace_steps(double step);

/// The largest change of any standardised coefficient per 0.01 of K, at `k`.
double trace_change(const RidgeRegression& regression, double k);

/// The K that a rule chooses; nothing when no K of the trace fulfils it. hkb and lawless_wang need three drivers.
/// @param vif_limit every VIF must be below it, @param stability trace_change must not be above it
std::optional<double> select_k(const RidgeRegression& regression, RidgeSelection rule, const std::vector<double>& steps,
                               double vif_limit, double stability);

}  // namespace landcarbon
