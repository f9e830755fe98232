// One frame a line in, one line of JSON out: what `yagura decode` does.
#pragma once

#include <string>
#include <string_view>

namespace yagura::feeds {

class Codec;

// `line` is a text frame, or `b64:` and a binary one. The answer (SPEC 5) has no newline:
// {"ticks":[{"symbol":..,"price":"..","bid":"..","ask":"..","ts_ms":N|null}],"error":null|".."}
// Times are cut to milliseconds; a side the frame does not carry is left out.
[[nodiscard]] std::string decode_line(Codec& codec, std::string_view line);

}  // namespace yagura::feeds
