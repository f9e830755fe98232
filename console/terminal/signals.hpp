// Signals of the process as something a loop can wait for.
#pragma once

#include <csignal>
#include <initializer_list>
#include <vector>

namespace yagura::console::terminal {

// Handles these signals as long as it lives; one at a time in a process. wake() may be called from any
// thread, the rest from one.
class SignalWatch {
 public:
  explicit SignalWatch(std::initializer_list<int> signals);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  // Readable when a signal came or somebody called wake().
  [[nodiscard]] int fd() const;
  // Makes fd() wait again; before the signals are looked at.
  void rest();
  // Whether it came since the last time this was asked.
  [[nodiscard]] bool take(int signal);
  void wake() noexcept;

  // What the signal would do without us, done now: SIGTSTP stops the process, and this returns when it goes on.
  void do_default(int signal);

 private:
  struct Kept {
    int signal;
    struct sigaction before;
  };
  std::vector<Kept> kept_;
};

}  // namespace yagura::console::terminal
