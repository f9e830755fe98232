#include "alerts/mail/mime.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>

#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

constexpr std::size_t kLine = 76;
// "Subject: =?UTF-8?B?" + 52 + "?=": 39 bytes of text fill 52 characters, within 76 after any of our names.
constexpr std::size_t kWordBytes = 39;
constexpr std::string_view kEnd = "\r\n";

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // it writes a zero behind
  const auto written =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(written));
  return out;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }
bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// The front of `text`, at most `limit` bytes, without cutting a character.
std::string_view whole_characters(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && is_continuation(text[limit])) --limit;
  return text.substr(0, limit);
}

// Whether folding at spaces is enough.
bool foldable(std::string_view value) {
  if (!is_ascii(value) || value.find("=?") != std::string_view::npos || value.starts_with(' ')) return false;
  std::size_t word = 0;
  for (const char c : value) {
    word = c == ' ' ? 0 : word + 1;
    if (word > kWordBytes) return false;
  }
  return true;
}

void append_folded(std::string& out, std::size_t column, std::string_view value) {
  for (bool first = true; !value.empty(); first = false) {
    const auto space = value.find(' ', 1);
    const auto word = value.substr(0, space);  // with the space before it
    if (!first && column + word.size() > kLine && word.find_first_not_of(' ') != std::string_view::npos) {
      out += kEnd;
      column = 0;
    }
    out += word;
    column += word.size();
    value.remove_prefix(word.size());
  }
}

void append_encoded_words(std::string& out, std::string_view value) {
  for (bool first = true; !value.empty(); first = false) {
    const auto piece = whole_characters(value, kWordBytes);
    out += first ? "" : "\r\n ";
    out += "=?UTF-8?B?" + base64(piece) + "?=";
    value.remove_prefix(piece.size());
  }
}

bool stands_for_itself(char c) { return (c >= ' ' && c <= '~' && c != '=') || c == '\t'; }

// RFC 2045, 6.7. Blanks at the end of a line are escaped: servers take them away.
void append_quoted_line(std::string& out, std::string_view line) {
  std::size_t column = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool last = i + 1 == line.size();
    const bool blank = line[i] == ' ' || line[i] == '\t';
    const bool plain = stands_for_itself(line[i]) && !(blank && last);
    const std::size_t width = plain ? 1 : 3;
    if (column + width > kLine - 1) {
      out += "=\r\n";
      column = 0;
    }
    if (plain)
      out += line[i];
    else
      out += fmt::format("={:02X}", static_cast<unsigned char>(line[i]));
    column += width;
  }
}

void append_quoted_printable(std::string& out, std::string_view text) {
  while (true) {
    const auto end = text.find('\n');
    append_quoted_line(out, text.substr(0, end));
    out += kEnd;
    if (end == std::string_view::npos || end + 1 == text.size()) return;
    text.remove_prefix(end + 1);
  }
}

std::string with_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

bool is_address(std::string_view text) {
  const auto at = text.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == text.size() || text.size() > 254) return false;
  return std::count(text.begin(), text.end(), '@') == 1 && std::none_of(text.begin(), text.end(), [](char c) {
           return c <= ' ' || c > '~' || std::string_view{"<>()[],;:\\\""}.find(c) != std::string_view::npos;
         });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

}  // namespace

void append_header(std::string& out, std::string_view name, std::string_view value) {
  const std::string clean = printable(value);
  out += fmt::format("{}: ", name);
  if (foldable(clean))
    append_folded(out, name.size() + 2, clean);
  else
    append_encoded_words(out, clean);
  out += kEnd;
}

std::string mail_phrase(std::string_view name) {
  const auto clean = printable(name, 60);
  const bool atoms = std::all_of(clean.begin(), clean.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ' ' || c == '-';
  });
  if (atoms) return clean;
  std::string words;
  append_encoded_words(words, clean);
  return words;
}

std::string body_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (true) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out += printable(line);
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

void append_text_part(std::string& out, std::string_view content_type, std::string_view text) {
  const auto escapes =
      std::count_if(text.begin(), text.end(), [](char c) { return c != '\n' && !stands_for_itself(c); });
  const bool quoted = static_cast<std::size_t>(escapes) * 4 <= text.size();
  out += fmt::format("Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: {}\r\n\r\n", content_type,
                     quoted ? "quoted-printable" : "base64");
  if (quoted)
    append_quoted_printable(out, text);
  else
    append_base64_lines(out, with_crlf(text));
}

void append_base64_lines(std::string& out, std::string_view bytes) {
  constexpr std::size_t kBytesPerLine = kLine / 4 * 3;
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, kBytesPerLine);
    out += base64(piece);
    out += kEnd;
    bytes.remove_prefix(piece.size());
  }
}

std::string mail_date(Timestamp t) {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto date = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day ymd{date};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(t - Timestamp{date}).count();
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", kDays[std::chrono::weekday{date}.c_encoding()],
                     static_cast<unsigned>(ymd.day()), kMonths[static_cast<unsigned>(ymd.month()) - 1],
                     static_cast<int>(ymd.year()), seconds / 3600, seconds / 60 % 60, seconds % 60);
}

MailAddress parse_mail_address(std::string_view text) {
  MailAddress parsed;
  if (printable(text) != text) return parsed;
  auto address = trimmed(text);
  if (address.ends_with('>')) {
    const auto open = address.find('<');
    if (open == std::string_view::npos) return {};
    parsed.name = printable(trimmed(address.substr(0, open)));
    address = address.substr(open + 1, address.size() - open - 2);
  }
  if (is_address(address)) parsed.address = address;
  return parsed;
}

}  // namespace yagura::alerts
