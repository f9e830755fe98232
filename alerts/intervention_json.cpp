#include <fmt/format.h>

#include "alerts/kind_json.hpp"
#include "alerts/numbers.hpp"

namespace yagura::alerts {
namespace {

void write_decimals(JsonWriter& json, std::string_view key, double value, int decimals) {
  json.key(key).raw(fmt::format("{:.{}f}", value, decimals));
}

// What was measured for an item, where there is a number to it.
void write_measure(JsonWriter& json, Suspicion item, const Signal::Intervention& watch) {
  switch (item) {
    case Suspicion::kSize15m: json.field("change", watch.change_15m); break;
    case Suspicion::kSize60m: json.field("change", watch.change_60m); break;
    case Suspicion::kSpeed:
      if (watch.has_z)
        write_decimals(json, "z", watch.z, 2);
      else
        json.key("z").null();
      break;
    case Suspicion::kOneSided:
      write_decimals(json, "share", watch.one_sided, 4);
      write_decimals(json, "rebound", watch.rebound, 4);
      break;
    case Suspicion::kLevel: json.field("start", watch.start); break;
    case Suspicion::kThin:
    case Suspicion::kYenAlone:
    case Suspicion::kNews:
    case Suspicion::kRepeat: break;
  }
}

}  // namespace

void write_intervention(JsonWriter& json, const Signal& signal) {
  const auto& watch = signal.intervention;
  json.field("score", watch.score).field("score_max", watch.most);
  json.field("start", watch.start).field("start_ts_ns", to_ns(watch.start_ts));
  json.field("furthest", watch.furthest);
  json.field("change_15m", watch.change_15m).field("change_60m", watch.change_60m);
}

void write_intervention_evidence(JsonWriter& json, const Signal& signal) {
  const auto& watch = signal.intervention;
  json.key("items").begin_object();
  for (std::size_t i = 0; i < kSuspicions; ++i) {
    const auto item = static_cast<Suspicion>(i);
    json.key(name_of(item)).begin_object().field("points", watch.points[i]);
    write_measure(json, item, watch);
    json.end_object();
  }
  json.end_object();
  json.field("wide_spread", watch.wide_spread);
}

}  // namespace yagura::alerts
