// Land Carbon Toolbox: what the Python loader needs of the C++ part: register the provider, remove it, tell versions.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#define LANDCARBON_EXPORT __attribute__((visibility("default")))

/// Wrapped for Python by SIP; plain texts only, so that the module needs nothing of PyQGIS.
class LANDCARBON_EXPORT LandCarbon {
public:
    /// Adds the provider to QGIS's registry. @param plugin_folder UTF-8; holds icons/ and models/
    /// @return false when QGIS has a provider of that name already
    static bool register_provider(const char* plugin_folder);
    /// Removes the provider that this library registered; false when there is none.
    static bool remove_provider();
    /// The years in a name, in their order, separated by commas.
    static const char* years_in(const char* text);
    /// The toolbox's version.
    static const char* version();
    /// The QGIS version whose headers this library was compiled with, for example "3.22.16".
    static const char* qgis_version();
};
