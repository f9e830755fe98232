// The small parts alert texts are made of in Japanese, as market news there is written: no polite forms,
// the Nikkei in yen and sen, points for other indices. Beside alerts/phrases.hpp, and parts of a TextBuffer as those.
#pragma once

#include <span>
#include <string_view>

#include "alerts/instrument_words.hpp"
#include "alerts/numbers.hpp"
#include "core/text_buffer.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

// "5万7337円07銭", "157.317円": what a price is in Japanese.
void add_price_ja(TextBuffer& out, Price price, const InstrumentWords& instrument);

// Refers to both arguments; lives for one rendering, and so do its parts.
class PhrasesJa {
 public:
  PhrasesJa(const Signal& signal, const InstrumentWords& instrument) : signal_(signal), instrument_(instrument) {}

  [[nodiscard]] std::string_view name() const { return instrument_.name_ja; }  // "日経平均"
  [[nodiscard]] bool against_yen() const { return instrument_.against_yen; }

  // "5万7337円07銭", "157.317円"
  [[nodiscard]] auto price(Price price) const { return part_of<&PhrasesJa::add_price>(*this, price); }
  // "5万7000円", "158円"
  [[nodiscard]] auto level(Price level) const { return part_of<&PhrasesJa::add_level>(*this, level); }
  // "58円", "25銭", "1.63円" of a pair; without its sign
  [[nodiscard]] auto amount(PriceDelta d) const { return part_of<&PhrasesJa::add_amount>(*this, d); }
  // amount() of whole ticks
  [[nodiscard]] auto threshold(PriceDelta d) const { return amount(whole_ticks(d, instrument_.tick)); }
  // "（前営業日比+5.7%、データ欠落後）"; empty without either
  [[nodiscard]] auto aside() const { return part_of<&PhrasesJa::add_aside>(*this); }
  // "9時22分05秒", with the date of another day
  [[nodiscard]] auto moment(Timestamp t) const { return part_of<&PhrasesJa::add_moment>(*this, t); }
  // "2月3日", with the year of another year
  [[nodiscard]] auto date(Date date) const { return part_of<&PhrasesJa::add_date>(*this, date); }
  // "前営業日終値は5万4253円68銭"; empty when unknown
  [[nodiscard]] auto previous_close() const { return part_of<&PhrasesJa::add_previous_close>(*this); }
  // "直前は5万6990円11銭（9時21分55秒）"
  [[nodiscard]] auto price_before() const { return part_of<&PhrasesJa::add_price_before>(*this); }
  // how an odd print was accepted; often empty
  [[nodiscard]] auto confirmed() const { return when(signal_.confirmed, "異常値の疑いで保留した後、続く値で確認"); }
  // "次の節目は5万8000円、あと662円93銭（+1.16%）。"
  [[nodiscard]] auto next(Price milestone) const { return part_of<&PhrasesJa::add_next>(*this, milestone); }
  // "5万5000円・5万6000円・5万7000円"
  [[nodiscard]] auto levels(std::span<const Price> levels) const {
    return part_of<&PhrasesJa::add_levels>(*this, levels);
  }

 private:
  using Quote = InstrumentWords::Quote;

  void add_price(TextBuffer& out, Price price) const { add_price_ja(out, price, instrument_); }
  void add_level(TextBuffer& out, Price level) const;
  void add_amount(TextBuffer& out, PriceDelta d) const;
  void add_day(TextBuffer& out) const;
  void add_circumstances(TextBuffer& out) const;
  void add_aside(TextBuffer& out) const;
  void add_moment(TextBuffer& out, Timestamp t) const;
  void add_date(TextBuffer& out, Date date) const;
  void add_previous_close(TextBuffer& out) const;
  void add_price_before(TextBuffer& out) const;
  void add_next(TextBuffer& out, Price milestone) const;
  void add_levels(TextBuffer& out, std::span<const Price> levels) const;

  const Signal& signal_;
  const InstrumentWords& instrument_;
};

// "60秒", "5分", "1時間"
void add_window_ja(TextBuffer& out, Duration window);
[[nodiscard]] inline auto window_text_ja(Duration window) {
  return [=](TextBuffer& out) { add_window_ja(out, window); };
}
// Whole units, rounded down: "42秒", "18分"
void add_silence_ja(TextBuffer& out, Duration silence);
[[nodiscard]] inline auto silence_text_ja(Duration silence) {
  return [=](TextBuffer& out) { add_silence_ja(out, silence); };
}

// "+5.7%": as percent_part(), without the blank.
[[nodiscard]] inline auto percent_part_ja(PriceDelta part, Price whole) {
  return [=](TextBuffer& out) {
    add_percent(out, part, whole);
    out.add('%');
  };
}
[[nodiscard]] inline auto percent_part_ja(Percent percent) {
  return [=](TextBuffer& out) {
    add_percent(out, percent);
    out.add('%');
  };
}

// Adds the part behind a "、" if it says something; the first, from `start` on, without.
template <class Part>
void add_clause_ja(TextBuffer& out, std::size_t start, const Part& part) {
  const auto before = out.size();
  if (before != start) out.add("、");
  const auto begun = out.size();
  out.add(part);
  if (out.size() == begun) out.truncate(before);
}

// One sentence of the parts that say something: "直前は5万6990円11銭、前営業日終値は5万4253円68銭。"
template <class... Parts>
[[nodiscard]] auto sentence_ja(Parts... parts) {
  return [=](TextBuffer& out) {
    const auto start = out.size();
    (add_clause_ja(out, start, parts), ...);
    if (out.size() != start) out.add("。");
  };
}

// "高値で反落": what an event is called in a list; empty for a word that is none.
[[nodiscard]] std::string_view event_word_ja(std::string_view event);

}  // namespace yagura::alerts
