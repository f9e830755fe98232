#include "alerts/kind_texts.hpp"

#include <string>
#include <string_view>

#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

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

bool crossed(const Signal& signal) { return signal.event == Event::kReached || signal.event == Event::kLost; }
bool closed(const Signal& signal) { return signal.event == Event::kClosedAbove || signal.event == Event::kClosedBelow; }

// What a print did to its level or levels: went through several, or how far it is from the one.
void add_detail(TextBuffer& out, const Signal& signal, std::span<const Price> levels, const Phrases& say) {
  if (levels.size() > 1) {
    if (crossed(signal)) return out.write<", through {} in one print">(list_of(levels));
    if (closed(signal)) return out.write<", across {} since the previous close">(list_of(levels));
    return out.write<", levels {} together">(list_of(levels));
  }
  const PriceDelta distance = signal.price - signal.levels.level;
  if (crossed(signal) || closed(signal) || distance.raw() == 0) return;
  out.write<", {} {} the level">(say.amount(distance.abs()), distance.raw() > 0 ? "above" : "below");
}

// "57,000 for the first time", "160 (intervention zone)".
void add_where(TextBuffer& out, const Signal& signal, const std::string* note) {
  const bool first = signal.kind == RuleKind::kMilestone &&
                     (signal.event == Event::kClosedAbove ? signal.levels.first_close_ever : signal.levels.first_ever);
  add_level(out, signal.levels.level);
  if (first) out.add(" for the first time");
  if (note != nullptr) out.write<" ({})">([&](TextBuffer& to) { add_printable(to, *note, kLongestNoteSaid); });
}

}  // namespace

void level_texts(Draft& draft, const Signal& signal, const About& about, const Phrases& say) {
  const Verb verb = level_verb(signal);
  const auto where = [&](TextBuffer& out) { add_where(out, signal, about.note); };
  const auto detail = [&](TextBuffer& out) { add_detail(out, signal, about.levels, say); };
  draft.title<"{} {} {}">(say.name(), verb.past, where);
  draft.text<"{} {} {}: {}{}{}{}.{}">(
      say.name(), verb.present, where, say.price(signal.price), detail, say.on_the_day(), say.circumstances(),
      sentence(when(!closed(signal), say.price_before()), say.previous_close(), say.confirmed(),
               when(signal.levels.gone, "this level was set to alert once and is done")));
}

}  // namespace yagura::alerts
