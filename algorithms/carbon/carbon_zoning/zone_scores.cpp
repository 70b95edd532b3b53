// Land Carbon Toolbox: rules that turn trends and classes of a unit into scores.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_zoning/zone_scores.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "engine/unit_panel.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

/// Comparison signs of other alphabets as ASCII; blanks are dropped.
std::string ascii_signs(std::string_view text) {
    std::string plain(text);
    for (const auto& [sign, ascii] : {std::pair{"≤", "<="}, {"≥", ">="}, {"−", "-"}, {"＜", "<"}, {"＞", ">"}}) {
        const std::string_view from(sign);
        for (auto at = plain.find(from); at != std::string::npos; at = plain.find(from, at))
            plain.replace(at, from.size(), ascii);
    }
    return plain;
}

std::optional<double> finite(std::string_view text) {
    const auto value = parse_number(trimmed(text));
    return value && std::isfinite(*value) ? value : std::nullopt;
}

/// A comparison at a place of a text: its sign and how long it is.
std::string sign_at(std::string_view text, std::size_t at) {
    for (const char* sign : {"<=", ">=", "<", ">", "="})
        if (text.substr(at, std::string_view(sign).size()) == sign) return sign;
    return {};
}

bool is_variable(std::string_view text) {
    text = trimmed(text);
    return !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) != 0;
}

/// Narrows the bounds by `variable sign number`.
void compare(ScoreCondition& condition, const std::string& sign, double number) {
    const bool included = sign.size() == 2 || sign == "=";
    if (sign[0] != '>') {
        condition.upper = number;
        condition.upper_included = included;
    }
    if (sign[0] != '<') {
        condition.lower = number;
        condition.lower_included = included;
    }
}

std::string turned(std::string sign) {
    if (sign[0] == '<')
        sign[0] = '>';
    else if (sign[0] == '>')
        sign[0] = '<';
    return sign;
}

bool overlap(const ScoreCondition& a, const ScoreCondition& b) {
    const auto before = [](const ScoreCondition& x, const ScoreCondition& y) {
        return x.upper < y.lower || (x.upper == y.lower && !(x.upper_included && y.lower_included));
    };
    return !before(a, b) && !before(b, a);
}

}  // namespace

bool ScoreCondition::holds(double value) const {
    if (!word.empty()) return false;
    return (value > lower || (lower_included && value == lower)) &&
           (value < upper || (upper_included && value == upper));
}

std::optional<ScoreCondition> read_condition(std::string_view given) {
    std::string text = ascii_signs(trimmed(given));
    if (!text.empty() && text[0] == '\'') text.erase(0, 1);
    if (text.empty()) return std::nullopt;
    ScoreCondition condition;
    if (const auto dots = text.find(".."); dots != std::string::npos) {
        const auto lower = finite(std::string_view(text).substr(0, dots));
        const auto upper = finite(std::string_view(text).substr(dots + 2));
        if (!lower || !upper || *lower >= *upper) return std::nullopt;
        condition.lower = *lower;
        condition.upper = *upper;
        condition.upper_included = true;
        return condition;
    }
    // Parts between comparison signs.
    std::vector<std::string> parts(1), signs;
    for (std::size_t at = 0; at < text.size();) {
        const std::string sign = sign_at(text, at);
        if (sign.empty()) {
            parts.back() += text[at++];
            continue;
        }
        signs.push_back(sign);
        parts.emplace_back();
        at += sign.size();
    }
    if (signs.empty()) {
        condition.word = plain_name(text);
        return condition.word.empty() || finite(text) ? std::nullopt : std::optional(condition);
    }
    const auto variable = std::find_if(parts.begin(), parts.end(), is_variable);
    if (variable == parts.end()) return std::nullopt;
    condition.on_trend = plain_name(*variable) == "z";
    const auto place = static_cast<std::size_t>(variable - parts.begin());
    if (parts.size() == 2) {
        const auto number = finite(parts[1 - place]);
        if (!number) return std::nullopt;
        compare(condition, place == 0 ? signs[0] : turned(signs[0]), *number);
        return condition;
    }
    const auto first = parts.size() == 3 ? finite(parts[0]) : std::nullopt;
    const auto last = parts.size() == 3 ? finite(parts[2]) : std::nullopt;
    if (place != 1 || !first || !last || signs[0] == "=" || signs[1] == "=" || signs[0][0] != signs[1][0])
        return std::nullopt;
    compare(condition, turned(signs[0]), *first);
    compare(condition, signs[1], *last);
    return condition.lower < condition.upper ? std::optional(condition) : std::nullopt;
}

std::optional<int> ScoreRule::score(double value) const {
    for (const auto& [points, condition] : conditions)
        if (by_word ? value == points : condition.holds(value)) return points;
    return std::nullopt;
}

std::optional<int> ScoreRule::score(std::string_view word) const {
    const std::string plain = plain_name(word);
    for (const auto& [points, condition] : conditions)
        if (by_word && condition.word == plain) return points;
    return std::nullopt;
}

std::vector<ScoreRule> read_score_rules(const InputTable& table) {
    const std::size_t index_column = table.column("index");
    std::vector<std::pair<int, std::size_t>> scores;  // score, column; the highest first
    for (std::size_t c = 0; c < table.columns().size(); ++c) {
        const std::string name = plain_name(table.columns()[c]);
        if (name.rfind("score", 0) != 0) continue;
        const auto points = parse_integer(name.substr(
            name.find_first_of("0123456789") == std::string::npos ? name.size() : name.find_first_of("0123456789")));
        if (points && *points >= 0 && *points <= 100) scores.emplace_back(static_cast<int>(*points), c);
    }
    if (scores.size() < 2) table.reject("columns score1, score2 and so on are missing");
    std::sort(scores.rbegin(), scores.rend());
    std::vector<ScoreRule> rules;
    std::set<std::string> seen;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        ScoreRule rule;
        rule.index = trimmed(table.text(row, index_column));
        if (rule.index.empty()) table.reject(row, index_column, "the cell is empty; every row needs an index");
        if (!seen.insert(plain_name(rule.index)).second)
            table.reject(row, index_column, "the index \"" + rule.index + "\" appears twice");
        if (table.has("group")) rule.group = trimmed(table.text(row, table.column("group")));
        if (table.has("attribute")) rule.attribute = trimmed(table.text(row, table.column("attribute")));
        for (const auto& [points, column] : scores) {
            const auto text = trimmed(table.text(row, column));
            if (text.empty()) continue;  // no unit gets this score
            const auto condition = read_condition(text);
            if (!condition)
                table.reject(row, column,
                             "\"" + std::string(text) +
                                 "\" is no condition; write for example Z>1.66, 0<Z<=1.66, 0.2..0.4 or a word");
            for (const auto& [other_points, other] : rule.conditions) {
                if (other.word.empty() != condition->word.empty() || other.on_trend != condition->on_trend)
                    table.reject(row, column,
                                 "the conditions of an index must all be about Z, all about its value or "
                                 "all words");
                const bool same = condition->word.empty() ? overlap(other, *condition) : other.word == condition->word;
                if (same)
                    table.reject(row, column, "it overlaps the condition of score " + std::to_string(other_points));
            }
            rule.on_trend = condition->on_trend;
            rule.by_word = !condition->word.empty();
            rule.words[points] = text;
            rule.conditions.emplace_back(points, *condition);
        }
        if (rule.conditions.empty())
            table.reject(row, index_column, "the index \"" + rule.index + "\" has no condition");
        // Of intervals a..b the lowest one holds its lower end as well.
        if (!rule.on_trend && !rule.by_word) {
            auto& lowest =
                std::min_element(rule.conditions.begin(), rule.conditions.end(), [](const auto& a, const auto& b) {
                    return a.second.lower < b.second.lower;
                })->second;
            if (std::isfinite(lowest.lower) && lowest.upper_included) lowest.lower_included = true;
        }
        rules.push_back(std::move(rule));
    }
    return rules;
}

}  // namespace landcarbon
