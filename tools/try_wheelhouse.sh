#!/bin/sh
# Tries a wheelhouse for Linux as an air-gapped station would: sh tools/try_wheelhouse.sh [wheelhouse/linux]
# The folder is copied away, and installed and used where there is no network at all (a namespace of its own), nothing of
# this user's settings, and a home that is new. Needs twice the room of the installation, about 15 GB, where TMPDIR is.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
folder=${1:-$root/wheelhouse/linux}
python=${PYTHON:-$(command -v python3)}
station=$(mktemp -d)
trap 'rm -rf "$station"' EXIT

cp -r "$folder" "$station/stick"
cp -r "$root/samples/washers" "$station/washers"
mkdir "$station/home"

cat >"$station/try.sh" <<'END'
set -eu
timed() { # what, command
    what=$1
    shift
    begun=$(date +%s.%N)
    "$@"
    echo "$begun $(date +%s.%N) $what" | awk '{printf "== %s: %.1f s\n", $3, $2 - $1}'
}
cd "$HOME"
"$PYTHON" - <<'CODE'
import socket
try:
    socket.create_connection(("192.0.2.1", 80), timeout=5)
except OSError as error:
    print("== no network:", error)
else:
    raise SystemExit("there is a network")
CODE
timed install sh ../stick/install.sh "$HOME/app"
timed scan app/bin/inspector scan ../washers/test --workspace work --export out
timed app env QT_QPA_PLATFORM=offscreen app/bin/python -c 'from gui.app import build; print(build([]))'
find out -name 'report.html' | grep .
du -sh ../stick app | sed 's/^/== /'
END

env -i PATH="$PATH" HOME="$station/home" TMPDIR="$station" PYTHON="$python" unshare -rn sh "$station/try.sh"
