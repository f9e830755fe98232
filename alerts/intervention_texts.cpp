#include <cmath>
#include <string_view>

#include "alerts/kind_texts.hpp"

namespace yagura::alerts {
namespace {

// A push upwards sells the yen.
bool rises(const Signal& signal) { return signal.intervention.furthest > signal.intervention.start; }

auto percent(double share) { return text<"{} %">(static_cast<int>(std::lround(share * 100))); }

// "fell 1.63 yen within 15 min", "98 % of the way down without a step back".
void add_item(TextBuffer& out, Suspicion item, const Signal& signal, const Phrases& say) {
  const auto& watch = signal.intervention;
  const std::string_view went = rises(signal) ? "rose" : "fell";
  switch (item) {
    case Suspicion::kSize15m: return out.write<"{} {} within 15 min">(went, say.points(watch.change_15m.abs()));
    case Suspicion::kSize60m: return out.write<"{} within the hour">(say.points(watch.change_60m.abs()));
    case Suspicion::kSpeed: return out.write<"{} standard deviations in 5 min">(fixed(watch.z, 1));
    case Suspicion::kOneSided:
      return out.write<"{} of the steps one way with rebounds of at most {}">(percent(watch.one_sided),
                                                                              percent(watch.rebound));
    case Suspicion::kLevel:
      return out.write<"from near the 52-week {} or a zone on watch">(rises(signal) ? "low" : "high");
    case Suspicion::kThin: return out.add("thin hours or a holiday");
    case Suspicion::kYenAlone: return out.add("other yen pairs along with it, the euro against the dollar hardly");
    case Suspicion::kNews: return out.add("but beside a scheduled release");
    case Suspicion::kRepeat: return out.add("the second within 48 hours");
  }
}

// Every item that counted, with its points.
void add_items(TextBuffer& out, const Signal& signal, const Phrases& say) {
  const auto start = out.size();
  for (std::size_t i = 0; i < kSuspicions; ++i) {
    const int points = signal.intervention.points[i];
    if (points == 0) continue;
    if (out.size() != start) out.add(", ");
    add_item(out, static_cast<Suspicion>(i), signal, say);
    out.write<" ({}{})">(points > 0 ? "+" : "", points);
  }
}

std::string_view suspicion(Event event) {
  switch (event) {
    case Event::kStrong: return "intervention strongly suspected";
    case Event::kSuspected: return "intervention suspected";
    default: return "intervention watch";
  }
}

void reverted_texts(Draft& draft, const Signal& signal, const Phrases& say) {
  const auto& watch = signal.intervention;
  draft.title<"{}: flash, reverted">(say.name());
  draft.text<
      "{}: flash, reverted to {}: {} of the way from {} to {} won back within 30 min{}. It had scored {} of {} points "
      "for intervention.">(say.name(), say.price(signal.price), percent(watch.rebound), say.price(watch.start),
                           say.price(watch.furthest), say.circumstances(), watch.score, watch.most);
}

}  // namespace

void intervention_texts(Draft& draft, const Signal& signal, const Phrases& say) {
  if (signal.event == Event::kReverted) return reverted_texts(draft, signal, say);
  const auto& watch = signal.intervention;
  const auto score = text<"{}, {} of {} points">(suspicion(signal.event), watch.score, watch.most);
  const auto items = [&](TextBuffer& out) { add_items(out, signal, say); };
  draft.title<"{}: {}">(say.name(), score);
  draft.text<"{} {} from {} at {} to {}{}: {}.{}">(
      say.name(), rises(signal) ? "rises" : "falls", say.price(watch.start), say.moment(watch.start_ts),
      say.price(signal.price), say.circumstances(), score,
      sentence(items, when(watch.wide_spread, "wide spread"), say.close_and_day(), say.confirmed()));
}

}  // namespace yagura::alerts
