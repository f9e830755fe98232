#include "core/net/forbidden_address.hpp"

#include <gtest/gtest.h>
#include <sys/un.h>

namespace yagura::net {
namespace {

bool forbidden(const char* text) { return is_forbidden(boost::asio::ip::make_address(text)); }

TEST(ForbiddenAddress, IsOfTheLinkOrOfACloudsMetadata) {
  for (const auto* text : {"169.254.0.0", "169.254.169.254", "169.254.255.255", "100.100.100.200", "fe80::1",
                           "febf:ffff::1", "fd00:ec2::254", "fd20:ce::254", "::ffff:169.254.169.254",
                           "::ffff:100.100.100.200", "::169.254.169.254", "64:ff9b::a9fe:a9fe"})
    EXPECT_TRUE(forbidden(text)) << text;
}

TEST(ForbiddenAddress, IsNoneOfTheRest) {
  for (const auto* text :
       {"127.0.0.1", "::1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.100.100.201", "169.253.0.1", "169.255.0.1",
        "8.8.8.8", "fec0::1", "fd00:ec2::253", "fd00::1", "2001:db8::1", "::ffff:127.0.0.1", "64:ff9b::808:808"})
    EXPECT_FALSE(forbidden(text)) << text;
}

TEST(ForbiddenAddress, IsKnownAsAHostInEveryForm) {
  for (const auto* host : {"169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518",
                           "fe80::1", "::ffff:169.254.169.254"})
    EXPECT_TRUE(is_forbidden_host(host)) << host;
  for (const auto* host : {"127.0.0.1", "2130706433", "hooks.example.com", "169.254.169.254.example.com", "localhost"})
    EXPECT_FALSE(is_forbidden_host(host)) << host;
}

TEST(ForbiddenAddress, IsOneOfAnotherFamilyThanIp) {
  sockaddr address{};
  address.sa_family = AF_UNIX;
  EXPECT_TRUE(forbidden_address(address));
}

}  // namespace
}  // namespace yagura::net
