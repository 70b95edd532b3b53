// Land Carbon Toolbox: which layer of a vector file or workbook is read.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include <gdal.h>
#include <ogr_core.h>

namespace landcarbon {

/// Stands before the number (from 0) of a layer that is chosen by it, in the place of a name.
constexpr const char* numbered_layer = "\x01";

/// The layer of a name, else the first that has rows.
struct LayerChoice {
    OGRLayerH layer = nullptr;
    /// What the user should know where others have rows too: "it holds several KIND; ..."; else empty.
    std::string remark;
};
/// @param path for messages
/// @param name empty: not said
/// @param kind what the layers are, in the plural: "tables"
/// @param hidden names of layers that a person does not see: taken where no other has rows
/// @throws IoError listing the layers there are
LayerChoice choose_layer(GDALDatasetH dataset, const std::string& path, const std::string& name,
                         const std::string& kind, const std::vector<std::string>& hidden = {});

}  // namespace landcarbon
