// One message to very many: the eldest get it at once, the others in small turns, so that whoever sends it
// is soon free for other work. Each client hears everything in the order in which it was said, whatever
// is under way; only offers may be left out. Knows nothing of sockets.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <iterator>  // prev
#include <map>
#include <utility>
#include <vector>

#include "core/net/ws_server.hpp"  // ClientId

namespace yagura::net {

// One thread. `Peer` and `Message` are cheap to copy.
template <class Peer, class Message>
class Fanout {
 public:
  // A write costs some 10 us. So many at once delay the alert that follows by no more than that, and a turn
  // delays a tick that comes meanwhile by as much.
  static constexpr std::size_t kAtOnce = 8;
  static constexpr std::size_t kTurn = 8;
  // Of what may be left out fewer at a time: an alert that is decided meanwhile waits for no more than these.
  static constexpr std::size_t kOffersATurn = 2;
  static constexpr std::size_t kMostOffers = 16;  // under way; what comes then is refused

  // A held member gets the others in another way.
  enum class Reach : std::uint8_t { kAll, kNotHeld };
  struct Member {
    Peer peer;
    std::uint64_t next = 0;  // number of the message to be written next
    bool held = false;
  };
  // Writes to one peer, or fails for good. Must not add or remove members.
  using Write = std::function<bool(const Peer& peer, const Message& message, bool droppable)>;

  explicit Fanout(Write write) : write_(std::move(write)) {}

  // Ids rise. A new member hears what is said from now on.
  void add(ClientId id, Peer peer) { members_.emplace(id, Member{std::move(peer), end_of_log(), false}); }
  bool remove(ClientId id) { return members_.erase(id) != 0; }
  void clear() {
    members_.clear();
    log_.clear();
    offers_.clear();
    passing_ = false;
  }
  [[nodiscard]] Member* find(ClientId id) {
    const auto it = members_.find(id);
    return it == members_.end() ? nullptr : &it->second;
  }
  [[nodiscard]] const std::map<ClientId, Member>& members() const { return members_; }
  [[nodiscard]] bool empty() const { return members_.empty(); }
  [[nodiscard]] std::size_t size() const { return members_.size(); }

  // To everyone, or everyone who is not held, without fail. Allocates nothing for a small crowd.
  void tell(const Message& message, Reach reach = Reach::kAll) {
    if (!passing_ && members_.size() <= kAtOnce) {
      for (auto& [id, member] : members_) {
        if (reaches(member, reach)) write_(member.peer, message, false);
      }
      return;
    }
    log_.push_back({message, reach});
    ClientId last{};
    std::size_t served = 0;
    for (auto it = members_.begin(); it != members_.end() && served < kAtOnce; ++it, ++served) {
      catch_up(it->second);
      last = it->first;
    }
    if (!passing_) begin_pass(last);
  }
  // To everyone who is not behind with reading. False: too many are under way, nobody gets it; offer it
  // again later.
  bool offer(const Message& message) {
    if (offered_at_once(message)) return true;
    if (offers_.size() >= kMostOffers) return false;
    push_offer(message, false);
    return true;
  }
  // As offer(), of a message that stands for all earlier ones of its sort: never refused, it takes the place
  // of one that nobody has heard yet.
  void offer_latest(const Message& message) {
    if (offered_at_once(message) || members_.empty()) return;
    const auto waiting = std::find_if(offers_.begin(), offers_.end(),
                                      [](const Offer& offer) { return offer.latest && offer.at == ClientId{}; });
    if (waiting == offers_.end()) return push_offer(message, true);
    waiting->message = message;
    waiting->last = std::prev(members_.end())->first;
  }
  // Something is left to write: call turn().
  [[nodiscard]] bool busy() const { return passing_ || !offers_.empty(); }
  // Writes a few; what must be heard before what may be left out.
  void turn() {
    if (passing_)
      go_on();
    else if (!offers_.empty())
      go_on_offering();
  }

  // All that must be heard, at once; offers are dropped.
  void finish() {
    offers_.clear();
    while (passing_) go_on();
  }
  // Before something is written to this member alone: all that was said before it.
  void catch_up(Member& member) { write_up_to_now(member); }
  // What is told with kNotHeld passes this member by, what is still on its way included; until release().
  void hold(Member& member) { member.held = true; }
  void release(Member& member) {
    write_up_to_now(member);
    member.held = false;
  }

 private:
  struct Said {
    Message message;
    Reach reach;
  };
  struct Offer {
    Message message;
    ClientId at;    // has it; ids begin behind zero
    ClientId last;  // those who came later do not get it
    bool latest;    // a later one of its sort may take its place
  };
  static constexpr std::size_t kLooks = 256;  // a turn need not find so many with nothing to hear

  [[nodiscard]] std::uint64_t end_of_log() const { return first_ + log_.size(); }

  static bool reaches(const Member& member, Reach reach) { return reach == Reach::kAll || !member.held; }

  // Says how much it wrote.
  std::size_t write_up_to_now(Member& member) {
    std::size_t written = 0;
    for (; member.next < end_of_log(); ++member.next) {
      const auto& said = log_[static_cast<std::size_t>(member.next - first_)];
      if (!reaches(member, said.reach)) continue;
      ++written;
      if (!write_(member.peer, said.message, false)) member.next = end_of_log() - 1;
    }
    return written;
  }
  bool offered_at_once(const Message& message) {
    if (busy() || members_.size() > kOffersATurn) return false;
    for (auto& [id, member] : members_) write_(member.peer, message, true);
    return true;
  }
  void push_offer(const Message& message, bool latest) {
    if (!members_.empty()) offers_.push_back({message, {}, std::prev(members_.end())->first, latest});
  }

  void begin_pass(ClientId at) {
    passing_ = true;
    at_ = at;
    goal_ = end_of_log();
    if (members_.upper_bound(at_) == members_.end()) end_pass();
  }
  // Everyone has heard up to the goal.
  void end_pass() {
    log_.erase(log_.begin(), log_.begin() + static_cast<std::ptrdiff_t>(goal_ - first_));
    first_ = goal_;
    passing_ = false;
    if (!log_.empty()) begin_pass(ClientId{});
  }
  void go_on() {
    std::size_t written = 0;
    std::size_t looks = 0;
    auto it = members_.upper_bound(at_);
    for (; it != members_.end() && written < kTurn && looks < kLooks; ++it, ++looks) {
      written += write_up_to_now(it->second);
      at_ = it->first;
    }
    if (it == members_.end()) end_pass();
  }
  void go_on_offering() {
    auto& offer = offers_.front();
    std::size_t written = 0;
    auto it = members_.upper_bound(offer.at);
    for (; it != members_.end() && it->first <= offer.last && written < kOffersATurn; ++it, ++written) {
      write_(it->second.peer, offer.message, true);
      offer.at = it->first;
    }
    if (it == members_.end() || it->first > offer.last) offers_.pop_front();
  }

  Write write_;
  std::map<ClientId, Member> members_;  // eldest first
  // What some have not heard yet; its first message has number `first_`. Empty unless a pass is under way.
  std::vector<Said> log_;
  std::uint64_t first_ = 0;
  bool passing_ = false;
  ClientId at_{};           // the pass has come to here
  std::uint64_t goal_ = 0;  // end of the log when the pass began
  std::deque<Offer> offers_;
};

}  // namespace yagura::net
