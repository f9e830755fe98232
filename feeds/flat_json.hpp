// The usual frame at a third of the full parser's cost: one object, plain members, plain text.
#pragma once

#include <span>
#include <string_view>

#include "feeds/json_frame.hpp"

namespace yagura::feeds {

// Reads the object that is all of `text` in one pass over its bytes, in place: members are numbers,
// true, false, null and strings of printable ASCII without escapes. False for everything else, valid
// or not; the fields then hold anything and the full parser judges. What it accepts the full parser
// accepts with the same values. They point into `text`.
[[nodiscard]] bool read_flat_json(std::string_view text, std::span<const JsonField> fields) noexcept;

}  // namespace yagura::feeds
