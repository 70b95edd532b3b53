// Land Carbon Toolbox: strict reading of numbers and lists, plain writing of values.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/values.hpp"

#include <cmath>
#include <limits>

#include "support/catch.hpp"

using namespace landcarbon;

TEST_CASE("counts agree with what is counted", "[values]") {
    CHECK(counted(1, "driver") == "1 driver");
    CHECK(counted(0, "driver") == "0 drivers");
    CHECK(counted(2, "class", "classes") == "2 classes");
    CHECK(counted(1, "class", "classes") == "1 class");
}

TEST_CASE("numbers are read whole, with a point, in the C locale", "[values]") {
    CHECK(parse_number("1.5") == 1.5);
    CHECK(parse_number(" \t-2e3\r\n") == -2000);
    CHECK(parse_number("+7") == 7);
    CHECK(parse_number(".5") == 0.5);
    CHECK(parse_number("5.") == 5);
    CHECK(parse_number("1e-320") == 1e-320);
    CHECK(std::isnan(*parse_number("nan")));
    CHECK(std::isinf(*parse_number("-inf")));
    for (const char* wrong : {"", " ", "1,5", "1 5", "abc", "1.5x", "0x10", "--1", "+-1", "++1", "+", "-", ".", "1e",
                              "1e400", "\xd9\xa1", "1.5\x01"})
        CHECK_FALSE(parse_number(wrong));
    CHECK_FALSE(parse_number(std::string_view("1\0", 2)));
}

TEST_CASE("integers are read exactly or not at all", "[values]") {
    CHECK(parse_integer("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
    CHECK(parse_integer("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
    CHECK(parse_integer(" +12 ") == 12);
    for (const char* wrong :
         {"9223372036854775808", "-9223372036854775809", "1.0", "1e3", "", "0x1f", "1_000", "1 000"})
        CHECK_FALSE(parse_integer(wrong));
}

TEST_CASE("numbers are written with the fewest digits that read back", "[values]") {
    CHECK(number_text(0.1) == "0.1");
    CHECK(number_text(-0.0) == "0");
    CHECK(number_text(1e20) == "1e+20");
    CHECK(number_text(100) == "100");
    for (const double value : {1.0 / 3, 5e-324, 1.7976931348623157e308, 123456789012345678.0, -2.5})
        CHECK(parse_number(number_text(value)) == value);
}

TEST_CASE("lists are split at commas", "[values]") {
    using List = std::vector<std::string>;
    CHECK(split_list("").empty());
    CHECK(split_list("  \t").empty());
    CHECK(split_list("a") == List{"a"});
    CHECK(split_list(" a , b ,c") == List{"a", "b", "c"});
    CHECK(split_list(",") == List{"", ""});
    CHECK(split_list("a,,b,") == List{"a", "", "b", ""});
    CHECK(split_list("\"a, b\" , \"say \"\"c\"\"\",\" \"") == List{"a, b", "say \"c\"", " "});
    CHECK(split_list("\"a, b\" c") == List{"\"a", "b\" c"});
}

TEST_CASE("values are written as a user types them", "[values]") {
    CHECK(listed({}) == "");
    CHECK(listed({"a", "b"}) == "a, b");
    CHECK(listed(quoted({"a", "b", "c"}), 2) == "\"a\", \"b\", ...");
    CHECK(value_text({}) == "");
    CHECK(value_text(true) == "true");
    CHECK(value_text(std::int64_t{-3}) == "-3");
    CHECK(value_text(0.5) == "0.5");
    CHECK(value_text(std::vector<std::string>{"a", "b"}) == "a,b");
    const std::vector<std::string> awkward{"a, b", " c", "\"d\"", "5\" e"};
    CHECK(split_list(value_text(awkward)) == awkward);
    CHECK(value_text(std::vector<std::string>{"a, b", "c"}) == "\"a, b\",c");
    CHECK(value_text(Matrix{{{"1", "2"}, {"3", "4"}}}) == "1,2;3,4");
    CHECK(parameter_name("carbon_pools_2") == "CARBON_POOLS_2");
    CHECK(trimmed(" \r\n") == "");
    CHECK(trimmed("\ta b ") == "a b");
}
