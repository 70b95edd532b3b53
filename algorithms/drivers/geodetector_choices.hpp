// Land Carbon Toolbox: what users choose for a Geodetector, of rasters and of tables: arguments, checks, conventions.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "drivers/detectors.hpp"
#include "engine/band_kinds.hpp"
#include "maths/class_breaks.hpp"
#include "spec/spec.hpp"

namespace landcarbon {

class Run;

/// How continuous factors become classes.
enum class Discretization { given, equal, quantile, natural, geometric, standard_deviation, optimal };

struct GeodetectorChoices {
    std::string continuous;
    std::string categorical;
    Discretization discretization = Discretization::optimal;
    std::int64_t classes_min = 3;
    std::int64_t classes_max = 10;
    std::string breaks;
    std::int64_t minimum_stratum = 2;
    std::optional<std::int64_t> sample;
    std::int64_t seed = 1;
    DetectorConventions conventions;
};

struct GeodetectorOutputs {
    TableOutput factor;
    TableOutput interaction;
    TableOutput risk;
    TableOutput risk_tests;
    TableOutput ecological;
    TableOutput discretization_table;
    ReportOutput report;

    TextOutput best_factor;
    NumberOutput best_q;
    TextOutput best_pair;
    NumberOutput best_pair_q;
    NumberOutput observations;
};

/// Adds the arguments of the choices. @param one what an observation is called: "cell" or "row"
void describe_geodetector_choices(Spec& spec, GeodetectorChoices& choices, const std::string& one);
void describe_geodetector_outputs(Spec& spec, GeodetectorOutputs& outputs, const std::string& one);
/// Where the method comes from.
std::vector<std::string> geodetector_references();
/// All that is wrong with them, seen by themselves; for Spec::check.
std::vector<UserError> check_geodetector_choices(const GeodetectorChoices& choices);
/// Why a confidence interval may lie beside the q that it is of, for reports and warnings.
std::string interval_words();
/// States the conventions in force.
void state_geodetector_conventions(const GeodetectorChoices& choices, const std::string& one, Run& run);

/// One factor: what it is called, and whether it holds measurements instead of classes.
struct Factor {
    std::string name;
    bool continuous = false;
};

/// Marks factors as continuous by CONTINUOUS and CATEGORICAL: "all", "none", or positions (from 1) and names; those
/// that neither names, by what they look like. Says what each was taken for.
/// @throws UserError naming the entry, and the names there are
void choose_continuous(std::vector<Factor>& factors, const GeodetectorChoices& choices,
                       const std::vector<KindLook>& looks, Run& run);
/// The breaks that BREAKS gives, by the factor's place, ascending.
/// @throws UserError also when a continuous factor has none although DISCRETIZATION=given
std::map<std::size_t, std::vector<double>> given_breaks(const std::vector<Factor>& factors,
                                                        const GeodetectorChoices& choices);

/// The methods that are tried, in the order in which the first of equally good ones is taken.
std::vector<BreakMethod> methods_tried(Discretization discretization);
/// The word of a method as DISCRETIZATION has it, and its name for people.
std::string method_key(BreakMethod method);
std::string method_name(BreakMethod method);
/// Words of an interaction: key for tables, name and two signs for people.
struct InteractionWords {
    std::string key, name, sign;
};
const InteractionWords& words_of(Interaction interaction);
/// All of them, as they stand in tables, with what they mean.
std::vector<Choice> interaction_words();

}  // namespace landcarbon
