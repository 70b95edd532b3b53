// Land Carbon Toolbox: the texts that explain the command; all of them are made from the specs.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "spec/algorithm.hpp"

namespace landcarbon {

/// What `landcarbon --help` shows.
std::string command_help();
/// What `landcarbon <algorithm> --help` shows.
std::string algorithm_help(const Spec& spec);
/// The algorithms by group with their summaries.
std::string algorithm_list();
/// The toolbox's version and GDAL's.
std::string version_text();
/// All specs as one JSON array.
std::string json_usage();
/// A completion script for bash.
std::string bash_completion();

}  // namespace landcarbon
