// A session with a vendor that wants HTTP calls before the connection, and refusals in its frames.
#include <gmock/gmock.h>

#include <boost/asio/post.hpp>
#include <stdexcept>

#include "tests/feeds/session_fixture.hpp"

namespace yagura::feeds {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Logs in with two calls, shows the session in the handshake, and takes "auth"/"session" frames as
// refusals; everything else is a tick.
class LockedCodec final : public Codec {
 public:
  void begin(std::span<const std::string>) override { step_ = 0; }
  std::optional<HttpCall> next_call() override {
    if (step_ == 0) return HttpCall{"POST", "/session", {{"X-Key", "key-1"}}, R"({"password":"pw-1"})"};
    if (step_ == 1) return HttpCall{"PUT", "/register", {{"X-Session", session_}}, "{}"};
    return std::nullopt;
  }
  Result<void> on_answer(const HttpAnswer& answer) override {
    if (step_ == 0) {
      session_ = find_header(answer.headers, "x-session");
      if (session_.empty()) return Error{"the answer holds no session"};
    }
    ++step_;
    return {};
  }
  void handshake(Handshake& handshake) const override { handshake.target += "?session=" + session_; }
  std::vector<std::string> on_open(std::span<const std::string>) override { return {"subscribe " + session_}; }
  std::vector<std::string> unsubscribe(std::span<const std::string>) override { return {"unsubscribe"}; }
  [[nodiscard]] std::vector<std::string> session_secrets() const override { return {session_}; }
  void decode(Frame frame, Decoded& out) noexcept override {
    out.clear();
    if (frame.payload == "auth") out.refusal = Refusal::kAuth;
    if (frame.payload == "session") out.refusal = Refusal::kSession;
    if (out.refusal != Refusal::kNone) {
      out.error = "vendor error: refused, said " + session_;
      return;
    }
    out.ticks.push_back({.symbol = "NI225", .price = parse_price("57001"), .bid = {}, .ask = {}, .ts = {}, .seq = {}});
  }

 private:
  int step_ = 0;
  std::string session_;
};

// Answers at once, but never from inside call().
class ScriptedHttp final : public HttpCaller {
 public:
  explicit ScriptedHttp(boost::asio::io_context& io) : io_(io) {}
  CallId call(const std::string& address, const HttpCall& call, const Options&, Done done) override {
    calls.push_back(call.method + " " + address + call.target);
    if (std::exchange(fails, false)) throw std::runtime_error{"no thread to be had"};
    const auto outcome =
        outcomes.empty() ? HttpOutcome{HttpAnswer{200, {{"X-SESSION", "s-7"}}, "{}"}, {}} : outcomes.front();
    if (!outcomes.empty()) outcomes.erase(outcomes.begin());
    boost::asio::post(io_, [done = std::move(done), outcome] { done(outcome); });
    return CallId{calls.size()};
  }
  void cancel(CallId) override { ++cancelled; }

  std::vector<HttpOutcome> outcomes;
  std::vector<std::string> calls;
  int cancelled = 0;
  bool fails = false;  // the next call

 private:
  boost::asio::io_context& io_;
};

class LogInSpec : public SessionSpec {
 protected:
  FeedSession& start_locked(const ScriptedWsServer& server) {
    auto made = options(server.url());
    made.login_url = "http://login";
    FeedSession::Context context{io, *client, clock, sources, sink};
    context.http = &scripted;
    context.tap = &tap;
    context.on_change = [this](const FeedStatus& status) {
      if (status.state == FeedState::kBackoff) reasons.push_back(status.reason);
    };
    session = std::make_unique<FeedSession>(std::move(made), std::make_unique<LockedCodec>(), std::move(context));
    session->start();
    return *session;
  }
  static bool has_subscribed(const ScriptedWsServer& server) {
    return !server.peers.empty() && !server.peers[0]->texts.empty();
  }
  ScriptedHttp scripted{io};
};

TEST_F(LogInSpec, MakesItsCallsThenConnectsWithWhatTheyGave) {
  ScriptedWsServer server{io};
  start_locked(server);
  ASSERT_TRUE(until([&] { return has_subscribed(server); }));
  EXPECT_THAT(scripted.calls, ElementsAre("POST http://login/session", "PUT http://login/register"));
  EXPECT_THAT(server.peers.at(0)->request, HasSubstr("?session=s-7"));
  EXPECT_EQ(server.peers.at(0)->texts.at(0), "subscribe s-7");
  EXPECT_THAT(tap.out, ElementsAre("subscribe REDACTED"));
  server.peers.at(0)->send_text("welcome s-7");
  ASSERT_TRUE(until([&] { return !tap.in.empty(); }));
  EXPECT_THAT(tap.in, ElementsAre("welcome REDACTED"));
}

TEST_F(LogInSpec, AnAnswerWithoutASessionIsAuth) {
  ScriptedWsServer server{io};
  scripted.outcomes = {{HttpAnswer{200, {}, "{}"}, {}}};
  start_locked(server);
  ASSERT_TRUE(until([&] { return !reasons.empty(); }));
  EXPECT_THAT(reasons, ElementsAre(FeedReason::kAuth));
  EXPECT_EQ(session->status().text, "log-in: the answer holds no session");
}

TEST_F(LogInSpec, StatusesSayWhyAndAnUnreachableLogInKeepsItsReason) {
  ScriptedWsServer server{io};
  scripted.outcomes = {{std::nullopt, {CloseInfo::Kind::kDns, 0, {}, "login: no such name"}},
                       {HttpAnswer{503, {}, "busy"}, {}},
                       {HttpAnswer{401, {}, "bad key"}, {}}};
  start_locked(server);
  ASSERT_TRUE(until([&] { return reasons.size() == 3; }));
  EXPECT_THAT(reasons, ElementsAre(FeedReason::kDns, FeedReason::kHttp, FeedReason::kAuth));
  EXPECT_EQ(session->status().text, "log-in: HTTP 401 bad key");
}

TEST_F(LogInSpec, StoppingDuringACallCancelsIt) {
  ScriptedWsServer server{io};
  start_locked(server).stop();
  EXPECT_EQ(scripted.cancelled, 1);
  (void)run_until(
      io, [] { return false; }, 20ms);
  EXPECT_THAT(scripted.calls, ElementsAre("POST http://login/session"));
}

TEST_F(LogInSpec, ARefusedSessionLogsInAnewSoonAndSaysSoWithoutTheSecret) {
  ScriptedWsServer server{io};
  start_locked(server);
  ASSERT_TRUE(until([&] { return has_subscribed(server); }));
  server.peers.at(0)->send_text("session");
  ASSERT_TRUE(until([&] { return scripted.calls.size() == 4; }));
  EXPECT_THAT(reasons, ElementsAre(FeedReason::kRejected));
  EXPECT_THAT(session->status().text, AllOf(HasSubstr("refused, said REDACTED"), Not(HasSubstr("s-7"))));
}

TEST_F(LogInSpec, ARefusedKeyIsNotTriedAgainSoon) {
  ScriptedWsServer server{io};
  start_locked(server);
  ASSERT_TRUE(until([&] { return has_subscribed(server); }));
  server.peers.at(0)->send_text("auth");
  ASSERT_TRUE(until([&] { return !reasons.empty(); }));
  EXPECT_THAT(reasons, ElementsAre(FeedReason::kAuth));
  (void)run_until(
      io, [] { return false; }, 600ms);
  EXPECT_EQ(scripted.calls.size(), 2U);
}

TEST_F(LogInSpec, AnAttemptThatThrowsEndsAloneAndTheNextIsMade) {
  ScriptedWsServer server{io};
  scripted.fails = true;
  start_locked(server);
  ASSERT_THAT(reasons, ElementsAre(FeedReason::kSocketClosed));
  EXPECT_EQ(session->status().text, "internal error: no thread to be had");
  ASSERT_TRUE(until([&] { return has_subscribed(server); }));
}

TEST_F(LogInSpec, ARestartDuringTheLogInChangesNothing) {
  ScriptedWsServer server{io};
  start_locked(server).restart("stale");
  ASSERT_TRUE(until([&] { return has_subscribed(server); }));
  EXPECT_EQ(scripted.calls.size(), 2U);
  EXPECT_EQ(scripted.cancelled, 0);
}

TEST_F(LogInSpec, ALogInThatSaysWhenIsNotAskedBefore) {
  ScriptedWsServer server{io};
  scripted.outcomes = {{HttpAnswer{429, {{"Retry-After", "1"}}, "slowly"}, {}}};
  start_locked(server);
  ASSERT_TRUE(until([&] { return !reasons.empty(); }));
  const auto refused = clock.mono();
  ASSERT_TRUE(until([&] { return scripted.calls.size() == 2; }));
  EXPECT_GE(clock.mono() - refused, 990ms);
}

TEST_F(LogInSpec, UnsubscribesBeforeItHangsUp) {
  ScriptedWsServer server{io};
  start_locked(server);
  ASSERT_TRUE(until([&] { return has_subscribed(server); }));
  session->stop();
  ASSERT_TRUE(until([&] { return server.peers.at(0)->texts.size() == 2; }));
  EXPECT_EQ(server.peers.at(0)->texts.back(), "unsubscribe");
}

}  // namespace
}  // namespace yagura::feeds
