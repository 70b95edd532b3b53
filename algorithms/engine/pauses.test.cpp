// Land Carbon Toolbox: writing looks whether the run is to stop.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/pauses.hpp"

#include "engine/table.hpp"
#include "spec/errors.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

TEST_CASE("a table that is written looks whether the run is to stop", "[pauses]") {
    const Sandbox box;
    OutputTable table({{"a", OutputTable::Type::integer}});
    for (int row = 0; row < 3; ++row) table.add({std::int64_t{row}});
    {
        const Pauses pauses([] { return true; });
        CHECK_THROWS_AS(table.write("table", box.path("a.csv"), "a.csv"), Cancelled);
        const Pauses inner([] { return false; });
        CHECK_FALSE(Pauses::stop_wanted());
    }
    CHECK_FALSE(Pauses::stop_wanted());
    CHECK_NOTHROW(table.write("table", box.path("b.csv"), "b.csv"));
}
