// Land Carbon Toolbox: the shape `iterate`: sweeping again and again over the tiles of a map held in memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/tile_sweeps.hpp"

#include <algorithm>

namespace landcarbon {
namespace {

std::size_t ceil_div(int a, int b) { return static_cast<std::size_t>((a - 1) / b + 1); }

}  // namespace

std::size_t TileSweeps::tiles() const { return ceil_div(width_, tile_.width) * ceil_div(height_, tile_.height); }

void TileSweeps::each_tile(const std::function<void(std::size_t, const Window&)>& work) {
    const std::size_t across = ceil_div(width_, tile_.width);
    work_.each(tiles(), [&](std::size_t number) {
        const int x = static_cast<int>(number % across) * tile_.width;
        const int y = static_cast<int>(number / across) * tile_.height;
        work(number, {x, y, std::min(tile_.width, width_ - x), std::min(tile_.height, height_ - y)});
    });
}

}  // namespace landcarbon
