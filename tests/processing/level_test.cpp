// A trader's own levels: what a list adds to milestones. SEMANTICS 6.
#include <random>
#include <set>

#include "processing/level_sets.hpp"
#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

class LevelSpec : public Timeline {
 protected:
  LevelSpec() { watch(yen()); }
  void given_levels(std::vector<LevelEntry> entries) { given_rule(levels(std::move(entries), points(0.1_pts))); }
  LevelOptions& rule() { return std::get<LevelOptions>(options_.rules[0].kind); }
};

TEST_F(LevelSpec, AreCrossedInTheirOrderHoweverTheyWereWritten) {
  given_levels({{150.5_pts, "", false}, {150.2_pts, "", false}, {150.9_pts, "", false}});
  tick("10:00:00", 150_pts);
  tick("10:00:05", 150.6_pts);
  tick("10:00:10", 150_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 150.2 150.5 gap", "10:00:10 lost 150.5 150.2 gap"));
}

TEST_F(LevelSpec, SayTheNoteOfTheHeadline) {
  given_levels({{150.5_pts, "", false}, {150.2_pts, "stops", false}});
  tick("10:00:00", 150_pts);
  tick("10:00:05", 150.25_pts);
  tick("10:00:10", 150.6_pts);
  ASSERT_THAT(lines(), ElementsAre("10:00:05 reached 150.2", "10:00:10 reached 150.5", "10:00:10 cleared 150.2"));
  EXPECT_EQ(signal(0).levels.note, 0);
  EXPECT_EQ(signal(1).levels.note, -1);
  EXPECT_EQ(signal(2).levels.note, 0);
}

TEST_F(LevelSpec, TakeTheFirstOfTwoEntriesAtOnePrice) {
  given_levels({{151_pts, "list", false}, {151_pts, "file", true}});
  tick("10:00:00", 150.5_pts);
  tick("10:00:05", 151.2_pts);
  tick("10:00:10", 150.5_pts);
  ASSERT_THAT(lines(), ElementsAre("10:00:05 reached 151", "10:00:10 lost 151"));  // not once
  EXPECT_EQ(signal(0).levels.note, 0);
}

TEST_F(LevelSpec, AreNeverFirstEver) {
  options_.instruments[0] = nikkei();
  given_history({bar("2026-02-06", 57'500_pts, 57'000_pts, 57'500_pts)});
  given_levels({{58'000_pts, "", false}});
  tick("10:00:00", 58'100_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:00 reached 58000"));
}

TEST_F(LevelSpec, AreGoneAfterTheFirstCrossingIfOnceNotesIncluded) {
  given_levels({{151_pts, "", true}});
  tick("10:00:00", 150.5_pts);
  tick("10:00:05", 151.01_pts);
  tick("10:00:10", 151.5_pts);  // would be cleared
  tick("10:30:00", 150_pts);
  tick("11:00:00", 152_pts);
  ASSERT_THAT(lines(), ElementsAre("10:00:05 reached 151"));
  EXPECT_TRUE(signal(0).levels.gone);
}

TEST_F(LevelSpec, StayIfOnceButOnlySilentlyCrossed) {
  given_levels({{151_pts, "", true}});
  rule().crossing.directions = {false, true};
  tick("10:00:00", 150.5_pts);
  tick("10:00:05", 151.5_pts);
  tick("10:00:10", 150.5_pts);
  tick("10:30:00", 151.5_pts);
  tick("10:30:05", 150.5_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:10 lost 151"));
}

TEST_F(LevelSpec, GoOneByOneWhenOnce) {
  given_levels({{151_pts, "", true}, {151.2_pts, "", false}, {151.4_pts, "", true}});
  rule().crossing.cooldown = 0s;
  tick("10:00:00", 150_pts);
  tick("10:00:05", 152_pts);
  tick("10:00:10", 150_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 151 151.2 151.4 gap", "10:00:10 lost 151.2"));
}

TEST_F(LevelSpec, StayGoneOverNightAndRestart) {
  given_levels({{151_pts, "", true}});
  tick("10:00:00", 150.5_pts);
  tick("10:00:05", 151.5_pts);
  on("2026-02-10");
  tick("10:00:00", 150.5_pts);
  resume(Resumed::kAfterDowntime);
  tick("10:00:05", 151.5_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 151"));
}

TEST_F(LevelSpec, AreNearTogether) {
  given_levels({{151_pts, "", false}, {151.05_pts, "", false}, {151.3_pts, "", false}});
  rule().crossing.near = points(0.1_pts);
  tick("10:00:00", 150.5_pts);
  tick("10:00:05", 150.95_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 near 151 151.05"));
}

TEST_F(LevelSpec, CrossHundredsInOnePrintInCrossingOrder) {
  std::vector<LevelEntry> many;
  for (int i = 0; i < 700; ++i)
    many.push_back({Points{(150_pts).raw + ((i * 311) % 700) * 1'000'000}, "", false});  // 150.000 .. 150.699
  given_levels(many);
  rule().crossing.cooldown = 0s;
  tick("10:00:00", 149_pts);
  tick("10:00:05", 151_pts);
  tick("10:00:10", 149_pts);
  ASSERT_EQ(said().size(), 2U);
  std::vector<Price> rising;
  for (int i = 0; i < 700; ++i) rising.push_back(Points{(150_pts).raw + i * 1'000'000});
  EXPECT_EQ(said()[0].levels, rising);
  EXPECT_EQ(signal(0).levels.level, rising.back());
  EXPECT_TRUE(signal(0).gap);
  std::ranges::reverse(rising);
  EXPECT_EQ(said()[1].levels, rising);
  EXPECT_EQ(signal(1).levels.level, rising.back());
}

TEST_F(LevelSpec, SettleByTheHundred) {
  std::vector<LevelEntry> many;
  for (int i = 0; i < 100; ++i)
    many.push_back({Points{(150_pts).raw + i * 1'000'000}, "", false});  // 150.000 .. 150.099
  given_levels(many);
  tick("10:00:00", 149.8_pts);
  tick("10:00:05", 150.099_pts);  // every one of them within the band
  tick("10:00:10", 150.2_pts);
  tick("10:00:15", 149.8_pts);
  ASSERT_EQ(said().size(), 3U);
  EXPECT_EQ(signal(1).event, Event::kCleared);
  EXPECT_EQ(said()[1].levels.size(), 100U);
  EXPECT_EQ(said()[1].levels.front(), Price{150_pts});
  EXPECT_EQ(signal(2).event, Event::kLost);
  EXPECT_EQ(said()[2].levels.size(), 100U);
  EXPECT_EQ(said()[2].levels.front(), Price{150.099_pts});
}

TEST_F(LevelSpec, KeepTheirStateWhenOthersAreAddedInPlace) {
  given_levels({{151_pts, "", false}});
  tick("10:00:00", 150.5_pts);
  tick("10:00:05", 151.05_pts);
  rule().levels.push_back({150.8_pts, "new", false});
  resume(Resumed::kInPlace);
  tick("10:00:10", 150.7_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 151", "10:00:10 lost 150.8", "10:00:10 rejected 151"));
}

TEST_F(LevelSpec, SayNothingMoreOnceTakenOffTheList) {
  given_levels({{151_pts, "", false}, {155_pts, "", false}});
  tick("10:00:00", 150.5_pts);
  tick("10:00:05", 151.05_pts);
  rule().levels = std::vector<LevelEntry>{{155_pts, "", false}};
  resume(Resumed::kInPlace);
  tick("10:00:10", 150.7_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 151"));
}

// -- changed while the market runs --

TEST_F(LevelSpec, AreNotCrossedByBeingAdded) {
  given_levels({{155_pts, "", false}});
  tick("10:00:00", 150.5_pts);
  auto& instrument = monitor().instrument(SymbolId{0});
  EXPECT_TRUE(instrument.add_level({"rule-0", 150_pts, "", false}, 7));
  EXPECT_FALSE(instrument.add_level({"rule-0", 155_pts, "", false}, 8));  // there already
  EXPECT_FALSE(instrument.add_level({"no such rule", 150_pts, "", false}, 9));
  tick("10:00:05", 150.4_pts);
  EXPECT_THAT(lines(), IsEmpty());
  tick("10:00:10", 149.9_pts);
  ASSERT_THAT(lines(), ElementsAre("10:00:10 lost 150"));
  EXPECT_EQ(signal(0).levels.note, 7);
}

TEST_F(LevelSpec, SayNothingMoreOnceRemoved) {
  given_levels({{155_pts, "", false}});
  tick("10:00:00", 149.5_pts);
  auto& instrument = monitor().instrument(SymbolId{0});
  instrument.add_level({"rule-0", 150_pts, "", false}, -1);
  tick("10:00:05", 150.05_pts);
  EXPECT_TRUE(instrument.remove_level("rule-0", 150_pts));
  EXPECT_FALSE(instrument.remove_level("rule-0", 150_pts));
  EXPECT_FALSE(instrument.remove_level("rule-0", 155_pts));  // of the configuration
  tick("10:00:10", 149.5_pts);
  tick("10:30:00", 150.5_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:05 reached 150"));
}

TEST(ListLevels, AgreeWithASortedSetThroughAllChanges) {
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    const auto some_price = [&] { return Price::from_raw(static_cast<std::int64_t>(1 + random() % 4'000)); };
    std::vector<LevelEntry> entries(random() % 1'000);
    std::set<Price> plain;
    for (auto& entry : entries) plain.insert(entry.price = some_price());
    ListLevels list{entries};
    for (int i = 0; i < 6'000; ++i) {
      const auto price = some_price();
      if (random() % 3 != 0 ? i < 3'000 : i >= 3'000) {  // grows, then shrinks
        ASSERT_EQ(list.add(price, -1, false), plain.insert(price).second);
      } else {
        list.remove(price);
        plain.erase(price);
      }
      const auto asked = some_price();
      const auto above = plain.upper_bound(asked);
      ASSERT_EQ(list.next_above(asked), above == plain.end() ? kNoLevelAbove : *above);
      ASSERT_EQ(list.at_or_below(asked), above == plain.begin() ? kNoLevelBelow : *std::prev(above));
      ASSERT_EQ(list.size(), plain.size());
      if (i % 50 != 0) continue;
      const auto [low, high] = std::minmax({asked, some_price()});
      std::vector<Price> rising;
      std::vector<Price> falling;
      list.rising(low, high, [&](Price p) { rising.push_back(p); });
      list.falling(low, high, [&](Price p) { falling.push_back(p); });
      const std::vector<Price> expected{plain.upper_bound(low), plain.upper_bound(high)};
      ASSERT_EQ(rising, expected);
      std::ranges::reverse(falling);
      ASSERT_EQ(falling, expected);
    }
  }
}

// Every level compared with its own state machine, as the table of SEMANTICS 6 has it.
TEST_F(LevelSpec, FollowTheTableOfStatesOnARandomWalk) {
  enum class State { kBelow, kAtUp, kAbove, kAtDown };
  std::vector<LevelEntry> entries;
  for (int i = 0; i < 40; ++i) entries.push_back({Points{(150_pts).raw + (i * 30 - 600) * 1'000'000}, "", false});
  given_levels(entries);
  rule().crossing.cooldown = 0s;
  constexpr std::int64_t kBand = 100'000'000;
  std::map<std::int64_t, State> states;
  std::uint64_t random = 12345;
  std::int64_t price = (150_pts).raw;
  auto t = at("09:00:00");
  send(print(t, Points{price}));
  for (const auto& entry : entries)
    states[entry.price.raw()] = price < entry.price.raw() ? State::kBelow : State::kAbove;
  for (int i = 0; i < 20'000; ++i) {
    random = random * 6364136223846793005U + 1442695040888963407U;
    price += (static_cast<std::int64_t>(random >> 33) % 81 - 40) * 1'000'000 -
             (price - (150_pts).raw) / 200 / 1'000'000 * 1'000'000;
    std::map<Event, std::vector<Price>> expected;
    for (auto& [level, state] : states) {
      const bool up = price >= level + kBand;
      const bool down = price <= level - kBand;
      std::optional<Event> event;
      switch (state) {
        case State::kBelow:
          if (price >= level) event = Event::kReached, state = up ? State::kAbove : State::kAtUp;
          break;
        case State::kAtUp:
          if (up)
            event = Event::kCleared, state = State::kAbove;
          else if (down)
            event = Event::kRejected, state = State::kBelow;
          break;
        case State::kAbove:
          if (price < level) event = Event::kLost, state = down ? State::kBelow : State::kAtDown;
          break;
        case State::kAtDown:
          if (down)
            event = Event::kBroken, state = State::kBelow;
          else if (up)
            event = Event::kRegained, state = State::kAbove;
          break;
      }
      if (event) expected[*event].push_back(Price::from_raw(level));
    }
    clear();
    send(print(t += 1s, Points{price}));
    std::map<Event, std::vector<Price>> got;
    for (const auto& s : said()) {
      got[s.signal.event] = s.levels;
      std::ranges::sort(got[s.signal.event]);
    }
    ASSERT_EQ(got, expected) << "tick " << i;
  }
}

}  // namespace
}  // namespace yagura::processing
