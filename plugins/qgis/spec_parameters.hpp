// Land Carbon Toolbox: what QGIS shows of a spec: parameter definitions, outputs and help.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QString>
#include <QVariant>
#include <memory>
#include <string>

#include "spec/spec.hpp"

class QgsProcessingParameterDefinition;
class QgsProcessingOutputDefinition;

namespace landcarbon {

inline QString qt(const std::string& text) { return QString::fromStdString(text); }

/// An argument as messages name it: "First land-cover map (FIRST)".
/// @param called other names by id, for a step of a model
QString label_and_id(const Argument& argument, const QVariantMap& called = {});
/// A message of the toolbox with its arguments named as the dialog shows them, and with their ids for scripts.
QString message_for_qgis(const std::string& text, const Spec& spec, const QVariantMap& called = {});
/// A help text with its arguments named as the dialog shows them.
QString help_for_qgis(const std::string& text, const Spec& spec);

/// The QGIS parameter for an input or destination argument, with help, flags, range and default.
std::unique_ptr<QgsProcessingParameterDefinition> make_parameter(const Argument& argument, const Spec& spec);

/// The QGIS output for an argument that is a result but no file, so that models can use it.
std::unique_ptr<QgsProcessingOutputDefinition> make_output(const Argument& argument);

/// Meaning, unit, range and words of one argument as plain text: the parameter's tooltip.
QString argument_help(const Argument& argument, const Spec& spec);

/// The whole help page of an algorithm as HTML.
QString spec_help_html(const Spec& spec);

/// A QGIS parameter value as the spec takes it; paths and layers must have been turned into texts before.
Value value_from_qgis(const Argument& argument, const QVariant& value);

/// A list parameter's entries: a list, or one text with entries joined by ";" (QGIS's way) or "," (the command's).
QVariantList list_entries(const QVariant& value);

}  // namespace landcarbon
