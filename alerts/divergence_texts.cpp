#include "alerts/kind_texts.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>

#include "alerts/numbers.hpp"

namespace yagura::alerts {
namespace {

// "0.60 %", "1.2 %".
std::string size_text(double percent) {
  return fmt::format("{:.{}f} %", std::abs(percent), std::abs(percent) < 1 ? 2 : 1);
}
std::string signed_text(double percent) { return (percent < 0 ? "-" : "+") + size_text(percent); }
std::string change_text(std::string_view name, double percent) {
  return fmt::format("{} {} {}", name, percent < 0 ? "down" : "up", size_text(percent));
}

// The other side as a desk says it: a fall of a yen pair is a rise of the yen.
std::string other_change(const InstrumentInfo& other, std::string_view name, double percent) {
  if (other.calendar == CalendarKind::kFx && other.symbol == "USDJPY") return change_text("yen", -percent);
  return change_text(name, percent);
}

Texts diverged(const Signal& signal, const InstrumentInfo& other, const Phrases& say, const std::string& name) {
  const auto& d = signal.divergence;
  const std::array evidence{
      fmt::format("{:.1f} standard deviations from the model", std::abs(d.z)),
      fmt::format("beta {:.2f}, correlation {:.2f}", d.beta, d.rho),
      fmt::format("{} {}", name, price_text(d.other_price, other)),
  };
  return {fmt::format("{} diverged from {}: {}, model {}", say.name(), name, signed_text(d.change_pct),
                      signed_text(d.model_pct)),
          fmt::format("{}, {} within {}; model {}: {}{}.{}", other_change(other, name, d.other_change_pct),
                      change_text(say.name(), d.change_pct), window_text(d.window), signed_text(d.model_pct),
                      say.price(signal.price), say.on_the_day(), sentence(evidence))};
}

Texts decoupled(const Signal& signal, const Phrases& say, const std::string& name) {
  const auto& d = signal.divergence;
  const bool turned = d.rho * d.rho_long < 0;
  const bool closer = std::abs(d.rho) > std::abs(d.rho_long);
  std::string title = fmt::format("{} decoupled from {}", say.name(), name);
  std::string what = "moves less with";
  if (turned) {
    title = fmt::format("{} turned against its relation to {}", say.name(), name);
    what = "no longer answers in the usual direction to";
  } else if (closer) {
    title = fmt::format("{} is tied closer to {}", say.name(), name);
    what = "moves more closely with";
  }
  const std::array evidence{fmt::format("for 15 min {:.1f} standard deviations from usual", std::abs(d.z))};
  return {std::move(title),
          fmt::format("{} {} {}: correlation {:.2f} of late, {:.2f} over past sessions, at {}{}.{}", say.name(), what,
                      name, d.rho, d.rho_long, say.price(signal.price), say.on_the_day(), sentence(evidence))};
}

Texts joint(const Signal& signal, const InstrumentInfo& other, const Phrases& say, const std::string& name) {
  const auto& d = signal.divergence;
  const std::array evidence{
      fmt::format("{:.1f} and {:.1f} standard deviations of {}", std::abs(d.own_z), std::abs(d.other_z),
                  window_text(d.window)),
      fmt::format("{} {}", name, price_text(d.other_price, other)),
  };
  return {fmt::format("{} and {} moved at once: {} and {}", say.name(), name, signed_text(d.change_pct),
                      signed_text(d.other_change_pct)),
          fmt::format("{}, {} within {}: {}{}.{}", change_text(say.name(), d.change_pct),
                      other_change(other, name, d.other_change_pct), window_text(d.window), say.price(signal.price),
                      say.on_the_day(), sentence(evidence))};
}

}  // namespace

Texts divergence_texts(const Signal& signal, const Catalog& catalog, const Phrases& say) {
  const auto& other = catalog.instruments[index_of(signal.divergence.other)];
  const std::string name = Phrases{signal, other}.name();
  Texts texts = signal.event == Event::kDecoupled ? decoupled(signal, say, name)
                : signal.event == Event::kJoint   ? joint(signal, other, say, name)
                                                  : diverged(signal, other, say, name);
  if (texts.text.starts_with("yen ")) texts.text.front() = 'Y';
  return texts;
}

}  // namespace yagura::alerts
