// Land Carbon Toolbox: transition matrix: the maths of the change between dates.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/transition_matrix/transitions.hpp"

#include <algorithm>

namespace landcarbon {

FixedArea Transitions::earlier(std::size_t k) const {
    FixedArea sum;
    for (std::size_t to = 0; to < classes; ++to) sum += area(k, to);
    return sum;
}

FixedArea Transitions::later(std::size_t k) const {
    FixedArea sum;
    for (std::size_t from = 0; from < classes; ++from) sum += area(from, k);
    return sum;
}

FixedArea Transitions::total() const {
    FixedArea sum;
    for (const FixedArea cell : areas) sum += cell;
    return sum;
}

FixedArea Transitions::changed() const {
    FixedArea sum = total();
    for (std::size_t k = 0; k < classes; ++k) sum = sum - area(k, k);
    return sum;
}

ClassChange class_change(const Transitions& transitions, std::size_t k) {
    ClassChange change;
    change.earlier = transitions.earlier(k);
    change.later = transitions.later(k);
    change.persistence = transitions.area(k, k);
    change.gain = change.later - change.persistence;
    change.loss = change.earlier - change.persistence;
    change.net_ha = (change.gain - change.loss).hectares();
    change.swap_ha = 2 * std::min(change.gain, change.loss).hectares();
    change.total_ha = (change.gain + change.loss).hectares();
    if (const double before = change.earlier.hectares(); before > 0)
        change.dynamic_degree = change.net_ha / before / transitions.years * 100;
    return change;
}

std::optional<double> changed_share(const Transitions& transitions) {
    const double total = transitions.total().hectares();
    if (total <= 0) return std::nullopt;
    return transitions.changed().hectares() / total;
}

std::optional<double> comprehensive_dynamic_degree(const Transitions& transitions) {
    const double total = transitions.total().hectares();
    if (total <= 0) return std::nullopt;
    return transitions.changed().hectares() / (2 * total) / transitions.years * 100;
}

std::vector<IntensityRow> intensity_analysis(const std::vector<Transitions>& periods) {
    std::vector<IntensityRow> rows;
    if (periods.empty()) return rows;
    const double total = periods.front().total().hectares();
    if (total <= 0) return rows;
    double all_change = 0;
    double all_years = 0;
    for (const auto& period : periods) {
        all_change += period.changed().hectares();
        all_years += period.years;
    }
    const double uniform_change = all_change / all_years / total * 100;
    for (std::size_t t = 0; t < periods.size(); ++t) {
        const Transitions& period = periods[t];
        const double change = period.changed().hectares() / period.years / total * 100;
        rows.push_back({"interval", "change", t, -1, -1, change, uniform_change});
        for (std::size_t k = 0; k < period.classes; ++k) {
            const ClassChange of = class_change(period, k);
            const auto index = static_cast<std::ptrdiff_t>(k);
            if (const double area = of.later.hectares(); area > 0)
                rows.push_back(
                    {"category", "gain", t, -1, index, of.gain.hectares() / period.years / area * 100, change});
            if (const double area = of.earlier.hectares(); area > 0)
                rows.push_back(
                    {"category", "loss", t, index, -1, of.loss.hectares() / period.years / area * 100, change});
        }
        std::vector<double> before(period.classes);
        for (std::size_t from = 0; from < period.classes; ++from) before[from] = period.earlier(from).hectares();
        for (std::size_t to = 0; to < period.classes; ++to) {
            const ClassChange of = class_change(period, to);
            const double others = total - of.earlier.hectares();
            if (of.gain.hectares() <= 0 || others <= 0) continue;
            const double uniform = of.gain.hectares() / period.years / others * 100;
            for (std::size_t from = 0; from < period.classes; ++from) {
                const double area = before[from];
                if (from == to || area <= 0) continue;
                rows.push_back({"transition", "transition", t, static_cast<std::ptrdiff_t>(from),
                                static_cast<std::ptrdiff_t>(to),
                                period.area(from, to).hectares() / period.years / area * 100, uniform});
            }
        }
    }
    return rows;
}

std::int64_t change_code_factor(std::int64_t largest_class) {
    std::int64_t factor = 10;
    while (factor <= largest_class && factor < 1000000000000000000) factor *= 10;
    return factor;
}

}  // namespace landcarbon
