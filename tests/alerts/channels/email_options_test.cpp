#include <gmock/gmock.h>

#include "alerts/channels/make_channel.hpp"
#include "letters.hpp"

namespace yagura::alerts {
namespace {

using testing::HasSubstr;

std::string problem_with(EmailChannel options) {
  if (options.from.empty()) options.from = "a@example.com";
  const auto made = make_channel(sink_of(options, "mail"));
  return made ? "" : made.error().message;
}

TEST(EmailOptions, ProblemsNameTheKeyAndTheValue) {
  EmailChannel good;
  good.server = "smtp://127.0.0.1:2525";
  good.to = {"b@example.com"};
  EXPECT_EQ(problem_with(good), "");
  auto options = good;
  options.server = "http://example.com";
  EXPECT_EQ(problem_with(options),
            "sink 'mail': server: 'http://example.com' is not smtp://host:port or smtps://host:port");
  options.server = "smtp://user:key@example.com";
  EXPECT_THAT(problem_with(options), HasSubstr("is not smtp://host:port"));
  options = good;
  options.to = {"nobody"};
  EXPECT_EQ(problem_with(options), "sink 'mail': to: 'nobody' is not name@host or Name <name@host>");
  options.to = {};
  EXPECT_THAT(problem_with(options), HasSubstr("to: names nobody"));
  options = good;
  options.starttls = false;
  EXPECT_EQ(problem_with(options), "");
  for (const char* far : {"smtp://127.example.com:25", "smtp://mail.example.com", "smtp://localhost.example.com"}) {
    options.server = far;
    EXPECT_THAT(problem_with(options), HasSubstr("only for a relay on this machine")) << far;
  }
}

}  // namespace
}  // namespace yagura::alerts
