// Land Carbon Toolbox: strict reading and plain writing of argument values.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/values.hpp"

#include <charconv>
#include <cmath>

namespace landcarbon {

std::string_view trimmed(std::string_view text) {
    if (!text.empty() && text.front() > ' ' && text.back() > ' ') return text;  // as nearly all are
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

namespace {

template <class Number>
std::optional<Number> parse_whole(std::string_view text) {
    text = trimmed(text);
    if (text.size() > 1 && text[0] == '+' && text[1] != '-' && text[1] != '+') text.remove_prefix(1);
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return number;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) { return parse_whole<double>(text); }

std::optional<std::int64_t> parse_integer(std::string_view text) { return parse_whole<std::int64_t>(text); }

std::string parameter_name(std::string id) {
    for (char& c : id)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return id;
}

std::string number_text(double value) {
    if (value == 0) return "0";
    char buffer[40];
    const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
    return {buffer, result.ptr};
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> parts;
    if (trimmed(text).empty()) return parts;
    std::size_t start = 0;
    while (true) {
        const auto comma = text.find(',', start);
        parts.emplace_back(trimmed(text.substr(start, comma - start)));
        if (comma == std::string_view::npos) return parts;
        start = comma + 1;
    }
}

namespace {

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty()) text += ',';
        text += part;
    }
    return text;
}

struct TextOf {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return number_text(value); }
    std::string operator()(const std::string& value) const { return value; }
    std::string operator()(const std::vector<std::string>& value) const { return joined(value); }
    std::string operator()(const Matrix& value) const {
        std::string text;
        for (const auto& row : value.rows) {
            if (!text.empty()) text += ';';
            text += joined(row);
        }
        return text;
    }
};

}  // namespace

std::string listed(const std::vector<std::string>& words, std::size_t most) {
    std::string text;
    for (std::size_t i = 0; i < words.size() && i < most; ++i) text += (i ? ", " : "") + words[i];
    return text + (words.size() > most ? ", ..." : "");
}

std::vector<std::string> quoted(std::vector<std::string> words) {
    for (auto& word : words) word = '"' + word + '"';
    return words;
}

std::string value_text(const Value& value) { return std::visit(TextOf{}, value); }

}  // namespace landcarbon
