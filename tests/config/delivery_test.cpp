// What is delivered, as the file says it.
#include "config_fixture.hpp"

namespace yagura::config {
namespace {

using namespace std::chrono_literals;
using alerts::Repeat;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::string rule(std::string_view keys) {
  return "[[rule]]\nid = \"r\"\nkind = \"milestone\"\ninstrument = \"NI225\"\nstep = 1000\n" + std::string{keys};
}

TEST(DeliverySettings, EverythingIsDeliveredByDefault) {
  const auto settings = settings_of(rule("") + "[[sink]]\nname = \"a\"\nkind = \"file\"\npath = \"a\"\n");
  const auto& delivery = settings.delivery;
  EXPECT_EQ(delivery.rules.size(), settings.monitor.rules.size()) << "one each, those without a table included";
  EXPECT_EQ(delivery.rules[0].repeat, Repeat::kAlways);
  EXPECT_EQ(delivery.rules[0].cooldown, 0s);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(delivery.rules[0].expires));
  EXPECT_TRUE(delivery.mute.empty() && !delivery.mute_critical && !delivery.storm);
  EXPECT_EQ(settings.sinks[0].deliver, alerts::Deliver::kAll) << "a file is an archive";
}

TEST(DeliverySettings, ARuleTakesEveryKey) {
  const auto settings = settings_of(rule(R"(repeat = "segment"
delivery_cooldown = "5m"
expires = "5d"
mute = ["lunch", "fri 22:00-06:00"]
)"));
  const auto& delivery = settings.delivery.rules[0];
  EXPECT_EQ(delivery.repeat, Repeat::kSegment);
  EXPECT_EQ(delivery.cooldown, 5min);
  EXPECT_EQ(delivery.expires, alerts::Expiry{alerts::TradingDays{5}});
  ASSERT_THAT(delivery.mute, SizeIs(2));
  EXPECT_EQ(delivery.mute[0].segment, "lunch");
  EXPECT_EQ(delivery.mute[1].from, 22h);
}

TEST(DeliverySettings, StormMuteAndSinks) {
  const auto settings = settings_of(R"([delivery]
mute = ["08:00-08:45"]
mute_critical = true
storm = { alerts = 3 }
[[sink]]
name = "desk"
kind = "file"
path = "desk.jsonl"
deliver = "filtered"
)");
  EXPECT_THAT(settings.delivery.mute, SizeIs(1));
  EXPECT_TRUE(settings.delivery.mute_critical);
  ASSERT_TRUE(settings.delivery.storm);
  EXPECT_EQ(settings.delivery.storm->alerts, 3U);
  EXPECT_EQ(settings.delivery.storm->within, 60s);
  EXPECT_EQ(settings.sinks[0].deliver, alerts::Deliver::kFiltered);
}

TEST(DeliverySettings, SaysWhatWouldBeRight) {
  EXPECT_THAT(problems_of(rule("expires = \"2026-12-31T15:00:00\"")),
              ElementsAre(HasSubstr("rule 'r'.expires: '2026-12-31T15:00:00' must be a last trading date")));
  EXPECT_THAT(problems_of(rule("mute = [\"noon\"]")),
              ElementsAre(HasSubstr("rule 'r'.mute: 'noon' is no segment (opening, morning, lunch")));
  EXPECT_THAT(problems_of(rule("repeat = \"never\"")), ElementsAre(HasSubstr("\"always\", \"episode\"")));
  EXPECT_THAT(problems_of("[delivery]\nstorm = { alerts = 0, witin = \"60s\" }"),
              testing::UnorderedElementsAre(HasSubstr("delivery.storm.alerts: must be an integer from 1"),
                                            HasSubstr("did you mean 'within'")));
  EXPECT_THAT(problems_of("[delivery]\nstorm = 10"), ElementsAre(HasSubstr("must be a table")));
  EXPECT_THAT(problems_of(rule("for = \"5s\"")), ElementsAre(HasSubstr("no such key"))) << "a milestone is no state";
}

}  // namespace
}  // namespace yagura::config
