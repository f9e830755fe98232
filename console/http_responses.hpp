// Answers of the API.
#pragma once

#include <string>
#include <string_view>

#include "core/net/ws_server.hpp"

namespace yagura::console {

[[nodiscard]] net::HttpResponse json_response(int status, std::string body);
// {"error":MESSAGE}
[[nodiscard]] net::HttpResponse error_response(int status, std::string_view message);
[[nodiscard]] net::HttpResponse wrong_method(std::string allowed);

}  // namespace yagura::console
