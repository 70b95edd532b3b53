# shellcheck shell=bash
# Land Carbon Toolbox: what the scripts in tools/ share: messages, Debian packages, the build. To be sourced.
# SPDX-License-Identifier: GPL-2.0-or-later

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jobs=${LANDCARBON_JOBS:-$(nproc)}

say() { printf '%s\n' "$*" >&2; }

die() {
    say "ERROR: $*"
    exit 1
}

# Prints the comment block at the head of a script, without its first line and the licence: its help text.
usage() { sed -n '2,/^$/p' "$0" | sed -n 's/^# \{0,1\}//p' | grep -v '^SPDX-License-Identifier'; }

# Packages that tools/packages lists for the given purposes.
packages_for() {
    local purpose
    for purpose in "$@"; do
        grep -qxF "[$purpose]" "$root/tools/packages" || die "tools/packages has no section [$purpose]"
        awk -v wanted="[$purpose]" '/^\[/ { on = ($0 == wanted); next } on && NF && !/^#/ { print $1 }' \
            "$root/tools/packages"
    done | sort -u
}

# Those of the given packages that are not installed, here or in the folder $chroot when that is set.
missing_packages() {
    local installed
    installed=$(dpkg-query --admindir="${chroot:-}/var/lib/dpkg" -W -f '${db:Status-Abbrev} ${Package}\n' "$@" \
        2>/dev/null | awk '$1 == "ii" { print $2 }' || true)
    printf '%s\n' "$@" | grep -vxF -e "$installed" || true
}

# Installs what the given purposes need. Touches apt only when something is missing.
need_packages() {
    local names wanted missing sudo=()
    names=$(packages_for "$@")
    mapfile -t wanted <<<"$names"
    command -v dpkg-query >/dev/null ||
        die "this is no Debian system (no dpkg-query). Install by other means, then use cmake itself: ${wanted[*]}"
    mapfile -t missing < <(missing_packages "${wanted[@]}")
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || die "apt-get is missing; install these packages by other means: ${missing[*]}"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            die "packages are missing, and there is no sudo. Run as root: apt-get install ${missing[*]}"
        sudo=(sudo)
    fi
    say "Installing ${#missing[@]} packages: ${missing[*]}"
    "${sudo[@]}" apt-get update -q >&2 </dev/null || say "apt-get update failed; trying with the package lists at hand."
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "${missing[@]}" >&2 </dev/null ||
        die "apt-get could not install: ${missing[*]}"
}

# Says which packages of the given purposes are not installed, and installs none.
name_missing() {
    local wanted missing
    command -v dpkg-query >/dev/null || return 0
    mapfile -t wanted < <(packages_for "$@")
    missing=$(missing_packages "${wanted[@]}")
    [ -z "$missing" ] || say "Not installed (tools/test and tools/demo install them): ${missing//$'\n'/ }"
}

# Configures one of the presets of CMakePresets.json and builds it: everything, or the targets in $build_targets.
# Further arguments go to cmake's configure step.
build_preset() {
    local preset=$1 log targets=()
    shift
    if [ -z "${CMAKE_CXX_COMPILER_LAUNCHER:-}" ] && command -v ccache >/dev/null; then
        export CMAKE_CXX_COMPILER_LAUNCHER=ccache
    fi
    # Files compile the same wherever the checkout lies, and precompiled headers do not keep the cache from being used.
    export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    log=$(mktemp)
    if ! (cd "$root" && cmake --preset "$preset" "$@") >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        [ "$preset" != dev ] || name_missing build qgis test
        die "cmake could not configure the preset $preset"
    fi
    grep -A4 'CMake Warning' "$log" >&2 || true
    rm -f "$log"
    [ -z "${build_targets:-}" ] || read -ra targets <<<"--target $build_targets"
    (cd "$root" && cmake --build --preset "$preset" --parallel "$jobs" "${targets[@]}") >&2
}
