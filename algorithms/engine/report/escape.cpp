// Land Carbon Toolbox: text that is safe in HTML and SVG, and numbers as people read them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/report/escape.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace landcarbon {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::string_view narrow_space = "\xE2\x80\xAF";
constexpr std::string_view minus_sign = "\xE2\x88\x92";
constexpr std::string_view not_a_value = "\xE2\x80\x93";
constexpr double largest_fixed = 1e15;

/// Length of the valid sequence at the start of `text`, or 0; `wrong` is how many bytes to replace by one U+FFFD.
std::size_t sequence_length(std::string_view text, std::size_t& wrong) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    wrong = 1;
    if (lead < 0x80) return 1;
    std::size_t length = 0;
    unsigned char low = 0x80, high = 0xBF;  // range of the second byte: shuts out overlong forms and surrogates
    if (lead >= 0xC2 && lead <= 0xDF)
        length = 2;
    else if (lead >= 0xE0 && lead <= 0xEF)
        length = 3;
    else if (lead >= 0xF0 && lead <= 0xF4)
        length = 4;
    else
        return 0;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    for (std::size_t i = 1; i < length; ++i, low = 0x80, high = 0xBF) {
        if (i >= text.size() || byte(i) < low || byte(i) > high) {
            wrong = i;
            return 0;
        }
    }
    return length;
}

/// Characters that XML 1.0 does not allow or that have no glyph.
bool is_forbidden(std::string_view sequence) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
    if (sequence.size() == 1)
        return (byte(0) < 0x20 && byte(0) != '\t' && byte(0) != '\n' && byte(0) != '\r') || byte(0) == 0x7F;
    if (sequence.size() == 2) return byte(0) == 0xC2 && byte(1) < 0xA0;
    if (sequence.size() == 3) return byte(0) == 0xEF && byte(1) == 0xBF && byte(2) >= 0xBE;
    return (byte(1) & 0x0F) == 0x0F && byte(2) == 0xBF && byte(3) >= 0xBE;  // U+nFFFE, U+nFFFF
}

/// Digits of a non-negative finite value with fixed decimals.
std::string fixed_digits(double value, int decimals) {
    char buffer[400];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, decimals);
    return {buffer, end.ptr};
}

bool is_zero(std::string_view digits) { return digits.find_first_of("123456789") == std::string_view::npos; }

std::string without_trailing_zeros(std::string digits) {
    if (digits.find('.') == std::string::npos) return digits;
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
    return digits;
}

std::string group_thousands(const std::string& digits) {
    const std::size_t whole = std::min(digits.find('.'), digits.size());
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0) out += narrow_space;
        out += digits[i];
    }
    return out;
}

/// Decimals that show `significant` digits of a positive value.
int decimals_for(double value, int significant) {
    return std::clamp(significant - 1 - static_cast<int>(std::floor(std::log10(value))), 0, 17);
}

std::string scientific(double value, int significant) {
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific,
                                   std::max(0, significant - 1));
    const std::string text(buffer, end.ptr);
    const std::size_t e = text.find('e');
    std::string exponent = text.substr(e + 1);
    const bool negative = exponent.front() == '-';
    exponent.erase(0, exponent.find_first_not_of("+-0"));
    return without_trailing_zeros(text.substr(0, e)) + (negative ? "e-" : "e") + exponent;
}

std::string with_sign(double value, const std::string& digits, bool plus = false) {
    if (is_zero(digits)) return digits;
    if (value < 0) return std::string(minus_sign) + digits;
    return plus ? "+" + digits : digits;
}

std::string grouped(double value, int decimals, bool plus) {
    if (!std::isfinite(value)) return std::string(not_a_value);
    const double size = std::abs(value);
    if (size >= largest_fixed) return with_sign(value, scientific(size, 6), plus);
    return with_sign(value, group_thousands(fixed_digits(size, std::clamp(decimals, 0, 17))), plus);
}

}  // namespace

std::string clean_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        std::size_t wrong = 1;
        const std::size_t length = sequence_length(text, wrong);
        const std::string_view sequence = text.substr(0, length);
        if (length == 0 || is_forbidden(sequence))
            out += replacement;
        else
            out += sequence;
        text.remove_prefix(length == 0 ? wrong : length);
    }
    return out;
}

std::string escape_xml(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char c : clean_utf8(text)) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            case '\r':
                out += ' ';
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string format_number(double value, int significant) {
    if (!std::isfinite(value)) return std::string(not_a_value);
    if (value == 0) return "0";
    significant = std::clamp(significant, 1, 17);
    const double size = std::abs(value);
    if (size < 1e-5 || size >= largest_fixed) return with_sign(value, scientific(size, significant));
    // Rounding to the wanted digits first: 9.9999996 has one digit before the point, but becomes 10.
    std::string digits = fixed_digits(size, decimals_for(size, significant));
    return with_sign(value, without_trailing_zeros(std::move(digits)));
}

std::string format_grouped(double value, int decimals) { return grouped(value, decimals, false); }

std::string format_signed(double value, int decimals) { return grouped(value, decimals, true); }

std::string format_value(double value, int significant) {
    if (!std::isfinite(value)) return std::string(not_a_value);
    if (value == 0) return "0";
    significant = std::clamp(significant, 1, 17);
    const double size = std::abs(value);
    if (size < 1e-5 || size >= 1e12) return with_sign(value, scientific(size, significant));
    return with_sign(value,
                     group_thousands(without_trailing_zeros(fixed_digits(size, decimals_for(size, significant)))));
}

std::string format_probability(double p) { return p < 0.0001 ? "< 0.0001" : format_number(p, 3); }

std::string format_short(double value) {
    if (!std::isfinite(value)) return std::string(not_a_value);
    const double size = std::abs(value);
    constexpr struct {
        double factor;
        const char* suffix;
    } steps[] = {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}};
    if (size >= largest_fixed) return with_sign(value, scientific(size, 2));
    for (const auto& step : steps) {
        // 999.6 shown without decimals would read 1000: it belongs to the next step.
        if (size >= step.factor * 0.9995) return format_number(value / step.factor, 2) + step.suffix;
    }
    return format_number(value, 2);
}

std::string format_percent(double share, int decimals) {
    if (!std::isfinite(share)) return std::string(not_a_value);
    return format_grouped(share * 100, decimals) + std::string(narrow_space) + "%";
}

std::string base64(std::string_view bytes) {
    constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        unsigned word = 0;
        const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
        for (std::size_t k = 0; k < 3; ++k) word = word << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0u);
        for (std::size_t k = 0; k < 4; ++k) out += k <= n ? digits[word >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

}  // namespace landcarbon
