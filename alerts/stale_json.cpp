#include "alerts/kind_json.hpp"

namespace yagura::alerts {
namespace {

std::int64_t milliseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

}  // namespace

void write_stale(JsonWriter& json, const Signal& signal) {
  json.field("silence_ms", milliseconds(signal.stale.silence));
  json.field("reason", name_of(signal.stale.reason));
}

void write_stale_evidence(JsonWriter& json, const Signal& signal) {
  json.field("limit_ms", milliseconds(signal.stale.limit));
}

}  // namespace yagura::alerts
