// The messages of the console's WebSocket as values: hostile bytes in, bounded and checked values out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "console/snapshot.hpp"
#include "console/terminal/alert_row.hpp"
#include "console/terminal/price_history.hpp"
#include "core/result.hpp"

namespace yagura::console::terminal {

struct StateMessage {
  StateSnapshot state;
  std::uint64_t last_seq = 0;  // of the newest alert
  bool hello = false;
};
struct TickMessage {
  std::string symbol, source;
  Price price, low, high;
  std::optional<Price> bid, ask;
  std::optional<Timestamp> ts_event;
};
struct AlertMessage {
  AlertRow alert;
};
struct ActionMessage {
  std::string action;          // "ack", "unack", "silence", …
  std::string alert, episode;  // ids; empty where the action is about no alert
  Acknowledgement who;
};
struct ErrorMessage {
  std::string text;
};
struct OtherMessage {};  // of a kind that newer servers may say

using Incoming = std::variant<StateMessage, TickMessage, AlertMessage, ActionMessage, ErrorMessage, OtherMessage>;

// What GET gives for the paths of Model::wanted().
struct PastPrices {
  std::string symbol;
  std::vector<PriceHistory::Point> points;
};
struct PastAcks {
  std::vector<std::pair<std::string, Acknowledgement>> acks;  // by id of an alert
  std::vector<std::string> open;                              // ids of alerts that nobody has acknowledged
};
using Answer = std::variant<PastPrices, PastAcks>;

// One thread. Never throws; an Error names what is wrong.
class MessageReader {
 public:
  static constexpr std::size_t kMostBytes = 4U << 20U;  // of one message

  MessageReader();
  ~MessageReader();
  MessageReader(MessageReader&&) noexcept;
  MessageReader& operator=(MessageReader&&) noexcept;

  Result<Incoming> read(std::string_view json);
  Result<Answer> read_answer(std::string_view json);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace yagura::console::terminal
