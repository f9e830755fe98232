// A silence as people ask for it, and as the journal and the API show it.
#pragma once

#include <string>
#include <string_view>

#include "alerts/silences.hpp"
#include "core/json_writer.hpp"
#include "core/result.hpp"

namespace yagura::alerts {

inline constexpr std::string_view kSilenceExample =
    R"({"rule":"yen-move","until":"2h","author":"aki","reason":"known news"})";

// {"rule","instrument","kind","severity"} say what, at least one of them; "until" (a time with its zone,
// or a duration from `now`) and "when" (windows as in [delivery] mute) how long, at least one of them;
// "author" and "reason". The error is one line that names the field. `now` becomes its creation.
[[nodiscard]] Result<Silence> read_silence(std::string_view json, Timestamp now);

// With its id; read_silence() takes it back but for the id.
void append(JsonWriter& json, const Silence& silence);

}  // namespace yagura::alerts
