// Land Carbon Toolbox: what a report shows of many: the largest, and a word on the rest.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include "engine/report/escape.hpp"

namespace landcarbon {

/// A figure shows no more classes than these: more cannot be read, and a matrix of 2000 classes would make a page of
/// gigabytes.
constexpr std::size_t most_shown = 60;

/// Places of the largest sizes (without their sign, NaN as 0), `most` at most, in the order in which they stand.
inline std::vector<std::size_t> largest_of(const std::vector<double>& sizes, std::size_t most = most_shown) {
    std::vector<std::size_t> places(sizes.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    if (sizes.size() <= most) return places;
    const auto size = [&](std::size_t i) { return std::isnan(sizes[i]) ? 0 : std::abs(sizes[i]); };
    std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
    places.resize(most);
    std::sort(places.begin(), places.end());
    return places;
}

/// " The 60 largest of 2 000 classes are shown; the tables have all."; empty when all are shown.
inline std::string shown_text(std::size_t shown, std::size_t all, const std::string& what) {
    if (shown == all) return {};
    return " The " + std::to_string(shown) + " largest of " + format_grouped(static_cast<double>(all), 0) + " " + what +
           " are shown; the tables have all.";
}

/// The entries at some places of a list; a list that is shorter, such as one of optional colours, gives what it has.
template <class T>
std::vector<T> picked(const std::vector<T>& all, const std::vector<std::size_t>& places) {
    std::vector<T> some;
    for (const std::size_t place : places)
        if (place < all.size()) some.push_back(all[place]);
    return some;
}

}  // namespace landcarbon
