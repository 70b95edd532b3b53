// Land Carbon Toolbox: what the Python loader needs of the C++ part: register the provider, remove it, tell versions.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin.hpp"

#include <qgsapplication.h>
#include <qgsprocessingregistry.h>

#include <QPointer>
#include <memory>
#include <string>

#include "engine/step_order.hpp"
#include "provider.hpp"
#include "spec/algorithm.hpp"

namespace {

QPointer<QgsProcessingProvider>& registered() {
    static QPointer<QgsProcessingProvider> provider;
    return provider;
}

}  // namespace

bool LandCarbon::register_provider(const char* plugin_folder) {
    QgsProcessingRegistry* registry = QgsApplication::processingRegistry();
    auto provider = std::make_unique<landcarbon::LandCarbonProvider>(QString::fromUtf8(plugin_folder));
    if (registry->providerById(provider->id())) return false;
    QgsProcessingProvider* added = provider.release();  // the registry owns it from here on
    if (!registry->addProvider(added)) return false;
    registered() = added;
    // The shipped models use algorithms of this provider, which QGIS finds only now that it is registered.
    added->refreshAlgorithms();
    return true;
}

bool LandCarbon::remove_provider() {
    if (!registered()) return false;
    return QgsApplication::processingRegistry()->removeProvider(registered());
}

const char* LandCarbon::years_in(const char* text) {
    static thread_local std::string years;
    years.clear();
    for (const std::int64_t year : landcarbon::years_of_name(text))
        years += (years.empty() ? "" : ",") + std::to_string(year);
    return years.c_str();
}

const char* LandCarbon::version() { return landcarbon::version(); }
const char* LandCarbon::qgis_version() { return LANDCARBON_QGIS_VERSION; }
