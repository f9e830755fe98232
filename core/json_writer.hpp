// Writes JSON text into a growing buffer: the one encoder for alerts, the console, frames and
// reports. Commas are its own business; nesting is the caller's. Not thread-safe.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/price.hpp"
#include "core/text_buffer.hpp"

namespace yagura {

class JsonWriter {
 public:
  // Appends to `out`, which must outlive the writer. Reserve it once and reuse it: no allocation.
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);  // escaped, direction marks too; not UTF-8: U+FFFD
  JsonWriter& value(const char* text) { return value(std::string_view{text}); }
  JsonWriter& value(bool flag);
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) JsonWriter& value(T number) {
    if constexpr (std::signed_integral<T>)
      return integer(static_cast<std::int64_t>(number));
    else
      return natural(static_cast<std::uint64_t>(number));
  }
  JsonWriter& value(double number);     // shortest that reads back; not finite becomes null
  JsonWriter& value(Price price);       // a string, SPEC: "57000"
  JsonWriter& value(PriceDelta delta);  // a string
  JsonWriter& null();
  JsonWriter& raw(std::string_view json);  // a value that is JSON already

  template <class T>
  JsonWriter& field(std::string_view name, const T& v) {
    return key(name).value(v);
  }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  JsonWriter& integer(std::int64_t number);
  JsonWriter& natural(std::uint64_t number);
  void separate();

  std::string& out_;
  bool first_ = true;  // nothing written yet in the current array or object
};

// Appends `text` as a JSON string, quotes included.
void append_json_string(std::string& out, std::string_view text);
void append_json_string(TextBuffer& out, std::string_view text);

}  // namespace yagura
