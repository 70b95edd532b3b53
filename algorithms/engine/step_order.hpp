// Land Carbon Toolbox: years and numbers in the names of files and bands, and orders that contradict them.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace landcarbon {

/// What the names of a series say of its order.
struct NamedOrder {
    /// The year of each step, where each name holds one and they are not all the same; else empty.
    std::vector<std::int64_t> years;
    /// True when the names are dated or numbered and do not ascend.
    bool disordered = false;
    /// What tells the steps apart, step by step: years, or numbers as in npp1, npp10, npp2. Empty when nothing does.
    std::vector<std::string> marks;
    /// Names without a year where nearly all others hold one; years, disordered and marks are of those others alone.
    std::vector<std::string> undated;
};

/// The years in one name, in their order: four digits from 1800 to 2200, or the first four of a date such as 20010131,
/// 200101 and 2001032 from 1900 to 2100.
std::vector<std::int64_t> years_of_name(const std::string& name);

/// The years from first to last, "1990-2020", as a result's name says them: "2020-1990" where the later map was given
/// first, "1990" for one year. Empty where the years neither rise nor fall, so that no name states what was not
/// computed.
std::string period_text(const std::vector<std::int64_t>& years);

/// Reads years, as years_of_name does, years of two digits across a century (97, 98, 99, 00), and numbers in names;
/// where these are the same, months and seasons by their names, which may begin with any of them.
/// @param names of files without folder and ending, or of bands
NamedOrder order_of_names(const std::vector<std::string>& names);

/// The name without numbers and what joins them: "tmp_2001" -> "tmp".
std::string name_stem(const std::string& name);

/// A year that stands in two names while nearly every other stands in one.
std::optional<std::int64_t> doubled_year(const std::vector<std::int64_t>& years);

/// Whether years increase, but not by one and the same number: 2000, 2005, 2015.
bool are_uneven(const std::vector<std::int64_t>& years);

/// Why the bands of one series seem to be of several quantities: a band of quality or a mean among the steps (QC,
/// 2001-2010_mean), or two quantities with the same dates (NDVI_2001, EVI_2001, ...). Names of months and seasons make
/// no quantity. Empty when nothing shows.
/// @param names of files without folder and ending, or of bands, step by step
std::string mixed_quantities(const std::vector<std::string>& names);

/// Years as users list them: empty when `years` is empty.
/// @param years numbers, dates and ranges of whole years, separated by commas, strictly increasing: "1990, 1995, 2000",
///        "2001-2020", "1985, 1990, 2000-2020", "2000.5, 2001.5"
/// @param parameter id of the argument that holds `years`, for messages
/// @throws UserError when a year cannot be read or years do not increase
std::vector<double> read_years(const std::string& years, const std::string& parameter);

/// @param of what has the years, with its number, as "2 maps", and `each` of them, as "map"
/// @throws UserError when there are not `count` years
void check_year_count(const std::vector<double>& years, std::size_t count, const std::string& parameter,
                      const std::string& of, const std::string& each);

/// The same years; nothing when they cannot be read so.
std::optional<std::vector<double>> listed_years(const std::string& text);

}  // namespace landcarbon
