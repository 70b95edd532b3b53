// Land Carbon Toolbox: weights of neighbours, and weighted sums of products of their columns: the inner loops of GWR.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/weighted_products.hpp"

#include <algorithm>
#include <cmath>

#include "maths/wide.hpp"

namespace landcarbon {
namespace {

#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wpsabi"  // vectors are passed between inline code of this file only
#endif
/// Numbers of a row, which may begin anywhere.
using Two = double __attribute__((vector_size(16), aligned(8), may_alias));
using Four = double __attribute__((vector_size(32), aligned(8), may_alias));

/// Adds up the upper halves, some columns at a time: each sum has a lane of its own, so that it is the same bits
/// however wide the processor's vectors are. With Columns known, sums stay in registers or near them.
template <std::size_t Columns, bool Squared, class Lanes>
[[gnu::always_inline]] inline void add_up(const double* rows, const Neighbour* neighbours, const double* weights,
                                          std::size_t count, double* sums, double* squared) {
    constexpr std::size_t width = padded(Columns), lanes = sizeof(Lanes) / sizeof(double), parts = width / lanes;
    Lanes own[Columns][parts] = {};
    Lanes own_squared[Squared ? Columns : 1][parts] = {};
    for (std::size_t i = 0; i < count; ++i) {
        const double* const row = rows + neighbours[i].place * width;
        const double weight = weights[i];
        Lanes part[parts];
        for (std::size_t b = 0; b < parts; ++b) part[b] = *reinterpret_cast<const Lanes*>(row + lanes * b);
#pragma GCC unroll 12
        for (std::size_t a = 0; a < Columns; ++a) {
            const double times = weight * row[a];
#pragma GCC unroll 6
            for (std::size_t b = a / lanes; b < parts; ++b) {
                const Lanes product = times * part[b];
                own[a][b] += product;
                if constexpr (Squared) own_squared[a][b] += weight * product;
            }
        }
    }
    for (std::size_t a = 0; a < Columns; ++a)
        for (std::size_t b = 0; b < parts; ++b) {
            *reinterpret_cast<Lanes*>(sums + a * width + lanes * b) = own[a][b];
            if constexpr (Squared) *reinterpret_cast<Lanes*>(squared + a * width + lanes * b) = own_squared[a][b];
        }
}

template <bool Squared>
[[gnu::always_inline]] inline void add_up_any(const double* rows, std::size_t columns, const Neighbour* neighbours,
                                              const double* weights, std::size_t count, double* sums, double* squared) {
    const std::size_t width = padded(columns);
    std::fill_n(sums, columns * width, 0.0);
    if (Squared) std::fill_n(squared, columns * width, 0.0);
    for (std::size_t i = 0; i < count; ++i) {
        const double* const row = rows + neighbours[i].place * width;
        for (std::size_t a = 0; a < columns; ++a) {
            const double times = weights[i] * row[a];
            for (std::size_t b = a / 4 * 4; b < width; b += 4) {
                const Four product = times * *reinterpret_cast<const Four*>(row + b);
                *reinterpret_cast<Four*>(sums + a * width + b) += product;
                if (Squared) *reinterpret_cast<Four*>(squared + a * width + b) += weights[i] * product;
            }
        }
    }
}

template <std::size_t Columns, bool Squared>
void add_up_some(const double* rows, const Neighbour* neighbours, const double* weights, std::size_t count,
                 double* sums, double* squared) {
    if (vector_width() == VectorWidth::baseline)
        add_up<Columns, Squared, Two>(rows, neighbours, weights, count, sums, squared);
    else
        wide([&] { add_up<Columns, Squared, Four>(rows, neighbours, weights, count, sums, squared); });
}

template <bool Squared>
void add_up_of(std::size_t columns, const double* rows, const Neighbour* neighbours, const double* weights,
               std::size_t count, double* sums, double* squared) {
    switch (columns) {
        case 2:
            return add_up_some<2, Squared>(rows, neighbours, weights, count, sums, squared);
        case 3:
            return add_up_some<3, Squared>(rows, neighbours, weights, count, sums, squared);
        case 4:
            return add_up_some<4, Squared>(rows, neighbours, weights, count, sums, squared);
        case 5:
            return add_up_some<5, Squared>(rows, neighbours, weights, count, sums, squared);
        case 6:
            return add_up_some<6, Squared>(rows, neighbours, weights, count, sums, squared);
        case 7:
            return add_up_some<7, Squared>(rows, neighbours, weights, count, sums, squared);
        case 8:
            return add_up_some<8, Squared>(rows, neighbours, weights, count, sums, squared);
        case 9:
            return add_up_some<9, Squared>(rows, neighbours, weights, count, sums, squared);
        case 10:
            return add_up_some<10, Squared>(rows, neighbours, weights, count, sums, squared);
        case 11:
            return add_up_some<11, Squared>(rows, neighbours, weights, count, sums, squared);
        case 12:
            return add_up_some<12, Squared>(rows, neighbours, weights, count, sums, squared);
        default:
            return wide([&] { add_up_any<Squared>(rows, columns, neighbours, weights, count, sums, squared); });
    }
}

void mirror(std::vector<double>& sums, std::size_t columns) {
    const std::size_t width = padded(columns);
    for (std::size_t a = 1; a < columns; ++a)
        for (std::size_t b = 0; b < a; ++b) sums[a * width + b] = sums[b * width + a];
}

}  // namespace

void kernel_weights(GwrKernel kernel, double bandwidth, const std::vector<Neighbour>& neighbours,
                    std::vector<double>& weights) {
    weights.resize(neighbours.size());
    const double scale = 1 / bandwidth;
    const std::size_t count = neighbours.size();
    switch (kernel) {
        case GwrKernel::bisquare:
            for (std::size_t i = 0; i < count; ++i) {
                const double share = neighbours[i].distance * scale;
                const double rest = 1 - share * share;
                weights[i] = rest > 0 ? rest * rest : 0;
            }
            break;
        case GwrKernel::gaussian:
            for (std::size_t i = 0; i < count; ++i) {
                const double share = neighbours[i].distance * scale;
                weights[i] = std::exp(-0.5 * share * share);
            }
            break;
        case GwrKernel::exponential:
            for (std::size_t i = 0; i < count; ++i) weights[i] = std::exp(-neighbours[i].distance * scale);
            break;
    }
}

void weighted_products(const std::vector<double>& rows, std::size_t columns, const std::vector<Neighbour>& neighbours,
                       const std::vector<double>& weights, std::vector<double>& sums, std::vector<double>* squared) {
    sums.resize(columns * padded(columns));
    if (squared) {
        squared->resize(sums.size());
        add_up_of<true>(columns, rows.data(), neighbours.data(), weights.data(), neighbours.size(), sums.data(),
                        squared->data());
        mirror(*squared, columns);
    } else {
        add_up_of<false>(columns, rows.data(), neighbours.data(), weights.data(), neighbours.size(), sums.data(),
                         nullptr);
    }
    mirror(sums, columns);
}

}  // namespace landcarbon
