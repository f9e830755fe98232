// What people read in Japanese, word for word.
#include <gtest/gtest.h>

#include "alerts/numbers.hpp"
#include "alerts/phrases_ja.hpp"
#include "samples.hpp"

namespace yagura::alerts {
namespace {

using namespace samples;

void expect_texts(const Sample& sample, std::string_view title, std::string_view text) {
  const Alert alert = sample.alert();
  EXPECT_EQ(alert.title_ja, title);
  EXPECT_EQ(alert.text_ja, text);
}

TEST(YenText, AsPapersWriteIt) {
  const auto text = [](std::string_view yen, int decimals) {
    return written([&](TextBuffer& out) { add_yen_ja(out, price(yen).raw(), decimals); });
  };
  EXPECT_EQ(text("57337.07", 2), "5万7337円07銭");
  EXPECT_EQ(text("57000", 0), "5万7000円");
  EXPECT_EQ(text("57000", 2), "5万7000円00銭");
  EXPECT_EQ(text("50339.48", 2), "5万0339円48銭");
  EXPECT_EQ(text("60000", 0), "6万円");
  EXPECT_EQ(text("3083.39", 0), "3083円39銭");
  EXPECT_EQ(text("58", 0), "58円");
  EXPECT_EQ(text("0.25", 0), "25銭");
  EXPECT_EQ(text("0.05", 0), "5銭");
  EXPECT_EQ(text("1.075", 0), "1円07.5銭");
  EXPECT_EQ(text("0", 0), "0円");
  EXPECT_EQ(text("0", 2), "0銭");
  EXPECT_EQ(text("-12.5", 0), "-12円50銭");
  EXPECT_EQ(text("123456789", 0), "1億2345万6789円");
  EXPECT_EQ(text("9000000005", 0), "90億0005円");
}

TEST(LevelTextsJa, ThreeMilestonesInOnePrint) {
  expect_texts(three_milestones(), "日経平均、初めて5万7000円に到達",
               "日経平均は初めて5万7000円を上回り、5万7337円07銭をつけた（前営業日比+5.7%）。"
               "1回の値で通過した水準は5万5000円・5万6000円・5万7000円、前営業日終値は5万4253円68銭。");
}

TEST(LevelTextsJa, EveryEventOfTheStateMachine) {
  struct Case {
    Event event;
    std::string_view price, title, text;
  };
  const std::string_view close = "前営業日終値は5万4253円68銭。";
  const Case cases[] = {
      {Event::kReached, "57000", "日経平均、5万7000円に到達",
       "日経平均は5万7000円に到達し、5万7000円00銭をつけた（前営業日比+5.1%）。"},
      {Event::kLost, "56999.99", "日経平均、5万7000円を割り込む",
       "日経平均は5万7000円を割り込み、5万6999円99銭をつけた（前営業日比+5.1%）。"},
      {Event::kCleared, "57070.12", "日経平均、5万7000円を明確に上抜け",
       "日経平均は5万7000円を明確に上抜け、70円12銭上の5万7070円12銭をつけた（前営業日比+5.2%）。"},
      {Event::kRejected, "56942", "日経平均、5万7000円で押し返される",
       "日経平均は5万7000円で押し返され、58円下の5万6942円00銭をつけた（前営業日比+5.0%）。"},
      {Event::kBroken, "56942", "日経平均、5万7000円を明確に下抜け",
       "日経平均は5万7000円を明確に下抜け、58円下の5万6942円00銭をつけた（前営業日比+5.0%）。"},
      {Event::kRegained, "57058", "日経平均、5万7000円を回復",
       "日経平均は5万7000円を回復し、58円上の5万7058円00銭をつけた（前営業日比+5.2%）。"},
      {Event::kNear, "56925", "日経平均、5万7000円に接近",
       "日経平均は5万7000円に接近し、75円下の5万6925円00銭をつけた（前営業日比+4.9%）。"},
      {Event::kClosedAbove, "57650.54", "日経平均、5万7000円を上回って終了",
       "日経平均の終値は5万7650円54銭（前営業日比+6.3%）で、5万7000円を上回った。"},
      {Event::kClosedBelow, "53000", "日経平均、5万7000円を下回って終了",
       "日経平均の終値は5万3000円00銭（前営業日比-2.3%）で、5万7000円を下回った。"},
  };
  for (const auto& c : cases) {
    const auto sample = nikkei_level(c.event, Direction::kUp, c.price, {"57000"});
    expect_texts(sample, c.title, std::string{c.text} + std::string{close});
  }
}

TEST(LevelTextsJa, ATradersOwnLevelCarriesItsNote) {
  auto sample = yen_level(Event::kReached, Direction::kUp, "160.012", "160", 0);
  sample.signal.levels.gone = true;
  sample.signal.has_previous_close = false;
  with_previous(sample.signal, "159.98");
  expect_texts(sample, "ドル円、160円（intervention zone）に到達",
               "ドル円は160円（intervention zone）を上回り、160.012円をつけた。直前は159.980円（9時22分00秒）、"
               "1回限りの設定につきこの水準の監視は終了。");
  EXPECT_EQ(yen_level(Event::kLost, Direction::kDown, "152.3", "152.5", -1).alert().title_ja,
            "ドル円、152.50円を割り込む");
}

TEST(LevelTextsJa, WhatHappenedInTheDarkSaysSo) {
  auto sample = nikkei_level(Event::kReached, Direction::kUp, "57001", {"57000"});
  sample.signal.feed_gap = std::chrono::seconds{42};
  sample.signal.confirmed = true;
  EXPECT_EQ(sample.alert().text_ja,
            "日経平均は5万7000円を上回り、5万7001円00銭をつけた（前営業日比+5.1%、42秒のデータ途絶をはさむ）。"
            "前営業日終値は5万4253円68銭、異常値の疑いで保留した後、続く値で確認。");
}

TEST(RecordTextsJa, EveryHorizon) {
  const std::pair<Horizon, std::string_view> cases[] = {
      {Horizon::kAllTime, "史上最高値を更新"}, {Horizon::kSinceStart, "データ開始以来の最高値を更新"},
      {Horizon::k52Week, "52週高値を更新"},    {Horizon::kYearToDate, "年初来高値を更新"},
      {Horizon::kWeek, "今週の高値を更新"},    {Horizon::kSession, "当日高値を更新"}};
  for (const auto& [horizon, words] : cases) {
    EXPECT_EQ(nikkei_record(Event::kNewHigh, {horizon}).alert().title_ja, "日経平均、" + std::string{words});
  }
  EXPECT_EQ(nikkei_record(Event::kNewLow, {Horizon::kYearToDate}).alert().title_ja, "日経平均、年初来安値を更新");
}

TEST(RecordTextsJa, OnTheWayAtTheCloseAndWithdrawn) {
  expect_texts(nikkei_record(Event::kNewHigh, {Horizon::kAllTime, Horizon::kSession}), "日経平均、史上最高値を更新",
               "日経平均は史上最高値を更新し、5万7337円07銭をつけた（前営業日比+5.7%）。"
               "従来の高値は5万4782円83銭（2月3日）、更新幅は2554円24銭、前営業日終値は5万4253円68銭。");
  auto close = nikkei_record(Event::kNewHigh, {Horizon::kAllTime}, Basis::kClose);
  close.signal.record.record_date = date("2025-12-30");
  close.signal.record.count_today = 2;
  expect_texts(close, "日経平均、終値ベースの史上最高値を更新",
               "日経平均の終値は5万7337円07銭（前営業日比+5.7%）で、終値ベースの史上最高値を更新した。"
               "従来の高値は5万4782円83銭（2025年12月30日）、更新幅は2554円24銭、本日の更新通知は2回目、"
               "前営業日終値は5万4253円68銭。");
  expect_texts(nikkei_record(Event::kWithdrawn, {Horizon::kAllTime}), "日経平均、史上最高値を取り消し",
               "日経平均の史上最高値5万7337円07銭は値が無効となり取り消し（前営業日比+5.7%）。"
               "記録は5万4782円83銭（2月3日）に戻る。");
}

TEST(MoveTextsJa, MoveExtensionAndReversalOfTheYen) {
  expect_texts(yen_move(Event::kMove, "149.75", "150"), "ドル円、60秒で25銭下落（-0.17%）",
               "ドル円は60秒で25銭（-0.17%）下落し、149.750円をつけた（前営業日比-0.23%）。"
               "起点は9時21分40秒の高値150.000円、基準は60秒で25銭、前営業日終値は150.100円。");
  EXPECT_EQ(yen_move(Event::kExtended, "148.5", "150").alert().title_ja, "ドル円、下落幅が1.50円に拡大（-1.0%）");
  EXPECT_EQ(yen_move(Event::kReversal, "149.6505", "149.4").alert().title_ja,
            "ドル円、149.400円から25.1銭反発（+0.17%）");
}

TEST(DriftTextsJa, SinceWhenAndHowFar) {
  expect_texts(yen_drift(), "ドル円、じり安：8時41分15秒から62銭（-0.40%）",
               "ドル円は8時41分15秒からじりじりと下落し、156.500円から155.880円まで62銭（-0.40%）下げた。"
               "小さな動きの累積は12.3で、基準は12。");
}

TEST(StaleTextsJa, SilenceAndReturn) {
  Sample sample{common(kYen, kYenMilestoneRule, RuleKind::kStale, Event::kStale, Direction::kUp), {}};
  auto& s = sample.signal;
  s.price = price("157.317");
  s.previous_ts = s.ts_event - std::chrono::seconds{42};
  s.stale = {std::chrono::seconds{42}, std::chrono::seconds{42}, StaleReason::kSocketClosed};
  expect_texts(sample, "ドル円、42秒データなし",
               "ドル円のデータが取引時間中にもかかわらず42秒途絶えている。"
               "最後の値は157.317円（9時21分23秒）、接続が切れている。再開すれば通知する。");
  s.event = Event::kRecovered;
  s.stale.silence = std::chrono::minutes{18};
  expect_texts(sample, "ドル円、18分ぶりにデータ再開", "ドル円のデータが18分ぶりに再開し、値は157.317円。");
}

TEST(PeriodTextsJa, AnIndexAndThePairOfTheYen) {
  expect_texts(nikkei_period(), "日経平均、年初来15%高に",
               "日経平均は年初来15%高となり、5万7891円00銭をつけた（前営業日比+0.42%）。"
               "基準は2025年12月30日の5万0339円48銭で、騰落率は+15.0%、前営業日終値は5万7650円54銭。");
  EXPECT_EQ(yen_period("157.5", 2).alert().title_ja, "ドル円、6カ月前比5%の円安に");
  EXPECT_EQ(yen_period("146.2", -1).alert().title_ja, "ドル円、6カ月前比2.5%の円高に");
}

TEST(InterventionTextsJa, ASuspicionWithItsItems) {
  expect_texts(
      yen_watch(Event::kSuspected), "ドル円、介入の疑い（9点中5点）",
      "ドル円は9時12分05秒の159.228円から157.317円（前営業日比-0.68%）へ下落、介入の疑い（9点中5点）。"
      "15分以内に1.911円下落（+2）、5分の動きが標準偏差の11.2倍（+1）、値動きの99%が一方向で戻りは最大35%（+1）、"
      "52週高値圏または警戒水準から（+1）、前営業日終値は158.400円。");
  EXPECT_EQ(yen_watch(Event::kReverted).alert().text_ja,
            "ドル円の急変動は一時的で、159.228円から157.317円までの動きの67%を30分以内に戻して158.600円"
            "（前営業日比+0.13%）。介入の採点は9点中5点だった。");
}

TEST(TextsJa, OtherIndicesAreInPointsAndNamesFallBack) {
  const InstrumentWords topix{{"TOPIX", "TOPIX", "", delta("0.01"), delta("0.1"), CalendarKind::kTse, true, {}}};
  auto sample = three_milestones();
  const PhrasesJa say{sample.signal, topix};
  EXPECT_EQ(say.name(), "TOPIX");
  EXPECT_EQ(written(say.price(price("3850.5"))), "3,850.50");
  EXPECT_EQ(written(say.amount(delta("-12.5"))), "12.5ポイント");
  const InstrumentWords euro{{"EURUSD", "EUR/USD", "", delta("0.00001"), delta("0.0001"), CalendarKind::kFx, true, {}}};
  EXPECT_EQ(written(PhrasesJa{sample.signal, euro}.amount(delta("0.0025"))), "0.0025（25.0pips）");
}

// Next: the instrument's milestones, from the steps of its rules.
Catalog with_steps() {
  auto all = catalog();
  all.rules[kMilestoneRule].step = delta("1000");
  all.rules[kYenMilestoneRule].step = delta("1");
  return all;
}

Alert said(const Sample& sample, const Catalog& catalog) {
  return samples::said(sample.signal, sample.levels, catalog);
}

TEST(NextMilestone, TheWayThePriceGoes) {
  const auto up = said(three_milestones(), with_steps());
  EXPECT_TRUE(up.text.ends_with(" Next: 58,000, 662.93 points above (+1.16 %).")) << up.text;
  EXPECT_TRUE(up.text_ja.ends_with("次の節目は5万8000円、あと662円93銭（+1.16%）。")) << up.text_ja;
  const auto down = said(yen_move(Event::kMove, "149.75", "150"), with_steps());
  EXPECT_TRUE(down.text.ends_with(" Next: 149, 75 pips below (-0.50 %).")) << down.text;
  EXPECT_TRUE(down.text_ja.ends_with("次の節目は149円、あと75銭（-0.50%）。")) << down.text_ja;
}

TEST(NextMilestone, OnALevelItIsTheOneBeyond) {
  const auto up = said(nikkei_level(Event::kReached, Direction::kUp, "57000", {"57000"}), with_steps());
  EXPECT_NE(up.text.find("Next: 58,000, 1,000 points above (+1.75 %)."), std::string::npos) << up.text;
  const auto down = said(nikkei_level(Event::kLost, Direction::kDown, "57000", {"57000"}), with_steps());
  EXPECT_NE(down.text.find("Next: 56,000, 1,000 points below (-1.75 %)."), std::string::npos) << down.text;
}

TEST(NextMilestone, TheNearestOfSeveralRules) {
  auto steps = with_steps();
  steps.rules[kRecordRule].step = delta("750");
  const auto up = said(nikkei_level(Event::kReached, Direction::kUp, "57001", {"57000"}), steps);
  EXPECT_NE(up.text.find("Next: 57,750,"), std::string::npos) << up.text;
  const auto down = said(nikkei_level(Event::kLost, Direction::kDown, "56999", {"57000"}), steps);
  EXPECT_NE(down.text.find("Next: 56,250,"), std::string::npos) << down.text;
}

TEST(NextMilestone, NothingWhereThereIsNone) {
  EXPECT_EQ(three_milestones().alert().text.find("Next:"), std::string::npos);
  const auto near = said(nikkei_level(Event::kNear, Direction::kUp, "56925", {"57000"}), with_steps());
  EXPECT_EQ(near.text.find("Next:"), std::string::npos);
  const auto withdrawn = said(nikkei_record(Event::kWithdrawn, {Horizon::kAllTime}), with_steps());
  EXPECT_EQ(withdrawn.text.find("Next:"), std::string::npos);
  const auto low = said(yen_move(Event::kMove, "0.75", "1"), with_steps());
  EXPECT_EQ(low.text.find("Next:"), std::string::npos) << low.text;
  auto high = nikkei_level(Event::kReached, Direction::kUp, "9223372036", {"57000"});
  EXPECT_EQ(said(high, with_steps()).text.find("Next:"), std::string::npos);
}

}  // namespace
}  // namespace yagura::alerts
