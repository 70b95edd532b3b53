// Land Carbon Toolbox: is a text well-formed XML of the plain kind that reports and styles are made of?
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/markup.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <vector>

namespace landcarbon::test {

std::optional<std::string> xml_fault(std::string_view text) {
    std::vector<std::string> open;
    std::size_t i = 0;
    const auto around = [&](const std::string& what) { return what + " near: " + std::string(text.substr(i, 80)); };
    if (text.substr(0, 10) == "<!DOCTYPE ") i = std::min(text.find('>'), text.size() - 1) + 1;
    const auto is_name = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == ':';
    };
    const auto reference_ok = [&](std::size_t at) {
        for (const std::string_view good : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"})
            if (text.substr(at, good.size()) == good) return true;
        return false;
    };
    while (i < text.size()) {
        const char c = text[i];
        if (c == '&' && !reference_ok(i)) return around("bad reference");
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') return around("control character");
        if (c != '<') {
            ++i;
            continue;
        }
        const bool closing = text.substr(i, 2) == "</";
        std::size_t k = i + (closing ? 2 : 1);
        std::string name;
        while (k < text.size() && is_name(text[k])) name += text[k++];
        if (name.empty()) return around("tag without a name");
        if (closing) {
            if (k >= text.size() || text[k] != '>') return around("bad closing tag");
            if (open.empty() || open.back() != name) return around("unbalanced </" + name + ">");
            open.pop_back();
            i = k + 1;
            continue;
        }
        std::map<std::string, bool> seen;
        while (k < text.size() && text[k] != '>' && text[k] != '/') {
            if (text[k] != ' ') return around("no space before attribute");
            std::string attribute;
            for (++k; k < text.size() && is_name(text[k]);) attribute += text[k++];
            if (attribute.empty() || text.substr(k, 2) != "=\"") return around("bad attribute");
            if (seen[attribute]) return around("attribute twice");
            seen[attribute] = true;
            for (k += 2; k < text.size() && text[k] != '"'; ++k) {
                if (text[k] == '<') return around("< in attribute");
                if (text[k] == '&' && !reference_ok(k)) return around("bad reference in attribute");
            }
            ++k;
        }
        const bool empty = k < text.size() && text[k] == '/';
        if (empty) ++k;
        if (k >= text.size() || text[k] != '>') return around("tag not closed");
        if (!empty) open.push_back(name);
        i = k + 1;
    }
    if (!open.empty()) return "still open: " + open.back();
    return std::nullopt;
}

}  // namespace landcarbon::test
