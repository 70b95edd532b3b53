// Land Carbon Toolbox: a model that comes with the toolbox.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <qgsprocessingmodelalgorithm.h>

#include <QIcon>
#include <QRegularExpression>

namespace landcarbon {

/// QGIS uses a model's name both as id and as title; here "Carbon budget" has the id `carbonbudget`.
class ShippedModel final : public QgsProcessingModelAlgorithm {
public:
    explicit ShippedModel(QString icon) : icon_(std::move(icon)) {}
    QString name() const override {
        return QgsProcessingModelAlgorithm::name().toLower().remove(QRegularExpression(QStringLiteral("[^a-z0-9]")));
    }
    QIcon icon() const override { return QIcon(icon_); }
    QString svgIconPath() const override { return icon_; }
    QgsProcessingAlgorithm* createInstance() const override {
        auto* copy = new ShippedModel(icon_);
        copy->loadVariant(toVariant());
        copy->setProvider(provider());
        copy->setSourceFilePath(sourceFilePath());
        return copy;
    }

private:
    QString icon_;
};

}  // namespace landcarbon
