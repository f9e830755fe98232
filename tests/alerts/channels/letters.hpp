// A letter to send, for tests.
#pragma once

#include <string>

#include "alerts/letter.hpp"
#include "alerts/sink_options.hpp"

namespace yagura::alerts {

inline Letter sample_letter(std::uint64_t number = 1) {
  Letter letter;
  letter.id = {0xab, number};
  letter.episode = letter.id;
  letter.severity = Severity::kHigh;
  letter.kind = "milestone";
  letter.event = "reached";
  letter.instrument = "NI225";
  letter.title = "Nikkei 225 reached 57,000 for the first time";
  letter.text = "57,012.30, +1.2 % on the day.\nNext: 58,000.";
  letter.json =
      R"({"v":1,"id":")" + to_string(letter.id) + R"(","price":"57012.3","level":"57000","levels":["57000"]})";
  letter.ts_event = parse_iso8601("2026-02-09T00:22:00Z").value();
  return letter;
}

inline SinkOptions sink_of(ChannelOptions channel, const char* name = "test") {
  SinkOptions sink;
  sink.name = name;
  sink.channel = std::move(channel);
  return sink;
}

}  // namespace yagura::alerts
