// Land Carbon Toolbox: tests of the prediction of blocks by a GWR, and of the test of its coefficients.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr_validation.hpp"

#include <cmath>

#include "maths/counter_random.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

double uniform(std::uint64_t seed, std::uint64_t i) { return random_unit(random_bits(seed, i)); }

struct Field {
    std::vector<double> x, y, driver;
    std::shared_ptr<GwrPlaces> places;
    explicit Field(std::size_t side) {
        for (std::uint64_t i = 0; i < side * side; ++i) {
            x.push_back(static_cast<double>(i % side));
            y.push_back(static_cast<double>(i / side));
            driver.push_back(uniform(1, i));
        }
        places = std::make_shared<GwrPlaces>(x, y, Distances::plane);
    }
};

}  // namespace

TEST_CASE("GWR: folds are blocks of neighbours, each fold as large as the others", "[gwr]") {
    const Field field(32);
    const auto fold = folds_of_blocks(*field.places, 4);
    std::vector<std::size_t> sizes(4);
    for (const std::uint32_t f : fold) ++sizes.at(f);
    CHECK(sizes == std::vector<std::size_t>(4, 256));
    // 16 blocks of 8 x 8 places: three of four neighbours at the most lie in another fold.
    std::size_t alike = 0, pairs = 0;
    for (std::size_t i = 0; i + 1 < 1024; ++i)
        if (i % 32 != 31) {
            ++pairs;
            alike += fold[i] == fold[i + 1];
        }
    CHECK(static_cast<double>(alike) / static_cast<double>(pairs) > 0.85);
    for (std::size_t corner : {0u, 8u, 8u * 32 + 8})
        for (std::size_t row = 0; row < 8; ++row)
            for (std::size_t column = 0; column < 8; ++column) CHECK(fold[corner + row * 32 + column] == fold[corner]);
}

TEST_CASE("GWR: prediction of blocks by hand", "[gwr]") {
    // Places on a line: blocks of one, by turns in two folds. Without drivers least squares predicts the mean of the
    // others, so that nothing is explained.
    const std::vector<double> x = {0, 1, 2, 3}, y = {0, 0, 0, 0}, response = {0, 1, 2, 9};
    const GwrPlaces places(x, y, Distances::plane);
    const GwrWindow window = {GwrKernel::gaussian, BandwidthKind::fixed, 1};
    BlockValidation found = validate_by_blocks(places, response, {}, window, SingularWindow::nodata, 2, each_in_order);
    CHECK(found.ols_r2 == Approx(0).margin(1e-12));
    CHECK(found.without_fit == 0);
    // Gaussian means of the two others: 0 and 2 from 1 and 9, 1 and 9 from 0 and 2.
    const double near = std::exp(-0.5), far = std::exp(-4.5);
    const auto mean = [&](double a, double b, double wa, double wb) { return (wa * a + wb * b) / (wa + wb); };
    const std::vector<double> e = {0 - mean(1, 9, near, far), 2 - mean(1, 9, near, near), 1 - mean(0, 2, near, near),
                                   9 - mean(0, 2, far, near)};
    const double rest = e[0] * e[0] + e[1] * e[1] + e[2] * e[2] + e[3] * e[3];
    const double total = 5 * 5 + 3 * 3 + 0 + 8 * 8;
    CHECK(found.r2 == Approx(1 - rest / total).epsilon(1e-12));
    // A law that holds everywhere is found without the block as well.
    const Field field(12);
    std::vector<double> law;
    for (const double value : field.driver) law.push_back(3 - 2 * value);
    found = validate_by_blocks(*field.places, law, {field.driver}, {GwrKernel::bisquare, BandwidthKind::adaptive, 30},
                               SingularWindow::nodata, 3, each_in_order);
    CHECK(found.r2 == Approx(1).epsilon(1e-9));
    CHECK(found.ols_r2 == Approx(1).epsilon(1e-9));
    // Windows that tell nothing are counted.
    std::vector<double> constant = field.driver;
    for (std::size_t i = 0; i < 72; ++i) constant[i] = 0.5;
    found = validate_by_blocks(*field.places, law, {constant}, {GwrKernel::bisquare, BandwidthKind::adaptive, 12},
                               SingularWindow::nodata, 3, each_in_order);
    CHECK(found.without_fit > 20);
}

TEST_CASE("GWR: coefficients that vary by chance, and by place", "[gwr]") {
    const Field field(15);
    std::vector<double> response, other;
    for (std::uint64_t i = 0; i < 225; ++i) {
        other.push_back(uniform(2, i));
        response.push_back(std::sin(field.x[i] / 3) * field.driver[i] + 2 * other[i] + 0.2 * uniform(3, i));
    }
    const GwrWindow window = {GwrKernel::bisquare, BandwidthKind::adaptive, 40};
    const auto p = stationarity_p(field.places, response, {field.driver, other}, window, SingularWindow::nodata, 49, 1,
                                  each_in_order);
    REQUIRE(p.size() == 3);
    CHECK(p[1] == Approx(1.0 / 50));
    CHECK(p[2] > 0.05);
    CHECK(p == stationarity_p(field.places, response, {field.driver, other}, window, SingularWindow::nodata, 49, 1,
                              each_in_order));
    // The variance itself, from the coefficients of a fit.
    const GwrModel model(field.places, response, {field.driver, other});
    const GwrFit fit = model.fit(window, GwrSigma::trace, each_in_order);
    const auto variances = model.coefficient_variances(window, each_in_order);
    for (std::size_t term = 0; term < 3; ++term) {
        double sum = 0, squares = 0;
        for (std::size_t i = 0; i < 225; ++i) sum += fit.coefficients[i * 3 + term] / 225;
        for (std::size_t i = 0; i < 225; ++i)
            squares += (fit.coefficients[i * 3 + term] - sum) * (fit.coefficients[i * 3 + term] - sum) / 225;
        CHECK(variances[term] == Approx(squares).epsilon(1e-9));
    }
}
