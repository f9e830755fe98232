#include "alerts/kind_texts.hpp"

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "alerts/numbers.hpp"
#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

constexpr std::size_t kLongestNote = 80;

Verb level_verb(const Signal& signal) {
  switch (signal.event) {
    case Event::kReached: return {"reached", signal.price > signal.levels.level ? "breaks" : "reaches"};
    case Event::kLost: return {"fell below", "falls below"};
    case Event::kCleared: return {"cleared", "clears"};
    case Event::kRejected: return {"was rejected at", "is rejected at"};
    case Event::kBroken: return {"broke clear below", "breaks clear below"};
    case Event::kRegained: return {"regained", "regains"};
    case Event::kNear: return {"is near", "nears"};
    case Event::kClosedAbove: return {"closed above", "closes above"};
    case Event::kClosedBelow: return {"closed below", "closes below"};
    default: return {"is at", "is at"};
  }
}

// What a print did to its level or levels: went through several, or how far it is from the one.
std::string level_detail(const Signal& signal, std::span<const Price> levels, const Phrases& say) {
  const bool closed = signal.event == Event::kClosedAbove || signal.event == Event::kClosedBelow;
  const bool crossed = signal.event == Event::kReached || signal.event == Event::kLost;
  if (levels.size() > 1) {
    if (crossed) return fmt::format(", through {} in one print", list_of(levels));
    if (closed) return fmt::format(", across {} since the previous close", list_of(levels));
    return fmt::format(", levels {} together", list_of(levels));
  }
  const PriceDelta distance = signal.price - signal.levels.level;
  if (crossed || closed || distance.raw() == 0) return {};
  return fmt::format(", {} {} the level", say.amount(distance.abs()), distance.raw() > 0 ? "above" : "below");
}

}  // namespace

Texts level_texts(const Signal& signal, std::span<const Price> levels, const Catalog& catalog, const Phrases& say) {
  const auto* note = catalog.note(signal);
  const bool first = signal.kind == RuleKind::kMilestone &&
                     (signal.event == Event::kClosedAbove ? signal.levels.first_close_ever : signal.levels.first_ever);
  const std::string where = fmt::format("{}{}{}", level_text(signal.levels.level), first ? " for the first time" : "",
                                        note ? fmt::format(" ({})", printable(*note, kLongestNote)) : "");
  const bool closed = signal.event == Event::kClosedAbove || signal.event == Event::kClosedBelow;
  const Verb verb = level_verb(signal);
  const std::array evidence{closed ? std::string{} : say.price_before(), say.previous_close(), say.confirmed(),
                            std::string{signal.levels.gone ? "this level was set to alert once and is done" : ""}};
  return {fmt::format("{} {} {}", say.name(), verb.past, where),
          fmt::format("{} {} {}: {}{}{}{}.{}", say.name(), verb.present, where, say.price(signal.price),
                      level_detail(signal, levels, say), say.on_the_day(), say.circumstances(), sentence(evidence))};
}

}  // namespace yagura::alerts
