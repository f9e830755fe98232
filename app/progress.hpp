// How far long work has come, on a terminal and nowhere else: one line on stderr that is rewritten
// a few times a second and gone at the end. Plain characters, no colour, no escape codes.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "feeds/read_progress.hpp"

namespace yagura::app {

// "reading usdjpy.csv  [######......]  43 %  1.2 M ticks/s  3 s left", cut to `width` columns. A
// negative fraction is not known: no bar, no percent, no time left.
[[nodiscard]] std::string progress_line(const std::string& what, double fraction, std::uint64_t ticks,
                                        std::chrono::duration<double> elapsed, std::size_t width);

// One thread. Work that takes less than half a second shows nothing.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();  // clears the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // False when stderr is no terminal: then there is no need to call update().
  [[nodiscard]] bool visible() const { return visible_; }
  // `ticks` done so far, `fraction` of all the work. Asks the clock: call it every few thousand ticks.
  void update(double fraction, std::uint64_t ticks);
  // Removes the line, for somebody else's words; the next update shows it again.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  std::string what_;
  bool visible_;
  Clock::time_point start_;
  Clock::time_point next_;
  std::size_t shown_ = 0;  // columns on the screen
};

// Feeds it from a file that is read; empty when nobody would see it. `progress` outlives the reading.
[[nodiscard]] feeds::OnRead reading(Progress& progress);

}  // namespace yagura::app
