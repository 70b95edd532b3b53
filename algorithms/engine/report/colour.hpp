// Land Carbon Toolbox: colours of reports: parsing, contrast, ramps and the default palette.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace landcarbon {

/// An opaque sRGB colour, 0..255 per channel.
struct Rgb {
    int red = 0, green = 0, blue = 0;
};

/// Reads #rgb, #rrggbb, #rrggbbaa (alpha ignored) or "r,g,b"; nothing else is a colour.
std::optional<Rgb> parse_colour(std::string_view text);

/// "#rrggbb".
std::string to_hex(Rgb colour);

/// Linear blend in sRGB; share 0 is a, 1 is b (clamped).
Rgb blend(Rgb a, Rgb b, double share);

/// Relative luminance 0..1 (WCAG 2.1).
double luminance(Rgb colour);

/// Black-ish or white, whichever has the higher WCAG contrast on `background`.
std::string readable_on(Rgb background);

/// Colour i of the default palette: Okabe & Ito (2008), safe for colour-blind readers; after eight colours it
/// goes on with darker, then lighter variants of the same hues.
std::string palette_colour(std::size_t i);

/// `text` as "#rrggbb" where it is a colour, else colour i of the default palette.
std::string colour_or_palette(std::string_view text, std::size_t i);

/// Light-to-dark ramp (pale yellow, green-blue, dark blue) with steadily falling luminance; share 0..1.
Rgb sequential_ramp(double share);

/// What is below zero, lost or given off, and what is above zero, gained or taken up: on maps and in reports alike.
/// Apart for red-green blind readers.
constexpr const char* loss_colour = "#b35806";
constexpr const char* gain_colour = "#01665e";

/// From loss_colour (-1) over white (0) to gain_colour (+1).
Rgb diverging_ramp(double share);

}  // namespace landcarbon
