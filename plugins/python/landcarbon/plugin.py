# Land Carbon Toolbox: brings the C++ provider into QGIS, or says in plain words why it cannot.
# SPDX-License-Identifier: GPL-2.0-or-later
import ctypes
import importlib
import os
import sys

from qgis.core import Qgis, QgsApplication, QgsMessageLog

from . import _build

PROVIDER_ID = "landcarbon"


def running_qgis():
    """The running QGIS as 322 for 3.22, and its version text without the release name."""
    return Qgis.QGIS_VERSION_INT // 100, Qgis.QGIS_VERSION.split("-")[0]


def show_qgis_symbols():
    """Lets the C++ library find QGIS's functions also where Python alone has loaded QGIS."""
    name = "libqgis_core.so." + running_qgis()[1]
    try:
        ctypes.CDLL(name, mode=ctypes.RTLD_GLOBAL | os.RTLD_NOLOAD)
    except (OSError, AttributeError):
        pass  # the QGIS programs have them in sight already


class LandCarbonPlugin:
    """Registers the provider `landcarbon` with QGIS Processing."""

    def __init__(self, iface):
        self.iface = iface
        self.native = None  # the C++ part, when it is loaded
        self.notice = None  # the provider that stands in for it otherwise
        self.menu_actions = []  # what the toolbox's context menu offers for our algorithms

    def initProcessing(self):
        """Called by qgis_process, and by initGui in QGIS desktop."""
        if self.native or self.notice:
            return
        if QgsApplication.processingRegistry().providerById(PROVIDER_ID):
            self.tell(
                "Land Carbon is loaded already, from another folder. The copy in "
                f"{os.path.dirname(__file__)} is not used; remove one of the two."
            )
            return
        problem = self.load()
        if problem:
            self.tell(problem)
            from .notice import NoticeProvider

            self.notice = NoticeProvider(problem)
            QgsApplication.processingRegistry().addProvider(self.notice)

    def initGui(self):
        self.initProcessing()
        if not self.native:
            return
        try:
            from processing.gui.ProviderActions import ProviderContextMenuActions

            from .copy_model import CopyModelAction
        except ImportError:
            return  # Processing is switched off: there is no toolbox
        self.menu_actions = [CopyModelAction(self.iface)]
        ProviderContextMenuActions.registerProviderContextMenuActions(self.menu_actions)

    def remove_menu(self):
        if self.menu_actions:
            from processing.gui.ProviderActions import ProviderContextMenuActions

            ProviderContextMenuActions.deregisterProviderContextMenuActions(self.menu_actions)
            self.menu_actions = []

    def unload(self):
        self.remove_menu()
        if self.native:
            self.native.remove_provider()
        if self.notice:
            QgsApplication.processingRegistry().removeProvider(self.notice)
        self.native = self.notice = None

    def load(self):
        """Loads and registers the C++ provider; returns what is wrong, or None."""
        minor, version = running_qgis()
        if minor != _build.QGIS_MINOR_INT:
            return (
                f"This copy of the Land Carbon Toolbox was built for QGIS {_build.QGIS_VERSION}, but this is QGIS "
                f"{version}. Install the landcarbon package made for QGIS {minor // 100}.{minor % 100} (on Debian: the "
                "one for the same release as your qgis package), or build it here with tools/build."
            )
        try:
            show_qgis_symbols()
            native = importlib.import_module("._landcarbon", __package__).LandCarbon
        except ImportError as error:
            return (
                f"The Land Carbon Toolbox cannot be loaded: {error}. Its libraries are incomplete, or a library "
                "that it needs (GDAL, oneTBB) is missing or too old: install the landcarbon package again, for the "
                "same release as your qgis package, or build it here with tools/build."
            )
        if not native.register_provider(os.path.dirname(os.path.abspath(__file__))):
            return "QGIS did not accept the Land Carbon provider; see the log for the reason."
        self.native = native
        return None

    def tell(self, text):
        QgsMessageLog.logMessage(text, "Land Carbon", Qgis.Warning)
        if self.iface:
            self.iface.messageBar().pushMessage("Land Carbon", text, Qgis.Warning, 0)
        elif sys.stderr:
            print("Land Carbon: " + text, file=sys.stderr)
