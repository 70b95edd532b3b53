// Land Carbon Toolbox: what users choose for a Geodetector, of rasters and of tables: arguments, checks, conventions.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/geodetector_choices.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/run.hpp"

namespace landcarbon {

void describe_geodetector_choices(Spec& spec, GeodetectorChoices& o, const std::string& one) {
    spec.text("continuous", o.continuous)
        .named("Continuous factors")
        .says(
            "Which factors hold measurements, which must be divided into classes first: positions (1 for the first "
            "factor) or names, separated by commas, for example 1,3 or slope,rainfall; or all, or none. Factors that "
            "neither this nor CATEGORICAL names are judged by their values: floating-point rasters without class "
            "names and columns with decimals are measurements, and so are whole numbers without class names or colours "
            "where there are more "
            "than 30 different ones; all others are classes. The log says how each factor was treated.")
        .optional();
    spec.text("categorical", o.categorical)
        .named("Factors that are classes")
        .says(
            "Which factors hold codes or names of classes, whatever their values: positions or names, as in "
            "CONTINUOUS; or all, or none.")
        .optional();
    spec.choice("discretization", o.discretization,
                {{{"optimal", "The best of all methods"}, Discretization::optimal},
                 {{"equal", "Equal intervals"}, Discretization::equal},
                 {{"quantile", "Quantiles"}, Discretization::quantile},
                 {{"natural", "Natural breaks"}, Discretization::natural},
                 {{"geometric", "Geometric intervals"}, Discretization::geometric},
                 {{"standard_deviation", "Standard deviations"}, Discretization::standard_deviation},
                 {{"given", "Given breaks"}, Discretization::given}})
        .named("Discretisation")
        .says(
            "How continuous factors are divided. With one method, the number of classes from CLASSES_MIN to "
            "CLASSES_MAX "
            "with the largest q is taken; optimal takes the method and the number with the largest q. given takes the "
            "breaks of BREAKS.");
    spec.integer("classes_min", o.classes_min)
        .named("Minimum number of classes")
        .says("Smallest number of classes that is tried.")
        .at_least(2)
        .at_most(100);
    spec.integer("classes_max", o.classes_max)
        .named("Maximum number of classes")
        .says(
            "Largest number of classes that is tried. More classes almost always raise q: see the gain of each class "
            "in "
            "the discretisation table.")
        .at_least(2)
        .at_most(100);
    spec.text("breaks", o.breaks)
        .named("Given breaks")
        .says(
            "For DISCRETIZATION=given: breaks of each continuous factor, for example slope: 5, 15, 25; 3: 0.2, 0.4. A "
            "value that equals a break belongs to the class below it.")
        .optional()
        .advanced();
    spec.integer("minimum_stratum", o.minimum_stratum)
        .named("Smallest stratum")
        .says("A division in which a class has fewer " + one +
              "s is not taken. Factors that are given as classes are "
              "left as they are, with a warning.")
        .in(one + "s")
        .at_least(1)
        .at_most(2147483647);
    spec.integer("sample", o.sample)
        .named("Sample")
        .says("Number of " + one +
              "s, drawn at random without replacement, that the detectors work on. If omitted, all " + one +
              "s. With very many " + one + "s every difference is significant.")
        .in(one + "s")
        .at_least(2)
        .at_most(2e6)
        .optional()
        .advanced();
    spec.integer("seed", o.seed)
        .named("Seed")
        .says(
            "Start of the random numbers: for SAMPLE, and for the sample from which breaks are found where there are "
            "more than 50 000 " +
            one + "s. The same seed gives the same result.")
        .at_least(0)
        .at_most(2147483647)
        .advanced();
    spec.choice("variance", o.conventions.variance,
                {{{"sample", "Of the sample, divided by N - 1"}, ResponseVariance::sample},
                 {{"population", "Of the population, divided by N"}, ResponseVariance::population}})
        .named("Variance in the test of q")
        .says(
            "Variance of the response in the noncentrality of the F-test of q. sample: as in the R package "
            "geodetector; "
            "population: as in GD and gdverse. It changes p, not q.")
        .advanced();
    spec.choice("singletons", o.conventions.singletons,
                {{{"keep", "Keep them"}, SingletonStrata::keep}, {{"drop", "Drop them"}, SingletonStrata::drop}})
        .named("Strata with a single " + one)
        .says(
            "With keep they count, with a variance of 0, as in the R package geodetector. With drop they are taken out "
            "of the "
            "response as well, as in gdverse; of crossed strata too, each pair by itself.")
        .advanced();
    spec.choice("risk_test", o.conventions.risk,
                {{{"welch", "Welch"}, RiskTest::welch},
                 {{"welch_rounded", "Welch, whole degrees of freedom"}, RiskTest::welch_rounded}})
        .named("Test between strata")
        .says(
            "Degrees of freedom of Welch's t-test: welch: real-valued, as in GD and gdverse; welch_rounded: rounded to "
            "a whole number, as in the R package geodetector.")
        .advanced();
    spec.choice("ecological_test", o.conventions.ecological,
                {{{"within_squares", "Ratio of squares within strata"}, EcologicalTest::within_squares},
                 {{"q_ratio", "Ratio of q"}, EcologicalTest::q_ratio},
                 {{"unexplained_ratio", "Ratio of 1 - q, one-sided"}, EcologicalTest::unexplained_ratio}})
        .named("Test between factors")
        .says(
            "What the ecological detector compares. within_squares: F = N1 (N2 - 1) SSW1 / (N2 (N1 - 1) SSW2), as "
            "published, both ways. q_ratio: F = q2 / q1, both ways, as in the R packages geodetector and GD (which "
            "test at 0.1 whatever ALPHA is). unexplained_ratio: F = (1 - q1) / (1 - q2), one way, as in gdverse.")
        .advanced();
    spec.real("alpha", o.conventions.alpha)
        .named("Significance level")
        .says("Of the tests between strata and between factors; 1 - ALPHA is the confidence of the intervals of q.")
        .at_least(1e-12)
        .at_most(0.5);
    spec.real("tolerance", o.conventions.tolerance)
        .named("Tolerance of q")
        .says("Two factors act independently where the q of the pair is the sum of theirs to within this.")
        .at_least(0)
        .at_most(0.1)
        .advanced();
}

void describe_geodetector_outputs(Spec& spec, GeodetectorOutputs& o, const std::string& one) {
    spec.table_out("factor", o.factor)
        .named("Factor detector")
        .says(
            "One row for each factor: q, F, noncentrality, p (and its decimal logarithm, where p is too small for a "
            "number), confidence interval of q, " +
            one + "s, strata, strata with a single " + one + ", " + one +
            "s of the smallest stratum, q for each stratum beyond the first, method and number of classes.")
        .with_columns({"factor", "q", "f", "noncentrality", "p", "log10_p", "q_lower", "q_upper", "n", "strata",
                       "singletons", "smallest", "q_per_stratum", "method", "classes"});
    spec.table_out("interaction", o.interaction)
        .named("Interaction detector")
        .says(
            "One row for each pair of factors: q of each, of the pair, how far the pair's q exceeds the larger of both "
            "and their sum, type of interaction, p of the pair's q, crossed strata.")
        .with_columns({"first", "second", "q_first", "q_second", "q", "above_larger", "above_sum", "type", "p",
                       "log10_p", "n", "strata", "singletons"})
        .with_words("type", interaction_words());
    spec.table_out("risk", o.risk)
        .named("Risk detector")
        .says("One row for each stratum of each factor: " + one +
              "s, mean and standard deviation (of the sample) of the "
              "response.")
        .with_columns({"factor", "stratum", "n", "mean", "sd", "lower_break", "upper_break"});
    spec.table_out("risk_tests", o.risk_tests)
        .named("Tests between strata")
        .says(
            "One row for each pair of strata of each factor: difference of the means, t, degrees of freedom, p, "
            "whether "
            "they differ (1) or not (0) at ALPHA. Empty where a stratum has a single " +
            one + " or neither varies.")
        .with_columns({"factor", "first", "second", "difference", "t", "degrees_of_freedom", "p", "log10_p", "differs"})
        .on_request();
    spec.table_out("ecological", o.ecological)
        .named("Ecological detector")
        .says(
            "One row for each pair of factors: F, p of a larger F and of a larger 1/F, whether the factors differ (1) "
            "or "
            "not (0) at ALPHA.")
        .with_columns({"first", "second", "f", "p", "log10_p", "p_reverse", "differs"});
    spec.table_out("discretization_table", o.discretization_table)
        .named("Classes of the factors")
        .says(
            "One row for each factor, method and number of classes that was tried: q, its gain over one class fewer, " +
            one + "s of the smallest class, whether it was chosen, why it could not be, and the breaks.")
        .with_columns({"factor", "method", "classes", "q", "gain", "smallest", "chosen", "remark", "breaks"});
    spec.report_out("report", o.report)
        .named("Geodetector report")
        .says(
            "HTML report: q of the factors, the interactions of all pairs with their types, discretisation curves, "
            "means "
            "by stratum, the conventions in force.");
    spec.text_out("best_factor", o.best_factor).named("Best factor").says("The factor with the largest q.");
    spec.number_out("best_q", o.best_q).named("Largest q of a factor").says("The q of the best factor, 0 to 1.");
    spec.text_out("best_pair", o.best_pair)
        .named("Best pair")
        .says("The two factors whose crossed strata have the largest q; absent with one factor.");
    spec.number_out("best_pair_q", o.best_pair_q)
        .named("Largest q of a pair")
        .says("The q of the best pair, 0 to 1; absent with one factor.");
    spec.number_out("observations", o.observations)
        .named("Observations")
        .says("Number of " + one +
              "s that the detectors worked on: those with a response and all factors, or the sample.")
        .in(one + "s");
}

std::vector<std::string> geodetector_references() {
    return {
        "Wang, J.-F., Li, X.-H., Christakos, G., Liao, Y.-L., Zhang, T., Gu, X. & Zheng, X.-Y. (2010). Geographical "
        "detectors-based health risk assessment and its application in the neural tube defects study of the Heshun "
        "region, China. International Journal of Geographical Information Science 24(1), 107-127. "
        "https://doi.org/10.1080/13658810802443457",
        "Wang, J.-F., Zhang, T.-L. & Fu, B.-J. (2016). A measure of spatial stratified heterogeneity. Ecological "
        "Indicators 67, 250-256. https://doi.org/10.1016/j.ecolind.2016.02.052",
        "Song, Y., Wang, J., Ge, Y. & Xu, C. (2020). An optimal parameters-based geographical detector model enhances "
        "geographic characteristics of explanatory variables for spatial heterogeneity analysis. GIScience & Remote "
        "Sensing 57(5), 593-610. https://doi.org/10.1080/15481603.2020.1760434"};
}

std::vector<UserError> check_geodetector_choices(const GeodetectorChoices& o) {
    std::vector<UserError> errors;
    if (o.classes_max < o.classes_min)
        errors.emplace_back("classes_max", "CLASSES_MAX: " + std::to_string(o.classes_max) +
                                               " is less than CLASSES_MIN, " + std::to_string(o.classes_min));
    if (!o.breaks.empty() && o.discretization != Discretization::given)
        errors.emplace_back("breaks", "BREAKS: needs DISCRETIZATION=given; the other methods find their own breaks");
    return errors;
}

std::string interval_words() {
    return "A confidence interval is one of the q of the population that the observations are a sample of. The q of a "
           "sample is too large, by about (L - 1) / N for L strata and N observations where the strata do not differ. "
           "Where that is much of q, the interval lies below q and does not hold it: such a q tells little.";
}

void state_geodetector_conventions(const GeodetectorChoices& o, const std::string& one, Run& run) {
    const DetectorConventions& c = o.conventions;
    run.convention("observations", one + "s with a response and all factors; missing in one is missing in all");
    run.convention("q",
                   "1 - SSW / SST; sums are exact, of integers of 62 bits that the response is brought to by a power "
                   "of two");
    run.convention(
        "test of q",
        std::string("noncentral F, noncentrality [sum m_h^2 - (sum sqrt(N_h) m_h)^2 / N] / s^2, s^2 of the ") +
            (c.variance == ResponseVariance::sample ? "sample (N - 1)" : "population (N)"));
    run.convention("confidence interval of q",
                   "q = ncp / (ncp + N) of the noncentralities ncp under which a tail beyond F is " +
                       number_text(c.alpha / 2) + " (" + number_text((1 - c.alpha) * 100) + " % confidence)");
    run.convention("strata of a single " + one, c.singletons == SingletonStrata::keep
                                                    ? "kept, with a variance of 0"
                                                    : "dropped from response and strata; N and L without them");
    run.convention(
        "types of interaction",
        "weaken_nonlinear: q below both; weaken_uni: not above the larger; enhance_bi: above both, below the "
        "sum; independent: the sum to within " +
            number_text(c.tolerance) + "; enhance_nonlinear: above the sum");
    run.convention("tests between strata",
                   std::string("Welch's t-test, two-sided, ") +
                       (c.risk == RiskTest::welch ? "real-valued degrees of freedom"
                                                  : "degrees of freedom rounded to a whole number") +
                       "; no correction for their number");
    switch (c.ecological) {
        case EcologicalTest::within_squares:
            run.convention("ecological detector",
                           "F = N1 (N2 - 1) SSW1 / (N2 (N1 - 1) SSW2) with N1 - 1 and N2 - 1 degrees of freedom, both "
                           "ways at " +
                               number_text(c.alpha));
            break;
        case EcologicalTest::q_ratio:
            run.convention("ecological detector",
                           "F = q2 / q1 with N - 1 and N - 1 degrees of freedom, both ways at " + number_text(c.alpha));
            break;
        case EcologicalTest::unexplained_ratio:
            run.convention(
                "ecological detector",
                "F = (1 - q1) / (1 - q2) with N - 1 and N - 1 degrees of freedom, one way at " + number_text(c.alpha));
            break;
    }
}

namespace {

const KindWords& factor_words() {
    static const KindWords words = {"factor", "factors", ", which is divided into classes",
                                    ", which are divided into classes"};
    return words;
}

std::vector<std::string> names_of(const std::vector<Factor>& factors) {
    std::vector<std::string> names;
    for (const auto& factor : factors) names.push_back(factor.name);
    return names;
}

}  // namespace

void choose_continuous(std::vector<Factor>& factors, const GeodetectorChoices& o, const std::vector<KindLook>& looks,
                       Run& run) {
    const auto chosen = choose_continuous(names_of(factors), o.continuous, o.categorical, looks, factor_words(), run);
    for (std::size_t i = 0; i < factors.size(); ++i) factors[i].continuous = chosen[i];
}

std::map<std::size_t, std::vector<double>> given_breaks(const std::vector<Factor>& factors,
                                                        const GeodetectorChoices& o) {
    std::map<std::size_t, std::vector<double>> all;
    if (o.discretization != Discretization::given) return all;
    std::size_t start = 0;
    while (start < o.breaks.size()) {
        const auto end = std::min(o.breaks.find(';', start), o.breaks.size());
        const std::string entry(trimmed(std::string_view(o.breaks).substr(start, end - start)));
        start = end + 1;
        if (entry.empty()) continue;
        const auto colon = entry.rfind(':');
        if (colon == std::string::npos)
            throw wrong("breaks",
                        "\"" + entry + "\" has no colon; write the factor, a colon and the breaks: slope: 5, 15, 25");
        const std::string name(trimmed(std::string_view(entry).substr(0, colon)));
        const std::size_t factor = named_by(name, names_of(factors), "breaks", factor_words());
        if (!factors[factor].continuous)
            throw wrong("breaks", "the factor \"" + factors[factor].name +
                                      "\" holds classes; name it in CONTINUOUS, or leave its breaks out");
        std::vector<double> breaks;
        for (const auto& text : split_list(entry.substr(colon + 1))) {
            const auto number = parse_number(text);
            if (!number || !std::isfinite(*number)) throw wrong("breaks", "\"" + text + "\" is not a number");
            breaks.push_back(*number);
        }
        if (breaks.empty()) throw wrong("breaks", "\"" + entry + "\" has no breaks");
        if (breaks.size() > 1000) throw wrong("breaks", "more than 1000 breaks for \"" + name + "\"");
        std::sort(breaks.begin(), breaks.end());
        breaks.erase(std::unique(breaks.begin(), breaks.end()), breaks.end());
        if (!all.emplace(factor, std::move(breaks)).second)
            throw wrong("breaks", "the factor \"" + factors[factor].name + "\" appears twice");
    }
    for (std::size_t i = 0; i < factors.size(); ++i)
        if (factors[i].continuous && !all.count(i))
            throw wrong("breaks", "missing for the continuous factor \"" + factors[i].name +
                                      "\"; DISCRETIZATION=given needs breaks, or CONTINUOUS without this factor if "
                                      "it holds classes");
    return all;
}

std::vector<BreakMethod> methods_tried(Discretization discretization) {
    switch (discretization) {
        case Discretization::given:
            return {};
        case Discretization::equal:
            return {BreakMethod::equal_interval};
        case Discretization::quantile:
            return {BreakMethod::quantile};
        case Discretization::natural:
            return {BreakMethod::natural};
        case Discretization::geometric:
            return {BreakMethod::geometric};
        case Discretization::standard_deviation:
            return {BreakMethod::standard_deviation};
        case Discretization::optimal:
            break;
    }
    return {BreakMethod::equal_interval, BreakMethod::quantile, BreakMethod::natural, BreakMethod::geometric,
            BreakMethod::standard_deviation};
}

std::string method_key(BreakMethod method) {
    switch (method) {
        case BreakMethod::equal_interval:
            return "equal";
        case BreakMethod::quantile:
            return "quantile";
        case BreakMethod::natural:
            return "natural";
        case BreakMethod::geometric:
            return "geometric";
        case BreakMethod::standard_deviation:
            break;
    }
    return "standard_deviation";
}

std::string method_name(BreakMethod method) {
    switch (method) {
        case BreakMethod::equal_interval:
            return "Equal intervals";
        case BreakMethod::quantile:
            return "Quantiles";
        case BreakMethod::natural:
            return "Natural breaks";
        case BreakMethod::geometric:
            return "Geometric";
        case BreakMethod::standard_deviation:
            break;
    }
    return "Standard deviations";
}

namespace {

// Minus signs of typography, as wide as plus signs.
const std::array<InteractionWords, 5>& all_interactions() {
    static const std::array<InteractionWords, 5> words = {{{"weaken_nonlinear", "Weakened, nonlinear", "\u2212\u2212"},
                                                           {"weaken_uni", "Weakened, one factor", "\u2212"},
                                                           {"enhance_bi", "Enhanced, both factors", "+"},
                                                           {"independent", "Independent", "="},
                                                           {"enhance_nonlinear", "Enhanced, nonlinear", "++"}}};
    return words;
}

}  // namespace

const InteractionWords& words_of(Interaction interaction) {
    return all_interactions()[static_cast<std::size_t>(interaction)];
}

std::vector<Choice> interaction_words() {
    std::vector<Choice> words;
    for (const auto& interaction : all_interactions()) words.push_back({interaction.key, interaction.name});
    return words;
}

}  // namespace landcarbon
