// A complete mail of an alert, RFC 5322 and MIME, ready for the server.
#pragma once

#include <string>
#include <vector>

#include "alerts/letter.hpp"
#include "alerts/mail/mime.hpp"
#include "core/time.hpp"

namespace yagura::alerts {

struct MailHead {
  MailAddress from;
  std::vector<MailAddress> to;
  Timestamp date;          // of sending
  std::string message_id;  // "id@host", as message_id() below gives it
};

// What tells mail readers which messages are the same and which follow up: the id of the alert and the
// domain of the sender, so that two monitors give one alert one name. A reminder, the end of an episode and
// a withdrawal are messages of their own; `nonce` tells reminders of one alert from each other.
[[nodiscard]] std::string message_id(const Letter& letter, const MailAddress& from, std::string_view nonce);
// Of the message it answers; empty: it begins a thread.
[[nodiscard]] std::string parent_message_id(const Letter& letter, const MailAddress& from);

// Lines end with CR LF; but for very long addresses they have at most 78 characters. `chart` is a PNG or empty. Nothing
// a letter holds can add a header, a part or markup.
[[nodiscard]] std::string mail_message(const Letter& letter, const MailHead& head, Language language,
                                       std::string_view chart);

}  // namespace yagura::alerts
