#include <fmt/format.h>

#include <array>
#include <string>

#include "alerts/kind_texts.hpp"
#include "alerts/numbers.hpp"

namespace yagura::alerts {
namespace {

// "-0.62 yen (-0.40 %)".
std::string change_text(const Signal& signal, const Phrases& say) {
  const auto& drift = signal.cusum;
  std::string points = (drift.change.raw() > 0 ? "+" : "") + say.points(drift.change);
  if (drift.from.raw() <= 0) return points;
  return fmt::format("{} ({})", points, percent_text(drift.change, drift.from));
}

}  // namespace

Texts cusum_texts(const Signal& signal, const Phrases& say) {
  const auto& drift = signal.cusum;
  const char* direction = signal.direction == Direction::kUp ? "up" : "down";
  std::string day = say.on_the_day();
  if (!day.empty()) day = say.previous_close() + day;
  const std::array evidence{fmt::format("small steps that add up to {:.1f}, limit {:g}", drift.statistic, drift.limit),
                            day, say.confirmed()};
  return {fmt::format("{} drifts {}: {} since {}", say.name(), direction, change_text(signal, say),
                      say.moment(drift.since)),
          fmt::format("{} has been drifting {} since {}: {}, from {} to {}{}.{}", say.name(), direction,
                      say.moment(drift.since), change_text(signal, say), say.price(drift.from), say.price(signal.price),
                      say.circumstances(), sentence(evidence))};
}

}  // namespace yagura::alerts
