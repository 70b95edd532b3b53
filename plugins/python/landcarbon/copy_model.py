# Land Carbon Toolbox: copies a shipped model to the user's models, where QGIS lets it be edited.
# SPDX-License-Identifier: GPL-2.0-or-later
import os

from processing.gui.ContextAction import ContextAction
from processing.modeler.ModelerUtils import ModelerUtils
from qgis.core import Qgis, QgsApplication, QgsProcessingModelAlgorithm
from qgis.PyQt.QtCore import QCoreApplication

PROVIDER_ID = "landcarbon"


def copy_model(source, folder):
    """Copies the model file `source` into `folder` under a title that is not in use there; returns (title, new file).
    Raises OSError where that cannot be done."""
    model = QgsProcessingModelAlgorithm()
    if not model.fromFile(source):
        raise OSError(f"the model {source} cannot be read")
    stem = os.path.splitext(os.path.basename(source))[0]
    title, path, number = model.displayName(), os.path.join(folder, stem + ".model3"), 2
    while os.path.exists(path):
        title, path, number = f"{model.displayName()} {number}", os.path.join(folder, f"{stem}_{number}.model3"), number + 1
    model.setName(title)
    # Which results are loaded is the provider's matter: QGIS loads all results of the user's models.
    model.setVariables({name: value for name, value in model.variables().items() if name not in ("loaded_results", "dated_results")})
    os.makedirs(folder, exist_ok=True)
    if not model.toFile(path):
        raise OSError(f"the model cannot be written to {path}")
    return title, path


class CopyModelAction(ContextAction):
    """An entry of the toolbox's context menu, beside those that QGIS has for the user's own models."""

    def __init__(self, iface):
        super().__init__()
        self.iface = iface
        self.name = QCoreApplication.translate("LandCarbon", "Copy to My Models and Edit…")

    def icon(self):
        return QgsApplication.getThemeIcon("/mActionEditModel.svg")

    def isEnabled(self):
        return (isinstance(self.itemData, QgsProcessingModelAlgorithm) and self.itemData.provider() is not None
                and self.itemData.provider().id() == PROVIDER_ID)

    def execute(self):
        from processing.modeler.ModelerDialog import ModelerDialog

        try:
            title, path = copy_model(self.itemData.sourceFilePath(), ModelerUtils.modelsFolders()[0])
        except OSError as error:
            self.iface.messageBar().pushMessage("Land Carbon", f"The model was not copied: {error}.", Qgis.Warning, 0)
            return None
        refresh_models()
        self.iface.messageBar().pushMessage(
            "Land Carbon", f"\"{title}\" is now among your models, in {path}. The shipped model stays as it is.",
            Qgis.Info, 10)
        model = QgsProcessingModelAlgorithm()
        model.fromFile(path)
        model.setSourceFilePath(path)  # so that "Save" writes there
        # "Run" in the designer of QGIS 3.22 asks the model's provider, and ends QGIS where there is none.
        model.setProvider(QgsApplication.processingRegistry().providerById("model"))
        dialog = ModelerDialog.create(model)
        dialog.update_model.connect(refresh_models)
        dialog.show()
        dialog.activate()
        return dialog


def refresh_models():
    """Brings the files of the user's models folder into the toolbox."""
    provider = QgsApplication.processingRegistry().providerById("model")
    if provider:
        provider.refreshAlgorithms()
