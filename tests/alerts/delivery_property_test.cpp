// What must hold for any stream of alerts: restarts, other instruments and the beat of the clock
// change no verdict, and every alert is accounted for.
#include <algorithm>
#include <map>
#include <random>

#include "delivery_fixture.hpp"

namespace yagura::alerts {
namespace {

// Verdicts by alert, and what came later.
struct Outcome {
  std::map<std::uint64_t, Held> verdicts;
  std::vector<std::uint64_t> late;
  std::vector<std::uint64_t> summaries;  // ids and counts
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

class DeliveryProperty : public DeliverySpec, public testing::WithParamInterface<unsigned> {
 protected:
  DeliveryProperty() : random{GetParam()} {
    options.storm = StormBudget{3, 20s};
    options.mute = {*parse_mute("opening"), *parse_mute("lunch")};
    rule(kMilestoneOf).repeat = Repeat::kSegment;
    rule(kRecordOf).repeat = Repeat::kEpisode;
    rule(kRecordOf).cooldown = 15s;
    rule(kMoveOf).expires = TradingDays{2};
    rule(kStaleOf).pending = 10s;
    rule(kStaleOf).keep_firing = 7s;
    rule(kYenMoveOf).repeat = Repeat::kOnce;
  }
  int below(int n) { return std::uniform_int_distribution{0, n - 1}(random); }

  std::vector<Signal> stream(int count) {
    static constexpr Event kEvents[] = {Event::kReached, Event::kNewHigh, Event::kMove, Event::kStale, Event::kMove};
    std::vector<Signal> all;
    auto at = samples::at("2026-02-09T09:00:00+09:00");
    for (int i = 0; i < count; ++i) {
      at += std::chrono::milliseconds{below(20) == 0 ? below(20'000'000) : below(6'000)};
      const auto index = static_cast<std::uint16_t>(below(5));
      auto event = kEvents[index];
      if (index == kStaleOf && below(2) == 0) event = Event::kRecovered;
      auto signal = alert(index, event, at, static_cast<Severity>(below(4)));
      signal.headline = index == kStaleOf ? 0 : below(4);
      if (index == kRecordOf && below(2) == 0 && !all.empty())
        signal.parent = all[static_cast<std::size_t>(below(i))].id;
      all.push_back(signal);
    }
    return all;
  }

  void feed(const Signal& signal, Outcome& outcome) {
    outcome.verdicts[signal.id.lo] = policy().judge({&signal, 1}).front().held;
    take(outcome);
  }
  void take(Outcome& outcome) {
    for (const auto& message : policy().take_late()) {
      if (const auto* waited = std::get_if<LateAlert>(&message)) {
        outcome.late.push_back(waited->id.lo);
      } else {
        const auto& summary = std::get<StormSummary>(message);
        outcome.summaries.push_back(summary.id(desk()).lo);
        outcome.summaries.push_back(summary.count());
      }
    }
  }
  void finish(Outcome& outcome) {
    for (const auto symbol : {samples::kNikkei, samples::kYen}) policy().advance(symbol, kTen + 24h * 30);
    take(outcome);
    std::ranges::sort(outcome.late);
    std::ranges::sort(outcome.summaries);
  }
  Outcome plain(const std::vector<Signal>& all) {
    policy_.reset();
    Outcome outcome;
    for (const auto& signal : all) feed(signal, outcome);
    finish(outcome);
    return outcome;
  }

  std::mt19937 random;
};

TEST_P(DeliveryProperty, ARestartAfterAnyAlertChangesNothing) {
  const auto all = stream(400);
  const auto expected = plain(all);
  policy_.reset();
  Outcome outcome;
  for (const auto& signal : all) {
    feed(signal, outcome);
    if (below(3) == 0) restart();
  }
  finish(outcome);
  EXPECT_EQ(outcome, expected);
}

TEST_P(DeliveryProperty, TheBeatOfTheClockChangesNothing) {
  const auto all = stream(400);
  const auto expected = plain(all);
  policy_.reset();
  Outcome outcome;
  for (std::size_t i = 0; i < all.size(); ++i) {
    feed(all[i], outcome);
    // The clock of either market goes on, though never past its next alert.
    const auto next = i + 1 < all.size() ? all[i + 1].ts_event : all[i].ts_event;
    for (int beat = 1; beat < 4; ++beat)
      policy().advance(SymbolId{static_cast<std::uint16_t>(below(2))},
                       all[i].ts_event + (next - all[i].ts_event) * beat / 4);
    take(outcome);
  }
  finish(outcome);
  EXPECT_EQ(outcome, expected);
}

TEST_P(DeliveryProperty, TheArrivalOfOtherInstrumentsChangesNothing) {
  const auto all = stream(400);
  const auto expected = plain(all);
  auto apart = all;
  std::ranges::stable_partition(apart, [](const Signal& s) { return s.symbol == samples::kYen; });
  EXPECT_EQ(plain(apart), expected);
}

TEST_P(DeliveryProperty, EveryAlertIsAccountedForOnce) {
  const auto all = stream(400);
  const auto outcome = plain(all);
  std::uint64_t counted = 0, summed = 0;
  for (std::size_t i = 0; i < kHeldReasons; ++i) counted += policy().count(static_cast<Held>(i));
  EXPECT_EQ(policy().count(Held::kPending), 0U);
  EXPECT_EQ(counted, all.size()) << "after a month nothing waits any more";
  const auto immediate = std::ranges::count_if(outcome.verdicts, [](const auto& v) { return v.second == Held::kNot; });
  EXPECT_EQ(policy().count(Held::kNot), static_cast<std::uint64_t>(immediate) + outcome.late.size());
  // Ids and counts are sorted together; counts are small.
  for (const auto n : outcome.summaries) summed += n < 1'000 ? n : 0;
  EXPECT_EQ(summed, policy().count(Held::kStorm));
}

TEST_P(DeliveryProperty, AStateThatIsCutOrBentIsRefusedOrReadButNeverCrashes) {
  static_cast<void>(plain(stream(60)));
  const auto saved = policy().save();
  for (int i = 0; i < 200; ++i) {
    auto bent = saved.substr(0, static_cast<std::size_t>(below(static_cast<int>(saved.size()))));
    DeliveryPolicy fresh{desk(), options};
    EXPECT_FALSE(fresh.load(bent));
    bent = saved;
    bent[static_cast<std::size_t>(below(static_cast<int>(saved.size())))] ^= static_cast<char>(1 << below(8));
    static_cast<void>(fresh.load(bent));
    for (const auto& signal : stream(5)) static_cast<void>(fresh.judge({&signal, 1}));
    fresh.advance(samples::kNikkei, kTen + 24h * 30);
  }
}

INSTANTIATE_TEST_SUITE_P(Streams, DeliveryProperty, testing::Range(1U, 21U));

}  // namespace
}  // namespace yagura::alerts
