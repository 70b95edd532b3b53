// Land Carbon Toolbox: the report of a Geodetector.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "drivers/geodetector_analysis.hpp"
#include "engine/report/report.hpp"

namespace landcarbon {

/// q of the factors, the interactions, the discretisation curves, the means by stratum.
Report geodetector_report(const GeodetectorFindings& findings, const GeodetectorChoices& choices,
                          const GeodetectorOutputs& outputs, const std::string& subject, const std::string& one);

}  // namespace landcarbon
