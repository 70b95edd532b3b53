// Land Carbon Toolbox: what maps hold inside zones: means, spreads and totals of measurements, areas of classes: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/zonal_summary/zonal_summary.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "engine/report/colour.hpp"
#include "engine/run.hpp"
#include "engine/table_columns.hpp"
#include "engine/unit_panel.hpp"
#include "tables/zonal_summary/summary_medians.hpp"
#include "tables/zonal_summary/summary_names.hpp"
#include "tables/zonal_summary/summary_results.hpp"
#include "tables/zonal_summary/summary_sums.hpp"

namespace landcarbon {
namespace {

/// Formats of layers and databases hold no more columns.
constexpr std::size_t most_columns = 1900;

struct Inputs {
    SummaryRasters rasters;
    ClassTable names;
    Zoning zoning;
    std::optional<std::size_t> name_column;
    bool weighted;  ///< sums hold areas
    bool medians;   ///< wanted, and some raster has one
};

Inputs open(const ZonalSummaryOptions& options, Run& run) {
    SummaryRasters rasters = open_rasters(options, run);
    ClassTable names;
    if (options.class_names.given()) names = read_classes(run.table(options.class_names));
    const bool varying = run.areas().varying();
    std::optional<MetricGrid> grid;
    if (options.grid_size) grid = MetricGrid{*options.grid_size, options.cell_shape};
    const std::size_t bytes = ZoneTally::bytes(rasters);
    Inputs in{std::move(rasters),
              std::move(names),
              Zoning(run, options.zones, grid, options.coverage, bytes),
              {},
              true,
              false};
    in.medians = options.median && in.rasters.measured > 0;
    in.weighted = varying || options.coverage == Coverage::fraction;
    run.hold(in.zoning.size() * bytes, "sums of " + counted(in.zoning.size(), in.zoning.one()));
    if (!options.name_field.empty()) in.name_column = in.zoning.zones().column_called(options.name_field, "name_field");
    return in;
}

void state_conventions(const ZonalSummaryOptions& options, const Inputs& in, Run& run) {
    if (in.rasters.measured > 0) {
        run.convention("mean and standard deviation",
                       "over the area: cells weigh with their exact areas, divisor the area (all cells are known)");
        if (in.medians)
            run.convention("median",
                           "by area: the least value that the cells with it or a smaller one reach half of the area "
                           "with; where they reach exactly half, the mean of it and the next value");
        run.convention("total", "sum of value times exact area in ha over the cells with a value");
    }
    if (in.rasters.classed > 0) {
        run.convention("share of a class", "its area over that of all cells with a class in the zone");
        run.convention("majority", "the class of the largest area; of equal ones that of the lowest code");
    }
    run.convention("valid share", "area of the cells with a value or class over that of all cells of the zone");
    if (!in.zoning.given()) run.convention("zones", "the whole map is one zone");
    if (options.layout == SummaryLayout::rows && !in.rasters.years.empty())
        run.convention("rows of the table",
                       "one for each zone and year; a raster of another year leaves its cells empty");
}

/// What the maps of one thing call the classes, each by its code.
std::map<std::int64_t, ClassLabel> labels_of(const std::string& thing, const Inputs& in,
                                             const std::vector<MapNames>& names) {
    std::map<std::int64_t, ClassLabel> labels;
    for (std::size_t i = 0; i < in.rasters.rasters.size(); ++i) {
        const SummaryRaster& raster = in.rasters.rasters[i];
        if (raster.continuous || in.rasters.variables[raster.variable].thing != thing) continue;
        for (const auto& [code, name] : names[raster.place].names)
            if (labels[code].name.empty()) labels[code].name = name;
        for (const ClassLabel& label : in.rasters.layers[i].file().labels(in.rasters.layers[i].band()))
            if (labels[label.code].colour.empty()) labels[label.code].colour = label.colour;
    }
    return labels;
}

/// The classes of each variable that are in a zone, in the order of codes. What a map calls its classes counts for the
/// maps of the same thing only.
std::vector<std::vector<ClassLabel>> classes_met(const std::vector<ZoneTally>& tallies, const Inputs& in, Run& run) {
    std::vector<std::vector<ClassLabel>> met(in.rasters.variables.size());
    if (in.rasters.classed == 0) return met;
    const std::vector<ClassLabel> all = run.class_labels(in.names);
    const std::vector<MapNames> names = run.class_names();  // by place
    for (std::size_t v = 0; v < met.size(); ++v) {
        const SummaryVariable& variable = in.rasters.variables[v];
        if (variable.continuous) continue;
        std::set<std::uint16_t> slots;
        for (const ZoneTally& tally : tallies)
            for (const std::size_t raster : variable.rasters)
                for (const ClassSums& found : tally.classes[in.rasters.rasters[raster].place]) slots.insert(found.slot);
        std::map<std::int64_t, ClassLabel> own = labels_of(variable.thing, in, names);
        for (std::size_t i = 0; i < all.size(); ++i) {
            const std::int64_t code = all[i].code;
            if (!slots.count(run.class_codes().slot(code))) continue;
            ClassLabel label = own[code];
            label.code = code;
            if (const auto given = in.names.find(code); given != in.names.end()) {
                if (!given->second.name.empty()) label.name = given->second.name;
                if (!given->second.colour.empty()) label.colour = given->second.colour;
            }
            if (label.name.empty()) label.name = "Class " + std::to_string(code);
            label.colour = colour_or_palette(label.colour, i);
            met[v].push_back(std::move(label));
        }
    }
    return met;
}

ZoneMeasure measure_of(const MeasureSums& sums, double zone_ha, bool weighted, FixedArea cell) {
    ZoneMeasure measure;
    measure.area_ha = sums.sums.area.hectares();
    if (zone_ha > 0) measure.valid = std::min(1.0, measure.area_ha / zone_ha);
    if (sums.sums.cells == 0) return measure;
    const AreaMoments moments = area_moments(sums.sums, weighted);
    measure.mean = moments.mean;
    measure.sd = moments.sd;
    measure.low = sums.low;
    measure.high = sums.high;
    measure.total = sums.sums.values.value() * (weighted ? 1 : cell.hectares());
    return measure;
}

ZoneClasses classes_of(const std::vector<ClassSums>& sums, const std::vector<std::size_t>& slots, double zone_ha) {
    ZoneClasses classes;
    FixedArea all, largest;
    classes.areas.assign(slots.size(), 0);
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const auto found =
            std::find_if(sums.begin(), sums.end(), [&](const ClassSums& s) { return s.slot == slots[i]; });
        if (found == sums.end()) continue;
        all += found->area;
        classes.areas[i] = found->area.hectares();
        if (!classes.majority || largest < found->area) {
            classes.majority = i;
            largest = found->area;
        }
    }
    classes.area_ha = all.hectares();
    if (zone_ha > 0) classes.valid = std::min(1.0, classes.area_ha / zone_ha);
    return classes;
}

using ZoneMedians = std::vector<std::vector<std::optional<double>>>;

/// @param medians empty where none are wanted
SummaryResults results_of(const std::vector<ZoneTally>& tallies, const ZoneMedians& medians, const Inputs& in,
                          Run& run) {
    SummaryResults results;
    results.classes = classes_met(tallies, in, run);
    std::vector<std::vector<std::size_t>> slots(results.classes.size());
    for (std::size_t v = 0; v < slots.size(); ++v)
        for (const ClassLabel& label : results.classes[v]) slots[v].push_back(run.class_codes().slot(label.code));
    for (std::size_t zone = 0; zone < tallies.size(); ++zone) {
        const ZoneTally& tally = tallies[zone];
        ZoneResult result;
        result.zone = zone;
        result.name = in.name_column ? in.zoning.text(zone, *in.name_column) : in.zoning.name(zone);
        if (result.name.empty()) result.name = "Zone " + std::to_string(zone + 1);
        result.cells = tally.cells;
        result.area_ha = tally.area.hectares();
        for (const MeasureSums& sums : tally.measures)
            result.measures.push_back(measure_of(sums, result.area_ha, in.weighted, run.areas().cell()));
        if (in.medians)
            for (std::size_t place = 0; place < result.measures.size(); ++place)
                result.measures[place].median = medians[zone][place];
        for (const SummaryRaster& raster : in.rasters.rasters)
            if (!raster.continuous)
                result.classes.push_back(
                    classes_of(tally.classes[raster.place], slots[raster.variable], result.area_ha));
        if (result.empty()) {
            if (in.zoning.squares()) continue;
            ++results.empty;
        }
        results.zones.push_back(std::move(result));
    }
    if (results.zones.size() == results.empty)
        throw wrong(in.zoning.polygons() ? "zones" : "rasters",
                    in.zoning.polygons() ? "no cell of RASTERS with a value lies in a zone" : "no cell has a value");
    return results;
}

using Columns = TableColumns<ZoneResult>;

/// Names of columns, each once, whatever the case.
class ColumnNames {
public:
    std::string once(const std::string& name) {
        std::string own = name;
        for (int n = 2; !taken_.insert(plain_name(own)).second; ++n) own = name + "_" + std::to_string(n);
        if (own != name) changed_.push_back(own + " for " + name);
        return own;
    }
    /// Columns whose name another one has, in words.
    const std::vector<std::string>& changed() const { return changed_; }

private:
    std::set<std::string> taken_;
    std::vector<std::string> changed_;
};

/// The columns of one raster. @param prefix before each name, with its joint; may be empty
void add_columns(Columns& columns, ColumnNames& names, const std::string& prefix, const SummaryRaster& raster,
                 const std::vector<ClassLabel>& classes, bool medians) {
    const std::size_t place = raster.place;
    const auto add = [&](const std::string& name, auto value) { columns.add(names.once(prefix + name), value); };
    if (raster.continuous) {
        const auto measured = [&](const std::string& name, std::optional<double> ZoneMeasure::*what) {
            add(name, [place, what](const ZoneResult& zone) { return zone.measures[place].*what; });
        };
        measured("mean", &ZoneMeasure::mean);
        measured("sd", &ZoneMeasure::sd);
        measured("min", &ZoneMeasure::low);
        measured("max", &ZoneMeasure::high);
        if (medians) measured("median", &ZoneMeasure::median);
        measured("total", &ZoneMeasure::total);
        add("valid_ha", [place](const ZoneResult& zone) { return zone.measures[place].area_ha; });
        measured("valid", &ZoneMeasure::valid);
        return;
    }
    std::vector<std::string> told;
    const std::vector<std::string> words = class_words(classes, told);
    for (std::size_t i = 0; i < classes.size(); ++i)
        add(words[i] + "_ha", [place, i](const ZoneResult& zone) { return zone.classes[place].areas[i]; });
    for (std::size_t i = 0; i < classes.size(); ++i)
        add(words[i] + "_share", [place, i](const ZoneResult& zone) { return zone.classes[place].share(i); });
    add("majority", [place, classes](const ZoneResult& zone) {
        const auto& majority = zone.classes[place].majority;
        return majority ? std::optional<double>(static_cast<double>(classes[*majority].code)) : std::nullopt;
    });
    add("majority_name", [place, classes](const ZoneResult& zone) {
        const auto& majority = zone.classes[place].majority;
        return majority ? classes[*majority].name : std::string();
    });
    add("valid_ha", [place](const ZoneResult& zone) { return zone.classes[place].area_ha; });
    add("valid", [place](const ZoneResult& zone) { return zone.classes[place].valid; });
}

std::size_t column_count(const SummaryResults& results, const Inputs& in) {
    std::size_t count = 0;
    for (const SummaryRaster& raster : in.rasters.rasters)
        count += raster.continuous ? 8 : 4 + 2 * results.classes[raster.variable].size();
    return count;
}

void check_columns(const SummaryResults& results, const Inputs& in, Run& run) {
    const std::size_t count = column_count(results, in);
    if (count > most_columns)
        throw wrong("rasters", std::to_string(count) + " columns are more than layers and tables can hold (" +
                                   std::to_string(most_columns) +
                                   "); name rasters that hold measurements in CONTINUOUS, or give fewer rasters");
    run.check_rows("grid_size", results.zones.size(), count);
}

Columns wide_columns(const SummaryResults& results, const Inputs& in, bool named) {
    Columns columns;
    ColumnNames names;
    columns.add(names.once("zone"), [](const ZoneResult& zone) { return static_cast<std::int64_t>(zone.zone) + 1; });
    if (named) columns.add(names.once("name"), &ZoneResult::name);
    columns.add(names.once("cells"), &ZoneResult::cells);
    columns.add(names.once("area_ha"), &ZoneResult::area_ha);
    for (const SummaryRaster& raster : in.rasters.rasters)
        add_columns(columns, names, raster.label + "_", raster, results.classes[raster.variable], in.medians);
    return columns;
}

/// Warns of columns whose own name another one has.
void tell_columns(const SummaryResults& results, const Inputs& in, Run& run) {
    constexpr std::size_t most = 6;
    std::vector<std::string> told;
    for (const std::vector<ClassLabel>& classes : results.classes) class_words(classes, told);
    if (!told.empty())
        run.warn("RASTERS: names of classes differ by punctuation alone: " + listed_entries(told, most) +
                 ". CLASS_NAMES can tell them apart");
    ColumnNames names;
    Columns columns;
    for (const SummaryRaster& raster : in.rasters.rasters)
        add_columns(columns, names, raster.label + "_", raster, results.classes[raster.variable], in.medians);
    if (!names.changed().empty())
        run.warn("RASTERS: several columns would bear one name; the later ones are called " +
                 listed_entries(names.changed(), most) + ". RASTER_NAMES can tell them apart");
}

/// One row for each zone and year. A variable that has no raster of a year leaves its cells empty there.
OutputTable rows_by_year(const SummaryResults& results, const Inputs& in) {
    const bool whole = std::all_of(in.rasters.years.begin(), in.rasters.years.end(),
                                   [](double year) { return year == std::floor(year); });
    const bool alone = in.rasters.variables.size() == 1;
    using Type = OutputTable::Type;
    std::vector<OutputTable::Column> declared = {{"zone", Type::integer},
                                                 {"name", Type::text},
                                                 {"year", whole ? Type::integer : Type::real},
                                                 {"cells", Type::integer},
                                                 {"area_ha", Type::real}};
    ColumnNames names;
    for (const auto& column : declared) names.once(column.name);
    // The columns of each variable, and where each year's rows of them stand.
    std::vector<std::vector<std::optional<OutputTable>>> parts(in.rasters.variables.size());
    std::vector<std::size_t> widths;
    for (std::size_t v = 0; v < parts.size(); ++v) {
        const SummaryVariable& variable = in.rasters.variables[v];
        parts[v].resize(in.rasters.years.size());
        ColumnNames own = names;
        for (const std::size_t i : variable.rasters) {
            const SummaryRaster& raster = in.rasters.rasters[i];
            own = names;
            Columns columns;
            add_columns(columns, own, alone ? "" : variable.name + "_", raster, results.classes[v], in.medians);
            const auto year = std::find(in.rasters.years.begin(), in.rasters.years.end(), *raster.year);
            parts[v][static_cast<std::size_t>(year - in.rasters.years.begin())] = columns.of(results.zones);
        }
        names = own;
        const auto& some = *std::find_if(parts[v].begin(), parts[v].end(), [](const auto& p) { return p.has_value(); });
        declared.insert(declared.end(), some->columns().begin(), some->columns().end());
        widths.push_back(some->columns().size());
    }
    OutputTable table(declared);
    for (std::size_t row = 0; row < results.zones.size(); ++row)
        for (std::size_t year = 0; year < in.rasters.years.size(); ++year) {
            const ZoneResult& zone = results.zones[row];
            const double time = in.rasters.years[year];
            std::vector<Cell> cells = {static_cast<std::int64_t>(zone.zone) + 1, zone.name,
                                       whole ? Cell(static_cast<std::int64_t>(time)) : Cell(time), zone.cells,
                                       zone.area_ha};
            for (std::size_t v = 0; v < parts.size(); ++v) {
                if (parts[v][year])
                    cells.insert(cells.end(), parts[v][year]->rows()[row].begin(), parts[v][year]->rows()[row].end());
                else
                    cells.resize(cells.size() + widths[v]);
            }
            table.add(std::move(cells));
        }
    return table;
}

/// Zones are drawn by the first raster; the legend begins with what is drawn.
VectorStyle style_of(const OutputTable& told, const SummaryResults& results, const SummaryRasters& rasters) {
    VectorStyle style;
    const SummaryRaster& first = rasters.rasters.front();
    const auto field = [&](const std::string& name) {
        for (const auto& column : told.columns())
            if (plain_name(column.name) == plain_name(name)) return column.name;
        return name;
    };
    const std::string what =
        rasters.variables[first.variable].name + (first.year ? " " + number_text(*first.year) : "");
    if (!first.continuous) {
        style.field = field(first.label + "_majority");
        style.classes = results.classes[first.variable];
        if (!style.classes.empty())
            style.classes.front().name = "Largest class of " + what + ": " + style.classes.front().name;
        return style;
    }
    style.field = field(first.label + "_mean");
    style.ranges = mean_classes(results, first.place);
    if (!style.ranges.empty()) style.ranges.front().label = "Mean of " + what + ": " + style.ranges.front().label;
    return style;
}

void write_layer(const ZonalSummaryOptions& options, const SummaryResults& results, const Inputs& in, Run& run) {
    if (!options.summary.wanted()) return;
    const OutputTable told = wide_columns(results, in, false).of(results.zones);
    const Zones& zones = in.zoning.zones();
    OutputTable layer(zone_columns(zones, told.columns()));
    layer.crs = run.grid().crs;
    for (std::size_t i = 0; i < results.zones.size(); ++i) {
        const std::size_t zone = results.zones[i].zone;
        std::vector<Cell> row = zones.attributes(zone);
        row.insert(row.end(), told.rows()[i].begin(), told.rows()[i].end());
        layer.add(std::move(row), zones.geometry(zone));
    }
    run.write(options.summary, layer, style_of(told, results, in.rasters));
}

}  // namespace

void zonal_summary(ZonalSummaryOptions& options, Run& run) {
    const Inputs in = open(options, run);
    state_conventions(options, in, run);
    run.expect_passes(in.medians ? 3 : 1);
    const std::vector<ZoneTally> tallies = sum_zones(in.rasters, in.zoning.zones(), in.weighted, run);
    const ZoneMedians medians = in.medians ? zone_medians(in.rasters, in.zoning.zones(), tallies, run) : ZoneMedians();
    const SummaryResults results = results_of(tallies, medians, in, run);
    check_columns(results, in, run);
    tell_columns(results, in, run);
    if (results.empty > 0)
        run.warn(counted(results.empty, "zone") + " without any cell with a value: their numbers are empty");
    options.zone_count = static_cast<double>(results.zones.size() - results.empty);
    options.empty_zones = static_cast<double>(results.empty);
    double area = 0;
    for (const ZoneResult& zone : results.zones) area += zone.area_ha;
    options.zone_area_ha = area;
    run.write(options.table, options.layout == SummaryLayout::rows ? rows_by_year(results, in)
                                                                   : wide_columns(results, in, true).of(results.zones));
    write_layer(options, results, in, run);
    if (options.report.wanted()) run.write(options.report, summary_report(results, in.rasters, in.zoning, run));
}

}  // namespace landcarbon
