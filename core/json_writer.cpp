#include "core/json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace yagura {
namespace {

// Length of the valid UTF-8 sequence at the front of `text`; 0 when it is not valid.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continuation = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continuation(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : 0xBF;
    return continuation(1, low, high) && continuation(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
    return continuation(1, low, high) && continuation(2) && continuation(3) ? 4 : 0;
  }
  return 0;
}

// Bytes that stand for themselves in a JSON string: ASCII without controls, quote and backslash.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x7f; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

// The character of a valid UTF-8 sequence of two or three bytes.
unsigned decoded(std::string_view sequence) {
  const auto bits = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]) & 0x3FU; };
  if (sequence.size() == 2) return (bits(0) & 0x1FU) << 6 | bits(1);
  return (bits(0) & 0x0FU) << 12 | bits(1) << 6 | bits(2);
}

// C1 controls, line ends beyond ASCII and the marks that turn text around: a terminal that is shown JSON must
// not obey them, so they are escaped.
bool is_command(std::string_view sequence) {
  const auto lead = static_cast<unsigned char>(sequence[0]);
  if (lead != 0xC2 && lead != 0xD8 && lead != 0xE2) return false;
  const auto code = decoded(sequence);
  return (code >= 0x80 && code < 0xA0) || code == 0x061C || code == 0x200E || code == 0x200F ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

// Bytes at the front that stand as they are, characters beyond ASCII among them.
std::size_t plain_run(std::string_view text) {
  std::size_t run = 0;
  while (run < text.size()) {
    const auto c = static_cast<unsigned char>(text[run]);
    const std::size_t length = kPlain[c] ? 1 : c < 0x80 ? 0 : utf8_length(text.substr(run));
    if (length == 0 || (length > 1 && is_command(text.substr(run, length)))) break;
    run += length;
  }
  return run;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  out += '"';
  while (true) {
    const std::size_t run = plain_run(text);
    out.append(text.data(), run);
    text.remove_prefix(run);
    if (text.empty()) break;
    const auto c = static_cast<unsigned char>(text.front());
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c < 0x20 || c == 0x7f) {
      switch (c) {
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
          out += "\\u00";
          out += kDigits[c >> 4];
          out += kDigits[c & 15];
      }
    } else if (const auto length = utf8_length(text); length != 0) {
      const auto code = decoded(text.substr(0, length));
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[code >> shift & 15];
      text.remove_prefix(length - 1);
    } else {
      out += "\xEF\xBF\xBD";
    }
    text.remove_prefix(1);
  }
  out += '"';
}

void JsonWriter::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_json_string(out_, name);
  out_ += ':';
  first_ = true;  // the value that follows takes no comma
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  append_json_string(out_, text);
  return *this;
}

JsonWriter& JsonWriter::value(bool flag) {
  separate();
  out_ += flag ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t number) {
  separate();
  char text[24];
  out_.append(text, std::to_chars(text, text + sizeof text, number).ptr);
  return *this;
}

JsonWriter& JsonWriter::natural(std::uint64_t number) {
  separate();
  char text[24];
  out_.append(text, std::to_chars(text, text + sizeof text, number).ptr);
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  separate();
  char text[40];
  out_.append(text, std::to_chars(text, text + sizeof text, number).ptr);
  return *this;
}

JsonWriter& JsonWriter::value(Price price) {
  separate();
  char text[kMaxPriceChars + 2];
  text[0] = '"';
  char* end = write_price(text + 1, price.raw());
  *end++ = '"';
  out_.append(text, end);
  return *this;
}

JsonWriter& JsonWriter::value(PriceDelta delta) { return value(Price::from_raw(delta.raw())); }

JsonWriter& JsonWriter::null() {
  separate();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace yagura
