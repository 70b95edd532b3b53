// Land Carbon Toolbox: text from files: which encoding its bytes are in, and the same text as UTF-8.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/text.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace landcarbon {
namespace {

unsigned byte_at(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

/// Length of the well-formed UTF-8 character at `i`; 0 when there is none.
std::size_t character_length(std::string_view bytes, std::size_t i) {
    const unsigned lead = byte_at(bytes, i);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || i + length > bytes.size()) return 0;
    for (std::size_t k = 1; k < length; ++k)
        if ((byte_at(bytes, i + k) & 0xc0) != 0x80) return 0;
    const unsigned second = byte_at(bytes, i + 1);
    const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
    const bool surrogate = lead == 0xed && second >= 0xa0;
    const bool beyond = lead == 0xf4 && second >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

/// A conversion of the C library, closed at the end.
class Conversion {
public:
    explicit Conversion(const std::string& from, const std::string& to = "UTF-8")
        : handle_(iconv_open(to.c_str(), from.c_str())) {}
    ~Conversion() {
        if (known()) iconv_close(handle_);
    }
    Conversion(const Conversion&) = delete;
    Conversion& operator=(const Conversion&) = delete;
    bool known() const { return handle_ != reinterpret_cast<iconv_t>(-1); }  // NOLINT(performance-no-int-to-ptr)
    iconv_t get() const { return handle_; }

private:
    iconv_t handle_;
};

/// What the C library calls an encoding: its code pages hold what Windows writes, which is more than the standards.
std::string library_name(const std::string& encoding) {
    if (encoding == "Big5") return "CP950";
    if (encoding == "Shift_JIS") return "CP932";
    if (encoding == "EUC-KR") return "CP949";
    if (encoding == "Windows-1252") return "CP1252";
    return encoding;
}

/// How common a character of two bytes is in the texts of an encoding: 1 for the usual ones, less for rare ones.
using Commonness = double (*)(unsigned lead, unsigned trail);

double common_in_gb(unsigned lead, unsigned trail) {
    if (lead < 0xa1 || trail < 0xa1) return 0.1;  // added by GBK
    if (lead <= 0xa3) return 1;                   // punctuation, full-width letters and digits
    if (lead >= 0xb0 && lead <= 0xd7) return 1;   // the 3755 characters of daily use
    return lead >= 0xd8 && lead <= 0xf7 ? 0.7 : 0.2;
}
double common_in_big5(unsigned lead, unsigned trail) {
    (void)trail;
    if (lead >= 0xa4 && lead <= 0xc6) return 1;  // the 5401 characters of daily use
    if (lead >= 0xa1 && lead <= 0xa3) return 0.9;
    return lead >= 0xc9 && lead <= 0xf9 ? 0.5 : 0.1;
}
double common_in_shift_jis(unsigned lead, unsigned trail) {
    if (lead == 0x82 || (lead == 0x83 && trail <= 0x96)) return 1;  // kana
    if (lead == 0x81) return 0.9;
    if (lead >= 0x88 && lead <= 0x98) return 1;  // kanji of daily use
    return lead >= 0x99 ? 0.4 : 0.1;
}
double common_in_korean(unsigned lead, unsigned trail) {
    if (trail < 0xa1 || lead < 0xa1) return 0.1;
    if (lead >= 0xb0 && lead <= 0xc8) return 1;  // the 2350 syllables of daily use
    return lead <= 0xa3 ? 0.9 : 0.2;
}

/// Mean commonness of the characters beyond ASCII; 0 when there are none.
double score_of(std::string_view bytes, Commonness commonness, bool half_width_katakana) {
    double sum = 0;
    std::size_t characters = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const unsigned lead = byte_at(bytes, i);
        if (lead < 0x80) continue;
        ++characters;
        if (half_width_katakana && lead >= 0xa1 && lead <= 0xdf) {
            sum += 0.2;
            continue;
        }
        if (i + 1 < bytes.size()) sum += commonness(lead, byte_at(bytes, i + 1));
        ++i;
    }
    return characters > 0 ? sum / static_cast<double>(characters) : 0;
}

/// Different pairs of bytes beyond ASCII.
std::size_t different_characters(std::string_view bytes) {
    std::vector<bool> met(65536);
    std::size_t count = 0;
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
        if (byte_at(bytes, i) < 0x80) continue;
        const std::size_t pair = byte_at(bytes, i) * 256 + byte_at(bytes, i + 1);
        count += !met[pair];
        met[pair] = true;
        ++i;
    }
    return count;
}

/// Share of the bytes beyond ASCII that are letters or signs of Western Europe among ASCII letters: alone, as "é" in
/// "Médoc", or two within a word, as in "Größe".
double western_score(std::string_view bytes) {
    const auto is_ascii_letter = [&](std::size_t i) {
        return i < bytes.size() && byte_at(bytes, i) < 0x80 && std::isalpha(static_cast<int>(byte_at(bytes, i)));
    };
    const auto is_western = [&](std::size_t i) {
        const unsigned c = byte_at(bytes, i);
        const bool letter = c >= 0xc0 && c != 0xd7 && c != 0xf7;
        const bool sign = c == 0x80 || (c >= 0x91 && c <= 0x97) || c == 0xa0 || c == 0xab || c == 0xb0 || c == 0xb2 ||
                          c == 0xb3 || c == 0xb5 || c == 0xb7 || c == 0xbb;
        return letter || sign;
    };
    std::size_t western = 0, characters = 0;
    for (std::size_t i = 0; i < bytes.size();) {
        std::size_t end = i;
        while (end < bytes.size() && byte_at(bytes, end) >= 0x80) ++end;
        const std::size_t length = end - i;
        const bool within_word = i > 0 && is_ascii_letter(i - 1) && is_ascii_letter(end);
        if (length == 1 || (length == 2 && within_word))
            for (std::size_t k = i; k < end; ++k) western += is_western(k);
        characters += length;
        i = std::max(end, i + 1);
    }
    return characters > 0 ? static_cast<double>(western) / static_cast<double>(characters) : 0;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size();) {
        const std::size_t length = character_length(bytes, i);
        if (length == 0) return false;
        i += length;
    }
    return true;
}

bool is_ascii(std::string_view bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::size_t whole_characters(std::string_view text, std::size_t most) {
    std::size_t end = 0;
    while (end < text.size()) {
        const std::size_t length = std::max<std::size_t>(character_length(text, end), 1);
        if (end + length > most) break;
        end += length;
    }
    return end;
}

std::string encoding_called(std::string_view given) {
    std::string name;
    for (const char c : given)
        if (c != ' ' && c != '-' && c != '_' && c != '\r' && c != '\n' && c != '\t')
            name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    for (const char* before : {"ANSI", "OEM", "WINDOWS", "CP", "MS"}) {
        const std::string_view word = before;
        if (name.size() > word.size() && name.compare(0, word.size(), word) == 0 &&
            std::isdigit(static_cast<unsigned char>(name[word.size()])))
            name.erase(0, word.size());
    }
    const auto is = [&](std::initializer_list<const char*> names) {
        return std::any_of(names.begin(), names.end(), [&](const char* other) { return name == other; });
    };
    if (is({"UTF8", "65001", "UTF8BOM", "UTF8SIG"})) return "UTF-8";
    if (is({"GB18030", "GBK", "GB2312", "936", "54936", "EUCCN", "GB231280"})) return "GB18030";
    if (is({"BIG5", "950", "CNBIG5", "BIG5TW"})) return "Big5";
    if (is({"SHIFTJIS", "SJIS", "932", "31J"})) return "Shift_JIS";
    if (is({"EUCKR", "949", "UHC", "KSC5601", "KSC56011987"})) return "EUC-KR";
    if (is({"1252", "ANSI"})) return "Windows-1252";
    std::string found;
    if (!name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; }))
        found = name.size() > 4 && name.compare(0, 4, "8859") == 0 ? "ISO-8859-" + name.substr(4) : "CP" + name;
    else if (name.size() > 7 && name.compare(0, 7, "ISO8859") == 0)
        found = "ISO-8859-" + name.substr(7);
    else
        for (const char c : given)
            if (c != '\r' && c != '\n' && c != ' ') found += c;
    // "//IGNORE" and its like would lose characters in silence.
    if (found.find('/') != std::string::npos) return {};
    return Conversion(found).known() && !found.empty() ? found : std::string();
}

namespace {

std::optional<std::string> converted(std::string_view bytes, const Conversion& conversion) {
    if (!conversion.known()) return std::nullopt;
    std::string text;
    std::array<char, 4096> piece;
    char* from = const_cast<char*>(bytes.data());
    std::size_t left = bytes.size();
    while (left > 0) {
        char* to = piece.data();
        std::size_t room = piece.size();
        const std::size_t before = left;
        const std::size_t result = iconv(conversion.get(), &from, &left, &to, &room);
        text.append(piece.data(), piece.size() - room);
        if (result == static_cast<std::size_t>(-1) && left == before && room == piece.size()) return std::nullopt;
        if (result == static_cast<std::size_t>(-1) && room > 16) return std::nullopt;  // not for want of room
    }
    return text;
}

}  // namespace

std::optional<std::string> decoded(std::string_view bytes, const std::string& encoding) {
    if (encoding == "UTF-8") return is_utf8(bytes) ? std::optional(std::string(bytes)) : std::nullopt;
    return converted(bytes, Conversion(library_name(encoding)));
}

std::optional<std::string> encoded(std::string_view text, const std::string& encoding) {
    return converted(text, Conversion("UTF-8", library_name(encoding)));
}

std::optional<std::string> guessed_encoding(std::string_view bytes) {
    struct Candidate {
        const char* name;
        Commonness commonness;
    };
    static constexpr std::array<Candidate, 3> candidates = {
        {{"GB18030", common_in_gb}, {"Big5", common_in_big5}, {"Shift_JIS", common_in_shift_jis}}};
    constexpr double convincing = 0.6;
    std::optional<std::string> best;
    double most = 0;
    for (const auto& candidate : candidates) {
        const double score = score_of(bytes, candidate.commonness, candidate.commonness == common_in_shift_jis);
        if (score < convincing || score <= most || !decoded(bytes, candidate.name)) continue;
        best = candidate.name;
        most = score;
    }
    // Korean syllables are all common Chinese characters as well; Chinese text uses others too. One chance in 300 that
    // twelve Chinese characters are all among them.
    if (best == "GB18030" && score_of(bytes, common_in_korean, false) > 0.99 && different_characters(bytes) >= 12 &&
        decoded(bytes, "EUC-KR"))
        best = "EUC-KR";
    // A sign of degrees before C is one rare character in Big5.
    const bool signs_of_big5 = best == "Big5" && western_score(bytes) == 1;
    if (western_score(bytes) > 0.8 && (most < 0.9 || signs_of_big5) && decoded(bytes, "Windows-1252"))
        best = "Windows-1252";
    return best;
}

bool doubtful_utf8(std::string_view bytes) {
    bool alone = false;
    for (std::size_t i = 0; i < bytes.size();) {
        const std::size_t length = character_length(bytes, i);
        if (length == 0 || length > 2) return false;
        if (length == 2) {
            // U+02B0 .. U+036F after nothing that it could modify.
            const unsigned point = (byte_at(bytes, i) & 0x1fu) << 6 | (byte_at(bytes, i + 1) & 0x3fu);
            const unsigned before = i > 0 ? byte_at(bytes, i - 1) : 0;
            const bool letter = before >= 0x80 || std::isalpha(static_cast<int>(before));
            alone = alone || (point >= 0x2b0 && point <= 0x36f && !letter);
        }
        i += length;
    }
    if (!alone) return false;
    const auto guess = guessed_encoding(bytes);
    return guess && *guess != "Windows-1252";
}

std::string readable(std::string_view bytes) {
    if (is_utf8(bytes)) return std::string(bytes);
    if (const auto guess = guessed_encoding(bytes)) return decoded(bytes, *guess).value();
    std::string text;
    for (std::size_t i = 0; i < bytes.size();) {
        const std::size_t length = character_length(bytes, i);
        text += length ? bytes.substr(i, length) : std::string_view("\xef\xbf\xbd");
        i += std::max<std::size_t>(length, 1);
    }
    return text;
}

std::vector<std::string> readable(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& text : texts) all += text + '\n';
    const bool utf8 = is_utf8(all) && !doubtful_utf8(all);
    const auto guess = utf8 ? std::nullopt : guessed_encoding(all);
    std::vector<std::string> result;
    for (const auto& text : texts) {
        auto known = guess && !is_ascii(text) ? decoded(text, *guess) : std::nullopt;
        result.push_back(known ? std::move(*known) : readable(text));
    }
    return result;
}

std::string without_accents(std::string_view text) {
    // U+00C0 to U+017F.
    static constexpr std::string_view letters =
        "AAAAAAACEEEEIIIIDNOOOOO*OUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty"
        "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiJjJjKkkLlLlLlLlLl"
        "NnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
    static_assert(letters.size() == 0x180 - 0xc0);
    const std::string half = half_width(text);
    std::string result;
    for (std::size_t i = 0; i < half.size();) {
        const std::size_t length = std::max<std::size_t>(character_length(half, i), 1);
        std::string part = half.substr(i, length);
        i += length;
        if (length == 2) {
            const unsigned point = (byte_at(part, 0) & 0x1fu) << 6 | (byte_at(part, 1) & 0x3fu);
            if (point >= 0x300 && point <= 0x36f) continue;  // combining
            if (point >= 0xc0 && point < 0x180) part = letters[point - 0xc0];
        }
        result += part;
    }
    return lower_case(result);
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return result;
}

std::string half_width(std::string_view text) {
    if (is_ascii(text)) return std::string(text);
    std::string result;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = std::max<std::size_t>(character_length(text, i), 1);
        unsigned point = 0;
        if (length == 3)
            point =
                (byte_at(text, i) & 0x0fu) << 12 | (byte_at(text, i + 1) & 0x3fu) << 6 | (byte_at(text, i + 2) & 0x3fu);
        if (point >= 0xff01 && point <= 0xff5e)
            result += static_cast<char>(point - 0xff00 + 0x20);
        else if (point == 0x2212)
            result += '-';
        else
            result += text.substr(i, length);
        i += length;
    }
    return result;
}

}  // namespace landcarbon
