// How the frames of a feed are read and written that has no vendor file: what the `json` table of a
// [[feed]] says.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "feeds/json_tree.hpp"

namespace yagura::feeds {

// A JSON pointer (RFC 6901), taken apart once. "" is the value itself.
class JsonPointer {
 public:
  // Errors say what would be right: "/data/0/price".
  [[nodiscard]] static Result<JsonPointer> parse(std::string_view text);
  // What it leads to, or nothing. Does not allocate.
  [[nodiscard]] JsonView find(JsonView from) const noexcept;

 private:
  struct Step {
    std::string key;                   // in an object
    std::optional<std::size_t> index;  // in a list, when the key is a number
  };
  std::vector<Step> steps_;
};

enum class JsonTimeUnit : std::uint8_t { kSeconds, kMilliseconds, kMicroseconds, kNanoseconds, kIso8601 };

struct JsonFormat {
  // Texts of ours, with {symbol}, {symbols} and {token}.
  std::vector<std::string> subscribe;
  std::vector<std::string> unsubscribe;
  std::string header;  // "Name: value"; empty: none
  std::string heartbeat;
  Duration heartbeat_every{};

  std::optional<JsonPointer> list;  // from the root; the next ones from each of its elements
  std::optional<JsonPointer> symbol, price, bid, ask, time, seq;
  std::optional<JsonPointer> error;  // from the root
  JsonTimeUnit time_unit = JsonTimeUnit::kMilliseconds;
  std::string only_symbol;  // the vendor's spelling, when no pointer names one
};

// The texts to send for these symbols: one for each where {symbol} stands in it. What is put in is
// escaped as the inside of a JSON string, but for the list of {symbols}.
[[nodiscard]] std::vector<std::string> fill_texts(const std::vector<std::string>& texts,
                                                  const std::vector<std::string>& symbols, std::string_view token);
void replace_all(std::string& text, std::string_view what, std::string_view with);

}  // namespace yagura::feeds
