// Land Carbon Toolbox: binding arguments, checking them all at once, and the spec's JSON.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/spec.hpp"

#include <limits>

#include <nlohmann/json.hpp>

#include "support/catch.hpp"

using namespace landcarbon;

namespace {

enum class Way { near, far };

struct Options {
    RasterInput land;
    RasterStack maps;
    TableInput pools;
    double rate = 2.5;
    std::optional<double> price;
    std::int64_t count = 3;
    bool fast = false;
    Way way = Way::near;
    std::string years;
    Matrix shares{{{"1", "2"}}};
    std::string field;
    TableOutput table;
    NumberOutput total;
    TextOutput note;
};

struct BoundSpec {
    Options o;
    Spec spec;
    BoundSpec() {
        spec.id = "some_method";
        spec.class_raster("land_cover", o.land).named("Land cover");
        spec.raster_stack("maps", o.maps).named("Maps").count_at_least(2).optional();
        spec.table_in("pools", o.pools).named("Pools").optional();
        spec.real("rate", o.rate).named("Rate").above(0).at_most(10);
        spec.real("price", o.price).named("Price").at_least(-1);
        spec.integer("count", o.count).named("Count").at_least(0);
        spec.flag("fast", o.fast).named("Fast");
        spec.choice("way", o.way, {{{"near", "Near"}, Way::near}, {{"far", "Far"}, Way::far}}).named("Way");
        spec.text("years", o.years).named("Years").optional();
        spec.matrix("shares", o.shares).named("Shares").with_columns({"a", "b"});
        spec.field_of("field", o.field).of("pools").optional();
        spec.table_out("table", o.table).named("Table");
        spec.number_out("total", o.total);
        spec.text_out("note", o.note);
    }
    /// Assigns with the required argument given.
    void set(std::map<std::string, Value> values) {
        values.emplace("land_cover", "a.tif");
        assign(spec, values);
    }
    std::string error(std::map<std::string, Value> values) {
        try {
            set(std::move(values));
        } catch (const UserErrors& errors) {
            CHECK(errors.errors().size() == 1);
            return errors.what();
        }
        return "no error";
    }
};

}  // namespace

TEST_CASE("arguments reach their members from any kind of value", "[spec]") {
    BoundSpec b;
    b.set({{"maps", "a.tif, b.tif"},
           {"rate", "0.5"},
           {"price", std::int64_t{7}},
           {"count", 4.0},
           {"fast", "Yes"},
           {"way", "far"},
           {"shares", "1,2;3,4"},
           {"years", 1990.0},
           {"table", "out.csv"}});
    CHECK(b.o.land.path == "a.tif");
    CHECK(b.o.maps.paths == std::vector<std::string>{"a.tif", "b.tif"});
    CHECK(b.o.rate == 0.5);
    CHECK(b.o.price == 7);
    CHECK(b.o.count == 4);
    CHECK(b.o.fast);
    CHECK(b.o.way == Way::far);
    CHECK(b.o.shares.rows.size() == 2);
    CHECK(b.o.years == "1990");
    CHECK(b.o.table.path == "out.csv");
    CHECK(value_text(b.spec.find("way")->get()) == "far");
    b.set({{"shares", Matrix{{{"5", "6"}}}}, {"fast", std::int64_t{0}}, {"count", "7"}});
    CHECK(b.o.shares.rows == std::vector<std::vector<std::string>>{{"5", "6"}});
    CHECK_FALSE(b.o.fast);
    CHECK(b.o.count == 7);
}

TEST_CASE("what is empty is not given: defaults stay", "[spec]") {
    BoundSpec b;
    b.set({{"rate", ""}, {"maps", std::vector<std::string>{}}, {"price", Value{}}, {"way", ""}});
    CHECK(b.o.rate == 2.5);
    CHECK_FALSE(b.o.price);
    CHECK(b.o.maps.paths.empty());
    CHECK(b.o.way == Way::near);
    CHECK_FALSE(BoundSpec().spec.find("nothing"));
}

TEST_CASE("fault 35: numbers out of range, not finite, not numbers; wrong words; empty lists", "[spec][fault]") {
    BoundSpec b;
    CHECK(b.error({{"rate", "0"}}) == "RATE: 0 is too small; it must be above 0");
    CHECK(b.error({{"rate", "10.5"}}) == "RATE: 10.5 is too large; it must be at most 10");
    CHECK(b.error({{"rate", "nan"}}) == "RATE: \"nan\" is not a finite number");
    CHECK(b.error({{"rate", std::numeric_limits<double>::infinity()}}) == "RATE: \"inf\" is not a finite number");
    CHECK(b.error({{"rate", "abc"}}) == "RATE: \"abc\" is not a number");
    CHECK(b.error({{"rate", "1,5"}}) == "RATE: \"1,5\" is not a number; write a decimal point, not a comma");
    CHECK(b.error({{"rate", true}}) == "RATE: a number is needed");
    CHECK(b.error({{"price", -1.5}}) == "PRICE: -1.5 is too small; it must be at least -1");
    CHECK(b.error({{"count", "-1"}}) == "COUNT: -1 is too small; it must be at least 0");
    CHECK(b.error({{"count", "1.5"}}) == "COUNT: \"1.5\" is not a whole number");
    CHECK(b.error({{"count", 1e300}}) == "COUNT: \"1e+300\" is not a whole number");
    CHECK(b.error({{"count", "99999999999999999999"}}) == "COUNT: \"99999999999999999999\" is not a whole number");
    CHECK(b.error({{"fast", "perhaps"}}) == "FAST: \"perhaps\" is neither true nor false");
    CHECK(b.error({{"fast", std::int64_t{2}}}) == "FAST: \"2\" is neither true nor false");
    CHECK(b.error({{"way", "99"}}) == "WAY: \"99\" is not one of near,far");
    CHECK(b.error({{"way", std::int64_t{0}}}) == "WAY: \"0\" is not one of near,far");
    CHECK(b.error({{"way", "nera"}}) == "WAY: \"nera\" is not one of near,far; did you mean \"near\"?");
    CHECK(b.error({{"maps", "a.tif"}}) == "MAPS: at least 2 entries are needed, 1 given");
    CHECK(b.error({{"maps", "a.tif,,b.tif"}}) == "MAPS: the list has an empty entry");
    CHECK(b.error({{"shares", "1,2;3"}}) == "SHARES: row 2 has 1 cell, but the columns are a,b");
    CHECK(b.error({{"years", std::string("a\0b", 3)}}) == "YEARS: the text has a zero byte in it");
    const std::string cut_short("b\0.tif", 6);
    CHECK(b.error({{"maps", std::vector<std::string>{"a.tif", cut_short}}}) == "MAPS: the text has a zero byte in it");
    CHECK(b.error({{"land_cover", std::vector<std::string>{cut_short}}}) ==
          "LAND_COVER: the text has a zero byte in it");
    CHECK(b.error({{"land_cover", std::vector<std::string>{"a", "b"}}}) == "LAND_COVER: a text is needed");
}

TEST_CASE("fault 34: unknown parameters are errors, with a guess", "[spec][fault]") {
    BoundSpec b;
    CHECK(b.error({{"rat", "1"}}) == "unknown parameter RAT; did you mean RATE?");
    CHECK(closest("tren", {"trend-persistence", "trend", "trend-table"}) == "trend");
    CHECK(closest("trend-ta", {"trend-persistence", "trend", "trend-table"}) == "trend-table");
    CHECK(b.error({{"xyzxyzxyz", "1"}}) == "unknown parameter XYZXYZXYZ");
    CHECK(b.error({{"total", "1"}}).rfind("unknown parameter TOTAL", 0) == 0);  // a result cannot be given
}

TEST_CASE("all argument errors are told together", "[spec]") {
    BoundSpec b;
    try {
        assign(b.spec, {{"rate", "x"}, {"count", "-1"}, {"unknown_one", "1"}});
        FAIL("no error");
    } catch (const UserErrors& errors) {
        REQUIRE(errors.errors().size() == 4);
        std::vector<std::string> parameters;
        for (const auto& error : errors.errors()) parameters.push_back(error.parameter());
        CHECK(parameters == std::vector<std::string>{"count", "rate", "unknown_one", "land_cover"});
        CHECK(errors.errors().back().what() == std::string("LAND_COVER: missing; Land cover is required"));
    }
}

TEST_CASE("cross checks run when the arguments themselves are right", "[spec]") {
    BoundSpec b;
    b.spec.check = [&b]() -> std::vector<UserError> {
        if (b.o.rate > 5) return {wrong("rate", "too much for this way")};
        return {};
    };
    b.set({{"rate", "5"}});
    CHECK(b.error({{"rate", "6"}}) == "RATE: too much for this way");
}

TEST_CASE("names are transformed mechanically", "[spec]") {
    BoundSpec b;
    CHECK(b.spec.command_name() == "some-method");
    CHECK(b.spec.algorithm_name() == "somemethod");
    CHECK(b.spec.find("land_cover")->option_name() == "land-cover");
    CHECK(b.spec.find("land_cover")->parameter_name() == "LAND_COVER");
    for (int kind = 0; kind <= static_cast<int>(Kind::text_out); ++kind)
        CHECK_FALSE(kind_name(static_cast<Kind>(kind)).empty());
}

TEST_CASE("results that are not finite are absent", "[spec]") {
    BoundSpec b;
    b.o.total = std::numeric_limits<double>::quiet_NaN();
    CHECK(std::holds_alternative<std::monostate>(b.spec.find("total")->get()));
    b.o.total = 2.0;
    CHECK(std::get<double>(b.spec.find("total")->get()) == 2);
    CHECK(std::holds_alternative<std::monostate>(b.spec.find("note")->get()));
}

TEST_CASE("guesses are near and never wild", "[spec]") {
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(closest("carbon-storag", {"carbon-storage", "carbon-balance"}) == "carbon-storage");
    CHECK(closest("trans", {"transition-matrix", "trains"}) == "transition-matrix");
    CHECK(closest("xyz", {"transition-matrix"}).empty());
    CHECK(closest("", {"transition-matrix"}).empty());
}

TEST_CASE("the spec's JSON holds what front-ends show", "[spec]") {
    BoundSpec b;
    const auto json = nlohmann::json::parse(spec_json(b.spec));
    CHECK(json["command"] == "some-method");
    CHECK(json["inputs"].size() == 11);
    CHECK(json["outputs"].size() == 3);
    CHECK(json["inputs"][3]["above"] == 0);
    CHECK(json["inputs"][3]["maximum"] == 10);
    CHECK(json["inputs"][3]["default"] == 2.5);
    CHECK(json["inputs"][7]["choices"][1]["key"] == "far");
    CHECK(json["inputs"][10]["parent"] == "pools");
    CHECK(json["outputs"][0]["kind"] == "tableOut");
}
