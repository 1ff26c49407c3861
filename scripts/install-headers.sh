#!/bin/sh
# Installs what the build needs besides Swift: libyaml's headers and pkg-config. Says so when it cannot.
set -u

command -v swift >/dev/null 2>&1 || {
    echo "faregate needs Swift 6.1 or newer: https://www.swift.org/install" >&2
    exit 1
}

present() {
    pkg-config --exists yaml-0.1 2>/dev/null
}

present && exit 0

if command -v apt-get >/dev/null 2>&1; then
    echo "installing libyaml-dev and pkg-config ..."
    as_root=""
    if [ "$(id -u)" -ne 0 ]; then as_root="sudo"; fi
    install() { DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq libyaml-dev pkg-config >/dev/null 2>&1; }
    install || { $as_root apt-get update -qq >/dev/null 2>&1 && install; } || true
elif command -v brew >/dev/null 2>&1; then
    echo "installing libyaml and pkgconf ..."
    brew install libyaml pkgconf >/dev/null 2>&1 || true
fi

present && exit 0
cat >&2 <<'TEXT'
faregate needs the headers of libyaml and pkg-config, and they could not be installed.
  Debian, Ubuntu:  apt-get install libyaml-dev pkg-config
  macOS:           brew install libyaml pkgconf
TEXT
exit 1
