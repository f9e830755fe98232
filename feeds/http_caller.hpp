// Single HTTP requests of the feeds: log-ins, before a connection is made.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "feeds/http_call.hpp"
#include "feeds/transport.hpp"  // CloseInfo

namespace yagura::feeds {

// Either an answer, of whatever status, or why there is none.
struct HttpOutcome {
  std::optional<HttpAnswer> answer;
  CloseInfo failure;  // when there is no answer
};

// All calls of one I/O context; the context's thread only.
class HttpCaller {
 public:
  enum class CallId : std::uint64_t { kNone = 0 };
  struct Options {
    std::string ca_file{};                       // PEM; empty: the system's authorities
    Duration timeout = std::chrono::seconds{5};  // name, TCP, TLS and the whole answer
    std::optional<Proxy> proxy = {};             // as choose_proxy() says; none: straight
  };
  using Done = std::function<void(HttpOutcome)>;

  virtual ~HttpCaller() = default;
  // `address`: "https://host:port", to which the call's target is added. No redirect is followed, an
  // answer's body is read up to 64 KiB. `done` comes later, never from inside call() or cancel().
  virtual CallId call(const std::string& address, const HttpCall& call, const Options& options, Done done) = 0;
  virtual void cancel(CallId id) = 0;  // its `done` is not called
};

}  // namespace yagura::feeds
