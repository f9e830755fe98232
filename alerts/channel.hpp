// One way to one place: the interface behind every [[sink]]. The outbox decides what goes out, when, in
// which order and how often; a channel makes one attempt and says what came of it.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "alerts/letter.hpp"

namespace yagura::alerts {

// What came of one attempt.
struct Attempt {
  enum class Result : std::uint8_t {
    kDelivered,
    kFailed,   // or nobody knows, such as after a time-out: again later, with the same id
    kRefused,  // this letter will never be taken: dead letter, the next ones are tried
    kGone,     // the place does not exist any more: the sink is switched off until the next start
  };
  Result result = Result::kDelivered;
  std::string detail;                   // one line for people, without secrets: "503 Service Unavailable"
  std::optional<Duration> retry_after;  // what the place asked for; no attempt before it
};

// Every sink has a thread of its own, which makes all calls. Blocking is fine, up to the sink's time
// limit; no call may outlast it by much, whatever the other side does. When `stop` is requested an
// attempt ends within 100 ms as kFailed. Never throws.
class Channel {
 public:
  virtual ~Channel() = default;
  [[nodiscard]] virtual Attempt send(const Letter& letter, const std::stop_token& stop) = 0;
};

}  // namespace yagura::alerts
