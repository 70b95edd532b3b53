// Land Carbon Toolbox: land simulation: what FLUS and PLUS have in common: options, description and run.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/class_match.hpp"
#include "land_simulation/automaton.hpp"
#include "spec/spec.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

enum class RulesPreset { as_given, beibu_urbanized, beibu_agricultural, beibu_ecological };
enum class WeightsPreset { as_given, beibu };
enum class DemandTotal { exact, scale };
enum class Unreachable { error, nearest };

struct SimulationOptions {
    RasterInput land_cover;
    RasterStack suitability;  ///< one band a class
    TableInput demand;
    std::optional<double> year;
    DemandTotal demand_total = DemandTotal::exact;
    Unreachable unreachable = Unreachable::error;
    RulesPreset rules = RulesPreset::as_given;
    TableInput conversion;
    std::string scenario;
    Matrix conversion_changes;
    WeightsPreset weighting = WeightsPreset::as_given;
    TableInput weights;
    ClassMatch match = ClassMatch::codes_and_names;
    std::int64_t window = 3;
    RasterInput restricted;
    Allocation allocation = Allocation::roulette;
    Control control = Control::gap;
    CentreCount centre = CentreCount::isolated;
    std::int64_t iterations = 300;
    double tolerance = 0;
    double acceleration = 0.1;
    double exchange = 0;
    std::int64_t seed = 1;
    TableInput classes;
    std::optional<PatchRules> patches;  ///< PLUS

    RasterOutput simulated;
    TableOutput history;
    ReportOutput report;

    NumberOutput iterations_done;
    NumberOutput residual_cells;
    NumberOutput residual_share;
    NumberOutput changed_cells;
    NumberOutput seed_used;
    NumberOutput target_year;
    TextOutput stop_reason;
};

/// Arguments that both have, in three parts: what must be given, what may be given, outputs. Those of PLUS go between.
void describe_simulation_inputs(Spec& spec, SimulationOptions& o);
void describe_simulation_choices(Spec& spec, SimulationOptions& o);
void describe_simulation_outputs(Spec& spec, SimulationOptions& o);

/// Runs the simulation. @throws UserError, IoError, Cancelled
void simulate(SimulationOptions& options, Run& run);

}  // namespace landcarbon
