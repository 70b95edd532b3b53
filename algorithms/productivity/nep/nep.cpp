// Land Carbon Toolbox: net ecosystem productivity: the maths and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "productivity/nep/nep.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/report/colour.hpp"
#include "engine/run.hpp"
#include "engine/table_columns.hpp"
#include "engine/wanted_rasters.hpp"
#include "productivity/nep/nep_results.hpp"
#include "time_series/series_times.hpp"

namespace landcarbon {

NppReading read_mod17a3hgf(double declared_scale) {
    constexpr double grams = 0.1;         // 0.0001 kg
    constexpr double first_fill = 32761;  // up to 32767
    return {grams / declared_scale, (first_fill - 0.5) * declared_scale};
}

void nep_of(const float* npp, const float* respiration, std::size_t cells, const NppReading& reading, float none,
            float* nep) {
    for (std::size_t i = 0; i < cells; ++i) {
        const auto value = static_cast<double>(npp[i]);
        const double difference = value * reading.factor - static_cast<double>(respiration[i]);
        // NaN fails both comparisons.
        const bool fits = value < reading.fill_from && std::abs(difference) <= std::numeric_limits<float>::max();
        nep[i] = fits ? static_cast<float>(difference) : none;
    }
}

std::vector<NepClass> nep_classes(const std::string& bounds) {
    const auto refuse = [](const std::string& what) {
        throw wrong("class_bounds", what + "; give ascending numbers, as in 0,200,400");
    };
    std::vector<double> edges;
    for (const std::string& word : split_list(bounds)) {
        const auto edge = parse_number(word);
        if (!edge || !std::isfinite(*edge)) refuse("\"" + word + "\" is not a number");
        if (!edges.empty() && !(*edge > edges.back())) refuse(word + " does not lie above the bound before it");
        edges.push_back(*edge);
    }
    constexpr std::size_t most = 30;
    if (edges.empty()) refuse("there is no bound");
    if (edges.size() > most) refuse("there are more than " + std::to_string(most) + " bounds");
    const bool usual = edges.size() == 3 && edges[0] == 0;
    const char* const usual_names[] = {"Carbon source", "Low sink", "Medium sink", "High sink"};
    std::vector<NepClass> classes;
    for (std::size_t i = 0; i <= edges.size(); ++i) {
        NepClass entry;
        entry.code = static_cast<std::int64_t>(i + 1);
        if (i > 0) entry.lower = edges[i - 1];
        if (i < edges.size()) entry.upper = edges[i];
        const std::string range = i == 0              ? "below " + number_text(edges[0])
                                  : i == edges.size() ? number_text(edges.back()) + " and above"
                                                      : number_text(edges[i - 1]) + " to " + number_text(edges[i]);
        entry.name = usual ? std::string(usual_names[i]) + " (" + range + ")" : range;
        classes.push_back(std::move(entry));
    }
    // Brown for sources, blue-green for sinks, darker with the amount: told apart by colour-blind readers as well.
    const auto sources = static_cast<std::size_t>(
        std::count_if(classes.begin(), classes.end(), [](const NepClass& entry) { return entry.upper <= 0; }));
    const Rgb light_brown{0xdf, 0xb8, 0x6d}, brown{0x8c, 0x51, 0x0a}, light_green{0xb2, 0xe2, 0xda},
        green{0x01, 0x55, 0x4e};
    for (std::size_t i = 0; i < classes.size(); ++i) {
        const bool source = i < sources;
        const std::size_t place = source ? sources - 1 - i : i - sources;
        const std::size_t count = source ? sources : classes.size() - sources;
        const double share = count > 1 ? static_cast<double>(place) / static_cast<double>(count - 1) : 0.6;
        classes[i].colour = to_hex(source ? blend(light_brown, brown, share) : blend(light_green, green, share));
    }
    return classes;
}

namespace {

constexpr auto nodata = static_cast<float>(real_nodata);

struct Inputs {
    std::vector<Layer> layers;  ///< NPP of all steps, then respiration
    std::vector<NppReading> readings;
    std::vector<double> times;
    bool dated = false;  ///< the times are the user's years
    std::vector<NepClass> classes;
    std::size_t min_valid = 0;
    const CellAreas* areas = nullptr;
    std::size_t steps() const { return times.size(); }
};

/// What one thread adds up over the cells.
struct Sums {
    static constexpr bool order_free = true;
    std::vector<AreaMean> years;
    std::vector<AreaMean> by_class;
    AreaMean all;
    AreaMean sinks;  ///< NEP of 0 and above
    ValueSpread spread;
    std::vector<std::vector<float>> nep = {};  ///< of one block, by year
    std::vector<float> mean = {}, part = {};
    void merge(const Sums& other) {
        for (std::size_t i = 0; i < years.size(); ++i) years[i].merge(other.years[i]);
        for (std::size_t i = 0; i < by_class.size(); ++i) by_class[i].merge(other.by_class[i]);
        all.merge(other.all);
        sinks.merge(other.sinks);
        spread.merge(other.spread);
    }
};

Inputs open(const NepOptions& options, Run& run) {
    Inputs in;
    in.classes = nep_classes(options.class_bounds);
    in.layers = run.measurements(options.npp, ReadAs::real32);
    const double scale = options.npp_scale.value_or(1);
    if (options.npp_product == NppProduct::grams)
        run.expect_largest(options.npp, {15 / scale, 6000 / scale},
                           "With NPP_SCALE, are they g C/m2 a year? Numbers of MOD17A3HGF as delivered want "
                           "NPP_PRODUCT, kg C/m2 the NPP_SCALE 1000");
    else {
        const double declared = in.layers.front().declared_scale();
        const std::string mend =
            "Numbers of MOD17A3HGF as delivered are whole numbers up to 32700, 10 for each g C/m2. Has a scale been "
            "applied already? Then set NPP_PRODUCT to grams, with NPP_SCALE 1000 for kg C/m2";
        run.expect_largest(options.npp, {100 * declared, 32767 * declared}, mend);
        run.expect_whole(options.npp, 2500 * declared, mend);
        run.knows_fills(options.npp);
    }
    run.expect_factor(options.npp, options.npp_product == NppProduct::grams ? scale : 0);
    run.expect_largest(options.respiration, {5, 6000}, "Are they g C/m2 a year? Multiply kg by 1000 first");
    const std::size_t steps = in.layers.size();
    const auto respiration = run.measurements(options.respiration, ReadAs::real32);
    if (respiration.size() != steps)
        throw UserError("respiration", "RESPIRATION has " + std::to_string(respiration.size()) + " bands, NPP has " +
                                           std::to_string(steps) +
                                           "; give one band of each for every year, in the same order");
    const bool product = options.npp_product == NppProduct::mod17a3hgf;
    for (const Layer& layer : in.layers)
        in.readings.push_back(product ? read_mod17a3hgf(layer.declared_scale())
                                      : NppReading{options.npp_scale.value_or(1)});
    in.layers.insert(in.layers.end(), respiration.begin(), respiration.end());
    in.times = series_times(options.years, steps, "years");
    in.dated = !options.years.empty();
    in.min_valid = static_cast<std::size_t>(options.min_valid.value_or(static_cast<std::int64_t>(steps)));
    if (in.min_valid > steps)
        throw UserError("min_valid", "MIN_VALID is " + std::to_string(in.min_valid) + ", but there are only " +
                                         std::to_string(steps) + " years");
    in.areas = &run.areas();
    return in;
}

void state_conventions(const Inputs& in, const NepOptions& options, Run& run) {
    run.convention("NEP", "NPP - heterotrophic respiration, g C/m2 a year; positive: the land takes up carbon");
    run.convention("NPP values", options.npp_product == NppProduct::mod17a3hgf
                                     ? "MOD17A3HGF: stored numbers times 0.1 g C/m2; numbers from 32761 on are fill "
                                       "values and count as NoData"
                                     : "times " + number_text(options.npp_scale.value_or(1)) + " in g C/m2");
    run.convention("valid cells", in.min_valid == in.steps()
                                      ? "a year: NPP and respiration; mean, classes and numbers: all years"
                                      : "a year: NPP and respiration; mean, classes and numbers: at least " +
                                            std::to_string(in.min_valid) + " of " + std::to_string(in.steps()) +
                                            " years, mean of the years that there are");
    std::string names;
    for (const auto& entry : in.classes)
        names += (names.empty() ? "" : "; ") + std::to_string(entry.code) + " " + entry.name;
    run.convention("classes of the mean NEP", names + " g C/m2 a year; the lower bound is part of a class");
    run.convention("sources and sinks", "source: mean NEP below 0; sink: 0 and above; shares of area");
}

RasterDescription nep_map() {
    RasterDescription map;
    map.nodata = real_nodata;
    map.unit = "g C/m2/yr";
    return map;
}

RasterDescription map_by_year(const Inputs& in) {
    RasterDescription map = nep_map();
    for (const double time : in.times) map.bands.push_back((in.dated ? "NEP, " : "NEP, step ") + number_text(time));
    return map;
}

RasterDescription mean_map() {
    RasterDescription map = nep_map();
    map.bands = {"mean NEP"};
    return map;
}

RasterDescription class_map(const Inputs& in) {
    RasterDescription map;
    map.type = GDT_Byte;
    map.bands = {"class of the mean NEP"};
    for (const auto& entry : in.classes) map.style.classes.push_back({entry.code, entry.name, entry.colour});
    return map;
}

/// NEP of each year and its mean in the cells of a block.
void compute(const Inputs& in, const Block& block, Sums& state) {
    const std::size_t cells = block.cells();
    std::vector<double> sums(cells);
    std::vector<std::uint32_t> valid(cells);
    for (std::size_t step = 0; step < in.steps(); ++step) {
        std::vector<float>& nep = state.nep[step];
        nep.resize(cells);
        nep_of(block.values<float>(step), block.values<float>(in.steps() + step), cells, in.readings[step], nodata,
               nep.data());
        for (std::size_t i = 0; i < cells; ++i) {
            const bool is = nep[i] != nodata;
            sums[i] += is ? static_cast<double>(nep[i]) : 0.0;
            valid[i] += is;
        }
    }
    state.mean.resize(cells);
    for (std::size_t i = 0; i < cells; ++i)
        state.mean[i] = valid[i] >= in.min_valid && valid[i] > 0 ? static_cast<float>(sums[i] / valid[i]) : nodata;
}

void add(const Inputs& in, const Block& block, Sums& state) {
    const CellAreas& areas = *in.areas;
    const std::size_t cells = block.cells();
    for (std::size_t step = 0; step < in.steps(); ++step)
        state.years[step].add(block, areas, state.nep[step].data(), nodata);
    state.all.add(block, areas, state.mean.data(), nodata);
    state.spread.add(state.mean.data(), cells, nodata);
    const auto add_part = [&](AreaMean& part, double lower, double upper) {
        state.part.resize(cells);
        for (std::size_t i = 0; i < cells; ++i) {
            const auto value = static_cast<double>(state.mean[i]);
            state.part[i] = value >= lower && value < upper ? state.mean[i] : nodata;
        }
        part.add(block, areas, state.part.data(), nodata);
    };
    add_part(state.sinks, 0, std::numeric_limits<double>::infinity());
    for (std::size_t k = 0; k < in.classes.size(); ++k)
        add_part(state.by_class[k], in.classes[k].lower, in.classes[k].upper);
}

void write_classes(const std::vector<NepClass>& classes, const std::vector<float>& mean, std::uint8_t* codes) {
    for (std::size_t i = 0; i < mean.size(); ++i) {
        std::uint8_t code = 0;
        if (mean[i] != nodata)
            for (const auto& entry : classes)
                if (static_cast<double>(mean[i]) >= entry.lower) code = static_cast<std::uint8_t>(entry.code);
        codes[i] = code;
    }
}

Sums pass(const Inputs& in, const NepOptions& options, Run& run) {
    WantedRasters rasters;
    const auto by_year = rasters.add(run.raster(options.nep, map_by_year(in)));
    const auto mean = rasters.add(run.raster(options.mean_nep, mean_map()));
    const auto classes = rasters.add(run.raster(options.classes, class_map(in)));
    const AreaMean none(in.areas->varying());
    Sums empty{std::vector<AreaMean>(in.steps(), none), std::vector<AreaMean>(in.classes.size(), none), none, none, {}};
    empty.nep.resize(in.steps());
    Sums sums = run.reduce(
        in.layers, empty,
        [&](Sums& state, Block& block) {
            compute(in, block, state);
            add(in, block, state);
            if (by_year)
                for (std::size_t step = 0; step < in.steps(); ++step)
                    std::copy(state.nep[step].begin(), state.nep[step].end(), block.output<float>(*by_year, step));
            if (mean) std::copy(state.mean.begin(), state.mean.end(), block.output<float>(*mean));
            if (classes) write_classes(in.classes, state.mean, block.output<std::uint8_t>(*classes));
        },
        rasters.sinks());
    if (sums.all.count() == 0)
        throw wrong("npp",
                    "no cell has NPP and respiration in " +
                        (in.min_valid == in.steps() ? std::string("all years; give MIN_VALID to accept cells with gaps")
                                                    : "at least " + std::to_string(in.min_valid) + " years") +
                        ", and check NoData and units");
    for (const auto& place : {by_year, mean})
        if (place) rasters.sinks()[*place]->set_ramp(diverging_ramp_of(sums.spread));
    return sums;
}

NepPart nep_part(const AreaMean& part, const CellAreas& areas) {
    const double hectares = part.area(areas).hectares();
    // 1 g/m2 is 0.01 t/ha.
    return {part.count(), hectares, part.mean(), part.mean().value_or(0) * 0.01 * hectares};
}

NepResults results_of(const Sums& sums, const Inputs& in) {
    NepResults results;
    const CellAreas& areas = *in.areas;
    for (std::size_t k = 0; k < in.classes.size(); ++k) {
        const NepClass& entry = in.classes[k];
        const AreaMean& part = sums.by_class[k];
        results.classes.add({entry.code, entry.name, entry.colour}, part.count(), part.area(areas));
        results.of_class.push_back(nep_part(part, areas));
    }
    for (const AreaMean& year : sums.years) results.years.push_back(nep_part(year, areas));
    results.all = nep_part(sums.all, areas);
    results.sink_share = sums.sinks.area(areas).hectares() / results.all.hectares;
    results.source_share = (sums.all.area(areas) - sums.sinks.area(areas)).hectares() / results.all.hectares;
    results.times = in.times;
    results.dated = in.dated;
    results.spread = sums.spread;
    return results;
}

OutputTable table_by_class(const NepResults& results, const std::vector<NepClass>& classes) {
    const auto index = [](const ClassPart& part) { return static_cast<std::size_t>(part.code() - 1); };
    const auto bound = [](double value) { return std::isfinite(value) ? std::optional(value) : std::nullopt; };
    return TableColumns<ClassPart>()
        .add("class", &ClassPart::code)
        .add("name", &ClassPart::name)
        .add("from_gc_m2", [&](const ClassPart& part) { return bound(classes[index(part)].lower); })
        .add("to_gc_m2", [&](const ClassPart& part) { return bound(classes[index(part)].upper); })
        .add("cells", &ClassPart::cells)
        .add("area_ha", &ClassPart::hectares)
        .add("share", &ClassPart::share)
        .add("mean_gc_m2", [&](const ClassPart& part) { return results.of_class[index(part)].mean; })
        .add("total_t", [&](const ClassPart& part) { return results.of_class[index(part)].tonnes; })
        .of(results.classes.parts());
}

OutputTable table_by_year(const NepResults& results) {
    const auto index = [&](const NepPart& part) { return static_cast<std::size_t>(&part - results.years.data()); };
    return TableColumns<NepPart>()
        .add("step", [&](const NepPart& part) { return index(part) + 1; })
        .add("year",
             [&](const NepPart& part) {
                 return results.dated ? std::optional(results.times[index(part)]) : std::nullopt;
             })
        .add("cells", &NepPart::cells)
        .add("area_ha", &NepPart::hectares)
        .add("mean_gc_m2", &NepPart::mean)
        .add("total_t", [](const NepPart& part) { return part.mean ? std::optional(part.tonnes) : std::nullopt; })
        .of(results.years);
}

}  // namespace

void nep(NepOptions& options, Run& run) {
    const Inputs in = open(options, run);
    state_conventions(in, options, run);
    const NepResults results = results_of(pass(in, options, run), in);
    options.mean = results.all.mean;
    options.total_t = results.all.tonnes;
    options.sink_share = results.sink_share;
    options.source_share = results.source_share;
    run.write(options.by_class, table_by_class(results, in.classes));
    run.write(options.by_year, table_by_year(results));
    if (options.report.wanted()) run.write(options.report, nep_report(results));
}

}  // namespace landcarbon
