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

/// Sums over the first n values, from which the squared deviations of any run of values follow at once. Values are
/// taken from their median, in a power of two that makes them about 1: squares can neither overflow nor vanish.
class NaturalBreaks::Moments {
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
class NaturalBreaks::Layer {
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

namespace {

std::size_t bytes_of_layers(std::size_t distinct, int most_classes) {
    return distinct * static_cast<std::size_t>(most_classes) * sizeof(std::uint32_t);
}

}  // namespace

/// Of more layers than that, every so many-th one is kept as a mark, from which the others are found again when they
/// are asked for: a mark has 16 bytes for each value, a layer 4.
int NaturalBreaks::layers_at_once(std::size_t distinct, int most_classes, std::size_t most_bytes) {
    if (bytes_of_layers(distinct, most_classes) <= most_bytes) return most_classes;
    return static_cast<int>(std::ceil(2 * std::sqrt(static_cast<double>(most_classes))));
}

std::size_t NaturalBreaks::bytes(std::size_t distinct, int most_classes) {
    const int layers = layers_at_once(distinct, most_classes, bytes_kept);
    const auto marks = static_cast<std::size_t>(most_classes / layers);
    return distinct * (112 + 4 * static_cast<std::size_t>(layers) + 16 * marks);
}

int NaturalBreaks::polls(std::size_t distinct, int most_classes) {
    return bytes_of_layers(distinct, most_classes) <= bytes_kept ? most_classes : 2 * most_classes;
}

NaturalBreaks::NaturalBreaks(const CountedValues& values, int most_classes, const std::function<void()>& poll,
                             std::size_t most_bytes)
    : values_(values) {
    if (values.size() == 0 || most_classes < 1) throw std::invalid_argument("natural breaks of nothing");
    const std::size_t size = values.size();
    most_classes_ = static_cast<int>(std::min(static_cast<std::size_t>(most_classes), size));
    layers_ = layers_at_once(size, most_classes_, most_bytes);
    auto moments = std::make_shared<const Moments>(values);
    Least least(size + 1);
    for (std::size_t n = 1; n <= size; ++n) least[n] = moments->deviations(0, n);
    if (most_classes_ - 1 <= layers_) {
        // Of the last layer only the row of all values is needed.
        starts_ = find_layers(*moments, least, 2, most_classes_, size, poll, true);
        return;
    }
    for (int classes = 2; classes <= most_classes_; classes += layers_) {
        marks_.push_back(least);
        const int last = classes + layers_ - 1;
        if (last >= most_classes_) break;
        find_layers(*moments, least, classes, last, size, poll, false);
    }
    moments_ = std::move(moments);
}

std::vector<std::vector<std::uint32_t>> NaturalBreaks::find_layers(const Moments& moments, Least& least,
                                                                   int first_classes, int last_classes,
                                                                   std::size_t size, const std::function<void()>& poll,
                                                                   bool keep) {
    std::vector<std::vector<std::uint32_t>> kept;
    Least next(size + 1);
    std::vector<std::uint32_t> starts;
    for (auto classes = static_cast<std::size_t>(first_classes); classes <= static_cast<std::size_t>(last_classes);
         ++classes) {
        if (poll) poll();
        // The first n values make `classes` classes from n = classes on; the last one starts at classes - 1 at least.
        starts.assign(size + 1, 0);
        std::vector<std::uint32_t> columns(size - classes + 1);
        std::iota(columns.begin(), columns.end(), static_cast<std::uint32_t>(classes - 1));
        Layer layer(moments, least, starts);
        const bool only_all = keep && classes == static_cast<std::size_t>(last_classes);
        const std::size_t first = only_all ? size : classes;
        layer.find(first, 1, size - first + 1, columns);
        for (std::size_t n = first; n <= size; ++n) next[n] = layer.cell(n, starts[n]);
        std::swap(least, next);
        if (keep) kept.push_back(std::move(starts));
    }
    return kept;
}

std::vector<std::size_t> NaturalBreaks::ends(int classes, const std::function<void()>& poll) const {
    if (classes < 1 || classes > most_classes()) throw std::invalid_argument("natural breaks: number of classes");
    std::vector<std::size_t> ends(static_cast<std::size_t>(classes));
    std::size_t end = values_.size();
    if (marks_.empty()) {
        for (std::size_t i = ends.size(); i-- > 0;) {
            ends[i] = end;
            if (i > 0) end = starts_[i - 1][end];
        }
        return ends;
    }
    int left = classes;
    while (left > 1) {
        // The layers between a mark and `left` classes, of the values up to where those end.
        const int mark = (left - 2) / layers_;
        const int first = 2 + mark * layers_;
        Least least(marks_[static_cast<std::size_t>(mark)].begin(),
                    marks_[static_cast<std::size_t>(mark)].begin() + static_cast<std::ptrdiff_t>(end + 1));
        const auto starts = find_layers(*moments_, least, first, left, end, poll, true);
        for (; left >= first; --left) {
            ends[static_cast<std::size_t>(left - 1)] = end;
            end = starts[static_cast<std::size_t>(left - first)][end];
        }
    }
    ends[0] = end;
    return ends;
}

std::vector<double> NaturalBreaks::breaks(int classes, const std::function<void()>& poll) const {
    std::vector<double> breaks;
    for (const std::size_t end : ends(classes, poll)) breaks.push_back(values_.values[end - 1]);
    breaks.pop_back();
    return breaks;
}

double NaturalBreaks::within(int classes) const {
    double sum = 0;
    std::size_t first = 0;
    for (const std::size_t end : ends(classes, {})) {
        sum += squared_deviations(values_, first, end);
        first = end;
    }
    return sum;
}

}  // namespace landcarbon
