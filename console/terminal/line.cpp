#include "console/terminal/line.hpp"

#include <algorithm>
#include <utility>

#include "console/terminal/utf8.hpp"

namespace yagura::console::terminal {
namespace {

// `text` within `columns`, and the mark that something is missing.
std::string within(std::string_view text, int columns, bool unicode) {
  if (width_of(text) <= columns) return std::string{text};
  if (columns <= 0) return {};
  return std::string{fitting(text, columns - 1)} + (unicode ? "…" : "~");
}

std::string blanks(int columns) { return std::string(static_cast<std::size_t>(std::max(0, columns)), ' '); }

// Where a line that begins `text` and is as long as fits ends: behind a word, or between wide characters.
std::size_t break_of(std::string_view text, int columns) {
  const auto fits = fitting(text, columns);
  if (fits.size() == text.size() || text[fits.size()] == ' ') return fits.size();
  for (std::size_t at = fits.size(); at > 0; --at) {
    if (fits[at - 1] == ' ' || static_cast<unsigned char>(fits[at - 1]) >= 0x80) return at;
  }
  return fits.size();
}

}  // namespace

void Line::put(std::string text, Ink ink) {
  if (text.empty()) return;
  width_ += width_of(text);
  if (!spans_.empty() && spans_.back().ink == ink)
    spans_.back().text += text;
  else
    spans_.push_back({std::move(text), ink});
}

Line& Line::add(std::string_view text, Ink ink) {
  put(shown(text, unicode_), ink);
  return *this;
}

Line& Line::cell(std::string_view text, int columns, Ink ink) {
  auto fitted = within(shown(text, unicode_), columns, unicode_);
  const int rest = columns - width_of(fitted);
  put(std::move(fitted), ink);
  put(blanks(rest), Ink::kPlain);
  return *this;
}

Line& Line::right(std::string_view text, int columns, Ink ink) {
  auto fitted = within(shown(text, unicode_), columns, unicode_);
  put(blanks(columns - width_of(fitted)), Ink::kPlain);
  put(std::move(fitted), ink);
  return *this;
}

Line& Line::to(int column, Ink ink) {
  put(blanks(column - width_), ink);
  return *this;
}

Line& Line::rule(int column, Ink ink) {
  std::string text;
  for (int i = width_; i < column; ++i) text += unicode_ ? "─" : "-";
  put(std::move(text), ink);
  return *this;
}

Line& Line::append(const Line& other) {
  for (const auto& span : other.spans_) put(span.text, span.ink);
  return *this;
}

Line& Line::all(Ink ink) {
  for (const auto& span : std::exchange(spans_, {})) {
    width_ -= width_of(span.text);
    put(span.text, ink);
  }
  return *this;
}

Line& Line::cut(int columns) {
  if (width_ <= columns) return *this;
  int left = columns - 1;
  width_ = 0;
  for (const auto& span : std::exchange(spans_, {})) {
    const auto fits = fitting(span.text, left);
    left -= width_of(fits);
    put(std::string{fits}, span.ink);
    if (fits.size() == span.text.size()) continue;
    put(unicode_ ? "…" : "~", span.ink);
    break;
  }
  if (columns < 1) spans_.clear();
  return *this;
}

void keep_first(Lines& lines, int rows) {
  const auto most = std::min(lines.size(), static_cast<std::size_t>(std::max(0, rows)));
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(most), lines.end());
}

Lines flowed(const Lines& parts, int columns, int indent, bool unicode) {
  Lines lines;
  bool begun = false;
  for (const auto& part : parts) {
    if (part.width() == 0) continue;
    if (begun && lines.back().width() + 2 + part.width() > columns) begun = false;
    if (begun)
      lines.back().add("  ");
    else
      lines.emplace_back(unicode).to(indent);
    lines.back().append(part);
    begun = true;
  }
  return lines;
}

std::vector<std::string> wrapped(std::string_view text, int columns, std::size_t most) {
  std::vector<std::string> lines;
  while (!text.empty() && lines.size() < most && columns > 1) {
    if (lines.size() + 1 == most) {
      lines.push_back(within(text, columns, true));
      break;
    }
    const auto end = std::max<std::size_t>(1, break_of(text, columns));
    auto line = text.substr(0, end);
    text.remove_prefix(end);
    line.remove_suffix(line.size() - (line.find_last_not_of(' ') + 1));
    lines.emplace_back(line);
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ')));
  }
  return lines;
}

}  // namespace yagura::console::terminal
