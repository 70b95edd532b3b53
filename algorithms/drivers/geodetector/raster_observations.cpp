// Land Carbon Toolbox: the cells of rasters as observations of a Geodetector.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/geodetector/raster_observations.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "engine/band_names.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "maths/break_lookup.hpp"
#include "maths/counter_random.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t most_factors = 100;
constexpr std::size_t chunk = 4096;  ///< cells that are worked on at a time
constexpr std::uint16_t no_stratum = 0xffff;
constexpr std::int32_t classified_nodata = std::numeric_limits<std::int32_t>::min();

}  // namespace

RasterObservations::RasterObservations(const GeodetectorOptions& options, Run& run)
    : options_(options), run_(run), highest_rank_(std::numeric_limits<std::uint64_t>::max()) {
    Layer response = run.measurements(options.response);
    layers_.push_back(response.read_as(response.exact_reading()));
    // Whether a factor holds classes must be known before it is opened: classes are never interpolated.
    const std::vector<Layer> looked_at = Run::inspect(options.factors);
    if (looked_at.size() > most_factors)
        throw wrong("factors", counted(looked_at.size(), "band") + "; at most " + std::to_string(most_factors) +
                                   " factors can be crossed");
    for (const Layer& layer : looked_at)
        if (band_key(layer) == band_key(response))
            throw wrong("factors", layer.name() + " is the response; it cannot be a factor as well");
    for (const auto& name : band_names("factor_names", options.factor_names, looked_at, "factors (bands)"))
        factors_.push_back({name, false});
    std::vector<KindLook> looks;
    for (const Layer& layer : looked_at) looks.push_back(look_of_band(layer));
    choose_continuous(factors_, options.choices, looks, run);
    for (std::size_t f = 0; f < factors_.size(); ++f) {
        RasterInput band;
        band.argument = options.factors.argument;
        band.path = looked_at[f].file().path() + "|band=" + std::to_string(looked_at[f].band());
        layers_.push_back(factors_[f].continuous ? run.measurements(band, ReadAs::real32) : run.classes(band));
    }
    codes_.resize(factors_.size());
}

/// What one thread has seen of the cells in the first pass.
struct RasterObservations::Look {
    static constexpr bool order_free = true;
    bool complete = false;  ///< all maps are read, not the response alone
    double largest = 0;
    std::int64_t observations = 0;
    std::vector<std::pair<double, double>> ranges;
    RankedSample values{0, 0};
    RankedSample chosen{0, 0};
    std::vector<std::uint8_t> counts;  ///< of a block's cells, whether they count
    void merge(const Look& other) {
        largest = std::max(largest, other.largest);
        observations += other.observations;
        for (std::size_t i = 0; i < ranges.size(); ++i) {
            ranges[i].first = std::min(ranges[i].first, other.ranges[i].first);
            ranges[i].second = std::max(ranges[i].second, other.ranges[i].second);
        }
        values.merge(other.values);
        chosen.merge(other.chosen);
    }
};

namespace {

/// Marks the cells in which a layer holds something.
void mark_valid(const Block& block, std::size_t input, ReadAs as, std::uint8_t* counts) {
    const std::size_t cells = block.cells();
    if (as == ReadAs::classes) {
        const std::uint16_t* const slots = block.classes(input);
        for (std::size_t i = 0; i < cells; ++i) counts[i] = static_cast<std::uint8_t>(counts[i] & (slots[i] != 0));
    } else {
        const std::uint8_t* const valid = block.valid(input);
        for (std::size_t i = 0; i < cells; ++i) counts[i] &= valid[i];
    }
}

template <class Real>
double largest_of(const Real* values, const std::uint8_t* counts, std::size_t cells, double largest) {
    auto most = static_cast<Real>(largest);
    for (std::size_t i = 0; i < cells; ++i) {
        const Real size = counts[i] ? std::abs(values[i]) : Real(0);
        most = most < size ? size : most;
    }
    return static_cast<double>(most);
}

/// The number in the grid of the first cell of a block's row.
std::uint64_t first_of_row(const Block& block, int row, int grid_width) {
    return static_cast<std::uint64_t>(block.window.y + row) * static_cast<std::uint64_t>(grid_width) +
           static_cast<std::uint64_t>(block.window.x);
}

}  // namespace

void RasterObservations::look_at(Look& state, const Block& block) const {
    const std::size_t cells = block.cells();
    state.counts.assign(cells, 1);
    std::uint8_t* const counts = state.counts.data();
    mark_valid(block, 0, layers_.front().as(), counts);
    if (!state.complete) {
        state.observations = 1;  // how many is not known
    } else {
        for (std::size_t f = 0; f < factors_.size(); ++f) mark_valid(block, f + 1, layers_[f + 1].as(), counts);
        std::int64_t here = 0;
        for (std::size_t i = 0; i < cells; ++i) here += counts[i];
        state.observations += here;
        std::vector<const float*> values;
        for (std::size_t f = 0; f < factors_.size(); ++f)
            if (!state.ranges.empty() && factors_[f].continuous) values.push_back(block.values<float>(f + 1));
        for (std::size_t c = 0; c < values.size(); ++c) {
            auto low = static_cast<float>(state.ranges[c].first), high = static_cast<float>(state.ranges[c].second);
            const float* const own = values[c];
            for (std::size_t i = 0; i < cells; ++i) {
                low = counts[i] && own[i] < low ? own[i] : low;
                high = counts[i] && own[i] > high ? own[i] : high;
            }
            state.ranges[c] = {low, high};
        }
        const auto seed = static_cast<std::uint64_t>(options_.choices.seed);
        const int width = run_.grid().width;
        std::vector<double> member(values.size());
        const std::uint64_t either =
            std::max(values.empty() ? 0 : state.values.highest(), options_.choices.sample ? state.chosen.highest() : 0);
        std::size_t i = 0;
        const bool draws = !values.empty() || options_.choices.sample;
        for (int row = 0; row < block.window.height && here > 0 && draws; ++row) {
            const std::uint64_t first = first_of_row(block, row, width);
            for (int column = 0; column < block.window.width; ++column, ++i) {
                const std::uint64_t rank = random_bits(seed, first + static_cast<std::uint64_t>(column));
                if (rank > either || !counts[i]) continue;
                for (std::size_t c = 0; c < values.size(); ++c) member[c] = values[c][i];
                state.values.offer(rank, member.data());
                state.chosen.offer(rank, nullptr);
            }
        }
    }
    state.largest = layers_.front().as() == ReadAs::real32
                        ? largest_of(block.values<float>(0), counts, cells, state.largest)
                        : largest_of(block.values<double>(0), counts, cells, state.largest);
}

FirstLook RasterObservations::look(LookFor what) {
    const bool values = what == LookFor::values;
    const auto& sample = options_.choices.sample;
    const bool all = what != LookFor::any_response || sample;
    Look empty;
    empty.complete = all;
    if (values)
        for (const auto& factor : factors_)
            if (factor.continuous)
                empty.ranges.emplace_back(std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest());
    if (values) empty.values = RankedSample(break_sample, empty.ranges.size());
    if (sample) empty.chosen = RankedSample(static_cast<std::size_t>(*sample), 0);
    Look state = run_.reduce(all ? layers_ : std::vector<Layer>{layers_.front()}, std::move(empty),
                             [&](Look& own, const Block& block) { look_at(own, block); });
    if (state.observations == 0)
        throw wrong("response",
                    "no cell has a response and all factors; check NoData and whether the "
                    "rasters overlap");
    FirstLook look;
    look.largest = state.largest;
    state.values.prune();
    if (sample && state.observations > *sample) {
        state.chosen.prune();
        highest_rank_ = state.chosen.highest();
        state.observations = *sample;
        // What breaks are found from is a part of the sample, which has the lowest ranks as well.
        if (state.values.members() > static_cast<std::size_t>(*sample))
            state.values.keep(static_cast<std::size_t>(*sample));
    }
    look.observations = state.observations;
    look.sample = std::move(state.values);
    look.ranges = std::move(state.ranges);
    return look;
}

namespace {

/// The code that CLASSIFIED shows of each slot; grows as slots are given out.
class PaintedCodes {
public:
    explicit PaintedCodes(const ClassCodes& codes) : codes_(&codes) {}
    /// @throws UserError when a code does not fit the output
    const std::vector<std::int32_t>& by_slot() {
        if (by_slot_.empty()) by_slot_.push_back(classified_nodata);
        for (std::size_t slot = by_slot_.size(); slot < codes_->slots(); ++slot) {
            const std::int64_t code = codes_->code(slot);
            if (code <= classified_nodata || code > std::numeric_limits<std::int32_t>::max())
                throw wrong("classified", "the class " + std::to_string(code) +
                                              " of a factor does not fit 32 bits; leave this output out");
            by_slot_.push_back(static_cast<std::int32_t>(code));
        }
        return by_slot_;
    }

private:
    const ClassCodes* codes_;
    std::vector<std::int32_t> by_slot_;
};

}  // namespace

/// What one thread has summed.
struct RasterObservations::Tally {
    static constexpr bool order_free = true;
    CrossedMoments sums;
    double most_bytes;
    bool too_large = false;                           ///< only strata are collected, no sums
    std::vector<BreakLookup<float>> lookups;          ///< by factor
    std::vector<std::vector<std::uint16_t>> of_slot;  ///< stratum of each slot, by factor
    std::vector<std::vector<std::uint16_t>> slots;    ///< slot of each stratum, by factor
    PaintedCodes codes;
    // Of the cells at work: strata by factor, responses, whether they count, classes of one factor.
    std::vector<std::vector<std::uint16_t>> strata;
    std::vector<std::int64_t> responses;
    std::vector<std::uint8_t> counts;
    std::vector<std::uint16_t> classes;

    Tally(std::size_t factors, const ClassCodes& class_codes, double bytes)
        : sums({}, std::vector<std::size_t>(factors)),
          most_bytes(bytes),
          of_slot(factors),
          slots(factors),
          codes(class_codes) {}

    std::uint16_t new_stratum(std::size_t factor, std::uint16_t slot) {
        if (slot >= of_slot[factor].size()) of_slot[factor].resize(slot + std::size_t{1}, no_stratum);
        std::uint16_t& stratum = of_slot[factor][slot];
        if (stratum == no_stratum) {
            stratum = static_cast<std::uint16_t>(slots[factor].size());
            slots[factor].push_back(slot);
            if (!too_large) {
                sums.reserve(factor, slots[factor].size());
                if (sums.bytes() > most_bytes) give_up();
            }
        }
        return stratum;
    }
    void give_up() {
        too_large = true;
        sums = CrossedMoments({}, std::vector<std::size_t>(slots.size()));
    }
    void merge(const Tally& other) {
        std::vector<std::vector<std::uint16_t>> translation(slots.size());
        for (std::size_t f = 0; f < slots.size(); ++f)
            for (const std::uint16_t slot : other.slots[f]) translation[f].push_back(new_stratum(f, slot));
        if (other.too_large && !too_large) give_up();
        if (!too_large) sums.merge(other.sums, translation);
    }
};

template <class Real>
std::size_t RasterObservations::take_cells(Tally& state, const Block& block, std::size_t start, std::size_t count,
                                           const MomentScale& scale) const {
    const Real* const response = block.values<Real>(0) + start;
    const std::uint8_t* const counts = state.counts.data() + start;
    std::size_t taken = 0;
    for (std::size_t i = 0; i < count; ++i) taken += counts[i];
    if (taken == 0) return 0;
    for (std::size_t f = 0; f < factors_.size(); ++f) {
        std::uint16_t* const strata = state.strata[f].data();
        if (factors_[f].continuous) {
            state.lookups[f].classes_of(block.values<float>(f + 1) + start, count, strata);
            continue;
        }
        const std::uint16_t* const slots = block.classes(f + 1) + start;
        std::uint16_t largest = 0;
        for (std::size_t i = 0; i < count; ++i) largest = std::max(largest, slots[i]);
        if (largest >= state.of_slot[f].size()) state.of_slot[f].resize(largest + std::size_t{1}, no_stratum);
        const std::uint16_t* const of_slot = state.of_slot[f].data();
        bool fresh = false;
        for (std::size_t i = 0; i < count; ++i) {
            strata[i] = of_slot[slots[i]];
            fresh |= strata[i] == no_stratum;
        }
        if (!fresh) continue;
        // Some turned up for the first time; cells that do not count may hold what is no stratum of theirs.
        for (std::size_t i = 0; i < count; ++i)
            strata[i] = counts[i] ? state.new_stratum(f, slots[i]) : std::uint16_t{0};
    }
    if (state.too_large) return 0;
    if (taken < count) {
        for (std::size_t f = 0; f < factors_.size(); ++f) {
            std::uint16_t* const strata = state.strata[f].data();
            std::size_t to = 0;
            for (std::size_t i = 0; i < count; ++i) {
                strata[to] = strata[i];
                to += counts[i];
            }
        }
        std::size_t to = 0;
        for (std::size_t i = 0; i < count; ++i) {
            state.responses[to] = counts[i] ? scale.fixed(static_cast<double>(response[i])) : 0;
            to += counts[i];
        }
    } else
        for (std::size_t i = 0; i < count; ++i) state.responses[i] = scale.fixed(static_cast<double>(response[i]));
    return taken;
}

void RasterObservations::add(Tally& state, const Block& block, const MomentScale& scale) const {
    const std::size_t cells = block.cells();
    state.counts.assign(cells, 1);
    for (std::size_t input = 0; input < layers_.size(); ++input)
        mark_valid(block, input, layers_[input].as(), state.counts.data());
    if (highest_rank_ != std::numeric_limits<std::uint64_t>::max()) {
        const auto seed = static_cast<std::uint64_t>(options_.choices.seed);
        std::size_t i = 0;
        for (int row = 0; row < block.window.height; ++row) {
            const std::uint64_t first = first_of_row(block, row, run_.grid().width);
            for (int column = 0; column < block.window.width; ++column, ++i)
                if (random_bits(seed, first + static_cast<std::uint64_t>(column)) > highest_rank_) state.counts[i] = 0;
        }
    }
    state.responses.resize(chunk);
    state.strata.resize(factors_.size());
    std::vector<const std::uint16_t*> strata;
    for (auto& own : state.strata) {
        own.resize(chunk);
        strata.push_back(own.data());
    }
    for (std::size_t start = 0; start < cells; start += chunk) {
        const std::size_t count = std::min(chunk, cells - start);
        const std::size_t taken = layers_.front().as() == ReadAs::real32
                                      ? take_cells<float>(state, block, start, count, scale)
                                      : take_cells<double>(state, block, start, count, scale);
        if (taken > 0) state.sums.add(state.responses.data(), strata.data(), taken);
    }
}

void RasterObservations::paint(Tally& state, Block& block) const {
    const std::size_t cells = block.cells();
    for (std::size_t f = 0; f < factors_.size(); ++f) {
        auto* const painted = block.output<std::int32_t>(0, f);
        if (factors_[f].continuous) {
            std::vector<std::uint16_t>& classes = state.classes;
            classes.resize(cells);
            state.lookups[f].classes_of(block.values<float>(f + 1), cells, classes.data());
            const std::uint8_t* const valid = block.valid(f + 1);
            for (std::size_t i = 0; i < cells; ++i) painted[i] = valid[i] ? classes[i] + 1 : classified_nodata;
            continue;
        }
        const std::vector<std::int32_t>& codes = state.codes.by_slot();
        const std::uint16_t* const slots = block.classes(f + 1);
        for (std::size_t i = 0; i < cells; ++i) painted[i] = codes[slots[i]];
    }
}

std::vector<ClassLabel> RasterObservations::classes_of_first(const std::vector<double>& breaks) const {
    constexpr std::size_t most_shown = 100;
    std::vector<ClassLabel> classes;
    if (factors_.front().continuous) {
        for (std::size_t i = 0; i <= breaks.size(); ++i) {
            const std::string name = breaks.empty() ? "all values"
                                     : i == 0       ? "<= " + format_number(breaks[0])
                                     : i == breaks.size()
                                         ? "> " + format_number(breaks[i - 1])
                                         : "(" + format_number(breaks[i - 1]) + ", " + format_number(breaks[i]) + "]";
            const double share = breaks.empty() ? 0.5 : static_cast<double>(i) / static_cast<double>(breaks.size());
            classes.push_back({static_cast<std::int64_t>(i) + 1, name, to_hex(sequential_ramp(share))});
        }
    } else {
        std::map<std::int64_t, ClassLabel> known;
        for (auto& label : layers_[1].file().labels(layers_[1].band())) known[label.code] = label;
        // In a single pass the codes are not known yet: then those that the file names.
        std::vector<std::int64_t> codes = codes_.front();
        if (codes.empty())
            for (const auto& [code, label] : known) codes.push_back(code);
        for (const std::int64_t code : codes) {
            const ClassLabel& label = known[code];
            classes.push_back({code, label.name.empty() ? "Class " + std::to_string(code) : label.name,
                               label.colour.empty() ? palette_colour(classes.size()) : label.colour});
        }
    }
    if (classes.size() > most_shown) classes.clear();
    return classes;
}

RasterSink* RasterObservations::classified(const FactorBreaks& breaks) {
    RasterDescription description;
    description.type = GDT_Int32;
    description.nodata = classified_nodata;
    for (const auto& factor : factors_) description.bands.push_back(factor.name);
    description.style.classes = classes_of_first(breaks.front());
    description.style.first_band_only = true;
    if (description.style.classes.empty()) description.style.ramp = landcarbon::sequential_ramp(1, 10);
    return run_.raster(options_.classified, description);
}

void RasterObservations::sum(const MomentScale& scale, const FactorBreaks& breaks, const std::vector<FactorPair>& pairs,
                             bool last, const std::function<void(const CrossedMoments&)>& take) {
    const double most_bytes = static_cast<double>(run_.options().memory_bytes()) / (2.0 * (run_.threads() + 2));
    Tally empty(factors_.size(), run_.class_codes(), most_bytes);
    std::vector<std::size_t> known;
    for (std::size_t f = 0; f < factors_.size(); ++f) {
        empty.lookups.emplace_back(breaks[f]);
        known.push_back(factors_[f].continuous ? empty.lookups[f].classes() : 0);
    }
    RasterSink* const sink = last ? classified(breaks) : nullptr;
    const auto pass = [&](const std::vector<FactorPair>& wanted, const Tally& before, RasterSink* painted) {
        Tally start = before;
        std::vector<std::size_t> strata = known;
        for (std::size_t f = 0; f < factors_.size(); ++f)
            if (!factors_[f].continuous) strata[f] = before.slots[f].size();
        start.too_large = CrossedMoments::bytes(wanted, strata) > most_bytes;
        start.sums = CrossedMoments(start.too_large ? std::vector<FactorPair>() : wanted, strata);
        return run_.reduce(layers_, std::move(start),
                           [&](Tally& state, Block& block) {
                               add(state, block, scale);
                               if (painted) paint(state, block);
                           },
                           {painted});
    };
    Tally total = pass(pairs, empty, sink);
    if (!total.too_large) {
        hand_on(total, take);
        return;
    }
    // Now that all strata are known: as many pairs at a time as the memory holds.
    std::vector<std::size_t> strata = known;
    for (std::size_t f = 0; f < factors_.size(); ++f)
        if (!factors_[f].continuous) strata[f] = total.slots[f].size();
    std::size_t first = 0;
    while (first < pairs.size()) {
        std::vector<FactorPair> group = {pairs[first]};
        if (const double bytes = CrossedMoments::bytes(group, strata); bytes > most_bytes)
            throw wrong("memory",
                        "the crossed strata of \"" + factors_[group[0].first].name + "\" (" +
                            std::to_string(strata[group[0].first]) + ") and \"" + factors_[group[0].second].name +
                            "\" (" + std::to_string(strata[group[0].second]) + ") need " +
                            std::to_string(static_cast<std::int64_t>(bytes * 2 * (run_.threads() + 2) / 1048576) + 1) +
                            " MiB; give more memory, or factors of fewer strata (name measurements in CONTINUOUS)");
        while (first + group.size() < pairs.size()) {
            group.push_back(pairs[first + group.size()]);
            if (CrossedMoments::bytes(group, strata) <= most_bytes) continue;
            group.pop_back();
            break;
        }
        hand_on(pass(group, total, nullptr), take);
        first += group.size();
    }
}

/// Brings the strata into the order of their codes.
void RasterObservations::hand_on(const Tally& total, const std::function<void(const CrossedMoments&)>& take) {
    std::vector<std::vector<std::uint16_t>> ranks(factors_.size());
    std::vector<std::size_t> strata;
    for (std::size_t f = 0; f < factors_.size(); ++f) {
        strata.push_back(total.sums.strata(f));
        if (factors_[f].continuous) continue;
        codes_[f].clear();
        for (const std::uint16_t slot : total.slots[f]) codes_[f].push_back(run_.class_codes().code(slot));
        std::sort(codes_[f].begin(), codes_[f].end());
        for (const std::uint16_t slot : total.slots[f])
            ranks[f].push_back(static_cast<std::uint16_t>(
                std::lower_bound(codes_[f].begin(), codes_[f].end(), run_.class_codes().code(slot)) -
                codes_[f].begin()));
    }
    CrossedMoments ordered(total.sums.pairs(), strata);
    ordered.merge(total.sums, ranks);
    take(ordered);
}

std::vector<std::string> RasterObservations::strata_names(std::size_t factor) const {
    const Layer& layer = layers_[factor + 1];
    std::map<std::int64_t, std::string> titles;
    for (const auto& label : layer.file().labels(layer.band())) titles[label.code] = label.name;
    std::vector<std::string> names;
    for (const std::int64_t code : codes_[factor]) {
        const std::string& title = titles[code];
        names.push_back(std::to_string(code) + (title.empty() ? "" : " " + title));
    }
    return names;
}

}  // namespace landcarbon
