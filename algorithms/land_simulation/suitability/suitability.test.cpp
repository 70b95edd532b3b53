// Land Carbon Toolbox: tests of suitability: network, forest, samples, evaluation, model file, runs.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/suitability/suitability.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include "engine/gdal.hpp"
#include "land_simulation/suitability/evaluation.hpp"
#include "land_simulation/suitability/neighbour_shares.hpp"
#include "land_simulation/suitability/samples.hpp"
#include "land_simulation/suitability/training.hpp"
#include "maths/counter_random.hpp"
#include "maths/lbfgs.hpp"
#include "maths/wide.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

double noise(std::uint64_t i) { return random_unit(RandomStream::of(11, 0, 0).bits(i)); }

SuitabilityModel small_model(std::size_t drivers, std::size_t hidden, std::size_t classes) {
    SuitabilityModel model;
    model.method = hidden ? SuitabilityMethod::neural_network : SuitabilityMethod::logistic;
    for (std::size_t k = 0; k < classes; ++k)
        model.classes.push_back({static_cast<std::int64_t>(k * 10) - 5, "Class, \"" + std::to_string(k) + "\""});
    for (std::size_t d = 0; d < drivers; ++d)
        model.drivers.push_back({"driver " + std::to_string(d), static_cast<float>(d), static_cast<float>(d) + 2.5f});
    model.hidden = hidden;
    for (std::size_t i = 0; i < shape_of(model).weights(); ++i) model.weights.push_back(4 * noise(i) - 2);
    return model;
}

SampleSet random_samples(std::size_t n, std::size_t inputs, std::size_t labels) {
    SampleSet samples;
    samples.inputs = inputs;
    for (std::size_t i = 0; i < n * inputs; ++i) samples.values.push_back(static_cast<float>(noise(1000 + i)));
    for (std::size_t i = 0; i < n; ++i)
        samples.labels.push_back(static_cast<std::uint16_t>(noise(900000 + i) * static_cast<double>(labels)));
    return samples;
}

/// A map of three stripes of classes and drivers that tell them apart, with noise.
struct Landscape {
    std::string map, later, across, slope;
    explicit Landscape(const Sandbox& box, int width = 40, int height = 30) {
        RasterRecipe classes, after, first, second;
        for (RasterRecipe* recipe : {&classes, &after, &first, &second}) {
            recipe->width = width;
            recipe->height = height;
            recipe->bands.emplace_back();
        }
        classes.type = after.type = GDT_Int32;
        first.type = second.type = GDT_Float32;
        classes.has_nodata = after.has_nodata = true;
        classes.nodata = after.nodata = 0;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const auto i = static_cast<std::uint64_t>(y * width + x);
                const double place = x + 6 * noise(i) - 3;
                const double code = place < width / 3.0 ? -4 : place < width * 2 / 3.0 ? 11 : 300;
                classes.bands[0].push_back(code);
                // Class 300 grows over class 11 in the south.
                after.bands[0].push_back(code == 11 && y > height / 2 && noise(7000 + i) < 0.5 ? 300 : code);
                first.bands[0].push_back(x * 10.0);
                second.bands[0].push_back(y * 2.0 + noise(5000 + i));
            }
        map = make_raster(box, "map.tif", classes);
        later = make_raster(box, "later.tif", after);
        across = make_raster(box, "across.tif", first);
        slope = make_raster(box, "slope.tif", second);
    }
    std::map<std::string, Value> arguments() const {
        return {{"land_cover", map}, {"drivers", std::vector<std::string>{across, slope}},
                {"samples", "600"},  {"epochs", "40"},
                {"trees", "10"},     {"permutations", "1"}};
    }
};

std::map<std::string, Value> with(std::map<std::string, Value> arguments, const std::map<std::string, Value>& more) {
    for (const auto& [id, value] : more) arguments[id] = value;
    return arguments;
}

}  // namespace

TEST_CASE("gradients of the networks agree with finite differences", "[suitability]") {
    for (const std::size_t hidden : {std::size_t{0}, std::size_t{5}})
        for (const bool softmax : {true, false}) {
            INFO("hidden " << hidden << ", softmax " << softmax);
            const NetworkShape shape{3, hidden, 4, softmax};
            // Without softmax the fifth label is "none of them".
            const SampleSet samples = random_samples(700, 3, softmax ? 4 : 5);
            std::vector<double> weights, gradient;
            for (std::size_t i = 0; i < shape.weights(); ++i) weights.push_back(2 * noise(i) - 1);
            network_loss(shape, samples, 0.01, weights, &gradient);
            double worst = 0, steepest = 0;
            for (std::size_t i = 0; i < weights.size(); ++i) {
                constexpr double h = 1e-5;
                std::vector<double> up = weights, down = weights;
                up[i] += h;
                down[i] -= h;
                const double slope = (network_loss(shape, samples, 0.01, up, nullptr) -
                                      network_loss(shape, samples, 0.01, down, nullptr)) /
                                     (2 * h);
                worst = std::max(worst, std::abs(slope - gradient[i]) / std::max(1e-3, std::abs(slope)));
                steepest = std::max(steepest, std::abs(slope));
            }
            CHECK(worst < 1e-6);
            CHECK(steepest > 1e-2);
        }
}

TEST_CASE("the loss of a network by hand", "[suitability]") {
    // One input of 1, two outputs, no hidden layer: sums 0.5 + 1 and -1 + 2 * 1.
    SampleSet samples{1, {1}, {0}};
    const std::vector<double> weights = {0.5, 1, -1, 2};
    CHECK(network_loss({1, 0, 2, true}, samples, 0, weights, nullptr) ==
          Approx(std::log(std::exp(1.5) + std::exp(1)) - 1.5));
    CHECK(network_loss({1, 0, 2, false}, samples, 0, weights, nullptr) ==
          Approx(std::log(1 + std::exp(-1.5)) + std::log(1 + std::exp(1))));
    // Biases do not decay.
    CHECK(network_loss({1, 0, 2, true}, samples, 2, weights, nullptr) -
              network_loss({1, 0, 2, true}, samples, 0, weights, nullptr) ==
          Approx(5));
}

TEST_CASE("the optimiser finds the bottom of Rosenbrock's valley", "[suitability]") {
    std::vector<double> x = {-1.2, 1};
    const int steps = minimise_lbfgs(
        x, 200,
        [](const std::vector<double>& p, std::vector<double>& g) {
            const double a = 1 - p[0], b = p[1] - p[0] * p[0];
            g = {-2 * a - 400 * b * p[0], 200 * b};
            return a * a + 100 * b * b;
        },
        [](int, double, const std::vector<double>&) { return true; });
    CHECK(steps < 100);
    CHECK(x[0] == Approx(1).epsilon(1e-6));
    CHECK(x[1] == Approx(1).epsilon(1e-6));
}

TEST_CASE("a network applied to cells by hand, the same bits at any width", "[suitability]") {
    SuitabilityModel model = small_model(2, 3, 4);
    const std::size_t cells = 150;
    std::vector<float> a, b;
    for (std::size_t i = 0; i < cells; ++i) {
        a.push_back(static_cast<float>(4 * noise(i) - 1));
        b.push_back(static_cast<float>(5 * noise(500 + i)));
    }
    a[7] = std::numeric_limits<float>::quiet_NaN();
    b[100] = std::numeric_limits<float>::infinity();
    const float* drivers[] = {a.data(), b.data()};
    std::vector<std::vector<float>> first;
    for (const VectorWidth width : {VectorWidth::baseline, VectorWidth::avx2, VectorWidth::avx512}) {
        const VectorWidth before = vector_width();
        set_vector_width(width);
        std::vector<std::vector<float>> results(4, std::vector<float>(cells));
        std::vector<float*> outputs;
        for (auto& band : results) outputs.push_back(band.data());
        const SuitabilityPredictor predictor(model);
        predictor(drivers, nullptr, cells, outputs.data());
        set_vector_width(before);
        for (std::size_t i = 0; i < cells; ++i) {
            if (i == 7 || i == 100) {
                for (const auto& band : results) CHECK(std::isnan(band[i]));
                continue;
            }
            // The formula in double precision.
            const double x[] = {std::clamp(static_cast<double>(a[i]) / 2.5, 0.0, 1.0),
                                std::clamp((static_cast<double>(b[i]) - 1) / 2.5, 0.0, 1.0)};
            const double* w = model.weights.data();
            double h[3], z[4], sum = 0, all = 0;
            for (double& neuron : h) {
                neuron = 1 / (1 + std::exp(-(w[0] + w[1] * x[0] + w[2] * x[1])));
                w += 3;
            }
            for (double& output : z) {
                output = std::exp(w[0] + w[1] * h[0] + w[2] * h[1] + w[3] * h[2]);
                sum += output;
                w += 4;
            }
            for (std::size_t k = 0; k < 4; ++k) {
                CHECK(std::abs(static_cast<double>(results[k][i]) - z[k] / sum) < 2e-6);
                all += static_cast<double>(results[k][i]);
            }
            CHECK(std::abs(all - 1) < 1e-6);
        }
        if (first.empty()) first = results;
        for (std::size_t k = 0; k < 4; ++k)
            CHECK(std::memcmp(first[k].data(), results[k].data(), cells * sizeof(float)) == 0);
    }
}

TEST_CASE("a forest is the mean of its trees", "[suitability]") {
    SuitabilityModel model = small_model(1, 0, 1);
    model.method = SuitabilityMethod::random_forest;
    model.expansion = true;  // growth of each class by itself
    model.weights.clear();
    // x < 0.5 ? 0.2 : (x < 0.75 ? 0.6 : 1), and 0.4 everywhere; the driver is scaled from 0..2.5.
    model.forests = {{{{0, 0.5f, 1, 2}, {-1, 0.2f}, {0, 0.75f, 3, 4}, {-1, 0.6f}, {-1, 1}, {-1, 0.4f}}, {0, 5}}};
    const std::vector<float> x = {0, 1.25f, 2, 9, std::numeric_limits<float>::quiet_NaN()};
    std::vector<float> y(5);
    const float* drivers[] = {x.data()};
    float* outputs[] = {y.data()};
    const SuitabilityPredictor predictor(model);
    predictor(drivers, nullptr, 5, outputs);
    CHECK(y[0] == Approx(0.3f));
    CHECK(y[1] == Approx(0.5f));
    CHECK(y[2] == Approx(0.7f));
    CHECK(y[3] == Approx(0.7f));
    CHECK(std::isnan(y[4]));
}

TEST_CASE("what forests say of the classes of a cell sums to 1", "[suitability]") {
    SuitabilityModel model = small_model(1, 0, 2);
    model.method = SuitabilityMethod::random_forest;
    model.weights.clear();
    // The driver is scaled from 0..2.5. Class 0: x < 0.5 ? 0.2 : 0; class 1: x < 0.5 ? 0.6 : 0.
    model.forests = {{{{0, 0.5f, 1, 2}, {-1, 0.2f}, {-1, 0}}, {0}}, {{{0, 0.5f, 1, 2}, {-1, 0.6f}, {-1, 0}}, {0}}};
    const std::vector<float> x = {0, 2};
    std::vector<float> first(2), second(2);
    const float* drivers[] = {x.data()};
    float* outputs[] = {first.data(), second.data()};
    const SuitabilityPredictor predictor(model);
    predictor(drivers, nullptr, 2, outputs);
    CHECK(first[0] == Approx(0.25f));
    CHECK(second[0] == Approx(0.75f));
    // No tree knows anything: all classes alike.
    CHECK(first[1] == 0.5f);
    CHECK(second[1] == 0.5f);
}

TEST_CASE("drivers that single precision cannot scale", "[suitability]") {
    CHECK(can_be_scaled(0, 0));
    CHECK(can_be_scaled(-1e38f, 1e38f));
    CHECK_FALSE(can_be_scaled(-3.4e38f, 3.4e38f));
    CHECK_FALSE(can_be_scaled(0, 1e-44f));
    // Numbers that are none end a search for equal ones as well.
    const float none = std::numeric_limits<float>::quiet_NaN();
    CHECK(area_under_roc({none, none}, {true, false}));
}

TEST_CASE("trained forests say shares of classes", "[suitability]") {
    // Below 0.5 one in four is of class 0, above three in four.
    SampleSet samples;
    samples.inputs = 1;
    for (int i = 0; i < 4000; ++i) {
        samples.values.push_back(static_cast<float>(noise(static_cast<std::uint64_t>(i))));
        const bool high = samples.values.back() >= 0.5f;
        samples.labels.push_back(noise(40000 + static_cast<std::uint64_t>(i)) < (high ? 0.75 : 0.25) ? 0 : 1);
    }
    SuitabilityModel model = small_model(1, 0, 3);
    model.method = SuitabilityMethod::random_forest;
    model.drivers[0] = {"x", 0, 1};
    TrainingSettings settings;
    settings.trees = 20;
    settings.tree_depth = 2;
    train_forests(model, samples, settings, [](double) {});
    SampleSet two{1, {0.25f, 0.8f}, {0, 0}};
    const auto said = predictions(model, two);
    CHECK(std::abs(said[0] - 0.25f) < 0.05f);
    CHECK(std::abs(said[3] - 0.75f) < 0.05f);
    CHECK(std::abs(said[1] - 0.75f) < 0.05f);
    CHECK(said[2] == 0);  // no sample has class 2
    const std::string text = write_model(model);
    train_forests(model, samples, settings, [](double) {});
    CHECK(write_model(model) == text);
    settings.seed = 2;
    train_forests(model, samples, settings, [](double) {});
    CHECK(write_model(model) != text);
    // The caller is asked before each tree of the two classes that have samples, and may stop there.
    int asked = 0;
    CHECK_THROWS_AS(train_forests(model, samples, settings,
                                  [&](double share) {
                                      CHECK(share == Approx(asked / 60.0));
                                      if (++asked == 5) throw std::runtime_error("stop");
                                  }),
                    std::runtime_error);
    CHECK(asked == 5);
}

TEST_CASE("area under the ROC by hand", "[suitability]") {
    Roc roc;
    // Pairs in order: (.9 > .8), (.9 > .1), (.4 < .8), (.4 > .1): 3 of 4.
    CHECK(*area_under_roc({.9f, .8f, .4f, .1f}, {true, false, true, false}, &roc) == 0.75);
    CHECK(roc.true_rate == std::vector<double>{0, .5, .5, 1, 1});
    CHECK(roc.false_rate == std::vector<double>{0, 0, .5, .5, 1});
    CHECK(*area_under_roc({1, 1, 1}, {true, false, true}) == 0.5);
    CHECK(*area_under_roc({1, 2, 2, 3}, {false, false, true, true}) == 0.875);
    CHECK_FALSE(area_under_roc({1, 2}, {true, true}));
    CHECK_FALSE(area_under_roc({}, {}));
}

TEST_CASE("quotas of samples", "[suitability]") {
    CHECK(sample_quotas({100, 100}, {.5, .5}, 50) == std::vector<std::int64_t>{25, 25});
    CHECK(sample_quotas({3, 100, 0}, {.5, .5, 0}, 50) == std::vector<std::int64_t>{3, 47, 0});
    CHECK(sample_quotas({3, 4}, {.5, .5}, 50) == std::vector<std::int64_t>{3, 4});
    CHECK(sample_quotas({1, 999999}, {1e-6, 1 - 1e-6}, 1000) == std::vector<std::int64_t>{1, 999});
}

TEST_CASE("the choice of samples does not depend on the order of cells", "[suitability]") {
    const RandomStream random = RandomStream::of(3, 0, 1);
    const auto run = [&](bool backwards, bool split) {
        SampleChoice a({5, 40}, 1), b({5, 40}, 1);
        for (std::uint64_t n = 0; n < 3000; ++n) {
            const std::uint64_t i = backwards ? 2999 - n : n;
            (split && n % 3 == 0 ? b : a).offer(i % 2, random.bits(i), 0, [&](std::size_t) { return float(i); });
        }
        a.merge(b);
        std::vector<float> cells;
        for (const auto& cell : a.chosen()) cells.push_back(cell.values[0]);
        return cells;
    };
    const auto cells = run(false, false);
    CHECK(cells.size() == 45);
    CHECK(run(true, false) == cells);
    CHECK(run(false, true) == cells);
    CHECK(run(true, true) == cells);
}

TEST_CASE("model files are read as they were written, and strictly", "[suitability]") {
    SuitabilityModel network = small_model(2, 3, 2);
    network.present_class = true;
    network.expansion = true;
    network.weights.clear();
    for (std::size_t i = 0; i < shape_of(network).weights(); ++i) network.weights.push_back(noise(i) * 1e-3);
    SuitabilityModel forest = small_model(2, 0, 1);
    forest.method = SuitabilityMethod::random_forest;
    forest.weights.clear();
    forest.forests = {{{{1, 0.5f, 1, 2}, {-1, 0.25f}, {-1, 1}, {-1, 0}}, {0, 3}}};
    for (const SuitabilityModel& model : {network, forest, small_model(3, 0, 2)}) {
        const std::string text = write_model(model);
        CHECK(write_model(read_model(text, "m.txt")) == text);
    }
    const std::string text = write_model(network);
    const auto refused = [&](const std::string& from, const std::string& to) {
        std::string changed = text;
        changed.replace(changed.find(from), from.size(), to);
        try {
            read_model(changed, "m.txt");
        } catch (const UserError& error) {
            CHECK(error.parameter() == "trained_model");
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(refused("MODEL 1", "MODEL 2") ==
          "TRAINED_MODEL: m.txt: line 1: the file is of version 2, this program reads version 1");
    CHECK_THAT(refused("LANDCARBON", "LAND"),
               ContainsSubstring("line 1: \"LANDCARBON SUITABILITY MODEL\" is expected"));
    CHECK_THAT(refused("neural_network", "magic"), ContainsSubstring("line 2: \"magic\" is no method"));
    CHECK_THAT(refused("expansion yes", "expansion maybe"),
               ContainsSubstring("line 3: \"maybe\" is neither yes nor no"));
    CHECK_THAT(refused("class 5", "class -5"), ContainsSubstring("line 8: class -5 does not come after class -5"));
    CHECK_THAT(refused("driver 0 2.5", "driver 0 -2.5"), ContainsSubstring("line 10: the range of the driver"));
    CHECK_THAT(refused("hidden 3", "hidden 4"), ContainsSubstring("\"weight\" is expected, but \"end\" was found"));
    CHECK_THAT(refused("weight ", "weight x"), ContainsSubstring("is not a number"));
    CHECK_THAT(refused("end\n", ""), ContainsSubstring("the file ends where \"end\" should stand"));
    CHECK_THAT(refused("end\n", "end\nmore\n"), ContainsSubstring("nothing may follow the end"));
    std::string loop = write_model(forest);
    loop.replace(loop.find("node 1 0.5 1 2"), 14, "node 1 0.5 0 2");
    CHECK_THROWS_WITH(read_model(loop, "f"), ContainsSubstring("line 13: \"0\" is not a whole number from 1 to 2"));
}

TEST_CASE("classes that drivers tell apart are learned by all methods", "[suitability]") {
    const Sandbox box;
    const Landscape land(box);
    for (const char* method : {"neural_network", "random_forest", "logistic"}) {
        INFO(method);
        const std::string name = method;
        const auto r = run_algorithm("suitability", with(land.arguments(), {{"method", name},
                                                                            {"suitability", box.path(name + ".tif")},
                                                                            {"contributions", box.path(name + "c.csv")},
                                                                            {"accuracy", box.path(name + "a.csv")},
                                                                            {"model", box.path(name + ".txt")},
                                                                            {"report", box.path(name + ".html")}}));
        CHECK(number(r, "training_samples") == 420);
        CHECK(number(r, "test_samples") == 180);
        CHECK(number(r, "test_accuracy") > 0.85);
        CHECK(number(r, "mean_auc") > 0.95);
        // The position across tells everything, the other driver nothing.
        const auto fall = [&](const char* code, const char* driver) {
            return std::stod(csv_cell(box.path(name + "c.csv"), {{"class", code}, {"driver", driver}}, "auc_fall"));
        };
        CHECK(fall("-4", "across") > 0.2);
        CHECK(std::abs(fall("-4", "slope")) < 0.05);
        const auto first = read_raster(box.path(name + ".tif"), 1), second = read_raster(box.path(name + ".tif"), 2),
                   third = read_raster(box.path(name + ".tif"), 3);
        CHECK(first[0] > 0.9);
        CHECK(third[39] > 0.85);
        if (name != "random_forest")
            for (std::size_t i = 0; i < first.size(); ++i)
                CHECK(first[i] + second[i] + third[i] == Approx(1).epsilon(1e-5));
        const DatasetPtr file(GDALOpen(box.path(name + ".tif").c_str(), GA_ReadOnly));
        const GDALRasterBandH band = GDALGetRasterBand(file.get(), 3);
        CHECK(std::string(GDALGetMetadataItem(band, "LANDCARBON_CLASS", nullptr)) == "300");
        CHECK(std::string(GDALGetDescription(band)) == "Class 300");
        // The model given back gives the same map.
        run_algorithm("suitability", with(land.arguments(), {{"trained_model", box.path(name + ".txt")},
                                                             {"suitability", box.path(name + "2.tif")},
                                                             {"report", box.path(name + "2.html")}}));
        CHECK(read_raster(box.path(name + "2.tif"), 2) == second);
    }
}

TEST_CASE("growth is learned from two maps, with and without the present class", "[suitability]") {
    const Sandbox box;
    const Landscape land(box);
    for (const bool own : {false, true})
        for (const char* method : {"neural_network", "random_forest", "logistic"}) {
            INFO(method << ", present class " << own);
            const std::string name = method + std::string(own ? "1" : "0");
            const auto r =
                run_algorithm("suitability", with(land.arguments(), {{"method", std::string(method)},
                                                                     {"later_land_cover", land.later},
                                                                     {"present_class", own},
                                                                     {"accuracy", box.path(name + ".csv")},
                                                                     {"report", box.path(name + ".html")},
                                                                     {"suitability", box.path(name + ".tif")}}));
            CHECK(r.count("test_accuracy") == 0);
            // Only class 300 grows; its AUC is the mean.
            CHECK(number(r, "mean_auc") > (own ? 0.85 : 0.7));
            CHECK(csv_cell(box.path(name + ".csv"), {{"class", "11"}}, "auc").empty());
            const auto grows = read_raster(box.path(name + ".tif"), 3), gone = read_raster(box.path(name + ".tif"), 2);
            // Where class 11 still lies it grows in the south more than in the north.
            const auto after = read_raster(land.later);
            double south = 0, north = 0, in_south = 0, in_north = 0;
            for (std::size_t i = 0; i < after.size(); ++i) {
                if (after[i] != 11) continue;
                const bool below = i / 40 > 15;
                (below ? south : north) += grows[i];
                (below ? in_south : in_north) += 1;
            }
            CHECK(south / in_south > north / in_north + 0.2);
            CHECK(gone[29 * 40 + 20] < 0.05);
            CHECK(read_text(box.path(name + ".html")).find("nothing grows of class -4") != std::string::npos);
        }
    std::filesystem::copy_file(land.map, box.path("unchanged.tif"));
    CHECK_THAT(error_of("suitability", with(land.arguments(), {{"later_land_cover", box.path("unchanged.tif")}})),
               ContainsSubstring("LATER_LAND_COVER: no cell changes its class"));
    CHECK_THAT(error_of("suitability", with(land.arguments(), {{"present_class", true}})),
               ContainsSubstring("PRESENT_CLASS:"));
}

TEST_CASE("the seed decides, and nothing else", "[suitability]") {
    const Sandbox box;
    const Landscape land(box);
    const auto run = [&](const std::string& name, const std::map<std::string, Value>& more) {
        run_algorithm("suitability", with(with(land.arguments(), {{"model", box.path(name)}}), more));
        return read_text(box.path(name));
    };
    const std::string one = run("a", {});
    CHECK(run("b", {{"threads", std::int64_t{3}}}) == one);
    CHECK(run("c", {{"seed", "2"}}) != one);
}

TEST_CASE("holes, constant drivers, a class of one cell, more samples than cells", "[suitability]") {
    const Sandbox box;
    RasterRecipe map, driver, flat;
    map.width = driver.width = flat.width = 8;
    map.height = driver.height = flat.height = 5;
    driver.type = flat.type = GDT_Float32;
    map.bands.emplace_back();
    driver.bands.emplace_back();
    flat.bands.emplace_back();
    for (int i = 0; i < 40; ++i) {
        map.bands[0].push_back(i == 13 ? 3 : 1 + i % 2);
        driver.bands[0].push_back(i == 5 ? std::numeric_limits<double>::quiet_NaN()
                                         : i % 2 + 0.1 * noise(std::uint64_t(i)));
        flat.bands[0].push_back(7);
    }
    const std::string m = make_raster(box, "m.tif", map), d = make_raster(box, "d.tif", driver),
                      f = make_raster(box, "f.tif", flat);
    for (const char* method : {"neural_network", "random_forest", "logistic"}) {
        INFO(method);
        const std::string name = method;
        const auto r = run_algorithm("suitability", {{"land_cover", m},
                                                     {"drivers", std::vector<std::string>{d, f}},
                                                     {"method", name},
                                                     {"epochs", "30"},
                                                     {"suitability", box.path(name + ".tif")},
                                                     {"report", box.path(name + ".html")}});
        CHECK(number(r, "training_samples") + number(r, "test_samples") == 39);
        const auto band = read_raster(box.path(name + ".tif"));
        for (std::size_t i = 0; i < band.size(); ++i) CHECK(std::isnan(band[i]) == (i == 5));
        const std::string report = read_text(box.path(name + ".html"));
        CHECK(report.find("driver f is constant (7)") != std::string::npos);
        CHECK(report.find("1 cells with a class lack a value") != std::string::npos);
        CHECK(report.find("too few cells to hold any out: Class 3") != std::string::npos);
    }
    // One class only: nothing to tell apart.
    const std::string one = make_classes(box, "one.tif", 8, std::vector<double>(40, 4));
    const auto r = run_algorithm("suitability", {{"land_cover", one},
                                                 {"drivers", std::vector<std::string>{d}},
                                                 {"suitability", box.path("one_s.tif")},
                                                 {"report", box.path("one.html")}});
    CHECK(r.count("mean_auc") == 0);
    CHECK(read_raster(box.path("one_s.tif"))[0] == 1);
    // All samples are learned from.
    const auto all = run_algorithm(
        "suitability",
        {{"land_cover", m}, {"drivers", std::vector<std::string>{d}}, {"test_share", "0"}, {"epochs", "5"}});
    CHECK(number(all, "test_samples") == 0);
    CHECK(all.count("test_accuracy") == 0);
    CHECK(number(all, "mean_auc") > 0.5);
    const std::string nothing = box.path("nothing.tif");
    RasterRecipe empty = driver;
    empty.bands[0].assign(40, std::numeric_limits<double>::quiet_NaN());
    CHECK_THAT(error_of("suitability", {{"land_cover", m},
                                        {"drivers", std::vector<std::string>{make_raster(box, "nothing.tif", empty)}}}),
               ContainsSubstring("DRIVERS: no cell with a class has a value of every driver"));
}

TEST_CASE("200 classes are handled, 300 refused", "[suitability]") {
    const Sandbox box;
    RasterRecipe map, driver;
    map.width = driver.width = 40;
    map.height = driver.height = 30;
    map.type = GDT_Int32;
    driver.type = GDT_Float32;
    map.bands.emplace_back();
    driver.bands.emplace_back();
    for (int i = 0; i < 1200; ++i) {
        map.bands[0].push_back(i % 200);
        driver.bands[0].push_back(i % 200 + noise(std::uint64_t(i)));
    }
    const std::string d = make_raster(box, "d.tif", driver);
    for (const char* method : {"neural_network", "random_forest"}) {
        const auto r = run_algorithm("suitability", {{"land_cover", make_raster(box, "m.tif", map)},
                                                     {"drivers", std::vector<std::string>{d}},
                                                     {"method", std::string(method)},
                                                     {"epochs", "20"},
                                                     {"trees", "2"},
                                                     {"permutations", "0"},
                                                     {"suitability", box.path(std::string(method) + ".tif")},
                                                     {"report", box.path(std::string(method) + ".html")}});
        CHECK(number(r, "mean_auc") > 0.8);
        CHECK_FALSE(std::isnan(read_raster(box.path(std::string(method) + ".tif"), 200)[0]));
    }
    for (std::size_t i = 0; i < 1200; ++i) map.bands[0][i] = static_cast<double>(i % 300);
    CHECK_THAT(error_of("suitability",
                        {{"land_cover", make_raster(box, "m3.tif", map)}, {"drivers", std::vector<std::string>{d}}}),
               ContainsSubstring("LAND_COVER: there are 300 classes; suitability is worked out for at most 255"));
}

TEST_CASE("models of other drivers, classes or kinds are refused", "[suitability]") {
    const Sandbox box;
    const Landscape land(box);
    run_algorithm("suitability", with(land.arguments(), {{"model", box.path("m.txt")}}));
    const auto refused = [&](std::map<std::string, Value> more) {
        more["trained_model"] = box.path("m.txt");
        return error_of("suitability", with(land.arguments(), more));
    };
    CHECK_THAT(
        refused({{"drivers", std::vector<std::string>{land.across}}}),
        ContainsSubstring("DRIVERS: there are 1 (across), but") && ContainsSubstring("trained with 2 (across, slope)"));
    CHECK_THAT(refused({{"later_land_cover", land.later}}), ContainsSubstring("was trained on one map"));
    const std::string other = make_classes(box, "other.tif", 40, std::vector<double>(1200, 77));
    CHECK_THAT(refused({{"land_cover", other}}), ContainsSubstring("does not know the classes 77 of the maps"));
    CHECK_THAT(error_of("suitability", with(land.arguments(), {{"trained_model", box.text("bad.txt", "hello\n")}})),
               ContainsSubstring("bad.txt: line 1"));
    CHECK_THROWS_AS(run_algorithm("suitability", with(land.arguments(), {{"trained_model", box.path("none.txt")}})),
                    Error);
    // Other names and a wider range are told.
    run_algorithm("suitability", with(land.arguments(), {{"trained_model", box.path("m.txt")},
                                                         {"drivers", std::vector<std::string>{land.slope, land.across}},
                                                         {"report", box.path("r.html")}}));
    const std::string report = read_text(box.path("r.html"));
    CHECK(report.find("the drivers are slope, across;") != std::string::npos);
    CHECK(report.find("beyond what the model was trained on") != std::string::npos);
}

TEST_CASE("shares among neighbours by hand, whatever the blocks", "[suitability]") {
    NeighbourShares map(4, 3);
    const std::vector<std::uint16_t> slots = {1, 1, 2, 0, 1, 2, 2, 0, 1, 1, 1, 2};
    map.fill({0, 0, 4, 1}, slots.data());
    map.fill({0, 1, 4, 2}, slots.data() + 4);
    std::vector<std::vector<float>> shares;
    map.shares({0, 0, 4, 3}, {1, 5}, {1, 2}, shares);
    REQUIRE(shares.size() == 4);
    // Upper left: neighbours 1, 1, 2. Second of the second row: 1 1 2 / 1 . 2 / 1 1 1.
    CHECK(shares[0][0] == Approx(2.0 / 3));
    CHECK(shares[1][0] == Approx(1.0 / 3));
    CHECK(shares[0][5] == Approx(6.0 / 8));
    // Upper right, without a class: neighbours 2 and 2.
    CHECK(shares[0][3] == 0);
    CHECK(shares[1][3] == 1);
    // The whole map without the cell: of ten cells six are 1 and four are 2.
    CHECK(shares[2][0] == Approx(5.0 / 9));
    CHECK(shares[3][5] == Approx(3.0 / 9));
    std::vector<std::vector<float>> part;
    map.shares({1, 1, 2, 2}, {1, 5}, {1, 2}, part);
    const std::size_t places[][2] = {{0, 5}, {1, 6}, {2, 9}, {3, 10}};
    for (std::size_t band = 0; band < 4; ++band)
        for (const auto& [cell, whole] : places) CHECK(part[band][cell] == shares[band][whole]);
    CHECK_THROWS_WITH(read_distances("1,0"), ContainsSubstring("NEIGHBOURHOODS: \"0\""));
    CHECK_THROWS_WITH(read_distances("3,1"), ContainsSubstring("NEIGHBOURHOODS: 1 does not come after 3"));
}

TEST_CASE("neighbourhoods are drivers, and the model knows them", "[suitability]") {
    const Sandbox box;
    const Landscape land(box);
    const auto with_growth = with(land.arguments(), {{"later_land_cover", land.later},
                                                     {"neighbourhoods", "1,4"},
                                                     {"suitability", box.path("a.tif")},
                                                     {"contributions", box.path("c.csv")},
                                                     {"model", box.path("m.txt")},
                                                     {"report", box.path("r.html")}});
    run_algorithm("suitability", with_growth);
    CHECK_FALSE(csv_cell(box.path("c.csv"), {{"class", "300"}, {"driver", "Class 11 within 4"}}, "auc_fall").empty());
    run_algorithm("suitability", with(land.arguments(), {{"later_land_cover", land.later},
                                                         {"trained_model", box.path("m.txt")},
                                                         {"suitability", box.path("b.tif")}}));
    CHECK(read_raster(box.path("a.tif"), 3) == read_raster(box.path("b.tif"), 3));
    CHECK_THAT(error_of("suitability", with(land.arguments(), {{"later_land_cover", land.later},
                                                               {"neighbourhoods", "1"},
                                                               {"trained_model", box.path("m.txt")}})),
               ContainsSubstring("the trained model says itself"));
}
