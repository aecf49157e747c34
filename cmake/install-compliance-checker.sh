#!/bin/sh
# install-compliance-checker.sh BUILD: the checker of the CF conventions from PyPI, pinned, into BUILD/tools/cf. Only
# tests/output/cf_test.py asks for it, so what cannot be installed is done without.
set -eu

version=6.1.0
build=$1
place=$build/tools/cf
if [ -x "$place/bin/compliance-checker" ]; then exit 0; fi
python3 -m venv "$place" && "$place/bin/pip" install --quiet --disable-pip-version-check "compliance-checker==$version" || {
  rm -rf "$place"
  echo "install-compliance-checker: could not install compliance-checker $version; the test of CF will be skipped" >&2
}
