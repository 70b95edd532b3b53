# Land Carbon Toolbox: what `cpack` puts into the Debian package `landcarbon`. Include it after all install() rules.
# SPDX-License-Identifier: GPL-2.0-or-later

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME landcarbon)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "Land Carbon Toolbox developers <landcarbon@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/package)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Carbon storage, emission and balance of changing land use, from land-cover maps
and small tables: the command 'landcarbon' and the QGIS Processing provider
'Land Carbon'.
.
The source is GPL-2.0-or-later. This package links oneTBB and XGBoost
(Apache-2.0) and is therefore distributed under GPL-3.0-or-later.")

# The libraries are found by looking at what the binaries need.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)

# A binary belongs to the Debian release that it was built on.
file(STRINGS /etc/os-release debian_release REGEX "^VERSION_ID=")
string(REGEX MATCH "[0-9]+" debian_release "${debian_release}")
set(CPACK_DEBIAN_PACKAGE_RELEASE 1+deb${debian_release})

if(LANDCARBON_QGIS)
    # The plugin's folder goes whole, libraries included, to where QGIS looks for Python plugins (plugins/qgis says
    # where): the same layout as in the build folder, and one place to remove.
    # QGIS's C++ interface changes with every minor version, so the plugin fits only the one it was built with.
    execute_process(COMMAND dpkg-query -W -f "\${Version}" libqgis-dev
        OUTPUT_VARIABLE qgis_package_version ERROR_QUIET RESULT_VARIABLE dpkg_failed)
    if(NOT dpkg_failed AND qgis_package_version MATCHES "^(([0-9]+:)?[0-9]+)\\.([0-9]+)\\.")
        set(qgis_major ${CMAKE_MATCH_1})
        set(qgis_minor ${CMAKE_MATCH_3})
        math(EXPR next_minor "${qgis_minor} + 1")
        set(CPACK_DEBIAN_PACKAGE_DEPENDS
            "qgis (>= ${qgis_major}.${qgis_minor}), qgis (<< ${qgis_major}.${next_minor}~), python3-qgis")
    endif()
endif()

install(FILES ${CMAKE_CURRENT_LIST_DIR}/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/landcarbon)
include(CPack)
