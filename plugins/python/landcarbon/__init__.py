# Land Carbon Toolbox: the QGIS plugin's entry point.
# SPDX-License-Identifier: GPL-2.0-or-later
def classFactory(iface):
    """QGIS calls this once; `iface` is None in qgis_process."""
    from .plugin import LandCarbonPlugin

    return LandCarbonPlugin(iface)
