// Land Carbon Toolbox: the trend kernel for one vector width. Included once for each, inside a namespace of its own.
// SPDX-License-Identifier: GPL-2.0-or-later
// No #pragma once: trend_kernel.cpp defines LANES and the instructions, and includes this several times.

using Floats = float __attribute__((vector_size(LANES * 4), may_alias));
using Ints = std::int32_t __attribute__((vector_size(LANES * 4)));
using Doubles = double __attribute__((vector_size(LANES * 4), may_alias));  // half of the lanes
constexpr std::size_t lanes = LANES;

#if LANES == 16
static inline Floats lower(Floats a, Floats b) { return _mm512_min_ps(a, b); }
static inline Floats upper(Floats a, Floats b) { return _mm512_max_ps(a, b); }
static inline Doubles lower(Doubles a, Doubles b) { return _mm512_min_pd(a, b); }
static inline Doubles upper(Doubles a, Doubles b) { return _mm512_max_pd(a, b); }
/// Adds 1 where a > b.
static inline void count_above(Ints& count, Floats a, Floats b) {
    count = (Ints)_mm512_mask_add_epi32((__m512i)count, _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ), (__m512i)count,
                                        _mm512_set1_epi32(1));
}
static inline bool any(Ints mask) { return _mm512_test_epi32_mask((__m512i)mask, (__m512i)mask) != 0; }
static inline Floats fused(Floats a, Floats b, Floats c) { return _mm512_fmadd_ps(a, b, c); }
#elif LANES == 8
static inline Floats lower(Floats a, Floats b) { return _mm256_min_ps(a, b); }
static inline Floats upper(Floats a, Floats b) { return _mm256_max_ps(a, b); }
static inline Doubles lower(Doubles a, Doubles b) { return _mm256_min_pd(a, b); }
static inline Doubles upper(Doubles a, Doubles b) { return _mm256_max_pd(a, b); }
static inline void count_above(Ints& count, Floats a, Floats b) { count -= a > b; }
static inline bool any(Ints mask) { return !_mm256_testz_si256((__m256i)mask, (__m256i)mask); }
static inline Floats fused(Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); }
#else
static inline Floats lower(Floats a, Floats b) { return a < b ? a : b; }
static inline Floats upper(Floats a, Floats b) { return a < b ? b : a; }
static inline Doubles lower(Doubles a, Doubles b) { return a < b ? a : b; }
static inline Doubles upper(Doubles a, Doubles b) { return a < b ? b : a; }
static inline void count_above(Ints& count, Floats a, Floats b) { count -= a > b; }
static inline bool any(Ints mask) {
    std::int32_t all = 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) all |= mask[lane];
    return all != 0;
}
#endif

/// A quotient rounded correctly. From the inverse, with one step of correction (Markstein 1990, theorem: correct where
/// the inverse is rounded correctly and nothing over- or underflows, which the caller sees to).
template <bool from_inverse>
static inline Floats quotient(Floats rise, const TrendKernel::Plan::Pair& pair) {
#if LANES >= 8
    if constexpr (from_inverse) {
        const Floats span = pair.span - Floats{}, inverse = pair.inverse - Floats{};
        const Floats first = rise * inverse;
        return fused(fused(-first, span, rise), inverse, first);
    }
#endif
    return rise / (pair.span - Floats{}) + 0.0f;
}

/// Not inline: in a large function the compiler has placed these loops so that AVX2 took a third longer.
template <class Vector>
[[gnu::noinline]] static void sort(const SortingNetwork& network, Vector* values) {
    const SortingNetwork::Exchange* const exchanges = network.exchanges.data();
    const SortingNetwork::Group* const fours = network.fours.data();
    const SortingNetwork::Group* const threes = network.threes.data();
    for (const SortingNetwork::Run& run : network.runs) switch (run.keep) {
            case SortingNetwork::Keep::fours:
                for (std::uint32_t e = run.begin; e < run.end; ++e) {
                    Vector* const pa = values + fours[e].a;
                    Vector* const pb = values + fours[e].b;
                    Vector* const pc = values + fours[e].c;
                    Vector* const pd = values + fours[e].d;
                    const Vector ab = lower(*pa, *pb), ba = upper(*pa, *pb);
                    const Vector cd = lower(*pc, *pd), dc = upper(*pc, *pd);
                    *pa = lower(ab, cd);
                    *pc = upper(ab, cd);
                    *pb = lower(ba, dc);
                    *pd = upper(ba, dc);
                }
                break;
            case SortingNetwork::Keep::threes:
                for (std::uint32_t e = run.begin; e < run.end; ++e) {
                    Vector* const pa = values + threes[e].a;
                    Vector* const pb = values + threes[e].b;
                    Vector* const pc = values + threes[e].c;
                    Vector* const pd = values + threes[e].d;
                    const Vector a = *pa, b = *pb, c = *pc, d = *pd;
                    const Vector ab = lower(a, b), dc = upper(c, d);
                    *pb = upper(a, b);
                    *pc = lower(c, d);
                    *pa = lower(ab, dc);
                    *pd = upper(ab, dc);
                }
                break;
            case SortingNetwork::Keep::both:
                for (std::uint32_t e = run.begin; e < run.end; ++e) {
                    Vector* const pa = values + exchanges[e].a;
                    Vector* const pb = values + exchanges[e].b;
                    const Vector a = *pa, b = *pb;
                    *pa = lower(a, b);
                    *pb = upper(a, b);
                }
                break;
            case SortingNetwork::Keep::lower:
                for (std::uint32_t e = run.begin; e < run.end; ++e)
                    values[exchanges[e].a] = lower(values[exchanges[e].a], values[exchanges[e].b]);
                break;
            case SortingNetwork::Keep::upper:
                for (std::uint32_t e = run.begin; e < run.end; ++e)
                    values[exchanges[e].b] = upper(values[exchanges[e].a], values[exchanges[e].b]);
                break;
        }
}

/// Slopes of all pairs of steps, and how many rise and fall. Missing ones become in turn highest and lowest.
template <bool from_inverse, bool gaps>
static inline void fill_slopes(const TrendKernel::Plan& plan, const Floats* x, Floats* slopes, Ints& rises,
                               Ints& falls) {
    const Floats zero{};
    Floats filler = std::numeric_limits<float>::infinity() - zero;
    for (const auto& pair : plan.pairs) {
        const Floats rise = x[pair.j] - x[pair.i];
        count_above(rises, rise, zero);
        count_above(falls, zero, rise);
        Floats slope = quotient<from_inverse>(rise, pair);
        if constexpr (gaps) {
            const Ints missing = rise != rise;
            slope = missing ? filler : slope;
            filler = missing ? -filler : filler;
        }
        *slopes++ = slope;
    }
}

/// Only how many rise and fall.
static inline void count_directions(const TrendKernel::Plan& plan, const Floats* x, Ints& rises, Ints& falls) {
    for (const auto& pair : plan.pairs) {
        count_above(rises, x[pair.j], x[pair.i]);
        count_above(falls, x[pair.i], x[pair.j]);
    }
}

/// Residuals x - slope t of half of the lanes, sorted; missing ones as above.
static inline void fill_residuals(const TrendKernel::Plan& plan, const Floats* x, std::size_t half, const double* slope,
                                  Doubles* residuals) {
    using Longs = std::int64_t __attribute__((vector_size(LANES * 4)));
    Doubles b, filler = std::numeric_limits<double>::infinity() - Doubles{};
    for (std::size_t lane = 0; lane < lanes / 2; ++lane) b[lane] = slope[half * (lanes / 2) + lane];
    for (std::size_t i = 0; i < plan.times.size(); ++i) {
        using HalfFloats = float __attribute__((vector_size(LANES * 2)));
        HalfFloats part;
        std::memcpy(&part, reinterpret_cast<const char*>(x + i) + half * sizeof part, sizeof part);
        const Doubles residual = __builtin_convertvector(part, Doubles) - b * plan.times[i] + 0.0;
        const Longs missing = residual != residual;
        residuals[i] = missing ? filler : residual;
        filler = missing ? -filler : filler;
    }
    sort(plan.residuals, residuals);
}

/// Sum over groups of ties of t(t-1)(2t+5), for each lane. The m-th earlier member that a value meets adds the
/// difference of two such terms: 6m(m+2) in all for a value with m equal ones before it.
static inline Ints tie_terms(const Floats* x, std::size_t steps) {
    Ints sum{};
    for (std::size_t i = 1; i < steps; ++i) {
        Ints equal{};  // a missing value equals nothing
        for (std::size_t j = 0; j < i; ++j) equal -= x[i] == x[j];
        sum += 6 * equal * (equal + 2);
    }
    return sum;
}

/// The buffers of one thread.
struct Workspace {
    Floats* x;
    Floats* slopes;
    Doubles* residuals;
    Floats* near;           ///< slopes around a rank
    std::uint32_t* places;  ///< and where they stand
    int sorted_next = 0;    ///< vectors to come that are sorted at once, as counting has failed
    int failures = 0;       ///< of counting, one after the other
};

/// Ranks of each lane's slopes among all in the buffer, from 0: of the middle ones, which are the same where they are
/// odd in number, and of the bounds; -1 where there are none.
struct Ranks {
    Ints lower_middle, upper_middle, low, high;
};
/// The slopes of these ranks.
struct RankedSlopes {
    alignas(64) float lower_middle[lanes] = {}, upper_middle[lanes] = {}, low[lanes] = {}, high[lanes] = {};
};

#if LANES >= 8
#include "maths/trend_kernel_counting.hpp"
#endif

/// What is missing stands half below the values and half above them.
/// @param deviation of S
static inline Ranks ranks_of(const TrendKernel::Plan& plan, Ints pairs, const double* deviation, bool bounds) {
    const Ints below = (static_cast<std::int32_t>(plan.pairs.size()) - pairs) / 2;
    Ranks ranks{below + pairs / 2 - 1 + (pairs & 1), below + pairs / 2, Ints{} - 1, Ints{} - 1};
    for (std::size_t lane = 0; bounds && lane < lanes; ++lane) {
        const std::int32_t k = pairs[lane];
        const double c = plan.z * deviation[lane];
        const double low = std::nearbyint((k - c) / 2), high = std::nearbyint((k + c) / 2) + 1;
        if (low >= 1) ranks.low[lane] = below[lane] + static_cast<std::int32_t>(low) - 1;
        if (high <= k) ranks.high[lane] = below[lane] + static_cast<std::int32_t>(high) - 1;
    }
    return ranks;
}

/// The wanted slopes of all lanes. @param idle lanes without a slope, or whose slopes are all 0
static void rank_slopes(const TrendKernel::Plan& plan, [[maybe_unused]] const Floats* x, [[maybe_unused]] Ints valid,
                        const Ranks& ranks, Ints idle, bool bounds, Workspace& work, RankedSlopes& found) {
#if LANES >= 8
    // Where counting has failed it mostly fails next to it as well: it is tried again after 7, 15, 31, .. vectors.
    if (work.sorted_next == 0) {
        if (count_slopes(plan, x, valid, ranks, idle, bounds, work, found)) {
            work.failures = 0;
            return;
        }
        work.failures = std::min(work.failures + 1, 5);
        work.sorted_next = (4 << work.failures) - 1;
    } else {
        --work.sorted_next;
    }
#endif
    sort(bounds ? plan.slopes : plan.medians, work.slopes);
    const auto* const sorted = reinterpret_cast<const float*>(work.slopes);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (idle[lane]) continue;
        const auto at = [&](std::int32_t rank) {
            return rank < 0 ? 0.0f : sorted[static_cast<std::size_t>(rank) * lanes + lane];
        };
        found.lower_middle[lane] = at(ranks.lower_middle[lane]);
        found.upper_middle[lane] = at(ranks.upper_middle[lane]);
        found.low[lane] = at(ranks.low[lane]);
        found.high[lane] = at(ranks.high[lane]);
    }
}

/// `lanes` series from `first` on.
static void run_lanes(const TrendKernel::Plan& plan, const float* const* steps, std::size_t first,
                      const TrendBands& bands, Workspace& work) {
    const std::size_t n = plan.times.size();
    Floats* const x = work.x;
    Ints valid{}, odd{};
    for (std::size_t i = 0; i < n; ++i) {
        Floats values;
        std::memcpy(&values, steps[i] + first, sizeof values);
        x[i] = values + 0.0f;  // no negative zero
        valid -= x[i] == x[i];
        // Sizes for which a quotient from an inverse neither over- nor underflows on the way.
        const Floats size = x[i] < 0.0f ? -x[i] : x[i];
        odd |= (size > 0x1p60f) | ((size < 0x1p-40f) & (size > 0.0f));
    }
    const bool gaps = any(valid != static_cast<std::int32_t>(n));
    const bool exact_division = !plan.inverses || any(odd);
    Ints rises{}, falls{};
    const bool line = bands[intercept_band] != nullptr;
    const bool bounds = bands[lower_band] != nullptr || bands[upper_band] != nullptr;
    const bool slopes = bands[slope_band] != nullptr || line || bounds;
    if (!slopes)
        count_directions(plan, x, rises, falls);
    else if (exact_division)
        fill_slopes<false, true>(plan, x, work.slopes, rises, falls);
    else if (gaps)
        fill_slopes<true, true>(plan, x, work.slopes, rises, falls);
    else
        fill_slopes<true, false>(plan, x, work.slopes, rises, falls);

    const Ints pairs = valid * (valid - 1) / 2;
    const Ints ties = pairs - rises - falls;
    Ints tied{};
    if (any(ties)) tied = tie_terms(x, n);
    const Ints variance18 = valid * (valid - 1) * (2 * valid + 5) - tied;
    const Ints score = rises - falls;

    double deviation[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane)
        deviation[lane] = std::sqrt(static_cast<double>(variance18[lane]) / 18);
    const Ranks ranks = ranks_of(plan, pairs, deviation, bounds);
    RankedSlopes ranked;
    if (slopes) {
        const Ints idle = (ties == pairs) | (valid < static_cast<std::int32_t>(plan.settings.min_valid));
        rank_slopes(plan, x, valid, ranks, idle, bounds, work, ranked);
    }

    constexpr float none = std::numeric_limits<float>::quiet_NaN();
    alignas(64) double slope[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        const std::size_t cell = first + lane;
        const auto put = [&](std::size_t band, float value) {
            if (bands[band]) bands[band][cell] = value;
        };
        const std::int32_t k = pairs[lane];
        if (valid[lane] < plan.settings.min_valid || k < 1) {
            for (std::size_t band = 0; band < trend_bands; ++band) put(band, none);
            slope[lane] = std::numeric_limits<double>::quiet_NaN();
            continue;
        }
        if (slopes) {
            slope[lane] =
                0.5 * (static_cast<double>(ranked.lower_middle[lane]) + static_cast<double>(ranked.upper_middle[lane]));
            put(slope_band, static_cast<float>(slope[lane]));
        }
        const double s = score[lane];
        const double z = score[lane] == 0 ? 0 : (s > 0 ? s - 1 : s + 1) / deviation[lane];
        put(z_band, static_cast<float>(z));
        if (bands[p_band]) bands[p_band][cell] = plan.p_of(valid[lane], score[lane], ties[lane], z);
        if (bands[tau_band])
            bands[tau_band][cell] =
                score[lane] == 0
                    ? 0.0f
                    : static_cast<float>(s / std::sqrt(static_cast<double>(k - ties[lane]) * static_cast<double>(k)));
        put(s_band, static_cast<float>(s));
        put(n_band, static_cast<float>(valid[lane]));
        put(lower_band, ranks.low[lane] < 0 ? none : ranked.low[lane]);
        put(upper_band, ranks.high[lane] < 0 ? none : ranked.high[lane]);
    }
    if (!line) return;
    const auto* const residuals = reinterpret_cast<const double*>(work.residuals);
    for (std::size_t part = 0; part < 2; ++part) {
        fill_residuals(plan, x, part, slope, work.residuals);
        for (std::size_t l = 0; l < lanes / 2; ++l) {
            const std::size_t lane = part * (lanes / 2) + l;
            const auto m = static_cast<std::size_t>(valid[lane]);
            if (std::isnan(slope[lane])) continue;
            const auto rank = [&](std::size_t r) { return residuals[((n - m) / 2 + r) * (lanes / 2) + l]; };
            bands[intercept_band][first + lane] =
                static_cast<float>(m % 2 != 0 ? rank(m / 2) : 0.5 * (rank(m / 2 - 1) + rank(m / 2)));
        }
    }
}

/// All series, where they are as many as the lanes, else none. @param memory workspace_bytes() of it, aligned to 64
/// bytes @return how many series are done
static std::size_t run_all(const TrendKernel::Plan& plan, const float* const* steps, std::size_t series,
                           const TrendBands& bands, void* memory) {
    const std::size_t n = plan.times.size();
    auto* const x = static_cast<Floats*>(memory);
    auto* const residuals = reinterpret_cast<Doubles*>(x + n + plan.pairs.size());
    auto* const near = reinterpret_cast<Floats*>(residuals + n);
    auto* const places = reinterpret_cast<std::uint32_t*>(near + TrendKernel::Plan::most_near);
    Workspace work{x, x + n, residuals, near, places};
    std::size_t done = 0;
    for (; done + lanes <= series; done += lanes) run_lanes(plan, steps, done, bands, work);
    if (done == 0 || done == series) return done;
    // The rest, together with some of those before.
    run_lanes(plan, steps, series - lanes, bands, work);
    return series;
}
