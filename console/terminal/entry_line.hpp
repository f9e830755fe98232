// A line of text being written: whole characters, at most kMost of them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "console/terminal/key.hpp"

namespace yagura::console::terminal {

class EntryLine {
 public:
  static constexpr std::size_t kMost = 200;

  void set(std::string_view utf8);  // the cursor behind it
  // Characters, backspace, delete, left, right, home, end, Ctrl-U (all away) and Ctrl-W (a word away).
  void on_key(Key key);

  [[nodiscard]] std::string text() const;           // UTF-8
  [[nodiscard]] std::string before_cursor() const;  // UTF-8

 private:
  // A character with what combines with it.
  [[nodiscard]] std::size_t left_of(std::size_t at) const;
  [[nodiscard]] std::size_t right_of(std::size_t at) const;

  [[nodiscard]] std::size_t word_before() const;
  void insert(char32_t character);
  void remove(std::size_t from, std::size_t to);

  std::vector<char32_t> characters_;
  std::size_t cursor_ = 0;
};

}  // namespace yagura::console::terminal
