# Land Carbon Toolbox: choices in dialogs: people read what a choice means, models and scripts keep its word.
# SPDX-License-Identifier: GPL-2.0-or-later
from processing.gui.wrappers import dialogTypes
from qgis.gui import QgsGui, QgsProcessingGui
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox


def show_labels(widget, words, labels):
    """Writes each word's label into the combo boxes that offer the words; their values stay the words."""
    if widget is None:
        return
    boxes = [widget] if isinstance(widget, QComboBox) else widget.findChildren(QComboBox)
    for box in boxes:
        for word, label in zip(words, labels):
            at = box.findData(word)
            if at >= 0:
                box.setItemText(at, label)
                box.setItemData(at, label, Qt.ItemDataRole.ToolTipRole)
                # A long label must not make the dialog scroll sideways.
                box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                box.setMinimumContentsLength(30)


class ChoiceWidget:
    """QGIS's own widget for a choice among words, with labels in it. Processing makes one for each parameter whose
    metadata names this class; it gets the widget of the dialog, of a batch table's cell, or of the model designer."""

    def __new__(cls, parameter, dialog, row=0, col=0, labels=()):
        registry = QgsGui.processingGuiRegistry()
        words = parameter.options()
        kind = dialog.__class__.__name__
        if kind == "ModelerParametersDialog":
            wrapper = registry.createModelerParameterWidget(dialog.model, dialog.childId, parameter, dialog.context)
            show_labels(wrapper, words, labels)
        else:
            wrapper = registry.createParameterWidgetWrapper(
                parameter, dialogTypes.get(kind, QgsProcessingGui.Standard))
            create = wrapper.createWrappedWidget

            def create_with_labels(context):
                widget = create(context)
                show_labels(widget, words, labels)
                return widget

            wrapper.createWrappedWidget = create_with_labels
        wrapper.setDialog(dialog)
        return wrapper
