// The conversation with an HTTP proxy before a connection is ours: CONNECT (RFC 9110, 9.3.6).
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "feeds/proxy.hpp"
#include "feeds/transport.hpp"  // CloseInfo

namespace yagura::feeds {

// Asks for a way to `target` over a socket that is connected to the proxy. `done` comes once, later:
// with nothing when the socket now leads to the target, else with the reason. Takes no byte that
// follows the proxy's answer. No time limit of its own: close the socket, and `done` comes.
void open_tunnel(std::shared_ptr<boost::asio::ip::tcp::socket> socket, const Proxy& proxy, const Url& target,
                 std::function<void(const std::optional<CloseInfo>& failure)> done);

}  // namespace yagura::feeds
