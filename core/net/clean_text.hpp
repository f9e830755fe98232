// Words of others, made fit for our screens, logs and files.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace yagura::net {

// `text` as one line of valid UTF-8 without control characters, at most `limit` bytes and then "…".
[[nodiscard]] std::string clean_text(std::string_view text, std::size_t limit = 200);

// Puts "REDACTED" in place of every secret, as it is or with any of its characters written as JSON escapes. Empty
// secrets are ignored.
void redact_secrets(std::string& text, std::span<const std::string> secrets);

}  // namespace yagura::net
