// Land Carbon Toolbox: land-cover maps with the classes of another system: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/reclassify_land_cover/reclassify_land_cover.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "engine/class_raster.hpp"
#include "engine/class_summary.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "tables/published_tables.hpp"

namespace landcarbon {
namespace {

/// Which class becomes which.
struct Rules {
    std::map<std::int64_t, std::optional<std::int64_t>> codes;  ///< absent value: no data
    ClassTable classes;                                         ///< names and colours of the new classes
};

struct Inputs {
    Layer land_cover;
    ClassMatcher matcher;
    InputTable table;
    Rules rules;
};

/// A class of the map and what it becomes.
struct Change {
    ClassPart part;
    std::optional<std::int64_t> to;
    std::string to_name;
};

struct Results {
    std::vector<Change> changes;
    std::vector<ClassLabel> labels;  ///< of the new classes, ascending
};

/// The argument that says which class becomes which.
std::string table_of(const ReclassifyLandCoverOptions& options) { return options.table.given() ? "table" : "system"; }

/// Says of a new class what a row says; rows of one new class must agree.
void describe_class(ClassTable& classes, std::int64_t code, const InputTable& table, std::size_t row) {
    ClassInfo& info = classes[code];
    const auto take = [&](const char* column, std::string& known) {
        if (!table.has(column)) return;
        const std::string said{trimmed(table.text(row, table.column(column)))};
        if (said.empty() || said == known) return;
        if (!known.empty())
            table.reject(row, table.column(column),
                         "class " + std::to_string(code) + " is called \"" + known + "\" in another row");
        known = said;
    };
    take("to_name", info.name);
    take("to_colour", info.colour);
}

Rules read_rules(const InputTable& table) {
    Rules rules;
    const std::size_t to = table.column("to");
    for (const auto& [code, row] : rows_by_class(table)) {
        if (!table.number(row, to)) {  // empty, or NoData
            rules.codes[code] = std::nullopt;
            continue;
        }
        const std::int64_t new_code = table.required_integer(row, to);
        rules.codes[code] = new_code;
        describe_class(rules.classes, new_code, table, row);
    }
    return rules;
}

Inputs open(const ReclassifyLandCoverOptions& options, Run& run) {
    Layer land_cover = run.classes(options.land_cover);
    const bool own = options.table.given();
    ClassMatcher matcher(run, options.match);
    InputTable table = matcher.fitted(own ? run.table(options.table) : read_published_table("system", options.system));
    Rules rules = read_rules(table);
    if (!own) {
        const PublishedTable& system = published_table(options.system);
        run.info("LAND_COVER: the classes of " + land_cover.name() + " are taken for those of " + system.classes +
                 " (SYSTEM)");
        run.convention("class system", system.source);
    }
    run.areas();
    return {std::move(land_cover), std::move(matcher), std::move(table), std::move(rules)};
}

/// The colours that the tables of the toolbox give classes, by what people call these.
std::string known_colour(const std::string& name) {
    static const std::map<std::string, std::string> known = [] {
        std::map<std::string, std::string> colours;
        const auto add = [&](const std::string& called, const std::string& colour) {
            if (const std::string key = class_name_key(called, 0); !key.empty()) colours.emplace(key, colour);
        };
        for (const PublishedTable& published : published_tables()) {
            const InputTable table = read_published_table("system", published.name);
            if (!table.has("to_name") || !table.has("to_colour")) continue;
            const std::size_t names = table.column("to_name"), values = table.column("to_colour");
            for (std::size_t row = 0; row < table.rows(); ++row)
                add(std::string(table.text(row, names)), std::string(table.text(row, values)));
        }
        const std::vector<std::pair<std::string, std::vector<std::string>>> other_names = {
            {"cropland", {"crop", "cultivated land", "farmland", "arable land", "耕地", "农田"}},
            {"forest land", {"forest", "woodland", "林地", "森林"}},
            {"grassland", {"grass", "草地"}},
            {"water", {"water body", "water bodies", "水域", "水体"}},
            {"impervious surface",
             {"construction land", "built-up land", "built-up", "built up area", "urban land", "建设用地", "不透水面"}},
            {"unused land", {"unused", "bare land", "bareland", "未利用地", "裸地"}}};
        for (const auto& [name, others] : other_names)
            for (const std::string& other : others) add(other, colours.at(class_name_key(name, 0)));
        return colours;
    }();
    const auto found = known.find(class_name_key(name, 0));
    return found == known.end() ? std::string() : found->second;
}

/// Gives classes that the map does not name the names that the table has for them.
void name_by_table(std::vector<ClassLabel>& shown, const InputTable& table) {
    if (!table.has("name")) return;
    const std::size_t names = table.column("name");
    const auto rows = rows_by_class(table);
    for (ClassLabel& label : shown) {
        const auto row = rows.find(label.code);
        if (row == rows.end() || !class_name_key(label.name, label.code).empty()) continue;
        if (const std::string name{trimmed(table.text(row->second, names))}; !name.empty()) label.name = name;
    }
}

/// What the table says of a class; a class without a row is kept, or becomes no data.
std::optional<std::int64_t> new_code(std::int64_t code, const Rules& rules, OtherClasses others) {
    if (const auto rule = rules.codes.find(code); rule != rules.codes.end()) return rule->second;
    return others == OtherClasses::keep ? std::optional(code) : std::nullopt;
}

/// @throws UserError listing the classes of the map that have no row, where OTHERS asks to stop
void check_rows(const std::vector<ClassLabel>& shown, const Inputs& in, const ReclassifyLandCoverOptions& options,
                Run& run) {
    std::vector<std::string> without;
    for (const ClassLabel& label : shown)
        if (!in.rules.codes.count(label.code)) without.push_back(std::to_string(label.code) + " (" + label.name + ")");
    if (without.empty()) return;
    const std::string list = counted(without.size(), "class", "classes") + " of " + in.land_cover.name() +
                             (without.size() == 1 ? " has" : " have") + " no row in the table: " + listed(without, 12);
    const std::string parameter = table_of(options);
    switch (options.others) {
        case OtherClasses::stop:
            throw wrong(parameter, list + "; add rows, or say with OTHERS what becomes of such classes");
        case OtherClasses::keep:
            return run.warn(parameter_name(parameter) + ": " + list + "; they keep their codes (OTHERS)");
        case OtherClasses::no_data:
            run.warn(parameter_name(parameter) + ": " + list + "; they become no data (OTHERS)");
    }
}

Results compute(const Inputs& in, const ClassTally& counts, const ReclassifyLandCoverOptions& options, Run& run) {
    in.matcher.check(in.table, run.class_codes());
    std::vector<ClassLabel> shown = run.class_labels({});
    name_by_table(shown, in.table);
    if (shown.empty()) throw wrong(options.land_cover, "no cell has a class");
    check_rows(shown, in, options, run);
    Results results;
    ClassSummary summary;
    const FixedArea cell = run.areas().cell();
    std::map<std::int64_t, ClassLabel> labels;
    for (const ClassLabel& label : shown) {
        const std::size_t slot = run.class_codes().slot(label.code);
        summary.add(label, counts.count(slot), counts.area(slot, cell));
    }
    for (const ClassPart& part : summary.parts()) {
        const auto to = new_code(part.code(), in.rules, options.others);
        results.changes.push_back({part, to, ""});
        if (!to) continue;
        const auto known = in.rules.classes.find(*to);
        const bool kept = !in.rules.codes.count(part.code());
        ClassLabel label{*to, kept ? part.label.name : "Class " + std::to_string(*to), kept ? part.label.colour : ""};
        if (known != in.rules.classes.end() && !known->second.name.empty()) label.name = known->second.name;
        if (known != in.rules.classes.end() && !known->second.colour.empty()) label.colour = known->second.colour;
        labels.try_emplace(*to, std::move(label));
    }
    std::set<std::string> taken;
    for (const auto& [code, label] : labels) taken.insert(label.colour);
    for (auto& [code, label] : labels) {
        if (const std::string colour = known_colour(label.name);
            label.colour.empty() && !colour.empty() && taken.insert(colour).second)
            label.colour = colour;
        label.colour = colour_or_palette(label.colour, results.labels.size());
        results.labels.push_back(label);
    }
    for (Change& change : results.changes)
        if (change.to) change.to_name = labels.at(*change.to).name;
    if (results.labels.empty()) throw wrong(table_of(options), "every class of the map becomes no data");
    return results;
}

void write_map(const ReclassifyLandCoverOptions& options, const Inputs& in, const Results& results, Run& run) {
    if (!options.reclassified.wanted()) return;
    std::vector<std::int64_t> codes;
    for (const ClassLabel& label : results.labels) codes.push_back(label.code);
    RasterDescription description = class_raster(codes, table_of(options));
    description.bands = {"land cover"};
    description.style.classes = results.labels;
    std::vector<std::int64_t> value_of_slot(run.class_codes().slots(), static_cast<std::int64_t>(description.nodata));
    for (const Change& change : results.changes)
        if (change.to) value_of_slot[run.class_codes().slot(change.part.code())] = *change.to;
    RasterSink* const sink = run.raster(options.reclassified, std::move(description));
    const GDALDataType type = sink->description().type;
    run.map({in.land_cover}, {sink}, [&](Block& block) {
        const std::uint16_t* const slots = block.classes(0);
        fill_classes(block, 0, type, [&](std::size_t i) { return value_of_slot[slots[i]]; });
    });
}

OutputTable changes_of(const Results& results) {
    OutputTable table({{"class", OutputTable::Type::integer},
                       {"name", OutputTable::Type::text},
                       {"to", OutputTable::Type::integer},
                       {"to_name", OutputTable::Type::text},
                       {"pixels", OutputTable::Type::integer},
                       {"area_ha", OutputTable::Type::real},
                       {"share", OutputTable::Type::real}});
    for (const Change& change : results.changes)
        table.add({change.part.code(), change.part.name(), change.to ? Cell{*change.to} : Cell{}, change.to_name,
                   change.part.cells, change.part.hectares(), change.part.share});
    return table;
}

Report report_of(const Results& results, const ReclassifyLandCoverOptions& options) {
    Report report("Reclassified land cover", "Which class became which");
    report.number("New classes", std::to_string(results.labels.size()))
        .number("Mapped area", format_value(*options.total_area_ha, 6), "ha", "Cells that have a class on the new map");
    SankeyChart flows;
    flows.dates = {"Class of the map", "New class"};
    TableData table{{text_column("Class"), text_column("New class"), number_column("Cells"),
                     number_column("Area", "ha"), number_column("Share", "%")},
                    {}};
    for (const ClassLabel& label : results.labels) flows.classes.push_back({label.name, label.colour});
    for (const Change& change : results.changes) {
        const ClassPart& part = change.part;
        table.rows.push_back({std::to_string(part.code()) + " " + part.name(),
                              change.to ? std::to_string(*change.to) + " " + change.to_name : "no data",
                              format_grouped(static_cast<double>(part.cells), 0), format_grouped(part.hectares(), 1),
                              format_grouped(100 * part.share, 2)});
        if (!change.to) continue;
        const auto to = std::find_if(results.labels.begin(), results.labels.end(),
                                     [&](const ClassLabel& label) { return label.code == *change.to; });
        flows.links.push_back(
            {0, flows.classes.size(), static_cast<std::size_t>(to - results.labels.begin()), part.hectares()});
        flows.classes.push_back({part.name(), part.label.colour});
    }
    report.figure(sankey(flows), "Area of each class of the map and the new class that it becomes.");
    report.table(table, "Classes and their new classes");
    return report;
}

}  // namespace

void reclassify_land_cover(ReclassifyLandCoverOptions& options, Run& run) {
    const Inputs in = open(options, run);
    run.expect_passes(options.reclassified.wanted() ? 2 : 1);
    const ClassTally counts =
        run.reduce({in.land_cover}, run.class_tally(),
                   [&](ClassTally& tally, const Block& block) { run.add_rows(tally, block, block.classes(0)); });
    const Results results = compute(in, counts, options, run);
    FixedArea mapped;
    for (const Change& change : results.changes)
        if (change.to) mapped += change.part.area;
    options.class_count = static_cast<double>(results.labels.size());
    options.total_area_ha = mapped.hectares();
    write_map(options, in, results, run);
    run.write(options.changes, changes_of(results));
    if (options.report.wanted()) run.write(options.report, report_of(results, options));
}

}  // namespace landcarbon
