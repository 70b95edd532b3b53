// Land Carbon Toolbox: the QGIS Processing provider: every algorithm of the registry and the shipped models.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <qgsprocessingprovider.h>

namespace landcarbon {

class LandCarbonProvider final : public QgsProcessingProvider {
public:
    /// @param plugin_folder holds icons/ and models/
    explicit LandCarbonProvider(QString plugin_folder);

    QString id() const override;
    QString name() const override;
    QString longName() const override;
    QString versionInfo() const override;
    QIcon icon() const override;
    QString svgIconPath() const override;
    bool supportsNonFileBasedOutput() const override;
    void loadAlgorithms() override;

private:
    QString icons() const;
    void load_models();

    QString plugin_folder_;
};

}  // namespace landcarbon
