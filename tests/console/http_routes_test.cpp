#include "tests/console/console_fixture.hpp"

namespace yagura::console {
namespace {

using test::http_get;
using test::http_request;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class HttpRoutesSpec : public ConsoleSpec {};

TEST_F(HttpRoutesSpec, ServesThePageWithAStrictPolicy) {
  start();
  const auto page = http_get(port, "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, StartsWith("<!doctype html>"));
  EXPECT_THAT(page.body, Not(HasSubstr("style=")));
  EXPECT_EQ(page.headers.at("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.headers.at("content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  EXPECT_EQ(page.headers.at("x-content-type-options"), "nosniff");
  EXPECT_EQ(page.headers.at("referrer-policy"), "no-referrer");
}

TEST_F(HttpRoutesSpec, ServesAssetsThatABrowserNeedNotLoadAgain) {
  start();
  for (const auto* const path : {"/", "/js/main.js", "/css/base.css"}) {
    const auto first = http_get(port, path);
    ASSERT_EQ(first.status, 200) << path;
    const auto again = http_get(port, path, {{"If-None-Match", first.headers.at("etag")}});
    EXPECT_EQ(again.status, 304) << path;
    EXPECT_EQ(again.body, "");
    EXPECT_EQ(http_get(port, path, {{"If-None-Match", "\"other\""}}).status, 200);
    const auto head = http_request(port, "HEAD", path);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.headers.at("content-length"), std::to_string(first.body.size()));
    EXPECT_EQ(head.body, "");
  }
}

TEST_F(HttpRoutesSpec, KnowsItsPathsAndMethods) {
  start();
  for (const auto* const path : {"/nothing", "/api", "/api/v1/state/", "/../etc/passwd", "//", "/index.html",
                                 "/%2e%2e/", "*", "http://127.0.0.1/", "/js/main.js/x"}) {
    EXPECT_EQ(http_get(port, path).status, 404) << path;
  }
  for (const auto* const path : {"/", "/js/main.js", "/healthz", "/readyz", "/api/v1/state", "/api/v1/alerts"}) {
    const auto reply = http_request(port, "POST", path, {}, "x");
    EXPECT_EQ(reply.status, 405) << path;
    EXPECT_EQ(reply.headers.at("allow"), "GET, HEAD");
  }
  EXPECT_EQ(http_get(port, "/ws").status, 426);
  EXPECT_EQ(http_get(port, "/metrics").body, "yagura_up 1\n");
}

TEST_F(HttpRoutesSpec, SaysHowItIs) {
  start();
  EXPECT_EQ(http_get(port, "/healthz").status, 200);
  EXPECT_EQ(http_get(port, "/readyz").status, 200);
  io.call([&] { source.storage_ok = false; });
  EXPECT_EQ(http_get(port, "/healthz").status, 200);
  const auto not_ready = http_get(port, "/readyz");
  EXPECT_EQ(not_ready.status, 503);
  EXPECT_THAT(not_ready.body, HasSubstr(R"("storage":{"ok":false,"reason":"no space"})"));
}

TEST_F(HttpRoutesSpec, AnswersTheStateUncached) {
  start();
  publish(1, 2);
  const auto reply = http_get(port, "/api/v1/state");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.at("content-type"), "application/json");
  EXPECT_EQ(reply.headers.at("cache-control"), "no-store");
  EXPECT_THAT(reply.body, StartsWith(R"({"version":"test","epoch":3,)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("last_seq":2)"));
}

TEST_F(HttpRoutesSpec, PagesThroughAlerts) {
  start();
  publish(1, 250);
  EXPECT_THAT(http_get(port, "/api/v1/alerts?after=247").body, "{\"alerts\":[" + alert(248) + "," + alert(249) + "," +
                                                                   alert(250) + "],\"first_seq\":1,\"last_seq\":250}");
  EXPECT_EQ(http_get(port, "/api/v1/alerts?after=250&limit=5").body, R"({"alerts":[],"first_seq":1,"last_seq":250})");
  EXPECT_EQ(http_get(port, "/api/v1/alerts?limit=1&after=9").body,
            "{\"alerts\":[" + alert(10) + "],\"first_seq\":1,\"last_seq\":250}");
  const auto first_hundred = http_get(port, "/api/v1/alerts").body;
  EXPECT_THAT(first_hundred, HasSubstr(alert(100) + "]"));
  EXPECT_THAT(http_get(port, "/api/v1/alerts?limit=1000").body, HasSubstr(alert(250) + "]"));
}

TEST_F(HttpRoutesSpec, RefusesNumbersThatAreNone) {
  start();
  for (const auto* const query : {"after=-1", "after=x", "after=", "after", "after=1.5", "after=18446744073709551616",
                                  "limit=0", "limit=1001", "limit=-5", "limit=1e2", "after=1&limit="}) {
    const auto reply = http_get(port, std::string{"/api/v1/alerts?"} + query);
    EXPECT_EQ(reply.status, 400) << query;
    EXPECT_THAT(reply.body, StartsWith(R"({"error":")")) << query;
  }
}

TEST_F(HttpRoutesSpec, RefusesForeignHostsAndOrigins) {
  start();
  const auto own = "http://127.0.0.1:" + std::to_string(port);
  for (const auto* const path : {"/", "/api/v1/state", "/healthz", "/nothing"}) {
    EXPECT_EQ(http_get(port, path, {{"Host", "evil.example"}}).status, 403) << path;
    const auto foreign = http_get(port, path, {{"Origin", "http://evil.example"}});
    EXPECT_EQ(foreign.status, 403) << path;
    EXPECT_THAT(foreign.body, Not(HasSubstr("epoch")));
    EXPECT_NE(http_get(port, path, {{"Origin", own}}).status, 403) << path;
  }
  for (const auto& headers : {test::Headers{{"Host", "evil.example"}}, test::Headers{{"Origin", "http://evil.example"}},
                              test::Headers{{"Origin", "null"}}}) {
    EXPECT_EQ((test::WsTestClient{port, {.headers = headers}}.status()), 403);
  }
  EXPECT_EQ((test::WsTestClient{port, {.headers = {{"Origin", own}}}}.status()), 101);
  EXPECT_EQ((test::WsTestClient{port, {.path = "/other"}}.status()), 404);
  io.call([&] {
    EXPECT_EQ(console->access_stats().bad_host, 5U);
    EXPECT_EQ(console->access_stats().bad_origin, 6U);
  });
}

class TokenRoutesSpec : public ConsoleSpec {
 protected:
  void SetUp() override { start({.access = {.token = "secret"}}); }
  test::HttpReply log_in(const std::string& body) {
    return http_request(port, "POST", "/api/v1/login", {{"Content-Type", "application/json"}}, body);
  }
  test::Headers bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }
};

TEST_F(TokenRoutesSpec, AsksForTheToken) {
  EXPECT_EQ(http_get(port, "/api/v1/state").status, 401);
  EXPECT_EQ(http_get(port, "/api/v1/state?token=secret").status, 401);
  EXPECT_EQ(http_get(port, "/api/v1/state", bearer("wrong")).status, 401);
  EXPECT_EQ(http_get(port, "/api/v1/state", bearer("secret")).status, 200);
  EXPECT_EQ(http_get(port, "/readyz").status, 401);
  EXPECT_EQ(http_get(port, "/healthz").status, 200);
  EXPECT_EQ(test::WsTestClient{port}.status(), 401);
  EXPECT_EQ((test::WsTestClient{port, {.headers = bearer("secret")}}.status()), 101);
}

TEST_F(TokenRoutesSpec, LetsABrowserLogIn) {
  EXPECT_THAT(http_get(port, "/").body, HasSubstr("/js/login.js"));
  const auto reply = log_in(R"({"token":"secret"})");
  ASSERT_EQ(reply.status, 200);
  const auto cookie = reply.headers.at("set-cookie");
  const test::Headers with_cookie{{"Cookie", cookie.substr(0, cookie.find(';'))}};
  EXPECT_THAT(http_get(port, "/", with_cookie).body, HasSubstr("/js/main.js"));
  EXPECT_EQ((test::WsTestClient{port, {.headers = with_cookie}}.status()), 101);
  EXPECT_EQ(log_in("{}").status, 400);
  EXPECT_EQ(log_in("[]").status, 400);
  EXPECT_EQ(http_request(port, "POST", "/api/v1/login", {}, R"({"token":"secret"})").status, 415);
  EXPECT_EQ(http_get(port, "/api/v1/login").status, 405);
}

TEST_F(TokenRoutesSpec, LosesPatienceWithWrongTokens) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(log_in(R"({"token":"guess"})").status, 401);
  EXPECT_EQ(log_in(R"({"token":"guess"})").status, 429);
  EXPECT_EQ(log_in(R"({"token":"secret"})").status, 429);
  io.call([&] { clock.advance(std::chrono::minutes{1}); });
  EXPECT_EQ(log_in(R"({"token":"secret"})").status, 200);
}

TEST(ConsoleListenSpec, RefusesToBeReachableFromOutside) {
  FixedSource source;
  const ManualClock clock{timestamp_from_ns(0)};
  test::IoThread io;
  io.call([&] {
    ConsoleServer console{io.io, {.access = {.listen = "0.0.0.0:0"}}, source, clock};
    const auto result = console.listen();
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().message, HasSubstr("needs a token"));
  });
}

}  // namespace
}  // namespace yagura::console
