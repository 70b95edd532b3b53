// Land Carbon Toolbox: a folder for one test, small rasters in it, and running an algorithm by its arguments.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gdal.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "spec/algorithm.hpp"

namespace landcarbon::test {

/// A fresh folder, removed at the end.
class Sandbox {
public:
    Sandbox();
    ~Sandbox();
    std::string path(const std::string& name) const { return (folder_ / name).string(); }
    const std::filesystem::path& folder() const { return folder_; }
    /// Writes a text file and returns its path.
    std::string text(const std::string& name, const std::string& content) const;
    /// All names of files and folders in it, sorted; hidden ones too.
    std::vector<std::string> names() const;

private:
    std::filesystem::path folder_;
};

/// How a small raster is made.
struct RasterRecipe {
    int width = 1;
    int height = 1;
    std::vector<std::vector<double>> bands;  ///< row-major cells of each band
    GDALDataType type = GDT_Byte;
    std::vector<double> transform = {500000, 100, 0, 4000000, 0, -100};
    int epsg = 32649;  ///< 0: no reference system
    bool has_nodata = false;
    double nodata = 0;
    std::vector<std::string> options = {};
    std::vector<unsigned char> mask = {};  ///< per-dataset mask, 255 valid
};
/// A recipe, still without bands, in EPSG:4326: its upper left corner and the side of its square cells in degrees.
RasterRecipe geographic_recipe(int width, int height, double west, double north, double cell);
/// The reference system of an EPSG code as text.
std::string wkt_of_epsg(int code);
/// Writes a GeoTIFF and returns its path.
std::string make_raster(const Sandbox& sandbox, const std::string& name, const RasterRecipe& recipe);
/// A class raster of 100 m cells in EPSG:32649; 0 is NoData.
std::string make_classes(const Sandbox& sandbox, const std::string& name, int width, std::vector<double> cells);

/// The path of a file of the project, or beside it, by its path from the project's root.
std::string source_file(const std::string& name);
/// All cells of one band as double; NoData is NaN.
std::vector<double> read_raster(const std::string& path, int band = 1);
std::string read_text(const std::string& path);
/// Removes an output with its record, style and column types, so that the next run may write it again.
void remove_output(const std::string& path);
/// A CSV file as rows of cells; the header is the first row. Simple: quotes may hold separators, but no quotes or line
/// ends.
std::vector<std::vector<std::string>> read_csv(const std::string& path);
/// The cell of `column` in the first row whose given columns have the given texts; fails the test when there is none.
std::string csv_cell(const std::string& path, const std::map<std::string, std::string>& where,
                     const std::string& column);

/// Runs an algorithm by id (snake case) with arguments as texts, and returns its numbers and texts by id.
/// @throws what the algorithm throws
std::map<std::string, Value> run_algorithm(const std::string& id, const std::map<std::string, Value>& arguments,
                                           Monitor& monitor);
std::map<std::string, Value> run_algorithm(const std::string& id, const std::map<std::string, Value>& arguments);
/// A number result; fails the test when it is absent.
double number(const std::map<std::string, Value>& results, const std::string& id);
/// The message of the error that the algorithm ends with; fails the test when it succeeds.
std::string error_of(const std::string& id, const std::map<std::string, Value>& arguments);

}  // namespace landcarbon::test
