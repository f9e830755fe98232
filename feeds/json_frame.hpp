// The JSON of one text frame: plain ones are read in place (feeds/flat_json.hpp), all others by
// simdjson on demand over a buffer that is kept from frame to frame, so nothing is allocated once the
// largest frame has been seen.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "core/price.hpp"

namespace yagura::feeds {

enum class JsonKind : std::uint8_t { kMissing, kNull, kBool, kNumber, kString, kObject, kArray };

// A member's value as the frame has it. A number keeps its digits: it never becomes a double.
struct JsonScalar {
  JsonKind kind = JsonKind::kMissing;
  std::string_view text;  // of a string unescaped, of a number, true or false its token; else empty

  [[nodiscard]] bool missing() const { return kind == JsonKind::kMissing; }
  [[nodiscard]] bool absent() const { return missing() || kind == JsonKind::kNull; }
};

// Which member goes where. Of a member that occurs twice the last one counts.
struct JsonField {
  std::string_view name;
  JsonScalar* value;
};

// One owner at a time.
class JsonFrame {
 public:
  JsonFrame();
  ~JsonFrame();
  JsonFrame(const JsonFrame&) = delete;
  JsonFrame& operator=(const JsonFrame&) = delete;

  // Reads the members of the object that is all of `text`, in any order; others are checked and
  // skipped. Null when fine, else what is wrong: syntax anywhere in the frame, bytes that are not
  // UTF-8, anything after the object, nesting deeper than 64. The values point into `text` or this
  // object and live until the next call.
  [[nodiscard]] const char* read(std::string_view text, std::span<const JsonField> fields) noexcept;
  // The same by simdjson alone.
  [[nodiscard]] const char* read_in_full(std::string_view text, std::span<const JsonField> fields) noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A price given as a number or a string. Null, zero and a missing member leave `out` empty; false
// when there is something that is no price, or one out of range.
[[nodiscard]] bool read_price(const JsonScalar& value, std::optional<Price>& out) noexcept;

// An integer given as a number or a string; nullopt for anything else, 1.0 and overflow included.
[[nodiscard]] std::optional<std::int64_t> read_integer(const JsonScalar& value) noexcept;

}  // namespace yagura::feeds
