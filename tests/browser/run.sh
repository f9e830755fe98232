#!/bin/sh
# run.sh FOLDER TEST...: runs tests with Node's own runner, their packages in FOLDER.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/install.sh" "$1"
YAGURA_BROWSER_PACKAGES=$(cd "$1" && pwd)
export YAGURA_BROWSER_PACKAGES
shift
cd "$here" && exec node --test "$@"
