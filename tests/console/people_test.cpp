// Acknowledging, silencing and looking up through the console, with a desk that the test holds.
#include "console/people.hpp"

#include "alerts/names.hpp"
#include "console/routes.hpp"
#include "tests/console/console_fixture.hpp"

namespace yagura::console {
namespace {

using test::http_get;
using test::http_request;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kId = "3f9c0c6e5a7b1d2e4f60718293a4b5c6";
constexpr const char* kFollowUp = "00000000000000010000000000000002";

std::string full_alert(std::uint64_t seq, const char* id, const std::string& parent = {}) {
  return R"({"v":1,"id":")" + std::string(id) + R"(","seq":)" + std::to_string(seq) +
         R"(,"rule":"yen-move","kind":"move","event":"move","instrument":"USDJPY","severity":"high")" +
         (parent.empty() ? "" : R"(,"parent":")" + parent + "\"") +
         R"(,"ts_event_ns":1,"title":"Yen <b>& co","text":"It moved."})";
}

// Answers at once; remembers what it was asked.
class Desk final : public PeopleDesk {
 public:
  void acknowledge(AckRequest request, Done done) override {
    asked = request;
    if (outcome.status < 300 && request.on)
      acks[to_string(request.alert.episode)] = {{}, request.author, request.reason};
    if (!request.nonce.empty()) used = true;
    done(outcome);
  }
  void silence(alerts::Silence silence, Done done) override {
    silence.id = {1, 2};
    all.push_back(silence);
    done({201, "{}"});
  }
  void unsilence(Id128 id, std::string, std::string, Done done) override {
    done(id == Id128{1, 2} ? Outcome{200, "{}"} : Outcome{404, "there is no silence with this id"});
  }
  void resend(std::optional<Id128> id, std::string, Done done) override {
    done({200, id ? R"({"resent":1})" : R"({"resent":7})"});
  }
  void find(Id128 id, FoundAlert found) override {
    found(to_string(id) == kFollowUp ? std::optional{full_alert(2, kFollowUp, kId)} : std::optional<std::string>{});
  }
  void list(alerts::AlertFilter filter, FoundAlerts found) override {
    listed = filter;
    found(std::vector<alerts::StoredAlert>{{1, timestamp_from_ns(1), full_alert(1, kId)}});
  }
  [[nodiscard]] const Ack* ack_of(Id128 episode) const override {
    const auto known = acks.find(to_string(episode));
    return known == acks.end() ? nullptr : &known->second;
  }
  [[nodiscard]] const std::vector<alerts::Silence>& silences() override { return all; }
  [[nodiscard]] std::vector<SinkRow> sinks() override { return {{.name = "hook", .kind = "webhook", .dead = 2}}; }
  [[nodiscard]] std::uint64_t safe_seq_of(std::int64_t epoch) const override { return epoch == 2 ? 2 : 0; }
  [[nodiscard]] LinkState check_link(std::string_view token, Id128& alert, std::string& nonce) override {
    if (token == "forged") return LinkState::kForged;
    if (used) return LinkState::kUsed;
    alert = *alerts::parse_id(kId);
    nonce = "n";
    return LinkState::kGood;
  }

  AckRequest asked;
  alerts::AlertFilter listed;
  Outcome outcome{200, R"({"id":"x"})"};
  std::map<std::string, Ack> acks;
  std::vector<alerts::Silence> all;
  bool used = false;
};

class PeopleSpec : public ConsoleSpec {
 protected:
  void start_with_desk(AccessOptions access = {}) {
    ConsoleServer::Options options;
    options.people = &desk;
    options.access = std::move(access);
    start(options);
    io.call([&] { console->publish_alert(5, full_alert(5, kId)); });
  }
  auto post(const std::string& path, const std::string& body = "{}", const test::Headers& more = {}) {
    auto headers = more;
    headers.emplace_back("Content-Type", "application/json");
    return http_request(port, "POST", path, headers, body);
  }
  static std::string ack_path(const char* id) { return std::string("/api/v1/alerts/") + id + "/ack"; }

  Desk desk;
};

TEST_F(PeopleSpec, AnAlertIsAcknowledgedByWhoSaysSo) {
  start_with_desk();
  EXPECT_EQ(post(ack_path(kId), R"({"author":"aki","reason":"seen"})").status, 200);
  EXPECT_EQ(to_string(desk.asked.alert.episode), kId);
  EXPECT_EQ(desk.asked.author + " " + desk.asked.reason, "aki seen");
  EXPECT_EQ(post(ack_path(kFollowUp), "").status, 200) << "from the journal, with nothing said";
  EXPECT_EQ(to_string(desk.asked.alert.episode), kId) << "of the episode";
  EXPECT_EQ(desk.asked.author, "local");
  EXPECT_EQ(http_request(port, "DELETE", ack_path(kId), {{"Content-Type", "application/json"}}).status, 200);
  EXPECT_FALSE(desk.asked.on);
  const auto list = http_get(port, "/api/v1/alerts?after=4");
  EXPECT_THAT(list.body, HasSubstr(R"("acks":{"3f9c0c6e5a7b1d2e4f60718293a4b5c6":{"at":)"));
  EXPECT_THAT(list.body, HasSubstr(R"("alerts":[)" + full_alert(5, kId) + "]")) << "the alert as it was";
}

TEST_F(PeopleSpec, WhatIsWrongIsSaid) {
  start_with_desk();
  EXPECT_EQ(post(ack_path("00000000000000000000000000000001")).status, 404);
  EXPECT_EQ(post(ack_path("xyz")).status, 404);
  EXPECT_EQ(post(ack_path(kId), R"({"author":""})").status, 400);
  EXPECT_EQ(post(ack_path(kId), R"({"by":"aki"})").status, 400);
  EXPECT_EQ(post(ack_path(kId), "[").status, 400);
  EXPECT_EQ(http_request(port, "POST", ack_path(kId), {}, "{}").status, 415);
  EXPECT_EQ(http_get(port, ack_path(kId)).status, 405);
  desk.outcome = {503, "not stored"};
  const auto refused = post(ack_path(kId));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.body, R"({"error":"not stored"})");
  EXPECT_EQ(refused.headers.at("x-content-type-options"), "nosniff") << "later answers carry them too";
  for (const auto* const path : {"/api/v1/alerts//ack", "/api/v1/alerts/a/b/ack", "/api/v1/silences/"})
    EXPECT_EQ(post(path).status, 404) << path;
}

TEST_F(PeopleSpec, SilencesComeAndGo) {
  start_with_desk();
  EXPECT_EQ(post("/api/v1/silences", R"({"rule":"yen-move","until":"2h","reason":"news"})").status, 201);
  EXPECT_THAT(http_get(port, "/api/v1/silences").body,
              HasSubstr(R"({"silences":[{"id":"00000000000000010000000000000002","rule":"yen-move")"));
  EXPECT_EQ(post("/api/v1/silences", R"({"until":"2h"})").status, 400);
  const test::Headers json{{"Content-Type", "application/json"}};
  EXPECT_EQ(http_request(port, "DELETE", "/api/v1/silences/" + to_string(Id128{1, 2}), json).status, 200);
  EXPECT_EQ(http_request(port, "DELETE", "/api/v1/silences/" + to_string(Id128{1, 3}), json).status, 404);
}

TEST_F(PeopleSpec, DeadLettersGoAgainAndSinksSayHowTheyAre) {
  start_with_desk();
  EXPECT_EQ(post("/api/v1/deliveries/resend", "").body, R"({"resent":7})");
  EXPECT_EQ(post("/api/v1/deliveries/resend", R"({"id":")" + std::string(kId) + "\"}").body, R"({"resent":1})");
  EXPECT_EQ(post("/api/v1/deliveries/resend", R"({"id":"3f9c"})").status, 400);
  EXPECT_THAT(http_get(port, "/api/v1/sinks").body, HasSubstr(R"({"name":"hook","kind":"webhook")"));
}

TEST_F(PeopleSpec, WhatIsNotInMemoryComesFromTheJournal) {
  start_with_desk();
  const auto older = http_get(port, "/api/v1/alerts?after=0");
  EXPECT_THAT(older.body, HasSubstr(full_alert(1, kId) + "," + full_alert(5, kId))) << "and goes on in memory";
  EXPECT_THAT(http_get(port, "/api/v1/alerts?after=4").body, Not(HasSubstr("\"seq\":1,")));
  const auto picked = http_get(port, "/api/v1/alerts?rule=yen-move&severity=high&since=2026-02-09T09:00:00%2B09:00");
  EXPECT_EQ(picked.status, 200);
  EXPECT_EQ(desk.listed.rule, "yen-move");
  EXPECT_EQ(desk.listed.since, parse_iso8601("2026-02-09T00:00:00Z"));
  for (const auto* const query : {"severity=loud", "since=yesterday", "limit=0", "limit=1001", "after=-1",
                                  "undelivered=maybe", "rule=%4", "rule=%zz"})
    EXPECT_EQ(http_get(port, std::string("/api/v1/alerts?") + query).status, 400) << query;
}

TEST_F(PeopleSpec, AReadTokenMayOnlyLook) {
  start_with_desk({.token = "operator", .read_token = "reader"});
  const test::Headers reader{{"Authorization", "Bearer reader"}};
  const test::Headers operating{{"Authorization", "Bearer operator"}};
  EXPECT_EQ(http_get(port, "/api/v1/alerts", reader).status, 200);
  const auto refused = post(ack_path(kId), "{}", reader);
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(refused.body, HasSubstr("may only read"));
  EXPECT_EQ(post(ack_path(kId), "{}", operating).status, 200);
  EXPECT_EQ(desk.asked.author, "operate");
  EXPECT_EQ(post(ack_path(kId)).status, 401);

  const auto log_in = post("/api/v1/login", R"({"token":"reader"})");
  EXPECT_EQ(log_in.body, R"({"ok":true,"role":"read"})");
  const auto cookie = log_in.headers.at("set-cookie");
  const test::Headers logged_in{{"Cookie", cookie.substr(0, cookie.find(';'))}};
  EXPECT_EQ(http_get(port, "/api/v1/state", logged_in).status, 200);
  EXPECT_EQ(post("/api/v1/silences", "{}", logged_in).status, 403);
}

class LinkSpec : public PeopleSpec {
 protected:
  void start_with_links() { start_with_desk({.token = "operator", .public_url = "https://desk.example"}); }
  auto press(const test::Headers& headers) { return http_request(port, "POST", "/a/good", headers, ""); }
};

TEST_F(LinkSpec, LookingChangesNothingAndTheButtonAcknowledgesOnce) {
  start_with_links();
  const test::Headers outside{{"Host", "desk.example"}};
  for (int look = 0; look < 3; ++look) {
    const auto page = http_get(port, "/a/good", outside);
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("Yen &lt;b&gt;&amp; co"));
    EXPECT_THAT(page.body, HasSubstr("<form method=\"post\">"));
    EXPECT_EQ(page.headers.at("content-security-policy"),
              "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    EXPECT_EQ(page.headers.at("referrer-policy"), "same-origin");
    EXPECT_EQ(page.headers.at("cache-control"), "no-store");
  }
  EXPECT_TRUE(desk.acks.empty());
  const auto pressed = press({{"Host", "desk.example"}, {"Origin", "https://desk.example"}});
  EXPECT_EQ(pressed.status, 200);
  EXPECT_THAT(pressed.body, HasSubstr("Acknowledged"));
  EXPECT_EQ(desk.asked.author + desk.asked.nonce, "linkn");
  EXPECT_EQ(press({{"Host", "desk.example"}}).status, 410);
  EXPECT_EQ(http_get(port, "/a/good", outside).status, 410);
}

TEST_F(LinkSpec, OnlyOurOwnPageMayPress) {
  start_with_links();
  EXPECT_EQ(press({{"Host", "desk.example"}, {"Origin", "https://evil.example"}}).status, 403);
  EXPECT_EQ(press({{"Host", "evil.example"}}).status, 403);
  EXPECT_TRUE(desk.acks.empty());
  EXPECT_EQ(press({{"Host", "desk.example"}, {"Origin", "null"}}).status, 200) << "browsers that say no more";
}

TEST_F(LinkSpec, GuessesAreSlowedDown) {
  start_with_links();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(http_get(port, "/a/forged").status, 403);
  EXPECT_EQ(http_get(port, "/a/forged").status, 429);
  EXPECT_EQ(http_get(port, "/a/good").status, 200);
}

TEST_F(LinkSpec, WithoutAPublicAddressThereAreNone) {
  start_with_desk();
  EXPECT_EQ(http_get(port, "/a/good").status, 404);
}

class ResumeSpec : public PeopleSpec {
 protected:
  // Alerts 1 to 4 as `ids`, of a desk whose epoch 2 ended with two of them stored; ours is 3.
  void start_with_four() {
    ConsoleServer::Options options;
    options.people = &desk;
    start(options);
    io.call([&] {
      for (std::uint64_t seq = 1; seq <= 4; ++seq) console->publish_alert(seq, full_alert(seq, id(seq).c_str()));
    });
  }
  static std::string id(std::uint64_t n) { return to_string(Id128{7, n}); }
  // The numbers that come before the live alert 9.
  std::vector<std::uint64_t> resume(const std::string& message) {
    auto client = connect();
    client.send_text(message);
    client.send_text("?");  // its answer says that the one before was read
    std::vector<std::uint64_t> seqs;
    while (true) {
      const auto text = client.next_text();
      if (text.find("\"type\":\"error\"") != std::string::npos)
        io.call([&] { console->publish_alert(9, full_alert(9, id(9).c_str())); });
      if (text.find("\"type\":\"alert\"") == std::string::npos) continue;
      const auto seq = std::stoull(text.substr(text.find("\"seq\":") + 6));
      if (seq == 9) return seqs;
      seqs.push_back(seq);
    }
  }
};

TEST_F(ResumeSpec, WithinARunByNumber) {
  start_with_four();
  EXPECT_THAT(resume(R"({"type":"resume","after":3,"epoch":3})"), ::testing::ElementsAre(4));
}

TEST_F(ResumeSpec, AcrossARestartFromWhatWasSurelyStored) {
  start_with_four();
  EXPECT_THAT(resume(R"({"type":"resume","after":4,"epoch":2})"), ::testing::ElementsAre(3, 4))
      << "3 and 4 may be other alerts than the client's";
}

TEST_F(ResumeSpec, IdsSayWhatIsKnown) {
  start_with_four();
  EXPECT_THAT(resume(R"({"type":"resume","after":4,"epoch":2,"ids":[")" + id(3) + "\"]}"), ::testing::ElementsAre(4));
}

TEST_F(ResumeSpec, AnUnknownRunStartsOver) {
  start_with_four();
  EXPECT_THAT(resume(R"({"type":"resume","after":4,"epoch":1})"), ::testing::ElementsAre(1, 2, 3, 4));
}

TEST(RoutesSpec, AreFoundWithTheirParts) {
  const auto matched = match_route("/api/v1/alerts/abc/ack");
  ASSERT_NE(matched.route, nullptr);
  EXPECT_EQ(matched.route->id, RouteId::kAlertAck);
  EXPECT_EQ(matched.part, "abc");
  for (const auto& route : kRoutes) {
    std::string path{route.path};
    if (const auto open = path.find('{'); open != std::string::npos)
      path.replace(open, path.find('}') + 1 - open, "0123");
    EXPECT_EQ(match_route(path).route, &route) << path;
    EXPECT_FALSE(takes(route, "BREW"));
  }
  EXPECT_EQ(match_route("/api/v1/alerts/").route, nullptr);
}

}  // namespace
}  // namespace yagura::console
