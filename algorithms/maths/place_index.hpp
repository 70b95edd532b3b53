// Land Carbon Toolbox: the places nearest to a place, in the plane or on the globe.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace landcarbon {

/// Radius of the sphere that distances between longitudes and latitudes are measured on, m.
constexpr double earth_radius = 6371000;

/// How distances are measured.
enum class Distances {
    plane,  ///< straight lines, in the unit of the coordinates
    globe   ///< great circles in m; x is a longitude and y a latitude, in degrees
};

/// A place that was found.
struct Neighbour {
    double distance = 0;
    std::uint32_t place = 0;
};

/// What a search for the nearest places found, for the next one: where many places are searched around one after
/// another, each near the last, it tells how far the next search must look.
struct LastSearch {
    double x = 0, y = 0, reach = 0;  ///< the place, and the distance of the farthest that was found
    std::size_t count = 0;           ///< how many were wanted; 0: there was no search
};

/// Places that are searched by distance. On the globe they are kept as points of space: the chord between two points
/// grows with the great circle, so that the antimeridian and the poles are places like any other.
class PlaceIndex {
public:
    /// @pre x and y are as long as each other, finite and fewer than 2^32
    PlaceIndex(const std::vector<double>& x, const std::vector<double>& y, Distances distances);
    ~PlaceIndex();
    PlaceIndex(PlaceIndex&&) noexcept;
    PlaceIndex& operator=(PlaceIndex&&) noexcept;

    std::size_t size() const;
    /// The `count` places nearest to (x, y), a place there among them, in no order. Of places at one distance those
    /// with the lower number come first. @param found is replaced
    /// @param last is used and replaced; with any, the same places are found, in another order perhaps
    void nearest(double x, double y, std::size_t count, std::vector<Neighbour>& found,
                 LastSearch* last = nullptr) const;
    /// All places at most `radius` away, in no order.
    void within(double x, double y, double radius, std::vector<Neighbour>& found) const;
    /// All places, in their order.
    void all(double x, double y, std::vector<Neighbour>& found) const;

private:
    class Tree;
    template <int Dimensions>
    class TreeOf;
    std::unique_ptr<Tree> tree_;
};

/// Numbers of the places in an order in which places near one another follow one another (Morton order of their
/// coordinates), so that work on neighbours finds them in the processor's cache.
std::vector<std::uint32_t> order_by_place(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace landcarbon
