// Land Carbon Toolbox: fuzz target: any shapes as a layer of zones; nothing but landcarbon::Error may come out, and cells lie
// in the same zones however the map is cut into blocks.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// An input is the text of a GeoJSON file, or lines: two letters for the reference systems of the map and of the layer
// (p projected, g geographic, m Mercator, l local, n none), then one zone a line, as WKT; a line that is none is a zone
// without a geometry.
#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/gdal.hpp"
#include "engine/zones.hpp"
#include "expect.hpp"
#include "spec/errors.hpp"

namespace {

using namespace landcarbon;

constexpr const char* json_path = "/vsimem/fuzz_zones.geojson";
constexpr const char* layer_path = "/vsimem/fuzz_zones.fgb";

SrsPtr system_of(char letter) {
    SrsPtr system(OSRNewSpatialReference(nullptr));
    if (letter == 'g')
        OSRImportFromEPSG(system.get(), 4326);
    else if (letter == 'm')
        OSRImportFromEPSG(system.get(), 3857);
    else if (letter == 'l')
        OSRSetLocalCS(system.get(), "local");
    else if (letter == 'n')
        return {};
    else
        OSRImportFromEPSG(system.get(), 32649);
    OSRSetAxisMappingStrategy(system.get(), OAMS_TRADITIONAL_GIS_ORDER);
    return system;
}

Grid grid_of(char letter) {
    Grid grid;
    grid.width = 24;
    grid.height = 16;
    grid.transform = {500000, 100, 0, 4000000, 0, -100};
    if (letter == 'g') grid.transform = {-170, 15, 0, 80, 0, -10};
    if (const SrsPtr system = system_of(letter)) {
        char* text = nullptr;
        OSRExportToWkt(system.get(), &text);
        grid.crs = text;
        CPLFree(text);
    }
    return grid;
}

/// Writes the zones as a layer. @return its path
std::string layer_of(std::string_view lines, char letter) {
    const GdalMessages messages;
    const SrsPtr system = system_of(letter);
    const char* const options[] = {"SPATIAL_INDEX=NO", nullptr};
    const DatasetPtr dataset(GDALCreate(GDALGetDriverByName("FlatGeobuf"), layer_path, 0, 0, 0, GDT_Unknown, nullptr));
    if (!dataset) return {};
    OGRLayerH layer =
        GDALDatasetCreateLayer(dataset.get(), "zones", system.get(), wkbUnknown, const_cast<char**>(options));
    if (!layer) return {};
    const FieldPtr name(OGR_Fld_Create("name", OFTString));
    OGR_L_CreateField(layer, name.get(), 1);
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size());
        std::string line(lines.substr(0, end));
        lines.remove_prefix(std::min(end + 1, lines.size()));
        const FeaturePtr feature(OGR_F_Create(OGR_L_GetLayerDefn(layer)));
        OGR_F_SetFieldString(feature.get(), 0, line.substr(0, 20).c_str());
        char* text = line.data();
        OGRGeometryH geometry = nullptr;
        const bool read = OGR_G_CreateFromWkt(&text, nullptr, &geometry) == OGRERR_NONE;
        const GeometryPtr owned(geometry);
        if (read && geometry) OGR_F_SetGeometry(feature.get(), geometry);
        static_cast<void>(OGR_L_CreateFeature(layer, feature.get()));
    }
    return layer_path;
}

/// How often each cell is in each zone, gathered over blocks of a size.
std::vector<int> cells_of(const Zones& zones, const Grid& grid, int block_width, int block_height) {
    const auto width = static_cast<std::size_t>(grid.width), height = static_cast<std::size_t>(grid.height);
    std::vector<int> counts(zones.size() * width * height);
    for (int y = 0; y < grid.height; y += block_height)
        for (int x = 0; x < grid.width; x += block_width) {
            const Window window{x, y, std::min(block_width, grid.width - x), std::min(block_height, grid.height - y)};
            for (const ZoneRun& run : zones.runs(window)) {
                expect(run.zone < zones.size(), "cells belong to a zone that there is");
                expect(run.row >= 0 && run.row < window.height && run.first >= 0 && run.first < run.last &&
                           run.last <= window.width,
                       "cells lie in the block");
                for (int column = run.first; column < run.last; ++column)
                    ++counts[(run.zone * height + static_cast<std::size_t>(y + run.row)) * width +
                             static_cast<std::size_t>(x + column)];
            }
        }
    return counts;
}

void look_at(const std::string& path, const Grid& grid) {
    try {
        const auto zones = polygon_zones("zones", path, grid);
        expect(zones->size() > 0, "there are zones");
        for (std::size_t zone = 0; zone < zones->size(); ++zone) {
            expect(zones->attributes(zone).size() == zones->columns().size(), "a zone has all attributes");
            expect(!zones->geometry(zone).empty(), "a zone has a shape");
            static_cast<void>(zones->name(zone));
        }
        const auto whole = cells_of(*zones, grid, grid.width, grid.height);
        expect(cells_of(*zones, grid, 5, 7) == whole, "zones are the same in blocks of 5 x 7 cells");
        expect(cells_of(*zones, grid, grid.width, 1) == whole, "zones are the same row by row");
        static_cast<void>(zones->survey()->shapes());
        static_cast<void>(zones->survey()->close());
    } catch (const Error& error) {
        expect(error.what()[0] != '\0', "an error has a text");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text(reinterpret_cast<const char*>(data), size);
    start_gdal();
    if (!text.empty() && text[0] == '{') {
        VSIFCloseL(VSIFileFromMemBuffer(json_path, reinterpret_cast<GByte*>(text.data()), text.size(), FALSE));
        look_at(json_path, grid_of('p'));
        VSIUnlink(json_path);
    } else if (text.size() > 3) {
        if (const std::string path = layer_of(std::string_view(text).substr(3), text[1]); !path.empty())
            look_at(path, grid_of(text[0]));
        VSIUnlink(layer_path);
    }
    return 0;
}
