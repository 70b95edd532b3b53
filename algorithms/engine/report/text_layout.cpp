// Land Carbon Toolbox: how much room text takes in a figure: widths, ellipses, lines, labels that keep apart.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/report/text_layout.hpp"

#include <algorithm>
#include <array>

#include "engine/report/escape.hpp"

namespace landcarbon {
namespace {

/// Advance widths of U+0020..U+007E in DejaVu Sans, hundredths of the font size.
constexpr std::array<unsigned char, 95> ascii_widths{
    32, 40, 46, 84, 64, 95, 78, 27, 39,  39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69,  61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63,  63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84};

constexpr std::string_view ellipsis = "\xE2\x80\xA6";

std::size_t sequence_length(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// Hundredths of the font size that one character of clean UTF-8 takes.
int character_width(std::string_view character) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(character[i])); };
    switch (character.size()) {
        case 1:
            return byte(0) < 0x20 ? 32 : byte(0) == 0x7F ? 0 : ascii_widths[byte(0) - 0x20];
        case 2: {
            const unsigned code = (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
            if (code >= 0x300 && code < 0x370) return 0;  // combining marks
            return code < 0x100 ? 64 : 78;
        }
        case 3: {
            const unsigned code = (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
            if (code == 0x202F || code == 0x2009) return 20;
            if (code == 0x2013) return 50;
            if (code == 0x2190 || code == 0x2192 || code == 0x2212) return 84;
            if (code < 0x1100) return 80;
            return 100;  // East Asian and the ellipsis
        }
        default:
            return 110;
    }
}

/// The clean text cut into characters.
std::vector<std::string_view> characters_of(std::string_view clean) {
    std::vector<std::string_view> out;
    for (std::size_t i = 0; i < clean.size();) {
        const std::size_t length = std::min(sequence_length(clean[i]), clean.size() - i);
        out.push_back(clean.substr(i, length));
        i += length;
    }
    return out;
}

double width_of_clean(std::string_view clean, double size, bool bold) {
    int hundredths = 0;
    for (const auto character : characters_of(clean)) hundredths += character_width(character);
    return hundredths * size * (bold ? 0.0110 : 0.0100);
}

}  // namespace

double text_width(std::string_view text, double size, bool bold) {
    return width_of_clean(clean_utf8(text), size, bold);
}

std::string shorten(std::string_view text, double width, double size, bool bold) {
    const std::string clean = clean_utf8(text);
    if (width_of_clean(clean, size, bold) <= width) return clean;
    const double room = width - width_of_clean(ellipsis, size, bold);
    const auto characters = characters_of(clean);
    const auto take = [&](auto first, auto last, double limit) {
        std::size_t taken = 0;
        for (double used = 0; first != last; ++first, ++taken) {
            used += width_of_clean(*first, size, bold);
            if (used > limit) break;
        }
        return taken;
    };
    const std::size_t tail = take(characters.rbegin(), characters.rend(), room * 0.35);
    std::string end;
    double end_width = 0;
    for (std::size_t i = characters.size() - tail; i < characters.size(); ++i) {
        end += characters[i];
        end_width += width_of_clean(characters[i], size, bold);
    }
    const std::size_t head = take(characters.begin(), characters.end(), room - end_width);
    std::string out;
    for (std::size_t i = 0; i < head; ++i) out += characters[i];
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out + std::string(ellipsis) + end.substr(std::min(end.find_first_not_of(' '), end.size()));
}

std::vector<std::string> wrap(std::string_view text, double width, double size, std::size_t max_lines) {
    const std::string clean = clean_utf8(text);
    std::vector<std::string> lines;
    std::size_t start = 0;
    while (start < clean.size()) {
        const bool last = lines.size() + 1 >= max_lines;
        std::size_t end = clean.size();
        if (!last && width_of_clean(std::string_view(clean).substr(start), size, false) > width) {
            // The longest run of words that fits; a first word that is too long by itself is shortened below.
            end = std::min(clean.find(' ', start + 1), clean.size());
            for (std::size_t next = end; next < clean.size();) {
                next = std::min(clean.find(' ', next + 1), clean.size());
                if (width_of_clean(std::string_view(clean).substr(start, next - start), size, false) > width) break;
                end = next;
            }
        }
        lines.push_back(shorten(std::string_view(clean).substr(start, end - start), width, size));
        start = end;
        while (start < clean.size() && clean[start] == ' ') ++start;
    }
    return lines;
}

std::vector<double> keep_apart(std::vector<double> centres, double spacing, double low, double high) {
    const std::size_t n = centres.size();
    if (n == 0) return centres;
    if (n > 1) spacing = std::min(spacing, (high - low) / static_cast<double>(n - 1));
    const double room_end = std::max(low, high - spacing * static_cast<double>(n - 1));

    // With u_i = centre_i - i * spacing the wish "at least spacing apart" is "u ascending": isotonic regression by
    // pooling adjacent violators.
    struct Block {
        double mean;
        std::size_t count;
    };
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < n; ++i) {
        blocks.push_back({centres[i] - spacing * static_cast<double>(i), 1});
        while (blocks.size() > 1 && blocks[blocks.size() - 2].mean > blocks.back().mean) {
            const Block top = blocks.back();
            blocks.pop_back();
            Block& below = blocks.back();
            const auto a = static_cast<double>(below.count), b = static_cast<double>(top.count);
            below = {(below.mean * a + top.mean * b) / (a + b), below.count + top.count};
        }
    }
    std::size_t i = 0;
    for (const Block& block : blocks) {
        for (std::size_t k = 0; k < block.count; ++k, ++i)
            centres[i] = std::clamp(block.mean, low, room_end) + spacing * static_cast<double>(i);
    }
    return centres;
}

}  // namespace landcarbon
