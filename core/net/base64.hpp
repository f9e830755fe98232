// Base64 (RFC 4648, section 4), strict: no spaces, padding required, no stray bits in the last
// character, so that every byte string has exactly one text.
#pragma once

#include <string>
#include <string_view>

namespace yagura::net {

// Replaces `out` with the bytes of `text`; false (and `out` unspecified) when it is not base64.
// Allocates only to grow `out`.
[[nodiscard]] bool decode_base64(std::string_view text, std::string& out);

void append_base64(std::string& out, std::string_view bytes);

}  // namespace yagura::net
