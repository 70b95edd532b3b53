// Land Carbon Toolbox: what one band holds: every data type, every kind of NoData, scales, masks, damage.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/source.hpp"

#include <cpl_string.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "spec/errors.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;
namespace fs = std::filesystem;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const double nan_value = std::nan("");
constexpr std::int64_t none = std::numeric_limits<std::int64_t>::min() + 1;  ///< no class here

/// One row of cells.
RasterRecipe row_of(GDALDataType type, std::vector<double> cells) {
    RasterRecipe recipe;
    recipe.width = static_cast<int>(cells.size());
    recipe.type = type;
    recipe.bands = {std::move(cells)};
    return recipe;
}

RasterRecipe with_nodata(RasterRecipe recipe, double nodata) {
    recipe.has_nodata = true;
    recipe.nodata = nodata;
    return recipe;
}

/// The class codes of a raster's band, `none` where there is none.
std::vector<std::int64_t> classes_of(const std::string& path, int band = 1) {
    const auto file = std::make_shared<RasterFile>("map", path);
    ClassCodes codes;
    const Layer layer(file, band, ReadAs::classes, &codes);
    const Window all{0, 0, file->grid().width, file->grid().height};
    std::vector<std::uint16_t> slots(all.cells());
    layer.read_classes(all, slots.data());
    std::vector<std::int64_t> found;
    for (const auto slot : slots) found.push_back(slot ? codes.code(slot) : none);
    return found;
}

struct Values {
    std::vector<double> cells;  ///< NaN where invalid
    std::int64_t infinite = 0;
};

template <class T>
Values values_as(const std::string& path, int band = 1) {
    const auto file = std::make_shared<RasterFile>("map", path);
    const Layer layer(file, band, std::is_same_v<T, float> ? ReadAs::real32 : ReadAs::real64, nullptr);
    const Window all{0, 0, file->grid().width, file->grid().height};
    std::vector<T> cells(all.cells());
    std::vector<std::uint8_t> valid(all.cells());
    layer.read(all, cells.data(), valid.data());
    for (std::size_t i = 0; i < cells.size(); ++i) {
        INFO("cell " << i);
        CHECK((valid[i] == 1) == std::isfinite(cells[i]));
        CHECK(std::isnan(cells[i]) == (valid[i] == 0));
    }
    return {{cells.begin(), cells.end()}, layer.infinite_cells()};
}

/// Measurements, read as double and as float, which must agree.
std::vector<double> values_of(const std::string& path, int band = 1) {
    const Values wide = values_as<double>(path, band);
    const Values narrow = values_as<float>(path, band);
    for (std::size_t i = 0; i < wide.cells.size(); ++i)
        if (!std::isnan(wide.cells[i]) || !std::isnan(narrow.cells[i]))
            CHECK(static_cast<float>(wide.cells[i]) == narrow.cells[i]);
    CHECK(wide.infinite == narrow.infinite);
    return wide.cells;
}

bool same(const std::vector<double>& a, const std::vector<double>& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])))) return false;
    return true;
}

template <class Read>
std::string failure_of(Read read) {
    try {
        read();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

/// A one-row raster of a 64-bit integer type, cell by cell exact.
template <class T>
std::string make_wide(const Sandbox& box, const std::string& name, GDALDataType type, std::vector<T> cells,
                      const T* nodata) {
    start_gdal();
    const std::string path = box.path(name);
    const DatasetPtr dataset(
        GDALCreate(GDALGetDriverByName("GTiff"), path.c_str(), static_cast<int>(cells.size()), 1, 1, type, nullptr));
    REQUIRE(dataset);
    GDALRasterBandH band = GDALGetRasterBand(dataset.get(), 1);
    if constexpr (std::is_signed_v<T>) {
        if (nodata) GDALSetRasterNoDataValueAsInt64(band, *nodata);
    } else {
        if (nodata) GDALSetRasterNoDataValueAsUInt64(band, *nodata);
    }
    const int width = static_cast<int>(cells.size());
    REQUIRE(GDALRasterIO(band, GF_Write, 0, 0, width, 1, cells.data(), width, 1, type, 0, 0) == CE_None);
    return path;
}

}  // namespace

TEST_CASE("classes and measurements of every data type", "[source]") {
    const Sandbox box;
    for (const GDALDataType type : {GDT_Byte, GDT_UInt16, GDT_Int16, GDT_UInt32, GDT_Int32, GDT_Float32, GDT_Float64}) {
        INFO(GDALGetDataTypeName(type));
        const auto plain = make_raster(box, "plain.tif", row_of(type, {0, 1, 7, 255, 1}));
        CHECK(classes_of(plain) == std::vector<std::int64_t>{0, 1, 7, 255, 1});
        CHECK(values_of(plain) == std::vector<double>{0, 1, 7, 255, 1});
        const auto declared = make_raster(box, "declared.tif", with_nodata(row_of(type, {0, 1, 7, 255, 1}), 7));
        CHECK(classes_of(declared) == std::vector<std::int64_t>{0, 1, none, 255, 1});
        CHECK(same(values_of(declared), {0, 1, nan_value, 255, 1}));
        auto masked = row_of(type, {0, 1, 7, 255, 1});
        masked.mask = {0, 255, 255, 0, 255};
        const auto mask = make_raster(box, "masked.tif", masked);
        CHECK(classes_of(mask) == std::vector<std::int64_t>{none, 1, 7, none, 1});
        CHECK(same(values_of(mask), {nan_value, 1, 7, nan_value, 1}));
        fs::remove(mask + ".msk");
    }
}

TEST_CASE("fault 26: classes that are negative, large or very large", "[source][fault]") {
    const Sandbox box;
    using Codes = std::vector<std::int64_t>;
    CHECK(classes_of(make_raster(box, "a.tif", row_of(GDT_Int16, {-32768, -1, 32767}))) == Codes{-32768, -1, 32767});
    CHECK(classes_of(make_raster(box, "b.tif", row_of(GDT_UInt16, {65535, 32768, 0}))) == Codes{65535, 32768, 0});
    CHECK(classes_of(make_raster(box, "c.tif", row_of(GDT_Int32, {-2147483648.0, 65536, 2147483647}))) ==
          Codes{-2147483648LL, 65536, 2147483647});
    CHECK(classes_of(make_raster(box, "d.tif", row_of(GDT_UInt32, {4294967295.0, 2147483648.0}))) ==
          Codes{4294967295LL, 2147483648LL});
    CHECK(classes_of(make_raster(box, "e.tif", row_of(GDT_Float64, {-9007199254740992.0, 9007199254740992.0, 5e9}))) ==
          Codes{-9007199254740992LL, 9007199254740992LL, 5000000000LL});
    const std::int64_t huge = 9007199254740993;  // 2^53 + 1: no double holds it
    CHECK(classes_of(make_wide<std::int64_t>(box, "f.tif", GDT_Int64, {huge, huge - 1, -huge, INT64_MIN + 7, INT64_MAX},
                                             nullptr)) == Codes{huge, huge - 1, -huge, INT64_MIN + 7, INT64_MAX});
    CHECK(classes_of(make_wide<std::int64_t>(box, "g.tif", GDT_Int64, {huge, huge - 1, huge + 1}, &huge)) ==
          Codes{none, huge - 1, huge + 1});
    const auto unsigned_huge = static_cast<std::uint64_t>(huge);
    CHECK(classes_of(make_wide<std::uint64_t>(box, "h.tif", GDT_UInt64, {unsigned_huge, unsigned_huge + 1, 3},
                                              &unsigned_huge)) == Codes{none, huge + 1, 3});
    const std::uint64_t top = UINT64_MAX;
    CHECK(classes_of(make_wide<std::uint64_t>(box, "i.tif", GDT_UInt64, {top, 3}, &top)) == Codes{none, 3});
    const auto beyond = make_wide<std::uint64_t>(box, "j.tif", GDT_UInt64, {3, top}, nullptr);
    CHECK_THAT(failure_of([&] { classes_of(beyond); }),
               ContainsSubstring("18446744073709551615 at column 1, row 0, which is too large"));
    const auto float_beyond = make_raster(box, "k.tif", row_of(GDT_Float64, {1e17}));
    CHECK_THAT(failure_of([&] { classes_of(float_beyond); }), ContainsSubstring("too large to be an exact class code"));
}

TEST_CASE("fault 26: classes that are not whole numbers are refused by value and place", "[source][fault]") {
    const Sandbox box;
    RasterRecipe recipe = row_of(GDT_Float32, {1, 2, 3, 4, 1.5, 6});
    recipe.width = 3;
    recipe.height = 2;
    const auto path = make_raster(box, "a.tif", recipe);
    CHECK(failure_of([&] { classes_of(path); }) ==
          "MAP: " + path + " holds the value 1.5 at column 1, row 1, but classes must be whole numbers");
    CHECK(classes_of(make_raster(box, "b.tif", row_of(GDT_Float32, {1.0, -0.0, 3}))) ==
          std::vector<std::int64_t>{1, 0, 3});
}

TEST_CASE("signed bytes are signed", "[source][fault]") {
    const Sandbox box;
    start_gdal();
#if GDAL_VERSION_NUM >= 3070000
    RasterRecipe recipe = with_nodata(row_of(GDT_Int8, {-128, -1, 0, 127, -5}), -5);
#else
    RasterRecipe recipe = with_nodata(row_of(GDT_Byte, {128, 255, 0, 127, 251}), -5);
    recipe.options = {"PIXELTYPE=SIGNEDBYTE"};
#endif
    const auto path = make_raster(box, "a.tif", recipe);
    CHECK(classes_of(path) == std::vector<std::int64_t>{-128, -1, 0, 127, none});
    CHECK(same(values_of(path), {-128, -1, 0, 127, nan_value}));
}

TEST_CASE("fault 23: NaN and infinite cells are invalid and counted", "[source][fault]") {
    const Sandbox box;
    for (const GDALDataType type : {GDT_Float32, GDT_Float64}) {
        const auto path = make_raster(box, "a.tif", row_of(type, {1, nan_value, infinity, -infinity, 3}));
        CHECK(same(values_of(path), {1, nan_value, nan_value, nan_value, 3}));
        CHECK(values_as<double>(path).infinite == 2);
        CHECK(values_as<float>(path).infinite == 2);
        CHECK(classes_of(path) == std::vector<std::int64_t>{1, none, none, none, 3});
    }
    // Infinity declared as NoData is not worth a warning.
    const auto declared =
        make_raster(box, "b.tif", with_nodata(row_of(GDT_Float32, {1, infinity, -infinity}), infinity));
    CHECK(same(values_of(declared), {1, nan_value, nan_value}));
    CHECK(values_as<double>(declared).infinite == 1);
}

TEST_CASE("fault 24: each file's own NoData, however it is written", "[source][fault]") {
    const Sandbox box;
    const double lowest = -3.4028234663852886e38;
    SECTION("NaN declared") {
        CHECK(same(values_of(make_raster(box, "a.tif", with_nodata(row_of(GDT_Float32, {1, nan_value, 0}), nan_value))),
                   {1, nan_value, 0}));
        CHECK(classes_of(make_raster(box, "b.tif", with_nodata(row_of(GDT_Float64, {1, nan_value, 0}), nan_value))) ==
              std::vector<std::int64_t>{1, none, 0});
    }
    SECTION("the lowest float, with all its digits and with few") {
        for (const double declared : {lowest, -3.4e38, -3.40282346600000016e38, -3.40282306073709653e38}) {
            INFO(declared);
            // ESRI grids store the lowest float and declare it with few digits.
            const auto path = make_raster(box, "a.tif", with_nodata(row_of(GDT_Float32, {1, lowest, 0}), declared));
            const bool near = std::abs(lowest - declared) <= 1e-5 * std::abs(declared);
            if (!near) continue;
            CHECK(same(values_of(path), {1, nan_value, 0}));
            CHECK(classes_of(path) == std::vector<std::int64_t>{1, none, 0});
        }
    }
    SECTION("a value that the type cannot hold marks nothing") {
        for (const GDALDataType type : {GDT_Byte, GDT_UInt16, GDT_Int32, GDT_UInt32})
            for (const double impossible : {-9999.0, 0.5, 1e300, nan_value, 9.1e18}) {
                if (impossible == -9999 && type == GDT_Int32) continue;
                INFO(GDALGetDataTypeName(type) << " " << impossible);
                const auto path = make_raster(box, "a.tif", with_nodata(row_of(type, {0, 1, 241}), impossible));
                CHECK(classes_of(path) == std::vector<std::int64_t>{0, 1, 241});
                CHECK(values_of(path) == std::vector<double>{0, 1, 241});
            }
    }
    SECTION("a double is not rounded to a float before it is compared") {
        const auto path =
            make_raster(box, "a.tif", with_nodata(row_of(GDT_Float64, {16777216, 16777217, 16777218}), 16777216));
        CHECK(classes_of(path) == std::vector<std::int64_t>{none, 16777217, 16777218});
        CHECK(same(values_of(path), {nan_value, 16777217, 16777218}));
    }
    SECTION("0.1 declared for a Float32 band") {
        CHECK(same(values_of(make_raster(box, "a.tif", with_nodata(row_of(GDT_Float32, {0.1, 0.2}), 0.1))),
                   {nan_value, 0.2f}));
    }
    SECTION("255 in one file and 0 in the other") {
        CHECK(classes_of(make_raster(box, "a.tif", with_nodata(row_of(GDT_Byte, {0, 255, 3}), 255))) ==
              std::vector<std::int64_t>{0, none, 3});
        CHECK(classes_of(make_raster(box, "b.tif", with_nodata(row_of(GDT_Byte, {0, 255, 3}), 0))) ==
              std::vector<std::int64_t>{none, 255, 3});
    }
}

TEST_CASE("fault 31: scale and offset are applied, NoData is compared before", "[source][fault]") {
    const Sandbox box;
    const auto path = make_raster(box, "a.tif", with_nodata(row_of(GDT_Int16, {-100, 0, 100, 32766}), 32766));
    {
        const DatasetPtr dataset(GDALOpen(path.c_str(), GA_Update));
        GDALSetRasterScale(GDALGetRasterBand(dataset.get(), 1), 0.01);
        GDALSetRasterOffset(GDALGetRasterBand(dataset.get(), 1), 2);
    }
    const auto values = values_as<double>(path).cells;
    CHECK(values[0] == 1);
    CHECK(values[1] == 2);
    CHECK(values[2] == 3);
    CHECK(std::isnan(values[3]));
    CHECK(classes_of(path) == std::vector<std::int64_t>{1, 2, 3, none});
}

TEST_CASE("fault 31: an alpha band marks cells and is no band of data; bands 0 and beyond are refused",
          "[source][fault]") {
    const Sandbox box;
    start_gdal();
    const std::string path = box.path("a.tif");
    {
        CPLStringList options;
        options.AddString("ALPHA=YES");
        const DatasetPtr dataset(
            GDALCreate(GDALGetDriverByName("GTiff"), path.c_str(), 3, 1, 2, GDT_Byte, options.List()));
        unsigned char cells[] = {1, 2, 3}, alpha[] = {255, 0, 255};
        REQUIRE(GDALRasterIO(GDALGetRasterBand(dataset.get(), 1), GF_Write, 0, 0, 3, 1, cells, 3, 1, GDT_Byte, 0, 0) ==
                CE_None);
        REQUIRE(GDALRasterIO(GDALGetRasterBand(dataset.get(), 2), GF_Write, 0, 0, 3, 1, alpha, 3, 1, GDT_Byte, 0, 0) ==
                CE_None);
        REQUIRE(GDALSetRasterColorInterpretation(GDALGetRasterBand(dataset.get(), 2), GCI_AlphaBand) == CE_None);
    }
    CHECK(RasterFile("map", path).bands() == 1);
    CHECK(classes_of(path) == std::vector<std::int64_t>{1, none, 3});
    CHECK(same(values_of(path), {1, nan_value, 3}));
    CHECK(failure_of([&] { classes_of(path, 2); }) == "MAP: " + path + " has no band 2; its bands are 1 to 1");
    CHECK_THAT(failure_of([&] { classes_of(path, 0); }), ContainsSubstring("has no band 0"));
}

TEST_CASE("fault 31: palettes, category names and attribute tables name the classes", "[source][fault]") {
    const Sandbox box;
    const auto path = make_raster(box, "a.tif", row_of(GDT_Byte, {1, 2, 3}));
    {
        const DatasetPtr dataset(GDALOpen(path.c_str(), GA_Update));
        GDALRasterBandH band = GDALGetRasterBand(dataset.get(), 1);
        GDALColorTableH colours = GDALCreateColorTable(GPI_RGB);
        const GDALColorEntry green{0, 128, 0, 255};
        GDALSetColorEntry(colours, 2, &green);
        GDALSetRasterColorTable(band, colours);
        GDALDestroyColorTable(colours);
        CPLStringList names;
        for (const char* name : {"", "<script>alert(1)</script>", "Wald"}) names.AddString(name);
        GDALSetRasterCategoryNames(band, names.List());
    }
    RasterFile file("map", path);
    std::map<std::int64_t, ClassLabel> labels;
    for (const auto& label : file.labels(1)) labels[label.code] = label;
    CHECK(labels.at(1).name == "<script>alert(1)</script>");
    CHECK(labels.at(2).name == "Wald");
    CHECK(labels.at(2).colour == "#008000");
    CHECK(classes_of(path) == std::vector<std::int64_t>{1, 2, 3});  // the palette changes no value
}

TEST_CASE("complex numbers are refused", "[source]") {
    const Sandbox box;
    const auto path = make_raster(box, "a.tif", row_of(GDT_CFloat32, {1, 2}));
    CHECK_THAT(failure_of([&] { values_of(path); }), ContainsSubstring("complex numbers"));
}

TEST_CASE("a band with too many values is no class raster", "[source][fault]") {
    const Sandbox box;
    RasterRecipe recipe;
    recipe.width = recipe.height = 300;
    recipe.type = GDT_Int32;
    recipe.bands.emplace_back();
    for (int i = 0; i < 90000; ++i) recipe.bands[0].push_back(i);
    const auto path = make_raster(box, "a.tif", recipe);
    CHECK_THAT(failure_of([&] { classes_of(path); }),
               ContainsSubstring("65535 different values; it is not a class raster"));
}

TEST_CASE("fault 01, 02, 03, 06: missing, empty, six bytes, text, folder", "[source][fault]") {
    const Sandbox box;
    fs::create_directory(box.path("folder.tif"));
    for (const auto& path :
         {box.path("missing.tif"), box.text("empty.tif", ""), box.text("head.tif", std::string("II*\0\x08\0", 6)),
          box.text("words.tif", "no raster at all"), box.path("folder.tif")}) {
        INFO(path);
        CHECK_THAT(failure_of([&] { RasterFile("map", path); }),
                   ContainsSubstring(path) && ContainsSubstring("cannot be opened as a raster"));
    }
    CHECK_THAT(failure_of([&] { RasterFile("map", "MEM:::DATAPOINTER=1,PIXELS=1,LINES=1"); }),
               ContainsSubstring("points into memory"));
}

TEST_CASE("fault 04, 05: truncated and bit-flipped GeoTIFF never yield numbers", "[source][fault]") {
    const Sandbox box;
    RasterRecipe recipe;
    recipe.width = recipe.height = 256;
    recipe.bands.emplace_back();
    std::uint32_t state = 1;
    for (int i = 0; i < 256 * 256; ++i) recipe.bands[0].push_back((state = state * 1664525u + 1013904223u) >> 29);
    const auto plain = make_raster(box, "plain.tif", recipe);
    fs::resize_file(plain, fs::file_size(plain) / 2);
    CHECK_THAT(failure_of([&] { classes_of(plain); }), ContainsSubstring(plain));
    recipe.options = {"COMPRESS=DEFLATE", "TILED=YES"};
    const auto packed = make_raster(box, "packed.tif", recipe);
    std::string bytes = read_text(packed);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
    box.text("packed.tif", bytes);
    CHECK_THAT(failure_of([&] { classes_of(packed); }), ContainsSubstring("cannot be read at column 0, row 0"));
    CHECK_THAT(failure_of([&] { values_of(packed); }), ContainsSubstring(packed));
}

TEST_CASE("aligning: nearest for classes, bilinear for measurements", "[source]") {
    const Sandbox box;
    RasterRecipe coarse;
    coarse.width = coarse.height = 2;
    coarse.transform = {0, 2, 0, 4, 0, -2};
    coarse.bands = {{1, 2, 3, 4}};
    coarse.type = GDT_Float32;
    const auto path = make_raster(box, "a.tif", coarse);
    RasterFile probe("map", path);
    const Grid fine{4, 4, {0, 1, 0, 4, 0, -1}, probe.grid().crs};
    const auto file = std::make_shared<RasterFile>("map", path);
    file->align_to(fine);
    ClassCodes codes;
    const Layer layer(file, 1, ReadAs::classes, &codes);
    std::vector<std::uint16_t> slots(16);
    layer.read_classes({0, 0, 4, 4}, slots.data());
    CHECK(codes.code(slots[0]) == 1);
    CHECK(codes.code(slots[1]) == 1);
    CHECK(codes.code(slots[2]) == 2);
    CHECK(codes.code(slots[15]) == 4);
    const auto smooth = std::make_shared<RasterFile>("map", path);
    smooth->align_to(fine);
    const Layer measured(smooth, 1, ReadAs::real64, nullptr);
    std::vector<double> cells(16);
    std::vector<std::uint8_t> valid(16);
    measured.read({0, 0, 4, 4}, cells.data(), valid.data());
    CHECK(cells[5] == Approx(1.75));  // a quarter of the way to its neighbours on both sides
    CHECK(std::all_of(valid.begin(), valid.end(), [](auto v) { return v == 1; }));
    // Cells that the coarse raster does not reach are invalid, and a missing reference system cannot be aligned.
    const auto beside = std::make_shared<RasterFile>("map", path);
    beside->align_to({4, 4, {100, 1, 0, 4, 0, -1}, probe.grid().crs});
    const Layer outside(beside, 1, ReadAs::classes, &codes);
    outside.read_classes({0, 0, 4, 4}, slots.data());
    CHECK(slots == std::vector<std::uint16_t>(16, 0));
    CHECK_THAT(failure_of([&] {
                   RasterFile("map", path).align_to({4, 4, {0, 1, 0, 4, 0, -1}, ""});
               }),
               ContainsSubstring("reference system is missing"));
}

TEST_CASE("a colour ramp is told from the colours of classes", "[source][fault]") {
    const auto labels = [](int count, const std::function<std::string(int)>& colour) {
        std::vector<ClassLabel> all;
        for (int i = 0; i < count; ++i) all.push_back({i, "", colour(i)});
        return all;
    };
    const auto hex = [](int red, int green, int blue) {
        char text[8];
        std::snprintf(text, sizeof text, "#%02x%02x%02x", red & 255, green & 255, blue & 255);
        return std::string(text);
    };
    const auto terrain = [&](int i) { return i < 128 ? hex(2 * i, 160, 0) : hex(255, 160 + (i - 128) / 2, i - 128); };
    CHECK(is_colour_ramp(labels(200, terrain)));
    CHECK(is_colour_ramp(labels(5, [&](int i) { return hex(50 * i, 50 * i, 50 * i); })));
    CHECK_FALSE(is_colour_ramp(labels(200, [&](int i) { return hex(i * 97, i * 53, i * 151); })));
    CHECK_FALSE(is_colour_ramp(labels(9, terrain)));
    auto named = labels(200, terrain);
    named[7].name = "Forest";
    CHECK_FALSE(is_colour_ramp(named));
    CHECK_FALSE(is_colour_ramp({}));
}
