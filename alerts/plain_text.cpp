#include "alerts/plain_text.hpp"

#include <algorithm>
#include <cstdint>

namespace yagura::alerts {
namespace {

struct Decoded {
  std::uint32_t code;
  std::size_t size;  // bytes taken; 0: not UTF-8
};

// The character at the front of `text`, which is not empty.
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {0, 0};
  std::uint32_t code = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {0, 0};
    code = code << 6 | (byte(i) & 0x3FU);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kSmallest[size] || code > 0x10FFFF || surrogate) return {0, 0};
  return {code, size};
}

// Controls, and the marks that turn the direction of what follows.
bool is_command(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C || code == 0x200E || code == 0x200F ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

bool is_blank(std::uint32_t code) {
  return code == '\n' || code == '\r' || code == '\t' || code == 0x2028 || code == 0x2029;
}

// The front of `text` that stands as it is whatever follows: ASCII without controls.
std::size_t plain_run(std::string_view text) {
  const auto is_plain = [](char c) { return c >= 0x20 && c < 0x7F; };
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
}

void add_cleaned(TextBuffer& out, std::string_view text, std::size_t max_chars, bool keep_lines) {
  std::size_t shown = std::min(plain_run(text), max_chars);
  out.add(text.substr(0, shown));
  text.remove_prefix(shown);
  while (!text.empty()) {
    const auto [code, size] = decode(text);
    const auto taken = text.substr(0, size == 0 ? 1 : size);
    const bool line_end = keep_lines && code == '\n' && size != 0;
    text.remove_prefix(taken.size());
    if (size != 0 && is_command(code) && !is_blank(code)) continue;
    if (keep_lines && code == '\r' && text.starts_with('\n')) continue;
    if (shown++ == max_chars) return out.add("…");
    if (size == 0)
      out.add('?');
    else if (is_blank(code))
      out.add(line_end ? '\n' : ' ');
    else
      out.add(taken);
  }
}

std::string cleaned(std::string_view text, std::size_t max_chars, bool keep_lines) {
  return written([=](TextBuffer& out) { add_cleaned(out, text, max_chars, keep_lines); });
}

}  // namespace

void add_printable(TextBuffer& out, std::string_view text, std::size_t max_chars) {
  add_cleaned(out, text, max_chars, false);
}
std::string printable(std::string_view text, std::size_t max_chars) { return cleaned(text, max_chars, false); }
std::string printable_lines(std::string_view text, std::size_t max_chars) { return cleaned(text, max_chars, true); }

std::string html_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace yagura::alerts
