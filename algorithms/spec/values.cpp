// Land Carbon Toolbox: strict reading and plain writing of argument values.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/values.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace landcarbon {

namespace {

/// Length of the blank that `text` begins with, which may be one that cannot be seen: no-break and full-width spaces
/// come from web pages, word processors and East Asian keyboards. 0 when there is none.
std::size_t blank_at_start(std::string_view text) {
    if (text.empty()) return 0;
    if (std::string_view(" \t\r\n\v\f").find(text[0]) != std::string_view::npos) return 1;
    if (text.substr(0, 2) == "\xc2\xa0") return 2;  // U+00A0
    const std::string_view three = text.substr(0, 3);
    if (three == "\xe3\x80\x80" || three == "\xef\xbb\xbf") return 3;  // U+3000, U+FEFF
    // U+2000 .. U+200B, U+2028, U+2029, U+202F, U+205F
    if (three.size() == 3 && three.substr(0, 2) == "\xe2\x80") {
        const auto last = static_cast<unsigned char>(three[2]);
        if (last <= 0x8b || last == 0xa8 || last == 0xa9 || last == 0xaf) return 3;
    }
    return three == "\xe2\x81\x9f" ? 3 : 0;
}

/// Length of the blank that `text` ends with.
std::size_t blank_at_end(std::string_view text) {
    for (std::size_t length = 1; length <= 3 && length <= text.size(); ++length)
        if (blank_at_start(text.substr(text.size() - length)) == length) return length;
    return 0;
}

}  // namespace

UserError wrong(const std::string& parameter, const std::string& text) {
    return {parameter, parameter_name(parameter) + ": " + text};
}

UserError wrong(const Bound& member, const std::string& text) { return wrong(member.argument, text); }

std::string_view trimmed(std::string_view text) {
    if (!text.empty() && text.front() > ' ' && text.back() > ' ') return text;  // as nearly all are
    while (const std::size_t length = blank_at_start(text)) text.remove_prefix(length);
    while (const std::size_t length = blank_at_end(text)) text.remove_suffix(length);
    return text;
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

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
    return std::to_string(count) + ' ' + (count == 1 ? one : many.empty() ? one + 's' : many);
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
        // An entry in quotation marks may hold commas.
        std::size_t comma = text.find(',', start);
        const std::string_view rest = trimmed(text.substr(start));
        if (!rest.empty() && rest[0] == '"') {
            const auto opened = static_cast<std::size_t>(rest.data() - text.data());
            std::size_t closed = text.find('"', opened + 1);
            while (closed != std::string_view::npos && closed + 1 < text.size() && text[closed + 1] == '"')
                closed = text.find('"', closed + 2);
            if (closed != std::string_view::npos) {
                comma = text.find(',', closed);
                if (trimmed(text.substr(closed + 1, std::min(comma, text.size()) - closed - 1)).empty()) {
                    std::string entry;
                    for (std::size_t i = opened + 1; i < closed; ++i) {
                        entry += text[i];
                        if (text[i] == '"') ++i;
                    }
                    parts.push_back(std::move(entry));
                    if (comma == std::string_view::npos) return parts;
                    start = comma + 1;
                    continue;
                }
                comma = text.find(',', start);
            }
        }
        parts.emplace_back(trimmed(text.substr(start, comma - start)));
        if (comma == std::string_view::npos) return parts;
        start = comma + 1;
    }
}

namespace {

/// An entry as split_list() reads it back: in quotation marks where it would be cut or trimmed otherwise.
std::string entry_text(const std::string& entry) {
    if (entry == trimmed(entry) && entry.find(',') == std::string::npos && !entry.starts_with('"')) return entry;
    std::string text = "\"";
    for (const char c : entry) {
        if (c == '"') text += '"';
        text += c;
    }
    return text + '"';
}

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty()) text += ',';
        text += entry_text(part);
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

std::string listed_entries(const std::vector<std::string>& entries, std::size_t most) {
    std::string text;
    for (std::size_t i = 0; i < entries.size() && i < most; ++i) text += (i ? "; " : "") + entries[i];
    return text + (entries.size() > most ? "; and " + std::to_string(entries.size() - most) + " more" : "");
}

std::vector<std::string> quoted(std::vector<std::string> words) {
    for (auto& word : words) word = '"' + word + '"';
    return words;
}

std::string value_text(const Value& value) { return std::visit(TextOf{}, value); }

}  // namespace landcarbon
