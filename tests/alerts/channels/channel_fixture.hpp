// A scripted server, a letter, and channels that bring the one to the other.
#pragma once

#include <gmock/gmock.h>
#include <simdjson.h>

#include <string>

#include "alerts/channels/make_channel.hpp"
#include "tests/support/scripted_http_server.hpp"

namespace yagura::alerts {

using namespace std::chrono_literals;
using test::answer;
using test::HeardRequest;
using test::ScriptedAnswer;
using test::ScriptedHttpServer;
using Result = Attempt::Result;

inline Letter milestone_letter() {
  Letter letter;
  letter.id = {0x0123456789abcdef, 0xfedcba9876543210};
  letter.episode = letter.id;
  letter.severity = Severity::kCritical;
  letter.kind = "milestone";
  letter.event = "reached";
  letter.instrument = "NI225";
  letter.title = "Nikkei 225 reaches 57,000";
  letter.text = "57,003.20, up 2.1 % on the day.\nNext: 58,000, 997 away.";
  letter.json = R"({"v":1,"id":"0123456789abcdeffedcba9876543210","title":"Nikkei 225 が 57,000 に到達"})";
  letter.ts_event = *parse_iso8601("2026-02-09T00:22:00Z");
  letter.ack_url = "https://yagura.example/ack?t=abc-123";
  return letter;
}

inline Letter with_text(std::string text) {
  auto letter = milestone_letter();
  letter.title = text;
  letter.text = std::move(text);
  return letter;
}

inline Letter of_severity(Severity severity) {
  auto letter = milestone_letter();
  letter.severity = severity;
  return letter;
}

inline Letter japanese() {
  auto letter = milestone_letter();
  letter.language = Language::kJapanese;
  return letter;
}

inline Letter a_test() {
  auto letter = milestone_letter();
  letter.purpose = Letter::Purpose::kTest;
  return letter;
}

inline Secret secret(std::string value) { return {{.env = "SINK_SECRET", .file = ""}, std::move(value)}; }

inline SinkOptions desk(ChannelOptions channel) {
  SinkOptions sink;
  sink.name = "desk";
  sink.channel = std::move(channel);
  return sink;
}
inline HttpOptions with_ca(std::string file) {
  HttpOptions http;
  http.ca_file = std::move(file);
  return http;
}
inline HttpOptions with_proxy(std::string proxy) {
  HttpOptions http;
  http.proxy = std::move(proxy);
  return http;
}
inline HttpOptions with_timeout(Duration timeout) {
  HttpOptions http;
  http.timeout = timeout;
  return http;
}

// Parsed for a look inside; what is not there fails the test.
class Json {
 public:
  explicit Json(const std::string& text) {
    EXPECT_EQ(parser_.parse(simdjson::padded_string{text}).get(root_), simdjson::SUCCESS) << text;
  }
  [[nodiscard]] std::string text(std::string_view pointer) const {
    std::string_view found;
    EXPECT_EQ(root_.at_pointer(pointer).get(found), simdjson::SUCCESS) << pointer;
    return std::string{found};
  }
  [[nodiscard]] std::int64_t number(std::string_view pointer) const {
    std::int64_t found = 0;
    EXPECT_EQ(root_.at_pointer(pointer).get(found), simdjson::SUCCESS) << pointer;
    return found;
  }
  [[nodiscard]] bool flag(std::string_view pointer) const {
    bool found = false;
    EXPECT_EQ(root_.at_pointer(pointer).get(found), simdjson::SUCCESS) << pointer;
    return found;
  }
  // As written, without spaces.
  [[nodiscard]] std::string raw(std::string_view pointer) const {
    simdjson::dom::element found;
    EXPECT_EQ(root_.at_pointer(pointer).get(found), simdjson::SUCCESS) << pointer;
    return simdjson::minify(found);
  }
  [[nodiscard]] bool has(std::string_view pointer) const {
    return root_.at_pointer(pointer).error() == simdjson::SUCCESS;
  }

 private:
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
};

class ChannelSpec : public testing::Test {
 protected:
  static std::unique_ptr<Channel> make(ChannelOptions options) {
    auto made = make_channel(desk(std::move(options)));
    EXPECT_TRUE(made) << made.error().message;
    return made ? std::move(*made) : nullptr;
  }
  static std::string problem(ChannelOptions options) {
    const auto made = make_channel(desk(std::move(options)));
    EXPECT_FALSE(made);
    return made ? "" : made.error().message;
  }
  // One attempt, and what the server heard of it.
  HeardRequest sent(ChannelOptions options, const Letter& letter = milestone_letter()) {
    const auto attempt = make(std::move(options))->send(letter, {});
    EXPECT_EQ(attempt.result, Result::kDelivered) << attempt.detail;
    return server.last();
  }
  Attempt attempt(const ScriptedAnswer& told, ChannelOptions options, const Letter& letter = milestone_letter()) {
    server.always(told);
    return make(std::move(options))->send(letter, {});
  }
  ScriptedHttpServer server;
};

}  // namespace yagura::alerts
