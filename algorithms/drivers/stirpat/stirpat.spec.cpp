// Land Carbon Toolbox: STIRPAT: ridge regression of emissions on their drivers: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/stirpat/stirpat.hpp"

#include <set>

#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const StirpatOptions& o) {
    std::vector<UserError> errors;
    std::set<std::string> seen;
    for (const auto& driver : o.drivers) {
        if (!seen.insert(driver).second) errors.emplace_back("drivers", "DRIVERS: \"" + driver + "\" is named twice");
        if (driver == o.response)
            errors.emplace_back("drivers", "DRIVERS: \"" + driver + "\" is the response as well; leave it out");
    }
    const bool estimator = o.selection == RidgeSelection::hkb || o.selection == RidgeSelection::lawless_wang;
    if (!o.k && estimator && o.drivers.size() < 3)
        errors.emplace_back("selection", "SELECTION: hkb and lawless_wang need three drivers or more");
    return errors;
}

void describe(Spec& spec, StirpatOptions& o) {
    spec.id = "stirpat";
    spec.name = "STIRPAT";
    spec.group = "drivers";
    spec.summary =
        "Elasticities of carbon emissions to population, affluence, technology and more, by ridge regression.";
    spec.description =
        "Fits ln I = a + sum of b ln X + e, the stochastic form of impact = population x affluence x technology, on "
        "all rows of a table. Drivers of this kind rise together, so that least squares gives coefficients of the "
        "wrong size or sign: variance inflation factors (VIF) above 10 are the sign of it. Ridge regression adds K to "
        "the diagonal of the drivers' correlation matrix: coefficients shrink a little and become stable.\n\n"
        "K is given, or chosen along the ridge trace (K = 0 to 1) as the smallest that brings every VIF below a limit "
        "and at which the trace is flat, or by generalised cross-validation, or by the estimators of Hoerl, Kennard & "
        "Baldwin or of Lawless & Wang. K = 0 is ordinary least squares, which is reported beside it in any case.\n\n"
        "The model file holds the equation, for STIRPAT scenarios.";
    spec.references = {
        "Dietz, T., Rosa, E. A. (1997). Effects of population and affluence on CO2 emissions. Proceedings of the "
        "National "
        "Academy of Sciences 94(1), 175-179. https://doi.org/10.1073/pnas.94.1.175",
        "York, R., Rosa, E. A., Dietz, T. (2003). STIRPAT, IPAT and ImPACT: analytic tools for unpacking the driving "
        "forces of environmental impacts. Ecological Economics 46(3), 351-365. "
        "https://doi.org/10.1016/S0921-8009(03)00188-5",
        "Hoerl, A. E., Kennard, R. W. (1970). Ridge regression: biased estimation for nonorthogonal problems. "
        "Technometrics 12(1), 55-67. https://doi.org/10.1080/00401706.1970.10488634",
        "Hoerl, A. E., Kennard, R. W., Baldwin, K. F. (1975). Ridge regression: some simulations. Communications in "
        "Statistics 4(2), 105-123. https://doi.org/10.1080/03610927508827232",
        "Lawless, J. F., Wang, P. (1976). A simulation study of ridge and other regression estimators. Communications "
        "in "
        "Statistics A 5(4), 307-323. https://doi.org/10.1080/03610927608827353",
        "Golub, G. H., Heath, M., Wahba, G. (1979). Generalized cross-validation as a method for choosing a good ridge "
        "parameter. Technometrics 21(2), 215-223. https://doi.org/10.1080/00401706.1979.10489751",
        "Duan, N. (1983). Smearing estimate: a nonparametric retransformation method. Journal of the American "
        "Statistical "
        "Association 78(383), 605-610. https://doi.org/10.1080/01621459.1983.10478017",
        "Huo, J., et al. (2025). Scientific Reports. https://doi.org/10.1038/s41598-025-95156-x (Qinba mountains)"};
    spec.tags = {"STIRPAT", "IPAT",      "ridge regression", "elasticity", "collinearity",
                 "VIF",     "emissions", "drivers",          "regression"};
    spec.check = [&o] { return check(o); };
    spec.table_in("data", o.data)
        .named("Data")
        .says(
            "Table with a row for each observation, for example each county and year. Rows with an empty cell in the "
            "response or a driver are left out and counted. The columns may have any names; those below are an "
            "example.")
        .with_columns({"emission", "population", "affluence", "technology", "urban"});
    spec.field_of("response", o.response)
        .named("Response")
        .says("Column that is explained, for example the emission in t.")
        .of("data");
    spec.fields_of("drivers", o.drivers)
        .named("Drivers")
        .says("Columns that explain it: population, GDP per head, energy intensity, urbanisation and so on.")
        .of("data");
    spec.flag("log", o.log)
        .named("Logarithms")
        .says(
            "Take natural logarithms of the response and of all drivers, so that coefficients are elasticities. Every "
            "value must then be above zero.");
    spec.real("k", o.k)
        .named("K")
        .says(
            "The ridge parameter, added to the diagonal of the correlation matrix; 0 is least squares. If omitted, it "
            "is "
            "chosen as SELECTION says. In MASS::lm.ridge it is called lambda and is K times the number of rows.")
        .at_least(0)
        .at_most(1)
        .optional();
    spec.choice("selection", o.selection,
                {{{"vif_and_stability", "Every VIF below the limit and a flat ridge trace"},
                  RidgeSelection::vif_and_stability},
                 {{"gcv", "Smallest generalised cross-validation of the trace"}, RidgeSelection::gcv},
                 {{"hkb", "Hoerl, Kennard and Baldwin"}, RidgeSelection::hkb},
                 {{"lawless_wang", "Lawless and Wang"}, RidgeSelection::lawless_wang}})
        .named("Selection of K")
        .says("How K is chosen where it is not given. The first is the practice of STIRPAT studies.");
    spec.real("k_step", o.k_step)
        .named("Step of K")
        .says("Step of the ridge trace, which runs from 0 to 1.")
        .at_least(0.0001)
        .at_most(0.5)
        .advanced();
    spec.real("vif_limit", o.vif_limit)
        .named("Limit of VIF")
        .says("With vif_and_stability: variance inflation factors must be below it.")
        .above(0)
        .advanced();
    spec.real("stability", o.stability)
        .named("Stability")
        .says(
            "With vif_and_stability: the trace is flat where no standardised coefficient changes by more than this "
            "when K "
            "grows by 0.01.")
        .above(0)
        .advanced();
    spec.table_out("coefficients", o.coefficients)
        .named("STIRPAT coefficients")
        .says(
            "One row for each method (ols, ridge) and term: coefficient in the units of the equation, standardised "
            "coefficient, standard error, t, two-sided p, bounds of 95 %, VIF. Standard errors and p of ridge "
            "regression "
            "leave its bias out of account.")
        .with_columns({"method", "k", "term", "coefficient", "standardised", "standard_error", "t", "p", "lower",
                       "upper", "vif"});
    spec.table_out("ridge_trace", o.ridge_trace)
        .named("Ridge trace")
        .says(
            "One row for each K and driver: standardised coefficient, coefficient and VIF, with R2 and GCV of the "
            "equation at this K. The column chosen is 1 at the chosen K.")
        .with_columns({"k", "driver", "standardised", "coefficient", "vif", "r2", "gcv", "chosen"});
    spec.table_out("fitted", o.fitted)
        .named("Fitted emissions")
        .says(
            "One row for each row of the data that was used: its number, actual and fitted value and residual (actual "
            "less fitted), and with LOG the same of the logarithms. The fitted value is then the median, exp of the "
            "equation.")
        .with_columns({"row", "actual", "fitted", "residual", "log_actual", "log_fitted", "log_residual"});
    spec.file_out("model", o.model)
        .named("STIRPAT model")
        .says("JSON file with the equation and the ranges of the drivers, for STIRPAT scenarios.");
    spec.report_out("report", o.report)
        .named("STIRPAT report")
        .says(
            "HTML report: equation, coefficients, ridge trace and VIF with the chosen K, fitted against actual, "
            "t-test.");
    spec.number_out("chosen_k", o.chosen_k).named("Chosen K").says("The ridge parameter of the equation.");
    spec.number_out("r2", o.r2)
        .named("R2")
        .says("Share of the response's variance that the equation explains, 0 to 1.");
    spec.number_out("adjusted_r2", o.adjusted_r2).named("Adjusted R2").says("R2 corrected for the number of drivers.");
    spec.number_out("f", o.f).named("F").says(
        "F statistic of the equation; absent where nothing but rounding is left unexplained.");
    spec.number_out("p", o.p).named("P").says("Upper tail of F; absent where F is. With K above 0 it is approximate.");
    spec.number_out("rows", o.rows).named("Rows").says("Rows of the data that the equation was fitted on.");
}

}  // namespace

std::unique_ptr<Algorithm> make_stirpat() {
    return std::make_unique<BoundAlgorithm<StirpatOptions>>(describe, stirpat);
}

}  // namespace landcarbon
