// Land Carbon Toolbox: geographically weighted regression of a layer: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "drivers/gwr_choices.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

struct GwrLayerOptions {
    VectorInput places;
    std::vector<std::string> responses;
    std::vector<std::string> drivers;
    std::string name_field;
    GwrChoices choices;

    VectorOutput local;
    GwrOutputs outputs;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void gwr_layer(GwrLayerOptions& options, Run& run);

}  // namespace landcarbon
