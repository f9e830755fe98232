// What is rehearsed is an alert of each kind that can come, and harmless.
#include "alerts/rehearsal.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <set>

#include "alerts/alert_writer.hpp"
#include "tests/alerts/samples.hpp"

namespace yagura::alerts {
namespace {

Catalog of_every_kind() {
  auto catalog = samples::catalog();
  catalog.rules.clear();
  for (const auto instrument : {samples::kNikkei, samples::kYen}) {
    for (int kind = 0; kind <= static_cast<int>(RuleKind::kPeriod); ++kind) {
      RuleInfo rule;
      rule.id = "rule-" + std::to_string(catalog.rules.size());
      rule.kind = static_cast<RuleKind>(kind);
      rule.instrument = instrument;
      catalog.rules.push_back(rule);
      rule.id += "-again";
      catalog.rules.push_back(rule);
    }
  }
  return catalog;
}

TEST(Rehearsal, HasOneSignalOfEachKindAndInstrumentThatTheWriterTakes) {
  const auto catalog = of_every_kind();
  const auto signals = rehearsal(catalog);
  EXPECT_EQ(signals.size(), catalog.rules.size() / 2);
  AlertWriter writer{catalog};
  std::set<std::string> said;
  simdjson::dom::parser parser;
  for (const auto& signal : signals) {
    const std::string json{writer.write(0, signal, std::span{&signal.price, 1})};
    simdjson::dom::element alert;
    ASSERT_EQ(parser.parse(json).get(alert), simdjson::SUCCESS) << json;
    EXPECT_EQ(std::string_view{alert["kind"]}, name_of(signal.kind));
    EXPECT_GT(std::string_view{alert["text"]}.size(), 20U) << json;
    EXPECT_GT(std::string_view{alert["text_ja"]}.size(), 20U) << json;
    const auto what =
        std::string{std::string_view{alert["kind"]}} + ": " + std::string{std::string_view{alert["text"]}};
    EXPECT_TRUE(said.insert(what).second) << json;
  }
}

TEST(Rehearsal, IsEmptyWithoutRules) {
  Catalog catalog = samples::catalog();
  catalog.rules.clear();
  EXPECT_TRUE(rehearsal(catalog).empty());
}

}  // namespace
}  // namespace yagura::alerts
