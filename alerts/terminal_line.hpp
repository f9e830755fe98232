// One line for a person, as `yagura run --plain` prints it.
#pragma once

#include <string>
#include <string_view>

#include "alerts/catalog.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

// "09:22:05 JST  !! Nikkei 225 reached 57,000 for the first time   57,337.07  (+5.7 % on the day)",
// without a line end. The mark is "!!" critical, "!" high, "-" low, blank for info. `colour` adds
// ANSI colours; nothing else in the line can command a terminal.
[[nodiscard]] std::string plain_line(const Signal& signal, std::string_view title, const Catalog& catalog, bool colour);

// The same of an alert that is not delivered: "… (held: muted)", all of it dim with `colour`.
[[nodiscard]] std::string held_line(const Signal& signal, std::string_view title, const Catalog& catalog,
                                    std::string_view reason, bool colour);

}  // namespace yagura::alerts
