// Land Carbon Toolbox: the one adapter that turns any spec into a QGIS Processing algorithm.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <qgsprocessingalgorithm.h>

#include <map>
#include <memory>
#include <string>

#include "layer_paths.hpp"
#include "result_layers.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {

/// The key of a step's configuration in a shipped model that tells how messages call the step's parameters.
inline constexpr const char* names_in_model = "landcarbon_names";

/// One algorithm of the registry as QGIS sees it. QGIS makes a fresh copy for every run.
class SpecAlgorithm final : public QgsProcessingAlgorithm {
public:
    /// @param plugin_folder holds icons/`<group>.svg` for every group, and help/`<name>.html`
    SpecAlgorithm(const RegistryEntry& entry, QString plugin_folder);

    QString name() const override;
    QString displayName() const override;
    QString group() const override;
    QString groupId() const override;
    QString shortDescription() const override;
    QString shortHelpString() const override;
    QString helpUrl() const override;
    QStringList tags() const override;
    QIcon icon() const override;
    QString svgIconPath() const override;
    QgsProcessingAlgorithm* createInstance() const override;
    void initAlgorithm(const QVariantMap& configuration = QVariantMap()) override;

    /// Adds to QGIS's own checks: unknown keys, the spec's checks, and all errors in one message.
    bool checkParameterValues(const QVariantMap& parameters, QgsProcessingContext& context,
                              QString* message = nullptr) const override;

protected:
    bool prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                          QgsProcessingFeedback* feedback) override;
    QVariantMap processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                 QgsProcessingFeedback* feedback) override;

private:
    QVariant plain_value(const Argument& argument, const QVariantMap& parameters, QgsProcessingContext& context) const;
    QVariant path_value(const Argument& argument, const QVariant& value, LayerPaths& layers) const;
    std::string destination(const Argument& argument, const QVariantMap& parameters,
                            QgsProcessingContext& context) const;
    QVariantMap results() const;

    void remember_name(const Argument& argument, const QVariant& value, QgsProcessingContext& context);

    RegistryEntry entry_;
    QString plugin_folder_;
    std::unique_ptr<Algorithm> algorithm_;
    std::unique_ptr<LayerPaths> layers_;  ///< keeps exported layers until the run is over
    std::map<std::string, Value> inputs_;
    InputNames names_;    ///< of the same inputs
    QVariantMap called_;  ///< how messages call parameters, where the algorithm is a step of a shipped model
    QString problem_;     ///< what prepareAlgorithm met; empty where all is well
};

/// The manual page of that name in the plugin's folder as a URL; empty where there is none.
QString help_page(const QString& plugin_folder, const QString& name);

}  // namespace landcarbon
