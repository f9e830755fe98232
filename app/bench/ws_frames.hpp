// The little of WebSocket (RFC 6455) that the harness needs on its timed path: handshakes, whole text frames,
// pings. Neither side may use extensions, split a message or send more than 1 MiB.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/bench/sockets.hpp"
#include "core/result.hpp"

namespace yagura::app::bench {

enum class Opcode : std::uint8_t { kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

// `masked`: from client to server, with a key of zeros, which changes nothing in the payload.
void append_frame(std::string& out, Opcode opcode, std::string_view payload, bool masked);

// What the server answers to a client's key (RFC 6455 4.2.2).
[[nodiscard]] std::string accept_key(std::string_view key);

// As the feed's server: answers the upgrade. What the client said behind it is in `rest`.
[[nodiscard]] Result<void> serve_handshake(const Fd& socket, std::string& rest);
// As a client of `/ws` on 127.0.0.1:`port`.
[[nodiscard]] Result<void> client_handshake(const Fd& socket, std::uint16_t port, std::string& rest);

// Cuts what was received into frames, in place. One thread.
class FrameReader {
 public:
  struct Frame {
    Opcode opcode = Opcode::kText;
    std::string_view payload;  // valid until the next room()
  };
  explicit FrameReader(std::size_t capacity = std::size_t{2} << 20) : buffer_(capacity, '\0') {}

  // Where the next bytes go.
  [[nodiscard]] char* room() noexcept;
  [[nodiscard]] std::size_t room_left() const noexcept { return buffer_.size() - end_; }
  void added(std::size_t count) noexcept { end_ += count; }
  void add(std::string_view bytes);  // of a handshake

  // The next whole frame, unmasked. False when more bytes are needed or broken() says what is wrong.
  [[nodiscard]] bool next(Frame& frame) noexcept;
  [[nodiscard]] const char* broken() const noexcept { return broken_; }

 private:
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  const char* broken_ = nullptr;
};

}  // namespace yagura::app::bench
