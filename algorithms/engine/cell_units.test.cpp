// Land Carbon Toolbox: tests of numbers that carry their unit in the cell.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/cell_units.hpp"

#include <string>

#include "engine/table.hpp"
#include "spec/values.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

TEST_CASE("numbers that carry their unit in the cell", "[cell_units]") {
    const auto unit = [](const char* cell) {
        const auto measure = measure_in(cell);
        return measure ? number_text(measure->value) + "|" + measure->unit : std::string();
    };
    CHECK(unit("812 mm") == "812|mm");
    CHECK(unit("51.61万元") == "51.61|万元");
    CHECK(unit("-3.5 °C") == "-3.5|°C");
    CHECK(unit("12.5km2") == "12.5|km2");
    CHECK(unit("1,234.5 t") == "1234.5|t");
    CHECK(unit("¥3.5") == "3.5|¥");
    CHECK(unit("约12") == "12|约");
    for (const char* cell : {"12", "A12", "s2", "5-10", "forest", "12 to 15", "2001-01-01", "1.5.2 a", "¥3 m"})
        CHECK(unit(cell).empty());
    const auto column = [](const std::string& cells) {
        return measures_in(InputTable::from_text("data", "d.csv", "x\n" + cells), 0);
    };
    const auto rain = column("812 mm\n640.5 mm\nNA\n700\nunknown\n");
    REQUIRE(rain);
    CHECK(rain->unit == "mm");
    CHECK(rain->cells == 2);
    CHECK(rain->decimals);
    CHECK(rain->different == 3);
    CHECK_FALSE(column("1级\n2级\n3级\n"));
    CHECK_FALSE(column("clay\nloam\n12 mm\n"));
    CHECK_FALSE(column("1a\n2b\n3c\nd\ne\nf\n"));
}
