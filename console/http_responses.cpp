#include "console/http_responses.hpp"

#include "console/state_json.hpp"

namespace yagura::console {

net::HttpResponse json_response(int status, std::string body) {
  return {status, std::move(body), {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}};
}

net::HttpResponse error_response(int status, std::string_view message) {
  return json_response(status, error_json(message));
}

net::HttpResponse wrong_method(std::string allowed) {
  auto response = error_response(405, "method not allowed; allowed: " + allowed);
  response.headers.emplace_back("Allow", std::move(allowed));
  return response;
}

}  // namespace yagura::console
