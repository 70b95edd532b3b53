// Land Carbon Toolbox: tables as users write them, with messages that name the place; tables as OGR reads them back.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/table.hpp"

#include <cpl_vsi.h>
#include <ogr_api.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "spec/errors.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"
#include "spec/values.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

InputTable table_of(const std::string& text) { return InputTable::from_text("pools", "pools.csv", text); }

template <class Read>
std::string failure_of(Read read) {
    try {
        read();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

std::string rejection(const std::string& text) {
    return failure_of([&] { table_of(text); });
}

/// UTF-16 of ASCII text, with its mark.
std::string utf16(const std::string& text, bool little) {
    std::string bytes = little ? "\xff\xfe" : "\xfe\xff";
    for (const char c : text) {
        if (!little) bytes += '\0';
        bytes += c;
        if (little) bytes += '\0';
    }
    return bytes;
}

void check_two_rows(const InputTable& table) {
    REQUIRE(table.rows() == 2);
    CHECK(table.columns() == std::vector<std::string>{"class", "name", "c_above"});
    CHECK(table.required_integer(0, table.column("class")) == 1);
    CHECK(table.text(1, table.column("NAME ")) == "Forest land");
    CHECK(table.required_number(1, table.column("c_above")) == 82.2);
}

}  // namespace

TEST_CASE("fault 33: BOM, CRLF, UTF-16, separators, remarks, blank lines", "[table][fault]") {
    const std::string plain = "class,name,c_above\n1,Cropland,40.5\n2,Forest land,82.2\n";
    check_two_rows(table_of(plain));
    check_two_rows(table_of("\xef\xbb\xbf" + plain));
    check_two_rows(table_of("class,name,c_above\r\n1,Cropland,40.5\r\n2,Forest land,82.2"));
    check_two_rows(table_of(utf16(plain, true)));
    check_two_rows(table_of(utf16(plain, false)));
    check_two_rows(table_of("class;name;c_above\n1;Cropland;40.5\n2;Forest land;82.2\n"));
    check_two_rows(table_of("class\tname\tc_above\n1\tCropland\t40.5\n2\tForest land\t82.2\n"));
    check_two_rows(table_of("# where it is from\n#, and more\n\n" + plain + "\n\n , ,\n"));
    check_two_rows(table_of("class , name, c_above\n 1 ,Cropland,40.5\n2,\"Forest land\", 82.2 \n"));
    check_two_rows(table_of("class,name,c_above\n1,Cropland,40.5\n2.0,Forest land,8.22e1\n"));
    const auto chinese = table_of("class,name\n1,\xe8\x80\x95\xe5\x9c\xb0\n");
    CHECK(chinese.text(0, 1) == "\xe8\x80\x95\xe5\x9c\xb0");
    const auto quoted = table_of("class,name\n1,\"a, \"\"b\"\"\nsecond line\"\n2,c\n");
    CHECK(quoted.text(0, 1) == "a, \"b\"\nsecond line");
    CHECK(quoted.text(1, 1) == "c");
}

TEST_CASE("quotation marks within cells are characters", "[table]") {
    const auto table = table_of(
        "name,v,w\nCrop 5\",10,\"a\"\nForest 6\",100, \"b,\"\"c\" \n108\xc2\xb0"
        "30'15\",20,\"d\"e\n");
    REQUIRE(table.rows() == 3);
    CHECK(table.text(0, 0) == "Crop 5\"");
    CHECK(table.text(1, 0) == "Forest 6\"");
    CHECK(table.number(1, 1) == 100);
    CHECK(table.text(0, 2) == "a");
    CHECK(table.text(1, 2) == "b,\"c");
    CHECK(table.text(2, 2) == "de");
    // Lines are still counted, also within cells and where a carriage return ends them.
    CHECK_THAT(failure_of([] { table_of("a,b\n\"x\ny\",1\nz,w\n").number(1, 1); }), ContainsSubstring("line 4"));
    CHECK_THAT(failure_of([] { table_of("a,b\r\"x\ry\",1\rz,w\r").number(1, 1); }), ContainsSubstring("line 4"));
    CHECK_THAT(rejection("a,b\n1,2\n\"x,3\n4,5\n"), ContainsSubstring("line 3: a quotation mark is opened"));
}

TEST_CASE("headers of two rows", "[table]") {
    const auto merged = table_of("county,GDP,,\n,2001,2002,2003\nA,1985,1990,1995\nB,20,21,22\n");
    CHECK(merged.columns() == std::vector<std::string>{"county", "2001", "2002", "2003"});
    REQUIRE(merged.rows() == 2);
    CHECK(merged.text(0, 0) == "A");
    REQUIRE(merged.warnings().size() == 1);
    CHECK_THAT(merged.warnings()[0], ContainsSubstring("taken from line 2"));
    const auto bilingual = table_of("\xe5\x8e\xbf,2001,2002\nRegion,2001,2002\nA,5,6\nB,7,8\n");
    CHECK(bilingual.rows() == 2);
    CHECK_THAT(bilingual.warnings().at(0), ContainsSubstring("line 2 repeats the years"));
    // As pandas and R write the names of rows.
    const auto corner = table_of(",2001,2002,2003\nA,1985,1990,1995\n");
    CHECK(corner.rows() == 1);
    CHECK(corner.columns() == std::vector<std::string>{"column_1", "2001", "2002", "2003"});
    // A table of years alone has a header of one row.
    CHECK(table_of("first,second\n1990,2000\n2000,2010\n").rows() == 2);
    CHECK(table_of("unit,2001,2002\nA,2001,2003\n").rows() == 1);
}

TEST_CASE("numbers far above all others in a column are told, as those far below are", "[table]") {
    for (const char* mark : {"9999", "65535", "99999", "1e20", "3.4e38", "2147483647", "-9999"}) {
        INFO(mark);
        const auto table = table_of(std::string("unit,v\na,1.5\nb,2.5\nc,") + mark + "\nd,3\n");
        REQUIRE(table.warnings().size() == 1);
        CHECK_THAT(table.warnings()[0],
                   ContainsSubstring("line 4, column \"v\"") && ContainsSubstring("all others (1.5 to 3)"));
    }
    CHECK(table_of("unit,v\na,9000\nb,9999\nc,8000\n").warnings().empty());
    CHECK(table_of("unit,v\na,60000\nb,65535\nc,120\n").warnings().empty());
}

TEST_CASE("fault 33: lines without quotation marks give the cells that they give with them", "[table][fault]") {
    // A record with a quotation mark is cut in another way than one without.
    const std::vector<std::string> pieces = {"", "a", " a ", "1.5", "\xc3\xa9", "a b", "'", "-", "#"};
    for (const std::string end : {"\n", "\r\n", "\r"}) {
        std::string plain = "x,y,z" + end, quoted = plain;
        std::vector<std::string> cells;
        for (std::size_t i = 0; i < pieces.size() * pieces.size(); ++i) {
            const std::string &y = pieces[i / pieces.size()], z = pieces[i % pieces.size()];
            plain += "r," + y + "," + z + end;
            // Every other line, so that each kind follows the other.
            quoted += (i % 2 ? "\"r\"," : "r,") + y + "," + z + end;
            cells.insert(cells.end(), {"r", y, z});
        }
        const auto one = table_of(plain), other = table_of(quoted);
        REQUIRE(one.rows() == pieces.size() * pieces.size());
        REQUIRE(other.rows() == one.rows());
        for (std::size_t i = 0; i < cells.size(); ++i) {
            INFO(i);
            CHECK(one.text(i / 3, i % 3) == trimmed(cells[i]));
            CHECK(other.text(i / 3, i % 3) == trimmed(cells[i]));
        }
    }
    CHECK(table_of("a,b\n1,\n2").text(1, 1).empty());
    CHECK_THAT(rejection("a,b\n1,2\n1,2,3\n"), ContainsSubstring("line 3 has 3 cells"));
    CHECK_THAT(rejection("a,b\n1,2\n1,\"2\",3\n"), ContainsSubstring("line 3 has 3 cells"));
    CHECK(table_of("a,b\n1,2,,\n").rows() == 1);  // as spreadsheets write empty columns
    CHECK_THAT(rejection("a,b\n1,\"2\n"), ContainsSubstring("line 2: a quotation mark is opened"));
}

TEST_CASE("fault 33: wrong cells are named by line and column", "[table][fault]") {
    const auto table = table_of(
        "# "
        "remark\nclass;name;c_above\n1;Cropland;1,5\n2;\"two\nlines\";-3\n3;c;\n4;d;=1+1\n5;e;nan\n6;f;1e999\nx;g;0\n");
    const std::size_t above = table.column("c_above");
    CHECK(failure_of([&] { table.number(0, above); }) ==
          "POOLS: table pools.csv: line 3, column \"c_above\": \"1,5\" is not a number; write a decimal point, not a "
          "comma");
    CHECK(table.number(1, above) == -3);  // negative numbers are the algorithm's business
    CHECK_FALSE(table.number(2, above));
    CHECK(failure_of([&] { table.required_number(2, above); }) ==
          "POOLS: table pools.csv: line 6, column \"c_above\": a number is missing");
    CHECK_THAT(failure_of([&] { table.number(3, above); }),
               ContainsSubstring("line 7, column \"c_above\": \"=1+1\" is not a number"));
    CHECK_FALSE(table.number(4, above));  // as programs write a gap
    CHECK_THAT(failure_of([&] { table.required_number(4, above); }),
               ContainsSubstring("line 8, column \"c_above\": a number is missing; the cell says nan"));
    CHECK_THAT(failure_of([&] { table.number(5, above); }), ContainsSubstring("\"1e999\" is not a number"));
    CHECK_THAT(failure_of([&] { table.required_integer(6, 0); }),
               ContainsSubstring("line 10, column \"class\": \"x\" is not a number"));
    CHECK_THAT(failure_of([&] { table.column("c_soil"); }),
               ContainsSubstring("the column \"c_soil\" is missing; its columns are: class,name,c_above"));
    CHECK_THAT(failure_of([&] {
                   static_cast<void>(table.columns_of({"c_dead", "class", "c_soil"}));
               }),
               ContainsSubstring("the columns \"c_dead\", \"c_soil\" are missing; its columns are: class,name"));
}

TEST_CASE("decimal commas are read where semicolons part the cells and nothing speaks against them", "[table]") {
    const auto table = table_of("class;name;c_above;c_soil\n1;a,b;12,5;1,234\n2;c;0,125;-2,5e1\n3;d;;7\n4;e;typo;1\n");
    const std::size_t above = table.column("c_above"), soil = table.column("c_soil");
    CHECK(table.number(0, above) == 12.5);
    CHECK(table.number(0, soil) == 1.234);
    CHECK(table.number(1, above) == 0.125);
    CHECK(table.number(1, soil) == -25);
    CHECK_FALSE(table.number(2, above));
    CHECK(table.number(2, soil) == 7);
    CHECK(table.text(0, 1) == "a,b");
    CHECK_THAT(failure_of([&] { table.number(3, above); }), ContainsSubstring("\"typo\" is not a number"));
    REQUIRE(table.warnings().size() == 1);
    CHECK(table.warnings()[0] ==
          "POOLS: table pools.csv: 4 numbers have a decimal comma (12,5) and were read as such; so "
          "1,234 is 1.234");
    // A column that settles it settles the others; what could be thousands is shown.
    const auto mixed = table_of("y;gdp\n2,138;10,4\n5,175;3,2\n");
    CHECK(mixed.number(0, 0) == 2.138);
    REQUIRE(mixed.warnings().size() == 1);
    CHECK_THAT(mixed.warnings()[0], ContainsSubstring("4 numbers have a decimal comma (10,4) and were read as such; so "
                                                      "2,138 is 2.138"));
    CHECK(table_of("y\tgdp\n2,138\t10,4\n").number(0, 1) == 10.4);  // tabs
    const auto european = table_of("a;b\n1.200,5;80\n12,5;1.200\n");
    CHECK(european.number(0, 0) == 1200.5);
    CHECK(european.number(1, 1) == 1200);
    // Words with commas beside them settle nothing.
    CHECK_THAT(failure_of([] { table_of("codes;v\n1,2 a;12,300\n3,4 b;1,234\n").number(0, 1); }),
               ContainsSubstring("between thousands"));
    // A point may stand between thousands where nothing settles it: told, and silent where decimals are usual.
    const auto points = table_of("class;c_soil\n1;80\n2;1.200\n3;90\n");
    CHECK(points.number(1, 1) == 1.2);
    REQUIRE(points.warnings().size() == 1);
    CHECK_THAT(points.warnings()[0], ContainsSubstring("line 3, column \"c_soil\": 1.200 was read as 1.2") &&
                                         ContainsSubstring("then write 1200"));
    CHECK(table_of("class;c\n1;80.5\n2;1.200\n").warnings().empty());
    CHECK(table_of("class;c\n1;80.125\n2;1.200\n").warnings().empty());
    CHECK(table_of("class,c\n1,80\n2,1.200\n").warnings().empty());
    // A decimal point or groups of thousands anywhere in the table, or nothing that can only be decimals.
    for (const char* other : {"1.5", "1,234,567", "1,234.5"}) {
        INFO(other);
        CHECK_THAT(failure_of([&] { table_of(std::string("c;d\n12,5;") + other + "\n").number(0, 0); }),
                   ContainsSubstring("write a decimal point, not a comma"));
    }
    CHECK_THAT(failure_of([] { table_of("c;d\n1,234;2\n").number(0, 0); }), ContainsSubstring("between thousands"));
    CHECK_THAT(failure_of([] { table_of("c,d\n\"12,5\",2\n").number(0, 0); }), ContainsSubstring("decimal point"));
}

TEST_CASE("fault 33: tables that are none", "[table][fault]") {
    CHECK_THAT(rejection(""), ContainsSubstring("it is empty"));
    CHECK_THAT(rejection(" \n \n"), ContainsSubstring("POOLS: table pools.csv: "));
    CHECK_THAT(rejection("class,name\n"), ContainsSubstring("it has a header but no rows"));
    CHECK_THAT(rejection("class,name\n\n,\n"), ContainsSubstring("no rows"));
    CHECK_THAT(rejection("# only a remark\n"), ContainsSubstring("it is empty"));
    CHECK_THAT(rejection("#"), ContainsSubstring("it is empty"));
    CHECK_THAT(rejection("class,c\n1,\xe9\xe9\xe9\n"), ContainsSubstring("line 2 is not UTF-8"));
    CHECK_THAT(rejection(std::string("class,c\n1,\0\n", 12)), ContainsSubstring("zero byte"));
    CHECK_THAT(rejection("\xff\xfe\x61"), ContainsSubstring("half a character"));
    CHECK_THAT(rejection(std::string("\xff\xfe\x00\xd8\x61\x00", 6)), ContainsSubstring("broken UTF-16"));
    CHECK_THAT(failure_of([] { table_of("class,Name,name \n1,a,b\n").column("name"); }),
               ContainsSubstring("the column \"Name\" appears twice (columns 2 and 3)"));
    CHECK(table_of("class,Name,name \n1,a,b\n").column("class") == 0);
    CHECK_THAT(rejection("class,c_above\n1,2,5\n"),
               ContainsSubstring("line 2 has 3 cells, but the header has 2; write a decimal point"));
    CHECK_THAT(rejection("class,c\n1,\"never closed\n2,3\n"), ContainsSubstring("line 2"));
}

TEST_CASE("fault 33: classes that stand twice, colours that are none", "[table][fault]") {
    CHECK_THAT(failure_of([] { read_classes(table_of("class,name\n1,a\n2,b\n1.0,c\n")); }),
               ContainsSubstring("line 4, column \"class\": class 1 appears twice"));
    CHECK_THAT(failure_of([] { read_classes(table_of("class,name\n1.5,a\n")); }),
               ContainsSubstring("\"1.5\" is not a whole number"));
    CHECK_THAT(failure_of([] { read_classes(table_of("class,name\n,a\n")); }),
               ContainsSubstring("a number is missing"));
    CHECK_THAT(failure_of([] { read_classes(table_of("class,colour\n1,red\n")); }),
               ContainsSubstring("\"red\" is not a colour"));
    CHECK_THAT(failure_of([] { read_classes(table_of("class,colour\n1,#ff000g\n")); }),
               ContainsSubstring("is not a colour"));
    CHECK_THAT(failure_of([] { read_classes(table_of("name\na\n")); }), ContainsSubstring("\"class\" is missing"));
    const auto classes =
        read_classes(table_of("class,name,color,grade,note\n-9223372036854775808,<b>,#FF0000,2.5,x\n7,,,,\n"));
    REQUIRE(classes.size() == 2);
    CHECK(classes.at(INT64_MIN).name == "<b>");
    CHECK(classes.at(INT64_MIN).colour == "#ff0000");
    CHECK(classes.at(INT64_MIN).grade == 2.5);
    CHECK(classes.at(7).name.empty());
    CHECK_FALSE(classes.at(7).grade);
}

TEST_CASE("fault 33: a million rows in a moment", "[table][fault]") {
    std::string text = "class,value\n";
    for (int i = 0; i < 1000000; ++i) text += std::to_string(i) + ",1.5\n";
    const auto start = std::chrono::steady_clock::now();
    const auto table = table_of(text);
    CHECK(table.rows() == 1000000);
    CHECK(table.required_integer(999999, 0) == 999999);
    CHECK_THAT(failure_of([&] { table.reject(999999, 1, "wrong"); }),
               ContainsSubstring("line 1000001, column \"value\": wrong"));
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
}

TEST_CASE("tables of any OGR format", "[table]") {
    const Sandbox box;
    OutputTable out({{"class", OutputTable::Type::integer},
                     {"name", OutputTable::Type::text},
                     {"c_above", OutputTable::Type::real}});
    out.add({std::int64_t{9007199254740993}, std::string("Forest, \"wet\""), 0.1});
    out.add({std::int64_t{-2}, std::string("<script>"), {}});
    for (const std::string name : {"t.csv", "t.gpkg", "t.xlsx", "t.dbf", "t.geojson", "t.ods"}) {
        INFO(name);
        out.write("table", box.path(name), box.path(name));
        const InputTable in("pools", box.path(name));
        REQUIRE(in.rows() == 2);
        const std::size_t above = in.column("c_above");
        CHECK(in.text(0, in.column("name")) == "Forest, \"wet\"");
        CHECK(in.number(0, above) == 0.1);
        CHECK_FALSE(in.number(1, above));
        CHECK(in.required_integer(1, in.column("class")) == -2);
        if (name != "t.xlsx" && name != "t.ods") CHECK(in.required_integer(0, in.column("class")) == 9007199254740993);
    }
    CHECK_THAT(failure_of([&] { InputTable("pools", box.path("t.gpkg") + "|layername=none"); }),
               ContainsSubstring("has no layer \"none\""));
    CHECK(InputTable("pools", box.path("t.gpkg") + "|layername=t").rows() == 2);
    CHECK_THAT(failure_of([&] { InputTable("pools", box.path("missing.csv")); }),
               ContainsSubstring(box.path("missing.csv")));
    CHECK_THAT(failure_of([&] { InputTable("pools", box.folder().string()); }),
               ContainsSubstring("is a folder, not a table"));
    CHECK_THAT(failure_of([&] { out.write("table", box.path("t.xyzzy"), box.path("t.xyzzy")); }),
               ContainsSubstring("no table format is known"));
}

TEST_CASE("fault 10: a raster given as a table", "[table][fault]") {
    const Sandbox box;
    const auto raster = make_classes(box, "a.tif", 2, {1, 2});
    CHECK_THAT(failure_of([&] { InputTable("pools", raster); }),
               ContainsSubstring(raster + ": cannot be opened as a table"));
}

TEST_CASE("fault 48: texts that spreadsheets take for formulas get a quote in CSV, numbers none", "[table][fault]") {
    const Sandbox box;
    OutputTable out(
        {{"name", OutputTable::Type::text}, {"value", OutputTable::Type::real}, {"count", OutputTable::Type::integer}});
    for (const char* name :
         {"=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)", "-2+3", "\t=1", "-5", "plain", "\"; rm -rf ~", "../../x"})
        out.add({std::string(name), -1.5, std::int64_t{-7}});
    out.write("table", box.path("t.csv"), box.path("t.csv"));
    const InputTable in("pools", box.path("t.csv"));
    const std::vector<std::string> expected = {
        "'=cmd|'/c calc'!A1", "'+1+1", "'@SUM(A1)", "'-2+3", "'\t=1", "-5", "plain", "\"; rm -rf ~", "../../x"};
    REQUIRE(in.rows() == expected.size());
    for (std::size_t row = 0; row < expected.size(); ++row) {
        CHECK(in.text(row, 0) == expected[row]);
        CHECK(in.text(row, 1) == "-1.5");
        CHECK(in.text(row, 2) == "-7");
    }
    // OGR reads the numbers as numbers.
    const DatasetPtr dataset(GDALOpenEx(box.path("t.csv").c_str(), GDAL_OF_VECTOR, nullptr, nullptr, nullptr));
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(GDALDatasetGetLayer(dataset.get(), 0));
    CHECK(OGR_Fld_GetType(OGR_FD_GetFieldDefn(definition, 1)) == OFTReal);
    CHECK(OGR_Fld_GetType(OGR_FD_GetFieldDefn(definition, 2)) == OFTInteger64);
}

TEST_CASE("tables are the same bytes whenever they are written", "[table][fault]") {
    const Sandbox box;
    OutputTable out({{"class", OutputTable::Type::integer}});
    out.add({std::int64_t{1}});
    for (const std::string name : {"t.csv", "t.gpkg"}) {
        out.write("table", box.path("first-" + name), box.path(name));
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        out.write("table", box.path("second-" + name), box.path(name));
        CHECK(read_text(box.path("first-" + name)) == read_text(box.path("second-" + name)));
    }
}

TEST_CASE("rows that are made while a table is written follow those that were added", "[table]") {
    const Sandbox box;
    using Type = OutputTable::Type;
    for (const std::string name : {"t.csv", "t.gpkg"}) {
        OutputTable table({{"n", Type::integer}, {"text", Type::text}});
        table.add({std::int64_t{-1}, std::string("first")});
        std::vector<std::size_t> asked;
        table.add_later(3, [&](std::size_t row, std::vector<Cell>& cells) {
            asked.push_back(row);
            cells[0] = static_cast<std::int64_t>(row);
            if (row == 1) cells[1] = std::string("middle");
        });
        table.write("out", box.path(name), box.path(name));
        CHECK(asked == std::vector<std::size_t>{0, 1, 2});
        const InputTable back("out", box.path(name));
        REQUIRE(back.rows() == 4);
        CHECK(back.required_integer(3, 0) == 2);
        CHECK(back.text(0, 1) == "first");
        CHECK(back.text(2, 1) == "middle");
        CHECK(back.text(3, 1).empty());
    }
}

TEST_CASE("published tables travel in the library and can be read", "[table]") {
    CHECK_FALSE(embedded_tables().empty());
    for (const auto& table : embedded_tables()) {
        INFO(table.name);
        CHECK(InputTable::from_text("table", table.name, table.text).rows() > 0);
    }
}

TEST_CASE("a column of nothing but a mark is told, a code's column is not", "[table][fault]") {
    const auto warnings = [](const std::string& text) {
        std::string all;
        const InputTable table = table_of(text);
        for (const auto& warning : table.warnings()) all += warning + '\n';
        return all;
    };
    CHECK_THAT(warnings("unit,npp_2003,npp_2004,npp_2005\na,410,-9999,405\nb,420,-9999,431\n"),
               ContainsSubstring("column \"npp_2004\" holds nothing but -9999"));
    CHECK(warnings("unit,npp_2003\na,-3000\nb,-3000\n").empty());
    // Marks among numbers as before; a column of codes may hold anything.
    CHECK_THAT(warnings("unit,v\na,410\nb,-9999\nc,430\n"), ContainsSubstring("-9999 lies far below"));
    CHECK(warnings("name,county_id,v\na,1,5\nb,2,6\nc,3,7\nd,99999,8\ne,5,9\n").empty());
}

TEST_CASE("a slip of the finger is no year", "[table][fault]") {
    const auto year = [](const std::string& years, std::size_t row) {
        return failure_of([&] {
            const InputTable table = table_of("year,v\n" + years);
            table.required_year(row, 0);
        });
    };
    CHECK_THAT(year("2001,1\n2002,1\n204,1\n2005,1\n", 2),
               ContainsSubstring("line 4, column \"year\": \"204\" is no year like the others"));
    CHECK_THAT(year("204,1\n2002,1\n2003,1\n", 0), ContainsSubstring("\"204\" is no year"));
    CHECK_THAT(year("2001,1\n2002,1\n3004,1\n", 2), ContainsSubstring("\"3004\" is no year"));
    // Steps that are counted, and times long ago.
    CHECK(year("0,1\n1,1\n2,1\n", 1) == "no error");
    CHECK(year("900,1\n950,1\n1000,1\n", 0) == "no error");
}

TEST_CASE("a unit whose numbers are the years of the header is no second header", "[table][fault]") {
    CHECK(table_of("unit,2001,2002\nB,2001,2002\nC,7,8\n").rows() == 2);
    CHECK(table_of("地区,2001,2002\nRegion,2001,2002\nC,7,8\n").rows() == 1);
}

TEST_CASE("files under the ending of a spreadsheet that are none say what they are", "[table][fault]") {
    const Sandbox box;
    const auto opened = [&](const std::string& name, const std::string& bytes) {
        const std::string path = box.text(name, bytes);
        return failure_of([&] { InputTable("pools", path); });
    };
    CHECK_THAT(opened("a.xls", "<html><table><tr><td>class</td></tr></table></html>"),
               ContainsSubstring("a web page (HTML) with the ending .xls"));
    CHECK_THAT(opened("b.xls", "class\tc_above\n1\t80\n"),
               ContainsSubstring("text separated by tabs, with the ending .xls; rename it to .csv"));
    CHECK_THAT(opened("c.xlsx", "class,c_above\n1,80\n"), ContainsSubstring("text separated by commas"));
    CHECK_THAT(opened("d.xlsx", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ContainsSubstring("of the older kind (.xls)"));
    CHECK_THAT(opened("e.ods", ""), ContainsSubstring("it is empty"));
}

namespace {

struct Sheet {
    std::string name, attributes, rows;
};

/// A workbook as programs write it. @param book what stands before and behind its list of sheets
std::string make_workbook(const Sandbox& box, const std::vector<Sheet>& sheets, const std::string& before = {},
                          const std::string& behind = {}) {
    const std::string path = box.path("book.xlsx");
    const auto part = [&](const std::string& name, const std::string& text) {
        VSILFILE* const file = VSIFOpenL(("/vsizip/" + path + "/" + name).c_str(), "wb");
        REQUIRE(file);
        REQUIRE(VSIFWriteL(text.data(), 1, text.size(), file) == text.size());
        REQUIRE(VSIFCloseL(file) == 0);
    };
    const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    const std::string office = "http://schemas.openxmlformats.org/";
    std::string types, list, links;
    for (std::size_t i = 1; i <= sheets.size(); ++i) {
        const std::string file = "worksheets/sheet" + std::to_string(i) + ".xml", id = "rId" + std::to_string(i);
        types += "<Override PartName=\"/xl/" + file +
                 "\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>";
        list += "<sheet name=\"" + sheets[i - 1].name + "\" sheetId=\"" + std::to_string(i) + "\" " +
                sheets[i - 1].attributes + " r:id=\"" + id + "\"/>";
        links += "<Relationship Id=\"" + id + "\" Type=\"" + office +
                 "officeDocument/2006/relationships/worksheet\" Target=\"" + file + "\"/>";
    }
    part("[Content_Types].xml",
         head + "<Types xmlns=\"" + office +
             "package/2006/content-types\"><Default Extension=\"rels\" "
             "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override "
             "PartName=\"/xl/workbook.xml\" "
             "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override "
             "PartName=\"/xl/styles.xml\" "
             "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>" +
             types + "</Types>");
    part("_rels/.rels", head + "<Relationships xmlns=\"" + office +
                            "package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"" + office +
                            "officeDocument/2006/relationships/officeDocument\" "
                            "Target=\"xl/workbook.xml\"/></Relationships>");
    part("xl/workbook.xml", head + "<workbook xmlns=\"" + office + "spreadsheetml/2006/main\" xmlns:r=\"" + office +
                                "officeDocument/2006/relationships\">" + before + "<sheets>" + list + "</sheets>" +
                                behind + "</workbook>");
    part("xl/_rels/workbook.xml.rels",
         head + "<Relationships xmlns=\"" + office + "package/2006/relationships\">" + links +
             "<Relationship Id=\"rId9\" Type=\"" + office +
             "officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>");
    // Style 1 is a date.
    part("xl/styles.xml", head + "<styleSheet xmlns=\"" + office +
                              "spreadsheetml/2006/main\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" "
                              "formatCode=\"yyyy-mm-dd\"/></numFmts><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf "
                              "numFmtId=\"164\"/></cellXfs></styleSheet>");
    for (std::size_t i = 1; i <= sheets.size(); ++i)
        part("xl/worksheets/sheet" + std::to_string(i) + ".xml", head + "<worksheet xmlns=\"" + office +
                                                                     "spreadsheetml/2006/main\"><sheetData>" +
                                                                     sheets[i - 1].rows + "</sheetData></worksheet>");
    return path;
}

std::string text_cell(const std::string& place, const std::string& text) {
    return "<c r=\"" + place + "\" t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
}
const std::string pools_header = "<row r=\"1\">" + text_cell("A1", "class") + text_cell("B1", "c_above") + "</row>";

}  // namespace

TEST_CASE("truth values and formulas without a value in a sheet are no numbers", "[table][fault]") {
    const Sandbox box;
    const InputTable table(
        "pools",
        make_workbook(box,
                      {{"Pools", "",
                        pools_header + "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\"><f>40*2</f><v>80</v></c></row>"
                                       "<row r=\"3\"><c r=\"A3\"><v>2</v></c><c r=\"B3\" t=\"b\"><v>1</v></c></row>"
                                       "<row r=\"4\"><c r=\"A4\"><v>3</v></c><c r=\"B4\"><f>B2*2</f></c></row>"}}));
    REQUIRE(table.rows() == 3);
    REQUIRE(table.warnings().size() == 1);
    CHECK_THAT(table.warnings().front(), ContainsSubstring("cell B4: the cell is a formula"));
    CHECK(table.required_number(0, table.column("c_above")) == 80);
    CHECK_THAT(failure_of([&] { table.number(1, 1); }), ContainsSubstring("\"TRUE\" is not a number"));
    CHECK_THAT(
        failure_of([&] { table.number(2, 1); }),
        ContainsSubstring("row 4, column \"c_above\": the cell is a formula, and the file does not hold its value"));
}

TEST_CASE("a formula with the value 0 counts as one without where the workbook is to be calculated", "[table][fault]") {
    const std::string rows = pools_header +
                             "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\"><f>40*2</f><v>0</v></c></row>"
                             "<row r=\"3\"><c r=\"A3\"><v>2</v></c><c r=\"B3\"><v>0</v></c></row>";
    const Sandbox box, other;
    const InputTable placeholders(
        "pools", make_workbook(box, {{"Pools", "", rows}}, "", "<calcPr calcId=\"124519\" fullCalcOnLoad=\"1\"/>"));
    CHECK_THAT(failure_of([&] { placeholders.number(0, 1); }), ContainsSubstring("the cell is a formula"));
    CHECK(placeholders.number(1, 1) == 0);
    const InputTable calculated("pools", make_workbook(other, {{"Pools", "", rows}}, "", "<calcPr calcId=\"1\"/>"));
    CHECK(calculated.number(0, 1) == 0);
}

TEST_CASE("dates of a workbook that counts days from 1904", "[table][fault]") {
    const std::string rows = "<row r=\"1\">" + text_cell("A1", "date") + text_cell("B1", "v") +
                             "</row><row r=\"2\"><c r=\"A2\" s=\"1\"><v>35610</v></c><c r=\"B2\"><v>35610</v></c></row>"
                             "<row r=\"3\"><c r=\"A3\" s=\"1\"><v>37071</v></c><c r=\"B3\"><v>2</v></c></row>"
                             "<row r=\"4\"><c r=\"A4\" s=\"1\"><v>35123</v></c><c r=\"B4\"><v>2</v></c></row>";
    const Sandbox box, other;
    const InputTable since_1904("data", make_workbook(box, {{"S", "", rows}}, "<workbookPr date1904=\"1\"/>"));
    CHECK(since_1904.text(0, 0) == "2001/06/30");
    CHECK(since_1904.text(1, 0) == "2005/06/30");
    CHECK(since_1904.text(2, 0) == "2000/02/29");
    CHECK(since_1904.number(0, 1) == 35610);  // no date
    const InputTable since_1900("data", make_workbook(other, {{"S", "", rows}}));
    CHECK(since_1900.required_year(0, 0) == 1997);
}

TEST_CASE("hidden sheets are not taken first, and the sheet with the columns is named", "[table][fault]") {
    const std::string one = pools_header + "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\"><v>7</v></c></row>";
    const std::string two = pools_header + "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\"><v>80</v></c></row>";
    const std::string cover =
        "<row r=\"1\">" + text_cell("A1", "about") + "</row><row r=\"2\">" + text_cell("A2", "by us") + "</row>";
    {
        const Sandbox box;
        const InputTable table("pools", make_workbook(box, {{"old", "state=\"hidden\"", one}, {"Pools", "", two}}));
        CHECK(table.number(0, 1) == 80);
        REQUIRE(table.warnings().size() == 1);
        CHECK_THAT(table.warnings()[0], ContainsSubstring("\"Pools\" was read. The other is \"old\" (hidden)"));
    }
    {
        const Sandbox box;
        CHECK(InputTable("pools", make_workbook(box, {{"old", "state=\"hidden\"", one}})).number(0, 1) == 7);
    }
    const Sandbox box;
    const InputTable table("pools", make_workbook(box, {{"About", "", cover}, {"x", "", cover}, {"Pools", "", two}}));
    CHECK_THAT(failure_of([&] { table.column("c_above"); }), ContainsSubstring("\"Pools\" has this column"));
    CHECK_THAT(failure_of([&] { table.column("c_soil"); }), !ContainsSubstring("has this column"));
}

TEST_CASE("notes below a table are left out, units without numbers are not", "[table][fault]") {
    const auto noted = table_of("county,2001,2002\nA,1,2\nB,3,4\n注：1.数据来源,,\n数据来源：国家统计局\n");
    CHECK(noted.rows() == 2);
    REQUIRE(noted.warnings().size() == 1);
    CHECK_THAT(
        noted.warnings()[0],
        ContainsSubstring("line 4 (\"注：1.数据来源\"), line 5 (\"数据来源：国家统计局\") are notes below the table"));
    for (const char* note : {"Source: a yearbook", "Note 1: provisional", "Notes. All in t", "资料来源：年鉴"}) {
        INFO(note);
        CHECK(table_of(std::string("county,2001\nA,1\n") + note + ",\n").rows() == 1);
    }
    for (const char* unit : {"C", "Notedorf", "注县", "Source"}) {
        INFO(unit);
        const auto table = table_of(std::string("county,2001\nA,1\n") + unit + ",\n");
        CHECK(table.rows() == 2);
        CHECK(table.warnings().empty());
    }
    CHECK(table_of("county,2001\nNote: x,5\n").rows() == 1);
    CHECK(table_of("text\na\nNote: x\n").rows() == 2);  // a table of one column
}

TEST_CASE("years of two digits across a century", "[table][fault]") {
    const auto years = [](const std::string& rows) { return table_of("unit,year,v\n" + rows); };
    const auto table = years("A,97,1\nA,98,2\nA,99,3\nA,00,4\nA,01,5\n");
    CHECK(table.required_year(0, 1) == 1997);
    CHECK(table.required_year(3, 1) == 2000);
    CHECK(table.required_year(4, 1) == 2001);
    REQUIRE(table.warnings().size() == 1);
    CHECK_THAT(table.warnings()[0], ContainsSubstring("years of two digits (97), which were read as 1997 to 2001"));
    CHECK(years("A,90,1\nA,95,2\nA,0,3\nA,5,4\n").required_year(3, 1) == 2005);  // a sheet writes 5
    const auto gap = years("A,97,1\nA,98,2\nA,00,4\nA,01,5\n");
    CHECK_THAT(failure_of([&] { gap.required_year(0, 1); }), ContainsSubstring("write all four digits"));
    // Steps, and years of one century.
    for (const char* rows : {"A,0,1\nA,50,2\nA,100,3\n", "A,01,1\nA,02,2\nA,03,3\n", "A,40,1\nA,50,2\nA,60,3\n",
                             "A,1,1\nA,2,2\nA,70,3\n"}) {
        INFO(rows);
        const auto steps = years(rows);
        CHECK(steps.warnings().empty());
        CHECK(steps.required_year(0, 1) < 100);
    }
}

TEST_CASE("a table that was pasted twice is told", "[table][fault]") {
    const std::string rows = "4.6,2\n6.1,3\n8.3,4\n8.0,4\n";
    const auto twice = table_of("y,soil\n" + rows + rows);
    REQUIRE(twice.warnings().size() == 1);
    CHECK_THAT(twice.warnings()[0], ContainsSubstring("each of its 4 rows stands in it twice, as if the table"));
    CHECK_THAT(table_of("y,soil\n4.6,2\n4.6,2\n6.1,3\n6.1,3\n8,1\n8,1\n").warnings().at(0),
               ContainsSubstring("each of its 3 rows stands in it twice; both"));
    CHECK(table_of("y,soil\n" + rows + "4.6,2\n6.1,3\n8.3,4\n8.0,5\n").warnings().empty());
    CHECK(table_of("y,soil\n1,2\n1,2\n1,2\n1,2\n1,2\n1,2\n").warnings().empty());  // few classes
    CHECK(table_of("y,soil\n1,2\n2,2\n1,2\n2,2\n").warnings().empty());
}

TEST_CASE("columns in Chinese, signs of ArcGIS, and names of rows that R writes", "[table][fault]") {
    const auto pools =
        table_of("地类代码,地类名称,地上碳密度,地下碳密度,土壤碳密度,死亡有机质碳密度\n1,耕地,2,1,60,0\n");
    CHECK(pools.columns_of({"class", "name", "c_above", "c_below", "c_soil", "c_dead"}) ==
          std::vector<std::size_t>{0, 1, 2, 3, 4, 5});
    const auto rules = table_of("原代码,新代码,新地类,年份\n1,2,林地,2001\n");
    CHECK(rules.columns_of({"from", "to", "to_name", "year"}) == std::vector<std::size_t>{0, 1, 2, 3});
    CHECK_THAT(failure_of([] { table_of("class,地上碳密度(t/ha)\n1,2\n").column("c_above"); }),
               ContainsSubstring("is \"地上碳密度(t/ha)\" meant? Then call it \"c_above\""));
    CHECK(read_classes(table_of("class,name\n1,<Null>\n2,a\n")).at(1).name.empty());
    // Tabs part no decimals; commas might, so that the names are not skipped.
    const auto named = table_of("county\tX2001\tX2002\n1\tA\t1\t2\n2\tB\t3\t4\n");
    CHECK(named.text(1, named.column("county")) == "B");
    CHECK(named.number(1, named.column("X2002")) == 4);
    CHECK_THAT(rejection("county,X2001,X2002\n1,A,1,2\n2,B,3,4\n"), ContainsSubstring("row.names = FALSE"));
    CHECK_THAT(rejection("class,c\n7,1,5\n"), !ContainsSubstring("row.names"));
}
