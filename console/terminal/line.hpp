// A line of the screen while it is written. What it is given is made fit to be shown, whoever wrote it:
// no view has another way to the screen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "console/terminal/frame.hpp"

namespace yagura::console::terminal {

class Line {
 public:
  explicit Line(bool unicode) : unicode_(unicode) {}

  Line& add(std::string_view text, Ink ink = Ink::kPlain);
  // Cut or filled up to `columns`; right: the text stands at the right end.
  Line& cell(std::string_view text, int columns, Ink ink = Ink::kPlain);
  Line& right(std::string_view text, int columns, Ink ink = Ink::kPlain);
  Line& to(int column, Ink ink = Ink::kPlain);   // blanks up to there
  Line& rule(int column, Ink ink = Ink::kSoft);  // a horizontal line up to there
  Line& append(const Line& other);
  Line& all(Ink ink);  // everything so far
  // At most `columns`; where something is cut away a mark says so.
  Line& cut(int columns);

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] bool unicode() const { return unicode_; }
  [[nodiscard]] const std::vector<Span>& spans() const { return spans_; }

 private:
  void put(std::string text, Ink ink);

  bool unicode_;
  int width_ = 0;
  std::vector<Span> spans_;
};

using Lines = std::vector<Line>;
void keep_first(Lines& lines, int rows);  // what is beyond them goes

// Parts one behind the other, two blanks between them, as many in a line as fit; further lines begin at
// `indent`.
[[nodiscard]] Lines flowed(const Lines& parts, int columns, int indent, bool unicode);

// `text` broken into lines of at most `columns`, between words where it can be; at most `most` lines, the
// last of which then ends with a mark.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, int columns, std::size_t most);

}  // namespace yagura::console::terminal
