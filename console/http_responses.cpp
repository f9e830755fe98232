#include "console/http_responses.hpp"

#include <algorithm>
#include <utility>

#include "console/state_json.hpp"

namespace yagura::console {

net::HttpResponse json_response(int status, std::string body) {
  return {status, std::move(body), {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}};
}

net::HttpResponse error_response(int status, std::string_view message) {
  return json_response(status, error_json(message));
}

net::HttpResponse wrong_method(std::string_view allowed) {
  auto response = error_response(405, "method not allowed; allowed: " + std::string{allowed});
  response.headers.emplace_back("Allow", allowed);
  return response;
}

std::optional<net::HttpResponse> refuse_unless_json(const net::HttpRequest& request) {
  if (request.header("Content-Type").starts_with("application/json")) return std::nullopt;
  return error_response(415, "Content-Type must be application/json");
}

// A page that says something else about itself keeps its word.
void add_security_headers(net::HttpResponse& response) {
  constexpr std::pair<const char*, const char*> kHeaders[] = {
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"}};
  for (const auto& [name, value] : kHeaders) {
    const bool said = std::ranges::any_of(response.headers, [&](const auto& header) { return header.first == name; });
    if (!said) response.headers.emplace_back(name, value);
  }
}

void send_later(const net::HttpReply& reply, net::HttpResponse response) {
  add_security_headers(response);
  reply.send(response);
}

}  // namespace yagura::console
