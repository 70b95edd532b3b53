// Land Carbon Toolbox: tests of least squares and ridge regression: certified values, another program, invariants.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/ridge.hpp"

#include <array>
#include <cmath>

#include "engine/table.hpp"
#include "maths/tail_probability.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;

namespace {

struct Data {
    std::vector<std::vector<double>> x;
    std::vector<double> y;
};

Data nist(const std::string& name) {
    const InputTable table("data", landcarbon::test::source_file("tests/data/nist_" + name + ".csv"));
    Data data;
    data.x.resize(table.columns().size() - 1);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        data.y.push_back(table.required_number(row, 0));
        for (std::size_t j = 0; j < data.x.size(); ++j) data.x[j].push_back(table.required_number(row, j + 1));
    }
    return data;
}

/// How many digits two numbers share.
double digits(double value, double certified) {
    return value == certified ? 16 : -std::log10(std::abs(value - certified) / std::abs(certified));
}

using Square = std::array<std::array<long double, 6>, 6>;

template <class Cell>
Square filled(Cell cell) {
    Square square{};
    for (std::size_t i = 0; i < 6; ++i)
        for (std::size_t j = 0; j < 6; ++j) square[i][j] = cell(i, j);
    return square;
}

Square product(const Square& a, const Square& b) {
    return filled([&](std::size_t i, std::size_t j) {
        long double sum = 0;
        for (std::size_t k = 0; k < 6; ++k) sum += a[i][k] * b[k][j];
        return sum;
    });
}

/// Gauss and Jordan; the matrix is positive definite.
Square inverted(Square a) {
    Square b = filled([](std::size_t i, std::size_t j) { return i == j ? 1.0L : 0.0L; });
    for (std::size_t i = 0; i < 6; ++i) {
        const long double pivot = a[i][i];
        for (std::size_t j = 0; j < 6; ++j) {
            a[i][j] /= pivot;
            b[i][j] /= pivot;
        }
        for (std::size_t row = 0; row < 6; ++row) {
            const long double factor = a[row][i];
            if (row == i) continue;
            for (std::size_t j = 0; j < 6; ++j) {
                a[row][j] -= factor * a[i][j];
                b[row][j] -= factor * b[i][j];
            }
        }
    }
    return b;
}

}  // namespace

TEST_CASE("least squares: Longley, to NIST's certified values", "[ridge]") {
    const Data longley = nist("longley");
    const RidgeFit fit = RidgeRegression(longley.x, longley.y).at(0);
    const double coefficients[] = {15.0618722713733,  -0.0358191792925910, -2.02022980381683,
                                   -1.03322686717359, -0.0511041056535807, 1829.15146461355};
    const double errors[] = {84.9149257747669,  0.0334910077722432, 0.488399681651699,
                             0.214274163161675, 0.226073200069370,  455.478499142212};
    for (std::size_t j = 0; j < 6; ++j) {
        INFO(j);
        CHECK(digits(fit.coefficients[j], coefficients[j]) > 12);
        CHECK(digits(fit.errors[j], errors[j]) > 12);
    }
    CHECK(digits(fit.intercept, -3482258.63459582) > 12);
    CHECK(digits(fit.intercept_error, 890420.383607373) > 12);
    CHECK(digits(fit.residual_sd, 304.854073561965) > 12);
    CHECK(digits(fit.residual_square, 836424.055505915) > 12);
    CHECK(digits(fit.r2, 0.995479004577296) > 13);
    CHECK(digits(fit.f, 330.285339234588) > 12);
}

TEST_CASE("least squares: Norris and Filip, to NIST's certified values", "[ridge]") {
    const Data norris = nist("norris");
    const RidgeFit line = RidgeRegression(norris.x, norris.y).at(0);
    CHECK(digits(line.intercept, -0.262323073774029) > 11);
    CHECK(digits(line.coefficients[0], 1.00211681802045) > 13);
    CHECK(digits(line.intercept_error, 0.232818234301152) > 12);
    CHECK(digits(line.errors[0], 0.000429796848199937) > 12);
    CHECK(digits(line.residual_sd, 0.884796396144373) > 12);
    CHECK(digits(line.r2, 0.999993745883712) > 13);
    // A polynomial of degree 10 over x from -9 to -3: programs that form normal equations get no digit or refuse.
    Data filip = nist("filip");
    filip.x.resize(10);
    for (std::size_t i = 0; i < filip.y.size(); ++i) {
        double power = filip.x[0][i];
        for (std::size_t j = 1; j < 10; ++j) filip.x[j].push_back(power *= filip.x[0][i]);
    }
    const RidgeRegression polynomial(filip.x, filip.y);
    CHECK(polynomial.dependent().empty());
    const RidgeFit fit = polynomial.at(0);
    const double coefficients[] = {-2772.17959193342,    -2316.37108160893,    -1127.97394098372, -354.478233703349,
                                   -75.1242017393757,    -10.8753180355343,    -1.06221498588947, -0.0670191154593408,
                                   -0.00246781078275479, -4.02962525080404e-05};
    for (std::size_t j = 0; j < 10; ++j) CHECK(digits(fit.coefficients[j], coefficients[j]) > 6);
    CHECK(digits(fit.intercept, -1467.4896142298) > 6);
    CHECK(digits(fit.residual_sd, 0.00334801051324544) > 7);
    CHECK(digits(fit.r2, 0.996727416185620) > 9);
}

TEST_CASE("ridge: Longley, as R's MASS::lm.ridge with lambda = n K", "[ridge]") {
    const Data longley = nist("longley");
    const RidgeRegression regression(longley.x, longley.y);
    // R 4.2.2, MASS 7.3-58: coef(lm.ridge(y ~ ., longley, lambda = 16 * k)), $GCV.
    struct Row {
        double k, gcv, intercept, x[6];
    };
    const Row rows[] = {{0.005,
                         12204.728799389901,
                         -1057554.58778966,
                         {54.5754023046574, 0.0113333239807667, -1.20074222452402, -0.680080131550267,
                          -0.0127632491191557, 573.054077238358}},
                        {0.02,
                         14881.115122311583,
                         -575227.934746737,
                         {83.1301699985474, 0.0119777673450669, -1.05029944945249, -0.518425678976131,
                          0.0865205092723118, 318.236949235664}},
                        {0.05,
                         17124.567938309359,
                         -431828.360750583,
                         {86.2158480794388, 0.0114837182120044, -0.87928905156088, -0.346635132766193,
                          0.114246248574036, 242.631245144599}},
                        {0.1,
                         21326.277654802452,
                         -367980.642769475,
                         {83.6559126297366, 0.0107494136411651, -0.679634489261974, -0.15998645178568,
                          0.119704533442884, 209.339989250297}},
                        {0.3,
                         37074.383613638463,
                         -295795.619170021,
                         {74.6674715664151, 0.0090753966808675, -0.280969009875522, 0.172909788906103,
                          0.111635787679244, 172.59636712585}},
                        {1,
                         75841.796192429218,
                         -222608.112417155,
                         {60.4342979995708, 0.00695764388869062, 0.061695690402985, 0.360149821234037,
                          0.0913571645951971, 136.720017619563}}};
    for (const Row& row : rows) {
        INFO("K " << row.k);
        const RidgeFit fit = regression.at(row.k);
        for (std::size_t j = 0; j < 6; ++j) CHECK(fit.coefficients[j] == Approx(row.x[j]).epsilon(1e-11));
        CHECK(fit.intercept == Approx(row.intercept).epsilon(1e-11));
        CHECK(fit.gcv == Approx(row.gcv).epsilon(1e-11));
    }
    CHECK(16 * regression.hkb() == Approx(0.0042753573939830524).epsilon(1e-11));
    CHECK(16 * regression.lawless_wang() == Approx(0.032295307722061989).epsilon(1e-11));
    // The same data with the response in thousands, published figures.
    std::vector<double> thousands;
    for (const double value : longley.y) thousands.push_back(value / 1000);
    const RidgeRegression scaled(longley.x, thousands);
    CHECK(scaled.at(0).gcv == Approx(0.00836424).epsilon(1e-6));
    CHECK(scaled.at(0.01 / 16).gcv == Approx(0.00846865).epsilon(1e-6));
    CHECK(scaled.at(0.01).gcv == Approx(0.0136940).epsilon(1e-5));
    CHECK(scaled.at(1.0 / 16).gcv == Approx(0.0181229).epsilon(1e-5));
    const RidgeFit fit = scaled.at(0.01);
    const double vif[] = {17.164, 3.454, 2.731, 2.104, 13.789, 9.996};
    const double standardised[] = {0.22439, 0.33842, -0.30129, -0.12031, 0.09003, 0.56847};
    for (std::size_t j = 0; j < 6; ++j) {
        CHECK(std::abs(fit.vif[j] - vif[j]) < 0.0005);
        CHECK(std::abs(fit.standardised[j] - standardised[j]) < 0.000005);
    }
    CHECK(fit.r2 == Approx(0.988948833).epsilon(1e-9));
    CHECK(fit.intercept == Approx(-766.481256079).epsilon(1e-11));
}

TEST_CASE("ridge: every K of a trace follows the closed form", "[ridge]") {
    const Data longley = nist("longley");
    const RidgeRegression regression(longley.x, longley.y);
    // Correlations in long double, from columns that are centred and scaled.
    std::vector<std::vector<long double>> z;
    for (std::size_t j = 0; j < 7; ++j) {
        const auto& column = j < 6 ? longley.x[j] : longley.y;
        long double mean = 0, square = 0;
        for (const double value : column) mean += value / 16.0L;
        z.emplace_back();
        for (const double value : column) {
            z[j].push_back(value - mean);
            square += z[j].back() * z[j].back();
        }
        for (auto& value : z[j]) value /= std::sqrt(square);
    }
    const auto dot = [](const std::vector<long double>& a, const std::vector<long double>& b) {
        long double sum = 0;
        for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
        return sum;
    };
    for (int step = 0; step <= 100; ++step) {
        const double k = step / 100.0;
        INFO("K " << k);
        const Square r = filled([&](std::size_t i, std::size_t j) { return dot(z[i], z[j]); });
        const Square inverse =
            inverted(filled([&](std::size_t i, std::size_t j) { return r[i][j] + (i == j ? k : 0.0L); }));
        const Square vif = product(product(inverse, r), inverse);
        const RidgeFit fit = regression.at(k);
        std::vector<long double> left = z[6];
        for (std::size_t j = 0; j < 6; ++j) {
            long double beta = 0;
            for (std::size_t i = 0; i < 6; ++i) beta += inverse[j][i] * dot(z[i], z[6]);
            for (std::size_t i = 0; i < 16; ++i) left[i] -= beta * z[j][i];
            CHECK(std::abs(fit.standardised[j] - static_cast<double>(beta)) < 1e-10);
            CHECK(fit.vif[j] == Approx(static_cast<double>(vif[j][j])).epsilon(1e-10));
        }
        CHECK(fit.r2 == Approx(static_cast<double>(1 - dot(left, left))).epsilon(1e-12));
        // The slope against a difference quotient.
        const double h = 1e-6 * (k + 0.01);
        const auto slopes = regression.slopes(k + 0.001);
        const RidgeFit before = regression.at(k + 0.001 - h), after = regression.at(k + 0.001 + h);
        for (std::size_t j = 0; j < 6; ++j)
            CHECK(slopes[j] ==
                  Approx((after.standardised[j] - before.standardised[j]) / (2 * h)).epsilon(1e-4).margin(1e-7));
    }
}

TEST_CASE("ridge: dependent, constant and exact data", "[ridge]") {
    const std::vector<double> a = {1, 2, 4, 8, 3, 7}, b = {2, 1, 5, 0, 9, 4}, y = {3, 1, 4, 1, 5, 9};
    std::vector<double> sum, line;
    for (std::size_t i = 0; i < 6; ++i) {
        sum.push_back(0.1 * a[i] - 0.3 * b[i] + 7);
        line.push_back(2 * a[i] - 3 * b[i] + 5);
    }
    const std::vector<double> other = {5, 3, 8, 1, 1, 2};
    CHECK(RidgeRegression({a, other, b, sum}, y).dependent() == std::vector<std::size_t>{0, 2, 3});
    CHECK(RidgeRegression({a, b, other}, y).dependent().empty());
    CHECK(constant_column({0.1, 0.1, 0.1}));
    CHECK_FALSE(constant_column({0.1, 0.1, 0.1000000001}));
    const RidgeRegression exact({a, b}, line);
    CHECK(exact.exact());
    CHECK(exact.at(0).coefficients[0] == Approx(2).epsilon(1e-13));
    CHECK(exact.at(0).coefficients[1] == Approx(-3).epsilon(1e-13));
    CHECK(exact.at(0).intercept == Approx(5).epsilon(1e-13));
    CHECK_FALSE(RidgeRegression({a, b}, y).exact());
    // Blocks of rows: many copies of the rows give the same coefficients.
    std::vector<double> many_a, many_b, many_y;
    for (int copy = 0; copy < 1000; ++copy) {
        many_a.insert(many_a.end(), a.begin(), a.end());
        many_b.insert(many_b.end(), b.begin(), b.end());
        many_y.insert(many_y.end(), y.begin(), y.end());
    }
    const RidgeFit few = RidgeRegression({a, b}, y).at(0.1), many = RidgeRegression({many_a, many_b}, many_y).at(0.1);
    CHECK(many.coefficients[0] == Approx(few.coefficients[0]).epsilon(1e-13));
    CHECK(many.vif[1] == Approx(few.vif[1]).epsilon(1e-13));
    CHECK(many.residual_square == Approx(1000 * few.residual_square).epsilon(1e-13));
}

TEST_CASE("tails of t and F as R has them", "[ridge]") {
    // R 4.2.2: 2 * pt(-t, df), pf(f, a, b, lower = FALSE), qt(0.975, 9).
    CHECK(student_t_p(2.5, 7) == Approx(0.0409922185857529).epsilon(1e-13));
    CHECK(student_t_p(-40, 9) == Approx(1.89829984493398e-11).epsilon(1e-12));
    CHECK(student_t_p(0.1, 3) == Approx(0.926652348800806).epsilon(1e-13));
    CHECK(student_t_p(0, 3) == 1);
    CHECK(fisher_f_p(330.285339234588, 6, 9) == Approx(4.98403052872481e-10).epsilon(1e-12));
    CHECK(fisher_f_p(0.5, 3, 10) == Approx(0.690622245533557).epsilon(1e-13));
    CHECK(fisher_f_p(1e4, 2, 50) == Approx(8.34431488550796e-66).epsilon(1e-11));
    CHECK(fisher_f_p(0, 2, 50) == 1);
    CHECK(student_t_bound(0.05, 9) == Approx(2.2621571627982).epsilon(1e-12));
    // Two samples by hand: means 2 and 4, variance (2 + 2) / 4 = 1, t = -2 / sqrt(2 / 3).
    const TwoSampleTest test = two_sample_test({1, 2, 3}, {3, 4, 5});
    CHECK(test.t == Approx(-std::sqrt(6)).epsilon(1e-14));
    CHECK(test.df == 4);
    CHECK(test.p == Approx(student_t_p(std::sqrt(6), 4)).epsilon(1e-14));
    CHECK(two_sample_test({1, 1}, {1, 1}).p == 1);
}
