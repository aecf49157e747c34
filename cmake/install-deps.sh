#!/bin/sh
# install-deps.sh PACKAGE...: installs the Debian packages that are missing. Touches neither the network nor any right
# of the administrator when none is. PACKAGE? is done without where the distribution has none of that name.
set -eu

if ! command -v dpkg-query >/dev/null 2>&1; then
  echo "install-deps: this is no Debian or Ubuntu; taking it that you have the like of: $*" >&2
  exit 0
fi

missing=
optional=
for name in "$@"; do
  package=${name%\?}
  case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true) in
    *" installed"*) ;;
    *) if [ "$name" = "$package" ]; then missing="$missing $package"; else optional="$optional $package"; fi ;;
  esac
done
# Of the optional packages those that the distribution has.
known() {
  for package in $optional; do
    if apt-cache show "$package" >/dev/null 2>&1; then echo " $package"; fi
  done | tr -d '\n'
}
[ -n "$missing$(known)" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
  as_root=
elif command -v sudo >/dev/null 2>&1; then
  as_root=sudo
elif [ -z "$missing" ]; then
  exit 0
else
  echo "install-deps: missing packages, and neither root nor sudo to install them with. As root, run:" >&2
  echo "  apt-get update && apt-get install --no-install-recommends$missing" >&2
  exit 1
fi

echo "install-deps: installing$missing$optional"
apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}
# $missing is a list of words. Stale or absent package lists would make the installation fail.
if apt update && apt install -y --no-install-recommends $missing $(known); then
  exit 0
fi
[ -n "$missing" ] || exit 0
echo "install-deps: could not install$missing. Is there a network? SKIP_DEPS=1 goes on without them." >&2
exit 1
