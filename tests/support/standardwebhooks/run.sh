#!/bin/sh
# run.sh FOLDER SEND_WEBHOOK: installs the locked packages into FOLDER, once, and runs verify.mjs on what
# SEND_WEBHOOK sends. Ends with 77 (skipped) when the packages can be had neither from npm nor its cache.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cp "$here/verify.mjs" "$here/package.json" "$1"
if ! cmp -s "$here/package-lock.json" "$1/installed-lock.json"; then
  cp "$here/package-lock.json" "$1"
  if ! (cd "$1" && npm ci --ignore-scripts --prefer-offline --no-audit --no-fund --fetch-timeout=20000 --fetch-retries=1); then
    echo "skipped: npm could not install standardwebhooks"
    exit 77
  fi
  cp "$here/package-lock.json" "$1/installed-lock.json"
fi
cd "$1" && exec node verify.mjs "$2"
