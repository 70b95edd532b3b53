// Land Carbon Toolbox: transition matrix: how often each cell changes, when first and when last.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/transition_matrix/change_frequency.hpp"

#include <array>
#include <algorithm>
#include <cmath>

#include "spec/values.hpp"

namespace landcarbon {
namespace {

/// So many numbers of changes are classes with a name each; beyond, a colour ramp.
constexpr std::size_t most_classes = 12;

}  // namespace

ChangeFrequency::ChangeFrequency(std::size_t maps, const std::vector<double>& years)
    : marks_(years), dated_(!years.empty()) {
    for (std::size_t m = 0; !dated_ && m < maps; ++m) marks_.push_back(static_cast<double>(m + 1));
    const auto all = [&](auto holds) { return std::all_of(marks_.begin(), marks_.end(), holds); };
    if (!all([](double mark) { return mark == std::floor(mark); })) {
        type_ = GDT_Float32;
        nodata_ = real_nodata;
    } else if (!all([](double mark) { return std::abs(mark) < 32768; })) {
        type_ = GDT_Int32;
        nodata_ = -2147483648.0;
    }
}

RasterDescription ChangeFrequency::description() const {
    RasterDescription description;
    description.type = type_;
    description.nodata = nodata_;
    const std::string what = dated_ ? "year of the " : "number of the map with the ";
    description.bands = {"number of changes", what + "first change", what + "last change"};
    const std::size_t most = marks_.size() - 1;
    // One change must stand out from none.
    constexpr const char* unchanged = "#e6e6e6";
    constexpr std::array changed = {"#fec44f", "#fe9929", "#ec7014", "#cc4c02", "#8c2d04"};
    std::vector<RampStop> stops = sequential_ramp(1, static_cast<double>(most));
    for (std::size_t i = 0; i < stops.size(); ++i) stops[i].colour = changed[std::min(i, changed.size() - 1)];
    if (most > most_classes) {
        stops.insert(stops.begin(), {0, unchanged, "0"});
        description.style.ramp = stops;
        return description;
    }
    description.style.first_band_only = true;
    description.style.classes.push_back({0, "No change", unchanged});
    for (std::size_t k = 1; k <= most; ++k) {
        const std::size_t stop = most == 1 ? stops.size() - 1 : (k - 1) * (stops.size() - 1) / (most - 1);
        description.style.classes.push_back({static_cast<std::int64_t>(k), counted(k, "change"), stops[stop].colour});
    }
    return description;
}

template <class T>
void ChangeFrequency::fill_as(Block& block, const std::vector<const std::uint16_t*>& classes) const {
    T* const changes = block.output<T>(0, 0);
    T* const first = block.output<T>(0, 1);
    T* const last = block.output<T>(0, 2);
    const T none = static_cast<T>(nodata_);
    for (std::size_t i = 0; i < block.cells(); ++i) {
        std::size_t count = 0, first_map = 0, last_map = 0;
        bool valid = classes[0][i] != 0;
        for (std::size_t m = 1; m < classes.size(); ++m) {
            valid = valid && classes[m][i] != 0;
            if (classes[m][i] == classes[m - 1][i]) continue;
            if (count++ == 0) first_map = m;
            last_map = m;
        }
        changes[i] = valid ? static_cast<T>(count) : none;
        first[i] = valid && count > 0 ? static_cast<T>(marks_[first_map]) : none;
        last[i] = valid && count > 0 ? static_cast<T>(marks_[last_map]) : none;
    }
}

void ChangeFrequency::fill(Block& block, const std::vector<const std::uint16_t*>& classes) const {
    if (type_ == GDT_Int16) return fill_as<std::int16_t>(block, classes);
    if (type_ == GDT_Int32) return fill_as<std::int32_t>(block, classes);
    fill_as<float>(block, classes);
}

}  // namespace landcarbon
