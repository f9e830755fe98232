// What is said of two markets, to people and to programs.
#include <gtest/gtest.h>

#include "samples.hpp"

namespace yagura::alerts {
namespace {

using namespace samples;

constexpr std::uint16_t kPairRule = 6;

Catalog pair_catalog() {
  auto all = catalog();
  all.rules.push_back({"nikkei-yen", RuleKind::kDivergence, kNikkei, {}});
  return all;
}

Signal pair(Event event, Direction direction) {
  Signal s = nikkei_against_yen(event, direction, kPairRule).signal;
  s.divergence.rho_long = s.divergence.own_z = s.divergence.other_z = 0;
  return s;
}

Alert said(const Signal& signal) { return samples::said(signal, {}, pair_catalog()); }

std::string json_of(const Signal& signal) { return samples::said(signal, {}, pair_catalog(), {.backtest = true}).json; }

TEST(DivergenceTexts, OneMovesWithoutTheOther) {
  const auto alert = said(pair(Event::kDiverged, Direction::kUp));
  EXPECT_EQ(alert.title, "Nikkei 225 diverged from USD/JPY: +0.20 %, model -0.50 %");
  EXPECT_EQ(alert.text,
            "Yen up 0.60 %, Nikkei 225 up 0.20 % within 15 min; model -0.50 %: 57,337.07, +0.24 % on the day. 4.3 "
            "standard deviations from the model; beta 0.82, correlation 0.61; USD/JPY 156.123.");
  EXPECT_EQ(alert.title_ja, "日経平均、ドル円から乖離：+0.20%、モデルは-0.50%");
  EXPECT_EQ(alert.text_ja,
            "15分でドル円は0.60%の円高、日経平均は0.20%上昇となり、モデルの-0.50%から外れた。"
            "値は5万7337円07銭（前営業日比+0.24%）。"
            "モデルからのずれは標準偏差の4.3倍、ベータ0.82、相関0.61、ドル円156.123円。");
}

TEST(DivergenceTexts, ACorrelationThatIsGoneTurnedOrGrown) {
  auto s = pair(Event::kDecoupled, Direction::kDown);
  s.divergence.rho = 0.04;
  s.divergence.rho_long = 0.55;
  s.divergence.z = -5.31;
  EXPECT_EQ(said(s).title, "Nikkei 225 decoupled from USD/JPY");
  EXPECT_EQ(said(s).text,
            "Nikkei 225 moves less with USD/JPY: correlation 0.04 of late, 0.55 over past sessions, at 57,337.07, "
            "+0.24 % on the day. For 15 min 5.3 standard deviations from usual.");
  EXPECT_EQ(said(s).title_ja, "日経平均、ドル円との連動が弱まる");
  EXPECT_EQ(said(s).text_ja,
            "日経平均はドル円との連動が弱まる。相関は直近0.04、過去の取引日では0.55で、"
            "値は5万7337円07銭（前営業日比+0.24%）。15分間、通常から標準偏差の5.3倍離れた状態。");
  s.divergence.rho = -0.3;
  EXPECT_EQ(said(s).title, "Nikkei 225 turned against its relation to USD/JPY");
  EXPECT_EQ(said(s).title_ja, "日経平均、ドル円との関係が逆転");
  s.divergence.rho = 0.9;
  EXPECT_EQ(said(s).title, "Nikkei 225 is tied closer to USD/JPY");
}

TEST(DivergenceTexts, BothAtOnce) {
  auto s = pair(Event::kJoint, Direction::kDown);
  s.divergence.window = std::chrono::minutes{5};
  s.divergence.change_pct = -1.25;
  s.divergence.own_z = -6.1;
  s.divergence.other_z = -7.32;
  EXPECT_EQ(said(s).title, "Nikkei 225 and USD/JPY moved at once: -1.2 % and -0.60 %");
  EXPECT_EQ(said(s).text,
            "Nikkei 225 down 1.2 %, yen up 0.60 % within 5 min: 57,337.07, +0.24 % on the day. 6.1 and 7.3 standard "
            "deviations of 5 min; USD/JPY 156.123.");
  EXPECT_EQ(said(s).title_ja, "日経平均とドル円が同時に動く：-1.2%と-0.60%");
  EXPECT_EQ(said(s).text_ja,
            "5分で日経平均は1.2%下落、ドル円は0.60%の円高となった。値は5万7337円07銭（前営業日比+0.24%）。"
            "5分の標準偏差の6.1倍と7.3倍、ドル円156.123円。");
}

TEST(DivergenceJson, FieldsGoWithTheEvent) {
  const auto holds = [](const std::string& json, std::string_view part) {
    EXPECT_NE(json.find(part), std::string::npos) << part << " in\n" << json;
  };
  auto s = pair(Event::kDiverged, Direction::kUp);
  holds(json_of(s), R"("against":"USDJPY","against_price":"156.123","window_ms":900000,"change_pct":0.2041,)"
                    R"("against_change_pct":-0.6049,"model_pct":-0.4961,"z":4.26,"gap":false)");
  holds(json_of(s), R"("beta":0.8200,"correlation":0.610,"after_gap":false)");
  s.divergence.change_pct = -0.00001;  // no minus before nothing
  holds(json_of(s), R"("change_pct":0.0000,)");
  s.event = Event::kJoint;
  s.divergence.own_z = -6.1;
  s.divergence.other_z = -7.3;
  holds(json_of(s), R"("against_change_pct":-0.6049,"z":-6.10,"against_z":-7.30,"gap")");
  s.event = Event::kDecoupled;
  s.divergence.rho_long = 0.55;
  holds(json_of(s), R"("window_ms":900000,"correlation":0.610,"correlation_usual":0.550,"z":4.26,"gap")");
}

}  // namespace
}  // namespace yagura::alerts
