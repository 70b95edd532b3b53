// Land Carbon Toolbox: the file of a trained model of suitability.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>
#include <limits>
#include <optional>

#include "land_simulation/suitability/suitability_model.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

constexpr std::int64_t version = 1;
constexpr std::string_view title = "LANDCARBON SUITABILITY MODEL";
const char* const methods[] = {"neural_network", "random_forest", "logistic"};

std::string number_of(float value) { return number_text(static_cast<double>(value)); }

/// A name on one line.
std::string on_one_line(const std::string& text) {
    std::string line;
    for (const char c : text) line += static_cast<unsigned char>(c) < 32 ? ' ' : c;
    return line;
}

/// Reads statements line by line; every fault names its line.
class Reader {
public:
    Reader(const std::string& text, const std::string& name) : text_(text), name_(name) {}

    [[noreturn]] void reject(const std::string& reason) const {
        throw wrong("trained_model", name_ + ": line " + std::to_string(line_) + ": " + reason);
    }
    /// The next line, which must start with `word`; what stands behind it.
    std::string_view next(std::string_view word) {
        ++line_;
        if (at_ >= text_.size()) reject("the file ends where \"" + std::string(word) + "\" should stand; is it whole?");
        const std::size_t end = std::min(text_.find('\n', at_), text_.size());
        std::string_view line = std::string_view(text_).substr(at_, end - at_);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        at_ = end + 1;
        if (line.substr(0, word.size()) != word || (line.size() > word.size() && line[word.size()] != ' '))
            reject("\"" + std::string(word) + "\" is expected, but \"" + std::string(line.substr(0, 40)) +
                   "\" was found");
        line.remove_prefix(std::min(line.size(), word.size() + 1));
        return line;
    }
    /// Takes the first word off a line.
    static std::string_view word(std::string_view& line) {
        const std::size_t end = std::min(line.find(' '), line.size());
        const std::string_view found = line.substr(0, end);
        line.remove_prefix(std::min(line.size(), end + 1));
        return found;
    }
    double number(std::string_view text) const {
        const auto value = parse_number(text);
        if (!value || !std::isfinite(*value)) reject("\"" + std::string(text.substr(0, 40)) + "\" is not a number");
        return *value;
    }
    float single(std::string_view text) const {
        const double value = number(text);
        if (std::abs(value) > static_cast<double>(std::numeric_limits<float>::max()))
            reject("\"" + std::string(text) + "\" is too large");
        return static_cast<float>(value);
    }
    std::int64_t integer(std::string_view text, std::int64_t least, std::int64_t most) const {
        const auto value = parse_integer(text);
        if (!value || *value < least || *value > most)
            reject("\"" + std::string(text.substr(0, 40)) + "\" is not a whole number from " + std::to_string(least) +
                   " to " + std::to_string(most));
        return *value;
    }
    bool yes_or_no(std::string_view text) const {
        if (text != "yes" && text != "no") reject("\"" + std::string(text.substr(0, 40)) + "\" is neither yes nor no");
        return text == "yes";
    }
    void finish() {
        next("end");
        if (at_ < text_.size()) {
            ++line_;
            reject("nothing may follow the end");
        }
    }

private:
    const std::string& text_;
    std::string name_;
    std::size_t at_ = 0;
    std::int64_t line_ = 0;
};

Forest read_forest(Reader& reader, std::size_t inputs) {
    Forest forest;
    const auto trees = static_cast<std::size_t>(reader.integer(reader.next("trees"), 0, 100000));
    for (std::size_t t = 0; t < trees; ++t) {
        const std::int64_t first = static_cast<std::int64_t>(forest.nodes.size());
        const std::int64_t count = reader.integer(reader.next("tree"), 1, 100000000);
        forest.roots.push_back(static_cast<std::int32_t>(first));
        for (std::int64_t n = 0; n < count; ++n) {
            std::string_view line = reader.next("node");
            Forest::Node node;
            node.feature = static_cast<std::int32_t>(
                reader.integer(Reader::word(line), -1, static_cast<std::int64_t>(inputs) - 1));
            node.value = reader.single(Reader::word(line));
            if (node.feature >= 0) {
                // Children come later, so that no walk can turn in circles.
                node.left = static_cast<std::int32_t>(first + reader.integer(Reader::word(line), n + 1, count - 1));
                node.right = static_cast<std::int32_t>(first + reader.integer(Reader::word(line), n + 1, count - 1));
            }
            if (!line.empty()) reader.reject("\"" + std::string(line.substr(0, 40)) + "\" is too much");
            forest.nodes.push_back(node);
        }
    }
    return forest;
}

}  // namespace

std::string write_model(const SuitabilityModel& model) {
    std::string text = std::string(title) + " " + std::to_string(version) + "\n";
    text += std::string("method ") + methods[static_cast<int>(model.method)] + "\n";
    text += std::string("expansion ") + (model.expansion ? "yes" : "no") + "\n";
    text += std::string("present_class ") + (model.present_class ? "yes" : "no") + "\n";
    text += "distances";
    for (const int distance : model.distances) text += " " + std::to_string(distance);
    text += "\nclasses " + std::to_string(model.classes.size()) + "\n";
    for (const auto& entry : model.classes)
        text += "class " + std::to_string(entry.code) + " " + on_one_line(entry.name) + "\n";
    text += "drivers " + std::to_string(model.drivers.size()) + "\n";
    for (const auto& driver : model.drivers)
        text +=
            "driver " + number_of(driver.low) + " " + number_of(driver.high) + " " + on_one_line(driver.name) + "\n";
    if (model.method == SuitabilityMethod::random_forest) {
        for (const auto& forest : model.forests) {
            text += "trees " + std::to_string(forest.roots.size()) + "\n";
            for (std::size_t t = 0; t < forest.roots.size(); ++t) {
                const std::int32_t first = forest.roots[t];
                const auto end =
                    t + 1 < forest.roots.size() ? forest.roots[t + 1] : static_cast<std::int32_t>(forest.nodes.size());
                text += "tree " + std::to_string(end - first) + "\n";
                for (std::int32_t n = first; n < end; ++n) {
                    const auto& node = forest.nodes[static_cast<std::size_t>(n)];
                    text += "node " + std::to_string(node.feature) + " " + number_of(node.value);
                    if (node.feature >= 0)
                        text += " " + std::to_string(node.left - first) + " " + std::to_string(node.right - first);
                    text += "\n";
                }
            }
        }
    } else {
        text += "hidden " + std::to_string(model.hidden) + "\n";
        for (const double weight : model.weights) text += "weight " + number_text(weight) + "\n";
    }
    return text + "end\n";
}

SuitabilityModel read_model(const std::string& text, const std::string& name) {
    Reader reader(text, name);
    SuitabilityModel model;
    const std::string_view told = reader.next(title);
    if (reader.integer(told, 1, 1000000) != version)
        reader.reject("the file is of version " + std::string(told) + ", this program reads version " +
                      std::to_string(version));
    const std::string_view method = reader.next("method");
    int known = 0;
    while (known < 3 && method != methods[known]) ++known;
    if (known == 3) reader.reject("\"" + std::string(method.substr(0, 40)) + "\" is no method");
    model.method = static_cast<SuitabilityMethod>(known);
    model.expansion = reader.yes_or_no(reader.next("expansion"));
    model.present_class = reader.yes_or_no(reader.next("present_class"));
    for (std::string_view line = reader.next("distances"); !line.empty();) {
        model.distances.push_back(static_cast<int>(reader.integer(Reader::word(line), 1, 1000)));
        if (model.distances.size() > 8) reader.reject("there are more than 8 distances");
    }
    const std::int64_t classes = reader.integer(reader.next("classes"), 1, 255);
    for (std::int64_t k = 0; k < classes; ++k) {
        std::string_view line = reader.next("class");
        const std::int64_t code = reader.integer(Reader::word(line), std::numeric_limits<std::int64_t>::min(),
                                                 std::numeric_limits<std::int64_t>::max());
        if (!model.classes.empty() && code <= model.classes.back().code)
            reader.reject("class " + std::to_string(code) + " does not come after class " +
                          std::to_string(model.classes.back().code));
        model.classes.push_back({code, std::string(line)});
    }
    const auto least = static_cast<std::int64_t>(1 + model.distances.size() * static_cast<std::size_t>(classes));
    const std::int64_t drivers = reader.integer(reader.next("drivers"), least, 65535);
    for (std::int64_t d = 0; d < drivers; ++d) {
        std::string_view line = reader.next("driver");
        const float low = reader.single(Reader::word(line)), high = reader.single(Reader::word(line));
        if (high < low) reader.reject("the range of the driver runs backwards");
        if (!can_be_scaled(low, high)) reader.reject("the range of the driver is too wide or too narrow to be scaled");
        model.drivers.push_back({std::string(line), low, high});
    }
    if (model.method == SuitabilityMethod::random_forest) {
        for (std::int64_t k = 0; k < classes; ++k) model.forests.push_back(read_forest(reader, model.inputs()));
    } else {
        const bool network = model.method == SuitabilityMethod::neural_network;
        model.hidden =
            static_cast<std::size_t>(reader.integer(reader.next("hidden"), network ? 1 : 0, network ? 10000 : 0));
        const std::size_t weights = shape_of(model).weights();
        for (std::size_t i = 0; i < weights; ++i) {
            const double weight = reader.number(reader.next("weight"));
            if (std::abs(weight) > 1e30) reader.reject("the weight is too large");
            model.weights.push_back(weight);
        }
    }
    reader.finish();
    return model;
}

}  // namespace landcarbon
