#include "core/net/clean_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <vector>

namespace yagura::net {
namespace {

// Length of the well-formed UTF-8 character at the front; 0 when there is none.
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xc2 && lead < 0xe0   ? 2
                           : (lead & 0xf0) == 0xe0       ? 3
                           : lead >= 0xf0 && lead < 0xf5 ? 4
                                                         : 0;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  // Overlong forms, surrogates and what lies beyond U+10FFFF.
  if ((lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xed && byte(1) > 0x9f)) return 0;
  if ((lead == 0xf0 && byte(1) < 0x90) || (lead == 0xf4 && byte(1) > 0x8f)) return 0;
  return size;
}

bool is_control(std::string_view character) {
  const auto lead = static_cast<std::uint8_t>(character[0]);
  if (character.size() == 1) return lead < 0x20 || lead == 0x7f;
  return character.size() == 2 && lead == 0xc2 && static_cast<std::uint8_t>(character[1]) < 0xa0;  // C1
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

// The character that a JSON escape at the beginning of `text` stands for, if it is ASCII, and the
// escape's length; 0 for none.
std::size_t read_escape(std::string_view text, char& to) {
  constexpr std::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
  if (text.size() < 2 || text[0] != '\\') return 0;
  if (const auto name = kNames.find(text[1]); name != std::string_view::npos) {
    to = kMeanings[name];
    return 2;
  }
  unsigned code = 0;
  if (text[1] != 'u' || text.size() < 6) return 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, code, 16);
  if (error != std::errc{} || end != text.data() + 6 || code > 0x7f) return 0;
  to = static_cast<char>(code);
  return 6;
}

// How much of the beginning of `text` is `secret` as some writer of JSON may have put it; 0: it is not.
std::size_t escaped_size(std::string_view text, std::string_view secret) {
  std::size_t at = 0;
  for (const char wanted : secret) {
    char found = 0;
    auto size = read_escape(text.substr(at), found);
    if (size == 0 && at < text.size()) {
      found = text[at];
      size = 1;
    }
    if (size == 0 || found != wanted) return 0;
    at += size;
  }
  return at;
}

}  // namespace

std::string clean_text(std::string_view text, std::size_t limit) {
  std::string clean;
  while (!text.empty()) {
    const auto size = character_size(text);
    const std::string_view character = size == 0 ? "?" : is_control(text.substr(0, size)) ? " " : text.substr(0, size);
    if (clean.size() + character.size() > limit) return clean + "…";
    clean += character;
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return clean;
}

void redact_secrets(std::string& text, std::span<const std::string> secrets) {
  constexpr std::string_view kMask = "REDACTED";
  // The longest first: one secret may be the beginning of another.
  std::vector<std::string_view> longest_first(secrets.begin(), secrets.end());
  std::sort(longest_first.begin(), longest_first.end(),
            [](std::string_view a, std::string_view b) { return a.size() > b.size(); });
  for (const auto secret : longest_first) {
    if (secret.empty()) continue;
    replace_all(text, secret, kMask);
    if (text.find('\\') == std::string::npos) continue;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (const auto size = escaped_size(std::string_view{text}.substr(at), secret); size != 0)
        text.replace(at, size, kMask);
    }
  }
}

}  // namespace yagura::net
