// Land Carbon Toolbox: carbon indices of regions by unit and year: the report.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <cmath>

#include "carbon/carbon_indices/index_table.hpp"
#include "engine/polygon_map.hpp"
#include "engine/report/area_chart.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/report/small_multiples.hpp"
#include "engine/report/tonnes.hpp"

namespace landcarbon {
namespace {

constexpr const char* emission_colour = "#d55e00";
constexpr const char* sink_colour = "#009e73";
constexpr const char* net_colour = "#0072b2";
constexpr std::size_t most_panels = 96;

double or_gap(const std::optional<double>& value) { return value.value_or(std::nan("")); }

std::string land_colour(const std::string& item) {
    if (item == "forest") return "#009e73";
    if (item == "shrubland") return "#7fb069";
    if (item == "grassland") return "#c9d66b";
    if (item == "water") return "#56b4e9";
    return {};
}

class Writer {
public:
    Writer(const IndexTableau& tableau, const std::vector<std::vector<unsigned char>>& shapes, const std::string& crs)
        : t_(tableau), shapes_(shapes), crs_(crs) {
        double largest = 0;
        for (const auto& year : t_.region) {
            years_.push_back(year.year);
            largest = std::max({largest, or_zero(year.emission), or_zero(year.sequestration)});
        }
        unit_ = handy_tonnes(largest);
        for (std::size_t u = 0; u < t_.panel.units.size(); ++u) {
            const auto& unit = t_.panel.units[u];
            // A unit without the last year is not shown in the figures of that year.
            if (unit.end > unit.first && t_.panel.time_of[unit.end - 1] + 1 == years_.size())
                last_.push_back(unit.end - 1);
        }
    }

    Report operator()() {
        const std::string span = years_.size() == 1
                                     ? format_number(years_[0])
                                     : format_number(years_.front()) + " to " + format_number(years_.back());
        Report report("Carbon indices", counted(t_.panel.units.size(), "unit") + ", " + span);
        numbers(report);
        region(report);
        if (years_.size() > 1) units(report);
        last_year(report);
        fields(report);
        return report;
    }

private:
    static double or_zero(const std::optional<double>& value) { return value.value_or(0); }
    double handy(double tonnes) const { return tonnes / unit_.tonnes; }
    std::string rate() const { return unit_.name + " a year"; }
    std::string last_name() const { return format_number(years_.back()); }

    void numbers(Report& report) const {
        const RegionYear& last = t_.region.back();
        const auto card = [&](const char* name, const std::optional<double>& value, const std::string& tooltip) {
            report.number(name, value ? format_value(handy(*value)) : "not defined", value ? rate() : "", tooltip);
        };
        card("Emission (CE)", last.emission, "Of the region in " + last_name());
        card("Sequestration (CS)", last.sequestration, "Of the region in " + last_name());
        card("Net emission (NCE)", last.net, "Emission less sequestration, in " + last_name());
        if (last.emission && last.sequestration && *last.emission > 0)
            report.number("Taken up", format_percent(*last.sequestration / *last.emission), "",
                          "Sequestration as a share of emission, in " + last_name());
        for (const auto& year : t_.region)
            if (!year.incomplete.empty()) {
                report.warning(
                    "In some years units lack values; the note in the tables names them. Figures of these "
                    "years are missing or leave units out, as said under Conventions. FILL fills gaps.");
                break;
            }
        if (t_.filled_count > 0)
            report.warning(format_grouped(static_cast<double>(t_.filled_count), 0) +
                           " values were missing and have been filled between known ones. They are flagged in the "
                           "table of the indices.");
    }

    void region(Report& report) const {
        report.section("Region");
        const std::array<std::pair<IndexTable, std::pair<const char*, const char*>>, 4> sources = {
            {{IndexTable::energy, {"Energy", "#d55e00"}},
             {IndexTable::population, {"Breathing of people", "#cc79a7"}},
             {IndexTable::livestock, {"Livestock", "#f0e442"}},
             {IndexTable::agriculture, {"Agriculture", "#e69f00"}}}};
        AreaChart emission;
        emission.title = "Carbon emission of the region by source";
        emission.x = years_;
        emission.value_title = "Carbon emission";
        emission.unit = rate();
        for (const auto& [table, look] : sources) {
            AreaSeries series{look.first, {}, look.second};
            for (const auto& year : t_.region)
                series.values.push_back(year.emission ? handy(year.parts.of(table)) : std::nan(""));
            emission.series.push_back(std::move(series));
        }
        AreaChart sinks;
        sinks.title = "Carbon sequestration of the region by sink";
        sinks.x = years_;
        sinks.value_title = "Carbon sequestration";
        sinks.unit = rate();
        for (std::size_t k = 0; k < t_.land_items.size(); ++k) {
            std::string name = t_.land_items[k];
            std::replace(name.begin(), name.end(), '_', ' ');
            if (name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
            AreaSeries series{name, {}, land_colour(t_.land_items[k])};
            for (const auto& year : t_.region) series.values.push_back(handy(year.land[k]));
            sinks.series.push_back(std::move(series));
        }
        AreaSeries crops{"Crops", {}, "#e69f00"};
        for (const auto& year : t_.region) crops.values.push_back(handy(year.parts.crops));
        sinks.series.push_back(std::move(crops));
        if (years_.size() > 1) {
            report.figure(area_chart(emission), "Carbon emission of the region by source.");
            report.figure(area_chart(sinks), "Carbon sequestration of the region by sink.");
            LineChart balance;
            balance.title = "Emission, sequestration and net emission of the region";
            balance.unit = rate();
            balance.value_title = "Carbon";
            balance.from_zero = true;
            for (const auto& [name, member, colour] :
                 {std::tuple{"Emission", &RegionYear::emission, emission_colour},
                  std::tuple{"Sequestration", &RegionYear::sequestration, sink_colour},
                  std::tuple{"Net emission", &RegionYear::net, net_colour}}) {
                LineSeries line;
                line.name = name;
                line.colour = colour;
                line.x = years_;
                for (const auto& year : t_.region)
                    line.y.push_back(year.*member ? handy(*(year.*member)) : std::nan(""));
                balance.series.push_back(std::move(line));
            }
            report.figure(line_chart(balance), "Emission, sequestration and net emission of the region.");
        }
        TableData table{{text_column("Year"), number_column("Emission", unit_.name),
                         number_column("Sequestration", unit_.name), number_column("Net emission", unit_.name),
                         number_column("Footprint Cf", "km2"), number_column("Capacity Ec", "km2"),
                         number_column("Deficit Ed", "km2"), number_column("Units"), number_column("Filled values")},
                        {},
                        {},
                        false};
        for (const auto& year : t_.region)
            table.rows.push_back({format_number(year.year), tonnes(year.emission), tonnes(year.sequestration),
                                  tonnes(year.net), square_km(year.footprint), square_km(year.capacity),
                                  square_km(year.deficit), format_grouped(static_cast<double>(year.units), 0),
                                  format_grouped(static_cast<double>(year.filled), 0)});
        report.table(table, "The region year by year");
    }

    /// All numbers of a column with as many decimals.
    std::string tonnes(const std::optional<double>& value) const {
        return format_grouped(handy(or_gap(value)), unit_.tonnes == 1 ? 0 : 2);
    }
    static std::string square_km(const std::optional<double>& ha) { return format_grouped(or_gap(ha) / 100, 0); }

    /// Units in the order of their net emission in the last year, the largest first; those without it at the end.
    std::vector<std::size_t> by_net(std::vector<std::size_t> records) const {
        std::stable_sort(records.begin(), records.end(), [&](std::size_t a, std::size_t b) {
            const auto &x = t_.indices[a].net, &y = t_.indices[b].net;
            return x && (!y || *x > *y);
        });
        return records;
    }

    std::size_t unit_of(std::size_t record) const {
        const auto found = std::upper_bound(t_.panel.units.begin(), t_.panel.units.end(), record,
                                            [](std::size_t r, const auto& unit) { return r < unit.end; });
        return static_cast<std::size_t>(found - t_.panel.units.begin());
    }

    void units(Report& report) const {
        std::vector<std::size_t> order = by_net(last_);
        if (order.empty()) return;
        report.section("Units");
        SmallMultiples chart;
        chart.title = "Emission and sequestration of the units";
        chart.x = years_;
        chart.line_names = {"Emission", "Sequestration"};
        chart.line_colours = {emission_colour, sink_colour};
        chart.unit = "t C";
        const std::size_t all = order.size();
        if (order.size() > most_panels) order.resize(most_panels);
        for (const std::size_t record : order) {
            const auto& unit = t_.panel.units[unit_of(record)];
            SmallPanel panel{unit.name,
                             std::vector<std::vector<double>>(2, std::vector<double>(years_.size(), std::nan("")))};
            for (std::size_t i = unit.first; i < unit.end; ++i) {
                panel.values[0][t_.panel.time_of[i]] = or_gap(t_.indices[i].emission);
                panel.values[1][t_.panel.time_of[i]] = or_gap(t_.indices[i].sequestration);
            }
            chart.panels.push_back(std::move(panel));
        }
        report.figure(
            small_multiples(chart),
            "Emission and sequestration of " +
                (all > order.size() ? "the " + counted(order.size(), "unit") + " with the largest net emission"
                                    : "each unit") +
                ", those with the largest net emission in " + last_name() +
                " first. Each panel has its own scale from zero to the figure in its corner (t C a year).");
    }

    void last_year(Report& report) const {
        if (last_.empty()) return;
        report.section("Units in " + last_name());
        map(report);
        TableData table{{text_column("Unit"), number_column("CE", "t C"), number_column("CS", "t C"),
                         number_column("NCE", "t C"), number_column("ECC"), number_column("ESC"),
                         number_column("Cf", "ha"), number_column("Ec", "ha"), number_column("Ed", "ha")},
                        {},
                        {},
                        false};
        const auto number = [](const std::optional<double>& value) { return format_grouped(or_gap(value), 0); };
        const auto ratio = [](const std::optional<double>& value) { return format_grouped(or_gap(value), 2); };
        for (const std::size_t i : by_net(last_)) {
            const UnitIndices& entry = t_.indices[i];
            table.rows.push_back({t_.panel.units[unit_of(i)].name, number(entry.emission), number(entry.sequestration),
                                  number(entry.net), ratio(entry.economic), ratio(entry.ecological),
                                  number(entry.footprint), number(entry.capacity), number(entry.deficit)});
        }
        report.table(table, "Indices of the units in " + last_name() + ", the largest net emission first");
        report.definitions(
            "What the indices mean",
            {{"CE, CS, NCE", "Carbon emission, carbon sequestration and net emission NCE = CE - CS, t C a year."},
             {"ECC",
              "Economic contribution coefficient: the unit's share of the region's GDP over its share of the "
              "emission. Above 1 the unit earns more than it emits."},
             {"ESC",
              "Ecological support coefficient: its share of the sequestration over its share of the emission. "
              "Above 1 it takes up more than its part."},
             {"Cf, Ec, Ed",
              "Carbon footprint, ecological capacity and deficit Ed = Cf - Ec: hectares of vegetation that "
              "would take up the emission, that take up what is taken up, and the difference."}});
    }

    void map(Report& report) const {
        if (shapes_.empty()) return;
        if (shapes_.size() > most_polygons_drawn) {
            report.paragraph("There are too many units to draw them here; open the indices in a GIS.");
            return;
        }
        std::vector<double> values;
        std::vector<std::size_t> record_of(t_.panel.units.size(), t_.indices.size());
        for (const std::size_t i : last_) {
            record_of[unit_of(i)] = i;
            if (t_.indices[i].net) values.push_back(*t_.indices[i].net);
        }
        if (values.empty()) return;
        const std::vector<RampStop> classes = net_emission_classes(values);
        const TonneUnit handy_unit = handy_tonnes(*std::max_element(
            values.begin(), values.end(), [](double a, double b) { return std::abs(a) < std::abs(b); }));
        MapFigure map = map_of_polygons(shapes_, crs_);
        map.title = "Net carbon emission of the units in " + last_name();
        bool any_without = false;
        for (std::size_t u = 0; u < map.shapes.size(); ++u) {
            MapShape& shape = map.shapes[u];
            const double net = record_of[u] < t_.indices.size() ? or_gap(t_.indices[record_of[u]].net) : std::nan("");
            const bool without = std::isnan(net);
            shape.tooltip =
                t_.panel.units[u].name + ": " + (without ? "not defined" : format_value(net) + " t C a year");
            shape.fill = "#e4e7eb";
            any_without = any_without || without;
            if (without) continue;
            shape.fill = std::find_if(classes.begin(), classes.end() - 1, [&](const RampStop& stop) {
                             return net <= stop.value;
                         })->colour;
        }
        const auto text = [&](double value) { return format_value(value / handy_unit.tonnes, 3); };
        for (std::size_t c = 0; c < classes.size(); ++c)
            map.legend.emplace_back(c == 0 ? "up to " + text(classes[c].value)
                                    : c + 1 == classes.size()
                                        ? "above " + text(classes[c - 1].value) + " " + handy_unit.name
                                        : text(classes[c - 1].value) + " to " + text(classes[c].value),
                                    classes[c].colour);
        if (any_without) map.legend.emplace_back("not defined", "#e4e7eb");
        report.figure(map_figure(map), "Net carbon emission of the units in " + last_name() + ", " + handy_unit.name +
                                           " a year: brown emits more than it takes up, green takes up more.");
    }

    void fields(Report& report) const {
        report.section("Quantities");
        TableData table{{text_column("Quantity"), text_column("Column"), number_column("Scale"),
                         text_column("Counted in"), number_column("Carbon", "t C each"),
                         number_column("Region in " + last_name(), rate()), text_column("Found")},
                        {},
                        {},
                        false};
        for (std::size_t q = 0; q < t_.fields.size(); ++q) {
            const IndexField& field = t_.fields[q];
            double sum = 0;
            for (const std::size_t i : last_)
                sum += t_.panel.values[q][i] * field.scale * (field.item ? field.item->factor : 0);
            table.rows.push_back({field.quantity, field.field, format_number(field.scale),
                                  field.item ? field.item->unit : "share only",
                                  field.item ? format_number(field.item->factor, 4) : "",
                                  field.item ? format_value(handy(sum)) : "", field.guessed ? "by name" : "as said"});
        }
        report.table(table, "Which column was taken for which quantity, and what it counts for");
    }

    const IndexTableau& t_;
    const std::vector<std::vector<unsigned char>>& shapes_;
    const std::string& crs_;
    std::vector<double> years_;
    TonneUnit unit_;
    std::vector<std::size_t> last_;  ///< record of each unit in the last year
};

}  // namespace

Report indices_report(const IndexTableau& tableau, const std::vector<std::vector<unsigned char>>& shapes,
                      const std::string& crs) {
    return Writer(tableau, shapes, crs)();
}

}  // namespace landcarbon
