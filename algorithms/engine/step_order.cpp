// Land Carbon Toolbox: years and numbers in the names of files and bands, and orders that contradict them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/step_order.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <set>
#include <string_view>

#include "engine/text.hpp"
#include "engine/cell_number.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

/// One run of digits of a name.
struct Digits {
    std::string text;
    std::int64_t number = 0;
    std::int64_t year = 0;  ///< 0: none
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::vector<Digits> digits_of(const std::string& name) {
    std::vector<Digits> found;
    for (std::size_t i = 0; i < name.size();) {
        if (!is_digit(name[i])) {
            ++i;
            continue;
        }
        Digits digits;
        while (i < name.size() && is_digit(name[i])) digits.text += name[i++];
        if (const auto number = parse_integer(digits.text)) digits.number = *number;
        const auto part = [&](std::size_t from, std::size_t count) {
            return parse_integer(digits.text.substr(from, count)).value_or(0);
        };
        const auto between = [](std::int64_t value, std::int64_t low, std::int64_t high) {
            return value >= low && value <= high;
        };
        const std::size_t length = digits.text.size();
        const bool dated = length == 4 || (length == 6 && between(part(4, 2), 1, 12)) ||
                           (length == 7 && between(part(4, 3), 1, 366)) ||
                           (length == 8 && between(part(4, 2), 1, 12) && between(part(6, 2), 1, 31));
        // Longer numbers of other meanings, such as the paths and rows of a satellite, often begin like an old year.
        if (dated && between(part(0, 4), length == 4 ? 1800 : 1900, length == 4 ? 2200 : 2100))
            digits.year = part(0, 4);
        found.push_back(std::move(digits));
    }
    return found;
}

/// A name in half-width characters, with years such as 二〇〇一年 in digits.
std::string plain_name(const std::string& name) {
    static constexpr std::array<std::array<std::string_view, 2>, 10> numerals = {{{"〇", "零"},
                                                                                  {"一", "壹"},
                                                                                  {"二", "贰"},
                                                                                  {"三", "叁"},
                                                                                  {"四", "肆"},
                                                                                  {"五", "伍"},
                                                                                  {"六", "陆"},
                                                                                  {"七", "柒"},
                                                                                  {"八", "捌"},
                                                                                  {"九", "玖"}}};
    constexpr std::string_view mark = "年";
    std::string plain = half_width(name);
    for (std::size_t at = plain.find(mark); at != std::string::npos; at = plain.find(mark, at + 1)) {
        std::string digits;
        std::size_t start = at;
        while (digits.size() < 4 && start >= 3) {
            const std::string_view sign = std::string_view(plain).substr(start - 3, 3);
            const auto numeral = std::find_if(numerals.begin(), numerals.end(),
                                              [&](const auto& words) { return words[0] == sign || words[1] == sign; });
            if (numeral == numerals.end()) break;
            digits.insert(digits.begin(), static_cast<char>('0' + (numeral - numerals.begin())));
            start -= 3;
        }
        if (digits.size() != 4) continue;
        plain.replace(start, at - start, digits);
        at = start + digits.size();
    }
    return plain;
}

}  // namespace

std::vector<std::int64_t> years_of_name(const std::string& name) {
    std::vector<std::int64_t> years;
    for (const Digits& digits : digits_of(plain_name(name)))
        if (digits.year > 0) years.push_back(digits.year);
    return years;
}

std::string period_text(const std::vector<std::int64_t>& years) {
    if (years.empty() || (!std::is_sorted(years.begin(), years.end()) && !std::is_sorted(years.rbegin(), years.rend())))
        return {};
    const std::string first = std::to_string(years.front()), last = std::to_string(years.back());
    return first == last ? first : first + "-" + last;
}

namespace {

/// How many steps a series has at least for one without a year to be told from the others.
constexpr std::size_t fewest_for_undated = 4;

/// Numbers of two digits as years, where these lie evenly apart across a century and the numbers do not.
std::vector<std::int64_t> years_of_two_digits(const std::vector<std::int64_t>& numbers) {
    std::vector<std::int64_t> years;
    for (const std::int64_t number : numbers) years.push_back(number + (number < 50 ? 2000 : 1900));
    const auto widest = [](std::vector<std::int64_t> values) {
        std::sort(values.begin(), values.end());
        std::int64_t gap = 0;
        for (std::size_t i = 1; i < values.size(); ++i) gap = std::max(gap, values[i] - values[i - 1]);
        return gap;
    };
    const bool across = std::any_of(years.begin(), years.end(), [](auto year) { return year >= 2000; }) &&
                        std::any_of(years.begin(), years.end(), [](auto year) { return year < 2000; });
    if (years.size() < 3 || !across || widest(numbers) <= 10 || widest(years) > 10) return {};
    return years;
}

/// Whether numbers that go round, such as those of months, ascend from any of them on.
bool ascends_round(const std::vector<int>& numbers) {
    std::size_t descents = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) descents += numbers[(i + 1) % numbers.size()] <= numbers[i];
    return descents <= 1;
}

/// The words for months, or for seasons, of names that hold one each, all of them different.
struct NamedMonths {
    std::vector<int> numbers;
    std::vector<std::string> words;
};
NamedMonths months_of_names(const std::vector<std::string>& names);

}  // namespace

NamedOrder order_of_names(const std::vector<std::string>& names) {
    NamedOrder order;
    if (names.size() < 2) return order;
    if (std::vector<std::string> dated, undated; names.size() >= fewest_for_undated) {
        for (const auto& name : names) (years_of_name(name).empty() ? undated : dated).push_back(name);
        if (!undated.empty() && 4 * undated.size() <= names.size()) {
            order = order_of_names(dated);
            order.undated = std::move(undated);
            return order;
        }
    }
    std::vector<std::vector<Digits>> all;
    std::size_t places = 1000;
    for (const auto& name : names) {
        all.push_back(digits_of(plain_name(name)));
        places = std::min(places, all.back().size());
    }
    const auto varies = [&](std::size_t place) {
        return std::any_of(all.begin(), all.end(),
                           [&](const auto& one) { return one[place].text != all.front()[place].text; });
    };
    std::vector<std::size_t> keys;
    // The date first, then other short numbers (months, indices) that differ.
    for (std::size_t place = 0; place < places && keys.empty(); ++place)
        if (varies(place) && std::all_of(all.begin(), all.end(), [&](const auto& one) { return one[place].year > 0; }))
            keys.push_back(place);
    if (!keys.empty())
        for (const auto& one : all) order.years.push_back(one[keys.front()].year);
    for (std::size_t place = 0; place < places; ++place)
        if (varies(place) && !std::count(keys.begin(), keys.end(), place) &&
            std::all_of(all.begin(), all.end(), [&](const auto& one) { return one[place].text.size() <= 4; }))
            keys.push_back(place);
    if (keys.empty()) {
        NamedMonths months = months_of_names(names);
        if (months.numbers.size() < 3 || ascends_round(months.numbers)) return order;
        order.disordered = true;
        order.marks = std::move(months.words);
        return order;
    }
    // Without dates only one number that differs tells an order; of two, nobody knows which.
    if (order.years.empty() && keys.size() > 1) return order;
    // f0 and c10 are numbers of different things.
    if (order.years.empty() && std::any_of(names.begin(), names.end(), [&](const auto& name) {
            return name_stem(name) != name_stem(names.front());
        }))
        return order;
    const auto before = [&](const std::vector<Digits>& a, const std::vector<Digits>& b) {
        for (const std::size_t key : keys)
            if (a[key].number != b[key].number) return a[key].number < b[key].number;
        return false;
    };
    order.disordered = !std::is_sorted(all.begin(), all.end(), before);
    // 98, 99, 00, 01: years without their century.
    if (keys.size() == 1 && order.years.empty()) {
        const std::size_t key = keys.front();
        std::vector<std::int64_t> numbers;
        for (const auto& one : all)
            if (one[key].text.size() == 2) numbers.push_back(one[key].number);
        if (numbers.size() == all.size())
            if (std::vector<std::int64_t> years = years_of_two_digits(numbers); !years.empty()) {
                order.disordered = !std::is_sorted(years.begin(), years.end());
                if (order.disordered) order.years = std::move(years);
            }
    }
    for (const auto& one : all) {
        std::string mark;
        for (const std::size_t key : keys) mark += (mark.empty() ? "" : "-") + one[key].text;
        order.marks.push_back(std::move(mark));
    }
    return order;
}

std::string name_stem(const std::string& name) {
    std::string stem;
    for (const char c : name)
        if (!is_digit(c) && c != '_' && c != '-' && c != '.' && c != ' ')
            stem += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return stem;
}

std::optional<std::int64_t> doubled_year(const std::vector<std::int64_t>& years) {
    std::map<std::int64_t, std::size_t> names;
    for (const std::int64_t year : years) ++names[year];
    std::optional<std::int64_t> doubled;
    for (const auto& [year, count] : names) {
        if (count == 1) continue;
        if (count > 2 || doubled) return std::nullopt;
        doubled = year;
    }
    return names.size() >= fewest_for_undated ? doubled : std::nullopt;
}

bool are_uneven(const std::vector<std::int64_t>& years) {
    if (years.size() < 3) return false;
    bool uneven = false;
    for (std::size_t i = 1; i < years.size(); ++i) {
        if (years[i] <= years[i - 1]) return false;
        uneven = uneven || years[i] - years[i - 1] != years[1] - years[0];
    }
    return uneven;
}

namespace {

/// Names of months and seasons, which tell steps apart and not quantities.
constexpr std::array calendar_words = {"jan",  "feb",    "mar",    "apr",      "may",      "jun",     "jul",   "aug",
                                       "sep",  "sept",   "oct",    "nov",      "dec",      "january", "march", "april",
                                       "june", "july",   "august", "february", "october",  "spring",  "fall",  "summer",
                                       "djf",  "autumn", "winter", "november", "mam",      "jja",     "son",   "wet",
                                       "dry",  "rainy",  "season", "december", "september"};
constexpr std::array calendar_signs = {"春", "夏", "秋", "冬", "季", "月", "一", "二",
                                       "三", "四", "五", "六", "七", "八", "九", "十"};
/// What bands are called that come beside the steps of a product.
constexpr std::array beside_words = {"qc",    "qa",     "quality", "flag",   "flags",      "reliability", "mask",
                                     "mean",  "avg",    "average", "median", "std",        "stddev",      "stdev",
                                     "count", "counts", "error",   "errors", "uncertainty"};
constexpr std::array beside_signs = {"均值", "平均", "质量", "標準差", "标准差"};

/// The words of a name, in small letters; numbers and what joins words are left out.
std::vector<std::string> words_of_name(const std::string& name) {
    std::vector<std::string> words(1);
    for (const char c : lower_case(half_width(name))) {
        const bool letter = (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
        if (letter)
            words.back() += c;
        else if (!words.back().empty())
            words.emplace_back();
    }
    if (words.back().empty()) words.pop_back();
    return words;
}

NamedMonths months_of_names(const std::vector<std::string>& names) {
    static constexpr std::array months = {"jan", "feb", "mar", "apr", "may", "jun",
                                          "jul", "aug", "sep", "oct", "nov", "dec"};
    static constexpr std::array chinese_months = {"一月", "二月", "三月", "四月", "五月",   "六月",
                                                  "七月", "八月", "九月", "十月", "十一月", "十二月"};
    static constexpr std::array<std::array<std::string_view, 4>, 4> seasons = {{{"spring", "mam", "春", "春季"},
                                                                                {"summer", "jja", "夏", "夏季"},
                                                                                {"autumn", "fall", "秋", "秋季"},
                                                                                {"winter", "djf", "冬", "冬季"}}};
    const auto is_calendar = [](const std::string& word) {
        return std::find(calendar_words.begin(), calendar_words.end(), word) != calendar_words.end();
    };
    NamedMonths of_months, of_seasons;
    for (const std::string& name : names) {
        for (const std::string& word : words_of_name(name)) {
            int number = 0;
            for (std::size_t i = 0; i < months.size(); ++i)
                // "march" and "sept", but not "marsh".
                if ((is_calendar(word) && word.rfind(months[i], 0) == 0) || word.ends_with(chinese_months[i]))
                    number = static_cast<int>(i) + 1;
            if (number > 0) {
                of_months.numbers.push_back(number);
                of_months.words.push_back(word);
            }
            for (std::size_t i = 0; i < seasons.size(); ++i)
                if (std::find(seasons[i].begin(), seasons[i].end(), word) != seasons[i].end() ||
                    word.ends_with(seasons[i][3])) {
                    of_seasons.numbers.push_back(static_cast<int>(i) + 1);
                    of_seasons.words.push_back(word);
                }
        }
    }
    for (NamedMonths* const found : {&of_months, &of_seasons}) {
        const std::set<int> different(found->numbers.begin(), found->numbers.end());
        if (found->numbers.size() == names.size() && different.size() == names.size()) return std::move(*found);
    }
    return {};
}

/// What a name calls the quantity: its words without those of the calendar.
std::string quantity_of_name(const std::string& name) {
    std::string quantity;
    for (std::string word : words_of_name(name)) {
        if (std::find(calendar_words.begin(), calendar_words.end(), word) != calendar_words.end()) continue;
        for (const std::string sign : calendar_signs)
            for (auto at = word.find(sign); at != std::string::npos; at = word.find(sign)) word.erase(at, sign.size());
        quantity += word;
    }
    return quantity;
}

bool is_beside_steps(const std::string& name) {
    for (const std::string& word : words_of_name(name)) {
        if (std::find(beside_words.begin(), beside_words.end(), word) != beside_words.end()) return true;
        // DetailedQA
        if (word.size() > 4 && (word.ends_with("qa") || word.ends_with("qc"))) return true;
        for (const char* const sign : beside_signs)
            if (word.find(sign) != std::string::npos) return true;
    }
    return false;
}

std::string quoted_list(const std::vector<std::string>& names) {
    std::string text;
    constexpr std::size_t most = 4;
    for (std::size_t i = 0; i < names.size() && i < most; ++i) text += (i ? ", " : "") + names[i];
    return text + (names.size() > most ? " ..." : "");
}

/// Bands of quality and means among steps; empty when there are none.
std::string beside_steps(const std::vector<std::string>& names) {
    std::vector<std::string> beside;
    std::set<std::int64_t> years, of_steps;
    for (const std::string& name : names) {
        const bool odd = is_beside_steps(name);
        if (odd) beside.push_back(name);
        for (const std::int64_t year : years_of_name(name)) (odd ? years : of_steps).insert(year);
    }
    // A step may be called a mean as long as it is the only one of its year.
    if (beside.empty() || beside.size() == names.size() ||
        !std::includes(of_steps.begin(), of_steps.end(), years.begin(), years.end()))
        return {};
    return std::to_string(beside.size()) + " of " + counted(names.size(), "band") + " (" + quoted_list(beside) +
           ") by the names no " + (beside.size() == 1 ? "step" : "steps") +
           " of the series but of quality, or sums over others";
}

}  // namespace

std::string mixed_quantities(const std::vector<std::string>& names) {
    if (std::string beside = beside_steps(names); !beside.empty()) return beside;
    // By quantity: its names, and which numbers they hold.
    std::map<std::string, std::vector<std::string>> by_quantity;
    std::map<std::string, std::set<std::string>> numbers;
    bool numbered = false;
    for (const std::string& name : names) {
        const std::string quantity = quantity_of_name(name);
        std::string number;
        for (const Digits& digits : digits_of(half_width(name))) number += digits.text + ' ';
        numbered = numbered || !number.empty();
        by_quantity[quantity].push_back(name);
        numbers[quantity].insert(number);
    }
    if (by_quantity.size() < 2 || by_quantity.count("") > 0) return {};
    const std::size_t each = names.size() / by_quantity.size();
    const bool even = std::all_of(by_quantity.begin(), by_quantity.end(),
                                  [&](const auto& entry) { return entry.second.size() == each; });
    bool mixed = false;
    if (!numbered) {
        // The same bands from file after file.
        mixed = even && each >= 2;
    } else {
        const auto& first = numbers.begin()->second;
        mixed = first.size() >= 2 &&
                std::all_of(numbers.begin(), numbers.end(), [&](const auto& entry) { return entry.second == first; });
    }
    if (!mixed) return {};
    std::string text = std::to_string(by_quantity.size()) + " quantities by their names: ";
    std::size_t listed = 0;
    for (const auto& [quantity, called] : by_quantity) {
        if (++listed > 4) return text + " ...";
        text += (listed > 1 ? "; " : "") + std::to_string(called.size()) + " of " + quoted_list(called);
    }
    return text;
}

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

void check_year_count(const std::vector<double>& years, std::size_t count, const std::string& parameter,
                      const std::string& of, const std::string& each) {
    if (years.size() == count) return;
    std::string advice = "; give one year for each " + each;
    if (count == 2 && years.size() > 2)
        advice += ", here " + number_text(years.front()) + "," + number_text(years.back());
    throw wrong(parameter, counted(years.size(), "year") + " for " + of + advice);
}

std::optional<std::vector<double>> listed_years(const std::string& text) {
    try {
        return read_years(text, {});
    } catch (const UserError&) {
        return std::nullopt;
    }
}

}  // namespace landcarbon
