// Land Carbon Toolbox: Geodetector of rasters: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "drivers/geodetector_choices.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

struct GeodetectorOptions {
    RasterInput response;
    RasterStack factors;
    std::string factor_names;
    GeodetectorChoices choices;
    RasterOutput classified;
    GeodetectorOutputs outputs;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void geodetector(GeodetectorOptions& options, Run& run);

}  // namespace landcarbon
