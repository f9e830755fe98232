// From what happened to a letter in a sink's language and by its templates.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "alerts/catalog.hpp"
#include "alerts/facts.hpp"
#include "alerts/letter.hpp"

namespace yagura::alerts {

// How one sink wants its letters.
struct Wording {
  Language language = Language::kEnglish;
  std::string_view title_template{}, text_template{};  // checked; empty: the message's own words
  // Names, decimals and time zones; an instrument that is not among them is known by its symbol, in UTC.
  std::span<const InstrumentInfo> instruments{};
  std::string_view link{};  // where it can be acknowledged; may be empty
};

// `purpose` kAlert becomes kSummary or kTest by itself for a message of that kind. Whatever the
// message holds, the letter is UTF-8 without control characters and marks that turn the direction of text;
// the title is one line. Any thread.
[[nodiscard]] Letter compose(const Facts& facts, Letter::Purpose purpose, const Wording& wording);

// An alert that found its sink's budget spent.
struct FoldedAlert {
  Id128 id;
  Severity severity{};
  std::string title{}, title_ja{};  // empty when its words are not at hand
};

// Messages that are made for one sink, as JSON objects to be stored and read as any other. The same
// arguments make the same id.
[[nodiscard]] std::string folded_message(std::string_view sink, std::span<const FoldedAlert> alerts, Timestamp at);
[[nodiscard]] std::string test_message(std::string_view sink, Timestamp at);

}  // namespace yagura::alerts
