# shellcheck shell=bash
# Land Carbon Toolbox: another Debian in a folder, made by debootstrap. To be sourced after lib.sh.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Nothing about the network is written here: the mirror, proxy, credentials, keys and certificates are those that
# apt uses on this machine. Mounts are made in a mount namespace of their own, so that none can be left behind.

# Where the chroots are kept from run to run.
cache=${LANDCARBON_CACHE:-$HOME/.cache/landcarbon}

# Starts the calling script again as root; the environment that matters comes along.
become_root() {
    [ "$(id -u)" -eq 0 ] && return
    command -v sudo >/dev/null || die "$0 makes and enters a chroot, which needs root rights; there is no sudo."
    exec sudo LANDCARBON_CACHE="$cache" LANDCARBON_JOBS="${LANDCARBON_JOBS:-}" \
        http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" "$0" "$@"
}

# Prints "<mirror> <suite>" for every Debian archive that this machine's apt uses for its own release: the main
# archive first, then updates and security where they are in use.
host_archives() {
    local codename uri release file
    # shellcheck source=/dev/null
    codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
    # shellcheck disable=SC2016 # these are apt's variables
    apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' | sort -u |
        while read -r uri release; do
            file=${uri#mirror+file:}
            [ "$file" = "$uri" ] || uri=$(grep -m1 -oE '^[a-z]+://[^[:space:]]+' "${file%/}")
            printf '%s %s\n' "${uri%/}" "$release"
        done | sed -nE "s/ ($codename|stable|oldstable)(-updates|-security)?\$/ \\2/p" | sort -t' ' -k2
}

# Takes over how this machine's apt reaches its archives: settings, credentials, keys, certificates, name servers.
share_apt_settings() {
    local dir=$1 item
    {
        printf 'APT::Install-Recommends "false";\n'
        apt-config dump | grep -E '^Acquire::(https?|ftp|Proxy|Check-|Retries|ForceIPv)' || true
    } >"$dir/etc/apt/apt.conf.d/90host"
    for item in auth.conf auth.conf.d keyrings trusted.gpg trusted.gpg.d; do
        [ ! -e "/etc/apt/$item" ] || cp -a "/etc/apt/$item" "$dir/etc/apt/"
    done
    mkdir -p "$dir/etc/ssl/certs" "$dir/usr/local/share/ca-certificates"
    cp -aL /usr/local/share/ca-certificates/. "$dir/usr/local/share/ca-certificates/"
    # Before the package ca-certificates is there, this file is all that https has to go by.
    [ -e "$dir/etc/ssl/certs/ca-certificates.crt" ] || [ ! -e /etc/ssl/certs/ca-certificates.crt ] ||
        cp -L /etc/ssl/certs/ca-certificates.crt "$dir/etc/ssl/certs/"
    cp -L /etc/resolv.conf "$dir/etc/resolv.conf"
}

# Makes the Debian release $2 in the folder $1, unless it is there already.
make_chroot() {
    local dir=$1 suite=$2 archives mirror proxy home
    [ -e "$dir/.complete" ] && return
    [ ! -e "$dir/var/lib/dpkg/status" ] || say "$dir is incomplete and made anew"
    archives=$(host_archives)
    mirror=${archives%% *}
    [ -n "$mirror" ] || die "apt on this machine names no Debian archive that a $suite could come from"
    say "Making a $suite in $dir"
    rm -rf --one-file-system "$dir"
    mkdir -p "$dir"
    # debootstrap downloads by wget: it has to be told apt's proxy and credentials.
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    home=$(mktemp -d)
    cat /etc/apt/auth.conf /etc/apt/auth.conf.d/*.conf 2>/dev/null |
        sed -E 's#machine +[a-z]+://#machine #; s#(machine +[^/ ]+)/[^ ]*#\1#' >"$home/.netrc" || true
    HOME=$home http_proxy=${proxy:-${http_proxy:-}} debootstrap --variant=minbase \
        --keyring=/usr/share/keyrings/debian-archive-keyring.gpg "$suite" "$dir" "$mirror" >"$dir.log" 2>&1 || {
        tail -n 20 "$dir.log" "$dir/debootstrap/debootstrap.log" >&2 || true
        rm -rf "$home"
        die "debootstrap failed; all it said is in $dir.log"
    }
    rm -rf "$home"
    while read -r mirror kind; do
        printf 'deb %s %s main\n' "$mirror" "$suite$kind"
    done <<<"$archives" >"$dir/etc/apt/sources.list"
    # No service may start in there, and dpkg need not wait for the disk.
    printf '#!/bin/sh\nexit 101\n' >"$dir/usr/sbin/policy-rc.d"
    chmod +x "$dir/usr/sbin/policy-rc.d"
    printf 'force-unsafe-io\n' >"$dir/etc/dpkg/dpkg.cfg.d/unsafe-io"
    touch "$dir/.complete"
}

# Runs a command in the chroot $1 with /proc, /dev and a fresh /tmp. Further arguments up to -- are binds,
# source:target, read-only. The mounts and whatever the command left running end with it.
in_chroot() {
    local dir=$1
    shift
    # shellcheck disable=SC2016 # expanded by the inner shell
    unshare --mount --pid --fork --kill-child bash -euc '
        dir=$1; shift
        mount -t proc proc "$dir/proc"
        mount --rbind /dev "$dir/dev"
        mount -t tmpfs -o mode=1777 tmp "$dir/tmp"
        while [ "$1" != -- ]; do
            mkdir -p "$dir${1#*:}"
            mount --bind "${1%%:*}" "$dir${1#*:}"
            mount -o remount,bind,ro "$dir${1#*:}"
            shift
        done
        shift
        exec chroot "$dir" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" "$@"
    ' in_chroot "$dir" "$@"
}

# Installs those of the given packages that the chroot $1 lacks. Touches its apt only then.
install_in_chroot() {
    local dir=$1 missing
    shift
    mapfile -t missing < <(chroot=$dir missing_packages "$@")
    [ ${#missing[@]} -eq 0 ] && return
    say "Installing ${#missing[@]} packages and what they need in $dir"
    share_apt_settings "$dir"
    if ! { in_chroot "$dir" -- apt-get update -q && in_chroot "$dir" -- apt-get install -y -q "${missing[@]}"; } \
        >"$dir.log" 2>&1; then
        tail -n 30 "$dir.log" >&2
        die "apt-get in $dir failed; all it said is in $dir.log"
    fi
}
