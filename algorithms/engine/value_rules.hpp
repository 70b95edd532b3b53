// Land Carbon Toolbox: which stored numbers are no data: what the user says, and what looks like it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
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

/// True for the codes of water, snow and cloud that products of percentages in bytes put above 100.
bool is_byte_mark(double value);
/// True when a mark in bytes lies above percentages (`low` to `high`).
bool lies_above_percent(double mark, double low, double high);
/// True for classes that programs write where there is no data, besides those of is_nodata_mark: 0, -1, and 15 of
/// four bits.
bool is_fill_class(double code);
/// True when one negative number can hardly be one of the measurements `low` to `high`, which are positive and have
/// decimals: a whole number, or one that lies far below them. Whole numbers are left alone: a coast has cells of -1 m.
bool is_lone_negative(double number, double low, double high);

/// The median; NaN for fewer than 5 values.
double middle_of(std::vector<float> values);
/// A step of a series whose values are of another size.
struct OtherScale {
    std::size_t step = 0;
    double ratio = 1;  ///< to the usual size
    double usual = 0;
};
/// The one step whose median is 5 times or a fifth of the others' and a power of ten, or 20 times and more, where all
/// others lie within half and twice their own median; nothing for fewer than four steps.
/// @param middles medians, step by step; NaN where there is none
std::optional<OtherScale> other_scale(const std::vector<double>& middles);

}  // namespace landcarbon
