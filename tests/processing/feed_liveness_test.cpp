// What is expected of a feed, and what state it is in, from a clock held by hand.
#include "processing/feed_liveness.hpp"

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

std::string_view expectation(CalendarKind kind, Timestamp t) {
  static constexpr std::string_view kNames[] = {"closed", "quiet", "due"};
  return kNames[static_cast<std::size_t>(due_stretch(kind, t).expect)];
}

TEST(DueStretch, OfTokyoLeavesOutLunchAndAuction) {
  const auto on = [](std::string_view time) { return expectation(CalendarKind::kTse, jst(time)); };
  EXPECT_EQ(on("2026-02-09 07:59:59"), "closed");
  EXPECT_EQ(on("2026-02-09 08:00"), "quiet");
  EXPECT_EQ(on("2026-02-09 09:00"), "due");
  EXPECT_EQ(on("2026-02-09 11:29:59"), "due");
  EXPECT_EQ(on("2026-02-09 11:30"), "quiet");
  EXPECT_EQ(on("2026-02-09 12:30"), "due");
  EXPECT_EQ(on("2026-02-09 15:24:59"), "due");
  EXPECT_EQ(on("2026-02-09 15:25"), "quiet");
  EXPECT_EQ(on("2026-02-09 15:40"), "closed");
  EXPECT_EQ(on("2026-02-11 10:00"), "closed") << "a holiday";
  EXPECT_EQ(on("2026-02-14 10:00"), "closed") << "a Saturday";
}

TEST(DueStretch, OfTokyoEndedAtThreeBeforeTheLongerDay) {
  EXPECT_EQ(expectation(CalendarKind::kTse, jst("2024-11-01 14:59:59")), "due");
  EXPECT_EQ(expectation(CalendarKind::kTse, jst("2024-11-01 15:00")), "quiet");
  EXPECT_EQ(expectation(CalendarKind::kTse, jst("2024-11-01 15:10")), "closed");
  EXPECT_EQ(expectation(CalendarKind::kTse, jst("2024-11-05 15:10")), "due");
}

TEST(DueStretch, OfCurrenciesIsTheWeekWithoutChristmas) {
  const auto week = due_stretch(CalendarKind::kFx, utc("2026-02-11 22:00"));
  EXPECT_EQ(week.expect, Expect::kDue);
  EXPECT_EQ(week.from, utc("2026-02-08 22:00"));
  EXPECT_EQ(week.to, utc("2026-02-13 22:00"));
  const auto weekend = due_stretch(CalendarKind::kFx, utc("2026-02-14 12:00"));
  EXPECT_EQ(weekend.expect, Expect::kClosed);
  EXPECT_EQ(weekend.from, week.to);
  EXPECT_EQ(weekend.to, utc("2026-02-15 22:00"));
  // Friday, 25 December 2026.
  EXPECT_EQ(expectation(CalendarKind::kFx, utc("2026-12-25 12:00")), "quiet");
  EXPECT_EQ(due_stretch(CalendarKind::kFx, utc("2026-12-24 12:00")).to, utc("2026-12-24 22:00"));
  EXPECT_EQ(due_stretch(CalendarKind::kFx, utc("2026-01-02 12:00")).from, utc("2026-01-01 22:00"));
}

TEST(DueStretch, CoversEveryMomentOnce) {
  for (const auto kind : {CalendarKind::kTse, CalendarKind::kFx, CalendarKind::kOse}) {
    Timestamp t = utc("2026-10-20 00:00");  // over the clock changes of autumn, Christmas and New Year
    while (t < utc("2027-01-20 00:00")) {
      const auto stretch = due_stretch(kind, t);
      ASSERT_LE(stretch.from, t);
      ASSERT_GT(stretch.to, t);
      ASSERT_EQ(due_stretch(kind, stretch.to - 1ns).expect, stretch.expect) << format_utc(stretch.to);
      t = stretch.to;
    }
  }
}

TEST(GapStatistics, BeginWithASeedByHour) {
  GapStatistics gaps{CalendarKind::kFx};
  EXPECT_EQ(gaps.expected(utc("2026-02-10 09:00")), 3s) << "London";
  EXPECT_EQ(gaps.expected(utc("2026-02-10 21:00")), 3s) << "New York";
  EXPECT_EQ(gaps.expected(utc("2026-02-10 01:00")), 10s) << "Tokyo alone";
  EXPECT_EQ(GapStatistics{CalendarKind::kAlways}.expected(utc("2026-02-10 09:00")), 10s);
}

TEST(GapStatistics, LearnTheHour) {
  GapStatistics gaps{CalendarKind::kFx};
  const auto t = utc("2026-02-10 09:00");
  for (int i = 0; i < 995; ++i) gaps.add(t, 200ms);
  for (int i = 0; i < 5; ++i) gaps.add(t, 7s);
  EXPECT_EQ(gaps.expected(t), 8s) << "the upper edge of the bin of 7 s";
  EXPECT_EQ(gaps.expected(t + 24h), 8s) << "an hour without its own gaps takes those of all";
  EXPECT_EQ(gaps.expected(utc("2026-02-10 01:00")), 10s) << "never below the seed";
  for (int i = 0; i < 10'000; ++i) gaps.add(t, 200ms);
  EXPECT_EQ(gaps.expected(t), 500ms) << "five of 11,000 may be longer";
}

TEST(GapStatistics, ForgetWhatIsMonthsOld) {
  GapStatistics gaps{CalendarKind::kAlways};
  const auto t = utc("2026-02-10 09:00");
  for (int i = 0; i < 2'000; ++i) gaps.add(t, 7s);
  for (int week = 1; week <= 150; ++week) {
    for (int i = 0; i < 100; ++i) gaps.add(t + 24h * 7 * week, 200ms);
  }
  EXPECT_EQ(gaps.expected(t + 24h * 7 * 151), 500ms);
}

TEST(GapStatistics, AreKeptAsFarAsThereIsSomethingToKeep) {
  const auto saved = [](GapStatistics& gaps) {
    std::string bytes;
    auto io = StateIo::writer(bytes);
    gaps.state(io);
    return bytes;
  };
  GapStatistics empty{CalendarKind::kFx};
  EXPECT_LT(saved(empty).size(), 200U);
  GapStatistics gaps{CalendarKind::kFx};
  const auto t = utc("2026-02-10 09:00");
  for (int i = 0; i < 2'000; ++i) gaps.add(t, 7s);
  gaps.add(t + 24h, 1s);
  auto bytes = saved(gaps);
  GapStatistics back{CalendarKind::kFx};
  auto io = StateIo::reader(bytes);
  back.state(io);
  EXPECT_TRUE(io.ok() && io.at_end());
  EXPECT_EQ(back.expected(t), 8s);
  EXPECT_EQ(saved(back), bytes);

  bytes[0] = static_cast<char>(bytes[0] + 1);  // a count that does not add up
  auto damaged = StateIo::reader(bytes);
  back.state(damaged);
  EXPECT_FALSE(damaged.ok());
}

// One instrument with its clock.
struct Feed {
  explicit Feed(CalendarKind kind, Timestamp start) : liveness(kind), now(start) { (void)liveness.unheard(now); }
  void tick(Points price = 100_pts, Duration delay = 10ms) {
    Tick t{};
    t.ts_event = now;
    t.ts_recv = now + delay;
    t.mono_recv = MonoTime{} + (now - Timestamp{});
    t.price = price;
    liveness.on_arrival(t);
  }
  void ticks(int count, Duration every) {
    for (int i = 0; i < count; ++i) {
      now += every;
      tick(Points{(100_pts).raw + i % 2});
    }
  }
  FeedLiveness::Condition condition(bool suspect = false, bool others_move = false) {
    return liveness.condition(now, MonoTime{} + (now - Timestamp{}), suspect, others_move);
  }
  std::string after(Duration wait) {
    now += wait;
    const auto c = condition();
    return std::string(name_of(c.state)) + (!c.reason ? "" : " " + std::string(name_of(*c.reason)));
  }
  FeedLiveness liveness;
  Timestamp now;
};

TEST(FeedLiveness, AgesAnIndexInTheAfternoon) {
  Feed feed{CalendarKind::kTse, jst("2026-02-09 13:00")};
  EXPECT_EQ(feed.after(0s), "CONNECTING");
  EXPECT_EQ(feed.after(5s), "CONNECTING");
  feed.tick();
  EXPECT_EQ(feed.after(7s), "LIVE");
  EXPECT_EQ(feed.after(5s), "LIVE");
  EXPECT_EQ(feed.after(1s), "LATE no_data");
  EXPECT_EQ(feed.after(17s), "LATE no_data");
  EXPECT_EQ(feed.after(1s), "STALE no_data");
  EXPECT_EQ(feed.condition().silence, 31s);
  feed.tick();
  EXPECT_EQ(feed.after(0s), "LIVE");
}

TEST(FeedLiveness, ExpectsNothingAtLunchAtTheAuctionAndAtNight) {
  Feed feed{CalendarKind::kTse, jst("2026-02-09 11:29:50")};
  feed.tick();
  EXPECT_EQ(feed.after(15min), "QUIET");
  feed.now = jst("2026-02-09 12:30:05");
  EXPECT_EQ(feed.after(0s), "LIVE") << "five seconds into the afternoon";
  EXPECT_EQ(feed.after(30s), "STALE no_data");
  feed.now = jst("2026-02-09 15:26");
  EXPECT_EQ(feed.after(0s), "QUIET");
  feed.now = jst("2026-02-09 20:00");
  EXPECT_EQ(feed.after(0s), "CLOSED");
}

TEST(FeedLiveness, IsStaleWhenNeverHeardFrom) {
  Feed feed{CalendarKind::kTse, jst("2026-02-09 08:30")};
  EXPECT_EQ(feed.after(0s), "QUIET");
  EXPECT_EQ(feed.after(30min + 30s), "CONNECTING");
  EXPECT_EQ(feed.after(1s), "STALE no_data");
}

TEST(FeedLiveness, DoesNotTakeItsOwnAbsenceForTheFeeds) {
  Feed before{CalendarKind::kTse, jst("2026-02-09 13:00")};
  before.tick();
  std::string saved;
  auto writer = StateIo::writer(saved);
  before.liveness.state(writer);
  Feed after{CalendarKind::kTse, jst("2026-02-09 13:10")};
  auto reader = StateIo::reader(saved);
  after.liveness.state(reader);
  ASSERT_TRUE(reader.ok() && reader.at_end());
  after.liveness.on_resume();
  EXPECT_EQ(after.after(0s), "CONNECTING");
  EXPECT_EQ(after.after(31s), "STALE no_data");
}

TEST(FeedLiveness, AgesACurrencyByWhatIsUsual) {
  Feed feed{CalendarKind::kFx, utc("2026-02-10 09:00")};
  feed.tick();
  EXPECT_EQ(feed.after(6s), "LIVE");
  EXPECT_EQ(feed.after(1s), "LATE no_data");
  EXPECT_EQ(feed.after(5s), "LATE no_data");
  EXPECT_EQ(feed.after(1s), "STALE no_data") << "12 s, four times the seed";
  feed.tick();
  feed.ticks(1'500, 1s);
  EXPECT_EQ(feed.after(10s), "LATE no_data") << "never below 10 s, however dense";
  EXPECT_EQ(feed.after(1s), "STALE no_data");
}

TEST(FeedLiveness, ToleratesTheRollAndCapsTheLimit) {
  Feed feed{CalendarKind::kFx, utc("2026-02-10 21:54:55")};
  EXPECT_EQ(feed.liveness.limits(feed.now).stale, 48s) << "4 x 12 s: the silence reaches into the roll";
  EXPECT_EQ(feed.liveness.limits(utc("2026-02-10 21:30")).stale, 12s);
  Feed slow{CalendarKind::kFx, utc("2026-02-10 09:00")};
  slow.tick();
  slow.ticks(200, 50s);
  EXPECT_EQ(slow.liveness.limits(utc("2026-02-10 09:30")).stale, 120s);
}

TEST(FeedLiveness, IsFrozenWhenOthersMove) {
  Feed index{CalendarKind::kTse, jst("2026-02-09 13:00")};
  for (int i = 0; i < 59; ++i) {
    index.tick();
    index.now += 5s;
  }
  EXPECT_EQ(index.condition(false, true).state, Liveness::kLive);
  index.tick();
  EXPECT_EQ(index.condition(false, true).state, Liveness::kFrozen);
  EXPECT_EQ(index.condition(false, true).reason, StaleReason::kFrozen);
  EXPECT_EQ(index.condition(false, false).state, Liveness::kLive) << "nothing moves anywhere";
  index.tick(100.01_pts);
  EXPECT_EQ(index.condition(false, true).state, Liveness::kLive);

  const auto flat = [](Feed& fx) {
    for (int i = 0; i <= 300; ++i) {
      fx.tick();
      fx.now += 1s;
    }
    return fx.condition(false, true).state;
  };
  Feed london{CalendarKind::kFx, utc("2026-02-10 09:00")};
  EXPECT_EQ(flat(london), Liveness::kFrozen);
  Feed thin{CalendarKind::kFx, utc("2026-02-10 23:00")};
  EXPECT_EQ(flat(thin), Liveness::kLive);
}

TEST(FeedLiveness, IsSuspectWhenAHeldPriceIsNeverJudged) {
  Feed feed{CalendarKind::kTse, jst("2026-02-09 13:00")};
  feed.tick();
  feed.now += 12s;
  EXPECT_EQ(feed.condition(true).state, Liveness::kLive);
  feed.now += 1s;
  EXPECT_EQ(feed.condition(true).state, Liveness::kSuspect);
  feed.now += 18s;
  EXPECT_EQ(feed.condition(true).state, Liveness::kStale);
}

TEST(FeedLiveness, NamesAClockThatIsOff) {
  const auto reason = [](Duration delay, int ticks) {
    Feed feed{CalendarKind::kAlways, jst("2026-02-09 13:00")};
    for (int i = 0; i < ticks; ++i) {
      feed.now += 100ms;
      feed.tick(100_pts, delay);
    }
    return feed.condition().reason;
  };
  EXPECT_EQ(reason(2s, 100), std::nullopt);
  EXPECT_EQ(reason(2s + 1ms, 100), StaleReason::kClock);
  EXPECT_EQ(reason(2s + 1ms, 99), std::nullopt) << "not on the word of a few";
  EXPECT_EQ(reason(-51ms, 100), StaleReason::kClock);
  EXPECT_EQ(reason(-9h, 100), StaleReason::kClock) << "a wrong time zone";
  EXPECT_EQ(reason(24h * 300, 100), std::nullopt) << "a recording";
}

TEST(FeedLiveness, ShowsAHoleForAMinute) {
  Feed feed{CalendarKind::kAlways, jst("2026-02-09 13:00")};
  feed.liveness.note_hole(MonoTime{} + (feed.now - Timestamp{}));
  feed.tick();
  EXPECT_EQ(feed.after(1s), "LIVE seq_gap");
  feed.ticks(60, 1s);
  EXPECT_EQ(feed.after(0s), "LIVE");
}

}  // namespace
}  // namespace yagura::processing
