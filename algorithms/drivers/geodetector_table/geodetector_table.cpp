// Land Carbon Toolbox: Geodetector of a table or vector layer: reading the rows and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/geodetector_table/geodetector_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <unordered_map>

#include "drivers/geodetector_output.hpp"
#include "engine/run.hpp"
#include "maths/break_lookup.hpp"
#include "maths/counter_random.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t most_strata = 65535;

/// A factor's column as numbers, NaN where the cell is empty; nothing when a cell holds text.
std::optional<std::vector<double>> numbers_of(const InputTable& table, std::size_t column) {
    std::vector<double> numbers(table.rows(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string_view text = trimmed(table.text(row, column));
        if (text.empty()) continue;
        const auto number = parse_number(text);
        if (!number || !std::isfinite(*number)) return std::nullopt;
        numbers[row] = *number + 0.0;  // -0 is 0
    }
    return numbers;
}

/// Numbers 0, 1, .. of keys in the order in which they are met.
template <class Key>
class Numbering {
public:
    std::uint32_t number(const Key& key) {
        return numbers_.emplace(key, static_cast<std::uint32_t>(numbers_.size())).first->second;
    }
    std::size_t size() const { return numbers_.size(); }
    std::vector<std::pair<Key, std::uint32_t>> sorted() const {
        std::vector<std::pair<Key, std::uint32_t>> pairs(numbers_.begin(), numbers_.end());
        std::sort(pairs.begin(), pairs.end());
        return pairs;
    }

private:
    std::unordered_map<Key, std::uint32_t> numbers_;
};

/// Whole numbers, as codes of classes are, stand in a list instead.
class CodeNumbering : public Numbering<double> {
public:
    std::uint32_t number(double code) {
        if (!(code >= 0 && code < static_cast<double>(codes) && code == std::floor(code)))
            return Numbering::number(code);
        std::uint32_t& number = numbers_[static_cast<std::size_t>(code)];
        if (number == none) number = Numbering::number(code);
        return number;
    }

private:
    static constexpr std::size_t codes = 4096;
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> numbers_ = std::vector<std::uint32_t>(codes, none);
};

/// Strata of the rows in ascending order of what they hold, and their names.
/// @param key_of gives the key of the i-th row
template <class Keys, class KeyOf, class NameOf>
std::vector<std::uint16_t> strata_of(std::size_t rows, KeyOf key_of, NameOf name_of, std::vector<std::string>& names,
                                     const std::string& factor) {
    Keys met;
    std::vector<std::uint32_t> order_met(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        order_met[i] = met.number(key_of(i));
        if (met.size() > most_strata)
            throw UserError("factors", "FACTORS: \"" + factor + "\" has more than " + std::to_string(most_strata) +
                                           " strata; it holds measurements: name it in CONTINUOUS");
    }
    const auto sorted = met.sorted();
    std::vector<std::uint16_t> rank(sorted.size());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        rank[sorted[i].second] = static_cast<std::uint16_t>(i);
        names.push_back(name_of(sorted[i].first));
    }
    std::vector<std::uint16_t> strata(rows);
    for (std::size_t i = 0; i < rows; ++i) strata[i] = rank[order_met[i]];
    return strata;
}

}  // namespace

TableObservations::TableObservations(const InputTable& table, const GeodetectorTableOptions& options)
    : seed_(static_cast<std::uint64_t>(options.choices.seed)) {
    const std::size_t response = table.column(options.response);
    std::vector<std::size_t> places;
    std::vector<std::optional<std::vector<double>>> numbers;
    std::vector<bool> decimals;
    for (const auto& name : options.factors) {
        const std::size_t column = table.column(name);
        if (column == response)
            throw UserError("factors", "FACTORS: \"" + name + "\" is the response; it cannot be a factor as well");
        if (std::find(places.begin(), places.end(), column) != places.end())
            throw UserError("factors", "FACTORS: \"" + name + "\" stands there twice");
        places.push_back(column);
        numbers.push_back(numbers_of(table, column));
        factors_.push_back({table.columns()[column], false});
        decimals.push_back(numbers.back() && std::any_of(numbers.back()->begin(), numbers.back()->end(), [](double v) {
                               return !std::isnan(v) && v != std::floor(v);
                           }));
    }
    choose_continuous(factors_, options.choices, decimals);
    for (std::size_t f = 0; f < factors_.size(); ++f)
        if (factors_[f].continuous && !numbers[f])
            for (std::size_t row = 0; row < table.rows(); ++row) table.number(row, places[f]);  // says which row

    std::vector<std::size_t> rows;
    std::vector<double> all;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto value = table.number(row, response);
        bool complete = value.has_value();
        for (std::size_t f = 0; f < places.size(); ++f)
            complete = complete &&
                       (numbers[f] ? !std::isnan((*numbers[f])[row]) : !trimmed(table.text(row, places[f])).empty());
        if (!complete) {
            ++incomplete_;
            continue;
        }
        rows.push_back(row);
        all.push_back(*value);
    }
    if (rows.empty()) table.reject("no row has a response and all factors");
    if (options.choices.sample && *options.choices.sample < static_cast<std::int64_t>(rows.size())) {
        RankedSample sample(static_cast<std::size_t>(*options.choices.sample), 1);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto place = static_cast<double>(i);
            sample.offer(random_bits(seed_, rows[i]), &place);
        }
        sample.prune();
        std::vector<std::size_t> kept;
        for (std::size_t i = 0; i < sample.members(); ++i)
            kept.push_back(static_cast<std::size_t>(sample.number(i, 0)));
        std::sort(kept.begin(), kept.end());
        for (std::size_t i = 0; i < kept.size(); ++i) {
            rows[i] = rows[kept[i]];
            all[i] = all[kept[i]];
        }
        rows.resize(kept.size());
        all.resize(kept.size());
    }
    response_ = std::move(all);
    for (std::size_t f = 0; f < places.size(); ++f) {
        Column& column = columns_.emplace_back();
        if (factors_[f].continuous)
            for (const std::size_t row : rows) column.values.push_back((*numbers[f])[row]);
        else if (numbers[f])
            column.strata = strata_of<CodeNumbering>(
                rows.size(), [&](std::size_t i) { return (*numbers[f])[rows[i]]; },
                [](double value) { return number_text(value); }, column.names, factors_[f].name);
        else
            column.strata = strata_of<Numbering<std::string_view>>(
                rows.size(), [&](std::size_t i) { return trimmed(table.text(rows[i], places[f])); },
                [](std::string_view text) { return std::string(text); }, column.names, factors_[f].name);
        numbers[f].reset();
    }
}

FirstLook TableObservations::look(LookFor what) {
    FirstLook look;
    for (const double value : response_) look.largest = std::max(look.largest, std::abs(value));
    look.observations = static_cast<std::int64_t>(response_.size());
    if (what != LookFor::values) return look;
    std::vector<const Column*> continuous;
    for (std::size_t f = 0; f < factors_.size(); ++f)
        if (factors_[f].continuous) {
            continuous.push_back(&columns_[f]);
            const auto [low, high] = std::minmax_element(columns_[f].values.begin(), columns_[f].values.end());
            look.ranges.emplace_back(*low, *high);
        }
    look.sample = RankedSample(break_sample, continuous.size());
    std::vector<double> member(continuous.size());
    for (std::size_t i = 0; i < response_.size(); ++i) {
        const std::uint64_t rank = random_bits(seed_, i);
        if (rank > look.sample.highest()) continue;
        for (std::size_t c = 0; c < continuous.size(); ++c) member[c] = continuous[c]->values[i];
        look.sample.offer(rank, member.data());
    }
    look.sample.prune();
    return look;
}

void TableObservations::sum(const MomentScale& scale, const FactorBreaks& breaks, const std::vector<FactorPair>& pairs,
                            bool /*last*/, const std::function<void(const CrossedMoments&)>& take) {
    constexpr std::size_t chunk = 8192;
    std::vector<std::size_t> strata;
    std::vector<BreakLookup<double>> lookups;
    for (std::size_t f = 0; f < factors_.size(); ++f) {
        lookups.emplace_back(breaks[f]);
        strata.push_back(factors_[f].continuous ? lookups[f].classes() : columns_[f].names.size());
    }
    // Tables of many strata are made a few at a time.
    constexpr double most_bytes = 256e6;
    std::size_t first = 0;
    while (first < pairs.size()) {
        std::vector<FactorPair> group = {pairs[first]};
        while (first + group.size() < pairs.size()) {
            group.push_back(pairs[first + group.size()]);
            if (CrossedMoments::bytes(group, strata) <= most_bytes) continue;
            group.pop_back();
            break;
        }
        CrossedMoments sums(group, strata);
        std::vector<std::int64_t> responses(chunk);
        std::vector<std::vector<std::uint16_t>> classes(factors_.size(), std::vector<std::uint16_t>(chunk));
        std::vector<const std::uint16_t*> own(factors_.size());
        for (std::size_t start = 0; start < response_.size(); start += chunk) {
            const std::size_t count = std::min(chunk, response_.size() - start);
            for (std::size_t i = 0; i < count; ++i) responses[i] = scale.fixed(response_[start + i]);
            for (std::size_t f = 0; f < factors_.size(); ++f) {
                own[f] = factors_[f].continuous ? classes[f].data() : columns_[f].strata.data() + start;
                if (factors_[f].continuous)
                    lookups[f].classes_of(columns_[f].values.data() + start, count, classes[f].data());
            }
            sums.add(responses.data(), own.data(), count);
        }
        take(sums);
        first += group.size();
    }
}

void geodetector_table(GeodetectorTableOptions& options, Run& run) {
    const InputTable table = run.table("data", options.data);
    TableObservations rows(table, options);
    if (rows.incomplete() > 0)
        run.warn(std::to_string(rows.incomplete()) + " rows lack the response or a factor and do not count");
    state_geodetector_conventions(options.choices, "row", run);
    const GeodetectorFindings findings = find_drivers(rows, options.choices, run);
    write_geodetector(findings, options.choices, options.outputs, options.response, "row", run);
}

}  // namespace landcarbon
