// Letters: both languages, templates, and what must not get through.
#include "alerts/compose.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "alerts/letter_template.hpp"
#include "samples.hpp"

namespace yagura::alerts {
namespace {

using namespace samples;
using Purpose = Letter::Purpose;

Facts facts_of(const Sample& sample) {
  auto facts = read_facts(sample.alert().json);
  EXPECT_TRUE(facts);
  return *facts;
}

Facts facts_of(std::string_view json) {
  auto facts = read_facts(json);
  EXPECT_TRUE(facts) << facts.error().message;
  return *facts;
}

const std::vector<InstrumentInfo>& instruments() {
  static const auto all = catalog().instruments;
  return all;
}

Wording wording(std::string_view title, std::string_view text) {
  return {.title_template = title, .text_template = text, .instruments = instruments(), .link = {}};
}

std::string filled(std::string_view text, const Facts& facts) {
  return compose(facts, Purpose::kAlert, wording({}, text)).text;
}

TEST(Compose, ALetterSaysWhatTheAlertSays) {
  auto sample = three_milestones();
  const auto facts = facts_of(sample);
  const Letter letter = compose(facts, Purpose::kAlert, {.link = "https://desk.example/a/1"});
  EXPECT_EQ(letter.purpose, Purpose::kAlert);
  EXPECT_EQ(letter.id, sample.signal.id);
  EXPECT_EQ(letter.episode, sample.signal.id);
  EXPECT_EQ(letter.severity, Severity::kCritical);
  EXPECT_EQ(letter.kind, "milestone");
  EXPECT_EQ(letter.event, "reached");
  EXPECT_EQ(letter.instrument, "NI225");
  EXPECT_EQ(letter.title, sample.alert().title);
  EXPECT_EQ(letter.text, sample.alert().text);
  EXPECT_EQ(letter.json, facts.json);
  EXPECT_EQ(letter.ts_event, sample.signal.ts_event);
  EXPECT_EQ(letter.ack_url, "https://desk.example/a/1");
}

TEST(Compose, AFollowUpBelongsToTheEpisodeOfItsParent) {
  auto sample = three_milestones();
  sample.signal.parent = {1, 2};
  EXPECT_EQ(compose(facts_of(sample), Purpose::kAlert, {}).episode, (Id128{1, 2}));
}

TEST(Compose, ARecordHasItsPriceInTheTitle) {
  auto sample = nikkei_record(Event::kNewHigh, {Horizon::kAllTime});
  auto style = wording({}, {});
  EXPECT_EQ(compose(facts_of(sample), Purpose::kAlert, style).title, "Nikkei 225 set a new all-time high: 57,337.07");
  style.language = Language::kJapanese;
  EXPECT_EQ(compose(facts_of(sample), Purpose::kAlert, style).title, "日経平均、史上最高値を更新、5万7337円07銭");
  sample.signal.event = Event::kWithdrawn;
  EXPECT_EQ(compose(facts_of(sample), Purpose::kAlert, style).title, "日経平均、史上最高値を取り消し");
}

TEST(Compose, AReminderSaysSo) {
  const auto facts = facts_of(three_milestones());
  const Letter english = compose(facts, Purpose::kReminder, {});
  EXPECT_EQ(english.purpose, Purpose::kReminder);
  EXPECT_EQ(english.title, "Not acknowledged: Nikkei 225 reached 57,000 for the first time");
  EXPECT_EQ(english.text, facts.text);
  const Letter japanese = compose(facts, Purpose::kReminder, {.language = Language::kJapanese});
  EXPECT_EQ(japanese.title, "未確認: " + facts.title_ja);
  EXPECT_EQ(japanese.language, Language::kJapanese) << "channels have words of their own";
  EXPECT_EQ(english.language, Language::kEnglish);
  EXPECT_EQ(japanese.text, facts.text_ja);
}

TEST(Compose, WhatIsOverIsSaidToBeOver) {
  const auto facts = facts_of(three_milestones());
  EXPECT_EQ(compose(facts, Purpose::kResolved, {}).title, "Over: " + facts.title);
  EXPECT_EQ(compose(facts, Purpose::kResolved, {.language = Language::kJapanese}).title, "終了: " + facts.title_ja);
  EXPECT_EQ(compose(facts, Purpose::kAcknowledged, {}).title, "Acknowledged: " + facts.title);
}

TEST(Compose, ATestSaysThatItIsOne) {
  const auto at = samples::at("2026-02-09T00:22:05Z");
  const auto facts = facts_of(test_message("desk", at));
  const Letter letter = compose(facts, Purpose::kAlert, {});
  EXPECT_EQ(letter.purpose, Purpose::kTest);
  EXPECT_EQ(letter.kind, "test");
  EXPECT_EQ(letter.title, "Test: this is Yagura, writing to 'desk'");
  EXPECT_EQ(letter.text, "This is a test, nothing has happened in the market. Alerts sent to this sink arrive here.");
  const Letter japanese = compose(facts, Purpose::kAlert, {.language = Language::kJapanese});
  EXPECT_EQ(japanese.title, "テスト: Yaguraから「desk」への送信");
  EXPECT_EQ(facts_of(test_message("desk", at)).id, facts.id);
  EXPECT_NE(facts_of(test_message("other", at)).id, facts.id);
}

TEST(Compose, AFoldNamesWhatItStandsFor) {
  const auto at = samples::at("2026-02-09T00:22:05Z");
  const FoldedAlert three[] = {{{0x11111111ffffffff, 1}, Severity::kLow},
                               {{0x22222222ffffffff, 1}, Severity::kHigh},
                               {{0x33333333ffffffff, 1}, Severity::kInfo}};
  const auto facts = facts_of(folded_message("desk", three, at));
  const Letter letter = compose(facts, Purpose::kAlert, {});
  EXPECT_EQ(letter.purpose, Purpose::kSummary);
  EXPECT_EQ(letter.severity, Severity::kHigh);
  EXPECT_EQ(letter.title, "3 more alerts for this sink");
  EXPECT_EQ(letter.text, "More came than its rate allows. Folded: 11111111, 22222222, 33333333.");
  const Letter japanese = compose(facts, Purpose::kAlert, {.language = Language::kJapanese});
  EXPECT_EQ(japanese.title, "ほかに3件のアラート");
  EXPECT_EQ(japanese.text, "送信レートの上限を超えたため、まとめて通知。対象は11111111、22222222、33333333。");
  EXPECT_EQ(facts_of(folded_message("desk", three, at)).id, facts.id);

  const FoldedAlert told[] = {
      {{0x11111111ffffffff, 1}, Severity::kHigh, "USD/JPY fell 70 pips", "ドル円が70銭下落"},
      {{0x22222222ffffffff, 1}, Severity::kCritical, "Nikkei 225 reached 57,000", "日経平均が57,000円到達"}};
  const Letter words = compose(facts_of(folded_message("desk", told, at)), Purpose::kAlert, {});
  EXPECT_EQ(words.title, "2 more alerts for this sink: Nikkei 225 reached 57,000");
  EXPECT_EQ(words.text,
            "Nikkei 225 reached 57,000 (22222222). USD/JPY fell 70 pips (11111111). More came than its rate allows. "
            "Folded: 11111111, 22222222.");

  const std::vector<FoldedAlert> many(25, three[0]);
  EXPECT_TRUE(facts_of(folded_message("desk", many, at)).text.ends_with(", 11111111 and 15 more."));
}

TEST(Templates, FieldsAreFilledIn) {
  const auto facts = facts_of(three_milestones());
  EXPECT_EQ(filled("{{instrument}} {{name}} {{price}} {{level}} [{{levels}}]", facts),
            "NI225 Nikkei 225 57,337.07 57,000 [55,000 56,000 57,000]");
  EXPECT_EQ(filled("{{severity}} {{rule}} {{kind}} {{event}} {{direction}}", facts),
            "critical nikkei-milestone milestone reached up");
  EXPECT_EQ(filled("{{time}} {{date}} {{short_id}} {{seq}} {{id}}", facts),
            "09:22:05 JST 2026-02-09 01234567 17 0123456789abcdeffedcba9876543210");
  EXPECT_EQ(filled("{{text}}", facts), facts.text);
  auto japanese = wording("{{name}}: {{title}}", {});
  japanese.language = Language::kJapanese;
  EXPECT_EQ(compose(facts, Purpose::kAlert, japanese).title, "日経平均: " + facts.title_ja);
}

TEST(Templates, AnUnknownInstrumentHasItsSymbolAndUtc) {
  const auto facts = facts_of(three_milestones());
  EXPECT_EQ(compose(facts, Purpose::kAlert, {.text_template = "{{name}} {{price}} {{time}}"}).text,
            "NI225 57,337.07 00:22:05 UTC");
}

TEST(Templates, SectionsStandWhereThereIsSomething) {
  const auto facts = facts_of(three_milestones());
  auto style = wording({}, "{{title}}{{#link}}, see {{link}}{{/link}}{{^link}}, no link{{/link}}{{! a remark }}");
  EXPECT_EQ(compose(facts, Purpose::kAlert, style).text, facts.title + ", no link");
  style.link = "https://desk.example/a/1";
  EXPECT_EQ(compose(facts, Purpose::kAlert, style).text, facts.title + ", see https://desk.example/a/1");
}

TEST(Templates, EveryFieldIsKnown) {
  const auto facts = facts_of(three_milestones());
  for (const auto field : kLetterFields) {
    const std::string tag = "{{" + std::string{field} + "}}";
    EXPECT_TRUE(check_template(tag)) << tag;
  }
}

TEST(Templates, WhatIsWrongIsNamedAtLoad) {
  struct Case {
    std::string_view text;
    std::string error;
  };
  const std::string known =
      "expected one of title, text, instrument, name, price, level, levels, direction, severity, rule, kind, event, "
      "time, date, id, short_id, parent, seq, count, link";
  const std::string unknown = "unknown field 'prise', " + known;
  const std::string hidden = "unknown field 'x', " + known;
  const std::string nameless = "unknown field '', " + known;
  const Case cases[] = {
      {"{{prise}}", unknown},
      {"{{{prise}}}", unknown},
      {"{{&prise}}", unknown},
      {"{{^link}}{{#link}}{{x}}{{/link}}{{/link}}", hidden},
      {"{{ }}", nameless},
      {"{{.}}", "unknown field '.', " + known},
      {"a {{title", "unclosed '{{title'"},
      {"{{", "unclosed '{{'"},
      {"{{{title}}", "unclosed '{{{title}}'"},
      {"{{#link}}x", "unclosed section \"link\" at 0"},
      {"{{#link}}x{{/title}}", "unclosed section \"link\" at 0"},
      {"x{{/link}}", "unopened section \"link\" at 1"},
      {"{{=<% %>=}}", "'=<% %>=': other delimiters than {{ }} are not offered"},
      {"{{> page}}", "'> page': there are no templates to include"},
  };
  for (const auto& c : cases) {
    const auto checked = check_template(c.text);
    ASSERT_FALSE(checked) << c.text;
    EXPECT_EQ(checked.error().message, c.error);
    EXPECT_EQ(fill_template(c.text, {}), "");
  }
  EXPECT_TRUE(check_template(""));
  EXPECT_TRUE(check_template("no tag at all } { }}"));
  EXPECT_EQ(check_template(std::string(4001, 'x')).error().message, "4001 bytes, expected at most 4000");
}

TEST(Templates, WhatAFieldHoldsIsNoTemplate) {
  auto facts = facts_of(three_milestones());
  facts.text = "{{id}} {{#link}} {{> x}} {{{ <b>&amp;";
  EXPECT_EQ(filled("{{text}}|{{{text}}}", facts), facts.text + "|" + facts.text);
}

}  // namespace
}  // namespace yagura::alerts
