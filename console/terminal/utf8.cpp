#include "console/terminal/utf8.hpp"

#include <fmt/format.h>

#include <array>
#include <clocale>
#include <cstdint>
#include <cwchar>
#include <utility>

namespace yagura::console::terminal {
namespace {

constexpr int kMostCombining = 2;  // in a row; more only climb into the lines above

// The characters of every language for the time of a call, and only for this thread.
class UnicodeLocale {
 public:
  UnicodeLocale() {
    static const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (unicode != nullptr) before_ = uselocale(unicode);
  }
  ~UnicodeLocale() {
    if (before_ != nullptr) uselocale(before_);
  }
  UnicodeLocale(const UnicodeLocale&) = delete;
  UnicodeLocale& operator=(const UnicodeLocale&) = delete;

 private:
  locale_t before_ = nullptr;
};

bool within(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

bool is_variant(char32_t c) { return within(c, 0xfe00, 0xfe0f) || within(c, 0xe0100, 0xe01ef); }

// ASCII for what our own words and the vendors' use; empty: none.
std::string_view ascii_of(char32_t c) {
  constexpr std::array<std::pair<char32_t, std::string_view>, 24> kRelatives{{
      {0x00a0, " "},   {0x00a3, "GBP"}, {0x00a5, "JPY"}, {0x00b1, "+-"}, {0x00b5, "u"},  {0x00b7, "."},
      {0x00d7, "x"},   {0x03b2, "b"},   {0x03bc, "u"},   {0x03c1, "r"},  {0x03c3, "s"},  {0x2010, "-"},
      {0x2013, "-"},   {0x2014, "-"},   {0x2018, "'"},   {0x2019, "'"},  {0x201c, "\""}, {0x201d, "\""},
      {0x2026, "..."}, {0x20ac, "EUR"}, {0x2190, "<"},   {0x2192, ">"},  {0x2212, "-"},  {0x5186, " yen"},
  }};
  for (const auto& [character, ascii] : kRelatives) {
    if (character == c) return ascii;
  }
  return {};
}

}  // namespace

Decoded decode(std::string_view utf8) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(utf8[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t size = within(lead, 0xc2, 0xdf)   ? 2
                           : within(lead, 0xe0, 0xef) ? 3
                           : within(lead, 0xf0, 0xf4) ? 4
                                                      : 0;
  if (size == 0 || utf8.size() < size) return {kReplacement, 1, false};
  char32_t c = lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {kReplacement, 1, false};
    c = c << 6U | (byte(i) & 0x3fU);
  }
  // Longer than need be, surrogates, and what lies beyond the last character.
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  if (c < kLeast[size] || within(c, 0xd800, 0xdfff) || c > 0x10ffff) return {kReplacement, 1, false};
  return {c, size, true};
}

void append(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (c > 0x10ffff || within(c, 0xd800, 0xdfff)) c = kReplacement;
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xc0 | c >> 6U);
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12U);
    put(0x80 | (c >> 6U & 0x3fU));
  } else {
    put(0xf0 | c >> 18U);
    put(0x80 | (c >> 12U & 0x3fU));
    put(0x80 | (c >> 6U & 0x3fU));
  }
  put(0x80 | (c & 0x3fU));
}

int width_of(char32_t c) {
  if (within(c, 0x20, 0x7e)) return 1;
  if (c < 0xa0) return -1;
  const UnicodeLocale locale;
  return wcwidth(static_cast<wchar_t>(c));
}

bool is_format_mark(char32_t c) {
  return c == 0xad || c == 0x61c || c == 0x180e || within(c, 0x200b, 0x200f) || within(c, 0x2028, 0x202e) ||
         within(c, 0x2060, 0x206f) || c == 0xfeff || within(c, 0xfff9, 0xfffb) || within(c, 0xe0000, 0xe007f);
}

std::string shown(std::string_view text, bool unicode) {
  std::string out;
  out.reserve(text.size());
  int combining = kMostCombining;  // nothing before the first character that it could combine with
  while (!text.empty()) {
    const auto [c, size, valid] = decode(text);
    text.remove_prefix(size);
    if (c < 0x20 || within(c, 0x7f, 0x9f)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
      combining = 0;
      continue;
    }
    if (c < 0x7f) {
      out += static_cast<char>(c);
      combining = 0;
      continue;
    }
    if (is_variant(c)) continue;
    const int width = width_of(c);
    const bool strange = width < 0 || is_format_mark(c);
    if (width == 0 && !strange) {
      if (unicode && combining++ < kMostCombining) append(out, c);
      continue;
    }
    combining = 0;
    if (unicode) {
      append(out, strange ? kReplacement : c);
    } else {
      const auto ascii = ascii_of(c);
      out += ascii.empty() ? "?" : ascii;
    }
  }
  return out;
}

}  // namespace yagura::console::terminal
