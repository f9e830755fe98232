// What goes out next over one sink, and what follows from an attempt. A pure function of what it is
// told and of the time it is given: no thread, no clock, no socket. Rules, in docs/alerts.md:
//
//   * an alert before its follow-ups; critical before the rest, but in archives; else in order;
//   * a failed letter waits 0.5 s, doubling to 60 s, drawn between nothing and that (full jitter), and
//     others go meanwhile; after ten tries it is a dead letter;
//   * after three failures in a row the place counts as down: one letter at a time, with the same waits;
//   * what the place asked for with Retry-After holds for all of them;
//   * when the budget is spent and several wait, all but the critical become one summary;
//   * when the place works again, dead letters that had only run out of tries are sent after all.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "alerts/channel.hpp"
#include "alerts/dispatch.hpp"
#include "alerts/sink_options.hpp"
#include "core/time.hpp"

namespace yagura::alerts {

// One thread at a time.
class Lane {
 public:
  struct Options {
    SinkRate rate{};
    bool in_order = false;  // a record of alerts keeps their order, however severe
    int tries = 10;
    Duration first_wait = std::chrono::milliseconds{500};
    Duration longest_wait = std::chrono::seconds{60};
    Duration longest_asked = std::chrono::hours{1};     // of Retry-After
    Duration try_exhausted = std::chrono::minutes{10};  // one dead letter so often, to see whether the place works
    int down_after = 3;                                 // failures in a row
    std::size_t fold_from = 4;                          // letters that wait while the budget is spent
    std::size_t fold_at_most = 200;
  };
  using Uniform = std::function<double()>;  // in [0, 1)

  Lane(Options options, Uniform uniform) : options_(options), uniform_(std::move(uniform)) {}

  // Pending, or a dead letter of an earlier run. `wall` is now on the wall clock: a wait that was stored
  // is never longer than planned, whatever that clock did meanwhile.
  void add(Delivery delivery, MonoTime now, Timestamp wall);

  // What is to be done now: one letter to send, or several to replace by a summary. Nothing: wait
  // until wake_at(). A letter given out is in flight until attempted(); one at a time.
  struct Next {
    std::optional<std::uint64_t> send;
    std::vector<std::uint64_t> fold;
  };
  [[nodiscard]] Next next(MonoTime now);
  [[nodiscard]] std::optional<MonoTime> wake_at() const;

  [[nodiscard]] const Delivery& letter(std::uint64_t number) const { return entries_.at(number).delivery; }
  // The text is in the journal and need not be in memory.
  void drop_text(std::uint64_t number) { entries_.at(number).delivery.json.reset(); }

  // What came of it; the changes are for the journal.
  [[nodiscard]] std::vector<DeliveryChange> attempted(std::uint64_t number, const Attempt& attempt, MonoTime now,
                                                      Timestamp wall);
  // They are in a summary now.
  [[nodiscard]] std::vector<DeliveryChange> folded(const std::vector<std::uint64_t>& numbers, Id128 summary,
                                                   Timestamp wall);
  // An acknowledgement: nothing of the episode escalates any more. The journal knows by itself.
  void cancel(Id128 episode);
  // Of a fallback: the sink it stands for has taken the alert.
  [[nodiscard]] std::vector<DeliveryChange> withdraw(Id128 id, Timestamp wall);
  // Dead letters again: one by its id, or all when empty. How many.
  [[nodiscard]] std::vector<DeliveryChange> resend(Id128 id, MonoTime now, Timestamp wall);

  [[nodiscard]] std::size_t waiting() const { return entries_.size() - dead_.size() - escalations_; }
  [[nodiscard]] std::size_t dead() const { return dead_.size(); }
  [[nodiscard]] std::optional<Timestamp> oldest() const;  // creation of the oldest that waits
  [[nodiscard]] bool off() const { return off_; }
  [[nodiscard]] bool down() const { return failures_ >= options_.down_after; }
  [[nodiscard]] const std::string& last_problem() const { return last_problem_; }

 private:
  using Rank = std::pair<int, std::uint64_t>;  // severity from the top, then number
  struct Entry {
    Delivery delivery;
    MonoTime due{};
    enum class Place : std::uint8_t { kBlocked, kWaiting, kReady, kFlying, kDead } place = Place::kBlocked;
    bool ahead = false;      // an escalation whose time has not come: nobody waits for it yet
    bool cancelled = false;  // while it was in flight
  };
  void schedule(Entry& entry, MonoTime due);
  void leave(Entry& entry);
  void finish(std::uint64_t number, MonoTime now);
  void kill(Entry& entry, DeliveryState state, MonoTime now);
  void revive(MonoTime now, Timestamp wall, std::vector<DeliveryChange>& changes);
  [[nodiscard]] DeliveryChange start_anew(Entry& entry, MonoTime now, Timestamp wall, std::string why);
  void unblock(Id128 episode, MonoTime now);
  void refill(MonoTime now);
  [[nodiscard]] Duration jitter(int failures);
  [[nodiscard]] Rank rank(const Entry& entry) const;
  [[nodiscard]] DeliveryChange change_of(const Entry& entry, Timestamp wall, std::string detail) const;
  [[nodiscard]] static bool in_order(const Delivery& delivery) { return !delivery.escalation; }

  Options options_;
  Uniform uniform_;
  std::map<std::uint64_t, Entry> entries_;
  std::set<Rank> ready_;
  std::set<std::pair<MonoTime, std::uint64_t>> waiting_;
  std::map<std::uint64_t, DeliveryState> dead_;
  struct HashId {
    std::size_t operator()(Id128 id) const { return static_cast<std::size_t>(id.lo); }
  };
  std::unordered_map<Id128, std::deque<std::uint64_t>, HashId> episodes_;  // in the order they must go
  std::size_t escalations_ = 0;
  double tokens_ = 0;
  MonoTime refilled_{};
  MonoTime not_before_{};
  MonoTime probe_at_{};
  int failures_ = 0;  // in a row
  bool off_ = false;
  bool flying_ = false;
  std::string last_problem_;
};

}  // namespace yagura::alerts
