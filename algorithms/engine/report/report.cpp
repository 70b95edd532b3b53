// Land Carbon Toolbox: builder of HTML reports: one self-contained file, no script, nothing external.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/report/report.hpp"

#include <algorithm>

#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t contents_from = 3;  // sections

// Free of < and & so that the file is well-formed XML too.
constexpr std::string_view style = R"(
:root { color-scheme: light; --ink: #1f2933; --muted: #52606d; --rule: #dfe3e8; --accent: #1f5f5b; }
* { box-sizing: border-box; }
html { background: #f3f5f6; }
body { margin: 0 auto; max-width: 1040px; padding: 40px 56px 32px; background: #fff; color: var(--ink);
  font: 16px/1.55 "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", "Noto Sans", sans-serif;
  overflow-wrap: break-word; }
header { border-bottom: 3px solid var(--accent); padding-bottom: 18px; margin-bottom: 24px; }
h1 { font-size: 30px; line-height: 1.2; font-weight: 650; letter-spacing: -0.01em; margin: 0; }
.subtitle { margin: 8px 0 0; color: var(--muted); font-size: 17px; white-space: pre-line; }
h2 { font-size: 21px; line-height: 1.3; font-weight: 650; margin: 44px 0 12px; padding-top: 4px; }
p { margin: 0 0 12px; max-width: 76ch; white-space: pre-line; }
nav { margin: 0 0 20px; font-size: 14px; color: var(--muted); line-height: 1.9; }
nav a { color: var(--accent); text-decoration: none; white-space: nowrap; margin-right: 20px; }
nav a:hover { text-decoration: underline; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 14px; margin: 20px 0 24px; }
.number { border: 1px solid var(--rule); border-top: 3px solid var(--accent); border-radius: 4px;
  padding: 12px 16px 14px; min-width: 0; }
.number .label { display: block; font-size: 13px; line-height: 1.35; color: var(--muted); }
.number .value { display: block; font-size: 26px; line-height: 1.25; font-weight: 600; margin-top: 4px;
  font-variant-numeric: tabular-nums; }
.number .unit { font-size: 15px; font-weight: 400; color: var(--muted); margin-left: 4px; white-space: nowrap; }
.warning { border-left: 4px solid #e69f00; background: #fff8e6; padding: 10px 16px; margin: 14px 0; max-width: none; }
figure { margin: 20px 0 28px; }
figure svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
figcaption, .caption { color: var(--muted); font-size: 14px; line-height: 1.5; }
figcaption { margin-top: 8px; }
figcaption b, .caption b { color: var(--ink); font-weight: 600; }
.save { color: var(--accent); margin-left: 10px; font-size: 13px; text-decoration: none; white-space: nowrap; }
.tablebox { margin: 18px 0 28px; }
.caption { margin: 0 0 8px; max-width: none; }
.scroll { max-height: 520px; overflow: auto; border-top: 2px solid var(--ink); border-bottom: 2px solid var(--ink); }
table { border-collapse: collapse; width: 100%; font-size: 14px; line-height: 1.4; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 12px; text-align: left; vertical-align: top; }
th { position: sticky; top: 0; background: #fff; vertical-align: bottom; font-weight: 600;
  box-shadow: inset 0 -1px 0 var(--muted); }
th .unit { display: block; font-weight: 400; color: var(--muted); font-size: 12px; }
td { border-top: 1px solid var(--rule); }
tbody tr:first-child td { border-top: none; }
tbody tr:hover td { background: #f5f8f8; }
th.right, td.right { text-align: right; }
td.right { white-space: nowrap; }
tr.total td { border-top: 1px solid var(--ink); font-weight: 600; }
td .swatch { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin-right: 8px;
  vertical-align: -1px; border: 0.5px solid #7b8794; }
.more { font-size: 13px; color: var(--muted); margin: 6px 0 0; }
details { border: 1px solid var(--rule); border-radius: 4px; margin: 12px 0; }
summary { cursor: pointer; padding: 10px 16px; font-weight: 600; }
dl { margin: 0; padding: 2px 16px 14px; font-size: 14px; line-height: 1.5; display: grid;
  grid-template-columns: minmax(120px, 220px) 1fr; gap: 6px 20px; }
dt { color: var(--muted); }
dd { margin: 0; white-space: pre-line; min-width: 0; overflow-wrap: anywhere; }
footer { margin-top: 48px; padding-top: 12px; border-top: 1px solid var(--rule); color: var(--muted); font-size: 13px; }
@media (max-width: 700px) {
  body { padding: 20px 16px; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 8px; }
}
@page { size: A4; margin: 16mm 15mm; }
@media print {
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  html { background: #fff; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  nav, .save { display: none; }
  h1 { font-size: 20pt; }
  h2 { font-size: 14pt; margin-top: 20pt; break-after: avoid; }
  .numbers { grid-template-columns: repeat(4, 1fr); gap: 8px; }
  .number { padding: 8px 10px; }
  .number .value { font-size: 15pt; }
  .number .unit { font-size: 9.5pt; }
  .number, figure, .warning, details, tr, dt, dd { break-inside: avoid; }
  summary { list-style: none; break-after: avoid; }
  .scroll { max-height: none; overflow: visible; }
  .caption { break-after: avoid; }
  table { font-size: 8.5pt; }
  figcaption, .caption { font-size: 9.5pt; }
  th, td { padding: 3px 7px; }
  th { position: static; box-shadow: none; border-bottom: 1px solid var(--muted); }
  thead { display: table-header-group; }
  details::details-content { content-visibility: visible; block-size: auto; }
  dl { font-size: 9pt; }
}
)";

std::string element(std::string_view name, std::string_view css_class, std::string_view text) {
    std::string out = "<" + std::string(name);
    if (!css_class.empty()) out += " class=\"" + std::string(css_class) + "\"";
    return out + ">" + escape_xml(text) + "</" + std::string(name) + ">";
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const std::size_t first = text.find_first_not_of(space);
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::string alignment(const TableData::Column& column) {
    return column.align == TableData::Align::right ? " class=\"right\"" : "";
}

std::string table_row(const TableData& data, std::size_t row, bool total) {
    std::string out = total ? "<tr class=\"total\">" : "<tr>";
    for (std::size_t c = 0; c < data.columns.size(); ++c) {
        out += "<td" + alignment(data.columns[c]) + ">";
        if (c == 0 && row < data.row_colours.size())
            if (const auto colour = parse_colour(data.row_colours[row]))
                out += "<span class=\"swatch\" style=\"background:" + to_hex(*colour) + "\"></span>";
        if (c < data.rows[row].size()) out += escape_xml(data.rows[row][c]);
        out += "</td>";
    }
    return out + "</tr>\n";
}

}  // namespace

TableData::Column text_column(std::string name) { return {std::move(name), {}, TableData::Align::left}; }

TableData::Column number_column(std::string name, std::string unit) {
    return {std::move(name), std::move(unit), TableData::Align::right};
}

Report::Report(std::string title, std::string subtitle)
    : title_(std::move(title)), subtitle_(std::move(subtitle)), footer_("Land Carbon Toolbox") {}

void Report::close_numbers() {
    if (in_numbers_) body_ += "</div>\n";
    in_numbers_ = false;
}

Report& Report::number(std::string_view label, std::string_view value_text, std::string_view unit,
                       std::string_view tooltip) {
    if (!in_numbers_) body_ += "<div class=\"numbers\">\n";
    in_numbers_ = true;
    body_ += "<div class=\"number\"";
    if (!tooltip.empty()) body_ += " title=\"" + escape_xml(tooltip) + "\"";
    body_ += ">" + element("span", "label", label) + "<span class=\"value\">" + escape_xml(value_text);
    if (!unit.empty()) body_ += element("span", "unit", unit);
    body_ += "</span></div>\n";
    return *this;
}

Report& Report::section(std::string_view title) {
    close_numbers();
    sections_.emplace_back(title);
    body_ += "<h2 id=\"section-" + std::to_string(sections_.size()) + "\">" + escape_xml(title) + "</h2>\n";
    return *this;
}

Report& Report::paragraph(std::string_view text) {
    close_numbers();
    while (!(text = trimmed(text)).empty()) {
        const std::size_t end = text.find("\n\n");
        body_ += element("p", "", trimmed(text.substr(0, end))) + "\n";
        if (end == std::string_view::npos) break;
        text.remove_prefix(end);
    }
    return *this;
}

Report& Report::warning(std::string_view text) {
    close_numbers();
    body_ += element("p", "warning", trimmed(text)) + "\n";
    return *this;
}

Report& Report::table(const TableData& data, std::string_view caption, std::size_t row_limit) {
    close_numbers();
    body_ += "<div class=\"tablebox\">\n<p class=\"caption\"><b>Table " + std::to_string(++tables_) + ".</b> " +
             escape_xml(caption) + "</p>\n<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>";
    for (const auto& column : data.columns) {
        body_ += "<th scope=\"col\"" + alignment(column) + ">" + escape_xml(column.name);
        if (!column.unit.empty()) body_ += element("span", "unit", column.unit);
        body_ += "</th>";
    }
    body_ += "</tr></thead>\n<tbody>\n";
    const bool total = data.last_row_is_total && !data.rows.empty();
    const std::size_t rows = data.rows.size() - (total ? 1 : 0), shown = std::min(rows, row_limit);
    for (std::size_t r = 0; r < shown; ++r) body_ += table_row(data, r, false);
    if (total) body_ += table_row(data, rows, true);
    body_ += "</tbody></table></div>\n";
    if (rows == 0 && !total) body_ += element("p", "more", "No rows.") + "\n";
    if (shown < rows)
        body_ += element("p", "more",
                         "The first " + format_grouped(static_cast<double>(shown), 0) + " of " +
                             format_grouped(static_cast<double>(rows), 0) +
                             " rows are shown; the output table has all of them.") +
                 "\n";
    body_ += "</div>\n";
    return *this;
}

Report& Report::figure(std::string_view svg, std::string_view caption) {
    close_numbers();
    const std::string count = std::to_string(++figures_);
    body_ += "<figure>\n";
    body_ += svg;
    body_ += "<figcaption><b>Figure " + count + ".</b> " + escape_xml(caption) +
             " <a class=\"save\" download=\"figure-" + count + ".svg\" href=\"data:image/svg+xml;base64," +
             base64(svg) + "\">Save as SVG</a></figcaption>\n</figure>\n";
    return *this;
}

Report& Report::definitions(std::string_view title, const std::vector<std::pair<std::string, std::string>>& entries,
                            bool open) {
    close_numbers();
    body_ += open ? "<details open=\"open\">" : "<details>";
    body_ += element("summary", "", title) + "<dl>\n";
    for (const auto& [term, meaning] : entries) body_ += element("dt", "", term) + element("dd", "", meaning) + "\n";
    body_ += "</dl></details>\n";
    return *this;
}

Report& Report::footer(std::string_view text) {
    footer_ = text;
    return *this;
}

std::string Report::str() const {
    std::string out =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        "img-src data:\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
        "<meta name=\"generator\" content=\"Land Carbon Toolbox\"/>\n";
    out += element("title", "", title_) + "\n<style>" + std::string(style) + "</style>\n</head>\n<body>\n<header>\n" +
           element("h1", "", title_) + "\n";
    if (!subtitle_.empty()) out += element("p", "subtitle", subtitle_) + "\n";
    out += "</header>\n";
    if (sections_.size() >= contents_from) {
        out += "<nav aria-label=\"Contents\">";
        for (std::size_t i = 0; i < sections_.size(); ++i)
            out += "<a href=\"#section-" + std::to_string(i + 1) + "\">" + escape_xml(sections_[i]) + "</a> ";
        out += "</nav>\n";
    }
    out += "<main>\n" + body_ + (in_numbers_ ? "</div>\n" : "") + "</main>\n";
    if (!footer_.empty()) out += element("footer", "", footer_) + "\n";
    return out + "</body>\n</html>\n";
}

}  // namespace landcarbon
