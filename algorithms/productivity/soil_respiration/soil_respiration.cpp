// Land Carbon Toolbox: heterotrophic soil respiration from temperature and precipitation: the maths and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "productivity/soil_respiration/soil_respiration.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/map_summary.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "maths/calendar.hpp"
#include "maths/lane_maths.hpp"
#include "maths/wide.hpp"

namespace landcarbon {

double soil_respiration_of(double temperature, double precipitation, double days,
                           const RespirationConstants& constants) {
    return constants.base *
           (lane_exp(constants.temperature_rate * temperature) + lane_log(constants.rain_rate * precipitation + 1)) *
           (days * constants.carbon_share);
}

double days_of_month(MonthDays days, int month, std::optional<std::int64_t> year) {
    if (days == MonthDays::thirty) return 30;
    return days_of_months[static_cast<std::size_t>(month)] + (month == 1 && year && is_leap_year(*year) ? 1 : 0);
}

double days_of_year(MonthDays days, std::optional<std::int64_t> year) {
    if (days == MonthDays::thirty) return 30;
    return year && is_leap_year(*year) ? 366 : 365;
}

std::int64_t add_respiration(const float* temperature, const float* precipitation, std::size_t cells, double days,
                             const RespirationConstants& constants, double* sums) {
    std::int64_t invalid = 0;
    const RespirationConstants k = constants;
    wide([&] {
        std::int64_t below_zero = 0;
        for (std::size_t i = 0; i < cells; ++i) {
            const double rain = static_cast<double>(precipitation[i]);
            const double dry_safe = rain < 0 ? 0.0 : rain;
            const double value = soil_respiration_of(static_cast<double>(temperature[i]), dry_safe, days, k);
            sums[i] += rain < 0 ? std::numeric_limits<double>::quiet_NaN() : value;
        }
        for (std::size_t i = 0; i < cells; ++i) below_zero += precipitation[i] < 0;
        invalid = below_zero;
    });
    return invalid;
}

namespace {

constexpr auto nodata = static_cast<float>(real_nodata);

struct Totals {
    static constexpr bool order_free = true;
    std::vector<AreaMean> years;
    ValueSpread spread;
    std::int64_t invalid = 0;
    std::vector<double> sums;   ///< of one block and year
    std::vector<float> values;  ///< the same as they go into the map
    void merge(const Totals& other) {
        for (std::size_t year = 0; year < years.size(); ++year) years[year].merge(other.years[year]);
        spread.merge(other.spread);
        invalid += other.invalid;
    }
};

class Work {
public:
    Work(SoilRespirationOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void open();
    void state_conventions();
    Totals pass();
    void write_by_year(const Totals& totals);
    void write_report(const Totals& totals);
    bool monthly() const { return options_.step == RespirationStep::monthly; }
    std::size_t steps_a_year() const { return monthly() ? 12 : 1; }
    std::optional<std::int64_t> year(std::size_t i) const {
        if (!options_.first_year) return std::nullopt;
        return *options_.first_year + static_cast<std::int64_t>(i);
    }
    std::string year_name(std::size_t i) const {
        return year(i) ? std::to_string(*year(i)) : "Year " + std::to_string(i + 1);
    }
    double days(std::size_t step) const {
        return monthly() ? days_of_month(options_.month_days, static_cast<int>(step % 12), year(step / 12))
                         : days_of_year(options_.month_days, year(step));
    }

    SoilRespirationOptions& options_;
    Run& run_;
    std::vector<Layer> layers_;  ///< temperature of all steps, then precipitation
    std::size_t steps_ = 0;
    std::size_t years_ = 0;
};

void Work::open() {
    layers_ = run_.measurements(options_.temperature, ReadAs::real32);
    run_.expect_largest(
        options_.temperature, {-60, 60},
        "Are they degrees Celsius? Take 273.15 from kelvin, and divide tenths of a degree by 10, first");
    // The wettest cell of the wettest step: hardly a soil breathes where it gets less.
    run_.expect_largest(options_.precipitation, {monthly() ? 5.0 : 20.0, 15000},
                        "Are they mm in a step? Multiply metres by 1000 and mm a day by the days, and divide tenths of "
                        "a mm by 10, first");
    steps_ = layers_.size();
    const auto rain = run_.measurements(options_.precipitation, ReadAs::real32);
    if (rain.size() != steps_)
        throw UserError("precipitation", "PRECIPITATION has " + counted(rain.size(), "band") + ", TEMPERATURE has " +
                                             std::to_string(steps_) +
                                             "; give one band of each for every step, in the same order");
    if (monthly() && steps_ % 12 != 0)
        throw UserError("temperature",
                        "TEMPERATURE has " + std::to_string(steps_) +
                            " bands, which is no whole number of years of 12 months; give all months from January to "
                            "December, or choose STEP annual");
    layers_.insert(layers_.end(), rain.begin(), rain.end());
    years_ = steps_ / steps_a_year();
    run_.areas();
}

void Work::state_conventions() {
    const RespirationConstants& k = options_.constants;
    run_.convention("formula", "R_h = " + number_text(k.base) + " (exp(" + number_text(k.temperature_rate) +
                                   " T) + ln(" + number_text(k.rain_rate) + " R + 1)) * days * " +
                                   number_text(k.carbon_share) + " in g C/m2; T in degrees Celsius, R in mm");
    const bool thirty = options_.month_days == MonthDays::thirty;
    if (monthly())
        run_.convention("steps", std::string("12 months a year from January on, summed; ") +
                                     (thirty                ? "every month has 30 days"
                                      : options_.first_year ? "true lengths of the months, leap years from " +
                                                                  std::to_string(*options_.first_year) + " on"
                                                            : "true lengths of the months, February always 28 days"));
    else
        run_.convention("steps", std::string("one a year; ") + (thirty ? "30 days, as the formula is printed"
                                                                : options_.first_year
                                                                    ? "365 or 366 days, leap years from " +
                                                                          std::to_string(*options_.first_year) + " on"
                                                                    : "365 days"));
    if (!monthly() && thirty)
        run_.warn(
            "STEP is annual and MONTH_DAYS is thirty: the respiration is that of 30 days at the year's temperature and "
            "precipitation, as the formula is printed; choose MONTH_DAYS calendar for all days of the year");
    run_.convention("valid cells",
                    "cells that have temperature and precipitation, not below 0, in every step of the year");
    run_.convention("means", "over the area of the valid cells");
}

Totals Work::pass() {
    RasterDescription description;
    description.nodata = real_nodata;
    description.unit = monthly() || options_.month_days == MonthDays::calendar ? "g C/m2/yr" : "g C/m2";
    for (std::size_t i = 0; i < years_; ++i) description.bands.push_back("soil respiration, " + year_name(i));
    RasterSink* const map = run_.raster(options_.respiration, description);
    const CellAreas& areas = run_.areas();
    Totals empty;
    empty.years.assign(years_, AreaMean(areas.varying()));
    Totals totals = run_.reduce(
        layers_, empty,
        [&](Totals& state, Block& block) {
            const std::size_t cells = block.cells();
            state.values.resize(cells);
            for (std::size_t i = 0; i < years_; ++i) {
                state.sums.assign(cells, 0.0);
                for (std::size_t step = i * steps_a_year(); step < (i + 1) * steps_a_year(); ++step)
                    state.invalid += add_respiration(block.values<float>(step), block.values<float>(steps_ + step),
                                                     cells, days(step), options_.constants, state.sums.data());
                for (std::size_t c = 0; c < cells; ++c) {
                    const bool fits = std::abs(state.sums[c]) <= std::numeric_limits<float>::max();
                    state.values[c] = fits ? static_cast<float>(state.sums[c]) : nodata;
                }
                state.years[i].add(block, areas, state.values.data(), nodata);
                state.spread.add(state.values.data(), cells, nodata);
                if (map) std::copy_n(state.values.data(), cells, block.output<float>(0, i));
            }
        },
        {map});
    if (totals.spread.count() == 0)
        throw wrong("temperature",
                    "no cell has temperature and precipitation in all steps of a year; check NoData "
                    "and units" +
                        std::string(totals.invalid ? ", and the precipitation below 0" : ""));
    if (totals.invalid)
        run_.warn(
            std::to_string(totals.invalid) +
            " values of PRECIPITATION are below 0; their cells are NoData in the years concerned. Is their NoData "
            "value declared?");
    if (map) map->set_ramp(sequential_ramp_of(totals.spread));
    return totals;
}

void Work::write_by_year(const Totals& totals) {
    using Type = OutputTable::Type;
    OutputTable table({{"step", Type::integer},
                       {"year", Type::integer},
                       {"days", Type::integer},
                       {"cells", Type::integer},
                       {"area_ha", Type::real},
                       {"mean_gc_m2", Type::real},
                       {"total_t", Type::real}});
    for (std::size_t i = 0; i < years_; ++i) {
        double length = 0;
        for (std::size_t step = i * steps_a_year(); step < (i + 1) * steps_a_year(); ++step) length += days(step);
        const auto mean = totals.years[i].mean();
        const double hectares = totals.years[i].area(run_.areas()).hectares();
        // 1 g/m2 is 0.01 t/ha.
        std::vector<Cell> row(7);
        row[0] = static_cast<std::int64_t>(i + 1);
        if (const auto given = year(i)) row[1] = *given;
        row[2] = static_cast<std::int64_t>(length);
        row[3] = totals.years[i].count();
        row[4] = hectares;
        if (mean) {
            row[5] = *mean;
            row[6] = *mean * 0.01 * hectares;
        }
        table.add(std::move(row));
    }
    run_.write(options_.by_year, table);
}

void Work::write_report(const Totals& totals) {
    if (!options_.report.wanted()) return;
    const std::string unit = monthly() || options_.month_days == MonthDays::calendar ? "g C/m2 a year" : "g C/m2";
    Report report("Soil respiration", std::to_string(years_) + (years_ == 1 ? " year" : " years") + " of " +
                                          (monthly() ? "monthly" : "annual") + " temperature and precipitation");
    LineSeries line{"Soil respiration", {}, {}, {}, {}, "", false, true};
    TableData table{{text_column("Year"), number_column("Mean", unit), number_column("Valid area", "ha"),
                     number_column("Total", "t C")},
                    {},
                    {},
                    false};
    for (std::size_t i = 0; i < years_; ++i) {
        const auto mean = totals.years[i].mean();
        const double hectares = totals.years[i].area(run_.areas()).hectares();
        line.x.push_back(year(i) ? static_cast<double>(*year(i)) : static_cast<double>(i + 1));
        line.y.push_back(mean.value_or(std::numeric_limits<double>::quiet_NaN()));
        table.rows.push_back({year_name(i), mean ? format_value(*mean, 5) : "", format_value(hectares, 6),
                              mean ? format_value(*mean * 0.01 * hectares, 5) : ""});
    }
    report.number("Mean", format_value(*options_.mean, 4), unit, "Over all valid cells and years, by area")
        .number("Lowest", format_value(totals.spread.lowest(), 4), unit, "Of all cells and years")
        .number("Highest", format_value(totals.spread.highest(), 4), unit, "Of all cells and years")
        .number("Years", std::to_string(years_));
    if (totals.invalid)
        report.number("Invalid", format_grouped(static_cast<double>(totals.invalid), 0), "values",
                      "Precipitation below 0");
    if (years_ > 1) {
        report.section("Year by year");
        LineChart chart;
        chart.series = {line};
        chart.x_title = "Year";
        chart.value_title = "Mean soil respiration";
        chart.unit = unit;
        report.figure(line_chart(chart), "Mean over the area of the valid cells of each year.");
    }
    HistogramChart spread = histogram_of(totals.spread);
    spread.x_title = "Soil respiration, " + unit;
    spread.value_title = years_ > 1 ? "Cells, all years" : "Cells";
    spread.reference_lines = {{*options_.mean, "mean"}};
    report.section("Over the map");
    report.figure(histogram(spread), "How the cells are spread; cells beyond the outer 0.1 % count in the outer bins.");
    report.table(table, "Soil respiration by year");
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    open();
    state_conventions();
    const Totals totals = pass();
    AreaMean all(run_.areas().varying());
    for (const AreaMean& year : totals.years) all.merge(year);
    options_.mean = all.mean();
    options_.invalid_precipitation = static_cast<double>(totals.invalid);
    write_by_year(totals);
    write_report(totals);
}

}  // namespace

void soil_respiration(SoilRespirationOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
