// Land Carbon Toolbox: what a room gets from a run: passes in blocks, exact sums, the whole, outputs, records.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run.hpp"

#include <chrono>
#include <new>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/faults.hpp"
#include "engine/gdal.hpp"
#include "maths/exact_sum.hpp"
#include "spec/errors.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

/// A room for tests: its run is whatever the test says.
struct Room {
    RasterInput map;
    RasterInput other;
    RasterStack stack;
    RasterOutput out;
    TableOutput table;
    FileOutput file;
    NumberOutput number;
    Spec spec;
    RunOptions options;
    Monitor silent;

    Room() {
        spec.id = "test_room";
        spec.raster_in("map", map);
        spec.raster_in("other", other).optional();
        spec.raster_stack("stack", stack).optional();
        spec.raster_out("out", out);
        spec.table_out("table", table);
        spec.file_out("file", file);
        spec.number_out("number", number);
        describe_run_options(spec, options);
        options.threads = 4;
    }
    template <class Work>
    void run(Work work) {
        run(silent, work);
    }
    template <class Work>
    void run(Monitor& monitor, Work work) {
        Run run(spec, options, monitor);
        work(run);
        run.publish();
    }
    template <class Work>
    std::string error(Work work) {
        try {
            run(work);
        } catch (const Error& failure) {
            return failure.what();
        }
        return "no error";
    }
};

struct Sum {
    ExactSum total;
    std::int64_t cells = 0;
    void merge(const Sum& other) {
        total.merge(other.total);
        cells += other.cells;
    }
};

/// Rounds at each step, so that the order of merging shows in the last digits.
struct RoundedSum {
    double total = 0;
    void merge(const RoundedSum& other) { total += other.total; }
};

RasterRecipe field(int width, int height) {
    RasterRecipe recipe;
    recipe.width = width;
    recipe.height = height;
    recipe.type = GDT_Float32;
    recipe.bands.emplace_back();
    std::uint32_t state = 99;
    for (int i = 0; i < width * height; ++i)
        recipe.bands[0].push_back(((state = state * 1664525u + 1013904223u) >> 8) / 16777.216);
    return recipe;
}

}  // namespace

TEST_CASE("a pass meets every cell once, in blocks of any file", "[run]") {
    const Sandbox box;
    for (const auto& options : {std::vector<std::string>{},
                                {"BLOCKYSIZE=1"},
                                {"BLOCKYSIZE=64"},
                                {"BLOCKYSIZE=256"},
                                {"TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=48"},
                                {"TILED=YES", "COMPRESS=DEFLATE"}}) {
        RasterRecipe recipe = field(333, 251);
        recipe.options = options;
        Room room;
        room.map.path = make_raster(box, "a.tif", recipe);
        room.out.path = box.path("out.tif");
        room.options.overwrite = true;
        for (const std::int64_t memory : {2, 0}) {
            room.options.memory = memory;
            std::atomic<int> met{0};
            room.run([&](Run& run) {
                RasterDescription description;
                description.bands = {"doubled"};
                description.nodata = -1;
                const Layer map = run.measurements(room.map, ReadAs::real32);
                RasterSink* sink = run.raster(room.out, description);
                run.map({map}, {sink}, [&](Block& block) {
                    met += static_cast<int>(block.cells());
                    for (std::size_t i = 0; i < block.cells(); ++i)
                        block.output<float>(0)[i] = 2 * block.values<float>(0)[i];
                });
            });
            CHECK(met == 333 * 251);
            const auto cells = read_raster(box.path("out.tif"));
            bool doubled = true;
            for (std::size_t i = 0; i < cells.size(); ++i)
                doubled = doubled && cells[i] == 2 * static_cast<float>(recipe.bands[0][i]);
            CHECK(doubled);
        }
    }
}

TEST_CASE("fault 45: sums have the same bits for any number of threads", "[run][fault]") {
    const Sandbox box;
    Room room;
    RasterRecipe recipe = field(700, 600);
    recipe.options = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"};
    room.map.path = make_raster(box, "a.tif", recipe);
    room.options.memory = 1;
    std::set<double> exact, rounded;
    for (const std::int64_t threads : {1, 2, 3, 8, 8, 8}) {
        room.options.threads = threads;
        room.run([&](Run& run) {
            const auto map = run.measurements(room.map);
            exact.insert(run.reduce({map}, Sum{},
                                    [](Sum& sum, const Block& block) {
                                        for (std::size_t i = 0; i < block.cells(); ++i)
                                            sum.total.add(block.values<double>(0)[i]);
                                    })
                             .total.value());
            rounded.insert(run.reduce({map}, RoundedSum{},
                                      [](RoundedSum& sum, const Block& block) {
                                          for (std::size_t i = 0; i < block.cells(); ++i)
                                              sum.total += block.values<double>(0)[i] * 0.1;
                                      })
                               .total);
        });
    }
    CHECK(exact.size() == 1);
    CHECK(rounded.size() == 1);
}

TEST_CASE("fault 32: 16777216 and 1 in turn", "[run][fault]") {
    const Sandbox box;
    RasterRecipe recipe;
    recipe.width = recipe.height = 3000;
    recipe.type = GDT_Float32;
    recipe.bands.emplace_back();
    for (int i = 0; i < 9000000; ++i) recipe.bands[0].push_back(i % 2 ? 1 : 16777216);
    Room room;
    room.map.path = make_raster(box, "a.tif", recipe);
    room.run([&](Run& run) {
        const Sum sum = run.reduce({run.measurements(room.map)}, Sum{}, [](Sum& state, const Block& block) {
            for (std::size_t i = 0; i < block.cells(); ++i) state.total.add(block.values<double>(0)[i]);
            state.cells += static_cast<std::int64_t>(block.cells());
        });
        CHECK(sum.cells == 9000000);
        CHECK(sum.total.value() == 75497476500000.0);
        CHECK(sum.total.value() / 9000000 == 8388608.5);
    });
}

TEST_CASE("the whole of a band, or a refusal that names the memory needed", "[run]") {
    const Sandbox box;
    Room room;
    const RasterRecipe recipe = field(600, 500);
    room.map.path = make_raster(box, "a.tif", recipe);
    room.run([&](Run& run) {
        const auto all = run.whole(run.measurements(room.map));
        bool equal = all.size() == recipe.bands[0].size();
        for (std::size_t i = 0; equal && i < all.size(); ++i) equal = all[i] == static_cast<float>(recipe.bands[0][i]);
        CHECK(equal);
    });
    room.options.memory = 1;
    CHECK_THAT(room.error([&](Run& run) { run.whole(run.measurements(room.map)); }),
               ContainsSubstring("MEMORY: " + room.map.path + " must be held as a whole, which needs 2 MiB"));
}

TEST_CASE("fault 13, 14, 15, 16: rasters on other grids are refused by both names, or aligned when asked",
          "[run][fault]") {
    const Sandbox box;
    RasterRecipe recipe = field(10, 10);
    Room room;
    room.map.path = make_raster(box, "a.tif", recipe);
    const auto open = [&](Run& run) {
        run.measurements(room.map);
        run.measurements(room.other);
    };
    recipe.transform[0] += 50;
    room.other.path = make_raster(box, "shifted.tif", recipe);
    CHECK_THAT(room.error(open),
               ContainsSubstring("OTHER: " + room.map.path + " and " + room.other.path + " do not lie on one grid") &&
                   ContainsSubstring("ALIGN"));
    room.options.align = true;
    CHECK(room.error(open) == "no error");
    room.options.align = false;
    recipe = field(10, 10);
    recipe.epsg = 32650;
    room.other.path = make_raster(box, "zone.tif", recipe);
    CHECK_THAT(room.error(open), ContainsSubstring("EPSG:32650"));
    recipe = field(9, 10);
    room.other.path = make_raster(box, "small.tif", recipe);
    CHECK_THAT(room.error(open), ContainsSubstring("9 x 10 cells"));
    recipe = field(10, 10);
    recipe.epsg = 0;
    room.other.path = make_raster(box, "none.tif", recipe);
    CHECK_THAT(room.error(open), ContainsSubstring("none"));
    room.options.align = true;
    CHECK_THAT(room.error(open), ContainsSubstring("cannot be aligned"));
}

TEST_CASE("fault 31: bands are chosen by path|band=N", "[run][fault]") {
    const Sandbox box;
    RasterRecipe recipe;
    recipe.width = 2;
    recipe.type = GDT_Float32;
    recipe.bands = {{1, 2}, {3, 4}, {5, 6}};
    const auto path = make_raster(box, "a.tif", recipe);
    Room room;
    const auto open = [&](const std::string& name) {
        room.map.path = name;
        return room.error([&](Run& run) { run.measurements(room.map); });
    };
    CHECK(open(path + "|band=3") == "no error");
    CHECK_THAT(open(path + "|band=4"), ContainsSubstring("MAP: " + path + " has no band 4; its bands are 1 to 3"));
    for (const std::string band : {"0", "-1", "x", "1.5", "99999999999999999999", "2|band=3"}) {
        INFO(band);
        CHECK_THAT(open(path + "|band=" + band), ContainsSubstring("\"" + band + "\" is not a band number"));
    }
    room.map.path = path;
    room.stack.paths = {path, path + "|band=2"};
    room.run([&](Run& run) {
        run.measurements(room.map);
        const auto layers = run.measurements(room.stack);
        REQUIRE(layers.size() == 4);
        CHECK(layers[3].band() == 2);
    });
}

TEST_CASE("fault 49: what a kernel throws ends the run at once, whatever it is", "[run][fault]") {
    const Sandbox box;
    Room room;
    RasterRecipe recipe = field(700, 600);
    recipe.options = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"};
    room.map.path = make_raster(box, "a.tif", recipe);
    room.out.path = box.path("out.tif");
    room.options.memory = 2;
    const auto with = [&](const std::function<void(Block&)>& kernel) {
        room.run([&](Run& run) {
            RasterDescription description;
            description.bands = {"x"};
            const Layer map = run.measurements(room.map, ReadAs::real32);
            RasterSink* sink = run.raster(room.out, description);
            run.map({map}, {sink}, kernel);
        });
    };
    const auto start = std::chrono::steady_clock::now();
    std::atomic<int> blocks{0};
    CHECK_THROWS_AS(with([&](Block&) {
                        if (++blocks == 5) throw std::logic_error("a bug");
                    }),
                    std::logic_error);
    CHECK_THROWS_AS(with([&](Block& block) {
                        if (block.window.y > 0) throw std::bad_alloc();
                    }),
                    std::bad_alloc);
    CHECK_THROWS_AS(with([&](Block&) { throw wrong("map", "wrong"); }), UserError);
    CHECK_THROWS_AS(with([&](Block&) { throw 7; }), int);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
    CHECK(box.names() == std::vector<std::string>{"a.tif"});
}

TEST_CASE("a grid is known once a raster is open, and not before", "[run]") {
    Room room;
    CHECK_THROWS_AS(room.run([&](Run& run) { run.grid(); }), std::logic_error);
}

TEST_CASE("an output that was promised and not made is a bug, not a success", "[run]") {
    const Sandbox box;
    Room room;
    room.map.path = make_raster(box, "a.tif", field(4, 4));
    room.table.path = box.path("t.csv");
    CHECK_THROWS_AS(room.run([&](Run&) {}), std::logic_error);
}

TEST_CASE("the record beside an output", "[run]") {
    const Sandbox box;
    Room room;
    room.map.path = make_raster(box, "a.tif", field(4, 4));
    room.file.path = box.path("f.txt");
    room.run([&](Run& run) {
        run.convention("rounding", "none");
        run.convention("rounding", "none");
        run.warn("careful");
        room.number = 1.5;
        run.write(room.file, "text");
    });
    CHECK(read_text(room.file.path) == "text");
    const auto json = nlohmann::json::parse(read_text(room.file.path + ".json"));
    CHECK(json["algorithm"] == "landcarbon:testroom");
    CHECK(json["parameters"]["MAP"] == room.map.path);
    CHECK(json["parameters"]["FILE"] == "f.txt");
    CHECK(json["inputs"][0]["bytes"].get<std::uintmax_t>() == std::filesystem::file_size(room.map.path));
    CHECK(json["conventions"]["rounding"] == "none");
    CHECK(json["warnings"][0] == "careful");
    CHECK(json["results"]["NUMBER"] == 1.5);
}

TEST_CASE("names and colours of classes: the table first, then the rasters, then the palette", "[run]") {
    const Sandbox box;
    Room room;
    room.map.path = make_classes(box, "a.tif", 3, {1, 2, 5});
    room.run([&](Run& run) {
        const Layer layer = run.classes(room.map);
        run.reduce({layer}, Sum{}, [](Sum&, const Block&) {});
        ClassTable given;
        given[2] = {"Forest", "#00ff00", {}};
        given[9] = {"Absent", "", {}};
        const auto labels = run.class_labels(given);
        REQUIRE(labels.size() == 3);
        CHECK(labels[0].name == "Class 1");
        CHECK(labels[0].colour.size() == 7);
        CHECK(labels[1].name == "Forest");
        CHECK(labels[1].colour == "#00ff00");
        CHECK(labels[2].code == 5);
    });
}

TEST_CASE("creation options and formats reach the raster", "[run]") {
    const Sandbox box;
    Room room;
    room.map.path = make_raster(box, "a.tif", field(300, 20));
    const auto write = [&](Run& run) {
        RasterDescription description;
        description.bands = {"x"};
        description.nodata = -1;
        const Layer map = run.measurements(room.map, ReadAs::real32);
        RasterSink* sink = run.raster(room.out, description);
        run.map({map}, {sink},
                [](Block& block) { std::copy_n(block.values<float>(0), block.cells(), block.output<float>(0)); });
    };
    const auto written = [&](const std::string& name) {
        room.out.path = box.path(name);
        room.run(write);
        return read_raster(box.path(name));
    };
    const auto expected = written("plain.tif");
    room.options.creation_options = "COMPRESS=NONE|TILED=NO";
    CHECK(written("stored.tif") == expected);
    CHECK(std::filesystem::file_size(box.path("stored.tif")) >= 300 * 20 * 4);
    room.options.creation_options.clear();
    CHECK(written("erdas.img") == expected);
    CHECK(written("grid.asc").size() == expected.size());  // made from a finished raster
    const auto refused = [&](const std::string& name) {
        room.out.path = box.path(name);
        return room.error(write);
    };
    CHECK_THAT(refused("x.unknownformat"), ContainsSubstring("no raster format is known"));
    room.options.creation_options = "TILED=YES|BLOCKXSIZE=1048576";
    CHECK_THAT(refused("wide.tif"), ContainsSubstring("1048576 x 256 cells, more than 256 MiB each"));
    CHECK_FALSE(std::filesystem::exists(box.path("wide.tif")));
    room.options.creation_options.clear();
    room.options.output_format = "Nonsense";
    CHECK_THAT(refused("x.tif"), ContainsSubstring("no raster format \"Nonsense\""));
    room.options.output_format = "GeoJSON";
    CHECK_THAT(refused("x.tif"), ContainsSubstring("GeoJSON is no format of rasters"));
    // Every format there is: the map, or an error.
    for (int i = 0; i < GDALGetDriverCount(); ++i) {
        room.options.output_format = GDALGetDriverShortName(GDALGetDriver(i));
        INFO(room.options.output_format);
        if (refused("each" + std::to_string(i)) == "no error") {
            const DatasetPtr made(GDALOpen(box.path("each" + std::to_string(i)).c_str(), GA_ReadOnly));
            CHECK(made);
        }
    }
    room.options.output_format.clear();
    room.options.creation_options = "COMPRESS";
    CHECK_THAT(refused("y.tif"), ContainsSubstring("is not of the form NAME=VALUE"));
    room.options.creation_options = "COMPRESS=NOTHING_LIKE_IT";
    CHECK_THAT(refused("z.tif"), ContainsSubstring("CREATION_OPTIONS: ") && ContainsSubstring("NOTHING_LIKE_IT"));
    for (const char* const blocks :
         {"TILED=YES|BLOCKXSIZE=1048576|BLOCKYSIZE=1048576", "TILED=YES|BLOCKXSIZE=16384|BLOCKYSIZE=16384"}) {
        room.options.creation_options = blocks;
        CHECK_THAT(refused("z.tif"), ContainsSubstring("CREATION_OPTIONS: blocks of") && ContainsSubstring("MiB"));
    }
    room.options.creation_options = "COMPRES=LZW";
    CHECK_THAT(refused("z.tif"), ContainsSubstring("CREATION_OPTIONS: ") && ContainsSubstring("COMPRES"));
    for (const auto& name : box.names()) CHECK(name.find(".part") == std::string::npos);
}
