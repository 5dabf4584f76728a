#!/bin/sh
# Checks the system libraries that no Python package carries: Open3D needs libusb, Qt a few of X and EGL, the tests Xvfb, mosquitto and PostgreSQL.
# As root on Debian or Ubuntu it installs what is missing; elsewhere it prints the one line to run.
set -eu

[ "$(uname -s)" = Linux ] || exit 0

PATH="$PATH:/usr/sbin" # where Debian puts servers, and plain users do not look
missing=""
need() { # library or command, Debian package
    if ! { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q "$1" && ! command -v "$1" >/dev/null 2>&1; then
        missing="$missing $2"
    fi
}
need libusb-1.0.so.0 libusb-1.0-0
need libgomp.so.1 libgomp1
need libEGL.so.1 libegl1
need libGL.so.1 libgl1
need libglib-2.0.so.0 libglib2.0-0
need libfontconfig.so.1 libfontconfig1
need libdbus-1.so.3 libdbus-1-3
need libX11.so.6 libx11-6
need libxkbcommon-x11.so.0 libxkbcommon-x11-0
need libxcb-cursor.so.0 libxcb-cursor0
need libxcb-icccm.so.4 libxcb-icccm4
need libxcb-image.so.0 libxcb-image0
need libxcb-keysyms.so.1 libxcb-keysyms1
need libxcb-render-util.so.0 libxcb-render-util0
need libxcb-shape.so.0 libxcb-shape0
need libxcb-xinerama.so.0 libxcb-xinerama0
need libxcb-xkb.so.1 libxcb-xkb1
need Xvfb xvfb
need mosquitto mosquitto # a broker of MQTT, which tests start and kill
[ -d /usr/lib/postgresql ] || need initdb postgresql # a server, which tests start and kill

[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing system libraries:$missing"
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing libgl1-mesa-dri >/dev/null
else
    echo "System libraries are missing. Run this once, then try again:" >&2
    echo "    sudo apt-get install -y$missing libgl1-mesa-dri" >&2
    exit 1
fi
