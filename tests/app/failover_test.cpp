// Two feeds of one market, one of which falls silent: each crossing is told once, and a feed that sees
// another price is not believed at once.
#include <cstdlib>
#include <filesystem>
#include <map>

#include <gmock/gmock.h>

#include "app/pipeline.hpp"
#include "core/symbol.hpp"
#include "feeds/source.hpp"

namespace yagura::app {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr SymbolId kEuro{0};

Price price(std::string_view text) { return parse_price(text).value(); }
Timestamp moment(std::string_view text) { return parse_iso8601(text).value(); }

processing::MonitorOptions euro_rules() {
  processing::MonitorOptions options;
  InstrumentInfo euro{};
  euro.symbol = "EURUSD";
  euro.tick = price("0.00001") - Price{};
  euro.pip = price("0.0001") - Price{};
  euro.calendar = CalendarKind::kFx;
  options.instruments = {euro};
  processing::CrossingOptions crossing;
  crossing.rearm = processing::Band::of_points(price("0.001") - Price{});
  options.rules.push_back({"round", kEuro, processing::MilestoneOptions{price("0.005") - Price{}, crossing}});
  options.rules.push_back({"feed", kEuro, processing::StaleOptions{}});
  return options;
}

// The clock moves from tick to tick and stops for the monitor's own beats on the way.
class TwoFeeds {
 public:
  explicit TwoFeeds(Timestamp start) : clock_(start), beat_(start) {}

  void at(Timestamp t) {
    for (; beat_ <= t; beat_ += 250ms) {
      clock_.advance(std::max<Duration>(beat_ - clock_.now(), 0ns));
      pipeline_.watch_silence();
    }
    clock_.advance(std::max<Duration>(t - clock_.now(), 0ns));
  }
  void send(int feed, Tick tick) {
    at(tick.ts_event);
    tick.symbol = kEuro;
    tick.ts_recv = clock_.now();
    tick.mono_recv = clock_.mono();
    ports_[static_cast<std::size_t>(feed)].on_tick(tick);
    pipeline_.drain();
  }
  void quote(int feed, Timestamp t, Price mid_price) {
    const auto half = price("0.00005") - Price{};
    Tick tick{};
    tick.ts_event = t;
    tick.price = mid_price;
    tick.bid = mid_price - half;
    tick.ask = mid_price + half;
    tick.flags = TickFlag::kHasBid | TickFlag::kHasAsk;
    send(feed, tick);
  }
  // Crossings and silences as they were said: "reached 1.39", "stale".
  [[nodiscard]] std::vector<std::string> said(RuleKind kind) const {
    std::vector<std::string> lines;
    for (const auto& [signal, level] : said_) {
      if (signal.kind != kind) continue;
      lines.push_back(std::string(name_of(signal.event)) +
                      (kind == RuleKind::kMilestone ? ' ' + to_string(level) : std::string{}));
    }
    return lines;
  }
  [[nodiscard]] const processing::InstrumentMonitor& instrument() { return monitor_.instrument(kEuro); }
  [[nodiscard]] const Pipeline& pipeline() const { return pipeline_; }

 private:
  ManualClock clock_;
  Timestamp beat_;
  processing::Monitor monitor_{euro_rules()};
  std::vector<std::pair<Signal, Price>> said_;
  Pipeline pipeline_{{.future_limit = {}, .feeds = 2},
                     monitor_,
                     clock_,
                     {.alerts =
                          [this](SignalBuffer& signals) {
                            for (const auto& s : signals.signals())
                              said_.emplace_back(s, s.kind == RuleKind::kMilestone ? s.levels.level : Price{});
                          },
                      .accepted = [](const processing::InstrumentMonitor&, MonoTime) {},
                      .wake = [] {},
                      .folding = [] {}}};
  std::array<Pipeline::Port, 2> ports_{Pipeline::Port{pipeline_, 0, 1}, Pipeline::Port{pipeline_, 1, 2}};
};

// Half past nine in London; 1.38900 and on by half a pip a second, both feeds a tenth of a pip apart.
struct Walk {
  Timestamp start = moment("2014-05-08T08:30:00Z");
  TwoFeeds feeds{start};
  int second = 0;
  void run(int seconds, bool main, bool backup) {
    for (const int until = second + seconds; second < until; ++second) {
      const auto p = Price::from_raw((price("1.389")).raw() + second * 5'000);
      if (main) feeds.quote(0, start + 1s * second, p);
      if (backup) feeds.quote(1, start + 1s * second + 300ms, Price::from_raw(p.raw() + 10'000));
    }
  }
};

TEST(Failover, TellsACrossingOnceThroughTwoFeeds) {
  Walk walk;
  walk.run(300, true, true);
  EXPECT_THAT(walk.feeds.said(RuleKind::kMilestone), ElementsAre("reached 1.39"));
  EXPECT_EQ(walk.feeds.pipeline().failovers(kEuro), 0U);
}

TEST(Failover, GoesOnWithTheOtherAndBackWithoutSayingAnythingTwice) {
  Walk walk;
  walk.run(195, true, true);
  walk.run(60, false, true);  // 1.39 is reached after 200 s
  EXPECT_EQ(walk.feeds.pipeline().speaking_feed(kEuro), 1);
  walk.run(9, true, true);
  EXPECT_EQ(walk.feeds.pipeline().speaking_feed(kEuro), 1) << "it must be back for a while";
  walk.run(60, true, true);
  EXPECT_EQ(walk.feeds.pipeline().speaking_feed(kEuro), 0);
  EXPECT_THAT(walk.feeds.said(RuleKind::kMilestone), ElementsAre("reached 1.39"));
  EXPECT_THAT(walk.feeds.said(RuleKind::kStale), ElementsAre("stale", "recovered"))
      << "the market was silent until the other took over";
  EXPECT_EQ(walk.feeds.pipeline().failovers(kEuro), 2U);
}

TEST(Failover, IsSilentWhenBothAre) {
  Walk walk;
  walk.run(60, true, true);
  walk.feeds.at(walk.start + 5min);
  EXPECT_THAT(walk.feeds.said(RuleKind::kStale), ElementsAre("stale"));
}

// The main feed stops after a minute at 1.38930; the other's first words come 20 s later.
struct Disagreement : testing::Test {
  Walk walk;
  TwoFeeds& feeds = walk.feeds;
  Timestamp t{};
  void SetUp() override {
    walk.run(60, true, false);
    t = walk.start + 80s;
  }
  std::uint64_t accepted() { return feeds.instrument().filter().counts().accepted; }
  std::uint64_t outliers() {
    return feeds.instrument().filter().counts().rejected[static_cast<std::size_t>(processing::Reject::kOutlier)];
  }
};

TEST_F(Disagreement, OfAFewPipsIsBelieved) {
  feeds.quote(1, t, price("1.38990"));
  EXPECT_EQ(accepted(), 61U);
}

TEST_F(Disagreement, BeyondFiveBasisPointsWaitsUntilItIsConfirmed) {
  feeds.quote(1, t, price("1.39040"));
  EXPECT_EQ(feeds.instrument().filter().held(), 1U);
  EXPECT_THAT(feeds.said(RuleKind::kMilestone), IsEmpty());
  feeds.quote(1, t + 1s, price("1.39041"));
  feeds.quote(1, t + 2s, price("1.39042"));
  EXPECT_EQ(accepted(), 63U);
  EXPECT_THAT(feeds.said(RuleKind::kMilestone), ElementsAre("reached 1.39"));
}

TEST_F(Disagreement, BeyondFiveBasisPointsIsDroppedWhenItIsDenied) {
  feeds.quote(1, t, price("1.39040"));
  feeds.quote(1, t + 1s, price("1.38931"));
  EXPECT_EQ(outliers(), 1U);
  EXPECT_EQ(accepted(), 61U);
  EXPECT_THAT(feeds.said(RuleKind::kMilestone), IsEmpty());
}

// A real day of two venues: EUR/USD fell by 1 % around half past twelve, London time.
class RealPair : public testing::Test {
 protected:
  void SetUp() override {
    const char* shared = std::getenv("YAGURA_SHARED");
    folder_ = std::filesystem::path(shared != nullptr ? shared : YAGURA_ROOT "/../shared") / "data";
    if (!std::filesystem::exists(folder_ / "eurusd_ticks_20140508_oanda.csv.gz"))
      GTEST_SKIP() << "no folder of real market data (YAGURA_SHARED)";
    symbols_.add("EURUSD");
    for (const char* venue : {"oanda", "fxcm"}) {
      const auto file = (folder_ / ("eurusd_ticks_20140508_" + std::string(venue) + ".csv.gz")).string();
      auto loaded = feeds::load_source({"EURUSD", file}, symbols_, names_, {.lenient = false, .capture_symbols = {}});
      ASSERT_TRUE(loaded) << loaded.error().message;
      ticks_.push_back(std::move(loaded->ticks));
    }
  }
  // Both venues as live feeds over the hours they share; the first one without its ticks of the cut.
  void play(TwoFeeds& feeds, Timestamp cut_from, Timestamp cut_to) {
    const auto from = moment("2014-05-08T05:00:00Z");
    const auto to = moment("2014-05-08T21:00:00Z");
    std::array<std::size_t, 2> at{};
    while (true) {
      int next = -1;
      for (int f = 0; f < 2; ++f) {
        const auto i = static_cast<std::size_t>(f);
        while (at[i] < ticks_[i].size() && ticks_[i][at[i]].ts_event < from) ++at[i];
        if (at[i] == ticks_[i].size() || ticks_[i][at[i]].ts_event >= to) continue;
        if (next < 0 || ticks_[i][at[i]].ts_event <
                            ticks_[static_cast<std::size_t>(next)][at[static_cast<std::size_t>(next)]].ts_event)
          next = f;
      }
      if (next < 0) return;
      const auto& tick = ticks_[static_cast<std::size_t>(next)][at[static_cast<std::size_t>(next)]++];
      if (next == 0 && tick.ts_event >= cut_from && tick.ts_event < cut_to) continue;
      feeds.send(next, tick);
    }
  }

  std::filesystem::path folder_;
  SymbolTable symbols_;
  feeds::SourceNames names_;
  std::vector<std::vector<Tick>> ticks_;
};

TEST_F(RealPair, SaysTheSameWithAndWithoutACutThroughTheFall) {
  const auto from = moment("2014-05-08T05:00:00Z");
  TwoFeeds whole{from};
  play(whole, from, from);
  TwoFeeds cut{from};
  play(cut, moment("2014-05-08T12:40:00Z"), moment("2014-05-08T13:10:00Z"));
  const auto crossings = whole.said(RuleKind::kMilestone);
  EXPECT_GE(crossings.size(), 4U);
  EXPECT_EQ(cut.said(RuleKind::kMilestone), crossings);
  EXPECT_GE(cut.pipeline().failovers(kEuro), whole.pipeline().failovers(kEuro) + 2);
}

}  // namespace
}  // namespace yagura::app
