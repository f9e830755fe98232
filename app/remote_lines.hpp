// Alerts of a monitor somewhere else as the lines that `yagura run --plain` prints there.
#pragma once

#include <string>
#include <string_view>

#include "alerts/catalog.hpp"
#include "console/terminal/look.hpp"
#include "console/terminal/model.hpp"

namespace yagura::app {

// One thread.
class RemoteLines {
 public:
  explicit RemoteLines(console::terminal::Lang lang, bool colour) : lang_(lang), colour_(colour) {}

  // A line for people, with the date on a line of its own above the first of a day. Empty when the alert's instrument
  // is not among the state's: nothing of it can be said.
  [[nodiscard]] std::string line(const console::terminal::AlertRow& alert, const console::StateSnapshot& state);

 private:
  [[nodiscard]] std::string_view title(const console::terminal::AlertRow& alert) const;

  const console::terminal::Lang lang_;
  const bool colour_;
  Date shown_date_{};
};

}  // namespace yagura::app
