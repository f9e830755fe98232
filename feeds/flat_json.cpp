#include "feeds/flat_json.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace yagura::feeds {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighs = 0x8080808080808080;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
// A quote, a backslash, a control character or a byte beyond ASCII.
constexpr bool ends_plain_text(char c) { return c == '"' || c == '\\' || static_cast<signed char>(c) < 0x20; }

// The high bit of each byte that ends plain text. Above the first such byte there may be false ones: a
// subtraction borrows.
constexpr std::uint64_t ends_of_plain_text(std::uint64_t word) {
  const auto quote = word ^ (kOnes * '"');
  const auto backslash = word ^ (kOnes * '\\');
  return (word | ((word - kOnes * 0x20) & ~word) | ((quote - kOnes) & ~quote) | ((backslash - kOnes) & ~backslash)) &
         kHighs;
}

// Steps over a text that is never past its end. Each step is false when it meets something else.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool take(char c) {
    skip_space();
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  bool at_end() {
    skip_space();
    return at_ == end_;
  }
  bool string(std::string_view& out) {
    if (!take('"')) return false;
    const char* const begin = at_;
    skip_plain_text();
    if (at_ == end_ || *at_ != '"') return false;
    out = {begin, at_++};
    return true;
  }
  bool value(JsonScalar& out) {
    skip_space();
    if (at_ == end_) return false;
    switch (*at_) {
      case '"': out.kind = JsonKind::kString; return string(out.text);
      case 't': out.kind = JsonKind::kBool; return word("true", out.text);
      case 'f': out.kind = JsonKind::kBool; return word("false", out.text);
      case 'n': out.kind = JsonKind::kNull; return word("null", out.text) && (out.text = {}, true);
      default: out.kind = JsonKind::kNumber; return number(out.text);
    }
  }

 private:
  void skip_space() {
    while (at_ != end_ && is_space(*at_)) ++at_;
  }
  void skip_plain_text() {
    if constexpr (std::endian::native == std::endian::little) {
      while (end_ - at_ >= 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, at_, sizeof eight);
        const auto ends = ends_of_plain_text(eight);
        if (ends != 0) {
          at_ += std::countr_zero(ends) / 8;
          return;
        }
        at_ += 8;
      }
    }
    while (at_ != end_ && !ends_plain_text(*at_)) ++at_;
  }
  bool word(std::string_view wanted, std::string_view& out) {
    out = {at_, static_cast<std::size_t>(end_ - at_)};
    if (!out.starts_with(wanted)) return false;
    out = out.substr(0, wanted.size());
    at_ += wanted.size();
    return true;
  }
  bool digits() {
    const char* const begin = at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return at_ != begin;
  }
  bool next_is(char c) const { return at_ != end_ && *at_ == c; }
  // By RFC 8259. What follows it is the next step's business.
  bool number(std::string_view& out) {
    const char* const begin = at_;
    if (next_is('-')) ++at_;
    const char* const whole = at_;
    if (!digits() || (*whole == '0' && at_ - whole > 1)) return false;
    if (next_is('.')) {
      ++at_;
      if (!digits()) return false;
    }
    if (next_is('e') || next_is('E')) {
      ++at_;
      if (next_is('+') || next_is('-')) ++at_;
      if (!digits()) return false;
    }
    out = {begin, at_};
    return true;
  }

  const char* at_;
  const char* const end_;
};

}  // namespace

bool read_flat_json(std::string_view text, std::span<const JsonField> fields) noexcept {
  Scanner scan{text};
  if (!scan.take('{')) return false;
  if (scan.take('}')) return scan.at_end();
  JsonScalar unknown;
  std::size_t likely = 0;  // vendors keep an order, and codecs name their fields in it
  do {
    std::string_view key;
    if (!scan.string(key) || !scan.take(':')) return false;
    JsonScalar* target = &unknown;
    for (std::size_t tried = 0; tried < fields.size(); ++tried) {
      const auto& field = fields[likely];
      likely = likely + 1 == fields.size() ? 0 : likely + 1;
      if (field.name != key) continue;
      target = field.value;
      break;
    }
    if (!scan.value(*target)) return false;
  } while (scan.take(','));
  return scan.take('}') && scan.at_end();
}

}  // namespace yagura::feeds
