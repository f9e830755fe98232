// What people do about alerts, as the console asks for it; done by the application. The console's
// thread, which waits for no disk: what has to be stored, or looked up, is answered later.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/alert_query.hpp"
#include "alerts/silences.hpp"
#include "core/hash128.hpp"
#include "core/time.hpp"

namespace yagura::console {

// An alert as the journal has it, as far as actions need it.
struct AlertRef {
  Id128 id;
  Id128 episode;  // the alert it follows up, or itself: acknowledged is the episode
  std::uint64_t seq = 0;
  std::string severity, kind, event, instrument, title, text;
};
// Nothing when it is no alert of ours.
[[nodiscard]] std::optional<AlertRef> read_alert(std::string_view json);

struct Ack {
  Timestamp at{};
  std::string author, reason;
};

struct AckRequest {
  AlertRef alert;
  bool on = true;  // false: takes it back
  std::string author, reason;
  std::string nonce = {};  // of the link it came by
};

// What came of a change: 200 and 201 with a body, anything else with a message.
struct Outcome {
  int status = 200;
  std::string text;
};

struct SinkRow {
  std::string name = {}, kind = {};
  std::uint64_t delivered = 0, failed = 0, refused = 0, folded = 0;
  std::size_t waiting = 0, dead = 0;
  std::optional<Timestamp> oldest = {};  // of those that wait
  bool off = false, down = false;
  std::string last_problem = {};
};

// What a link's token is worth now.
enum class LinkState : std::uint8_t { kGood, kForged, kExpired, kUsed };

class PeopleDesk {
 public:
  using Done = std::function<void(const Outcome& outcome)>;
  using FoundAlert = std::function<void(const Result<std::optional<std::string>>& json)>;
  using FoundAlerts = std::function<void(const Result<std::vector<alerts::StoredAlert>>& found)>;
  virtual ~PeopleDesk() = default;

  // Each calls `done` once, on the console's thread, when it is on the disk or cannot be (503).
  virtual void acknowledge(AckRequest request, Done done) = 0;
  virtual void silence(alerts::Silence silence, Done done) = 0;
  virtual void unsilence(Id128 id, std::string author, std::string reason, Done done) = 0;
  // Dead letters again: one alert's, or all.
  virtual void resend(std::optional<Id128> id, std::string author, Done done) = 0;

  // From the journal, by a thread that may wait for it.
  virtual void find(Id128 id, FoundAlert found) = 0;
  virtual void list(alerts::AlertFilter filter, FoundAlerts found) = 0;

  [[nodiscard]] virtual const Ack* ack_of(Id128 episode) const = 0;
  [[nodiscard]] virtual const std::vector<alerts::Silence>& silences() = 0;
  [[nodiscard]] virtual std::vector<SinkRow> sinks() = 0;
  // The first number of this run and of those after `epoch`: what was counted higher before may have
  // been lost with a crash and counted again.
  [[nodiscard]] virtual std::uint64_t safe_seq_of(std::int64_t epoch) const = 0;
  // Links in letters: `claim` is filled when the token is ours.
  [[nodiscard]] virtual LinkState check_link(std::string_view token, Id128& alert, std::string& nonce) = 0;
};

}  // namespace yagura::console
