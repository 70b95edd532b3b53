// Land Carbon Toolbox: Geodetector of a table or vector layer: reading the rows and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/geodetector_table/geodetector_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "drivers/geodetector_output.hpp"
#include "engine/cell_number.hpp"
#include "engine/cell_units.hpp"
#include "engine/names_alike.hpp"
#include "engine/run.hpp"
#include "maths/break_lookup.hpp"
#include "maths/counter_random.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t most_strata = 65535;

constexpr std::size_t most_counted = 4096;  ///< different whole numbers

/// What one thread has met in a column of a table.
struct ColumnKind {
    std::size_t numbers = 0;
    std::size_t broken = 0;                      ///< cells that were meant as numbers
    std::size_t texts = 0;                       ///< other cells that are not empty
    std::size_t errors = 0;                      ///< of a spreadsheet, among the broken
    bool decimals = false;                       ///< a number is not whole
    std::unordered_set<double> different;        ///< whole numbers, as long as all are and up to most_counted
    std::optional<MeasureColumn> measures = {};  ///< of a column of texts that are measurements with their unit

    void merge(const ColumnKind& other) {
        numbers += other.numbers;
        broken += other.broken;
        texts += other.texts;
        errors += other.errors;
        decimals = decimals || other.decimals;
        for (const double value : other.different)
            if (different.size() < most_counted) different.insert(value);
    }
    bool text() const { return broken > 0 || texts > 0; }
    /// True for a column of numbers in which some cells are none: it must not become a list of names.
    bool spoilt() const {
        if (!text()) return false;
        if (measures) return true;
        if (broken > 0 && numbers + broken > texts) return true;
        return decimals ? numbers > texts : numbers >= 9 * texts;
    }
    KindLook look(std::size_t rows) const {
        if (spoilt()) return {true, "numbers, but for some cells", false};
        if (text()) return {false, "names", false};
        if (decimals) return {true, "numbers with decimals", false};
        return look_of_whole_numbers(different.size(), different.size() == most_counted, rows);
    }
};
struct ColumnKinds {
    static constexpr bool order_free = true;
    std::vector<ColumnKind> columns;
    void merge(const ColumnKinds& other) {
        for (std::size_t i = 0; i < columns.size(); ++i) columns[i].merge(other.columns[i]);
    }
};

/// Cells of columns as numbers, NaN where they are empty or hold text.
/// @param complete set to 1 for rows without an empty cell in these columns
std::vector<ColumnKind> read_numbers(const InputTable& table, const std::vector<std::size_t>& columns,
                                     std::vector<std::vector<double>>& numbers, std::vector<std::uint8_t>& complete,
                                     Run& run) {
    numbers.resize(columns.size());
    for (auto& column : numbers) column.resize(table.rows());
    complete.assign(table.rows(), 1);
    ColumnKinds empty;
    empty.columns.resize(columns.size());
    std::vector<ColumnKind> kinds_of_all =
        run.over_rows(table.rows(), empty,
                      [&](ColumnKinds& kinds, std::size_t first, std::size_t count) {
                          for (std::size_t row = first; row < first + count; ++row)
                              for (std::size_t c = 0; c < columns.size(); ++c) {
                                  double& number = numbers[c][row];
                                  number = std::numeric_limits<double>::quiet_NaN();
                                  ColumnKind& kind = kinds.columns[c];
                                  const CellNumber cell = read_cell_number(table.text(row, columns[c]));
                                  switch (cell.kind) {
                                      case CellNumber::Kind::gap:
                                          complete[row] = 0;
                                          break;
                                      case CellNumber::Kind::broken:
                                          ++kind.broken;
                                          kind.errors += is_sheet_error(table.text(row, columns[c]));
                                          break;
                                      case CellNumber::Kind::text:
                                          ++kind.texts;
                                          break;
                                      case CellNumber::Kind::number:
                                          number = cell.value + 0.0;  // -0 is 0
                                          ++kind.numbers;
                                          kind.decimals = kind.decimals || number != std::floor(number);
                                          if (!kind.decimals && kind.different.size() < most_counted)
                                              kind.different.insert(number);
                                  }
                              }
                      })
            .columns;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        ColumnKind& kind = kinds_of_all[c];
        if (kind.texts < 2) continue;
        run.check_cancel();
        // Measurements with their unit in each cell, not grades such as 1级, 2级.
        if (auto measures = measures_in(table, columns[c]);
            measures &&
            (measures->decimals || look_of_whole_numbers(measures->different, false, table.rows()).continuous))
            kind.measures = std::move(measures);
    }
    return kinds_of_all;
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
            throw wrong("factors", "\"" + factor + "\" has more than " + std::to_string(most_strata) +
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

TableObservations::TableObservations(const InputTable& table, const GeodetectorTableOptions& options, Run& run)
    : run_(run), seed_(static_cast<std::uint64_t>(options.choices.seed)) {
    const std::size_t response = table.column(options.response);
    const std::vector<std::size_t> places = table.columns_called(options.factors);
    for (std::size_t f = 0; f < places.size(); ++f) {
        const std::string& name = table.columns()[places[f]];
        if (places[f] == response)
            throw wrong("factors", "\"" + name + "\" is the response; it cannot be a factor as well");
        if (std::find(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(f), places[f]) !=
            places.begin() + static_cast<std::ptrdiff_t>(f))
            throw wrong("factors", "\"" + name + "\" appears twice");
        factors_.push_back({name, false});
    }
    // Factors, and the response last.
    std::vector<std::size_t> columns = places;
    columns.push_back(response);
    std::vector<std::vector<double>> numbers;
    std::vector<std::uint8_t> complete;
    const std::vector<ColumnKind> kinds = read_numbers(table, columns, numbers, complete, run);
    std::vector<KindLook> looks;
    for (std::size_t f = 0; f < places.size(); ++f) looks.push_back(kinds[f].look(table.rows()));
    choose_continuous(factors_, options.choices, looks, run);
    for (std::size_t c = 0; c < columns.size(); ++c) {
        if (!kinds[c].text() || (c < places.size() && !factors_[c].continuous)) continue;
        if (const auto& measures = kinds[c].measures) {
            try {
                table.number(measures->first_row, columns[c]);
            } catch (const UserError& error) {
                throw UserError(
                    error.parameter(),
                    std::string(error.what()) + ". " + counted(measures->cells, "cell", "cells") + " of the column " +
                        (measures->cells == 1 ? "carries" : "carry") + " \"" + measures->unit +
                        "\": take it out of the cells" +
                        (c < places.size() ? "; if the column holds names of classes, name it in CATEGORICAL" : ""));
            }
        }
        const bool guessed = c < places.size() && kinds[c].spoilt() && kinds[c].numbers > 0;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (guessed && read_cell_number(table.text(row, columns[c])).kind >= CellNumber::Kind::broken) {
                try {
                    table.number(row, columns[c]);
                } catch (const UserError& error) {
                    throw UserError(error.parameter(), std::string(error.what()) + ". " +
                                                           std::to_string(kinds[c].numbers) +
                                                           " other cells of the column are numbers; if it holds names "
                                                           "of classes, name it in CATEGORICAL");
                }
            }
            table.number(row, columns[c]);  // says which row
        }
    }

    // A column of words has no stratum of what a spreadsheet could not compute.
    for (std::size_t f = 0; f < places.size(); ++f) {
        if (factors_[f].continuous || kinds[f].errors == 0) continue;
        for (std::size_t row = 0; row < table.rows(); ++row)
            if (is_sheet_error(table.text(row, places[f]))) complete[row] = 0;
    }

    std::vector<std::size_t> rows;
    std::vector<double> all;
    rows.reserve(table.rows());
    all.reserve(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (complete[row] == 0) {
            ++incomplete_;
            continue;
        }
        rows.push_back(row);
        all.push_back(numbers.back()[row]);
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
    columns_.resize(places.size());
    const auto fill = [&](std::size_t f) {
        Column& column = columns_[f];
        if (factors_[f].continuous) {
            column.values.reserve(rows.size());
            for (const std::size_t row : rows) column.values.push_back(numbers[f][row]);
        } else if (!kinds[f].text()) {
            column.strata = strata_of<CodeNumbering>(
                rows.size(), [&](std::size_t i) { return numbers[f][rows[i]]; },
                [](double value) { return number_text(value); }, column.names, factors_[f].name);
        } else {
            column.strata = strata_of<Numbering<std::string_view>>(
                rows.size(), [&](std::size_t i) { return table.text(rows[i], places[f]); },
                [](std::string_view text) { return std::string(text); }, column.names, factors_[f].name);
        }
        numbers[f] = std::vector<double>();  // no longer needed
    };
    // The first factor that fails is told, whichever thread was first.
    std::vector<std::vector<UserError>> errors(places.size());
    run.each(places.size(), [&](std::size_t f) { gather(errors[f], [&] { fill(f); }); });
    for (const auto& own : errors)
        if (!own.empty()) throw own.front();
    for (std::size_t f = 0; f < places.size(); ++f) {
        if (factors_[f].continuous || !kinds[f].text()) continue;
        std::vector<std::size_t> counts(columns_[f].names.size());
        for (const std::uint16_t stratum : columns_[f].strata) ++counts[stratum];
        for (std::size_t i = 0; i < counts.size(); ++i)
            if (is_doubtful_name(columns_[f].names[i]))
                run.warn("FACTORS: \"" + factors_[f].name + "\": " + counted(counts[i], "row says", "rows say") +
                         " \"" + columns_[f].names[i] +
                         "\", which counts as a stratum of its own. If the value is not known there, leave the cells "
                         "empty");
        if (const std::string alike = names_alike(columns_[f].names, counts, "row"); !alike.empty())
            run.warn("FACTORS: \"" + factors_[f].name + "\": " + alike +
                     " count as different strata, though they differ by case, blanks or signs alone. Write them alike "
                     "if they are one");
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

namespace {

/// The sums of one thread, and its room for a range of rows.
struct RowSums {
    static constexpr bool order_free = true;
    CrossedMoments sums;
    std::vector<std::int64_t> responses;
    std::vector<std::vector<std::uint16_t>> classes;
    void merge(const RowSums& other) { sums.merge(other.sums); }
};

}  // namespace

void TableObservations::sum(const MomentScale& scale, const FactorBreaks& breaks, const std::vector<FactorPair>& pairs,
                            bool /*last*/, const std::function<void(const CrossedMoments&)>& take) {
    std::vector<std::size_t> strata;
    std::vector<BreakLookup<double>> lookups;
    for (std::size_t f = 0; f < factors_.size(); ++f) {
        lookups.emplace_back(breaks[f]);
        strata.push_back(factors_[f].continuous ? lookups[f].classes() : columns_[f].names.size());
    }
    // Tables of many strata are made a few at a time: each thread has its own.
    const double most_bytes = 256e6 / (run_.threads() + 1);
    std::size_t first = 0;
    while (first < pairs.size()) {
        std::vector<FactorPair> group = {pairs[first]};
        while (first + group.size() < pairs.size()) {
            group.push_back(pairs[first + group.size()]);
            if (CrossedMoments::bytes(group, strata) <= most_bytes) continue;
            group.pop_back();
            break;
        }
        const RowSums empty{
            CrossedMoments(group, strata), {}, std::vector<std::vector<std::uint16_t>>(factors_.size())};
        const RowSums total =
            run_.over_rows(response_.size(), empty, [&](RowSums& state, std::size_t start, std::size_t count) {
                state.responses.resize(count);
                for (std::size_t i = 0; i < count; ++i) state.responses[i] = scale.fixed(response_[start + i]);
                std::vector<const std::uint16_t*> own(factors_.size());
                for (std::size_t f = 0; f < factors_.size(); ++f) {
                    if (factors_[f].continuous) {
                        state.classes[f].resize(count);
                        lookups[f].classes_of(columns_[f].values.data() + start, count, state.classes[f].data());
                        own[f] = state.classes[f].data();
                    } else {
                        own[f] = columns_[f].strata.data() + start;
                    }
                }
                state.sums.add(state.responses.data(), own.data(), count);
            });
        take(total.sums);
        first += group.size();
    }
}

void geodetector_table(GeodetectorTableOptions& options, Run& run) {
    const InputTable table = run.table(options.data);
    run.expect_passes(4);
    TableObservations rows(table, options, run);
    if (rows.incomplete() > 0)
        run.warn(counted(static_cast<std::size_t>(rows.incomplete()), "row lacks", "rows lack") +
                 " the response or a factor and do not count");
    state_geodetector_conventions(options.choices, "row", run);
    const GeodetectorFindings findings = find_drivers(rows, options.choices, run);
    write_geodetector(findings, options.choices, options.outputs, options.response, "row", run);
}

}  // namespace landcarbon
