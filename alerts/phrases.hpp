// The small parts alert texts are made of, for one signal.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "alerts/catalog.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

// Refers to both arguments; lives for one rendering.
class Phrases {
 public:
  Phrases(const Signal& signal, const InstrumentInfo& instrument) : signal_(signal), instrument_(instrument) {}

  [[nodiscard]] std::string name() const;                   // "Nikkei 225"
  [[nodiscard]] bool against_yen() const;                   // a pair quoted in yen: it rises when the yen weakens
  [[nodiscard]] std::string price(Price price) const;       // "57,337.07"
  [[nodiscard]] std::string points(PriceDelta d) const;     // "58 points", "-0.25 yen", "0.0025"
  [[nodiscard]] std::string pips(PriceDelta d) const;       // "25 pips"; empty unless a currency pair
  [[nodiscard]] std::string amount(PriceDelta d) const;     // "58 points", "0.25 yen (25 pips)"
  [[nodiscard]] std::string size(PriceDelta d) const;       // in short, without its sign: "58 points", "25 pips"
  [[nodiscard]] std::string threshold(PriceDelta d) const;  // amount() of whole ticks
  [[nodiscard]] std::string date(Date date) const;          // "3 Feb", with the year of another year
  [[nodiscard]] std::string on_the_day() const;             // ", +5.7 % on the day"; empty when unknown
  [[nodiscard]] std::string circumstances() const;          // ", after a gap in the feed"; often empty
  [[nodiscard]] std::string moment(Timestamp t) const;      // "09:00:00 JST", with the date of another day
  [[nodiscard]] std::string previous_close() const;         // "previous close 54,253.68"; empty when unknown
  [[nodiscard]] std::string price_before() const;           // "price before 56,990.11 at 09:21:55 JST"
  [[nodiscard]] std::string confirmed() const;              // how an odd print was accepted; often empty
  // " Next: 58,000, 662.93 points above (+1.16 %)."
  [[nodiscard]] std::string next(Price milestone) const;

 private:
  const Signal& signal_;
  const InstrumentInfo& instrument_;
};

// How long nothing came, whole units rounded down: "42 s", "18 min", "3 h".
[[nodiscard]] std::string silence_text(Duration silence);

// "55,000, 56,000 and 57,000"; more than six are given by their count and ends.
[[nodiscard]] std::string list_of(std::span<const Price> levels);

// "a, b and c".
[[nodiscard]] std::string join_words(std::span<const std::string> words);

// One sentence of the parts that are not empty, joined with "; ": " Previous close 54,253.68."
[[nodiscard]] std::string sentence(std::span<const std::string> parts);

}  // namespace yagura::alerts
