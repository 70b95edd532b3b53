// Land Carbon Toolbox: largest remainders by hand.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/largest_remainder.hpp"

#include <cmath>
#include <numeric>

#include "support/catch.hpp"

using namespace landcarbon;

TEST_CASE("whole cells come to the total by largest remainders", "[largest_remainder]") {
    CHECK(largest_remainder({876.7, 664.32, 458.98}, 2000) == std::vector<std::int64_t>{877, 664, 459});
    CHECK(largest_remainder({1, 1, 1}, 10) == std::vector<std::int64_t>{4, 3, 3});
    CHECK(largest_remainder({0, 0.4, 0.6}, 1) == std::vector<std::int64_t>{0, 0, 1});
    CHECK(largest_remainder({5}, 7) == std::vector<std::int64_t>{7});
    CHECK(largest_remainder({0, 2, 0}, 2) == std::vector<std::int64_t>{0, 2, 0});
    CHECK(largest_remainder({0.5, 0.25, 0.25}, 4) == std::vector<std::int64_t>{2, 1, 1});
    CHECK(largest_remainder({2, 3.4, 4.6}, 10) == std::vector<std::int64_t>{2, 3, 5});
    CHECK(largest_remainder({0, 0}, 10) == std::vector<std::int64_t>{0, 0});
    std::vector<double> many;
    for (int i = 1; i <= 200; ++i) many.push_back(std::sqrt(i));
    const auto whole = largest_remainder(many, 100000000007);
    CHECK(std::accumulate(whole.begin(), whole.end(), std::int64_t{0}) == 100000000007);
}
