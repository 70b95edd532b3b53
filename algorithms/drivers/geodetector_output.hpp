// Land Carbon Toolbox: what a Geodetector hands out: numbers, tables and the report.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "drivers/geodetector_analysis.hpp"

namespace landcarbon {

/// Sets the numbers and writes all tables and the report.
/// @param subject what the response is called; @param one what an observation is called
void write_geodetector(const GeodetectorFindings& findings, const GeodetectorChoices& choices,
                       GeodetectorOutputs& outputs, const std::string& subject, const std::string& one, Run& run);

}  // namespace landcarbon
