// HTTP requests to the places that alerts go to: one at a time, on the caller's own thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>  // pair
#include <vector>

#include "core/net/proxy.hpp"
#include "core/net/url.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace yagura::net {

// Certificates are always checked, TLS is 1.2 or later, redirects are not followed, nothing is kept
// between requests but the connection. A forbidden address (core/net/forbidden_address.hpp) is not
// connected to, whichever name led there; behind a proxy that name is the proxy's to look up.
// One thread at a time.
class HttpClient {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  struct Options {
    std::string ca_file = {};                            // PEM; empty: the system's authorities
    std::optional<Proxy> proxy = {};                     // as choose_proxy() says
    Duration timeout = std::chrono::seconds{10};         // of a request, from the look-up to the last byte
    Duration connect_timeout = std::chrono::seconds{3};  // of it for look-up, connection and TLS
    std::size_t most_body = std::size_t{4} << 10;        // of an answer is kept
  };

  struct Request {
    Url url;  // of Carrier::kHttp, with the target
    std::string method = "POST";
    Headers headers = {};   // a body is JSON unless they say otherwise
    std::string body = {};  // sent as it is
  };

  struct Answer {
    int status = 0;
    Headers headers;   // Retry-After, Date and X-RateLimit-*, no others
    std::string body;  // its first `most_body` bytes; less when it ended early
    std::optional<Duration> retry_after;

    // The value of one of them, whatever the case of its name; empty when absent.
    [[nodiscard]] std::string_view header(std::string_view name) const;
  };

  explicit HttpClient(Options options);
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  // Blocks until the answer is there, the time is up, or `stop` is requested (then ends at once).
  // An answer counts from its whole head on: its status stands whatever becomes of the body. Errors
  // are one line with host and reason; they never hold a path, a query, a header or a body.
  [[nodiscard]] Result<Answer> send(const Request& request, const std::stop_token& stop);

 private:
  class Transfer;
  std::unique_ptr<Transfer> transfer_;
};

}  // namespace yagura::net
