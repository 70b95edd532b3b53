// Land Carbon Toolbox: transition matrix of two or more dated land-cover maps: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/transition_matrix/transition_matrix.hpp"

#include <algorithm>
#include <atomic>

#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "engine/step_order.hpp"
#include "land_change/transition_matrix/change_frequency.hpp"
#include "land_change/transition_matrix/transition_results.hpp"

namespace landcarbon {
namespace {

struct Inputs {
    std::vector<Layer> layers;
    std::vector<double> years;
    std::vector<Period> periods;
    ClassTable given;
    std::unique_ptr<Zoning> zoning;  ///< nullptr without zones
};

/// Cross tables of several pairs of maps, counted in one pass.
struct Tables {
    static constexpr bool order_free = true;
    std::vector<CrossTable> tables;
    std::map<std::uint32_t, std::vector<CrossTable>> zones;  ///< of the zones that were met
    std::int64_t left_out = 0;                               ///< cells that some maps show and others do not
    void merge(const Tables& other) {
        for (std::size_t i = 0; i < tables.size(); ++i) tables[i].merge(other.tables[i]);
        for (const auto& [zone, of_zone] : other.zones) {
            const auto [mine, fresh] = zones.emplace(zone, of_zone);
            for (std::size_t i = 0; !fresh && i < of_zone.size(); ++i) mine->second[i].merge(of_zone[i]);
        }
        left_out += other.left_out;
    }
};

std::vector<Period> periods_of(std::size_t maps, const std::vector<double>& years) {
    std::vector<Period> periods;
    const auto add = [&](std::size_t from, std::size_t to) {
        const bool known = !years.empty();
        periods.push_back({from, to,
                           known ? number_text(years[from]) + "-" + number_text(years[to])
                                 : std::to_string(from + 1) + "-" + std::to_string(to + 1),
                           known ? years[to] - years[from] : static_cast<double>(to - from)});
    };
    for (std::size_t i = 0; i + 1 < maps; ++i) add(i, i + 1);
    if (maps > 2) add(0, maps - 1);
    return periods;
}

Inputs open(const TransitionMatrixOptions& options, Run& run) {
    Inputs inputs;
    inputs.layers = run.classes(options.maps);
    const std::size_t maps = inputs.layers.size();
    if (maps < 2) throw wrong("maps", "two or more maps are needed, in time order");
    inputs.years = read_years(options.years, "years");
    if (!inputs.years.empty()) check_year_count(inputs.years, maps, "years", counted(maps, "map"), "map");
    inputs.periods = periods_of(maps, inputs.years);
    if (options.classes.given()) inputs.given = read_classes(run.table(options.classes));
    run.convention("time", inputs.years.empty() ? "no years given: each step between maps counts as one year"
                                                : "years between maps as given");
    run.convention("valid cells", "cells that have a class on all maps");
    run.convention(
        "dynamic degree",
        "changed area / (2 * total area) / years * 100 %; of a class: net change / earlier area / years * 100 %");
    run.areas();
    if (options.zones.given()) inputs.zoning = std::make_unique<Zoning>(run, options.zones, std::nullopt, 0);
    return inputs;
}

/// Adds the cells of each zone to the zone's tables. @throws UserError naming MEMORY
void add_zones(Tables& tables, const Block& block, const std::vector<const std::uint16_t*>& classes,
               const Inputs& inputs, Run& run, std::atomic<std::size_t>& bytes) {
    const std::size_t slots = run.class_codes().slots();
    const CellAreas& areas = run.areas();
    std::size_t grown = 0;
    for (const ZoneRun& part : inputs.zoning->zones().runs(block.window)) {
        auto [zone, fresh] = tables.zones.try_emplace(part.zone);
        if (fresh) zone->second.assign(inputs.periods.size(), run.cross_table());
        const std::size_t start = static_cast<std::size_t>(part.row) * static_cast<std::size_t>(block.window.width) +
                                  static_cast<std::size_t>(part.first);
        const auto cells = static_cast<std::size_t>(part.last - part.first);
        const FixedArea area = areas.row(block.window.y + part.row);
        for (std::size_t p = 0; p < inputs.periods.size(); ++p) {
            CrossTable& table = zone->second[p];
            const std::size_t before = table.bytes();
            table.add(classes[inputs.periods[p].from] + start, classes[inputs.periods[p].to] + start, cells, slots,
                      area);
            grown += table.bytes() - before;
        }
    }
    if (grown > 0 && (bytes += grown) > run.options().memory_bytes() / 2)
        throw wrong("memory", "the matrices of " + counted(inputs.zoning->size(), "zone") + " with " +
                                  counted(slots - 1, "class", "classes") +
                                  " and more need more than half of the memory allowed; give more memory, fewer zones "
                                  "or maps with fewer classes");
}

/// Counts all pairs of classes, and writes on the way how often cells change.
Tables count(const Inputs& inputs, const TransitionMatrixOptions& options, Run& run) {
    Tables empty;
    for (std::size_t i = 0; i < inputs.periods.size(); ++i) empty.tables.push_back(run.cross_table());
    const std::size_t maps = inputs.layers.size();
    const ChangeFrequency frequency(maps, inputs.years);
    RasterSink* const sink =
        options.change_frequency.wanted() ? run.raster(options.change_frequency, frequency.description()) : nullptr;
    std::atomic<std::size_t> zone_bytes{0};
    const auto add = [&](Tables& tables, Block& block) {
        thread_local std::vector<std::vector<std::uint16_t>> kept;
        std::vector<const std::uint16_t*> classes;
        for (std::size_t m = 0; m < maps; ++m) classes.push_back(block.classes(m));
        if (sink) frequency.fill(block, classes);
        const std::size_t cells = block.cells();
        // A cell counts where all maps show a class; of two maps the pairs with slot 0 tell which cells do not.
        if (maps > 2) {
            kept.resize(maps);
            for (std::size_t m = 0; m < maps; ++m) {
                kept[m].assign(classes[m], classes[m] + cells);
                classes[m] = kept[m].data();
            }
            for (std::size_t i = 0; i < cells; ++i) {
                std::size_t with_class = 0;
                for (std::size_t m = 0; m < maps; ++m) with_class += kept[m][i] != 0;
                if (with_class == maps || with_class == 0) continue;
                ++tables.left_out;
                for (std::size_t m = 0; m < maps; ++m) kept[m][i] = 0;
            }
        }
        for (std::size_t p = 0; p < inputs.periods.size(); ++p)
            run.add_rows(tables.tables[p], block, classes[inputs.periods[p].from], classes[inputs.periods[p].to]);
        if (inputs.zoning) add_zones(tables, block, classes, inputs, run, zone_bytes);
    };
    return run.reduce(inputs.layers, empty, add, {sink});
}

/// @param slots of the classes, in the order of the matrix
Transitions matrix_of(const CrossTable& table, const std::vector<std::uint16_t>& slots, double years, FixedArea cell,
                      Run& run) {
    Transitions matrix;
    matrix.classes = slots.size();
    matrix.years = years;
    for (const std::uint16_t from : slots) {
        run.check_cancel();
        for (const std::uint16_t to : slots) {
            matrix.pixels.push_back(table.count(from, to));
            matrix.areas.push_back(table.area(from, to, cell));
        }
    }
    return matrix;
}

std::vector<std::uint16_t> slots_of(const std::vector<ClassLabel>& labels, Run& run) {
    std::vector<std::uint16_t> slots;
    for (const auto& label : labels) slots.push_back(run.class_codes().slot(label.code));
    return slots;
}

void check_found(const TransitionResults& results, const Tables& counts, const Inputs& inputs, Run& run) {
    std::int64_t left_out = counts.left_out;
    if (inputs.layers.size() == 2)
        for (const std::uint16_t slot : slots_of(results.labels, run))
            left_out += counts.tables[0].count(0, slot) + counts.tables[0].count(slot, 0);
    if (results.matrices.front().total() == FixedArea())
        throw wrong("maps", "no cell has a class on all maps, " + inputs.layers.front().name() + " to " +
                                inputs.layers.back().name());
    if (left_out > 0)
        run.warn(counted(static_cast<std::size_t>(left_out), "cell has", "cells have") +
                 " a class on some maps only and were left out");
}

TransitionResults compute(const Inputs& inputs, const Tables& counts, Run& run) {
    TransitionResults results;
    results.years = inputs.years;
    results.periods = inputs.periods;
    results.labels = run.class_labels(inputs.given);
    const std::vector<std::uint16_t> slots = slots_of(results.labels, run);
    const std::size_t zones = inputs.zoning ? inputs.zoning->size() : 0;
    run.hold(
        (1 + zones) * inputs.periods.size() * slots.size() * slots.size() * (sizeof(std::int64_t) + sizeof(FixedArea)),
        "the matrices of " + counted(slots.size(), "class", "classes") +
            (zones > 0 ? " in " + counted(zones, "zone") : ""));
    const FixedArea cell = run.areas().cell();
    const CrossTable none = run.cross_table();
    for (std::size_t p = 0; p < inputs.periods.size(); ++p)
        results.matrices.push_back(matrix_of(counts.tables[p], slots, inputs.periods[p].years, cell, run));
    check_found(results, counts, inputs, run);
    for (std::size_t zone = 0; zone < zones; ++zone) {
        const auto met = counts.zones.find(static_cast<std::uint32_t>(zone));
        results.zones.emplace_back();
        for (std::size_t p = 0; p < inputs.periods.size(); ++p)
            results.zones.back().push_back(matrix_of(met == counts.zones.end() ? none : met->second[p], slots,
                                                     inputs.periods[p].years, cell, run));
    }
    return results;
}

void set_numbers(TransitionMatrixOptions& options, const Transitions& whole) {
    options.total_area_ha = whole.total().hectares();
    options.changed_area_ha = whole.changed().hectares();
    options.changed_share = changed_share(whole);
    options.dynamic_degree = comprehensive_dynamic_degree(whole);
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

void write_change_map(const TransitionMatrixOptions& options, const TransitionResults& results,
                      const std::vector<Layer>& layers, Run& run) {
    if (!options.change_map.wanted()) return;
    const std::vector<ClassLabel>& labels = results.labels;
    const std::vector<std::uint16_t> slots = slots_of(labels, run);
    const ChangeCodes codes = change_codes(labels);
    RasterDescription description;
    description.bands = {"change " + results.periods.back().name};
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
    const std::size_t n = labels.size();
    const std::size_t stride = run.class_codes().slots();
    std::vector<std::int32_t> code_of_pair(stride * stride, static_cast<std::int32_t>(description.nodata));
    const Transitions& matrix = results.whole();
    bool unchanged_shown = false;
    for (std::size_t from = 0; from < n; ++from)
        for (std::size_t to = 0; to < n; ++to) {
            const auto number = [&](std::size_t k) {
                return codes.by_position ? static_cast<std::int64_t>(k) + 1 : labels[k].code;
            };
            const bool zero = options.zero_unchanged && from == to;
            const std::int64_t code = zero ? 0 : number(from) * codes.factor + number(to);
            code_of_pair[slots[from] * stride + slots[to]] = static_cast<std::int32_t>(code);
            if (matrix.count(from, to) == 0 || (zero && unchanged_shown)) continue;
            unchanged_shown = unchanged_shown || zero;
            description.style.classes.push_back({code,
                                                 zero ? "Unchanged" : labels[from].name + " \u2192 " + labels[to].name,
                                                 zero         ? "#e6e6e6"
                                                 : from == to ? "#e6e6e6"
                                                              : labels[to].colour});
        }
    const std::string meaning =
        (codes.by_position ? "position of the earlier class * " : "earlier class * ") + std::to_string(codes.factor) +
        (codes.by_position ? " + position of the later class, classes in ascending order from 1" : " + later class") +
        (options.zero_unchanged ? "; 0 where unchanged" : "");
    description.metadata = {{"CHANGE_CODE", meaning}, {"CHANGE_CODE_FACTOR", std::to_string(codes.factor)}};
    run.convention("change map codes", meaning);
    RasterSink* sink = run.raster(options.change_map, std::move(description));
    const GDALDataType type = sink->description().type;
    run.map({layers.front(), layers.back()}, {sink}, [&](Block& block) {
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

void write_transitions(const TransitionMatrixOptions& options, const TransitionResults& results, Run& run) {
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
    if (!options.transitions.wanted()) return;
    run.check_rows("transitions", results.periods.size() * results.labels.size() * results.labels.size(),
                   table.columns().size());
    for (std::size_t p = 0; p < results.periods.size(); ++p) {
        const Transitions& matrix = results.matrices[p];
        const double total = matrix.total().hectares();
        for (std::size_t from = 0; from < matrix.classes; ++from) {
            run.check_cancel();
            const double before = matrix.earlier(from).hectares();
            for (std::size_t to = 0; to < matrix.classes; ++to) {
                const double area = matrix.area(from, to).hectares();
                table.add({results.periods[p].name, results.labels[from].code, results.labels[from].name,
                           results.labels[to].code, results.labels[to].name, matrix.count(from, to), area,
                           before > 0 ? Cell{area / before} : Cell{}, area / total});
            }
        }
    }
    run.write(options.transitions, table);
}

void write_summary(const TransitionMatrixOptions& options, const TransitionResults& results, Run& run) {
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
    for (std::size_t p = 0; p < results.periods.size(); ++p)
        for (std::size_t k = 0; k < results.labels.size(); ++k) {
            const ClassChange change = class_change(results.matrices[p], k);
            table.add({results.periods[p].name, results.periods[p].years, results.labels[k].code,
                       results.labels[k].name, change.earlier.hectares(), change.later.hectares(),
                       change.persistence.hectares(), change.gain.hectares(), change.loss.hectares(), change.net_ha,
                       change.swap_ha, change.total_ha, cell_of(change.dynamic_degree)});
        }
    run.write(options.summary, table);
}

void write_intensity(const TransitionMatrixOptions& options, const TransitionResults& results, Run& run) {
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
    if (!options.intensity.wanted()) return;
    const auto label = [&](std::ptrdiff_t k) { return results.labels[static_cast<std::size_t>(k)]; };
    const auto code_of = [&](std::ptrdiff_t k) { return k < 0 ? Cell{} : Cell{label(k).code}; };
    const auto name_of = [&](std::ptrdiff_t k) { return k < 0 ? Cell{} : Cell{label(k).name}; };
    run.check_rows("intensity", 2 * results.steps() * results.labels.size() * results.labels.size(),
                   table.columns().size());
    for (const auto& row : intensity_analysis(results.each_step()))
        table.add({row.level, results.periods[row.period].name, row.kind, code_of(row.from), name_of(row.from),
                   code_of(row.to), name_of(row.to), row.observed, row.uniform, finding(row, results.steps())});
    run.write(options.intensity, table);
}

/// Colours and labels go by fifths of the largest share, so that groups of two runs can be compared at a glance.
void write_zone_change(const TransitionMatrixOptions& options, const TransitionResults& results, const Zoning& zoning,
                       Run& run) {
    if (!options.zone_change.wanted()) return;
    using Type = OutputTable::Type;
    OutputTable table(zone_columns(zoning.zones(), {{"area_ha", Type::real},
                                                    {"changed_ha", Type::real},
                                                    {"changed_share", Type::real},
                                                    {"dynamic_degree_pct", Type::real}}));
    table.crs = run.grid().crs;
    for (std::size_t zone = 0; zone < zoning.size(); ++zone) {
        const Transitions& change = results.zones[zone].back();
        std::vector<Cell> row = zoning.zones().attributes(zone);
        const auto share = changed_share(change);
        for (const Cell& value : {Cell{change.total().hectares()}, share ? Cell{change.changed().hectares()} : Cell{},
                                  cell_of(share), cell_of(comprehensive_dynamic_degree(change))})
            row.push_back(value);
        table.add(std::move(row), zoning.zones().geometry(zone));
    }
    VectorStyle style;
    style.field = "changed_share";
    style.ranges = share_groups(results);
    run.write(options.zone_change, table, style);
}

void write_zone_transitions(const TransitionMatrixOptions& options, const TransitionResults& results,
                            const Zoning& zoning, Run& run) {
    if (!options.zone_transitions.wanted()) return;
    using Type = OutputTable::Type;
    OutputTable table({{"zone", Type::integer},
                       {"zone_name", Type::text},
                       {"period", Type::text},
                       {"from", Type::integer},
                       {"from_name", Type::text},
                       {"to", Type::integer},
                       {"to_name", Type::text},
                       {"pixels", Type::integer},
                       {"area_ha", Type::real},
                       {"share_of_from", Type::real},
                       {"share_of_zone", Type::real}});
    std::size_t rows = 0;
    for (const auto& of_zone : results.zones)
        for (const Transitions& matrix : of_zone)
            rows += matrix.pixels.size() -
                    static_cast<std::size_t>(std::count(matrix.pixels.begin(), matrix.pixels.end(), 0));
    run.check_rows("zone_transitions", rows, table.columns().size());
    for (std::size_t zone = 0; zone < results.zones.size(); ++zone)
        for (std::size_t p = 0; p < results.periods.size(); ++p) {
            run.check_cancel();
            const Transitions& matrix = results.zones[zone][p];
            const double total = matrix.total().hectares();
            for (std::size_t from = 0; from < matrix.classes; ++from) {
                const double before = matrix.earlier(from).hectares();
                for (std::size_t to = 0; to < matrix.classes; ++to) {
                    if (matrix.count(from, to) == 0) continue;
                    const double area = matrix.area(from, to).hectares();
                    table.add({static_cast<std::int64_t>(zone) + 1, zoning.name(zone), results.periods[p].name,
                               results.labels[from].code, results.labels[from].name, results.labels[to].code,
                               results.labels[to].name, matrix.count(from, to), area, area / before, area / total});
                }
            }
        }
    run.write(options.zone_transitions, table);
}

}  // namespace

std::string finding(const IntensityRow& row, std::size_t intervals) {
    const bool above = row.observed > row.uniform;
    if (row.level == "interval") return intervals < 2 ? "" : above ? "fast" : "slow";
    if (row.level == "category") return above ? "active" : "dormant";
    return above ? "targeted" : "avoided";
}

std::vector<RampStop> share_groups(const TransitionResults& results) {
    double highest = 0;
    for (const auto& of_zone : results.zones) highest = std::max(highest, changed_share(of_zone.back()).value_or(0));
    if (highest <= 0) return {};
    std::vector<RampStop> groups = sequential_ramp(0, highest);
    const auto count = static_cast<double>(groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const double lower = highest * static_cast<double>(i) / count;
        groups[i].value = i + 1 < groups.size() ? highest * static_cast<double>(i + 1) / count : highest;
        groups[i].label = (i == 0 ? "Up to " : format_percent(lower, 1) + " to ") + format_percent(groups[i].value, 1);
    }
    return groups;
}

void transition_matrix(TransitionMatrixOptions& options, Run& run) {
    const Inputs inputs = open(options, run);
    run.expect_passes(options.change_map.wanted() ? 2 : 1);
    const TransitionResults results = compute(inputs, count(inputs, options, run), run);
    set_numbers(options, results.whole());
    write_change_map(options, results, inputs.layers, run);
    write_transitions(options, results, run);
    write_summary(options, results, run);
    write_intensity(options, results, run);
    if (inputs.zoning) {
        write_zone_change(options, results, *inputs.zoning, run);
        write_zone_transitions(options, results, *inputs.zoning, run);
    }
    if (options.report.wanted()) run.write(options.report, transition_report(results, inputs.zoning.get(), run));
}

}  // namespace landcarbon
