// Land Carbon Toolbox: the one adapter that turns any spec into a QGIS Processing algorithm.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec_algorithm.hpp"

#include <cpl_error.h>
#include <qgsapplication.h>
#include <qgsmaplayer.h>
#include <qgsprocessingfeedback.h>
#include <qgsprocessingoutputs.h>
#include <qgsprocessingparameters.h>
#include <qgsprocessingprovider.h>
#include <qgsprocessingutils.h>
#include <qgsproject.h>
#include <qgsproperty.h>

#include <QDir>
#include <QFileInfo>
#include <QIcon>
#include <QThread>
#include <QUrl>
#include <set>
#include <utility>

#include "compat.hpp"
#include "spec/wording.hpp"
#include "spec_parameters.hpp"

namespace landcarbon {

namespace {

/// Hands a run's progress and messages to QGIS.
class FeedbackMonitor final : public Monitor {
public:
    FeedbackMonitor(QgsProcessingFeedback* feedback, const Spec& spec, const QVariantMap& called,
                    const LayerPaths* layers)
        : feedback_(feedback), spec_(spec), called_(called), layers_(layers) {}
    bool cancelled() override {
        // qgis_process hears an interrupt only where events are worked on, which it does itself with its progress bar
        // alone: not with --json.
        if (QgsApplication::platform() == QLatin1String("qgis_process") &&
            QThread::currentThread() == QCoreApplication::instance()->thread())
            QCoreApplication::processEvents();
        return feedback_ && feedback_->isCanceled();
    }
    void progress(double share) override {
        if (feedback_) feedback_->setProgress(share * 100.0);
    }
    void info(const std::string& text) override {
        if (feedback_) feedback_->pushInfo(worded(text));
    }
    void warning(const std::string& text) override {
        if (feedback_) feedback_->pushWarning(worded(text));
    }

private:
    QString worded(const std::string& text) const {
        const QString message = message_for_qgis(text, spec_, called_);
        return layers_ ? layers_->with_layer_names(message) : message;
    }

    QgsProcessingFeedback* feedback_;
    const Spec& spec_;
    const QVariantMap& called_;
    const LayerPaths* layers_;
};

/// Keeps GDAL from printing in this thread; the engine attaches what GDAL says to its errors.
struct QuietGdal {
    QuietGdal() { CPLPushErrorHandler(CPLQuietErrorHandler); }
    ~QuietGdal() { CPLPopErrorHandler(); }
    QuietGdal(const QuietGdal&) = delete;
    QuietGdal& operator=(const QuietGdal&) = delete;
};

QString message_of(const UserError& error, const Spec& spec, const QVariantMap& called) {
    return message_for_qgis(with_subject(error, spec), spec, called);
}
QStringList messages_of(const UserErrors& errors, const Spec& spec, const QVariantMap& called) {
    QStringList messages;
    for (const auto& error : errors.errors()) messages << message_of(error, spec, called);
    return messages;
}

/// Runs `work` so that nothing but QgsProcessingException leaves it: QGIS aborts on any other exception. Messages call
/// layers as people see them.
template <class Work>
auto guarded(const Spec& spec, const QVariantMap& called, const std::unique_ptr<LayerPaths>& layers, const Work& work) {
    try {
        try {
            const QuietGdal quiet;
            return work();
        } catch (const QgsProcessingException&) {
            throw;
        } catch (const UserErrors& errors) {
            throw QgsProcessingException(messages_of(errors, spec, called).join(QLatin1Char('\n')));
        } catch (const UserError& error) {
            throw QgsProcessingException(message_of(error, spec, called));
        } catch (const Error& error) {
            throw QgsProcessingException(message_for_qgis(error.what(), spec, called));
        } catch (const std::bad_alloc&) {
            throw QgsProcessingException(
                message_for_qgis("not enough memory; close other programs or lower MEMORY and THREADS", spec, called));
        } catch (const std::exception& error) {
            throw QgsProcessingException(
                QStringLiteral("internal error: %1; please report it").arg(QString::fromUtf8(error.what())));
        } catch (...) {
            throw QgsProcessingException(QStringLiteral("internal error of unknown kind; please report it"));
        }
    } catch (const QgsProcessingException& error) {
        if (!layers) throw;
        throw QgsProcessingException(layers->with_layer_names(error.what()));
    }
}

bool is_raster(const Argument& argument) {
    return argument.kind == Kind::raster_in || argument.kind == Kind::class_raster ||
           argument.kind == Kind::raster_stack;
}
bool is_vector(const Argument& argument) { return argument.kind == Kind::vector_in || argument.kind == Kind::table_in; }

/// The band suffixes are ours: QGIS checks the rasters without them.
QVariant without_bands(const QVariant& value) {
    return value.userType() == QMetaType::QString ? QVariant(split_band(value.toString()).first) : value;
}

/// The values in the form that QGIS's own checks understand.
QVariantMap as_qgis_expects(const Spec& spec, QVariantMap parameters) {
    for (const auto& argument : spec.arguments) {
        const auto found = parameters.find(qt(argument->parameter_name()));
        if (found == parameters.end() || !found->isValid() || found->userType() == qMetaTypeId<QgsProperty>()) continue;
        if (argument->kind == Kind::raster_stack) {
            QVariantList entries = list_entries(*found);
            for (QVariant& entry : entries) entry = without_bands(entry);
            *found = entries;
        } else if (is_raster(*argument)) {
            *found = without_bands(*found);
        } else if (argument->kind == Kind::choice) {
            *found = qt(value_text(value_from_qgis(*argument, *found)));
        }
    }
    return parameters;
}

/// A value as an error message shows it: a layer by its name.
QString shown_value(const QVariant& value, const QgsProcessingContext& context) {
    if (value.userType() == qMetaTypeId<QgsProcessingFeatureSourceDefinition>())
        return shown_value(value.value<QgsProcessingFeatureSourceDefinition>().source.staticValue(), context);
    const auto* layer = qobject_cast<QgsMapLayer*>(value.value<QObject*>());
    if (!layer && context.project()) layer = context.project()->mapLayer(value.toString());
    return layer ? layer->name() : value.toString();
}

bool is_empty(const QVariant& value) {
    return !value.isValid() || (value.userType() == QMetaType::QString && value.toString().isEmpty());
}

/// Whether a result is asked for only because dialogs, or programs such as R's qgisprocess, ask for all results at
/// temporary places, without the input that it needs.
bool is_needless(const Argument& output, const QVariantMap& parameters) {
    if (output.needed.empty() || !output.by_default || !is_empty(parameters.value(qt(parameter_name(output.needed)))))
        return false;
    QVariant place = parameters.value(qt(output.parameter_name()));
    if (place.userType() == qMetaTypeId<QgsProcessingOutputLayerDefinition>())
        place = place.value<QgsProcessingOutputLayerDefinition>().sink.staticValue();
    const QString path = place.toString();
    return path == QgsProcessing::TEMPORARY_OUTPUT ||
           QDir::cleanPath(path).startsWith(QDir::cleanPath(QDir::tempPath()) + QLatin1Char('/'));
}

}  // namespace

SpecAlgorithm::SpecAlgorithm(const RegistryEntry& entry, QString plugin_folder)
    : entry_(entry), plugin_folder_(std::move(plugin_folder)), algorithm_(entry.make()) {}

QString SpecAlgorithm::name() const { return qt(algorithm_->spec().algorithm_name()); }
QString SpecAlgorithm::displayName() const { return qt(algorithm_->spec().name); }
QString SpecAlgorithm::groupId() const { return qt(algorithm_->spec().group).remove(QLatin1Char('_')); }
QString SpecAlgorithm::group() const {
    for (const auto& [id, title] : groups())
        if (id == algorithm_->spec().group) return qt(title);
    return {};
}
QString SpecAlgorithm::shortDescription() const { return qt(algorithm_->spec().summary); }
QString SpecAlgorithm::shortHelpString() const { return spec_help_html(algorithm_->spec()); }
QString SpecAlgorithm::helpUrl() const { return help_page(plugin_folder_, name()); }
QStringList SpecAlgorithm::tags() const {
    QStringList tags{QStringLiteral("carbon")};
    for (const auto& tag : algorithm_->spec().tags) tags << qt(tag);
    tags.removeDuplicates();
    return tags;
}
QIcon SpecAlgorithm::icon() const { return QIcon(svgIconPath()); }
QString SpecAlgorithm::svgIconPath() const {
    return plugin_folder_ + QStringLiteral("/icons/") + qt(algorithm_->spec().group) + QStringLiteral(".svg");
}
QgsProcessingAlgorithm* SpecAlgorithm::createInstance() const { return new SpecAlgorithm(entry_, plugin_folder_); }

void SpecAlgorithm::initAlgorithm(const QVariantMap& configuration) {
    called_ = configuration.value(QLatin1String(names_in_model)).toMap();
    for (const auto& argument : algorithm_->spec().arguments) {
        if (auto parameter = make_parameter(*argument, algorithm_->spec()))
            addParameter(parameter.release());  // a destination brings its output along
        else if (auto output = make_output(*argument))
            addOutput(output.release());
    }
}

QVariant SpecAlgorithm::plain_value(const Argument& argument, const QVariantMap& parameters,
                                    QgsProcessingContext& context) const {
    const QVariant value = parameters.value(qt(argument.parameter_name()));
    if (value.userType() == qMetaTypeId<QgsProperty>())
        return value.value<QgsProperty>().value(context.expressionContext());
    return value;
}

bool SpecAlgorithm::checkParameterValues(const QVariantMap& parameters, QgsProcessingContext& context,
                                         QString* message) const {
    QStringList errors;
    try {
        const QuietGdal quiet;
        const auto scratch = entry_.make();
        Spec& spec = scratch->spec();
        std::map<std::string, Value> values;
        for (auto i = parameters.begin(); i != parameters.end(); ++i) {
            std::string id = i.key().toLower().toStdString();
            const Argument* argument = spec.find(id);
            if (argument && qt(argument->parameter_name()) != i.key()) argument = nullptr;
            if (!argument) {
                values[i.key() == i.key().toUpper() ? id : i.key().toStdString()] = std::string("?");
                continue;
            }
            const QVariant value = plain_value(*argument, parameters, context);
            if (is_empty(value) || is_needless(*argument, parameters)) continue;
            // Layers and destinations stand here for themselves: whether they open shows later.
            const bool stands_for_file =
                argument->is_path() && !argument->is_list() && value.userType() != QMetaType::QString;
            values[id] = stands_for_file ? Value{std::string("layer")} : value_from_qgis(*argument, value);
            if (argument->is_list() && argument->is_path()) {
                std::vector<std::string> entries(static_cast<std::size_t>(list_entries(value).size()), "layer");
                values[id] = entries;
            }
        }
        std::set<std::string> wrong;
        try {
            assign(spec, values);
        } catch (const UserErrors& found) {
            for (const auto& error : found.errors()) {
                errors << message_of(error, spec, called_);
                wrong.insert(error.parameter());
            }
        }
        // QGIS's checks, for every parameter that the spec found nothing wrong with.
        const QVariantMap expected = as_qgis_expects(spec, parameters);
        const auto definitions = parameterDefinitions();
        for (const QgsProcessingParameterDefinition* definition : definitions) {
            if (wrong.count(definition->name().toLower().toStdString())) continue;
            const QVariant value = expected.value(definition->name());
            if (definition->checkValueIsAcceptable(value, &context)) continue;
            if (definition->flags().testFlag(compat::optional) && is_empty(value)) continue;
            QStringList shown;
            const QVariantList entries = list_entries(value);
            for (const QVariant& entry : entries) shown << shown_value(entry, context);
            const Argument* argument = spec.find(definition->name().toLower().toStdString());
            errors << QStringLiteral("%1: \"%2\" cannot be used; check that it exists and is of the right kind")
                          .arg(argument ? label_and_id(*argument, called_) : definition->name(),
                               shown.join(QStringLiteral(", ")));
        }
        for (const QgsProcessingParameterDefinition* definition : definitions) {
            const auto* destination = dynamic_cast<const QgsProcessingDestinationParameter*>(definition);
            QString reason;
            if (!destination || !provider() || is_empty(parameters.value(definition->name())) ||
                provider()->isSupportedOutputValue(parameters.value(definition->name()), destination, context, reason))
                continue;
            const Argument* argument = spec.find(definition->name().toLower().toStdString());
            errors << QStringLiteral("%1: %2").arg(argument ? label_and_id(*argument, called_) : definition->name(),
                                                   reason);
        }
        QString first;
        if (errors.isEmpty() && !QgsProcessingAlgorithm::checkParameterValues(expected, context, &first))
            errors << first;
    } catch (const std::exception& error) {
        errors << QString::fromUtf8(error.what());
    } catch (...) {
        errors << QStringLiteral("the parameters cannot be checked");
    }
    if (message && !errors.isEmpty()) *message = errors.join(QLatin1Char('\n'));
    return errors.isEmpty();
}

QVariant SpecAlgorithm::path_value(const Argument& argument, const QVariant& value, LayerPaths& layers) const {
    const QString name = label_and_id(argument, called_);
    if (argument.kind == Kind::raster_stack) {
        QStringList paths;
        const QVariantList entries = list_entries(value);
        for (const QVariant& entry : entries) paths << layers.raster(name, entry, false);
        return paths;
    }
    if (is_raster(argument)) return layers.raster(name, value, true);
    if (is_vector(argument)) return layers.vector(name, value);
    return value;
}

bool SpecAlgorithm::prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                     QgsProcessingFeedback* feedback) {
    problem_.clear();
    try {
        guarded(algorithm_->spec(), called_, layers_, [&] {
            layers_ = std::make_unique<LayerPaths>(context, feedback);
            inputs_.clear();
            names_.clear();
            for (const auto& argument : algorithm_->spec().arguments) {
                if (argument->is_output()) continue;
                const QVariant value = plain_value(*argument, parameters, context);
                if (is_empty(value)) continue;
                remember_name(*argument, value, context);
                inputs_[argument->id] = value_from_qgis(*argument, path_value(*argument, value, *layers_));
            }
        });
    } catch (const QgsProcessingException& error) {
        // QGIS tells scripts of errors in here no more than that there were some; processAlgorithm throws it.
        problem_ = error.what();
    }
    return true;
}

void SpecAlgorithm::remember_name(const Argument& argument, const QVariant& value, QgsProcessingContext& context) {
    auto& names = names_[argument.id];
    if (!argument.is_path()) {
        names.push_back({qt(value_text(value_from_qgis(argument, value)))});
        return;
    }
    const QVariantList entries = argument.is_list() ? list_entries(value) : QVariantList{source_of(value, context)};
    for (const QVariant& entry : entries) {
        const auto* layer = qobject_cast<QgsMapLayer*>(entry.value<QObject*>());
        if (!layer && entry.userType() == QMetaType::QString)
            layer = QgsProcessingUtils::mapLayerFromString(without_bands(entry).toString(), context, false);
        names.push_back(layer ? InputName{layer->name(), layer->source(), true}
                              : InputName{entry.toString(), entry.toString(), true});
    }
}

std::string SpecAlgorithm::destination(const Argument& argument, const QVariantMap& parameters,
                                       QgsProcessingContext& context) const {
    const QString name = qt(argument.parameter_name());
    if (is_empty(parameters.value(name)) || is_needless(argument, parameters)) return {};
    const bool is_layer =
        argument.kind == Kind::raster_out || argument.kind == Kind::table_out || argument.kind == Kind::vector_out;
    const QString path =
        is_layer ? parameterAsOutputLayer(parameters, name, context) : parameterAsFileOutput(parameters, name, context);
    for (const char* scheme : {"memory:", "ogr:", "postgis:", "spatialite:"})
        if (path.startsWith(QLatin1String(scheme)))
            throw QgsProcessingException(QStringLiteral("%1: \"%2\" is no file; name a file to write")
                                             .arg(label_and_id(argument, called_), path));
    return path.toStdString();
}

QVariantMap SpecAlgorithm::processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                            QgsProcessingFeedback* feedback) {
    if (!problem_.isEmpty()) throw QgsProcessingException(problem_);
    return guarded(algorithm_->spec(), called_, layers_, [&] {
        std::map<std::string, Value> values = inputs_;
        std::map<std::string, QString> paths;
        for (const auto& argument : algorithm_->spec().arguments)
            if (argument->is_destination())
                if (std::string path = destination(*argument, parameters, context); !path.empty()) {
                    paths[argument->id] = qt(path);
                    values[argument->id] = std::move(path);
                }
        assign(algorithm_->spec(), values);
        // QGIS has asked before it replaces a file, or was told to.
        algorithm_->run_options().overwrite = true;
        algorithm_->run_options().copies = layers_->records();
        FeedbackMonitor monitor(feedback, algorithm_->spec(), called_, layers_.get());
        algorithm_->run(monitor);
        layers_.reset();
        for (const auto& argument : algorithm_->spec().arguments)
            if (argument->kind == Kind::number_out)
                if (const std::string found = value_text(argument->get()); !found.empty())
                    names_[argument->id] = {{qt(found)}};
        prepare_loading(algorithm_->spec(), names_, paths, id(), context);
        reload_layers_of(paths);
        return results();
    });
}

QVariantMap SpecAlgorithm::results() const {
    QVariantMap results;
    for (const auto& argument : algorithm_->spec().arguments) {
        if (!argument->is_output()) continue;
        const QString name = qt(argument->parameter_name());
        const Value value = argument->get();
        if (const auto* number = std::get_if<double>(&value)) results.insert(name, *number);
        const auto* text = std::get_if<std::string>(&value);
        if (!text || text->empty()) continue;
        if (argument->is_destination() && !QFileInfo::exists(qt(*text)))
            throw QgsProcessingException(
                QStringLiteral("%1: %2 was not written").arg(label_and_id(*argument, called_), qt(*text)));
        results.insert(name, qt(*text));
    }
    return results;
}

QString help_page(const QString& plugin_folder, const QString& name) {
    const QString path = plugin_folder + QStringLiteral("/help/") + name + QStringLiteral(".html");
    return QFileInfo::exists(path) ? QUrl::fromLocalFile(path).toString() : QString();
}

}  // namespace landcarbon
