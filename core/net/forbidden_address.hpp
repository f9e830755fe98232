// Addresses that no outgoing request may reach, whoever names them: those of this link alone, and
// those where clouds hand keys to the machine. Loopback and private networks are fine.
#pragma once

#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace yagura::net {

// 169.254.0.0/16 and fe80::/10 (link-local; 169.254.169.254 is most clouds' metadata service),
// fd00:ec2::254 (Amazon), fd20:ce::254 (Google), 100.100.100.200 (Alibaba), and the IPv4 ones written
// as IPv6: mapped (::ffff:0:0/96), compatible (::/96), translated (64:ff9b::/96).
[[nodiscard]] bool is_forbidden(const boost::asio::ip::address& address);

// The address as text when it is forbidden. Not AF_INET or AF_INET6: forbidden as well.
[[nodiscard]] std::optional<std::string> forbidden_address(const sockaddr& address);

// For a host of an address that needs no look-up, in any of the forms that resolvers take ("2852039166").
[[nodiscard]] bool is_forbidden_host(const std::string& host);

}  // namespace yagura::net
