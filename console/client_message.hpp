// What a WebSocket client may say.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/result.hpp"

namespace yagura::console {

struct Resume {
  std::uint64_t after = 0;  // send every alert with a higher number
};

// {"type":"resume","after":SEQ}; the error is what to answer.
[[nodiscard]] Result<Resume> parse_client_message(std::string_view text);

}  // namespace yagura::console
