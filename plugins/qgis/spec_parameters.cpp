// Land Carbon Toolbox: what QGIS shows of a spec: parameter definitions, outputs and help.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec_parameters.hpp"

#include <qgsprocessingoutputs.h>
#include <qgsprocessingparameters.h>

#include <QFileInfo>
#include <QRegularExpression>
#include <algorithm>
#include <cmath>
#include <limits>

#include "compat.hpp"
#include "spec/wording.hpp"

namespace landcarbon {

namespace {

/// What a box of QGIS can hold: int, and numbers whose ten decimals a double still tells apart from nothing.
constexpr double largest_integer_in_a_box = 2147483647;
constexpr double largest_real_in_a_box = 1e12;

QVariant default_of(const Argument& argument) {
    const Value value = argument.get();
    if (const auto* flag = std::get_if<bool>(&value)) return *flag;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<qlonglong>(*integer);
    if (const auto* real = std::get_if<double>(&value)) return *real;
    if (const auto* text = std::get_if<std::string>(&value)) return qt(*text);
    if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
        QStringList texts;
        for (const auto& entry : *list) texts << qt(entry);
        return texts;
    }
    if (const auto* matrix = std::get_if<Matrix>(&value)) {
        QVariantList cells;
        for (const auto& row : matrix->rows)
            for (const auto& cell : row) cells << qt(cell);
        return cells.isEmpty() ? QVariant() : QVariant(cells);
    }
    return {};
}

/// Inputs show their unit beside the label, unless it is said there; outputs do not, because their label names the
/// layer that is loaded.
QString label_of(const Argument& argument) {
    const QString label = qt(argument.label);
    const QString unit = qt(argument.unit);
    if (unit.isEmpty() || argument.is_output() || label.contains(unit, Qt::CaseInsensitive)) return label;
    return QStringLiteral("%1 (%2)").arg(label, unit);
}

/// The limits that a number's box gets. QGIS holds whole numbers in 32 bits and takes one step below the least for "not
/// set"; without limits of its own it stops at 999999999.
std::pair<double, double> limits_of(const Argument& argument) {
    const bool real = argument.kind == Kind::real;
    const double least = real ? -largest_real_in_a_box : -largest_integer_in_a_box;
    const double most = real ? largest_real_in_a_box : largest_integer_in_a_box;
    return {std::isfinite(argument.minimum) ? argument.minimum : least,
            std::isfinite(argument.maximum) ? argument.maximum : most};
}

/// Decimals of a real number's box, which shows them all: four more than the default has, six to ten.
int decimals_of(const Argument& argument) {
    const Value value = argument.get();
    const auto* number = std::get_if<double>(&value);
    if (!number) return 10;
    int decimals = 0;
    while (decimals < 10 && QString::number(*number, 'f', decimals).toDouble() != *number) ++decimals;
    return std::clamp(decimals + 4, 6, 10);
}

std::unique_ptr<QgsProcessingParameterDefinition> make_number(const Argument& argument) {
    const bool real = argument.kind == Kind::real;
    const auto [least, most] = limits_of(argument);
    auto parameter = std::make_unique<QgsProcessingParameterNumber>(
        qt(argument.parameter_name()), label_of(argument), real ? compat::real_number : compat::whole_number,
        default_of(argument), argument.is_optional, least, most);
    // QGIS's box rounds to six decimals unless told otherwise.
    if (real)
        parameter->setMetadata(
            {{QStringLiteral("widget_wrapper"), QVariantMap{{QStringLiteral("decimals"), decimals_of(argument)}}}});
    return parameter;
}

/// What a dialog can tell from the layers that are there, for the plugin's own widget; empty where that is nothing.
QVariantMap guess_of(const Argument& argument, const Spec& spec) {
    const auto name_of = [&](const std::string& id) {
        const Argument* found = spec.find(id);
        return found ? qt(found->parameter_name()) : QString();
    };
    const auto texts = [](const std::vector<std::string>& list) {
        QStringList result;
        for (const auto& text : list) result << qt(text);
        return result;
    };
    QVariantMap guess;
    // For optional tables too: a model may need what its step does not.
    if (argument.kind == Kind::table_in && !argument.columns.empty())
        guess[QStringLiteral("columns")] = texts(argument.columns);
    // A column that must be said: QGIS begins with the table's first one, which is seldom meant.
    if (argument.kind == Kind::field_of && !argument.is_optional)
        guess[QStringLiteral("likely")] = QStringList{qt(argument.label)};
    QStringList dated;
    for (const auto& other : spec.arguments)
        if (other->years_in == argument.id && !other->is_output()) {
            if (!other->later_than.empty()) dated << name_of(other->later_than);
            dated << qt(other->parameter_name());
            // Maps of several things bear the same years, one after the other.
            if (other->later_than.empty() && !other->steps_in_time) guess[QStringLiteral("any_order")] = true;
            break;
        }
    if (!dated.isEmpty()) guess[QStringLiteral("years_of")] = dated;
    if (!argument.years_between.empty()) {
        guess[QStringLiteral("years_between")] =
            QStringList{name_of(argument.years_between[0]), name_of(argument.years_between[1])};
        if (!argument.only_with.empty()) guess[QStringLiteral("only_with")] = QStringList{name_of(argument.only_with)};
    }
    if (!argument.first_year_of.empty())
        guess[QStringLiteral("first_year_of")] = QStringList{name_of(argument.first_year_of)};
    return guess;
}

/// The values are words, in models and scripts too; the dialog's own widget shows what they mean.
std::unique_ptr<QgsProcessingParameterDefinition> make_choice(const Argument& argument) {
    QStringList words, labels;
    for (const auto& choice : argument.choices) {
        words << qt(choice.key);
        labels << qt(choice.label);
    }
    auto parameter =
        std::make_unique<QgsProcessingParameterEnum>(qt(argument.parameter_name()), label_of(argument), words, false,
                                                     default_of(argument), argument.is_optional, true);
    parameter->setMetadata({{QStringLiteral("widget_wrapper"),
                             QVariantMap{{QStringLiteral("class"), QStringLiteral("landcarbon.choices.ChoiceWidget")},
                                         {QStringLiteral("labels"), labels}}}});
    return parameter;
}

std::unique_ptr<QgsProcessingParameterDefinition> make_text(const Argument& argument) {
    auto parameter = std::make_unique<QgsProcessingParameterString>(qt(argument.parameter_name()), label_of(argument),
                                                                    default_of(argument), false, argument.is_optional);
    if (argument.id == "creation_options") {
        // QGIS's own editor for GDAL creation options; versions before 3.36 know it by its Python class only.
#if _QGIS_VERSION_INT >= 33600
        const QVariantMap widget{{QStringLiteral("widget_type"), QStringLiteral("rasteroptions")}};
#else
        const QVariantMap widget{
            {QStringLiteral("class"),
             QStringLiteral("processing.algs.gdal.ui.RasterOptionsWidget.RasterOptionsWidgetWrapper")}};
#endif
        parameter->setMetadata({{QStringLiteral("widget_wrapper"), widget}});
    }
    return parameter;
}

std::unique_ptr<QgsProcessingParameterDefinition> parameter_of_kind(const Argument& argument) {
    const QString name = qt(argument.parameter_name());
    const QString label = label_of(argument);
    const bool optional = argument.is_optional;
    // QGIS makes an optional destination only when it is asked for, or in the dialog when it is ticked there.
    const bool ticked = argument.by_default;
    switch (argument.kind) {
        case Kind::raster_in:
        case Kind::class_raster:
            return std::make_unique<QgsProcessingParameterRasterLayer>(name, label, default_of(argument), optional);
        case Kind::raster_stack: {
            auto parameter = std::make_unique<QgsProcessingParameterMultipleLayers>(name, label, compat::raster_source,
                                                                                    default_of(argument), optional);
            parameter->setMinimumNumberInputs(optional ? 0 : argument.minimum_count);
            return parameter;
        }
        case Kind::vector_in:
            return std::make_unique<QgsProcessingParameterFeatureSource>(
                name, label, QList<int>{static_cast<int>(compat::spatial_source)}, default_of(argument), optional);
        case Kind::table_in:
            return std::make_unique<QgsProcessingParameterFeatureSource>(
                name, label, QList<int>{static_cast<int>(compat::any_vector_source)}, default_of(argument), optional);
        case Kind::field_of:
        case Kind::fields_of: {
            const QString parent = QString::fromStdString(argument.parent).toUpper();
            return std::make_unique<QgsProcessingParameterField>(name, label, default_of(argument), parent,
                                                                 compat::any_field, argument.is_list(), optional);
        }
        case Kind::real:
        case Kind::integer:
            return make_number(argument);
        case Kind::choice:
            return make_choice(argument);
        case Kind::flag:
            return std::make_unique<QgsProcessingParameterBoolean>(name, label, default_of(argument), optional);
        case Kind::text:
            return make_text(argument);
        case Kind::matrix: {
            QStringList headers;
            for (const auto& column : argument.columns) headers << qt(column);
            return std::make_unique<QgsProcessingParameterMatrix>(name, label, 1, false, headers, default_of(argument),
                                                                  optional);
        }
        case Kind::file_in:
            return std::make_unique<QgsProcessingParameterFile>(name, label, compat::single_file, QString(),
                                                                default_of(argument), optional);
        case Kind::raster_out:
            return std::make_unique<QgsProcessingParameterRasterDestination>(name, label, QVariant(), true, ticked);
        case Kind::table_out:
            return std::make_unique<QgsProcessingParameterVectorDestination>(name, label, compat::any_vector_source,
                                                                             QVariant(), true, ticked);
        case Kind::vector_out:
            return std::make_unique<QgsProcessingParameterVectorDestination>(name, label, compat::spatial_source,
                                                                             QVariant(), true, ticked);
        case Kind::report_out:
            return std::make_unique<QgsProcessingParameterFileDestination>(
                name, label, QStringLiteral("HTML files (*.html)"), QVariant(), true, ticked);
        case Kind::file_out:
            return std::make_unique<QgsProcessingParameterFileDestination>(name, label, QString(), QVariant(), true,
                                                                           ticked);
        case Kind::number_out:
        case Kind::text_out:
            break;
    }
    return nullptr;
}

/// What a choice is set to, behind its name.
std::string choice_text(const Choice& choice) {
    return " = \"" + (choice.label.empty() ? choice.key : choice.label) + "\"";
}

QString range_text(const Argument& argument) {
    QStringList parts;
    if (std::isfinite(argument.minimum))
        parts << QStringLiteral("%1 %2").arg(
            argument.minimum_excluded ? QStringLiteral("above") : QStringLiteral("at least"),
            qt(number_text(argument.minimum)));
    if (std::isfinite(argument.maximum)) parts << QStringLiteral("at most %1").arg(qt(number_text(argument.maximum)));
    return parts.join(QStringLiteral(", "));
}

QString html_section(const QString& title, const Spec& spec, bool outputs) {
    QString entries;
    for (const auto& argument : spec.arguments) {
        if (argument->is_output() != outputs || argument->is_hidden || argument->is_advanced) continue;
        const QString help = argument_help(*argument, spec);
        entries += QStringLiteral("<h3>%1</h3>\n").arg(label_of(*argument).toHtmlEscaped());
        if (!help.isEmpty()) entries += QStringLiteral("<p>%1</p>\n").arg(help.toHtmlEscaped());
    }
    return entries.isEmpty() ? QString() : QStringLiteral("<h2>%1</h2>\n%2").arg(title, entries);
}

}  // namespace

QString label_and_id(const Argument& argument, const QVariantMap& called) {
    const QString name = qt(argument.parameter_name());
    return called.value(name, QStringLiteral("%1 (%2)").arg(qt(argument.label), name)).toString();
}

QString message_for_qgis(const std::string& text, const Spec& spec, const QVariantMap& called) {
    QString message = qt(with_names(
        text, spec,
        [&](const Argument& argument, NamePlace place) {
            if (place == NamePlace::heads_line || called.contains(qt(argument.parameter_name())))
                return label_and_id(argument, called).toStdString();
            return "\"" + argument.label + "\" (" + argument.parameter_name() + ")";
        },
        choice_text));
    // In QGIS a band is chosen in the layer; only scripts write it behind a path.
    static const QRegularExpression other_band(QStringLiteral("say [^\\n]*\\|band=N for another one"));
    message.replace(other_band, QStringLiteral("for another one show that band alone in the layer's symbology "
                                               "(Singleband)"));
    message.replace(QStringLiteral("add |band=N to the path"),
                    QStringLiteral("show the band alone in the layer's symbology (Singleband)"));
    return message;
}

QString help_for_qgis(const std::string& text, const Spec& spec) {
    return qt(with_names(
        text, spec, [](const Argument& argument, NamePlace) { return "\"" + argument.label + "\""; }, choice_text));
}

QString argument_help(const Argument& argument, const Spec& spec) {
    QStringList sentences;
    if (!argument.help.empty()) sentences << help_for_qgis(argument.help, spec);
    if (!argument.unit.empty()) sentences << QStringLiteral("Unit: %1.").arg(qt(argument.unit));
    const QString range = range_text(argument);
    if (!range.isEmpty()) sentences << QStringLiteral("Range: %1.").arg(range);
    if (argument.kind == Kind::raster_stack && argument.minimum_count > 1)
        sentences << QStringLiteral("At least %1 are needed.").arg(argument.minimum_count);
    if (!argument.choices.empty()) {
        QStringList words;
        for (const auto& choice : argument.choices)
            words << (choice.label.empty() ? qt(choice.key)
                                           : QStringLiteral("%1: %2").arg(qt(choice.key), qt(choice.label)));
        sentences << QStringLiteral("Choices: %1.").arg(words.join(QStringLiteral("; ")));
    }
    return sentences.join(QLatin1Char(' '));
}

QString spec_help_html(const Spec& spec) {
    QString html;
    const QStringList paragraphs = help_for_qgis(spec.description, spec).split(QStringLiteral("\n\n"));
    for (const QString& paragraph : paragraphs)
        if (!paragraph.trimmed().isEmpty())
            html += QStringLiteral("<p>%1</p>\n").arg(paragraph.trimmed().toHtmlEscaped());
    html += html_section(QStringLiteral("Input parameters"), spec, false);
    html += html_section(QStringLiteral("Outputs"), spec, true);
    if (!spec.references.empty()) {
        html += QStringLiteral("<h2>References</h2>\n");
        for (const auto& reference : spec.references)
            html += QStringLiteral("<p>%1</p>\n").arg(qt(reference).toHtmlEscaped());
    }
    return html;
}

std::unique_ptr<QgsProcessingParameterDefinition> make_parameter(const Argument& argument, const Spec& spec) {
    auto parameter = parameter_of_kind(argument);
    if (!parameter) return nullptr;
    parameter->setHelp(argument_help(argument, spec));
    auto flags = parameter->flags();
    flags.setFlag(compat::advanced, argument.is_advanced);
    flags.setFlag(compat::hidden, argument.is_hidden);
    parameter->setFlags(flags);
    if (const QVariantMap guess = guess_of(argument, spec); !guess.isEmpty()) {
        QVariantMap metadata = parameter->metadata();
        QVariantMap widget = metadata.value(QStringLiteral("widget_wrapper")).toMap();
        widget[QStringLiteral("class")] = QStringLiteral("landcarbon.guesses.GuessingWidget");
        widget[QStringLiteral("guess")] = guess;
        metadata[QStringLiteral("widget_wrapper")] = widget;
        parameter->setMetadata(metadata);
    }
    return parameter;
}

std::unique_ptr<QgsProcessingOutputDefinition> make_output(const Argument& argument) {
    const QString name = qt(argument.parameter_name());
    // QGIS shows a number's unit nowhere else.
    const QString label = argument.unit.empty() ? qt(argument.label)
                                                : QStringLiteral("%1 (%2)").arg(qt(argument.label), qt(argument.unit));
    if (argument.kind == Kind::number_out) return std::make_unique<QgsProcessingOutputNumber>(name, label);
    if (argument.kind == Kind::text_out) return std::make_unique<QgsProcessingOutputString>(name, label);
    return nullptr;
}

QVariantList list_entries(const QVariant& value) {
    if (value.userType() == QMetaType::QVariantList || value.userType() == QMetaType::QStringList) {
        // A model joins several sources, of which some are lists themselves and some are empty.
        QVariantList entries;
        const QVariantList parts = value.toList();
        for (const QVariant& part : parts) {
            if (part.userType() == QMetaType::QVariantList || part.userType() == QMetaType::QStringList)
                entries += list_entries(part);
            else if (part.isValid() && !(part.userType() == QMetaType::QString && part.toString().isEmpty()))
                entries << part;
        }
        return entries;
    }
    if (value.userType() != QMetaType::QString) return value.isValid() ? QVariantList{value} : QVariantList{};
    const QString text = value.toString();
    if (text.isEmpty()) return {};
    if (QFileInfo::exists(text)) return {text};
    QVariantList entries;
    const QStringList parts = text.split(text.contains(QLatin1Char(';')) ? QLatin1Char(';') : QLatin1Char(','));
    for (const QString& part : parts) entries << part.trimmed();
    return entries;
}

namespace {

/// The cells row by row; nothing where all are empty, as in a table that nobody has filled in.
Value matrix_from_cells(const Argument& argument, const QVariantList& cells) {
    if (std::all_of(cells.begin(), cells.end(),
                    [](const QVariant& cell) { return cell.toString().trimmed().isEmpty(); }))
        return {};
    Matrix matrix;
    const int width = std::max<int>(1, static_cast<int>(argument.columns.size()));
    for (int i = 0; i < cells.size(); ++i) {
        if (i % width == 0) matrix.rows.emplace_back();
        matrix.rows.back().push_back(cells[i].toString().toStdString());
    }
    return matrix;
}

/// The word for a label or a position, as QGIS users and R pass them; anything else stays for the spec to judge.
Value choice_word(const Argument& argument, const QVariant& value) {
    const std::string text = value.toString().toStdString();
    for (const auto& choice : argument.choices)
        if (choice.key == text) return text;
    for (const auto& choice : argument.choices)
        if (choice.label == text) return choice.key;
    bool is_index = false;
    const int index = value.toInt(&is_index);
    if (is_index && index >= 0 && index < static_cast<int>(argument.choices.size())) return argument.choices[index].key;
    return text;
}

}  // namespace

Value value_from_qgis(const Argument& argument, const QVariant& value) {
    if (!value.isValid() || value.isNull()) return {};
    if (argument.kind == Kind::choice) return choice_word(argument, value);
    if (argument.is_list()) {
        std::vector<std::string> texts;
        const QVariantList entries = list_entries(value);
        for (const QVariant& entry : entries) texts.push_back(entry.toString().toStdString());
        return texts;
    }
    switch (value.userType()) {
        case QMetaType::Bool:
            return value.toBool();
        case QMetaType::Int:
        case QMetaType::UInt:
        case QMetaType::LongLong:
        case QMetaType::ULongLong:
            return static_cast<std::int64_t>(value.toLongLong());
        case QMetaType::Float:
        case QMetaType::Double:
            return value.toDouble();
        case QMetaType::QVariantList:
        case QMetaType::QStringList:
            if (argument.kind == Kind::matrix) return matrix_from_cells(argument, value.toList());
            break;
        default:
            break;
    }
    // QGIS writes a matrix as one row of cells; the command's "a,b;c,d" is read by the spec.
    const QString text = value.toString();
    if (argument.kind == Kind::matrix && !text.contains(QLatin1Char(';'))) {
        QVariantList cells;
        const QStringList parts = text.split(QLatin1Char(','));
        for (const QString& part : parts) cells << part.trimmed();
        return matrix_from_cells(argument, cells);
    }
    return text.toStdString();
}

}  // namespace landcarbon
