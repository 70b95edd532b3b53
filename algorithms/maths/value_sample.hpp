// Land Carbon Toolbox: all distinct values of a map where they are few, else a random sample of its cells.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "maths/counted_values.hpp"

namespace landcarbon {

/// Collects the values of the cells of a map in one pass and in bounded memory: how often each distinct value occurs,
/// as long as there are no more than `size` of them; and at the same time a simple random sample of `size` cells, drawn
/// without replacement, for the case that there are more. Every cell has a random number that depends on the seed and
/// on its place in the map alone, and the sample is the cells with the smallest numbers. So the result does not depend
/// on the order in which cells come, nor on how they are shared out among states that are merged later.
///
/// Memory: at most 128 bytes times `size` for each state (for each thread).
class ValueSample {
public:
    static constexpr bool order_free = true;

    /// @param size 1 or more: most distinct values that are counted exactly, and cells of the sample
    ValueSample(std::size_t size, std::uint64_t seed);
    /// Adds cells; NaN, infinite numbers and `nodata` are no values. T is float or double.
    /// @param first_place of the first cell in the map: row * width + column; the others follow it
    template <class T>
    void add(const T* values, std::size_t count, std::uint64_t first_place,
             T nodata = std::numeric_limits<T>::quiet_NaN());
    void merge(const ValueSample& other);

    /// Cells with a value.
    std::int64_t count() const { return count_; }
    /// Smallest and largest value of all cells; count() must not be 0.
    double lowest() const { return lowest_; }
    double highest() const { return highest_; }
    /// True when all values are counted; false when values() is a sample.
    bool is_complete() const { return !overflow_; }
    /// All values, or those of the sample.
    CountedValues values() const;

private:
    void note(double value, std::int64_t times);
    void grow();
    void give_up_counting();
    void draw(std::uint64_t number, double value);

    std::size_t size_;
    std::uint64_t seed_;
    std::int64_t count_ = 0;
    double lowest_ = std::numeric_limits<double>::infinity();
    double highest_ = -std::numeric_limits<double>::infinity();

    /// A table of values by their bits; a place without a count is free.
    struct Entry {
        double value = 0;
        std::int64_t count = 0;
    };
    std::vector<Entry> table_;
    std::size_t distinct_ = 0;
    bool overflow_ = false;  ///< there are too many distinct values

    struct Drawn {
        std::uint64_t number;
        double value;
    };
    /// Leaves those with the smallest numbers, the largest of them last.
    static void cut(std::vector<Drawn>& sample, std::size_t size);
    std::vector<Drawn> sample_;                                          ///< up to twice as many as wanted
    std::uint64_t largest_ = std::numeric_limits<std::uint64_t>::max();  ///< numbers above it cannot be in the sample
};

}  // namespace landcarbon
