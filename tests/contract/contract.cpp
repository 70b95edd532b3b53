// Land Carbon Toolbox: what every algorithm must obey, tested over the registry.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "engine/faults.hpp"
#include "engine/gdal.hpp"
#include "support/catch.hpp"
#include "support/examples.hpp"
#include "support/markup.hpp"
#include "support/runs.hpp"

using namespace landcarbon;
using namespace landcarbon::test;
namespace fs = std::filesystem;

namespace {

/// So little memory that maps are worked on in many blocks: 2 MiB, or more where a method holds whole maps.
std::int64_t least_memory(const std::string& id, const Values& inputs) {
    for (std::int64_t memory = 2;; memory *= 2) {
        Monitor silent;
        try {
            run_with(id, joined({{"memory", memory}}, inputs), silent);
            return memory;
        } catch (const UserError& error) {
            if (error.parameter() != "memory") throw;
        }
    }
}

/// Keeps what it is told, and cancels once the progress has come to a share.
class Watcher : public Monitor {
public:
    explicit Watcher(double cancel_at = 2) : cancel_at_(cancel_at) {}
    bool cancelled() override { return last_ >= cancel_at_; }
    void progress(double share) override {
        monotone_ = monotone_ && share >= last_ && share <= 1;
        last_ = share;
    }
    bool monotone() const { return monotone_; }
    double last() const { return last_; }

private:
    double cancel_at_;
    double last_ = 0;
    bool monotone_ = true;
};

}  // namespace

TEST_CASE("the same bytes for any number of threads", "[contract]") {
    over_registry(any, [](const Sandbox& box, const Spec& spec) {
        const Values inputs = example_inputs(box, spec);
        std::map<std::string, std::string> first;
        for (const std::int64_t threads : {1, 2, 8}) {
            const fs::path folder = box.folder() / ("threads" + std::to_string(threads));
            Monitor silent;
            run_with(spec.id, joined(joined(inputs, example_outputs(spec, folder)), {{"threads", threads}}), silent);
            const auto files = files_of(folder);
            CHECK_FALSE(files.empty());
            if (first.empty())
                first = files;
            else
                for (const auto& [name, bytes] : first) {
                    INFO(name << " with " << threads << " threads");
                    REQUIRE(files.count(name) == 1);
                    CHECK((files.at(name) == bytes));
                }
        }
    });
}

TEST_CASE("the same bytes for any number of threads on maps of many blocks, projected and geographic", "[contract]") {
    over_registry(reads_rasters, [](const Sandbox& box, const Spec& spec) {
        ExampleStorage large;
        large.width = sanitized ? 130 : 400;
        large.height = sanitized ? 70 : 320;
        large.options = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"};
        ExampleStorage geographic = large;
        geographic.epsg = 4326;
        geographic.transform = {100, 0.01, 0, 40, 0, -0.01};
        for (const auto& storage : {large, geographic}) {
            INFO("EPSG:" << storage.epsg);
            const Sandbox maps;
            Values inputs = example_inputs(maps, spec, storage);
            inputs["memory"] = least_memory(spec.id, inputs);
            if (inputs.count("grid_size") && storage.epsg == 4326) inputs["grid_size"] = 0.5;
            std::map<std::string, std::string> first;
            for (const std::int64_t threads : {1, 2, 8}) {
                const fs::path folder = box.folder() / (std::to_string(storage.epsg) + "_" + std::to_string(threads));
                Monitor silent;
                run_with(spec.id, joined(joined(inputs, example_outputs(spec, folder)), {{"threads", threads}}),
                         silent);
                const auto files = files_of(folder);
                if (first.empty()) first = files;
                for (const auto& [name, bytes] : first) {
                    INFO(name << " with " << threads << " threads");
                    REQUIRE(files.count(name) == 1);
                    CHECK((files.at(name) == bytes));
                }
            }
        }
    });
}

TEST_CASE("what must be given is enough for every output that is made by default", "[contract]") {
    over_registry(any, [](const Sandbox& box, const Spec& spec) {
        Values outputs = example_outputs(spec, box.folder() / "out");
        // Dialogs leave out what needs an optional input that is not given.
        std::erase_if(outputs, [&](const auto& output) {
            return !spec.find(output.first)->by_default || !spec.find(output.first)->needed.empty();
        });
        Monitor silent;
        run_with(spec.id, joined(example_inputs(box, spec, {}, Given::required_only), outputs), silent);
        for (const auto& [id, value] : outputs) CHECK(fs::exists(value_text(value)));
    });
}

TEST_CASE("numbers that an algorithm cannot tell are absent, those that it tells are finite", "[contract]") {
    over_registry(any, [](const Sandbox& box, const Spec& spec) {
        Monitor silent;
        for (const Given given : {Given::required_only, Given::as_much_as_goes})
            for (const auto& [id, value] : run_with(spec.id, example_inputs(box, spec, {}, given), silent))
                if (const auto* number = std::get_if<double>(&value)) {
                    INFO(id);
                    CHECK(std::isfinite(*number));
                }
    });
}

TEST_CASE("the same numbers, tables and maps however the files are stored", "[contract]") {
    over_registry(reads_rasters, [](const Sandbox& box, const Spec& spec) {
        std::vector<ExampleStorage> ways;
        for (const auto& options : {std::vector<std::string>{"BLOCKYSIZE=1"},
                                    {"BLOCKYSIZE=64"},
                                    {"BLOCKYSIZE=256"},
                                    {"TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=16", "COMPRESS=DEFLATE"}})
            ways.push_back({NoDataForm::declared, options});
        ways.push_back({NoDataForm::not_a_number, {}});
        ways.push_back({NoDataForm::mask, {}});
        Values first_results;
        std::map<std::string, std::string> first;
        for (std::size_t i = 0; i < ways.size(); ++i) {
            const fs::path folder = box.folder() / ("way" + std::to_string(i));
            const Sandbox maps;
            Monitor silent;
            const Values results =
                run_with(spec.id, joined(example_inputs(maps, spec, ways[i]), example_outputs(spec, folder)), silent);
            auto files = files_of(folder);
            // These tell of the inputs, which differ.
            std::erase_if(
                files, [](const auto& file) { return file.first.ends_with(".json") || file.first.ends_with(".html"); });
            INFO("way " << i);
            if (i == 0) {
                first_results = results;
                first = files;
            } else {
                CHECK(results == first_results);
                for (const auto& [name, bytes] : first) {
                    INFO(name);
                    REQUIRE(files.count(name) == 1);
                    CHECK((files.at(name) == bytes));
                }
            }
        }
    });
}

TEST_CASE("little memory gives the same result or says that it is too little", "[contract]") {
    over_registry(reads_rasters, [](const Sandbox& box, const Spec& spec) {
        ExampleStorage large;
        large.width = sanitized ? 150 : 330;
        large.height = sanitized ? 110 : 290;
        for (const auto& options : {std::vector<std::string>{"BLOCKYSIZE=1"}, {"BLOCKYSIZE=256"}, {"TILED=YES"}}) {
            large.options = options;
            const Sandbox maps;
            const Values inputs = example_inputs(maps, spec, large);
            Monitor silent;
            const Values usual = run_with(spec.id, inputs, silent);
            const fs::path folder = box.folder() / "out";
            for (const std::int64_t memory : {1, 2, 16}) {
                INFO(options.front() << ", MEMORY " << memory);
                try {
                    const Values results =
                        run_with(spec.id, joined(joined(inputs, example_outputs(spec, folder)), {{"memory", memory}}),
                                 silent, true);
                    for (const auto& [id, value] : usual)
                        if (!spec.find(id)->is_destination()) CHECK(results.at(id) == value);
                } catch (const UserError& error) {
                    CHECK(error.parameter() == "memory");
                    CHECK(memory < 16);
                }
                for (const auto& name : names_of(folder)) CHECK(name.find(".part") == std::string::npos);
            }
        }
        const Values small = example_inputs(box, spec);
        Monitor silent;
        CHECK(run_with(spec.id, joined(small, {{"memory", std::int64_t{1}}}), silent) ==
              run_with(spec.id, small, silent));
    });
}

TEST_CASE("progress is monotone and ends at 1", "[contract]") {
    over_registry(any, [](const Sandbox& box, const Spec& spec) {
        Watcher watcher;
        run_with(spec.id, joined(example_inputs(box, spec), example_outputs(spec, box.folder() / "out")), watcher);
        CHECK(watcher.monotone());
        CHECK(watcher.last() == 1);
    });
}

TEST_CASE("a cancelled run leaves nothing", "[contract]") {
    over_registry(reads_rasters, [](const Sandbox& box, const Spec& spec) {
        const Values inputs = example_inputs(box, spec);
        // Fault 42: as soon as the run starts, halfway, at the last moment.
        for (const double share : {0.0, 0.5, 0.99}) {
            const fs::path folder = box.folder() / "out";
            Watcher watcher(share);
            try {
                run_with(spec.id, joined(inputs, example_outputs(spec, folder)), watcher);
                FAIL("the run was not stopped at " << share);
            } catch (const Cancelled&) {
                CHECK(names_of(folder).empty());
            }
        }
    });
}

TEST_CASE("raster outputs keep the georeference and declare NoData", "[contract]") {
    over_registry(reads_rasters, [](const Sandbox& box, const Spec& spec) {
        Monitor silent;
        const Values outputs = example_outputs(spec, box.folder() / "out");
        run_with(spec.id, joined(example_inputs(box, spec), outputs), silent);
        for (const auto& [id, value] : outputs) {
            if (spec.find(id)->kind != Kind::raster_out) continue;
            INFO(id);
            const DatasetPtr map(GDALOpen(value_text(value).c_str(), GA_ReadOnly));
            REQUIRE(map);
            double transform[6];
            REQUIRE(GDALGetGeoTransform(map.get(), transform) == CE_None);
            CHECK(transform[0] == 500000);
            CHECK(transform[5] == -100);
            CHECK(std::string(GDALGetProjectionRef(map.get())).find("32649") != std::string::npos);
            for (int band = 1; band <= GDALGetRasterCount(map.get()); ++band) {
                int has = 0;
                GDALGetRasterNoDataValue(GDALGetRasterBand(map.get(), band), &has);
                CHECK(has);
                // The first cell has no data.
                CHECK(std::isnan(read_raster(value_text(value), band)[0]));
            }
        }
    });
}

TEST_CASE("maps without any data are an error, and nothing is left", "[contract]") {
    over_registry(reads_rasters, [](const Sandbox& box, const Spec& spec) {
        ExampleStorage storage;
        storage.empty = true;
        const fs::path folder = box.folder() / "out";
        Monitor silent;
        CHECK_THROWS_AS(
            run_with(spec.id, joined(example_inputs(box, spec, storage), example_outputs(spec, folder)), silent),
            UserError);
        CHECK(names_of(folder).empty());
    });
}

TEST_CASE("an output never replaces an input", "[contract]") {
    over_registry(any, [](const Sandbox& box, const Spec& spec) {
        const Values inputs = example_inputs(box, spec);
        std::string input;
        for (const auto& [id, value] : inputs)
            if (spec.find(id)->is_path())
                input = std::holds_alternative<std::string>(value) ? std::get<std::string>(value)
                                                                   : std::get<std::vector<std::string>>(value).front();
        if (input.empty()) return;
        const std::string before = read_text(input);
        fs::create_symlink(input, box.path("symlink"));
        fs::create_hard_link(input, box.path("hardlink"));
        for (const auto& argument : spec.arguments) {
            if (!argument->is_destination() || !argument->by_default) continue;
            for (const std::string& path : {input, box.path("symlink"), box.path("hardlink")}) {
                Monitor silent;
                INFO(argument->id << " = " << path);
                CHECK_THROWS_AS(run_with(spec.id, joined(inputs, {{argument->id, path}}), silent, true), UserError);
            }
        }
        CHECK(read_text(input) == before);
    });
}

TEST_CASE("existing outputs are kept without permission", "[contract]") {
    over_registry(any, [](const Sandbox& box, const Spec& spec) {
        const Values inputs = example_inputs(box, spec);
        for (const auto& [id, value] : example_outputs(spec, box.folder() / "out")) {
            std::ofstream(value_text(value)) << "old";
            Monitor silent;
            INFO(id);
            CHECK_THROWS_AS(run_with(spec.id, joined(inputs, {{id, value}}), silent), UserError);
            CHECK(read_text(value_text(value)) == "old");
        }
    });
}

TEST_CASE("a failure at any step of writing leaves the old files and nothing else", "[contract]") {
    over_registry(any, [](const Sandbox& box, const Spec& spec) {
        const Values inputs = example_inputs(box, spec);
        const fs::path folder = box.folder() / "out";
        const Values outputs = example_outputs(spec, folder);
        for (const auto& [id, value] : outputs) std::ofstream(value_text(value)) << "old " << id;
        const auto before = files_of(folder);
        for (const std::string step : {"create", "block", "close", "table", "text", "sync", "rename"}) {
            // A sanitizer's runs are slow: the first two of each step.
            for (int nth = 1; nth < (sanitized ? 3 : 60); ++nth) {
                fail_writing(step, nth);
                Monitor silent;
                bool failed = false;
                try {
                    run_with(spec.id, joined(inputs, outputs), silent, true);
                } catch (const IoError&) {
                    failed = true;
                }
                fail_writing("", 0);
                if (!failed) break;  // there are fewer such steps
                INFO(step << " " << nth);
                CHECK((files_of(folder) == before));
                REQUIRE(names_of(folder).size() == before.size());
            }
            // The last run may have succeeded: put the old files back.
            fs::remove_all(folder);
            example_outputs(spec, folder);
            for (const auto& [id, value] : outputs) std::ofstream(value_text(value)) << "old " << id;
        }
    });
}

TEST_CASE("a failure at any step of writing leaves nothing in an empty folder", "[contract]") {
    over_registry(any, [](const Sandbox& box, const Spec& spec) {
        const Values inputs = example_inputs(box, spec);
        const fs::path folder = box.folder() / "out";
        const Values outputs = example_outputs(spec, folder);
        for (const std::string step : {"create", "block", "close", "table", "text", "sync", "rename"})
            for (const int nth : {1, 2, 5}) {
                INFO(step << " " << nth);
                fail_writing(step, nth);
                Monitor silent;
                try {
                    run_with(spec.id, joined(inputs, outputs), silent);
                    fs::remove_all(folder);
                    fs::create_directory(folder);
                } catch (const IoError&) {
                }
                fail_writing("", 0);
                CHECK(names_of(folder).empty());
            }
    });
}

TEST_CASE("styles are well-formed and name no class in a way that breaks them", "[contract]") {
    over_registry(any, [](const Sandbox& box, const Spec& spec) {
        Monitor silent;
        const fs::path folder = box.folder() / "out";
        run_with(spec.id, joined(example_inputs(box, spec), example_outputs(spec, folder)), silent);
        for (const auto& [name, text] : files_of(folder)) {
            if (!name.ends_with(".qml")) continue;
            const auto fault = xml_fault(text);
            INFO(name << ": " << fault.value_or(""));
            CHECK_FALSE(fault);
        }
        for (const auto& [id, value] : example_outputs(spec, folder))
            if (spec.find(id)->kind == Kind::raster_out)
                CHECK(fs::exists(fs::path(value_text(value)).replace_extension(".qml")));
    });
}

TEST_CASE("every output has its provenance", "[contract]") {
    over_registry(any, [](const Sandbox& box, const Spec& spec) {
        Monitor silent;
        const Values outputs = example_outputs(spec, box.folder() / "out");
        const Values inputs = example_inputs(box, spec);
        run_with(spec.id, joined(joined(inputs, outputs), {{"threads", std::int64_t{2}}}), silent);
        for (const auto& [id, value] : outputs) {
            const auto json = nlohmann::json::parse(read_text(value_text(value) + ".json"));
            CHECK(json.at("algorithm") == "landcarbon:" + spec.algorithm_name());
            CHECK(json.at("version") == version());
            CHECK(json.at("parameters").count("THREADS") == 0);
            CHECK(json.at("conventions").is_object());
            for (const auto& input : json.at("inputs")) {
                CHECK(input.at("bytes").get<std::uintmax_t>() == fs::file_size(input.at("path").get<std::string>()));
                CHECK(input.at("modified").get<std::string>().size() == 20);
            }
        }
    });
}

TEST_CASE("reports stand alone", "[contract]") {
    over_registry(any, [](const Sandbox& box, const Spec& spec) {
        Monitor silent;
        const Values outputs = example_outputs(spec, box.folder() / "out");
        run_with(spec.id, joined(example_inputs(box, spec), outputs), silent);
        for (const auto& [id, value] : outputs) {
            if (spec.find(id)->kind != Kind::report_out) continue;
            const std::string html = read_text(value_text(value));
            CHECK(html.find("Content-Security-Policy") != std::string::npos);
            CHECK(html.find("<script") == std::string::npos);
            for (const char* outside :
                 {"src=\"", "href=\"http", "href=\"//", "url(", "@import", "<link", "<iframe", "<object"}) {
                INFO(outside);
                CHECK(html.find(outside) == std::string::npos);
            }
            const auto fault = xml_fault(html);
            INFO(fault.value_or(""));
            CHECK_FALSE(fault);
            CHECK_FALSE(std::regex_search(html, std::regex("[>\"( -](nan|inf)[<\") ,]")));
            CHECK(html.rfind("</html>") != std::string::npos);
        }
    });
}
