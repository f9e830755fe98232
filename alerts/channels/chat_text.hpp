// What the chat services share: clean words, cut to a service's limit.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "alerts/letter.hpp"

namespace yagura::alerts {

// What a service counts when it limits a text.
enum class LengthUnit : std::uint8_t { kBytes, kUtf16 };

// The title as one line without control characters or marks that turn text around; tests say that they are.
[[nodiscard]] std::string headline(const Letter& letter);
// The text likewise, its line ends kept.
[[nodiscard]] std::string body_lines(const Letter& letter);
// The first eight digits of the id.
[[nodiscard]] std::string short_id(const Letter& letter);
// "Acknowledge" in the letter's language.
[[nodiscard]] std::string_view acknowledge_label(Language language);
// The letter's ack_url; empty when it is none that may stand in a message.
[[nodiscard]] std::string acknowledge_link(const Letter& letter);

// Writes one character for a service; `rest` is what follows it. Called in order.
using Escape = std::function<std::string(std::string_view character, std::string_view rest)>;

// `text` through `escape`, at most `limit` long as written; cut between characters, with "…", where
// it would be longer. Valid UTF-8 in, valid UTF-8 out, and no escape is cut in two.
[[nodiscard]] std::string cut(std::string_view text, std::size_t limit, LengthUnit unit, const Escape& escape = {});

// &, < and > as HTML has them, as Slack and Telegram want it.
[[nodiscard]] std::string escape_angles(std::string_view text);

}  // namespace yagura::alerts
