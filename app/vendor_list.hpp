// The vendors as Vendor::facts tells them, for `yagura feeds` and docs/feeds.md.
#pragma once

#include <string>

namespace yagura::app {

[[nodiscard]] std::string vendor_list();      // for a terminal
[[nodiscard]] std::string vendor_markdown();  // the table of docs/feeds.md

}  // namespace yagura::app
