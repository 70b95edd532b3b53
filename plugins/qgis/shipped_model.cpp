// Land Carbon Toolbox: a model that comes with the toolbox.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "shipped_model.hpp"

#include <qgsprocessing.h>
#include <qgsprocessingmodelchildalgorithm.h>
#include <qgsprocessingmodeloutput.h>
#include <qgsprocessingparameters.h>

#include <QIcon>
#include <QRegularExpression>
#include <QSet>
#include <utility>

namespace landcarbon {

ShippedModel::ShippedModel(QString icon) : icon_(std::move(icon)) {}

QString ShippedModel::name() const {
    static const QRegularExpression not_in_an_id(QStringLiteral("[^a-z0-9]"));
    return QgsProcessingModelAlgorithm::name().toLower().remove(not_in_an_id);
}
QIcon ShippedModel::icon() const { return QIcon(icon_); }
QString ShippedModel::svgIconPath() const { return icon_; }

QgsProcessingAlgorithm* ShippedModel::createInstance() const {
    auto* copy = new ShippedModel(icon_);
    copy->loadVariant(toVariant());
    copy->setProvider(provider());
    copy->setSourceFilePath(sourceFilePath());
    return copy;
}

QVariantMap ShippedModel::processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                           QgsProcessingFeedback* feedback) {
    const auto steps = childAlgorithms();
    QSet<QString> handed_on;  // "step:OUTPUT"
    for (const auto& step : steps) {
        const auto inputs = step.parameterSources();
        for (const auto& sources : inputs)
            for (const auto& source : sources)
                if (!source.outputChildId().isEmpty())
                    handed_on << source.outputChildId() + QLatin1Char(':') + source.outputName();
    }
    QVariantMap completed = parameters;
    for (const auto& step : steps) {
        const auto results = step.modelOutputs();
        for (auto result = results.begin(); result != results.end(); ++result) {
            const QString key = step.childId() + QLatin1Char(':') + result.key();
            const bool skipped = completed.value(key).toString().isEmpty() &&
                                 completed.value(key).userType() != qMetaTypeId<QgsProcessingOutputLayerDefinition>();
            if (skipped && handed_on.contains(step.childId() + QLatin1Char(':') + result->childOutputName()))
                completed[key] = QgsProcessing::TEMPORARY_OUTPUT;
        }
    }
    return QgsProcessingModelAlgorithm::processAlgorithm(completed, context, feedback);
}

}  // namespace landcarbon
