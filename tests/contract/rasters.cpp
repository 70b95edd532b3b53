// Land Carbon Toolbox: what every algorithm that reads rasters does with rasters as people have them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>

#include "engine/gdal.hpp"
#include "spec/errors.hpp"
#include "support/catch.hpp"
#include "support/examples.hpp"

using namespace landcarbon;
using namespace landcarbon::test;
namespace fs = std::filesystem;

namespace {

using Values = std::map<std::string, Value>;

class Listener : public Monitor {
public:
    void warning(const std::string& text) override { said += text + "\n"; }
    bool heard(const std::string& word) const { return said.find(word) != std::string::npos; }
    std::string said;
};

bool is_raster(const Argument& argument) {
    return argument.kind == Kind::raster_in || argument.kind == Kind::class_raster ||
           argument.kind == Kind::raster_stack;
}

bool is_classes(const Argument& argument) { return argument.kind == Kind::class_raster || argument.holds_classes; }

/// Puts what `change` makes of each raster's path in its place.
Values with_rasters(const Spec& spec, Values inputs,
                    const std::function<std::string(const Argument&, const std::string&)>& change) {
    for (auto& [id, value] : inputs) {
        const Argument& argument = *spec.find(id);
        if (!is_raster(argument)) continue;
        if (auto* list = std::get_if<std::vector<std::string>>(&value))
            for (auto& path : *list) path = change(argument, path);
        else if (auto* path = std::get_if<std::string>(&value))
            *path = change(argument, *path);
    }
    return inputs;
}

template <class Check>
void each_algorithm(Check check) {
    for (const auto& entry : registry()) {
        const auto algorithm = entry.make();
        if (!reads_rasters(algorithm->spec())) continue;
        INFO("algorithm " << entry.id);
        const Sandbox box;
        check(box, algorithm->spec());
    }
}

/// The raster, cell by cell, as a recipe.
RasterRecipe recipe_of(const std::string& path) {
    const DatasetPtr dataset(GDALOpen(path.c_str(), GA_ReadOnly));
    REQUIRE(dataset);
    RasterRecipe recipe;
    recipe.width = GDALGetRasterXSize(dataset.get());
    recipe.height = GDALGetRasterYSize(dataset.get());
    GDALRasterBandH band = GDALGetRasterBand(dataset.get(), 1);
    recipe.type = GDALGetRasterDataType(band);
    int has = 0;
    recipe.nodata = GDALGetRasterNoDataValue(band, &has);
    recipe.has_nodata = has != 0;
    recipe.bands.emplace_back(static_cast<std::size_t>(recipe.width) * static_cast<std::size_t>(recipe.height));
    REQUIRE(GDALRasterIO(band, GF_Read, 0, 0, recipe.width, recipe.height, recipe.bands[0].data(), recipe.width,
                         recipe.height, GDT_Float64, 0, 0) == CE_None);
    return recipe;
}

std::string name_of(const std::string& path) { return fs::path(path).filename().string(); }

}  // namespace

TEST_CASE("NoData that is not declared is told, and gives the same results once it is said", "[contract][rasters]") {
    each_algorithm([](const Sandbox& box, const Spec& spec) {
        const Values inputs = example_inputs(box, spec);
        Listener quiet;
        const Values right = run_algorithm(spec.id, inputs, quiet);
        CHECK_FALSE(quiet.heard("no data"));
        const Sandbox bare;
        std::string said;
        std::map<std::string, bool> measured;
        Values undeclared = with_rasters(spec, inputs, [&](const Argument& argument, const std::string& path) {
            RasterRecipe recipe = recipe_of(path);
            recipe.has_nodata = false;
            measured[argument.id] = recipe.nodata != 0;
            return make_raster(bare, name_of(path), recipe);
        });
        for (const auto& [id, is_measured] : measured)
            said += (said.empty() ? "" : ",") + id + (is_measured ? ":-9999" : ":0");
        undeclared["nodata"] = said;
        Listener told;
        CHECK(run_algorithm(spec.id, undeclared, told) == right);
        CHECK_FALSE(told.heard("-9999"));
        // And without a word from the user: by name, wherever there are measurements.
        undeclared.erase("nodata");
        Listener listener;
        std::string error;
        // With all outputs: some rasters are read for a map alone.
        const Sandbox made;
        Values with_outputs = undeclared;
        for (const auto& [id, path] : example_outputs(spec, made.folder())) with_outputs.emplace(id, path);
        try {
            run_algorithm(spec.id, with_outputs, listener);
        } catch (const Error& refused) {
            error = refused.what();
        }
        INFO(listener.said << error);
        if (!error.empty()) return;
        for (const auto& [id, is_measured] : measured)
            if (is_measured) CHECK(listener.heard(parameter_name(id) + ": "));
    });
}

TEST_CASE("a class far from all others within a map is told, or refused with how to declare it",
          "[contract][rasters]") {
    std::size_t tried = 0;
    each_algorithm([&](const Sandbox& box, const Spec& spec) {
        const Sandbox changed;
        std::string parameter;
        const Values inputs =
            with_rasters(spec, example_inputs(box, spec), [&](const Argument& argument, const std::string& path) {
                RasterRecipe recipe = recipe_of(path);
                if (is_classes(argument)) {
                    parameter = argument.parameter_name();
                    recipe.bands[0][static_cast<std::size_t>(recipe.width * (recipe.height / 2) + recipe.width / 2)] =
                        255;
                }
                return make_raster(changed, name_of(path), recipe);
            });
        if (parameter.empty()) return;
        ++tried;
        Listener listener;
        try {
            run_algorithm(spec.id, inputs, listener);
        } catch (const Error& refused) {
            listener.said += refused.what();
        }
        INFO(listener.said);
        CHECK(listener.heard("255"));
        CHECK(listener.heard(parameter));
        CHECK(listener.heard("set NODATA to "));
        CHECK((listener.heard("NODATA to 255") || listener.heard(":255")));
    });
    CHECK(tried > 10);
}

TEST_CASE("rasters of the same cells on a larger grid give the same results with ALIGN", "[contract][rasters]") {
    each_algorithm([](const Sandbox& box, const Spec& spec) {
        const Values inputs = example_inputs(box, spec);
        Listener quiet;
        const Values right = run_algorithm(spec.id, inputs, quiet);
        const Sandbox larger;
        // The first one sets the grid.
        std::string first;
        for (const auto& argument : spec.arguments)
            if (const auto given = inputs.find(argument->id);
                first.empty() && given != inputs.end() && is_raster(*argument))
                first = std::holds_alternative<std::string>(given->second)
                            ? std::get<std::string>(given->second)
                            : std::get<std::vector<std::string>>(given->second).front();
        Values moved = with_rasters(spec, inputs, [&](const Argument&, const std::string& path) {
            if (path == first) return path;
            const RasterRecipe recipe = recipe_of(path);
            RasterRecipe wide = recipe;
            constexpr int left = 3, right_side = 2, top = 1, bottom = 4;
            wide.width += left + right_side;
            wide.height += top + bottom;
            wide.transform[0] -= left * wide.transform[1];
            wide.transform[3] -= top * wide.transform[5];
            // What lies beside the grid must not come in.
            wide.bands = {
                std::vector<double>(static_cast<std::size_t>(wide.width) * static_cast<std::size_t>(wide.height),
                                    recipe.type == GDT_Byte ? 2 : 7777)};
            for (int y = 0; y < recipe.height; ++y)
                std::copy_n(recipe.bands[0].begin() + static_cast<std::ptrdiff_t>(y) * recipe.width, recipe.width,
                            wide.bands[0].begin() + static_cast<std::ptrdiff_t>(y + top) * wide.width + left);
            return make_raster(larger, name_of(path), wide);
        });
        if (moved == inputs) return;  // one raster only
        moved["align"] = true;
        Listener listener;
        Values results;
        try {
            results = run_algorithm(spec.id, moved, listener);
        } catch (const UserError& error) {
            FAIL(error.what());
        }
        for (const auto& [id, value] : right)
            if (const auto* number = std::get_if<double>(&value)) {
                INFO(id);
                REQUIRE(std::holds_alternative<double>(results.at(id)));
                CHECK(std::get<double>(results.at(id)) == Approx(*number).epsilon(1e-9));
            }
    });
}

TEST_CASE("an order of time that contradicts the names is told", "[contract][rasters]") {
    each_algorithm([](const Sandbox& box, const Spec& spec) {
        const Values inputs = example_inputs(box, spec);
        for (const bool backwards : {false, true}) {
            std::map<std::string, int> count;
            const Sandbox dated;
            Values named = inputs;
            std::vector<std::string> expected;
            for (auto& [id, value] : named) {
                const Argument& argument = *spec.find(id);
                auto* list = std::get_if<std::vector<std::string>>(&value);
                if (list && argument.steps_in_time) {
                    const auto like = argument.groups_like.empty() ? named.end() : named.find(argument.groups_like);
                    const std::size_t steps =
                        like == named.end() ? list->size() : std::get<std::vector<std::string>>(like->second).size();
                    for (std::size_t i = 0; i < list->size(); ++i) {
                        const std::size_t step = i % steps;
                        const auto year = 1990 + (backwards ? steps - step : step);
                        const std::string path =
                            dated.path(id + std::string(i / steps, 'x') + "_" + std::to_string(year) + ".tif");
                        fs::copy_file((*list)[i], path);
                        (*list)[i] = path;
                    }
                    expected.push_back(argument.parameter_name());
                }
            }
            named.erase("years");
            Listener listener;
            try {
                run_algorithm(spec.id, named, listener);
            } catch (const UserErrors&) {
                return;  // this one needs YEARS
            }
            INFO(listener.said);
            for (const auto& name : expected)
                CHECK((listener.said.find(name + ": the names") != std::string::npos ||
                       listener.said.find(name + ", group 1: the names") != std::string::npos) == backwards);
        }
    });
}

TEST_CASE("one band of several is named, and a picture is no class raster", "[contract][rasters]") {
    each_algorithm([](const Sandbox& box, const Spec& spec) {
        const Values inputs = example_inputs(box, spec);
        for (const auto& [id, value] : inputs) {
            const Argument& argument = *spec.find(id);
            if (!is_raster(argument)) continue;
            INFO(id);
            const auto* single = std::get_if<std::string>(&value);
            const std::string path = single ? *single : std::get<std::vector<std::string>>(value).front();
            RasterRecipe recipe = recipe_of(path);
            if (single) {
                RasterRecipe twice = recipe;
                twice.bands.push_back(twice.bands[0]);
                Values two = inputs;
                const Sandbox other;
                two[id] = make_raster(other, "two.tif", twice);
                Listener listener;
                run_algorithm(spec.id, two, listener);
                CHECK(listener.heard(argument.parameter_name() + ": "));
                CHECK(listener.heard("has 2 bands, band 1 is used"));
            }
            if (!is_classes(argument)) continue;
            RasterRecipe picture = recipe;
            picture.type = GDT_Byte;
            picture.has_nodata = false;
            picture.bands = {recipe.bands[0], recipe.bands[0], recipe.bands[0]};
            for (std::size_t i = 0; i < recipe.bands[0].size(); ++i)
                for (std::size_t band = 0; band < 3; ++band)
                    picture.bands[band][i] = 70 + 20 * static_cast<double>(i % 7) + 5 * static_cast<double>(band);
            Values drawn = inputs;
            const Sandbox other;
            const std::string drawing = make_raster(other, "picture.tif", picture);
            if (single)
                drawn[id] = drawing;
            else
                drawn[id] = std::vector<std::string>(std::get<std::vector<std::string>>(value).size(), drawing);
            CHECK_THAT(error_of(spec.id, drawn), ContainsSubstring("a picture, not classes"));
        }
    });
}

TEST_CASE("a raster that is given twice is told, whatever path leads to it", "[contract][rasters]") {
    std::size_t tried = 0;
    each_algorithm([&](const Sandbox& box, const Spec& spec) {
        const Values inputs = example_inputs(box, spec);
        const auto expect = [&](const Values& twice) {
            ++tried;
            Listener listener;
            try {
                run_algorithm(spec.id, twice, listener);
            } catch (const Error& refused) {
                listener.said += refused.what();
            }
            INFO(listener.said);
            CHECK((listener.heard(" is given twice") || listener.heard(" as well") || listener.heard("cannot be a")));
        };
        const Sandbox other;
        const auto link_to = [&](const std::string& path) {
            const std::string link = other.path("link_" + std::to_string(tried) + ".tif");
            fs::create_hard_link(path, link);
            return link;
        };
        const std::string* known[2] = {nullptr, nullptr};
        for (const auto& argument : spec.arguments) {
            const auto value = inputs.find(argument->id);
            if (value == inputs.end() || !is_raster(*argument)) continue;
            INFO(argument->id);
            if (const auto* list = std::get_if<std::vector<std::string>>(&value->second)) {
                if (list->size() < 2) continue;
                Values twice = inputs;
                auto paths = *list;
                paths[1] = link_to(paths[0]);
                twice[argument->id] = paths;
                expect(twice);
                continue;
            }
            const auto& path = std::get<std::string>(value->second);
            const std::string*& first = known[is_classes(*argument)];
            if (first) {
                Values twice = inputs;
                twice[argument->id] = link_to(*first);
                expect(twice);
            }
            first = &path;
        }
    });
    CHECK(tried > 15);
}

TEST_CASE("zeros round a series are told, though another number is declared NoData", "[contract][rasters]") {
    std::size_t tried = 0;
    each_algorithm([&](const Sandbox& box, const Spec& spec) {
        for (const bool framed : {false, true}) {
            std::vector<std::string> series;
            const Sandbox changed;
            const Values inputs =
                with_rasters(spec, example_inputs(box, spec), [&](const Argument& argument, const std::string& path) {
                    RasterRecipe recipe = recipe_of(path);
                    if (!argument.steps_in_time || is_classes(argument)) return path;
                    if (series.empty() || series.back() != argument.id) series.push_back(argument.id);
                    for (std::size_t i = 0; i < recipe.bands[0].size(); ++i) {
                        double& cell = recipe.bands[0][i];
                        const std::size_t column = i % static_cast<std::size_t>(recipe.width),
                                          row = i / static_cast<std::size_t>(recipe.width);
                        const bool edge = column == 0 || row == 0 ||
                                          column + 1 == static_cast<std::size_t>(recipe.width) ||
                                          row + 1 == static_cast<std::size_t>(recipe.height);
                        if (cell != recipe.nodata) cell = framed && edge ? 0 : 10 + std::fmod(std::abs(cell), 20);
                    }
                    recipe.has_nodata = true;
                    return make_raster(changed, name_of(path), recipe);
                });
            if (series.empty()) return;
            ++tried;
            Listener listener;
            try {
                run_algorithm(spec.id, inputs, listener);
            } catch (const Error&) {
            }
            INFO(listener.said);
            for (const std::string& id : series)
                CHECK((listener.said.find(parameter_name(id) + ": ") != std::string::npos &&
                       listener.heard("0 fills")) == framed);
            if (framed) CHECK(listener.heard("another number is declared NoData"));
        }
    });
    CHECK(tried > 10);
}

TEST_CASE("maps of classes with other codes are told", "[contract][rasters]") {
    std::size_t tried = 0;
    each_algorithm([&](const Sandbox& box, const Spec& spec) {
        const Sandbox changed;
        std::size_t maps = 0;
        const Values inputs =
            with_rasters(spec, example_inputs(box, spec), [&](const Argument& argument, const std::string& path) {
                if (!is_classes(argument) || ++maps != 2) return path;
                RasterRecipe recipe = recipe_of(path);
                for (double& cell : recipe.bands[0])
                    if (cell != recipe.nodata) cell = 100 + cell;
                return make_raster(changed, name_of(path), recipe);
            });
        if (maps < 2) return;
        ++tried;
        Listener listener;
        try {
            run_algorithm(spec.id, inputs, listener);
        } catch (const Error& refused) {
            listener.said += refused.what();
        }
        INFO(listener.said);
        CHECK(listener.heard("none is on both"));
        CHECK(listener.heard("101"));
    });
    CHECK(tried >= 6);
}

TEST_CASE("names of bands that stand in the names of other files are told", "[contract][rasters]") {
    std::size_t tried = 0;
    each_algorithm([&](const Sandbox& box, const Spec& spec) {
        for (const auto& argument : spec.arguments) {
            if (argument->names_stack.empty()) continue;
            INFO(argument->id);
            for (const bool swapped : {false, true}) {
                Values inputs = example_inputs(box, spec);
                auto& paths = std::get<std::vector<std::string>>(inputs.at(argument->names_stack));
                const Argument& stack = *spec.find(argument->names_stack);
                std::size_t steps = 1;
                if (!stack.groups_like.empty())
                    steps = std::get<std::vector<std::string>>(inputs.at(stack.groups_like)).size();
                REQUIRE(paths.size() % steps == 0);
                if (paths.size() / steps < 2) continue;
                const Sandbox named;
                std::vector<std::string> words;
                for (std::size_t i = 0; i < paths.size(); ++i) {
                    const std::string word = "driver" + std::string(1, static_cast<char>('a' + i / steps));
                    if (i % steps == 0) words.push_back(word);
                    const std::string path = named.path(word + '_' + std::to_string(2001 + i % steps) + ".tif");
                    fs::copy_file(paths[i], path);
                    paths[i] = path;
                }
                if (swapped) std::swap(words[0], words[1]);
                std::string text;
                for (const auto& word : words) text += (text.empty() ? "" : ",") + word;
                inputs[argument->id] = text;
                ++tried;
                Listener listener;
                run_algorithm(spec.id, inputs, listener);
                INFO(listener.said);
                CHECK(listener.heard("Are the names in the order of " + stack.parameter_name()) == swapped);
            }
        }
    });
    CHECK(tried >= 6);
}

TEST_CASE("class names that belong to other classes or to other maps are told", "[contract][rasters]") {
    std::size_t tried = 0;
    each_algorithm([&](const Sandbox& box, const Spec& spec) {
        const Argument* names = nullptr;
        for (const auto& argument : spec.arguments)
            if (argument->kind == Kind::table_in && (argument->id == "classes" || argument->id == "class_names"))
                names = argument.get();
        // Where names tell which row is meant, others are an error of their own.
        if (!names || spec.find("recode") || (spec.find("match") && !names->is_optional)) return;
        const Sandbox named;
        bool given = false;  // the maps that the table is about may be another way to say what zones say
        Values inputs =
            with_rasters(spec, example_inputs(box, spec), [&](const Argument& argument, const std::string& path) {
                if (!is_classes(argument)) return path;
                given = true;
                std::string copy = named.path(argument.id + '_' + name_of(path));
                fs::copy_file(path, copy);
                const DatasetPtr dataset(GDALOpen(copy.c_str(), GA_Update));
                std::vector<std::string> words = {"", "Cropland", "Forest", "Grassland", "Water", "Built-up", "Bare"};
                std::vector<char*> list;
                for (auto& word : words) list.push_back(word.data());
                list.push_back(nullptr);
                REQUIRE(GDALSetRasterCategoryNames(GDALGetRasterBand(dataset.get(), 1), list.data()) == CE_None);
                return copy;
            });
        if (!given) return;
        ++tried;
        const auto said_with = [&](const std::string& one, const std::string& two, const std::string& three) {
            std::string table = "class,name,grade\n1," + one + ",1\n2," + two + ",2\n3," + three +
                                ",3\n4,Water,2\n5,Built-up,4\n6,Bare,1\n";
            if (one == "Ash") table = "class,name,grade\n1,Ash,1\n2,Oak,2\n3,Elm,3\n4,Yew,2\n5,Fir,4\n6,Box,1\n";
            inputs[names->id] = named.text("names.csv", table);
            Listener listener;
            try {
                run_algorithm(spec.id, inputs, listener);
            } catch (const Error& refused) {
                listener.said += std::string("refused: ") + refused.what();
            }
            return listener.said;
        };
        const std::string fine = said_with("Crops", "Forests", "Grass");
        INFO(fine);
        CHECK(fine.find("in the table") == std::string::npos);
        const std::string swapped = said_with("Forest", "Cropland", "Grassland");
        INFO(swapped);
        CHECK(swapped.find(names->parameter_name() + ": the table gives names of") != std::string::npos);
        CHECK(swapped.find("1: \"Cropland\" on the map, \"Forest\" in the table; 2: \"Forest\" on the map") !=
              std::string::npos);
        const std::string others = said_with("Ash", "Oak", "Elm");
        INFO(others);
        CHECK(others.find(names->parameter_name() + ": the table calls most classes otherwise") != std::string::npos);
        CHECK(others.find("4: \"Water\" on the map, \"Yew\" in the table") != std::string::npos);
        CHECK(others.find("refused") == std::string::npos);
    });
    CHECK(tried >= 8);
}

TEST_CASE("a map is not its own later map", "[contract][rasters]") {
    std::size_t tried = 0;
    each_algorithm([&](const Sandbox& box, const Spec& spec) {
        for (const auto& argument : spec.arguments) {
            if (argument->later_than.empty()) continue;
            Values inputs = example_inputs(box, spec);
            if (!inputs.count(argument->id) || !inputs.count(argument->later_than)) continue;
            ++tried;
            inputs[argument->id] = inputs.at(argument->later_than);
            CHECK_THAT(error_of(spec.id, inputs),
                       ContainsSubstring("is the raster of " + parameter_name(argument->later_than) +
                                         " as well: nothing changes"));
        }
    });
    CHECK(tried >= 4);
}

TEST_CASE("maps in a wrong order are told before the error that ends the run", "[contract][rasters]") {
    const Sandbox box;
    const std::string later = make_classes(box, "cover_2020.tif", 2, {1, 2, 1, 2}),
                      earlier = make_classes(box, "cover_1990.tif", 2, {1, 1, 1, 2});
    Listener listener;
    CHECK_THROWS_AS(run_algorithm("carbon_storage",
                                  {{"land_cover", later},
                                   {"later_land_cover", earlier},
                                   {"pools", box.text("pools.csv", "class,c_above\n1,3\n")}},
                                  listener),
                    UserError);
    CHECK(listener.heard("The change is counted from 2020 to 1990"));
}
