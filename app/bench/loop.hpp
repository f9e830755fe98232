// The harness: one loop that sends what is due, reads what has come and never waits. Its time is that of the
// schedule; nothing it hears changes when the next tick leaves.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/bench/frames.hpp"
#include "app/bench/hiccups.hpp"
#include "app/bench/marks.hpp"
#include "app/bench/schedule.hpp"

namespace yagura::app::bench {

// A tick that leaves this much behind its schedule is counted: the harness stalled, or TCP held it back.
inline constexpr Duration kLate = std::chrono::milliseconds{1};

// What the loop touches of the world; a test has its own.
template <class T>
concept Outside = requires(T outside, std::string_view bytes, MarkBook& marks) {
  { outside.now() } -> std::same_as<MonoTime>;
  // Bytes taken, 0 when the socket is full, negative when it is gone.
  { outside.send(bytes) } -> std::same_as<std::int64_t>;
  // Hands every message that has come to `marks`.
  { outside.receive(marks) } -> std::same_as<void>;
  // Empty while all is well.
  { outside.problem() } -> std::convertible_to<std::string_view>;
};

struct LoopResult {
  std::uint64_t sent = 0;
  std::uint64_t sent_late = 0;
  MonoTime first_sent{};
  Hiccups hiccups;      // of this loop: between two of its turns
  std::string problem;  // why it ended early; empty
};

struct LoopOptions {
  // For alerts after the last tick, and for a socket that takes nothing.
  Duration patience = std::chrono::seconds{2};
  std::size_t most_at_once = std::size_t{64} << 10;
};

template <Outside T>
class Loop {
 public:
  Loop(const Schedule& schedule, const FrameBuffer& frames, MarkBook& marks, T& outside, LoopOptions options = {})
      : due_(schedule.due()), frames_(frames), marks_(marks), outside_(outside), options_(options) {}

  // Until the last alert has come, or patience has run out, or something went wrong.
  LoopResult run(MonoTime start) {
    MonoTime before = outside_.now();
    MonoTime last_progress = before;
    while (next_ < due_.size() || marks_.missing() != 0) {
      const auto now = outside_.now();
      result_.hiccups.turn(before, now);
      before = now;
      if (next_ < due_.size()) {
        if (now < start + due_[next_] || send_due(start, now)) last_progress = now;
      }
      if (now - last_progress > options_.patience) {
        if (next_ < due_.size()) result_.problem = "it reads no more";
        break;
      }
      outside_.receive(marks_);
      if (!outside_.problem().empty()) {
        result_.problem = outside_.problem();
        break;
      }
    }
    return std::move(result_);
  }

 private:
  // All that is due goes out in one write, as it would lie in the sender's socket anyway. False: nothing was taken.
  bool send_due(MonoTime start, MonoTime now) {
    const auto from = frames_.begin_of(next_) + begun_;
    auto end = next_ + 1;
    while (end < due_.size() && start + due_[end] <= now && frames_.end_of(end) - from <= options_.most_at_once) ++end;
    const auto taken = outside_.send(frames_.bytes().substr(from, frames_.end_of(end - 1) - from));
    if (taken <= 0) return false;
    if (result_.first_sent == MonoTime{}) result_.first_sent = now;
    const auto upto = from + static_cast<std::size_t>(taken);
    while (next_ < end && frames_.end_of(next_) <= upto) {
      if (now - (start + due_[next_]) > kLate) ++result_.sent_late;
      ++result_.sent;
      ++next_;
    }
    begun_ = next_ == frames_.size() ? 0 : upto - frames_.begin_of(next_);
    marks_.sent_up_to(next_, now);
    return true;
  }

  const std::vector<Duration>& due_;
  const FrameBuffer& frames_;
  MarkBook& marks_;
  T& outside_;
  LoopOptions options_;
  LoopResult result_;
  std::size_t next_ = 0;   // the first tick that is not gone
  std::size_t begun_ = 0;  // bytes of it that are
};

}  // namespace yagura::app::bench
