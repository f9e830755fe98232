#!/bin/sh
# Reads a binary and checks PIE, full RELRO, no executable stack, stack protector, fortified calls
# and no run path. Usage: hardening.sh BINARY
set -eu
binary=$1
fail() { echo "$binary: $1"; exit 1; }
headers=$(readelf -W -h -l -d "$binary")
symbols=$(readelf -W --dyn-syms "$binary")
echo "$headers" | grep -q 'Type: *DYN' || fail "not position independent"
echo "$headers" | grep -q GNU_RELRO || fail "no RELRO"
echo "$headers" | grep -Eq 'BIND_NOW|Flags:.* NOW' || fail "RELRO is not full"
echo "$headers" | grep 'GNU_STACK' | grep -q ' RW ' || fail "the stack is executable"
echo "$headers" | grep -Eq 'RPATH|RUNPATH' && fail "has a run path"
case "$symbols" in
  *__asan_init*|*__tsan_init*) echo "sanitizer build: the rest does not apply"; exit 0 ;;
esac
echo "$symbols" | grep -q __stack_chk_fail || fail "no stack protector"
echo "$symbols" | grep -q '_chk@' || fail "no fortified call"
echo "hardening: in order"
