// Which HTTP proxy a connection goes through, if any: from the settings or from the environment.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/net/url.hpp"
#include "core/result.hpp"

namespace yagura::net {

struct Proxy {
  std::string host;  // a name or an IP literal; IPv6 without its brackets
  bool ip_literal = false;
  std::uint16_t port = 0;
  std::string user;
  std::string password;  // SECRET

  [[nodiscard]] std::string authority() const;  // "host:port", for people and logs
  // "http://user:password@host:port", escaped, for libraries that take it so: SECRET.
  [[nodiscard]] std::string address() const;
  // The value of Proxy-Authorization: SECRET; empty without a user.
  [[nodiscard]] std::string authorization() const;
  // What must never be shown. Without the empty ones.
  [[nodiscard]] std::vector<std::string> secrets() const;
};

// Reads "http://user:password@host:port" or "host:port"; user and password are %-decoded. Errors
// hold no part of either.
[[nodiscard]] Result<Proxy> parse_proxy(std::string_view text);

// A variable's value; null when it is not set. std::getenv, but for tests.
using Environment = std::function<const char*(const char* name)>;

// The proxy for a connection to `url`. `setting` is "none", an address as parse_proxy takes it, or
// empty: then the environment's https_proxy or HTTPS_PROXY for wss, http_proxy or HTTP_PROXY for ws
// decides, but for hosts in no_proxy or NO_PROXY and for this machine itself.
[[nodiscard]] Result<std::optional<Proxy>> choose_proxy(std::string_view setting, const Url& url,
                                                        const Environment& environment);
// The same for an address as text: ws, wss, http or https, as log-ins have it.
[[nodiscard]] Result<std::optional<Proxy>> choose_proxy(std::string_view setting, std::string_view address,
                                                        const Environment& environment);

// Whether a list as in NO_PROXY names the host: "*", a name (it and all below it, with or without a
// dot in front), an address, or a network such as 10.0.0.0/8, each perhaps with ":port".
[[nodiscard]] bool listed_in_no_proxy(std::string_view list, const Url& url);

}  // namespace yagura::net
