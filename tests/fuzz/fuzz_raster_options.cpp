// Land Carbon Toolbox: fuzz target: any name, format and creation options of a raster output. Either they are refused
// with a landcarbon::Error, or the output comes back as it was written; nothing is left of a trial.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// An input is text: the name of the output, OUTPUT_FORMAT, CREATION_OPTIONS, a line each. So that mutations reach much:
// a format of one byte is the driver of that number, counted round; an option whose name is one byte is the option of
// that number among those the format knows.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/gdal.hpp"
#include "engine/sink.hpp"
#include "expect.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace {

using namespace landcarbon;
namespace fs = std::filesystem;

std::string take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

std::string format_of(const std::string& line) {
    if (line.size() != 1) return line;
    return GDALGetDriverShortName(
        GDALGetDriver(static_cast<unsigned char>(line[0]) % static_cast<int>(GDALGetDriverCount())));
}

/// Options whose names are one byte get the name of that number in the format's own list.
std::string options_of(const std::string& format, std::string_view text) {
    std::vector<std::string> known;
    GDALDriverH driver = GDALGetDriverByName(format.empty() ? "GTiff" : format.c_str());
    if (const char* list = driver ? GDALGetMetadataItem(driver, GDAL_DMD_CREATIONOPTIONLIST, nullptr) : nullptr) {
        static const std::regex name("<Option [^>]*name=['\"]([^'\"]+)['\"]");
        const std::string words = list;
        for (std::sregex_iterator found(words.begin(), words.end(), name), end; found != end; ++found)
            known.push_back((*found)[1]);
    }
    std::string options;
    while (!text.empty()) {
        const auto bar = std::min(text.find('|'), text.size());
        std::string option(text.substr(0, bar));
        text.remove_prefix(std::min(bar + 1, text.size()));
        if (option.size() > 1 && option[1] == '=' && !known.empty())
            option = known[static_cast<unsigned char>(option[0]) % known.size()] + option.substr(1);
        options += (options.empty() ? "" : "|") + option;
    }
    return options;
}

RasterDescription description_of(bool classes) {
    RasterDescription description;
    description.bands = {"first", "second"};
    description.nodata = real_nodata;
    if (!classes) return description;
    description.type = GDT_Byte;
    description.bands = {"class"};
    description.nodata = 0;
    description.style.classes = {{1, "forest", "#00ff00"}, {2, "water", "#0000ff"}};
    return description;
}

/// Writes a raster; close() compares it with what was written.
void write(const std::string& path, const Grid& grid, const RasterDescription& description,
           const RasterFormat& format) {
    RasterSink sink("map", path, path, grid, description, format);
    const auto cells = static_cast<std::size_t>(grid.width) * static_cast<std::size_t>(grid.height);
    std::vector<std::uint8_t> bytes(cells);
    std::vector<float> numbers(cells);
    for (std::size_t i = 0; i < cells; ++i) {
        bytes[i] = static_cast<std::uint8_t>(i % 3);
        numbers[i] = static_cast<float>(i) / 7 - 3;
    }
    for (int band = 1; band <= static_cast<int>(description.bands.size()); ++band)
        sink.write(band, {0, 0, grid.width, grid.height},
                   description.type == GDT_Byte ? static_cast<const void*>(bytes.data()) : numbers.data());
    sink.close();
}

void try_options(std::string_view text, const fs::path& folder) {
    const std::string name = fs::path(take_line(text)).filename().string();
    if (name.empty() || name == "." || name == "..") return;
    RasterFormat format;
    format.driver = format_of(take_line(text));
    format.creation_options = options_of(format.driver, text);
    Grid grid;
    grid.width = 40;
    grid.height = 30;
    grid.transform = {500000, 100, 0, 4000000, 0, -100};
    const RasterDescription description = description_of(text.size() % 2 != 0);
    bool tried = false;
    try {
        try_raster_format("map", folder.string(), name, grid, description, format);
        tried = true;
    } catch (const Error& error) {
        expect(error.what()[0] != '\0', "an error has a text");
    }
    expect(fs::is_empty(folder), "nothing is left of a trial");
    if (!tried) return;
    try {
        write((folder / name).string(), grid, description, format);
    } catch (const Error& error) {
        std::fprintf(stderr, "%s, %s, %s: %s\n", name.c_str(), format.driver.c_str(), format.creation_options.c_str(),
                     error.what());
        expect(false, "what the trial has let pass can be written");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (text.find('\0') != std::string_view::npos) return 0;  // no argument has one
    start_gdal();
    const fs::path folder = fs::temp_directory_path() / ("landcarbon_fuzz_" + std::to_string(::getpid()));
    fs::create_directory(folder);
    try_options(text, folder);
    fs::remove_all(folder);
    return 0;
}
