// Land Carbon Toolbox: slopes of given ranks of a vector of series by counting. Included by trend_kernel_lanes.hpp.
// SPDX-License-Identifier: GPL-2.0-or-later
// No #pragma once: it is compiled once for each vector width, inside a namespace of its own.

constexpr std::size_t room = TrendKernel::Plan::most_near;

/// Notes the places (pair times lanes + lane) of the slopes with low < slope <= high. @return how many they are
static inline std::size_t places_within(const TrendKernel::Plan& plan, const Floats* slopes, Floats low, Floats high,
                                        std::uint32_t* places) {
    const std::size_t size = plan.pairs.size();
    std::size_t found = 0;
    // All lanes are written each time, and those that do not count are written over by the next.
#if LANES == 16
    __m512i place = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (std::size_t i = 0; i < size; ++i) {
        const __mmask16 inside =
            _mm512_mask_cmp_ps_mask(_mm512_cmp_ps_mask(slopes[i], low, _CMP_GT_OQ), slopes[i], high, _CMP_LE_OQ);
        _mm512_storeu_si512(places + found, _mm512_maskz_compress_epi32(inside, place));
        found += static_cast<std::size_t>(__builtin_popcount(inside));
        place = _mm512_add_epi32(place, _mm512_set1_epi32(lanes));
    }
#else
    for (std::size_t i = 0; i < size; ++i) {
        const Ints inside = (slopes[i] > low) & (slopes[i] <= high);
        const auto mask = static_cast<std::size_t>(_mm256_movemask_ps((__m256)inside));
        const __m256i here =
            _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(plan.bits_of.data() + mask * lanes)));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(places + found),
                            _mm256_add_epi32(here, _mm256_set1_epi32(static_cast<int>(i * lanes))));
        found += static_cast<std::size_t>(__builtin_popcount(static_cast<unsigned>(mask)));
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

/// Between which two slopes the wanted ones lie, and how many slopes lie up to these.
struct Bracket {
    Floats low, high;
    Ints up_to_low, up_to_high;
};

/// Counts how many slopes lie up to a guess, which tells a better one, until two of them enclose the ranks.
/// @param first,second the wanted ranks, from 0: the same or neighbours; @param idle lanes that do not matter
/// @param density about how many slopes there are in a unit of slope
/// @return true when all brackets hold both ranks and at most `room` slopes
static inline bool find_brackets(const TrendKernel::Plan& plan, const Floats* slopes, Ints first, Ints second,
                                 Ints idle, Floats guess, Floats density, Bracket& bracket) {
    constexpr int most_passes = 10;
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
        // Beyond the ranks by a margin: on their other side, or nearer to them on the side that is farther off.
        const Floats missing = centre - __builtin_convertvector(up_to, Floats);
        const Floats reach = static_cast<float>(pass + 1) * step;
        const Floats outward = guess + missing / density + (has_low ? reach : -reach);
        const Floats below = centre - __builtin_convertvector(bracket.up_to_low, Floats);
        const Floats beyond = __builtin_convertvector(bracket.up_to_high, Floats) - centre;
        const Floats share = (below + (beyond > below ? margin - zero : -margin - zero)) / (below + beyond);
        const Floats inward = bracket.low + (bracket.high - bracket.low) * share;
        // Between the two ranks: off to the side that is farther off.
        const Floats aside = guess + 0.4f * ((beyond > below ? bracket.high : bracket.low) - guess);
        const Ints between = (up_to > first) & (up_to <= second);
        guess = both ? between ? aside : inward : outward;
    }
    return false;
}

/// The slopes of ranks of each lane: what lies in their brackets is sorted. Exact, as what is left out is known to lie
/// outside. For the parameters see find_brackets.
/// @param slopes of all pairs, missing ones lowest or highest @param at_first,at_second set for lanes that are not idle
/// @return false where they are not found soon: most of the slopes around them are equal
static bool slopes_of_ranks(const TrendKernel::Plan& plan, const Floats* slopes, Ints first, Ints second, Ints idle,
                            Floats guess, Floats density, const Workspace& work, float* at_first, float* at_second) {
    Bracket bracket;
    if (!find_brackets(plan, slopes, first, second, idle, guess, density, bracket)) return false;

    // Nothing lies above what is no number.
    const Floats low = idle ? std::numeric_limits<float>::quiet_NaN() - Floats{} : bracket.low;
    for (std::size_t i = 0; i < room; ++i) work.near[i] = std::numeric_limits<float>::infinity() - Floats{};
    auto* const near = reinterpret_cast<float*>(work.near);
    const auto* const all = reinterpret_cast<const float*>(slopes);
    std::uint32_t next[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane) next[lane] = static_cast<std::uint32_t>(lane);
    const std::size_t found = places_within(plan, slopes, low, bracket.high, work.places);
    for (std::size_t i = 0; i < found; ++i) {
        const std::uint32_t place = work.places[i];
        std::uint32_t& to = next[place % lanes];
        near[to] = all[place];
        to += lanes;
    }
    sort(plan.near, work.near);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (idle[lane]) continue;
        at_first[lane] = near[static_cast<std::size_t>(first[lane] - bracket.up_to_low[lane]) * lanes + lane];
        at_second[lane] = near[static_cast<std::size_t>(second[lane] - bracket.up_to_low[lane]) * lanes + lane];
    }
    return true;
}

/// All slopes that are wanted, by counting. @param idle lanes that do not matter
/// @return false where they are not found soon
static bool count_slopes(const TrendKernel::Plan& plan, const Floats* x, Ints valid, const Ranks& ranks, Ints idle,
                         bool bounds, const Workspace& work, RankedSlopes& found) {
    Floats guess, density;
    first_guess(plan, x, valid, guess, density);
    if (!slopes_of_ranks(plan, work.slopes, ranks.lower_middle, ranks.upper_middle, idle, guess, density, work,
                         found.lower_middle, found.upper_middle))
        return false;
    if (!bounds) return true;
    Floats middle;
    std::memcpy(&middle, found.lower_middle, sizeof middle);
    const Floats thinner = density * 0.9f;  // than in the middle
    const auto guess_of = [&](Ints rank) {
        return middle + __builtin_convertvector(rank - ranks.lower_middle, Floats) / thinner;
    };
    return slopes_of_ranks(plan, work.slopes, ranks.low, ranks.low, idle | (ranks.low < 0), guess_of(ranks.low),
                           thinner, work, found.low, found.low) &&
           slopes_of_ranks(plan, work.slopes, ranks.high, ranks.high, idle | (ranks.high < 0), guess_of(ranks.high),
                           thinner, work, found.high, found.high);
}
