// Land Carbon Toolbox: outputs appear whole or not at all, and never over what they must not touch.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/staging.hpp"

#include <fstream>

#include "engine/faults.hpp"
#include "spec/errors.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;
namespace fs = std::filesystem;
using Names = std::vector<std::string>;

namespace {

void put(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

/// The refusal's message.
std::string refusal(Staging& staging, const std::string& path) {
    try {
        staging.reserve("map", path);
    } catch (const UserError& error) {
        CHECK(error.parameter() == "map");
        return error.what();
    }
    return "accepted";
}

std::string refusal(const std::string& path, bool overwrite = false) {
    Staging staging(overwrite);
    return refusal(staging, path);
}

}  // namespace

TEST_CASE("staging: published files and their companions move together", "[staging]") {
    const Sandbox box;
    {
        Staging staging(false);
        const std::string staged = staging.reserve("map", box.path("a.tif"));
        CHECK(fs::path(staged).filename() == "a.tif");
        CHECK(box.names() == Names{"a.tif.part"});
        put(staged, "map");
        put(staged + ".aux.xml", "statistics");
        CHECK_FALSE(fs::exists(box.path("a.tif")));
        staging.publish();
    }
    CHECK(box.names() == Names{"a.tif", "a.tif.aux.xml"});
    CHECK(read_text(box.path("a.tif")) == "map");
}

TEST_CASE("staging: what is not published is gone", "[staging]") {
    const Sandbox box;
    {
        Staging staging(false);
        put(staging.reserve("map", box.path("a.tif")), "map");
        staging.reserve("table", box.path("t.csv"));
    }
    CHECK(box.names().empty());
}

TEST_CASE("fault 37: folders that are missing, closed or in the way; names that are too long", "[staging][fault]") {
    const Sandbox box;
    CHECK_THAT(refusal(box.path("missing/a.tif")),
               ContainsSubstring("MAP: the folder " + box.path("missing") + " does not exist"));
    CHECK_THAT(refusal(box.folder().string()), ContainsSubstring("is a folder"));
    CHECK_THAT(refusal(box.path("")), ContainsSubstring("is a folder"));
    CHECK_THAT(refusal("/vsimem/a.tif"), ContainsSubstring("virtual path"));
    CHECK_THAT(refusal(box.path(std::string(241, 'n'))), ContainsSubstring("longer than 240 bytes"));
    put(box.path("b.tif.part"), "a file of the user");
    CHECK_THAT(refusal(box.path("b.tif")), ContainsSubstring("b.tif.part is in the way"));
    CHECK(read_text(box.path("b.tif.part")) == "a file of the user");
    fs::create_directory_symlink(box.folder(), box.path("c.tif.part"));
    CHECK_THAT(refusal(box.path("c.tif")), ContainsSubstring("in the way"));
    const std::string odd = box.path("odd name \xe4\xb8\xad\xe6\x96\x87 'x' \"y\" $(rm -rf .) ;&|`.tif");
    CHECK(refusal(odd) == "accepted");
    CHECK(box.names() == Names{"b.tif.part", "c.tif.part"});
}

TEST_CASE("fault 38: an output that is an input is refused: by path, symbolic link, hard link", "[staging][fault]") {
    const Sandbox box;
    put(box.path("in.tif"), "input");
    fs::create_symlink(box.path("in.tif"), box.path("link.tif"));
    fs::create_hard_link(box.path("in.tif"), box.path("hard.tif"));
    fs::create_directory(box.path("sub"));
    for (const std::string name : {"in.tif", "link.tif", "hard.tif", "sub/../in.tif", "./in.tif"}) {
        INFO(name);
        Staging staging(true);
        staging.add_input(box.path("in.tif"));
        CHECK_THAT(refusal(staging, box.path(name)), ContainsSubstring("is also an input"));
    }
    Staging staging(true);
    staging.add_input(box.path("link.tif"));
    CHECK_THAT(refusal(staging, box.path("in.tif")), ContainsSubstring("is also an input"));
    CHECK_THAT(refusal(staging, box.path("hard.tif")), ContainsSubstring("is also an input"));
}

TEST_CASE("fault 38: a file beside an output is not laid over an input", "[staging][fault]") {
    const Sandbox box;
    put(box.path("pools.dbf"), "the user's table");
    {
        Staging staging(true);
        staging.add_input(box.path("pools.dbf"));
        const std::string staged = staging.reserve("zones", box.path("pools.shp"));
        put(staged, "shapes");
        put(fs::path(staged).replace_extension(".dbf").string(), "attributes");
        CHECK_THROWS_AS(staging.publish(), Error);
    }
    CHECK(read_text(box.path("pools.dbf")) == "the user's table");
    CHECK(box.names() == Names{"pools.dbf"});
}

TEST_CASE("staging: two outputs cannot be one file", "[staging]") {
    const Sandbox box;
    Staging staging(true);
    staging.reserve("table", box.path("a.csv"));
    CHECK_THAT(refusal(staging, box.path("./a.csv")), ContainsSubstring("also the output of TABLE"));
}

TEST_CASE("staging: outputs that share a stem keep their own companions", "[staging][fault]") {
    const Sandbox box;
    const auto publish = [&] {
        Staging staging(true);
        const std::string map = staging.reserve("map", box.path("land.tif"));
        put(map, "map");
        put(fs::path(map).replace_extension(".qml").string(), "style");
        put(staging.reserve("table", box.path("land.csv")), "table");
        put(staging.reserve("report", box.path("land.html")), "report");
        staging.publish();
    };
    const Names all = {"land.csv", "land.html", "land.qml", "land.tif"};
    publish();
    CHECK(box.names() == all);
    publish();
    CHECK(box.names() == all);
    {
        Staging staging(true);
        put(staging.reserve("table", box.path("land.csv")), "new table");
        staging.publish();
    }
    CHECK(box.names() == all);
    CHECK(read_text(box.path("land.qml")) == "style");
}

TEST_CASE("staging: of two styles in one file the first is kept, and the other is told", "[staging][fault]") {
    const Sandbox box;
    fs::create_directory(box.path("sub"));
    Staging staging(false);
    const auto write = [&](const std::string& parameter, const std::string& name) {
        const std::string staged = staging.reserve(parameter, box.path(name));
        put(staged, parameter);
        put(fs::path(staged).replace_extension(".qml").string(), "style of " + parameter);
    };
    write("zones", "land.gpkg");
    write("map", "sub/../land.tif");
    write("other", "sub/land.tif");
    put(staging.reserve("table", box.path("land.csv")), "table");
    CHECK(staging.lost_styles() == std::vector<std::pair<std::string, std::string>>{{"map", "zones"}});
    staging.publish();
    CHECK(box.names() == Names{"land.csv", "land.gpkg", "land.qml", "land.tif", "sub"});
    CHECK(read_text(box.path("land.qml")) == "style of zones");
    CHECK(read_text(box.path("sub/land.qml")) == "style of other");
}

TEST_CASE("fault 39: an existing output needs overwrite; stale companions go with it", "[staging][fault]") {
    const Sandbox box;
    put(box.path("a.tif"), "old");
    put(box.path("a.tif.aux.xml"), "old statistics");
    put(box.path("a.tif.ovr"), "old overviews");
    CHECK_THAT(refusal(box.path("a.tif")), ContainsSubstring("exists already; use --overwrite"));
    fs::create_symlink(box.path("nowhere"), box.path("dangling.tif"));
    CHECK_THAT(refusal(box.path("dangling.tif")), ContainsSubstring("exists already"));
    {
        Staging staging(true);
        put(staging.reserve("map", box.path("a.tif")), "new");
        CHECK(read_text(box.path("a.tif")) == "old");
        staging.publish();
    }
    CHECK(read_text(box.path("a.tif")) == "new");
    CHECK(box.names() == Names{"a.tif", "dangling.tif"});
}

TEST_CASE("fault 41: any step of publishing may fail; everything is as before", "[staging][fault]") {
    for (const std::string step : {"sync", "rename"}) {
        bool done = false;
        for (int n = 1; n < 100 && !done; ++n) {
            INFO(step << " " << n);
            const Sandbox box;
            put(box.path("a.tif"), "old map");
            put(box.path("a.tif.aux.xml"), "old statistics");
            put(box.path("t.csv"), "old table");
            {
                Staging staging(true);
                const std::string map = staging.reserve("map", box.path("a.tif"));
                put(map, "new map");
                put(fs::path(map).replace_extension(".qml").string(), "new style");
                put(staging.reserve("table", box.path("t.csv")), "new table");
                fail_writing(step, n);
                try {
                    staging.publish();
                    done = true;
                    CHECK(n > 1);
                } catch (const IoError&) {
                }
                fail_writing("", 0);
            }
            CHECK(read_text(box.path("a.tif")) == (done ? "new map" : "old map"));
            CHECK(read_text(box.path("t.csv")) == (done ? "new table" : "old table"));
            CHECK(box.names() == (done ? Names{"a.qml", "a.tif", "t.csv"} : Names{"a.tif", "a.tif.aux.xml", "t.csv"}));
        }
        CHECK(done);
    }
}

TEST_CASE("fault 43: what a killed run left is replaced", "[staging][fault]") {
    const Sandbox box;
    fs::create_directory(box.path("a.tif.part"));
    put(box.path("a.tif.part/a.tif"), "half a map");
    put(box.path("a.tif.part/.lock"), "");
    fs::create_directory(box.path("a.tif.part/.old"));
    put(box.path("a.tif.part/.old/a.tif"), "older");
    {
        Staging staging(false);
        const std::string staged = staging.reserve("map", box.path("a.tif"));
        CHECK_FALSE(fs::exists(staged));
        put(staged, "map");
        staging.publish();
    }
    CHECK(box.names() == Names{"a.tif"});
    CHECK(read_text(box.path("a.tif")) == "map");
}

TEST_CASE("fault 46: an output that a living run holds is refused and stays that run's", "[staging][fault]") {
    const Sandbox box;
    Staging first(true);
    const std::string staged = first.reserve("map", box.path("a.tif"));
    put(staged, "map");
    CHECK_THAT(refusal(box.path("a.tif"), true), ContainsSubstring("another run is writing"));
    CHECK(read_text(staged) == "map");
    first.publish();
    CHECK(box.names() == Names{"a.tif"});
}
