#include "alerts/kind_json.hpp"

#include "alerts/numbers.hpp"

namespace yagura::alerts {

void write_record(JsonWriter& json, const Signal& signal) {
  json.key("horizons").begin_array();
  for (std::size_t i = 0; i < kHorizonNames; ++i) {
    const auto horizon = static_cast<Horizon>(i);
    if (signal.record.horizons.contains(horizon)) json.value(name_of(horizon));
  }
  json.end_array();
  json.field("record_before", signal.record.record_before);
  json.field("margin", signal.record.margin);
  json.field("basis", name_of(signal.record.basis));
}

void write_record_evidence(JsonWriter& json, const Signal& signal) {
  if (signal.record.record_date != Date{}) json.field("record_date", to_string(signal.record.record_date));
  json.field("count_today", signal.record.count_today);
}

}  // namespace yagura::alerts
