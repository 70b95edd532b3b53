// Land Carbon Toolbox: small valid arguments for any algorithm, made from its spec alone.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>

#include "support/sandbox.hpp"

namespace landcarbon::test {

/// How NoData is told in the example rasters; cells and holes are the same in all three.
enum class NoDataForm { declared, not_a_number, mask };

/// How the example files are made.
struct ExampleStorage {
    NoDataForm form = NoDataForm::declared;
    std::vector<std::string> options = {};  ///< creation options of rasters: blocks, compression
    bool empty = false;                     ///< no cell of any raster holds anything
    int width = 45;
    int height = 37;
    int epsg = 32649;
    std::vector<double> transform = {500000, 100, 0, 4000000, 0, -100};
};

/// Which optional inputs are given.
enum class Given { required_only, as_much_as_goes };

/// Makes example files in the sandbox and arguments that use them. Fails the test when an argument has no example,
/// saying what to add to examples.cpp. The first cell of every raster holds nothing.
std::map<std::string, Value> example_inputs(const Sandbox& box, const Spec& spec, const ExampleStorage& storage = {},
                                            Given given = Given::as_much_as_goes);

/// A file in `folder`, which is made, for each output that can be made from all inputs.
std::map<std::string, Value> example_outputs(const Spec& spec, const std::filesystem::path& folder);

/// True when the algorithm has a raster among its inputs.
bool reads_rasters(const Spec& spec);

}  // namespace landcarbon::test
