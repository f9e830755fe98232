// Raw TCP on loopback for the harness: what it measures with must not be a library that could be measured.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.hpp"
#include "core/time.hpp"

namespace yagura::app::bench {

// Owns a file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() { reset(); }
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }
  void reset() noexcept;

 private:
  int fd_ = -1;
};

struct Listener {
  Fd fd;
  std::uint16_t port = 0;
};

// On 127.0.0.1, any port.
[[nodiscard]] Result<Listener> listen_on_loopback();
// Both give a socket that never blocks, with TCP_NODELAY. `patience` bounds the wait.
[[nodiscard]] Result<Fd> accept_one(const Listener& listener, Duration patience, const std::string& who);
[[nodiscard]] Result<Fd> connect_to_loopback(std::uint16_t port);

// For the handshakes, before anything is timed. Sends all of it, or reads until `end` has come; what came behind
// it stays in `text` too.
[[nodiscard]] Result<void> send_all(const Fd& socket, std::string_view bytes);
[[nodiscard]] Result<void> read_until(const Fd& socket, std::string_view end, Duration patience, std::string& text);

// Bytes taken, 0 when the socket is full or has nothing; -1 when the other side is gone.
[[nodiscard]] std::int64_t send_some(int socket, std::string_view bytes) noexcept;
[[nodiscard]] std::int64_t receive_some(int socket, char* into, std::size_t room) noexcept;

}  // namespace yagura::app::bench
