// Land Carbon Toolbox: sums that do not depend on the order of their terms.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/exact_sum.hpp"

#include <bit>
#include <cmath>

namespace landcarbon {

void ExactSum::add(double term) {
    const auto bits = std::bit_cast<std::uint64_t>(term);
    const auto exponent = static_cast<int>((bits >> 52) & 0x7ff);
    std::uint64_t mantissa = bits & 0xfffffffffffffULL;
    if (exponent != 0)
        mantissa |= 1ULL << 52;
    else if (mantissa == 0)
        return;
    // The term is mantissa * 2^(position - 1074).
    const int position = exponent == 0 ? 0 : exponent - 1;
    const std::size_t chunk = static_cast<std::size_t>(position) >> 5;
    const int shift = position & 31;
    const std::uint64_t low = (mantissa << shift) & 0xffffffffULL;
    const std::uint64_t rest = mantissa >> (32 - shift);  // up to 52 bits; shift is below 32
    const auto middle = static_cast<std::int64_t>(rest & 0xffffffffULL);
    const auto high = static_cast<std::int64_t>(rest >> 32);
    const std::int64_t sign = (bits >> 63) ? -1 : 1;
    chunks_[chunk] += sign * static_cast<std::int64_t>(low);
    chunks_[chunk + 1] += sign * middle;
    chunks_[chunk + 2] += sign * high;
    if (--adds_left_ == 0) carry();
}

void ExactSum::carry() {
    for (std::size_t i = 0; i + 1 < chunk_count; ++i) {
        const std::int64_t upper = chunks_[i] >> 32;  // floor division: the rest is 0 .. 2^32-1
        chunks_[i] -= upper * (std::int64_t{1} << 32);
        chunks_[i + 1] += upper;
    }
    adds_left_ = adds_until_carry;
}

void ExactSum::merge(const ExactSum& other) {
    ExactSum settled = other;
    settled.carry();
    carry();
    for (std::size_t i = 0; i < chunk_count; ++i) chunks_[i] += settled.chunks_[i];
    carry();
}

double ExactSum::value() const {
    ExactSum settled = *this;
    settled.carry();
    const bool negative = settled.chunks_[chunk_count - 1] < 0;
    if (negative) {
        for (auto& chunk : settled.chunks_) chunk = -chunk;
        settled.carry();
    }
    std::size_t top = chunk_count;
    while (top > 0 && settled.chunks_[top - 1] == 0) --top;
    if (top == 0) return 0.0;
    --top;
    // Collect the leading bits in 128-bit, with a sticky bit for all that lies below.
    unsigned __int128 leading = 0;
    const std::size_t bottom = top >= 3 ? top - 3 : 0;
    for (std::size_t i = top + 1; i-- > bottom;) {
        leading = (leading << 32) | static_cast<std::uint64_t>(settled.chunks_[i] & 0xffffffff);
    }
    bool sticky = false;
    for (std::size_t i = 0; i < bottom; ++i) sticky = sticky || settled.chunks_[i] != 0;
    const auto high = static_cast<std::uint64_t>(leading >> 64);
    const int width = high ? 128 - std::countl_zero(high) : 64 - std::countl_zero(static_cast<std::uint64_t>(leading));
    const int scale = static_cast<int>(32 * bottom) - 1074;  // value = leading * 2^scale
    // Keep 53 bits and round half to even; a subnormal result has fewer bits and is exact.
    const int drop = width > 53 ? width - 53 : 0;
    std::uint64_t kept = static_cast<std::uint64_t>(leading >> drop);
    if (drop > 0) {
        const unsigned __int128 half = static_cast<unsigned __int128>(1) << (drop - 1);
        const unsigned __int128 tail = leading & ((half << 1) - 1);
        if (tail > half || (tail == half && (sticky || (kept & 1)))) ++kept;
    }
    const double magnitude = std::ldexp(static_cast<double>(kept), scale + drop);
    return negative ? -magnitude : magnitude;
}

void PackedSum::merge(const ExactSum& other) {
    ExactSum sum = unpacked();
    sum.merge(other);
    pack(sum);
}

void PackedSum::merge(const PackedSum& other) { merge(other.unpacked()); }

ExactSum PackedSum::unpacked() const {
    ExactSum sum;
    for (std::size_t i = 0; i < chunks_.size(); ++i) sum.chunks_[first_ + i] = chunks_[i];
    return sum;
}

std::array<double, 2> PackedSum::parts() const {
    ExactSum rest = unpacked();
    const double rounded = rest.value();
    rest.add(-rounded);
    return {rounded, rest.value()};
}

void PackedSum::pack(const ExactSum& sum) {
    ExactSum settled = sum;
    settled.carry();
    auto& chunks = settled.chunks_;
    // The sign of a negative sum fills all upper chunks with ones: fold it down.
    std::size_t end = chunks.size();
    while (end > 1 && (chunks[end - 1] == 0 || chunks[end - 1] == -1)) {
        --end;
        chunks[end - 1] += chunks[end] * (std::int64_t{1} << 32);
    }
    std::size_t start = 0;
    while (start < end && chunks[start] == 0) ++start;
    first_ = start;
    chunks_.assign(chunks.begin() + static_cast<std::ptrdiff_t>(start),
                   chunks.begin() + static_cast<std::ptrdiff_t>(end));
}

}  // namespace landcarbon
