// An HTTP server on loopback that does what a test tells it to: any bytes for an answer, in any
// slices, and then silence, a reset or nothing special. One thread a connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>  // pair
#include <vector>

namespace yagura::test {

struct HeardRequest {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  int connection = 0;  // counts from 1

  // Case of the name is ignored; empty when absent.
  [[nodiscard]] std::string header(std::string_view name) const;
};

struct ScriptedAnswer {
  enum class Then : std::uint8_t { kListen, kClose, kReset, kHang };
  std::string bytes;
  std::size_t slice = 0;               // bytes sent at a time; 0: all at once
  std::chrono::milliseconds every{0};  // between slices
  std::uint64_t flood = 0;             // so many bytes of 'x' after them
  Then then = Then::kListen;
};

// A whole answer with its Content-Length. `headers` are lines with their ends.
[[nodiscard]] ScriptedAnswer answer(int status, std::string_view body = {}, std::string_view headers = {});

class ScriptedHttpServer {
 public:
  struct Tls {
    std::string certificate;  // PEM files
    std::string key;
    bool only_1_1 = false;
  };
  using Script = std::function<ScriptedAnswer(const HeardRequest&)>;

  explicit ScriptedHttpServer(std::optional<Tls> tls = {});
  ~ScriptedHttpServer();
  ScriptedHttpServer(const ScriptedHttpServer&) = delete;
  ScriptedHttpServer& operator=(const ScriptedHttpServer&) = delete;

  // For the requests from now on; called on the connections' threads, one at a time.
  void on_request(Script script);
  void always(ScriptedAnswer given);

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string url(std::string_view host = "127.0.0.1") const;  // "https://127.0.0.1:port"
  // All requests so far.
  [[nodiscard]] std::vector<HeardRequest> heard() const;
  // The last of them; waits for the first, and fails the test when none comes.
  [[nodiscard]] HeardRequest last() const;
  bool wait_for(std::size_t requests, std::chrono::milliseconds limit = std::chrono::milliseconds{5000}) const;
  [[nodiscard]] int connections() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace yagura::test
