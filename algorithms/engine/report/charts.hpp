// Land Carbon Toolbox: the charts of reports, each as a self-contained SVG text.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace landcarbon {

// What holds for all charts: fields have usable defaults; an empty colour (or one that parse_colour does not read)
// is taken from the default palette (Okabe & Ito, safe for colour-blind readers); a height of 0 is chosen from the
// content; NaN and infinite values are left out; too long names are shortened and whole in the tooltip; without
// anything to draw the figure says "No data". `unit` is appended to the axis title and the tooltips.
// More than can be read is cut down to the largest, and the axis says so (see shown.hpp).
// `title` is always read to screen readers and drawn only with `show_title` (reports have captions).

/// A straight line across a chart at one value, e.g. a mean or a uniform intensity.
struct ReferenceLine {
    double value = 0;
    std::string label = {};
};

struct BarSeries {
    std::string name = {};
    std::vector<double> values = {};  ///< one per category
    std::string colour = {};
    std::vector<double> errors = {};  ///< half lengths of error bars, optional, not drawn when stacked
};

struct BarChart {
    std::string title = {};
    std::vector<std::string> categories = {};
    std::vector<BarSeries> series = {};
    std::vector<std::string> category_colours = {};  ///< for a single series: one colour per bar
    std::string value_title = {}, unit = {}, category_title = {};
    std::vector<ReferenceLine> reference_lines = {};
    bool horizontal = false;
    bool stacked = false;
    bool value_labels = true;  ///< left out where they have no room
    bool show_title = false;
    double width = 900, height = 0;
};
std::string bar_chart(const BarChart& chart);

/// Loss to the left, gain to the right, the net change as a marker and in figures.
struct DivergingBars {
    std::string title = {};
    std::vector<std::string> categories = {};
    std::vector<std::string> category_colours = {};  ///< optional swatches beside the names
    std::vector<double> loss = {}, gain = {};        ///< magnitudes, one per category, not negative
    std::string loss_name = "Loss", gain_name = "Gain", net_name = "Net change";
    bool more_is_worse = false;  ///< what is gained is given off, as emission is: colours change sides
    std::string value_title = {}, unit = {};
    bool show_title = false;
    double width = 900, height = 0;
};
std::string diverging_bars(const DivergingBars& chart);

/// How values map to the colour ramp: square_root shows differences among small values.
enum class HeatScale { linear, square_root };

struct HeatMap {
    std::string title = {};
    std::vector<std::string> row_labels = {}, column_labels = {};
    std::vector<std::vector<double>> values = {};           ///< one vector per row; short rows are filled with NaN
    std::vector<std::vector<std::string>> tooltips = {};    ///< optional, replaces "row, column: value"
    std::vector<std::vector<std::string>> cell_texts = {};  ///< optional, replaces the formatted value in the cell
    std::string row_title = {}, column_title = {};          ///< e.g. "From (1985)", "To (1999)"
    std::string value_title = {}, unit = {};                ///< of the colour scale
    HeatScale scale = HeatScale::linear;
    bool grey_diagonal = false;  ///< grey cells on the diagonal, colours scaled on the others (transition matrices)
    bool totals = false;         ///< sums of rows and columns at the right and below
    bool show_title = false;
    double width = 900;  ///< the height follows from the number of rows
};
/// With negative values the ramp diverges around 0, otherwise it goes from light to dark.
std::string heat_map(const HeatMap& chart);

struct SankeyClass {
    std::string name = {};
    std::string colour = {};
};

/// What flows between date `step` and date `step` + 1 from class `from` to class `to` (positions in `classes`).
struct SankeyLink {
    std::size_t step = 0, from = 0, to = 0;
    double value = 0;
};

struct SankeyChart {
    std::string title = {};
    std::vector<std::string> dates = {};    ///< columns, two or more
    std::vector<SankeyClass> classes = {};  ///< in drawing order from the top
    std::vector<SankeyLink> links = {};     ///< repeated links add up; values that are not above zero are left out
    std::string unit = "ha";
    bool show_title = false;
    double width = 900, height = 0;
};
std::string sankey(const SankeyChart& chart);

struct SankeyNode {
    std::size_t column = 0, class_index = 0;
    double value = 0;  ///< the larger of inflow and outflow
    double y = 0, height = 0;
};
struct SankeyBand {
    SankeyLink link;
    double y_from = 0, y_to = 0;  ///< upper ends, pixels
    double width = 0;             ///< pixels, link.value times the scale of the chart
};
struct SankeyLayout {
    std::vector<SankeyNode> nodes = {};
    std::vector<SankeyBand> bands = {};
    double scale = 0;  ///< pixels per unit of value
};
/// Where nodes and bands lie between `top` and `bottom`: at each node the bands on one side add up to its height,
/// unless less arrives than leaves (or the reverse).
SankeyLayout sankey_layout(const SankeyChart& chart, double top, double bottom);

struct LineSeries {
    std::string name = {};
    std::vector<double> x = {}, y = {};
    std::vector<double> lower = {}, upper = {};  ///< optional band, as long as x
    std::string colour = {};
    bool dashed = false;
    bool markers = true;
};

struct LineChart {
    std::string title = {};
    std::vector<LineSeries> series = {};
    std::string x_title = {}, value_title = {}, unit = {};
    std::vector<ReferenceLine> reference_lines = {};
    std::vector<ReferenceLine> upright_lines = {};  ///< at values of x
    bool from_zero = false;                         ///< the value axis includes zero
    bool logarithmic = false;  ///< values on a logarithmic axis; those that are not above zero are left out
    bool show_title = false;
    double width = 900, height = 420;
};
/// A gap (NaN) interrupts a line. Whole x values have whole ticks; between 1000 and 3000 they are taken for years.
std::string line_chart(const LineChart& chart);

struct ScatterSeries {
    std::string name = {};
    std::vector<double> x = {}, y = {};
    std::vector<std::string> labels = {};  ///< optional, for the tooltips
    std::string colour = {};
};

struct ScatterChart {
    std::string title = {};
    std::vector<ScatterSeries> series = {};
    std::string x_title = {}, y_title = {};
    bool one_to_one = false;  ///< same range on both axes and the line y = x
    bool show_title = false;
    double width = 640, height = 0;
};
std::string scatter_chart(const ScatterChart& chart);

struct HistogramChart {
    std::string title = {};
    std::vector<double> edges = {};  ///< ascending, one more than counts
    std::vector<double> counts = {};
    std::string x_title = {}, value_title = "Count";
    std::vector<ReferenceLine> reference_lines = {};  ///< vertical, e.g. mean and median
    std::string colour = {};
    std::vector<double> breaks = {};              ///< between classes, ascending: a dashed line at each
    std::vector<std::string> class_colours = {};  ///< of the bars between the breaks, one more than these
    bool show_title = false;
    double width = 900, height = 380;
};
std::string histogram(const HistogramChart& chart);

/// Edges and counts of finite values; bins are of a round width, about as many as Freedman & Diaconis (1981) suggest.
HistogramChart histogram_of(const std::vector<double>& values);

/// A figure of the given size that says so plainly when there is nothing to draw.
std::string no_data_figure(const std::string& title, double width);

}  // namespace landcarbon
