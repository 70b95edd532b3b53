// Land Carbon Toolbox: what users choose for a geographically weighted regression, of rasters and of layers.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr_choices.hpp"

#include <cmath>

#include "engine/run.hpp"

namespace landcarbon {

std::vector<std::string> gwr_references() {
    return {
        "Fotheringham, A. S., Brunsdon, C., Charlton, M. (2002). Geographically weighted regression: the analysis of "
        "spatially varying relationships. Wiley.",
        "Brunsdon, C., Fotheringham, S., Charlton, M. (1998). Geographically weighted regression: modelling spatial "
        "non-stationarity. The Statistician 47(3), 431-443. https://doi.org/10.1111/1467-9884.00145",
        "da Silva, A. R., Fotheringham, A. S. (2016). The multiple testing issue in geographically weighted "
        "regression. Geographical Analysis 48(3), 233-247. https://doi.org/10.1111/gean.12084",
        "Wheeler, D., Tiefelsdorf, M. (2005). Multicollinearity and correlation among local regression coefficients in "
        "geographically weighted regression. Journal of Geographical Systems 7, 161-187. "
        "https://doi.org/10.1007/s10109-005-0155-6",
        "Fotheringham, A. S., Yang, W., Kang, W. (2017). Multiscale geographically weighted regression (MGWR). Annals "
        "of "
        "the American Association of Geographers 107(6), 1247-1265. https://doi.org/10.1080/24694452.2017.1352480",
        "Yu, H., Fotheringham, A. S., Li, Z., Oshan, T., Kang, W., Wolf, L. J. (2020). Inference in multiscale "
        "geographically weighted regression. Geographical Analysis 52(1), 87-106. https://doi.org/10.1111/gean.12189",
        "Oshan, T. M., Li, Z., Kang, W., Wolf, L. J., Fotheringham, A. S. (2019). mgwr: a Python implementation of "
        "multiscale geographically weighted regression. ISPRS International Journal of Geo-Information 8(6), 269. "
        "https://doi.org/10.3390/ijgi8060269"};
}

void describe_gwr_method(Spec& spec, GwrChoices& c, const std::string& one) {
    spec.choice("method", c.method,
                {{{"gwr", "GWR: one bandwidth for all terms"}, GwrMethod::gwr},
                 {{"mgwr", "Multiscale GWR: a bandwidth for each term"}, GwrMethod::mgwr}})
        .named("Method")
        .says(
            "Multiscale GWR begins with the GWR and then gives the intercept and each driver a bandwidth of its own: "
            "small where "
            "its coefficient is local, all " +
            one +
            "s where it is global. Response and drivers are standardised for it, and "
            "it takes a few hundred times as long.");
    spec.integer("inference_rows", c.inference_rows)
        .named("Standard errors up to")
        .says("METHOD=mgwr works out standard errors, AICc and effective numbers of parameters for so many " + one +
              "s at most; with more they are left empty. Their time grows with the cube of the " + one + "s.")
        .in(one + "s")
        .at_least(0)
        .at_most(10000)
        .advanced();
}

void describe_gwr_choices(Spec& spec, GwrChoices& c, const std::string& one) {
    spec.choice("mode", c.mode,
                {{{"together", "All drivers in one model"}, GwrMode::together},
                 {{"each", "A model for each driver alone"}, GwrMode::each}})
        .named("Drivers in a model")
        .says(
            "All together is the usual regression. With each, every driver has a model alone; such R2 are high "
            "whatever the driver is, "
            "as the intercept that varies in space carries most of them: GLOBAL and the report show the R2 without any "
            "driver beside them.");
    spec.choice("kernel", c.kernel,
                {{{"bisquare", "Bisquare: nothing beyond the bandwidth"}, GwrKernel::bisquare},
                 {{"gaussian", "Gaussian"}, GwrKernel::gaussian},
                 {{"exponential", "Exponential"}, GwrKernel::exponential}})
        .named("Kernel")
        .says(
            "How the weight of an observation falls with its distance. With gaussian and exponential all observations "
            "count everywhere, and time grows with their square.");
    spec.choice("bandwidth_kind", c.bandwidth_kind,
                {{{"adaptive", "A number of neighbours"}, BandwidthKind::adaptive},
                 {{"fixed", "A distance"}, BandwidthKind::fixed}})
        .named("Kind of bandwidth")
        .says(
            "With adaptive, the distance to the k-th nearest observation, so that windows are small where observations "
            "are "
            "dense. With fixed, the same distance everywhere.");
    spec.real("bandwidth", c.bandwidth)
        .named("Bandwidth")
        .says(
            "Number of neighbours, the place itself among them, or distance in metres (in map units where the data has "
            "no reference system). If omitted, the best by CRITERION is searched.")
        .at_least(1e-6)
        .at_most(1e9)
        .optional();
    spec.choice("criterion", c.criterion,
                {{{"aicc", "Corrected Akaike criterion (AICc)"}, GwrCriterion::aicc},
                 {{"cv", "Cross-validation (leaving one out)"}, GwrCriterion::cv},
                 {{"aic", "Akaike criterion (AIC)"}, GwrCriterion::aic},
                 {{"bic", "Bayesian criterion (BIC)"}, GwrCriterion::bic}})
        .named("Criterion")
        .says("What the best bandwidth has least of.");
    spec.real("bandwidth_min", c.bandwidth_min)
        .named("Smallest bandwidth")
        .says(
            "Where the search begins. If omitted, 40 neighbours and two for each driver, or the distance that half of "
            "the " +
            one + "s need to reach so many as there are coefficients and two.")
        .at_least(1e-6)
        .at_most(1e9)
        .optional()
        .advanced();
    spec.real("bandwidth_max", c.bandwidth_max)
        .named("Largest bandwidth")
        .says("Where the search ends. If omitted, all " + one + "s, or the diagonal of their extent.")
        .at_least(1e-6)
        .at_most(1e9)
        .optional()
        .advanced();
    spec.flag("standardise", c.standardise)
        .named("Standardise")
        .says(
            "Take the mean from the response and from each driver and divide by the standard deviation (divisor n), so "
            "that coefficients can be compared with each other.")
        .advanced();
    spec.choice("singular", c.singular,
                {{{"nodata", "No result there"}, SingularWindow::nodata},
                 {{"ridge", "A fit by ridge regression"}, SingularWindow::ridge}})
        .named("Windows that tell nothing")
        .says(
            "Where a driver is constant inside a window, or follows from others, its coefficient cannot be told. "
            "nodata leaves such places empty, and the search passes over bandwidths that have some; ridge adds 0.01 to "
            "the diagonal of the scaled normal equations there.")
        .advanced();
    spec.choice("sigma", c.sigma,
                {{{"trace", "Observations less the trace of S, as mgwr"}, GwrSigma::trace},
                 {{"gwr4", "Observations less twice the trace of S plus that of S'S, as GWR4"}, GwrSigma::gwr4}})
        .named("Degrees of freedom")
        .says("Of the residuals, S being the hat matrix; standard errors, t, p and adjusted R2 go by them.")
        .advanced();
    spec.choice("correction", c.correction,
                {{{"fotheringham", "By the effective number of parameters"}, GwrCorrection::fotheringham},
                 {{"bh", "False-discovery rate (Benjamini and Hochberg)"}, GwrCorrection::bh},
                 {{"by", "False-discovery rate (Benjamini and Yekutieli)"}, GwrCorrection::by},
                 {{"none", "None"}, GwrCorrection::none}})
        .named("Correction of p")
        .says(
            "For the many tests, one a place. fotheringham multiplies p by the effective number of parameters over the "
            "number of coefficients.");
    spec.real("alpha", c.alpha)
        .named("Significance level")
        .says("Coefficients whose corrected p is not above it count as significant.")
        .above(0)
        .at_most(0.5);
    spec.integer("search_points", c.search_points)
        .named("Search points")
        .says("With more " + one +
              "s than these, bandwidths are judged at so many of them, drawn at random by SEED. All " + one +
              "s are neighbours all the same.")
        .in(one + "s")
        .at_least(100)
        .at_most(1000000)
        .advanced();
    spec.integer("permutations", c.permutations)
        .named("Permutations")
        .says(
            "How often the rows are dealt to the places anew, to test whether coefficients vary more than they would "
            "if it did not matter where a row lies: p for each driver in COLLINEARITY. 0: no test. 99 are enough for "
            "p = 0.01; each takes as long as the model.")
        .at_least(0)
        .at_most(9999)
        .advanced();
    spec.integer("folds", c.folds)
        .named("Folds of blocks")
        .says(
            "The " + one +
            "s are parted into so many folds, each of four blocks of neighbours, and each fold is predicted by models "
            "without it: block_r2 in GLOBAL, for GWR and for least squares. If omitted, this is not done. Blocks show "
            "what a model tells of places where nothing was observed; cross-validation that leaves out one " +
            one + " at a time sees its neighbours.")
        .at_least(2)
        .at_most(50)
        .optional()
        .advanced();
    spec.integer("seed", c.seed)
        .named("Seed")
        .says("Start of the random numbers; the same seed gives the same result.")
        .at_least(0)
        .advanced();
}

void describe_gwr_outputs(Spec& spec, GwrOutputs& o) {
    spec.table_out("global", o.global)
        .named("GWR and least squares")
        .says(
            "Two rows for each model, ordinary least squares (ols) and gwr, a third with METHOD=mgwr, and one for the "
            "model without any driver (intercept): residual sum of squares, R2, adjusted R2, AICc, AIC, BIC, "
            "cross-validation (mean square), "
            "effective number of parameters, residual variance, F of gwr against ols with its p, Moran's I of the "
            "residuals (8 neighbours) and its z, bandwidth, R2 of predictions for blocks (FOLDS).")
        .with_columns({"response", "drivers", "method", "observations", "rss", "r2", "adjusted_r2", "aicc", "aic",
                       "bic", "cv", "enp", "sigma2", "f", "p", "morans_i", "morans_z", "bandwidth", "block_r2"});
    spec.table_out("r2_by_driver", o.r2_by_driver)
        .named("R2 by driver")
        .says(
            "One row for each response: R2 of the model without any driver, whose intercept varies in space, and "
            "beside it with MODE=each the R2 of each driver alone (r2_ and the driver's name), with MODE=together that "
            "of all drivers (r2_all). Only what goes beyond the first is what a driver tells.")
        .with_columns({"response", "r2_without_drivers"})
        .on_request();
    spec.table_out("bandwidths", o.bandwidths)
        .named("Bandwidths")
        .says(
            "One row for each bandwidth that the search looked at, with METHOD=mgwr of the last round for each term: "
            "the "
            "criterion, empty where it is not defined, the "
            "number of windows without a fit, and 1 for the one that was chosen.")
        .with_columns({"response", "drivers", "term", "bandwidth", "criterion", "singular_windows", "chosen"});
    spec.table_out("collinearity", o.collinearity)
        .named("Local collinearity")
        .says(
            "One row for each model and driver: variance inflation factor by least squares, median and largest of the "
            "local ones, share of places above 10, share of significant coefficients, lowest, median and highest "
            "coefficient, median and largest local condition number, share above 30, places without a fit, windows "
            "in which a driver of two values has fewer than three of one, and p of a coefficient that is the same "
            "everywhere (PERMUTATIONS).")
        .with_columns({"response", "driver", "vif_ols", "vif_median", "vif_largest", "vif_above_10", "significant",
                       "lowest", "median", "highest", "condition_median", "condition_largest", "condition_above_30",
                       "places_without_fit", "windows_where_rare", "stationarity_p"});
    spec.report_out("report", o.report)
        .named("GWR report")
        .says(
            "HTML report: GWR beside least squares, maps of the coefficients, the bandwidths that were tried, Moran's "
            "I of the residuals, collinearity.");
    spec.number_out("observations", o.observations).named("Observations").says("How many the models were fitted on.");
    spec.number_out("best_bandwidth", o.best_bandwidth)
        .named("Bandwidth chosen")
        .says("Of the first model: neighbours, or a distance.");
    spec.number_out("r2", o.r2)
        .named("R2")
        .says("Share of the variance that the first model explains at the places that have a fit, 0 to 1.");
    spec.number_out("global_r2", o.global_r2)
        .named("R2 of least squares")
        .says("The same of ordinary least squares with the same drivers.");
    spec.number_out("aicc", o.aicc)
        .named("AICc")
        .says("Corrected Akaike criterion of the first model; absent where it is not defined.");
}

std::vector<UserError> check_gwr_choices(const GwrChoices& c) {
    std::vector<UserError> wrong;
    if (c.method == GwrMethod::mgwr && c.bandwidth)
        wrong.emplace_back("bandwidth", "BANDWIDTH: METHOD=mgwr searches one for each term; leave it out");
    if (c.method == GwrMethod::mgwr && c.permutations > 0)
        wrong.emplace_back("permutations",
                           "PERMUTATIONS: with METHOD=mgwr the bandwidths tell which terms vary; leave it out");
    if (c.bandwidth_min && c.bandwidth_max && *c.bandwidth_min >= *c.bandwidth_max)
        wrong.emplace_back("bandwidth_max", "BANDWIDTH_MAX must be above BANDWIDTH_MIN");
    if (c.bandwidth_kind == BandwidthKind::adaptive)
        for (const auto& [id, value] :
             {std::pair{"bandwidth", c.bandwidth}, std::pair{"bandwidth_min", c.bandwidth_min},
              std::pair{"bandwidth_max", c.bandwidth_max}})
            if (value && *value != std::floor(*value))
                wrong.emplace_back(id,
                                   parameter_name(id) + ": " + number_text(*value) +
                                       " is no whole number of neighbours; with BANDWIDTH_KIND=fixed it is a distance");
    return wrong;
}

std::string kernel_name(GwrKernel kernel) {
    return kernel == GwrKernel::bisquare ? "bisquare" : kernel == GwrKernel::gaussian ? "gaussian" : "exponential";
}

std::string criterion_name(GwrCriterion criterion) {
    return criterion == GwrCriterion::aicc  ? "AICc"
           : criterion == GwrCriterion::cv  ? "CV"
           : criterion == GwrCriterion::aic ? "AIC"
                                            : "BIC";
}

void state_gwr_conventions(const GwrChoices& c, Distances distances, bool metres, Run& run) {
    run.convention("distances", distances == Distances::globe
                                    ? "great circles on a sphere of 6371 km"
                                    : std::string("straight lines in the plane of the map, in ") +
                                          (metres ? "m" : "map units (no reference system)"));
    run.convention("weights", kernel_name(c.kernel) +
                                  (c.bandwidth_kind == BandwidthKind::adaptive
                                       ? ", bandwidth the distance to the k-th nearest observation (the place itself "
                                         "among them) times 1.0000001, as mgwr"
                                       : ", one bandwidth for all places"));
    run.convention("AICc", "n ln(RSS/n) + n ln 2pi + n (n + tr S) / (n - 2 - tr S), as GWmodel and mgwr");
    run.convention("residual variance", c.sigma == GwrSigma::trace ? "RSS / (n - tr S), as mgwr by default"
                                                                   : "RSS / (n - 2 tr S + tr S'S), as GWR4");
    run.convention("t", "with the degrees of freedom of the residual variance (mgwr: n - 1)");
    run.convention("correction", c.correction == GwrCorrection::fotheringham
                                     ? "p times effective number of parameters / number of coefficients"
                                 : c.correction == GwrCorrection::bh ? "Benjamini-Hochberg over the places"
                                 : c.correction == GwrCorrection::by ? "Benjamini-Yekutieli over the places"
                                                                     : "none");
    run.convention("condition number", "of sqrt(W) X with columns of length 1 (mgwr weighs with W)");
    if (c.folds)
        run.convention("block_r2",
                       std::to_string(*c.folds) +
                           " folds of four blocks of neighbours each, predicted with the bandwidth of the whole model; "
                           "1 - sum of e^2 / sum of (y - mean of the other folds)^2");
    if (c.permutations > 0)
        run.convention("stationarity_p", "(1 + permutations of " + std::to_string(c.permutations) +
                                             " whose coefficients vary as much or more) / (1 + permutations), the "
                                             "bandwidth kept");
    if (c.method == GwrMethod::mgwr)
        run.convention(
            "multiscale",
            "back-fitting from the GWR until the score of change SOC-f is below 1e-5; p by CORRECTION fotheringham "
            "times the effective number of parameters of the term");
    if (c.standardise || c.method == GwrMethod::mgwr) run.convention("standardised", "response and drivers, divisor n");
}

}  // namespace landcarbon
