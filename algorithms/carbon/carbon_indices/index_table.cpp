// Land Carbon Toolbox: carbon indices of regions by unit and year: the formulas and the filling of gaps.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_indices/index_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "engine/report/escape.hpp"
#include "maths/exact_sum.hpp"
#include "maths/interpolation.hpp"

namespace landcarbon {
namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

std::optional<double> defined(double value) { return std::isfinite(value) ? std::optional(value) : std::nullopt; }

void add_note(std::string& notes, const std::string& note) { notes += (notes.empty() ? "" : "; ") + note; }

/// Gives every unit the whole years it lacks between its first and its last.
void add_missing_years(UnitPanel& panel) {
    std::set<double> times(panel.times.begin(), panel.times.end());
    for (const auto& unit : panel.units)
        for (double year = panel.times[panel.time_of[unit.first]]; year < panel.times[panel.time_of[unit.end - 1]];
             ++year)
            times.insert(year);
    UnitPanel full;
    full.times.assign(times.begin(), times.end());
    full.values.resize(panel.values.size());
    for (const auto& unit : panel.units) {
        UnitPanel::Unit copy{unit.name, unit.row, full.records(), 0};
        std::size_t from = unit.first;
        const auto place = [&](double year) {
            return static_cast<std::size_t>(std::lower_bound(full.times.begin(), full.times.end(), year) -
                                            full.times.begin());
        };
        const std::size_t last = place(panel.times[panel.time_of[unit.end - 1]]);
        for (std::size_t t = place(panel.times[panel.time_of[unit.first]]); t <= last; ++t) {
            const bool known = panel.times[panel.time_of[from]] == full.times[t];
            full.time_of.push_back(t);
            full.row_of.push_back(known ? panel.row_of[from] : UnitPanel::no_row);
            for (std::size_t q = 0; q < panel.values.size(); ++q)
                full.values[q].push_back(known ? panel.values[q][from] : gap);
            from += known;
        }
        copy.end = full.records();
        full.units.push_back(std::move(copy));
    }
    panel = std::move(full);
}

}  // namespace

std::optional<double> contribution_coefficient(double part, double whole, double emission, double whole_emission) {
    if (whole == 0 || emission == 0 || whole_emission == 0) return std::nullopt;
    return defined(part / whole / (emission / whole_emission));
}

std::optional<double> footprint_factor(const std::vector<std::pair<double, std::optional<double>>>& sinks,
                                       FootprintShares shares) {
    double total = 0;
    for (const auto& [amount, nep] : sinks)
        if (nep || shares == FootprintShares::all_sinks) total += amount;
    if (!(total > 0)) return std::nullopt;
    double factor = 0;
    for (const auto& [amount, nep] : sinks)
        if (nep) factor += amount / total / *nep;
    return defined(factor);
}

FilledFlags fill_gaps(UnitPanel& panel, FillMethod method) {
    if (method != FillMethod::none) add_missing_years(panel);
    FilledFlags filled(panel.values.size(), std::vector<char>(panel.records()));
    if (method == FillMethod::none) return filled;
    const Interpolation kind = method == FillMethod::linear           ? Interpolation::linear
                               : method == FillMethod::natural_spline ? Interpolation::natural_spline
                                                                      : Interpolation::not_a_knot_spline;
    for (std::size_t q = 0; q < panel.values.size(); ++q)
        for (const auto& unit : panel.units) {
            auto& values = panel.values[q];
            std::vector<double> x, y;
            bool gaps = false;
            for (std::size_t i = unit.first; i < unit.end; ++i)
                if (std::isnan(values[i]))
                    gaps = true;
                else {
                    x.push_back(panel.times[panel.time_of[i]]);
                    y.push_back(values[i]);
                }
            if (!gaps || x.size() < 2) continue;
            const double first = x.front(), last = x.back();
            const Interpolant curve(kind, std::move(x), std::move(y));
            for (std::size_t i = unit.first; i < unit.end; ++i) {
                const double year = panel.times[panel.time_of[i]];
                if (!std::isnan(values[i]) || year < first || year > last) continue;
                values[i] = std::max(0.0, curve(year));
                filled[q][i] = 1;
            }
        }
    return filled;
}

double& CarbonParts::of(IndexTable table) {
    switch (table) {
        case IndexTable::agriculture:
            return agriculture;
        case IndexTable::energy:
            return energy;
        case IndexTable::population:
            return population;
        case IndexTable::livestock:
            return livestock;
        case IndexTable::crops:
            return crops;
        case IndexTable::land:
            break;
    }
    return land;
}

namespace {

/// Sums of one year over the units, exact: they do not depend on the order of the rows.
struct YearSums {
    std::map<IndexTable, ExactSum> parts;
    std::vector<ExactSum> land;
    ExactSum gdp;
    std::size_t counted = 0, with_emission = 0, with_sequestration = 0, with_gdp = 0;
};

class Computation {
public:
    Computation(IndexTableau& tableau, const IndexCoefficients& coefficients, IncompleteYears incomplete,
                FootprintShares shares)
        : t_(tableau),
          coefficients_(coefficients),
          leave_out_(incomplete == IncompleteYears::leave_out),
          shares_(shares) {}

    void operator()() {
        for (std::size_t q = 0; q < t_.fields.size(); ++q) {
            const IndexItem* item = t_.fields[q].item;
            if (!item)
                gdp_ = q;
            else if (item->table == IndexTable::land) {
                land_fields_.push_back(q);
                t_.land_items.push_back(item->name);
            }
            for (const char flag : t_.filled[q]) t_.filled_count += static_cast<std::size_t>(flag);
        }
        t_.indices.resize(t_.panel.records());
        for (std::size_t i = 0; i < t_.indices.size(); ++i) unit_year(i);
        sum_region();
        for (std::size_t i = 0; i < t_.indices.size(); ++i) compare(i);
    }

private:
    double amount(std::size_t q, std::size_t i) const {
        return t_.panel.values[q][i] * t_.fields[q].scale * (t_.fields[q].item ? t_.fields[q].item->factor : 1);
    }

    void unit_year(std::size_t i) {
        UnitIndices& entry = t_.indices[i];
        std::string missing;
        for (std::size_t q = 0; q < t_.fields.size(); ++q) {
            if (std::isnan(t_.panel.values[q][i])) missing += (missing.empty() ? "" : ", ") + t_.fields[q].quantity;
            if (q != gdp_) entry.parts.of(t_.fields[q].item->table) += amount(q, i);
        }
        if (!missing.empty()) add_note(entry.note, "missing: " + missing);
        entry.emission = defined(entry.parts.emission());
        entry.sequestration = defined(entry.parts.sequestration());
        if (gdp_ != none) entry.gdp = defined(amount(gdp_, i));
        if (entry.emission && entry.sequestration) entry.net = *entry.emission - *entry.sequestration;
    }

    bool complete(const UnitIndices& entry) const {
        return entry.emission && entry.sequestration && (gdp_ == none || entry.gdp);
    }

    void sum_region() {
        const auto& panel = t_.panel;
        std::vector<YearSums> sums(panel.times.size());
        for (auto& year : sums) year.land.resize(land_fields_.size());
        t_.region.resize(panel.times.size());
        for (const auto& unit : panel.units)
            for (std::size_t i = unit.first; i < unit.end; ++i) {
                const UnitIndices& entry = t_.indices[i];
                YearSums& year = sums[panel.time_of[i]];
                for (const auto& flags : t_.filled)
                    t_.region[panel.time_of[i]].filled += static_cast<std::size_t>(flags[i]);
                if (leave_out_ && !complete(entry)) continue;
                year.counted += complete(entry);
                if (entry.emission) {
                    ++year.with_emission;
                    for (const auto table :
                         {IndexTable::agriculture, IndexTable::energy, IndexTable::population, IndexTable::livestock})
                        year.parts[table].add(entry.parts.of(table));
                }
                if (entry.sequestration) {
                    ++year.with_sequestration;
                    year.parts[IndexTable::crops].add(entry.parts.crops);
                    year.parts[IndexTable::land].add(entry.parts.land);
                    for (std::size_t k = 0; k < land_fields_.size(); ++k) year.land[k].add(amount(land_fields_[k], i));
                }
                if (entry.gdp) {
                    ++year.with_gdp;
                    year.gdp.add(*entry.gdp);
                }
            }
        for (std::size_t t = 0; t < panel.times.size(); ++t) {
            if (sums[t].counted < panel.units.size()) t_.region[t].incomplete = incomplete_units(t);
            finish(t_.region[t], sums[t], panel.times[t]);
        }
    }

    /// Names of the first units that lack values in a year.
    std::vector<std::string> incomplete_units(std::size_t time) const {
        constexpr std::size_t most = 5;
        std::vector<std::string> names;
        for (const auto& unit : t_.panel.units) {
            const auto begin = t_.panel.time_of.begin();
            const auto end = begin + static_cast<std::ptrdiff_t>(unit.end);
            const auto found = std::lower_bound(begin + static_cast<std::ptrdiff_t>(unit.first), end, time);
            if (found != end && *found == time && complete(t_.indices[static_cast<std::size_t>(found - begin)]))
                continue;
            names.push_back(unit.name);
            if (names.size() == most) break;
        }
        return names;
    }

    void finish(RegionYear& region, const YearSums& sums, double year) const {
        const std::size_t wanted = leave_out_ ? sums.counted : t_.panel.units.size();
        region.year = year;
        region.units = sums.counted;
        const auto value = [](const ExactSum& sum, bool all) { return all ? sum.value() : gap; };
        const bool emission = wanted > 0 && sums.with_emission == wanted;
        const bool sequestration = wanted > 0 && sums.with_sequestration == wanted;
        for (const auto table : index_tables()) {
            const bool sink = table == IndexTable::crops || table == IndexTable::land;
            const auto sum = sums.parts.find(table);
            region.parts.of(table) =
                sum == sums.parts.end() ? gap : value(sum->second, sink ? sequestration : emission);
        }
        for (const auto& sum : sums.land) region.land.push_back(value(sum, sequestration));
        if (emission) region.emission = defined(region.parts.emission());
        if (sequestration) region.sequestration = defined(region.parts.sequestration());
        if (region.emission && region.sequestration) region.net = *region.emission - *region.sequestration;
        if (gdp_ != none && wanted > 0 && sums.with_gdp == wanted) region.gdp = defined(sums.gdp.value());
        if (region.sequestration) {
            // Crops grow on cropland, whose NEP stands among the land.
            const IndexItem* cropland = coefficients_.find("cropland");
            std::vector<std::pair<double, std::optional<double>>> sinks = {
                {region.parts.crops, cropland ? cropland->nep : std::nullopt}};
            for (std::size_t k = 0; k < land_fields_.size(); ++k)
                sinks.emplace_back(region.land[k], t_.fields[land_fields_[k]].item->nep);
            region.factor = footprint_factor(sinks, shares_);
        }
        if (!region.factor || !region.emission) return;
        region.footprint = *region.emission * *region.factor;
        region.capacity = *region.sequestration * *region.factor;
        region.deficit = *region.footprint - *region.capacity;
    }

    void compare(std::size_t i) {
        UnitIndices& entry = t_.indices[i];
        const RegionYear& region = t_.region[t_.panel.time_of[i]];
        if (entry.emission && *entry.emission == 0) add_note(entry.note, "no emission: ECC and ESC are not defined");
        if (entry.emission && entry.sequestration && !(region.emission && region.sequestration))
            add_note(entry.note, "units lack values in this year: ECC, ESC, Cf, Ec and Ed are not defined");
        if (region.sequestration && *region.sequestration == 0)
            add_note(entry.note, "the region takes up nothing: ESC, Cf, Ec and Ed are not defined");
        const bool compared = entry.emission && region.emission && (!leave_out_ || complete(entry));
        if (compared && entry.gdp && region.gdp)
            entry.economic = contribution_coefficient(*entry.gdp, *region.gdp, *entry.emission, *region.emission);
        if (compared && entry.sequestration && region.sequestration)
            entry.ecological = contribution_coefficient(*entry.sequestration, *region.sequestration, *entry.emission,
                                                        *region.emission);
        if (!region.factor) return;
        if (entry.emission) entry.footprint = *entry.emission * *region.factor;
        if (entry.sequestration) entry.capacity = *entry.sequestration * *region.factor;
        if (entry.footprint && entry.capacity) entry.deficit = *entry.footprint - *entry.capacity;
    }

    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
    IndexTableau& t_;
    const IndexCoefficients& coefficients_;
    bool leave_out_;
    FootprintShares shares_;
    std::size_t gdp_ = none;
    std::vector<std::size_t> land_fields_;
};

}  // namespace

void compute_indices(IndexTableau& tableau, const IndexCoefficients& coefficients, IncompleteYears incomplete,
                     FootprintShares shares) {
    Computation(tableau, coefficients, incomplete, shares)();
}

std::vector<RampStop> net_emission_classes(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto zero = static_cast<std::size_t>(std::lower_bound(values.begin(), values.end(), 0.0) - values.begin());
    // Two digits are enough for a legend.
    const auto round = [](double value) {
        if (value == 0) return 0.0;
        const double step = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 1);
        return std::round(value / step) * step;
    };
    std::vector<RampStop> classes;
    const auto add = [&](double value, const char* colour) {
        if (classes.empty() || value > classes.back().value) classes.push_back({value, colour, ""});
    };
    const std::size_t positive = values.size() - zero;
    if (zero >= 3) {
        add(round(values[zero / 3]), "#01665e");
        add(round(values[2 * zero / 3]), "#5ab4ac");
    }
    if (zero > 0) add(0, "#c7eae5");
    if (positive >= 3) {
        add(round(values[zero + positive / 3]), "#f6e8c3");
        add(round(values[zero + 2 * positive / 3]), "#d8b365");
    }
    if (positive > 0) add(std::max(values.back(), classes.empty() ? 0.0 : classes.back().value * 1.01), "#8c510a");
    for (auto& stop : classes) stop.label = "up to " + format_value(stop.value, 3) + " t C";
    return classes;
}

}  // namespace landcarbon
