// What an HTTP status is called.
#pragma once

#include <string>

namespace yagura::net {

// "503 Service Unavailable"; the number alone when it has no common name.
[[nodiscard]] std::string status_text(int status);

}  // namespace yagura::net
