#include "alerts/kind_json.hpp"

namespace yagura::alerts {

void write_move(JsonFields& json, const Signal& signal) {
  const auto& move = signal.move;
  json.field<"window_ms">(milliseconds(move.window));
  json.field<"change">(move.change);
  json.raw<"change_pct">(ratio(move.change.raw(), move.reference.raw(), 100, 4));
  json.field<"threshold">(move.threshold);
  json.field<"reference">(move.reference);
  json.raw<"multiple">(ratio(move.change.abs().raw(), move.threshold.raw(), 1, 2));
  if (move.has_z) json.raw<"z">(fixed(move.z, 2));
}

void write_move_evidence(JsonFields& json, const Signal& signal) {
  json.field<"reference_ts_ns">(signal.move.reference_ts);
  if (signal.move.threshold_pct.units() != 0)
    json.raw<"threshold_pct">(ratio(signal.move.threshold_pct.units(), 1'000'000, 1, 6));
  if (signal.move.has_z) json.field<"seeded">(signal.move.seeded);
}

}  // namespace yagura::alerts
