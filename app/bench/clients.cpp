#include "app/bench/clients.hpp"

#include <poll.h>

#include <string>

#include "app/bench/ws_frames.hpp"

namespace yagura::app::bench {

Result<std::unique_ptr<ReadingClients>> ReadingClients::connect(std::uint16_t port, std::size_t count) {
  std::unique_ptr<ReadingClients> made{new ReadingClients};
  for (std::size_t i = 0; i < count; ++i) {
    auto socket = connect_to_loopback(port);
    if (!socket) return socket.error();
    std::string rest;
    if (const auto shaken = client_handshake(*socket, port, rest); !shaken) return shaken.error();
    made->sockets_.push_back(std::move(*socket));
  }
  if (count != 0) made->thread_ = std::thread{[clients = made.get()] { clients->read(); }};
  return made;
}

ReadingClients::~ReadingClients() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void ReadingClients::read() {
  std::vector<pollfd> all;
  for (const auto& socket : sockets_) all.push_back({socket.get(), POLLIN, 0});
  std::string buffer(std::size_t{256} << 10, '\0');
  while (!stop_) {
    if (::poll(all.data(), all.size(), 50) <= 0) continue;
    for (auto& one : all) {
      if (one.revents == 0) continue;
      std::int64_t count = 0;
      while ((count = receive_some(one.fd, buffer.data(), buffer.size())) > 0) {
      }
      if (count < 0) one.fd = -1;  // poll() leaves it out from now on
    }
  }
}

}  // namespace yagura::app::bench
