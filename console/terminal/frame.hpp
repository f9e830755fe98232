// A screen as a value: lines of coloured text. Views make it, the painter shows it, tests compare it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yagura::console::terminal {

// What a piece of text means; the painter knows what that looks like, with colours or without.
enum class Ink : std::uint8_t {
  kPlain,
  kSoft,      // labels, what matters less
  kStrong,    // headings, prices
  kUp,        // above the previous close
  kDown,      // below it
  kCritical,  // severities
  kHigh,
  kLow,
  kInfo,
  kGood,  // states
  kWarn,
  kBad,
  kSelected,  // the line that keys act on
  kBar,       // title and key bars
  kAlarm,     // lost connection: not to be missed, without colour either
};

struct Span {
  std::string text;  // UTF-8 without control characters
  Ink ink = Ink::kPlain;
};

struct Size {
  int columns = 80;
  int rows = 24;
  friend bool operator==(const Size&, const Size&) = default;
};

struct Frame {
  std::vector<std::vector<Span>> lines;  // at most `rows`; none wider than `columns`
  struct Cursor {
    int column = 0, row = 0;
  };
  std::optional<Cursor> cursor;  // where text is being entered
};

// Columns that a text takes on a terminal: wide characters count two, combining ones none.
[[nodiscard]] int width_of(std::string_view utf8);

// The beginning of a text, as much as fits, never half a character.
[[nodiscard]] std::string_view fitting(std::string_view utf8, int columns);

// The text of a frame, a line each, trailing blanks away.
[[nodiscard]] std::string text_of(const Frame& frame);

}  // namespace yagura::console::terminal
