// Land Carbon Toolbox: exact sums of a response by strata of factors, and by the crossed strata of pairs of factors.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/crossed_moments.hpp"

#include <algorithm>
#include <array>

#include "maths/wide.hpp"

namespace landcarbon {

std::vector<FactorPair> all_pairs(std::size_t factors) {
    std::vector<FactorPair> pairs;
    for (std::size_t i = 0; i < factors; ++i)
        for (std::size_t j = i + 1; j < factors; ++j) pairs.push_back({i, j});
    if (factors == 1) pairs.push_back({0, FactorPair::none});
    return pairs;
}

CrossedMoments::CrossedMoments(std::vector<FactorPair> pairs, std::vector<std::size_t> strata)
    : pairs_(std::move(pairs)), strata_(std::move(strata)), room_(strata_) {
    for (auto& room : room_) room = std::max<std::size_t>(room, 1);
    for (const auto& pair : pairs_) {
        Table& table = tables_.emplace_back();
        table.rows = room_[pair.first];
        table.columns = columns_of(pair);
        table.sums.resize(table.rows * table.columns);
    }
}

void CrossedMoments::reserve(std::size_t factor, std::size_t strata) {
    if (strata <= strata_[factor]) return;
    strata_[factor] = strata;
    if (strata <= room_[factor]) return;
    room_[factor] = std::max(strata, room_[factor] + room_[factor] / 2 + 4);
    for (std::size_t p = 0; p < pairs_.size(); ++p) {
        const FactorPair& pair = pairs_[p];
        if (pair.first != factor && pair.second != factor) continue;
        Table wider;
        wider.rows = room_[pair.first];
        wider.columns = columns_of(pair);
        wider.sums.resize(wider.rows * wider.columns);
        Table& table = tables_[p];
        for (std::size_t row = 0; row < table.rows; ++row)
            std::copy_n(&table.at(row, 0), table.columns, &wider.at(row, 0));
        table = std::move(wider);
    }
}

void CrossedMoments::settle() {
    for (auto& table : tables_)
        for (auto& sums : table.sums) sums.settle();
    adds_left_ = ExactMoments::adds_until_settled;
}

void CrossedMoments::add(const std::int64_t* responses, const std::uint16_t* const* strata, std::size_t count) {
    // What the loop needs of each pair, side by side.
    struct Target {
        ExactMoments* sums;
        std::size_t columns;
        std::uint32_t first, second;
    };
    // Factors and one more, whose stratum is always 0, for factors by themselves.
    const std::size_t factors = strata_.size();
    std::vector<Target> targets;
    for (std::size_t p = 0; p < pairs_.size(); ++p)
        targets.push_back({tables_[p].sums.data(), tables_[p].columns, static_cast<std::uint32_t>(pairs_[p].first),
                           static_cast<std::uint32_t>(std::min(pairs_[p].second, factors))});
    constexpr std::size_t chunk = 128;
    alignas(64) std::array<ExactMoments, chunk> values;
    std::array<std::uint8_t, chunk> repeats;
    std::vector<std::uint32_t> places((factors + 1) * chunk);
    std::int64_t largest = largest_;
    std::size_t start = 0;
    while (start < count) {
        if (adds_left_ < static_cast<std::int64_t>(chunk)) settle();
        const std::size_t cells = std::min(chunk, count - start);
        adds_left_ -= static_cast<std::int64_t>(cells);
        wide([&] {
            for (std::size_t i = 0; i < cells; ++i) {
                const std::int64_t response = responses[start + i];
                const std::int64_t size = response < 0 ? -response : response;
                largest = largest < size ? size : largest;
            }
            for (std::size_t i = 0; i < cells; ++i) values[i].set(responses[start + i]);
            // Neighbours mostly lie in the same strata of all factors: their sums are added up first.
            for (std::size_t i = 0; i < cells; ++i) repeats[i] = 1;
            for (std::size_t f = 0; f < factors; ++f) {
                const std::uint16_t* const own = strata[f] + start;
                for (std::size_t i = 1; i < cells; ++i)
                    repeats[i] = static_cast<std::uint8_t>(repeats[i] & (own[i] == own[i - 1]));
                for (std::size_t i = 0; i < cells; ++i) places[i * (factors + 1) + f] = own[i];
            }
            std::size_t i = 0;
            while (i < cells) {
                ExactMoments& sum = values[i];
                const std::uint32_t* const place = places.data() + i * (factors + 1);
                for (++i; i < cells && repeats[i]; ++i) sum.add(values[i]);
                for (const Target& target : targets)
                    target.sums[place[target.first] * target.columns + place[target.second]].add(sum);
            }
        });
        start += cells;
    }
    largest_ = largest;
}

void CrossedMoments::merge(const CrossedMoments& other, const std::vector<std::vector<std::uint16_t>>& translation) {
    const auto translated = [&](std::size_t factor, std::size_t stratum) -> std::size_t {
        return translation[factor].empty() ? stratum : translation[factor][stratum];
    };
    for (std::size_t f = 0; f < strata_.size(); ++f)
        for (std::size_t s = 0; s < other.strata_[f]; ++s) reserve(f, translated(f, s) + 1);
    for (std::size_t p = 0; p < pairs_.size(); ++p) {
        const FactorPair& pair = pairs_[p];
        const bool alone = pair.second == FactorPair::none;
        const std::size_t columns = alone ? 1 : other.strata_[pair.second];
        for (std::size_t row = 0; row < other.strata_[pair.first]; ++row)
            for (std::size_t column = 0; column < columns; ++column) {
                const ExactMoments& sums = other.tables_[p].at(row, column);
                if (sums.count() == 0) continue;
                tables_[p].at(translated(pair.first, row), alone ? 0 : translated(pair.second, column)).merge(sums);
            }
    }
    largest_ = std::max(largest_, other.largest_);
    settle();
}

std::vector<ExactMoments> CrossedMoments::crossed(std::size_t pair) const {
    const Table& table = tables_[pair];
    const std::size_t columns = pairs_[pair].second == FactorPair::none ? 1 : strata_[pairs_[pair].second];
    std::vector<ExactMoments> all;
    all.reserve(strata_[pairs_[pair].first] * columns);
    for (std::size_t row = 0; row < strata_[pairs_[pair].first]; ++row)
        for (std::size_t column = 0; column < columns; ++column) all.push_back(table.at(row, column));
    return all;
}

bool CrossedMoments::has(std::size_t factor) const {
    return std::any_of(pairs_.begin(), pairs_.end(),
                       [&](const FactorPair& pair) { return pair.first == factor || pair.second == factor; });
}

std::vector<ExactMoments> CrossedMoments::single(std::size_t factor) const {
    std::vector<ExactMoments> all(strata_[factor]);
    for (std::size_t p = 0; p < pairs_.size(); ++p) {
        const FactorPair& pair = pairs_[p];
        if (pair.first != factor && pair.second != factor) continue;
        const std::size_t columns = pair.second == FactorPair::none ? 1 : strata_[pair.second];
        for (std::size_t row = 0; row < strata_[pair.first]; ++row)
            for (std::size_t column = 0; column < columns; ++column)
                all[pair.first == factor ? row : column].merge(tables_[p].at(row, column));
        break;
    }
    return all;
}

double CrossedMoments::bytes(const std::vector<FactorPair>& pairs, const std::vector<std::size_t>& strata) {
    double bytes = 0;
    for (const auto& pair : pairs)
        bytes += static_cast<double>(sizeof(ExactMoments)) * static_cast<double>(strata[pair.first]) *
                 (pair.second == FactorPair::none ? 1.0 : static_cast<double>(strata[pair.second]));
    return bytes;
}

double CrossedMoments::bytes() const { return bytes(pairs_, room_); }

}  // namespace landcarbon
