// Land Carbon Toolbox: carbon-neutral zoning of counties by scores: reading, scoring, zones, outputs.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_zoning/carbon_zoning.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "carbon/carbon_zoning/zone_report.hpp"
#include "engine/cell_number.hpp"
#include "engine/report/colour.hpp"
#include "engine/run.hpp"
#include "engine/text.hpp"
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

class Work {
public:
    Work(CarbonZoningOptions& options, Run& run)
        : options_(options),
          run_(run),
          layer_("units", options.units.path, true),
          tableau_{read_score_rules(options.scores.given() ? run.table(options.scores)
                                                           : read_published_table("scores", "qinba_zoning_scores")),
                   {},
                   {},
                   {},
                   {}} {}

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
    std::string unit_field_of(const InputTable& table) const;
    std::string column_name(const char* what, std::size_t rule) const { return what + plain_name(rules_[rule].index); }
    CarbonZoningOptions& options_;
    Run& run_;
    InputTable layer_;
    ZoneTableau tableau_;
    std::vector<ScoreRule>& rules_ = tableau_.rules;
    std::vector<ZonedUnit>& units_ = tableau_.units;
    std::map<std::string, std::size_t> places_;  ///< of the units, by name
    std::set<std::string> strangers_;            ///< names in other tables that are no units
    std::optional<InputTable> trends_;
};

/// The columns of a table that hold words, or all where none does.
std::string columns_told(const InputTable& table) {
    std::vector<std::string> words;
    for (std::size_t c = 0; c < table.columns().size(); ++c) {
        std::size_t texts = 0, filled = 0;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const auto kind = read_cell_number(table.text(row, c)).kind;
            filled += kind != CellNumber::Kind::gap;
            texts += kind == CellNumber::Kind::text;
        }
        if (texts > 0 && 2 * texts > filled) words.push_back(table.columns()[c]);
    }
    if (words.empty()) return "Its columns are: " + value_text(table.columns());
    return (words.size() == 1 ? "The column with words is " : "The columns with words are ") +
           listed(quoted(words), 20);
}

std::string Work::unit_field_of(const InputTable& table) const {
    if (!options_.unit_field.empty() && table.has(options_.unit_field)) return options_.unit_field;
    std::string guessed = guess_unit_field(table.columns());
    if (guessed.empty())
        table.reject("no column looks like the names of the units; name it in UNIT_FIELD. " + columns_told(table));
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
        ZonedUnit unit;
        unit.name = std::move(name);
        unit.row = row;
        unit.values.resize(rules_.size());
        unit.scores.resize(rules_.size());
        units_.push_back(std::move(unit));
    }
}

void Work::take_trends(std::size_t rule) {
    if (!trends_) trends_.emplace(run_.table(options_.trends));
    const InputTable& table = *trends_;
    const auto columns = table.columns_of({unit_field_of(table), "quantity", "z"});
    const std::size_t unit_column = columns[0], quantity_column = columns[1], z_column = columns[2];
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
        throw wrong("scenario", "CEP has no scenario \"" + scenario + "\"; it has: " + value_text(known));
    }
}

void Work::find_values(std::size_t rule) {
    if (rules_[rule].on_trend) return take_trends(rule);
    const std::string index = plain_name(rules_[rule].index);
    if (index == "cep" && options_.cep.given()) {
        const InputTable table = run_.table(options_.cep);
        return take_column(rule, table, table.column("cep"), options_.scenario);
    }
    if (index == "cli" && options_.intensity.given()) {
        const InputTable table = run_.table(options_.intensity);
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
    for (ZonedUnit& unit : units_) {
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
        if (!missing.empty()) unit.note = "missing: " + listed(missing, 20);
        if (!unscored.empty())
            unit.note +=
                (unit.note.empty() ? "" : "; ") + std::string("no condition holds for ") + listed(unscored, 20);
        if (unit.note.empty())
            unit.total = total;
        else
            ++without;
    }
    const auto tell_near = [&] {
        for (const auto& stranger : strangers_)
            for (const auto& [name, place] : places_)
                if (without_accents(stranger) == without_accents(name))
                    return run_.warn("\"" + stranger + "\" of the tables and \"" + name +
                                     "\" of UNITS differ by case, accents or full-width signs only, and are taken for "
                                     "two units; write them alike");
    };
    tell_near();
    if (without == units_.size())
        layer_.reject("no unit has all that SCORES asks for; the first one, \"" + units_.front().name +
                      "\": " + units_.front().note);
    if (without > 0)
        run_.warn(std::to_string(without) + (without == 1 ? " unit has" : " units have") +
                  " no zone, because a score is missing; the column note says which");
    if (!strangers_.empty())
        run_.warn(std::to_string(strangers_.size()) +
                  (strangers_.size() == 1 ? " unit of other tables is" : " units of other tables are") +
                  " not in UNITS: " + listed({strangers_.begin(), strangers_.end()}, 5));
}

void Work::divide() {
    const int zones = static_cast<int>(options_.zones);
    std::vector<double> totals;
    for (const ZonedUnit& unit : units_)
        if (unit.total) totals.push_back(*unit.total);
    if (const int different = different_totals(totals); different < zones)
        throw wrong("zones", std::to_string(zones) +
                                 " zones need as many different totals; the units "
                                 "have " +
                                 std::to_string(different) +
                                 (different >= 2 ? "; set ZONES to " + std::to_string(different) + " or fewer"
                                                 : "; do the units differ in what SCORES judges?"));
    tableau_.division = divide_into_zones(totals, zones);
    auto next = tableau_.division.zone.begin();
    for (ZonedUnit& unit : units_)
        if (unit.total) unit.zone = *next++;
    tableau_.names = options_.zone_names.empty() ? default_zone_names(zones) : split_list(options_.zone_names);
    tableau_.colours = zone_colours(zones);
    options_.zoned_units = static_cast<double>(totals.size());
    options_.goodness = tableau_.division.goodness;
}

void Work::state_conventions() {
    run_.convention("scores", options_.scores.given() ? "those of SCORES"
                                                      : "qinba_zoning_scores: " +
                                                            std::string(published_table("qinba_zoning_scores").source));
    run_.convention("intervals a..b", "above a and up to b; the lowest one holds its lower end as well");
    std::string breaks;
    for (const double value : tableau_.division.breaks) breaks += (breaks.empty() ? "" : ", ") + number_text(value);
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
    for (const ZonedUnit& unit : units_) {
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
            next[2] = tableau_.names[static_cast<std::size_t>(unit.zone - 1)];
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
        for (std::size_t zone = 0; zone < tableau_.names.size(); ++zone)
            style.classes.push_back(
                {static_cast<std::int64_t>(zone) + 1, tableau_.names[zone], tableau_.colours[zone]});
    }
    run_.write(options_.zoned, table, style);
}

void Work::write_summary() {
    std::vector<OutputTable::Column> columns = {{"zone", Type::integer},         {"zone_name", Type::text},
                                                {"units", Type::integer},        {"share", Type::real},
                                                {"total_lowest", Type::integer}, {"total_highest", Type::integer},
                                                {"total_mean", Type::real}};
    for (std::size_t rule = 0; rule < rules_.size(); ++rule)
        columns.push_back({column_name("mean_", rule), Type::real});
    OutputTable table(columns);
    for (std::size_t zone = 0; zone < tableau_.names.size(); ++zone) {
        const int number = static_cast<int>(zone) + 1;
        double lowest = 0, highest = 0, sum = 0, count = 0;
        for (const ZonedUnit& unit : units_) {
            if (unit.zone != number) continue;
            lowest = count == 0 ? *unit.total : std::min(lowest, *unit.total);
            highest = count == 0 ? *unit.total : std::max(highest, *unit.total);
            sum += *unit.total;
            ++count;
        }
        std::vector<Cell> row(columns.size());
        row[0] = std::int64_t{number};
        row[1] = tableau_.names[zone];
        row[2] = static_cast<std::int64_t>(count);
        row[3] = count / *options_.zoned_units;
        row[4] = static_cast<std::int64_t>(lowest);
        row[5] = static_cast<std::int64_t>(highest);
        row[6] = sum / count;
        for (std::size_t rule = 0; rule < rules_.size(); ++rule)
            if (const auto mean = tableau_.mean_score(number, rule)) row[7 + rule] = *mean;
        table.add(std::move(row));
    }
    run_.write(options_.summary, table);
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    std::vector<std::vector<unsigned char>> shapes;
    if (layer_.has_shapes())
        for (const ZonedUnit& unit : units_) shapes.push_back(layer_.shape(unit.row));
    run_.write(options_.report, zoning_report(tableau_, shapes, layer_.crs()));
}

}  // namespace

void carbon_zoning(CarbonZoningOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
