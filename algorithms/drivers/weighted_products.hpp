// Land Carbon Toolbox: weights of neighbours, and weighted sums of products of their columns: the inner loops of GWR.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "maths/place_index.hpp"

namespace landcarbon {

/// How the weight of an observation falls with its distance d, the bandwidth being b.
enum class GwrKernel {
    bisquare,    ///< (1 - (d/b)^2)^2 for d < b, else 0
    gaussian,    ///< exp(-(d/b)^2 / 2)
    exponential  ///< exp(-d/b)
};

/// Weights of neighbours. @param bandwidth a distance above 0
void kernel_weights(GwrKernel kernel, double bandwidth, const std::vector<Neighbour>& neighbours,
                    std::vector<double>& weights);

/// How many numbers a row of so many columns takes: whole fours.
constexpr std::size_t padded(std::size_t columns) { return (columns + 3) / 4 * 4; }

/// Sums of w z z' over neighbours, z a row of `columns` numbers, and of w^2 z z' where `squared` is given.
/// @param rows all rows, each padded(columns) long, by place
/// @param sums columns x padded(columns) numbers, replaced; both halves are filled
void weighted_products(const std::vector<double>& rows, std::size_t columns, const std::vector<Neighbour>& neighbours,
                       const std::vector<double>& weights, std::vector<double>& sums, std::vector<double>* squared);

}  // namespace landcarbon
