// Land Carbon Toolbox: which layer of a vector file or workbook is read.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/layer_choice.hpp"

#include <ogr_api.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {

LayerChoice choose_layer(GDALDatasetH dataset, const std::string& path, const std::string& name,
                         const std::string& kind, const std::vector<std::string>& hidden) {
    const int count = GDALDatasetGetLayerCount(dataset);
    const auto name_of = [&](int i) { return std::string(OGR_L_GetName(GDALDatasetGetLayer(dataset, i))); };
    if (name.rfind(numbered_layer, 0) == 0) {
        const auto number = parse_integer(name.substr(std::string_view(numbered_layer).size()));
        if (!number || *number < 0 || *number >= count)
            throw IoError(path, "has " + std::to_string(count) + (count == 1 ? " layer" : " layers") +
                                    "; |layerid= counts them from 0");
        return {GDALDatasetGetLayer(dataset, static_cast<int>(*number)), {}};
    }
    if (!name.empty()) {
        if (OGRLayerH layer = GDALDatasetGetLayerByName(dataset, name.c_str())) return {layer, {}};
        std::vector<std::string> all;
        for (int i = 0; i < count; ++i) all.push_back(name_of(i));
        throw IoError(path,
                      "has no layer \"" + name + "\"" + (all.empty() ? "" : "; it has " + listed(quoted(all), 20)));
    }
    if (count == 0) throw IoError(path, "has no layer");
    if (count == 1) return {GDALDatasetGetLayer(dataset, 0), {}};
    std::vector<std::string> full;
    LayerChoice choice;
    std::vector<std::pair<OGRLayerH, std::string>> unseen;
    for (int i = 0; i < count; ++i) {
        OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
        if (OGR_L_GetFeatureCount(layer, TRUE) == 0) continue;
        // Tables beside layers of shapes, such as the styles that QGIS keeps.
        if (kind == "layers" && OGR_L_GetGeomType(layer) == wkbNone) continue;
        if (std::find(hidden.begin(), hidden.end(), name_of(i)) != hidden.end()) {
            unseen.emplace_back(layer, name_of(i));
            continue;
        }
        if (!choice.layer) choice.layer = layer;
        full.push_back(name_of(i));
    }
    if (!choice.layer && !unseen.empty()) {
        choice.layer = unseen.front().first;
        full.push_back(unseen.front().second);
        unseen.erase(unseen.begin());
    }
    std::vector<std::string> others;
    if (!full.empty()) others = quoted({full.begin() + 1, full.end()});
    for (const auto& entry : unseen) others.push_back("\"" + entry.second + "\" (hidden)");
    if (!others.empty())
        choice.remark = "it holds several " + kind + "; \"" + full.front() + "\" was read. The " +
                        (others.size() == 1 && !unseen.empty() ? "other is " : "others are ") + listed(others, 20) +
                        "; name one with |layername=NAME";
    if (!choice.layer) choice.layer = GDALDatasetGetLayer(dataset, 0);
    return choice;
}

}  // namespace landcarbon
