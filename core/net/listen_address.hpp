// "127.0.0.1:8225" to an endpoint and back. Private to the server.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace yagura::net {

// An IP address or `localhost`, a colon, a port; IPv6 in brackets.
[[nodiscard]] Result<boost::asio::ip::tcp::endpoint> parse_endpoint(std::string_view text);
[[nodiscard]] std::string to_text(const boost::asio::ip::tcp::endpoint& endpoint);

// ::ffff:127.0.0.1 is 127.0.0.1.
[[nodiscard]] boost::asio::ip::address without_v4_mapping(const boost::asio::ip::address& address);

}  // namespace yagura::net
