// Land Carbon Toolbox: the text of vector layers, whose files do not always say the encoding it is in.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "engine/gdal.hpp"

namespace landcarbon {

/// Options with which a vector file is opened so that its text comes as it stands in the file, whatever
/// SHAPE_ENCODING says: QGIS sets it, a shell does not.
std::vector<std::string> raw_text_options(const std::string& path);

/// Decodes the text of one layer. What counts, in this order: ENCODING, the .cpg file, the language byte of the .dbf
/// (but for those of Western Europe, which many programs write whatever the text is), UTF-8 where all of it is,
/// the likeliest encoding. Text that is not in the encoding that its file states is told.
class LayerText {
public:
    /// Looks through the layer's text and rewinds it.
    /// @param name begins messages: "ZONES: counties.shp"
    /// @param encoding ENCODING, as encoding_called gives it; empty: not given
    /// @throws UserError when no encoding fits
    LayerText(std::string parameter, std::string name, GDALDatasetH dataset, OGRLayerH layer,
              const std::string& encoding);
    /// Text of the layer as UTF-8. A character that was cut at the end of a field is left out.
    /// @throws UserError naming ENCODING when it is not in the layer's encoding
    std::string operator()(const char* raw) const;
    /// What the user should know.
    const std::vector<std::string>& warnings() const { return warnings_; }

private:
    std::string parameter_, name_;
    std::string encoding_ = "UTF-8";
    bool mixed_ = false;    ///< the format is UTF-8 by its definition, and some of the text is
    bool western_ = false;  ///< the driver has decoded the text as Windows-1252, which it is not
    std::vector<std::string> warnings_;
};

}  // namespace landcarbon
