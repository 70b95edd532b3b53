# Land Carbon Toolbox: stands in for the provider when the C++ part cannot be used, and says why.
# SPDX-License-Identifier: GPL-2.0-or-later
import os

from qgis.core import QgsProcessingAlgorithm, QgsProcessingException, QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

ICON = os.path.join(os.path.dirname(__file__), "icons", "landcarbon.svg")


class NoticeAlgorithm(QgsProcessingAlgorithm):
    """The only entry of the stand-in provider: its help is the reason."""

    def __init__(self, reason):
        super().__init__()
        self.reason = reason

    def name(self):
        return "unavailable"

    def displayName(self):
        return "Land Carbon is not available: why?"

    def shortDescription(self):
        return self.reason

    def shortHelpString(self):
        return self.reason

    def icon(self):
        return QIcon(ICON)

    def createInstance(self):
        return NoticeAlgorithm(self.reason)

    def initAlgorithm(self, configuration=None):
        pass

    def processAlgorithm(self, parameters, context, feedback):
        raise QgsProcessingException(self.reason)


class NoticeProvider(QgsProcessingProvider):
    """Has the id of the real provider, so that users find it where they look for it."""

    def __init__(self, reason):
        super().__init__()
        self.reason = reason

    def id(self):
        return "landcarbon"

    def name(self):
        return "Land Carbon"

    def icon(self):
        return QIcon(ICON)

    def svgIconPath(self):
        return ICON

    def warningMessage(self):
        return self.reason

    def loadAlgorithms(self):
        self.addAlgorithm(NoticeAlgorithm(self.reason))
