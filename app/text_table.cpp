#include "app/text_table.hpp"

#include <algorithm>
#include <cstdint>

namespace yagura::app {
namespace {

constexpr std::string_view kGap = "  ";

// Wide and fullwidth characters, in the large blocks (Unicode Standard Annex 11).
bool is_wide(std::uint32_t code) {
  return (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
         (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
         (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
         (code >= 0xFFE0 && code <= 0xFFE6) || (code >= 0x20000 && code <= 0x3FFFD);
}

// By its first byte, as UTF-8 has it.
std::size_t bytes_of_character(unsigned char lead) {
  if (lead < 0xC0) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

std::string padded(const std::string& cell, std::size_t width, Align align) {
  const auto has = display_width(cell);
  const std::string space(width > has ? width - has : std::size_t{0}, ' ');
  return align == Align::kLeft ? cell + space : space + cell;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = bytes_of_character(lead);
    std::uint32_t code = lead;
    if (size > 1) code &= 0x7FU >> size;
    for (std::size_t k = 1; k < size && i + k < text.size(); ++k)
      code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    width += is_wide(code) ? 2U : 1U;
    i += size;
  }
  return width;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const auto space = text.find(' ');
    const auto word = text.substr(0, space);
    text = space == std::string_view::npos ? std::string_view{} : text.substr(space + 1);
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

TextTable::TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

void TextTable::row(std::vector<std::string> cells) { rows_.push_back({std::move(cells), false}); }

void TextTable::line(std::string text) { rows_.push_back({{std::move(text)}, true}); }

std::vector<std::size_t> TextTable::widths() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    auto width = display_width(columns_[i].head);
    for (const auto& row : rows_) {
      if (row.is_line || i >= row.cells.size()) continue;
      const auto wanted = display_width(row.cells[i]);
      if (i > 0 || wanted <= kWidestFirst) width = std::max(width, wanted);
    }
    widths.push_back(width);
  }
  return widths;
}

void TextTable::append(std::string& out, const std::vector<std::string>& cells,
                       const std::vector<std::size_t>& widths) const {
  std::string line;
  for (std::size_t i = 0; i < cells.size() && i < widths.size(); ++i) {
    if (i > 0) line += kGap;
    if (i == 0 && display_width(cells[i]) > widths[i]) {
      out += cells[i] + '\n';
      line += std::string(widths[i], ' ');
    } else {
      line += padded(cells[i], widths[i], columns_[i].align);
    }
  }
  line.resize(line.find_last_not_of(' ') + 1);
  out += line + '\n';
}

std::string TextTable::text(bool bold) const {
  const auto sizes = widths();
  std::vector<std::string> heads;
  for (const auto& column : columns_) heads.push_back(column.head);
  std::string out;
  append(out, heads, sizes);
  if (bold) out = "\x1b[1m" + out.substr(0, out.size() - 1) + "\x1b[0m\n";
  for (const auto& row : rows_) {
    if (row.is_line)
      out += row.cells.front() + '\n';
    else
      append(out, row.cells, sizes);
  }
  return out;
}

}  // namespace yagura::app
