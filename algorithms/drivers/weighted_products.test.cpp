// Land Carbon Toolbox: tests of the weighted sums of products that a GWR is made of.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/weighted_products.hpp"

#include "maths/counter_random.hpp"
#include "maths/wide.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

TEST_CASE("weighted sums of products: as plain loops have them, the same bits for vectors of any width", "[gwr]") {
    const VectorWidth usual = vector_width();
    for (std::size_t columns = 2; columns <= 15; ++columns) {
        constexpr std::size_t places = 97;
        const std::size_t width = padded(columns);
        CHECK(width % 4 == 0);
        CHECK(width >= columns);
        std::vector<double> rows(places * width), weights;
        std::vector<Neighbour> neighbours;
        for (std::size_t i = 0; i < places; ++i) {
            for (std::size_t a = 0; a < columns; ++a) rows[i * width + a] = random_unit(random_bits(a, i)) - 0.4;
            if (i % 3 == 1) continue;
            neighbours.push_back({0, static_cast<std::uint32_t>(places - 1 - i)});
            weights.push_back(random_unit(random_bits(99, i)));
        }
        std::vector<double> sums(columns * width), squared = sums;
        for (std::size_t k = 0; k < neighbours.size(); ++k)
            for (std::size_t a = 0; a < columns; ++a)
                for (std::size_t b = 0; b < columns; ++b) {
                    const double* const row = rows.data() + neighbours[k].place * width;
                    sums[a * width + b] += weights[k] * row[a] * row[b];
                    squared[a * width + b] += weights[k] * weights[k] * row[a] * row[b];
                }
        std::vector<double> first, first_squared;
        for (const VectorWidth width_used : {VectorWidth::baseline, VectorWidth::avx2, VectorWidth::avx512}) {
            set_vector_width(width_used);
            std::vector<double> own, own_squared, alone;
            weighted_products(rows, columns, neighbours, weights, own, &own_squared);
            weighted_products(rows, columns, neighbours, weights, alone, nullptr);
            for (std::size_t a = 0; a < columns; ++a)
                for (std::size_t b = 0; b < columns; ++b) {
                    REQUIRE(own[a * width + b] == Approx(sums[a * width + b]).epsilon(1e-12));
                    REQUIRE(own_squared[a * width + b] == Approx(squared[a * width + b]).epsilon(1e-12));
                    REQUIRE(alone[a * width + b] == own[a * width + b]);
                    if (width_used == VectorWidth::baseline) continue;
                    REQUIRE(own[a * width + b] == first[a * width + b]);
                    REQUIRE(own_squared[a * width + b] == first_squared[a * width + b]);
                }
            if (width_used == VectorWidth::baseline) {
                first = own;
                first_squared = own_squared;
            }
        }
        set_vector_width(usual);
    }
}
