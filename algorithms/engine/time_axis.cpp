// Land Carbon Toolbox: the dates that NetCDF and its kin give to the bands of a raster.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/time_axis.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <optional>

#include "maths/calendar.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

struct Date {
    std::int64_t year = 0;
    int month = 1, day = 1;
};

enum class Calendar { gregorian, noleap, all_leap, days_360, julian };

std::int64_t floored(std::int64_t value, std::int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

bool is_leap(std::int64_t year, Calendar calendar) {
    switch (calendar) {
        case Calendar::gregorian:
            return is_leap_year(year);
        case Calendar::julian:
            return year % 4 == 0;
        case Calendar::all_leap:
            return true;
        default:
            return false;
    }
}

int days_of(std::int64_t year, int month, Calendar calendar) {
    if (calendar == Calendar::days_360) return 30;
    return days_of_months[static_cast<std::size_t>(month - 1)] + (month == 2 && is_leap(year, calendar) ? 1 : 0);
}

/// Days from the first of January of the year 0.
std::int64_t days_before(std::int64_t year, Calendar calendar) {
    switch (calendar) {
        case Calendar::gregorian:
            return 365 * year + floored(year + 3, 4) - floored(year + 99, 100) + floored(year + 399, 400);
        case Calendar::julian:
            return 365 * year + floored(year + 3, 4);
        case Calendar::noleap:
            return 365 * year;
        case Calendar::all_leap:
            return 366 * year;
        default:
            return 360 * year;
    }
}

Date after(Date date, std::int64_t days, Calendar calendar) {
    std::int64_t rest = days_before(date.year, calendar) + date.day - 1 + days;
    for (int month = 1; month < date.month; ++month) rest += days_of(date.year, month, calendar);
    std::int64_t year = static_cast<std::int64_t>(std::floor(static_cast<double>(rest) / 366.0));
    while (days_before(year + 1, calendar) <= rest) ++year;
    rest -= days_before(year, calendar);
    int month = 1;
    for (; month < 12 && rest >= days_of(year, month, calendar); ++month) rest -= days_of(year, month, calendar);
    return {year, month, static_cast<int>(rest) + 1};
}

std::string text_of(const Date& date) {
    char text[48];
    std::snprintf(text, sizeof text, "%04lld-%02d-%02d", static_cast<long long>(date.year), date.month, date.day);
    return text;
}

/// "1900-1-1 00:00:00.0" and "1900-01-01T00:00Z".
std::optional<Date> reference(std::string_view text) {
    int year = 0, month = 1, day = 1;
    const std::string copy(text);
    if (std::sscanf(copy.c_str(), "%d-%d-%d", &year, &month, &day) < 1) return std::nullopt;
    if (month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
    return Date{year, month, day};
}

}  // namespace

std::string date_on_axis(double value, std::string_view units, std::string_view calendar_name) {
    constexpr double farthest = 1e12;
    if (!std::isfinite(value) || std::abs(value) > farthest) return {};
    const auto is = [&](std::initializer_list<const char*> names, std::string_view word) {
        return std::any_of(names.begin(), names.end(), [&](const char* name) { return word == name; });
    };
    if (units.substr(0, 15) == "day as %Y%m%d.%") {
        const auto number = static_cast<std::int64_t>(value);
        const Date date{number / 10000, static_cast<int>(number / 100 % 100), static_cast<int>(number % 100)};
        return date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= 31 ? text_of(date) : "";
    }
    const auto since = units.find(" since ");
    if (since == std::string_view::npos) return {};
    const std::string_view unit = trimmed(units.substr(0, since));
    const auto start = reference(trimmed(units.substr(since + 7)));
    if (!start) return {};
    Calendar calendar = Calendar::gregorian;
    if (is({"noleap", "365_day"}, calendar_name)) calendar = Calendar::noleap;
    if (is({"all_leap", "366_day"}, calendar_name)) calendar = Calendar::all_leap;
    if (calendar_name == "360_day") calendar = Calendar::days_360;
    if (calendar_name == "julian") calendar = Calendar::julian;
    double days = 0;
    if (is({"day", "days", "d"}, unit))
        days = value;
    else if (is({"hour", "hours", "hr", "hrs", "h"}, unit))
        days = value / 24;
    else if (is({"minute", "minutes", "min", "mins"}, unit))
        days = value / 1440;
    else if (is({"second", "seconds", "sec", "secs", "s"}, unit))
        days = value / 86400;
    else if (is({"month", "months"}, unit)) {
        const std::int64_t months = start->year * 12 + start->month - 1 + static_cast<std::int64_t>(std::floor(value));
        const std::int64_t year = floored(months, 12);
        return text_of({year, static_cast<int>(months - year * 12) + 1, start->day});
    } else if (is({"year", "years", "common_year", "common_years"}, unit))
        return text_of({start->year + static_cast<std::int64_t>(std::floor(value)), start->month, start->day});
    else
        return {};
    return text_of(after(*start, static_cast<std::int64_t>(std::floor(days + 1e-6)), calendar));
}

std::string date_of_band(GDALDatasetH dataset, int band) {
    constexpr std::string_view before = "NETCDF_DIM_";
    for (char** item = GDALGetMetadata(GDALGetRasterBand(dataset, band), nullptr); item && *item; ++item) {
        const std::string_view text = *item;
        const auto equals = text.find('=');
        if (text.substr(0, before.size()) != before || equals == std::string_view::npos) continue;
        const std::string axis(text.substr(before.size(), equals - before.size()));
        const char* const units = GDALGetMetadataItem(dataset, (axis + "#units").c_str(), nullptr);
        const char* const calendar = GDALGetMetadataItem(dataset, (axis + "#calendar").c_str(), nullptr);
        const auto value = parse_number(text.substr(equals + 1));
        if (!units || !value) continue;
        if (std::string date = date_on_axis(*value, units, calendar ? calendar : ""); !date.empty()) return date;
    }
    return {};
}

}  // namespace landcarbon
