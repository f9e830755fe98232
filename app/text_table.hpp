// Tables and paragraphs for a terminal or a file: aligned by what is seen, not by bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace yagura::app {

inline constexpr std::size_t kPageWidth = 100;

// Columns that a text takes on a terminal: two for East Asian wide characters. UTF-8.
[[nodiscard]] std::size_t display_width(std::string_view text);

// `text` in lines of at most `width` columns, broken at spaces; a longer word keeps a line to itself.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t width);

enum class Align : std::uint8_t { kLeft, kRight };

class TextTable {
 public:
  struct Column {
    std::string head;
    Align align = Align::kRight;
  };
  explicit TextTable(std::vector<Column> columns);

  // As many cells as columns, or fewer. A first cell wider than kWidestFirst stands on a line of
  // its own above the others.
  void row(std::vector<std::string> cells);
  // A line across the columns.
  void line(std::string text);

  static constexpr std::size_t kWidestFirst = 26;

  // Two spaces between columns, nothing behind the last; every line ends with a line end. `bold`:
  // the heads in bold, for a terminal.
  [[nodiscard]] std::string text(bool bold) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    bool is_line = false;
  };
  [[nodiscard]] std::vector<std::size_t> widths() const;
  void append(std::string& out, const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace yagura::app
