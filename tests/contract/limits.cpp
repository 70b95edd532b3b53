// Land Carbon Toolbox: what every algorithm must bear: odd texts and numbers, any cut of the cells, cancel at any time.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

#include "engine/sweep.hpp"
#include "spec/errors.hpp"
#include "support/runs.hpp"

using namespace landcarbon;
using namespace landcarbon::test;
namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begun) { return std::chrono::duration<double>(Clock::now() - begun).count(); }

/// Stops a run after a time, and keeps how long the run went on after that.
class Deadline : public Monitor {
public:
    explicit Deadline(double seconds) : seconds_(seconds) {}
    bool cancelled() override { return seconds_since(begun_) > seconds_; }
    double late() const { return seconds_since(begun_) - seconds_; }

private:
    double seconds_;
    Clock::time_point begun_ = Clock::now();
};

/// Runs with arguments that may be refused, or stopped after a while, but are no reason for any other error.
void bear(const std::string& id, const Values& arguments) {
    Deadline deadline(2);
    try {
        run_with(id, arguments, deadline);
    } catch (const UserError&) {
    } catch (const UserErrors&) {
    } catch (const IoError&) {
    } catch (const Cancelled&) {
    }
}

/// True for an argument that all algorithms have: one of them tries it.
bool tried_before(const Spec& spec, const Argument& argument) {
    static const Spec common = [] {
        static RunOptions options;
        static RasterInput raster;
        Spec all;
        all.class_raster("land_cover", raster);
        describe_run_options(all, options);
        return all;
    }();
    return spec.id != "carbon_storage" && common.find(argument.id);
}

}  // namespace

TEST_CASE("a blank text is an empty one, and lists may have empty entries", "[contract]") {
    over_registry(any, [](const Sandbox& box, const Spec& spec) {
        const Values inputs = example_inputs(box, spec);
        const Values outputs = example_outputs(spec, box.folder() / "out");
        for (const auto& argument : spec.arguments) {
            if (argument->kind != Kind::text || tried_before(spec, *argument)) continue;
            for (const char* const text : {" ", "\t \n", ",", " , ", ",,,", "1,,2", "a,", ";", " ; ;", ":", "=", "|",
                                           "-9223372036854775808-9223372036854775807", "2000-1e9"}) {
                INFO(argument->id << " = \"" << text << "\"");
                Values arguments = joined(inputs, outputs);
                arguments[argument->id] = std::string(text);
                CHECK_NOTHROW(bear(spec.id, arguments));
                fs::remove_all(box.folder() / "out");
                fs::create_directory(box.folder() / "out");
            }
            const auto algorithm = make_algorithm(spec.id);
            Argument& blank = *algorithm->spec().find(argument->id);
            blank.set(Value{std::string(" \t")});
            INFO(argument->id);
            CHECK(std::holds_alternative<std::monostate>(blank.get()));
        }
    });
}

TEST_CASE("numbers at the ends of their ranges are borne", "[contract]") {
    over_registry(any, [](const Sandbox& box, const Spec& spec) {
        const Values inputs = example_inputs(box, spec);
        const Values outputs = example_outputs(spec, box.folder() / "out");
        for (const auto& argument : spec.arguments) {
            if (argument->kind != Kind::real && argument->kind != Kind::integer) continue;
            if (tried_before(spec, *argument)) continue;
            for (const double number :
                 {argument->minimum, argument->maximum, 1e-320, 1e-17, 1e15, 1e300, -1e300,
                  std::nextafter(argument->minimum, 1e300), std::nextafter(argument->maximum, -1e300)}) {
                if (!std::isfinite(number)) continue;
                if (argument->kind == Kind::integer && (number != std::floor(number) || std::abs(number) > 9e15))
                    continue;
                INFO(argument->id << " = " << number);
                Values arguments = joined(inputs, outputs);
                arguments[argument->id] = number;
                CHECK_NOTHROW(bear(spec.id, arguments));
                fs::remove_all(box.folder() / "out");
                fs::create_directory(box.folder() / "out");
            }
        }
    });
}

TEST_CASE("the same bytes however cells are cut into slices", "[contract]") {
    over_registry(reads_rasters, [](const Sandbox& box, const Spec& spec) {
        for (const int epsg : {32649, 4326}) {
            ExampleStorage storage;
            storage.width = 90;
            storage.height = 70;
            storage.epsg = epsg;
            if (epsg == 4326) storage.transform = {100, 0.01, 0, 40, 0, -0.01};
            const Sandbox maps;
            Values inputs = example_inputs(maps, spec, storage);
            if (inputs.count("grid_size") && epsg == 4326) inputs["grid_size"] = 0.5;
            std::map<std::string, std::string> first;
            // A row of cells and more, parts of rows, single cells of a row; by time.
            for (const std::size_t cells : {0, 1000, 37, 7}) {
                const fs::path folder = box.folder() / (std::to_string(epsg) + "_" + std::to_string(cells));
                Monitor silent;
                Slices::fix(cells);
                const Values outputs = example_outputs(spec, folder);
                try {
                    run_with(spec.id, joined(joined(inputs, outputs), {{"threads", std::int64_t{4}}}), silent);
                } catch (...) {
                    Slices::fix(0);
                    throw;
                }
                Slices::fix(0);
                const auto files = files_of(folder);
                if (first.empty()) first = files;
                REQUIRE(files.size() == first.size());
                for (const auto& [name, bytes] : first) {
                    INFO(name << " by " << cells << " cells, EPSG:" << epsg);
                    const std::string& other = files.at(name);
                    const auto differs = static_cast<std::size_t>(
                        std::mismatch(bytes.begin(), bytes.end(), other.begin(), other.end()).first - bytes.begin());
                    const std::size_t from = differs > 150 ? differs - 150 : 0;
                    INFO("first: " << bytes.substr(from, 300) << "\nthen: " << other.substr(from, 300));
                    CHECK((other == bytes));
                }
            }
        }
    });
}

namespace {

/// Cells without order, the same on every machine.
std::vector<double> noise(std::size_t cells, std::uint32_t seed, double most, bool whole) {
    std::vector<double> values(cells);
    for (std::size_t i = 0; i < cells; ++i) {
        seed = seed * 1664525u + 1013904223u;
        const double value = static_cast<double>(seed) / 4294967296.0 * most;
        values[i] = whole ? 1 + std::floor(value) : value;
    }
    return values;
}

std::string noisy_raster(const Sandbox& box, const std::string& name, int width, int height, std::size_t bands,
                         GDALDataType type, double most) {
    RasterRecipe recipe;
    recipe.width = width;
    recipe.height = height;
    recipe.type = type;
    for (std::size_t band = 0; band < bands; ++band)
        recipe.bands.push_back(noise(static_cast<std::size_t>(width) * static_cast<std::size_t>(height),
                                     static_cast<std::uint32_t>(band + 1 + name.size() * 977), most,
                                     type != GDT_Float32));
    return make_raster(box, name, recipe);
}

}  // namespace

TEST_CASE("cancel is seen within work that is deep, narrow or of many classes", "[contract]") {
    const Sandbox box;
    const std::string deep = noisy_raster(box, "deep.tif", 96, 96, 300, GDT_Float32, 1);
    const std::string line = noisy_raster(box, "line.tif", 9000, 1, 300, GDT_Float32, 1);
    const std::string wide = noisy_raster(box, "wide.tif", 700, 700, 1, GDT_Float32, 1);
    const std::string first = noisy_raster(box, "first.tif", 400, 400, 1, GDT_UInt16, 1500);
    const std::string second = noisy_raster(box, "second_.tif", 400, 400, 1, GDT_UInt16, 1500);
    const std::int64_t memory = 4000;
    const std::vector<std::pair<std::string, Values>> long_ones = {
        {"trend", {{"series", deep}, {"trend", box.path("t.tif")}}},
        {"trend", {{"series", line}, {"trend", box.path("t.tif")}}},
        {"trend", {{"series", deep}, {"trend", box.path("t.tif")}, {"method", std::string("seasonal")}}},
        {"hurst", {{"series", deep}, {"hurst", box.path("h.tif")}}},
        {"discretize",
         {{"raster", wide},
          {"class_count", std::int64_t{255}},
          {"sample", std::int64_t{490000}},
          {"classified", box.path("c.tif")}}},
        {"simulation_accuracy",
         {{"observed", first}, {"simulated", second}, {"memory", memory}, {"measures", box.path("m.csv")}}},
        {"transition_matrix",
         {{"maps", std::vector<std::string>{first, second}}, {"memory", memory}, {"report", box.path("r.html")}}}};
    for (const auto& [id, arguments] : long_ones)
        for (const double after : {0.05, 0.6}) {
            INFO(id << ", stopped after " << after << " s");
            Deadline deadline(after);
            try {
                run_with(id, arguments, deadline, true);
            } catch (const Cancelled&) {
            }
            // A tenth of a second on a machine of its own; the bound is for machines that do much else.
            CHECK(deadline.late() < 10);
        }
}

TEST_CASE("slices are cut by the time that cells take", "[contract]") {
    // One block of 400,000 cells; a cell takes 50 us: 20 s in all.
    const Sandbox box;
    const std::string map = noisy_raster(box, "map.tif", 20000, 20, 1, GDT_Float32, 1);
    Sweep sweep;
    const auto file = std::make_shared<RasterFile>("map", map);
    sweep.inputs = {Layer(file, 1, ReadAs::real32, nullptr)};
    std::atomic<bool> cancel{false};
    std::atomic<std::size_t> worked{0};
    std::size_t after_cancel = 0;
    const auto begun = Clock::now();
    const auto kernel = [&](Block& slice) {
        if (cancel) after_cancel += slice.cells();
        for (std::size_t i = 0; i < slice.cells(); ++i) {
            const auto start = Clock::now();
            while (seconds_since(start) < 50e-6) {
            }
            ++worked;
            if (seconds_since(begun) > 1) cancel = true;
        }
    };
    CHECK_THROWS_AS(sweep.run(
                        file->grid(), {1, std::size_t{64} << 20, 0},
                        [&](Block& block, Slices& slices) { slices.spread(block, kernel); }, {}, cancel, [](double) {}),
                    Cancelled);
    CHECK(after_cancel == 0);
    CHECK(worked < 200000);  // not the block to its end
}

TEST_CASE("the threads share a block of costly cells", "[contract]") {
    const Sandbox box;
    const std::string map = noisy_raster(box, "map.tif", 2000, 20, 1, GDT_Float32, 1);
    Sweep sweep;
    const auto file = std::make_shared<RasterFile>("map", map);
    sweep.inputs = {Layer(file, 1, ReadAs::real32, nullptr)};
    const std::atomic<bool> cancel{false};
    std::atomic<int> at_once{0}, most_at_once{0};
    std::atomic<std::size_t> worked{0};
    const auto kernel = [&](Block& slice) {
        const int now = ++at_once;
        int most = most_at_once;
        while (now > most && !most_at_once.compare_exchange_weak(most, now)) {
        }
        // Waiting takes no processor from the other threads.
        std::this_thread::sleep_for(std::chrono::microseconds(50 * slice.cells()));
        worked += slice.cells();
        --at_once;
    };
    sweep.run(
        file->grid(), {3, std::size_t{64} << 20, 0},
        [&](Block& block, Slices& slices) { slices.spread(block, kernel); }, {}, cancel, [](double) {});
    CHECK(worked == 40000);
    CHECK(most_at_once >= 2);
}
