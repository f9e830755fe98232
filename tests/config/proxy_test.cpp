// The proxy of a feed: what a file may say, and what becomes of it.
#include "tests/config/config_fixture.hpp"

namespace yagura::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Of the environment for the length of a test.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

std::string feed_with(std::string_view line) {
  return "[[feed]]\nname = \"desk\"\nvendor = \"gmo\"\nsymbols = { USDJPY = \"USD_JPY\" }\n" + std::string{line} + "\n";
}

std::optional<feeds::Proxy> proxy_of(std::string_view line) {
  auto settings = settings_of(feed_with(line));
  EXPECT_THAT(read_credentials(settings), IsEmpty());
  return settings.feeds[0].ws_proxy;
}

TEST(FeedProxy, StandsInTheFileWithoutItsPassword) {
  EXPECT_EQ(proxy_of("proxy = \"http://proxy.example:3128\"")->authority(), "proxy.example:3128");
  EXPECT_EQ(proxy_of("proxy = \"http://desk@proxy.example:3128\"")->user, "desk");
  EXPECT_FALSE(proxy_of("proxy = \"none\""));
  const auto problems = problems_of(feed_with("proxy = \"http://desk:s3cret@proxy.example:3128\""));
  EXPECT_THAT(problems, ElementsAre(HasSubstr("'desk'.proxy: holds a password; secrets never stand in the file")));
  EXPECT_THAT(joined(problems), Not(HasSubstr("s3cret")));
}

TEST(FeedProxy, ComesWithItsPasswordFromAVariable) {
  const Variable there{"TEST_DESK_PROXY", "http://desk:s3cret@proxy.example:3128"};
  auto settings = settings_of(feed_with("proxy_env = \"TEST_DESK_PROXY\""));
  ASSERT_THAT(read_credentials(settings), IsEmpty());
  EXPECT_EQ(settings.feeds[0].ws_proxy->password, "s3cret");
  EXPECT_EQ(settings.feeds[0].login_proxy->password, "s3cret");
  EXPECT_THAT(settings.feeds[0].secrets(), testing::Contains("s3cret"));
}

TEST(FeedProxy, ComesFromTheEnvironmentByItself) {
  const Variable there{"https_proxy", "http://proxy.example:3128"};
  EXPECT_EQ(proxy_of("")->authority(), "proxy.example:3128");
  EXPECT_FALSE(proxy_of("proxy = \"none\""));
  const Variable except{"no_proxy", "coin.z.com"};
  EXPECT_FALSE(proxy_of(""));
}

TEST(FeedProxy, WhatIsWrongIsNamedWithItsKey) {
  EXPECT_THAT(problems_of(feed_with("proxy = \"socks5://p:1\"")), ElementsAre(HasSubstr("only http:// proxies")));
  EXPECT_THAT(problems_of(feed_with("proxy = \"p:1\"\nproxy_env = \"X\"")), ElementsAre(HasSubstr("one of them")));
  auto settings = settings_of(feed_with("proxy_env = \"TEST_NO_SUCH\""));
  EXPECT_THAT(read_credentials(settings), ElementsAre(HasSubstr("'desk'.proxy_env: the environment has no variable")));
}

}  // namespace
}  // namespace yagura::config
