// Land Carbon Toolbox: QGIS layers as paths that GDAL and OGR open to the very same data.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QString>
#include <QTemporaryDir>
#include <QVariant>
#include <memory>
#include <string>
#include <utility>
#include <vector>

class QgsMapLayer;
class QgsProcessingContext;
class QgsProcessingFeedback;
class QgsRasterLayer;
class QgsVectorLayer;

namespace landcarbon {

/// Turns layers into paths. Layers whose file does not hold what QGIS shows (memory layers, filters, joins, selected
/// features, a reference system, encoding or NoData set by the user, web services) are exported to temporary files,
/// which live as long as this object. Must be used in the thread that owns the layers.
class LayerPaths {
public:
    LayerPaths(QgsProcessingContext& context, QgsProcessingFeedback* feedback);

    /// A raster parameter's value (layer, layer id, layer name, path; `|band=N` allowed) as a path.
    /// @param parameter what messages call it
    /// @throws QgsProcessingException
    /// @param one_band of a layer of several bands the one counts that it shows, where it shows one
    QString raster(const QString& parameter, const QVariant& value, bool one_band);
    /// The same for a vector layer or table, of which the value may ask for the selected features only: `path` or
    /// `path|layername=NAME`.
    QString vector(const QString& parameter, const QVariant& value);

    /// A message with layers' names where it names temporary copies of them.
    QString with_layer_names(QString text) const;
    /// What records call the copies, by their paths: the layer, where it comes from, and what QGIS makes of it.
    std::vector<std::pair<std::string, std::string>> records() const;

private:
    QString raster_layer(const QString& parameter, QgsRasterLayer* layer);
    QString vector_layer(const QString& parameter, QgsVectorLayer* layer);
    QString export_raster(const QString& parameter, QgsRasterLayer* layer);
    QString export_with_settings(const QString& parameter, QgsRasterLayer* layer, const QString& path);
    QString export_vector(const QString& parameter, QgsVectorLayer* layer, const QString& reason);
    QString export_part(const QString& parameter, const QVariant& value);
    /// A path for a copy, with the folder and name of the layer's file, which rooms name factors and steps by.
    /// @param record what records call the copy
    QString temporary(const QgsMapLayer* layer, const QString& record, const QString& extension);
    bool is_layer_of_project(const QgsMapLayer* layer) const;
    /// Why a value that is no text gives no layer.
    QString unusable(const QVariant& value, const QString& kind) const;
    void say(const QString& text);
    void say_system(const QString& parameter, const QgsMapLayer* layer, bool file_has_one);

    QgsProcessingContext& context_;
    QgsProcessingFeedback* feedback_;
    std::unique_ptr<QTemporaryDir> folder_;
    struct Copy {
        QString path, shown, record;
    };
    std::vector<Copy> copies_;
};

/// The layer or path that a feature source's definition is about; any other value as it is.
QVariant source_of(const QVariant& value, const QgsProcessingContext& context);

/// Splits "path|band=2" into path and "|band=2"; the second is empty when there is no band.
std::pair<QString, QString> split_band(const QString& text);

}  // namespace landcarbon
