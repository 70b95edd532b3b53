// Land Carbon Toolbox: geographically weighted regression of rasters: options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "drivers/gwr_choices.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

struct GwrOptions {
    RasterStack responses;
    RasterStack driver_maps;
    RasterStack predict_drivers;
    std::string response_names;
    std::string driver_names;
    GwrChoices choices;
    std::int64_t samples = 5000;
    std::optional<std::int64_t> every;
    VectorInput zones;
    std::optional<double> grid_size;
    std::optional<std::int64_t> lattice;

    RasterOutput coefficients;
    RasterOutput coefficient_errors;
    RasterOutput significance;
    RasterOutput local_r2;
    RasterOutput prediction;
    RasterOutput prediction_error;
    VectorOutput local;
    GwrOutputs outputs;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void gwr(GwrOptions& options, Run& run);

}  // namespace landcarbon
