// What of NATS needs no library.
#include <algorithm>

#include "core/net/nats_client.hpp"

namespace yagura::net {

Result<void> check_nats_servers(const std::vector<std::string>& servers) {
  if (servers.empty()) return Error{"names no server; wanted [\"nats://host:4222\"]"};
  for (const auto& server : servers) {
    const std::string_view address = server;
    const auto at = address.find("://");
    const auto scheme = address.substr(0, at == std::string_view::npos ? 0 : at);
    if (scheme != "nats" && scheme != "tls") {
      return Error{"'" + server.substr(0, 80) + "' must begin with nats:// or tls://"};
    }
    const auto host = address.substr(at + 3);
    // The text may hold a password.
    if (host.find('@') != std::string_view::npos)
      return Error{"a server's address holds a user name or token; they have keys of their own"};
    if (host.empty() || host.find_first_of(" ,/?#") != std::string_view::npos)
      return Error{"'" + server.substr(0, 80) + "' must end with a host and perhaps its port"};
  }
  return {};
}

std::string nats_token(std::string_view text) {
  std::string token{text.substr(0, 64)};
  std::ranges::replace_if(
      token,
      [](char c) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return !plain && c != '-' && c != '_';
      },
      '_');
  return token.empty() ? "_" : token;
}

}  // namespace yagura::net
