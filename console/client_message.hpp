// What a WebSocket client may say.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/hash128.hpp"
#include "core/result.hpp"

namespace yagura::console {

struct Resume {
  std::uint64_t after = 0;            // send every alert with a higher number
  std::optional<std::int64_t> epoch;  // the run in which `after` was counted; none: this one
  std::vector<Id128> ids;             // alerts the client has: not again
};

// {"type":"resume","after":SEQ,"epoch":N,"ids":[…]}, the last two as you like; the error is what to answer.
[[nodiscard]] Result<Resume> parse_client_message(std::string_view text);

}  // namespace yagura::console
