#include "console/terminal/signals.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>

namespace yagura::console::terminal {
namespace {

// What a handler may touch. The descriptor is made once and kept: a late handler must not find another's.
std::atomic<int> event{-1};
std::array<std::atomic<bool>, 65> came;

void ring() {
  const int error = errno;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event.load(), &one, sizeof one);
  errno = error;
}

void on_signal(int signal) {
  came[static_cast<std::size_t>(signal)].store(true);
  ring();
}

void handle(int signal, struct sigaction* before) {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, before);
}

}  // namespace

SignalWatch::SignalWatch(std::initializer_list<int> signals) {
  if (event.load() < 0) event.store(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  for (const int signal : signals) {
    came[static_cast<std::size_t>(signal)].store(false);
    kept_.push_back({signal, {}});
    handle(signal, &kept_.back().before);
  }
}

SignalWatch::~SignalWatch() {
  for (const auto& kept : kept_) ::sigaction(kept.signal, &kept.before, nullptr);
}

int SignalWatch::fd() const { return event.load(); }

void SignalWatch::rest() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto taken = ::read(event.load(), &count, sizeof count);
}

bool SignalWatch::take(int signal) { return came[static_cast<std::size_t>(signal)].exchange(false); }

void SignalWatch::wake() noexcept { ring(); }

void SignalWatch::do_default(int signal) {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  ::sigaction(signal, &action, nullptr);
  ::raise(signal);  // to this thread: it comes before anything else here
  handle(signal, nullptr);
}

}  // namespace yagura::console::terminal
