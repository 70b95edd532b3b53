// Land Carbon Toolbox: Geodetector of rasters: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/geodetector/geodetector.hpp"

#include <filesystem>

#include "drivers/geodetector/raster_observations.hpp"
#include "drivers/geodetector_output.hpp"

namespace landcarbon {

void geodetector(GeodetectorOptions& options, Run& run) {
    RasterObservations cells(options, run);
    state_geodetector_conventions(options.choices, "cell", run);
    const GeodetectorFindings findings = find_drivers(cells, options.choices, run);
    const std::string subject = std::filesystem::path(options.response.path).stem().string();
    write_geodetector(findings, options.choices, options.outputs, subject, "cell", run);
}

}  // namespace landcarbon
