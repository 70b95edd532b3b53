// Land Carbon Toolbox: the cellular automaton of FLUS and PLUS: iterations until a demand for cells of classes is met.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/automaton.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>

namespace landcarbon {

std::int64_t missing_cells(const std::vector<std::int64_t>& demand, const std::vector<std::int64_t>& cells) {
    std::int64_t sum = 0;
    for (std::size_t k = 0; k < demand.size(); ++k) sum += std::abs(demand[k] - cells[k]);
    return sum / 2;
}

namespace {

/// A proposal in the bin that is accepted in part.
struct Contender {
    std::uint64_t rank;
    std::uint64_t cell;
    std::uint8_t to;
};

/// Which proposals of a pair of classes are accepted: those in bins above `bin`, none below, in it the best `take`.
struct Cut {
    std::size_t bin = std::numeric_limits<std::size_t>::max();  ///< no proposal reaches it: all are refused
    std::int64_t take = 0;
};

Cut cut_of(const Proposals& proposals, std::size_t pair, std::int64_t accepted) {
    if (accepted == 0) return {};
    std::int64_t above = 0;
    for (std::size_t bin = proposals.bins; bin-- > 0;) {
        const std::int64_t in_bin = proposals.counts[pair * proposals.bins + bin];
        if (above + in_bin >= accepted) return {bin, accepted - above};
        above += in_bin;
    }
    return {0, accepted};
}

struct Contenders {
    static constexpr bool order_free = true;  // sorted afterwards
    std::vector<std::vector<Contender>> by_pair;
    void merge(const Contenders& other) {
        for (std::size_t i = 0; i < by_pair.size(); ++i)
            by_pair[i].insert(by_pair[i].end(), other.by_pair[i].begin(), other.by_pair[i].end());
    }
};

class Automaton {
public:
    Automaton(AutomatonMaps& maps, const AutomatonRules& rules, std::vector<std::int64_t> cells, TileSweeps& sweeps)
        : maps_(maps), rules_(rules), sweeps_(sweeps), n_(rules.kernel.classes), cells_(std::move(cells)) {
        for (const std::int64_t count : cells_) total_ += count;
        gap_ = gaps();
        first_gap_ = missing();
        inertia_.assign(n_, 1);
        for (const float ease : rules.kernel.ease) allowed_.push_back(ease > 0);
        exchange_left_ = static_cast<std::int64_t>(std::floor(rules.exchange * static_cast<double>(total_)));
        exchange_step_ = std::max<std::int64_t>(
            2, static_cast<std::int64_t>(std::ceil(rules.acceleration * static_cast<double>(exchange_left_))));
    }

    AutomatonResult run(const std::function<void(double)>& share) {
        result_.history.push_back({0, cells_, inertia_, 0});
        while (!done()) {
            step();
            const double closed =
                first_gap_ > 0 ? 1 - static_cast<double>(missing()) / static_cast<double>(first_gap_) : 0;
            const double steps = static_cast<double>(iteration_) / static_cast<double>(rules_.iterations);
            reached_ = std::max({reached_, closed, steps});
            share(std::min(1.0, reached_));
        }
        return std::move(result_);
    }

private:
    std::vector<std::int64_t> gaps() const {
        std::vector<std::int64_t> gap(n_);
        for (std::size_t k = 0; k < n_; ++k) gap[k] = rules_.demand[k] - cells_[k];
        return gap;
    }
    std::int64_t missing() const { return missing_cells(rules_.demand, cells_); }
    bool within_tolerance() const {
        return static_cast<double>(missing()) <= rules_.tolerance * static_cast<double>(total_);
    }

    /// Sets the reason when there is nothing more to do.
    bool done() {
        if (within_tolerance() && exchange_left_ < 2) {
            result_.reason = missing() == 0 ? StopReason::met : StopReason::tolerance;
            return true;
        }
        if (stuck_) {
            result_.reason =
                within_tolerance() ? (missing() == 0 ? StopReason::met : StopReason::tolerance) : StopReason::stuck;
            return true;
        }
        result_.reason = StopReason::limit;
        return iteration_ == rules_.iterations;
    }

    /// Inertia steers for nine tenths of the iterations; then the gap closes what it has left open.
    bool inertia_steers() const {
        return rules_.control == Control::inertia && 10 * iteration_ < 9 * rules_.iterations;
    }

    TransitionKernel kernel() const {
        TransitionKernel::Step step;
        step.allocation = finishing_ > 0 ? Allocation::likeliest : rules_.allocation;
        step.weights = rules_.weights;
        step.inertia = inertia_;
        step.seed = rules_.seed;
        step.iteration = static_cast<std::uint64_t>(iteration_);
        if (step.allocation == Allocation::likeliest) {
            step.wanted = helpful_conversions(allowed_, gap_, finishing_ < 2);
            // An exchange asks for what no gap asks for.
            if (missing() == 0) step.wanted.assign(n_ * n_, 1);
        }
        if (rules_.patches)
            step.patches = PatchGrowth{rules_.patches->seed_share, rules_.patches->expansion,
                                       finishing_ > 0 ? 0 : std::pow(rules_.patches->decay, falls_)};
        return {rules_.kernel, step};
    }

    void step() {
        ++iteration_;
        const TransitionKernel kernel = this->kernel();
        const Proposals proposals = sweeps_.sweep(
            kernel.none(), [&](Proposals& state, const Window& tile) { kernel.propose(maps_, tile, state); });
        std::vector<std::int64_t> proposed(n_ * n_);
        for (std::size_t pair = 0; pair < proposed.size(); ++pair) proposed[pair] = proposals.count(pair);
        const std::vector<std::int64_t> accepted = choose(proposed);
        const std::int64_t changed = settle(kernel, proposals, proposed, accepted);
        const std::int64_t missing_before = missing();
        for (std::size_t c = 0; c < n_; ++c)
            for (std::size_t k = 0; k < n_; ++k) {
                cells_[c] -= accepted[c * n_ + k];
                cells_[k] += accepted[c * n_ + k];
            }
        const std::vector<std::int64_t> before = std::exchange(gap_, gaps());
        for (std::size_t k = 0; k < n_; ++k) inertia_[k] = bounded(adapted_inertia(inertia_[k], gap_[k], before[k]));
        result_.history.push_back({iteration_, cells_, inertia_, changed});
        if (finishing_ > 0) ++result_.finishing;
        watch(missing_before - missing(), changed);
    }

    /// A class that never comes near its demand would take its inertia beyond all numbers.
    static double bounded(double inertia) { return std::clamp(inertia, 1e-6, 1e6); }

    std::vector<std::int64_t> choose(const std::vector<std::int64_t>& proposed) {
        std::vector<std::int64_t> accepted;
        if (inertia_steers()) {
            for (const std::int64_t cells : proposed)
                accepted.push_back(std::min(
                    cells, static_cast<std::int64_t>(std::ceil(rules_.acceleration * static_cast<double>(cells)))));
            return accepted;
        }
        const double part = std::ceil(rules_.acceleration * static_cast<double>(std::max(first_gap_, missing())));
        accepted = accepted_conversions(proposed, gap_, static_cast<std::int64_t>(part));
        if (finishing_ == 0 || missing() == 0)
            exchange_left_ -= add_exchange(accepted, proposed, n_, std::min(exchange_left_, exchange_step_));
        return accepted;
    }

    /// Keeps the accepted conversions in the next map, takes back the others and turns the maps. Returns how many.
    std::int64_t settle(const TransitionKernel& kernel, const Proposals& proposals,
                        const std::vector<std::int64_t>& proposed, const std::vector<std::int64_t>& accepted) {
        std::int64_t changed = 0;
        for (const std::int64_t cells : accepted) changed += cells;
        if (changed == 0) return 0;  // the present map stays
        std::vector<Cut> cuts(n_ * n_);
        bool all = true;
        for (std::size_t pair = 0; pair < cuts.size(); ++pair) {
            cuts[pair] = cut_of(proposals, pair, accepted[pair]);
            all = all && accepted[pair] == proposed[pair];
        }
        if (!all) cut(kernel, proposals, cuts);
        maps_.cells.turn();
        return changed;
    }

    void cut(const TransitionKernel& kernel, const Proposals& proposals, const std::vector<Cut>& cuts) {
        Contenders none;
        none.by_pair.resize(cuts.size());
        // A proposal that the likeliest allocation makes is dear to rank; a random number is not.
        const bool dear = kernel.allocation() == Allocation::likeliest;
        const auto width = static_cast<std::uint64_t>(maps_.cells.width());
        Contenders contenders = sweeps_.sweep(none, [&](Contenders& state, const Window& tile) {
            std::vector<int> changed(static_cast<std::size_t>(tile.width) + 1);
            for (int y = tile.y; y < tile.y + tile.height; ++y) {
                const std::uint8_t* const present = maps_.cells.row(y);
                std::uint8_t* const next = maps_.cells.next_row(y);
                // Listed first, without a branch, as in TransitionKernel::propose.
                std::size_t listed = 0;
                for (int x = tile.x; x < tile.x + tile.width; ++x) {
                    changed[listed] = x;
                    listed += next[x] != present[x];
                }
                for (std::size_t i = 0; i < listed; ++i) {
                    const int x = changed[i];
                    const std::uint8_t to = next[x];
                    const std::size_t pair = proposals.pair(present[x], to);
                    const std::size_t cut = cuts[pair].bin;
                    if (dear && cuts[pair].take == 0) {
                        next[x] = present[x];
                        continue;
                    }
                    const std::uint64_t rank = kernel.rank(maps_, x, y, to);
                    const std::size_t bin = kernel.bin(rank);
                    const auto accepted = static_cast<std::uint8_t>(-static_cast<int>(bin > cut));  // all bits or none
                    next[x] = static_cast<std::uint8_t>(present[x] ^ ((present[x] ^ to) & accepted));
                    if (bin == cut)
                        state.by_pair[pair].push_back(
                            {rank, static_cast<std::uint64_t>(y) * width + static_cast<std::uint64_t>(x), to});
                }
            }
        });
        for (std::size_t pair = 0; pair < cuts.size(); ++pair) {
            auto& list = contenders.by_pair[pair];
            const auto take = static_cast<std::size_t>(cuts[pair].take);
            if (take == 0) continue;
            const auto better = [](const Contender& a, const Contender& b) {
                return a.rank != b.rank ? a.rank > b.rank : a.cell < b.cell;
            };
            if (take < list.size())
                std::nth_element(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(take), list.end(), better);
            for (std::size_t i = 0; i < std::min(take, list.size()); ++i)
                maps_.cells.next_row(static_cast<int>(list[i].cell / width))[list[i].cell % width] = list[i].to;
        }
    }

    /// Notices when nothing moves, lowers the threshold of patches, and turns to the likeliest cells at last.
    void watch(std::int64_t closed, std::int64_t changed) {
        if (rules_.patches && finishing_ == 0 &&
            static_cast<double>(closed) < rules_.patches->step * static_cast<double>(first_gap_))
            ++falls_;
        if (inertia_steers()) return;
        const bool moved = missing() > 0 ? closed > 0 : changed > 0;
        if (moved) {
            idle_ = 0;
            if (finishing_ > 1) finishing_ = 1;
            return;
        }
        // Roulette may find nothing by chance, and patches while the threshold is high; the likeliest cells not.
        const int patience = finishing_ > 0 || rules_.allocation == Allocation::likeliest ? (rules_.patches ? 3 : 1)
                             : rules_.patches                                             ? 60
                                                                                          : 10;
        if (++idle_ < patience) return;
        idle_ = 0;
        if (missing() == 0 || finishing_ == 2)
            stuck_ = true;
        else
            ++finishing_;
    }

    AutomatonMaps& maps_;
    const AutomatonRules& rules_;
    TileSweeps& sweeps_;
    std::size_t n_;
    std::vector<std::int64_t> cells_, gap_;
    std::vector<double> inertia_;
    std::vector<std::uint8_t> allowed_;  ///< from x to
    std::int64_t total_ = 0, first_gap_ = 0, exchange_left_ = 0, exchange_step_ = 0, iteration_ = 0;
    double reached_ = 0;
    int finishing_ = 0;  ///< 1: the likeliest cells, in one step; 2: through other classes as well
    int falls_ = 0;      ///< how often the threshold of patches has fallen (l)
    int idle_ = 0;
    bool stuck_ = false;
    AutomatonResult result_;
};

}  // namespace

AutomatonResult run_automaton(AutomatonMaps& maps, const AutomatonRules& rules, std::vector<std::int64_t> cells,
                              TileSweeps& sweeps, const std::function<void(double)>& share) {
    return Automaton(maps, rules, std::move(cells), sweeps).run(share);
}

}  // namespace landcarbon
