#include "alerts/alert_writer.hpp"

#include <gtest/gtest.h>

#include "core/json_writer.hpp"
#include "samples.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::alerts {
namespace {

using namespace samples;

Sample stale(Event event) {
  Sample sample{common(kYen, kMoveRule, RuleKind::kStale, event, Direction::kDown), {}};
  sample.signal.price = price("149.9");
  sample.signal.stale = {std::chrono::seconds{95}, std::chrono::seconds{60}, StaleReason::kSequenceGap};
  with_previous(sample.signal, "149.8");
  return sample;
}

// One of each kind, with everything that can be said about it.
std::vector<Sample> one_of_each() {
  std::vector<Sample> all{three_milestones(),
                          yen_level(Event::kRejected, Direction::kDown, "159.953", "160", 0),
                          yen_level(Event::kReached, Direction::kUp, "160.012", "160", 1),
                          nikkei_record(Event::kNewHigh, {Horizon::kAllTime, Horizon::kWeek}),
                          nikkei_record(Event::kWithdrawn, {Horizon::kSession}),
                          yen_move(Event::kMove, "149.75", "150"),
                          yen_move(Event::kReversal, "149.6505", "149.4"),
                          yen_period("157.5", 2),
                          yen_watch(Event::kStrong),
                          yen_watch(Event::kReverted),
                          yen_drift(),
                          stale(Event::kStale),
                          stale(Event::kRecovered),
                          nikkei_against_yen(Event::kDiverged),
                          nikkei_against_yen(Event::kDecoupled),
                          nikkei_against_yen(Event::kJoint)};
  for (auto& sample : all) {
    sample.signal.confirmed = sample.signal.after_gap = true;
    sample.signal.parent = {1, 2};
  }
  return all;
}

Catalog with_steps() {
  auto all = catalog();
  all.rules[kMilestoneRule].step = delta("1000");
  all.rules[kYenMilestoneRule].step = delta("1");
  return all;
}

TEST(AlertWriterSpec, NoKindAllocatesAfterItsFirst) {
  const auto names = with_steps();
  AlertWriter writer{names};
  for (const auto& [signal, levels] : one_of_each()) {
    (void)writer.write(1, signal, levels);
    const auto before = test::allocations();
    (void)writer.write(2, signal, levels);
    (void)writer.words();
    EXPECT_EQ(test::allocations() - before, 0U) << name_of(signal.kind) << ' ' << name_of(signal.event);
  }
}

TEST(AlertWriterSpec, WordsAreThoseOfTheJson) {
  const auto names = with_steps();
  AlertWriter writer{names};
  for (const auto& [signal, levels] : one_of_each()) {
    const std::string json{writer.write(1, signal, levels)};
    const auto words = writer.words();
    for (const auto& [key, text] : {std::pair{"title", words.title},
                                    {"text", words.text},
                                    {"title_ja", words.title_ja},
                                    {"text_ja", words.text_ja}}) {
      std::string field = '"' + std::string{key} + "\":";
      append_json_string(field, text);
      EXPECT_NE(json.find(field + ','), std::string::npos) << field << " in " << json;
    }
  }
}

// A name or a note with a quote in it takes another way to the same words.
TEST(AlertWriterSpec, WordsAreTheSameWhereJsonEscapesThem) {
  auto names = with_steps();
  const auto sample = yen_level(Event::kReached, Direction::kUp, "160.012", "160", 0);
  AlertWriter plain{names};
  (void)plain.write(1, sample.signal, sample.levels);
  names.rules[kLevelRule].notes[0] = "\"interventio\\";
  AlertWriter escaping{names};
  const std::string json{escaping.write(1, sample.signal, sample.levels)};
  std::string expected{plain.words().text};
  expected.replace(expected.find("intervention zone"), 17, "\"interventio\\");
  EXPECT_EQ(escaping.words().text, expected);
  EXPECT_NE(json.find(R"(160 (\"interventio\\))"), std::string::npos) << json;
  const auto before = test::allocations();
  (void)escaping.write(2, sample.signal, sample.levels);
  EXPECT_EQ(test::allocations() - before, 0U);
}

}  // namespace
}  // namespace yagura::alerts
