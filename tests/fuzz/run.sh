#!/bin/bash
# The long form of fuzzing: builds the targets with libFuzzer and the sanitizers and runs each for a
# while, one after the other. What it learnt stays in build/fuzz/corpus and is where the next run begins.
#
#   tests/fuzz/run.sh 5m                        every target, five minutes each
#   tests/fuzz/run.sh 30s codec_gmo capture     these
#
# The vendors' sample frames, where there are any, are looked for in $YAGURA_SHARED or ../shared.
# A finding ends it with code 1; the input is in build/fuzz/findings/.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
[[ ${1:-} =~ ^([0-9]+)([smh])$ ]] || { echo "usage: tests/fuzz/run.sh 5m [TARGET...]" >&2; exit 2; }
case ${BASH_REMATCH[2]} in s) seconds=${BASH_REMATCH[1]} ;; m) seconds=$((BASH_REMATCH[1] * 60)) ;; h) seconds=$((BASH_REMATCH[1] * 3600)) ;; esac
shift

cmake --preset fuzz >/dev/null
if [ $# -gt 0 ]; then
  targets=("$@")
else
  mapfile -t targets <build/fuzz/tests/fuzz/targets.txt
fi
cmake --build build/fuzz --target "${targets[@]/%/_fuzz}"

samples=${YAGURA_SHARED:-$root/../shared}/feeds/samples
mkdir -p build/fuzz/findings
found=0
for target in "${targets[@]}"; do
  binary=$root/build/fuzz/tests/fuzz/${target}_fuzz
  corpus=$root/build/fuzz/corpus/$target
  kind=${target/#codec_*/codec}
  mkdir -p "$corpus"
  YAGURA_FUZZ_SEEDS=$corpus "$binary"
  [ ! -d "tests/fuzz/corpus/$kind" ] || cp "tests/fuzz/corpus/$kind/"* "$corpus/"
  sample=$samples/${target#codec_}.jsonl
  [ ! -f "$sample" ] || python3 tests/fuzz/corpus.py "$sample" "$corpus"
  options=(-max_total_time="$seconds" -artifact_prefix="build/fuzz/findings/$target-" -timeout=20 -print_final_stats=1)
  [ ! -f "tests/fuzz/$kind.dict" ] || options+=(-dict="tests/fuzz/$kind.dict")
  log=build/fuzz/$target.log
  if "$binary" "${options[@]}" "$corpus" >"$log" 2>&1; then result="no finding"; else result="FINDING, see $log" found=1; fi
  printf '%-20s %s: %s inputs, %s a second, %s kept\n' "$target" "$result" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")" "$(find "$corpus" -type f | wc -l)"
done
exit $found
