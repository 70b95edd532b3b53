// Land Carbon Toolbox: how much land each class will need: the maths and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/land_demand/land_demand.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "land_simulation/land_demand/demand_tables.hpp"
#include "maths/largest_remainder.hpp"
#include "time_series/series_times.hpp"

namespace landcarbon {

std::int64_t DemandBasis::total() const { return std::accumulate(present.begin(), present.end(), std::int64_t{0}); }

std::vector<double> linear_demand(const DemandBasis& basis, const SquareMatrix& factors, double years,
                                  std::vector<std::size_t>& emptied) {
    const std::size_t n = basis.classes();
    const double steps = years / basis.interval;
    std::vector<double> cells(n);
    double negative = 0, positive = 0;
    for (std::size_t k = 0; k < n; ++k) {
        double net = 0;
        for (std::size_t j = 0; j < n; ++j) {
            net += factors.at(j, k) * static_cast<double>(basis.counts[j * n + k]);
            net -= factors.at(k, j) * static_cast<double>(basis.counts[k * n + j]);
        }
        cells[k] = static_cast<double>(basis.present[k]) + steps * net;
        (cells[k] < 0 ? negative : positive) += cells[k];
    }
    if (negative < 0)
        for (std::size_t k = 0; k < n; ++k) {
            if (cells[k] < 0) emptied.push_back(k);
            cells[k] = cells[k] < 0 ? 0 : cells[k] * (positive + negative) / positive;
        }
    return cells;
}

namespace {

/// More classes would make the matrix powers slow and the maps doubtful.
constexpr std::size_t most_classes = 500;

class Work {
public:
    Work(LandDemandOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void read_maps();
    void read_matrix();
    void set_years();
    void set_classes();
    void read_scenario();
    void project();
    std::vector<double> projected(double year);
    void note_power(const MarkovPower& power, double year);
    void write_demand();
    void write_probabilities();
    void write_report();
    double hectares(std::int64_t cells) const { return static_cast<double>(cells) * *cell_ha_; }
    std::string names_of(const std::vector<std::size_t>& classes) const;

    LandDemandOptions& options_;
    Run& run_;
    ClassTable given_;
    std::vector<ClassLabel> labels_;
    std::vector<std::int64_t> codes_;
    DemandBasis basis_;
    std::vector<std::int64_t> earlier_;  ///< cells of each class at the first date
    std::optional<double> cell_ha_;      ///< mean area of a cell
    double first_year_ = 0, second_year_ = 0;
    std::vector<double> targets_;
    SquareMatrix factors_;  ///< of transitions
    SquareMatrix probabilities_;
    std::optional<InputTable> scenario_table_;
    std::string scenario_name_;
    std::map<double, std::vector<double>> fixed_;            ///< cells by year
    std::vector<std::vector<std::int64_t>> demands_;         ///< one for each target year
    std::vector<std::pair<double, SquareMatrix>> horizons_;  ///< years and matrix to each target year
};

std::string Work::names_of(const std::vector<std::size_t>& classes) const {
    std::string list;
    for (const std::size_t k : classes)
        list += (list.empty() ? "" : ", ") + std::to_string(codes_[k]) + " (" + labels_[k].name + ")";
    return list;
}

void Work::read_maps() {
    const Layer first = run_.classes(options_.first), second = run_.classes(options_.second);
    run_.areas();
    const CrossTable table =
        run_.reduce({first, second}, run_.cross_table(), [&](CrossTable& counts, const Block& block) {
            run_.add_rows(counts, block, block.classes(0), block.classes(1));
        });
    labels_ = run_.class_labels(given_);
    std::vector<std::uint16_t> slots;
    for (const auto& label : labels_) slots.push_back(run_.class_codes().slot(label.code));
    std::int64_t pairs = 0, alone = 0, total = 0;
    FixedArea area;
    for (const std::uint16_t to : slots) {
        std::int64_t sum = table.count(0, to);
        alone += table.count(0, to) + table.count(to, 0);
        area += table.area(0, to, run_.areas().cell());
        for (const std::uint16_t from : slots) {
            sum += table.count(from, to);
            pairs += table.count(from, to);
            area += table.area(from, to, run_.areas().cell());
        }
        basis_.present.push_back(sum);
        total += sum;
    }
    for (const std::uint16_t from : slots) {
        earlier_.push_back(0);
        for (const std::uint16_t to : slots) {
            basis_.counts.push_back(table.count(from, to));
            earlier_.back() += table.count(from, to);
        }
    }
    if (pairs == 0) throw wrong("first", "no cell has a class on both maps, " + first.name() + " and " + second.name());
    if (alone > 0)
        run_.warn(counted(static_cast<std::size_t>(alone), "cell has", "cells have") +
                  " a class on one map only; the transitions leave them out, the demand covers all cells of "
                  "SECOND");
    cell_ha_ = area.hectares() / static_cast<double>(total);
}

void Work::read_matrix() {
    const TransitionTable table = read_transitions(run_.table(options_.matrix), options_.period);
    if (options_.years.empty()) options_.years = table.period;
    for (const auto& entry : table.entries)
        for (const std::int64_t code : {entry.from, entry.to}) run_.class_codes().slot(code);
    for (const auto& [code, name] : table.names)
        if (given_[code].name.empty()) given_[code].name = name;
    labels_ = run_.class_labels(given_);
    const std::size_t n = labels_.size();
    if (n > most_classes) return;
    std::map<std::int64_t, std::size_t> places;
    for (const auto& label : labels_) places.emplace(label.code, places.size());
    basis_.present.resize(n);
    basis_.counts.resize(n * n);
    earlier_.resize(n);
    for (const auto& entry : table.entries) {
        basis_.counts[places[entry.from] * n + places[entry.to]] = entry.cells;
        basis_.present[places[entry.to]] += entry.cells;
        earlier_[places[entry.from]] += entry.cells;
    }
    if (table.area_ha && !std::isfinite(*table.area_ha))
        throw wrong("matrix", "the areas in column \"area_ha\" add up to more than a number can hold");
    if (table.area_ha) cell_ha_ = *table.area_ha / static_cast<double>(basis_.total());
}

void Work::set_years() {
    const std::string& text = options_.years;
    std::vector<double> years;
    // The name of a period, as in 1985-1991.
    if (const std::size_t dash = text.find('-', 1); dash != std::string::npos && text.find(',') == std::string::npos) {
        const auto from = parse_number(trimmed(text.substr(0, dash))),
                   to = parse_number(trimmed(text.substr(dash + 1)));
        if (from && to) years = {*from, *to};
    } else
        years = read_years(text, "years");
    if (years.size() != 2 || !(years[0] < years[1]) || !std::isfinite(years[0]) || !std::isfinite(years[1]))
        throw wrong("years", (text.empty() ? "nothing" : "\"" + text + "\"") +
                                 " is given, but two years are needed, of the first and of the second date, as in "
                                 "1990,2005");
    first_year_ = years[0];
    second_year_ = years[1];
    basis_.interval = second_year_ - first_year_;
    targets_ = read_years(options_.target_years, "target_years");
    if (targets_.empty()) targets_ = {second_year_ + basis_.interval};
    if (targets_.front() <= second_year_)
        throw wrong("target_years", number_text(targets_.front()) + " is not after the second date, " +
                                        number_text(second_year_) + "; demand is for years to come");
    if ((targets_.back() - second_year_) / basis_.interval > 1e6)
        throw wrong("target_years", number_text(targets_.back()) + " is more than a million intervals away");
    if (targets_.size() > 1000)
        throw wrong("target_years", counted(targets_.size(), "year is", "years are") +
                                        " asked for; at most 1000 are worked out in one run");
}

void Work::set_classes() {
    for (const auto& label : labels_) codes_.push_back(label.code);
    if (codes_.size() > most_classes)
        throw UserError(options_.first.given() ? "first" : "matrix",
                        std::string(options_.first.given() ? "FIRST" : "MATRIX") + ": there are " +
                            counted(codes_.size(), "class", "classes") + "; demand is worked out for at most " +
                            std::to_string(most_classes));
    std::vector<std::size_t> absent;
    probabilities_ = transition_probabilities(basis_.counts, codes_.size(), absent);
    if (!absent.empty())
        run_.warn(
            "class " + names_of(absent) +
            " has no cells at the first date, so that nothing is known of what becomes of it; it is taken to stay "
            "as it is (its row of the matrix is that of the identity)");
}

void Work::read_scenario() {
    const std::size_t n = codes_.size();
    factors_ = SquareMatrix(n);
    std::fill(factors_.entries.begin(), factors_.entries.end(), 1.0);
    if (!options_.scenario.given()) return;
    scenario_table_.emplace(run_.table(options_.scenario));
    const ScenarioTable scenario(*scenario_table_, options_.scenario_name);
    scenario_name_ = scenario.name();
    if (options_.method == DemandMethod::fixed) {
        fixed_ =
            complete_areas(*scenario_table_, scenario.areas(codes_, cell_ha_, targets_.back()), codes_, basis_.present);
        if (fixed_.begin()->first <= second_year_)
            scenario_table_->reject("the year " + number_text(fixed_.begin()->first) +
                                    " is not after the second date, " + number_text(second_year_));
        if (fixed_.rbegin()->first < targets_.back())
            scenario_table_->reject("the last year with demands is " + number_text(fixed_.rbegin()->first) +
                                    ", but TARGET_YEARS goes to " + number_text(targets_.back()));
        return;
    }
    factors_ = scenario.factors(codes_);
    std::vector<std::size_t> overfull;
    scale_transitions(probabilities_, factors_, overfull);
    if (!overfull.empty() && options_.method == DemandMethod::markov)
        run_.warn("SCENARIO: the multiplied transitions out of class " + names_of(overfull) +
                  " come to more than 1; they were divided by their sum, and nothing of the class stays");
    run_.convention("scenario",
                    (scenario_name_.empty() ? "" : scenario_name_ + ": ") +
                        std::string(options_.method == DemandMethod::markov
                                        ? "probabilities of transitions times their multipliers; what a row "
                                          "lacks of 1 stays in its class"
                                        : "areas of transitions times their multipliers"));
}

void Work::note_power(const MarkovPower& power, double year) {
    const std::string when = "the fraction of an interval to " + number_text(year);
    if (power.kind == MarkovPower::Kind::cleared)
        run_.warn("the principal root of the matrix for " + when + " had negative entries (lowest " +
                  format_number(power.most_negative, 3) + "); they were set to 0 and the rows divided by their sums");
    if (power.kind == MarkovPower::Kind::mixed)
        run_.warn("the matrix has no real principal root (an eigenvalue is negative, or zero and defective); " + when +
                  " is taken as a weighted mean of the whole intervals before and after");
}

std::vector<double> Work::projected(double year) {
    const double ahead = year - second_year_;
    if (options_.method == DemandMethod::markov) {
        const MarkovPower power = markov_power(probabilities_, ahead / basis_.interval);
        note_power(power, year);
        horizons_.emplace_back(ahead, power.matrix);
        return times({basis_.present.begin(), basis_.present.end()}, power.matrix);
    }
    if (options_.method == DemandMethod::linear) {
        std::vector<std::size_t> emptied;
        auto cells = linear_demand(basis_, factors_, ahead, emptied);
        if (!emptied.empty())
            run_.warn("class " + names_of(emptied) + " would fall below zero before " + number_text(year) +
                      "; it is taken as used up, and the other classes are scaled to the area of the map");
        return cells;
    }
    // Straight lines between the years that the scenario fixes.
    double before = second_year_;
    std::vector<double> from(basis_.present.begin(), basis_.present.end());
    for (const auto& [when, cells] : fixed_) {
        if (when >= year) {
            const double share = (year - before) / (when - before);
            for (std::size_t k = 0; k < from.size(); ++k) from[k] = (1 - share) * from[k] + share * cells[k];
            return from;
        }
        before = when;
        from = cells;
    }
    return from;
}

void Work::project() {
    for (const double year : targets_) {
        run_.check_cancel();
        demands_.push_back(largest_remainder(projected(year), basis_.total()));
    }
    const char* methods[] = {
        "Markov chain: cells of the second date times powers of the matrix of transition probabilities, row = from",
        "linear: the cells of each transition move evenly, as many a year as between the dates",
        "fixed by the scenario; straight lines between the second date and the years that it fixes"};
    run_.convention("demand", methods[static_cast<int>(options_.method)]);
    run_.convention("whole cells", "rounded down; what is missing goes to the classes with the largest remainders");
    run_.convention("areas", cell_ha_ ? "cells times the mean area of a cell, " + number_text(*cell_ha_) + " ha"
                                      : std::string("not known: MATRIX tells no area_ha"));
    if (options_.method == DemandMethod::markov)
        run_.convention("fractions of an interval",
                        "whole intervals by matrix products, the rest by the principal power of the matrix, made "
                        "stochastic where it has negative entries");
    double net = 0;
    for (std::size_t k = 0; k < codes_.size(); ++k)
        net += 0.5 * std::abs(static_cast<double>(demands_.back()[k] - basis_.present[k]));
    options_.total_cells = static_cast<double>(basis_.total());
    if (cell_ha_) options_.total_area_ha = hectares(basis_.total());
    options_.interval_years = basis_.interval;
    options_.last_year = targets_.back();
    options_.net_change_share = net / static_cast<double>(basis_.total());
}

void Work::write_demand() {
    using Type = OutputTable::Type;
    OutputTable table({{"year", Type::real},
                       {"class", Type::integer},
                       {"name", Type::text},
                       {"cells", Type::integer},
                       {"area_ha", Type::real}});
    for (std::size_t t = 0; t < targets_.size(); ++t)
        for (std::size_t k = 0; k < codes_.size(); ++k) {
            std::vector<Cell> row(5);
            row[0] = targets_[t];
            row[1] = codes_[k];
            row[2] = labels_[k].name;
            row[3] = demands_[t][k];
            if (cell_ha_) row[4] = hectares(demands_[t][k]);
            table.add(std::move(row));
        }
    run_.write(options_.demand, table);
}

void Work::write_probabilities() {
    using Type = OutputTable::Type;
    OutputTable table({{"years", Type::real},
                       {"from", Type::integer},
                       {"from_name", Type::text},
                       {"to", Type::integer},
                       {"to_name", Type::text},
                       {"probability", Type::real}});
    const auto add = [&](double years, const SquareMatrix& matrix) {
        for (std::size_t i = 0; i < codes_.size(); ++i)
            for (std::size_t j = 0; j < codes_.size(); ++j)
                table.add({years, codes_[i], labels_[i].name, codes_[j], labels_[j].name, matrix.at(i, j)});
    };
    add(basis_.interval, probabilities_);
    for (const auto& [years, matrix] : horizons_)
        if (years != basis_.interval) add(years, matrix);
    run_.write(options_.probabilities, table);
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    const std::string last = number_text(targets_.back());
    const std::string first = number_text(targets_.front());
    Report report("Demand for land " + (first == last ? last : first + "-" + last),
                  (scenario_name_.empty() ? "" : "Scenario " + scenario_name_ + ", ") +
                      std::string("from the change between ") + number_text(first_year_) + " and " +
                      number_text(second_year_));
    if (cell_ha_) report.number("Mapped area", format_value(*options_.total_area_ha, 6), "ha");
    report.number("Cells", format_grouped(*options_.total_cells, 0), "", "The demand of each year comes to as many")
        .number("Interval", number_text(basis_.interval), "years", "Between the two dates")
        .number("Net change to " + last, format_percent(*options_.net_change_share, 2), "",
                "Sum of the gains of the classes that grow, over the area of the map");
    const std::string unit = cell_ha_ ? "ha" : "cells";
    const auto amount = [&](std::int64_t cells) { return cell_ha_ ? hectares(cells) : static_cast<double>(cells); };
    LineChart lines;
    lines.value_title = "Demand";
    lines.unit = unit;
    DivergingBars change;
    change.unit = unit;
    change.value_title = "Change " + number_text(second_year_) + " to " + last;
    TableData table{{text_column("Class"), number_column(number_text(first_year_), unit),
                     number_column(number_text(second_year_), unit)},
                    {},
                    {},
                    true};
    // A long path is read from the chart.
    std::vector<std::size_t> shown;
    for (std::size_t t = 0; t < targets_.size(); ++t)
        if (targets_.size() <= 6 || t == 0 || t + 1 == targets_.size() || t % ((targets_.size() + 3) / 4) == 0)
            shown.push_back(t);
    for (const std::size_t t : shown) table.columns.push_back(number_column(number_text(targets_[t]), unit));
    table.columns.push_back(number_column("Change", unit));
    const int decimals = cell_ha_ && *options_.total_area_ha < 1e4 ? 1 : 0;
    for (std::size_t k = 0; k < codes_.size(); ++k) {
        LineSeries line{labels_[k].name, {first_year_, second_year_}, {amount(earlier_[k]), amount(basis_.present[k])}};
        line.colour = labels_[k].colour;
        line.markers = targets_.size() < 40;
        for (std::size_t t = 0; t < targets_.size(); ++t) {
            line.x.push_back(targets_[t]);
            line.y.push_back(amount(demands_[t][k]));
        }
        lines.series.push_back(std::move(line));
        const double grown = amount(demands_.back()[k]) - amount(basis_.present[k]);
        change.categories.push_back(labels_[k].name);
        change.category_colours.push_back(labels_[k].colour);
        change.loss.push_back(std::max(0.0, -grown));
        change.gain.push_back(std::max(0.0, grown));
        std::vector<std::string> row{labels_[k].name, format_grouped(amount(earlier_[k]), decimals),
                                     format_grouped(amount(basis_.present[k]), decimals)};
        for (const std::size_t t : shown) row.push_back(format_grouped(amount(demands_[t][k]), decimals));
        row.push_back(format_signed(grown, decimals));
        table.rows.push_back(std::move(row));
        table.row_colours.push_back(labels_[k].colour);
    }
    std::vector<std::string> sums{
        "Sum", format_grouped(amount(std::accumulate(earlier_.begin(), earlier_.end(), std::int64_t{0})), decimals),
        format_grouped(amount(basis_.total()), decimals)};
    for (std::size_t i = 0; i < shown.size(); ++i) sums.push_back(format_grouped(amount(basis_.total()), decimals));
    sums.push_back(format_grouped(0, decimals));
    table.rows.push_back(std::move(sums));
    report.section("Demand");
    lines.reference_lines.clear();
    report.figure(line_chart(lines),
                  "Area of each class at the two dates and as demanded after " + number_text(second_year_) + ".");
    report.table(table, "Area of each class");
    report.figure(diverging_bars(change),
                  "What each class gains or loses from " + number_text(second_year_) + " to " + last + ".");
    report.section("Transitions");
    if (options_.method == DemandMethod::fixed)
        report.paragraph("The demand is fixed by the scenario; the matrix tells what was seen between the two dates.");
    HeatMap heat;
    for (const auto& label : labels_) heat.row_labels.push_back(label.name);
    heat.column_labels = heat.row_labels;
    heat.row_title = "From";
    heat.column_title = "To";
    heat.value_title = "Probability";
    heat.scale = HeatScale::square_root;
    heat.grey_diagonal = true;
    constexpr std::size_t most_drawn = 40;
    if (codes_.size() > most_drawn)
        report.paragraph("With " + std::to_string(codes_.size()) +
                         " classes the matrix is too large for a figure; it is in the table of probabilities.");
    else {
        for (std::size_t i = 0; i < codes_.size(); ++i) {
            heat.values.emplace_back();
            heat.cell_texts.emplace_back();
            for (std::size_t j = 0; j < codes_.size(); ++j) {
                heat.values.back().push_back(probabilities_.at(i, j));
                heat.cell_texts.back().push_back(format_number(probabilities_.at(i, j), 3));
            }
        }
        report.figure(heat_map(heat), "Probability that a cell of the row's class has the column's class " +
                                          number_text(basis_.interval) + " years later" +
                                          (scenario_name_.empty() ? "." : ", multipliers of the scenario applied."));
    }
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    if (options_.classes.given()) given_ = read_classes(run_.table(options_.classes));
    options_.first.given() ? read_maps() : read_matrix();
    set_years();
    set_classes();
    read_scenario();
    project();
    write_demand();
    write_probabilities();
    write_report();
}

}  // namespace

void land_demand(LandDemandOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
