// Addresses of feeds, log-ins and sinks. Keys travel in query strings, so no text made here ever shows one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace yagura::net {

// What an address is spoken to in: ws:// and wss://, http:// and https://, or nats:// and tls://.
enum class Carrier : std::uint8_t { kWebSocket, kHttp, kNats };

struct Url {
  Carrier carrier = Carrier::kWebSocket;
  bool secure = false;      // wss, https, tls
  std::string host;         // a name or an IP literal; IPv6 without its brackets
  bool ip_literal = false;  // no SNI, and the certificate must name the address
  std::uint16_t port = 80;
  std::string target = "/";  // path and query as sent: SECRET, it may carry a key

  // "host", "host:port" or "[v6]:port": what stands in a Host header. The default port is left out.
  [[nodiscard]] std::string authority() const;
  // "https://host:port", without a target.
  [[nodiscard]] std::string origin() const;
  // For people: "wss://host/path?…". The query is replaced, whatever it holds.
  [[nodiscard]] std::string redacted() const;
};

// Reads addresses of the given kind alone. User names and fragments are refused: neither can reach
// a vendor. Errors name the address without its query.
[[nodiscard]] Result<Url> parse_url(std::string_view text, Carrier carrier = Carrier::kWebSocket);
// The same for an address that is a secret as a whole, as those of chat hooks are: errors hold no part of it.
[[nodiscard]] Result<Url> parse_secret_url(std::string_view text, Carrier carrier);

// `text` up to its query, user name cut out: for texts that are no valid address.
[[nodiscard]] std::string redact_url(std::string_view text);

}  // namespace yagura::net
