// Which proxy is chosen for which address, and what is no proxy.
#include "core/net/proxy.hpp"

#include <gmock/gmock.h>

#include <map>

namespace yagura::net {
namespace {

using testing::HasSubstr;
using testing::Not;

class ChooseProxySpec : public testing::Test {
 protected:
  std::string chosen(const std::string& url, const std::string& setting = {}) {
    const auto proxy = choose_proxy(setting, *parse_url(url), [this](const char* name) {
      const auto found = variables.find(name);
      return found == variables.end() ? nullptr : found->second.c_str();
    });
    if (!proxy) return "error: " + proxy.error().message;
    return *proxy ? (*proxy)->authority() : "direct";
  }
  std::map<std::string, std::string> variables;
};

TEST_F(ChooseProxySpec, WithoutAnythingTheWayIsDirect) { EXPECT_EQ(chosen("wss://vendor.com/"), "direct"); }

TEST_F(ChooseProxySpec, TheSettingStandsAboveTheEnvironment) {
  variables["HTTPS_PROXY"] = "http://other:1";
  EXPECT_EQ(chosen("wss://vendor.com/", "http://here:3128"), "here:3128");
  EXPECT_EQ(chosen("wss://vendor.com/", "none"), "direct");
  EXPECT_EQ(chosen("ws://127.0.0.1:9225/", "http://here:3128"), "here:3128") << "who asks for it gets it";
}

TEST_F(ChooseProxySpec, SecureAndPlainHaveVariablesOfTheirOwnAndSmallLettersWin) {
  variables = {{"HTTPS_PROXY", "secure:1"}, {"HTTP_PROXY", "plain:2"}};
  EXPECT_EQ(chosen("wss://vendor.com/"), "secure:1");
  EXPECT_EQ(chosen("ws://vendor.com/"), "plain:2");
  variables["https_proxy"] = "small:3";
  EXPECT_EQ(chosen("wss://vendor.com/"), "small:3");
  variables["https_proxy"] = "";
  EXPECT_EQ(chosen("wss://vendor.com/"), "secure:1");
}

TEST_F(ChooseProxySpec, LogInsGoByTheirOwnAddress) {
  const auto none = [](const char*) -> const char* { return nullptr; };
  EXPECT_EQ(choose_proxy("p:1", "https://login.vendor.com:443", none)->value().authority(), "p:1");
  const auto of_http = [](const char* name) { return std::string_view{name} == "http_proxy" ? "p:2" : nullptr; };
  EXPECT_EQ(choose_proxy("", "http://login.vendor.com", of_http)->value().authority(), "p:2");
  EXPECT_FALSE(choose_proxy("", "https://login.vendor.com", of_http)->has_value());
  EXPECT_EQ(choose_proxy("", "ws://vendor.com", of_http)->value().authority(), "p:2");
  EXPECT_FALSE(choose_proxy("", "ftp://x", none));
  EXPECT_FALSE(choose_proxy("", "http", none));
}

TEST_F(ChooseProxySpec, ThisMachineIsNeverReachedThroughAProxyOfTheEnvironment) {
  variables["http_proxy"] = "p:1";
  for (const auto* url : {"ws://localhost/", "ws://LOCALHOST:1/", "ws://a.localhost/", "ws://127.0.0.1/",
                          "ws://127.9.9.9/", "ws://[::1]:9/", "ws://[::ffff:127.0.0.1]/"})
    EXPECT_EQ(chosen(url), "direct") << url;
  EXPECT_EQ(chosen("ws://localhost.example.com/"), "p:1");
}

TEST_F(ChooseProxySpec, ExceptionsAreNamesSuffixesAddressesAndNetworks) {
  variables["http_proxy"] = "p:1";
  struct Case {
    const char* list;
    const char* url;
    bool direct;
  };
  for (const auto& [list, url, direct] : std::vector<Case>{
           {"*", "ws://vendor.com/", true},
           {"vendor.com", "ws://vendor.com/", true},
           {"vendor.com", "ws://VENDOR.COM/", true},
           {"Vendor.Com", "ws://feed.vendor.com/", true},
           {".vendor.com", "ws://feed.vendor.com/", true},
           {"*.vendor.com", "ws://feed.vendor.com/", true},
           {"vendor.com", "ws://myvendor.com/", false},
           {"feed.vendor.com", "ws://vendor.com/", false},
           {"a, vendor.com ,b", "ws://vendor.com/", true},
           {"a b\tvendor.com", "ws://vendor.com/", true},
           {"vendor.com:80", "ws://vendor.com/", true},
           {"vendor.com:81", "ws://vendor.com/", false},
           {"192.0.2.7", "ws://192.0.2.7:8000/", true},
           {"192.0.2.7:8000", "ws://192.0.2.7:8000/", true},
           {"192.0.2", "ws://192.0.2.7/", false},
           {"192.0.2.0/24", "ws://192.0.2.7/", true},
           {"192.0.2.0/24", "ws://192.0.3.7/", false},
           {"192.0.2.0/99", "ws://192.0.2.7/", false},
           {"2001:db8::1", "ws://[2001:DB8:0::1]/", true},
           {"[2001:db8::1]:90", "ws://[2001:db8::1]:90/", true},
           {"2001:db8::/32", "ws://[2001:db8::1]/", true},
           {"2001:db8::/32", "ws://192.0.2.7/", false},
           {"", "ws://vendor.com/", false},
           {",,[,.,:", "ws://vendor.com/", false},
       }) {
    variables["NO_PROXY"] = list;
    EXPECT_EQ(chosen(url), direct ? "direct" : "p:1") << list << "  " << url;
  }
}

TEST_F(ChooseProxySpec, WhatIsNoProxyIsNamedWithItsVariable) {
  variables["HTTPS_PROXY"] = "socks5://u:s3cret@p:1080";
  EXPECT_THAT(chosen("wss://vendor.com/"), HasSubstr("error: the environment's HTTPS_PROXY: "));
  EXPECT_THAT(chosen("wss://vendor.com/"), HasSubstr("only http:// proxies"));
  EXPECT_THAT(chosen("wss://vendor.com/"), Not(HasSubstr("s3cret")));
}

TEST(ParseProxy, TakesAddressesAsTheyAreWritten) {
  const auto proxy = parse_proxy("http://desk%40bank:p%3A%40ss@proxy.example.com:3128/");
  ASSERT_TRUE(proxy);
  EXPECT_EQ(proxy->host, "proxy.example.com");
  EXPECT_EQ(proxy->port, 3128);
  EXPECT_EQ(proxy->user, "desk@bank");
  EXPECT_EQ(proxy->password, "p:@ss");
  EXPECT_EQ(proxy->address(), "http://desk%40bank:p%3A%40ss@proxy.example.com:3128");
  EXPECT_EQ(proxy->authorization(), "Basic ZGVza0BiYW5rOnA6QHNz");
  EXPECT_THAT(proxy->secrets(), testing::UnorderedElementsAre("p:@ss", "p%3A%40ss", "ZGVza0BiYW5rOnA6QHNz"));
  EXPECT_EQ(parse_proxy("HTTP://[2001:db8::1]:80")->authority(), "[2001:db8::1]:80");
  EXPECT_TRUE(parse_proxy("10.0.0.1:8080")->ip_literal);
  EXPECT_EQ(parse_proxy("proxy:1")->authorization(), "");
}

TEST(ParseProxy, RefusesWhatItCannotSpeakToAndKeepsSecretsToItself) {
  for (const auto* text : {"",
                           "http://",
                           "proxy",
                           "http://proxy",
                           "http://proxy:0",
                           "http://proxy:99999",
                           "https://proxy:1",
                           "socks5://proxy:1",
                           "http://proxy:1/path",
                           "http://a b:1",
                           "http://:s3cret@proxy:1",
                           "http://u:s3cret%zz@proxy:1",
                           "http://u:s3cret%0d%0a@proxy:1",
                           "http://u:s3cret@",
                           "http://u:s3cret@proxy",
                           "http://[::1",
                           "http://u:s3cret@proxy:1?x",
                           "https://u:a/s3cret@proxy:1",
                           "socks5://u:a?s3cret@h:1",
                           "http://u:s3cret",
                           "u:s3cret#@h"}) {
    const auto proxy = parse_proxy(text);
    ASSERT_FALSE(proxy) << text;
    EXPECT_THAT(proxy.error().message, Not(HasSubstr("s3cret"))) << text;
  }
}

}  // namespace
}  // namespace yagura::net
