// Land Carbon Toolbox: a model that comes with the toolbox.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "shipped_model.hpp"

#include <qgsprocessing.h>
#include <qgsprocessingcontext.h>
#include <qgsprocessingmodelchildalgorithm.h>
#include <qgsprocessingmodeloutput.h>
#include <qgsprocessingparameters.h>
#include <qgsrasterlayer.h>

#include <QIcon>
#include <QRegularExpression>
#include <QSet>
#include <algorithm>
#include <memory>
#include <utility>

#include "compat.hpp"
#include "engine/step_order.hpp"
#include "result_layers.hpp"
#include "spec_algorithm.hpp"

namespace landcarbon {

ShippedModel::ShippedModel(QString plugin_folder) : plugin_folder_(std::move(plugin_folder)) {}

bool ShippedModel::read(const QString& file) {
    if (!fromFile(file)) return false;
    setSourceFilePath(file);
    take_widgets();
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
    copy->take_widgets();
    copy->name_inputs_in_steps();
    copy->arrange_results();
    return copy;
}

namespace {

/// The names of the model's inputs that one input of a step gets; empty where something else is among them.
QStringList inputs_handed_to(const QgsProcessingModelChildAlgorithm& step, const QString& parameter) {
    QStringList names;
    const auto sources = step.parameterSources().value(parameter);
    for (const auto& source : sources) {
        if (source.source() != compat::from_model_input) return {};
        names << source.parameterName();
    }
    return names;
}

/// A step's widget for one of the model's inputs: names of the step's inputs become those of the model's. Empty where
/// it has none of its own.
QVariantMap widget_for_model(const QgsProcessingModelChildAlgorithm& step, const QgsProcessingParameterDefinition& own,
                             const QgsProcessingParameterDefinition& input) {
    QVariantMap widget = own.metadata().value(QStringLiteral("widget_wrapper")).toMap();
    if (!widget.value(QStringLiteral("class")).toString().startsWith(QLatin1String("landcarbon."))) return {};
    if (const auto* choice = dynamic_cast<const QgsProcessingParameterEnum*>(&own)) {
        // The model may offer some of the step's words only.
        const auto* offered = dynamic_cast<const QgsProcessingParameterEnum*>(&input);
        if (!offered) return {};
        const QStringList labels = widget.value(QStringLiteral("labels")).toStringList();
        QStringList fitting;
        const QStringList words = offered->options();
        for (const QString& word : words) fitting << labels.value(choice->options().indexOf(word), word);
        widget[QStringLiteral("labels")] = fitting;
    }
    QVariantMap guess = widget.value(QStringLiteral("guess")).toMap();
    for (const char* key : {"years_of", "years_between", "only_with", "first_year_of"}) {
        QStringList dated;
        const QStringList names = guess.value(QLatin1String(key)).toStringList();
        for (const QString& name : names) {
            const QStringList handed = inputs_handed_to(step, name);
            if (handed.isEmpty()) return {};
            dated += handed;
        }
        if (!dated.isEmpty()) guess[QLatin1String(key)] = dated;
    }
    if (!guess.isEmpty()) widget[QStringLiteral("guess")] = guess;
    return widget;
}

}  // namespace

void ShippedModel::name_inputs_in_steps() {
    const auto steps = childAlgorithms();
    for (auto step : steps) {
        if (!step.algorithm()) continue;  // while the provider is not registered yet
        QVariantMap called;
        const auto parameters = step.algorithm()->parameterDefinitions();
        for (const auto* own : parameters) {
            QStringList titles;
            const QStringList names = inputs_handed_to(step, own->name());
            for (const QString& name : names)
                if (const auto* input = parameterDefinition(name))
                    titles << QStringLiteral("%1 (%2)").arg(input->description(), name);
            // The step has it from another one, or the model has fixed it.
            called[own->name()] =
                titles.isEmpty() ? QStringLiteral("\"%1\" of the step \"%2\"")
                                       .arg(own->description().section(QStringLiteral(" ("), 0, 0), step.description())
                                 : titles.join(QStringLiteral(", "));
        }
        step.setConfiguration({{QLatin1String(names_in_model), called}});
        setChildAlgorithm(step);
    }
}

void ShippedModel::take_widgets() {
    const auto steps = childAlgorithms();
    const auto definitions = parameterDefinitions();
    QList<QgsProcessingParameterDefinition*> inputs;
    for (const auto* definition : definitions) {
        if (definition->isDestination()) continue;
        inputs << definition->clone();
        for (const auto& step : steps) {
            if (!step.algorithm()) continue;  // while the provider is not registered yet
            const auto parameters = step.algorithm()->parameterDefinitions();
            for (const auto* own : parameters) {
                if (inputs_handed_to(step, own->name()) != QStringList{definition->name()}) continue;
                const QVariantMap widget = widget_for_model(step, *own, *definition);
                if (!widget.isEmpty()) inputs.back()->setMetadata({{QStringLiteral("widget_wrapper"), widget}});
            }
        }
    }
    // In their old order; results are put behind them afterwards.
    for (auto* input : inputs) {
        removeParameter(input->name());
        addParameter(input);
    }
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

QString ShippedModel::year_of_result(const QString& result, const QVariantMap& parameters,
                                     QgsProcessingContext& context) const {
    const QStringList dated = variables().value(QStringLiteral("dated_results")).toString().split(QStringLiteral("; "));
    for (const QString& entry : dated) {
        if (entry.section(QLatin1Char('='), 0, 0) != result) continue;
        const QStringList source = entry.section(QLatin1Char('='), 1).split(QLatin1Char(','));
        const auto typed = years_of_name(parameters.value(QStringLiteral("YEARS")).toString().toStdString());
        if (!typed.empty())
            return QString::number(source.last() == QLatin1String("first") ? typed.front() : typed.back());
        const auto* layer = parameterAsRasterLayer(parameters, source.first(), context);
        if (!layer) return {};
        return period_of({"map"}, {{"map", {InputName{layer->name(), layer->source(), true}}}});
    }
    return {};
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
    const auto loaded_before = context.layersToLoadOnCompletion();
    QVariantMap results;
    try {
        results = QgsProcessingModelAlgorithm::processAlgorithm(completed, context, feedback);
    } catch (const QgsProcessingException&) {
        // What its first steps have made is no result of the model.
        context.setLayersToLoadOnCompletion(loaded_before);
        throw;
    }
    std::vector<ModelResult> made;
    const auto definitions = destinationParameterDefinitions();
    for (const auto* definition : definitions) {
        const QString title = definition->name().section(QLatin1Char(':'), 1);
        made.push_back({results.value(definition->name()).toString(), definition->name(), title,
                        definition->description(), year_of_result(title, parameters, context)});
    }
    order_results(made, id(), displayName(), context);
    return results;
}

}  // namespace landcarbon
