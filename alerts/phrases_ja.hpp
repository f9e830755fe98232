// The small parts alert texts are made of in Japanese, as market news there is written: no polite forms,
// the Nikkei in yen and sen, points for other indices. Beside alerts/phrases.hpp.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "alerts/catalog.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

// Refers to both arguments; lives for one rendering.
class PhrasesJa {
 public:
  PhrasesJa(const Signal& signal, const InstrumentInfo& instrument);

  [[nodiscard]] std::string name() const;                   // "日経平均"
  [[nodiscard]] bool against_yen() const;                   // a pair quoted in yen: it rises when the yen weakens
  [[nodiscard]] std::string price(Price price) const;       // "5万7337円07銭", "157.317円"
  [[nodiscard]] std::string level(Price level) const;       // "5万7000円", "158円"
  [[nodiscard]] std::string amount(PriceDelta d) const;     // "58円", "25銭", "1.63円" of a pair; without its sign
  [[nodiscard]] std::string threshold(PriceDelta d) const;  // amount() of whole ticks
  [[nodiscard]] std::string day() const;                    // "前営業日比+5.7%"; empty when unknown
  [[nodiscard]] std::string aside() const;  // "（前営業日比+5.7%、データ欠落後）"; empty without either
  [[nodiscard]] std::string moment(Timestamp t) const;  // "9時22分05秒", with the date of another day
  [[nodiscard]] std::string date(Date date) const;      // "2月3日", with the year of another year
  [[nodiscard]] std::string previous_close() const;     // "前営業日終値は5万4253円68銭"; empty when unknown
  [[nodiscard]] std::string price_before() const;       // "直前は5万6990円11銭（9時21分55秒）"
  [[nodiscard]] std::string confirmed() const;          // how an odd print was accepted; often empty
  [[nodiscard]] std::string next(Price milestone) const;  // "次の節目は5万8000円、あと662円93銭（+1.16%）。"
  [[nodiscard]] std::string levels(std::span<const Price> levels) const;  // "5万5000円・5万6000円・5万7000円"

 private:
  enum class Quote : std::uint8_t { kYen, kYenPair, kPoints, kNumber };
  static Quote quote_of(const InstrumentInfo& instrument);
  [[nodiscard]] std::string circumstances() const;

  const Signal& signal_;
  const InstrumentInfo& instrument_;
  Quote quote_;
};

[[nodiscard]] std::string window_text_ja(Duration window);    // "60秒", "5分", "1時間"
[[nodiscard]] std::string silence_text_ja(Duration silence);  // whole units, rounded down: "42秒", "18分"

// "+5.7%": percent_text() as it is written in Japanese.
[[nodiscard]] std::string percent_text_ja(PriceDelta part, Price whole);
[[nodiscard]] std::string percent_text_ja(Percent percent);

// One sentence of the parts that are not empty: "直前は5万6990円11銭、前営業日終値は5万4253円68銭。"
[[nodiscard]] std::string sentence_ja(std::span<const std::string> parts);

// "高値で反落": what an event is called in a list; empty for a word that is none.
[[nodiscard]] std::string_view event_word_ja(std::string_view event);

}  // namespace yagura::alerts
