// Land Carbon Toolbox: what the user typed: the algorithm, its arguments and the command's own options.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "spec/algorithm.hpp"

namespace landcarbon {

/// An option that the command itself has, whatever the algorithm.
struct CommandOption {
    std::string names;        ///< as typed, separated by commas: "-q,--quiet"
    std::string placeholder;  ///< what its value stands for; empty for a flag
    std::string help;
    bool is_for_runs;  ///< false: only shows something and ends
};
/// The command's own options in the order users see them.
const std::vector<CommandOption>& command_options();

/// A command line, read.
struct CommandLine {
    std::unique_ptr<Algorithm> algorithm;  ///< none when no algorithm was named
    std::map<std::string, Value> values;   ///< what `assign` takes
    std::vector<std::string> errors;       ///< all that is wrong with the words themselves, each a line for the user
    bool help = false;
    bool version = false;
    bool list = false;
    bool json_usage = false;
    bool formats = false;
    bool json = false;
    bool quiet = false;
    bool overwrite = false;
    bool debug = false;
    std::string completion;                                   ///< the shell to write a completion script for
    std::string output_format;                                ///< GDAL's driver name for raster outputs
    std::vector<std::pair<std::string, std::string>> config;  ///< GDAL's configuration options
};

/// Reads the words after the program's name. Never throws for what a user can type: see `errors`.
CommandLine read_command_line(const std::vector<std::string>& words);

}  // namespace landcarbon
