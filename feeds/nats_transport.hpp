// Feeds over NATS: one subject a symbol, one frame a message.
#pragma once

#include <memory>

#include "feeds/transport.hpp"

namespace yagura::feeds {

// For addresses of Carrier::kNats; their path is the front of the subjects, "yagura.ticks" without one.
// send() subscribes to the name it is given, below that. Headers of the options are user, password and
// token. While the library's own pings are answered, on_ping() says so. A connection of this transport
// never comes back by itself: the session makes a new one. There are no proxies.
[[nodiscard]] std::unique_ptr<Transport> make_nats_transport(boost::asio::io_context& io, const Clock& clock);

}  // namespace yagura::feeds
