#include "app/console_address.hpp"

namespace yagura::app {
namespace {

constexpr std::string_view kSocket = "/ws";

// The scheme that the WebSocket of a page has.
std::string as_socket(std::string_view text) {
  if (text.find("://") == std::string_view::npos) return "ws://" + std::string(text);
  for (const auto& [page, socket] : {std::pair{"http://", "ws://"}, std::pair{"https://", "wss://"}}) {
    if (text.starts_with(page)) return socket + std::string(text.substr(std::string_view{page}.size()));
  }
  return std::string(text);
}

}  // namespace

Result<ConsoleAddress> parse_console_address(std::string_view text) {
  auto live = net::parse_url(as_socket(text), net::Carrier::kWebSocket);
  if (!live) return Error{live.error().message};
  if (live->target.find('?') != std::string::npos)
    return Error{"'" + live->redacted() + "': takes no query; a token goes into YAGURA_TOKEN or --token-file"};
  if (live->target.ends_with('/')) live->target += kSocket.substr(1);
  ConsoleAddress address{.live = *live, .api = *live};
  address.api.carrier = net::Carrier::kHttp;
  auto& before = address.api.target;
  if (!before.ends_with(kSocket)) return Error{"'" + live->redacted() + "': must end with /ws, as ws://HOST:PORT/ws"};
  before.resize(before.size() - kSocket.size());
  return address;
}

}  // namespace yagura::app
