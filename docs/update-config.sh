#!/bin/sh
# Writes the tables of docs/config.md anew from `yagura check --schema`.
#   docs/update-config.sh [YAGURA]     the program; by default the release build, else the dev build
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
trap 'rm -f "$new" "$new.schema"' EXIT
"$yagura" check --schema >"$new.schema"
awk -v schema="$new.schema" '
  $0 == "<!-- schema -->" { print; print ""; while ((getline line < schema) > 0) print line; print ""; skip = 1 }
  $0 == "<!-- /schema -->" { skip = 0 }
  !skip { print }
' "$docs/config.md" >"$new"
cat "$new" >"$docs/config.md"
