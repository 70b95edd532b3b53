// Land Carbon Toolbox: natural breaks (Fisher-Jenks): the division into classes with the least squared deviations.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/natural_breaks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "maths/double_double.hpp"

namespace landcarbon {
namespace {

/// Sums over the first n values, from which the squared deviations of any run of values follow at once. Values are
/// taken from their median, in a power of two that makes them about 1: squares can neither overflow nor vanish.
class Moments {
public:
    explicit Moments(const CountedValues& values)
        : sums_(values.size() + 1), squares_(values.size() + 1), rough_(values.size() + 1) {
        const double largest = std::max(std::abs(values.values.front()), std::abs(values.values.back()));
        const int exponent = largest > 0 ? std::ilogb(largest) + 1 : 0;
        const std::int64_t half = (values.total() + 1) / 2;
        std::int64_t before = 0;
        std::size_t middle = 0;
        while (before + values.counts[middle] < half) before += values.counts[middle++];
        const double median = std::ldexp(values.values[middle], -exponent);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto weight = static_cast<double>(values.counts[i]);
            const DoubleDouble distance = exact_sum_of(std::ldexp(values.values[i], -exponent), -median);
            sums_[i + 1] = sums_[i] + distance * weight;
            squares_[i + 1] = squares_[i] + distance * distance * weight;
            rough_[i + 1] = {rough_[i].weight + weight, sums_[i + 1].high, squares_[i + 1].high,
                             std::max(rough_[i].largest_sum, std::abs(sums_[i + 1].high))};
        }
    }

    /// Squared deviations from their mean of the values with the places first <= i < end.
    DoubleDouble deviations(std::size_t first, std::size_t end) const {
        const DoubleDouble sum = sums_[end] - sums_[first];
        return (squares_[end] - squares_[first]) - sum * sum / (rough_[end].weight - rough_[first].weight);
    }

    /// Differences as small as this between sums over the first n values are rounding.
    double rounding(std::size_t n) const { return std::ldexp(squares_[n].high, -94); }

    /// The same in doubles, and how far off it may be.
    struct Rough {
        double value, error;
    };
    Rough rough_deviations(std::size_t first, std::size_t end) const {
        const Sums &a = rough_[first], &b = rough_[end];
        const double sum = b.sum - a.sum;
        const double mean = sum / (b.weight - a.weight);
        // Each of the sums is off by half a unit in its last place. What is squared is off by as much twice, and by the
        // square of it, of which a weight of 1 or more takes nothing away.
        const double off = 4 * unit * b.largest_sum;
        return {(b.square - a.square) - sum * mean, 16 * unit * b.square + off * (2 * std::abs(mean) + off)};
    }

private:
    static constexpr double unit = std::numeric_limits<double>::epsilon() / 2;
    struct Sums {
        double weight = 0, sum = 0, square = 0;
        double largest_sum = 0;  ///< of the sums so far, without its sign
    };
    std::vector<DoubleDouble> sums_, squares_;
    std::vector<Sums> rough_;
};

/// One layer: from the least deviations of the first n values in c - 1 classes to those in c classes, for all n. The
/// rows of its matrix are the n, its columns the places where the last class may start. Deviations obey the quadrangle
/// inequality, so the matrix is totally monotone, and SMAWK finds the leftmost minimum of each row in linear time.
class Layer {
public:
    Layer(const Moments& moments, const std::vector<DoubleDouble>& before, std::vector<std::uint32_t>& starts)
        : moments_(moments), before_(before), starts_(starts) {}

    /// Fills the starts of rows first, first + stride, ...
    void find(std::size_t first, std::size_t stride, std::size_t rows, const std::vector<std::uint32_t>& columns) {
        const std::vector<std::uint32_t> kept = reduced(first, stride, rows, columns);
        if (rows > 1) find(first + stride, 2 * stride, rows / 2, kept);
        // The minimum of each other row lies between those of its neighbours.
        std::size_t place = 0;
        for (std::size_t i = 0; i < rows; i += 2) {
            const std::size_t row = first + i * stride;
            const std::uint32_t last = i + 1 < rows ? starts_[row + stride] : kept.back();
            starts_[row] = leftmost(row, kept, place, last);
        }
    }

    DoubleDouble cell(std::size_t row, std::size_t column) const {
        return before_[column] + moments_.deviations(column, row);
    }

private:
    /// At most as many columns as there are rows, among them the leftmost minimum of each row.
    std::vector<std::uint32_t> reduced(std::size_t first, std::size_t stride, std::size_t rows,
                                       const std::vector<std::uint32_t>& columns) const {
        std::vector<std::uint32_t> kept;
        kept.reserve(std::min(rows, columns.size()));
        for (const std::uint32_t column : columns) {
            while (!kept.empty()) {
                const std::size_t row = first + stride * (kept.size() - 1);
                if (column >= row || !less(row, column, kept.back())) break;
                kept.pop_back();
            }
            if (kept.size() < rows) kept.push_back(column);
        }
        return kept;
    }

    /// The leftmost minimum of a row among the columns from `place` on up to `last`; moves `place` to `last`.
    std::uint32_t leftmost(std::size_t row, const std::vector<std::uint32_t>& columns, std::size_t& place,
                           std::uint32_t last) const {
        std::uint32_t best = columns[place];
        while (columns[place] != last) {
            const std::uint32_t column = columns[++place];
            // A class has one value or more.
            if (column < row && less(row, column, best)) best = column;
        }
        return best;
    }

    /// Whether column a is less than column b in this row. Doubles mostly tell; if they do not, 31 digits do.
    bool less(std::size_t row, std::uint32_t a, std::uint32_t b) const {
        const Moments::Rough of_a = moments_.rough_deviations(a, row), of_b = moments_.rough_deviations(b, row);
        const double more = (before_[b].high + of_b.value) - (before_[a].high + of_a.value);
        const double error = of_a.error + of_b.error;
        if (std::abs(more) > error) return more > 0;
        return (cell(row, b) - cell(row, a)).high > moments_.rounding(row);
    }

    const Moments& moments_;
    const std::vector<DoubleDouble>& before_;
    std::vector<std::uint32_t>& starts_;
};

}  // namespace

NaturalBreaks::NaturalBreaks(const CountedValues& values, int most_classes, const std::function<void()>& poll)
    : values_(values) {
    if (values.size() == 0 || most_classes < 1) throw std::invalid_argument("natural breaks of nothing");
    const std::size_t size = values.size();
    const std::size_t most = std::min(static_cast<std::size_t>(most_classes), size);
    const Moments moments(values);
    std::vector<DoubleDouble> least(size + 1), next(size + 1);
    for (std::size_t n = 1; n <= size; ++n) least[n] = moments.deviations(0, n);
    for (std::size_t classes = 2; classes <= most; ++classes) {
        if (poll) poll();
        // The first n values make `classes` classes from n = classes on; the last one starts at classes - 1 at least.
        std::vector<std::uint32_t>& starts = starts_.emplace_back(size + 1);
        std::vector<std::uint32_t> columns(size - classes + 1);
        std::iota(columns.begin(), columns.end(), static_cast<std::uint32_t>(classes - 1));
        Layer layer(moments, least, starts);
        // Of the last layer only the row of all values is needed.
        const std::size_t first = classes < most ? classes : size;
        layer.find(first, 1, size - first + 1, columns);
        for (std::size_t n = first; n <= size; ++n) next[n] = layer.cell(n, starts[n]);
        std::swap(least, next);
    }
}

std::vector<std::size_t> NaturalBreaks::ends(int classes) const {
    if (classes < 1 || classes > most_classes()) throw std::invalid_argument("natural breaks: number of classes");
    std::vector<std::size_t> ends(static_cast<std::size_t>(classes));
    std::size_t end = values_.size();
    for (std::size_t i = ends.size(); i-- > 0;) {
        ends[i] = end;
        if (i > 0) end = starts_[i - 1][end];
    }
    return ends;
}

std::vector<double> NaturalBreaks::breaks(int classes) const {
    std::vector<double> breaks;
    for (const std::size_t end : ends(classes)) breaks.push_back(values_.values[end - 1]);
    breaks.pop_back();
    return breaks;
}

double NaturalBreaks::within(int classes) const {
    double sum = 0;
    std::size_t first = 0;
    for (const std::size_t end : ends(classes)) {
        sum += squared_deviations(values_, first, end);
        first = end;
    }
    return sum;
}

}  // namespace landcarbon
