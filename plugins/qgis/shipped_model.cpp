// Land Carbon Toolbox: a model that comes with the toolbox.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "shipped_model.hpp"

#include <qgsprocessing.h>
#include <qgsprocessingcontext.h>
#include <qgsprocessingmodelchildalgorithm.h>
#include <qgsprocessingmodeloutput.h>
#include <qgsprocessingparameters.h>

#include <QIcon>
#include <QRegularExpression>
#include <QSet>
#include <algorithm>
#include <memory>
#include <utility>

#include "result_layers.hpp"
#include "spec_algorithm.hpp"

namespace landcarbon {

ShippedModel::ShippedModel(QString plugin_folder) : plugin_folder_(std::move(plugin_folder)) {}

bool ShippedModel::read(const QString& file) {
    if (!fromFile(file)) return false;
    setSourceFilePath(file);
    arrange_results();
    return true;
}

QString ShippedModel::name() const {
    static const QRegularExpression not_in_an_id(QStringLiteral("[^a-z0-9]"));
    return QgsProcessingModelAlgorithm::name().toLower().remove(not_in_an_id);
}
QIcon ShippedModel::icon() const { return QIcon(svgIconPath()); }
QString ShippedModel::svgIconPath() const { return plugin_folder_ + QStringLiteral("/icons/models.svg"); }
QString ShippedModel::helpUrl() const { return help_page(plugin_folder_, name()); }

QgsProcessingAlgorithm* ShippedModel::createInstance() const {
    auto* copy = new ShippedModel(plugin_folder_);
    copy->loadVariant(toVariant());
    copy->setProvider(provider());
    copy->setSourceFilePath(sourceFilePath());
    copy->arrange_results();
    return copy;
}

void ShippedModel::arrange_results() {
    QStringList story = variables().value(QStringLiteral("loaded_results")).toString().split(QStringLiteral("; "));
    QList<std::shared_ptr<QgsProcessingParameterDefinition>> results;
    const auto definitions = destinationParameterDefinitions();
    for (const auto* definition : definitions) {
        // A result's id is "step:Name".
        const auto place = story.indexOf(definition->name().section(QLatin1Char(':'), 1));
        std::shared_ptr<QgsProcessingParameterDefinition> result(definition->clone());
        if (auto* destination = dynamic_cast<QgsProcessingDestinationParameter*>(result.get()))
            destination->setCreateByDefault(place >= 0 ||
                                            definition->type() == QgsProcessingParameterFileDestination::typeName());
        results << result;
    }
    const auto rank = [&](const auto& result) {
        const auto place = story.indexOf(result->name().section(QLatin1Char(':'), 1));
        return place >= 0 ? place : story.size();
    };
    std::stable_sort(results.begin(), results.end(),
                     [&](const auto& left, const auto& right) { return rank(left) < rank(right); });
    for (const auto& result : results) {
        removeParameter(result->name());
        addParameter(result->clone());
    }
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
    const QVariantMap results = QgsProcessingModelAlgorithm::processAlgorithm(completed, context, feedback);
    std::vector<ModelResult> made;
    const auto definitions = destinationParameterDefinitions();
    for (const auto* definition : definitions)
        made.push_back({results.value(definition->name()).toString(), definition->name().section(QLatin1Char(':'), 1),
                        definition->description()});
    order_results(made, displayName(), context);
    return results;
}

}  // namespace landcarbon
