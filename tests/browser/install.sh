#!/bin/sh
# install.sh FOLDER: installs the packages of the lock file into FOLDER, once. Ends with 77 (skipped) when they can be
# had neither from npm nor its cache.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
exec 9>"$1/lock"
flock 9
cmp -s "$here/package-lock.json" "$1/installed-lock.json" && exit 0
cp "$here/package.json" "$here/package-lock.json" "$1"
if ! (cd "$1" && npm ci --ignore-scripts --prefer-offline --no-audit --no-fund --fetch-timeout=20000 --fetch-retries=1); then
  echo "skipped: npm could not install the packages of tests/browser/package-lock.json"
  exit 77
fi
cp "$here/package-lock.json" "$1/installed-lock.json"
