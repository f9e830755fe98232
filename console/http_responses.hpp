// Answers of the API.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/net/ws_server.hpp"

namespace yagura::console {

[[nodiscard]] net::HttpResponse json_response(int status, std::string body);
// {"error":MESSAGE}
[[nodiscard]] net::HttpResponse error_response(int status, std::string_view message);
[[nodiscard]] net::HttpResponse wrong_method(std::string_view allowed);

// Nothing: the body is said to be JSON. Else 415.
[[nodiscard]] std::optional<net::HttpResponse> refuse_unless_json(const net::HttpRequest& request);

// What every answer carries: our page runs our scripts only, and nobody frames it.
void add_security_headers(net::HttpResponse& response);
// An answer that comes later, with those headers.
void send_later(const net::HttpReply& reply, net::HttpResponse response);

}  // namespace yagura::console
