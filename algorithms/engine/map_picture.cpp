// Land Carbon Toolbox: a small picture of a map for reports, gathered while blocks pass.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/map_picture.hpp"

#include <cpl_vsi.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "engine/gdal.hpp"
#include "engine/report/colour.hpp"
#include "spec/errors.hpp"

namespace landcarbon {

MapPicture::MapPicture(const Grid& grid, int largest)
    : step_((std::max(grid.width, grid.height) + largest - 1) / largest),
      width_((grid.width + step_ - 1) / step_),
      height_((grid.height + step_ - 1) / step_),
      sums_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_)) {}

void MapPicture::set_colours(const std::vector<std::string>& colours) {
    if (colours == names_) return;
    names_ = colours;
    colours_.assign(colours.size(), {});
    for (std::size_t i = 0; i < colours.size(); ++i)
        if (const auto colour = parse_colour(colours[i]))
            colours_[i] = {static_cast<std::uint8_t>(colour->red), static_cast<std::uint8_t>(colour->green),
                           static_cast<std::uint8_t>(colour->blue), 1};
}

void MapPicture::merge(const MapPicture& other) {
    for (std::size_t i = 0; i < sums_.size(); ++i) {
        sums_[i].red += other.sums_[i].red;
        sums_[i].green += other.sums_[i].green;
        sums_[i].blue += other.sums_[i].blue;
        sums_[i].count += other.sums_[i].count;
    }
}

std::string MapPicture::png() const {
    const GdalMessages messages;
    const DatasetPtr picture(GDALCreate(GDALGetDriverByName("MEM"), "", width_, height_, 4, GDT_Byte, nullptr));
    if (!picture) throw std::runtime_error("no picture in memory: " + messages.text("unknown reason"));
    std::vector<std::uint8_t> bytes(sums_.size());
    for (int band = 1; band <= 4; ++band) {
        for (std::size_t i = 0; i < sums_.size(); ++i) {
            const Sum& sum = sums_[i];
            const std::uint64_t channel = band == 1 ? sum.red : band == 2 ? sum.green : sum.blue;
            bytes[i] = static_cast<std::uint8_t>(sum.count == 0 ? 0
                                                 : band == 4    ? 255
                                                                : (channel + sum.count / 2) / sum.count);
        }
        if (GDALRasterIO(GDALGetRasterBand(picture.get(), band), GF_Write, 0, 0, width_, height_, bytes.data(), width_,
                         height_, GDT_Byte, 0, 0) != CE_None)
            throw std::runtime_error("no picture in memory: " + messages.text("unknown reason"));
    }
    // One name for each object, so that runs side by side do not meet.
    const std::string path =
        "/vsimem/landcarbon_picture_" + std::to_string(reinterpret_cast<std::uintptr_t>(this)) + ".png";
    GDALDriverH driver = GDALGetDriverByName("PNG");
    DatasetPtr copy(driver ? GDALCreateCopy(driver, path.c_str(), picture.get(), FALSE, nullptr, nullptr, nullptr)
                           : nullptr);
    const bool made = copy != nullptr;
    copy.reset();
    vsi_l_offset length = 0;
    GByte* const file = made ? VSIGetMemFileBuffer(path.c_str(), &length, TRUE) : nullptr;
    VSIUnlink((path + ".aux.xml").c_str());
    if (!file) throw IoError("the picture of a report", messages.text("GDAL cannot write PNG"));
    const std::string png(reinterpret_cast<const char*>(file), static_cast<std::size_t>(length));
    VSIFree(file);
    return png;
}

PictureFigure picture_figure_of(const Grid& grid, std::optional<double> cell_area) {
    PictureFigure figure;
    const auto& t = grid.transform;
    double across = std::hypot(t[1], t[4]), down = std::hypot(t[2], t[5]);  // map units a cell
    try {
        const MapUnit unit = MapUnit::of(grid, cell_area);
        if (unit.geographic) {
            const double latitude = grid.position(grid.width / 2.0, grid.height / 2.0)[1] * unit.size;
            across *= std::max(0.01, std::cos(latitude));
            figure.metres_per_unit = unit.size * unit.semi_major;
        } else
            figure.metres_per_unit = unit.size;
    } catch (const UserError&) {
        // Without a reference system there is no scale.
    }
    figure.width_units = across * grid.width;
    figure.height_units = down * grid.height;
    return figure;
}

}  // namespace landcarbon
