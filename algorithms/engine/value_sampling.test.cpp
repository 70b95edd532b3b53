// Land Carbon Toolbox: tests of what is said of a sample, and of the figures that breaks take from all cells.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/value_sampling.hpp"

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
    CHECK(finder_of(many, 4).find(BreakMethod::equal_interval, 4).breaks == std::vector<double>{25, 50, 75});
}
