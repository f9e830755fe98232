// Shows frames on a terminal with as few bytes as ncurses finds, and reads keys. The one place that knows ncurses.
#pragma once

#include <memory>
#include <optional>

#include "console/terminal/frame.hpp"
#include "console/terminal/key.hpp"
#include "console/terminal/tty.hpp"
#include "core/result.hpp"

namespace yagura::console::terminal {

// Characters as the environment says (LC_ALL, LC_CTYPE, LANG). Before the first thread starts: it changes
// something that all share.
void use_locale_of_terminal();
// Whether that is UTF-8; else the screen keeps to ASCII.
[[nodiscard]] bool locale_is_utf8();

// One at a time in a process, and one thread. The destructor leaves the terminal as it was.
class Painter {
 public:
  struct Options {
    bool ascii = false;
    bool colour = true;      // as far as the terminal has any
    bool red_is_up = false;  // as in Japan
  };

  // Takes over the terminal. The error is one line.
  [[nodiscard]] static Result<std::unique_ptr<Painter>> open(Options options);
  ~Painter();
  Painter(const Painter&) = delete;
  Painter& operator=(const Painter&) = delete;

  [[nodiscard]] Size size() const;
  [[nodiscard]] bool unicode() const;  // not asked for ASCII, and the locale is UTF-8
  void on_resize();                    // the terminal may have another size now
  // Draws what is different. Bytes go to the terminal as it takes them: flush() again while tty().waiting().
  void show(const Frame& frame);
  void draw_anew();  // everything, with the next show(): the screen was disturbed

  // A key that was pressed, nullopt when there is none.
  [[nodiscard]] std::optional<Key> next_key();

  // Gives the terminal back for a while.
  void suspend();
  void resume();

  [[nodiscard]] Tty& tty();

 private:
  class Screen;
  explicit Painter(std::unique_ptr<Screen> screen);
  std::unique_ptr<Screen> screen_;
};

}  // namespace yagura::console::terminal
