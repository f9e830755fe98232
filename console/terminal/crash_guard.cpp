#include "console/terminal/crash_guard.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <ctime>
#include <exception>

namespace yagura::console::terminal {
namespace {

constexpr int kCrashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGABRT, SIGQUIT};

// All that a handler may look at. Two, so that the one in force is never written to.
struct WayBack {
  int fd = -1;
  termios modes{};
  std::array<char, 512> farewell{};
  std::size_t size = 0;
};
WayBack ways[2];
std::atomic<const WayBack*> way_back{nullptr};
std::atomic<bool> crashed{false};
std::atomic<bool> writing{false};

struct sigaction before[std::size(kCrashes)];
std::terminate_handler terminate_before = nullptr;
bool installed = false;
// A stack that ran over leaves none for its own handler. Of the arming thread alone: another thread whose
// stack runs over ends the process without a farewell.
alignas(16) std::array<std::byte, 65'536> crash_stack;

// Half a millisecond, forty times at most: the writes are not blocking.
void wait_for_writer() {
  const timespec pause{.tv_sec = 0, .tv_nsec = 500'000};
  for (int i = 0; i < 40 && writing.load(); ++i) ::nanosleep(&pause, nullptr);
}

void say_farewell(const WayBack& way) {
  const char* text = way.farewell.data();
  for (std::size_t left = way.size; left > 0;) {
    pollfd writable{.fd = way.fd, .events = POLLOUT, .revents = 0};
    if (::poll(&writable, 1, 200) <= 0) return;
    const auto written = ::write(way.fd, text, left);
    if (written <= 0) return;
    text += written;
    left -= static_cast<std::size_t>(written);
  }
}

// Async-signal-safe.
void give_back() {
  crashed.store(true);
  const auto* const way = way_back.exchange(nullptr);
  if (way == nullptr) return;
  wait_for_writer();
  // After Ctrl-S nothing would go out.
  ::tcflow(way->fd, TCOOFF);
  ::tcflow(way->fd, TCOON);
  say_farewell(*way);
  ::tcsetattr(way->fd, TCSANOW, &way->modes);
}

void on_crash(int signal) {
  give_back();
  for (std::size_t i = 0; i < std::size(kCrashes); ++i) {
    if (kCrashes[i] == signal) ::sigaction(signal, &before[i], nullptr);
  }
  ::raise(signal);  // comes when this handler has returned
}

[[noreturn]] void on_terminate() {
  give_back();  // first, so that what is said about the exception can be read
  if (terminate_before != nullptr) terminate_before();
  std::abort();
}

void install() {
  if (installed) return;
  installed = true;
  stack_t stack{};
  stack.ss_sp = crash_stack.data();
  stack.ss_size = crash_stack.size();
  ::sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = on_crash;
  action.sa_flags = SA_ONSTACK;
  ::sigfillset(&action.sa_mask);  // SIGTTOU as well: modes can be set from the background
  for (std::size_t i = 0; i < std::size(kCrashes); ++i) ::sigaction(kCrashes[i], &action, &before[i]);
  terminate_before = std::set_terminate(on_terminate);
}

void uninstall() {
  if (!installed) return;
  installed = false;
  for (std::size_t i = 0; i < std::size(kCrashes); ++i) ::sigaction(kCrashes[i], &before[i], nullptr);
  std::set_terminate(terminate_before);
}

}  // namespace

void arm_crash_guard(int fd, const termios& modes, std::string_view farewell) {
  auto& way = way_back.load() == &ways[0] ? ways[1] : ways[0];
  way.fd = fd;
  way.modes = modes;
  way.size = std::min(farewell.size(), way.farewell.size());
  std::copy_n(farewell.data(), way.size, way.farewell.data());
  install();
  way_back.store(&way);
}

void disarm_crash_guard() {
  way_back.store(nullptr);
  uninstall();
}

TerminalWrite::TerminalWrite() noexcept : allowed_(true) {
  writing.store(true);
  allowed_ = !crashed.load();
}

TerminalWrite::~TerminalWrite() { writing.store(false); }

}  // namespace yagura::console::terminal
