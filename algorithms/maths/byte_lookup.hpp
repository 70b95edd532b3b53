// Land Carbon Toolbox: translating bytes by a table, many at a time.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace landcarbon {

/// What each of the 256 bytes stands for.
using ByteTable = std::array<std::uint16_t, 256>;
/// Entry of a byte that the table does not know yet.
constexpr std::uint16_t unknown_byte = 0xffff;

/// Translates `count` bytes; unknown ones become `unknown_byte`.
/// @return true when all bytes were known
bool look_up(const ByteTable& table, const std::uint8_t* bytes, std::size_t count, std::uint16_t* found);

/// The same on any processor, byte by byte; for tests and for what is left over.
bool look_up_plain(const ByteTable& table, const std::uint8_t* bytes, std::size_t count, std::uint16_t* found);

}  // namespace landcarbon
