#include "core/json_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/digits.hpp"

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

constexpr std::size_t kShort = 60;

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

template <class Word>
std::uint64_t load(const char* at) {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Whether eight bytes are all plain ASCII: none beyond it, no control, quote or backslash.
bool eight_plain(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHigh = 0x8080808080808080;
  const auto zero_in = [](std::uint64_t bytes) { return (bytes - kOnes) & ~bytes; };
  const auto bad = word | ((word - 0x20 * kOnes) & ~word) | zero_in(word ^ '"' * kOnes) | zero_in(word ^ '\\' * kOnes) |
                   zero_in(word ^ 0x7f * kOnes);
  return (bad & kHigh) == 0;
}

// Whether all of it is plain ASCII. What is left of eights is looked at in words that overlap.
bool all_plain(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (; end - at >= 8; at += 8) {
    if (!eight_plain(load<std::uint64_t>(at))) return false;
  }
  if (at == end) return true;
  if (text.size() >= 8) return eight_plain(load<std::uint64_t>(end - 8));
  if (text.size() >= 4) return eight_plain(load<std::uint32_t>(at) | load<std::uint32_t>(end - 4) << 32);
  return std::all_of(at, end, [](char c) { return kPlain[static_cast<unsigned char>(c)]; });
}

// Most characters of Japanese: three bytes that are valid whatever they are.
bool is_plain_kanji(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  return text.size() >= 3 && byte(0) >= 0xE3 && byte(0) <= 0xEC && (byte(1) & 0xC0U) == 0x80 &&
         (byte(2) & 0xC0U) == 0x80;
}

// Bytes at the front that stand as they are, characters beyond ASCII among them.
std::size_t plain_run(std::string_view text) {
  std::size_t run = 0;
  while (run < text.size()) {
    while (text.size() - run >= 8 && eight_plain(load<std::uint64_t>(text.data() + run))) run += 8;
    if (run == text.size()) break;
    const auto c = static_cast<unsigned char>(text[run]);
    if (kPlain[c]) {
      ++run;
    } else if (is_plain_kanji(text.substr(run))) {
      run += 3;
    } else {
      const std::size_t length = c < 0x80 ? 0 : utf8_length(text.substr(run));
      if (length == 0 || is_command(text.substr(run, length))) break;
      run += length;
    }
  }
  return run;
}

void put(std::string& out, std::string_view text) { out += text; }
void put(TextBuffer& out, std::string_view text) { out.add(text); }

// What stands for the character at the front of `text`, which is not plain; returns its size.
template <class Out>
std::size_t put_escaped(Out& out, std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto c = static_cast<unsigned char>(text.front());
  const auto length = c < 0x80 ? 1 : utf8_length(text);
  if (length == 0) {
    put(out, "\xEF\xBF\xBD");
    return 1;
  }
  switch (c) {
    case '"': put(out, "\\\""); return 1;
    case '\\': put(out, "\\\\"); return 1;
    case '\n': put(out, "\\n"); return 1;
    case '\r': put(out, "\\r"); return 1;
    case '\t': put(out, "\\t"); return 1;
    default: break;
  }
  const unsigned code = length == 1 ? c : decoded(text.substr(0, length));
  char escape[] = "\\u0000";
  for (std::size_t i = 0; i < 4; ++i) escape[5 - i] = kDigits[code >> 4 * i & 15];
  put(out, {escape, 6});
  return length;
}

template <class Out>
void put_json_string(Out& out, std::string_view text) {
  put(out, "\"");
  while (true) {
    const std::size_t run = plain_run(text);
    put(out, text.substr(0, run));
    text.remove_prefix(run);
    if (text.empty()) break;
    text.remove_prefix(put_escaped(out, text));
  }
  put(out, "\"");
}

// A key or a value with its comma. Short plain words are nearly all of them: they go out in one piece.
void put_quoted(std::string& out, bool first, std::string_view text, std::string_view after) {
  if (text.size() > kShort || !all_plain(text)) {
    if (!first) out += ',';
    put_json_string(out, text);
    out += after;
    return;
  }
  char piece[kShort + 4];
  char* at = piece;
  if (!first) *at++ = ',';
  *at++ = '"';
  at = std::copy(text.begin(), text.end(), at);
  *at++ = '"';
  at = std::copy(after.begin(), after.end(), at);
  out.append(piece, at);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) { put_json_string(out, text); }
void append_json_string(TextBuffer& out, std::string_view text) { put_json_string(out, text); }

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
  put_quoted(out_, first_, name, ":");
  first_ = true;  // the value that follows takes no comma
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  put_quoted(out_, first_, text, "");
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::value(bool flag) {
  separate();
  out_ += flag ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t number) {
  separate();
  char text[kMaxIntegerChars];
  out_.append(text, write_integer(text, number));
  return *this;
}

JsonWriter& JsonWriter::natural(std::uint64_t number) {
  separate();
  char text[kMaxIntegerChars];
  out_.append(text, write_number(text, number));
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
