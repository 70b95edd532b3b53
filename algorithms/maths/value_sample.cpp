// Land Carbon Toolbox: all distinct values of a map where they are few, else a random sample of its cells.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/value_sample.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "maths/counter_random.hpp"

namespace landcarbon {

ValueSample::ValueSample(std::size_t size, std::uint64_t seed) : size_(size), seed_(seed), table_(1024) {
    if (size == 0) throw std::invalid_argument("a sample of no cells");
}

template <class T>
void ValueSample::add(const T* values, std::size_t count, std::uint64_t first_place, T nodata) {
    // Also false for NaN.
    const auto is_value = [nodata](T value) {
        return (std::abs(value) <= std::numeric_limits<T>::max()) & (value != nodata);
    };
    T lowest = std::numeric_limits<T>::infinity(), highest = -lowest;
    std::int64_t valid = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const bool here = is_value(values[i]);
        valid += here;
        lowest = here && values[i] < lowest ? values[i] : lowest;
        highest = here && values[i] > highest ? values[i] : highest;
    }
    if (valid == 0) return;
    count_ += valid;
    // -0 is 0.
    lowest_ = std::min(lowest_, static_cast<double>(lowest) + 0.0);
    highest_ = std::max(highest_, static_cast<double>(highest) + 0.0);

    // Neighbouring cells are often equal: they are counted together.
    for (std::size_t i = 0; i < count && !overflow_;) {
        const T value = values[i];
        const std::size_t start = i++;
        if (!is_value(value)) continue;
        while (i < count && values[i] == value) ++i;
        note(static_cast<double>(value) + 0.0, static_cast<std::int64_t>(i - start));
    }

    // The numbers of some hundred cells at once, so that the loop vectorises; hardly any of them is small enough.
    constexpr std::size_t most = 256;
    std::uint64_t numbers[most];
    for (std::size_t start = 0; start < count; start += most) {
        const std::size_t here = std::min(most, count - start);
        std::uint64_t smallest = std::numeric_limits<std::uint64_t>::max();
        for (std::size_t i = 0; i < here; ++i) {
            numbers[i] = random_bits(seed_, first_place + start + i);
            smallest = std::min(smallest, numbers[i]);
        }
        if (smallest > largest_) continue;
        for (std::size_t i = 0; i < here; ++i)
            if (numbers[i] <= largest_ && is_value(values[start + i]))
                draw(numbers[i], static_cast<double>(values[start + i]) + 0.0);
    }
}

template void ValueSample::add(const float*, std::size_t, std::uint64_t, float);
template void ValueSample::add(const double*, std::size_t, std::uint64_t, double);

void ValueSample::note(double value, std::int64_t times) {
    if (overflow_) return;
    const std::size_t mask = table_.size() - 1;
    std::size_t place = mixed_bits(std::bit_cast<std::uint64_t>(value)) & mask;
    while (table_[place].count != 0 && table_[place].value != value) place = (place + 1) & mask;
    Entry& entry = table_[place];
    if (entry.count == 0) {
        if (distinct_ == size_) return give_up_counting();
        ++distinct_;
    }
    entry.value = value;
    entry.count += times;
    if (2 * distinct_ > table_.size()) grow();
}

void ValueSample::grow() {
    std::vector<Entry> old(2 * table_.size());
    std::swap(old, table_);
    distinct_ = 0;
    for (const Entry& entry : old)
        if (entry.count != 0) note(entry.value, entry.count);
}

void ValueSample::give_up_counting() {
    overflow_ = true;
    table_ = {};
    distinct_ = 0;
}

void ValueSample::draw(std::uint64_t number, double value) {
    sample_.push_back({number, value});
    if (sample_.size() < 2 * size_) return;
    cut(sample_, size_);
    largest_ = sample_.back().number;
}

void ValueSample::cut(std::vector<Drawn>& sample, std::size_t size) {
    if (sample.size() <= size) return;
    const auto end = sample.begin() + static_cast<std::ptrdiff_t>(size);
    std::nth_element(sample.begin(), end - 1, sample.end(),
                     [](const Drawn& a, const Drawn& b) { return a.number < b.number; });
    sample.erase(end, sample.end());
}

void ValueSample::merge(const ValueSample& other) {
    count_ += other.count_;
    lowest_ = std::min(lowest_, other.lowest_);
    highest_ = std::max(highest_, other.highest_);
    if (other.overflow_) give_up_counting();
    for (const Entry& entry : other.table_)
        if (entry.count != 0) note(entry.value, entry.count);
    for (const Drawn& drawn : other.sample_)
        if (drawn.number <= largest_) draw(drawn.number, drawn.value);
}

CountedValues ValueSample::values() const {
    if (is_complete()) {
        std::vector<Entry> entries;
        for (const Entry& entry : table_)
            if (entry.count != 0) entries.push_back(entry);
        std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.value < b.value; });
        CountedValues counted;
        for (const Entry& entry : entries) {
            counted.values.push_back(entry.value);
            counted.counts.push_back(entry.count);
        }
        return counted;
    }
    std::vector<Drawn> drawn = sample_;
    cut(drawn, size_);
    std::vector<double> values;
    for (const Drawn& cell : drawn) values.push_back(cell.value);
    return count_values(std::move(values));
}

}  // namespace landcarbon
