// Land Carbon Toolbox: a folder for one test, small rasters in it, and running an algorithm by its arguments.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/sandbox.hpp"

#include <cpl_string.h>
#include <ogr_srs_api.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include "engine/faults.hpp"
#include "engine/gdal.hpp"
#include "support/catch.hpp"

namespace landcarbon::test {
namespace fs = std::filesystem;

Sandbox::Sandbox() {
    std::string pattern = (fs::temp_directory_path() / "landcarbon-test-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
    sync_to_disk(false);
}

Sandbox::~Sandbox() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

std::string Sandbox::text(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
}

std::vector<std::string> Sandbox::names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

void remove_output(const std::string& path) {
    fs::remove(path);
    fs::remove(path + ".json");
    for (const char* ending : {".qml", ".csvt", ".cpg"}) fs::remove(fs::path(path).replace_extension(ending));
}

std::string wkt_of_epsg(int code) {
    start_gdal();
    const SrsPtr srs(OSRNewSpatialReference(nullptr));
    REQUIRE(OSRImportFromEPSG(srs.get(), code) == OGRERR_NONE);
    char* wkt = nullptr;
    OSRExportToWkt(srs.get(), &wkt);
    std::string text = wkt;
    CPLFree(wkt);
    return text;
}

RasterRecipe geographic_recipe(int width, int height, double west, double north, double cell) {
    RasterRecipe recipe;
    recipe.width = width;
    recipe.height = height;
    recipe.epsg = 4326;
    recipe.transform = {west, cell, 0, north, 0, -cell};
    return recipe;
}

std::string make_raster(const Sandbox& sandbox, const std::string& name, const RasterRecipe& recipe) {
    start_gdal();
    const GdalMessages messages;
    CPLStringList options;
    for (const auto& option : recipe.options) options.AddString(option.c_str());
    const std::string path = sandbox.path(name);
    DatasetPtr dataset(GDALCreate(GDALGetDriverByName("GTiff"), path.c_str(), recipe.width, recipe.height,
                                  static_cast<int>(recipe.bands.size()), recipe.type, options.List()));
    REQUIRE(dataset);
    std::vector<double> transform = recipe.transform;
    if (!transform.empty()) GDALSetGeoTransform(dataset.get(), transform.data());
    if (recipe.epsg) {
        OGRSpatialReferenceH srs = OSRNewSpatialReference(nullptr);
        REQUIRE(OSRImportFromEPSG(srs, recipe.epsg) == OGRERR_NONE);
        GDALSetSpatialRef(dataset.get(), srs);
        OSRRelease(srs);
    }
    for (std::size_t i = 0; i < recipe.bands.size(); ++i) {
        GDALRasterBandH band = GDALGetRasterBand(dataset.get(), static_cast<int>(i) + 1);
        if (recipe.has_nodata) GDALSetRasterNoDataValue(band, recipe.nodata);
        std::vector<double> cells = recipe.bands[i];
        REQUIRE(cells.size() == static_cast<std::size_t>(recipe.width) * static_cast<std::size_t>(recipe.height));
        REQUIRE(GDALRasterIO(band, GF_Write, 0, 0, recipe.width, recipe.height, cells.data(), recipe.width,
                             recipe.height, GDT_Float64, 0, 0) == CE_None);
    }
    if (!recipe.mask.empty()) {
        REQUIRE(GDALCreateDatasetMaskBand(dataset.get(), GMF_PER_DATASET) == CE_None);
        std::vector<unsigned char> mask = recipe.mask;
        REQUIRE(GDALRasterIO(GDALGetMaskBand(GDALGetRasterBand(dataset.get(), 1)), GF_Write, 0, 0, recipe.width,
                             recipe.height, mask.data(), recipe.width, recipe.height, GDT_Byte, 0, 0) == CE_None);
    }
    return path;
}

std::string make_classes(const Sandbox& sandbox, const std::string& name, int width, std::vector<double> cells) {
    RasterRecipe recipe;
    recipe.width = width;
    recipe.height = static_cast<int>(cells.size()) / width;
    recipe.bands = {std::move(cells)};
    recipe.has_nodata = true;
    return make_raster(sandbox, name, recipe);
}

std::vector<double> read_raster(const std::string& path, int band_number) {
    start_gdal();
    const DatasetPtr dataset(GDALOpen(path.c_str(), GA_ReadOnly));
    REQUIRE(dataset);
    GDALRasterBandH band = GDALGetRasterBand(dataset.get(), band_number);
    const int width = GDALGetRasterXSize(dataset.get());
    const int height = GDALGetRasterYSize(dataset.get());
    std::vector<double> cells(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    REQUIRE(GDALRasterIO(band, GF_Read, 0, 0, width, height, cells.data(), width, height, GDT_Float64, 0, 0) ==
            CE_None);
    int has = 0;
    const double nodata = GDALGetRasterNoDataValue(band, &has);
    for (double& cell : cells)
        if (has && cell == nodata) cell = std::numeric_limits<double>::quiet_NaN();
    return cells;
}

std::string read_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::vector<std::string>> read_csv(const std::string& path) {
    std::vector<std::vector<std::string>> rows;
    std::string text = read_text(path);
    if (text.compare(0, 3, "\xef\xbb\xbf") == 0) text.erase(0, 3);
    std::istringstream lines(text);
    std::string line;
    while (std::getline(lines, line)) {
        rows.emplace_back();
        rows.back().emplace_back();
        bool quoted = false;
        for (const char c : line) {
            if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
                rows.back().emplace_back();
            else
                rows.back().back() += c;
        }
    }
    return rows;
}

std::string csv_cell(const std::string& path, const std::map<std::string, std::string>& where,
                     const std::string& column) {
    const auto rows = read_csv(path);
    REQUIRE(!rows.empty());
    const auto position = [&](const std::string& name) {
        const auto found = std::find(rows[0].begin(), rows[0].end(), name);
        INFO("column " << name);
        REQUIRE(found != rows[0].end());
        return static_cast<std::size_t>(found - rows[0].begin());
    };
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const bool matches = std::all_of(where.begin(), where.end(), [&](const auto& wanted) {
            return rows[i][position(wanted.first)] == wanted.second;
        });
        if (matches) return rows[i][position(column)];
    }
    FAIL("no such row in " << path);
    return {};
}

std::map<std::string, Value> run_algorithm(const std::string& id, const std::map<std::string, Value>& arguments,
                                           Monitor& monitor) {
    const auto algorithm = make_algorithm(id);
    REQUIRE(algorithm);
    assign(algorithm->spec(), arguments);
    algorithm->run(monitor);
    std::map<std::string, Value> results;
    for (const auto& argument : algorithm->spec().arguments)
        if ((argument->kind == Kind::number_out || argument->kind == Kind::text_out) &&
            !std::holds_alternative<std::monostate>(argument->get()))
            results[argument->id] = argument->get();
    return results;
}

std::map<std::string, Value> run_algorithm(const std::string& id, const std::map<std::string, Value>& arguments) {
    Monitor silent;
    return run_algorithm(id, arguments, silent);
}

double number(const std::map<std::string, Value>& results, const std::string& id) {
    INFO("result " << id);
    REQUIRE(results.count(id) == 1);
    return std::get<double>(results.at(id));
}

std::string error_of(const std::string& id, const std::map<std::string, Value>& arguments) {
    try {
        run_algorithm(id, arguments);
    } catch (const Error& error) {
        return error.what();
    }
    FAIL(id << " should have failed");
    return {};
}

}  // namespace landcarbon::test
