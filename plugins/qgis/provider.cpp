// Land Carbon Toolbox: the QGIS Processing provider: every algorithm of the registry and the shipped models.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider.hpp"

#include <qgsmessagelog.h>

#include <QDir>
#include <QIcon>
#include <memory>
#include <utility>

#include "shipped_model.hpp"
#include "spec_algorithm.hpp"

namespace landcarbon {

LandCarbonProvider::LandCarbonProvider(QString plugin_folder) : plugin_folder_(std::move(plugin_folder)) {}

QString LandCarbonProvider::id() const { return QStringLiteral("landcarbon"); }
QString LandCarbonProvider::name() const { return QStringLiteral("Land Carbon"); }
QString LandCarbonProvider::longName() const { return QStringLiteral("Land Carbon (%1)").arg(versionInfo()); }
QString LandCarbonProvider::versionInfo() const { return QString::fromUtf8(version()); }
QString LandCarbonProvider::icons() const { return plugin_folder_ + QStringLiteral("/icons"); }
QString LandCarbonProvider::svgIconPath() const { return icons() + QStringLiteral("/landcarbon.svg"); }
QIcon LandCarbonProvider::icon() const { return QIcon(svgIconPath()); }
bool LandCarbonProvider::supportsNonFileBasedOutput() const { return false; }

void LandCarbonProvider::loadAlgorithms() {
    for (const RegistryEntry& entry : registry()) addAlgorithm(new SpecAlgorithm(entry, plugin_folder_));
    load_models();
}

void LandCarbonProvider::load_models() {
    const QDir folder(plugin_folder_ + QStringLiteral("/models"));
    const QStringList files = folder.entryList({QStringLiteral("*.model3")}, QDir::Files, QDir::Name);
    for (const QString& file : files) {
        auto model = std::make_unique<ShippedModel>(plugin_folder_);
        if (model->read(folder.filePath(file)))
            addAlgorithm(model.release());
        else
            QgsMessageLog::logMessage(QStringLiteral("The model %1 cannot be read.").arg(folder.filePath(file)),
                                      name());
    }
}

}  // namespace landcarbon
