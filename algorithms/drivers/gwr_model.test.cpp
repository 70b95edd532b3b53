// Land Carbon Toolbox: tests of geographically weighted regression against mgwr, GWR4 and cases worked out by hand.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr_model.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "drivers/gwr_reference.test.hpp"
#include "maths/counter_random.hpp"
#include "support/catch.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

GwrModel georgia_model(const Columns& georgia) {
    return GwrModel(std::make_shared<GwrPlaces>(georgia.of("X"), georgia.of("Y"), Distances::plane),
                    georgia.of("PctBach"), georgia.of({"PctRural", "PctPov", "PctBlack"}));
}

GwrWindow window_of(const std::string& kernel, bool fixed, double bandwidth) {
    const std::map<std::string, GwrKernel> kernels = {
        {"bisquare", GwrKernel::bisquare}, {"gaussian", GwrKernel::gaussian}, {"exponential", GwrKernel::exponential}};
    return {kernels.at(kernel), fixed ? BandwidthKind::fixed : BandwidthKind::adaptive, bandwidth};
}

/// To the last digit that the reference prints.
constexpr double printed = 1e-9;

double uniform(std::uint64_t seed, std::uint64_t i) { return random_unit(random_bits(seed, i)); }

}  // namespace

TEST_CASE("GWR: figures of Georgia by all kernels and kinds of bandwidth", "[gwr]") {
    const Columns georgia("georgia.csv"), global("gwr_georgia_global.csv");
    const GwrModel model = georgia_model(georgia);
    for (std::size_t row = 0; row < global.rows(); ++row) {
        const auto window =
            window_of(global.text("kernel", row), global.text("fixed", row) == "True", global.number("bw", row));
        const bool trace = global.text("sigma2_v1", row) == "True";
        INFO(global.text("kernel", row) << " " << window.bandwidth << " " << trace);
        const GwrFigures f = model.fit(window, trace ? GwrSigma::trace : GwrSigma::gwr4, each_in_order).figures;
        CHECK(f.rss == Approx(global.number("RSS", row)).epsilon(printed));
        CHECK(f.trace == Approx(global.number("trS", row)).epsilon(printed));
        CHECK(f.trace_squares == Approx(global.number("trSTS", row)).epsilon(printed));
        CHECK(f.sigma2 == Approx(global.number("sigma2", row)).epsilon(printed));
        CHECK(f.log_likelihood == Approx(global.number("llf", row)).epsilon(printed));
        CHECK(f.aic == Approx(global.number("AIC", row)).epsilon(printed));
        CHECK(f.aicc == Approx(global.number("AICc", row)).epsilon(printed));
        CHECK(f.bic == Approx(global.number("BIC", row)).epsilon(printed));
        CHECK(f.cv == Approx(global.number("CV", row)).epsilon(printed));
        CHECK(f.r2 == Approx(global.number("R2", row)).epsilon(printed));
        CHECK(f.adjusted_r2 == Approx(global.number("adjR2", row)).epsilon(printed));
        CHECK(0.05 * 4 / f.enp == Approx(global.number("adj_alpha05", row)).epsilon(printed));
    }
}

TEST_CASE("GWR: local figures of Georgia", "[gwr]") {
    const Columns georgia("georgia.csv"), local("gwr_georgia_local.csv");
    const GwrModel model = georgia_model(georgia);
    std::map<std::string, GwrFit> fits;
    for (std::size_t row = 0; row < local.rows(); ++row) {
        const auto window =
            window_of(local.text("kernel", row), local.text("fixed", row) == "True", local.number("bw", row));
        const std::string name = local.text("kernel", row) + local.text("bw", row);
        if (!fits.count(name)) fits[name] = model.fit(window, GwrSigma::trace, each_in_order);
        const GwrFit& fit = fits[name];
        const auto i = static_cast<std::size_t>(local.number("row", row));
        const std::vector<std::string> terms = {"intercept", "PctRural", "PctPov", "PctBlack"};
        const auto term =
            static_cast<std::size_t>(std::find(terms.begin(), terms.end(), local.text("term", row)) - terms.begin());
        INFO(name << ", row " << i << ", term " << term);
        CHECK(fit.coefficients[i * 4 + term] == Approx(local.number("coef", row)).epsilon(printed));
        CHECK(fit.errors[i * 4 + term] == Approx(local.number("se", row)).epsilon(printed));
        CHECK(fit.local_r2[i] == Approx(local.number("localR2", row)).epsilon(printed));
        CHECK(fit.influence[i] == Approx(local.number("influ", row)).epsilon(printed));
        CHECK(fit.cooks_d[i] == Approx(local.number("cooksD", row)).epsilon(2 * printed));
        CHECK(fit.standardised[i] == Approx(local.number("std_res", row)).epsilon(printed));
        CHECK(fit.prediction[i] == Approx(local.number("predy", row)).epsilon(printed));
        if (term > 0) CHECK(fit.vif[i * 3 + term - 1] == Approx(local.number("local_vif", row)).epsilon(printed));
        // mgwr weights X with W where least squares weigh it with the root of W: its condition numbers differ.
        CHECK(fit.condition[i] != Approx(local.number("local_cn", row)).epsilon(0.01));
        if (name == "bisquare90" && i == 0) CHECK(fit.condition[i] == Approx(13.62350298).epsilon(printed));
    }
    CHECK(fits.size() == 6);
}

TEST_CASE("GWR: Berlin, and Georgia on the globe", "[gwr]") {
    const Columns berlin("berlin.csv");
    const GwrModel model(std::make_shared<GwrPlaces>(berlin.of("X"), berlin.of("Y"), Distances::plane),
                         standardised(berlin.of("log_price")),
                         {standardised(berlin.of("review_score")), standardised(berlin.of("accommodates")),
                          standardised(berlin.of("bathrooms"))});
    // What mgwr 2.2.1 gives for the file as it stands, its coordinates rounded to mm (AICc 5293.674521 before
    // rounding).
    const GwrFigures f =
        model.fit({GwrKernel::bisquare, BandwidthKind::adaptive, 192}, GwrSigma::trace, each_in_order).figures;
    CHECK(f.rss == Approx(1266.740517).epsilon(printed));
    CHECK(f.trace == Approx(122.1067174).epsilon(printed));
    CHECK(f.trace_squares == Approx(80.44060396).epsilon(printed));
    CHECK(f.aic == Approx(5278.975919).epsilon(printed));
    CHECK(f.aicc == Approx(5293.67448).epsilon(printed));
    CHECK(f.bic == Approx(5980.385717).epsilon(printed));
    CHECK(f.sigma2 == Approx(0.6087484292).epsilon(printed));
    CHECK(f.adjusted_r2 == Approx(0.3912353481).epsilon(printed));

    const Columns georgia("georgia.csv");
    const GwrModel globe(std::make_shared<GwrPlaces>(georgia.of("Longitud"), georgia.of("Latitude"), Distances::globe),
                         georgia.of("PctBach"), georgia.of({"PctRural", "PctPov", "PctBlack"}));
    const GwrFigures adaptive =
        globe.fit({GwrKernel::bisquare, BandwidthKind::adaptive, 90}, GwrSigma::trace, each_in_order).figures;
    CHECK(adaptive.aicc == Approx(896.7020961).epsilon(printed));
    CHECK(adaptive.rss == Approx(2091.783288).epsilon(printed));
    CHECK(adaptive.trace == Approx(14.97055309).epsilon(printed));
    const GwrFigures fixed =
        globe.fit({GwrKernel::bisquare, BandwidthKind::fixed, 200000}, GwrSigma::trace, each_in_order).figures;
    CHECK(fixed.aicc == Approx(895.2063241).epsilon(printed));
    CHECK(fixed.trace == Approx(18.04008302).epsilon(printed));
}

TEST_CASE("GWR: prediction at a new place, Moran's I of the residuals, least squares", "[gwr]") {
    const Columns georgia("georgia.csv");
    const GwrModel model = georgia_model(georgia);
    const GwrWindow window{GwrKernel::bisquare, BandwidthKind::adaptive, 90};
    const auto there = model.at(700000, 3600000, window);
    REQUIRE(there);
    const auto& b = there->coefficients;
    CHECK(b[0] + 50 * b[1] + 20 * b[2] + 30 * b[3] == Approx(12.52730755).epsilon(printed));
    const GwrFit fit = model.fit(window, GwrSigma::trace, each_in_order), global = model.global();
    const auto moran = morans_i(model.places(), fit.residual, 8, each_in_order),
               of_global = morans_i(model.places(), global.residual, 8, each_in_order);
    REQUIRE(moran);
    CHECK(moran->i == Approx(-0.0067671112).epsilon(1e-8));
    CHECK(moran->z == Approx(-0.0117349680).epsilon(1e-6));
    CHECK(of_global->i == Approx(0.0747994445).epsilon(printed));
    CHECK(of_global->z == Approx(2.1736233898).epsilon(printed));
    // A window that holds all with one weight is least squares.
    const GwrFit wide = model.fit({GwrKernel::gaussian, BandwidthKind::fixed, 1e12}, GwrSigma::trace, each_in_order);
    for (std::size_t a = 0; a < 4; ++a) {
        CHECK(wide.coefficients[4 * 77 + a] == Approx(global.coefficients[a]).epsilon(1e-9));
        CHECK(wide.errors[4 * 77 + a] == Approx(global.errors[a]).epsilon(1e-9));
    }
    CHECK(wide.figures.trace == Approx(4).epsilon(1e-9));
    CHECK(wide.figures.aicc == Approx(global.figures.aicc).epsilon(1e-9));
}

TEST_CASE("GWR: the bandwidths of mgwr, or better ones", "[gwr]") {
    const Columns georgia("georgia.csv"), best("gwr_georgia_bandwidths.csv");
    const GwrModel model = georgia_model(georgia);
    const auto all = model.places_to_look_at(5000, 1);
    CHECK(all.size() == 159);
    for (std::size_t row = 0; row < best.rows(); ++row) {
        const auto of = [&](const std::string& text) {
            return text == "AICc"  ? GwrCriterion::aicc
                   : text == "CV"  ? GwrCriterion::cv
                   : text == "AIC" ? GwrCriterion::aic
                                   : GwrCriterion::bic;
        };
        const GwrCriterion criterion = of(best.text("criterion", row));
        GwrWindow window = window_of(best.text("kernel", row), false, 0);
        INFO(best.text("kernel", row) << " " << best.text("criterion", row));
        const auto score = [&](double bandwidth) {
            window.bandwidth = bandwidth;
            return model.score(window, criterion, all, each_in_order);
        };
        const BandwidthSearch search = search_bandwidth(score, true, 46, 159);
        REQUIRE(search.best);
        const double found = score(*search.best).value;
        CHECK(found <= score(best.number("mgwr_adaptive", row)).value);
        if (!best.text("exhaustive_adaptive", row).empty()) {
            CHECK(score(best.number("mgwr_adaptive", row)).value ==
                  Approx(best.number("value_there", row)).epsilon(printed));
            double least = found;
            for (double bandwidth = 46; bandwidth <= 159; ++bandwidth) least = std::min(least, score(bandwidth).value);
            CHECK(least == Approx(best.number("value_there2", row)).epsilon(printed));
            CHECK(found <= least * 1.001);
        }
        // Fixed ones: what mgwr found for the same criterion is no better.
        window.kind = BandwidthKind::fixed;
        const BandwidthSearch fixed = search_bandwidth(score, false, 20000, 600000);
        REQUIRE(fixed.best);
        if (best.number("mgwr_fixed", row) > 20000 && best.number("mgwr_fixed", row) < 600000)
            CHECK(score(*fixed.best).value <= score(best.number("mgwr_fixed", row)).value + 1e-3);
    }
}

TEST_CASE("GWR: four places by hand", "[gwr]") {
    // At 0 with bandwidth 2 of a bisquare the weights of 0, 1 and 2 are 1, 9/16 and 0. Two points tell a line exactly.
    const auto places =
        std::make_shared<GwrPlaces>(std::vector<double>{0, 1, 2, 3}, std::vector<double>{0, 0, 0, 0}, Distances::plane);
    const GwrModel model(places, {1, 3, 4, 8}, {{0, 1, 2, 3}});
    const GwrFit fit = model.fit({GwrKernel::bisquare, BandwidthKind::fixed, 2}, GwrSigma::trace, each_in_order);
    CHECK(fit.coefficients[0] == Approx(1));
    CHECK(fit.coefficients[1] == Approx(2));
    CHECK(fit.influence[0] == Approx(1));
    // At 1: weights 9/16, 1, 9/16; mean of y (9/16 + 3 + 9/4) / (17/8) = 93/34, slope (9/16) (4 - 1) / (9/8) = 1.5.
    CHECK(fit.coefficients[3] == Approx(1.5));
    CHECK(fit.prediction[1] == Approx(93.0 / 34));
    CHECK(fit.influence[1] == Approx(8.0 / 17));
}

TEST_CASE("GWR: windows that tell nothing have no fit, and the search goes on", "[gwr]") {
    std::vector<double> x, y, response, driver, other;
    for (std::uint64_t i = 0; i < 400; ++i) {
        x.push_back(static_cast<double>(i % 20));
        y.push_back(static_cast<double>(i / 20));
        driver.push_back(x.back() < 6 ? 1 : uniform(1, i));  // constant in the west
        other.push_back(uniform(2, i));
        response.push_back(2 * driver.back() + other.back() + 0.1 * uniform(3, i));
    }
    const auto places = std::make_shared<GwrPlaces>(x, y, Distances::plane);
    const GwrModel model(places, response, {driver, other});
    const auto all = model.places_to_look_at(5000, 1);
    const GwrWindow narrow{GwrKernel::bisquare, BandwidthKind::adaptive, 20};
    const GwrScore score = model.score(narrow, GwrCriterion::aicc, all, each_in_order);
    CHECK(std::isinf(score.value));
    CHECK(score.singular > 20);
    const GwrFit fit = model.fit(narrow, GwrSigma::trace, each_in_order);
    CHECK(fit.singular.size() == score.singular);
    CHECK(fit.figures.observations == 400 - score.singular);
    CHECK(std::isnan(fit.coefficients[0]));
    CHECK_FALSE(model.at(0, 0, narrow));
    GwrWindow window = narrow;
    const BandwidthSearch search = search_bandwidth(
        [&](double bandwidth) {
            window.bandwidth = bandwidth;
            return model.score(window, GwrCriterion::aicc, all, each_in_order);
        },
        true, 10, 400);
    REQUIRE(search.best);
    window.bandwidth = *search.best;
    CHECK(model.fit(window, GwrSigma::trace, each_in_order).singular.empty());
    // By ridge they have one: the coefficient that cannot be told is drawn towards zero.
    const GwrModel helped(places, response, {driver, other}, SingularWindow::ridge);
    const GwrFit ridge = helped.fit(narrow, GwrSigma::trace, each_in_order);
    CHECK(ridge.figures.observations == 400);
    CHECK((ridge.singular == fit.singular));
    CHECK(std::isfinite(helped.score(narrow, GwrCriterion::aicc, all, each_in_order).value));
    CHECK(ridge.coefficients[3 * 399 + 1] == fit.coefficients[3 * 399 + 1]);
    CHECK(ridge.prediction[0] == Approx(response[0]).margin(0.5));
}

TEST_CASE("GWR: coincident places, drivers of two values that are rare", "[gwr]") {
    std::vector<double> x, y, response, driver, binary;
    for (std::uint64_t i = 0; i < 300; ++i) {
        x.push_back(i >= 100 && i < 130 ? 7.5 : uniform(1, i) * 20);
        y.push_back(i >= 100 && i < 130 ? 2.5 : uniform(2, i) * 20);
        driver.push_back(uniform(3, i));
        binary.push_back(i % 29 == 0);
        response.push_back(driver.back() + binary.back() + uniform(4, i));
    }
    const auto places = std::make_shared<GwrPlaces>(x, y, Distances::plane);
    const GwrModel model(places, response, {driver, binary});
    const auto at = model.coincident({GwrKernel::bisquare, BandwidthKind::adaptive, 30}, each_in_order);
    REQUIRE(at);
    CHECK(*at >= 100);
    CHECK(*at < 130);
    CHECK_FALSE(model.coincident({GwrKernel::bisquare, BandwidthKind::adaptive, 31}, each_in_order));
    CHECK_FALSE(model.coincident({GwrKernel::bisquare, BandwidthKind::fixed, 1}, each_in_order));
    const GwrFit fit = model.fit({GwrKernel::bisquare, BandwidthKind::adaptive, 100}, GwrSigma::trace, each_in_order);
    CHECK(fit.rare[0] == 0);
    std::size_t rare = 0;
    for (std::size_t i = 0; i < 300; ++i) {
        std::size_t ones = 0;
        for (std::size_t j = 0; j < 300; ++j)
            ones += binary[j] == 1 && std::hypot(x[i] - x[j], y[i] - y[j]) < fit.reach[i];
        rare += ones < 3;
    }
    CHECK(fit.rare[1] == rare);
    CHECK(rare > 0);
}

TEST_CASE("GWR: planted coefficients are found again, with the same bits for any number of threads", "[gwr]") {
    std::vector<double> x, y, response, driver;
    for (std::uint64_t i = 0; i < 3000; ++i) {
        x.push_back(uniform(1, i));
        y.push_back(uniform(2, i));
        driver.push_back(1e6 + uniform(3, i));  // far from zero: no digits may be lost
        const double slope = 1 + 2 * x.back();
        response.push_back(5 + slope * (driver.back() - 1e6) + 0.2 * (uniform(4, i) - 0.5));
    }
    const auto places = std::make_shared<GwrPlaces>(x, y, Distances::plane);
    const GwrModel model(places, response, {driver});
    const GwrWindow window{GwrKernel::bisquare, BandwidthKind::adaptive, 150};
    const GwrFit fit = model.fit(window, GwrSigma::trace, each_in_order);
    double worst = 0;
    for (std::size_t i = 0; i < 3000; ++i)
        worst = std::max(worst, std::abs(fit.coefficients[2 * i + 1] - 1 - 2 * x[i]));
    CHECK(worst < 0.2);
    const Each backwards = [](std::size_t count, const std::function<void(std::size_t)>& work) {
        for (std::size_t i = count; i-- > 0;) work(i);
    };
    const GwrFit again = model.fit(window, GwrSigma::trace, backwards);
    CHECK((again.coefficients == fit.coefficients));
    CHECK(again.figures.aicc == fit.figures.aicc);
    // A part of the places tells nearly what all tell.
    const auto some = model.places_to_look_at(500, 1);
    CHECK(some.size() == 500);
    const double whole = model.score(window, GwrCriterion::aicc, model.places_to_look_at(5000, 1), each_in_order).value;
    CHECK(whole == Approx(fit.figures.aicc).epsilon(1e-12));
    const GwrScore part = model.score(window, GwrCriterion::aicc, some, backwards);
    CHECK(part.rss == Approx(fit.figures.rss).epsilon(0.2));
    CHECK(part.trace == Approx(fit.figures.trace).epsilon(0.1));
}
