// Land Carbon Toolbox: shares of classes among the neighbours of each cell, at several distances.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/suitability/neighbour_shares.hpp"

#include <algorithm>

#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {

std::vector<int> read_distances(const std::string& text) {
    std::vector<int> distances;
    for (const auto& entry : split_list(text)) {
        const auto cells = parse_integer(entry);
        if (!cells || *cells < 1 || *cells > 1000)
            throw wrong("neighbourhoods", "\"" + entry + "\" is not a number of cells from 1 to 1000");
        if (!distances.empty() && *cells <= distances.back())
            throw wrong("neighbourhoods", entry + " does not come after " + std::to_string(distances.back()) +
                                              "; give them in ascending order");
        distances.push_back(static_cast<int>(*cells));
    }
    if (distances.size() > 8) throw wrong("neighbourhoods", "at most 8 distances can be used");
    return distances;
}

void NeighbourShares::fill(const Window& window, const std::uint16_t* slots) {
    for (int y = 0; y < window.height; ++y)
        std::copy_n(slots + static_cast<std::size_t>(y) * static_cast<std::size_t>(window.width), window.width,
                    slots_.begin() + static_cast<std::ptrdiff_t>(window.y + y) * width_ + window.x);
}

void NeighbourShares::shares(const Window& window, const std::vector<int>& distances,
                             const std::vector<std::uint16_t>& classes, std::vector<std::vector<float>>& shares) const {
    shares.resize(distances.size() * classes.size());
    for (auto& band : shares) band.resize(window.cells());
    if (distances.empty()) return;
    // Sums of counts over the window and as far around as the largest distance reaches within the map.
    const int reach = distances.back();
    const int left = std::max(0, window.x - reach), top = std::max(0, window.y - reach),
              right = std::min(width_, window.x + window.width + reach),
              bottom = std::min(height_, window.y + window.height + reach);
    const auto stride = static_cast<std::size_t>(right - left) + 1;
    thread_local std::vector<std::int32_t> all, own;
    const auto sum_up = [&](std::vector<std::int32_t>& sums, auto counts) {
        sums.assign(stride * (static_cast<std::size_t>(bottom - top) + 1), 0);
        for (int y = top; y < bottom; ++y) {
            const std::uint16_t* const cells = slots_.data() + static_cast<std::ptrdiff_t>(y) * width_ + left;
            const std::int32_t* const above = sums.data() + static_cast<std::size_t>(y - top) * stride;
            std::int32_t* const below = sums.data() + static_cast<std::size_t>(y - top + 1) * stride;
            std::int32_t row = 0;
            for (std::size_t x = 0; x + 1 < stride; ++x) {
                row += counts(cells[x]);
                below[x + 1] = above[x + 1] + row;
            }
        }
    };
    sum_up(all, [](std::uint16_t slot) { return slot != 0; });
    for (std::size_t k = 0; k < classes.size(); ++k) {
        const std::uint16_t wanted = classes[k];
        sum_up(own, [wanted](std::uint16_t slot) { return slot == wanted; });
        for (std::size_t r = 0; r < distances.size(); ++r) {
            const int distance = distances[r];
            float* share = shares[r * classes.size() + k].data();
            for (int y = window.y; y < window.y + window.height; ++y) {
                const auto from = static_cast<std::size_t>(std::max(top, y - distance) - top) * stride,
                           to = static_cast<std::size_t>(std::min(bottom, y + distance + 1) - top) * stride;
                const std::uint16_t* const cells = slots_.data() + static_cast<std::ptrdiff_t>(y) * width_;
                for (int x = window.x; x < window.x + window.width; ++x, ++share) {
                    const auto first = static_cast<std::size_t>(std::max(left, x - distance) - left),
                               last = static_cast<std::size_t>(std::min(right, x + distance + 1) - left);
                    const auto in_square = [&](const std::vector<std::int32_t>& sums) {
                        return sums[to + last] - sums[to + first] - sums[from + last] + sums[from + first];
                    };
                    const std::int32_t neighbours = in_square(all) - (cells[x] != 0),
                                       found = in_square(own) - (cells[x] == wanted);
                    *share = neighbours > 0 ? static_cast<float>(found) / static_cast<float>(neighbours) : 0.0f;
                }
            }
        }
    }
}

}  // namespace landcarbon
