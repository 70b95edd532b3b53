// Land Carbon Toolbox: translating bytes by a table, many at a time.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/byte_lookup.hpp"

#include <algorithm>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace landcarbon {

bool look_up_plain(const ByteTable& table, const std::uint8_t* bytes, std::size_t count, std::uint16_t* found) {
    bool known = true;
    for (std::size_t i = 0; i < count; ++i) {
        found[i] = table[bytes[i]];
        known &= found[i] != unknown_byte;
    }
    return known;
}

#if defined(__x86_64__)
namespace {

constexpr std::size_t lanes = 16;
constexpr std::uint8_t unknown_lane = 0xff;

/// Sixteen bytes at a time: the table is cut into rows of sixteen, the lower half of a byte picks within each row that
/// is in use, the upper half picks the row. All known entries must be below 255.
__attribute__((target("ssse3"))) bool look_up_rows(const ByteTable& table, const std::uint8_t* bytes, std::size_t count,
                                                   std::uint16_t* found) {
    __m128i rows[16];
    __m128i names[16];
    std::size_t used = 0;
    for (int row = 0; row < 16; ++row) {
        alignas(16) std::uint8_t entries[lanes];
        bool any = false;
        for (std::size_t i = 0; i < lanes; ++i) {
            const std::uint16_t entry = table[static_cast<std::size_t>(row) * lanes + i];
            entries[i] = entry == unknown_byte ? unknown_lane : static_cast<std::uint8_t>(entry);
            any |= entry != unknown_byte;
        }
        if (!any) continue;
        rows[used] = _mm_load_si128(reinterpret_cast<const __m128i*>(entries));
        names[used++] = _mm_set1_epi8(static_cast<char>(row));
    }
    const __m128i half = _mm_set1_epi8(0x0f);
    const __m128i none = _mm_set1_epi8(static_cast<char>(unknown_lane));
    __m128i unknown = _mm_setzero_si128();
    for (std::size_t i = 0; i < count; i += lanes) {
        const __m128i cells = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + i));
        const __m128i lower = _mm_and_si128(cells, half);
        const __m128i upper = _mm_and_si128(_mm_srli_epi16(cells, 4), half);
        __m128i entries = _mm_setzero_si128();
        __m128i covered = _mm_setzero_si128();
        for (std::size_t row = 0; row < used; ++row) {
            const __m128i here = _mm_cmpeq_epi8(upper, names[row]);
            covered = _mm_or_si128(covered, here);
            entries = _mm_or_si128(entries, _mm_and_si128(here, _mm_shuffle_epi8(rows[row], lower)));
        }
        entries = _mm_or_si128(entries, _mm_andnot_si128(covered, none));
        const __m128i lost = _mm_cmpeq_epi8(entries, none);
        unknown = _mm_or_si128(unknown, lost);
        // Unknown lanes become 0xffff: their upper halves are filled as well.
        __m128i* const target = reinterpret_cast<__m128i*>(found + i);
        _mm_storeu_si128(target, _mm_unpacklo_epi8(entries, lost));
        _mm_storeu_si128(target + 1, _mm_unpackhi_epi8(entries, lost));
    }
    return _mm_movemask_epi8(unknown) == 0;
}

}  // namespace
#endif

bool look_up(const ByteTable& table, const std::uint8_t* bytes, std::size_t count, std::uint16_t* found) {
    std::size_t done = 0;
    bool known = true;
#if defined(__x86_64__)
    const bool narrow = std::all_of(table.begin(), table.end(),
                                    [](std::uint16_t entry) { return entry < unknown_lane || entry == unknown_byte; });
    if (narrow && __builtin_cpu_supports("ssse3")) {
        done = count / lanes * lanes;
        known = look_up_rows(table, bytes, done, found);
    }
#endif
    return look_up_plain(table, bytes + done, count - done, found + done) && known;
}

}  // namespace landcarbon
