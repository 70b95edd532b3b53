// Land Carbon Toolbox: tests of the summary of classes and of tables by columns.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/class_summary.hpp"

#include "engine/report/escape.hpp"
#include "engine/table_columns.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

ClassSummary two_classes() {
    ClassSummary classes;
    classes.add({2, "Forest", "#008000"}, 3, 3 * FixedArea::from(10000));
    classes.add({7, "Water", "#0000ff"}, 1, FixedArea::from(10000));
    return classes;
}

}  // namespace

TEST_CASE("shares of classes are of all of them, whatever is added when", "[class_summary]") {
    const ClassSummary classes = two_classes();
    CHECK(classes[0].share == 0.75);
    CHECK(classes[1].share == 0.25);
    CHECK(classes.all().cells == 4);
    CHECK(classes.all().hectares() == 4);
    CHECK_FALSE(classes.empty());
    CHECK(ClassSummary().empty());
}

TEST_CASE("the table of the classes ends with all of them", "[class_summary]") {
    const ClassSummary::Column more{{"Mean", "t", TableData::Align::right}, {"1.5", ""}, "1.4"};
    const TableData table = two_classes().table(ClassSummary::Cells::shown, {more});
    CHECK(table.columns.size() == 5);
    CHECK(table.last_row_is_total);
    CHECK(table.rows == std::vector<std::vector<std::string>>{{"Forest", "3", "3.0", format_percent(0.75), "1.5"},
                                                              {"Water", "1", "1.0", format_percent(0.25), ""},
                                                              {"All classes", "4", "4.0", format_percent(1), "1.4"}});
    CHECK(table.row_colours == std::vector<std::string>{"#008000", "#0000ff", ""});
    CHECK(two_classes().table(ClassSummary::Cells::hidden).rows[1] ==
          std::vector<std::string>{"Water", "1.0", format_percent(0.25)});
}

TEST_CASE("columns are typed by what they hold", "[class_summary]") {
    using Type = OutputTable::Type;
    const OutputTable table =
        TableColumns<ClassPart>()
            .add("class", &ClassPart::code)
            .add("name", &ClassPart::name)
            .add("share", &ClassPart::share)
            .add("odd", [](const ClassPart& part) { return part.code() % 2 ? std::optional(0.5) : std::nullopt; })
            .add("literal", [](const ClassPart&) { return "x"; })
            .of(two_classes().parts());
    std::vector<Type> types;
    for (const auto& column : table.columns()) types.push_back(column.type);
    CHECK(types == std::vector<Type>{Type::integer, Type::text, Type::real, Type::real, Type::text});
    REQUIRE(table.rows().size() == 2);
    CHECK(table.rows()[0] == std::vector<Cell>{std::int64_t{2}, std::string("Forest"), 0.75, Cell(), std::string("x")});
    CHECK(table.rows()[1][3] == Cell(0.5));
}
