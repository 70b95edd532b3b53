// Land Carbon Toolbox: names that differ between QGIS 3.22 and later versions (the enums moved to Qgis:: in 3.36).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <qgis.h>
#include <qgscoordinatereferencesystem.h>
#include <qgsfield.h>
#include <qgsfields.h>
#include <qgsprocessing.h>
#include <qgsprocessingmodelchildparametersource.h>
#include <qgsprocessingparameters.h>
#include <qgsprocessingutils.h>
#include <qgswkbtypes.h>

namespace landcarbon::compat {

#if _QGIS_VERSION_INT >= 33600
using ParameterFlag = Qgis::ProcessingParameterFlag;
constexpr auto advanced = Qgis::ProcessingParameterFlag::Advanced;
constexpr auto hidden = Qgis::ProcessingParameterFlag::Hidden;
constexpr auto optional = Qgis::ProcessingParameterFlag::Optional;
constexpr auto raster_source = Qgis::ProcessingSourceType::Raster;
constexpr auto any_vector_source = Qgis::ProcessingSourceType::Vector;
constexpr auto spatial_source = Qgis::ProcessingSourceType::VectorAnyGeometry;
constexpr auto real_number = Qgis::ProcessingNumberParameterType::Double;
constexpr auto whole_number = Qgis::ProcessingNumberParameterType::Integer;
constexpr auto any_field = Qgis::ProcessingFieldParameterDataType::Any;
constexpr auto single_file = Qgis::ProcessingFileParameterBehavior::File;
constexpr auto any_geometry = Qgis::ProcessingFeatureSourceFlag::SkipGeometryValidityChecks;
constexpr auto from_model_input = Qgis::ProcessingModelChildParameterSource::ModelParameter;
constexpr auto own_geometry_check = Qgis::ProcessingFeatureSourceDefinitionFlag::OverrideDefaultGeometryCheck;
constexpr auto no_geometry_check = Qgis::InvalidGeometryCheck::NoCheck;
#else
using ParameterFlag = QgsProcessingParameterDefinition::Flag;
constexpr auto advanced = QgsProcessingParameterDefinition::FlagAdvanced;
constexpr auto hidden = QgsProcessingParameterDefinition::FlagHidden;
constexpr auto optional = QgsProcessingParameterDefinition::FlagOptional;
constexpr auto raster_source = QgsProcessing::TypeRaster;
constexpr auto any_vector_source = QgsProcessing::TypeVector;
constexpr auto spatial_source = QgsProcessing::TypeVectorAnyGeometry;
constexpr auto real_number = QgsProcessingParameterNumber::Double;
constexpr auto whole_number = QgsProcessingParameterNumber::Integer;
constexpr auto any_field = QgsProcessingParameterField::Any;
constexpr auto single_file = QgsProcessingParameterFile::File;
constexpr auto any_geometry = QgsProcessingFeatureSource::FlagSkipGeometryValidityChecks;
constexpr auto from_model_input = QgsProcessingModelChildParameterSource::ModelParameter;
constexpr auto own_geometry_check = QgsProcessingFeatureSourceDefinition::FlagOverrideDefaultGeometryCheck;
constexpr auto no_geometry_check = QgsFeatureRequest::GeometryNoCheck;
#endif

#if _QGIS_VERSION_INT >= 33600
constexpr auto wkt_for_gdal = Qgis::CrsWktVariant::PreferredGdal;
#else
constexpr auto wkt_for_gdal = QgsCoordinateReferenceSystem::WKT_PREFERRED_GDAL;
#endif

#if _QGIS_VERSION_INT >= 33000
constexpr auto points = Qgis::GeometryType::Point;
constexpr auto lines = Qgis::GeometryType::Line;
#else
constexpr auto points = QgsWkbTypes::PointGeometry;
constexpr auto lines = QgsWkbTypes::LineGeometry;
#endif

#if _QGIS_VERSION_INT >= 33800
constexpr auto field_of_file = Qgis::FieldOrigin::Provider;
inline bool is_real(const QgsField& field) { return field.type() == QMetaType::Type::Double; }
#else
constexpr auto field_of_file = QgsFields::OriginProvider;
inline bool is_real(const QgsField& field) { return field.type() == QVariant::Double; }
#endif

}  // namespace landcarbon::compat
