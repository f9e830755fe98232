// The HTML half of a mail: one column, no outside content, readable on a phone and on a dark screen.
#pragma once

#include <string>

#include "alerts/letter.hpp"

namespace yagura::alerts {

// `chart_id` names the picture's part ("chart@example.com"); empty: none.
[[nodiscard]] std::string mail_html(const Letter& letter, Language language, std::string_view chart_id);

[[nodiscard]] std::string_view acknowledge_words(Language language);

}  // namespace yagura::alerts
