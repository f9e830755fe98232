// What ntfy is sent and what its answers mean, as its own documents have it.
#include "tests/alerts/channels/channel_fixture.hpp"

namespace yagura::alerts {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

class NtfySpec : public ChannelSpec {
 protected:
  [[nodiscard]] NtfyChannel ntfy() const { return {server.url(), "desk-7", secret("tk_1"), {}}; }
  Json message(const Letter& letter = milestone_letter()) { return Json{sent(ntfy(), letter).body}; }
};

TEST_F(NtfySpec, PublishesToTheRootWithTopicPriorityAndClick) {
  const auto heard = sent(ntfy());
  EXPECT_EQ(heard.target, "/");
  EXPECT_EQ(heard.header("Authorization"), "Bearer tk_1");
  const Json json{heard.body};
  EXPECT_EQ(json.text("/topic"), "desk-7");
  EXPECT_EQ(json.text("/title"), "Nikkei 225 reaches 57,000");
  EXPECT_THAT(json.text("/message"), EndsWith("997 away.\nid 01234567"));
  EXPECT_EQ(json.number("/priority"), 5);
  EXPECT_EQ(json.raw("/tags"), R"(["rotating_light"])");
  EXPECT_EQ(json.text("/click"), "https://yagura.example/ack?t=abc-123");
  EXPECT_EQ(message(of_severity(Severity::kLow)).number("/priority"), 3);
}

TEST_F(NtfySpec, NeedsNoToken) {
  auto options = ntfy();
  options.token = {};
  EXPECT_EQ(sent(options).header("Authorization"), "");
}

TEST_F(NtfySpec, KeepsAMessageWithin4096Bytes) {
  std::string yen;
  for (int i = 0; i < 3000; ++i) yen += "\xe5\x86\x86";
  const auto text = message(with_text(yen)).text("/message");
  EXPECT_LE(text.size(), 4096U);
  EXPECT_GT(text.size(), 4088U);
  EXPECT_THAT(text, EndsWith("\xe5\x86\x86…\nid 01234567"));
}

TEST_F(NtfySpec, RefusesTopicsThatAreNone) {
  auto options = ntfy();
  for (const auto& topic : {std::string{}, std::string{"a/b"}, std::string{"a b"}, std::string(65, 'a')}) {
    options.topic = topic;
    EXPECT_THAT(problem(options), HasSubstr("topic")) << topic;
  }
}

}  // namespace
}  // namespace yagura::alerts
