// Land Carbon Toolbox: axes, gridlines and legends shared by the charts.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/report/charts.hpp"
#include "engine/report/svg.hpp"

namespace landcarbon {

namespace chart_style {
inline constexpr double text_size = 13, tick_size = 12, small_size = 11, title_size = 15;
inline constexpr const char* text_colour = "#1f2933";
inline constexpr const char* muted_colour = "#52606d";
inline constexpr const char* grid_colour = "#e4e7eb";
inline constexpr const char* axis_colour = "#7b8794";
}  // namespace chart_style

/// Values that no sensible input exceeds; larger ones count as not finite so that ranges cannot overflow.
bool is_drawable(double value);

/// A linear axis with ticks at round values.
struct ChartAxis {
    double low = 0, high = 1;
    std::vector<double> ticks;
    int decimals = 0;
    bool plain_years = false;  ///< ticks without thousands separators
    bool logarithmic = false;  ///< low and ticks are above zero

    /// Position of a value between the pixels at low and high.
    double at(double value, double pixel_low, double pixel_high) const;
    std::string label(double tick) const;
    double widest_label(double size) const;
};

enum class AxisEnds { round, tight };

/// Axis over [low, high] with about `target` ticks (steps 1, 2, 2.5, 5 times a power of ten). `round` widens it to
/// ticks, `tight` keeps the ends. Equal ends are widened, so that the axis is never of length zero.
ChartAxis nice_axis(double low, double high, int target, AxisEnds ends = AxisEnds::round);

/// Axis over years (whole values from 1000 to 3000): ticks at whole values, tight ends.
ChartAxis year_axis(double low, double high, int target);

/// Logarithmic axis over [low, high]: ticks at powers of ten, and at 2 and 5 times them where the range is short.
/// Both ends must be above zero.
ChartAxis log_axis(double low, double high);

/// "title (unit)", or whichever of the two is there.
std::string axis_title(std::string_view title, std::string_view unit);

/// The inner rectangle of a chart.
struct PlotArea {
    double left = 0, top = 0, right = 0, bottom = 0;
    double width() const { return right - left; }
    double height() const { return bottom - top; }
};

/// Horizontal gridlines with labels at the left and the rotated title at `title_x`.
void draw_y_axis(Svg& svg, const ChartAxis& axis, const PlotArea& area, std::string_view title);

/// Vertical gridlines with labels below and the centred title under them.
void draw_x_axis(Svg& svg, const ChartAxis& axis, const PlotArea& area, std::string_view title, bool gridlines = true);

/// Room at the left that draw_y_axis needs.
double y_axis_room(const ChartAxis& axis, std::string_view title);

/// Room below that draw_x_axis needs.
double x_axis_room(std::string_view title);

/// Room right of the plot that draw_levels needs for its labels.
double level_room(const std::vector<ReferenceLine>& lines);

/// Reference lines at values of the vertical axis, labelled right of the plot.
void draw_levels(Svg& svg, const ChartAxis& axis, const PlotArea& area, const std::vector<ReferenceLine>& lines,
                 std::string_view unit);

/// Room above the plot that draw_uprights needs for its labels.
double upright_room(const std::vector<ReferenceLine>& lines);

/// Reference lines at values of the horizontal axis, labelled above the plot.
void draw_uprights(Svg& svg, const ChartAxis& axis, const PlotArea& area, const std::vector<ReferenceLine>& lines,
                   std::string_view unit);

/// Shapes that tell series apart in print without colour.
void draw_marker(Svg& svg, SvgPoint at, std::size_t shape, double radius, const std::string& colour,
                 std::string_view tooltip = {});

/// Rows of symbols and names above a chart, wrapped to the width.
class ChartLegend {
public:
    enum class Symbol { box, line, dashed_line, marker };
    /// `marker_shape` as for draw_marker; on lines one more than that, 0 for a line without markers.
    void add(std::string name, std::string colour, Symbol symbol, std::size_t marker_shape = 0);
    bool empty() const { return items_.empty(); }
    /// Height in pixels at this width, 0 without items.
    double height(double width) const;
    void draw(Svg& svg, double x, double y, double width) const;

private:
    struct Item {
        std::string name, colour;
        Symbol symbol;
        std::size_t marker_shape;
    };
    struct Place {
        double x, y;
        std::string text;
    };
    std::vector<Place> places(double width) const;
    std::vector<Item> items_;
};

/// Draws the title if `show` and returns the room it takes.
double draw_title(Svg& svg, const std::string& title, bool show);

/// Room of draw_title.
double title_room(const std::string& title, bool show);

/// The largest of 1, 2, 5 times a power of ten that is not above `limit` (> 0), for scale bars.
double round_length(double limit);

/// A value with its unit for tooltips.
std::string with_unit(double value, std::string_view unit);

}  // namespace landcarbon
