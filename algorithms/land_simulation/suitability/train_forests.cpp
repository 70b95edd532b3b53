// Land Carbon Toolbox: training of random forests of suitability, by XGBoost.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <xgboost/c_api.h>

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "land_simulation/suitability/training.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

void must(int code) {
    if (code != 0) throw std::runtime_error(std::string("XGBoost: ") + XGBGetLastError());
}

struct FreeMatrix {
    void operator()(void* handle) const { XGDMatrixFree(handle); }
};
struct FreeBooster {
    void operator()(void* handle) const { XGBoosterFree(handle); }
};
using MatrixPtr = std::unique_ptr<void, FreeMatrix>;
using BoosterPtr = std::unique_ptr<void, FreeBooster>;

/// The trees of a booster, from the JSON that it saves itself as; that form is the same from version 1.6 on.
Forest forest_of(BoosterHandle booster) {
    bst_ulong length = 0;
    const char* bytes = nullptr;
    must(XGBoosterSaveModelToBuffer(booster, R"({"format":"json"})", &length, &bytes));
    const auto saved = nlohmann::json::parse(bytes, bytes + length);
    const auto& trees = saved.at("learner").at("gradient_booster").at("model").at("trees");
    Forest forest;
    for (const auto& tree : trees) {
        const auto left = tree.at("left_children").get<std::vector<std::int32_t>>();
        const auto right = tree.at("right_children").get<std::vector<std::int32_t>>();
        const auto feature = tree.at("split_indices").get<std::vector<std::int32_t>>();
        const auto value = tree.at("split_conditions").get<std::vector<float>>();
        // Nodes in the order of a walk, so that children always come after their parents.
        forest.roots.push_back(static_cast<std::int32_t>(forest.nodes.size()));
        const std::function<void(std::size_t)> add = [&](std::size_t n) {
            const std::size_t place = forest.nodes.size();
            forest.nodes.emplace_back();
            if (left[n] < 0) {
                forest.nodes[place].value = value[n];
                return;
            }
            forest.nodes[place].feature = feature[n];
            forest.nodes[place].value = value[n];
            forest.nodes[place].left = static_cast<std::int32_t>(forest.nodes.size());
            add(static_cast<std::size_t>(left[n]));
            forest.nodes[place].right = static_cast<std::int32_t>(forest.nodes.size());
            add(static_cast<std::size_t>(right[n]));
        };
        add(0);
    }
    return forest;
}

}  // namespace

void train_forests(SuitabilityModel& model, const SampleSet& training, const TrainingSettings& settings,
                   const std::function<void(double)>& told) {
    must(XGBSetGlobalConfig(R"({"verbosity":0})"));
    DMatrixHandle handle = nullptr;
    must(XGDMatrixCreateFromMat(training.values.data(), training.size(), training.inputs, -1e30f, &handle));
    const MatrixPtr matrix(handle);
    std::vector<float> gradients(training.size());
    std::vector<float> seconds(training.size(), 1.0f);
    const std::size_t outputs = model.classes.size();
    model.forests.clear();
    for (std::size_t k = 0; k < outputs; ++k) {
        // Squared error from a prediction of 0: the gradient is -1 in the class and 0 elsewhere, and a leaf that
        // minimises it is the share of the class. It is the same for every tree, so none depends on those before it.
        bool any = false;
        for (std::size_t i = 0; i < gradients.size(); ++i) {
            gradients[i] = training.labels[i] == k ? -1.0f : 0.0f;
            any = any || training.labels[i] == k;
        }
        if (!any) {
            // A class without samples: one leaf that says 0.
            model.forests.push_back({{{}}, {0}});
            continue;
        }
        BoosterHandle made = nullptr;
        DMatrixHandle matrices[] = {matrix.get()};
        must(XGBoosterCreate(matrices, 1, &made));
        const BoosterPtr booster(made);
        const std::pair<const char*, std::string> parameters[] = {
            {"booster", "gbtree"},
            {"objective", "reg:squarederror"},
            {"base_score", "0"},
            {"tree_method", "hist"},
            {"max_bin", "256"},
            {"max_depth", std::to_string(settings.tree_depth)},
            {"learning_rate", "1"},
            {"lambda", "0"},
            {"alpha", "0"},
            {"gamma", "0"},
            {"min_child_weight", "1"},
            {"subsample", "0.632"},
            {"colsample_bynode",
             number_text(std::sqrt(static_cast<double>(training.inputs)) / static_cast<double>(training.inputs))},
            {"seed", std::to_string((settings.seed + k) & 0x7fffffff)},
            {"nthread", "1"}};
        for (const auto& [name, value] : parameters) must(XGBoosterSetParam(booster.get(), name, value.c_str()));
        // Tree by tree: a whole forest in one call takes minutes, which nobody could cancel.
        for (int tree = 0; tree < settings.trees; ++tree) {
            told((static_cast<double>(k) + static_cast<double>(tree) / settings.trees) / static_cast<double>(outputs));
            must(
                XGBoosterBoostOneIter(booster.get(), matrix.get(), gradients.data(), seconds.data(), gradients.size()));
        }
        model.forests.push_back(forest_of(booster.get()));
    }
    told(1);
}

}  // namespace landcarbon
