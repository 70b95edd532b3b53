// Land Carbon Toolbox: which stored numbers are no data: what the user says, and what looks like it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "spec/run_options.hpp"

namespace landcarbon {

/// Numbers from one to another, both included.
struct ValueRange {
    double from = -std::numeric_limits<double>::infinity();
    double to = std::numeric_limits<double>::infinity();
    bool holds(double value) const { return value >= from && value <= to; }
};

/// What the user says of the stored numbers of one raster.
struct ValueRules {
    std::vector<ValueRange> none;  ///< no data
    ValueRange valid;              ///< the rest is no data
    /// False when nothing is said.
    bool any() const { return !none.empty() || std::isfinite(valid.from) || std::isfinite(valid.to); }
    bool is_data(double value) const {
        for (const ValueRange& range : none)
            if (range.holds(value)) return false;
        return valid.holds(value);
    }
};

/// NODATA and VALID_RANGE of a run.
class ValueOptions {
public:
    /// @throws UserErrors when they cannot be read or name no raster of the spec
    ValueOptions(const Spec& spec, const RunOptions& options);
    /// What holds for the rasters of a parameter.
    ValueRules of(const std::string& parameter, bool classes) const;

private:
    using Entry = std::pair<std::string, ValueRange>;  ///< id of a parameter, or empty for all
    std::vector<Entry> none_, valid_;
};

/// True for numbers that programs put where there is no data: -9999 and its kin, ends of the integer types, the fill
/// codes of MODIS, the largest floats.
bool is_nodata_mark(double value);
/// True when a mark lies so far from all other values (`low` to `high`) that it can hardly be one of them.
bool stands_apart(double mark, double low, double high);

}  // namespace landcarbon
