#include "alerts/kind_json.hpp"

namespace yagura::alerts {

void write_record(JsonFields& json, const Signal& signal) {
  json.array<"horizons">([&] {
    for (std::size_t i = 0; i < kHorizonNames; ++i) {
      const auto horizon = static_cast<Horizon>(i);
      if (signal.record.horizons.contains(horizon)) json.value(name_of(horizon));
    }
  });
  json.field<"record_before">(signal.record.record_before);
  json.field<"margin">(signal.record.margin);
  json.word<"basis">(name_of(signal.record.basis));
}

void write_record_evidence(JsonFields& json, const Signal& signal) {
  if (signal.record.record_date != Date{}) json.word<"record_date">(date_text(signal.record.record_date));
  json.field<"count_today">(signal.record.count_today);
}

}  // namespace yagura::alerts
