#include "app/bench/sockets.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace yagura::app::bench {
namespace {

Error failed(const std::string& what) { return Error{what + ": " + std::strerror(errno)}; }

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void make_quick(int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// False when nothing happened in time.
bool wait_for(int fd, short events, Duration patience) {
  pollfd one{fd, events, 0};
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
  return ::poll(&one, 1, static_cast<int>(ms)) > 0;
}

}  // namespace

void Fd::reset() noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Result<Listener> listen_on_loopback() {
  Listener listener{Fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}};
  auto address = loopback(0);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (!listener.fd.open() || ::bind(listener.fd.get(), any, size) != 0 || ::listen(listener.fd.get(), 4) != 0 ||
      ::getsockname(listener.fd.get(), any, &size) != 0)
    return failed("the feed's port on 127.0.0.1");
  listener.port = ntohs(address.sin_port);
  return listener;
}

Result<Fd> accept_one(const Listener& listener, Duration patience, const std::string& who) {
  if (!wait_for(listener.fd.get(), POLLIN, patience)) return Error{who + ": did not connect to the feed in time"};
  Fd socket{::accept4(listener.fd.get(), nullptr, nullptr, SOCK_CLOEXEC)};
  if (!socket.open()) return failed(who + ": connecting to the feed");
  make_quick(socket.get());
  return socket;
}

Result<Fd> connect_to_loopback(std::uint16_t port) {
  Fd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  auto address = loopback(port);
  if (!socket.open() || ::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return failed("127.0.0.1:" + std::to_string(port));
  make_quick(socket.get());
  return socket;
}

Result<void> send_all(const Fd& socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto taken = send_some(socket.get(), bytes);
    if (taken < 0) return Error{"the other side hung up during the handshake"};
    bytes.remove_prefix(static_cast<std::size_t>(taken));
    if (taken == 0 && !wait_for(socket.get(), POLLOUT, std::chrono::seconds{5}))
      return Error{"the other side takes nothing"};
  }
  return {};
}

Result<void> read_until(const Fd& socket, std::string_view end, Duration patience, std::string& text) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (text.find(end) == std::string::npos) {
    char buffer[4096];
    const auto count = receive_some(socket.get(), buffer, sizeof buffer);
    if (count < 0) return Error{"the other side hung up during the handshake"};
    text.append(buffer, static_cast<std::size_t>(count));
    const auto left = deadline - std::chrono::steady_clock::now();
    if (count == 0 && (left <= Duration{0} || !wait_for(socket.get(), POLLIN, left)))
      return Error{"the other side did not finish its handshake in time"};
  }
  return {};
}

std::int64_t send_some(int socket, std::string_view bytes) noexcept {
  const auto count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count >= 0) return count;
  return errno == EAGAIN || errno == EINTR ? 0 : -1;
}

std::int64_t receive_some(int socket, char* into, std::size_t room) noexcept {
  const auto count = ::recv(socket, into, room, 0);
  if (count > 0) return count;
  return count < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

}  // namespace yagura::app::bench
