#!/bin/sh
# Installs what is missing of the Debian packages listed in the given files, after saying which.
# Usage: install-packages.sh LIST...
# A list has a package a line; "PACKAGE unless COMMAND" is not wanted where the command is there already, from
# wherever it came.
set -eu
wanted=$(sed 's/#.*//' "$@" | while read -r package unless command; do
  if [ "${unless:-}" = unless ] && command -v "$command" >/dev/null; then continue; fi
  printf '%s ' "$package"
done)
have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p' | sort -u)
missing=
for package in $wanted; do
  printf '%s\n' "$have" | grep -qx "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "missing packages:$missing" >&2
  echo "this machine has no apt-get; install their equivalents and start again" >&2
  exit 1
fi
if [ "$(id -u)" = 0 ]; then as_root=
elif command -v sudo >/dev/null; then as_root=sudo
else
  echo "missing packages:$missing" >&2
  echo "neither root nor sudo; ask an administrator for: apt-get install$missing" >&2
  exit 1
fi
echo "Installing missing packages:$missing" >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "installing packages failed" >&2
  exit 1
fi
