// Land Carbon Toolbox: tests of names and choices inside texts.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/wording.hpp"

#include "support/catch.hpp"

using namespace landcarbon;

namespace {

enum class Way { near, far };

struct BoundSpec {
    Way way = Way::near;
    std::string years;
    Spec spec;
    BoundSpec() {
        spec.text("years", years).named("Years");
        spec.choice("way", way, {{{"near", "Close by"}, Way::near}, {{"far", "Far off"}, Way::far}}).named("Manner");
    }
    std::string in_words(const std::string& text) const {
        return with_names(
            text, spec,
            [](const Argument& argument, NamePlace place) {
                return place == NamePlace::heads_line ? argument.label + " (" + argument.parameter_name() + ")"
                                                      : "<" + argument.label + ">";
            },
            [](const Choice& choice) { return " = " + choice.label; });
    }
};

}  // namespace

TEST_CASE("texts call arguments by the words of a front-end", "[wording]") {
    const BoundSpec bound;
    CHECK(bound.in_words("YEARS: missing; see WAY") == "Years (YEARS): missing; see <Manner>");
    CHECK(bound.in_words("\"YEARS\" and YEARS.csv stay, MY_YEARS too") == "\"YEARS\" and YEARS.csv stay, MY_YEARS too");
}

TEST_CASE("a word of a choice goes with its name", "[wording]") {
    const BoundSpec bound;
    CHECK(bound.in_words("YEARS: needs WAY=far; else") == "Years (YEARS): needs <Manner> = Far off; else");
    CHECK(bound.in_words("with WAY near.") == "with <Manner> = Close by.");
    CHECK(bound.in_words("WAY is near; set WAY to far, or") == "<Manner> = Close by; set <Manner> = Far off, or");
    CHECK(bound.in_words("WAY is nearly, WAY to") == "<Manner> is nearly, <Manner> to");
    CHECK(bound.in_words("WAY nearly, WAY=other, YEARS=far") == "<Manner> nearly, WAY=other, YEARS=far");
}

TEST_CASE("what is too long to be read is shortened between characters", "[wording]") {
    CHECK(message_text("short") == "short");
    std::string long_text = "line 2: \"";
    for (int i = 0; i < 100000; ++i) long_text += "水";
    const std::string text = message_text(long_text + "\" is not a number");
    CHECK(text.size() < 7200);
    CHECK(text.substr(0, 12) == "line 2: \"水");
    CHECK(text.substr(text.size() - 20) == "水\" is not a number");
    CHECK(text.find("水 [29") != std::string::npos);
    CHECK(text.find(" bytes omitted] 水") != std::string::npos);
    CHECK(BoundSpec().in_words(long_text).size() < 7200);
}
