// Land Carbon Toolbox: a small picture of a map for reports, gathered while blocks pass.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/grid.hpp"
#include "engine/report/picture_figure.hpp"

namespace landcarbon {

/// A class map drawn small: the colour of a picture's pixel is the mean of the colours of the cells in it, so that few
/// changed cells show as a tint and none is lost. Sums of whole numbers: the same for any order of blocks.
class MapPicture {
public:
    static constexpr bool order_free = true;
    /// @param largest length of the longer side in pixels; maps with fewer cells get one pixel a cell
    explicit MapPicture(const Grid& grid, int largest = 640);

    /// Adds cells: `codes` row by row, and the colour of each code ("#rrggbb"; empty for none, e.g. NoData).
    template <class Code>
    void add(const Window& window, const Code* codes, const std::vector<std::string>& colours) {
        set_colours(colours);
        for (int row = 0; row < window.height; ++row) {
            Sum* const line = sums_.data() + pixel_row(window.y + row);
            const Code* const cells = codes + static_cast<std::size_t>(row) * static_cast<std::size_t>(window.width);
            for (int i = 0; i < window.width; ++i) {
                const Colour& colour = colours_[static_cast<std::size_t>(cells[i])];
                Sum& sum = line[(window.x + i) / step_];
                sum.red += colour.red;
                sum.green += colour.green;
                sum.blue += colour.blue;
                sum.count += colour.there;
            }
        }
    }
    void merge(const MapPicture& other);
    /// The picture as a PNG file with transparent pixels where no cell has a colour.
    std::string png() const;

private:
    struct Colour {
        std::uint8_t red = 0, green = 0, blue = 0, there = 0;
    };
    struct Sum {
        std::uint64_t red = 0, green = 0, blue = 0, count = 0;
    };
    void set_colours(const std::vector<std::string>& colours);
    std::size_t pixel_row(int y) const {
        return static_cast<std::size_t>(y / step_) * static_cast<std::size_t>(width_);
    }
    int step_;  ///< cells a pixel, in both directions
    int width_, height_;
    std::vector<Sum> sums_;
    std::vector<std::string> names_;
    std::vector<Colour> colours_;
};

/// A figure for pictures of maps on `grid`: sides in proportion, a scale bar where lengths are known.
/// @param cell_area as in the run's options, for grids without a reference system
PictureFigure picture_figure_of(const Grid& grid, std::optional<double> cell_area);

}  // namespace landcarbon
