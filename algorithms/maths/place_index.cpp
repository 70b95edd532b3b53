// Land Carbon Toolbox: the places nearest to a place, in the plane or on the globe.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/place_index.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nanoflann.hpp>
#include <numbers>
#include <numeric>

namespace landcarbon {
namespace {

constexpr std::size_t leaf = 40;  ///< places that the tree does not part any more

/// By squared distance, then by number. (An object, so that it is inlined where it is handed on.)
constexpr auto nearer = [](const Neighbour& a, const Neighbour& b) {
    return a.distance != b.distance ? a.distance < b.distance : a.place < b.place;
};

/// Keeps the `count` nearest of more, by counting distances into bins first: comparisons of elements in no order cannot
/// be foreseen by the processor and would take most of the time.
void keep_nearest(std::vector<Neighbour>& found, std::size_t count) {
    constexpr std::size_t bins = 256;
    const auto last = [&](std::vector<Neighbour>& of, std::size_t rank) {
        const auto at = of.begin() + static_cast<std::ptrdiff_t>(rank);
        std::nth_element(of.begin(), at, of.end(), nearer);
        return *at;
    };
    double farthest = 0;
    for (const Neighbour& one : found) farthest = std::max(farthest, one.distance);
    const double scale = static_cast<double>(bins) / farthest;
    if (found.size() < 2 * bins / 8 || !(scale <= std::numeric_limits<double>::max())) {
        last(found, count - 1);
        found.resize(count);
        return;
    }
    const auto bin_of = [&](const Neighbour& one) {
        return std::min(bins - 1, static_cast<std::size_t>(one.distance * scale));
    };
    std::array<std::uint32_t, bins> counts{};
    for (const Neighbour& one : found) ++counts[bin_of(one)];
    std::size_t bin = 0, below = 0;
    while (below + counts[bin] < count) below += counts[bin++];
    thread_local std::vector<Neighbour> within;
    within.clear();
    for (const Neighbour& one : found)
        if (bin_of(one) == bin) within.push_back(one);
    const Neighbour farthest_kept = last(within, count - below - 1);
    std::size_t kept = 0;
    for (const Neighbour& one : found) {
        const bool keep = !nearer(farthest_kept, one);
        found[kept] = one;
        kept += keep;
    }
    found.resize(count);
}

/// What nanoflann hands the places to that it comes across: all within a squared distance, which shrinks to that of
/// the k-th nearest where only k are wanted. (nanoflann's own sets differ between its versions, and sort as they go.)
class Found {
public:
    using DistanceType = double;  // nanoflann 1.7 asks for it
    using IndexType = std::size_t;
    /// @param farthest squared @param known whether as many as are wanted lie within it
    Found(std::vector<Neighbour>& found, std::size_t wanted, double farthest, bool known = false)
        : found_(found), wanted_(wanted), known_(known) {
        found_.clear();
        reach_to(farthest);
    }
    std::size_t size() const { return found_.size(); }
    bool empty() const { return found_.empty(); }
    bool full() const { return true; }
    double worstDist() const { return beyond_; }
    bool addPoint(double squared, std::size_t place) {
        found_.push_back({squared, static_cast<std::uint32_t>(place)});
        if (found_.size() == wanted_ && !known_)
            reach_to(std::max_element(found_.begin(), found_.end(), nearer)->distance);
        else if (found_.size() >= 2 * wanted_ && wanted_ > 0)
            keep_nearest();
        return true;
    }
    void sort() {}
    void keep_nearest() {
        if (wanted_ == 0 || found_.size() <= wanted_) return;
        landcarbon::keep_nearest(found_, wanted_);
        reach_to(std::max_element(found_.begin(), found_.end(), nearer)->distance);
    }

private:
    // Places at the farthest distance itself count too.
    void reach_to(double farthest) { beyond_ = std::nextafter(farthest, std::numeric_limits<double>::infinity()); }
    std::vector<Neighbour>& found_;
    std::size_t wanted_;  ///< 0: all within the distance
    bool known_;
    double beyond_ = 0;  ///< squared distance from which places do not count
};

}  // namespace

class PlaceIndex::Tree {
public:
    virtual ~Tree() = default;
    virtual std::size_t size() const = 0;
    virtual void nearest(double x, double y, std::size_t count, std::vector<Neighbour>& found,
                         LastSearch* last) const = 0;
    virtual void within(double x, double y, double radius, std::vector<Neighbour>& found) const = 0;
    virtual void all(double x, double y, std::vector<Neighbour>& found) const = 0;
};

template <int Dimensions>
class PlaceIndex::TreeOf final : public Tree {
    using Point = std::array<double, Dimensions>;

public:
    TreeOf(const std::vector<double>& x, const std::vector<double>& y)
        : cloud_(points(x, y)), index_(Dimensions, cloud_, nanoflann::KDTreeSingleIndexAdaptorParams(leaf)) {}
    std::size_t size() const override { return cloud_.points.size(); }
    void nearest(double x, double y, std::size_t count, std::vector<Neighbour>& found,
                 LastSearch* last) const override {
        count = std::min(count, size());
        if (count == 0) return found.clear();
        const Point place = point(x, y);
        // As many lie around the last place within its reach, and thus around this one within that and the way there.
        constexpr double allowance = 1 + 1e-9;  // for rounding
        const bool known = last && last->count == count;
        const double reach = known ? (last->reach + apart(place, point(last->x, last->y))) * allowance : 0;
        collect(place, count, known ? reach * reach * allowance : std::numeric_limits<double>::max(), known, found);
        if (found.size() < count) collect(place, count, std::numeric_limits<double>::max(), false, found);
        if (last) {
            double farthest = 0;
            for (const Neighbour& one : found) farthest = std::max(farthest, one.distance);
            *last = {x, y, std::sqrt(farthest), count};
        }
        to_distances(found);
    }
    void within(double x, double y, double radius, std::vector<Neighbour>& found) const override {
        const Point place = point(x, y);
        double chord = radius;
        if constexpr (Dimensions == 3)
            chord = 2 * earth_radius * std::sin(std::min(radius / earth_radius, std::numbers::pi) / 2);
        Found set(found, 0, chord * chord);
        index_.radiusSearchCustomCallback(place.data(), set);
        to_distances(found);
    }
    void all(double x, double y, std::vector<Neighbour>& found) const override {
        squares(point(x, y), found);
        to_distances(found);
    }

private:
    /// As nanoflann wants to see them.
    struct Cloud {
        std::vector<Point> points;
        std::size_t kdtree_get_point_count() const { return points.size(); }
        double kdtree_get_pt(std::size_t i, std::size_t dimension) const { return points[i][dimension]; }
        template <class Box>
        bool kdtree_get_bbox(Box&) const {
            return false;
        }
    };
    static Point point(double x, double y) {
        if constexpr (Dimensions == 2) {
            return {x, y};
        } else {
            const double longitude = x * std::numbers::pi / 180, latitude = y * std::numbers::pi / 180;
            return {earth_radius * std::cos(latitude) * std::cos(longitude),
                    earth_radius * std::cos(latitude) * std::sin(longitude), earth_radius * std::sin(latitude)};
        }
    }
    static Cloud points(const std::vector<double>& x, const std::vector<double>& y) {
        Cloud cloud;
        cloud.points.reserve(x.size());
        for (std::size_t i = 0; i < x.size(); ++i) cloud.points.push_back(point(x[i], y[i]));
        return cloud;
    }
    /// The nearest places, with squared distances (of chords).
    void collect(const Point& place, std::size_t count, double farthest, bool known,
                 std::vector<Neighbour>& found) const {
        Found set(found, count, farthest, known);
        if (count <= size() / 8) {
            index_.radiusSearchCustomCallback(place.data(), set);
        } else {
            // Where a good part of all is wanted, the tree is no help.
            squares(place, found);
            if (known)
                found.erase(std::remove_if(found.begin(), found.end(),
                                           [&](const Neighbour& one) { return !(one.distance <= farthest); }),
                            found.end());
        }
        set.keep_nearest();
    }
    static double apart(const Point& a, const Point& b) {
        double sum = 0;
        for (std::size_t d = 0; d < Dimensions; ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
        return std::sqrt(sum);
    }
    void squares(const Point& place, std::vector<Neighbour>& found) const {
        found.resize(size());
        for (std::size_t i = 0; i < size(); ++i) {
            double sum = 0;
            for (std::size_t d = 0; d < Dimensions; ++d) {
                const double difference = place[d] - cloud_.points[i][d];
                sum += difference * difference;
            }
            found[i] = {sum, static_cast<std::uint32_t>(i)};
        }
    }
    static void to_distances(std::vector<Neighbour>& found) {
        for (Neighbour& neighbour : found) {
            const double chord = std::sqrt(neighbour.distance);
            if constexpr (Dimensions == 2)
                neighbour.distance = chord;
            else
                neighbour.distance = 2 * earth_radius * std::asin(std::min(1.0, chord / (2 * earth_radius)));
        }
    }

    Cloud cloud_;
    nanoflann::KDTreeSingleIndexAdaptor<nanoflann::L2_Simple_Adaptor<double, Cloud>, Cloud, Dimensions> index_;
};

PlaceIndex::PlaceIndex(const std::vector<double>& x, const std::vector<double>& y, Distances distances) {
    if (distances == Distances::plane)
        tree_ = std::make_unique<TreeOf<2>>(x, y);
    else
        tree_ = std::make_unique<TreeOf<3>>(x, y);
}
PlaceIndex::~PlaceIndex() = default;
PlaceIndex::PlaceIndex(PlaceIndex&&) noexcept = default;
PlaceIndex& PlaceIndex::operator=(PlaceIndex&&) noexcept = default;

std::size_t PlaceIndex::size() const { return tree_->size(); }
void PlaceIndex::nearest(double x, double y, std::size_t count, std::vector<Neighbour>& found, LastSearch* last) const {
    tree_->nearest(x, y, count, found, last);
}
void PlaceIndex::within(double x, double y, double radius, std::vector<Neighbour>& found) const {
    tree_->within(x, y, radius, found);
}
void PlaceIndex::all(double x, double y, std::vector<Neighbour>& found) const { tree_->all(x, y, found); }

std::vector<std::uint32_t> order_by_place(const std::vector<double>& x, const std::vector<double>& y) {
    std::vector<std::uint32_t> order(x.size());
    std::iota(order.begin(), order.end(), 0u);
    if (x.empty()) return order;
    const auto [left, right] = std::minmax_element(x.begin(), x.end());
    const auto [bottom, top] = std::minmax_element(y.begin(), y.end());
    const double reach = std::max({*right - *left, *top - *bottom, std::numeric_limits<double>::min()});
    // Bits of a coordinate, with a gap between each two.
    const auto spread = [&](double value, double from) {
        auto bits = static_cast<std::uint64_t>((value - from) / reach * 65535);
        bits = (bits | bits << 8) & 0x00ff00ff;
        bits = (bits | bits << 4) & 0x0f0f0f0f;
        bits = (bits | bits << 2) & 0x33333333;
        return (bits | bits << 1) & 0x55555555;
    };
    std::vector<std::uint64_t> keys(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) keys[i] = spread(x[i], *left) | spread(y[i], *bottom) << 1;
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return keys[a] < keys[b]; });
    return order;
}

}  // namespace landcarbon
