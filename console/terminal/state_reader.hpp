// The state of hello and state messages, back from JSON: the reverse of console/state_json.hpp.
#pragma once

#include "console/snapshot.hpp"
#include "console/terminal/json_fields.hpp"

namespace yagura::console::terminal {

// At most 64 instruments and feeds, 200 rows of anything within them; what is beyond is left out.
[[nodiscard]] StateSnapshot read_state(const Object& json);

}  // namespace yagura::console::terminal
