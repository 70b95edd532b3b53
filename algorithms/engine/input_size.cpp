// Land Carbon Toolbox: how much memory tables and layers are going to need, told before they are read.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/input_size.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <vector>

#include "engine/gdal.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

namespace fs = std::filesystem;

/// What is read is held as text or geometry once, and a second time while it is taken apart.
constexpr std::uintmax_t copies = 2;

std::uintmax_t size_of(const fs::path& path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) return 0;
    const std::uintmax_t size = fs::file_size(path, error);
    return error ? 0 : size;
}

std::uint64_t number_at(const std::vector<unsigned char>& bytes, std::size_t at, std::size_t width) {
    std::uint64_t number = 0;
    for (std::size_t i = width; i-- > 0;) number = number << 8 | bytes[at + i];
    return number;
}

std::vector<unsigned char> part_of(std::ifstream& file, std::uintmax_t start, std::uintmax_t count) {
    std::vector<unsigned char> bytes(static_cast<std::size_t>(count));
    file.clear();
    file.seekg(static_cast<std::streamoff>(start));
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
    return bytes;
}

/// Sum of the unpacked sizes in a ZIP archive's central directory (APPNOTE.TXT, sections 4.3.12 to 4.3.16); 0 when
/// there is none.
std::uintmax_t unpacked_bytes(const fs::path& path) {
    constexpr std::uintmax_t end_record = 22, largest_comment = 65535, locator = 20, most_directory = 64u << 20;
    constexpr std::uint64_t elsewhere = 0xffffffff;  // the number stands in the 64-bit record
    const std::uintmax_t size = size_of(path);
    if (size < end_record) return 0;  // before it is opened: a pipe has no size, and opening one would wait for ever
    std::ifstream file(path, std::ios::binary);
    if (!file) return 0;
    const std::uintmax_t tail = std::min(size, end_record + largest_comment);
    const std::vector<unsigned char> end = part_of(file, size - tail, tail);
    for (std::size_t at = end.size() < end_record ? 0 : end.size() - end_record + 1; at-- > 0;) {
        if (number_at(end, at, 4) != 0x06054b50) continue;
        std::uint64_t length = number_at(end, at + 12, 4), start = number_at(end, at + 16, 4);
        if ((length == elsewhere || start == elsewhere) && at >= locator &&
            number_at(end, at - locator, 4) == 0x07064b50) {
            const auto wide = part_of(file, number_at(end, at - locator + 8, 8), 56);
            if (wide.size() == 56) length = number_at(wide, 40, 8), start = number_at(wide, 48, 8);
        }
        if (start > size || length > size - start || length > most_directory) return 0;
        const std::vector<unsigned char> entries = part_of(file, start, length);
        std::uintmax_t sum = 0;
        for (std::size_t entry = 0; entry + 46 <= entries.size() && number_at(entries, entry, 4) == 0x02014b50;) {
            const std::size_t name = number_at(entries, entry + 28, 2), extra = number_at(entries, entry + 30, 2),
                              comment = number_at(entries, entry + 32, 2);
            std::uint64_t unpacked = number_at(entries, entry + 24, 4);
            const std::size_t first = entry + 46 + name, last = std::min(first + extra, entries.size());
            if (unpacked == elsewhere)
                for (std::size_t field = first; field + 12 <= last; field += 4 + number_at(entries, field + 2, 2))
                    if (number_at(entries, field, 2) == 1) {
                        unpacked = number_at(entries, field + 4, 8);
                        break;
                    }
            sum = unpacked > std::numeric_limits<std::uintmax_t>::max() - sum
                      ? std::numeric_limits<std::uintmax_t>::max()
                      : sum + unpacked;
            entry = first + extra + comment;
        }
        return sum;
    }
    return 0;
}

}  // namespace

std::uintmax_t unfolded_bytes(const std::string& path) {
    const fs::path file(path);
    std::string ending = file.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto one_of = [&](std::initializer_list<const char*> endings) {
        return std::find(endings.begin(), endings.end(), ending) != endings.end();
    };
    if (one_of({".csv", ".tsv", ".txt", ".json", ".geojson", ".gml", ".kml", ".xml", ".dbf"})) return size_of(file);
    if (one_of({".xlsx", ".xlsm", ".ods", ".kmz"})) return unpacked_bytes(file);
    if (one_of({".shp"})) return size_of(file) + size_of(fs::path(file).replace_extension(".dbf"));
    return 0;
}

void check_input_size(const std::string& parameter, const std::string& path, std::size_t memory) {
    const std::string file = split_path(path, "layername").file;
    const std::uintmax_t bytes = unfolded_bytes(file);
    if (bytes <= memory / copies) return;
    const std::uintmax_t needed = bytes / 1048576 * copies + 1;
    throw wrong("memory", parameter_name(parameter) + ": " + file + " unfolds to " + std::to_string(bytes / 1048576) +
                              " MiB and needs " + std::to_string(needed) + " MiB, more than the " +
                              std::to_string(memory / 1048576) +
                              " MiB allowed; is it the right file? Else give more memory");
}

}  // namespace landcarbon
