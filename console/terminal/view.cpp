#include "console/terminal/view.hpp"

#include "console/terminal/utf8.hpp"

namespace yagura::console::terminal {

Frame draw(const Model& model, const Desk& desk, const Look& look, MonoTime now, Timestamp /*wall*/) noexcept {
  Frame frame;
  const auto line = [&](std::string_view text, Ink ink) {
    if (static_cast<int>(frame.lines.size()) >= look.size.rows) return;
    const auto clean = shown(text, look.unicode);
    frame.lines.push_back({{std::string{fitting(clean, look.size.columns)}, ink}});
  };
  line("Yagura", Ink::kBar);
  if (model.link() == Model::Link::kLost) line("CONNECTION LOST: " + model.lost_why(), Ink::kAlarm);
  if (model.state() != nullptr) {
    for (const auto& row : model.state()->instruments)
      line(row.symbol + "  " + (row.price ? to_string(*row.price) : "-"), Ink::kStrong);
  }
  for (auto alert = model.alerts().rbegin(); alert != model.alerts().rend(); ++alert) line(alert->title, Ink::kPlain);
  line(desk.outcome(now), Ink::kPlain);
  return frame;
}

}  // namespace yagura::console::terminal
