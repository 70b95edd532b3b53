// Land Carbon Toolbox: the times of a series' steps, as users write them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/series_times.hpp"

#include <cmath>

#include "spec/values.hpp"

namespace landcarbon {

std::vector<double> series_times(const std::string& years, std::size_t steps, const std::string& parameter) {
    std::vector<double> times = read_years(years, parameter);
    if (times.empty()) {
        for (std::size_t i = 1; i <= steps; ++i) times.push_back(static_cast<double>(i));
        return times;
    }
    check_year_count(times, steps, parameter, "a series of " + std::to_string(steps) + " steps", "step");
    return times;
}

std::string times_text(const std::vector<double>& times, bool years_given) {
    if (times.empty()) return "none";
    if (!years_given) return "1.." + std::to_string(times.size()) + " (no years given)";
    std::string text =
        counted(times.size(), "year") + ", " + number_text(times.front()) + " to " + number_text(times.back());
    bool even = true;
    for (std::size_t i = 2; i < times.size(); ++i)
        even = even && std::abs((times[i] - times[i - 1]) - (times[1] - times[0])) <= 1e-9 * std::abs(times[i]);
    if (even) return text;
    if (times.size() > 30) return text + " (uneven steps)";
    text = counted(times.size(), "year") + ", ";
    for (std::size_t i = 0; i < times.size(); ++i) text += (i ? ", " : "") + number_text(times[i]);
    return text + " (uneven steps)";
}

}  // namespace landcarbon
