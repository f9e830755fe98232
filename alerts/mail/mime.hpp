// The parts of a mail's format: header words (RFC 2047), bodies (RFC 2045), dates (RFC 5322).
#pragma once

#include <string>
#include <string_view>

#include "core/time.hpp"

namespace yagura::alerts {

// Appends "Name: value" and CR LF. Control characters become spaces, so a value cannot begin another
// header; what is not plain ASCII is written in encoded words, lines are folded at 76 characters.
void append_header(std::string& out, std::string_view name, std::string_view value);

// A name before an address: as it is, or in encoded words.
[[nodiscard]] std::string mail_phrase(std::string_view name);

// `text` as it can stand in a body: valid UTF-8, no control characters but line ends and tabs, nor the
// marks that turn the direction of text. Line ends are LF.
[[nodiscard]] std::string body_text(std::string_view text);

// Appends a whole part: Content-Type with its charset, Content-Transfer-Encoding, the text. Quoted-printable,
// or base64 where most of it would be escapes.
void append_text_part(std::string& out, std::string_view content_type, std::string_view text);

void append_base64_lines(std::string& out, std::string_view bytes);

// "Mon, 09 Feb 2026 00:22:00 +0000".
[[nodiscard]] std::string mail_date(Timestamp t);

// "a@example.com" or "Name <a@example.com>".
struct MailAddress {
  std::string name;
  std::string address;
};
// Empty address: it is none. Stricter than the RFC: ASCII, one @, no quotes or comments.
[[nodiscard]] MailAddress parse_mail_address(std::string_view text);

}  // namespace yagura::alerts
