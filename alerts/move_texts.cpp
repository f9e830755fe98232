#include "alerts/kind_texts.hpp"

namespace yagura::alerts {
namespace {

// "25 pips (-0.17 %)".
void add_size(TextBuffer& out, const Signal& signal, const Phrases& say) {
  const auto& move = signal.move;
  out.add(say.size(move.change));
  if (move.reference.raw() > 0) out.write<" ({})">(percent_part(move.change, move.reference));
}

void add_title(Draft& draft, const Signal& signal, const Phrases& say) {
  const bool up = signal.direction == Direction::kUp;
  const auto size = [&](TextBuffer& out) { add_size(out, signal, say); };
  switch (signal.event) {
    case Event::kExtended: return draft.title<"{} extended its {} to {}">(say.name(), up ? "rise" : "fall", size);
    case Event::kReversal:
      return draft.title<"{} turned {} {} from {}">(say.name(), up ? "up" : "down", size,
                                                    say.price(signal.move.reference));
    default:
      return draft.title<"{} {} {} in {}">(say.name(), up ? "rose" : "fell", size, window_text(signal.move.window));
  }
}

// "falls 25 pips (-0.17 %) within 60 s".
void add_headline(TextBuffer& out, const Signal& signal, const Phrases& say) {
  const bool up = signal.direction == Direction::kUp;
  const auto size = [&](TextBuffer& to) { add_size(to, signal, say); };
  switch (signal.event) {
    case Event::kExtended: return out.write<"keeps {}, now {},">(up ? "rising" : "falling", size);
    case Event::kReversal: return out.write<"turns {} {}">(up ? "up" : "down", size);
    default: return out.write<"{} {} within {}">(up ? "rises" : "falls", size, window_text(signal.move.window));
  }
}

void add_threshold(TextBuffer& out, const Signal& signal, const Phrases& say) {
  const auto& move = signal.move;
  const auto window = window_text(move.window);
  if (move.threshold_pct.units() == 0) return out.write<"threshold {} in {}">(say.amount(move.threshold), window);
  out.write<"threshold {} in {}, here {}">(percent_part(move.threshold_pct), window, say.threshold(move.threshold));
}

// "7.2 times the usual size of 5 min at this hour". Only of rules that go by it.
void add_usual(TextBuffer& out, const Signal& signal) {
  const auto& move = signal.move;
  if (!move.scaled) return;
  if (!move.has_z) return out.add("its usual size is not known yet");
  out.write<"{} times the usual size of {} at this hour{}">(fixed(move.z, 1), window_text(move.window),
                                                            move.seeded ? ", going by earlier sessions" : "");
}

}  // namespace

void move_texts(Draft& draft, const Signal& signal, const Phrases& say) {
  const auto& move = signal.move;
  const bool up = signal.direction == Direction::kUp;
  const auto headline = [&](TextBuffer& out) { add_headline(out, signal, say); };
  const auto usual = [&](TextBuffer& out) { add_usual(out, signal); };
  const auto threshold = [&](TextBuffer& out) { add_threshold(out, signal, say); };
  add_title(draft, signal, say);
  draft.text<"{} {} to {}, from the {} of {} at {}{}.{}">(
      say.name(), headline, say.price(signal.price), up ? "low" : "high", say.price(move.reference),
      say.moment(move.reference_ts), say.circumstances(),
      sentence(usual, threshold, say.close_and_day(), say.confirmed()));
}

}  // namespace yagura::alerts
