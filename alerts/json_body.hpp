// A JSON object that a person or a program sends to change something: every field is looked at, and
// one that is not known is an error.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace yagura::alerts {

// Views are valid during the call only.
struct BodyField {
  std::string_view key;
  std::optional<std::string_view> text;                // of a string
  std::optional<bool> flag;                            // of true and false
  std::optional<std::vector<std::string_view>> texts;  // of an array of strings
  std::string written;                                 // a string's text; a number as it was sent, to the digit
};

// false: it is no field here or its value does not fit; `why` may say more.
using TakeField = std::function<bool(const BodyField& field, std::string& why)>;

// The error is one line that ends in "; expected EXAMPLE". Any thread.
[[nodiscard]] Result<void> read_body(std::string_view body, std::string_view example, const TakeField& take);

// `why` with the example behind it, for what is wrong with the whole.
[[nodiscard]] Error body_error(std::string_view why, std::string_view example);

// A line of a person, such as a name or a reason: UTF-8 without control characters, at most `most`
// bytes.
[[nodiscard]] bool is_plain_line(std::string_view text, std::size_t most);

}  // namespace yagura::alerts
