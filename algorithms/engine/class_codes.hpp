// Land Carbon Toolbox: the classes that a run meets, numbered as they turn up.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace landcarbon {

/// Class codes (any integers) and their slots 1..n, shared by all class rasters of a run; slot 0 is "no class".
/// Slots depend on the order in which threads meet the classes: results are always told by code.
class ClassCodes {
public:
    static constexpr std::size_t most = 65535;
    /// The code's slot; a new one for a new code. Returns 0 when there are more than `most` codes.
    std::uint16_t slot(std::int64_t code);
    /// Slots in use, including slot 0.
    std::size_t slots() const;
    std::int64_t code(std::size_t slot) const;
    /// All codes met so far, ascending.
    std::vector<std::int64_t> codes() const;
    /// Slots from `first` on whose code fulfils `is_wanted`.
    std::vector<std::uint16_t> slots_where(bool (*is_wanted)(double code), std::size_t first) const;
    /// Who can tell why a class that nobody expects may be on a map, such as NoData that is not declared. The function
    /// gives a sentence, or nothing.
    void explained_by(std::function<std::string(std::int64_t code)> explain) { explain_ = std::move(explain); }
    std::string explanation(std::int64_t code) const { return explain_ ? explain_(code) : std::string(); }

private:
    mutable std::mutex mutex_;
    std::unordered_map<std::int64_t, std::uint16_t> slots_;
    std::vector<std::int64_t> codes_;
    std::function<std::string(std::int64_t)> explain_;
};

}  // namespace landcarbon
