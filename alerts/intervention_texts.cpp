#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/kind_texts.hpp"
#include "alerts/numbers.hpp"

namespace yagura::alerts {
namespace {

// A push upwards sells the yen.
bool rises(const Signal& signal) { return signal.intervention.furthest > signal.intervention.start; }

std::string percent(double share) { return fmt::format("{} %", static_cast<int>(std::lround(share * 100))); }

// "fell 1.63 yen within 15 min", "98 % of the way down without a step back".
std::string item_text(Suspicion item, const Signal& signal, const Phrases& say) {
  const auto& watch = signal.intervention;
  const std::string_view went = rises(signal) ? "rose" : "fell";
  switch (item) {
    case Suspicion::kSize15m: return fmt::format("{} {} within 15 min", went, say.points(watch.change_15m.abs()));
    case Suspicion::kSize60m: return fmt::format("{} within the hour", say.points(watch.change_60m.abs()));
    case Suspicion::kSpeed: return fmt::format("{:.1f} standard deviations in 5 min", watch.z);
    case Suspicion::kOneSided:
      return fmt::format("{} of the steps one way with rebounds of at most {}", percent(watch.one_sided),
                         percent(watch.rebound));
    case Suspicion::kLevel:
      return fmt::format("from near the 52-week {} or a zone on watch", rises(signal) ? "low" : "high");
    case Suspicion::kThin: return "thin hours or a holiday";
    case Suspicion::kYenAlone: return "other yen pairs along with it, the euro against the dollar hardly";
    case Suspicion::kNews: return "but beside a scheduled release";
    case Suspicion::kRepeat: return "the second within 48 hours";
  }
  return {};
}

std::string points_text(int points) { return fmt::format("{}{}", points > 0 ? "+" : "", points); }

// Every item that counted, with its points.
std::string items_text(const Signal& signal, const Phrases& say) {
  std::string all;
  for (std::size_t i = 0; i < kSuspicions; ++i) {
    const int points = signal.intervention.points[i];
    if (points == 0) continue;
    if (!all.empty()) all += ", ";
    all += fmt::format("{} ({})", item_text(static_cast<Suspicion>(i), signal, say), points_text(points));
  }
  return all;
}

std::string_view suspicion(Event event) {
  switch (event) {
    case Event::kStrong: return "intervention strongly suspected";
    case Event::kSuspected: return "intervention suspected";
    default: return "intervention watch";
  }
}

Texts reverted_texts(const Signal& signal, const Phrases& say) {
  const auto& watch = signal.intervention;
  return {
      fmt::format("{}: flash, reverted", say.name()),
      fmt::format("{}: flash, reverted to {}: {} of the way from {} to {} won back within 30 min{}. It had scored {} "
                  "of {} points for intervention.",
                  say.name(), say.price(signal.price), percent(watch.rebound), say.price(watch.start),
                  say.price(watch.furthest), say.circumstances(), watch.score, watch.most)};
}

}  // namespace

Texts intervention_texts(const Signal& signal, const Phrases& say) {
  if (signal.event == Event::kReverted) return reverted_texts(signal, say);
  const auto& watch = signal.intervention;
  const std::string score = fmt::format("{}, {} of {} points", suspicion(signal.event), watch.score, watch.most);
  std::string day = say.on_the_day();
  if (!day.empty()) day = say.previous_close() + day;
  const std::array evidence{items_text(signal, say), std::string{watch.wide_spread ? "wide spread" : ""}, day,
                            say.confirmed()};
  return {fmt::format("{}: {}", say.name(), score),
          fmt::format("{} {} from {} at {} to {}{}: {}.{}", say.name(), rises(signal) ? "rises" : "falls",
                      say.price(watch.start), say.moment(watch.start_ts), say.price(signal.price), say.circumstances(),
                      score, sentence(evidence))};
}

}  // namespace yagura::alerts
