// Land Carbon Toolbox: what every algorithm must bear: odd texts and numbers, any cut of the cells, cancel at any time.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>

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

}  // namespace

TEST_CASE("a blank text is an empty one, and lists may have empty entries", "[contract]") {
    over_registry(any, [](const Sandbox& box, const Spec& spec) {
        const Values inputs = example_inputs(box, spec);
        const Values outputs = example_outputs(spec, box.folder() / "out");
        for (const auto& argument : spec.arguments) {
            if (argument->kind != Kind::text) continue;
            for (const std::string& text :
                 {" ", "\t \n", ",", " , ", ",,,", "1,,2", "a,", ";", " ; ;", ":", "=", "|"}) {
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
            for (const double number :
                 {argument->minimum, argument->maximum, 5e-324, 1e-320, 1e-300, 1e-17, 1e15, 1e300, -1e300,
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
                    CHECK((files.at(name) == bytes));
                }
            }
        }
    });
}
