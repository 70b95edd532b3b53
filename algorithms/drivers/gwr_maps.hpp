// Land Carbon Toolbox: how the coefficients of a GWR are shown on maps: in layers and in reports.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "drivers/gwr_analysis.hpp"
#include "engine/style.hpp"
#include "engine/table.hpp"

namespace landcarbon {

class Report;

/// What stands before the results of an observation in a table of local results.
struct GwrLocal {
    std::vector<OutputTable::Column> columns;
    std::function<void(std::size_t, std::vector<Cell>&)> fill;  ///< adds the cells of an observation
};
/// Writes the local results as a layer, observation by observation for each response, as describe_gwr_local tells.
/// @param shapes of the observations, ISO WKB: polygons or points
void write_gwr_local(const VectorOutput& output, const GwrResults& results, const GwrObservations& observations,
                     const GwrLocal& local, const std::vector<std::vector<unsigned char>>& shapes,
                     const std::string& crs, Run& run);
/// The output "local". @param first what its first columns are
void describe_gwr_local(Spec& spec, VectorOutput& output, const std::string& first);
/// States the memory that models and local results take. @throws UserError naming MEMORY
void hold_gwr(const GwrObservations& observations, const GwrChoices& choices, bool local, Run& run);

/// How far the colours of a coefficient reach to both sides of zero: the size that 98 % of its finite values do not
/// exceed, so that a few large ones do not bleach the rest.
double coefficient_reach(const std::vector<double>& values);
/// The coefficients of one term at all observations.
std::vector<double> term_values(const GwrFindings& model, std::size_t term);

/// A column of results of a term: "b_", "se_", "t_" ... and the driver's name; "intercept" for the first.
std::string term_column(const std::string& prefix, const GwrFindings& model, std::size_t term,
                        const GwrObservations& observations);

/// Diverging colours of a coefficient around zero, grey where it is not significant, and darker where there is no fit.
/// @param driver whose coefficient it is, as the legend says, @param column of the coefficient, @param tested of -1, 0,
/// 1, @param response whose rows are shown; empty where there is one only
VectorStyle coefficient_style(const std::string& driver, const std::string& column, const std::string& tested,
                              const std::vector<double>& values, const std::string& response = {});

/// The driver's term that is significant at most places; the first where none is.
std::size_t telling_term(const GwrFindings& model);

/// Maps of coefficients and of local R2 for a report, of as many models and terms as can be looked at.
/// @param shapes of the observations, ISO WKB: polygons or points
void draw_coefficients(Report& report, const GwrResults& results, const GwrObservations& observations,
                       const std::vector<std::vector<unsigned char>>& shapes, const std::string& crs);

}  // namespace landcarbon
