// The small parts alert texts are made of, for one signal. Each is a part of a TextBuffer: it writes itself where
// it is put, so that a sentence is written once and without strings in between.
#pragma once

#include <span>
#include <string_view>

#include "alerts/instrument_words.hpp"
#include "alerts/numbers.hpp"
#include "core/text_buffer.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

// Refers to both arguments; lives for one rendering, and so do its parts.
class Phrases {
 public:
  Phrases(const Signal& signal, const InstrumentWords& instrument) : signal_(signal), instrument_(instrument) {}

  [[nodiscard]] std::string_view name() const { return instrument_.name; }  // "Nikkei 225"
  [[nodiscard]] bool against_yen() const { return instrument_.against_yen; }

  // "57,337.07"
  [[nodiscard]] auto price(Price price) const { return part_of<&Phrases::add_price>(*this, price); }
  // "58 points", "-0.25 yen", "0.0025"
  [[nodiscard]] auto points(PriceDelta d) const { return part_of<&Phrases::add_points>(*this, d); }
  // "58 points", "0.25 yen (25 pips)"
  [[nodiscard]] auto amount(PriceDelta d) const { return part_of<&Phrases::add_amount>(*this, d); }
  // in short, without its sign: "58 points", "25 pips"
  [[nodiscard]] auto size(PriceDelta d) const { return part_of<&Phrases::add_size>(*this, d); }
  // amount() of whole ticks
  [[nodiscard]] auto threshold(PriceDelta d) const { return amount(whole_ticks(d, instrument_.tick)); }
  // "3 Feb", with the year of another year
  [[nodiscard]] auto date(Date date) const { return part_of<&Phrases::add_date>(*this, date); }
  // ", +5.7 % on the day"; empty when unknown
  [[nodiscard]] auto on_the_day() const { return part_of<&Phrases::add_on_the_day>(*this); }
  // ", after a gap in the feed"; often empty
  [[nodiscard]] auto circumstances() const { return part_of<&Phrases::add_circumstances>(*this); }
  // "09:00:00 JST", with the date of another day
  [[nodiscard]] auto moment(Timestamp t) const { return part_of<&Phrases::add_moment>(*this, t); }
  // "previous close 54,253.68"; empty when unknown
  [[nodiscard]] auto previous_close() const { return part_of<&Phrases::add_previous_close>(*this); }
  // "previous close 54,253.68, +5.7 % on the day"; empty when unknown
  [[nodiscard]] auto close_and_day() const { return part_of<&Phrases::add_close_and_day>(*this); }
  // "price before 56,990.11 at 09:21:55 JST"
  [[nodiscard]] auto price_before() const { return part_of<&Phrases::add_price_before>(*this); }
  // how an odd print was accepted; often empty
  [[nodiscard]] auto confirmed() const {
    return when(signal_.confirmed, "the print looked odd and was held until others confirmed it");
  }
  // " Next: 58,000, 662.93 points above (+1.16 %)."
  [[nodiscard]] auto next(Price milestone) const { return part_of<&Phrases::add_next>(*this, milestone); }

 private:
  void add_price(TextBuffer& out, Price price) const { add_grouped(out, price.raw(), instrument_.decimals); }
  void add_points(TextBuffer& out, PriceDelta d) const;
  void add_pips(TextBuffer& out, PriceDelta d) const;
  void add_amount(TextBuffer& out, PriceDelta d) const;
  void add_size(TextBuffer& out, PriceDelta d) const;
  void add_date(TextBuffer& out, Date date) const;
  void add_on_the_day(TextBuffer& out) const;
  void add_circumstances(TextBuffer& out) const;
  void add_moment(TextBuffer& out, Timestamp t) const;
  void add_previous_close(TextBuffer& out) const;
  void add_close_and_day(TextBuffer& out) const;
  void add_price_before(TextBuffer& out) const;
  void add_next(TextBuffer& out, Price milestone) const;
  [[nodiscard]] bool has_pips() const { return instrument_.pair && instrument_.pip.raw() > 0; }

  const Signal& signal_;
  const InstrumentWords& instrument_;
};

// "5 min": add_window() as a part.
[[nodiscard]] inline auto window_text(Duration window) {
  return [=](TextBuffer& out) { add_window(out, window); };
}
// "57,000": add_level() as a part.
[[nodiscard]] inline auto level_part(Price level) {
  return [=](TextBuffer& out) { add_level(out, level); };
}
// "+5.7 %".
[[nodiscard]] inline auto percent_part(PriceDelta part, Price whole) {
  return [=](TextBuffer& out) {
    add_percent(out, part, whole);
    out.add(" %");
  };
}
[[nodiscard]] inline auto percent_part(Percent percent) {
  return [=](TextBuffer& out) {
    add_percent(out, percent);
    out.add(" %");
  };
}

// How long nothing came, whole units rounded down: "42 s", "18 min", "3 h".
void add_silence(TextBuffer& out, Duration silence);
[[nodiscard]] inline auto silence_text(Duration silence) {
  return [=](TextBuffer& out) { add_silence(out, silence); };
}

// "55,000, 56,000 and 57,000"; more than six are given by their count and ends.
void add_list(TextBuffer& out, std::span<const Price> levels);
[[nodiscard]] inline auto list_of(std::span<const Price> levels) {
  return [=](TextBuffer& out) { add_list(out, levels); };
}

// One sentence of the parts that say something, joined with "; ": " Previous close 54,253.68."
class Sentence {
 public:
  explicit Sentence(TextBuffer& out) : out_(out), start_(out.size()) {}
  template <class Part>
  void add(const Part& part) {
    const auto before = begin();
    out_.add(part);
    end(before);
  }
  void close();

 private:
  [[nodiscard]] std::size_t begin();  // where the part begins
  void end(std::size_t begun);

  TextBuffer& out_;
  std::size_t start_;
};
template <class... Parts>
[[nodiscard]] auto sentence(Parts... parts) {
  return [=](TextBuffer& out) {
    Sentence sentence{out};
    (sentence.add(parts), ...);
    sentence.close();
  };
}

}  // namespace yagura::alerts
