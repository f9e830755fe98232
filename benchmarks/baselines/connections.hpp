// The two connections every path has, made by hand: WebSocket handshakes, then bare sockets.
#pragma once

#include "baselines/options.hpp"

namespace yagura::baselines {

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  Socket& operator=(Socket&&) = delete;
  ~Socket();
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

struct Connections {
  Socket client;  // hears the alerts; written to by blocking send()
  Socket feed;    // subscribed
};

// Listens and says where, takes one client, then connects to the feed: a client misses nothing.
[[nodiscard]] Connections connect_both(const Options& options);

}  // namespace yagura::baselines
