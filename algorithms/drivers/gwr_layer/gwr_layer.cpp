// Land Carbon Toolbox: geographically weighted regression of a layer: reading, writing, the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr_layer/gwr_layer.hpp"

#include <algorithm>
#include <cmath>

#include "drivers/gwr_analysis.hpp"
#include "drivers/gwr_maps.hpp"
#include "engine/geometry.hpp"
#include "engine/run.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t most_drivers = 50;

class Work {
public:
    Work(GwrLayerOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    std::vector<std::size_t> columns(const InputTable& table);
    void read(const InputTable& table);
    void write_local(const InputTable& table, const GwrResults& results) const;

    GwrLayerOptions& options_;
    Run& run_;
    GwrObservations o_;
    std::vector<std::size_t> rows_;  ///< of the table, of each observation
    std::vector<std::vector<unsigned char>> shapes_;
    std::string crs_;
};

/// Responses, then drivers.
std::vector<std::size_t> Work::columns(const InputTable& table) {
    std::vector<std::size_t> found = table.columns_called(options_.responses);
    for (const std::size_t column : found) o_.responses.push_back(table.columns()[column]);
    for (const std::size_t column : table.columns_called(options_.drivers)) {
        if (std::find(found.begin(), found.end(), column) != found.end())
            throw wrong("drivers", "\"" + table.columns()[column] + "\" is named twice");
        found.push_back(column);
        o_.drivers.push_back(table.columns()[column]);
    }
    if (o_.drivers.size() > most_drivers)
        throw wrong("drivers", "more than " + std::to_string(most_drivers) + " columns; choose fewer");
    for (std::size_t i = 0; i < o_.responses.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (found[i] == found[j]) throw wrong("responses", "\"" + o_.responses[i] + "\" is named twice");
    return found;
}

void Work::read(const InputTable& table) {
    const std::vector<std::size_t> read = columns(table);
    if (!table.has_shapes())
        throw wrong("places", options_.places.path +
                                  " holds no points or polygons; choose a layer of them (in QGIS: Create points "
                                  "layer from table)");
    crs_ = table.crs();
    o_.measure_by(crs_);
    o_.one = "row";
    o_.response_values.resize(o_.responses.size());
    o_.driver_values.resize(o_.drivers.size());
    std::size_t gaps = 0, without_place = 0;
    std::string first_gap;
    std::vector<double> values(read.size());
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (row % 4096 == 0) run_.check_cancel();
        bool whole = true;
        for (std::size_t i = 0; i < read.size(); ++i) {
            const auto value = table.number(row, read[i]);
            // Layers may hold NaN as a number.
            const bool known = value && !std::isnan(*value);
            if (!known && gaps == 0 && whole)
                first_gap = "row " + std::to_string(row + 1) + ", column \"" + table.columns()[read[i]] + "\"";
            whole = whole && known;
            values[i] = value.value_or(0);
        }
        const auto place = whole ? place_of(table.shape(row)) : std::nullopt;
        gaps += !whole;
        without_place += whole && !place;
        if (!place) continue;
        o_.add_place(*place);
        if (o_.distances == Distances::globe && std::abs(o_.y.back()) > 90.000001)
            table.reject(row, read[0],
                         "its place has the latitude " + number_text((*place)[1]) +
                             (std::abs((*place)[0]) <= 90 && std::abs((*place)[1]) <= 180
                                  ? ", and the longitude " + number_text((*place)[0]) +
                                        ": latitude and longitude seem to be swapped. Swap them (in QGIS: Swap X and Y "
                                        "coordinates), or load the table again with X and Y the other way round"
                                  : "; are its coordinates metres? Assign the reference system that they are in"));
        for (std::size_t i = 0; i < read.size(); ++i)
            (i < o_.responses.size() ? o_.response_values[i] : o_.driver_values[i - o_.responses.size()])
                .push_back(values[i]);
        rows_.push_back(row);
        shapes_.push_back(table.shape(row));
    }
    if (gaps > 0)
        run_.warn(gaps == 1 ? "1 row has an empty cell and was left out (" + first_gap + ")"
                            : counted(static_cast<std::size_t>(gaps), "row has", "rows have") +
                                  " an empty cell and were left out (the first: " + first_gap + ")");
    if (without_place > 0)
        run_.warn(without_place == 1 ? "1 row has neither point nor polygon and was left out"
                                     : counted(static_cast<std::size_t>(without_place), "row has", "rows have") +
                                           " neither point nor polygon and were left out");
    o_.called = [this](std::size_t i) {
        return "row " + std::to_string(rows_[i] + 1) + " (" + number_text(o_.x[i]) + ", " + number_text(o_.y[i]) + ")";
    };
}

void Work::write_local(const InputTable& table, const GwrResults& results) const {
    using Type = OutputTable::Type;
    GwrLocal local;
    local.columns = {{"row", Type::integer}};
    std::optional<std::size_t> name;
    if (!options_.name_field.empty()) {
        name = table.column(options_.name_field);
        local.columns.push_back({"name", Type::text});
    }
    local.fill = [&](std::size_t i, std::vector<Cell>& row) {
        row.emplace_back(static_cast<std::int64_t>(rows_[i]) + 1);
        if (name) row.emplace_back(std::string(table.text(rows_[i], *name)));
    };
    write_gwr_local(options_.local, results, o_, local, shapes_, crs_, run_);
}

void Work::operator()() {
    const InputTable table = run_.table(options_.places, true);
    read(table);
    hold_gwr(o_, options_.choices, options_.local.wanted(), run_);
    const GwrResults results = find_gwr(o_, options_.choices, run_);
    write_local(table, results);
    write_gwr(
        results, o_, options_.choices, options_.outputs,
        [&](Report& report) { draw_coefficients(report, results, o_, shapes_, crs_); }, run_);
}

}  // namespace

void gwr_layer(GwrLayerOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
