#include "core/net/status_text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace yagura::net {

std::string status_text(int status) {
  struct Named {
    int status;
    std::string_view name;
  };
  // RFC 9110 and 6585.
  static constexpr std::array kNames{
      Named{200, "OK"},
      Named{202, "Accepted"},
      Named{204, "No Content"},
      Named{301, "Moved Permanently"},
      Named{302, "Found"},
      Named{303, "See Other"},
      Named{307, "Temporary Redirect"},
      Named{308, "Permanent Redirect"},
      Named{400, "Bad Request"},
      Named{401, "Unauthorized"},
      Named{403, "Forbidden"},
      Named{404, "Not Found"},
      Named{405, "Method Not Allowed"},
      Named{407, "Proxy Authentication Required"},
      Named{408, "Request Timeout"},
      Named{409, "Conflict"},
      Named{410, "Gone"},
      Named{413, "Content Too Large"},
      Named{415, "Unsupported Media Type"},
      Named{422, "Unprocessable Content"},
      Named{429, "Too Many Requests"},
      Named{500, "Internal Server Error"},
      Named{502, "Bad Gateway"},
      Named{503, "Service Unavailable"},
      Named{504, "Gateway Timeout"},
  };
  const auto* const found = std::ranges::find(kNames, status, &Named::status);
  return std::to_string(status) + (found == kNames.end() ? "" : " " + std::string{found->name});
}

}  // namespace yagura::net
