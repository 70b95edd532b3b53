// Land Carbon Toolbox: tests of the tails of Student's t, F and the noncentral F distribution.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/tail_probability.hpp"

#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_f.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "support/catch.hpp"

using namespace landcarbon;
namespace bm = boost::math;

TEST_CASE("tails of t and F are those of Boost and R", "[tail_probability]") {
    for (const double t : {0.0, 0.5, -2.0, 10.0})
        for (const double degrees : {1.0, 3.7, 60.0, 5e7})
            CHECK(std::exp(log_student_tails(t, degrees)) ==
                  Approx(2 * cdf(complement(bm::students_t(degrees), std::abs(t)))).epsilon(1e-10));
    for (const double f : {0.3, 1.0, 4.0})
        CHECK(std::exp(log_f_tail(f, 184, 120.5)) ==
              Approx(cdf(complement(bm::fisher_f(184, 120.5), f))).epsilon(1e-10));
    CHECK(log_f_tail(0, 3, 4) == 0);
    // R 4.2.2: pt(t, df, lower.tail = FALSE, log.p = TRUE) + log(2); the first two are far below the smallest double.
    CHECK(log_student_tails(1e4, 5e7) == Approx(-2.746531610353e7).epsilon(1e-12));
    CHECK(log_student_tails(1e9, 50) == Approx(-50 * std::log(1e9)).epsilon(0.1));
    CHECK(log_student_tails(1e6, 17.3) == Approx(-216.0153088700).epsilon(1e-11));
    CHECK(log_student_tails(10, 17.3) == Approx(-18.1509411614).epsilon(1e-11));
}

TEST_CASE("tails of the noncentral F distribution are those of Boost", "[tail_probability]") {
    const struct {
        double q, strata, n, lambda;
    } cases[] = {{0.386, 5, 185, 0},     {0.386, 5, 185, 0.3}, {0.386, 5, 185, 50}, {0.6, 9, 185, 70},
                 {0.1, 9, 1000, 100},    {0.5, 9, 1000, 900},  {0.001, 2, 50, 3},   {1e-6, 9, 1e8, 20},
                 {1e-5, 5, 1e8, 1000},   {0.01, 5, 1e8, 1e6},  {0.5, 5, 1e8, 1e8},  {0.5, 5, 1e8, 1.001e8},
                 {0.5, 64, 1e8, 9.99e7}, {0.02, 300, 2e9, 4e7}};
    for (const auto& c : cases) {
        const double first = c.strata - 1, second = c.n - c.strata;
        INFO(c.q << ' ' << c.strata << ' ' << c.n << ' ' << c.lambda);
        const double f = second / first * c.q / (1 - c.q);
        const double expected = c.lambda == 0 ? cdf(complement(bm::fisher_f(first, second), f))
                                              : cdf(complement(bm::non_central_f(first, second, c.lambda), f));
        CHECK(std::exp(log_noncentral_f_tail(c.q, first, second, c.lambda)) == Approx(expected).epsilon(1e-6));
    }
}

TEST_CASE("10^8 cells: no overflow, no underflow, no end of patience", "[tail_probability]") {
    // (1 - q)^(second / 2) is the order of magnitude; the largest of the terms Poisson(j) (q second / 2)^j / j! adds
    // exp(2 sqrt(lambda / 2 * q second / 2)).
    CHECK(log_noncentral_f_tail(0.3, 8, 1e8, 100) ==
          Approx(5e7 * std::log(0.7) + 2 * std::sqrt(50 * 1.5e7)).epsilon(1e-5));
    CHECK(log_noncentral_f_tail(0.3, 299, 2e9, 1e4) == Approx(1e9 * std::log(0.7)).epsilon(0.01));
    // Noncentralities that a mean far from 0 brings; beyond what F says.
    CHECK(log_noncentral_f_tail(0.5, 63, 1e9, 1e12) == Approx(0).margin(1e-12));
    CHECK(log_noncentral_f_tail(0.5, 63, 1e9, 1e15) == Approx(0).margin(1e-12));
    CHECK(log_noncentral_f_tail(1, 3, 100, 5) == -std::numeric_limits<double>::infinity());
    CHECK(log_noncentral_f_tail(0, 3, 100, 5) == 0);
    // Just the same where the sum is made of all terms and of some of them.
    const double whole = log_noncentral_f_tail(0.2, 4, 9995, 2400);
    CHECK(std::exp(whole) ==
          Approx(cdf(complement(bm::non_central_f(4, 9995, 2400), 9995 / 4.0 * 0.25))).epsilon(1e-9));
}

TEST_CASE("the noncentrality of a tail is its inverse", "[tail_probability]") {
    for (const double n : {30.0, 185.0, 1e5, 1e8})
        for (const double q : {0.01, 0.386, 0.95})
            for (const double tail : {0.025, 0.5, 0.975}) {
                INFO(n << ' ' << q << ' ' << tail);
                const double noncentrality = noncentrality_of_tail(q, 4, n - 5, tail);
                if (noncentrality == 0)
                    CHECK(std::exp(log_noncentral_f_tail(q, 4, n - 5, 0)) >= tail);
                else
                    CHECK(std::exp(log_noncentral_f_tail(q, 4, n - 5, noncentrality)) == Approx(tail).epsilon(1e-6));
            }
}
