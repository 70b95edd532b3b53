// Land Carbon Toolbox: QGIS layers as paths that GDAL and OGR open to the very same data.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "layer_paths.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <gdal.h>
#include <gdal_utils.h>
#include <qgsexception.h>
#include <qgsprocessingcontext.h>
#include <qgsprocessingfeedback.h>
#include <qgsprocessingparameters.h>
#include <qgsprocessingutils.h>
#include <qgsproject.h>
#include <qgsproviderregistry.h>
#include <qgsrasterblock.h>
#include <qgsrasterdataprovider.h>
#include <qgsrasterfilewriter.h>
#include <qgsrasterlayer.h>
#include <qgsrasterpipe.h>
#include <qgsrasterrenderer.h>
#include <qgsvectorfilewriter.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerjoinbuffer.h>

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <algorithm>
#include <cmath>
#include <vector>

#include "compat.hpp"

namespace landcarbon {

namespace {

[[noreturn]] void refuse(const QString& parameter, const QString& text) {
    throw QgsProcessingException(QStringLiteral("%1: %2").arg(parameter, text));
}

/// The value when it is nothing but text; layers and definitions give an empty one.
QString plain_text(const QVariant& value) {
    return value.userType() == QMetaType::QString ? value.toString() : QString();
}

/// Whether the user has given the layer another reference system than its file has.
template <class Layer>
bool has_own_system(const Layer* layer) {
    return layer->isSpatial() && layer->crs().isValid() && layer->crs() != layer->dataProvider()->crs();
}

/// Whether QGIS reads the texts of the layer's file in an encoding that OGR would not take by itself.
bool has_own_encoding(const QgsVectorLayer* layer) {
    const QString encoding = layer->dataProvider()->encoding().toUpper();
    return !encoding.isEmpty() && encoding != QLatin1String("UTF-8") && encoding != QLatin1String("SYSTEM");
}

/// Whether the user said, beside this input, what shall happen to features with invalid geometries.
bool checks_geometries(const QgsProcessingFeatureSourceDefinition& source) {
    return source.flags.testFlag(compat::own_geometry_check) && source.geometryCheck != compat::no_geometry_check;
}

/// Whether a value asks for a part of its layer: the selection, the first features, those that an expression picks or
/// whose geometries are valid.
bool asks_for_part(const QVariant& value) {
    if (value.userType() != qMetaTypeId<QgsProcessingFeatureSourceDefinition>()) return false;
    const auto source = value.value<QgsProcessingFeatureSourceDefinition>();
#if _QGIS_VERSION_INT >= 33200
    if (!source.filterExpression.isEmpty()) return true;
#endif
    return source.selectedFeaturesOnly || source.featureLimit >= 0 || checks_geometries(source);
}

bool has_fields_beyond_file(const QgsVectorLayer* layer) {
    const QgsFields fields = layer->fields();
    for (int i = 0; i < fields.count(); ++i)
        if (fields.fieldOrigin(i) != compat::field_of_file) return true;
    return false;
}

/// Why a layer is not what OGR reads from its file, as a part of a sentence; empty where it is.
QString difference_from_file(const QgsVectorLayer* layer) {
    if (layer->providerType() == QLatin1String("memory"))
        return QStringLiteral("lies in the memory of QGIS, in no file");
    if (layer->providerType() != QLatin1String("ogr"))
        return QStringLiteral("is no file that GDAL opens (QGIS reads it by \"%1\")").arg(layer->providerType());
    QStringList reasons;
    if (!layer->subsetString().isEmpty()) reasons << QStringLiteral("a filter (%1)").arg(layer->subsetString());
    if (!layer->vectorJoins().isEmpty())
        reasons << QStringLiteral("joins");
    else if (has_fields_beyond_file(layer))
        reasons << QStringLiteral("columns made in QGIS");
    if (layer->isModified()) reasons << QStringLiteral("edits that are not saved");
    if (has_own_encoding(layer)) reasons << QStringLiteral("the encoding ") + layer->dataProvider()->encoding();
    if (reasons.isEmpty()) return {};
    const QString last = reasons.takeLast();
    return QStringLiteral("has ") +
           (reasons.isEmpty() ? last : reasons.join(QStringLiteral(", ")) + QStringLiteral(" and ") + last);
}

/// A layer and where it comes from.
QString layer_with_source(const QgsMapLayer* layer) {
    const QString name = QStringLiteral("layer \"%1\"").arg(layer->name());
    return layer->providerType() == QLatin1String("memory") ? name
                                                            : name + QStringLiteral(" of ") + layer->publicSource();
}

/// The folder and the name, without ending, of a layer's file; the layer's name where it has none.
std::pair<QString, QString> folder_and_stem(const QgsMapLayer* layer) {
    const QVariantMap parts = QgsProviderRegistry::instance()->decodeUri(layer->providerType(), layer->source());
    const QFileInfo file(parts.value(QStringLiteral("path")).toString());
    QString folder = file.dir().dirName(), stem = file.completeBaseName();
    if (stem.isEmpty()) {
        folder.clear();
        stem = layer->name();
    }
    static const QRegularExpression not_in_a_name(QStringLiteral("[/\\\\|:*?\"<>\\x00-\\x1f]"));
    // What file systems hold is counted in bytes: three for a Chinese character.
    const auto fitting = [](QString text) {
        text = text.replace(not_in_a_name, QStringLiteral("_")).left(60).trimmed();
        return text.isEmpty() || text.startsWith(QLatin1Char('.')) ? QStringLiteral("layer") : text;
    };
    return {fitting(folder), fitting(stem)};
}

/// The band that a layer shows where it shows one of several; 0 where it shows the only one, or a mixture.
int shown_band(const QgsRasterLayer* layer) {
    if (layer->bandCount() < 2 || !layer->renderer()) return 0;
    const QList<int> used = layer->renderer()->usesBands();
    return used.size() == 1 ? used.front() : 0;
}

/// What the user said about one band's NoData in QGIS.
struct BandNoData {
    bool changed = false;  ///< QGIS shows something else than the file declares
    bool has_nodata = false;
    double nodata = 0;
    QgsRasterRangeList further;  ///< values that QGIS hides and that are not `nodata` itself
};

BandNoData band_nodata(const QgsRasterDataProvider* provider, int band) {
    BandNoData result;
    const bool declared = provider->sourceHasNoDataValue(band);
    const bool used = declared && provider->useSourceNoDataValue(band);
    const QgsRasterRangeList user = provider->userNoDataValues(band);
    result.changed = declared != used || !user.isEmpty();
    if (used) {
        result.has_nodata = true;
        result.nodata = provider->sourceNoDataValue(band);
    } else if (!user.isEmpty()) {
        // One of the hidden values stands for all of them: it fits the band's type and is no datum.
        const QgsRasterRange& first = user.front();
        result.has_nodata = true;
        result.nodata = std::isfinite(first.min()) ? first.min() : first.max();
    }
    for (const QgsRasterRange& range : user)
        if (range.min() != range.max() || range.min() != result.nodata) result.further << range;
    return result;
}

/// "0, 15 to 20" or "none", band by band where they differ.
QString nodata_text(const std::vector<BandNoData>& rules) {
    QStringList bands;
    for (const BandNoData& rule : rules) {
        QStringList values;
        if (rule.has_nodata) values << QString::number(rule.nodata, 'g', 17);
        for (const QgsRasterRange& range : rule.further)
            values << (range.min() == range.max()
                           ? QString::number(range.min(), 'g', 17)
                           : QStringLiteral("%1 to %2").arg(range.min(), 0, 'g', 17).arg(range.max(), 0, 'g', 17));
        bands << (values.isEmpty() ? QStringLiteral("none") : values.join(QStringLiteral(", ")));
    }
    if (bands.count(bands.front()) == bands.size()) return bands.front();
    return bands.join(QStringLiteral("; "));
}

/// Replaces hidden values by the band's NoData value, block by block.
bool hide_values(GDALDatasetH dataset, int band, const BandNoData& rule) {
    GDALRasterBandH handle = GDALGetRasterBand(dataset, band);
    const int width = GDALGetRasterBandXSize(handle);
    const int height = GDALGetRasterBandYSize(handle);
    std::vector<double> row(static_cast<std::size_t>(width));
    for (int y = 0; y < height; ++y) {
        if (GDALRasterIO(handle, GF_Read, 0, y, width, 1, row.data(), width, 1, GDT_Float64, 0, 0) != CE_None)
            return false;
        for (double& value : row)
            for (const QgsRasterRange& range : rule.further)
                if (range.contains(value)) value = rule.nodata;
        if (GDALRasterIO(handle, GF_Write, 0, y, width, 1, row.data(), width, 1, GDT_Float64, 0, 0) != CE_None)
            return false;
    }
    return true;
}

struct StringList {
    char** list = nullptr;
    ~StringList() { CSLDestroy(list); }
    void add(const QString& text) { list = CSLAddString(list, text.toUtf8().constData()); }
};

}  // namespace

QVariant source_of(const QVariant& value, const QgsProcessingContext& context) {
    if (value.userType() != qMetaTypeId<QgsProcessingFeatureSourceDefinition>()) return value;
    return value.value<QgsProcessingFeatureSourceDefinition>().source.value(context.expressionContext());
}

std::pair<QString, QString> split_band(const QString& text) {
    static const QRegularExpression pattern(QStringLiteral("^(.*)(\\|band=\\d+)$"),
                                            QRegularExpression::DotMatchesEverythingOption);
    const auto match = pattern.match(text);
    if (!match.hasMatch()) return {text, QString()};
    return {match.captured(1), match.captured(2)};
}

LayerPaths::LayerPaths(QgsProcessingContext& context, QgsProcessingFeedback* feedback)
    : context_(context), feedback_(feedback) {}

QString LayerPaths::raster(const QString& parameter, const QVariant& value, bool one_band) {
    const auto [text, band] = split_band(plain_text(value));
    const QgsProcessingParameterRasterLayer definition(parameter);
    QgsRasterLayer* layer =
        QgsProcessingParameters::parameterAsRasterLayer(&definition, text.isEmpty() ? value : QVariant(text), context_);
    if (layer && layer->isValid()) {
        const int shown = one_band && band.isEmpty() && is_layer_of_project(layer) ? shown_band(layer) : 0;
        if (shown > 1)
            say(QStringLiteral("%1: band %2 of layer \"%3\" is used, which the layer shows.")
                    .arg(parameter)
                    .arg(shown)
                    .arg(layer->name()));
        return raster_layer(parameter, layer) + (shown > 1 ? QStringLiteral("|band=%1").arg(shown) : band);
    }
    if (text.isEmpty()) refuse(parameter, unusable(value, QStringLiteral("raster layer")));
    return text + band;  // the engine opens it or says why not
}

QString LayerPaths::vector(const QString& parameter, const QVariant& value) {
    const QgsProcessingParameterVectorLayer definition(parameter);
    if (asks_for_part(value)) return export_part(parameter, value);
    const QVariant source = source_of(value, context_);
    QgsVectorLayer* layer = QgsProcessingParameters::parameterAsVectorLayer(&definition, source, context_);
    if (layer && layer->isValid()) return vector_layer(parameter, layer);
    const QString text = plain_text(source);
    if (text.isEmpty()) refuse(parameter, unusable(source, QStringLiteral("vector layer or table")));
    return text;
}

QString LayerPaths::raster_layer(const QString& parameter, QgsRasterLayer* layer) {
    if (layer->providerType() != QLatin1String("gdal")) return export_raster(parameter, layer);
    const QVariantMap parts = QgsProviderRegistry::instance()->decodeUri(QStringLiteral("gdal"), layer->source());
    const bool plain = parts.value(QStringLiteral("openOptions")).toStringList().isEmpty() &&
                       !layer->source().contains(QLatin1String("authcfg="));
    if (!plain) return export_raster(parameter, layer);
    const QgsRasterDataProvider* provider = layer->dataProvider();
    for (int band = 1; band <= provider->bandCount(); ++band)
        if (band_nodata(provider, band).changed) return export_with_settings(parameter, layer, layer->source());
    if (has_own_system(layer)) return export_with_settings(parameter, layer, layer->source());
    return layer->source();
}

QString LayerPaths::vector_layer(const QString& parameter, QgsVectorLayer* layer) {
    if (const QString reason = difference_from_file(layer); !reason.isEmpty())
        return export_vector(parameter, layer, reason);
    if (has_own_system(layer)) {
        say_system(parameter, layer, layer->dataProvider()->crs().isValid());
        return export_vector(parameter, layer, QStringLiteral("has a reference system of its own"));
    }
    const QVariantMap parts = QgsProviderRegistry::instance()->decodeUri(QStringLiteral("ogr"), layer->source());
    // A file in an archive is said in three parts.
    const QString path = parts.value(QStringLiteral("vsiPrefix")).toString() +
                         parts.value(QStringLiteral("path")).toString() +
                         parts.value(QStringLiteral("vsiSuffix")).toString();
    const QString name = parts.value(QStringLiteral("layerName")).toString();
    const bool by_number = name.isEmpty() && parts.value(QStringLiteral("layerId")).isValid();
    const bool has_options = !parts.value(QStringLiteral("openOptions")).toStringList().isEmpty();
    const bool split_by_geometry = layer->source().contains(QLatin1String("|geometrytype="));
    const bool special = by_number || has_options || split_by_geometry ||
                         layer->source().contains(QLatin1String("authcfg=")) ||
                         layer->source().contains(QLatin1String("|subset="));
    if (path.isEmpty() || special)
        return export_vector(parameter, layer, QStringLiteral("is said by more than a file and the name of a layer"));
    // A file with one table is given by its path alone, so that texts such as CSV are read as they stand.
    const QFileInfo file(path);
    if (name.isEmpty() || (file.isFile() && name == file.completeBaseName() &&
                           layer->dataProvider()->storageType() == QLatin1String("CSV")))
        return path;
    return path + QStringLiteral("|layername=") + name;
}

QString LayerPaths::export_raster(const QString& parameter, QgsRasterLayer* layer) {
    QgsRasterDataProvider* provider = layer->dataProvider();
    if (provider->xSize() <= 0 || provider->ySize() <= 0)
        refuse(parameter,
               QStringLiteral("layer \"%1\" has no cells of its own (a picture from a web service?); save it as "
                              "a GeoTIFF first")
                   .arg(layer->name()));
    const QString path = temporary(layer, layer_with_source(layer), QStringLiteral("tif"));
    say(QStringLiteral("%1: layer \"%2\" is no GDAL file; it is copied to a temporary GeoTIFF.")
            .arg(parameter, layer->name()));
    QgsRasterPipe pipe;
    pipe.set(provider->clone());
    QgsRasterFileWriter writer(path);
    writer.setOutputFormat(QStringLiteral("GTiff"));
    QgsRasterBlockFeedback block_feedback;
    const auto result = writer.writeRaster(&pipe, provider->xSize(), provider->ySize(), provider->extent(),
                                           layer->crs(), context_.transformContext(), &block_feedback);
    if (static_cast<int>(result) != 0 || !QFileInfo::exists(path))
        refuse(parameter,
               QStringLiteral("layer \"%1\" cannot be copied to %2; is the disk full?").arg(layer->name(), path));
    return path;
}

QString LayerPaths::export_with_settings(const QString& parameter, QgsRasterLayer* layer, const QString& path) {
    const QgsRasterDataProvider* provider = layer->dataProvider();
    std::vector<BandNoData> rules;
    bool values_change = false, nodata_changes = false;
    for (int band = 1; band <= provider->bandCount(); ++band) {
        rules.push_back(band_nodata(provider, band));
        values_change = values_change || (rules.back().changed && !rules.back().further.isEmpty());
        nodata_changes = nodata_changes || rules.back().changed;
    }
    if (nodata_changes)
        say(QStringLiteral("%1: layer \"%2\" hides other values in QGIS than its file declares as NoData; the layer's "
                           "settings are used.")
                .arg(parameter, layer->name()));
    const bool other_system = has_own_system(layer);
    if (other_system) say_system(parameter, layer, provider->crs().isValid());
    CPLErrorReset();
    const GDALDatasetH source =
        GDALOpenEx(path.toUtf8().constData(), GDAL_OF_RASTER | GDAL_OF_READONLY, nullptr, nullptr, nullptr);
    // A VRT is enough unless values have to change.
    QStringList settings;
    if (nodata_changes) settings << QStringLiteral("NoData ") + nodata_text(rules);
    if (other_system) settings << QStringLiteral("the reference system ") + layer->crs().userFriendlyIdentifier();
    const QString copy = temporary(layer,
                                   QStringLiteral("%1 with %2, as set in QGIS")
                                       .arg(layer_with_source(layer), settings.join(QStringLiteral(" and "))),
                                   values_change ? QStringLiteral("tif") : QStringLiteral("vrt"));
    StringList arguments;
    for (const char* word : {"-of", values_change ? "GTiff" : "VRT"}) arguments.add(QLatin1String(word));
    if (nodata_changes)
        for (const char* word : {"-a_nodata", "none"}) arguments.add(QLatin1String(word));
    if (other_system) {
        arguments.add(QStringLiteral("-a_srs"));
        arguments.add(layer->crs().toWkt(compat::wkt_for_gdal));
    }
    if (values_change)
        for (const char* word : {"-co", "COMPRESS=LZW", "-co", "TILED=YES", "-co", "BIGTIFF=IF_SAFER"})
            arguments.add(QLatin1String(word));
    GDALTranslateOptions* options = GDALTranslateOptionsNew(arguments.list, nullptr);
    const GDALDatasetH target = source ? GDALTranslate(copy.toUtf8().constData(), source, options, nullptr) : nullptr;
    GDALTranslateOptionsFree(options);
    bool good = target != nullptr;
    for (std::size_t i = 0; good && nodata_changes && i < rules.size(); ++i) {
        const int band = static_cast<int>(i) + 1;
        if (rules[i].has_nodata)
            good = GDALSetRasterNoDataValue(GDALGetRasterBand(target, band), rules[i].nodata) == CE_None;
    }
    for (std::size_t i = 0; good && i < rules.size(); ++i)
        if (values_change && !rules[i].further.isEmpty()) good = hide_values(target, static_cast<int>(i) + 1, rules[i]);
    if (target) {
        GDALFlushCache(target);
        GDALClose(target);
    }
    if (source) GDALClose(source);
    if (!good || CPLGetLastErrorType() >= CE_Failure)
        refuse(parameter, QStringLiteral("layer \"%1\" cannot be copied with its settings in QGIS: %2")
                              .arg(layer->name(), QString::fromUtf8(CPLGetLastErrorMsg())));
    return copy;
}

QString LayerPaths::export_vector(const QString& parameter, QgsVectorLayer* layer, const QString& reason) {
    const bool in_memory = layer->providerType() == QLatin1String("memory");
    const QString path = temporary(
        layer,
        in_memory ? layer_with_source(layer) : QStringLiteral("%1, which %2").arg(layer_with_source(layer), reason),
        QStringLiteral("gpkg"));
    say(QStringLiteral("%1: layer \"%2\" %3; it is used as QGIS shows it.").arg(parameter, layer->name(), reason));
    QgsVectorFileWriter::SaveVectorOptions options;
    options.driverName = QStringLiteral("GPKG");
    options.layerName = QStringLiteral("layer");
    options.layerOptions << QStringLiteral("FID=landcarbon_fid");  // a field "fid" of the layer is data here
    QString error;
    const auto result =
        QgsVectorFileWriter::writeAsVectorFormatV3(layer, path, context_.transformContext(), options, &error);
    if (result != QgsVectorFileWriter::NoError)
        refuse(parameter, QStringLiteral("layer \"%1\" cannot be copied to %2: %3").arg(layer->name(), path, error));
    return path;
}

QString LayerPaths::export_part(const QString& parameter, const QVariant& value) {
    const QgsProcessingParameterFeatureSource definition(parameter);
    const std::unique_ptr<QgsProcessingFeatureSource> source(
        QgsProcessingParameters::parameterAsSource(&definition, value, context_));
    const QgsProcessingParameterVectorLayer layer_definition(parameter);
    const QgsVectorLayer* layer =
        QgsProcessingParameters::parameterAsVectorLayer(&layer_definition, source_of(value, context_), context_);
    if (!source || !layer)
        refuse(parameter, unusable(source_of(value, context_), QStringLiteral("vector layer or table")));
    const QString path = temporary(layer, layer_with_source(layer), QStringLiteral("gpkg"));
    QgsVectorFileWriter::SaveVectorOptions options;
    options.driverName = QStringLiteral("GPKG");
    options.layerName = QStringLiteral("layer");
    options.layerOptions << QStringLiteral("FID=landcarbon_fid");
    const std::unique_ptr<QgsVectorFileWriter> writer(QgsVectorFileWriter::create(
        path, source->fields(), source->wkbType(), source->sourceCrs(), context_.transformContext(), options));
    const auto definition_of_source = value.value<QgsProcessingFeatureSourceDefinition>();
    QgsFeatureIterator features = checks_geometries(definition_of_source)
                                      ? source->getFeatures(QgsFeatureRequest())
                                      : source->getFeatures(QgsFeatureRequest(), compat::any_geometry);
    QgsFeature feature;
    qlonglong count = 0;
    bool good = writer->hasError() == QgsVectorFileWriter::NoError;
    for (; good && features.nextFeature(feature); ++count)
        good = writer->addFeature(feature, QgsFeatureSink::FastInsert);
    good = good && writer->flushBuffer();
    if (!good)
        refuse(parameter, QStringLiteral("layer \"%1\" cannot be copied to %2: %3")
                              .arg(source->sourceName(), path, writer->errorMessage()));
    if (count == 0)
        refuse(parameter,
               definition_of_source.selectedFeaturesOnly
                   ? QStringLiteral("no feature of layer \"%1\" is selected; select some, or use all features")
                         .arg(source->sourceName())
                   : QStringLiteral("no feature of layer \"%1\" is left; see the settings beside the layer")
                         .arg(source->sourceName()));
    copies_.back().record =
        QStringLiteral("%1 %2 of %3")
            .arg(count)
            .arg(definition_of_source.selectedFeaturesOnly ? QStringLiteral("selected features")
                                                           : QStringLiteral("features, chosen by settings beside it,"),
                 layer_with_source(layer));
    say((count == 1 ? QStringLiteral("%1: %2 feature of layer \"%3\" is used.")
                    : QStringLiteral("%1: %2 features of layer \"%3\" are used."))
            .arg(parameter)
            .arg(count)
            .arg(source->sourceName()));
    return path;
}

QString LayerPaths::temporary(const QgsMapLayer* layer, const QString& record, const QString& extension) {
    if (!folder_)
        folder_ =
            std::make_unique<QTemporaryDir>(QgsProcessingUtils::tempFolder() + QStringLiteral("/landcarbon-XXXXXX"));
    if (!folder_->isValid())
        throw QgsProcessingException(QStringLiteral("no temporary folder can be made: %1").arg(folder_->errorString()));
    const auto [parent, stem] = folder_and_stem(layer);
    const QDir folder(folder_->filePath(QStringLiteral("%1/%2").arg(copies_.size() + 1).arg(parent)));
    if (!folder.mkpath(QStringLiteral(".")))
        throw QgsProcessingException(QStringLiteral("no temporary folder can be made: %1").arg(folder.path()));
    const QString path = folder.filePath(stem + QLatin1Char('.') + extension);
    copies_.push_back({path, QStringLiteral("layer \"%1\"").arg(layer->name()), record});
    return path;
}

QString LayerPaths::with_layer_names(QString text) const {
    for (const Copy& copy : copies_) {
        text.replace(QStringLiteral("table ") + copy.path, copy.shown);
        text.replace(copy.path, copy.shown);
    }
    return text;
}

std::vector<std::pair<std::string, std::string>> LayerPaths::records() const {
    std::vector<std::pair<std::string, std::string>> records;
    for (const Copy& copy : copies_) records.emplace_back(copy.path.toStdString(), copy.record.toStdString());
    return records;
}

bool LayerPaths::is_layer_of_project(const QgsMapLayer* layer) const {
    return context_.project() && context_.project()->mapLayer(layer->id()) == layer;
}

QString LayerPaths::unusable(const QVariant& value, const QString& kind) const {
    const auto* layer = qobject_cast<QgsMapLayer*>(value.value<QObject*>());
    if (!layer) return QStringLiteral("the layer cannot be used; it is not a readable %1").arg(kind);
    if (layer->isValid()) return QStringLiteral("layer \"%1\" is no %2").arg(layer->name(), kind);
    return QStringLiteral("layer \"%1\" cannot be read; its source is not there or does not open: %2")
        .arg(layer->name(), layer->publicSource());
}

void LayerPaths::say_system(const QString& parameter, const QgsMapLayer* layer, bool file_has_one) {
    const QString text =
        QStringLiteral("%1: layer \"%2\" has the reference system %3 in QGIS, which is used; its file %4.")
            .arg(parameter, layer->name(), layer->crs().userFriendlyIdentifier(),
                 file_has_one ? QStringLiteral("says another one") : QStringLiteral("says none"));
    if (feedback_) feedback_->pushWarning(text);
}

void LayerPaths::say(const QString& text) {
    if (feedback_) feedback_->pushInfo(text);
}

}  // namespace landcarbon
