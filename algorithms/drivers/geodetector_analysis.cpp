// Land Carbon Toolbox: what a Geodetector finds, from observations that may be cells of rasters or rows of a table.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/geodetector_analysis.hpp"

#include <algorithm>
#include <cmath>

#include "engine/report/escape.hpp"
#include "engine/run.hpp"

namespace landcarbon {
namespace {

/// What classes between breaks are called.
std::vector<std::string> interval_names(const std::vector<double>& breaks) {
    if (breaks.empty()) return {"all"};
    // As few digits as tell all breaks apart, four at least.
    int digits = 4;
    const auto told_apart = [&] {
        for (std::size_t i = 1; i < breaks.size(); ++i)
            if (format_number(breaks[i], digits) == format_number(breaks[i - 1], digits)) return false;
        return true;
    };
    while (digits < 17 && !told_apart()) ++digits;
    const auto text = [&](std::size_t i) { return format_number(breaks[i], digits); };
    std::vector<std::string> names = {"to " + text(0)};
    for (std::size_t i = 1; i < breaks.size(); ++i) names.push_back(text(i - 1) + " to " + text(i));
    names.push_back("above " + text(breaks.size() - 1));
    return names;
}

std::vector<double> joined(const std::vector<Candidate>& candidates) {
    std::vector<double> all;
    for (const auto& candidate : candidates)
        all.insert(all.end(), candidate.division.breaks.begin(), candidate.division.breaks.end());
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

class Analysis {
public:
    Analysis(ObservationSource& source, const GeodetectorChoices& choices, Run& run)
        : source_(source), choices_(choices), run_(run) {}
    GeodetectorFindings operator()();

private:
    void propose(const FirstLook& look);
    void try_candidates();
    void choose(FactorFindings& factor);
    void cross();
    void compare();
    void sum(const FactorBreaks& breaks, const std::vector<FactorPair>& pairs, bool last,
             const std::function<void(const CrossedMoments&)>& take);
    void warn_of_strata();

    ObservationSource& source_;
    const GeodetectorChoices& choices_;
    Run& run_;
    MomentScale scale_;
    GeodetectorFindings findings_;
};

/// Sums, and sums again with a better scale where the largest response was no observation.
void Analysis::sum(const FactorBreaks& breaks, const std::vector<FactorPair>& pairs, bool last,
                   const std::function<void(const CrossedMoments&)>& take) {
    constexpr int idle = 8;
    std::int64_t largest = 0;
    const auto taking = [&](const CrossedMoments& sums) {
        largest = std::max(largest, sums.largest());
        take(sums);
    };
    source_.sum(scale_, breaks, pairs, last, taking);
    if (MomentScale::idle_bits(largest) <= idle) return;
    scale_ = MomentScale::of(source_.look(LookFor::response).largest);
    source_.sum(scale_, breaks, pairs, false, taking);
}

void Analysis::propose(const FirstLook& look) {
    const auto methods = methods_tried(choices_.discretization);
    std::size_t place = 0;
    bool sampled = false;
    for (auto& factor : findings_.factors) {
        if (!factor.continuous) continue;
        run_.check_cancel();
        std::vector<double> values;
        for (std::size_t i = 0; i < look.sample.members(); ++i) values.push_back(look.sample.number(i, place));
        // Equal intervals and the like go by the true range.
        std::optional<WholeFigures> whole;
        if (look.observations > static_cast<std::int64_t>(values.size()))
            whole = WholeFigures{look.ranges[place].first, look.ranges[place].second};
        sampled = sampled || whole;
        ++place;
        ClassBreakFinder finder(count_values(std::move(values)), static_cast<int>(choices_.classes_max), whole);
        finder.poll_with([&] { run_.check_cancel(); });
        for (const BreakMethod method : methods)
            for (auto classes = static_cast<int>(choices_.classes_min); classes <= choices_.classes_max; ++classes) {
                Candidate candidate;
                candidate.method = method;
                candidate.asked = classes;
                candidate.division = finder.find(method, classes);
                factor.candidates.push_back(std::move(candidate));
            }
    }
    run_.convention("breaks", (sampled ? "from " + std::to_string(break_sample) + " " + source_.one() +
                                             "s drawn at random by SEED, and the range of all"
                                       : std::string("from all values")) +
                                  "; a value that equals a break belongs to the class below it");
}

void Analysis::try_candidates() {
    FactorBreaks breaks;
    std::vector<FactorPair> singles;
    for (const auto& factor : findings_.factors) {
        if (factor.continuous) singles.push_back({breaks.size(), FactorPair::none});
        breaks.push_back(joined(factor.candidates));
    }
    sum(breaks, singles, false, [&](const CrossedMoments& sums) {
        for (const auto& pair : sums.pairs()) {
            FactorFindings& factor = findings_.factors[pair.first];
            const std::vector<ExactMoments> bins = sums.single(pair.first);
            for (auto& candidate : factor.candidates) {
                std::vector<ExactMoments> classes(candidate.division.breaks.size() + 1);
                for (std::size_t bin = 0; bin < bins.size(); ++bin) {
                    // All values of a bin are in the class of its upper end.
                    const auto& ends = breaks[pair.first];
                    const std::size_t of = bin < ends.size()
                                               ? static_cast<std::size_t>(candidate.division.class_of(ends[bin]))
                                               : classes.size() - 1;
                    classes[of].merge(bins[bin]);
                }
                candidate.q = q_of(classes, choices_.conventions.singletons);
                candidate.smallest = classes.front().count();
                for (const auto& own : classes) candidate.smallest = std::min(candidate.smallest, own.count());
                const ClassBreaks& division = candidate.division;
                if (!division.refusal.empty()) {
                    candidate.remark = division.refusal;
                    candidate.q.reset();
                } else if (division.classes() < candidate.asked)
                    candidate.remark = "makes " + std::to_string(division.classes()) + " classes only";
                else if (candidate.smallest == 0)
                    candidate.remark = "a class is empty";
                else if (candidate.smallest < choices_.minimum_stratum)
                    candidate.remark = "a class is smaller than MINIMUM_STRATUM";
            }
        }
    });
    for (auto& factor : findings_.factors) {
        if (!factor.continuous) continue;
        for (std::size_t i = 1; i < factor.candidates.size(); ++i) {
            const Candidate& before = factor.candidates[i - 1];
            Candidate& candidate = factor.candidates[i];
            if (before.method == candidate.method && before.remark.empty() && candidate.remark.empty() && before.q &&
                candidate.q)
                candidate.gain = *candidate.q - *before.q;
        }
        choose(factor);
    }
}

void Analysis::choose(FactorFindings& factor) {
    const auto best = [&](bool any) {
        std::optional<std::size_t> found;
        for (std::size_t i = 0; i < factor.candidates.size(); ++i) {
            const Candidate& candidate = factor.candidates[i];
            if (!candidate.q || (!any && !candidate.remark.empty())) continue;
            if (!found || *candidate.q > *factor.candidates[*found].q) found = i;
        }
        return found;
    };
    factor.chosen = best(false);
    if (!factor.chosen) {
        factor.chosen = best(true);
        const std::string range =
            std::to_string(choices_.classes_min) + " to " + std::to_string(choices_.classes_max) + " classes";
        run_.warn(factor.chosen
                      ? "Factor \"" + factor.name + "\": no method divides it into " + range + " of " +
                            std::to_string(choices_.minimum_stratum) + " " + source_.one() +
                            "s or more; the division with the largest q is taken all the same"
                      : "Factor \"" + factor.name + "\" cannot be divided by the chosen method and stays one stratum");
    }
    if (factor.chosen) factor.breaks = factor.candidates[*factor.chosen].division.breaks;
}

void Analysis::cross() {
    FactorBreaks breaks;
    for (const auto& factor : findings_.factors) breaks.push_back(factor.breaks);
    const auto pairs = all_pairs(breaks.size());
    findings_.pairs.assign(breaks.size() > 1 ? pairs.size() : 0, {});
    std::vector<std::vector<ExactMoments>> singles(breaks.size());
    sum(breaks, pairs, true, [&](const CrossedMoments& sums) {
        for (std::size_t f = 0; f < singles.size(); ++f)
            if (sums.has(f)) singles[f] = sums.single(f);
        for (std::size_t p = 0; p < sums.pairs().size(); ++p) {
            run_.check_cancel();
            const FactorPair& pair = sums.pairs()[p];
            if (pair.second == FactorPair::none) continue;
            const auto place = static_cast<std::size_t>(std::find(pairs.begin(), pairs.end(), pair) - pairs.begin());
            findings_.pairs[place] = {
                pair.first, pair.second, power_of(sums.crossed(p), choices_.conventions, false), Interaction{}, {}};
        }
    });
    for (std::size_t f = 0; f < singles.size(); ++f) {
        FactorFindings& factor = findings_.factors[f];
        run_.check_cancel();
        factor.power = power_of(singles[f], choices_.conventions, true);
        factor.strata = factor.continuous ? interval_names(factor.breaks) : source_.strata_names(f);
        for (const auto& sums : singles[f]) {
            Spread spread = sums.spread();
            spread.mean = scale_.value(spread.mean);
            spread.squares = scale_.value(scale_.value(spread.squares));
            factor.spreads.push_back(spread);
        }
    }
}

void Analysis::compare() {
    std::int64_t observations = 0;
    for (const auto& spread : findings_.factors.front().spreads) observations += spread.count;
    if (observations == 0)
        throw wrong("response", "no " + source_.one() +
                                    " has a response and all factors; check empty values and NoData, and whether the "
                                    "inputs overlap");
    // Without singletons nothing may be left of one factor; the response as a whole varies or not.
    bool varies = false;
    for (const auto& factor : findings_.factors) varies = varies || factor.power.q;
    if (!varies)
        throw wrong("response", "it has the same value in all " + source_.one() +
                                    "s that have all factors; there is nothing to explain");
    const auto q = [&](std::size_t factor) { return findings_.factors[factor].power.q.value_or(0); };
    for (std::size_t f = 1; f < findings_.factors.size(); ++f)
        if (q(f) > q(findings_.best_factor)) findings_.best_factor = f;
    for (std::size_t p = 0; p < findings_.pairs.size(); ++p) {
        PairFindings& pair = findings_.pairs[p];
        if (pair.power.q) {
            pair.type = interaction_of(q(pair.first), q(pair.second), *pair.power.q, choices_.conventions.tolerance);
            if (!findings_.best_pair || *pair.power.q > *findings_.pairs[*findings_.best_pair].power.q)
                findings_.best_pair = p;
        }
        pair.ecological = ecological_difference(findings_.factors[pair.first].power,
                                                findings_.factors[pair.second].power, choices_.conventions);
    }
}

void Analysis::warn_of_strata() {
    std::vector<std::string> constant, fine, small;
    for (const auto& factor : findings_.factors) {
        const Power& power = factor.power;
        const std::string name = "\"" + factor.name + "\"";
        if (power.strata < 2)
            constant.push_back(name);
        else if (2 * static_cast<std::int64_t>(power.strata) > power.n)
            fine.push_back(name);
        else if (!factor.continuous && power.smallest < choices_.minimum_stratum)
            small.push_back(name);
    }
    if (!constant.empty()) run_.warn("One stratum only, so that q is 0 and has no test: " + listed(constant));
    if (!fine.empty())
        run_.warn("More strata than half of the " + source_.one() +
                  "s, so that q is near 1 whatever the factor is; divide into fewer classes: " + listed(fine));
    if (!small.empty())
        run_.warn("Strata of fewer than " + std::to_string(choices_.minimum_stratum) + " " + source_.one() +
                  "s (MINIMUM_STRATUM): " + listed(small));
    std::size_t crossed = 0;
    for (const auto& pair : findings_.pairs) crossed += 2 * static_cast<std::int64_t>(pair.power.strata) > pair.power.n;
    if (crossed > 0)
        run_.warn(std::to_string(crossed) + " of " + std::to_string(findings_.pairs.size()) +
                  " pairs have more crossed strata than half of the " + source_.one() +
                  "s; their q is near 1 whatever the factors are");
}

GeodetectorFindings Analysis::operator()() {
    bool divide = false;
    const auto breaks = given_breaks(source_.factors(), choices_);
    for (std::size_t f = 0; f < source_.factors().size(); ++f) {
        const Factor& factor = source_.factors()[f];
        FactorFindings& findings = findings_.factors.emplace_back();
        findings.name = factor.name;
        findings.continuous = factor.continuous;
        if (const auto own = breaks.find(f); own != breaks.end())
            findings.breaks = own->second;
        else
            divide = divide || factor.continuous;
    }
    run_.expect_passes(divide ? 3 : 2);
    const FirstLook look = source_.look(divide ? LookFor::values : LookFor::any_response);
    scale_ = MomentScale::of(look.largest);
    if (divide) {
        propose(look);
        try_candidates();
    }
    cross();
    compare();
    warn_of_strata();
    return std::move(findings_);
}

}  // namespace

GeodetectorFindings find_drivers(ObservationSource& source, const GeodetectorChoices& choices, Run& run) {
    return Analysis(source, choices, run)();
}

}  // namespace landcarbon
