// Land Carbon Toolbox: the middle slopes of a vector of series by counting. Included by trend_kernel_lanes.hpp.
// SPDX-License-Identifier: GPL-2.0-or-later
// No #pragma once: it is compiled once for each vector width, inside a namespace of its own.

constexpr std::size_t room = TrendKernel::Plan::most_near;

/// Notes the places (pair times lanes + lane) of the slopes with low < slope <= high. @return how many they are
static inline std::size_t places_within(const Floats* slopes, std::size_t size, Floats low, Floats high,
                                        std::uint32_t* places) {
    std::size_t found = 0;
#if LANES == 16
    __m512i place = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i step = _mm512_set1_epi32(lanes);
    for (std::size_t i = 0; i < size; ++i) {
        const __mmask16 inside =
            _mm512_mask_cmp_ps_mask(_mm512_cmp_ps_mask(slopes[i], low, _CMP_GT_OQ), slopes[i], high, _CMP_LE_OQ);
        // All lanes are written, and those that do not count are written over by the next.
        _mm512_storeu_si512(places + found, _mm512_maskz_compress_epi32(inside, place));
        found += static_cast<std::size_t>(__builtin_popcount(inside));
        place = _mm512_add_epi32(place, step);
    }
#else
    for (std::size_t i = 0; i < size; ++i) {
        const Ints inside = (slopes[i] > low) & (slopes[i] <= high);
        auto mask = static_cast<unsigned>(_mm256_movemask_ps((__m256)inside));
        for (; mask != 0; mask &= mask - 1)
            places[found++] = static_cast<std::uint32_t>(i * lanes) + static_cast<std::uint32_t>(__builtin_ctz(mask));
    }
#endif
    return found;
}

/// Where the middle slope may lie, and how many slopes there are in a unit of slope around it: least squares, and the
/// normal density that belongs to its error.
static inline void first_guess(const TrendKernel::Plan& plan, const Floats* x, Ints valid, Floats& slope,
                               Floats& density) {
    const std::size_t n = plan.times.size();
    const Floats m = __builtin_convertvector(valid, Floats), zero{};
    Floats t{}, mean{};
    for (std::size_t i = 0; i < n; ++i) {
        const Ints known = x[i] == x[i];
        t += known ? plan.departures[i] - zero : zero;
        mean += known ? x[i] : zero;
    }
    t /= m;
    mean /= m;
    Floats tt{}, tx{}, xx{};
    for (std::size_t i = 0; i < n; ++i) {
        const Ints known = x[i] == x[i];
        const Floats dt = known ? plan.departures[i] - t : zero, dx = known ? x[i] - mean : zero;
        tt += dt * dt;
        tx += dt * dx;
        xx += dx * dx;
    }
    slope = tx / tt;
    const Floats rest = xx - slope * tx;
    // Var S / 4 over the variance of the slope.
    const Floats square = m * (m - 1) * (2 * m + 5) * (m - 2) * tt / (72 * rest);
#if LANES == 16
    density = _mm512_sqrt_ps(square);
#else
    density = _mm256_sqrt_ps(square);
#endif
}

/// Between which bounds the middle slopes lie, by counting how many slopes lie up to a guess, which tells a better one.
struct Bracket {
    Floats low, high;
    Ints up_to_low, up_to_high;  ///< slopes up to these bounds
};

/// @param first ranks of the lower of the two middle slopes, from 0; @param second of the upper
/// @param idle lanes that do not matter
/// @return true when all brackets hold both ranks and at most `room` slopes
static inline bool find_brackets(const TrendKernel::Plan& plan, const Floats* slopes, Ints first, Ints second,
                                 Ints idle, Floats guess, Floats density, Bracket& bracket) {
    constexpr int most_passes = 8;
    constexpr float margin = 3.0f;
    const std::size_t size = plan.pairs.size();
    const Floats zero{};
    const Floats centre = __builtin_convertvector(first + second + 1, Floats) * 0.5f;
    const Floats step = margin / density;
    Ints has_low{}, has_high{};
    bracket = {zero, zero, Ints{}, Ints{}};
    for (int pass = 0; pass < most_passes; ++pass) {
        Ints above{}, more{};
        std::size_t i = 0;
        for (; i + 4 <= size; i += 4) {
            count_above(above, slopes[i], guess);
            count_above(more, slopes[i + 1], guess);
            count_above(above, slopes[i + 2], guess);
            count_above(more, slopes[i + 3], guess);
        }
        for (; i < size; ++i) count_above(above, slopes[i], guess);
        const Ints up_to = static_cast<std::int32_t>(size) - above - more, number = guess == guess;
        const Ints is_low = (up_to <= first) & number, is_high = (up_to > second) & number;
        bracket.low = is_low ? guess : bracket.low;
        bracket.up_to_low = is_low ? up_to : bracket.up_to_low;
        has_low |= is_low;
        bracket.high = is_high ? guess : bracket.high;
        bracket.up_to_high = is_high ? up_to : bracket.up_to_high;
        has_high |= is_high;
        const Ints both = has_low & has_high;
        const Ints held = bracket.up_to_high - bracket.up_to_low;
        const Ints open = ~(both & (held <= static_cast<std::int32_t>(room))) & ~idle;
        if (!any(open)) return true;
        // Beyond the middle by a margin: on the other side of it, or nearer to it on the side that is farther off.
        const Floats missing = centre - __builtin_convertvector(up_to, Floats);
        const Floats outward = guess + missing / density + (has_low ? step : -step);
        const Floats below = centre - __builtin_convertvector(bracket.up_to_low, Floats);
        const Floats beyond = __builtin_convertvector(bracket.up_to_high, Floats) - centre;
        const Floats share = (below + (beyond > below ? margin - zero : -margin - zero)) / (below + beyond);
        const Floats inward = bracket.low + (bracket.high - bracket.low) * share;
        // Between the two middle ones: off to the side that is farther off.
        const Floats aside = guess + (beyond > below ? step : -step);
        const Ints between = (up_to > first) & (up_to <= second);
        guess = both ? between ? aside : inward : outward;
    }
    return false;
}

/// The slopes of the ranks `first` and `second` of each lane: what lies in their brackets is sorted. Exact, as what is
/// left out is known to lie outside.
/// @param slopes of all pairs, missing ones lowest or highest
/// @return false where they are not found soon: most of the slopes around them are equal
static bool middle_slopes(const TrendKernel::Plan& plan, const Floats* x, const Floats* slopes, Ints valid, Ints first,
                          Ints second, Ints idle, const Workspace& work, float* lower_middle, float* upper_middle) {
    Floats guess, density;
    first_guess(plan, x, valid, guess, density);
    Bracket bracket;
    if (!find_brackets(plan, slopes, first, second, idle, guess, density, bracket)) return false;

    // Nothing lies above what is no number.
    const Floats low = idle ? std::numeric_limits<float>::quiet_NaN() - Floats{} : bracket.low;
    for (std::size_t i = 0; i < room; ++i) work.near[i] = std::numeric_limits<float>::infinity() - Floats{};
    auto* const near = reinterpret_cast<float*>(work.near);
    const auto* const all = reinterpret_cast<const float*>(slopes);
    std::uint32_t next[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane) next[lane] = static_cast<std::uint32_t>(lane);
    const std::size_t found = places_within(slopes, plan.pairs.size(), low, bracket.high, work.places);
    for (std::size_t i = 0; i < found; ++i) {
        const std::uint32_t place = work.places[i];
        std::uint32_t& to = next[place % lanes];
        near[to] = all[place];
        to += lanes;
    }
    sort(plan.near, work.near);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (idle[lane]) continue;
        lower_middle[lane] = near[static_cast<std::size_t>(first[lane] - bracket.up_to_low[lane]) * lanes + lane];
        upper_middle[lane] = near[static_cast<std::size_t>(second[lane] - bracket.up_to_low[lane]) * lanes + lane];
    }
    return true;
}
