#include "console/access.hpp"

#include <gmock/gmock.h>

namespace yagura::console {
namespace {

using ::testing::HasSubstr;

TEST(ExposureSpec, LoopbackNeedsNothing) {
  for (const auto* const address : {"127.0.0.1:8225", "127.1.2.3:1", "[::1]:8225", "localhost:0"}) {
    EXPECT_TRUE(check_exposure({.listen = address})) << address;
  }
}

TEST(ExposureSpec, ElsewhereATokenAndInsecureAreNeeded) {
  for (const auto* const address : {"0.0.0.0:8225", "192.168.1.5:8225", "[::]:8225", "[2001:db8::1]:80"}) {
    const auto bare = check_exposure({.listen = address});
    ASSERT_FALSE(bare) << address;
    EXPECT_THAT(bare.error().message, HasSubstr("needs a token"));
    const auto plain = check_exposure({.listen = address, .token = "t"});
    ASSERT_FALSE(plain) << address;
    EXPECT_THAT(plain.error().message, HasSubstr("insecure = true"));
    EXPECT_FALSE(check_exposure({.listen = address, .insecure = true})) << address;
    EXPECT_TRUE(check_exposure({.listen = address, .token = "t", .insecure = true})) << address;
  }
}

TEST(HostSpec, OnLoopbackOnlyLoopbackNamesAreServed) {
  const AccessOptions options{.hosts = {"Desk.Example"}};
  for (const auto* const host :
       {"127.0.0.1:8225", "localhost", "LOCALHOST:9000", "[::1]:8225", "127.0.0.2", "desk.example:443"}) {
    EXPECT_TRUE(host_allowed(host, options)) << host;
  }
  for (const auto* const host :
       {"", "evil.example", "127.0.0.1.evil.example:8225", "localhost.evil.example", "192.168.1.5:8225", "[::2]:8225",
        "[", "127.0.0.1:8225, evil.example", "127.evil.example"}) {
    EXPECT_FALSE(host_allowed(host, options) && host_allowed(host, {})) << host;
  }
}

TEST(HostSpec, OffLoopbackAddressesAreServedAndForeignNamesAreNot) {
  const AccessOptions options{.listen = "0.0.0.0:8225"};
  EXPECT_TRUE(host_allowed("192.168.1.5:8225", options));
  EXPECT_TRUE(host_allowed("[2001:db8::1]:8225", options));
  EXPECT_FALSE(host_allowed("evil.example:8225", options));
}

TEST(OriginSpec, OnlyTheOwnOriginMayCall) {
  const auto* const host = "127.0.0.1:8225";
  EXPECT_TRUE(origin_allowed("http://127.0.0.1:8225", host, false));
  EXPECT_TRUE(origin_allowed("HTTPS://127.0.0.1:8225", host, false));
  for (const auto* const origin : {"null", "http://evil.example", "http://127.0.0.1", "http://127.0.0.1:82255",
                                   "http://localhost:8225", "file://", "http://127.0.0.1:8225.evil.example"}) {
    EXPECT_FALSE(origin_allowed(origin, host, true)) << origin;
  }
  EXPECT_TRUE(origin_allowed("", host, true));
  EXPECT_FALSE(origin_allowed("", host, false));
}

net::HttpRequest with_headers(std::span<const net::HttpHeader> headers) {
  net::HttpRequest request;
  request.headers = headers;
  request.loopback = true;
  return request;
}

TEST(TokenSpec, TakesABearerTokenOrTheCookieOfALogIn) {
  const TokenCheck check{"correct horse"};
  const auto authorized = [&](std::string_view name, std::string_view value) {
    const net::HttpHeader headers[] = {{name, value}};
    return check.role_of(with_headers(headers)) == Role::kOperate;
  };
  EXPECT_TRUE(check.required());
  EXPECT_TRUE(authorized("Authorization", "Bearer correct horse"));
  EXPECT_TRUE(authorized("authorization", "bearer correct horse"));
  EXPECT_FALSE(authorized("Authorization", "Bearer correct horse "));
  EXPECT_FALSE(authorized("Authorization", "Basic correct horse"));
  EXPECT_FALSE(authorized("Authorization", "Bearer "));
  EXPECT_FALSE(authorized("X-Token", "correct horse"));

  const auto cookie = check.set_cookie(Role::kOperate);
  EXPECT_THAT(cookie, HasSubstr("; HttpOnly; SameSite=Strict"));
  EXPECT_THAT(cookie, ::testing::Not(HasSubstr("correct")));
  const auto pair = cookie.substr(0, cookie.find(';'));
  EXPECT_TRUE(authorized("Cookie", pair));
  EXPECT_TRUE(authorized("Cookie", "theme=dark; " + pair + "; x=y"));
  EXPECT_FALSE(authorized("Cookie", "x" + pair));
  EXPECT_FALSE(authorized("Cookie", "yagura_session="));
  EXPECT_FALSE(authorized("Cookie", "yagura_session=correct horse"));
}

TEST(TokenSpec, TwoTokensAreTwoRoles) {
  const TokenCheck check{"operator", "reader"};
  EXPECT_EQ(check.role_of("operator"), Role::kOperate);
  EXPECT_EQ(check.role_of("reader"), Role::kRead);
  EXPECT_EQ(check.role_of("neither"), Role::kNone);
  EXPECT_NE(check.set_cookie(Role::kRead), check.set_cookie(Role::kOperate));
  EXPECT_EQ(TokenCheck("same", "same").role_of("same"), Role::kOperate);
  EXPECT_EQ(TokenCheck("", "reader").role_of("reader"), Role::kNone) << "a read token alone is none";
}

TEST(PublicUrlSpec, IsAHostBehindTls) {
  EXPECT_EQ(host_of("https://desk.example"), "desk.example");
  EXPECT_EQ(host_of("https://Desk.Example:8443"), "desk.example");
  EXPECT_EQ(host_of("http://127.0.0.1:8225"), "127.0.0.1");
  for (const auto* const url : {"", "desk.example", "http://desk.example", "https://", "https://a/b", "https://a?b",
                                "https://a@b", "ftp://a", "https://a b"})
    EXPECT_EQ(host_of(url), "") << url;
  EXPECT_TRUE(host_allowed("desk.example", {.public_url = "https://desk.example"}));
}

TEST(TokenSpec, NoTokenMeansEverybody) {
  const TokenCheck check{""};
  EXPECT_FALSE(check.required());
  EXPECT_EQ(check.role_of(with_headers({})), Role::kOperate);
}

}  // namespace
}  // namespace yagura::console
