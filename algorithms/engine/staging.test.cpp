// Land Carbon Toolbox: outputs appear whole or not at all, and never over what they must not touch.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/staging.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "engine/faults.hpp"
#include "spec/errors.hpp"
#include "support/catch.hpp"
#include "support/child.hpp"
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
        put(staging.reserve("table", box.path("land.csv"), OutputKind::table), "table");
        put(staging.reserve("report", box.path("land.html"), OutputKind::report), "report");
        staging.publish();
    };
    const Names all = {"land.csv", "land.html", "land.qml", "land.tif"};
    publish();
    CHECK(box.names() == all);
    publish();
    CHECK(box.names() == all);
    {
        Staging staging(true);
        put(staging.reserve("table", box.path("land.csv"), OutputKind::table), "new table");
        staging.publish();
    }
    CHECK(box.names() == all);
    CHECK(read_text(box.path("land.qml")) == "style");
}

TEST_CASE("staging: no two outputs share a file", "[staging][fault]") {
    const Sandbox box;
    fs::create_directory(box.path("sub"));
    Staging staging(true);
    staging.reserve("zones", box.path("land.gpkg"), OutputKind::vector);
    CHECK_THAT(refusal(staging, box.path("sub/../land.tif")),
               ContainsSubstring("land.qml, which is also written for ZONES; give them different names"));
    CHECK(refusal(staging, box.path("sub/land.tif")) == "accepted");
    staging.reserve("table", box.path("land.csv"), OutputKind::table);
    CHECK_THROWS_WITH(staging.reserve("other", box.path("land.tsv"), OutputKind::table),
                      ContainsSubstring("land.csvt, which is also written for TABLE"));
    staging.reserve("model", box.path("m"), OutputKind::file);
    CHECK_THAT(refusal(staging, box.path("m.json")), ContainsSubstring("is also written with the output of MODEL"));
}

TEST_CASE("staging: files that come with an output are refused as the output is", "[staging][fault]") {
    for (const bool overwrite : {false, true})
        for (const auto& [output, kind, companion] : std::vector<std::tuple<std::string, OutputKind, std::string>>{
                 {"m", OutputKind::file, "m.json"},
                 {"a.tif", OutputKind::raster, "a.tif.ovr"},
                 {"a.tif", OutputKind::raster, "a.tif.msk"},
                 {"a.tif", OutputKind::raster, "a.tif.aux.xml"},
                 {"a.tif", OutputKind::raster, "a.qml"},
                 {"a.gpkg", OutputKind::vector, "a.gpkg-wal"},
                 {"a.gpkg", OutputKind::table, "a.gpkg-journal"},
                 {"a.csv", OutputKind::table, "a.csvt"},
                 {"a.shp", OutputKind::vector, "a.dbf"}}) {
            INFO(output << " " << companion << " " << overwrite);
            const Sandbox box;
            put(box.path(companion), "precious");
            std::string message = "accepted";
            {
                Staging staging(overwrite);
                try {
                    put(staging.reserve("map", box.path(output), kind), "new");
                    staging.publish();
                } catch (const UserError& error) {
                    message = error.what();
                }
            }
            // A table that stands alone and a text that is no record are nobody's companions.
            const bool never = companion == "m.json" || companion == "a.dbf";
            CHECK((message == "accepted") == (overwrite && !never));
            if (!overwrite) CHECK_THAT(message, ContainsSubstring(companion) && ContainsSubstring("exists already"));
            if (never || !overwrite) CHECK(box.names() == Names{companion});
            if (never || !overwrite) CHECK(read_text(box.path(companion)) == "precious");
        }
}

TEST_CASE("staging: the style of another layer is kept, an output without a style needs none", "[staging][fault]") {
    const Sandbox box;
    put(box.path("land.shp"), "another layer");
    put(box.path("land.qml"), "its style");
    {
        Staging staging(true);
        const std::string map = staging.reserve("map", box.path("land.tif"));
        put(map, "map");
        put(fs::path(map).replace_extension(".qml").string(), "style");
        CHECK(staging.kept_styles() == std::vector<std::pair<std::string, std::string>>{{"map", box.path("land.qml")}});
        staging.publish();
    }
    CHECK(read_text(box.path("land.qml")) == "its style");
    CHECK(box.names() == Names{"land.qml", "land.shp", "land.tif"});
}

TEST_CASE("staging: what appears while the run is on is not replaced unasked", "[staging][fault]") {
    const Sandbox box;
    {
        Staging staging(false);
        put(staging.reserve("map", box.path("a.tif")), "map");
        put(box.path("a.tif"), "of somebody else");
        CHECK_THROWS_WITH(staging.publish(), ContainsSubstring("exists already"));
    }
    CHECK(read_text(box.path("a.tif")) == "of somebody else");
    CHECK(box.names() == Names{"a.tif"});
}

TEST_CASE("staging: files that an input consists of are not replaced", "[staging][fault]") {
    const Sandbox box;
    put(box.path("tile.tif"), "tile");
    put(box.path("zones.dbf"), "attributes");
    int asked = 0;
    Staging staging(true);
    staging.add_input(box.path("mosaic.vrt"));
    staging.ask_for_inputs([&] {
        ++asked;
        return std::vector<fs::path>{box.path("tile.tif"), box.path("zones.dbf")};
    });
    CHECK(refusal(staging, box.path("free.tif")) == "accepted");
    CHECK(asked == 0);
    CHECK_THAT(refusal(staging, box.path("tile.tif")), ContainsSubstring("is also an input"));
    CHECK_THROWS_WITH(staging.reserve("map", box.path("zones.shp"), OutputKind::vector),
                      ContainsSubstring("which is an input"));
    CHECK(asked == 1);
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
    for (const std::string step : {"sync", "link", "journal", "rename", "settle"}) {
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
    put(box.path("a.tif.part/.landcarbon-lock"), "");
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

TEST_CASE("staging: a folder of the user that has the name is neither emptied nor used", "[staging][fault]") {
    const Sandbox box;
    fs::create_directory(box.path("a.tif.part"));
    put(box.path("a.tif.part/thesis.txt"), "precious");
    for (const bool overwrite : {false, true})
        CHECK_THAT(refusal(box.path("a.tif"), overwrite), ContainsSubstring("a.tif.part is in the way"));
    CHECK(box.names() == Names{"a.tif.part"});
    CHECK(read_text(box.path("a.tif.part/thesis.txt")) == "precious");
}

namespace {

/// Publishes two outputs over old ones in a process of its own, which is killed before the n-th call of a step.
/// @return true when it came to its end
bool publish_until_killed(const Sandbox& box, const std::string& step, int n) {
    return ends_unless_killed([&] {
        Staging staging(true);
        const std::string map = staging.reserve("map", box.path("a.tif"));
        put(map, "new map");
        put(fs::path(map).replace_extension(".qml").string(), "new style");
        put(staging.reserve("table", box.path("t.csv"), OutputKind::table), "new table");
        die_writing(step, n);
        staging.publish();
    });
}

}  // namespace

TEST_CASE("fault 43: a run killed at any step of publishing loses nothing, and the next one finishes it",
          "[staging][fault]") {
    for (const std::string step : {"sync", "link", "journal", "rename", "settle", "remove"}) {
        bool ended = false;
        for (int n = 1; n < 50 && !ended; ++n)
            for (const bool by_table : {false, true}) {
                INFO(step << " " << n << " " << by_table);
                const Sandbox box;
                put(box.path("a.tif"), "old map");
                put(box.path("a.tif.aux.xml"), "old statistics");
                put(box.path("t.csv"), "old table");
                ended = publish_until_killed(box, step, n);
                // Whatever happened, there is a whole file under each name.
                const std::string map = read_text(box.path("a.tif")), table = read_text(box.path("t.csv"));
                CHECK((map == "old map" || map == "new map"));
                CHECK((table == "old table" || table == "new table"));
                const bool begun = map == "new map" || table == "new table";
                // The next run meets one of the folders; it asks for nothing but a name that is taken.
                if (!ended) {
                    Staging staging(false);
                    CHECK_THROWS_WITH(by_table ? staging.reserve("table", box.path("t.csv"), OutputKind::table)
                                               : staging.reserve("map", box.path("a.tif")),
                                      ContainsSubstring("exists already"));
                }
                const std::string map_then = read_text(box.path("a.tif")), table_then = read_text(box.path("t.csv"));
                CHECK((map_then == "new map") == (table_then == "new table"));
                CHECK((map_then == "old map") == (table_then == "old table"));
                if (begun) CHECK(map_then == "new map");
                if (map_then == "new map") {
                    CHECK(read_text(box.path("a.qml")) == "new style");
                    CHECK_FALSE(fs::exists(box.path("a.tif.aux.xml")));
                } else {
                    CHECK(read_text(box.path("a.tif.aux.xml")) == "old statistics");
                }
                // And a run that replaces them leaves nothing else.
                CHECK(publish_until_killed(box, "never", 1));
                CHECK(box.names() == Names{"a.qml", "a.tif", "t.csv"});
            }
        CHECK(ended);
    }
}

TEST_CASE("fault 43: a run that is killed while it finishes what a killed one left loses nothing either",
          "[staging][fault]") {
    for (const int renamed : {1, 2, 3, 4, 5})
        for (const std::string step : {"sync", "rename", "settle", "remove"}) {
            bool ended = false;
            for (int n = 1; n < 50 && !ended; ++n) {
                INFO("killed at move " << renamed << ", then at " << step << " " << n);
                const Sandbox box;
                put(box.path("a.tif"), "old map");
                put(box.path("a.tif.aux.xml"), "old statistics");
                put(box.path("t.csv"), "old table");
                publish_until_killed(box, "rename", renamed);
                ended = ends_unless_killed([&] {
                    die_writing(step, n);
                    if (refusal(box.path("a.tif")) == "accepted") throw std::runtime_error("a.tif was accepted");
                });
                CHECK_THAT(refusal(box.path("t.csv")), ContainsSubstring("exists already"));
                CHECK_THAT(refusal(box.path("a.tif")), ContainsSubstring("exists already"));
                CHECK(read_text(box.path("a.tif")) == "new map");
                CHECK(read_text(box.path("t.csv")) == "new table");
                CHECK(read_text(box.path("a.qml")) == "new style");
                CHECK_FALSE(fs::exists(box.path("a.tif.aux.xml")));
                // Folders that hold nothing but what is to go may stay until a run needs the name.
                CHECK(publish_until_killed(box, "never", 1));
                CHECK(box.names() == Names{"a.qml", "a.tif", "t.csv"});
            }
            CHECK(ended);
        }
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
