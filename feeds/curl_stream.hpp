// Feeds over HTTP: an answer that does not end, one frame a line.
#pragma once

#include <memory>

#include "feeds/transport.hpp"

namespace yagura::feeds {

// For addresses of Carrier::kHttp. A GET whose answer is 200 opens the connection, each line of its
// body is a text frame of up to 1 MiB, an empty line a sign of life (on_ping). send() is always
// refused: nothing goes up. Certificates, names, TLS versions and proxies as make_http_caller() has
// them; no redirect is followed. A line that came whole is handed on where libcurl put it, so that
// nothing is allocated for a frame once the longest torn one has been seen.
[[nodiscard]] std::unique_ptr<Transport> make_http_transport(boost::asio::io_context& io, const Clock& clock);

}  // namespace yagura::feeds
