// Land Carbon Toolbox: the equation that stirpat finds and the scenarios project with: its file and its value.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace landcarbon {

/// ln I = intercept + sum of coefficient * ln driver, or without the logarithms I = intercept + sum of coefficient *
/// driver.
struct StirpatModel {
    struct Driver {
        std::string name;
        double coefficient = 0;
        std::optional<double> minimum, maximum;  ///< of the data that the equation was fitted on
    };
    std::string response;
    bool logarithms = true;
    double intercept = 0;
    std::vector<Driver> drivers;
    // What is not needed to project; a model typed by hand may leave it out.
    std::optional<double> k, r2;
    std::optional<std::int64_t> rows;
    std::optional<double> smearing;  ///< Duan's factor, the mean of exp(residual); with logarithms only

    /// The right side of the equation: ln I with logarithms, else I. `values` are the drivers, in their order.
    double linear(const double* values) const;
    /// I itself. With logarithms this is exp of the right side: the median, not the mean.
    double value(const double* values) const;
};

/// The model as a JSON file: keys in a fixed order, numbers as the shortest text that reads back as the same number.
std::string stirpat_model_json(const StirpatModel& model);

/// Reads a model file strictly: a key that is unknown, missing, given twice or of the wrong type is an error that says
/// where it stands, and so is a file of another kind or version.
/// @param parameter the argument's id, @param name the file's, for messages
/// @throws UserError
StirpatModel read_stirpat_model(const std::string& parameter, const std::string& name, std::string_view text);

}  // namespace landcarbon
