// Log-in calls through libcurl.
#pragma once

#include <memory>

#include "feeds/http_caller.hpp"

namespace boost::asio {
class io_context;
}

namespace yagura::feeds {

// TLS 1.2 or later, certificates and their names always checked, http:// and https:// alone, HTTP/1.1.
// Connections are kept for the calls that follow. libcurl is set up by the first call: a caller that
// is never asked costs nothing. Destroy it after its users and before the context.
[[nodiscard]] std::unique_ptr<HttpCaller> make_http_caller(boost::asio::io_context& io);

}  // namespace yagura::feeds
