#include "app/wakeup.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <stdexcept>

namespace yagura::app {

Wakeup::Wakeup(boost::asio::io_context& io) : event_(io) {
  const int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (fd < 0) throw std::runtime_error("no event descriptor: too many open files?");
  event_.assign(fd);
  listen();
}

void Wakeup::ring() noexcept {
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the sleeper is being woken anyway.
  [[maybe_unused]] const auto written = ::write(event_.native_handle(), &one, sizeof one);
}

void Wakeup::listen() {
  event_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                    [this](const boost::system::error_code& error) { rung_ = !error; });
}

void Wakeup::arm() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(event_.native_handle(), &count, sizeof count);
  rung_ = false;
  listen();
}

}  // namespace yagura::app
