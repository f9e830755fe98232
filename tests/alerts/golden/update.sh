#!/bin/sh
# Writes the golden files anew. Read the difference before you commit it: these are the words people get.
# Usage: update.sh [BUILD]     a build folder with yagura and make_letters; by default build/dev
set -eu
cd "$(dirname "$0")/../../.."
build=$(cd "${1:-build/dev}" && pwd)
cd tests/acceptance
YAGURA_BIN=$build/yagura YAGURA_LETTERS=$build/tests/alerts/golden/make_letters UPDATE_GOLDEN=1 \
  python3 -m unittest letters_test
git --no-pager diff --stat -- ../alerts/golden
