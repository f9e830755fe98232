#!/bin/sh
# Row C7 in its long form, ROUNDS times (3): two monitors publish the same 9,980 alerts while nats-servers are
# frozen, killed, without a leader, without a quorum. Ends with one line.
#   YAGURA_BIN=build/release/yagura tests/faults/nats_sweep.sh [ROUNDS]
rounds=${1:-3}
case ${YAGURA_BIN:-} in
  "" | /*) ;;
  *) YAGURA_BIN=$PWD/$YAGURA_BIN; export YAGURA_BIN ;;
esac
cd "$(dirname "$0")" || exit 2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
round=0
while [ "$round" -lt "$rounds" ]; do
  round=$((round + 1))
  YAGURA_LONG=1 python3 -m unittest -v nats_alerts_test >"$log.run" 2>&1 || failed=$((failed + 1))
  cat "$log.run" | tee -a "$log"
  rm -f "$log.run"
done
ids=$(sed -n 's/.*: \([0-9]*\) ids of two monitors.*/\1/p' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
rows=$(grep -c 'ids of two monitors' "$log")
echo "nats sweep: $rounds rounds, $rows rows passed, $ids ids stored and told once each, $failed rounds failed"
[ "$failed" -eq 0 ]
