// Land Carbon Toolbox: a trained model of suitability, how it is applied to cells, and its file.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace landcarbon {

enum class SuitabilityMethod { neural_network, random_forest, logistic };

/// A forest of regression trees: the mean of what its trees say.
struct Forest {
    struct Node {
        std::int32_t feature = -1;  ///< -1: a leaf
        float value = 0;            ///< of a leaf; else smaller inputs go left
        std::int32_t left = 0, right = 0;
    };
    std::vector<Node> nodes = {};
    std::vector<std::int32_t> roots = {};  ///< first node of each tree
};

/// What is needed to say how suitable a cell is for each class.
struct SuitabilityModel {
    struct Class {
        std::int64_t code = 0;
        std::string name = {};
    };
    struct Driver {
        std::string name = {};
        float low = 0, high = 0;  ///< among all cells that it was trained on
    };
    SuitabilityMethod method = SuitabilityMethod::neural_network;
    bool expansion = false;            ///< of growth of each class instead of its presence: outputs do not sum to 1
    bool present_class = false;        ///< the class of the cell is an input too
    std::vector<int> distances = {};   ///< at which shares of classes among the neighbours are inputs as well
    std::vector<Class> classes = {};   ///< ascending
    std::vector<Driver> drivers = {};  ///< measured ones first, then the shares: distances x classes
    std::size_t hidden = 0;            ///< neurons; 0 without a hidden layer
    std::vector<double> weights = {};  ///< see NetworkShape
    std::vector<Forest> forests = {};  ///< one a class

    std::size_t shares() const { return distances.size() * classes.size(); }
    std::size_t measured() const { return drivers.size() - shares(); }
    std::size_t inputs() const { return drivers.size() + (present_class ? classes.size() : 0); }
};

/// The weights of a network in order: for each hidden neuron its bias and its weights of the inputs, then for each
/// output its bias and its weights of the hidden neurons (of the inputs where there are none).
struct NetworkShape {
    std::size_t inputs = 0, hidden = 0, outputs = 0;
    bool softmax = true;  ///< outputs sum to 1; else each is a probability of its own
    std::size_t weights() const {
        return hidden ? hidden * (inputs + 1) + outputs * (hidden + 1) : outputs * (inputs + 1);
    }
};
NetworkShape shape_of(const SuitabilityModel& model);

/// Whether values from `low` to `high` can be scaled to 0..1 in single precision: their distance is neither too large
/// nor, other than 0, too small to divide by.
bool can_be_scaled(float low, float high);

/// Applies a model to many cells at once. Immutable: threads may share it. Hidden neurons are sigmoids. All arithmetic
/// is in single precision without contraction, so that it gives the same bits on every machine; exponentials are within
/// 1.2e-7 of the true ones.
class SuitabilityPredictor {
public:
    explicit SuitabilityPredictor(const SuitabilityModel& model);
    /// @param drivers one pointer a driver, as measured; they are scaled to 0..1 by the range of training, and values
    ///        beyond it count as its ends
    /// @param classes position of each cell's class among the model's; only for models that ask for it, else nullptr
    /// @param outputs one pointer a class; NaN where a driver is NaN. They sum to 1 but for models of growth.
    void operator()(const float* const* drivers, const std::uint16_t* classes, std::size_t cells,
                    float* const* outputs) const;
    /// Scales one value of driver `d`.
    float scaled(std::size_t d, float value) const;

private:
    void apply_network(const float* scaled, float* results) const;
    void apply_forests(const float* scaled, std::size_t cells, float* results) const;
    const SuitabilityModel& model_;
    NetworkShape shape_;
    std::vector<float> low_, inverse_;
    std::vector<float> weights_;
};

/// The model as text, versioned, one statement a line. The same model gives the same bytes.
std::string write_model(const SuitabilityModel& model);
/// Reads what write_model has written.
/// @param name of the file, for messages
/// @throws UserError naming TRAINED_MODEL, the file and the line
SuitabilityModel read_model(const std::string& text, const std::string& name);

}  // namespace landcarbon
