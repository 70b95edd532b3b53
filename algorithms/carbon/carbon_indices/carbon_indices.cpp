// Land Carbon Toolbox: carbon indices of regions by unit and year: reading, checking and writing.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_indices/carbon_indices.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "carbon/carbon_indices/index_table.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"

namespace landcarbon {
namespace {

using Type = OutputTable::Type;

/// What stands in INDICES beside the kept columns.
const std::vector<std::string>& own_columns() {
    static const std::vector<std::string> names = {"unit",
                                                   "year",
                                                   "ce_agriculture_t",
                                                   "ce_energy_t",
                                                   "ce_population_t",
                                                   "ce_livestock_t",
                                                   "ce_t",
                                                   "cs_crops_t",
                                                   "cs_land_t",
                                                   "cs_t",
                                                   "nce_t",
                                                   "ecc",
                                                   "esc",
                                                   "cf_ha",
                                                   "ec_ha",
                                                   "ed_ha",
                                                   "filled",
                                                   "filled_quantities",
                                                   "note"};
    return names;
}

Cell cell(double value) { return std::isfinite(value) ? Cell(value) : Cell(); }
Cell cell(const std::optional<double>& value) { return cell_of(value); }

double or_gap(const std::optional<double>& value) { return value.value_or(std::nan("")); }

class Work {
public:
    Work(CarbonIndicesOptions& options, Run& run)
        : options_(options),
          run_(run),
          units_(run.table(options.units, true)),
          coefficients_(run.table(options.coefficients)) {}

    void operator()() {
        find_fields();
        read_panel();
        tableau_.filled = fill_gaps(tableau_.panel, options_.fill);
        compute_indices(tableau_, coefficients_, options_.incomplete, options_.footprint);
        read_polygons();
        state_conventions();
        warn();
        write_indices();
        write_region();
        if (options_.report.wanted()) run_.write(options_.report, indices_report(tableau_, shapes_, crs_));
        set_numbers();
    }

private:
    /// A kept column: its type and, for each time, where it stands.
    struct Kept {
        std::string name;
        Type type{};
        std::vector<std::optional<std::size_t>> columns;  ///< one a time, or a single one for all times
    };

    bool by_columns() const { return options_.layout == SeriesLayout::columns; }
    void find_fields();
    void find_times();
    void read_panel();
    void refuse_negative() const;
    void find_kept();
    void read_polygons();
    void state_conventions();
    void warn();
    void fill_row(std::vector<Cell>& row, std::size_t unit, std::size_t record) const;
    void write_indices();
    void write_region();
    void set_numbers();

    CarbonIndicesOptions& options_;
    Run& run_;
    InputTable units_;
    IndexCoefficients coefficients_;
    IndexTableau tableau_;
    std::string unit_field_, year_field_;
    std::vector<double> times_;                                              ///< one column a quantity and year
    std::map<std::string, std::map<double, std::size_t>> columns_of_;        ///< by name without year
    std::vector<std::vector<std::optional<std::size_t>>> quantity_columns_;  ///< by quantity and time
    std::vector<Kept> kept_;
    std::vector<std::vector<unsigned char>> shapes_;  ///< one a unit, or none at all
    std::string crs_;
};

void Work::find_fields() {
    std::vector<std::string> names = units_.columns();
    unit_field_ = options_.unit_field.empty() ? guess_unit_field(names) : options_.unit_field;
    if (unit_field_.empty())
        units_.reject("no column looks like the names of the units; say in UNIT_FIELD which it is. Its columns are: " +
                      value_text(names));
    units_.column(unit_field_);
    if (!by_columns()) {
        year_field_ = options_.year_field.empty() ? guess_year_field(names) : options_.year_field;
        if (year_field_.empty())
            units_.reject(
                "no column looks like the year; say in YEAR_FIELD which it is, or LAYOUT=columns. Its columns "
                "are: " +
                value_text(names));
        units_.column(year_field_);
    } else {
        std::set<double> times;
        for (std::size_t c = 0; c < names.size(); ++c) {
            const auto year = year_in_name(names[c]);
            if (!year) continue;
            const std::string name = name_without_year(names[c]);
            if (!columns_of_[name].emplace(*year, c).second)
                units_.reject("the columns \"" + names[columns_of_[name][*year]] + "\" and \"" + names[c] +
                              "\" are one quantity in one year");
            times.insert(*year);
        }
        if (times.empty())
            units_.reject(
                "no column's name holds a year, as in rice_2020; with one row for each unit and year, say "
                "LAYOUT=rows");
        times_.assign(times.begin(), times.end());
        names.clear();
        for (const auto& [name, columns] : columns_of_) names.push_back(name);
    }
    // Columns that serve otherwise are no quantities.
    std::erase_if(names, [&](const std::string& name) {
        return (!by_columns() && (units_.column(name) == units_.column(unit_field_) ||
                                  units_.column(name) == units_.column(year_field_)));
    });
    std::optional<InputTable> mapping;
    if (options_.fields_table.given()) mapping.emplace(run_.table(options_.fields_table));
    tableau_.fields = find_index_fields(names, coefficients_, options_.fields, mapping ? &*mapping : nullptr);
    if (std::none_of(tableau_.fields.begin(), tableau_.fields.end(), [](const auto& f) { return f.item != nullptr; }))
        units_.reject(
            "no column looks like a quantity of COEFFICIENTS; say in FIELDS which column is which. Its columns "
            "are: " +
            value_text(names));
    for (const auto& name : names)
        if (std::none_of(tableau_.fields.begin(), tableau_.fields.end(),
                         [&](const auto& f) { return f.field == name; }))
            tableau_.unused.push_back(name);
    for (const auto& [column, quantity] : near_fields(tableau_.unused, coefficients_, tableau_.fields)) {
        const IndexItem* const item = coefficients_.find(quantity);
        run_.warn("UNITS: the column \"" + column + "\" is not used, though it may hold \"" + quantity +
                  "\", which has no column. If it does, name it in FIELDS" +
                  (item ? ", with the factor that turns its numbers into the unit " + item->unit : std::string()));
    }
}

void Work::read_panel() {
    std::vector<std::string> fields;
    for (const auto& field : tableau_.fields) fields.push_back(field.field);
    if (by_columns()) {
        for (const auto& field : fields) {
            quantity_columns_.emplace_back();
            for (const double year : times_) {
                const auto& columns = columns_of_.at(field);
                const auto found = columns.find(year);
                quantity_columns_.back().push_back(found == columns.end() ? std::nullopt
                                                                          : std::optional(found->second));
            }
        }
        tableau_.panel = panel_of_columns(units_, unit_field_, times_, quantity_columns_, true);
    } else {
        tableau_.panel = panel_of_rows(units_, unit_field_, year_field_, fields);
        for (std::size_t i = 0; i < tableau_.panel.records(); ++i) {
            const double year = tableau_.panel.times[tableau_.panel.time_of[i]];
            if (year != std::floor(year) || year < 1 || year > 9999)
                units_.reject(tableau_.panel.row_of[i], units_.column(year_field_),
                              number_text(year) + " is no year; it must be a whole number from 1 to 9999");
        }
    }
    if (const std::string alike = units_alike(tableau_.panel); !alike.empty()) run_.warn("UNITS: " + alike);
    for (const std::string& said : totals_told(tableau_.panel))
        run_.warn("UNITS: " + said +
                  "; it is counted as a unit like them, so that they count twice. Take its rows out if it is a total");
    refuse_negative();
    find_kept();
}

void Work::refuse_negative() const {
    const UnitPanel& panel = tableau_.panel;
    std::optional<std::pair<std::size_t, std::size_t>> first;  // row and column of the first one in the table
    for (std::size_t q = 0; q < panel.values.size(); ++q)
        for (std::size_t i = 0; i < panel.records(); ++i)
            if (panel.values[q][i] < 0) {
                const std::size_t column =
                    by_columns() ? *quantity_columns_[q][panel.time_of[i]] : units_.column(tableau_.fields[q].field);
                const std::pair place(panel.row_of[i], column);
                if (!first || place < *first) first = place;
            }
    if (first)
        units_.reject(
            first->first, first->second,
            "an amount cannot be negative: \"" + std::string(units_.text(first->first, first->second)) + "\"");
}

void Work::find_kept() {
    std::set<std::string> taken(own_columns().begin(), own_columns().end());
    for (const auto& name : options_.keep_fields) {
        Kept kept{name, Type::integer, {}};
        if (!taken.insert(name).second) throw wrong("keep_fields", "INDICES has a column \"" + name + "\" already");
        if (by_columns() && !units_.has(name) && columns_of_.count(name))
            for (const double year : times_) {
                const auto found = columns_of_.at(name).find(year);
                kept.columns.push_back(found == columns_of_.at(name).end() ? std::nullopt
                                                                           : std::optional(found->second));
            }
        else
            kept.columns.emplace_back(units_.column(name));
        // The type that fits all of its columns.
        for (const auto& column : kept.columns) {
            if (!column) continue;
            kept.type = std::max(kept.type, column_type(units_, *column));
        }
        kept_.push_back(std::move(kept));
    }
}

void Work::read_polygons() {
    const auto& units = tableau_.panel.units;
    if (!options_.polygons.given()) {
        if (!units_.has_shapes()) return;
        for (const auto& unit : units) shapes_.push_back(units_.shape(unit.row));
        crs_ = units_.crs();
        return;
    }
    const InputTable layer = run_.table(options_.polygons, true);
    if (!layer.has_shapes()) layer.reject("it has no polygons");
    std::string field = options_.polygon_field;
    if (field.empty()) field = layer.has(unit_field_) ? unit_field_ : guess_unit_field(layer.columns());
    if (field.empty())
        layer.reject(
            "no column looks like the names of the units; say in POLYGON_FIELD which it is. Its columns are: " +
            value_text(layer.columns()));
    const std::size_t column = layer.column(field);
    std::map<std::string, std::size_t> rows;
    for (std::size_t row = 0; row < layer.rows(); ++row)
        if (!rows.emplace(trimmed(layer.text(row, column)), row).second)
            layer.reject(row, column, "the unit \"" + std::string(layer.text(row, column)) + "\" appears twice");
    std::vector<std::string> without;
    for (const auto& unit : units) {
        const auto found = rows.find(unit.name);
        shapes_.push_back(found == rows.end() ? std::vector<unsigned char>() : layer.shape(found->second));
        if (found == rows.end()) without.push_back(unit.name);
    }
    if (without.size() == units.size())
        layer.reject("none of the units has a polygon; column \"" + field + "\" holds other names, for example \"" +
                     std::string(layer.text(0, column)) + "\", while UNITS has \"" + units.front().name + "\"");
    if (!without.empty()) {
        const std::size_t count = without.size();
        run_.warn(std::to_string(count) + (count == 1 ? " unit has no polygon: " : " units have no polygon: ") +
                  listed(without, 5));
    }
    crs_ = layer.crs();
}

void Work::state_conventions() {
    std::string guessed, said, without;
    for (const auto& field : tableau_.fields) {
        std::string& list = field.guessed ? guessed : said;
        list += (list.empty() ? "" : ", ") + field.quantity + " = \"" + field.field + "\"" +
                (field.scale == 1 ? "" : " x " + number_text(field.scale));
    }
    for (const auto& item : coefficients_.items())
        if (item.counted && std::none_of(tableau_.fields.begin(), tableau_.fields.end(),
                                         [&](const auto& field) { return field.item == &item; }))
            without += (without.empty() ? "" : ", ") + item.name;
    const auto state = [&](const char* name, const std::string& text) {
        if (text.empty()) return;
        run_.convention(name, text);
        run_.info(std::string(name) + ": " + text);
    };
    state("units and years",
          "unit = \"" + unit_field_ + "\"" +
              (by_columns() ? ", years in the names of the columns" : ", year = \"" + year_field_ + "\""));
    state("quantities said", said);
    state("quantities guessed by name", guessed);
    state("quantities without a column, which do not count", without);
    state("columns that are no quantity", listed(tableau_.unused));
    static const std::map<FillMethod, const char*> methods = {
        {FillMethod::none, "gaps are not filled"},
        {FillMethod::linear, "gaps and missing years between known values are filled by straight lines"},
        {FillMethod::spline,
         "gaps and missing years between known values are filled by a cubic spline with not-a-knot ends"},
        {FillMethod::natural_spline,
         "gaps and missing years between known values are filled by a natural cubic spline"}};
    run_.convention("gaps", methods.at(options_.fill));
    run_.convention("years in which units lack values",
                    options_.incomplete == IncompleteYears::unset
                        ? "the region's totals are not defined"
                        : "the region's totals are of the units that have all values");
    std::string types = coefficients_.find("cropland") && coefficients_.find("cropland")->nep ? "crops" : "";
    for (const auto& field : tableau_.fields)
        if (field.item && field.item->table == IndexTable::land && field.item->nep)
            types += (types.empty() ? "" : ", ") + field.quantity;
    run_.convention("carbon footprint", std::string("shares are of ") +
                                            (options_.footprint == FootprintShares::all_sinks
                                                 ? "all sequestration of the region in the year"
                                                 : "the sequestration of the types with an NEP in the year") +
                                            "; types with an NEP: " + (types.empty() ? "none" : types));
}

void Work::warn() {
    std::vector<std::string> years, silent;
    for (const auto& year : tableau_.region) {
        if (!year.incomplete.empty())
            years.push_back(number_text(year.year) + " (" + listed(year.incomplete) +
                            (tableau_.panel.units.size() - year.units > year.incomplete.size() ? ", ...)" : ")"));
    }
    if (!years.empty()) {
        const std::size_t count = years.size();
        run_.warn("in " + std::to_string(count) + (count == 1 ? " year" : " years") +
                  " units lack values: " + listed(years, 5) +
                  (options_.incomplete == IncompleteYears::unset
                       ? "; totals of the region and what is compared with them are not defined there. FILL fills "
                         "gaps, INCOMPLETE=leave_out leaves these units out"
                       : "; the totals of these years leave them out"));
    }
    std::size_t without_emission = 0;
    for (const auto& entry : tableau_.indices) without_emission += entry.emission && *entry.emission == 0;
    if (without_emission > 0)
        run_.warn(std::to_string(without_emission) +
                  (without_emission == 1 ? " unit and year has" : " units and years have") +
                  " no emission, and so no ECC and ESC; see the column note");
    if (std::none_of(tableau_.fields.begin(), tableau_.fields.end(), [](const auto& f) { return !f.item; }))
        run_.warn("no column is GDP; ECC is not defined");
    std::size_t beyond = 0;
    if (options_.fill != FillMethod::none)
        for (std::size_t q = 0; q < tableau_.panel.values.size(); ++q)
            for (const double value : tableau_.panel.values[q]) beyond += std::isnan(value);
    if (beyond > 0)
        run_.warn(std::to_string(beyond) +
                  " values are missing before the first or after the last known one of its unit, and not filled");
}

void Work::fill_row(std::vector<Cell>& row, std::size_t unit, std::size_t record) const {
    const UnitPanel& panel = tableau_.panel;
    const UnitIndices& entry = tableau_.indices[record];
    const CarbonParts& parts = entry.parts;
    auto next = row.begin();
    *next++ = panel.units[unit].name;
    *next++ = static_cast<std::int64_t>(panel.times[panel.time_of[record]]);
    for (const auto& kept : kept_) {
        const auto column = kept.columns.size() == 1 ? kept.columns[0] : kept.columns[panel.time_of[record]];
        if (column && panel.row_of[record] != UnitPanel::no_row)
            *next = typed_cell(units_, panel.row_of[record], *column, kept.type);
        ++next;
    }
    for (const double value :
         {parts.agriculture, parts.energy, parts.population, parts.livestock, or_gap(entry.emission), parts.crops,
          parts.land, or_gap(entry.sequestration), or_gap(entry.net), or_gap(entry.economic), or_gap(entry.ecological),
          or_gap(entry.footprint), or_gap(entry.capacity), or_gap(entry.deficit)})
        *next++ = cell(value);
    std::string filled;
    std::int64_t count = 0;
    for (std::size_t q = 0; q < tableau_.fields.size(); ++q)
        if (tableau_.filled[q][record]) {
            filled += (filled.empty() ? "" : ", ") + tableau_.fields[q].quantity;
            ++count;
        }
    *next++ = count;
    if (!filled.empty()) *next = std::move(filled);
    ++next;
    if (!entry.note.empty()) *next = entry.note;
}

void Work::write_indices() {
    if (!options_.indices.wanted()) return;
    std::vector<OutputTable::Column> columns = {{"unit", Type::text}, {"year", Type::integer}};
    for (const auto& kept : kept_) columns.push_back({kept.name, kept.type});
    for (std::size_t c = 2; c < own_columns().size(); ++c) {
        const std::string& name = own_columns()[c];
        columns.push_back({name, name == "filled"                                ? Type::integer
                                 : name == "filled_quantities" || name == "note" ? Type::text
                                                                                 : Type::real});
    }
    OutputTable table(columns);
    table.crs = crs_;
    const auto& units = tableau_.panel.units;
    // Without polygons, rows are made while they are written: a million of them need no memory.
    if (shapes_.empty())
        table.add_later(tableau_.panel.records(),
                        [&, unit = std::size_t{0}](std::size_t record, std::vector<Cell>& row) mutable {
                            while (record >= units[unit].end) {
                                run_.check_cancel();
                                ++unit;
                            }
                            fill_row(row, unit, record);
                        });
    std::vector<double> net;
    for (std::size_t unit = 0; unit < shapes_.size(); ++unit) {
        run_.check_cancel();
        for (std::size_t record = units[unit].first; record < units[unit].end; ++record) {
            std::vector<Cell> row(columns.size());
            fill_row(row, unit, record);
            table.add(std::move(row), shapes_[unit]);
            if (const auto& value = tableau_.indices[record].net) net.push_back(*value);
        }
    }
    VectorStyle style;
    if (!shapes_.empty() && !net.empty()) {
        style.field = "nce_t";
        style.ranges = net_emission_classes(std::move(net));
    }
    run_.write(options_.indices, table, style);
}

void Work::write_region() {
    OutputTable table({{"year", Type::integer},
                       {"units", Type::integer},
                       {"ce_agriculture_t", Type::real},
                       {"ce_energy_t", Type::real},
                       {"ce_population_t", Type::real},
                       {"ce_livestock_t", Type::real},
                       {"ce_t", Type::real},
                       {"cs_crops_t", Type::real},
                       {"cs_land_t", Type::real},
                       {"cs_t", Type::real},
                       {"nce_t", Type::real},
                       {"gdp", Type::real},
                       {"footprint_ha_per_t", Type::real},
                       {"cf_ha", Type::real},
                       {"ec_ha", Type::real},
                       {"ed_ha", Type::real},
                       {"filled", Type::integer},
                       {"note", Type::text}});
    for (const auto& year : tableau_.region) {
        const CarbonParts& parts = year.parts;
        std::string note;
        if (!year.incomplete.empty()) {
            const std::size_t count = tableau_.panel.units.size() - year.units;
            note = std::to_string(count) + (count == 1 ? " unit lacks values: " : " units lack values: ") +
                   listed(year.incomplete) + (count > year.incomplete.size() ? ", ..." : "");
        }
        table.add({static_cast<std::int64_t>(year.year), static_cast<std::int64_t>(year.units), cell(parts.agriculture),
                   cell(parts.energy), cell(parts.population), cell(parts.livestock), cell(year.emission),
                   cell(parts.crops), cell(parts.land), cell(year.sequestration), cell(year.net), cell(year.gdp),
                   cell(year.factor), cell(year.footprint), cell(year.capacity), cell(year.deficit),
                   static_cast<std::int64_t>(year.filled), note.empty() ? Cell() : Cell(note)});
    }
    run_.write(options_.region, table);
}

void Work::set_numbers() {
    const RegionYear& last = tableau_.region.back();
    options_.unit_count = static_cast<double>(tableau_.panel.units.size());
    options_.year_count = static_cast<double>(tableau_.panel.times.size());
    options_.emission = last.emission;
    options_.sequestration = last.sequestration;
    options_.net_emission = last.net;
    options_.filled_values = static_cast<double>(tableau_.filled_count);
}

}  // namespace

void carbon_indices(CarbonIndicesOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
