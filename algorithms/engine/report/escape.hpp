// Land Carbon Toolbox: text that is safe in HTML and SVG, and numbers as people read them.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace landcarbon {

/// Text as valid UTF-8: every broken sequence, surrogate and non-character becomes U+FFFD.
std::string clean_utf8(std::string_view text);

/// Text for an element or a quoted attribute of HTML or XML: & < > " ' are escaped, broken UTF-8 and control
/// characters become U+FFFD. Tab and line feed stay, carriage return becomes a space.
std::string escape_xml(std::string_view text);

/// Bytes in base 64 (RFC 4648), for data: addresses.
std::string base64(std::string_view bytes);

// The number formatters below are for readers, not for programs: they do not depend on the locale, write a
// true minus sign (U+2212), never write -0, and write an en dash for NaN and infinities.

/// At most `significant` significant digits without trailing zeros; digits before the point are never rounded away.
/// Scientific notation below 1e-5 and from 1e15 on.
std::string format_number(double value, int significant = 6);

/// Fixed number of decimals, thousands separated by a narrow no-break space (U+202F): "12 345.6".
std::string format_grouped(double value, int decimals);

/// As format_grouped, with a plus sign before positive values.
std::string format_signed(double value, int decimals);

/// Grouped thousands with as many decimals as `significant` digits need: 12 346, 123.5, 0.01235.
std::string format_value(double value, int significant = 4);

/// A probability: three significant digits, "< 0.0001" below that, an en dash for NaN.
std::string format_probability(double p);

/// Short form for narrow cells: 950, 12k, 1.2M, 3.4G.
std::string format_short(double value);

/// A share (0..1) as a percentage: format_percent(0.123) is "12.3 %".
std::string format_percent(double share, int decimals = 1);

}  // namespace landcarbon
