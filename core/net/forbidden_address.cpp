#include "core/net/forbidden_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace yagura::net {
namespace {

namespace ip = boost::asio::ip;

bool is_forbidden_v4(const ip::address_v4& address) {
  const auto bytes = address.to_bytes();
  return (bytes[0] == 169 && bytes[1] == 254) || bytes == ip::address_v4::bytes_type{100, 100, 100, 200};
}

// The IPv4 address in the last four bytes, if the first twelve say that there is one.
std::optional<ip::address_v4> embedded_v4(const ip::address_v6::bytes_type& bytes) {
  using Prefix = std::array<unsigned char, 12>;
  constexpr Prefix kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr Prefix kCompatible{};
  constexpr Prefix kTranslated{0, 0x64, 0xff, 0x9b};
  for (const auto& prefix : {kMapped, kCompatible, kTranslated}) {
    if (std::ranges::equal(prefix, std::ranges::subrange(bytes.begin(), bytes.begin() + 12)))
      return ip::address_v4{{bytes[12], bytes[13], bytes[14], bytes[15]}};
  }
  return std::nullopt;
}

bool is_forbidden_v6(const ip::address_v6& address) {
  static const std::array kMetadata{ip::make_address_v6("fd00:ec2::254"), ip::make_address_v6("fd20:ce::254")};
  const auto bytes = address.to_bytes();
  if (address.is_link_local()) return true;
  if (std::ranges::any_of(kMetadata, [&](const auto& one) { return one.to_bytes() == bytes; })) return true;
  const auto v4 = embedded_v4(bytes);
  return v4 && is_forbidden_v4(*v4);
}

}  // namespace

bool is_forbidden(const ip::address& address) {
  return address.is_v4() ? is_forbidden_v4(address.to_v4()) : is_forbidden_v6(address.to_v6());
}

std::optional<std::string> forbidden_address(const sockaddr& address) {
  ip::address found;
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    found = ip::address_v4{ntohl(v4.sin_addr.s_addr)};
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    found = ip::address_v6{bytes};
  } else {
    return "an address of family " + std::to_string(address.sa_family);
  }
  return is_forbidden(found) ? std::optional{found.to_string()} : std::nullopt;
}

bool is_forbidden_host(const std::string& host) {
  in_addr v4{};
  if (::inet_aton(host.c_str(), &v4) != 0) return is_forbidden(ip::address_v4{ntohl(v4.s_addr)});
  boost::system::error_code error;
  const auto address = ip::make_address(host, error);
  return !error && is_forbidden(address);
}

}  // namespace yagura::net
