// Who may talk to the console. Loopback is no wall: any web page can reach 127.0.0.1, so Host and
// Origin are checked on every request, and a token where there is one. Pure functions, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/net/ws_server.hpp"
#include "core/result.hpp"

namespace yagura::console {

struct AccessOptions {
  std::string listen = "127.0.0.1:8225";
  std::string token = {};               // may change things; empty: none is asked for
  std::string read_token = {};          // may only look; needs `token` beside it
  bool insecure = false;                // off loopback without TLS, on purpose
  std::vector<std::string> hosts = {};  // names under which a proxy or DNS reaches us, without port
  std::string public_url = {};          // https://desk.example: where links in letters lead; empty: none
};

// What somebody may do. In order: each may do what those before may.
enum class Role : std::uint8_t { kNone, kRead, kOperate };
[[nodiscard]] std::string_view name_of(Role role);  // "read"

// Refuses to listen off loopback without a token, or without `insecure`: the console has no TLS of
// its own yet. The message says what to set.
[[nodiscard]] Result<void> check_exposure(const AccessOptions& options);

// "desk.example" of "https://desk.example:8443"; empty when it is no such address: https, or http on
// loopback, a host and perhaps a port, nothing else.
[[nodiscard]] std::string host_of(std::string_view public_url);

// "127.0.0.1:8225", "[::1]:80", "localhost" and the like.
[[nodiscard]] bool is_loopback_host(std::string_view host);

// A page of another site may resolve to our address; its Host header gives it away. On loopback:
// loopback names and `hosts`; elsewhere IP literals as well. The port may differ, as over a tunnel.
[[nodiscard]] bool host_allowed(std::string_view host, const AccessOptions& options);

// Our own page's origin is http(s)://HOST of the same request. Tools send none: fine from loopback
// and with a token.
[[nodiscard]] bool origin_allowed(std::string_view origin, std::string_view host, bool loopback_or_token);

// For the form behind a link in a letter, whose token is all the right it needs: our own page, under the
// public address too, and browsers that say nothing or "null" for the sake of privacy.
[[nodiscard]] bool link_origin_allowed(std::string_view origin, std::string_view host, const AccessOptions& options);

// Compares digests, in a time that does not depend on where they differ.
class TokenCheck {
 public:
  explicit TokenCheck(std::string_view token, std::string_view read_token = {});
  [[nodiscard]] bool required() const { return required_; }
  // Of a token as it was typed.
  [[nodiscard]] Role role_of(std::string_view presented) const;
  // `Authorization: Bearer TOKEN` or the cookie set by a log-in; kOperate when none is required.
  [[nodiscard]] Role role_of(const net::HttpRequest& request) const;
  // Value of Set-Cookie after a log-in. It holds a digest, not the token.
  [[nodiscard]] std::string set_cookie(Role role) const;

 private:
  using Digest = std::array<unsigned char, 32>;
  struct Key {
    Role role{};
    Digest token;
    std::string cookie;
    Digest cookie_digest;
  };
  static Digest digest_of(std::string_view text);
  static Key key_of(Role role, std::string_view token);
  [[nodiscard]] Role role_of(const Digest& digest, Digest Key::*field) const;

  bool required_;
  std::vector<Key> keys_;
};

enum class Verdict { kAllowed, kBadHost, kBadOrigin, kNeedsToken };

[[nodiscard]] Verdict judge(const net::HttpRequest& request, const AccessOptions& options, const TokenCheck& token);

}  // namespace yagura::console
