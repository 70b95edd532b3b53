// Land Carbon Toolbox: choosing cells to learn suitability from.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/suitability/samples.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace landcarbon {

void SampleCounts::merge(const SampleCounts& other) {
    if (cells.size() < other.cells.size()) cells.resize(other.cells.size());
    for (std::size_t i = 0; i < other.cells.size(); ++i) cells[i] += other.cells[i];
    for (std::size_t d = 0; d < low.size(); ++d) {
        low[d] = std::min(low[d], other.low[d]);
        high[d] = std::max(high[d], other.high[d]);
    }
    holes += other.holes;
}

SampleChoice::SampleChoice(std::vector<std::int64_t> quotas, std::size_t width) : width_(width) {
    for (const std::int64_t quota : quotas) strata_.push_back({static_cast<std::size_t>(quota)});
}

void SampleChoice::prune(Stratum& stratum) const {
    if (stratum.chosen.size() <= stratum.quota) return;
    const auto end = stratum.chosen.begin() + static_cast<std::ptrdiff_t>(stratum.quota);
    std::nth_element(stratum.chosen.begin(), end, stratum.chosen.end(),
                     [](const Chosen& a, const Chosen& b) { return a.number < b.number; });
    stratum.limit = end->number;
    stratum.chosen.erase(end, stratum.chosen.end());
    std::vector<float> kept;
    kept.reserve(stratum.chosen.size() * width_);
    for (Chosen& cell : stratum.chosen) {
        const auto from = stratum.values.begin() + static_cast<std::ptrdiff_t>(cell.at);
        cell.at = kept.size();
        kept.insert(kept.end(), from, from + static_cast<std::ptrdiff_t>(width_));
    }
    stratum.values = std::move(kept);
}

void SampleChoice::merge(const SampleChoice& other) {
    for (std::size_t s = 0; s < strata_.size(); ++s) {
        const Stratum& from = other.strata_[s];
        for (const Chosen& cell : from.chosen)
            offer(s, cell.number, cell.own, [&](std::size_t i) { return from.values[cell.at + i]; });
    }
}

std::vector<SampleChoice::Chosen> SampleChoice::chosen() {
    std::vector<Chosen> all;
    for (std::size_t s = 0; s < strata_.size(); ++s) {
        prune(strata_[s]);
        for (Chosen cell : strata_[s].chosen) {
            cell.stratum = s;
            cell.values = strata_[s].values.data() + cell.at;
            all.push_back(cell);
        }
    }
    std::sort(all.begin(), all.end(), [](const Chosen& a, const Chosen& b) { return a.number < b.number; });
    return all;
}

std::vector<std::int64_t> sample_quotas(const std::vector<std::int64_t>& counts, const std::vector<double>& shares,
                                        std::int64_t wanted) {
    std::vector<std::int64_t> quotas(counts.size());
    std::vector<bool> full(counts.size());
    std::int64_t left = std::min(wanted, std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
    // Each round fills at least one stratum or ends.
    for (bool again = true; again && left > 0;) {
        again = false;
        double open = 0;
        for (std::size_t s = 0; s < counts.size(); ++s)
            if (!full[s] && counts[s] > 0) open += shares[s];
        if (open <= 0) break;
        const std::int64_t before = left;
        for (std::size_t s = 0; s < counts.size(); ++s) {
            if (full[s] || counts[s] == 0) continue;
            // At least one cell of every class there is.
            const auto part = static_cast<std::int64_t>(std::floor(static_cast<double>(before) * shares[s] / open));
            const std::int64_t more =
                std::min({std::max<std::int64_t>(quotas[s] == 0 ? 1 : 0, part), counts[s] - quotas[s], left});
            quotas[s] += more;
            left -= more;
            if (quotas[s] == counts[s]) full[s] = true;
            again = again || more > 0;
        }
    }
    // What rounding down has left.
    for (std::size_t s = 0; s < counts.size() && left > 0; ++s) {
        const std::int64_t more = std::min(left, counts[s] - quotas[s]);
        if (shares[s] <= 0) continue;
        quotas[s] += more;
        left -= more;
    }
    return quotas;
}

}  // namespace landcarbon
