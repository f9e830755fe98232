// The terminal as a device: its modes, its size, and bytes to it that never make anybody wait. What it was like
// before comes back on every end that a program can see, a crash included (crash_guard.hpp).
#pragma once

#include <termios.h>

#include <memory>
#include <string>
#include <string_view>

#include "console/terminal/frame.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace yagura::console::terminal {

// Whether standard input and standard output are terminals.
[[nodiscard]] bool has_terminal();

// One thread.
class Tty {
 public:
  // The terminal of standard input and output.
  [[nodiscard]] static Result<std::unique_ptr<Tty>> open();
  ~Tty();
  Tty(const Tty&) = delete;
  Tty& operator=(const Tty&) = delete;

  // Keys come one by one and unseen; those that send signals or stop the output still do.
  void enter();
  // Modes as they were. Harmless when they are.
  void leave();
  // What a crash has to write to undo what was written since.
  void on_crash(std::string_view farewell);

  [[nodiscard]] Size size() const;
  [[nodiscard]] int input() const;
  [[nodiscard]] int output() const { return output_; }
  // Whether keys go to us: not after `bg`.
  [[nodiscard]] bool in_foreground() const;

  // To be written after what waits.
  void write(std::string_view text) { waiting_.append(text); }
  // Writes what the terminal takes at once; false when it is gone.
  bool flush();
  [[nodiscard]] bool waiting() const { return !waiting_.empty(); }
  // Writes what waits, also to a terminal that was stopped with Ctrl-S; false when that was not possible in time.
  bool flush_within(Duration limit);

 private:
  Tty(int output, bool owned, const termios& before) : output_(output), owned_(owned), before_(before) {}

  const int output_;
  const bool owned_;
  const termios before_;
  std::string waiting_;
  bool entered_ = false;
  bool gone_ = false;
};

}  // namespace yagura::console::terminal
