// Land Carbon Toolbox: matrices as heat maps.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>

#include "engine/report/axis.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "engine/report/shown.hpp"
#include "engine/report/text_layout.hpp"

namespace landcarbon {
namespace {

using namespace chart_style;

constexpr double longest_row_label = 200, key_width = 260, longest_slanted = 150, label_line = 15, total_gap = 6;
constexpr Rgb diagonal_colour{0xe9, 0xec, 0xef};
constexpr Rgb missing_colour{0xf8, 0xf9, 0xfa};

double value_at(const HeatMap& chart, std::size_t row, std::size_t column) {
    if (row >= chart.values.size() || column >= chart.values[row].size()) return std::nan("");
    const double value = chart.values[row][column];
    return is_drawable(value) ? value : std::nan("");
}

/// Entry of an optional table of texts, empty when there is none.
std::string text_at(const std::vector<std::vector<std::string>>& texts, std::size_t row, std::size_t column) {
    return row < texts.size() && column < texts[row].size() ? texts[row][column] : std::string();
}

/// Colours of values: diverging around zero if there are negative ones.
struct ColourScale {
    double low = 0, high = 0;
    HeatScale kind = HeatScale::linear;

    bool diverging() const { return low < 0; }
    double bend(double share) const { return kind == HeatScale::square_root ? std::sqrt(share) : share; }
    Rgb colour(double value) const {
        if (diverging()) {
            const double largest = std::max(-low, high);
            const double share = bend(std::min(1.0, std::abs(value) / largest));
            return diverging_ramp(value < 0 ? -share : share);
        }
        return high > 0 ? sequential_ramp(bend(std::clamp(value / high, 0.0, 1.0))) : sequential_ramp(0);
    }
};

/// How the numbers in the cells are written so that all of them fit.
struct CellText {
    double size = 0;  // 0: no text
    bool brief = false;
    std::string of(double value) const { return brief ? format_short(value) : format_value(value); }
};

CellText fit_cell_text(const HeatMap& chart, double cell_width, double cell_height) {
    for (const CellText candidate : {CellText{12, false}, CellText{11, false}, CellText{10, false}, CellText{11, true},
                                     CellText{9, true}, CellText{8, true}}) {
        bool fits = candidate.size + 4 <= cell_height;
        for (std::size_t r = 0; fits && r < chart.row_labels.size(); ++r) {
            for (std::size_t c = 0; fits && c < chart.column_labels.size(); ++c) {
                const std::string given = text_at(chart.cell_texts, r, c);
                const std::string text = given.empty() ? candidate.of(value_at(chart, r, c)) : given;
                fits = text_width(text, candidate.size) <= cell_width - 4;
            }
        }
        if (fits) return candidate;
    }
    return {};
}

class HeatMapPainter {
public:
    explicit HeatMapPainter(const HeatMap& chart)
        : chart_(chart), rows_(chart.row_labels.size()), columns_(chart.column_labels.size()) {}

    std::string draw() {
        if (!measure()) return no_data_figure(chart_.title, chart_.width);
        lay_out();
        Svg svg(width_, height_);
        draw_title(svg, chart_.title, chart_.show_title);
        labels(svg);
        for (std::size_t r = 0; r < rows_; ++r)
            for (std::size_t c = 0; c < columns_; ++c) cell(svg, r, c);
        if (chart_.totals) totals(svg);
        colour_bar(svg);
        return svg.str(chart_.title);
    }

private:
    bool on_grey_diagonal(std::size_t row, std::size_t column) const { return chart_.grey_diagonal && row == column; }

    /// Range of the colours; false when there is no value at all.
    bool measure() {
        bool any = false;
        scale_.kind = chart_.scale;
        for (std::size_t r = 0; r < rows_; ++r) {
            for (std::size_t c = 0; c < columns_; ++c) {
                const double value = value_at(chart_, r, c);
                if (std::isnan(value)) continue;
                any = true;
                if (on_grey_diagonal(r, c)) continue;
                scale_.low = std::min(scale_.low, value);
                scale_.high = std::max(scale_.high, value);
            }
        }
        return any;
    }

    void lay_out() {
        double longest = 0;
        for (const std::string& label : chart_.row_labels)
            longest = std::max(longest, text_width(shorten(label, longest_row_label, tick_size), tick_size));
        if (chart_.totals) longest = std::max(longest, text_width("Total", tick_size, true));
        left_ = longest + 12 + (chart_.row_title.empty() ? 0 : 24);

        double total_width = 0;
        if (chart_.totals) {
            total_width = text_width("Total", tick_size, true);
            for (std::size_t r = 0; r < rows_; ++r)
                total_width = std::max(total_width, text_width(format_value(row_sum(r)), tick_size, true));
            total_width = std::max(64.0, total_width + 10);
        }
        const double beside = 8 + (chart_.totals ? total_width + total_gap : 0);
        cell_width_ = std::clamp((chart_.width - left_ - beside) / static_cast<double>(columns_), 2.0, 110.0);
        total_width_ = total_width;
        cell_height_ = rows_ <= 12 ? 36 : rows_ <= 20 ? 28 : 22;

        // Column labels lie flat when every one fits its column on three lines.
        flat_ = true;
        std::size_t lines = 1;
        double longest_column = 0;
        for (const std::string& label : chart_.column_labels) {
            const auto wrapped = wrap(label, cell_width_ - 4, tick_size, 3);
            std::string joined;
            for (const auto& line : wrapped) joined += (joined.empty() ? "" : " ") + line;
            flat_ = flat_ && joined == clean_utf8(label);
            lines = std::max(lines, wrapped.size());
            longest_column =
                std::max(longest_column, text_width(shorten(label, longest_slanted, tick_size), tick_size));
        }
        const double slanted = longest_column * 0.71 + 18;
        // Slanted labels lean out to the right of the last column.
        if (!flat_ && slanted > beside)
            cell_width_ =
                std::max(2.0, std::min(cell_width_, (chart_.width - left_ - slanted) / static_cast<double>(columns_)));
        text_ = fit_cell_text(chart_, cell_width_, cell_height_);
        const double label_room = flat_ ? static_cast<double>(lines) * label_line + 8 : slanted;
        top_ = title_room(chart_.title, chart_.show_title) + (chart_.column_title.empty() ? 4 : 26) + label_room;
        bottom_ = top_ + cell_height_ * static_cast<double>(rows_);
        height_ = bottom_ + (chart_.totals ? cell_height_ + total_gap : 0) + 64;

        key_title_ = axis_title(chart_.value_title, chart_.unit);
        if (chart_.grey_diagonal) key_title_ += key_title_.empty() ? "diagonal in grey" : "; diagonal in grey";
        const double needed = std::max({right() + beside, flat_ ? 0 : right() + slanted,
                                        left_ + key_width + 26 + text_width(key_title_, tick_size)});
        width_ = chart_.show_title ? chart_.width : std::min(chart_.width, needed);
    }

    double x_of(std::size_t column) const { return left_ + cell_width_ * static_cast<double>(column); }
    double y_of(std::size_t row) const { return top_ + cell_height_ * static_cast<double>(row); }
    double right() const { return x_of(columns_); }

    double row_sum(std::size_t row) const {
        double sum = 0;
        for (std::size_t c = 0; c < columns_; ++c)
            if (const double value = value_at(chart_, row, c); !std::isnan(value)) sum += value;
        return sum;
    }
    double column_sum(std::size_t column) const {
        double sum = 0;
        for (std::size_t r = 0; r < rows_; ++r)
            if (const double value = value_at(chart_, r, column); !std::isnan(value)) sum += value;
        return sum;
    }

    void labels(Svg& svg) const {
        const double start = title_room(chart_.title, chart_.show_title);
        if (!chart_.column_title.empty())
            svg.text((left_ + right()) / 2, start + 14,
                     shorten(chart_.column_title, right() - left_ + 80, text_size, true),
                     {.size = text_size, .anchor = TextAnchor::middle, .weight = 600, .colour = text_colour},
                     chart_.column_title);
        if (!chart_.row_title.empty())
            svg.text(
                16, (top_ + bottom_) / 2, shorten(chart_.row_title, bottom_ - top_ + 60, text_size, true),
                {.size = text_size, .anchor = TextAnchor::middle, .weight = 600, .rotate = -90, .colour = text_colour},
                chart_.row_title);
        for (std::size_t r = 0; r < rows_; ++r)
            svg.text(left_ - 8, y_of(r) + cell_height_ / 2, shorten(chart_.row_labels[r], longest_row_label, tick_size),
                     {.size = tick_size, .anchor = TextAnchor::end, .colour = text_colour, .centred = true},
                     chart_.row_labels[r]);
        for (std::size_t c = 0; c < columns_; ++c) column_label(svg, c);
    }

    void column_label(Svg& svg, std::size_t column) const {
        const std::string& label = chart_.column_labels[column];
        const double x = x_of(column) + cell_width_ / 2;
        if (!flat_) {
            svg.text(x + 4, top_ - 8, shorten(label, longest_slanted, tick_size),
                     {.size = tick_size, .rotate = -45, .colour = text_colour}, label);
            return;
        }
        const auto lines = wrap(label, cell_width_ - 4, tick_size, 3);
        double y = top_ - 8 - label_line * static_cast<double>(lines.size() - 1);
        if (lines.empty()) return;
        for (const std::string& line : lines) {
            svg.text(x, y, line, {.size = tick_size, .anchor = TextAnchor::middle, .colour = text_colour}, label);
            y += label_line;
        }
    }

    void cell(Svg& svg, std::size_t row, std::size_t column) const {
        const double value = value_at(chart_, row, column);
        const bool missing = std::isnan(value);
        const Rgb colour = missing                         ? missing_colour
                           : on_grey_diagonal(row, column) ? diagonal_colour
                                                           : scale_.colour(value);
        std::string tooltip = text_at(chart_.tooltips, row, column);
        if (tooltip.empty())
            tooltip = chart_.row_labels[row] + " \xE2\x86\x92 " + chart_.column_labels[column] + ": " +
                      (missing ? "no data" : with_unit(value, chart_.unit));
        const double x = x_of(column), y = y_of(row);
        svg.rect(x, y, cell_width_, cell_height_, {.fill = to_hex(colour), .stroke = "#ffffff", .stroke_width = 1.5},
                 tooltip);
        if (text_.size == 0) return;
        const std::string given = text_at(chart_.cell_texts, row, column);
        std::string ink = readable_on(colour);
        if (missing || (value == 0 && given.empty())) ink = axis_colour;
        svg.text(x + cell_width_ / 2, y + cell_height_ / 2, given.empty() ? text_.of(value) : given,
                 {.size = text_.size, .anchor = TextAnchor::middle, .colour = ink, .centred = true}, tooltip);
    }

    void totals(Svg& svg) const {
        const SvgTextStyle bold{
            .size = tick_size, .anchor = TextAnchor::end, .weight = 600, .colour = text_colour, .centred = true};
        const double x = right() + total_gap + total_width_ - 4, below = bottom_ + total_gap + cell_height_ / 2;
        svg.text(x, top_ - 8, "Total",
                 {.size = tick_size, .anchor = TextAnchor::end, .weight = 600, .colour = text_colour});
        svg.line({left_, bottom_ + total_gap / 2}, {x + 4, bottom_ + total_gap / 2}, {.stroke = axis_colour});
        svg.line({right() + total_gap / 2, top_}, {right() + total_gap / 2, bottom_ + cell_height_ + total_gap},
                 {.stroke = axis_colour});
        svg.text(left_ - 8, below, "Total", bold);
        double all = 0;
        for (std::size_t r = 0; r < rows_; ++r) {
            svg.text(x, y_of(r) + cell_height_ / 2, format_value(row_sum(r)), bold,
                     chart_.row_labels[r] + ": " + with_unit(row_sum(r), chart_.unit));
            all += row_sum(r);
        }
        svg.text(x, below, format_value(all), bold, with_unit(all, chart_.unit));
        double widest = 0;
        for (std::size_t c = 0; c < columns_; ++c)
            widest = std::max(widest, text_width(format_value(column_sum(c)), 11, true));
        const CellText form{widest <= cell_width_ - 4 ? 11.0 : text_.size, widest > cell_width_ - 4};
        if (form.size == 0) return;
        for (std::size_t c = 0; c < columns_; ++c)
            svg.text(x_of(c) + cell_width_ / 2, below, form.of(column_sum(c)),
                     {.size = form.size,
                      .anchor = TextAnchor::middle,
                      .weight = 600,
                      .colour = text_colour,
                      .centred = true},
                     chart_.column_labels[c] + ": " + with_unit(column_sum(c), chart_.unit));
    }

    /// The key of the colours, in small steps because gradients would need ids.
    void colour_bar(Svg& svg) const {
        if (scale_.high <= scale_.low) return;
        const double width = std::min(key_width, width_ - left_ - 20), y = height_ - 48;
        constexpr int steps = 65;
        const double reach = std::max(-scale_.low, scale_.high);
        const double low = scale_.diverging() ? -reach : 0, high = reach;
        for (int i = 0; i < steps; ++i) {
            const double value = low + (high - low) * (i + 0.5) / steps;
            svg.rect(left_ + width * i / steps, y, width / steps + 0.5, 12, {.fill = to_hex(scale_.colour(value))});
        }
        svg.rect(left_, y, width, 12, {.stroke = axis_colour, .stroke_width = 0.5});
        for (const double share : {0.0, 0.5, 1.0}) {
            const double x = left_ + width * share;
            svg.line({x, y + 12}, {x, y + 16}, {.stroke = axis_colour});
            svg.text(x, y + 29, format_value(low + (high - low) * share, 3),
                     {.size = small_size, .anchor = TextAnchor::middle, .colour = muted_colour});
        }
        svg.text(left_ + width + 20, y + 6, shorten(key_title_, width_ - left_ - width - 22, tick_size),
                 {.size = tick_size, .colour = muted_colour, .centred = true}, key_title_);
    }

    const HeatMap& chart_;
    std::size_t rows_, columns_;
    ColourScale scale_;
    CellText text_;
    bool flat_ = true;
    std::string key_title_;
    double width_ = 0, left_ = 0, top_ = 0, bottom_ = 0, height_ = 0, cell_width_ = 0, cell_height_ = 0,
           total_width_ = 0;
};

}  // namespace

std::string heat_map(const HeatMap& chart) {
    // Rows of units and columns of years may be more than classes are.
    constexpr std::size_t most_rows = 200, most_columns = 400;
    const std::size_t rows = chart.row_labels.size(), columns = chart.column_labels.size();
    if (rows <= most_rows && columns <= most_columns) return HeatMapPainter(chart).draw();
    std::vector<double> of_rows(rows), of_columns(columns);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c)
            if (const double value = std::abs(value_at(chart, r, c)); !std::isnan(value)) {
                of_rows[r] += value;
                of_columns[c] += value;
            }
    HeatMap part = chart;
    const auto note = [](std::string& title, std::size_t shown, std::size_t all) {
        if (shown < all)
            title += (title.empty() ? "the " : " (the ") + std::to_string(shown) + " largest of " +
                     std::to_string(all) + (title.empty() ? "" : ")");
    };
    note(part.row_title, std::min(rows, most_rows), rows);
    note(part.column_title, std::min(columns, most_columns), columns);
    const auto shown_rows = largest_of(of_rows, most_rows), shown_columns = largest_of(of_columns, most_columns);
    part.row_labels = picked(chart.row_labels, shown_rows);
    part.column_labels = picked(chart.column_labels, shown_columns);
    const auto cut = [&](auto& table) {
        table.resize(table.empty() ? 0 : rows);
        table = picked(table, shown_rows);
        for (auto& row : table) row.resize(columns), row = picked(row, shown_columns);
    };
    for (auto& row : part.values) row.resize(columns, std::nan(""));
    cut(part.values);
    cut(part.tooltips);
    cut(part.cell_texts);
    return HeatMapPainter(part).draw();
}

}  // namespace landcarbon
