#!/bin/sh
# Writes the table of vendors in docs/feeds.md anew from `yagura feeds --markdown`.
#   docs/update-feeds.sh [YAGURA]     the program; by default the release build, else the dev build
set -eu
docs=$(cd "$(dirname "$0")" && pwd)
yagura=${1:-}
if [ -z "$yagura" ]; then
  for build in release dev; do
    yagura=$docs/../build/$build/yagura
    [ -x "$yagura" ] && break
  done
fi
new=$(mktemp)
trap 'rm -f "$new" "$new.vendors"' EXIT
"$yagura" feeds --markdown >"$new.vendors"
awk -v vendors="$new.vendors" '
  $0 == "<!-- vendors -->" { print; print ""; while ((getline line < vendors) > 0) print line; print ""; skip = 1 }
  $0 == "<!-- /vendors -->" { skip = 0 }
  !skip { print }
' "$docs/feeds.md" >"$new"
cat "$new" >"$docs/feeds.md"
