// Land Carbon Toolbox: fuzz target: any bytes as a spreadsheet whose unpacked size is asked for.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "engine/input_size.hpp"
#include "expect.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string path =
        std::filesystem::temp_directory_path() / ("landcarbon_fuzz_" + std::to_string(::getpid()) + ".xlsx");
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    const auto first = landcarbon::unfolded_bytes(path);
    expect(landcarbon::unfolded_bytes(path) == first, "a size is a size");
    std::filesystem::remove(path);
    return 0;
}
