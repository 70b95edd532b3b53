// Land Carbon Toolbox: tests of keeping few files open.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/open_files.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <filesystem>

#include "engine/source.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

std::size_t rasters_open() {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        count += std::filesystem::read_symlink(entry.path(), gone).extension() == ".tif";
    }
    return count;
}

/// The soft limit of open files, put back at the end.
class FileLimit {
public:
    explicit FileLimit(rlim_t most) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        rlimit changed = before_;
        changed.rlim_cur = std::min(most, before_.rlim_max);
        ::setrlimit(RLIMIT_NOFILE, &changed);
    }
    ~FileLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("a thread holds no more rasters open than it may, and reads them all the same", "[source][open_files]") {
    const Sandbox box;
    const auto open = std::make_shared<OpenFiles>(2);
    std::vector<Layer> layers;
    for (int i = 0; i < 6; ++i) {
        RasterRecipe recipe;
        recipe.bands = {{static_cast<double>(i)}};
        recipe.type = GDT_Float32;
        auto file = std::make_shared<RasterFile>("series", make_raster(box, std::to_string(i) + ".tif", recipe), open);
        layers.emplace_back(std::move(file), 1, ReadAs::real32, nullptr);
        CHECK(rasters_open() <= 2);
    }
    for (int round = 0; round < 3; ++round)
        for (std::size_t i = 0; i < layers.size(); ++i) {
            float value = -1;
            std::uint8_t valid = 0;
            layers[i].read({0, 0, 1, 1}, &value, &valid);
            CHECK(value == static_cast<float>(i));
            layers[i].file().forget_blocks();
            CHECK(rasters_open() == 2);
        }
    layers.clear();
    CHECK(rasters_open() == 0);
}

TEST_CASE("threads share the system's limit of open files", "[source][open_files]") {
    const FileLimit limit(256);
    for (const int threads : {1, 2, 8, 64})
        CHECK(OpenFiles::share_of_limit(threads) * (static_cast<std::size_t>(threads) + 2) <= 256 - 90);
    CHECK(OpenFiles::share_of_limit(1) > OpenFiles::share_of_limit(8));
    CHECK(OpenFiles::share_of_limit(10000) == 1);
}
