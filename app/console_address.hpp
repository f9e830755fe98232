// Where a monitor's console is, from what people type.
#pragma once

#include <string>
#include <string_view>

#include "core/net/url.hpp"
#include "core/result.hpp"

namespace yagura::app {

struct ConsoleAddress {
  net::Url live;  // the WebSocket
  net::Url api;   // the same place; its target is what stands before "/api/v1": "" or "/desk"
  // For people: "127.0.0.1:8225".
  [[nodiscard]] std::string name() const { return live.authority(); }
  [[nodiscard]] std::string page() const { return api.origin() + api.target + "/"; }  // for a browser
};

// "ws://127.0.0.1:8225/ws", the page's address "http://127.0.0.1:8225/", or "127.0.0.1:8225"; wss and https
// alike. The error names what is wrong with it and what would be right.
[[nodiscard]] Result<ConsoleAddress> parse_console_address(std::string_view text);

}  // namespace yagura::app
