// WebSocket addresses. Keys travel in query strings, so no text made here ever shows one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace yagura::feeds {

struct Url {
  bool secure = false;      // wss
  std::string host;         // a name or an IP literal; IPv6 without its brackets
  bool ip_literal = false;  // no SNI, and the certificate must name the address
  std::uint16_t port = 80;
  std::string target = "/";  // path and query as sent: SECRET, it may carry a key

  // "host", "host:port" or "[v6]:port": what stands in a Host header. The default port is left out.
  [[nodiscard]] std::string authority() const;
  // For people: "wss://host/path?…". The query is replaced, whatever it holds.
  [[nodiscard]] std::string redacted() const;
};

// Reads ws:// and wss:// addresses. User names and fragments are refused: neither can reach a
// vendor over WebSocket. Errors name the address without its query.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

// `text` up to its query, user name cut out: for texts that are no valid address.
[[nodiscard]] std::string redact_url(std::string_view text);

}  // namespace yagura::feeds
