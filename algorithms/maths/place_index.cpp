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

/// By squared distance, then by number.
bool nearer(const Neighbour& a, const Neighbour& b) {
    return a.distance != b.distance ? a.distance < b.distance : a.place < b.place;
}

/// What nanoflann hands the places to that it comes across: all within a squared distance, which shrinks to that of
/// the k-th nearest where only k are wanted. (nanoflann's own sets differ between its versions, and sort as they go.)
class Found {
public:
    using DistanceType = double;  // nanoflann 1.7 asks for it
    using IndexType = std::size_t;
    Found(std::vector<Neighbour>& found, std::size_t wanted, double farthest)
        : found_(found), wanted_(wanted), farthest_(farthest) {
        found_.clear();
    }
    std::size_t size() const { return found_.size(); }
    bool empty() const { return found_.empty(); }
    bool full() const { return true; }
    // Places at the farthest distance itself count too.
    double worstDist() const { return std::nextafter(farthest_, std::numeric_limits<double>::infinity()); }
    bool addPoint(double squared, std::size_t place) {
        found_.push_back({squared, static_cast<std::uint32_t>(place)});
        if (found_.size() == wanted_)
            farthest_ = std::max_element(found_.begin(), found_.end(), nearer)->distance;
        else if (found_.size() >= 2 * wanted_ && wanted_ > 0)
            keep_nearest();
        return true;
    }
    void sort() {}
    void keep_nearest() {
        if (wanted_ == 0 || found_.size() <= wanted_) return;
        const auto last = found_.begin() + static_cast<std::ptrdiff_t>(wanted_) - 1;
        std::nth_element(found_.begin(), last, found_.end(), nearer);
        found_.resize(wanted_);
        farthest_ = found_.back().distance;
    }

private:
    std::vector<Neighbour>& found_;
    std::size_t wanted_;  ///< 0: all within the distance
    double farthest_;     ///< squared
};

}  // namespace

class PlaceIndex::Tree {
public:
    virtual ~Tree() = default;
    virtual std::size_t size() const = 0;
    virtual void nearest(double x, double y, std::size_t count, std::vector<Neighbour>& found) const = 0;
    virtual void within(double x, double y, double radius, std::vector<Neighbour>& found) const = 0;
    virtual void all(double x, double y, std::vector<Neighbour>& found) const = 0;
};

template <int Dimensions>
class PlaceIndex::TreeOf final : public Tree {
    using Point = std::array<double, Dimensions>;

public:
    TreeOf(const std::vector<double>& x, const std::vector<double>& y)
        : cloud_(points(x, y)), index_(Dimensions, cloud_) {}
    std::size_t size() const override { return cloud_.points.size(); }
    void nearest(double x, double y, std::size_t count, std::vector<Neighbour>& found) const override {
        count = std::min(count, size());
        if (count == 0) return found.clear();
        const Point place = point(x, y);
        Found set(found, count, std::numeric_limits<double>::max());
        // Where a good part of all is wanted, the tree is no help.
        if (count > size() / 8)
            squares(place, found);
        else
            index_.radiusSearchCustomCallback(place.data(), set);
        set.keep_nearest();
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
void PlaceIndex::nearest(double x, double y, std::size_t count, std::vector<Neighbour>& found) const {
    tree_->nearest(x, y, count, found);
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
