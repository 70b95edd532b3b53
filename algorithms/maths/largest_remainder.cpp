// Land Carbon Toolbox: whole numbers in given proportions that make a given total.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/largest_remainder.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace landcarbon {

std::vector<std::int64_t> largest_remainder(const std::vector<double>& parts, std::int64_t total) {
    const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
    std::vector<std::int64_t> whole(parts.size());
    if (parts.empty() || !(sum > 0)) return whole;
    std::vector<double> remainders(parts.size());
    std::int64_t given = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const double exact = parts[i] / sum * static_cast<double>(total);
        // A whole number that was computed must not lose a cell to the last bit.
        const double nearest = std::round(exact);
        const bool is_whole = std::abs(exact - nearest) <= 1e-9 * std::max(1.0, std::abs(exact)) && nearest <= 1e15;
        whole[i] = static_cast<std::int64_t>(is_whole ? nearest : std::floor(exact));
        remainders[i] = is_whole ? 0 : exact - std::floor(exact);
        given += whole[i];
    }
    std::vector<std::size_t> order(parts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
    std::size_t next = 0;
    for (; given < total; ++given, next = (next + 1) % order.size())
        if (parts[order[next]] > 0)
            ++whole[order[next]];
        else
            --given;
    // Rounding of near-whole numbers can only exceed the total by single cells.
    for (std::size_t i = order.size(); given > total && i > 0; --i)
        if (whole[order[i - 1]] > 0) {
            --whole[order[i - 1]];
            --given;
        }
    return whole;
}

}  // namespace landcarbon
