// Land Carbon Toolbox: the shape `iterate`: a known automaton, every cell once, order of merging, cancel and memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/tile_sweeps.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "engine/cell_grid.hpp"
#include "engine/run.hpp"
#include "spec/errors.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

TEST_CASE("a double-buffered grid", "[iterate]") {
    CellGrid<std::uint8_t> grid(4, 3, 2, 9);
    for (int y = 0; y < 3; ++y)
        for (int x = 0; x < 4; ++x) grid.filled_row(y)[x] = static_cast<std::uint8_t>(4 * y + x);
    CHECK(grid.row(1)[2] == 6);
    CHECK(grid.row(1)[2 + grid.stride()] == 10);
    for (const int x : {-2, -1, 4, 5}) CHECK(grid.row(1)[x] == 9);
    for (const int y : {-2, -1, 3, 4})
        for (int x = -2; x < 6; ++x) CHECK(grid.row(y)[x] == 9);
    grid.next_row(1)[2] = 77;
    CHECK(grid.row(1)[2] == 6);
    grid.turn();
    CHECK(grid.row(1)[2] == 77);
    CHECK(grid.row(-2)[-2] == 9);
    CHECK(CellGrid<std::uint8_t>::bytes(4, 3, 2) == 2 * 8 * 7);
    CHECK(CellGrid<std::uint16_t>::bytes(4, 3, 1) == 2 * 6 * 5 * 2);
}

TEST_CASE("Conway's glider glides, whatever the tiles and threads", "[iterate]") {
    const std::vector<std::pair<int, int>> glider = {{1, 0}, {2, 1}, {0, 2}, {1, 2}, {2, 2}};
    for (const auto& [threads, tile] : {std::pair{1, TileSweeps::Shape{64, 64}}, std::pair{2, TileSweeps::Shape{3, 2}},
                                        std::pair{8, TileSweeps::Shape{1, 1}}}) {
        CellGrid<std::uint8_t> grid(30, 20, 1, 0);
        for (const auto& [x, y] : glider) grid.filled_row(y)[x] = 1;
        const std::atomic<bool> cancel{false};
        TileSweeps sweeps(30, 20, tile, threads, cancel);
        for (int step = 0; step < 40; ++step) {
            sweeps.sweep([&](const Window& window) {
                for (int y = window.y; y < window.y + window.height; ++y)
                    for (int x = window.x; x < window.x + window.width; ++x) {
                        int around = -grid.row(y)[x];
                        for (int dy = -1; dy <= 1; ++dy)
                            for (int dx = -1; dx <= 1; ++dx) around += grid.row(y + dy)[x + dx];
                        grid.next_row(y)[x] = around == 3 || (around == 2 && grid.row(y)[x]);
                    }
            });
            grid.turn();
        }
        // One cell down and to the right in four steps.
        int alive = 0;
        for (int y = 0; y < 20; ++y)
            for (int x = 0; x < 30; ++x) alive += grid.row(y)[x];
        CHECK(alive == 5);
        for (const auto& [x, y] : glider) CHECK(grid.row(y + 10)[x + 10] == 1);
    }
}

namespace {

/// Which tiles came, in the order of merging.
struct Corners {
    std::vector<std::pair<int, int>> list;
    void merge(const Corners& other) { list.insert(list.end(), other.list.begin(), other.list.end()); }
};
struct Cells {
    static constexpr bool order_free = true;
    std::size_t count = 0;
    void merge(const Cells& other) { count += other.count; }
};

}  // namespace

TEST_CASE("tiles cover the grid once and are merged in order", "[iterate]") {
    const std::atomic<bool> cancel{false};
    for (const int threads : {1, 4}) {
        TileSweeps sweeps(10, 7, {4, 3}, threads, cancel);
        const auto corners = sweeps.sweep(
            Corners{}, [](Corners& state, const Window& tile) { state.list.emplace_back(tile.x, tile.y); });
        CHECK(corners.list ==
              std::vector<std::pair<int, int>>{{0, 0}, {4, 0}, {8, 0}, {0, 3}, {4, 3}, {8, 3}, {0, 6}, {4, 6}, {8, 6}});
        const auto cells = sweeps.sweep(Cells{}, [](Cells& state, const Window& tile) { state.count += tile.cells(); });
        CHECK(cells.count == 70);
    }
}

TEST_CASE("a sweep ends when it is cancelled or fails", "[iterate]") {
    std::atomic<bool> cancel{false};
    for (const int threads : {1, 4}) {
        cancel = false;
        TileSweeps sweeps(100, 100, {10, 10}, threads, cancel);
        std::atomic<int> tiles{0};
        CHECK_THROWS_AS(sweeps.sweep([&](const Window&) {
            if (++tiles == 5) cancel = true;
        }),
                        Cancelled);
        CHECK(tiles < 20);
        CHECK_THROWS_AS(sweeps.check_cancel(), Cancelled);
        cancel = false;
        CHECK_THROWS_AS(sweeps.sweep([&](const Window&) { throw IoError("x", "y"); }), IoError);
    }
}

namespace {

class Impatient : public Monitor {
public:
    bool cancelled() override { return std::chrono::steady_clock::now() > end_; }

private:
    std::chrono::steady_clock::time_point end_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(30);
};

}  // namespace

TEST_CASE("a run iterates, holds memory and hears the user meanwhile", "[iterate]") {
    const Sandbox box;
    Spec spec;
    spec.id = "test";
    RunOptions options;
    options.memory = 8;
    Impatient impatient;
    Run run(spec, options, impatient);
    RasterInput input;
    input.argument = "map";
    input.path = make_classes(box, "map.tif", 40, std::vector<double>(1600, 1));
    run.classes(input);
    // Seven eighths of 8 MiB may be held.
    run.hold(3 << 20, "the first map");
    try {
        run.hold(5 << 20, "the second map");
        FAIL("more was held than there is");
    } catch (const UserError& error) {
        CHECK(error.parameter() == "memory");
        CHECK_THAT(error.what(), ContainsSubstring("MEMORY: the second map needs"));
        CHECK_THAT(error.what(), ContainsSubstring("more than the 8 MiB allowed"));
    }
    run.hold(4 << 20, "the third map");
    bool swept = false;
    CHECK_THROWS_AS(run.iterate([&](TileSweeps& sweeps, const std::function<void(double)>& share) {
        share(0.5);
        for (;;)
            sweeps.sweep([&](const Window&) {
                swept = true;
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            });
    }),
                    Cancelled);
    CHECK(swept);
}

namespace {

class Shares : public Monitor {
public:
    void progress(double share) override { told.push_back(share); }
    std::vector<double> told;
};

}  // namespace

TEST_CASE("progress goes on evenly from pass to pass", "[iterate]") {
    const Sandbox box;
    Spec spec;
    spec.id = "test";
    RunOptions options;
    Shares monitor;
    Run run(spec, options, monitor);
    RasterInput input;
    input.argument = "map";
    input.path = make_classes(box, "map.tif", 40, std::vector<double>(1600, 1));
    run.classes(input);
    run.expect_passes(4);
    for (int pass = 1; pass <= 2; ++pass) {
        run.iterate([](TileSweeps&, const std::function<void(double)>& share) {
            std::this_thread::sleep_for(std::chrono::milliseconds(60));
            share(1);
            std::this_thread::sleep_for(std::chrono::milliseconds(60));
        });
        // A pass that is done counts once.
        CHECK(monitor.told.back() == pass / 4.0);
    }
    CHECK(std::is_sorted(monitor.told.begin(), monitor.told.end()));
    CHECK(monitor.told.size() > 4);
}

namespace {

/// What one thread met of the rows.
struct RowCount {
    static constexpr bool order_free = true;
    std::size_t rows = 0, sum = 0, longest = 0;
    void merge(const RowCount& other) {
        rows += other.rows;
        sum += other.sum;
        longest = std::max(longest, other.longest);
    }
};

}  // namespace

TEST_CASE("a run goes over rows and columns of a table", "[rows]") {
    Spec spec;
    spec.id = "test";
    RunOptions options;
    Monitor silent;
    for (const int threads : {1, 2, 8}) {
        options.threads = threads;
        Run run(spec, options, silent);
        for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{8192}, std::size_t{100001}}) {
            std::vector<std::uint8_t> met(count);
            const RowCount total =
                run.over_rows(count, RowCount{}, [&](RowCount& sum, std::size_t first, std::size_t rows) {
                    for (std::size_t row = first; row < first + rows; ++row) {
                        ++met[row];
                        sum.sum += row;
                    }
                    sum.rows += rows;
                    sum.longest = std::max(sum.longest, rows);
                });
            CHECK(total.rows == count);
            CHECK(total.sum == count * (count - std::min<std::size_t>(count, 1)) / 2);
            CHECK(total.longest <= 8192);
            CHECK(std::count(met.begin(), met.end(), 1) == static_cast<std::ptrdiff_t>(count));
        }
        std::vector<int> columns(17);
        run.each(columns.size(), [&](std::size_t column) { columns[column] += static_cast<int>(column) + 1; });
        for (std::size_t i = 0; i < columns.size(); ++i) CHECK(columns[i] == static_cast<int>(i) + 1);
        CHECK_THROWS_AS(run.each(5,
                                 [](std::size_t column) {
                                     if (column == 3) throw UserError("data", "the fourth column is wrong");
                                 }),
                        UserError);
        Impatient impatient;
        Run stopped(spec, options, impatient);
        CHECK_THROWS_AS(
            stopped.each(100000, [](std::size_t) { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }),
            Cancelled);
    }
}

TEST_CASE("bands tell their class", "[iterate]") {
    const Sandbox box;
    RasterRecipe recipe;
    recipe.bands = {{0}, {0}, {0}};
    const std::string path = make_raster(box, "suitability.tif", recipe);
    {
        const DatasetPtr file(GDALOpen(path.c_str(), GA_Update));
        GDALSetMetadataItem(GDALGetRasterBand(file.get(), 1), "LANDCARBON_CLASS", "-7", nullptr);
        GDALSetMetadataItem(GDALGetRasterBand(file.get(), 2), "LANDCARBON_CLASS", "urban", nullptr);
    }
    RasterFile file("suitability", path);
    CHECK(file.class_of_band(1) == -7);
    CHECK(file.class_of_band(3) == std::nullopt);
    try {
        file.class_of_band(2);
        FAIL("a word was taken for a class");
    } catch (const UserError& error) {
        CHECK_THAT(error.what(), ContainsSubstring("band 2: its metadata item LANDCARBON_CLASS is \"urban\""));
    }
}
