# Land Carbon Toolbox: finds QGIS's headers and version; QGIS itself ships no CMake package.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sets QGIS_FOUND, QGIS_VERSION (3.22.16), QGIS_MINOR_VERSION (3.22), QGIS_MINOR_INT (322), QGIS_QT_VERSION_MAJOR and
# the target QGIS::headers. There is no target to link: a plugin's QGIS symbols come from the QGIS that loads it, and
# naming libqgis_core would tie the plugin to one patch release.

find_path(QGIS_INCLUDE_DIR qgsconfig.h
    HINTS ${QGIS_PREFIX} ENV QGIS_PREFIX
    PATH_SUFFIXES qgis include/qgis)

if(QGIS_INCLUDE_DIR)
    file(STRINGS ${QGIS_INCLUDE_DIR}/qgsconfig.h version_line REGEX "#define _QGIS_VERSION \"")
    string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" QGIS_VERSION "${version_line}")
    string(REGEX MATCH "^[0-9]+\\.[0-9]+" QGIS_MINOR_VERSION "${QGIS_VERSION}")
    file(STRINGS ${QGIS_INCLUDE_DIR}/qgsconfig.h number_line REGEX "#define _QGIS_VERSION_INT ")
    string(REGEX MATCH "[0-9]+$" QGIS_VERSION_INT "${number_line}")
    if(QGIS_VERSION_INT)
        math(EXPR QGIS_MINOR_INT "${QGIS_VERSION_INT} / 100")
    endif()
    if(QGIS_VERSION VERSION_LESS 4)
        set(QGIS_QT_VERSION_MAJOR 5 CACHE STRING "Qt that this QGIS was built with")
    else()
        set(QGIS_QT_VERSION_MAJOR 6 CACHE STRING "Qt that this QGIS was built with")
    endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(QGIS
    REQUIRED_VARS QGIS_INCLUDE_DIR QGIS_VERSION QGIS_MINOR_INT
    VERSION_VAR QGIS_VERSION)

if(QGIS_FOUND AND NOT TARGET QGIS::headers)
    set(qgis_qt_modules Core Gui Network Widgets Xml)
    find_package(Qt${QGIS_QT_VERSION_MAJOR} REQUIRED COMPONENTS ${qgis_qt_modules})
    list(TRANSFORM qgis_qt_modules PREPEND Qt${QGIS_QT_VERSION_MAJOR}::)
    add_library(QGIS::headers INTERFACE IMPORTED)
    set_target_properties(QGIS::headers PROPERTIES
        INTERFACE_INCLUDE_DIRECTORIES ${QGIS_INCLUDE_DIR}
        INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${QGIS_INCLUDE_DIR}
        INTERFACE_LINK_LIBRARIES "${qgis_qt_modules}")
endif()
mark_as_advanced(QGIS_INCLUDE_DIR)
