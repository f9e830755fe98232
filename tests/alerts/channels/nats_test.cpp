// Sinks of kind "nats" against real nats-servers.
#include "alerts/channels/nats.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "alerts/channels/make_channel.hpp"
#include "tests/feeds/test_certificates.hpp"
#include "tests/support/nats_server.hpp"

namespace yagura::alerts {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing_support::NatsServer;

Letter letter(std::uint64_t number) {
  Letter made;
  made.id = {1, number};
  made.kind = "milestone";
  made.event = "reached";
  made.instrument = "NI225";
  made.json = R"({"v":1,"id":")" + to_string(made.id) + R"(","title":"日経平均 57,000"})";
  return made;
}

class NatsChannelSpec : public testing::Test {
 protected:
  void SetUp() override {
    if (!net::NatsClient::built_in()) GTEST_SKIP() << "built without NATS";
    if (!NatsServer::available()) GTEST_SKIP() << "no nats-server here";
  }
  static NatsChannel options_for(const std::string& url) {
    NatsChannel options;
    options.servers = {url};
    options.user = NatsServer::kUser;
    options.password.value = NatsServer::kPassword;
    options.timeout = 3s;
    return options;
  }
  static std::unique_ptr<Channel> channel(const NatsChannel& options) {
    auto made = make_channel({.name = "meeting",
                              .channel = options,
                              .deliver = Deliver::kFiltered,
                              .least = Severity::kInfo,
                              .only_named = false,
                              .language = Language::kEnglish,
                              .rate = {},
                              .title_template = {},
                              .text_template = {}});
    EXPECT_TRUE(made) << made.error().message;
    return std::move(*made);
  }
  // What the stream holds, by a client of the test's own.
  static std::vector<std::pair<std::string, std::string>> stored(const NatsChannel& options, std::size_t wanted) {
    auto client = *net::NatsClient::open(connection_options(options));
    std::unique_ptr<net::NatsConsumer> consumer;
    for (const auto until = std::chrono::steady_clock::now() + 10s; std::chrono::steady_clock::now() < until;) {
      auto made = client->consume({options.stream, "reader", options.subject + ".>", 30s}, 1s);
      if (made) {
        consumer = std::move(*made);
        break;
      }
      std::this_thread::sleep_for(10ms);
    }
    std::vector<std::pair<std::string, std::string>> all;
    while (consumer != nullptr) {
      auto next = consumer->next(all.size() < wanted ? 2s : 200ms);
      if (!next || !*next) break;
      all.emplace_back((*next)->subject(), (*next)->payload());
      (void)(*next)->ack();
    }
    return all;
  }
  std::stop_source never_;
};

TEST_F(NatsChannelSpec, AnAlertIsStoredByteForByteUnderItsSubject) {
  NatsServer server;
  const auto options = options_for(server.url());
  const auto sink = channel(options);
  const auto sent = sink->send(letter(7), never_.get_token());
  EXPECT_EQ(sent.result, Attempt::Result::kDelivered) << sent.detail;
  const auto all = stored(options, 1);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].first, "yagura.alerts.NI225.milestone");
  EXPECT_EQ(all[0].second, letter(7).json);
}

TEST_F(NatsChannelSpec, OfTwoMonitorsOneCopyIsKept) {
  NatsServer server;
  const auto options = options_for(server.url());
  const auto one = channel(options);
  const auto other = channel(options);
  for (std::uint64_t number = 1; number <= 20; ++number) {
    EXPECT_EQ(one->send(letter(number), never_.get_token()).result, Attempt::Result::kDelivered);
    const auto again = other->send(letter(number), never_.get_token());
    EXPECT_EQ(again.result, Attempt::Result::kDelivered);
    EXPECT_THAT(again.detail, HasSubstr("stored before"));
  }
  EXPECT_EQ(stored(options, 20).size(), 20U);
}

TEST_F(NatsChannelSpec, AWithdrawalIsAnotherMessageThanWhatItTakesBack) {
  NatsServer server;
  const auto options = options_for(server.url());
  const auto sink = channel(options);
  EXPECT_EQ(sink->send(letter(1), never_.get_token()).result, Attempt::Result::kDelivered);
  auto withdrawn = letter(1);
  withdrawn.event = "withdrawn";
  EXPECT_THAT(sink->send(withdrawn, never_.get_token()).detail, HasSubstr("stored as 2"));
}

TEST_F(NatsChannelSpec, AFrozenServerIsFailedInTimeAndTheSameIdIsStoredOnceAfterwards) {
  NatsServer server;
  auto options = options_for(server.url());
  const auto sink = channel(options);
  EXPECT_EQ(sink->send(letter(1), never_.get_token()).result, Attempt::Result::kDelivered);
  server.freeze();
  const auto began = std::chrono::steady_clock::now();
  const auto unknown = sink->send(letter(2), never_.get_token());
  EXPECT_EQ(unknown.result, Attempt::Result::kFailed);
  EXPECT_LT(std::chrono::steady_clock::now() - began, options.timeout + 500ms);
  server.thaw();
  Attempt again;
  for (int attempt = 0; attempt < 10; ++attempt) {
    again = sink->send(letter(2), never_.get_token());
    if (again.result == Attempt::Result::kDelivered) break;
  }
  EXPECT_EQ(again.result, Attempt::Result::kDelivered) << again.detail;
  EXPECT_EQ(stored(options, 2).size(), 2U);
}

TEST_F(NatsChannelSpec, AKilledServerIsFoundAgainByItself) {
  NatsServer server;
  const auto options = options_for(server.url());
  const auto sink = channel(options);
  EXPECT_EQ(sink->send(letter(1), never_.get_token()).result, Attempt::Result::kDelivered);
  server.kill();
  EXPECT_EQ(sink->send(letter(2), never_.get_token()).result, Attempt::Result::kFailed);
  server.start();
  Attempt again;
  for (int attempt = 0; attempt < 10; ++attempt) {
    again = sink->send(letter(2), never_.get_token());
    if (again.result == Attempt::Result::kDelivered) break;
  }
  EXPECT_EQ(again.result, Attempt::Result::kDelivered) << again.detail;
  EXPECT_EQ(stored(options, 2).size(), 2U);
}

TEST_F(NatsChannelSpec, AWrongPasswordFailsWithoutShowingIt) {
  NatsServer server;
  auto options = options_for(server.url());
  options.password.value = "guess-of-mine";
  options.timeout = 1s;
  const auto sink = channel(options);
  const auto refused = sink->send(letter(1), never_.get_token());
  EXPECT_EQ(refused.result, Attempt::Result::kFailed);
  EXPECT_THAT(refused.detail, HasSubstr("uthentication"));
  EXPECT_THAT(refused.detail, Not(HasSubstr("guess")));
  EXPECT_THAT(refused.detail, Not(HasSubstr("\n")));
}

// The same way for a feed's connections.
class NatsTlsSpec : public NatsChannelSpec {
 protected:
  static std::string tls(const std::string& certificate) {
    const auto& made = feeds::TestCertificates::folder();
    return "tls { cert_file: \"" + made.file(certificate + ".pem") + "\", key_file: \"" +
           made.file(certificate + ".key") + "\" }\n";
  }
  Attempt send_to(const NatsServer& server, const std::string& scheme, const std::string& ca,
                  const std::string& host = "127.0.0.1") {
    auto options = options_for(server.url(scheme, host));
    if (!ca.empty()) options.ca_file = feeds::TestCertificates::folder().file(ca);
    options.timeout = 1s;
    return channel(options)->send(letter(1), never_.get_token());
  }
};

TEST_F(NatsTlsSpec, ACertificateThatNamesTheHostIsTaken) {
  NatsServer server{tls("good")};
  const auto sent = send_to(server, "tls", "ca.pem", "localhost");
  EXPECT_EQ(sent.result, Attempt::Result::kDelivered) << sent.detail;
}

TEST_F(NatsTlsSpec, OthersAreRefused) {
  for (const std::string name : {"wrong-host", "expired", "self"}) {
    NatsServer server{tls(name)};
    const auto sent = send_to(server, "tls", "ca.pem", "localhost");
    EXPECT_EQ(sent.result, Attempt::Result::kFailed) << name;
    EXPECT_THAT(sent.detail, HasSubstr("SSL")) << name;
  }
  NatsServer server{tls("good")};
  EXPECT_EQ(send_to(server, "tls", "other-ca.pem", "localhost").result, Attempt::Result::kFailed);
  EXPECT_EQ(send_to(server, "tls", "", "localhost").result, Attempt::Result::kFailed) << "the system's authorities";
}

TEST_F(NatsTlsSpec, NothingFallsBackToPlainText) {
  NatsServer server;
  EXPECT_EQ(send_to(server, "tls", "ca.pem", "localhost").result, Attempt::Result::kFailed);
  EXPECT_EQ(send_to(server, "nats", "ca.pem", "localhost").result, Attempt::Result::kFailed);
}

TEST_F(NatsChannelSpec, AStopEndsAnAttemptAtOnce) {
  NatsServer server;
  auto options = options_for(server.url());
  options.timeout = 20s;
  const auto sink = channel(options);
  EXPECT_EQ(sink->send(letter(1), never_.get_token()).result, Attempt::Result::kDelivered);
  server.freeze();
  std::stop_source stop;
  std::jthread stopper{[&] {
    std::this_thread::sleep_for(50ms);
    stop.request_stop();
  }};
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(sink->send(letter(2), stop.get_token()).result, Attempt::Result::kFailed);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 50ms + 200ms);
  server.thaw();
}

TEST(NatsOptionsSpec, AddressesWithSecretsOrOfOtherKindsAreRefused) {
  NatsChannel options;
  for (const auto* bad : {"http://host", "nats://", "nats://user:hush@host", "host:4222", "nats://a,nats://b"}) {
    options.servers = {bad};
    const auto made = make(options);
    ASSERT_FALSE(made) << bad;
    EXPECT_THAT(made.error().message, Not(HasSubstr("hush")));
  }
}

TEST(NatsOptionsSpec, NamesCannotReachIntoTheSubject) {
  auto odd = letter(1);
  odd.instrument = "A.B>*C D";
  odd.kind = "";
  EXPECT_EQ(subject_of({}, odd), "yagura.alerts.A_B__C_D._");
}

}  // namespace
}  // namespace yagura::alerts
