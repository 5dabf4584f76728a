#!/bin/sh
# Installs the inspector from the wheels beside this file, without a network: sh install.sh [FOLDER]
# PYTHON names another Python @PYTHON@, as in: PYTHON=/opt/python/bin/python3 sh install.sh
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
target=${1:-$HOME/mutual-inspector}
python=${PYTHON:-python@PYTHON@}

if ! "$python" -c 'import sys, ensurepip, venv; sys.exit("%d.%d" % sys.version_info[:2] != "@PYTHON@")' 2>/dev/null; then
    echo "Python @PYTHON@ with venv is needed (Debian: python@PYTHON@-venv); name it with: PYTHON=... sh install.sh" >&2
    exit 1
fi
echo "Checking the files ..."
if ! (cd "$here" && sha256sum --check --quiet --strict SHA256SUMS); then
    echo "Files are damaged or missing: copy the folder again." >&2
    exit 1
fi
echo "Installing into $target ..."
"$python" -m venv "$target"
PIP_CONFIG_FILE=/dev/null "$target/bin/python" -m pip --isolated install --quiet --disable-pip-version-check \
    --no-index --find-links "$here/wheels" "@PROJECT@"
echo "Looking whether all is well ..."
found=0
"$target/bin/inspector" doctor || found=1
echo
echo "Installed. Start the app with:  $target/bin/inspector-gui"
echo "The command line is:            $target/bin/inspector --help"
[ "$found" = 0 ] || echo "Doctor found something wrong, see above; run it again with: $target/bin/inspector doctor" >&2
exit "$found"
