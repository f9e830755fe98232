// An alert, a storm's summary or a test, worded for one sink and ready to go.
#pragma once

#include <string>

#include "core/hash128.hpp"
#include "core/time.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

enum class Language : std::uint8_t { kEnglish, kJapanese };

// All text is UTF-8 without control characters but line ends; a channel escapes it for its own format.
struct Letter {
  enum class Purpose : std::uint8_t {
    kAlert,
    kReminder,  // of an alert that nobody has acknowledged: the same id again
    kSummary,   // of alerts that found the sink's budget spent; lists their ids
    kResolved,  // what the alert told of is over: for services that keep incidents
    kTest,
    kAcknowledged,  // someone has taken it up: for services that keep incidents
  };

  Purpose purpose = Purpose::kAlert;
  Id128 id;       // idempotency key: the same for every attempt
  Id128 episode;  // the alert it belongs to; its own id when it belongs to none
  Severity severity{};
  std::string kind;        // "milestone", "storm", "test" ...
  std::string event;       // "reached"
  std::string instrument;  // "NI225"
  std::string title;       // one line, in the sink's language, the sink's template applied
  std::string text;        // a few sentences
  std::string json;        // the object of the journal, byte for byte
  Timestamp ts_event{};
  std::string ack_url;  // empty unless a public address is configured and it can be acknowledged
  int attempt = 1;
  int reminder = 0;                        // of kReminder: counts from 1
  Language language = Language::kEnglish;  // of title and text
};

}  // namespace yagura::alerts
