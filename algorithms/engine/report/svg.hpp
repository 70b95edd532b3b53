// Land Carbon Toolbox: the SVG writer that serves all figures.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace landcarbon {

struct SvgPoint {
    double x = 0, y = 0;
};

/// How a shape is painted. Empty fill or stroke: none.
struct SvgPaint {
    std::string fill = {};
    std::string stroke = {};
    double stroke_width = 1;
    double opacity = 1;
    std::string dash = {};  ///< e.g. "4 3"
};

enum class TextAnchor { start, middle, end };

/// How a text is set. The y coordinate given with it is the baseline, or the middle line with `centred`.
struct SvgTextStyle {
    double size = 13;
    TextAnchor anchor = TextAnchor::start;
    int weight = 400;
    double rotate = 0;  ///< degrees clockwise around the given point
    std::string colour = "#1f2933";
    bool centred = false;
    bool halo = false;  ///< white outline, for text over shapes
};

/// Writes an SVG figure: pixels with y downwards, white background, no script, no style sheet, no ids, nothing
/// external, so that several figures can stand in one page and each can be saved as a file of its own. Tooltips are
/// `<title>` children. All text is escaped; numbers have at most two decimals, and a number that is not finite is
/// written as 0. The same calls give the same bytes.
class Svg {
public:
    /// Size in pixels.
    Svg(double width, double height);

    void rect(double x, double y, double width, double height, const SvgPaint& paint, std::string_view tooltip = {},
              double radius = 0);
    void line(SvgPoint from, SvgPoint to, const SvgPaint& paint, std::string_view tooltip = {});
    void polyline(const std::vector<SvgPoint>& points, const SvgPaint& paint, std::string_view tooltip = {});
    void polygon(const std::vector<SvgPoint>& points, const SvgPaint& paint, std::string_view tooltip = {});
    void circle(SvgPoint centre, double radius, const SvgPaint& paint, std::string_view tooltip = {});
    /// `data` is path data, made with SvgPath.
    void path(std::string_view data, const SvgPaint& paint, std::string_view tooltip = {});
    void text(double x, double y, std::string_view text, const SvgTextStyle& style = {}, std::string_view tooltip = {});
    /// A picture inside the figure, stretched to the rectangle, pixels without smoothing. `png` is the file's bytes.
    void image(double x, double y, double width, double height, std::string_view png, std::string_view tooltip = {});

    /// Groups what follows up to end_group(); the tooltip holds for all of it.
    void begin_group(std::string_view tooltip = {});
    void end_group();

    double width() const { return width_; }
    double height() const { return height_; }

    /// The figure; `label` is what a screen reader says. Groups still open are closed.
    std::string str(std::string_view label) const;

private:
    void element(std::string_view name, const std::string& attributes, std::string_view tooltip);

    double width_, height_;
    std::string body_;
    int open_groups_ = 0;
};

/// Path data for Svg::path.
class SvgPath {
public:
    SvgPath& move(SvgPoint to);
    SvgPath& line(SvgPoint to);
    SvgPath& curve(SvgPoint control1, SvgPoint control2, SvgPoint to);
    SvgPath& close();
    const std::string& str() const { return data_; }

private:
    std::string data_;
};

/// A coordinate with at most two decimals, no trailing zeros, never -0; 0 when not finite.
std::string svg_number(double value);

}  // namespace landcarbon
