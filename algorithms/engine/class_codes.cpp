// Land Carbon Toolbox: the classes that a run meets, numbered as they turn up.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/class_codes.hpp"

#include <algorithm>

namespace landcarbon {

std::uint16_t ClassCodes::slot(std::int64_t code) {
    const std::scoped_lock lock(mutex_);
    const auto known = slots_.find(code);
    if (known != slots_.end()) return known->second;
    if (codes_.size() >= most) return 0;
    codes_.push_back(code);
    const auto slot = static_cast<std::uint16_t>(codes_.size());
    slots_.emplace(code, slot);
    return slot;
}

std::size_t ClassCodes::slots() const {
    const std::scoped_lock lock(mutex_);
    return codes_.size() + 1;
}

std::int64_t ClassCodes::code(std::size_t slot) const {
    const std::scoped_lock lock(mutex_);
    return codes_.at(slot - 1);
}

std::vector<std::int64_t> ClassCodes::codes() const {
    std::vector<std::int64_t> sorted;
    {
        const std::scoped_lock lock(mutex_);
        sorted = codes_;
    }
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

std::vector<std::uint16_t> ClassCodes::slots_where(bool (*is_wanted)(double code), std::size_t first) const {
    const std::scoped_lock lock(mutex_);
    std::vector<std::uint16_t> found;
    for (std::size_t slot = first; slot <= codes_.size(); ++slot)
        if (is_wanted(static_cast<double>(codes_[slot - 1]))) found.push_back(static_cast<std::uint16_t>(slot));
    return found;
}

}  // namespace landcarbon
