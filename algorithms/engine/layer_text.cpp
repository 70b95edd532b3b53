// Land Carbon Toolbox: the text of vector layers, whose files do not always say the encoding it is in.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/layer_text.hpp"

#include <ogr_core.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>

#include "engine/text.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

/// Text from which an encoding is told needs no more bytes than these.
constexpr std::size_t most_sample = 256 * 1024;

/// Bytes without a character that is cut at their end.
std::optional<std::string> decoded_but_for_cut(std::string_view bytes, const std::string& encoding) {
    for (std::size_t cut = 0; cut <= 3 && cut <= bytes.size(); ++cut) {
        if (cut > 0 && static_cast<unsigned char>(bytes[bytes.size() - cut]) < 0x80) break;
        if (auto text = decoded(bytes.substr(0, bytes.size() - cut), encoding)) return text;
    }
    return std::nullopt;
}

/// Without a byte that is left over where characters have two.
std::string_view without_half(std::string_view bytes) {
    std::size_t high = 0;
    while (high < bytes.size() && static_cast<unsigned char>(bytes[bytes.size() - 1 - high]) >= 0x80) ++high;
    return high % 2 ? bytes.substr(0, bytes.size() - 1) : bytes;
}

bool has_long_character(const std::set<std::string>& texts) {
    return std::any_of(texts.begin(), texts.end(), [](const std::string& text) {
        return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xe0; });
    });
}

}  // namespace

std::vector<std::string> raw_text_options(const std::string& path) {
    std::string extension = std::filesystem::path(path).extension().string();
    for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    std::error_code error;
    // A folder may hold shapefiles, and an archive.
    if (extension == ".shp" || extension == ".dbf" || extension == ".shx" || extension == ".shz" ||
        extension == ".zip" || std::filesystem::is_directory(path, error))
        return {"ENCODING="};
    return {};
}

LayerText::LayerText(std::string parameter, std::string name, GDALDatasetH dataset, OGRLayerH layer,
                     const std::string& encoding)
    : parameter_(std::move(parameter)), name_(std::move(name)) {
    GDALDriverH driver = GDALGetDatasetDriver(dataset);
    const std::string format = driver ? GDALGetDriverShortName(driver) : "";
    // Formats whose text is UTF-8 by their definition, or decoded by GDAL. GeoJSON is written by hand and by scripts in
    // other encodings all the same, and MapInfo's files say "WindowsLatin1" of any text.
    const bool by_definition = format != "CSV" && OGR_L_TestCapability(layer, OLCStringsAsUTF8);
    const bool by_hand = format.find("JSON") != std::string::npos || format == "MapInfo File";
    if (by_definition && encoding.empty() && !by_hand) return;

    std::set<std::string> texts;
    std::size_t bytes = 0;
    const auto look_at = [&](const char* text) {
        if (text && !is_ascii(text) && bytes < most_sample && texts.insert(text).second)
            bytes += std::string_view(text).size();
    };
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
    std::vector<int> fields;
    for (int i = 0; i < OGR_FD_GetFieldCount(definition); ++i) {
        OGRFieldDefnH field = OGR_FD_GetFieldDefn(definition, i);
        look_at(OGR_Fld_GetNameRef(field));
        if (OGR_Fld_GetType(field) == OFTString) fields.push_back(i);
    }
    // Shapes take most of the time of reading.
    const char* shapes[] = {"OGR_GEOMETRY", nullptr};
    if (OGR_L_TestCapability(layer, OLCIgnoreFields)) OGR_L_SetIgnoredFields(layer, shapes);
    OGR_L_ResetReading(layer);
    if (!fields.empty())
        for (FeaturePtr next; bytes < most_sample && (next.reset(OGR_L_GetNextFeature(layer)), next);)
            for (const int i : fields)
                if (OGR_F_IsFieldSetAndNotNull(next.get(), i)) look_at(OGR_F_GetFieldAsString(next.get(), i));
    if (OGR_L_TestCapability(layer, OLCIgnoreFields)) OGR_L_SetIgnoredFields(layer, nullptr);
    OGR_L_ResetReading(layer);
    if (texts.empty()) return;

    const auto fits = [&](const std::string& candidate) {
        return std::all_of(texts.begin(), texts.end(),
                           [&](const std::string& text) { return decoded_but_for_cut(text, candidate).has_value(); });
    };
    const auto joined = [](const std::set<std::string>& all) {
        std::string sample;
        for (const auto& text : all) {
            sample += without_half(text);
            sample += '\n';
        }
        return sample;
    };
    const auto guessed = [&](const std::string& why) {
        warnings_.push_back(name_ + ": " + why + "; it was read as " + encoding_ + ", the likeliest (\"" +
                            (*this)(texts.begin()->c_str()) + "\"). If names look wrong, say the encoding in ENCODING" +
                            (format == "ESRI Shapefile" ? ", or put it into a .cpg file" : ""));
    };
    // What is left of a text that is cut within a character.
    std::string whole;
    for (const auto& text : texts)
        if (const auto kept = decoded_but_for_cut(text, "UTF-8")) whole += *kept + '\n';
    const bool utf8 = fits("UTF-8") && !doubtful_utf8(whole);
    if (by_definition && utf8) {
        if (format != "MapInfo File") return;
        std::set<std::string> bytes_before;
        for (const auto& text : texts)
            if (auto before = encoded(text, "Windows-1252")) bytes_before.insert(std::move(*before));
        if (bytes_before.size() < texts.size()) return;
        const auto guess = guessed_encoding(joined(bytes_before));
        const std::string meant = !encoding.empty() ? encoding : guess.value_or("Windows-1252");
        if (meant == "Windows-1252" || meant == "UTF-8" || !guess) return;
        western_ = true;
        encoding_ = meant;
        if (encoding.empty()) guessed("its file says that its text is Western European, but it is not");
        return;
    }
    mixed_ = by_definition;
    const bool surely_utf8 = utf8 && has_long_character(texts);
    const auto item = [&](const char* key) {
        const char* value = GDALGetMetadataItem(layer, key, "SHAPEFILE");
        return encoding_called(value ? value : "");
    };
    std::string stated = encoding;
    std::string by = "ENCODING";
    if (stated.empty()) {
        stated = item("ENCODING_FROM_CPG");
        by = "its .cpg file";
    }
    const auto is_western = [&] { return stated == "ISO-8859-1" || stated == "Windows-1252"; };
    if (stated.empty()) {
        stated = item("ENCODING_FROM_LDID");
        by = "its .dbf";
        if (is_western()) stated.clear();
    }
    const auto guess = utf8 ? std::nullopt : guessed_encoding(joined(texts));
    // Programs state Western European by default, and any bytes are text in it.
    const bool stated_by_default =
        encoding.empty() && is_western() && guess && *guess != "Windows-1252" && fits(*guess);
    // GBK bytes may be UTF-8 by chance, as those of one character are.
    const bool by_chance = stated == "UTF-8" && encoding.empty() && !utf8;
    if (!stated.empty() && fits(stated) && (stated == "UTF-8" || !surely_utf8) && !stated_by_default && !by_chance) {
        encoding_ = stated;
        return;
    }
    const std::string says = by + " says that its text is " + stated + ", but it is not";
    if (utf8) {
        if (!stated.empty()) warnings_.push_back(name_ + ": " + says + "; it was read as UTF-8");
        return;
    }
    const std::string why = stated.empty() ? "its file does not say the encoding of its text" : says;
    if (!guess || !fits(*guess))
        throw UserError(parameter_,
                        name_ + ": " + why + "; say it in ENCODING, for example GB18030, Big5 or Shift_JIS");
    encoding_ = *guess;
    guessed(why);
}

std::string LayerText::operator()(const char* raw) const {
    if (!raw) return {};
    const std::string_view bytes = raw;
    if (is_ascii(bytes)) return raw;
    if (mixed_ && is_utf8(bytes) && has_long_character({raw})) return raw;
    if (western_) {
        const auto before = encoded(bytes, "Windows-1252");
        auto text = before ? decoded_but_for_cut(*before, encoding_) : std::nullopt;
        return text ? std::move(*text) : std::string(bytes);
    }
    if (auto text = decoded_but_for_cut(bytes, encoding_)) return std::move(*text);
    throw UserError(parameter_, name_ + ": some of its text is not " + encoding_ + "; say its encoding in ENCODING");
}

}  // namespace landcarbon
