#!/bin/sh
# run.sh FOLDER TEST...: installs the locked packages into FOLDER, once, and runs the tests with Node's own runner.
# Ends with 77 (skipped) when the packages can be had neither from npm nor its cache.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
shift
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9
if ! cmp -s "$here/package-lock.json" "$folder/installed-lock.json"; then
  cp "$here/package.json" "$here/package-lock.json" "$folder"
  if ! (cd "$folder" && npm ci --ignore-scripts --prefer-offline --no-audit --no-fund --fetch-timeout=20000 --fetch-retries=1); then
    echo "skipped: npm could not install the packages of tests/browser/package-lock.json"
    exit 77
  fi
  cp "$here/package-lock.json" "$folder/installed-lock.json"
fi
flock -u 9
exec 9>&-
cd "$here"
YAGURA_BROWSER_PACKAGES=$(cd "$folder" && pwd) exec node --test "$@"
