// A blocking client with its own few lines of WebSocket framing, so that what it sees does not
// depend on the library under test. Every wait has a limit; running into it throws, which fails
// the test. One thread each.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yagura::test {

inline constexpr std::chrono::milliseconds kPatience{5'000};

struct TestClientError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A TCP connection to 127.0.0.1.
class TcpClient {
 public:
  // `receive_buffer` > 0 shrinks SO_RCVBUF: a slow reader blocks the peer sooner.
  explicit TcpClient(std::uint16_t port, int receive_buffer = 0);
  ~TcpClient();
  TcpClient(TcpClient&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  TcpClient& operator=(TcpClient&&) = delete;

  // False when the peer closed or reset meanwhile.
  bool send(std::string_view bytes);
  // What arrived, at least a byte; empty at the end of the stream (or on a reset).
  [[nodiscard]] std::string receive(std::chrono::milliseconds limit = kPatience);
  [[nodiscard]] std::string receive_to_end(std::chrono::milliseconds limit = kPatience);
  void reset();  // closes with RST
  [[nodiscard]] int native() const { return socket_; }

 private:
  int socket_ = -1;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpReply {
  int status = 0;                              // 0: closed without an answer
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};
[[nodiscard]] HttpReply parse_reply(std::string_view bytes);

// One request on its own connection. A Host header is added unless given.
[[nodiscard]] HttpReply http_request(std::uint16_t port, std::string_view method, std::string_view target,
                                     const Headers& headers = {}, std::string_view body = {});
[[nodiscard]] inline HttpReply http_get(std::uint16_t port, std::string_view target, const Headers& headers = {}) {
  return http_request(port, "GET", target, headers);
}

struct WsFrame {
  std::uint8_t opcode = 0;  // 1 text, 2 binary, 8 close, 9 ping, 10 pong
  bool fin = true;
  std::string payload;
};

struct WsClose {
  std::uint16_t code = 1006;  // 1005: close frame without status; 1006: none came
  std::string reason;
};

class WsTestClient {
 public:
  struct Options {
    std::string path = "/ws";
    Headers headers = {};  // added; a name of ours (Host, Sec-WebSocket-Version, …) replaces it
    int receive_buffer = 0;
    bool answers_pings = true;  // in next_text
  };
  // Connects and asks for the upgrade; status() says how that went.
  explicit WsTestClient(std::uint16_t port, const Options& options);
  explicit WsTestClient(std::uint16_t port) : WsTestClient(port, Options{}) {}

  [[nodiscard]] int status() const { return handshake_.status; }
  [[nodiscard]] const HttpReply& handshake() const { return handshake_; }

  bool send_text(std::string_view payload) { return send_frame(1, payload); }
  bool send_binary(std::string_view payload) { return send_frame(2, payload); }
  bool send_ping(std::string_view payload) { return send_frame(9, payload); }
  bool send_close(std::uint16_t code, std::string_view reason = {});
  bool send_frame(std::uint8_t opcode, std::string_view payload, bool fin = true, bool masked = true, int rsv = 0);
  bool send_raw(std::string_view bytes) { return tcp_.send(bytes); }

  // The next frame as it came; nothing when none came in time. Throws at the end of the stream.
  [[nodiscard]] std::optional<WsFrame> next_frame(std::chrono::milliseconds limit = kPatience);
  // The next text message; pings are answered, pongs skipped. Throws on anything else.
  [[nodiscard]] std::string next_text(std::chrono::milliseconds limit = kPatience);
  // The next text message that contains `part`; others are skipped.
  [[nodiscard]] std::string next_text_with(std::string_view part, std::chrono::milliseconds limit = kPatience);
  // Skips everything up to the close frame or the end of the stream.
  [[nodiscard]] WsClose wait_close(std::chrono::milliseconds limit = kPatience);

  [[nodiscard]] TcpClient& tcp() { return tcp_; }

 private:
  [[nodiscard]] std::optional<WsFrame> take_frame();

  TcpClient tcp_;
  HttpReply handshake_;
  std::string input_;
  bool answers_pings_;
};

}  // namespace yagura::test
