// A tick of the native protocol read by hand, in one pass and in any order of its keys.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace yagura::baselines {

struct ScannedTick {
  std::string_view symbol;
  std::int64_t ts_ns = 0;
  std::int64_t price = 0;  // 1e-9; of a quote the middle
};

// A flat object of strings without escapes and of integers. Nothing when it is no tick.
[[nodiscard]] std::optional<ScannedTick> scan_tick(std::string_view json) noexcept;

}  // namespace yagura::baselines
