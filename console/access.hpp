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
  std::string token = {};               // empty: none is asked for
  bool insecure = false;                // off loopback without TLS, on purpose
  std::vector<std::string> hosts = {};  // names under which a proxy or DNS reaches us, without port
};

// Refuses to listen off loopback without a token, or without `insecure`: the console has no TLS of
// its own yet. The message says what to set.
[[nodiscard]] Result<void> check_exposure(const AccessOptions& options);

// "127.0.0.1:8225", "[::1]:80", "localhost" and the like.
[[nodiscard]] bool is_loopback_host(std::string_view host);

// A page of another site may resolve to our address; its Host header gives it away. On loopback:
// loopback names and `hosts`; elsewhere IP literals as well. The port may differ, as over a tunnel.
[[nodiscard]] bool host_allowed(std::string_view host, const AccessOptions& options);

// Our own page's origin is http(s)://HOST of the same request. Tools send none: fine from loopback
// and with a token.
[[nodiscard]] bool origin_allowed(std::string_view origin, std::string_view host, bool loopback_or_token);

// Compares digests, in a time that does not depend on where they differ.
class TokenCheck {
 public:
  explicit TokenCheck(std::string_view token);
  [[nodiscard]] bool required() const { return required_; }
  [[nodiscard]] bool accepts(std::string_view presented) const;
  // `Authorization: Bearer TOKEN` or the cookie set by a log-in; true when none is required.
  [[nodiscard]] bool authorized(const net::HttpRequest& request) const;
  // Value of Set-Cookie after a log-in. It holds a digest, not the token.
  [[nodiscard]] std::string set_cookie() const;

 private:
  using Digest = std::array<unsigned char, 32>;
  static Digest digest_of(std::string_view text);
  [[nodiscard]] static bool same(const Digest& a, const Digest& b);

  bool required_;
  Digest token_;
  std::string cookie_;
  Digest cookie_digest_;
};

enum class Verdict { kAllowed, kBadHost, kBadOrigin, kNeedsToken };

[[nodiscard]] Verdict judge(const net::HttpRequest& request, const AccessOptions& options, const TokenCheck& token);

}  // namespace yagura::console
