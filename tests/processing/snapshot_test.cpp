// Saving the whole state and going on from it.
#include <zlib.h>

#include <cstring>
#include <optional>
#include <random>

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

// A day's random prices of two instruments, with milestones, levels, records, moves and drifts, jumps, lone outliers,
// duplicates and late ticks; long enough for three trading dates.
class RandomDays {
 public:
  RandomDays() {
    options_.instruments = {filtered(nikkei()), filtered(yen())};
    options_.instruments[0].gap_after = 40s;
    const auto add = [&](std::string id, SymbolId symbol, auto kind) {
      options_.rules.push_back({std::move(id), symbol, std::move(kind)});
    };
    for (const auto symbol : {SymbolId{0}, SymbolId{1}}) {
      const std::string name = options_.instruments[index_of(symbol)].symbol;
      const bool fx = symbol == SymbolId{1};
      auto milestone = milestones(fx ? 0.2_pts : 100_pts, fx ? points(0.05_pts) : percent(0.05_pct));
      milestone.crossing.cooldown = 5min;
      milestone.crossing.near = points(fx ? 0.03_pts : 20_pts);
      milestone.crossing.close = true;
      add(name + "-milestone", symbol, milestone);
      std::vector<LevelEntry> list;
      for (int i = -10; i <= 10; ++i) {
        const auto raw = fx ? (150_pts).raw + i * (0.07_pts).raw : (50'000_pts).raw + i * (37_pts).raw;
        list.push_back({Points{raw}, i % 3 == 0 ? "note" : "", i % 4 == 0});
      }
      auto level = levels(list, points(fx ? 0.03_pts : 15_pts));
      level.crossing.cooldown = 2min;
      add(name + "-level", symbol, level);
      auto record = records(all_horizons(), fx ? points(0.05_pts) : percent(0.05_pct));
      record.lows = true;
      add(name + "-record", symbol, record);
      auto close = record;
      close.basis = Basis::kClose;
      add(name + "-close", symbol, close);
      add(name + "-move", symbol,
          moves({{60s, points(fx ? 0.1_pts : 40_pts)},
                 {300s, points(fx ? 0.2_pts : 80_pts)},
                 {900s, percent(0.25_pct)}}));
      auto scaled = moves({{60s, points(fx ? 0.05_pts : 20_pts)}});
      scaled.min_z = 3;
      add(name + "-scaled", symbol, scaled);
      add(name + "-drift", symbol, CusumOptions{.grid = 5s, .allowance = 0.1, .limit = 3});
    }
    history_["NI225"] = {bar("2024-12-30", 49'000_pts, 48'000_pts, 48'500_pts),
                         bar("2026-02-05", 50'150_pts, 49'800_pts, 50'000_pts)};
    history_["USDJPY"] = {bar("2024-12-30", 149_pts, 148_pts, 148.5_pts),
                          bar("2026-02-05", 150.3_pts, 149.5_pts, 150_pts)};
  }

  [[nodiscard]] const MonitorOptions& options() const { return options_; }
  [[nodiscard]] const Monitor::History& history() const { return history_; }

  [[nodiscard]] static std::vector<Tick> ticks(std::uint32_t seed) {
    std::mt19937 random{seed};
    std::vector<Tick> all;
    std::array<std::int64_t, 2> price = {(50'000_pts).raw, (150_pts).raw};
    for (const auto* start :
         {"2026-02-09 09:00:00", "2026-02-09 12:30:00", "2026-02-09 15:25:00", "2026-02-10 06:55:00",
          "2026-02-10 09:00:00", "2026-02-10 15:28:00", "2026-02-16 09:00:00"}) {
      Timestamp t = jst(start);
      for (int i = 0; i < 300; ++i) {
        t += std::chrono::milliseconds{random() % 5'000};
        const std::size_t which = random() % 2;
        const std::int64_t unit = which == 0 ? (1_pts).raw : (0.003_pts).raw;
        price[which] += (static_cast<std::int64_t>(random() % 21) - 10) * unit;
        if (random() % 60 == 0) price[which] += (random() % 2 == 0 ? 80 : -80) * unit;
        Tick tick{};
        tick.ts_event = tick.ts_recv = t;
        tick.price = Price::from_raw(price[which] + (random() % 80 == 0 ? 500 * unit : 0));
        tick.symbol = SymbolId{static_cast<std::uint16_t>(which)};
        if (which == 1) {
          tick.bid = tick.price - PriceDelta{0.002_pts};
          tick.ask = tick.price + PriceDelta{0.002_pts};
          tick.flags = TickFlag::kHasBid | TickFlag::kHasAsk;
        }
        if (random() % 50 == 0) tick.ts_event -= 20s;
        all.push_back(tick);
        if (random() % 50 == 0) all.push_back(tick);
      }
    }
    return all;
  }

 private:
  MonitorOptions options_;
  Monitor::History history_;
};

// Everything a signal says, with or without what a pause in service adds.
std::string full_text(const Said& said, bool without_gap) {
  Said copy = said;
  if (without_gap) copy.signal.gap = false;
  const auto& s = copy.signal;
  return to_string(s.id) + ' ' + to_string(s.parent) + ' ' + text_of(copy) + ' ' + to_string(s.price) + ' ' +
         to_string(s.previous) + ' ' + format_utc(s.previous_ts) + ' ' + to_string(s.previous_close) + ' ' +
         std::to_string(s.episode) + ' ' + (s.kind == RuleKind::kMove ? std::to_string(s.move.z) + ' ' : "") +
         std::string(name_of(s.severity)) + ' ' + to_string(s.trading_date) + (s.confirmed ? " confirmed" : "") +
         (!without_gap && s.after_gap ? " after gap" : "") + (!without_gap && s.while_down ? " while down" : "");
}

class SnapshotSpec : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  struct Run {
    std::vector<std::vector<Said>> by_tick;
    std::vector<Said> at_end;
  };
  static std::vector<Said> take(SignalBuffer& buffer) {
    std::vector<Said> all;
    for (const auto& signal : buffer.signals()) {
      Said said{signal, {}};
      if (signal.kind == RuleKind::kMilestone || signal.kind == RuleKind::kLevel) {
        const auto crossed = buffer.levels_of(signal);
        said.levels.assign(crossed.begin(), crossed.end());
      }
      all.push_back(std::move(said));
    }
    buffer.clear();
    return all;
  }
  RandomDays days_;
};

TEST_P(SnapshotSpec, GoesOnAsIfNothingHadHappened) {
  SCOPED_TRACE(GetParam());
  const auto ticks = RandomDays::ticks(GetParam());
  Monitor whole{days_.options(), days_.history()};
  SignalBuffer buffer;
  std::vector<std::vector<Said>> expected;
  for (const auto& tick : ticks) {
    whole.on_tick(tick, buffer);
    expected.push_back(take(buffer));
  }
  whole.on_end_of_input(buffer);
  const auto expected_end = take(buffer);
  std::size_t total = expected_end.size();
  std::array<int, 32> events{};
  for (const auto& list : expected) {
    total += list.size();
    for (const auto& said : list) ++events[static_cast<std::size_t>(said.signal.event)];
  }
  ASSERT_GT(total, 300U) << "a day without alerts proves nothing";
  for (const auto event : {Event::kReached, Event::kLost, Event::kCleared, Event::kRejected, Event::kBroken,
                           Event::kRegained, Event::kNear, Event::kNewHigh, Event::kNewLow, Event::kMove,
                           Event::kExtended, Event::kReversal, Event::kDrift}) {
    ASSERT_GT(events[static_cast<std::size_t>(event)], 0) << name_of(event);
  }

  // One run that is saved and loaded before every k-th tick. Reloading in place changes nothing.
  for (const std::size_t every : {std::size_t{1}, std::size_t{7}}) {
    auto monitor = std::make_unique<Monitor>(days_.options(), days_.history());
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      if (i % every == 0) {
        const auto snapshot = monitor->save();
        monitor = std::make_unique<Monitor>(days_.options(), days_.history());
        const auto loaded = monitor->load(snapshot, Resumed::kInPlace);
        ASSERT_TRUE(loaded) << loaded.error().message;
      }
      monitor->on_tick(ticks[i], buffer);
      const auto got = take(buffer);
      ASSERT_EQ(got.size(), expected[i].size()) << "tick " << i;
      for (std::size_t s = 0; s < got.size(); ++s)
        ASSERT_EQ(full_text(got[s], false), full_text(expected[i][s], false)) << "tick " << i;
    }
    monitor->on_end_of_input(buffer);
    ASSERT_EQ(take(buffer).size(), expected_end.size());
  }

  // After a restart the first accepted tick of each instrument comes after a gap and while down. A drift
  // begins anew with that, everything else goes on.
  const auto without_drifts = [](std::vector<Said> list) {
    std::erase_if(list, [](const Said& said) { return said.signal.kind == RuleKind::kCusum; });
    return list;
  };
  for (std::size_t k = 3; k < ticks.size(); k += 211) {
    SCOPED_TRACE(::testing::Message() << "restart before tick " << k);
    auto monitor = std::make_unique<Monitor>(days_.options(), days_.history());
    for (std::size_t i = 0; i < k; ++i) monitor->on_tick(ticks[i], buffer);
    buffer.clear();
    const auto snapshot = monitor->save();
    monitor = std::make_unique<Monitor>(days_.options(), days_.history());
    ASSERT_TRUE(monitor->load(snapshot, Resumed::kAfterDowntime));
    std::array<std::optional<Timestamp>, 2> first_time;  // by instrument
    for (std::size_t i = k; i < ticks.size(); ++i) {
      monitor->on_tick(ticks[i], buffer);
      const auto got = without_drifts(take(buffer));
      const auto wanted = without_drifts(expected[i]);
      ASSERT_EQ(got.size(), wanted.size()) << "tick " << i;
      for (std::size_t s = 0; s < got.size(); ++s) {
        const bool first = got[s].signal.while_down;
        ASSERT_EQ(full_text(got[s], first), full_text(wanted[s], first)) << "tick " << i;
        if (first) {
          ASSERT_TRUE(got[s].signal.after_gap);
          auto& time = first_time[index_of(ticks[i].symbol)];
          if (!time) time = got[s].signal.ts_event;
          ASSERT_EQ(got[s].signal.ts_event, *time) << "one tick only";
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, SnapshotSpec, ::testing::Values(1U, 2U, 3U));

// -- what a restart means to a reader --

class RestartSpec : public Timeline {
 protected:
  RestartSpec() {
    watch(nikkei());
    given_rule(milestones(1'000_pts, points(58_pts)), SymbolId{0}, "big");
  }
  MilestoneOptions& rule() { return std::get<MilestoneOptions>(options_.rules[0].kind); }
};

TEST_F(RestartSpec, MarksTheFirstTickAndOnlyThat) {
  tick("10:00:00", 57'500_pts);
  resume(Resumed::kAfterDowntime);
  tick("10:30:00", 58'500_pts);
  tick("10:30:05", 59'500_pts);
  ASSERT_THAT(lines(), ElementsAre("10:30:00 reached 58000 gap", "10:30:05 reached 59000"));
  EXPECT_TRUE(signal(0).while_down);
  EXPECT_FALSE(signal(1).while_down);
}

TEST_F(RestartSpec, MarksNothingAfterAReloadInPlace) {
  tick("10:00:00", 57'500_pts);
  resume(Resumed::kInPlace);
  tick("10:00:05", 58'500_pts);
  ASSERT_THAT(lines(), ElementsAre("10:00:05 reached 58000"));
  EXPECT_FALSE(signal(0).while_down);
}

TEST_F(RestartSpec, KeepsTheMarkWhenRulesAreReloadedBeforeTheFirstTick) {
  tick("10:00:00", 57'500_pts);
  resume(Resumed::kAfterDowntime);
  resume(Resumed::kInPlace);
  tick("10:30:00", 58'500_pts);
  ASSERT_THAT(lines(), ElementsAre("10:30:00 reached 58000 gap"));
  EXPECT_TRUE(signal(0).while_down);
}

TEST_F(RestartSpec, SeesAHoleInTheSequenceAcrossAReloadInPlace) {
  send(numbered(print(at("10:00:00"), 57'500_pts), 5));
  resume(Resumed::kInPlace);
  send(numbered(print(at("10:00:05"), 58'500_pts), 9));
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000 gap"));
}

TEST_F(RestartSpec, TakesNumbersOfNewConnectionsForNoDuplicates) {
  for (std::uint64_t seq = 1; seq <= 3; ++seq)
    send(numbered(print(at("10:00:00") + std::chrono::seconds{seq}, 57'500_pts), seq));
  resume(Resumed::kAfterDowntime);  // sources are numbered from the start again, and so is what they send
  send(numbered(print(at("10:30:00"), 58'500_pts), 1));
  EXPECT_EQ(rejected(Reject::kDuplicate), 0U);
  EXPECT_THAT(lines(), ElementsAre("10:30:00 reached 58000 gap"));
}

TEST_F(RestartSpec, StillKnowsTheLastRowsWithoutNumbers) {
  tick("10:00:00", 57'500_pts);
  resume(Resumed::kAfterDowntime);
  tick("10:00:00", 57'500_pts);
  EXPECT_EQ(rejected(Reject::kDuplicate), 1U);
}

TEST_F(RestartSpec, RepeatsNoAlertBetweenTriggerAndReset) {
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 58'001_pts);
  resume(Resumed::kAfterDowntime);
  tick("10:20:00", 58'002_pts);
  tick("10:20:05", 57'999_pts);
  tick("10:20:10", 58'003_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000"));
}

TEST_F(RestartSpec, SaysFirstEverOnlyOnce) {
  rule().crossing.cooldown = 0s;
  given_previous_close(57'900_pts);
  tick("10:00:00", 58'001_pts);
  resume(Resumed::kAfterDowntime);
  tick("10:00:05", 57'900_pts);
  resume(Resumed::kAfterDowntime);
  on("2026-02-10");
  tick("10:00:00", 58'100_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:00 reached 58000 first ever", "10:00:05 rejected 58000 gap",
                                   "10:00:00 reached 58000 gap"));
}

TEST_F(RestartSpec, CountsEpisodesOn) {
  rule().crossing.cooldown = 0s;
  tick("10:00:00", 57'900_pts);
  tick("10:00:05", 58'100_pts);
  tick("10:00:10", 57'900_pts);
  resume(Resumed::kAfterDowntime);
  tick("10:00:15", 58'100_pts);
  ASSERT_EQ(said().size(), 3U);
  EXPECT_EQ(signal(2).episode, 2U);
  EXPECT_NE(signal(2).id, signal(0).id);
}

TEST_F(RestartSpec, StartsAChangedRuleAfresh) {
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 58'001_pts);
  rule().crossing.rearm = points(20_pts);
  resume(Resumed::kInPlace);
  tick("10:00:10", 57'900_pts);  // no note: for the new rule the level was simply above
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000", "10:00:10 lost 58000"));
}

TEST_F(RestartSpec, KeepsARulesStateThatOnlyChangedItsTaste) {
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 58'001_pts);
  rule().crossing.cooldown = 0s;
  resume(Resumed::kInPlace);
  tick("10:00:10", 57'900_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 58000", "10:00:10 rejected 58000"));
}

TEST_F(RestartSpec, KnowsRulesByTheirNamesNotByTheirPlaces) {
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 58'001_pts);
  options_.rules.insert(options_.rules.begin(), RuleOptions{"new", SymbolId{0}, milestones(500_pts, points(10_pts))});
  resume(Resumed::kInPlace);
  tick("10:00:10", 57'900_pts);
  ASSERT_THAT(lines(), ElementsAre("10:00:05 reached 58000", "10:00:10 lost 58000", "10:00:10 rejected 58000"));
  EXPECT_EQ(signal(1).rule, RuleIndex{0});
  EXPECT_EQ(signal(2).rule, RuleIndex{1});
}

TEST_F(RestartSpec, GoesOnWithAnInstrumentLess) {
  auto second = nikkei();
  second.symbol = "TOPIX";
  watch(second);
  tick("10:00:00", 57'990_pts);
  tick("10:00:05", 3'000_pts, SymbolId{1});
  options_.instruments.pop_back();
  resume(Resumed::kAfterDowntime);
  tick("10:00:10", 58'100_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:10 reached 58000 gap"));
}

TEST_F(RestartSpec, GoesOnWithAMoveRuleMore) {
  tick("10:00:00", 57'500_pts);
  given_rule(moves({{60s, points(100_pts)}}));
  resume(Resumed::kInPlace);
  tick("10:00:05", 57'500_pts);
  tick("10:00:10", 57'600_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:10 move +100 1m"));
}

TEST_F(RestartSpec, GoesOnWithoutTheOnlyMoveRule) {
  given_rule(moves({{60s, points(100_pts)}}));
  tick("10:00:00", 57'500_pts);
  tick("10:00:05", 57'550_pts);
  options_.rules.pop_back();
  resume(Resumed::kInPlace);
  tick("10:00:10", 58'001_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:10 reached 58000"));
}

TEST_F(RestartSpec, GoesOnWithALongerWindow) {
  const auto move = given_rule(moves({{60s, points(100_pts)}}));
  tick("10:00:00", 57'500_pts);
  tick("10:00:05", 57'550_pts);
  options_.rules[index_of(move)].kind = moves({{10s, points(100_pts)}, {1h, points(120_pts)}});
  resume(Resumed::kInPlace);
  tick("10:00:20", 57'550_pts);
  tick("10:02:00", 57'655_pts);
  tick("10:02:40", 57'655_pts);
  EXPECT_THAT(lines(), ElementsAre("10:02:00 move +155 1h"));
}

// -- damage --

class DamageSpec : public RestartSpec {
 protected:
  DamageSpec() {
    given_rule(moves({{60s, points(100_pts)}}));
    given_rule(records(all_horizons(), points(10_pts)));
    for (int i = 0; i < 20; ++i) send(print(at("10:00:00") + i * 5s, Points{(57'500_pts).raw + i * (40_pts).raw}));
    snapshot_ = monitor().save();
  }
  [[nodiscard]] Result<void> load(std::string_view snapshot) const {
    return Monitor{options_, history_}.load(snapshot, Resumed::kAfterDowntime);
  }
  // With a checksum that fits what stands there.
  static std::string checked(std::string snapshot) {
    const auto crc = ~static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(snapshot.data() + 12), static_cast<uInt>(snapshot.size() - 12)));
    std::memcpy(snapshot.data() + 8, &crc, sizeof crc);
    return snapshot;
  }
  std::string snapshot_;
};

TEST_F(DamageSpec, ReadsBackWhatIsWhole) {
  EXPECT_TRUE(load(snapshot_));
  EXPECT_EQ(checked(snapshot_), snapshot_);
}

TEST_F(DamageSpec, RefusesASnapshotWithAnyByteChanged) {
  ASSERT_LT(snapshot_.size(), 50'000U);
  for (std::size_t i = 0; i < snapshot_.size(); ++i) {
    auto damaged = snapshot_;
    damaged[i] = static_cast<char>(~static_cast<unsigned char>(damaged[i]));
    ASSERT_FALSE(load(damaged)) << "byte " << i;
  }
}

TEST_F(DamageSpec, RefusesASnapshotCutAnywhere) {
  for (std::size_t size = 0; size < snapshot_.size(); ++size)
    ASSERT_FALSE(load(std::string_view{snapshot_}.substr(0, size))) << size;
}

TEST_F(DamageSpec, RefusesASnapshotWithSomethingBehindIt) {
  EXPECT_FALSE(load(snapshot_ + 'x'));
  EXPECT_FALSE(load(checked(snapshot_ + 'x')));
}

TEST_F(DamageSpec, RefusesAnotherVersionAndSaysWhich) {
  auto other = snapshot_;
  other[7] = '9';
  const auto loaded = load(other);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, ::testing::HasSubstr("version 09"));
}

TEST_F(DamageSpec, RefusesAFileThatIsNoSnapshot) {
  EXPECT_FALSE(load(std::string(4096, '\0')));
  EXPECT_FALSE(load("hello, this is not a snapshot at all"));
}

// Lengths that lie, under a checksum that fits: reading must end, and must not read past the end.
TEST_F(DamageSpec, SurvivesCutsUnderAFittingChecksum) {
  for (std::size_t size = 12; size < snapshot_.size(); ++size)
    ASSERT_FALSE(load(checked(snapshot_.substr(0, size)))) << size;
}

// Plain enough to be copied as bytes, but an address in it would not outlive the program.
struct Remembers {
  const char* address = nullptr;
  std::int32_t count = 0;
  void state(StateIo& io) { io(count); }
};
static_assert(std::is_trivially_copyable_v<Remembers>);

TEST(StateIoSpec, AClassThatNamesItsStateIsNotStoredAsItsBytes) {
  std::string stored;
  auto out = StateIo::writer(stored);
  Remembers one{"here", 7};
  std::vector<Remembers> two{one, one};
  out(one, two);
  EXPECT_EQ(stored.size(), 4U + 4U + 2 * 4U);
  auto in = StateIo::reader(stored);
  Remembers other{"there", 0};
  in(other);
  EXPECT_EQ(other.count, 7);
  EXPECT_EQ(std::string_view{other.address}, "there");
}

}  // namespace
}  // namespace yagura::processing
