// What the two readers of JSON have in common. Included by json_frame.cpp and json_tree.cpp alone.
#pragma once

#include <simdjson.h>

#include "feeds/json_frame.hpp"

namespace yagura::feeds {

inline constexpr int kMaxJsonDepth = 64;  // far beyond any vendor's frame, far below the stack

// A number, true, false or null, checked by the grammar of RFC 8259: simdjson leaves a token alone
// until somebody converts it, and numbers are never converted here.
[[nodiscard]] simdjson::error_code read_json_token(simdjson::ondemand::value& value, JsonScalar& out);

// For people; null for success.
[[nodiscard]] const char* describe_json_error(simdjson::error_code error);

}  // namespace yagura::feeds
