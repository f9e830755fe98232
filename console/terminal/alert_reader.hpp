// An alert of the WebSocket, back from JSON (docs/alerts.md has the fields).
#pragma once

#include "console/terminal/alert_row.hpp"
#include "console/terminal/json_fields.hpp"
#include "core/result.hpp"

namespace yagura::console::terminal {

// Up to 32 hexadecimal digits, so that it may stand in the path of a request.
[[nodiscard]] bool is_id(std::string_view text);

// The Error says which field is missing or strange.
[[nodiscard]] Result<AlertRow> read_alert(const Object& json);

}  // namespace yagura::console::terminal
