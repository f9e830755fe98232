#include "app/patient_writer.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>  // PIPE_BUF

namespace yagura::app {
namespace {

constexpr int kLookEveryMs = 50;

// A blocking descriptor that poll() calls writable takes PIPE_BUF bytes without blocking; a socket is
// asked not to block.
ssize_t write_some(int fd, std::string_view text) {
  const auto sent = ::send(fd, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0 || errno != ENOTSOCK) return sent;
  return ::write(fd, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
}

}  // namespace

bool write_patiently(int fd, std::string_view text, const std::function<bool()>& give_up) {
  while (!text.empty()) {
    const bool last_try = give_up();  // then it costs no time either
    pollfd writable{.fd = fd, .events = POLLOUT, .revents = 0};
    const int ready = ::poll(&writable, 1, last_try ? 0 : kLookEveryMs);
    if (ready < 0 && errno != EINTR) return false;
    if (ready > 0) {
      const auto written = write_some(fd, text);
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
      if (written < 0 && errno != EINTR && errno != EAGAIN) return false;
    }
    if (last_try && ready <= 0) return false;
  }
  return true;
}

}  // namespace yagura::app
