#include "console/terminal/tty.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "console/terminal/crash_guard.hpp"

namespace yagura::console::terminal {
namespace {

// Setting modes from the background would stop us.
class NoBackgroundStop {
 public:
  NoBackgroundStop() {
    sigset_t stop;
    ::sigemptyset(&stop);
    ::sigaddset(&stop, SIGTTOU);
    ::pthread_sigmask(SIG_BLOCK, &stop, &before_);
  }
  ~NoBackgroundStop() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  NoBackgroundStop(const NoBackgroundStop&) = delete;
  NoBackgroundStop& operator=(const NoBackgroundStop&) = delete;

 private:
  sigset_t before_{};
};

// Opened anew, so that not to block is our own mode and not that of everybody who shares standard output.
// After `su` the device is somebody else's, but /dev/tty is not.
int open_again() {
  for (const char* path : {"/proc/self/fd/1", "/dev/tty"}) {
    const int fd = ::open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd >= 0) return fd;
  }
  return -1;
}

}  // namespace

bool has_terminal() { return ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0; }

Result<std::unique_ptr<Tty>> Tty::open() {
  if (!has_terminal()) return Error{"standard input and output are no terminal"};
  const int fd = open_again();
  if (fd < 0) return Error{std::string("the terminal cannot be opened: ") + std::strerror(errno)};
  termios modes{};
  if (::tcgetattr(fd, &modes) != 0) {
    const int error = errno;
    ::close(fd);
    return Error{std::string("the terminal does not tell its modes: ") + std::strerror(error)};
  }
  return std::unique_ptr<Tty>{new Tty{fd, true, modes}};
}

Tty::~Tty() {
  leave();
  if (owned_) ::close(output_);
}

void Tty::enter() {
  termios modes = before_;
  modes.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ECHONL);
  modes.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IGNCR | ISTRIP);
  modes.c_cc[VMIN] = 1;
  modes.c_cc[VTIME] = 0;
  const NoBackgroundStop guard;
  ::tcsetattr(output_, TCSANOW, &modes);
  entered_ = true;
}

void Tty::leave() {
  if (!entered_) return;
  entered_ = false;
  const NoBackgroundStop guard;
  ::tcsetattr(output_, TCSANOW, &before_);
  disarm_crash_guard();
}

void Tty::on_crash(std::string_view farewell) { arm_crash_guard(output_, before_, farewell); }

Size Tty::size() const {
  winsize size{};
  if (::ioctl(output_, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

int Tty::input() const { return STDIN_FILENO; }

bool Tty::in_foreground() const {
  const auto group = ::tcgetpgrp(output_);
  return group < 0 || group == ::getpgrp();  // unknown: not our controlling terminal, so nobody else's
}

bool Tty::flush() {
  while (!waiting_.empty() && !gone_) {
    const TerminalWrite turn;
    if (!turn.allowed()) return false;
    const auto written = ::write(output_, waiting_.data(), waiting_.size());
    if (written > 0) {
      waiting_.erase(0, static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      return true;
    } else if (errno != EINTR) {
      gone_ = true;
    }
  }
  return !gone_;
}

bool Tty::flush_within(Duration limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  ::tcflow(output_, TCOOFF);
  ::tcflow(output_, TCOON);  // goes on after Ctrl-S
  while (flush() && waiting()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    if (left <= 0) return false;
    pollfd writable{.fd = output_, .events = POLLOUT, .revents = 0};
    ::poll(&writable, 1, static_cast<int>(std::min<std::int64_t>(left, 100)));
  }
  return !waiting();
}

}  // namespace yagura::console::terminal
