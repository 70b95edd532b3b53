// Land Carbon Toolbox: weights of neighbours, and weighted sums of products of their columns: the inner loops of GWR.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/weighted_products.hpp"

#include <algorithm>
#include <cmath>

namespace landcarbon {
namespace {

/// Adds up the upper halves, in pairs of columns. With Columns known, sums stay in registers or near them.
template <std::size_t Columns, bool Squared>
void add_up(const double* rows, const Neighbour* neighbours, const double* weights, std::size_t count, double* sums,
            double* squared) {
    constexpr std::size_t width = padded(Columns);
    double own[Columns * width] = {};
    double own_squared[Squared ? Columns * width : 1] = {};
    for (std::size_t i = 0; i < count; ++i) {
        const double* const row = rows + neighbours[i].place * width;
        const double weight = weights[i];
        for (std::size_t a = 0; a < Columns; ++a) {
            const double times = weight * row[a];
            for (std::size_t b = a & ~std::size_t{1}; b < width; ++b) {
                const double product = times * row[b];
                own[a * width + b] += product;
                if constexpr (Squared) own_squared[a * width + b] += weight * product;
            }
        }
    }
    std::copy_n(own, Columns * width, sums);
    if constexpr (Squared) std::copy_n(own_squared, Columns * width, squared);
}

template <bool Squared>
void add_up_any(const double* rows, std::size_t columns, const Neighbour* neighbours, const double* weights,
                std::size_t count, double* sums, double* squared) {
    const std::size_t width = padded(columns);
    std::fill_n(sums, columns * width, 0.0);
    if (Squared) std::fill_n(squared, columns * width, 0.0);
    for (std::size_t i = 0; i < count; ++i) {
        const double* const row = rows + neighbours[i].place * width;
        for (std::size_t a = 0; a < columns; ++a) {
            const double times = weights[i] * row[a];
            for (std::size_t b = a & ~std::size_t{1}; b < width; ++b) {
                const double product = times * row[b];
                sums[a * width + b] += product;
                if (Squared) squared[a * width + b] += weights[i] * product;
            }
        }
    }
}

template <bool Squared>
void add_up_of(std::size_t columns, const double* rows, const Neighbour* neighbours, const double* weights,
               std::size_t count, double* sums, double* squared) {
    switch (columns) {
        case 2:
            return add_up<2, Squared>(rows, neighbours, weights, count, sums, squared);
        case 3:
            return add_up<3, Squared>(rows, neighbours, weights, count, sums, squared);
        case 4:
            return add_up<4, Squared>(rows, neighbours, weights, count, sums, squared);
        case 5:
            return add_up<5, Squared>(rows, neighbours, weights, count, sums, squared);
        case 6:
            return add_up<6, Squared>(rows, neighbours, weights, count, sums, squared);
        case 7:
            return add_up<7, Squared>(rows, neighbours, weights, count, sums, squared);
        case 8:
            return add_up<8, Squared>(rows, neighbours, weights, count, sums, squared);
        case 9:
            return add_up<9, Squared>(rows, neighbours, weights, count, sums, squared);
        case 10:
            return add_up<10, Squared>(rows, neighbours, weights, count, sums, squared);
        case 11:
            return add_up<11, Squared>(rows, neighbours, weights, count, sums, squared);
        case 12:
            return add_up<12, Squared>(rows, neighbours, weights, count, sums, squared);
        default:
            return add_up_any<Squared>(rows, columns, neighbours, weights, count, sums, squared);
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
