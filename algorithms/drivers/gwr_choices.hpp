// Land Carbon Toolbox: what users choose for a geographically weighted regression, of rasters and of layers.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/gwr_model.hpp"
#include "spec/spec.hpp"

namespace landcarbon {

class Report;
class Run;

enum class GwrMethod {
    gwr,  ///< one bandwidth for all terms
    mgwr  ///< multiscale: each term has its own
};
enum class GwrMode {
    together,  ///< one model with all drivers
    each       ///< a model for each driver alone
};
/// How p values are corrected for the many places.
enum class GwrCorrection { fotheringham, bh, by, none };

struct GwrChoices {
    GwrMethod method = GwrMethod::gwr;
    std::int64_t inference_rows = 3000;
    GwrMode mode = GwrMode::together;
    GwrKernel kernel = GwrKernel::bisquare;
    BandwidthKind bandwidth_kind = BandwidthKind::adaptive;
    std::optional<double> bandwidth;
    GwrCriterion criterion = GwrCriterion::aicc;
    std::optional<double> bandwidth_min, bandwidth_max;
    bool standardise = false;
    SingularWindow singular = SingularWindow::nodata;
    GwrSigma sigma = GwrSigma::trace;
    GwrCorrection correction = GwrCorrection::fotheringham;
    double alpha = 0.05;
    std::int64_t search_points = 5000;
    std::int64_t permutations = 0;
    std::optional<std::int64_t> folds;
    std::int64_t seed = 1;
};

struct GwrOutputs {
    TableOutput global;
    TableOutput r2_by_driver;
    TableOutput bandwidths;
    TableOutput collinearity;
    ReportOutput report;

    NumberOutput observations;
    NumberOutput best_bandwidth;
    NumberOutput r2;
    NumberOutput global_r2;
    NumberOutput aicc;
};

/// Adds the arguments of the choices. @param one what an observation is called: "observation" or "row"
void describe_gwr_choices(Spec& spec, GwrChoices& choices, const std::string& one);
/// Adds METHOD and what belongs to it.
void describe_gwr_method(Spec& spec, GwrChoices& choices, const std::string& one);
void describe_gwr_outputs(Spec& spec, GwrOutputs& outputs);
/// Where the method comes from.
std::vector<std::string> gwr_references();
/// All that is wrong with them, seen by themselves; for Spec::check.
std::vector<UserError> check_gwr_choices(const GwrChoices& choices);
/// States the conventions in force.
void state_gwr_conventions(const GwrChoices& choices, Distances distances, bool metres, Run& run);

/// Words for people.
std::string kernel_name(GwrKernel kernel);
std::string criterion_name(GwrCriterion criterion);

}  // namespace landcarbon
