// Land Carbon Toolbox: encodings told apart, and cells that mean one number, none, or two.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/text.hpp"

#include <string>

#include "engine/cell_number.hpp"
#include "spec/values.hpp"
#include "support/catch.hpp"

using namespace landcarbon;
using Kind = CellNumber::Kind;

TEST_CASE("UTF-8 is told from what is not", "[text]") {
    CHECK(is_utf8(""));
    CHECK(is_utf8("abc \xe8\x80\x95 \xf0\x9f\x8c\xb2"));
    CHECK_FALSE(is_utf8("\xe8\x80"));                // cut
    CHECK_FALSE(is_utf8("\xc0\xaf"));                // overlong
    CHECK_FALSE(is_utf8("\xed\xa0\x80"));            // half of a pair of UTF-16
    CHECK_FALSE(is_utf8("\xf4\x90\x80\x80"));        // beyond Unicode
    CHECK_FALSE(is_utf8(std::string("a\xb8\xfb")));  // GBK
    CHECK(whole_characters("\xe8\x80\x95\xe5\x9c\xb0", 10) == 6);
    CHECK(whole_characters("\xe8\x80\x95\xe5\x9c\xb0", 5) == 3);
    CHECK(whole_characters("ab", 1) == 1);
}

TEST_CASE("encodings have many names", "[text]") {
    for (const char* name : {"GBK", "gb2312", "936", "CP936", "ANSI 936", "OEM 936", "windows-936", "gb 18030"})
        CHECK(encoding_called(name) == "GB18030");
    CHECK(encoding_called("utf8") == "UTF-8");
    CHECK(encoding_called("65001\r\n") == "UTF-8");
    CHECK(encoding_called("big5") == "Big5");
    CHECK(encoding_called("sjis") == "Shift_JIS");
    CHECK(encoding_called("88591") == "ISO-8859-1");
    CHECK(encoding_called("1251") == "CP1251");
    CHECK(encoding_called("").empty());
    CHECK(encoding_called("no such thing").empty());
    CHECK(encoding_called("UTF-16//IGNORE").empty());
}

TEST_CASE("bytes are decoded, or refused where they have no meaning", "[text]") {
    CHECK(decoded("\xb8\xfb\xb5\xd8", "GB18030") == "\xe8\x80\x95\xe5\x9c\xb0");
    CHECK(decoded("\xaf\xd1\xa6\x61", "Big5") == "\xe8\x80\x95\xe5\x9c\xb0");
    CHECK_FALSE(decoded("\xb8", "GB18030"));
    CHECK_FALSE(decoded("a\xff\xff", "Big5"));
    CHECK(decoded(std::string(10000, 'a') + "\xb8\xfb", "GB18030") == std::string(10000, 'a') + "\xe8\x80\x95");
    CHECK(guessed_encoding("\xb8\xfb\xb5\xd8,\xc1\xd6\xb5\xd8") == "GB18030");
    CHECK(guessed_encoding("\xaf\xd1\xa6\x61,\xaaL\xa6\x61") == "Big5");
    CHECK(guessed_encoding("For\xeat,pr\xe9") == "Windows-1252");
    CHECK_FALSE(guessed_encoding("\xff\xfe\xfd\xfc\xfb"));
}

TEST_CASE("blanks that cannot be seen are blanks", "[text]") {
    CHECK(trimmed("\xc2\xa0 5\xe3\x80\x80") == "5");
    CHECK(trimmed("\xef\xbb\xbf\xe2\x80\x8b") == "");
    CHECK(trimmed("\xe8\x80\x95 \xe5\x9c\xb0") == "\xe8\x80\x95 \xe5\x9c\xb0");
    CHECK(half_width("\xef\xbc\x91\xef\xbc\x8e\xef\xbc\x95\xe8\x80\x95") == "1.5\xe8\x80\x95");
}

TEST_CASE("cells that can mean one number only are read", "[text]") {
    const auto value = [](const char* cell) {
        const CellNumber number = read_cell_number(cell);
        INFO(cell << ": " << number.advice);
        REQUIRE(number.kind == Kind::number);
        return number.value;
    };
    CHECK(value(" 1.5 ") == 1.5);
    CHECK(value("\xc2\xa0"
                "80") == 80);
    CHECK(value("\xef\xbc\x91\xef\xbc\x92") == 12);
    CHECK(value("\xe2\x88\x92"
                "3") == -3);
    CHECK(value("1,234,567") == 1234567);
    CHECK(value("-1,234.5") == -1234.5);
    CHECK(value("12 345.25") == 12345.25);
    CHECK(value("12\xc2\xa0"
                "345") == 12345);
    CHECK(value("1e3") == 1000);
}

TEST_CASE("cells that say that there is no number are gaps; what can mean two is broken", "[text]") {
    for (const char* cell : {"", " ", "\xe3\x80\x80", "NA", "n/a", "#N/A", "NaN", "null", "NULL", "<NA>", "None",
                             "<Null>", "<空>", "＜空＞", "‹空›", "(null)", "(blank)"})
        CHECK(read_cell_number(cell).kind == Kind::gap);
    CHECK(is_gap("<Null>"));
    CHECK(is_void("<空>"));
    CHECK_FALSE(is_void("NA"));  // Namibia
    CHECK(is_sheet_error("#REF!"));
    CHECK_FALSE(is_sheet_error("#1"));
    for (const char* cell : {"-", "/", "?", "n.d.", "无", "未知"}) CHECK(is_doubtful_name(cell));
    for (const char* cell : {"", "A", "无林地", "5-10", "none"}) CHECK_FALSE(is_doubtful_name(cell));
    CHECK(is_gap("NA"));
    CHECK_FALSE(is_gap("none"));  // may be a class
    for (const char* cell : {"12%", "1,5", "1,234", "1.234,5", "#DIV/0!", "#VALUE!", "-", "--", "\xe2\x80\x94",
                             "\xe2\x80\xa6", "inf", "1e999", "1.2.3"}) {
        INFO(cell);
        CHECK(read_cell_number(cell).kind == Kind::broken);
        CHECK_FALSE(read_cell_number(cell).advice.empty());
    }
    for (const char* cell : {"forest", "5-10", "12 ha", "#1", "A12", "1-"})
        CHECK(read_cell_number(cell).kind == Kind::text);
    for (const char* cell : {"12 ha", "812mm", "未知", "/"}) CHECK_FALSE(read_cell_number(cell).advice.empty());
    for (const char* cell : {"forest", "5-10", "A12"}) CHECK(read_cell_number(cell).advice.empty());
}

TEST_CASE("years may be dates", "[text]") {
    for (const char* cell : {"2001", " 2001 ", "2001.0", "2001-01-01", "2001/1/1", "2001/01/01 00:00:00", "2001-01",
                             "2001-03-15T12:00:00Z", "2001\xe5\xb9\xb4",
                             "2001\xe5\xb9\xb4"
                             "3\xe6\x9c\x88",
                             "2001\xe5\xb9\xb4"
                             "3\xe6\x9c\x88"
                             "5\xe6\x97\xa5",
                             "20010101", "200112", "2001365", "12/31/2001", "31.12.2001", "1/2/2001 10:30",
                             "\xef\xbc\x92\xef\xbc\x90\xef\xbc\x90\xef\xbc\x91"}) {
        INFO(cell);
        CHECK(read_cell_year(cell) == 2001);
    }
    CHECK(read_cell_year("2001.5") == 2001.5);
    CHECK(read_cell_year("5") == 5);
    for (const char* cell :
         {"", "x", "2001-13-01", "2001-2005", "13/31/2001", "1/2/20011", "1/2/01", "1/2.2001", "2001-1-1-1"})
        CHECK_FALSE(read_cell_year(cell));
    CHECK(plain_years("1990\xef\xbc\x8c"
                      "2000\xe2\x80\x93"
                      "2005\xe3\x80\x81"
                      "2010\xef\xbd\x9e"
                      "2012") == "1990,2000-2005,2010-2012");
}

TEST_CASE("texts of one place are in one encoding, though one of them be UTF-8 by chance", "[text][fault]") {
    // Water, paddy, water body in GBK: the first is well-formed UTF-8.
    const std::vector<std::string> gbk = {"\xcb\xae", "\xcb\xae\xcc\xef", "", "Forest", "\xcb\xae\xcc\xe5"};
    REQUIRE(is_utf8(gbk[0]));
    CHECK(readable(gbk) == std::vector<std::string>{"水", "水田", "", "Forest", "水体"});
    CHECK(readable(std::vector<std::string>{"\xcb\xae"}) == std::vector<std::string>{"水"});
    CHECK(readable(std::vector<std::string>{"é", "水"}) == std::vector<std::string>{"é", "水"});
}

TEST_CASE("names for a comparison without case and accents", "[text]") {
    CHECK(without_accents("M\xc3\xa1laga") == "malaga");   // one character
    CHECK(without_accents("Ma\xcc\x81laga") == "malaga");  // a letter and its accent
    CHECK(without_accents("ŁÓDŹ") == "lodz");
    CHECK(without_accents("Ｙａｎ'an") == "yan'an");
    CHECK(without_accents("延安") == "延安");
}
