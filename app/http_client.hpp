// One HTTP request to a running monitor, for the commands that change it.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace yagura::app {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

// Blocking, with a limit of seven seconds in all. `address` is "host:port"; a token goes into the
// Authorization header. Errors are one line.
[[nodiscard]] Result<HttpAnswer> http_request(const std::string& address, std::string_view method,
                                              std::string_view path, std::string_view json, const std::string& token);

// The error text of an answer of the API, for people.
[[nodiscard]] std::string error_of(const HttpAnswer& answer);

}  // namespace yagura::app
