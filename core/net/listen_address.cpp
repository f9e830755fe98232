#include "core/net/listen_address.hpp"

#include "core/net/ws_server.hpp"

#include <fmt/format.h>

#include <boost/asio/ip/address.hpp>
#include <charconv>

namespace yagura::net {

namespace asio = boost::asio;
using asio::ip::tcp;

asio::ip::address without_v4_mapping(const asio::ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
}

Result<tcp::endpoint> parse_endpoint(std::string_view text) {
  const auto wrong = [&](std::string_view what) {
    return Error{fmt::format("listen address '{}': {}, expected ADDRESS:PORT such as 127.0.0.1:8225", text, what)};
  };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return wrong("no address or no port");
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, parse_ec] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (parse_ec != std::errc{} || end != digits.data() + digits.size()) return wrong("bad port");
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(std::string{host}, ec);
  if (ec) return wrong("not an IP address or localhost");
  return tcp::endpoint{address, port};
}

std::string to_text(const tcp::endpoint& endpoint) {
  return endpoint.address().is_v6() ? fmt::format("[{}]:{}", endpoint.address().to_string(), endpoint.port())
                                    : fmt::format("{}:{}", endpoint.address().to_string(), endpoint.port());
}

Result<void> check_listen_address(std::string_view address) {
  const auto endpoint = parse_endpoint(address);
  if (!endpoint) return endpoint.error();
  return {};
}

}  // namespace yagura::net
