#include "alerts/kind_json.hpp"

namespace yagura::alerts {

void write_stale(JsonFields& json, const Signal& signal) {
  json.field<"silence_ms">(milliseconds(signal.stale.silence));
  json.word<"reason">(name_of(signal.stale.reason));
}

void write_stale_evidence(JsonFields& json, const Signal& signal) {
  json.field<"limit_ms">(milliseconds(signal.stale.limit));
}

}  // namespace yagura::alerts
