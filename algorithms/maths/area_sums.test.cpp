// Land Carbon Toolbox: exact sums over cells and their areas, checked against sums of single values.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/area_sums.hpp"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace landcarbon;

namespace {

const double gap = std::numeric_limits<double>::quiet_NaN();

/// Sums of single values, packed so that they can be compared.
AreaSums<PackedSum> one_by_one(const std::vector<double>& values, FixedArea area, bool varying) {
    AreaSums<ExactSum> sums;
    for (const double x : values) {
        if (std::isnan(x)) continue;
        if (varying)
            add_weighted(sums, x, area.hectares());
        else
            add_value(sums, x);
    }
    AreaSums<PackedSum> packed;
    packed.merge(sums);
    return packed;
}

template <class T>
void check_rows(const std::vector<T>& values) {
    const FixedArea area = FixedArea::from(8123.456789);
    const std::vector<double> wide(values.begin(), values.end());
    for (const bool varying : {false, true}) {
        AreaSums<ExactSum> sums;
        add_row(sums, values.data(), values.size(), area, varying, true);
        AreaSums<PackedSum> packed;
        packed.merge(sums);
        const auto single = one_by_one(wide, area, varying);
        CHECK(packed.values.parts() == single.values.parts());
        // Where areas vary, single squares are rounded to 106 bits.
        if (varying)
            CHECK(packed.squares.value() == Approx(single.squares.value()).epsilon(1e-15));
        else
            CHECK(packed.squares.parts() == single.squares.parts());
    }
}

}  // namespace

TEST_CASE("sums of rows are those of their values, to the last bit", "[area_sums]") {
    std::mt19937 random(7);
    std::normal_distribution<double> normal(300, 150);
    std::uniform_real_distribution<double> exponent(-30, 30);
    for (const std::size_t length : {1, 2, 7, 8, 9, 255, 256, 257, 1000}) {
        std::vector<float> usual, whole;
        std::vector<double> fine, apart;
        for (std::size_t i = 0; i < length; ++i) {
            usual.push_back(i % 11 == 3 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(normal(random)));
            whole.push_back(static_cast<float>(std::floor(normal(random))));
            fine.push_back(i % 13 == 5 ? gap : normal(random));
            apart.push_back(static_cast<float>(std::pow(10.0, exponent(random))) * (i % 2 ? 1 : -1));
        }
        check_rows(usual);
        check_rows(whole);
        check_rows(fine);
        check_rows(apart);
    }
}

TEST_CASE("rows are summed at once where that is exact, and only there", "[area_sums]") {
    const std::vector<float> usual = {1.5f, -2.25f, 3e-3f, 700};
    const RowSums row = sum_row(usual.data(), usual.size());
    CHECK(row.exact);
    CHECK(row.count == 4);
    CHECK(row.low == -2.25);
    CHECK(row.high == 700);
    const std::vector<double> fine = {0.1, 0.2};
    CHECK_FALSE(sum_row(fine.data(), fine.size()).exact);
    const std::vector<float> apart = {1e20f, 1e-3f};
    CHECK_FALSE(sum_row(apart.data(), apart.size()).exact);
    const std::vector<float> none = {std::numeric_limits<float>::quiet_NaN()};
    CHECK(sum_row(none.data(), 1).count == 0);
    const std::vector<float> zeros = {0, -0.0f};
    CHECK(sum_row(zeros.data(), 2).exact);
    CHECK(sum_row(zeros.data(), 2).count == 2);
    // The largest values of a row that can be summed at once, all alike.
    const std::vector<float> most(longest_row, 0x1.fffffep0f);
    const RowSums full = sum_row(most.data(), most.size());
    CHECK(full.exact);
    CHECK(full.sum == 256 * static_cast<double>(0x1.fffffep0f));
}
