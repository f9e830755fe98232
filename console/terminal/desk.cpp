#include "console/terminal/desk.hpp"

namespace yagura::console::terminal {

Desk::Desk(Options options) : options_(std::move(options)), lang_(options_.lang), zone_(options_.zone) {}

Command Desk::on_key(Key key, const Model&, const Look&) {
  if (key == Key::of(U'q') || key == Key::of(kCtrlC)) return Quit{};
  if (key == Key::of(kCtrlL)) return Redraw{};
  if (key == Key::of(U'?')) help_ = !help_;
  return {};
}

void Desk::outcome(std::string text, MonoTime now) {
  outcome_ = std::move(text);
  outcome_at_ = now;
}

std::string_view Desk::outcome(MonoTime now) const {
  return now - outcome_at_ < kOutcomeFor ? std::string_view{outcome_} : std::string_view{};
}

Lang Desk::lang(const Look& look) const { return look.unicode ? lang_ : Lang::kEnglish; }
bool Desk::passes(const AlertRow& alert) const { return alert.severity >= least_; }
const AlertRow* Desk::selected(const Model& model) const {
  return model.alerts().empty() ? nullptr : &model.alerts().back();
}

}  // namespace yagura::console::terminal
