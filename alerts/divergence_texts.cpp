#include <cmath>

#include "alerts/kind_texts.hpp"

namespace yagura::alerts {
namespace {

// "0.60 %", "1.2 %".
void add_size(TextBuffer& out, double percent) {
  out.write<"{} %">(fixed(std::abs(percent), std::abs(percent) < 1 ? 2 : 1));
}

// "-0.60 %".
auto signed_text(double percent) {
  return [=](TextBuffer& out) {
    out.add(percent < 0 ? '-' : '+');
    add_size(out, percent);
  };
}

// "USD/JPY up 0.60 %".
auto change_text(std::string_view name, double percent) {
  return [=](TextBuffer& out) {
    out.write<"{} {} ">(name, percent < 0 ? "down" : "up");
    add_size(out, percent);
  };
}

// The other side as a desk says it: a fall of a yen pair is a rise of the yen.
auto other_change(const InstrumentWords& other, double percent) {
  return other.dollar_yen ? change_text("yen", -percent) : change_text(other.name, percent);
}

// "USD/JPY 155.400".
auto other_price(const Signal& signal, const InstrumentWords& other) {
  return [&](TextBuffer& out) {
    out.write<"{} ">(std::string_view{other.name});
    add_grouped(out, signal.divergence.other_price.raw(), other.decimals);
  };
}

void diverged(Draft& draft, const Signal& signal, const InstrumentWords& other, const Phrases& say) {
  const auto& d = signal.divergence;
  draft.title<"{} diverged from {}: {}, model {}">(say.name(), std::string_view{other.name}, signed_text(d.change_pct),
                                                   signed_text(d.model_pct));
  draft.text<"{}, {} within {}; model {}: {}{}.{}">(
      other_change(other, d.other_change_pct), change_text(say.name(), d.change_pct), window_text(d.window),
      signed_text(d.model_pct), say.price(signal.price), say.on_the_day(),
      sentence(text<"{} standard deviations from the model">(fixed(std::abs(d.z), 1)),
               text<"beta {}, correlation {}">(fixed(d.beta, 2), fixed(d.rho, 2)), other_price(signal, other)));
}

void decoupled(Draft& draft, const Signal& signal, std::string_view other, const Phrases& say) {
  const auto& d = signal.divergence;
  const bool turned = d.rho * d.rho_long < 0;
  const bool closer = std::abs(d.rho) > std::abs(d.rho_long);
  std::string_view what = "moves less with";
  if (turned) {
    draft.title<"{} turned against its relation to {}">(say.name(), other);
    what = "no longer answers in the usual direction to";
  } else if (closer) {
    draft.title<"{} is tied closer to {}">(say.name(), other);
    what = "moves more closely with";
  } else {
    draft.title<"{} decoupled from {}">(say.name(), other);
  }
  draft.text<"{} {} {}: correlation {} of late, {} over past sessions, at {}{}.{}">(
      say.name(), what, other, fixed(d.rho, 2), fixed(d.rho_long, 2), say.price(signal.price), say.on_the_day(),
      sentence(text<"for 15 min {} standard deviations from usual">(fixed(std::abs(d.z), 1))));
}

void joint(Draft& draft, const Signal& signal, const InstrumentWords& other, const Phrases& say) {
  const auto& d = signal.divergence;
  draft.title<"{} and {} moved at once: {} and {}">(say.name(), std::string_view{other.name}, signed_text(d.change_pct),
                                                    signed_text(d.other_change_pct));
  draft.text<"{}, {} within {}: {}{}.{}">(
      change_text(say.name(), d.change_pct), other_change(other, d.other_change_pct), window_text(d.window),
      say.price(signal.price), say.on_the_day(),
      sentence(text<"{} and {} standard deviations of {}">(fixed(std::abs(d.own_z), 1), fixed(std::abs(d.other_z), 1),
                                                           window_text(d.window)),
               other_price(signal, other)));
}

}  // namespace

void divergence_texts(Draft& draft, const Signal& signal, const InstrumentWords& other, const Phrases& say) {
  switch (signal.event) {
    case Event::kDecoupled: decoupled(draft, signal, other.name, say); break;
    case Event::kJoint: joint(draft, signal, other, say); break;
    default: diverged(draft, signal, other, say);
  }
  draft.capitalise("yen ");
}

}  // namespace yagura::alerts
