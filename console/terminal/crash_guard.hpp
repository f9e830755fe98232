// Gives the terminal back when the process dies of itself. SIGKILL cannot be caught: then `reset` helps.
#pragma once

#include <termios.h>

#include <string_view>

namespace yagura::console::terminal {

// From now on a crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGABRT, SIGQUIT, std::terminate) first writes
// `farewell` to the terminal and sets its modes, then goes the way it would have gone, so that the exit
// status tells the signal; a stack that runs over is caught in the arming thread alone. `fd` is not blocking and stays
// open until disarm(). What is beyond 512 bytes of `farewell` is left out. Called again it replaces what was to be
// done. One terminal a process; arm() and disarm() are for one thread.
void arm_crash_guard(int fd, const termios& modes, std::string_view farewell);
void disarm_crash_guard();

// For the time of a write to that terminal: a crash elsewhere waits for it, and nothing is written after the
// farewell. Not to be nested.
class TerminalWrite {
 public:
  TerminalWrite() noexcept;
  ~TerminalWrite();
  TerminalWrite(const TerminalWrite&) = delete;
  TerminalWrite& operator=(const TerminalWrite&) = delete;
  [[nodiscard]] bool allowed() const noexcept { return allowed_; }

 private:
  bool allowed_;
};

}  // namespace yagura::console::terminal
