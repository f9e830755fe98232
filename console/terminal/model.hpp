// What the screen knows: fed with the messages of the console's WebSocket as they come, asked by the
// views. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "console/terminal/message.hpp"

namespace yagura::console::terminal {

enum class Message : std::uint8_t { kHello, kState, kTick, kAlert, kAction, kError, kOther };

class Model {
 public:
  static constexpr std::size_t kMostAlerts = 2'000;                    // kept; the oldest go
  static constexpr std::uint64_t kPastOnArrival = 200;                 // asked for after the first hello
  static constexpr std::size_t kKnownOnReturn = 500;                   // ids named when the monitor is in another epoch
  static constexpr Duration kSettledAfter = std::chrono::seconds{10};  // a link has brought the past by then

  enum class Link : std::uint8_t { kConnecting, kLive, kLost };

  // One message of the WebSocket, whatever it holds. After kHello send resume_message(). An Error names
  // what is wrong with the message, which has then changed nothing.
  Result<Message> receive(std::string_view json, MonoTime now);

  // What fills the screen sooner, if somebody asks: paths to GET after a hello (acknowledgements of past
  // alerts, past prices for the sparklines), and what came back.
  [[nodiscard]] std::vector<std::string> wanted() const;
  Result<void> receive_answer(std::string_view json);

  void link_up(MonoTime now);  // connected: hello has not come yet
  void link_lost(MonoTime now, std::string why);

  // {"type":"resume",…}: gets every alert that is not on the tape, each once.
  [[nodiscard]] const std::string& resume_message() const { return resume_; }

  [[nodiscard]] Link link() const { return link_; }
  [[nodiscard]] std::optional<MonoTime> lost_at() const { return lost_at_; }
  [[nodiscard]] const std::string& lost_why() const { return lost_why_; }
  [[nodiscard]] MonoTime heard() const { return heard_; }  // the last message; the epoch before the first

  // Null before the first hello. Ticks since the last state message are in it.
  [[nodiscard]] const StateSnapshot* state() const { return has_state_ ? &state_ : nullptr; }
  [[nodiscard]] MonoTime state_at() const { return state_at_; }
  // Since the last tick of the instrument at that place of the state; none before the first.
  [[nodiscard]] std::optional<Duration> age(std::size_t instrument, MonoTime now) const;
  [[nodiscard]] const PriceHistory* history(std::string_view symbol) const;

  [[nodiscard]] const std::deque<AlertRow>& alerts() const { return alerts_; }  // rising numbers
  [[nodiscard]] const Acknowledgement* acknowledged(const AlertRow& alert) const;

  // What the server complained about last, such as alerts that are no longer at hand.
  [[nodiscard]] const std::string& last_error() const { return last_error_; }
  [[nodiscard]] std::optional<MonoTime> last_error_at() const { return last_error_at_; }

 private:
  // One start of one monitor.
  struct Run {
    std::int64_t epoch;
    Timestamp started;
    friend bool operator==(const Run&, const Run&) = default;
  };

  Message take(StateMessage&& message, MonoTime now);
  Message take(TickMessage&& tick, MonoTime now);
  Message take(AlertMessage&& message, MonoTime now);
  Message take(ActionMessage&& message, MonoTime now);
  Message take(ErrorMessage&& message, MonoTime now);
  Message take(OtherMessage&& message, MonoTime now);
  void take(PastPrices&& past);
  void take(PastAcks&& past);
  void greet(std::uint64_t newest, MonoTime now);
  void start_over();
  [[nodiscard]] std::uint64_t last_without_hole() const;
  void keep_alerts_within_bounds();
  void keep_acks_within_bounds();
  void forget_ack(std::string_view id, std::string_view episode);
  void keep_histories_of_instruments();

  MessageReader reader_;
  StateSnapshot state_;
  bool has_state_ = false;
  MonoTime state_at_{}, heard_{};
  std::vector<std::optional<MonoTime>> ticked_;  // by place among the instruments
  std::map<std::string, PriceHistory, std::less<>> histories_;
  std::deque<AlertRow> alerts_;
  std::set<std::pair<std::string, std::string>> seen_;  // id and event: a withdrawal has the id of what it withdraws
  std::map<std::string, Acknowledgement, std::less<>> acks_;
  Link link_ = Link::kConnecting;
  std::optional<MonoTime> lost_at_;
  std::string lost_why_;
  std::set<std::string, std::less<>> acted_;  // episodes of actions since hello: newer than any answer
  std::uint64_t newest_ = 0;                  // number of the newest alert at hello
  std::uint64_t asked_after_ = 0;             // every later alert is on the tape, or comes
  std::optional<Run> counted_in_;             // whose numbers ours surely are
  std::optional<Run> met_;                    // of the present link
  MonoTime met_at_{};
  std::string resume_;
  std::string last_error_;
  std::optional<MonoTime> last_error_at_;
};

}  // namespace yagura::console::terminal
