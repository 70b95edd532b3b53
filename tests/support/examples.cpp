// Land Carbon Toolbox: small valid arguments for any algorithm, made from its spec alone.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/examples.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "spec/errors.hpp"
#include "support/catch.hpp"

namespace landcarbon::test {
namespace {

/// Cells, most often six for the classes 1 to 6, of every column that an input table of the toolbox may have. A new
/// algorithm whose table has a new column adds a line here, as `argument.column` when the column is that argument's
/// alone.
const std::map<std::string, std::vector<std::string>> columns = {
    {"class", {"1", "2", "3", "4", "5", "6"}},
    {"name",
     {"Cropland", "Forest <b>&amp;</b>", "=Grass\"land\"", "Water, 'deep'",
      "\xe5\xbb\xba\xe8\xae\xbe\xe7\x94\xa8\xe5\x9c\xb0", "../../unused"}},
    {"colour", {"#f2d16b", "#2f7d4a", "#a9cf72", "#3a7fc1", "#c8402f", "#d8cdbd"}},
    {"grade", {"3", "2", "2", "2", "4", "1"}},
    {"c_above", {"40.5", "82.2", "28.2", "0", "5.6", "11.2"}},
    {"c_below", {"26.8", "16.4", "33.8", "0", "1.1", "2.2"}},
    {"c_soil", {"186.3", "273.0", "171.7", "0", "25.3", "37.1"}},
    {"c_dead", {"5.2", "7.6", "4.8", "0", "0", "1.0"}},
    {"sd_above", {"6.1", "12.3", "4.2", "0", "0.8", "1.7"}},
    {"sd_below", {"5.4", "3.3", "6.8", "0", "0.2", "0.4"}},
    {"sd_soil", {"22.4", "32.8", "20.6", "0", "3", "4.5"}},
    {"sd_dead", {"1.6", "2.3", "1.4", "0", "0.1", "0.3"}},
    {"c_soil_national", {"108.4", "158.8", "99.9", "12", "8", "21.6"}},
    {"c_soil_regional", {"", "", "", "", "25.3", ""}},
    {"below_to_above", {"0.66", "0.20", "1.20", "0.5", "0.20", "0.20"}},
    {"factor", {"0.42", "-0.64", "-0.02", "0", "1.82", "0.05"}},
    {"unit", {"A <b>", "=B", "\xe6\xb1\x89\xe4\xb8\xad\xe5\x8e\xbf", "D", "E", "F"}},
    {"units.cep", {"5", "4", "", "2", "1", "3"}},
    {"units.cli", {"0", "0.3", "0.5", "0.2", "1", "0.9"}},
    {"trends.unit",
     {"A <b>", "A <b>", "A <b>", "A <b>", "A <b>", "A <b>", "A <b>", "A <b>", "=B", "=B", "=B", "=B", "=B", "=B", "=B",
      "=B"}},
    {"trends.quantity",
     {"cs_t", "nce_t", "ce_t", "ecc", "esc", "cf_ha", "ec_ha", "ed_ha", "cs_t", "nce_t", "ce_t", "ecc", "esc", "cf_ha",
      "ec_ha", "ed_ha"}},
    {"trends.z",
     {"2.5", "-2", "-3", "0", "1.2", "-1.66", "4", "-0.3", "-2.5", "2", "3", "0.1", "-1.2", "1.66", "-4", "0"}},
    {"cep.scenario", {"low", "low", "high", "low", "low", "low"}},
    {"cep.cep", {"5", "significant", "1", "2", "Stable", "3"}},
    {"scaled", {"0", "0.3", "0.5", "0.2", "1", "0.9"}},
    {"scores.group", {"Economy", "", "<b>", "", "", ""}},
    {"scores.index", {"CE", "CEP", "CLI", "", "", ""}},
    {"scores.score5", {"'Z<-1.66", "significant", "0.8..1", "", "", ""}},
    {"scores.score4", {"-1.66<=Z<0", "slightly significant", "0.6..0.8", "", "", ""}},
    {"scores.score3", {"Z=0", "stable", "0.4..0.6", "", "", ""}},
    {"scores.score2", {"0<Z<=1.66", "rising", "0.2..0.4", "", "", ""}},
    {"scores.score1", {"Z>1.66", "rising fast", "0..0.2", "", "", ""}},
    {"units.county",
     {"<b>&0", "=B", "\xe6\xb1\x89\xe4\xb8\xad\xe5\x8e\xbf", "<b>&0", "=B", "\xe6\xb1\x89\xe4\xb8\xad\xe5\x8e\xbf"}},
    {"units.year", {"2001", "2001", "2001", "2003", "2003", "2002"}},
    {"units.fertilizer", {"12", "0", "7.5", "13", "0", ""}},
    {"units.raw_coal", {"1200", "0", "900", "1500", "100", "800"}},
    {"units.population", {"3.1", "0", "2.2", "3.3", "0.4", "2.1"}},
    {"units.pig", {"500", "0", "90", "510", "20", "80"}},
    {"units.rice", {"900", "10", "300", "850", "12", "310"}},
    {"units.forest", {"4000", "9000", "1", "4100", "9000", "1"}},
    {"units.gdp", {"55", "1", "20", "60", "1.5", "21"}},
    {"coefficients.table", {"agriculture", "agriculture", "agriculture", "population", "land", "land"}},
    {"coefficients.item", {"fertilizer", "raw coal", "pig", "population", "forest", "forest"}},
    {"coefficients.coefficient", {"emission", "emission", "emission", "respiration", "sequestration", "nep"}},
    {"coefficients.value", {"0.86", "0.52", "0.086", "0.079", "5.77", "3.81"}},
    {"fields_table.quantity", {"fertilizer", "raw_coal", "pig", "population", "forest", "gdp"}},
    {"fields_table.field", {"fertilizer", "raw_coal", "pig", "population", "", "gdp"}},
    {"fields_table.scale", {"", "1", "1", "10000", "", "2"}},
    {"matrix.period", {"1990-2005", "1990-2005", "1990-2005", "1990-2005", "1990-2005", "1990-2005"}},
    {"scenario.scenario", {"growth", "growth", "growth", "growth", "growth", "growth"}},
    {"pixels", {"12", "600", "70", "30", "410", "90"}},
    {"multiplier", {"1.5", "1", "0.25", "2", "1", "0"}},
    {"demand.year", {"2030", "2030", "2030", "2030", "2030", "2030"}},
    {"cells", {"300", "200", "250", "150", "260", "140"}},
    {"area_ha", {"300", "200", "250", "150", "260", "140"}},
    {"weight", {"0.2", "0.01", "0.3", "0.4", "1", "0.5"}},
    {"from", {"1", "2", "3", "4", "5", "6"}},
    {"to", {"2", "3", "4", "5", "6", "1"}},
    {"table.to", {"1", "2", "2", "", "3", "2"}},
    {"to_name", {"Farmed", "Natural <b>&amp;</b>", "", "", "\xe5\xbb\xba", ""}},
    {"to_colour", {"#f2d16b", "#2f7d4a", "", "", "#c8402f", ""}},
    {"allowed", {"1", "1", "1", "0.5", "1", "1"}},
    {"value_2001", {"1.5", "7", "-3", "", "0.1", "4"}},
    {"value_2002", {"2.5", "6.5", "-3", "1", "0.1", "5"}},
    {"value_2003", {"2.25", "6", "-1", "", "0.1", "3"}},
    {"value_2004", {"3", "7.5", "", "2", "0.1", "9"}},
    {"value_2006", {"4.5", "4", "0.5", "", "0.1", "8"}},
    {"emission", {"31", "42.5", "38", "55", "60.1", "47"}},
    {"population", {"1.1", "2", "1.4", "3.2", "3", "2.2"}},
    {"affluence", {"8", "9.5", "7", "14", "12", "16"}},
    {"technology", {"0.9", "0.7", "1.1", "0.6", "0.8", "0.5"}},
    {"urban", {"0.31", "0.46", "0.4", "0.52", "0.61", "0.7"}},
    {"county", {"=A<1>", "=A<1>", "B&\"b\"", "B&\"b\"", "\xe5\x8e\xbf", "\xe5\x8e\xbf"}},
    {"year", {"2019", "2020", "2020", "2018", "2019", "2020"}},
    {"carbon_sink", {"0.1", "0.2", "9", "9", "0", "0"}},
    {"scenario", {"low", "low", "D <i>", "D <i>", "high", "high"}},
    {"period", {"2020-2030", "2030-2060", "2020-2030", "2030-2060", "2020-2025", "2025-2060"}},
    {"population_growth", {"min", "-D*1.2", "D", "'-D*0.5", "max", "max+1%"}},
    {"affluence_growth", {"min", "D*0.1", "D/2", "0.01", "(max+D)/4", "1%"}},
    {"urban_threshold", {"0.5", "0.4", "D", "D", "max", "0.9"}},
};

/// Values of arguments that cannot be made from their kind, by the argument's id or by algorithm and argument. A new
/// algorithm whose required argument has no default, or whose optional argument is worth trying, adds a line here.
const std::map<std::string, std::string> values = {
    {"price", "43"},
    {"years_between", "30"},
    {"discount_rate", "7"},
    {"price_change", "2"},
    {"factor", "1.7"},
    {"region_precipitation", "1999.4"},
    {"reference_precipitation", "671.1"},
    {"grid_size", "700"},
    {"built_classes", "5"},
    {"step", "annual"},
    {"carbon_zoning.scenario", "low"},
    {"carbon_zoning.zones", "2"},
    {"demand_total", "scale"},  // the example's maps have many sizes
    {"unreachable", "nearest"},
    {"flus.year", "2030"},
    {"plus.year", "2030"},
    {"flus.iterations", "40"},
    {"plus.iterations", "40"},
    {"samples", "120"},
    {"epochs", "4"},
    {"neighbourhoods", "1,3"},
    {"trees", "3"},
    // Less than the maps have distinct values: breaks go by a sample.
    {"sample", "200"},
    {"gwr.lattice", "4"},
    {"gwr_layer.responses", "value_2001"},
    {"gwr_layer.drivers", "value_2004,value_2006"},
    {"gwr_layer.name_field", "name"},
    {"stirpat.response", "emission"},
    {"stirpat.drivers", "population,affluence,urban"},
    {"stirpat_scenarios.unit_field", "county"},
    {"stirpat_scenarios.year_field", "year"},
    {"stirpat_scenarios.sink", "carbon_sink"},
};

/// Optional arguments that are left out: the algorithm's own tests try them.
const std::set<std::string> left_out = {
    "gwr.zones", "gwr.grid_size",  // the other examples are few for a regression, and squares of degrees are one
};

/// Contents of files that other algorithms write.
const std::map<std::string, std::string> files = {
    {"stirpat_scenarios.model", R"({"format": "landcarbon stirpat model", "version": 1, "response": "emission",
  "logarithms": true, "intercept": 1.5, "smearing": 1.02, "drivers": [{"name": "population", "coefficient": 0.5},
  {"name": "affluence", "coefficient": 0.3}, {"name": "urban", "coefficient": 0.2, "minimum": 0.3, "maximum": 0.7}]})"},
};

/// Columns for arguments that name some of a table's.
const std::map<std::string, std::vector<std::string>> fields = {
    {"response", {"value_2001"}},
    {"factors", {"class", "value_2006"}},
};

/// Rasters whose values have a meaning: what is made of the usual ones (-10 .. 110, in patches).
const std::map<std::string, double (*)(double)> meanings = {
    {"suitability", [](double value) { return (value + 10) / 120; }},
    {"restricted", [](double value) { return value > 80 ? 1.0 : 0.0; }},
};

/// How many files the stacks of some arguments have; the others have three.
const std::map<std::string, int> stack_lengths = {
    {"series", 12},
    {"response", 12},
    {"drivers", 24},
    {"suitability", 6},
};

int stack_length(const Argument& argument) {
    const auto length = stack_lengths.find(argument.id);
    return std::max(length == stack_lengths.end() ? 3 : length->second, argument.minimum_count);
}

/// As many years as the algorithm's first stack has files, unevenly spaced; two for a pair of maps.
std::string years_of(const Spec& spec) {
    int count = 2;
    for (const auto& argument : spec.arguments)
        if (argument->kind == Kind::raster_stack) {
            count = stack_length(*argument);
            break;
        } else if (argument->kind == Kind::table_in) {
            // A table with one column a year.
            const auto values = std::count_if(argument->columns.begin(), argument->columns.end(),
                                              [](const auto& name) { return name.rfind("value_", 0) == 0; });
            if (values > 0) count = static_cast<int>(values);
        }
    std::string years = "1990";
    for (int i = 1; i < count; ++i) years += "," + std::to_string(1990 + 15 * i + i % 3);
    return years;
}

/// Numbers that look random and are the same everywhere.
class Noise {
public:
    explicit Noise(std::uint32_t seed) : state_(seed * 2654435761u + 12345u) {}
    std::uint32_t next(std::uint32_t below) {
        state_ = state_ * 1664525u + 1013904223u;
        return (state_ >> 8) % below;
    }

private:
    std::uint32_t state_;
};

/// Patches of 5 x 4 cells. A corner of every raster and some of its own cells hold nothing.
RasterRecipe raster_recipe(const ExampleStorage& storage, bool classes, std::uint32_t seed) {
    RasterRecipe recipe;
    recipe.width = storage.width;
    recipe.height = storage.height;
    recipe.epsg = storage.epsg;
    recipe.transform = storage.transform;
    recipe.options = storage.options;
    recipe.type = !classes || storage.form == NoDataForm::not_a_number ? GDT_Float32 : GDT_Byte;
    recipe.has_nodata = storage.form == NoDataForm::declared;
    recipe.nodata = classes ? 0 : -9999;
    const double hole = storage.form == NoDataForm::declared       ? recipe.nodata
                        : storage.form == NoDataForm::not_a_number ? std::numeric_limits<double>::quiet_NaN()
                                                                   : 3;
    recipe.bands.emplace_back();
    const int across = storage.width / 5 + 1;
    std::vector<std::uint32_t> patches;
    Noise noise(seed);
    for (int i = 0; i < across * (storage.height / 4 + 1); ++i) patches.push_back(noise.next(6));
    for (int y = 0; y < storage.height; ++y)
        for (int x = 0; x < storage.width; ++x) {
            const std::uint32_t patch = patches[static_cast<std::size_t>(y / 4 * across + x / 5)];
            const bool empty = storage.empty || (x < 6 && y < 5) || noise.next(97) == 0;
            const double value = classes ? patch + 1 : patch * 20 + noise.next(640) / 64.0 - 10;
            recipe.bands[0].push_back(empty ? hole : value);
            if (storage.form == NoDataForm::mask) recipe.mask.push_back(empty ? 0 : 255);
        }
    return recipe;
}

std::string polygons(const Sandbox& box, const std::string& name, const ExampleStorage& storage) {
    const auto& t = storage.transform;
    const auto corner = [&](double column, double row) {
        return "[" + number_text(t[0] + column * t[1] + row * t[2]) + "," +
               number_text(t[3] + column * t[4] + row * t[5]) + "]";
    };
    std::string features;
    const double w = storage.width, h = storage.height;
    const double boxes[][4] = {{0, 0, w / 2, h}, {w / 3, h / 4, w, h * 0.9}, {w / 2, h / 2, w / 2 + 1, h / 2 + 1}};
    for (const auto& b : boxes)
        features += std::string(features.empty() ? "" : ",") + R"({"type":"Feature","properties":{"county":"<b>&)" +
                    number_text(b[0]) + R"(","id":1},"geometry":{"type":"Polygon","coordinates":[[)" +
                    corner(b[0], b[1]) + "," + corner(b[2], b[1]) + "," + corner(b[2], b[3]) + "," +
                    corner(b[0], b[3]) + "," + corner(b[0], b[1]) + "]]}}";
    const std::string crs = storage.epsg == 4326 ? "OGC:1.3:CRS84" : "EPSG::" + std::to_string(storage.epsg);
    return box.text(name, R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:)" +
                              crs + R"("}},"features":[)" + features + "]}");
}

/// Squares with numbers, enough of them for a regression; one has a gap.
std::string squares(const Sandbox& box, const std::string& name, const ExampleStorage& storage) {
    const auto& t = storage.transform;
    std::string features;
    Noise noise(7);
    for (int y = 0; y < 9; ++y)
        for (int x = 0; x < 10; ++x) {
            const auto corner = [&](int across, int down) {
                return "[" + number_text(t[0] + (x + across) * t[1] * 4) + "," +
                       number_text(t[3] + (y + down) * t[5] * 4) + "]";
            };
            const double first = noise.next(640) / 64.0, second = noise.next(100);
            const double response = first * (x + 1) - second / 10 + noise.next(64) / 32.0;
            features += std::string(features.empty() ? "" : ",") + R"({"type":"Feature","properties":{"name":"<b>&)" +
                        number_text(x) + R"(","value_2001":)" + (x + y == 0 ? "null" : number_text(response)) +
                        R"(,"value_2004":)" + number_text(first) + R"(,"value_2006":)" + number_text(second) +
                        R"(},"geometry":{"type":"Polygon","coordinates":[[)" + corner(0, 0) + "," + corner(1, 0) + "," +
                        corner(1, 1) + "," + corner(0, 1) + "," + corner(0, 0) + "]]}}";
        }
    const std::string crs = storage.epsg == 4326 ? "OGC:1.3:CRS84" : "EPSG::" + std::to_string(storage.epsg);
    return box.text(name, R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:)" +
                              crs + R"("}},"features":[)" + features + "]}");
}

std::string quoted(const std::string& cell) {
    std::string text = "\"";
    for (const char c : cell) text += c == '"' ? "\"\"" : std::string(1, c);
    return text + "\"";
}

std::string table(const Sandbox& box, const Argument& argument) {
    std::string text;
    for (const auto& column : argument.columns) text += (text.empty() ? "" : ",") + column;
    std::vector<const std::vector<std::string>*> cells;
    for (const auto& column : argument.columns) {
        auto found = columns.find(argument.id + "." + column);
        if (found == columns.end()) found = columns.find(column);
        if (found == columns.end())
            FAIL("tests/support/examples.cpp has no cells for the column " << column << " of the table " << argument.id
                                                                           << ": add a line to `columns`");
        cells.push_back(&found->second);
    }
    for (std::size_t row = 0; row < cells.front()->size(); ++row)
        for (std::size_t i = 0; i < cells.size(); ++i) text += (i ? "," : "\n") + quoted((*cells[i])[row]);
    return box.text(argument.id + ".csv", text + "\n");
}

/// An example for one input, or nothing when its default will do.
Value example(const Argument& argument, const Sandbox& box, const ExampleStorage& storage, std::uint32_t seed) {
    if (argument.kind == Kind::field_of || argument.kind == Kind::fields_of) {
        const auto names = fields.find(argument.id);
        if (names == fields.end()) return {};
        return argument.kind == Kind::field_of ? Value(names->second.front()) : Value(names->second);
    }
    if (const auto value = values.find(argument.id); value != values.end()) return value->second;
    const auto raster = [&](const std::string& name, bool classes, std::uint32_t number) {
        RasterRecipe recipe = raster_recipe(storage, classes, number);
        if (const auto meaning = meanings.find(argument.id); meaning != meanings.end())
            for (double& value : recipe.bands[0])
                if (!(recipe.has_nodata && value == recipe.nodata)) value = meaning->second(value);
        return make_raster(box, name + ".tif", recipe);
    };
    switch (argument.kind) {
        case Kind::class_raster:
            return raster(argument.id, true, seed);
        case Kind::raster_in:
            return raster(argument.id, false, seed);
        case Kind::raster_stack: {
            std::vector<std::string> paths;
            for (int i = 0; i < stack_length(argument); ++i)
                paths.push_back(raster(argument.id + std::to_string(i), argument.holds_classes,
                                       seed + 100 * static_cast<std::uint32_t>(i)));
            return paths;
        }
        case Kind::vector_in:
            return argument.id == "places" ? squares(box, argument.id + ".geojson", storage)
                                           : polygons(box, argument.id + ".geojson", storage);
        case Kind::table_in:
            return table(box, argument);
        default:
            return {};
    }
}

std::string ending(Kind kind) {
    switch (kind) {
        case Kind::raster_out:
            return ".tif";
        case Kind::vector_out:
            return ".gpkg";
        case Kind::table_out:
            return ".csv";
        case Kind::report_out:
            return ".html";
        default:
            return ".txt";
    }
}

}  // namespace

std::map<std::string, Value> example_outputs(const Spec& spec, const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    std::map<std::string, Value> outputs;
    for (const auto& argument : spec.arguments)
        if (argument->is_destination())
            outputs[argument->id] = (folder / (argument->id + ending(argument->kind))).string();
    return outputs;
}

bool reads_rasters(const Spec& spec) {
    return std::any_of(spec.arguments.begin(), spec.arguments.end(), [](const auto& argument) {
        return argument->kind == Kind::raster_in || argument->kind == Kind::class_raster ||
               argument->kind == Kind::raster_stack;
    });
}

std::map<std::string, Value> example_inputs(const Sandbox& box, const Spec& spec, const ExampleStorage& storage,
                                            Given given) {
    std::map<std::string, Value> examples, inputs;
    const auto fresh = make_algorithm(spec.id);
    REQUIRE(fresh);
    std::uint32_t seed = 1;
    for (const auto& argument : fresh->spec().arguments) {
        if (argument->is_output() || left_out.count(spec.id + "." + argument->id)) continue;
        const auto own = values.find(spec.id + "." + argument->id);
        const auto file = files.find(spec.id + "." + argument->id);
        const Value value = own != values.end()       ? Value(own->second)
                            : file != files.end()     ? Value(box.text(argument->id + ".json", file->second))
                            : argument->id == "years" ? Value(years_of(fresh->spec()))
                                                      : example(*argument, box, storage, seed++);
        if (std::holds_alternative<std::monostate>(value)) {
            const bool required = !argument->is_optional && std::holds_alternative<std::monostate>(argument->get());
            if (required)
                FAIL("tests/support/examples.cpp has no example for the argument " << argument->id << " of " << spec.id
                                                                                   << ": add a line to `values`");
            continue;
        }
        examples[argument->id] = value;
        if (!argument->is_optional || given == Given::as_much_as_goes) inputs[argument->id] = value;
    }
    // Arguments may exclude or need one another: take out what is refused, add what is missing.
    for (int round = 0; round < 20; ++round) {
        const auto trial = make_algorithm(spec.id);
        try {
            assign(trial->spec(), inputs);
            return inputs;
        } catch (const UserErrors& errors) {
            const UserError& error = errors.errors().front();
            INFO(error.what());
            const auto found = examples.find(error.parameter());
            if (inputs.count(error.parameter()))
                inputs.erase(error.parameter());
            else if (found != examples.end())
                inputs.insert(*found);
            else
                FAIL("tests/support/examples.cpp cannot make arguments for " << spec.id << ": add an example for "
                                                                             << error.parameter());
        }
    }
    FAIL("tests/support/examples.cpp cannot make arguments for " << spec.id << ": its checks contradict one another");
    return {};
}

}  // namespace landcarbon::test
