#!/bin/sh
# Holds every include to the layers: a folder may include its own headers and those named for it.
# Usage: layering.sh [ROOT]
root=${1:-.}
cd "$root" || exit 2
failed=0

# folder: folders it may include
allowed() {
  case $1 in
    core) echo "core" ;;
    feeds) echo "core feeds" ;;
    processing) echo "core processing" ;;
    alerts) echo "core processing alerts" ;;
    config) echo "core feeds processing alerts console config" ;;
    console) echo "core processing alerts console" ;;
    app) echo "core feeds processing alerts config console app" ;;
  esac
}

checked=0
for folder in core feeds processing alerts config console app; do
  may=$(allowed $folder)
  for file in $(find "$folder" -name '*.hpp' -o -name '*.cpp'); do
    checked=$((checked + 1))
    for included in $(sed -n 's/^#include "\([a-z_]*\)\/.*/\1/p' "$file" | sort -u); do
      case " $may " in
        *" $included "*) ;;
        *) echo "$file includes $included/, but $folder may include only: $may"; failed=1 ;;
      esac
    done
    case $file in
      core/net/*) ;;
      core/*) if grep -n '#include "core/net/' "$file"; then echo "$file: core/net stands above core"; failed=1; fi ;;
    esac
    # Only config/ knows TOML, only three files know websocketpp, only curl_* know libcurl,
    # only nats_* know libnats, only the painter knows ncurses.
    if [ "$folder" != config ] && grep -nE '#include <toml' "$file"; then echo "$file: only config/ knows TOML"; failed=1; fi
    if grep -qE '#include <curl/' "$file"; then
      case $file in
        feeds/curl_*|core/net/curl_*) ;;
        *) echo "$file: libcurl stays behind feeds/curl_* and core/net/curl_*"; failed=1 ;;
      esac
    fi
    if grep -qE '#include <nats' "$file"; then
      case $file in
        core/net/nats_*) ;;
        *) echo "$file: libnats stays behind core/net/nats_*"; failed=1 ;;
      esac
    fi
    if grep -qE '#include <(n?curses|term)[.w/]' "$file"; then
      case $file in
        console/terminal/painter.cpp|console/terminal/terminfo.cpp) ;;
        *) echo "$file: ncurses stays behind the painter and terminfo.cpp of console/terminal"; failed=1 ;;
      esac
    fi
    if grep -qE '#include <websocketpp' "$file"; then
      case $file in
        core/net/*|feeds/ws_transport.cpp) ;;
        *) echo "$file: websocketpp stays behind core/net and feeds/ws_transport.cpp"; failed=1 ;;
      esac
    fi
  done
done
[ "$checked" -gt 50 ] || { echo "only $checked files found under $root"; exit 1; }
[ $failed = 0 ] && echo "layering: $checked files in order"
exit $failed
