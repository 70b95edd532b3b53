// Land Carbon Toolbox: shares of classes among the neighbours of each cell, at several distances.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/grid.hpp"

namespace landcarbon {

/// Distances as users write them: whole numbers of cells from 1 to 1000, ascending, separated by commas.
/// @throws UserError naming NEIGHBOURHOODS
std::vector<int> read_distances(const std::string& text);

/// A class map held in memory, of which the neighbours of cells are counted.
class NeighbourShares {
public:
    NeighbourShares(int width, int height)
        : width_(width), height_(height), slots_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {}
    /// Memory that such a map takes.
    static std::size_t bytes(int width, int height) {
        return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * sizeof(std::uint16_t);
    }
    /// Takes over the slots of a block. Blocks may come from any thread.
    void fill(const Window& window, const std::uint16_t* slots);
    /// For each distance r and each class: the share of the class among the cells that have a class in the square of 2
    /// r
    /// + 1 cells around each cell of the window, without the cell itself; 0 where there are none. Squares are cut off
    /// at the edge of the map.
    /// @param classes slots of the classes
    /// @param shares distances x classes bands of window.cells() numbers each
    void shares(const Window& window, const std::vector<int>& distances, const std::vector<std::uint16_t>& classes,
                std::vector<std::vector<float>>& shares) const;

private:
    int width_, height_;
    std::vector<std::uint16_t> slots_;
};

}  // namespace landcarbon
