// Land Carbon Toolbox: how well a simulated land-cover map agrees with the observed one: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/simulation_accuracy/simulation_accuracy.hpp"

#include <algorithm>
#include <cmath>

#include "engine/map_picture.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "land_simulation/simulation_accuracy/accuracy_measures.hpp"

namespace landcarbon {
namespace {

/// Codes, names and colours of the map of agreement. Orange and blue stay apart for colour-blind readers.
const std::vector<ClassLabel>& outcome_labels() {
    static const std::vector<ClassLabel> labels = {{ChangeTally::persistence, "Persistence, simulated so", "#e2e2e2"},
                                                   {ChangeTally::hit, "Hit (right change)", "#0072b2"},
                                                   {ChangeTally::wrong_hit, "Wrong hit (another change)", "#56b4e9"},
                                                   {ChangeTally::miss, "Miss (change not simulated)", "#d55e00"},
                                                   {ChangeTally::false_alarm, "False alarm (no change)", "#f0c000"},
                                                   {ChangeTally::agrees, "Agreement", "#e2e2e2"},
                                                   {ChangeTally::disagrees, "Disagreement", "#d55e00"}};
    return labels;
}

/// What one pass gathers.
struct Gathered {
    static constexpr bool order_free = true;
    ChangeTally changes;
    CrossTable confusion, observed_change, simulated_change;
    ResolutionTally simulation, null_model;
    MapPicture picture;
    void merge(const Gathered& other) {
        changes.merge(other.changes);
        confusion.merge(other.confusion);
        observed_change.merge(other.observed_change);
        simulated_change.merge(other.simulated_change);
        simulation.merge(other.simulation);
        null_model.merge(other.null_model);
        picture.merge(other.picture);
    }
};

std::vector<int> read_sides(const std::string& text, const Grid& grid) {
    std::vector<int> sides;
    if (trimmed(text).empty()) {
        const int longest = std::max(grid.width, grid.height);
        std::int64_t side = 1;
        for (; side < longest; side *= 2) sides.push_back(static_cast<int>(side));
        sides.push_back(static_cast<int>(std::min<std::int64_t>(side, 2147483647)));
        return sides;
    }
    for (const auto& entry : split_list(text)) {
        const auto side = parse_integer(entry);
        if (!side || *side < 1 || *side > 1000000)
            throw wrong("resolutions", "\"" + entry + "\" is not a number of cells from 1 to 1000000");
        if (!sides.empty() && *side <= sides.back())
            throw wrong("resolutions", entry + " does not come after " + std::to_string(sides.back()) +
                                           "; give them in ascending order");
        sides.push_back(static_cast<int>(*side));
    }
    if (sides.size() > 64) throw wrong("resolutions", "at most 64 can be worked out in one run");
    return sides;
}

class Work {
public:
    Work(SimulationAccuracyOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void gather();
    void set_numbers();
    void write_measures();
    void write_by_class();
    void write_confusion();
    void write_by_resolution();
    void write_report();
    void report_change(Report& report);
    bool changes_known() const { return options_.initial.given(); }
    PairCounts pairs(const CrossTable& table) const;
    double share(std::int64_t cells) const { return static_cast<double>(cells) / static_cast<double>(total_); }

    /// A measure of the whole map.
    struct Measure {
        const char* name;
        NumberOutput value;
        const char* meaning;
    };
    std::vector<Measure> measures() const;

    SimulationAccuracyOptions& options_;
    Run& run_;
    ClassTable given_;
    std::vector<int> sides_;
    std::vector<ClassLabel> labels_;
    std::vector<std::uint16_t> slots_;
    ChangeTally changes_;
    CrossTable table_;
    PairCounts confusion_, observed_change_, simulated_change_;
    std::vector<std::int64_t> disagreement_, null_disagreement_;
    Agreement agreement_;
    std::string picture_;
    std::int64_t total_ = 0;
};

PairCounts Work::pairs(const CrossTable& table) const {
    PairCounts counts;
    counts.classes = slots_.size();
    for (const std::uint16_t row : slots_) {
        run_.check_cancel();
        for (const std::uint16_t column : slots_) counts.cells.push_back(table.count(row, column));
    }
    return counts;
}

void Work::gather() {
    std::vector<Layer> layers{run_.classes(options_.observed), run_.classes(options_.simulated)};
    if (changes_known()) layers.push_back(run_.classes(options_.initial));
    const bool known = changes_known();
    sides_ = read_sides(options_.resolutions, run_.grid());
    run_.areas();
    RasterDescription description;
    description.type = GDT_Byte;
    description.bands = {"agreement"};
    std::vector<std::string> colours(8);
    for (const auto& label : outcome_labels()) {
        if ((label.code >= ChangeTally::agrees) == known) continue;
        description.style.classes.push_back(label);
        colours[static_cast<std::size_t>(label.code)] = label.colour;
    }
    RasterSink* const sink = run_.raster(options_.map, description);
    const Gathered empty{{},
                         run_.cross_table(),
                         run_.cross_table(),
                         run_.cross_table(),
                         ResolutionTally(run_.grid(), sides_),
                         ResolutionTally(run_.grid(), known ? sides_ : std::vector<int>()),
                         MapPicture(run_.grid(), 900)};
    const bool drawn = options_.report.wanted();
    const Gathered all =
        run_.reduce(layers, empty,
                    [&](Gathered& state, Block& block) {
                        thread_local std::vector<std::uint16_t> observed, simulated, initial;
                        thread_local std::vector<std::uint8_t> outcomes;
                        const std::size_t cells = block.cells(), slots = run_.class_codes().slots();
                        observed.assign(block.classes(0), block.classes(0) + cells);
                        simulated.assign(block.classes(1), block.classes(1) + cells);
                        initial.assign(block.classes(known ? 2 : 0), block.classes(known ? 2 : 0) + cells);
                        outcomes.resize(cells);
                        state.changes.add(known ? initial.data() : nullptr, observed.data(), simulated.data(), cells,
                                          slots, outcomes.data());
                        for (std::size_t i = 0; i < cells; ++i)
                            if (outcomes[i] == ChangeTally::none) observed[i] = simulated[i] = initial[i] = 0;
                        run_.add_rows(state.confusion, block, observed.data(), simulated.data());
                        state.simulation.add(block.window, observed.data(), simulated.data(), slots);
                        if (known) {
                            run_.add_rows(state.observed_change, block, initial.data(), observed.data());
                            run_.add_rows(state.simulated_change, block, initial.data(), simulated.data());
                            state.null_model.add(block.window, observed.data(), initial.data(), slots);
                        }
                        if (drawn) state.picture.add(block.window, outcomes.data(), colours);
                        if (sink) std::copy(outcomes.begin(), outcomes.end(), block.output<std::uint8_t>(0));
                    },
                    {sink});
    labels_ = run_.class_labels(given_);
    for (const auto& label : labels_) slots_.push_back(run_.class_codes().slot(label.code));
    run_.hold(3 * slots_.size() * slots_.size() * sizeof(std::int64_t),
              "the pairs of " + counted(slots_.size(), "class", "classes"));
    changes_ = all.changes;
    table_ = all.confusion;
    confusion_ = pairs(all.confusion);
    observed_change_ = pairs(all.observed_change);
    simulated_change_ = pairs(all.simulated_change);
    disagreement_ = all.simulation.disagreement();
    null_disagreement_ = all.null_model.disagreement();
    total_ = confusion_.total();
    if (drawn) picture_ = all.picture.png();
    if (total_ == 0)
        throw wrong("simulated",
                    "no cell has a class on all maps, " + layers.front().name() + " to " + layers.back().name());
    if (changes_.left_out() > 0)
        run_.warn(counted(static_cast<std::size_t>(changes_.left_out()), "cell has", "cells have") +
                  " a class on some maps only and were left out");
}

void Work::set_numbers() {
    agreement_ = agreement(confusion_);
    options_.cells = static_cast<double>(total_);
    options_.oa = agreement_.overall;
    options_.kappa = agreement_.kappa;
    options_.kappa_location = agreement_.kappa_location;
    options_.kappa_histogram = agreement_.kappa_histogram;
    options_.quantity_disagreement = agreement_.quantity;
    options_.allocation_disagreement = agreement_.allocation;
    double fit = 0, weights = 0;
    for (std::size_t i = 0; i < sides_.size(); ++i) {
        const double weight = std::exp(-options_.decay * (sides_[i] - sides_.front()));
        fit += weight * (1 - share(disagreement_[i]));
        weights += weight;
    }
    options_.weighted_fit = fit / weights;
    if (!changes_known()) return;
    options_.figure_of_merit = changes_.changes().figure_of_merit();
    options_.producer_accuracy = changes_.changes().producer_accuracy();
    options_.user_accuracy = changes_.changes().user_accuracy();
    std::int64_t agreeing = 0, persistent = 0;
    for (std::size_t k = 0; k < slots_.size(); ++k) {
        agreeing += confusion_.at(k, k);
        persistent += observed_change_.at(k, k);
    }
    const ChangeKappa kappa = change_kappa(observed_change_, simulated_change_, agreeing);
    options_.kappa_simulation = kappa.simulation;
    options_.kappa_transition = kappa.transition;
    options_.kappa_translocation = kappa.translocation;
    options_.null_oa = share(persistent);
    for (std::size_t i = 0; i < sides_.size() && !options_.null_resolution; ++i)
        if (disagreement_[i] < null_disagreement_[i]) options_.null_resolution = sides_[i];
}

std::vector<Work::Measure> Work::measures() const {
    std::vector<Measure> list = {
        {"cells", options_.cells, "cells that have a class on all maps"},
        {"overall accuracy", options_.oa, "share of cells with the right class"},
        {"expected agreement", agreement_.expected, "sum of products of the class shares"},
        {"largest agreement", agreement_.largest, "agreement that the class shares allow"},
        {"kappa", options_.kappa, "(OA - expected) / (1 - expected)"},
        {"kappa location", options_.kappa_location, "(OA - expected) / (largest - expected)"},
        {"kappa histogram", options_.kappa_histogram, "(largest - expected) / (1 - expected)"},
        {"quantity disagreement", options_.quantity_disagreement, "half the sum of differences of class shares"},
        {"allocation disagreement", options_.allocation_disagreement, "1 - OA - quantity disagreement"},
        {"weighted fit", options_.weighted_fit, "agreement over the resolutions, weighted by their sides"}};
    if (!changes_known()) return list;
    const ChangeCounts& c = changes_.changes();
    const std::vector<Measure> of_change = {
        {"misses", static_cast<double>(c.misses), "cells: change simulated as persistence (A)"},
        {"hits", static_cast<double>(c.hits), "cells: change simulated as the right change (B)"},
        {"wrong hits", static_cast<double>(c.wrong_hits), "cells: change simulated as another change (C)"},
        {"false alarms", static_cast<double>(c.false_alarms), "cells: persistence simulated as change (D)"},
        {"figure of merit", options_.figure_of_merit, "B / (A + B + C + D)"},
        {"producer's accuracy of change", options_.producer_accuracy, "B / (A + B + C)"},
        {"user's accuracy of change", options_.user_accuracy, "B / (B + C + D)"},
        {"kappa simulation", options_.kappa_simulation, "kappa given the transitions from the initial map"},
        {"kappa transition", options_.kappa_transition, "agreement of the amounts of transitions"},
        {"kappa translocation", options_.kappa_translocation, "agreement of the places of transitions"},
        {"accuracy of no change", options_.null_oa, "overall accuracy of the initial map"},
        {"null resolution", options_.null_resolution, "side in cells from which on the simulation beats no change"}};
    list.insert(list.end(), of_change.begin(), of_change.end());
    return list;
}

/// Sets a cell where there is a value.
std::optional<double> quotient(std::int64_t part, std::int64_t whole) {
    if (whole == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
}

void Work::write_measures() {
    using Type = OutputTable::Type;
    OutputTable table({{"measure", Type::text}, {"value", Type::real}, {"meaning", Type::text}});
    for (const auto& measure : measures()) {
        std::vector<Cell> row(3);
        row[0] = std::string(measure.name);
        row[1] = cell_of(measure.value);
        row[2] = std::string(measure.meaning);
        table.add(std::move(row));
    }
    run_.write(options_.measures, table);
}

void Work::write_by_class() {
    using Type = OutputTable::Type;
    OutputTable table({{"class", Type::integer},
                       {"name", Type::text},
                       {"observed_cells", Type::integer},
                       {"simulated_cells", Type::integer},
                       {"agreeing_cells", Type::integer},
                       {"producer_accuracy", Type::real},
                       {"user_accuracy", Type::real},
                       {"f1", Type::real},
                       {"quantity_disagreement", Type::real},
                       {"allocation_disagreement", Type::real},
                       {"hits", Type::integer},
                       {"misses", Type::integer},
                       {"simulated_as_other", Type::integer},
                       {"observed_as_other", Type::integer},
                       {"false_alarms", Type::integer},
                       {"figure_of_merit", Type::real}});
    for (std::size_t k = 0; k < slots_.size(); ++k) {
        const std::int64_t observed = confusion_.row_sum(k), simulated = confusion_.column_sum(k),
                           same = confusion_.at(k, k);
        std::vector<Cell> row(16);
        row[0] = labels_[k].code;
        row[1] = labels_[k].name;
        row[2] = observed;
        row[3] = simulated;
        row[4] = same;
        row[5] = cell_of(quotient(same, observed));
        row[6] = cell_of(quotient(same, simulated));
        row[7] = cell_of(quotient(2 * same, observed + simulated));
        row[8] = share(std::abs(observed - simulated));
        row[9] = 2 * share(std::min(observed - same, simulated - same));
        if (changes_known()) {
            const ClassGains gains = changes_.gains(slots_[k]);
            row[10] = gains.hits;
            row[11] = gains.misses;
            row[12] = gains.simulated_as_other;
            row[13] = gains.observed_as_other;
            row[14] = gains.false_alarms;
            row[15] = cell_of(gains.figure_of_merit());
        }
        table.add(std::move(row));
    }
    run_.write(options_.by_class, table);
}

void Work::write_confusion() {
    using Type = OutputTable::Type;
    OutputTable table({{"observed", Type::integer},
                       {"observed_name", Type::text},
                       {"simulated", Type::integer},
                       {"simulated_name", Type::text},
                       {"cells", Type::integer},
                       {"area_ha", Type::real},
                       {"share", Type::real}});
    if (!options_.confusion.wanted()) return;
    run_.check_rows("confusion", slots_.size() * slots_.size(), table.columns().size());
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        run_.check_cancel();
        for (std::size_t j = 0; j < slots_.size(); ++j)
            table.add({labels_[i].code, labels_[i].name, labels_[j].code, labels_[j].name, confusion_.at(i, j),
                       table_.area(slots_[i], slots_[j], run_.areas().cell()).hectares(), share(confusion_.at(i, j))});
    }
    run_.write(options_.confusion, table);
}

void Work::write_by_resolution() {
    using Type = OutputTable::Type;
    OutputTable table({{"side_cells", Type::integer},
                       {"agreement", Type::real},
                       {"quantity_disagreement", Type::real},
                       {"allocation_disagreement", Type::real},
                       {"null_agreement", Type::real}});
    for (std::size_t i = 0; i < sides_.size(); ++i) {
        const double disagreement = share(disagreement_[i]);
        std::vector<Cell> row(5);
        row[0] = std::int64_t{sides_[i]};
        row[1] = 1 - disagreement;
        row[2] = agreement_.quantity;
        row[3] = std::max(0.0, disagreement - agreement_.quantity);
        if (changes_known()) row[4] = 1 - share(null_disagreement_[i]);
        table.add(std::move(row));
    }
    run_.write(options_.by_resolution, table);
}

std::string shown(const std::optional<double>& value, int significant = 4) {
    return value ? format_number(*value, significant) : "not defined";
}

void Work::report_change(Report& report) {
    const ChangeCounts& c = changes_.changes();
    report.section("Changes");
    BarChart bars;
    bars.categories = {"Share of the map"};
    bars.horizontal = true;
    bars.stacked = true;
    bars.value_title = "Share of the map";
    bars.unit = "%";
    bars.height = 150;
    const auto add = [&](const char* name, std::int64_t cells, std::size_t label) {
        bars.series.push_back({name, {share(cells) * 100}, outcome_labels()[label].colour, {}});
    };
    add("Misses", c.misses, 3);
    add("Hits", c.hits, 1);
    add("Wrong hits", c.wrong_hits, 2);
    add("False alarms", c.false_alarms, 4);
    report.figure(
        bar_chart(bars),
        "Observed change is misses, hits and wrong hits; simulated change is hits, wrong hits and false alarms. "
        "The figure of merit is the share of hits in all four.");
    TableData table{
        {text_column("Became"), number_column("Hits", "cells"), number_column("Misses", "cells"),
         number_column("Simulated as another change", "cells"), number_column("Observed as another change", "cells"),
         number_column("False alarms", "cells"), number_column("Figure of merit")},
        {},
        {}};
    for (std::size_t k = 0; k < slots_.size(); ++k) {
        const ClassGains gains = changes_.gains(slots_[k]);
        const auto cells = [](std::int64_t n) { return format_grouped(static_cast<double>(n), 0); };
        table.rows.push_back({labels_[k].name, cells(gains.hits), cells(gains.misses), cells(gains.simulated_as_other),
                              cells(gains.observed_as_other), cells(gains.false_alarms),
                              shown(gains.figure_of_merit(), 3)});
        table.row_colours.push_back(labels_[k].colour);
    }
    report.table(table, "What each class gained since the initial map");
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    Report report("Simulation accuracy", changes_known() ? "Simulated against observed land cover and its change"
                                                         : "Simulated against observed land cover");
    report.number("Overall accuracy", format_percent(agreement_.overall, 2), "", "Share of cells with the right class");
    if (changes_known())
        report.number("Figure of merit", shown(options_.figure_of_merit), "",
                      "Hits over all cells that change anywhere");
    report.number("Quantity disagreement", format_percent(agreement_.quantity, 2), "", "Classes too large or too small")
        .number("Allocation disagreement", format_percent(agreement_.allocation, 2), "", "Classes in other places");
    if (!changes_known()) report.number("Kappa", shown(agreement_.kappa), "", "Cohen's kappa");
    if (changes_known() && options_.null_oa && *options_.null_oa >= agreement_.overall)
        report.paragraph("The initial map taken as a simulation agrees with " + format_percent(*options_.null_oa, 2) +
                         " of the cells, not worse than this simulation does. That is common where little changes; "
                         "compare the changes below.");
    report.section("Map");
    PictureFigure figure = picture_figure_of(run_.grid(), run_.options().cell_area);
    figure.title = "Map of agreement";
    figure.pictures = {{"", picture_}};
    figure.columns = 1;
    for (const auto& label : outcome_labels())
        if ((label.code >= ChangeTally::agrees) != changes_known())
            figure.legend.emplace_back(label.name, label.colour);
    report.figure(picture_figure(figure),
                  "Where the simulation is right and wrong. Colours mix where the picture has "
                  "fewer pixels than the map has cells.");
    if (changes_known()) report_change(report);
    report.section("Classes");
    constexpr std::size_t most_drawn = 40;
    if (labels_.size() <= most_drawn) {
        HeatMap heat;
        for (const auto& label : labels_) heat.row_labels.push_back(label.name);
        heat.column_labels = heat.row_labels;
        heat.row_title = "Observed";
        heat.column_title = "Simulated";
        heat.value_title = "Cells";
        heat.scale = HeatScale::square_root;
        heat.grey_diagonal = true;
        heat.totals = true;
        for (std::size_t i = 0; i < labels_.size(); ++i) {
            heat.values.emplace_back();
            for (std::size_t j = 0; j < labels_.size(); ++j)
                heat.values.back().push_back(static_cast<double>(confusion_.at(i, j)));
        }
        report.figure(heat_map(heat), "Confusion matrix in cells; what agrees is grey.");
    }
    TableData classes{{text_column("Class"), number_column("Observed", "cells"), number_column("Simulated", "cells"),
                       number_column("Producer's accuracy", "%"), number_column("User's accuracy", "%"),
                       number_column("Quantity", "% of map"), number_column("Allocation", "% of map")},
                      {},
                      {}};
    for (std::size_t k = 0; k < slots_.size(); ++k) {
        const std::int64_t observed = confusion_.row_sum(k), simulated = confusion_.column_sum(k),
                           same = confusion_.at(k, k);
        const auto percent = [](const std::optional<double>& value) {
            return value ? format_grouped(*value * 100, 2) : std::string("not defined");
        };
        classes.rows.push_back({labels_[k].name, format_grouped(static_cast<double>(observed), 0),
                                format_grouped(static_cast<double>(simulated), 0), percent(quotient(same, observed)),
                                percent(quotient(same, simulated)), percent(share(std::abs(observed - simulated))),
                                percent(2 * share(std::min(observed - same, simulated - same)))});
        classes.row_colours.push_back(labels_[k].colour);
    }
    report.table(classes, "Accuracy of each class");
    report.section("Resolutions");
    BarChart bars;
    bars.value_title = "Disagreement";
    bars.unit = "% of the map";
    bars.category_title = "Side of the squares (cells)";
    bars.series.push_back({"Simulation", {}, "#0072b2", {}});
    if (changes_known()) bars.series.push_back({"No change (initial map)", {}, "#9e9e9e", {}});
    for (std::size_t i = 0; i < sides_.size(); ++i) {
        bars.categories.push_back(std::to_string(sides_[i]));
        bars.series[0].values.push_back(share(disagreement_[i]) * 100);
        if (changes_known()) bars.series[1].values.push_back(share(null_disagreement_[i]) * 100);
    }
    bars.reference_lines = {{agreement_.quantity * 100, "quantity"}};
    report.figure(bar_chart(bars),
                  "Cells that disagree when only the class shares of squares are compared. What is left with large "
                  "squares is the quantity disagreement.");
    TableData all{{text_column("Measure"), number_column("Value"), text_column("Meaning")}, {}};
    for (const auto& measure : measures())
        all.rows.push_back(
            {measure.name,
             measure.value && *measure.value >= 1000 ? format_grouped(*measure.value, 0) : shown(measure.value, 6),
             measure.meaning});
    report.section("Measures");
    report.table(all, "All measures of the whole map");
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    if (options_.classes.given()) given_ = read_classes(run_.table(options_.classes));
    gather();
    run_.convention("cells", "all cells that have a class on all maps, each counting alike; nothing is sampled");
    run_.convention("reference",
                    "rows and producer's accuracy: observed map; columns and user's accuracy: simulated map");
    run_.convention("resolutions",
                    "squares side by side from the upper left corner; in each the shares of classes are compared, and "
                    "squares weigh by their cells (Pontius et al. 2004); the fit of Costanza (1989) for such squares");
    if (changes_known())
        run_.convention("figure of merit",
                        "wrong hits (C) are part of the denominators of all three: FoM = B / (A + B + "
                        "C + D), producer's B / (A + B + C), user's B / (B + C + D)");
    set_numbers();
    write_measures();
    write_by_class();
    write_confusion();
    write_by_resolution();
    write_report();
}

}  // namespace

void simulation_accuracy(SimulationAccuracyOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
