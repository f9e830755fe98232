// The small pages behind a link in a letter. No script: who reads mail on a telephone has a button.
#pragma once

#include <string_view>

#include "console/people.hpp"
#include "core/net/ws_server.hpp"

namespace yagura::console {

// Asks whether to acknowledge; looking at it changes nothing, for previews of links fetch them.
[[nodiscard]] net::HttpResponse ack_form(const AlertRef& alert, const Ack* already);
[[nodiscard]] net::HttpResponse ack_message(int status, std::string_view title, std::string_view text);

}  // namespace yagura::console
