// Land Carbon Toolbox: directional distribution (standard deviational ellipse) of classes: options and maths.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "maths/cell_area.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

/// How long the axes are; programs differ.
enum class EllipseMethod {
    arcgis,  ///< sqrt(2) times the standard deviations along the axes
    yuill    ///< the standard deviations themselves
};

struct DirectionalDistributionOptions {
    RasterInput land_cover;
    std::string selected;
    TableInput classes;
    double size = 1;
    EllipseMethod method = EllipseMethod::arcgis;

    VectorOutput ellipses;
    ReportOutput report;

    NumberOutput ellipse_count;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void directional_distribution(DirectionalDistributionOptions& options, Run& run);

/// Sums over the cells of a class, of whole numbers only: exact, in any order. Positions must be below 2^29 in size,
/// weights at most 2^28.
class Moments {
public:
    /// Adds `count` cells at u[i], v[i], which all have one weight.
    void add(std::int64_t weight, const std::int64_t* u, const std::int64_t* v, std::size_t count);
    /// Adds one cell.
    void add(std::int64_t weight, std::int64_t u, std::int64_t v) { add(weight, &u, &v, 1); }
    /// Adds `count` cells of one row, at u, u + step, u + 2 step, ...
    void add_run(std::int64_t weight, std::int64_t u, std::int64_t step, std::int64_t count, std::int64_t v);
    void merge(const Moments& other);

    /// Weighted mean position, and mean squares and product of the deviations from it.
    struct Spread {
        double u = 0, v = 0;
        double uu = 0, uv = 0, vv = 0;
    };
    /// @pre something of a weight above 0 was added
    Spread spread() const;

private:
    __extension__ typedef __int128 Sum;
    Sum weight_ = 0, u_ = 0, v_ = 0, uu_ = 0, uv_ = 0, vv_ = 0;
};

/// Direction and axes of a distribution.
struct StandardEllipse {
    /// Of the long axis, degrees clockwise from the y axis, 0 <= rotation < 180; nothing when no direction is longer.
    std::optional<double> rotation;
    double longer = 0;   ///< semi-axes, in the unit of the deviations
    double shorter = 0;  ///< exactly 0 for positions on one line
};
/// The standard deviational ellipse (Lefever 1926, Yuill 1971) of mean squares and products xx, xy, yy: tan(theta) =
/// (A + B) / C with A = xx - yy, B = sqrt(A^2 + 4 xy^2), C = 2 xy; the variances along the axes are (xx + yy +- B) / 2.
/// Worked out as theta = atan2(C, -A) / 2, which is the same angle and holds for C = 0 too.
/// @param factor what the standard deviations are multiplied by
StandardEllipse standard_ellipse(double xx, double xy, double yy, double factor);

}  // namespace landcarbon
