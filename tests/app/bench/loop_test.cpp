#include "app/bench/loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "app/bench/ws_frames.hpp"

namespace yagura::app::bench {
namespace {

using namespace std::chrono_literals;
constexpr Timestamp kWall = timestamp_from_ns(1'770'595'200'000'000'000);

// A world with a clock of its own: each look at it costs a microsecond, the monitor answers 20 us after a probe's
// last byte, and it may stand still or take only so many bytes.
class FakeWorld {
 public:
  FakeWorld(const Schedule& schedule, const FrameBuffer& frames, MonoTime start)
      : schedule_(schedule), frames_(frames), start_(start) {}

  MonoTime now() {
    time_ += 1us;
    if (stall_at_ && time_ >= start_ + *stall_at_) {
      time_ += stall_for_;
      stall_at_.reset();
    }
    return time_;
  }
  std::int64_t send(std::string_view bytes) {
    ++writes;
    if (time_ < start_ + full_until_) return 0;
    const auto taken = std::min(bytes.size(), most_a_write);
    bytes_ += taken;
    sent.append(bytes.substr(0, taken));
    while (tick_ < frames_.size() && frames_.end_of(tick_) <= bytes_) {
      if (schedule_.is_probe(tick_) && !silent) answers_.push_back({time_ + 20us, schedule_.due()[tick_]});
      ++tick_;
    }
    return static_cast<std::int64_t>(taken);
  }
  void receive(MarkBook& marks) {
    while (!answers_.empty() && answers_.front().at <= time_) {
      const auto event = std::to_string(to_ns(kWall + answers_.front().due));
      marks.on_message(R"({"type":"alert","alert":{"instrument":"PROBE","ts_event_ns":)" + event + "}}", time_, 0);
      answers_.pop_front();
    }
  }
  [[nodiscard]] std::string_view problem() const { return trouble; }

  void stall(Duration at, Duration length) {
    stall_at_ = at;
    stall_for_ = length;
  }
  void full_until(Duration at) { full_until_ = at; }

  std::string sent;
  std::string trouble;
  std::size_t writes = 0;
  std::size_t most_a_write = 1'000'000;
  bool silent = false;

 private:
  struct Answer {
    MonoTime at;
    Duration due;
  };
  const Schedule& schedule_;
  const FrameBuffer& frames_;
  MonoTime start_;
  MonoTime time_ = MonoTime{} + 1s;
  std::optional<Duration> stall_at_;
  Duration stall_for_{};
  Duration full_until_{-1};
  std::size_t bytes_ = 0;
  std::size_t tick_ = 0;
  std::deque<Answer> answers_;
};

class OpenLoop : public ::testing::Test {
 protected:
  static Workload workload() {
    Workload made;
    made.symbols = {"USDJPY"};
    made.ticks = {{.price = *parse_price("154.2")}, {.price = *parse_price("154.3")}};
    return made;
  }
  // 100 ticks, one each 100 us, every fifth a probe.
  Schedule schedule_ = Schedule::constant(10'000, 10ms, 5);
  Workload workload_ = workload();
  FrameBuffer frames_ = FrameMaker{workload_}.make(schedule_);
  MonoTime start_ = MonoTime{} + 1s + 100us;
  MarkBook marks_{schedule_, start_, kWall};
  FakeWorld world_{schedule_, frames_, start_};

  LoopResult run(LoopOptions options = {}) {
    frames_.stamp(schedule_, kWall);
    return Loop{schedule_, frames_, marks_, world_, options}.run(start_);
  }
};

TEST_F(OpenLoop, SendsEachTickInItsOwnWriteWhenNothingIsLate) {
  const auto result = run();
  EXPECT_EQ(result.sent, 100u);
  EXPECT_EQ(result.sent_late, 0u);
  EXPECT_EQ(world_.writes, 100u);
  EXPECT_EQ(world_.sent, frames_.bytes());
  EXPECT_EQ(marks_.missing(), 0u);
  for (const auto& mark : marks_.marks()) {
    EXPECT_LE(mark.sent - mark.intended, 2us);
    EXPECT_LE(mark.received - mark.sent, 23us);
  }
}

TEST_F(OpenLoop, AStallIsChargedToEveryTickItDelayed) {
  world_.stall(2ms, 4ms);
  const auto result = run();
  EXPECT_EQ(result.sent, 100u);
  // Due from 2 ms to 6 ms, sent at 6 ms: those due more than a millisecond before count as late.
  EXPECT_NEAR(static_cast<double>(result.sent_late), 30, 1);
  std::size_t delayed = 0;
  for (const auto& mark : marks_.marks()) {
    const auto due = mark.intended - start_;
    const auto response = mark.received - mark.intended;
    const auto service = mark.received - mark.sent;
    EXPECT_LE(service, 25us) << "what the monitor took is not the stall's";
    if (due > 2ms && due < 6ms) {
      EXPECT_GE(response, 6ms - due);
      ++delayed;
    } else {
      EXPECT_LE(response, 25us);
    }
  }
  EXPECT_EQ(delayed, 8u);
  ASSERT_EQ(result.hiccups.count(), 1u);
  EXPECT_GE(result.hiccups.max(), 4ms);
}

TEST_F(OpenLoop, BackPressureDelaysWhatWaitsAndCountsItLate) {
  world_.full_until(3ms);
  const auto result = run();
  EXPECT_EQ(result.sent, 100u);
  EXPECT_NEAR(static_cast<double>(result.sent_late), 20, 1);
  EXPECT_EQ(world_.sent, frames_.bytes());
  EXPECT_GE(marks_.marks().front().received - marks_.marks().front().intended, 2ms);
}

TEST_F(OpenLoop, ATickThatIsTakenInPiecesCountsAsSentWithItsLastByte) {
  world_.most_a_write = 7;
  const auto result = run();
  EXPECT_EQ(result.sent, 100u);
  EXPECT_EQ(world_.sent, frames_.bytes());
  EXPECT_GT(marks_.marks().front().sent - marks_.marks().front().intended, 5us);
}

TEST_F(OpenLoop, WaitsForTheLastAlertOnlySoLong) {
  world_.silent = true;
  const auto result = run({.patience = 5ms});
  EXPECT_EQ(result.sent, 100u);
  EXPECT_EQ(marks_.missing(), 20u);
}

TEST_F(OpenLoop, EndsWhenAConnectionIsLost) {
  world_.trouble = "it closed the feed's connection";
  EXPECT_EQ(run().problem, "it closed the feed's connection");
}

}  // namespace
}  // namespace yagura::app::bench
