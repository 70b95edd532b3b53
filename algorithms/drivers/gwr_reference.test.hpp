// Land Carbon Toolbox: reference data of GWR, for its tests.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "support/sandbox.hpp"

namespace landcarbon::test {

/// A table of tests/data/gwr; its first line says what it is.
class Columns {
public:
    explicit Columns(const std::string& name) : rows_(read_csv(source_file("tests/data/gwr/" + name))) {
        while (!rows_.front().empty() && rows_.front().front().rfind('#', 0) == 0) rows_.erase(rows_.begin());
    }
    std::size_t rows() const { return rows_.size() - 1; }
    const std::string& text(const std::string& column, std::size_t row) const {
        const auto& names = rows_.front();
        return rows_[row + 1].at(
            static_cast<std::size_t>(std::find(names.begin(), names.end(), column) - names.begin()));
    }
    double number(const std::string& column, std::size_t row) const { return std::stod(text(column, row)); }
    std::vector<double> of(const std::string& column) const {
        std::vector<double> values;
        for (std::size_t row = 0; row < rows(); ++row) values.push_back(number(column, row));
        return values;
    }
    std::vector<std::vector<double>> of(const std::vector<std::string>& columns) const {
        std::vector<std::vector<double>> values;
        for (const auto& column : columns) values.push_back(of(column));
        return values;
    }

private:
    std::vector<std::vector<std::string>> rows_;
};

/// Less the mean, over the standard deviation with divisor n.
inline std::vector<double> standardised(std::vector<double> values) {
    const auto n = static_cast<double>(values.size());
    double mean = 0, squares = 0;
    for (const double value : values) mean += value / n;
    for (const double value : values) squares += (value - mean) * (value - mean) / n;
    for (double& value : values) value = (value - mean) / std::sqrt(squares);
    return values;
}

}  // namespace landcarbon::test
