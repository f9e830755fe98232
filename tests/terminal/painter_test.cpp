// The device under the terminal screen, on a real pseudo-terminal in a process of its own: what it was like before
// must be back, whatever the end.
#include "console/terminal/painter.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>  // login_tty

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <stdexcept>
#include <thread>

namespace yagura::console::terminal {
namespace {

constexpr const char* kIn = "\x1b[?1049h";   // xterm's other screen
constexpr const char* kOut = "\x1b[?1049l";  // and back

Frame frame_of(std::string text) {
  Frame frame;
  frame.lines.push_back({{std::move(text), Ink::kStrong}});
  return frame;
}

// What a child does with a painter on a terminal of 80 x 24, as seen from the other side.
struct Seen {
  std::string bytes;
  int status = 0;
  bool modes_changed = false;  // while it ran
  bool modes_back = false;
};

void child(const std::function<void(Painter&)>& act) {
  ::setenv("TERM", "xterm", 1);
  ::setenv("LC_ALL", "C.UTF-8", 1);
  use_locale_of_terminal();
  auto painter = Painter::open({});
  if (!painter) ::_exit(99);
  (*painter)->show(frame_of("up"));
  (*painter)->tty().flush_within(std::chrono::seconds{5});
  act(**painter);
  painter->reset();
  ::_exit(7);
}

Seen on_terminal(const std::function<void(Painter&)>& act) {
  winsize size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
  int master = -1;
  int slave = -1;
  if (::openpty(&master, &slave, nullptr, nullptr, &size) != 0) return {};
  termios before{};
  ::tcgetattr(master, &before);
  const auto pid = ::fork();
  if (pid == 0) {
    ::close(master);
    ::login_tty(slave);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    child(act);
  }
  Seen seen;
  pollfd readable{.fd = master, .events = POLLIN, .revents = 0};
  const auto same = [&] {
    termios now{};
    ::tcgetattr(master, &now);
    return now.c_lflag == before.c_lflag && now.c_iflag == before.c_iflag;
  };
  for (bool ended = false; !ended || ::poll(&readable, 1, 0) > 0;) {
    if (::poll(&readable, 1, 10) > 0) {
      char chunk[4096];
      const auto count = ::read(master, chunk, sizeof chunk);
      if (count > 0) seen.bytes.append(chunk, static_cast<std::size_t>(count));
      if (seen.bytes.find("up") != std::string::npos) seen.modes_changed = seen.modes_changed || !same();
    }
    ended = ended || ::waitpid(pid, &seen.status, WNOHANG) == pid;
  }
  seen.modes_back = same();
  ::close(slave);
  ::close(master);
  return seen;
}

void expect_given_back(const Seen& seen) {
  EXPECT_TRUE(seen.modes_back);
  const auto in = seen.bytes.find(kIn);
  const auto out = seen.bytes.rfind(kOut);
  ASSERT_NE(in, std::string::npos);
  ASSERT_NE(out, std::string::npos);
  EXPECT_LT(seen.bytes.find("up"), out);
  EXPECT_NE(seen.bytes.find("up"), std::string::npos);
}

int run_over(int depth) {
  volatile char page[16'384];
  page[0] = static_cast<char>(depth);
  return depth == 0 ? 0 : run_over(depth - 1) + page[0];
}

TEST(PainterSpec, GivesTheTerminalBackInTheEnd) {
  const auto seen = on_terminal([](Painter&) {});
  EXPECT_EQ(seen.status, 7 << 8);
  expect_given_back(seen);
}

TEST(PainterSpec, GivesTheTerminalBackInACrash) {
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGABRT, SIGQUIT}) {
    SCOPED_TRACE(::strsignal(signal));
    const auto seen = on_terminal([signal](Painter&) { ::kill(::getpid(), signal); });
    ASSERT_TRUE(WIFSIGNALED(seen.status));
    EXPECT_EQ(WTERMSIG(seen.status), signal);
    expect_given_back(seen);
  }
}

TEST(PainterSpec, GivesTheTerminalBackBeforeAnExceptionIsReported) {
  const auto seen =
      on_terminal([](Painter&) { std::thread{[] { throw std::runtime_error("what went wrong"); }}.join(); });
  ASSERT_TRUE(WIFSIGNALED(seen.status));
  EXPECT_EQ(WTERMSIG(seen.status), SIGABRT);
  expect_given_back(seen);
  EXPECT_GT(seen.bytes.find("what went wrong"), seen.bytes.rfind(kOut));
}

TEST(PainterSpec, GivesTheTerminalBackWhenTheStackRanOver) {
  const auto seen = on_terminal([](Painter&) { run_over(std::numeric_limits<int>::max()); });
  ASSERT_TRUE(WIFSIGNALED(seen.status));
  EXPECT_EQ(WTERMSIG(seen.status), SIGSEGV);
  expect_given_back(seen);
}

TEST(PainterSpec, CommandsInATextAreShownNotObeyed) {
  const auto seen = on_terminal([](Painter& painter) {
    painter.show(
        frame_of("a\x1b[2Jb\r\nc\xc2\x9b"
                 "2J\xe2\x80\xae"
                 "d"));
    painter.tty().flush_within(std::chrono::seconds{5});
  });
  EXPECT_EQ(seen.bytes.find("\x1b[2Jb"), std::string::npos);
  EXPECT_EQ(seen.bytes.find("\xc2\x9b"), std::string::npos);
  EXPECT_NE(seen.bytes.find("a[2Jb"), std::string::npos);
}

TEST(PainterSpec, OnlyWhatChangedIsWritten) {
  const auto seen = on_terminal([](Painter& painter) {
    Frame frame;
    for (int row = 0; row < 24; ++row) frame.lines.push_back({{std::string(79, 'x'), Ink::kPlain}});
    painter.show(frame);
    frame.lines[12][0].text[40] = 'Y';
    painter.show(frame);
    painter.tty().flush_within(std::chrono::seconds{5});
  });
  EXPECT_LT(seen.bytes.size(), 24U * 79 + 400);
  EXPECT_NE(seen.bytes.find('Y'), std::string::npos);
}

}  // namespace
}  // namespace yagura::console::terminal
