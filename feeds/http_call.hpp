// A plain HTTP request and its answer, as log-ins are made of them, on either side of the wire.
#pragma once

#include <string>
#include <string_view>
#include <utility>  // pair
#include <vector>

namespace yagura::feeds {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// The value of a header, whatever the case of its name; empty when absent.
[[nodiscard]] std::string_view find_header(const HttpHeaders& headers, std::string_view name);

struct HttpCall {
  std::string method = "GET";
  std::string target = "/";  // path and query; the address is the feed's `login_url`
  HttpHeaders headers;
  std::string body;  // of a POST or PUT, JSON: Content-Type is added
};

struct HttpAnswer {
  int status = 200;
  HttpHeaders headers;
  std::string body;
};

}  // namespace yagura::feeds
