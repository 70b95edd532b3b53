// Land Carbon Toolbox: tests of what is said of a sample, and of the figures that breaks take from all cells.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/value_sampling.hpp"

#include <cmath>

#include "engine/run.hpp"
#include "spec/errors.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

TEST_CASE("what breaks rest on", "[value_sampling]") {
    SampleChoices choices;
    choices.sample = 100;
    choices.seed = 7;
    std::vector<double> cells(101);
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = static_cast<double>(i);
    ValueSample few = choices.empty(), many = choices.empty();
    few.add(cells.data(), 3, 0);
    few.add(cells.data(), 3, 3);
    many.add(cells.data(), cells.size(), 0);
    CHECK(sample_text(few, choices) == "all 6 cells with a value, 3 distinct values; each cell counts once");
    CHECK(sample_text(many, choices) ==
          "a random sample of 100 of the 101 cells with a value, drawn with SEED 7; lowest and highest value are those "
          "of all cells");
    // Whichever cell was not drawn.
    Spec spec;
    RunOptions options;
    Monitor silent;
    Run run(spec, options, silent);
    const WholeFigures whole{many.lowest(), many.highest()};
    CHECK(find_breaks(run, many, BreakMethod::equal_interval, 4, whole).breaks == std::vector<double>{25, 50, 75});
}

TEST_CASE("natural breaks of many values keep MEMORY and hear Cancel", "[value_sampling]") {
    SampleChoices choices;
    std::vector<double> cells(60000);
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = std::sqrt(static_cast<double>(i));
    ValueSample sample = choices.empty();
    sample.add(cells.data(), cells.size(), 0);
    const WholeFigures whole{sample.lowest(), sample.highest()};
    Spec spec;
    RunOptions options;
    options.memory = 4;
    struct Stopped : Monitor {
        bool cancelled() override { return true; }
    } stopped;
    Run little(spec, options, stopped);
    try {
        find_breaks(little, sample, BreakMethod::natural, 255, whole);
        FAIL("more than MEMORY was taken");
    } catch (const UserError& error) {
        CHECK(error.parameter() == "memory");
        CHECK_THAT(error.what(), ContainsSubstring("natural breaks of 60000 different values"));
    }
    options.memory = 512;
    Run run(spec, options, stopped);
    CHECK_THROWS_AS(find_breaks(run, sample, BreakMethod::natural, 255, whole), Cancelled);
}
