#include "alerts/kind_json.hpp"

namespace yagura::alerts {
namespace {

// What was measured for an item, where there is a number to it.
void write_measure(JsonFields& json, Suspicion item, const Signal::Intervention& watch) {
  switch (item) {
    case Suspicion::kSize15m: return json.field<"change">(watch.change_15m);
    case Suspicion::kSize60m: return json.field<"change">(watch.change_60m);
    case Suspicion::kSpeed: return watch.has_z ? json.raw<"z">(fixed(watch.z, 2)) : json.raw<"z">("null");
    case Suspicion::kOneSided:
      json.raw<"share">(fixed(watch.one_sided, 4));
      return json.raw<"rebound">(fixed(watch.rebound, 4));
    case Suspicion::kLevel: return json.field<"start">(watch.start);
    case Suspicion::kThin:
    case Suspicion::kYenAlone:
    case Suspicion::kNews:
    case Suspicion::kRepeat: break;
  }
}

}  // namespace

void write_intervention(JsonFields& json, const Signal& signal) {
  const auto& watch = signal.intervention;
  json.field<"score">(watch.score);
  json.field<"score_max">(watch.most);
  json.field<"start">(watch.start);
  json.field<"start_ts_ns">(watch.start_ts);
  json.field<"furthest">(watch.furthest);
  json.field<"change_15m">(watch.change_15m);
  json.field<"change_60m">(watch.change_60m);
}

void write_intervention_evidence(JsonFields& json, const Signal& signal) {
  const auto& watch = signal.intervention;
  json.object<"items">([&] {
    for (std::size_t i = 0; i < kSuspicions; ++i) {
      const auto item = static_cast<Suspicion>(i);
      json.object(name_of(item), [&] {
        json.field<"points">(watch.points[i]);
        write_measure(json, item, watch);
      });
    }
  });
  json.field<"wide_spread">(watch.wide_spread);
}

}  // namespace yagura::alerts
