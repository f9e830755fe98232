#include "alerts/kind_texts.hpp"

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "alerts/numbers.hpp"
#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

// "25 pips (-0.17 %)".
std::string size_text(const Signal& signal, const Phrases& say) {
  const auto& move = signal.move;
  std::string size = say.size(move.change);
  if (move.reference.raw() <= 0) return size;
  return fmt::format("{} ({})", size, percent_text(move.change, move.reference));
}

std::string move_title(const Signal& signal, const Phrases& say) {
  const bool up = signal.direction == Direction::kUp;
  const std::string size = size_text(signal, say);
  switch (signal.event) {
    case Event::kExtended: return fmt::format("{} extended its {} to {}", say.name(), up ? "rise" : "fall", size);
    case Event::kReversal:
      return fmt::format("{} turned {} {} from {}", say.name(), up ? "up" : "down", size,
                         say.price(signal.move.reference));
    default:
      return fmt::format("{} {} {} in {}", say.name(), up ? "rose" : "fell", size, window_text(signal.move.window));
  }
}

// "falls 25 pips (-0.17 %) within 60 s".
std::string move_headline(const Signal& signal, const Phrases& say) {
  const bool up = signal.direction == Direction::kUp;
  const std::string size = size_text(signal, say);
  switch (signal.event) {
    case Event::kExtended: return fmt::format("keeps {}, now {},", up ? "rising" : "falling", size);
    case Event::kReversal: return fmt::format("turns {} {}", up ? "up" : "down", size);
    default: return fmt::format("{} {} within {}", up ? "rises" : "falls", size, window_text(signal.move.window));
  }
}

std::string threshold_text(const Signal& signal, const Phrases& say) {
  const auto& move = signal.move;
  const std::string window = window_text(move.window);
  if (move.threshold_pct.units() == 0) return fmt::format("threshold {} in {}", say.amount(move.threshold), window);
  return fmt::format("threshold {} in {}, here {}", percent_text(move.threshold_pct), window,
                     say.threshold(move.threshold));
}

// "7.2 times the usual size of 5 min at this hour". Only of rules that go by it.
std::string usual_text(const Signal& signal) {
  const auto& move = signal.move;
  if (!move.scaled) return {};
  if (!move.has_z) return "its usual size is not known yet";
  return fmt::format("{:.1f} times the usual size of {} at this hour{}", move.z, window_text(move.window),
                     move.seeded ? ", going by earlier sessions" : "");
}

}  // namespace

Texts move_texts(const Signal& signal, const Phrases& say) {
  const auto& move = signal.move;
  const bool up = signal.direction == Direction::kUp;
  std::string day = say.on_the_day();
  if (!day.empty()) day = say.previous_close() + day;
  const std::array evidence{usual_text(signal), threshold_text(signal, say), day, say.confirmed()};
  return {move_title(signal, say),
          fmt::format("{} {} to {}, from the {} of {} at {}{}.{}", say.name(), move_headline(signal, say),
                      say.price(signal.price), up ? "low" : "high", say.price(move.reference),
                      say.moment(move.reference_ts), say.circumstances(), sentence(evidence))};
}

}  // namespace yagura::alerts
