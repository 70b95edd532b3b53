// Land Carbon Toolbox: natural breaks (Fisher-Jenks): the division into classes with the least squared deviations.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "maths/counted_values.hpp"
#include "maths/double_double.hpp"

namespace landcarbon {

/// The best divisions of values into 1, 2, ... classes: those for which the squared deviations of the values from the
/// means of their classes have the least sum. The answer is exact, not an approximation and not a local optimum:
/// dynamic programming over the distinct values, each layer by the SMAWK algorithm, O(classes * distinct values). Sums
/// are kept to 31 digits, so that an outlier does not hide the differences between the rest.
///
/// Ties: of several best divisions the one with the smallest last break, then the smallest last but one, and so on.
///
/// Time: about 1 s for a million distinct values and 12 classes. Memory: see bytes(). Of many values and classes not
/// all layers of the programme are kept; those that lead to a division are found again when it is asked for, which
/// takes half as long once more.
///
/// Sources: W. D. Fisher (1958), On grouping for maximum homogeneity, Journal of the American Statistical Association
/// 53, 789-798, doi:10.1080/01621459.1958.10501479; G. F. Jenks (1977), Optimal data classification for choropleth
/// maps, University of Kansas; A. Aggarwal, M. M. Klawe, S. Moran, P. Shor, R. Wilber (1987), Geometric applications of
/// a matrix-searching algorithm, Algorithmica 2, 195-208, doi:10.1007/BF01840359; A. Gronlund et al. (2017), Fast exact
/// k-means, k-medians and Bregman divergence clustering in 1D, arXiv:1701.07204.
class NaturalBreaks {
public:
    /// Finds the divisions into 1 to `most_classes` classes, all in one run.
    /// @param values one or more, fewer than 2^32 distinct ones; the object keeps a reference to them
    /// @param poll called for each number of classes, and leaves by throwing when there is no time for more; may be
    /// empty
    /// @param most_bytes of layers that are kept
    /// @throws std::invalid_argument without values or classes, and what `poll` throws
    NaturalBreaks(const CountedValues& values, int most_classes, const std::function<void()>& poll = {},
                  std::size_t most_bytes = bytes_kept);
    NaturalBreaks(CountedValues&&, int, const std::function<void()>& = {}, std::size_t = bytes_kept) = delete;
    static constexpr std::size_t bytes_kept = std::size_t{64} << 20;

    /// The largest number of classes there is a division for: most_classes, or the number of distinct values when that
    /// is smaller.
    int most_classes() const { return most_classes_; }
    /// The largest value of each class but the last, ascending: classes - 1 of them. No class is empty.
    /// @param classes 1 to most_classes()
    /// @param poll as in the constructor
    std::vector<double> breaks(int classes, const std::function<void()>& poll = {}) const;
    /// Sum of the squared deviations of the values from the means of their classes.
    double within(int classes) const;
    /// Bytes that finding the divisions of so many distinct values takes at most, besides the values themselves.
    static std::size_t bytes(std::size_t distinct, int most_classes);
    /// How often `poll` is called at most until the division into `most_classes` classes is there.
    static int polls(std::size_t distinct, int most_classes);

private:
    class Moments;
    class Layer;
    /// The least squared deviations of the first n values, at n, for one number of classes.
    using Least = std::vector<DoubleDouble>;
    /// How many layers are kept at once.
    static int layers_at_once(std::size_t distinct, int most_classes, std::size_t most_bytes);
    /// Goes on from the least deviations in first_classes - 1 classes to those in last_classes, for the first `size`
    /// values. @return with `keep`, the starts of each layer (of the last one at `size` alone); else nothing
    static std::vector<std::vector<std::uint32_t>> find_layers(const Moments& moments, Least& least, int first_classes,
                                                               int last_classes, std::size_t size,
                                                               const std::function<void()>& poll, bool keep);
    std::vector<std::size_t> ends(int classes, const std::function<void()>& poll) const;
    const CountedValues& values_;
    int most_classes_ = 1;
    int layers_ = 1;
    /// For c = 2, 3, ...: where the last class starts in the best division of the first n values into c classes, at n.
    /// Empty where there are marks instead.
    std::vector<std::vector<std::uint32_t>> starts_;
    /// The least deviations in 1, 1 + layers_, 1 + 2 layers_, ... classes.
    std::vector<Least> marks_;
    std::shared_ptr<const Moments> moments_;
};

}  // namespace landcarbon
