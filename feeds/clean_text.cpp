#include "feeds/clean_text.hpp"

#include <cstdint>

#include "core/json_writer.hpp"

namespace yagura::feeds {
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
  for (const auto& secret : secrets) {
    if (secret.empty()) continue;
    replace_all(text, secret, kMask);
    std::string quoted;
    append_json_string(quoted, secret);
    const auto inside = std::string_view{quoted}.substr(1, quoted.size() - 2);
    if (inside != secret) replace_all(text, inside, kMask);
  }
}

}  // namespace yagura::feeds
