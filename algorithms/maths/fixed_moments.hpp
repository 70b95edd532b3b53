// Land Carbon Toolbox: mean and squared deviations of many values between two bounds, the same in any order.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "maths/double_double.hpp"

namespace landcarbon {

/// How values between two bounds become whole numbers below 2^40: as multiples of about 2^-40 of the distance from the
/// middle.
class FixedScale {
public:
    /// @param lowest,highest bounds of the values, finite
    FixedScale(double lowest, double highest) : middle_(lowest / 2 + highest / 2) {
        const double reach = highest / 2 - lowest / 2;
        // reach / unit is at least 2^38 and below 2^39; rounding of the middle may add a little.
        exponent_ = reach > 0 ? std::max(std::ilogb(reach) - 38, -1000) : 0;
        unit_ = std::ldexp(1.0, exponent_);
        inverse_ = std::ldexp(1.0, -exponent_);
    }

    std::int64_t units(double value) const { return std::llrint((value - middle_) * inverse_); }
    double middle() const { return middle_; }
    double unit() const { return unit_; }

private:
    double middle_, unit_, inverse_;
    int exponent_;
};

/// Count, sum and sum of squares of values as whole numbers: no rounding but that of each value to a unit of its scale,
/// so that the result does not depend on the order of cells or merges. Mean and squared deviations are right to about
/// 12 digits of the range and its square. For up to 2^46 values.
class FixedMoments {
public:
    static constexpr bool order_free = true;

    void add(std::int64_t units) {
        ++count_;
        sum_ += units;
        squares_ += static_cast<Wide>(units) * units;
    }
    void merge(const FixedMoments& other) {
        count_ += other.count_;
        sum_ += other.sum_;
        squares_ += other.squares_;
    }

    std::int64_t count() const { return count_; }
    /// count() must not be 0.
    double mean(const FixedScale& scale) const {
        return scale.middle() + (wide(sum_) / static_cast<double>(count_)).value() * scale.unit();
    }
    /// Sum of the squared deviations from the mean; 0 without values.
    double squared_deviations(const FixedScale& scale) const {
        if (count_ == 0) return 0;
        const DoubleDouble sum = wide(sum_);
        const double units = (wide(squares_) - sum * sum / static_cast<double>(count_)).value();
        return (units > 0 ? units : 0) * scale.unit() * scale.unit();
    }

private:
    __extension__ typedef __int128 Wide;
    static DoubleDouble wide(Wide number) {
        const auto high = static_cast<double>(number);
        return tidied(high, static_cast<double>(number - static_cast<Wide>(high)));
    }
    std::int64_t count_ = 0;
    Wide sum_ = 0;
    Wide squares_ = 0;
};

}  // namespace landcarbon
