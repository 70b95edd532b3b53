// Land Carbon Toolbox: STIRPAT scenarios: the small formulas of a scenario table, such as D*1.2 or min-5%.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "forecast/stirpat_scenarios/scenario_expression.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "spec/spec.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t longest = 500;  ///< bytes of a formula
constexpr int deepest = 50;           ///< brackets and signs within one another

constexpr std::pair<std::string_view, char> equivalents[] = {
    {"\u2212", '-'}, {"\u2013", '-'}, {"\u00d7", '*'}, {"\u00f7", '/'}, {"\uff0b", '+'},
    {"\uff0d", '-'}, {"\uff0a", '*'}, {"\uff0f", '/'}, {"\uff05", '%'}, {"\uff08", '('},
    {"\uff09", ')'}, {"\u00a0", ' '}, {"\u3000", ' '}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// The text in ASCII. @throws ExpressionError naming a character that has no place in a formula
std::string ascii(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size();) {
        const auto found = std::find_if(std::begin(equivalents), std::end(equivalents), [&](const auto& entry) {
            return text.substr(i, entry.first.size()) == entry.first;
        });
        if (found != std::end(equivalents)) {
            plain += found->second;
            i += found->first.size();
            continue;
        }
        if (static_cast<unsigned char>(text[i]) >= 128) {
            std::size_t size = 1;
            while (i + size < text.size() && (static_cast<unsigned char>(text[i + size]) & 0xc0) == 0x80) ++size;
            throw ExpressionError("\"" + std::string(text.substr(i, size)) + "\" has no meaning in a formula");
        }
        plain += text[i++];
    }
    return plain;
}

}  // namespace

/// Recursive descent: sum = product {+- product}, product = factor {*/ factor}, factor = signs operand {%}.
class ExpressionParser {
public:
    explicit ExpressionParser(std::string text) : text_(std::move(text)) {}

    ScenarioExpression parse() {
        sum();
        skip();
        if (at_ < text_.size()) unexpected();
        std::size_t waiting = 0;
        for (const auto& step : result_.steps_) {
            using Kind = ScenarioExpression::Kind;
            if (step.kind <= Kind::high)
                result_.depth_ = std::max(result_.depth_, ++waiting);
            else if (step.kind <= Kind::divide)
                --waiting;
        }
        return std::move(result_);
    }

private:
    using Kind = ScenarioExpression::Kind;

    void skip() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    }
    char next() {
        skip();
        return at_ < text_.size() ? text_[at_] : '\0';
    }
    [[noreturn]] void fail(const std::string& reason) const { throw ExpressionError(reason); }
    [[noreturn]] void unexpected() {
        const std::string place = " at position " + std::to_string(at_ + 1);
        if (at_ >= text_.size()) fail("the formula ends where a number, D, min or max is expected");
        const char c = text_[at_];
        if (c == ',') fail("a comma" + place + " has no meaning; write a decimal point, not a comma");
        if (c == '=') fail("a formula is written without the sign =");
        if (is_digit(c) || is_letter(c) || c == '(' || c == '.') fail("a sign + - * / is missing" + place);
        if (static_cast<unsigned char>(c) < 32 || c == 127) fail("a control character" + place + " has no meaning");
        fail(std::string("\"") + c + "\"" + place + " is out of place");
    }
    void add(Kind kind, double number = 0) { result_.steps_.push_back({kind, number}); }

    void sum() {
        product();
        for (char c = next(); c == '+' || c == '-'; c = next()) {
            ++at_;
            product();
            add(c == '+' ? Kind::plus : Kind::minus);
        }
    }
    void product() {
        factor();
        for (char c = next(); c == '*' || c == '/'; c = next()) {
            ++at_;
            factor();
            add(c == '*' ? Kind::times : Kind::divide);
        }
    }
    void factor() {
        if (++depth_ > deepest) fail("the formula has too many brackets or signs within one another");
        const char c = next();
        if (c == '+' || c == '-') {
            ++at_;
            factor();
            if (c == '-') add(Kind::negate);
        } else {
            operand();
            while (next() == '%') {
                ++at_;
                add(Kind::percent);
            }
        }
        --depth_;
    }
    void operand() {
        const char c = next();
        if (c == '(') {
            const std::size_t open = at_++;
            sum();
            if (next() != ')') {
                if (at_ < text_.size()) unexpected();
                fail("the bracket at position " + std::to_string(open + 1) + " is never closed");
            }
            ++at_;
        } else if (is_digit(c) || c == '.')
            number();
        else if (is_letter(c))
            word();
        else
            unexpected();
    }
    void number() {
        std::size_t end = at_;
        while (end < text_.size() && (is_digit(text_[end]) || text_[end] == '.')) ++end;
        // An exponent only where digits follow: 2e3, but not 2e.
        if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
            std::size_t digits = end + 1;
            if (digits < text_.size() && (text_[digits] == '+' || text_[digits] == '-')) ++digits;
            if (digits < text_.size() && is_digit(text_[digits])) {
                end = digits;
                while (end < text_.size() && is_digit(text_[end])) ++end;
            }
        }
        const std::string_view digits = std::string_view(text_).substr(at_, end - at_);
        const auto value = parse_number(digits);
        if (!value) fail("\"" + std::string(digits) + "\" is not a number, or too large a one");
        at_ = end;
        add(Kind::number, *value);
    }
    void word() {
        std::size_t end = at_;
        while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
        const std::string written = text_.substr(at_, end - at_);
        std::string word = written;
        for (char& c : word)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (word == "d")
            add(Kind::d);
        else if (word == "min")
            add(Kind::low);
        else if (word == "max")
            add(Kind::high);
        else {
            const std::string meant = closest(word, {"min", "max"});
            fail("the word \"" + written + "\" is unknown" +
                 (meant.empty() ? "; the words are D, min and max" : "; did you mean " + meant + "?"));
        }
        result_.has_words_ = true;
        at_ = end;
    }

    std::string text_;
    std::size_t at_ = 0;
    int depth_ = 0;
    ScenarioExpression result_;
};

ScenarioExpression ScenarioExpression::parse(std::string_view text) {
    text = trimmed(text);
    if (!text.empty() && text.front() == '\'') text.remove_prefix(1);
    if (text.size() > longest)
        throw ExpressionError("the formula is longer than " + std::to_string(longest) + " characters");
    if (trimmed(text).empty())
        throw ExpressionError(
            "the cell is empty; write 0 for a growth rate that changes nothing, D for the mean value");
    return ExpressionParser(ascii(text)).parse();
}

double ScenarioExpression::value(const ScenarioWords& words) const {
    std::vector<double> stack;
    stack.reserve(depth_);
    for (const Step& step : steps_) {
        switch (step.kind) {
            case Kind::number:
                stack.push_back(step.number);
                continue;
            case Kind::d:
                stack.push_back(words.d);
                continue;
            case Kind::low:
                stack.push_back(words.low);
                continue;
            case Kind::high:
                stack.push_back(words.high);
                continue;
            case Kind::negate:
                stack.back() = -stack.back();
                continue;
            case Kind::percent:
                stack.back() /= 100;
                continue;
            default:
                break;
        }
        const double right = stack.back();
        stack.pop_back();
        double& left = stack.back();
        if (step.kind == Kind::plus)
            left += right;
        else if (step.kind == Kind::minus)
            left -= right;
        else if (step.kind == Kind::times)
            left *= right;
        else {
            if (right == 0) throw ExpressionError("the formula divides by zero");
            left /= right;
        }
    }
    if (!std::isfinite(stack.back())) throw ExpressionError("the formula's value is too large");
    return stack.back();
}

}  // namespace landcarbon
