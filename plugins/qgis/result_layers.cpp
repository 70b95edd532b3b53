// Land Carbon Toolbox: how results look that Processing loads: style, name, place among the layers, fields.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "result_layers.hpp"

#include <qgsapplication.h>
#include <qgsattributetableconfig.h>
#include <qgseditorwidgetsetup.h>
#include <qgslayertree.h>
#include <qgsmaplayer.h>
#include <qgsprocessingcontext.h>
#include <qgsproject.h>
#include <qgsproviderregistry.h>
#include <qgsrasterbandstats.h>
#include <qgsrasterdataprovider.h>
#include <qgsrasterlayer.h>
#include <qgssettings.h>
#include <qgssinglebandgrayrenderer.h>
#include <qgsvectorlayer.h>

#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QSet>
#include <algorithm>
#include <cmath>
#include <limits>

#include "compat.hpp"
#include "engine/step_order.hpp"
#include "spec_parameters.hpp"

namespace landcarbon {

namespace {

/// Remembered with a loaded layer: its place among the results of its run.
constexpr const char* place_property = "landcarbon/place";

/// How many decimals show six digits of the largest value, none of them needless.
int decimals_for(double largest) {
    if (!(largest > 0) || !std::isfinite(largest)) return 2;
    return std::clamp(5 - static_cast<int>(std::floor(std::log10(largest))), 0, 10);
}

/// "c_above" as people read it: "c above"; units in columns' names are written as units.
QString column_title(const QString& name) {
    static const std::pair<const char*, const char*> units[] = {
        {"_t_km2_yr", " (t/km2/yr)"},
        {"_t_ha", " (t/ha)"},
        {"_t_per_ha", " (t/ha)"},
        {"_ha_per_t", " (ha/t)"},
        {"_gc_m2", " (g C/m2)"},
        {"_pct", " (%)"},
        {"_ha", " (ha)"},
        {"_km2", " (km2)"},
        {"_m2", " (m2)"},
        {"_mm", " (mm)"},
        {"_km", " (km)"},
        {"_percent", " (%)"},
        {"_t", " (t)"},
        {"_m", " (m)"},
    };
    QString title = name;
    QString unit;
    for (const auto& [ending, text] : units)
        if (title.endsWith(QLatin1String(ending)) && title.size() > static_cast<int>(qstrlen(ending))) {
            title.chop(static_cast<int>(qstrlen(ending)));
            unit = QLatin1String(text);
            break;
        }
    static const QHash<QString, QString> spoken = {{QStringLiteral("rss"), QStringLiteral("residual sum of squares")},
                                                   {QStringLiteral("aicc"), QStringLiteral("AICc")},
                                                   {QStringLiteral("enp"), QStringLiteral("effective parameters")},
                                                   {QStringLiteral("sigma2"), QStringLiteral("residual variance")},
                                                   {QStringLiteral("car"), QStringLiteral("accumulation rate")},
                                                   {QStringLiteral("version"), QStringLiteral("significance by")},
                                                   {QStringLiteral("morans"), QStringLiteral("Moran's")},
                                                   {QStringLiteral("log10"), QStringLiteral("log10 of")},
                                                   {QStringLiteral("r2"), QStringLiteral("R2")},
                                                   {QStringLiteral("n"), QStringLiteral("number")}};
    static const QSet<QString> abbreviations = {QStringLiteral("aic"), QStringLiteral("bic"), QStringLiteral("vif"),
                                                QStringLiteral("auc"), QStringLiteral("cv"),  QStringLiteral("gdp"),
                                                QStringLiteral("ce"),  QStringLiteral("cs"),  QStringLiteral("nce"),
                                                QStringLiteral("ecc"), QStringLiteral("esc"), QStringLiteral("cep"),
                                                QStringLiteral("cli"), QStringLiteral("nep"), QStringLiteral("npp"),
                                                QStringLiteral("ss"),  QStringLiteral("sd"),  QStringLiteral("fdr")};
    QStringList words = title.split(QLatin1Char('_'));
    for (QString& word : words) word = abbreviations.contains(word) ? word.toUpper() : spoken.value(word, word);
    title = words.join(QLatin1Char(' '));
    // A letter alone is a symbol of the method: q, p, z.
    if (title.size() > 1 && title[1] != QLatin1Char(' ')) title[0] = title[0].toUpper();
    return title + unit;
}

bool is_probability(const QString& column) {
    return column == QLatin1String("p") || column.startsWith(QLatin1String("p_")) ||
           column.startsWith(QLatin1String("pc_")) || column.endsWith(QLatin1String("_p"));
}

/// Whether Processing has given the layer a style that the user has set there: for this output of this algorithm ("Edit
/// Rendering Styles for Outputs"), or for all layers of its kind (Settings > Options > Processing).
bool has_style_of_user(const QgsMapLayer* layer, const QList<std::pair<QString, QString>>& owners) {
    QFile file(QgsApplication::qgisSettingsDirPath() + QStringLiteral("processing/processing_qgis_styles.conf"));
    if (file.open(QIODevice::ReadOnly | QIODevice::Text)) {
        const QStringList lines = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'));
        for (const QString& line : lines)  // algorithm|output|style
            for (const auto& [algorithm, output] : owners)
                if (line.startsWith(algorithm + QLatin1Char('|') + output + QLatin1Char('|')) &&
                    !line.section(QLatin1Char('|'), 2).trimmed().isEmpty())
                    return true;
    }
    QString kind = QStringLiteral("RASTER_STYLE");
    if (const auto* vector = qobject_cast<const QgsVectorLayer*>(layer)) {
        kind = vector->geometryType() == compat::points  ? QStringLiteral("VECTOR_POINT_STYLE")
               : vector->geometryType() == compat::lines ? QStringLiteral("VECTOR_LINE_STYLE")
                                                         : QStringLiteral("VECTOR_POLYGON_STYLE");
    }
    return !QgsSettings().value(QStringLiteral("Processing/Configuration/") + kind).toString().isEmpty();
}

/// Gives one loaded result its look. QGIS owns it from setPostProcessor on, and calls it in the main thread.
class ResultLayer final : public QgsProcessingLayerPostProcessorInterface {
public:
    /// @param columns what the algorithm itself adds; `all_columns`: no column is the user's own
    /// @param words columns whose words mean something to programs, and what to say instead
    /// @param period the years that the result is about; may be empty
    /// @param owner ids of the algorithm and its output
    ResultLayer(int place, bool on_top, QStringList columns, bool all_columns, QHash<QString, QVariantMap> words,
                QString period, std::pair<QString, QString> owner)
        : place_(place),
          on_top_(on_top),
          columns_(std::move(columns)),
          all_columns_(all_columns),
          words_(std::move(words)),
          period_(std::move(period)),
          owners_{std::move(owner)} {}

    const QString& period() const { return period_; }

    void set_place(int place, bool on_top) {
        place_ = place;
        on_top_ = on_top;
    }

    /// The result is one of a model as well.
    void belongs_to(const QString& model, const QString& output) { owners_.append({model, output}); }

    void postProcessLayer(QgsMapLayer* layer, QgsProcessingContext& context, QgsProcessingFeedback*) override {
        layer->reload();  // a layer that was loaded before holds on to the file that was there then
        bool styled = has_style_of_user(layer, owners_);
        if (!styled) layer->loadDefaultStyle(styled);
        if (auto* raster = qobject_cast<QgsRasterLayer*>(layer); raster && !styled) show_first_band(raster);
        if (auto* vector = qobject_cast<QgsVectorLayer*>(layer)) describe_fields(vector);
        layer->setCustomProperty(QLatin1String(place_property), place_);
        put_in_order(layer, context);
        show_folding(layer->id(), on_top_);
        layer->triggerRepaint();
    }

private:
    /// The panel of layers folds or unfolds a legend when its node changes: a node that was moved or styled anew may
    /// look otherwise than it says. Done once the panel has taken in the new node.
    static void show_folding(const QString& id, bool unfolded) {
        const auto show = [id, unfolded] {
            QgsLayerTreeLayer* node = QgsProject::instance()->layerTreeRoot()->findLayer(id);
            if (!node) return;
            node->setExpanded(!unfolded);
            node->setExpanded(unfolded);
        };
        QMetaObject::invokeMethod(QgsApplication::instance(), show, Qt::QueuedConnection);
    }

    /// A result without a style: one band in shades of grey. Three bands are no red, green and blue here.
    static void show_first_band(QgsRasterLayer* layer) {
        if (layer->bandCount() < 2 || !layer->dataProvider()) return;
        auto* renderer = new QgsSingleBandGrayRenderer(layer->dataProvider(), 1);
        layer->setRenderer(renderer);
        layer->setDefaultContrastEnhancement();
    }

    void describe_fields(QgsVectorLayer* layer) const {
        const QgsFields fields = layer->fields();
        // The number that a GeoPackage gives each row says nothing to a reader.
        if (!columns_.contains(QStringLiteral("fid"))) {
            QgsAttributeTableConfig table = layer->attributeTableConfig();
            table.update(fields);
            for (int i = 0; i < table.columns().size(); ++i)
                if (table.columns().at(i).name == QLatin1String("fid")) table.setColumnHidden(i, true);
            layer->setAttributeTableConfig(table);
        }
        for (int i = 0; i < fields.count(); ++i) {
            const QgsField field = fields.at(i);
            if ((all_columns_ || columns_.contains(field.name())) && field.alias().isEmpty())
                layer->setFieldAlias(i, column_title(field.name()));
            if (words_.contains(field.name()))
                layer->setEditorWidgetSetup(i, QgsEditorWidgetSetup(QStringLiteral("ValueMap"),
                                                                    {{QStringLiteral("map"), words_[field.name()]}}));
            if (!compat::is_real(field)) continue;
            bool low = false, high = false;
            const double lowest = layer->minimumValue(i).toDouble(&low);
            const double highest = layer->maximumValue(i).toDouble(&high);
            if (!low || !high) continue;
            // A small probability keeps its digits; with so many decimals it would read 0.00000.
            if (is_probability(field.name()) && lowest < 0.001) continue;
            layer->setEditorWidgetSetup(
                i, QgsEditorWidgetSetup(
                       QStringLiteral("Range"),
                       {{QStringLiteral("AllowNull"), true},
                        {QStringLiteral("Min"), std::numeric_limits<double>::lowest()},
                        {QStringLiteral("Max"), std::numeric_limits<double>::max()},
                        {QStringLiteral("Step"), 1.0},
                        {QStringLiteral("Style"), QStringLiteral("SpinBox")},
                        {QStringLiteral("Precision"), decimals_for(std::max(std::abs(lowest), std::abs(highest)))}}));
        }
    }

    /// Before 3.32 Processing knows no order of results: each comes above the ones before it, by the names of their
    /// files. There the layers of one run are put in order as they come.
    void put_in_order(QgsMapLayer* layer, QgsProcessingContext& context) const {
        QgsProject* project = qobject_cast<QgsProject*>(layer->parent() ? layer->parent()->parent() : nullptr);
        if (!project) project = QgsProject::instance();
        QgsLayerTreeLayer* node = project->layerTreeRoot()->findLayer(layer->id());
        auto* group = node ? qobject_cast<QgsLayerTreeGroup*>(node->parent()) : nullptr;
        if (!group) return;
        node->setExpanded(on_top_);  // only the legend of the first one is open
#if _QGIS_VERSION_INT < 33200
        // Right below the last of this run's layers that belong above, else right above the first of the others: QGIS
        // puts each above whatever layer is current by then, which may be one of an earlier run.
        int last_above = -1, first_below = -1;
        const QList<QgsLayerTreeNode*> children = group->children();
        for (int i = 0; i < children.size(); ++i) {
            if (children[i] == node || !QgsLayerTree::isLayer(children[i])) continue;
            const QgsMapLayer* other = QgsLayerTree::toLayer(children[i])->layer();
            if (!other || !context.willLoadLayerOnCompletion(other->source()) ||
                !other->customProperty(QLatin1String(place_property)).isValid())
                continue;
            if (other->customProperty(QLatin1String(place_property)).toInt() < place_)
                last_above = i;
            else if (first_below < 0)
                first_below = i;
        }
        const int present = children.indexOf(node);
        const int target = last_above >= 0 ? last_above + 1 : first_below;
        if (target < 0 || target == present || target == present + 1) return;  // it is alone, or stands there already
        QgsLayerTreeNode* moved = node->clone();
        moved->setExpanded(on_top_);
        group->insertChildNode(target, moved);
        group->removeChildNode(node);
#else
        Q_UNUSED(context)
#endif
    }

    int place_;
    bool on_top_;
    QStringList columns_;
    bool all_columns_;
    QHash<QString, QVariantMap> words_;
    QString period_;
    QList<std::pair<QString, QString>> owners_;
};

QString dated(const QString& title, const QString& period) {
    return period.isEmpty() ? title : title + QLatin1Char(' ') + period;
}

bool is_loaded_as_layer(const Argument& argument) {
    return argument.kind == Kind::raster_out || argument.kind == Kind::vector_out || argument.kind == Kind::table_out;
}

/// The ids of the inputs that tell which years a result is about. A table without any of its own is about what the
/// run is about.
std::vector<std::string> dating_inputs(const Spec& spec, const Argument& output) {
    std::vector<std::string> ids = output.dated_by;
    if (!ids.empty() || output.kind == Kind::raster_out) return ids;
    for (const auto& other : spec.arguments)
        for (const auto& id : other->dated_by)
            if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    return ids;
}

/// Maps stand above tables; of each, the first of the spec is the most important one, but for those that an optional
/// input was given for, such as the change to a later map.
int place_of(const Spec& spec, const Argument& wanted) {
    int place = wanted.kind == Kind::table_out ? 1000 : 0;
    if (!wanted.needed.empty() && wanted.by_default) place -= 500;
    for (const auto& argument : spec.arguments) {
        if (argument.get() == &wanted) break;
        ++place;
    }
    return place;
}

}  // namespace

void order_results(const std::vector<ModelResult>& results, const QString& model, const QString& group,
                   QgsProcessingContext& context) {
    bool on_top = true;
    for (int i = 0; i < static_cast<int>(results.size()); ++i) {
        const ModelResult& made = results[static_cast<std::size_t>(i)];
        if (!context.willLoadLayerOnCompletion(made.path)) continue;
        auto& details = context.layerToLoadOnCompletionDetails(made.path);
        auto* result = dynamic_cast<ResultLayer*>(details.postProcessor());
        const QString own = result ? result->period() : QString();
        const QString period = own.isEmpty() ? made.period : own;
        if (result) {
            result->set_place(i, on_top);
            result->belongs_to(model, made.id);
        }
        // QGIS calls it by the name that scripts know.
        if (details.name == made.name || details.name == dated(made.name, own))
            details.name = dated(made.title, period);
        on_top = false;
#if _QGIS_VERSION_INT >= 33200
        details.layerSortKey = -i;
        details.groupName = group;
#else
        Q_UNUSED(group)
#endif
    }
}

void reload_layers_of(const std::map<std::string, QString>& paths) {
    QStringList files;
    for (const auto& [id, path] : paths) files << path;
    const auto reload = [files] {
        const auto layers = QgsProject::instance()->mapLayers();
        for (QgsMapLayer* layer : layers) {
            const QVariantMap parts =
                QgsProviderRegistry::instance()->decodeUri(layer->providerType(), layer->source());
            const auto* vector = qobject_cast<const QgsVectorLayer*>(layer);
            if (!files.contains(parts.value(QStringLiteral("path")).toString()) || (vector && vector->isEditable()))
                continue;
            layer->reload();
            layer->triggerRepaint();
        }
    };
    QMetaObject::invokeMethod(QgsApplication::instance(), reload, Qt::QueuedConnection);
}

QString period_of(const std::vector<std::string>& dated_by, const InputNames& inputs) {
    std::vector<std::int64_t> typed, named;
    bool all_named = true;
    for (const auto& id : dated_by) {
        const auto found = inputs.find(id);
        if (found == inputs.end()) continue;
        for (const InputName& input : found->second) {
            if (!input.is_file) {
                const auto years = years_of_name(input.text.toStdString());
                typed.insert(typed.end(), years.begin(), years.end());
                continue;
            }
            auto years = years_of_name(input.text.toStdString());
            if (years.size() != 1)
                years = years_of_name(QFileInfo(input.path.section(QLatin1Char('|'), 0, 0)).fileName().toStdString());
            if (years.size() == 1)
                named.push_back(years.front());
            else
                all_named = false;
        }
    }
    // Years that were typed come before those in names, which count only where every input has one.
    const std::vector<std::int64_t>& years = !typed.empty() || !all_named ? typed : named;
    return qt(period_text(years));
}

void prepare_loading(const Spec& spec, const InputNames& inputs, const std::map<std::string, QString>& paths,
                     const QString& algorithm, QgsProcessingContext& context) {
    std::vector<std::pair<const Argument*, QString>> loaded;
    for (const auto& [id, path] : paths)
        if (const Argument* argument = spec.find(id);
            argument && is_loaded_as_layer(*argument) && context.willLoadLayerOnCompletion(path))
            loaded.emplace_back(argument, path);
    int top = std::numeric_limits<int>::max();
    for (const auto& [argument, path] : loaded) top = std::min(top, place_of(spec, *argument));
    for (const auto& [argument, path] : loaded) {
        auto& details = context.layerToLoadOnCompletionDetails(path);
        QStringList columns;
        for (const auto& column : argument->columns) columns << qt(column);
        QHash<QString, QVariantMap> words;
        for (const auto& [column, meanings] : argument->words)
            for (const auto& word : meanings) words[qt(column)][qt(word.label)] = qt(word.key);
        const int place = place_of(spec, *argument);
        const QString period = period_of(dating_inputs(spec, *argument), inputs);
        // QGIS owns it.
        details.setPostProcessor(new ResultLayer(place, place == top, columns, argument->kind == Kind::table_out, words,
                                                 period, {algorithm, qt(argument->parameter_name())}));
        // A name that the user or a model has chosen stays.
        if (details.name == qt(argument->label)) details.name = dated(details.name, period);
#if _QGIS_VERSION_INT >= 33200
        details.layerSortKey = -place;
        if (loaded.size() > 1 && details.groupName.isEmpty()) details.groupName = qt(spec.name);
#endif
    }
}

}  // namespace landcarbon
