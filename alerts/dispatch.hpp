// Which sinks an alert goes to, and what became of it there: the rows behind at-least-once delivery.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/letter.hpp"
#include "core/hash128.hpp"
#include "core/time.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

// One way of one alert. `sink` counts in the order of the settings.
struct Route {
  std::uint16_t sink = 0;
  Letter::Purpose purpose = Letter::Purpose::kAlert;
  Duration delay{0};        // not before this
  bool escalation = false;  // and not at all once acknowledged or over
};

// Numbers are stored: only append.
enum class DeliveryState : std::uint8_t {
  kPending,
  kDelivered,
  kRefused,    // dead letter: the place will never take it
  kExhausted,  // dead letter: every try failed; tried again when the place works again
  kFolded,     // in a summary
  kCancelled,  // acknowledged before its time came
};
[[nodiscard]] constexpr std::string_view name_of(DeliveryState state) {
  constexpr std::string_view kNames[] = {"pending", "delivered", "refused", "exhausted", "folded", "cancelled"};
  return kNames[static_cast<std::size_t>(state)];
}

// Something on its way to one sink.
struct Delivery {
  std::uint64_t number = 0;  // given by the journal: rises, across restarts; 0 before
  std::string sink;
  Letter::Purpose purpose = Letter::Purpose::kAlert;
  Id128 id;       // idempotency key; a withdrawal's is not that of the record it withdraws
  Id128 episode;  // of the alert it follows up, or its own
  Severity severity{};
  std::uint64_t seq = 0;                    // of the alert; 0: a summary
  std::shared_ptr<const std::string> json;  // null: the journal has it
  Timestamp created{};
  Timestamp due{};    // wall time, for people and for a restart
  Duration delay{0};  // planned wait that `due` is the end of; a wall clock that jumps cannot lengthen it
  MonoTime handed{};  // when it was handed over in this run; else zero
  bool escalation = false;
  int attempts = 0;
  DeliveryState state = DeliveryState::kPending;
  bool stored = false;  // on the disk, its alert as well
};

// What became of an attempt.
struct DeliveryChange {
  std::uint64_t number = 0;
  DeliveryState state{};
  int attempts = 0;
  Timestamp at{};
  Timestamp due{};  // of the next try
  Duration delay{0};
  std::string detail;
};

// Something a person did. Kinds: "ack", "unack", "silence", "unsilence", "resend".
struct Action {
  Timestamp at{};
  std::string kind;
  Id128 id;  // of the alert or silence
  std::string author;
  std::string reason;
  std::string body;  // JSON with what else belongs to it
};

// How an alert leaves, handed over with it.
struct Ways {
  Id128 episode;
  Severity severity{};
  std::vector<Route> routes;
  bool over = false;  // the episode has ended: nothing of it escalates any more
};

}  // namespace yagura::alerts
