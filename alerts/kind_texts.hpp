// What alerts of each kind say, in English and in Japanese. Inside alerts/ only; one file per kind (or for
// kinds that speak alike) and language.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "alerts/phrases.hpp"
#include "alerts/phrases_ja.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

// Takes the title and then the text of one language, where they stand in the alert's JSON.
class Draft {
 public:
  // What stands before each in the JSON.
  Draft(TextBuffer& out, std::string_view before_title, std::string_view before_text)
      : out_(out), before_title_(before_title), before_text_(before_text) {}

  template <Literal Form, class... Parts>
  void title(const Parts&... parts) {
    out_.add(before_title_);
    title_.from = out_.size();
    out_.write<Form>(parts...);
    title_.to = out_.size();
  }
  template <Literal Form, class... Parts>
  void text(const Parts&... parts) {
    out_.add(before_text_);
    text_.from = out_.size();
    out_.write<Form>(parts...);
  }
  // A sentence more.
  template <class Part>
  void more(const Part& part) {
    out_.add(part);
  }
  // A text that begins with this word, no name but small as in the middle, gets its capital.
  void capitalise(std::string_view word) {
    if (out_.from(text_.from).starts_with(word)) out_[text_.from] = static_cast<char>(word[0] - 'a' + 'A');
  }

  // All is said.
  void end() { text_.to = out_.size(); }

  // Places in the buffer.
  struct Span {
    std::size_t from = 0, to = 0;
  };
  [[nodiscard]] Span title_span() const { return title_; }
  [[nodiscard]] Span text_span() const { return text_; }

 private:
  TextBuffer& out_;
  std::string_view before_title_, before_text_;
  Span title_, text_;
};

// The same verb for a title (what happened) and a text (as it happens).
struct Verb {
  std::string_view past;
  std::string_view present;
};

// What an alert is about beside its signal.
struct About {
  const InstrumentWords& instrument;
  const InstrumentWords* other;   // of a relation; else null
  std::span<const Price> levels;  // crossing order; empty for records and moves
  const std::string* note;        // of the headline level; null without
};
inline constexpr std::size_t kLongestNoteSaid = 80;  // characters

void level_texts(Draft& draft, const Signal& signal, const About& about, const Phrases& say);
void record_texts(Draft& draft, const Signal& signal, const Phrases& say);
void move_texts(Draft& draft, const Signal& signal, const Phrases& say);
void cusum_texts(Draft& draft, const Signal& signal, const Phrases& say);
void stale_texts(Draft& draft, const Signal& signal, const Phrases& say);
void intervention_texts(Draft& draft, const Signal& signal, const Phrases& say);
void period_texts(Draft& draft, const Signal& signal, const Phrases& say);
void divergence_texts(Draft& draft, const Signal& signal, const InstrumentWords& other, const Phrases& say);

void level_texts_ja(Draft& draft, const Signal& signal, const About& about, const PhrasesJa& say);
void record_texts_ja(Draft& draft, const Signal& signal, const PhrasesJa& say);
void move_texts_ja(Draft& draft, const Signal& signal, const PhrasesJa& say);
void cusum_texts_ja(Draft& draft, const Signal& signal, const PhrasesJa& say);
void stale_texts_ja(Draft& draft, const Signal& signal, const PhrasesJa& say);
void intervention_texts_ja(Draft& draft, const Signal& signal, const PhrasesJa& say);
void period_texts_ja(Draft& draft, const Signal& signal, const PhrasesJa& say);
void divergence_texts_ja(Draft& draft, const Signal& signal, const InstrumentWords& other, const PhrasesJa& say);

}  // namespace yagura::alerts
