// Land Carbon Toolbox: a run that is killed at any step of writing leaves the old files whole, for every algorithm.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdlib>
#include <fstream>

#include "engine/faults.hpp"
#include "support/child.hpp"
#include "support/runs.hpp"

using namespace landcarbon;
using namespace landcarbon::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* name_of_test = "a run killed at any step of writing leaves the old files whole";
constexpr const char* is_child = "LANDCARBON_TEST_FORKS";

/// Runs in a process of its own, which is killed before the n-th call of a step (0: never).
/// @return true when it came to its end
bool run_until_killed(const std::string& id, const Values& arguments, const std::string& step, int nth) {
    return ends_unless_killed([&] {
        if (nth > 0) die_writing(step, nth);
        Monitor silent;
        run_with(id, arguments, silent, true);
    });
}

void kill_all_runs() {
    over_registry(any, [](const Sandbox& box, const Spec& spec) {
        const fs::path folder = box.folder() / "out";
        const Values arguments = joined(joined(example_inputs(box, spec), example_outputs(spec, folder)),
                                        {{"threads", std::int64_t{2}}, {"memory", std::int64_t{64}}});
        CHECK(run_until_killed(spec.id, arguments, "", 0));
        // Records hold the time; all else is the same in every run.
        const auto is_dated = [](const std::string& name) {
            return name.ends_with(".json") || name.ends_with(".html");
        };
        const auto old = files_of(folder);
        for (const std::string step : {"create", "block", "close", "table", "text", "sync"})
            for (const int nth : {1, 3}) {
                INFO(step << " " << nth);
                if (run_until_killed(spec.id, arguments, step, nth)) break;  // there are fewer such steps
                const auto after = files_of(folder);
                for (const auto& [name, bytes] : old) {
                    INFO(name);
                    REQUIRE(after.count(name));
                    CHECK((after.at(name) == bytes || is_dated(name)));
                }
            }
        // The next run to its end has the same outputs, and leaves nothing of the killed ones.
        CHECK(run_until_killed(spec.id, arguments, "", 0));
        const auto fresh = files_of(folder);
        CHECK(fresh.size() == old.size());
        for (const auto& [name, bytes] : old) {
            INFO(name);
            REQUIRE(fresh.count(name));
            CHECK((fresh.at(name) == bytes || is_dated(name)));
        }
    });
}

}  // namespace

// Forks, and so needs a process that has no threads yet: this test is run again in one.
TEST_CASE("a run killed at any step of writing leaves the old files whole", "[contract]") {
    if (std::getenv(is_child)) return kill_all_runs();
    const std::string words =
        std::string(is_child) + "=1 '" + fs::read_symlink("/proc/self/exe").string() + "' '" + name_of_test + "' 1>&2";
    CHECK(std::system(words.c_str()) == 0);
}
