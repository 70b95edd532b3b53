// Land Carbon Toolbox: how results look that Processing loads: style, name, place among the layers, fields.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QString>
#include <map>
#include <string>
#include <vector>

#include "spec/spec.hpp"

class QgsProcessingContext;

namespace landcarbon {

/// One input as the user knows it.
struct InputName {
    QString text;          ///< a layer's name, or the value itself
    QString path = {};     ///< where the layer comes from
    bool is_file = false;  ///< a layer or file, no typed text
};
using InputNames = std::map<std::string, std::vector<InputName>>;

/// Prepares every output that QGIS is going to load: its name with the years it is about, its group and place among the
/// layers, and a post-processor that gives the loaded layer the style file beside it, which Processing itself leaves
/// unread. Works in the thread of the run, for an algorithm by itself and for a step of any model.
/// @param inputs by id
/// @param paths where the outputs are, by id
void prepare_loading(const Spec& spec, const InputNames& inputs, const std::map<std::string, QString>& paths,
                     const QString& algorithm, QgsProcessingContext& context);

/// Layers of the project that show one of these files read it again, as soon as the main thread is free: a layer holds
/// on to the file that was there when it was loaded.
void reload_layers_of(const std::map<std::string, QString>& paths);

/// A result of a model.
struct ModelResult {
    QString path;
    QString id;           ///< "step:Name"
    QString name;         ///< that scripts know
    QString title;        ///< that people read
    QString period = {};  ///< the years that it is about, where its step does not know them
};

/// Puts the results of a model in this order, first on top, in one group, under their titles. Called after the steps
/// have prepared theirs.
void order_results(const std::vector<ModelResult>& results, const QString& model, const QString& group,
                   QgsProcessingContext& context);

/// "1990-2020", or "2020", for an output that is dated by inputs, in the order of the inputs; empty where these do not
/// say.
QString period_of(const std::vector<std::string>& dated_by, const InputNames& inputs);

}  // namespace landcarbon
