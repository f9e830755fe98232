// What a message says of itself: its JSON object read back, as the journal keeps it or another monitor
// sent it. The way from a stored alert to a letter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash128.hpp"
#include "core/price.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

// The longest object that is read, in bytes; a milestone across a thousand levels stays far below.
inline constexpr std::size_t kLongestMessage = 1 << 20;

struct Facts {
  Id128 id;
  Id128 parent;           // empty when it stands alone
  std::uint64_t seq = 0;  // 0 of what is no alert
  std::string kind;       // "milestone"; "storm", "folded" and "test" are no alerts
  std::string rule, event, instrument;
  Severity severity{};
  std::optional<Direction> direction;
  std::optional<Price> price, level;
  std::vector<Price> levels;
  Timestamp ts_event{};      // a summary's end
  std::string trading_date;  // "2026-02-09"
  std::uint64_t count = 0;   // of a summary
  std::string title, text;
  std::string title_ja, text_ja;  // the English ones when the message has none
  std::string json;               // all of it, byte for byte

  [[nodiscard]] bool is_alert() const { return seq != 0; }
};

// The error is one line for people and names the field. Any thread.
[[nodiscard]] Result<Facts> read_facts(std::string_view json);

// "01234567": enough of an id for people.
[[nodiscard]] std::string short_id(Id128 id);

}  // namespace yagura::alerts
