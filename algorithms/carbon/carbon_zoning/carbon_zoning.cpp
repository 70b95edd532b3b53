// Land Carbon Toolbox: carbon-neutral zoning of counties by scores: reading, scoring, zones, outputs.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_zoning/carbon_zoning.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "carbon/carbon_zoning/zone_scores.hpp"
#include "engine/polygon_map.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "engine/unit_panel.hpp"
#include "maths/natural_breaks.hpp"
#include "spec/spec.hpp"
#include "tables/published_tables.hpp"

namespace landcarbon {

ZoneDivision divide_into_zones(const std::vector<double>& totals, int zones) {
    const CountedValues counted = count_values(totals);
    const NaturalBreaks natural(counted, zones);
    ZoneDivision division;
    division.breaks = natural.breaks(zones);
    for (const double total : totals) {
        const auto above =
            division.breaks.end() - std::lower_bound(division.breaks.begin(), division.breaks.end(), total);
        division.zone.push_back(static_cast<int>(above) + 1);
    }
    const double all = squared_deviations(counted);
    division.goodness = all > 0 ? 1 - natural.within(zones) / all : 1;
    return division;
}

int different_totals(const std::vector<double>& totals) { return static_cast<int>(count_values(totals).size()); }

std::vector<std::string> default_zone_names(int zones) {
    if (zones == 5)
        return {"Carbon sink functional zone", "Low-carbon development zone", "Net-carbon stabilisation zone",
                "High-carbon control zone", "Carbon source optimisation zone"};
    std::vector<std::string> names;
    for (int zone = 1; zone <= zones; ++zone) names.push_back("Zone " + std::to_string(zone));
    return names;
}

namespace {

using Type = OutputTable::Type;

constexpr const char* no_zone_colour = "#e4e7eb";

std::string joined(const std::vector<std::string>& words, std::size_t most = 5) {
    std::string text;
    for (std::size_t i = 0; i < words.size() && i < most; ++i) text += (i ? ", " : "") + words[i];
    return text + (words.size() > most ? ", ..." : "");
}

/// From sink (green) to source (brown).
std::vector<std::string> zone_colours(int zones) {
    static const std::vector<std::string> five = {"#01665e", "#5ab4ac", "#f0e6c8", "#d8b365", "#8c510a"};
    if (zones == 5) return five;
    std::vector<std::string> colours;
    for (int zone = 0; zone < zones; ++zone) {
        const double place = zones == 1 ? 0 : 4.0 * zone / (zones - 1);
        const auto low = std::min<std::size_t>(3, static_cast<std::size_t>(place));
        colours.push_back(
            to_hex(blend(*parse_colour(five[low]), *parse_colour(five[low + 1]), place - static_cast<double>(low))));
    }
    return colours;
}

/// A unit with what it is scored by.
struct Unit {
    std::string name;
    std::size_t row = 0;
    std::vector<std::optional<double>> values;  ///< one for each rule: Z, value, or the score of a word
    std::vector<std::optional<int>> scores;     ///< one for each rule
    std::optional<double> total;                ///< when all scores are there
    int zone = 0;                               ///< from 1; 0: none
    std::string note;
};

class Work {
public:
    Work(CarbonZoningOptions& options, Run& run)
        : options_(options),
          run_(run),
          layer_("units", options.units.path, true),
          rules_(read_score_rules(options.scores.given() ? run.table("scores", options.scores)
                                                         : read_published_table("scores", "qinba_zoning_scores"))) {}

    void operator()() {
        read_units();
        for (std::size_t rule = 0; rule < rules_.size(); ++rule) find_values(rule);
        score();
        divide();
        state_conventions();
        write_zoned();
        write_summary();
        write_report();
    }

private:
    void read_units();
    void find_values(std::size_t rule);
    void take_trends(std::size_t rule);
    void take_column(std::size_t rule, const InputTable& table, std::size_t column, const std::string& scenario);
    void score();
    void divide();
    void state_conventions();
    void write_zoned();
    void write_summary();
    void write_report();
    void draw_map(Report& report) const;
    void draw_bars(Report& report) const;
    std::string unit_field_of(const InputTable& table) const;
    std::string column_name(const char* what, std::size_t rule) const { return what + plain_name(rules_[rule].index); }
    std::size_t units_in(int zone) const {
        return static_cast<std::size_t>(
            std::count_if(units_.begin(), units_.end(), [&](const Unit& unit) { return unit.zone == zone; }));
    }
    std::optional<double> mean_score(int zone, std::size_t rule) const;

    CarbonZoningOptions& options_;
    Run& run_;
    InputTable layer_;
    std::vector<ScoreRule> rules_;
    std::vector<Unit> units_;
    std::map<std::string, std::size_t> places_;  ///< of the units, by name
    std::set<std::string> strangers_;            ///< names in other tables that are no units
    std::vector<std::string> names_, colours_;   ///< of the zones
    ZoneDivision division_;
    std::optional<InputTable> trends_;
};

std::string Work::unit_field_of(const InputTable& table) const {
    if (!options_.unit_field.empty() && table.has(options_.unit_field)) return options_.unit_field;
    const std::string guessed = guess_unit_field(table.columns());
    if (guessed.empty())
        table.reject("no column looks like the names of the units; call it \"unit\". Its columns are: " +
                     value_text(table.columns()));
    return guessed;
}

void Work::read_units() {
    if (!options_.unit_field.empty()) layer_.column(options_.unit_field);
    const std::size_t column = layer_.column(unit_field_of(layer_));
    for (std::size_t row = 0; row < layer_.rows(); ++row) {
        std::string name(trimmed(layer_.text(row, column)));
        if (name.empty()) layer_.reject(row, column, "the cell is empty; every row needs a unit");
        // With a row for each unit and year, the first one stands for the unit.
        if (!places_.emplace(name, units_.size()).second) continue;
        Unit unit;
        unit.name = std::move(name);
        unit.row = row;
        unit.values.resize(rules_.size());
        unit.scores.resize(rules_.size());
        units_.push_back(std::move(unit));
    }
}

void Work::take_trends(std::size_t rule) {
    if (!trends_) trends_.emplace(run_.table("trends", options_.trends));
    const InputTable& table = *trends_;
    const std::size_t unit_column = table.column(unit_field_of(table)), quantity_column = table.column("quantity"),
                      z_column = table.column("z");
    const std::string index = plain_name(rules_[rule].index);
    std::set<std::string> quantities;
    std::set<std::size_t> seen;
    bool any = false;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string quantity = plain_name(table.text(row, quantity_column));
        quantities.insert(quantity);
        if (quantity != index && quantity != index + "_t" && quantity != index + "_ha") continue;
        any = true;
        const std::string name(trimmed(table.text(row, unit_column)));
        const auto place = places_.find(name);
        if (place == places_.end()) {
            strangers_.insert(name);
            continue;
        }
        if (!seen.insert(place->second).second)
            table.reject(row, unit_column, "unit \"" + name + "\" has two trends of " + rules_[rule].index);
        units_[place->second].values[rule] = table.number(row, z_column);
    }
    if (!any)
        table.reject("it has no trend of " + rules_[rule].index + ", which SCORES asks for; its quantities are: " +
                     value_text(std::vector<std::string>(quantities.begin(), quantities.end())));
}

void Work::take_column(std::size_t rule, const InputTable& table, std::size_t column, const std::string& scenario) {
    const std::size_t unit_column = table.column(unit_field_of(table));
    std::optional<std::size_t> scenario_column;
    if (!scenario.empty()) scenario_column = table.column("scenario");
    std::set<std::string> scenarios;
    std::map<std::size_t, std::string> seen;  // text of each unit
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (scenario_column) {
            scenarios.insert(std::string(trimmed(table.text(row, *scenario_column))));
            if (trimmed(table.text(row, *scenario_column)) != scenario) continue;
        }
        const std::string name(trimmed(table.text(row, unit_column)));
        const auto place = places_.find(name);
        if (place == places_.end()) {
            strangers_.insert(name);
            continue;
        }
        const std::string text(trimmed(table.text(row, column)));
        const auto [before, fresh] = seen.emplace(place->second, text);
        if (!fresh) {
            if (before->second == text || &table == &layer_) continue;  // the unit's first row counts
            table.reject(row, column,
                         "unit \"" + name + "\" has \"" + before->second + "\" in another row" +
                             (table.has("scenario") ? "; say in SCENARIO which scenario counts" : ""));
        }
        if (text.empty()) continue;
        auto& value = units_[place->second].values[rule];
        if (rules_[rule].by_word && !parse_number(text)) {
            const auto points = rules_[rule].score(text);
            if (!points) {
                std::vector<std::string> words;
                for (const auto& [score, word] : rules_[rule].words) words.push_back(word);
                table.reject(row, column,
                             "\"" + text + "\" is no class of " + rules_[rule].index +
                                 "; the classes are: " + value_text(words) + ", or the scores themselves");
            }
            value = *points;
        } else
            value = table.number(row, column);
    }
    if (scenario_column && !scenarios.count(scenario)) {
        const std::vector<std::string> known(scenarios.begin(), scenarios.end());
        throw UserError("scenario", "SCENARIO: CEP has no scenario \"" + scenario + "\"; it has: " + value_text(known));
    }
}

void Work::find_values(std::size_t rule) {
    if (rules_[rule].on_trend) return take_trends(rule);
    const std::string index = plain_name(rules_[rule].index);
    if (index == "cep" && options_.cep.given()) {
        const InputTable table = run_.table("cep", options_.cep);
        return take_column(rule, table, table.column("cep"), options_.scenario);
    }
    if (index == "cli" && options_.intensity.given()) {
        const InputTable table = run_.table("intensity", options_.intensity);
        const std::string field = !options_.intensity_field.empty() ? options_.intensity_field
                                  : table.has("cli")                ? "cli"
                                                                    : "scaled";
        return take_column(rule, table, table.column(field), "");
    }
    for (std::size_t c = 0; c < layer_.columns().size(); ++c)
        if (plain_name(layer_.columns()[c]) == index) return take_column(rule, layer_, c, "");
    const std::string argument = index == "cep" ? "CEP, or " : index == "cli" ? "INTENSITY, or " : "";
    layer_.reject("SCORES asks for " + rules_[rule].index + ": give " + argument + "a column \"" + rules_[rule].index +
                  "\" here, or take its row out of SCORES");
}

void Work::score() {
    std::size_t without = 0;
    for (Unit& unit : units_) {
        double total = 0;
        std::vector<std::string> missing, unscored;
        for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
            const auto& value = unit.values[rule];
            if (!value) {
                missing.push_back(rules_[rule].index);
                continue;
            }
            unit.scores[rule] = rules_[rule].score(*value);
            if (!unit.scores[rule])
                unscored.push_back(rules_[rule].index + " = " + number_text(*value));
            else
                total += *unit.scores[rule];
        }
        if (!missing.empty()) unit.note = "missing: " + joined(missing, 20);
        if (!unscored.empty())
            unit.note +=
                (unit.note.empty() ? "" : "; ") + std::string("no condition holds for ") + joined(unscored, 20);
        if (unit.note.empty())
            unit.total = total;
        else
            ++without;
    }
    if (without == units_.size())
        layer_.reject("no unit has all that SCORES asks for; the first one, \"" + units_.front().name +
                      "\": " + units_.front().note);
    if (without > 0)
        run_.warn(std::to_string(without) +
                  " units have no zone, because a score is missing; the column note says which");
    if (!strangers_.empty())
        run_.warn(std::to_string(strangers_.size()) +
                  " units of other tables are not in UNITS: " + joined({strangers_.begin(), strangers_.end()}));
}

void Work::divide() {
    const int zones = static_cast<int>(options_.zones);
    std::vector<double> totals;
    for (const Unit& unit : units_)
        if (unit.total) totals.push_back(*unit.total);
    if (const int different = different_totals(totals); different < zones)
        throw UserError("zones", "ZONES: " + std::to_string(zones) +
                                     " zones need as many different totals; the units "
                                     "have " +
                                     std::to_string(different));
    division_ = divide_into_zones(totals, zones);
    auto next = division_.zone.begin();
    for (Unit& unit : units_)
        if (unit.total) unit.zone = *next++;
    names_ = options_.zone_names.empty() ? default_zone_names(zones) : split_list(options_.zone_names);
    colours_ = zone_colours(zones);
    options_.zoned_units = static_cast<double>(totals.size());
    options_.goodness = division_.goodness;
}

void Work::state_conventions() {
    run_.convention("scores", options_.scores.given() ? "those of SCORES"
                                                      : "qinba_zoning_scores: " +
                                                            std::string(published_table("qinba_zoning_scores").source));
    run_.convention("intervals a..b", "above a and up to b; the lowest one holds its lower end as well");
    std::string breaks;
    for (const double value : division_.breaks) breaks += (breaks.empty() ? "" : ", ") + number_text(value);
    run_.convention("zones",
                    "natural breaks (Fisher-Jenks), exact, of the totals; a total on a break belongs to the "
                    "zone below it; breaks: " +
                        breaks);
    run_.convention("units without a score", "have no total and no zone");
}

void Work::write_zoned() {
    std::vector<OutputTable::Column> columns = {{"unit", Type::text}};
    for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
        columns.push_back({column_name(rules_[rule].on_trend ? "z_" : "value_", rule), Type::real});
        columns.push_back({column_name("score_", rule), Type::integer});
    }
    for (const OutputTable::Column& column : {OutputTable::Column{"total", Type::integer},
                                              {"zone", Type::integer},
                                              {"zone_name", Type::text},
                                              {"note", Type::text}})
        columns.push_back(column);
    OutputTable table(columns);
    table.crs = layer_.crs();
    for (const Unit& unit : units_) {
        std::vector<Cell> row(columns.size());
        auto next = row.begin();
        *next++ = unit.name;
        for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
            if (unit.values[rule]) *next = *unit.values[rule];
            ++next;
            if (unit.scores[rule]) *next = std::int64_t{*unit.scores[rule]};
            ++next;
        }
        if (unit.total) {
            next[0] = static_cast<std::int64_t>(*unit.total);
            next[1] = std::int64_t{unit.zone};
            next[2] = names_[static_cast<std::size_t>(unit.zone - 1)];
        }
        if (!unit.note.empty()) next[3] = unit.note;
        if (layer_.has_shapes())
            table.add(std::move(row), layer_.shape(unit.row));
        else
            table.add(std::move(row));
    }
    VectorStyle style;
    if (layer_.has_shapes()) {
        style.field = "zone";
        for (std::size_t zone = 0; zone < names_.size(); ++zone)
            style.classes.push_back({static_cast<std::int64_t>(zone) + 1, names_[zone], colours_[zone]});
    }
    run_.write("zoned", options_.zoned, table, style);
}

std::optional<double> Work::mean_score(int zone, std::size_t rule) const {
    double sum = 0;
    for (const Unit& unit : units_)
        if (unit.zone == zone) sum += *unit.scores[rule];
    const std::size_t count = units_in(zone);
    return count > 0 ? std::optional(sum / static_cast<double>(count)) : std::nullopt;
}

void Work::write_summary() {
    std::vector<OutputTable::Column> columns = {{"zone", Type::integer},         {"zone_name", Type::text},
                                                {"units", Type::integer},        {"share", Type::real},
                                                {"total_lowest", Type::integer}, {"total_highest", Type::integer},
                                                {"total_mean", Type::real}};
    for (std::size_t rule = 0; rule < rules_.size(); ++rule)
        columns.push_back({column_name("mean_", rule), Type::real});
    OutputTable table(columns);
    for (std::size_t zone = 0; zone < names_.size(); ++zone) {
        const int number = static_cast<int>(zone) + 1;
        double lowest = 0, highest = 0, sum = 0, count = 0;
        for (const Unit& unit : units_) {
            if (unit.zone != number) continue;
            lowest = count == 0 ? *unit.total : std::min(lowest, *unit.total);
            highest = count == 0 ? *unit.total : std::max(highest, *unit.total);
            sum += *unit.total;
            ++count;
        }
        std::vector<Cell> row(columns.size());
        row[0] = std::int64_t{number};
        row[1] = names_[zone];
        row[2] = static_cast<std::int64_t>(count);
        row[3] = count / *options_.zoned_units;
        row[4] = static_cast<std::int64_t>(lowest);
        row[5] = static_cast<std::int64_t>(highest);
        row[6] = sum / count;
        for (std::size_t rule = 0; rule < rules_.size(); ++rule)
            if (const auto mean = mean_score(number, rule)) row[7 + rule] = *mean;
        table.add(std::move(row));
    }
    run_.write("summary", options_.summary, table);
}

void Work::draw_map(Report& report) const {
    if (!layer_.has_shapes()) return;
    std::vector<std::vector<unsigned char>> shapes;
    for (const Unit& unit : units_) shapes.push_back(layer_.shape(unit.row));
    MapFigure map = map_of_polygons(shapes, layer_.crs());
    map.title = "Zones";
    bool any_without = false;
    for (std::size_t u = 0; u < map.shapes.size(); ++u) {
        const Unit& unit = units_[u];
        any_without = any_without || unit.zone == 0;
        map.shapes[u].fill = unit.zone ? colours_[static_cast<std::size_t>(unit.zone - 1)] : no_zone_colour;
        map.shapes[u].tooltip =
            unit.name + ": " +
            (unit.zone ? names_[static_cast<std::size_t>(unit.zone - 1)] + ", total " + format_number(*unit.total)
                       : "no zone, " + unit.note);
    }
    for (std::size_t zone = 0; zone < names_.size(); ++zone) map.legend.emplace_back(names_[zone], colours_[zone]);
    if (any_without) map.legend.emplace_back("No zone", no_zone_colour);
    report.section("Map");
    report.figure(map_figure(map), "Zones by the total of the scores, from carbon sinks to carbon sources.");
}

void Work::draw_bars(Report& report) const {
    report.section("Zones");
    HeatMap heat;
    heat.title = "Mean scores of the zones by index";
    heat.value_title = "Mean score";
    for (const auto& rule : rules_) heat.column_labels.push_back(rule.index);
    for (std::size_t zone = 0; zone < names_.size(); ++zone) {
        heat.row_labels.push_back(names_[zone]);
        heat.values.emplace_back();
        for (std::size_t rule = 0; rule < rules_.size(); ++rule)
            heat.values.back().push_back(mean_score(static_cast<int>(zone) + 1, rule).value_or(std::nan("")));
    }
    // The study's groups of indices make the parts of the bars.
    std::vector<std::string> groups;
    for (const auto& rule : rules_) {
        const std::string group = rule.group.empty() ? rule.index : rule.group;
        if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
    }
    BarChart bars;
    bars.title = "Mean total of the zones by group of indices";
    bars.horizontal = true;
    bars.stacked = true;
    bars.value_title = "Mean score";
    bars.categories = names_;
    for (const auto& group : groups) {
        BarSeries series{group, {}, "", {}};
        for (std::size_t zone = 0; zone < names_.size(); ++zone) {
            double sum = 0;
            for (std::size_t rule = 0; rule < rules_.size(); ++rule)
                if ((rules_[rule].group.empty() ? rules_[rule].index : rules_[rule].group) == group)
                    sum += mean_score(static_cast<int>(zone) + 1, rule).value_or(0);
            series.values.push_back(sum);
        }
        bars.series.push_back(std::move(series));
    }
    report.figure(bar_chart(bars), "What the zones' totals are made of: mean scores by group of indices.");
    report.figure(heat_map(heat), "Mean score of each index in each zone; a high score is good for neutrality.");
    // How the totals spread, one bar for each total, in the colour of its zone.
    std::map<double, std::size_t> counts;
    for (const Unit& unit : units_)
        if (unit.total) ++counts[*unit.total];
    if (counts.size() <= 60) {
        BarChart spread;
        spread.title = "Units by total score";
        spread.value_title = "Units";
        spread.category_title = "Total score";
        BarSeries series{"Units", {}, "", {}};
        const auto lowest = static_cast<int>(counts.begin()->first), highest = static_cast<int>(counts.rbegin()->first);
        for (int total = lowest; total <= highest && highest - lowest <= 80; ++total) {
            const auto found = counts.find(total);
            spread.categories.push_back(std::to_string(total));
            series.values.push_back(found == counts.end() ? 0 : static_cast<double>(found->second));
            const auto above =
                division_.breaks.end() -
                std::lower_bound(division_.breaks.begin(), division_.breaks.end(), static_cast<double>(total));
            spread.category_colours.push_back(colours_[static_cast<std::size_t>(above)]);
        }
        spread.series.push_back(std::move(series));
        report.figure(bar_chart(spread),
                      "How many units have each total, in the colour of their zone: zones are cut where "
                      "the totals leave the widest gaps.");
    }
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    Report report("Carbon zoning", std::to_string(units_.size()) + " units, " + std::to_string(names_.size()) +
                                       " zones by " + std::to_string(rules_.size()) + " scores");
    report.number("Units with a zone", format_grouped(*options_.zoned_units, 0), "", "All scores are there");
    for (std::size_t zone = 0; zone < names_.size() && names_.size() <= 6; ++zone)
        report.number(names_[zone], format_grouped(static_cast<double>(units_in(static_cast<int>(zone) + 1)), 0),
                      "units");
    report.number("Goodness of fit", format_percent(*options_.goodness), "",
                  "Share of the spread of the totals that lies between the zones and not within them");
    if (*options_.zoned_units < static_cast<double>(units_.size()))
        report.warning("Some units lack a score and have no zone; the table at the end says why.");
    draw_map(report);
    draw_bars(report);
    report.section("Units");
    TableData table{{text_column("Unit"), text_column("Zone"), number_column("Total")}, {}, {}, false};
    for (const auto& rule : rules_) table.columns.push_back(number_column(rule.index));
    std::vector<std::size_t> order;
    for (std::size_t u = 0; u < units_.size(); ++u) order.push_back(u);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return units_[a].total.value_or(-1) > units_[b].total.value_or(-1);
    });
    for (const std::size_t u : order) {
        const Unit& unit = units_[u];
        std::vector<std::string> row = {
            unit.name, unit.zone ? names_[static_cast<std::size_t>(unit.zone - 1)] : "none: " + unit.note,
            unit.total ? format_number(*unit.total) : ""};
        for (const auto& score : unit.scores) row.push_back(score ? std::to_string(*score) : "");
        table.rows.push_back(std::move(row));
        table.row_colours.push_back(unit.zone ? colours_[static_cast<std::size_t>(unit.zone - 1)] : no_zone_colour);
    }
    report.table(table, "Scores of the units, the highest total first");
    TableData rules{{text_column("Group"), text_column("Index"), text_column("Goes by")}, {}, {}, false};
    std::set<int, std::greater<>> points;
    for (const auto& rule : rules_)
        for (const auto& [score, condition] : rule.conditions) points.insert(score);
    for (const int score : points) rules.columns.push_back(text_column("Score " + std::to_string(score)));
    for (const auto& rule : rules_) {
        std::vector<std::string> row = {rule.group, rule.index,
                                        rule.on_trend  ? "trend (Z)"
                                        : rule.by_word ? "class"
                                                       : "value"};
        for (const int score : points) {
            const auto found = rule.words.find(score);
            std::string text = found == rule.words.end() ? "" : found->second;
            if (!text.empty() && text[0] == '\'') text.erase(0, 1);
            row.push_back(std::move(text));
        }
        rules.rows.push_back(std::move(row));
    }
    report.table(rules, "Which score is given when");
    run_.write("report", options_.report, std::move(report));
}

}  // namespace

void carbon_zoning(CarbonZoningOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
