// Land Carbon Toolbox: numbers for tests that other programs can make as well, to the last bit.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace landcarbon::test {

/// x -> 6364136223846793005 x + 1442695040888963407 modulo 2^64; the upper 31 bits as a number from 0 to 1.
inline std::vector<double> plain_numbers(std::size_t count, std::uint64_t state) {
    std::vector<double> numbers(count);
    for (double& number : numbers) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        number = static_cast<double>(state >> 33) / 2147483648.0;
    }
    return numbers;
}

/// 2000 numbers of one decimal from 0 to 71.7, skewed, 522 of them different: floor(720 x^4) / 10.
inline std::vector<double> tied_numbers() {
    std::vector<double> numbers = plain_numbers(2000, 1);
    for (double& x : numbers) x = std::floor(x * x * x * x * 720) / 10;
    return numbers;
}

/// 1500 different numbers from -0.2 to 0.8, skewed: x^3 - 0.2.
inline std::vector<double> cubed_numbers() {
    std::vector<double> numbers = plain_numbers(1500, 7);
    for (double& x : numbers) x = x * x * x - 0.2;
    return numbers;
}

}  // namespace landcarbon::test
