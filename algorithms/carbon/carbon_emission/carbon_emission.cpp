// Land Carbon Toolbox: yearly carbon emissions of a land-cover map from factors by class: the maths and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_emission/carbon_emission.hpp"

#include <algorithm>
#include <cmath>

#include "engine/class_rows.hpp"
#include "engine/exact_values.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "engine/report/tonnes.hpp"
#include "engine/run.hpp"
#include "maths/exact_amount.hpp"

namespace landcarbon {

EmissionTotals emission_totals(const std::vector<ClassEmission>& classes) {
    EmissionTotals totals;
    for (const auto& entry : classes) {
        totals.net += entry.tonnes();
        (entry.factor > 0 ? totals.source : totals.sink) += entry.tonnes();
    }
    return totals;
}

namespace {

/// What one thread counts, and its lookup.
struct Counts {
    static constexpr bool order_free = true;
    ClassTally tally;
    ClassPainter painter;
    void merge(const Counts& other) { tally.merge(other.tally); }
};

class Work {
public:
    Work(CarbonEmissionOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void pass();
    void set_ramp();
    void write_by_class();
    void write_report();
    std::string substance() const { return options_.as_co2 ? "CO2" : "C"; }

    CarbonEmissionOptions& options_;
    Run& run_;
    std::map<std::int64_t, double> factors_;  ///< by class, t/ha a year of the substance
    RasterSink* map_ = nullptr;
    std::vector<ClassLabel> labels_;
    std::vector<ClassEmission> classes_;  ///< in the order of labels_
    ExactSum net_;                        ///< of all classes, t/ha a year times m2
};

void Work::pass() {
    const Layer land_cover = run_.classes(options_.land_cover);
    const ClassMatcher matcher(run_, options_.match);
    const InputTable table = matcher.fitted(run_.table(options_.factors));
    const std::size_t column = table.columns_of({"class", "factor"})[1];
    each_class(table, [&](std::int64_t code, std::size_t row) {
        factors_.emplace(code, table.required_number(row, column) * (options_.as_co2 ? co2_per_carbon : 1));
    });
    const auto names = read_classes(table);
    const CellAreas& areas = run_.areas();
    RasterDescription description;
    description.bands = {"emission of " + substance()};
    description.nodata = real_nodata;
    description.unit = options_.map_unit == CellContent::per_ha ? "t/ha/yr" : "t/yr";
    if (options_.map_unit == CellContent::per_ha) {
        std::vector<double> values;
        for (const auto& [code, factor] : factors_) values.push_back(factor);
        description.band_metadata = {exact_values_item(values)};
    }
    map_ = run_.raster(options_.emission_map, std::move(description));
    const ClassCodes& codes = run_.class_codes();
    const Counts empty{run_.class_tally(), ClassPainter(codes, factors_, areas, options_.map_unit)};
    const Counts counted =
        run_.reduce({land_cover}, empty,
                    [&](Counts& counts, Block& block) {
                        run_.add_rows(counts.tally, block, block.classes(0));
                        if (map_) counts.painter.paint(block.classes(0), block.window, block.output<float>(0));
                    },
                    {map_});
    require_rows(table, factors_, codes, matcher);
    labels_ = run_.class_labels(names);
    FixedArea area;
    for (const auto& label : labels_) {
        const FixedArea of_class = counted.tally.area(run_.class_codes().slot(label.code), areas.cell());
        area += of_class;
        classes_.push_back({of_class.hectares(), factors_.at(label.code)});
        add_amount(net_, factors_.at(label.code), of_class);
    }
    if (area == FixedArea()) throw wrong("land_cover", "no cell has a class in " + land_cover.name());
}

void Work::set_ramp() {
    if (!map_) return;
    double reach = 0;
    for (const auto& entry : classes_) reach = std::max(reach, std::abs(entry.factor));
    if (options_.map_unit == CellContent::per_cell) reach *= run_.areas().largest().hectares();
    if (reach == 0) reach = 1;
    // Sources are red, sinks are green: the ramp of changes, turned round.
    auto ramp = diverging_ramp(-reach, reach);
    for (std::size_t i = 0; i < ramp.size() / 2; ++i) std::swap(ramp[i].colour, ramp[ramp.size() - 1 - i].colour);
    map_->set_ramp(std::move(ramp));
}

void Work::write_by_class() {
    using Type = OutputTable::Type;
    OutputTable table({{"class", Type::integer},
                       {"name", Type::text},
                       {"area_ha", Type::real},
                       {"factor", Type::real},
                       {"emission_t", Type::real},
                       {"substance", Type::text}});
    for (std::size_t k = 0; k < classes_.size(); ++k)
        table.add({labels_[k].code, labels_[k].name, classes_[k].area_ha, classes_[k].factor, classes_[k].tonnes(),
                   substance()});
    run_.write(options_.by_class, table);
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    const EmissionTotals totals = emission_totals(classes_);
    const double largest = std::max(totals.source, -totals.sink);
    const std::string substance = options_.as_co2 ? "CO\u2082" : "C";
    const TonneUnit unit = handy_tonnes(largest, substance);
    const std::string a_year = unit.name + "/yr";
    const std::string a_hectare = std::string("t ") + substance + "/ha/yr";
    const auto text = [&](double tonnes) { return (tonnes > 0 ? "+" : "") + format_value(tonnes / unit.tonnes, 4); };
    Report report("Carbon emission", "What land cover gives off and takes up in a year");
    report
        .number("Net emission", text(totals.net), a_year,
                totals.net > 0 ? "The land is a source" : "The land is a sink")
        .number("Sources", text(totals.source), a_year, "Classes with a positive factor")
        .number("Sinks", text(totals.sink), a_year, "Classes with a negative factor");
    double area = 0;
    for (const auto& entry : classes_) area += entry.area_ha;
    report.number("Mean", format_signed(totals.net / area, 3), a_hectare, "Net emission / area");
    report.section("Sources and sinks");
    BarChart bars;
    bars.horizontal = true;
    bars.value_title = "Emission";
    bars.unit = a_year;
    bars.series.push_back({"Emission", {}, {}, {}});
    TableData table{{text_column("Class"), number_column("Area", "ha"), number_column("Factor", a_hectare),
                     number_column("Emission", a_year), number_column("Share of its side")},
                    {},
                    {},
                    true};
    for (std::size_t k = 0; k < classes_.size(); ++k) {
        const double tonnes = classes_[k].tonnes();
        bars.categories.push_back(labels_[k].name);
        bars.category_colours.push_back(tonnes > 0 ? loss_colour : gain_colour);
        bars.series.front().values.push_back(tonnes / unit.tonnes);
        const double side = tonnes > 0 ? totals.source : totals.sink;
        table.rows.push_back(
            {labels_[k].name, format_grouped(classes_[k].area_ha, 1), format_number(classes_[k].factor, 5),
             text(tonnes),
             tonnes != 0 ? format_percent(tonnes / side) + (tonnes > 0 ? " of sources" : " of sinks") : ""});
        table.row_colours.push_back(labels_[k].colour);
    }
    table.rows.push_back(
        {"All classes", format_grouped(area, 1), format_number(totals.net / area, 5), text(totals.net), ""});
    table.row_colours.emplace_back();
    report.figure(bar_chart(bars), "Yearly emission of each class: sources to the right, sinks to the left.");
    report.table(table, "Emission by class");
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    run_.convention("emission", "area in ha times factor in t C/ha a year; negative values are sinks");
    run_.convention("substance", options_.as_co2 ? "tonnes of CO2: carbon times 44/12" : "tonnes of elemental carbon");
    pass();
    const EmissionTotals totals = emission_totals(classes_);
    options_.total_emission_t = tonnes_of(net_.value());  // as Carbon balance sums its map
    options_.total_source_t = totals.source;
    options_.total_sink_t = totals.sink;
    set_ramp();
    write_by_class();
    write_report();
}

}  // namespace

void carbon_emission(CarbonEmissionOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
