// Land Carbon Toolbox: text from files: which encoding its bytes are in, and the same text as UTF-8.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace landcarbon {

/// Whether bytes are well-formed UTF-8.
bool is_utf8(std::string_view bytes);
/// Whether all bytes are ASCII.
bool is_ascii(std::string_view bytes);
/// How many of the first `most` bytes of UTF-8 text hold whole characters.
std::size_t whole_characters(std::string_view text, std::size_t most);

/// The name under which an encoding is decoded here, from what people and files call it: "GBK", "936" and "ANSI 936"
/// are GB18030. Empty when it is not known.
std::string encoding_called(std::string_view name);
/// Bytes as UTF-8. @param encoding as encoding_called gives it
/// @returns nothing when the bytes are not text in this encoding
std::optional<std::string> decoded(std::string_view bytes, const std::string& encoding);
/// UTF-8 text as bytes of an encoding. @returns nothing when the encoding lacks one of its characters
std::optional<std::string> encoded(std::string_view text, const std::string& encoding);
/// The encoding that bytes which are no UTF-8 are most likely in: GB18030, Big5, Shift_JIS, EUC-KR or Windows-1252.
/// Told by how many of the characters are common ones; where several encodings fit alike, the first of these is taken.
/// @returns nothing when the bytes read as no language in any of them
std::optional<std::string> guessed_encoding(std::string_view bytes);

/// Whether bytes are well-formed UTF-8 but read better in an East Asian encoding: a lone modifier letter or combining
/// mark, as the two bytes of the GBK character for "water" make in UTF-8, is written in no language.
bool doubtful_utf8(std::string_view bytes);
/// Text that comes from a place which states no encoding, as the names in a raster do: UTF-8 as it is, else in the
/// likeliest encoding; where there is none, U+FFFD for what is no UTF-8.
std::string readable(std::string_view bytes);

/// The same for texts of one place, which are in one encoding: a few of them may be well-formed UTF-8 by chance.
std::vector<std::string> readable(const std::vector<std::string>& texts);

/// Text for a comparison without case and accents: "Málaga", whichever way its accent is stored, is "malaga".
std::string without_accents(std::string_view text);

/// Text with a to z for A to Z; all other characters are as they are.
std::string lower_case(std::string_view text);

/// Text with the full-width digits, letters and signs of East Asian keyboards, and the minus sign of typography, as
/// their ASCII characters. Nothing else is changed.
std::string half_width(std::string_view text);

}  // namespace landcarbon
