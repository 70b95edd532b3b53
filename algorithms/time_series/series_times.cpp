// Land Carbon Toolbox: the times of a series' steps, as users write them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/series_times.hpp"

#include <cmath>
#include <string_view>

#include "engine/cell_number.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

/// More steps than any stack has; keeps "1-999999999" from filling the memory.
constexpr std::size_t most_years = 1000000;

/// "1990-2010" as first and last year; nothing when the text is not a range. A minus at the start is a sign.
bool read_range(std::string_view entry, std::int64_t& first, std::int64_t& last) {
    const std::size_t dash = entry.find('-', 1);
    if (dash == std::string_view::npos) return false;
    const auto from = parse_integer(trimmed(entry.substr(0, dash)));
    const auto to = parse_integer(trimmed(entry.substr(dash + 1)));
    if (!from || !to) return false;
    first = *from;
    last = *to;
    return true;
}

}  // namespace

std::vector<double> read_years(const std::string& years, const std::string& parameter) {
    const auto reject = [&](const std::string& reason) { throw wrong(parameter, reason); };
    std::vector<double> times;
    const auto add = [&](double time) {
        if (!times.empty() && time <= times.back())
            reject("the years must increase from step to step, but " + number_text(time) + " follows " +
                   number_text(times.back()) +
                   (times.back() >= 1000 && time < 1000 ? "; is it a year with a digit left out?"
                                                        : "; put the steps of the series into the order of time"));
        // Steps may be counted from 0 or 1.
        if (time > latest_first_year && (times.empty() || times.front() >= 1000))
            reject(number_text(time) + " is no year; write years alone, not dates or days");
        if (!times.empty() && times.front() >= 1000 && times.front() <= 2999 && time > 2999)
            reject(number_text(time) + " is no year beside " + number_text(times.front()));
        // 204, 2005, 2006: a digit is missing.
        if (times.size() == 1 && times.front() >= 100 && times.front() < 1000 && time >= 1500)
            reject(number_text(times.front()) + " is no year beside " + number_text(time));
        if (times.size() == most_years) reject("more than " + std::to_string(most_years) + " years");
        times.push_back(time);
    };
    for (const auto& entry : split_list(plain_years(years))) {
        const auto number = parse_number(entry);
        std::int64_t first = 0, last = 0;
        if (number && std::isfinite(*number)) {
            add(*number);
        } else if (!number && read_range(entry, first, last)) {
            if (last < first) reject("the range " + entry + " runs backwards; write the earlier year first");
            // The bound before the loop, as last - first may not fit into an integer.
            if (static_cast<double>(last) - static_cast<double>(first) >= static_cast<double>(most_years))
                reject("the range " + entry + " has more than " + std::to_string(most_years) + " years");
            for (std::int64_t year = first; year <= last; ++year) add(static_cast<double>(year));
        } else if (const auto year = read_cell_year(entry); year && !number) {
            add(*year);
        } else
            reject("\"" + entry +
                   "\" is not a year; write years and ranges separated by commas, as in 1990,1995,2000-2020");
    }
    return times;
}

std::vector<double> series_times(const std::string& years, std::size_t steps, const std::string& parameter) {
    std::vector<double> times = read_years(years, parameter);
    if (times.empty()) {
        for (std::size_t i = 1; i <= steps; ++i) times.push_back(static_cast<double>(i));
        return times;
    }
    if (times.size() != steps)
        throw wrong(parameter, std::to_string(times.size()) + " year" + (times.size() == 1 ? "" : "s") +
                                   " for a series of " + std::to_string(steps) + " steps; give one year for each step");
    return times;
}

std::string times_text(const std::vector<double>& times, bool years_given) {
    if (times.empty()) return "none";
    if (!years_given) return "1.." + std::to_string(times.size()) + " (no years given)";
    std::string text =
        std::to_string(times.size()) + " years, " + number_text(times.front()) + " to " + number_text(times.back());
    bool even = true;
    for (std::size_t i = 2; i < times.size(); ++i)
        even = even && std::abs((times[i] - times[i - 1]) - (times[1] - times[0])) <= 1e-9 * std::abs(times[i]);
    if (even) return text;
    if (times.size() > 30) return text + " (uneven steps)";
    text = std::to_string(times.size()) + " years, ";
    for (std::size_t i = 0; i < times.size(); ++i) text += (i ? ", " : "") + number_text(times[i]);
    return text + " (uneven steps)";
}

}  // namespace landcarbon
