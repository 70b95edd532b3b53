// Land Carbon Toolbox: transition matrix of two or more dated land-cover maps: the maths and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/transition_matrix/transition_matrix.hpp"

#include <algorithm>

#include "engine/report/charts.hpp"
#include "engine/report/shown.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "engine/step_order.hpp"

namespace landcarbon {

FixedArea Transitions::earlier(std::size_t k) const {
    FixedArea sum;
    for (std::size_t to = 0; to < classes; ++to) sum += area(k, to);
    return sum;
}

FixedArea Transitions::later(std::size_t k) const {
    FixedArea sum;
    for (std::size_t from = 0; from < classes; ++from) sum += area(from, k);
    return sum;
}

FixedArea Transitions::total() const {
    FixedArea sum;
    for (const FixedArea cell : areas) sum += cell;
    return sum;
}

FixedArea Transitions::changed() const {
    FixedArea sum = total();
    for (std::size_t k = 0; k < classes; ++k) sum = sum - area(k, k);
    return sum;
}

ClassChange class_change(const Transitions& transitions, std::size_t k) {
    ClassChange change;
    change.earlier = transitions.earlier(k);
    change.later = transitions.later(k);
    change.persistence = transitions.area(k, k);
    change.gain = change.later - change.persistence;
    change.loss = change.earlier - change.persistence;
    change.net_ha = (change.gain - change.loss).hectares();
    change.swap_ha = 2 * std::min(change.gain, change.loss).hectares();
    change.total_ha = (change.gain + change.loss).hectares();
    if (const double before = change.earlier.hectares(); before > 0)
        change.dynamic_degree = change.net_ha / before / transitions.years * 100;
    return change;
}

std::optional<double> comprehensive_dynamic_degree(const Transitions& transitions) {
    const double total = transitions.total().hectares();
    if (total <= 0) return std::nullopt;
    return transitions.changed().hectares() / (2 * total) / transitions.years * 100;
}

std::vector<IntensityRow> intensity_analysis(const std::vector<Transitions>& periods) {
    std::vector<IntensityRow> rows;
    if (periods.empty()) return rows;
    const double total = periods.front().total().hectares();
    if (total <= 0) return rows;
    double all_change = 0;
    double all_years = 0;
    for (const auto& period : periods) {
        all_change += period.changed().hectares();
        all_years += period.years;
    }
    const double uniform_change = all_change / all_years / total * 100;
    for (std::size_t t = 0; t < periods.size(); ++t) {
        const Transitions& period = periods[t];
        const double change = period.changed().hectares() / period.years / total * 100;
        rows.push_back({"interval", "change", t, -1, -1, change, uniform_change});
        for (std::size_t k = 0; k < period.classes; ++k) {
            const ClassChange of = class_change(period, k);
            const auto index = static_cast<std::ptrdiff_t>(k);
            if (const double area = of.later.hectares(); area > 0)
                rows.push_back(
                    {"category", "gain", t, -1, index, of.gain.hectares() / period.years / area * 100, change});
            if (const double area = of.earlier.hectares(); area > 0)
                rows.push_back(
                    {"category", "loss", t, index, -1, of.loss.hectares() / period.years / area * 100, change});
        }
        std::vector<double> before(period.classes);
        for (std::size_t from = 0; from < period.classes; ++from) before[from] = period.earlier(from).hectares();
        for (std::size_t to = 0; to < period.classes; ++to) {
            const ClassChange of = class_change(period, to);
            const double others = total - of.earlier.hectares();
            if (of.gain.hectares() <= 0 || others <= 0) continue;
            const double uniform = of.gain.hectares() / period.years / others * 100;
            for (std::size_t from = 0; from < period.classes; ++from) {
                const double area = before[from];
                if (from == to || area <= 0) continue;
                rows.push_back({"transition", "transition", t, static_cast<std::ptrdiff_t>(from),
                                static_cast<std::ptrdiff_t>(to),
                                period.area(from, to).hectares() / period.years / area * 100, uniform});
            }
        }
    }
    return rows;
}

std::int64_t change_code_factor(std::int64_t largest_class) {
    std::int64_t factor = 10;
    while (factor <= largest_class && factor < 1000000000000000000) factor *= 10;
    return factor;
}

namespace {

/// A pair of maps that a matrix is made for.
struct Pair {
    std::size_t from, to;
    std::string name;  ///< "1985-1991" or "1-2"
    double years;
};

/// Cross tables of several pairs of maps, counted in one pass.
struct Tables {
    static constexpr bool order_free = true;
    std::vector<CrossTable> tables;
    std::int64_t left_out = 0;  ///< cells that some maps show and others do not
    void merge(const Tables& other) {
        for (std::size_t i = 0; i < tables.size(); ++i) tables[i].merge(other.tables[i]);
        left_out += other.left_out;
    }
};

std::vector<Pair> pairs_of(std::size_t maps, const std::vector<double>& years) {
    std::vector<Pair> pairs;
    const auto add = [&](std::size_t from, std::size_t to) {
        const bool known = !years.empty();
        pairs.push_back({from, to,
                         known ? number_text(years[from]) + "-" + number_text(years[to])
                               : std::to_string(from + 1) + "-" + std::to_string(to + 1),
                         known ? years[to] - years[from] : static_cast<double>(to - from)});
    };
    for (std::size_t i = 0; i + 1 < maps; ++i) add(i, i + 1);
    if (maps > 2) add(0, maps - 1);
    return pairs;
}

/// What a change map's codes mean.
struct ChangeCodes {
    bool by_position = false;  ///< classes are numbered 1..n because their codes are negative or too large
    std::int64_t factor = 10;
    std::int64_t largest = 0;  ///< largest code
};

ChangeCodes change_codes(const std::vector<ClassLabel>& classes) {
    ChangeCodes codes;
    const std::int64_t last = classes.back().code;
    codes.by_position = classes.front().code < 0 || last > 21474;
    const std::int64_t top = codes.by_position ? static_cast<std::int64_t>(classes.size()) : last;
    codes.factor = change_code_factor(top);
    codes.largest = top * codes.factor + top;
    return codes;
}

class Work {
public:
    Work(TransitionMatrixOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void count();
    void set_numbers();
    void write_change_map();
    void write_transitions();
    void write_summary();
    void write_intensity();
    void write_report();
    Cell name_of(std::ptrdiff_t k) const { return k < 0 ? Cell{} : Cell{labels_[static_cast<std::size_t>(k)].name}; }
    Cell code_of(std::ptrdiff_t k) const { return k < 0 ? Cell{} : Cell{labels_[static_cast<std::size_t>(k)].code}; }
    /// Matrices of the consecutive periods only.
    std::vector<Transitions> periods() const {
        return {matrices_.begin(), matrices_.begin() + static_cast<std::ptrdiff_t>(layers_.size()) - 1};
    }

    TransitionMatrixOptions& options_;
    Run& run_;
    std::vector<Layer> layers_;
    std::vector<double> years_;
    std::vector<Pair> pairs_;
    ClassTable given_;
    std::vector<ClassLabel> labels_;
    std::vector<std::uint16_t> slots_;   ///< slot of each class, in the order of labels_
    std::vector<Transitions> matrices_;  ///< one for each pair
};

void Work::count() {
    Tables empty;
    for (std::size_t i = 0; i < pairs_.size(); ++i) empty.tables.push_back(run_.cross_table());
    const std::size_t maps = layers_.size();
    const Tables counted = run_.reduce(layers_, empty, [&](Tables& tables, const Block& block) {
        // A cell counts where all maps show a class.
        thread_local std::vector<std::vector<std::uint16_t>> kept;
        kept.resize(maps);
        const std::size_t cells = block.cells();
        if (maps > 2) {
            for (std::size_t m = 0; m < maps; ++m) kept[m].assign(block.classes(m), block.classes(m) + cells);
            for (std::size_t i = 0; i < cells; ++i) {
                std::size_t with_class = 0;
                for (std::size_t m = 0; m < maps; ++m) with_class += kept[m][i] != 0;
                if (with_class == maps || with_class == 0) continue;
                ++tables.left_out;
                for (std::size_t m = 0; m < maps; ++m) kept[m][i] = 0;
            }
        }
        for (std::size_t p = 0; p < pairs_.size(); ++p)
            run_.add_rows(tables.tables[p], block,
                          maps > 2 ? kept[pairs_[p].from].data() : block.classes(pairs_[p].from),
                          maps > 2 ? kept[pairs_[p].to].data() : block.classes(pairs_[p].to));
    });
    labels_ = run_.class_labels(given_);
    for (const auto& label : labels_) slots_.push_back(run_.class_codes().slot(label.code));
    const FixedArea cell = run_.areas().cell();
    run_.hold(pairs_.size() * slots_.size() * slots_.size() * (sizeof(std::int64_t) + sizeof(FixedArea)),
              "the matrices of " + landcarbon::counted(slots_.size(), "class", "classes"));
    for (std::size_t p = 0; p < pairs_.size(); ++p) {
        Transitions matrix;
        matrix.classes = labels_.size();
        matrix.years = pairs_[p].years;
        for (const std::uint16_t from : slots_) {
            run_.check_cancel();
            for (const std::uint16_t to : slots_) {
                matrix.pixels.push_back(counted.tables[p].count(from, to));
                matrix.areas.push_back(counted.tables[p].area(from, to, cell));
            }
        }
        matrices_.push_back(std::move(matrix));
    }
    std::int64_t left_out = counted.left_out;
    if (maps == 2)
        for (const std::uint16_t slot : slots_)
            left_out += counted.tables[0].count(0, slot) + counted.tables[0].count(slot, 0);
    if (matrices_.front().total() == FixedArea())
        throw wrong("maps",
                    "no cell has a class on all maps, " + layers_.front().name() + " to " + layers_.back().name());
    if (left_out > 0)
        run_.warn(landcarbon::counted(static_cast<std::size_t>(left_out), "cell has", "cells have") +
                  " a class on some maps only and were left out");
}

void Work::set_numbers() {
    const Transitions& whole = matrices_.back();
    const double total = whole.total().hectares();
    const double changed = whole.changed().hectares();
    options_.total_area_ha = total;
    options_.changed_area_ha = changed;
    options_.changed_share = changed / total;
    options_.dynamic_degree = comprehensive_dynamic_degree(whole);
}

void Work::write_change_map() {
    if (!options_.change_map.wanted()) return;
    const ChangeCodes codes = change_codes(labels_);
    RasterDescription description;
    description.bands = {"change " + pairs_.back().name};
    if (codes.largest < 255) {
        description.type = GDT_Byte;
        description.nodata = 255;
    } else if (codes.largest < 65535) {
        description.type = GDT_UInt16;
        description.nodata = 65535;
    } else {
        description.type = GDT_Int32;
        description.nodata = -2147483648.0;
    }
    const std::size_t n = labels_.size();
    const std::size_t stride = run_.class_codes().slots();
    std::vector<std::int32_t> code_of_pair(stride * stride, static_cast<std::int32_t>(description.nodata));
    const Transitions& matrix = matrices_.back();
    bool unchanged_shown = false;
    for (std::size_t from = 0; from < n; ++from)
        for (std::size_t to = 0; to < n; ++to) {
            const auto number = [&](std::size_t k) {
                return codes.by_position ? static_cast<std::int64_t>(k) + 1 : labels_[k].code;
            };
            const bool zero = options_.zero_unchanged && from == to;
            const std::int64_t code = zero ? 0 : number(from) * codes.factor + number(to);
            code_of_pair[slots_[from] * stride + slots_[to]] = static_cast<std::int32_t>(code);
            if (matrix.count(from, to) == 0 || (zero && unchanged_shown)) continue;
            unchanged_shown = unchanged_shown || zero;
            description.style.classes.push_back(
                {code, zero ? "Unchanged" : labels_[from].name + " \u2192 " + labels_[to].name,
                 zero         ? "#e6e6e6"
                 : from == to ? "#e6e6e6"
                              : labels_[to].colour});
        }
    const std::string meaning =
        (codes.by_position ? "position of the earlier class * " : "earlier class * ") + std::to_string(codes.factor) +
        (codes.by_position ? " + position of the later class, classes in ascending order from 1" : " + later class") +
        (options_.zero_unchanged ? "; 0 where unchanged" : "");
    description.metadata = {{"CHANGE_CODE", meaning}, {"CHANGE_CODE_FACTOR", std::to_string(codes.factor)}};
    run_.convention("change map codes", meaning);
    RasterSink* sink = run_.raster(options_.change_map, std::move(description));
    const GDALDataType type = sink->description().type;
    run_.map({layers_.front(), layers_.back()}, {sink}, [&](Block& block) {
        const std::uint16_t* from = block.classes(0);
        const std::uint16_t* to = block.classes(1);
        const auto fill = [&](auto* cells) {
            for (std::size_t i = 0; i < block.cells(); ++i)
                cells[i] = static_cast<std::remove_pointer_t<decltype(cells)>>(code_of_pair[from[i] * stride + to[i]]);
        };
        if (type == GDT_Byte)
            fill(block.output<std::uint8_t>(0));
        else if (type == GDT_UInt16)
            fill(block.output<std::uint16_t>(0));
        else
            fill(block.output<std::int32_t>(0));
    });
}

void Work::write_transitions() {
    using Type = OutputTable::Type;
    OutputTable table({{"period", Type::text},
                       {"from", Type::integer},
                       {"from_name", Type::text},
                       {"to", Type::integer},
                       {"to_name", Type::text},
                       {"pixels", Type::integer},
                       {"area_ha", Type::real},
                       {"share_of_from", Type::real},
                       {"share_of_map", Type::real}});
    if (!options_.transitions.wanted()) return;
    run_.check_rows("transitions", pairs_.size() * labels_.size() * labels_.size(), table.columns().size());
    for (std::size_t p = 0; p < pairs_.size(); ++p) {
        const Transitions& matrix = matrices_[p];
        const double total = matrix.total().hectares();
        for (std::size_t from = 0; from < matrix.classes; ++from) {
            run_.check_cancel();
            const double before = matrix.earlier(from).hectares();
            for (std::size_t to = 0; to < matrix.classes; ++to) {
                const double area = matrix.area(from, to).hectares();
                table.add({pairs_[p].name, labels_[from].code, labels_[from].name, labels_[to].code, labels_[to].name,
                           matrix.count(from, to), area, before > 0 ? Cell{area / before} : Cell{}, area / total});
            }
        }
    }
    run_.write(options_.transitions, table);
}

void Work::write_summary() {
    using Type = OutputTable::Type;
    OutputTable table({{"period", Type::text},
                       {"years", Type::real},
                       {"class", Type::integer},
                       {"name", Type::text},
                       {"earlier_ha", Type::real},
                       {"later_ha", Type::real},
                       {"persistence_ha", Type::real},
                       {"gain_ha", Type::real},
                       {"loss_ha", Type::real},
                       {"net_ha", Type::real},
                       {"swap_ha", Type::real},
                       {"total_change_ha", Type::real},
                       {"dynamic_degree_pct", Type::real}});
    for (std::size_t p = 0; p < pairs_.size(); ++p)
        for (std::size_t k = 0; k < labels_.size(); ++k) {
            const ClassChange change = class_change(matrices_[p], k);
            table.add({pairs_[p].name, pairs_[p].years, labels_[k].code, labels_[k].name, change.earlier.hectares(),
                       change.later.hectares(), change.persistence.hectares(), change.gain.hectares(),
                       change.loss.hectares(), change.net_ha, change.swap_ha, change.total_ha,
                       cell_of(change.dynamic_degree)});
        }
    run_.write(options_.summary, table);
}

/// @param intervals how many there are: a single one cannot be faster or slower than the whole time
std::string finding(const IntensityRow& row, std::size_t intervals) {
    const bool above = row.observed > row.uniform;
    if (row.level == "interval") return intervals < 2 ? "" : above ? "fast" : "slow";
    if (row.level == "category") return above ? "active" : "dormant";
    return above ? "targeted" : "avoided";
}

void Work::write_intensity() {
    using Type = OutputTable::Type;
    OutputTable table({{"level", Type::text},
                       {"period", Type::text},
                       {"change", Type::text},
                       {"from", Type::integer},
                       {"from_name", Type::text},
                       {"to", Type::integer},
                       {"to_name", Type::text},
                       {"intensity_pct", Type::real},
                       {"uniform_pct", Type::real},
                       {"finding", Type::text}});
    if (!options_.intensity.wanted()) return;
    run_.check_rows("intensity", 2 * periods().size() * labels_.size() * labels_.size(), table.columns().size());
    for (const auto& row : intensity_analysis(periods()))
        table.add({row.level, pairs_[row.period].name, row.kind, code_of(row.from), name_of(row.from), code_of(row.to),
                   name_of(row.to), row.observed, row.uniform, finding(row, periods().size())});
    run_.write(options_.intensity, table);
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    Report report("Land-use change", "Transition matrix, gains and losses, intensity of change");
    const Transitions& whole = matrices_.back();
    report.number("Mapped area", format_value(*options_.total_area_ha, 6), "ha", "Cells that have a class on all maps")
        .number("Changed", format_value(*options_.changed_area_ha, 6), "ha", "Between the first and the last map")
        .number("Share changed", format_percent(*options_.changed_share, 2), "", "Of the mapped area")
        .number("Dynamic degree", format_value(*options_.dynamic_degree, 4), years_.empty() ? "% a step" : "% a year",
                "Comprehensive land-use dynamic degree");
    std::vector<std::string> names;
    std::vector<std::string> colours;
    for (const auto& label : labels_) {
        names.push_back(label.name);
        colours.push_back(label.colour);
    }
    report.section("Flows between classes");
    SankeyChart flows;
    for (std::size_t m = 0; m < layers_.size(); ++m)
        flows.dates.push_back(years_.empty() ? "Map " + std::to_string(m + 1) : number_text(years_[m]));
    for (const auto& label : labels_) flows.classes.push_back({label.name, label.colour});
    for (std::size_t p = 0; p + 1 < layers_.size(); ++p)
        for (std::size_t from = 0; from < whole.classes; ++from)
            for (std::size_t to = 0; to < whole.classes; ++to)
                if (const double area = matrices_[p].area(from, to).hectares(); area > 0)
                    flows.links.push_back({p, from, to, area});
    report.figure(sankey(flows), "Area that moves between classes from date to date.");
    for (std::size_t p = 0; p < pairs_.size(); ++p) {
        report.section("Matrix " + pairs_[p].name);
        const Transitions& matrix = matrices_[p];
        run_.check_cancel();
        std::vector<double> sizes;
        for (std::size_t k = 0; k < matrix.classes; ++k)
            sizes.push_back(matrix.earlier(k).hectares() + matrix.later(k).hectares());
        const std::vector<std::size_t> shown = largest_of(sizes);
        HeatMap heat;
        heat.row_labels = heat.column_labels = picked(names, shown);
        heat.row_title = "From";
        heat.column_title = "To";
        heat.value_title = "Area";
        heat.unit = "ha";
        heat.scale = HeatScale::square_root;
        heat.grey_diagonal = true;
        heat.totals = true;
        for (const std::size_t from : shown) {
            heat.values.emplace_back();
            for (const std::size_t to : shown) heat.values.back().push_back(matrix.area(from, to).hectares());
        }
        report.figure(heat_map(heat), "Rows are the earlier classes, columns the later ones; what stayed is grey." +
                                          shown_text(shown.size(), names.size(), "classes"));
        DivergingBars bars;
        bars.categories = names;
        bars.category_colours = colours;
        bars.value_title = "Area";
        bars.unit = "ha";
        TableData summary{{text_column("Class"), number_column("Earlier", "ha"), number_column("Later", "ha"),
                           number_column("Gain", "ha"), number_column("Loss", "ha"), number_column("Net", "ha"),
                           number_column("Swap", "ha"), number_column("Dynamic degree", "%")},
                          {},
                          colours};
        for (std::size_t k = 0; k < labels_.size(); ++k) {
            const ClassChange change = class_change(matrix, k);
            bars.gain.push_back(change.gain.hectares());
            bars.loss.push_back(change.loss.hectares());
            summary.rows.push_back(
                {names[k], format_grouped(change.earlier.hectares(), 1), format_grouped(change.later.hectares(), 1),
                 format_grouped(change.gain.hectares(), 1), format_grouped(change.loss.hectares(), 1),
                 format_signed(change.net_ha, 1), format_grouped(change.swap_ha, 1),
                 change.dynamic_degree ? format_signed(*change.dynamic_degree, 2) : ""});
        }
        report.figure(diverging_bars(bars), "Gains and losses of each class, " + pairs_[p].name + ".");
        report.table(summary, "Change of each class, " + pairs_[p].name);
    }
    report.section("Intensity analysis");
    report.paragraph(
        "Annual change in percent of the area it could come from, compared with a uniform spread of the same change "
        "(Aldwaik & Pontius 2012). Above the uniform value a period is fast, a class is active, a transition is "
        "targeted." +
        std::string(periods().size() < 2 ? " A single period has none to compare with: it is neither fast nor slow."
                                         : ""));
    TableData table{
        {text_column("Level"), text_column("Period"), text_column("Change"), number_column("Intensity", "% a year"),
         number_column("Uniform", "% a year"), text_column("Finding")},
        {}};
    if (labels_.size() > most_shown) {
        report.paragraph("With " + std::to_string(labels_.size()) +
                         " classes there are too many transitions to be shown; they are in the table INTENSITY.");
        run_.write(options_.report, std::move(report));
        return;
    }
    for (const auto& row : intensity_analysis(periods())) {
        std::string what = row.kind;
        if (row.level == "category")
            what = row.kind + " of " + names[static_cast<std::size_t>(std::max(row.from, row.to))];
        if (row.level == "transition")
            what = names[static_cast<std::size_t>(row.from)] + " \u2192 " + names[static_cast<std::size_t>(row.to)];
        table.rows.push_back({row.level, pairs_[row.period].name, what, format_value(row.observed, 4),
                              format_value(row.uniform, 4), finding(row, periods().size())});
    }
    report.table(table, "Intensity at the three levels");
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    layers_ = run_.classes(options_.maps);
    if (layers_.size() < 2) throw wrong("maps", "two or more maps are needed, in time order");
    years_ = read_years(options_.years, "years");
    if (!years_.empty()) check_year_count(years_, layers_.size(), "years", counted(layers_.size(), "map"), "map");
    pairs_ = pairs_of(layers_.size(), years_);
    if (options_.classes.given()) given_ = read_classes(run_.table(options_.classes));
    run_.convention("time", years_.empty() ? "no years given: each step between maps counts as one year"
                                           : "years between maps as given");
    run_.convention("valid cells", "cells that have a class on all maps");
    run_.convention(
        "dynamic degree",
        "changed area / (2 * total area) / years * 100 %; of a class: net change / earlier area / years * 100 %");
    run_.areas();
    run_.expect_passes(options_.change_map.wanted() ? 2 : 1);
    count();
    set_numbers();
    write_change_map();
    write_transitions();
    write_summary();
    write_intensity();
    write_report();
}

}  // namespace

void transition_matrix(TransitionMatrixOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
