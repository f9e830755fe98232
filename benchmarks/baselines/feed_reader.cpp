#include "baselines/feed_reader.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include "baselines/stdin_end.hpp"

namespace yagura::baselines {

namespace {

// Spinning looks at stdin this rarely: some times a second.
constexpr unsigned kSpinsPerLook = 1U << 20;

}  // namespace

FeedReader::FeedReader(int socket, Wait wait)
    : socket_(socket), wait_(wait), buffer_(std::make_unique<char[]>(kCapacity)) {
  if (wait_ == Wait::kSpin) return;
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  const auto add = [this](int descriptor) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = descriptor}};
    return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) == 0;
  };
  if (epoll_ < 0 || !add(socket_) || (stdin_has_an_end() && !add(STDIN_FILENO)))
    throw std::system_error(errno, std::generic_category(), "epoll");
}

FeedReader::~FeedReader() {
  if (epoll_ >= 0) ::close(epoll_);
}

bool FeedReader::wait() {
  if (begin_ != 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == kCapacity) throw std::runtime_error("a frame of the feed is larger than 64 KiB");
  return wait_ == Wait::kSpin ? spin() : block();
}

// One system call a look: asking epoll first, with a time-out of zero, would be a second one.
bool FeedReader::spin() {
  for (unsigned spins = 1;; ++spins) {
    const auto got = ::recv(socket_, buffer_.get() + end_, kCapacity - end_, MSG_DONTWAIT);
    if (got > 0) {
      end_ += static_cast<std::size_t>(got);
      return true;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) return false;
    if (spins % kSpinsPerLook == 0 && stdin_closed()) return false;
  }
}

bool FeedReader::block() {
  for (;;) {
    epoll_event event{};
    const int ready = ::epoll_wait(epoll_, &event, 1, -1);
    if (ready < 0 && errno != EINTR) return false;
    if (ready < 1) continue;
    if (event.data.fd != socket_) {
      if (stdin_closed()) return false;
      continue;
    }
    const auto got = ::recv(socket_, buffer_.get() + end_, kCapacity - end_, MSG_DONTWAIT);
    if (got > 0) end_ += static_cast<std::size_t>(got);
    if (got >= 0 || (errno != EAGAIN && errno != EINTR)) return got > 0;
  }
}

}  // namespace yagura::baselines
