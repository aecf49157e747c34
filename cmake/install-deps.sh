#!/bin/sh
# install-deps.sh PACKAGE...: installs the Debian packages that are missing. Touches neither the network nor any right
# of the administrator when none is.
set -eu

if ! command -v dpkg-query >/dev/null 2>&1; then
  echo "install-deps: this is no Debian or Ubuntu; taking it that you have the like of: $*" >&2
  exit 0
fi

missing=
for package in "$@"; do
  case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true) in
    *" installed"*) ;;
    *) missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
  as_root=
elif command -v sudo >/dev/null 2>&1; then
  as_root=sudo
else
  echo "install-deps: missing packages, and neither root nor sudo to install them with. As root, run:" >&2
  echo "  apt-get update && apt-get install --no-install-recommends$missing" >&2
  exit 1
fi

echo "install-deps: installing$missing"
apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}
# $missing is a list of words. Stale or absent package lists would make the installation fail.
if apt update && apt install -y --no-install-recommends $missing; then
  exit 0
fi
echo "install-deps: could not install$missing. Is there a network? SKIP_DEPS=1 goes on without them." >&2
exit 1
