#include "alerts/silences.hpp"

#include <gmock/gmock.h>

#include "alerts/silence_json.hpp"
#include "tests/alerts/samples.hpp"

namespace yagura::alerts {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

const Timestamp kNow = samples::at("2026-02-09T09:22:05+09:00");

Silence silence(std::string_view json) {
  auto read = read_silence(json, kNow);
  EXPECT_TRUE(read) << (read ? "" : read.error().message);
  return read ? *read : Silence{};
}

std::string error_of(std::string_view json) {
  const auto read = read_silence(json, kNow);
  return read ? "none" : read.error().message;
}

class SilencesSpec : public testing::Test {
 protected:
  bool holds(std::string_view json, const Signal& signal, Timestamp now = kNow) {
    Silences silences;
    silences.add(silence(json));
    return silences.holding(signal, catalog, now) != nullptr;
  }
  static Signal nikkei(Severity severity) {
    auto signal = samples::common(samples::kNikkei, samples::kMilestoneRule, RuleKind::kMilestone, Event::kReached,
                                  Direction::kUp);
    signal.severity = severity;
    return signal;
  }
  Catalog catalog = samples::catalog();
};

TEST_F(SilencesSpec, HoldWhatTheyName) {
  const auto critical = nikkei(Severity::kCritical);
  EXPECT_TRUE(holds(R"({"rule":"nikkei-milestone","until":"1h"})", critical)) << "critical ones too: a person said so";
  EXPECT_TRUE(holds(R"({"instrument":"NI225","kind":"milestone","until":"1h"})", critical));
  EXPECT_FALSE(holds(R"({"rule":"yen-move","until":"1h"})", critical));
  EXPECT_FALSE(holds(R"({"instrument":"NI225","kind":"record","until":"1h"})", critical));
}

TEST_F(SilencesSpec, ASeverityMeansThisOneAndThoseBelow) {
  constexpr auto* kHigh = R"({"severity":"high","until":"1h"})";
  EXPECT_TRUE(holds(kHigh, nikkei(Severity::kLow)));
  EXPECT_TRUE(holds(kHigh, nikkei(Severity::kHigh)));
  EXPECT_FALSE(holds(kHigh, nikkei(Severity::kCritical)));
  EXPECT_TRUE(holds(R"({"severity":"critical","until":"1h"})", nikkei(Severity::kCritical)));
}

TEST_F(SilencesSpec, EndWhenTheyShould) {
  constexpr auto* kTwoHours = R"({"rule":"nikkei-milestone","until":"2h"})";
  const auto signal = nikkei(Severity::kHigh);
  EXPECT_TRUE(holds(kTwoHours, signal, kNow + std::chrono::minutes{119}));
  EXPECT_FALSE(holds(kTwoHours, signal, kNow + std::chrono::minutes{120}));
  constexpr auto* kUntil = R"({"rule":"nikkei-milestone","until":"2026-02-09T10:00:00+09:00"})";
  EXPECT_TRUE(holds(kUntil, signal, samples::at("2026-02-09T09:59:59+09:00")));
  EXPECT_FALSE(holds(kUntil, signal, samples::at("2026-02-09T01:00:00Z")));
}

TEST_F(SilencesSpec, RecurInTheirHoursWhereTheInstrumentTrades) {
  constexpr auto* kMornings = R"({"instrument":"NI225","when":["mon-fri 09:00-09:30"]})";
  const auto signal = nikkei(Severity::kHigh);
  EXPECT_TRUE(holds(kMornings, signal));
  EXPECT_FALSE(holds(kMornings, signal, samples::at("2026-02-09T09:30:00+09:00")));
  EXPECT_TRUE(holds(kMornings, signal, samples::at("2027-02-09T09:10:00+09:00"))) << "a year on";
  EXPECT_FALSE(holds(kMornings, signal, samples::at("2026-02-14T09:10:00+09:00"))) << "a Saturday";
}

TEST_F(SilencesSpec, AreLiftedAndForgottenWhenOver) {
  Silences silences;
  auto first = silence(R"({"rule":"nikkei-milestone","until":"1h"})");
  first.id = {1, 2};
  silences.add(first);
  silences.add(silence(R"({"rule":"yen-move","until":"3h"})"));
  EXPECT_THAT(silences.in_force(kNow), SizeIs(2));
  EXPECT_NE(silences.find({1, 2}), nullptr);
  EXPECT_TRUE(silences.remove({1, 2}));
  EXPECT_FALSE(silences.remove({1, 2}));
  EXPECT_THAT(silences.in_force(kNow + std::chrono::hours{3}), SizeIs(0));
  for (std::size_t i = 0; i < Silences::kMost; ++i) EXPECT_TRUE(silences.add(first));
  EXPECT_FALSE(silences.add(first)) << "bounded";
}

TEST(SilenceJsonSpec, ReadsBackWhatItWrites) {
  auto given = silence(R"({"rule":"yen-move","instrument":"USDJPY","kind":"move","severity":"low","until":"90m",
                           "when":["08:00-08:45","sat"],"author":"あき","reason":"known news"})");
  std::string text;
  JsonWriter json{text};
  append(json, given);
  const auto again = silence(text);
  EXPECT_EQ(again.until, kNow + std::chrono::minutes{90});
  EXPECT_EQ(again.windows, given.windows);
  EXPECT_EQ(again.severity, Severity::kLow);
  EXPECT_EQ(again.author, "あき");
  EXPECT_EQ(again.rule + again.instrument + again.kind + again.reason, "yen-moveUSDJPYmoveknown news");
}

TEST(SilenceJsonSpec, SaysWhatIsWrong) {
  EXPECT_THAT(error_of("{}"), HasSubstr("no rule, instrument, kind or severity"));
  EXPECT_THAT(error_of(R"({"until":"1h"})"), HasSubstr("no rule, instrument, kind or severity"));
  EXPECT_THAT(error_of(R"({"rule":"x"})"), HasSubstr("no until and no when"));
  EXPECT_THAT(error_of(R"({"rule":"x","until":"2026-02-09T09:00:00"})"), HasSubstr("no time with its zone"));
  EXPECT_THAT(error_of(R"({"rule":"x","until":"0s"})"), HasSubstr("until"));
  EXPECT_THAT(error_of(R"({"rule":"x","until":"9999999999d"})"), HasSubstr("until"));
  EXPECT_THAT(error_of(R"({"rule":"x","until":"2026-02-09T00:00:00Z"})"), HasSubstr("in the past"));
  EXPECT_THAT(error_of(R"({"rule":"x","when":["noon"]})"), HasSubstr("'noon' is no segment"));
  EXPECT_THAT(error_of(R"({"rule":"x","when":[]})"), HasSubstr("'when'"));
  EXPECT_THAT(error_of(R"({"rule":"x","when":[7]})"), HasSubstr("'when'"));
  EXPECT_THAT(error_of(R"({"kind":"dance","until":"1h"})"), HasSubstr("no kind 'dance'"));
  EXPECT_THAT(error_of(R"({"severity":"loud","until":"1h"})"), HasSubstr("'loud' is none of"));
  EXPECT_THAT(error_of(R"({"rule":"x","until":"1h","author":"a\u001b[31m"})"), HasSubstr("'author'"));
  EXPECT_THAT(error_of(R"({"rule":"x","until":"1h","reason":")" + std::string(201, 'x') + "\"}"),
              HasSubstr("'reason'"));
  EXPECT_THAT(error_of(R"({"rule":"x","until":"1h","more":1})"), HasSubstr("'more'"));
  EXPECT_THAT(error_of("[]"), HasSubstr("not a JSON object; expected {\"rule\""));
}

}  // namespace
}  // namespace yagura::alerts
