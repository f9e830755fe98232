// Templates of letters: mustache, with the fields of docs/alerts.md. `{{#link}}…{{/link}}` stands where
// there is a link, `{{^link}}…{{/link}}` where there is none. Nothing is escaped: channels do that, each
// for its own format. What a field holds is never read as a template.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace yagura::alerts {

inline constexpr std::array<std::string_view, 20> kLetterFields{
    "title", "text",  "instrument", "name", "price", "level",    "levels", "direction", "severity", "rule",
    "kind",  "event", "time",       "date", "id",    "short_id", "parent", "seq",       "count",    "link"};

// By the position of a field's name in kLetterFields.
using LetterFields = std::array<std::string, kLetterFields.size()>;

inline constexpr std::size_t kLongestTemplate = 4000;  // bytes

// For settings: the error is one line and says which tag is wrong.
[[nodiscard]] Result<void> check_template(std::string_view text);

// Empty when `text` does not pass check_template(). Any thread.
[[nodiscard]] std::string fill_template(std::string_view text, const LetterFields& fields);

}  // namespace yagura::alerts
