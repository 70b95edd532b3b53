// Land Carbon Toolbox: tests of Markov chains.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/markov.hpp"

#include <cmath>
#include <numeric>

#include "support/catch.hpp"

using namespace landcarbon;

namespace {

SquareMatrix matrix_of(std::size_t n, std::vector<double> entries) {
    SquareMatrix matrix(n);
    matrix.entries = std::move(entries);
    return matrix;
}

void check_rows(const SquareMatrix& matrix) {
    for (std::size_t row = 0; row < matrix.size; ++row) {
        double sum = 0;
        for (std::size_t column = 0; column < matrix.size; ++column) {
            CHECK(matrix.at(row, column) >= 0);
            sum += matrix.at(row, column);
        }
        CHECK(sum == Approx(1).epsilon(1e-12));
    }
}

void check_near(const std::vector<double>& found, const std::vector<double>& expected, double error) {
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(std::abs(found[i] - expected[i]) < error);
}

const SquareMatrix three = matrix_of(3, {.9, .08, .02, .05, .9, .05, .01, .04, .95});
const std::vector<double> areas = {1000, 600, 400};

}  // namespace

TEST_CASE("probabilities of counts; a class without cells stays", "[markov]") {
    std::vector<std::size_t> empty;
    const SquareMatrix p = transition_probabilities({3, 1, 0, 0, 0, 0, 2, 2, 4}, 3, empty);
    CHECK(p.entries == std::vector<double>{0.75, 0.25, 0, 0, 1, 0, 0.25, 0.25, 0.5});
    CHECK(empty == std::vector<std::size_t>{1});
}

TEST_CASE("whole and fractional steps of a chain", "[markov]") {
    // Powers with 30 digits by mpmath (sqrtm).
    const MarkovPower two = markov_power(three, 2);
    CHECK(two.kind == MarkovPower::Kind::whole);
    check_near(times(areas, two.matrix), {876.7, 664.32, 458.98}, 1e-9);
    const MarkovPower half = markov_power(three, 1.5);
    CHECK(half.kind == MarkovPower::Kind::principal);
    check_near(times(areas, half.matrix), {904.346515467191415, 651.024637528396347, 444.628847004412238}, 1e-9);
    CHECK(markov_power(three, 0).matrix.entries == SquareMatrix::identity(3).entries);
    check_rows(half.matrix);
    // Half steps make whole ones.
    const MarkovPower once = markov_power(three, 0.5);
    check_near(times(times(areas, once.matrix), once.matrix), times(areas, three), 1e-9);
}

TEST_CASE("a root with negative entries is cleared and made stochastic", "[markov]") {
    // From a 3-cycle's generator cut short: the direct way from 1 to 3 is closed, so that the root would need a
    // negative probability there.
    const SquareMatrix p = matrix_of(3, {.5, .5, 0, 0, .5, .5, 0, 0, 1});
    const MarkovPower root = markov_power(p, 0.5);
    CHECK(root.kind == MarkovPower::Kind::cleared);
    // The (1,3) entry of the principal root of the upper triangular matrix, by hand: r = sqrt(.5), s = .5 / (2 r),
    // t = .5 / (r + 1), entry = (0 - s t) / (r + 1).
    const double r = std::sqrt(.5), s = .5 / (2 * r), t = .5 / (r + 1);
    CHECK(root.most_negative == Approx(-s * t / (r + 1)).epsilon(1e-12));
    CHECK(root.matrix.at(0, 2) == 0);
    CHECK(root.matrix.at(0, 0) == Approx(r / (r + s)).epsilon(1e-12));
    check_rows(root.matrix);
}

TEST_CASE("chains without a real principal root are mixed from whole steps", "[markov]") {
    // Eigenvalues 1 and -0.6.
    const MarkovPower swap = markov_power(matrix_of(2, {.2, .8, .8, .2}), 0.5);
    CHECK(swap.kind == MarkovPower::Kind::mixed);
    check_near(swap.matrix.entries, {.6, .4, .4, .6}, 1e-15);
    const MarkovPower later = markov_power(matrix_of(2, {.2, .8, .8, .2}), 1.25);
    check_near(later.matrix.entries, {.32, .68, .68, .32}, 1e-15);
    // Eigenvalue 0 in a Jordan block of two: 1 -> 2 -> 3 and nothing stays. No square root exists.
    const MarkovPower chain = markov_power(matrix_of(3, {0, 1, 0, 0, 0, 1, 0, 0, 1}), 0.5);
    CHECK(chain.kind == MarkovPower::Kind::mixed);
    check_rows(chain.matrix);
}

TEST_CASE("singular, defective and complex chains have their principal root", "[markov]") {
    // Eigenvalue 0, diagonalisable: the matrix is its own root. Eigenvalues are known to 1e-17 or so, their roots to
    // half as many digits.
    const SquareMatrix singular = matrix_of(2, {.3, .7, .3, .7});
    check_near(markov_power(singular, 0.5).matrix.entries, singular.entries, 1e-8);
    // Eigenvalue 1/2 twice with one eigenvector.
    const SquareMatrix defective = matrix_of(3, {.5, .25, .25, 0, .5, .5, 0, 0, 1});
    const MarkovPower root = markov_power(defective, 0.5);
    CHECK(root.kind != MarkovPower::Kind::mixed);
    check_rows(root.matrix);
    CHECK(root.matrix.at(1, 1) == Approx(std::sqrt(.5)).epsilon(1e-12));
    // A cycle with complex eigenvalues.
    const SquareMatrix cycle = matrix_of(3, {.8, .2, 0, 0, .8, .2, .2, 0, .8});
    const MarkovPower third = markov_power(cycle, 1.0 / 3);
    CHECK(third.kind == MarkovPower::Kind::cleared);
    check_rows(third.matrix);
    check_near(markov_power(matrix_of(1, {1}), 0.4).matrix.entries, {1}, 1e-15);
}

TEST_CASE("factors on transitions move what is left to the diagonal", "[markov]") {
    SquareMatrix p = matrix_of(2, {.8, .2, .1, .9}), factors(2);
    factors.entries = {1, 2, 0, 1};
    std::vector<std::size_t> overfull;
    scale_transitions(p, factors, overfull);
    check_near(p.entries, {.6, .4, 0, 1}, 1e-15);
    CHECK(overfull.empty());
    factors.entries = {1, 5, 1, 1};
    scale_transitions(p, factors, overfull);
    check_near(p.entries, {0, 1, 0, 1}, 1e-15);
    CHECK(overfull == std::vector<std::size_t>{0});
}
