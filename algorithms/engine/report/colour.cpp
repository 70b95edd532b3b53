// Land Carbon Toolbox: colours of reports: parsing, contrast, ramps and the default palette.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/report/colour.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace landcarbon {
namespace {

std::optional<int> parse_integer(std::string_view text, int base) {
    int value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || text.front() == '-' || result.ec != std::errc() || result.ptr != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

std::optional<Rgb> parse_hex(std::string_view digits) {
    const std::size_t length = digits.size();
    if (length != 3 && length != 6 && length != 8) return std::nullopt;
    const std::size_t step = length == 3 ? 1 : 2;
    std::array<int, 3> channels{};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto value = parse_integer(digits.substr(i * step, step), 16);
        if (!value) return std::nullopt;
        channels[i] = step == 1 ? *value * 17 : *value;
    }
    if (length == 8 && !parse_integer(digits.substr(6), 16)) return std::nullopt;
    return Rgb{channels[0], channels[1], channels[2]};
}

std::optional<Rgb> parse_triplet(std::string_view text) {
    std::array<int, 3> channels{};
    for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t comma = text.find(',');
        if ((comma == std::string_view::npos) != (i == 2)) return std::nullopt;
        const auto value = parse_integer(trimmed(text.substr(0, comma)), 10);
        if (!value || *value > 255) return std::nullopt;
        channels[i] = *value;
        if (i < 2) text.remove_prefix(comma + 1);
    }
    return Rgb{channels[0], channels[1], channels[2]};
}

}  // namespace

std::optional<Rgb> parse_colour(std::string_view text) {
    text = trimmed(text);
    if (text.empty()) return std::nullopt;
    return text.front() == '#' ? parse_hex(text.substr(1)) : parse_triplet(text);
}

std::string to_hex(Rgb colour) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out = "#";
    for (const int channel : {colour.red, colour.green, colour.blue}) {
        const int value = std::clamp(channel, 0, 255);
        out += digits[value / 16];
        out += digits[value % 16];
    }
    return out;
}

Rgb blend(Rgb a, Rgb b, double share) {
    const double t = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
    const auto mix = [t](int from, int to) { return static_cast<int>(std::lround(from + (to - from) * t)); };
    return {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue)};
}

double luminance(Rgb colour) {
    const auto linear = [](int channel) {
        const double c = std::clamp(channel, 0, 255) / 255.0;
        return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

std::string readable_on(Rgb background) {
    constexpr Rgb dark{0x1f, 0x29, 0x33};
    const double ground = luminance(background) + 0.05;
    return 1.05 / ground >= ground / (luminance(dark) + 0.05) ? "#ffffff" : to_hex(dark);
}

std::string palette_colour(std::size_t i) {
    // Okabe & Ito's eight with grey for black (which is kept for text); yellow last because it is faint on white.
    constexpr std::array<Rgb, 8> okabe_ito{{{0x00, 0x72, 0xb2},
                                            {0xd5, 0x5e, 0x00},
                                            {0x00, 0x9e, 0x73},
                                            {0xe6, 0x9f, 0x00},
                                            {0xcc, 0x79, 0xa7},
                                            {0x56, 0xb4, 0xe9},
                                            {0x66, 0x66, 0x66},
                                            {0xf0, 0xe4, 0x42}}};
    const Rgb base = okabe_ito[i % okabe_ito.size()];
    const std::size_t round = i / okabe_ito.size();
    if (round == 0) return to_hex(base);
    const double share = 0.35 + 0.15 * static_cast<double>((round - 1) / 2 % 3);
    return to_hex(blend(base, round % 2 == 1 ? Rgb{0, 0, 0} : Rgb{255, 255, 255}, share));
}

std::string colour_or_palette(std::string_view text, std::size_t i) {
    const auto colour = parse_colour(text);
    return colour ? to_hex(*colour) : palette_colour(i);
}

Rgb sequential_ramp(double share) {
    constexpr std::array<Rgb, 5> stops{
        {{0xfb, 0xf8, 0xe3}, {0xc3, 0xe2, 0xc0}, {0x6d, 0xbd, 0xb5}, {0x2b, 0x83, 0xa6}, {0x14, 0x3f, 0x73}}};
    const double position = (std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0) * (stops.size() - 1);
    const auto first = std::min(static_cast<std::size_t>(position), stops.size() - 2);
    return blend(stops[first], stops[first + 1], position - static_cast<double>(first));
}

Rgb diverging_ramp(double share) {
    constexpr Rgb white{0xff, 0xff, 0xff};
    if (!std::isfinite(share)) return white;
    return blend(white, *parse_colour(share < 0 ? loss_colour : gain_colour), std::abs(share));
}

}  // namespace landcarbon
