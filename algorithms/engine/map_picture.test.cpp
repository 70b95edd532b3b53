// Land Carbon Toolbox: tests of pictures of maps for reports.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/map_picture.hpp"

#include <cstdint>
#include <fstream>

#include "engine/gdal.hpp"
#include "support/catch.hpp"
#include "support/markup.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

Grid grid_of(int width, int height) {
    Grid grid;
    grid.width = width;
    grid.height = height;
    return grid;
}

}  // namespace

TEST_CASE("a pixel of a picture has the mean colour of its cells", "[map_picture]") {
    start_gdal();
    const Sandbox box;
    const std::vector<std::string> colours = {"", "#ff0000", "#0000ff"};
    const std::vector<std::uint8_t> upper = {1, 1, 2, 0, 0}, lower = {1, 2, 2, 0, 0};
    // Two rows of five cells, two by two cells a pixel, in two blocks and two pictures that are united.
    MapPicture picture(grid_of(5, 2), 3), other(grid_of(5, 2), 3);
    picture.add({0, 0, 5, 1}, upper.data(), colours);
    other.add({0, 1, 5, 1}, lower.data(), colours);
    picture.merge(other);
    const std::string path = box.path("picture.png");
    std::ofstream(path, std::ios::binary) << picture.png();
    // Three red cells and one blue one; two blue ones; none.
    const DatasetPtr file(GDALOpen(path.c_str(), GA_ReadOnly));
    REQUIRE(file);
    CHECK(GDALGetRasterXSize(file.get()) == 3);
    CHECK(GDALGetRasterYSize(file.get()) == 1);
    std::uint8_t pixels[4][3];
    for (int b = 1; b <= 4; ++b)
        REQUIRE(GDALRasterIO(GDALGetRasterBand(file.get(), b), GF_Read, 0, 0, 3, 1, pixels[b - 1], 3, 1, GDT_Byte, 0,
                             0) == CE_None);
    CHECK((pixels[0][0] == 191 && pixels[1][0] == 0 && pixels[2][0] == 64 && pixels[3][0] == 255));
    CHECK((pixels[0][1] == 0 && pixels[2][1] == 255 && pixels[3][1] == 255));
    CHECK(pixels[3][2] == 0);
}

TEST_CASE("a figure of pictures stands alone, with titles, legend and scale", "[map_picture]") {
    Grid grid = grid_of(300, 200);
    grid.transform = {0, 100, 0, 0, 0, -100};
    PictureFigure figure = picture_figure_of(grid, 10000.0);
    CHECK(figure.width_units / figure.height_units == Approx(1.5));
    CHECK(figure.metres_per_unit == Approx(1));
    figure.title = "Maps";
    figure.pictures = {{"Today & tomorrow", "png"}, {"Later", "png"}};
    figure.legend = {{"Forest", "#2f7d4a"}};
    const std::string svg = picture_figure(figure);
    CHECK_FALSE(xml_fault(svg));
    CHECK(svg.find("Today &amp; tomorrow") != std::string::npos);
    CHECK(svg.find("Forest") != std::string::npos);
    CHECK(svg.find("5 km") != std::string::npos);
    CHECK(svg.find("href=\"data:image/png;base64,cG5n\"") != std::string::npos);
    CHECK(picture_figure({}).find("No data") != std::string::npos);
}
