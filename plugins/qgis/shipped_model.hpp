// Land Carbon Toolbox: a model that comes with the toolbox.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <qgsprocessingmodelalgorithm.h>

#include <QString>

namespace landcarbon {

/// A model file as an algorithm of the provider.
class ShippedModel final : public QgsProcessingModelAlgorithm {
public:
    /// @param plugin_folder holds icons/models.svg and help/`<name>.html`
    explicit ShippedModel(QString plugin_folder);
    /// Reads a model file; false where that fails.
    bool read(const QString& file);
    /// QGIS uses a model's name both as id and as title; here "Carbon budget" has the id `carbonbudget`.
    QString name() const override;
    QIcon icon() const override;
    QString svgIconPath() const override;
    QString helpUrl() const override;
    QgsProcessingAlgorithm* createInstance() const override;

protected:
    /// Runs the model. A result that the user skips but that another step needs is made in a temporary file: QGIS
    /// itself would leave it out and let that step fail.
    QVariantMap processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                 QgsProcessingFeedback* feedback) override;

private:
    /// Gives the model's inputs the widgets of the steps' inputs that they are handed on to: labels of choices, and
    /// what a dialog can tell from the layers that are there.
    void take_widgets();
    /// Puts the results in the order that the model's variable `loaded_results` ("Name; Name; ...") tells, and
    /// switches all other layers off by default; reports are made, since they clutter no map.
    void arrange_results();

    /// Lets the steps call their parameters in messages by the labels and names of the model's own inputs, where they
    /// get these.
    void name_inputs_in_steps();

    /// The year of a result that the model's variable `dated_results` ("Name=INPUT,first; ...") tells: the first or
    /// last of YEARS, else that of the input's name; empty where none is known.
    QString year_of_result(const QString& result, const QVariantMap& parameters, QgsProcessingContext& context) const;

    QString plugin_folder_;
};

}  // namespace landcarbon
