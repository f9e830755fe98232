// notify-send itself needs a desktop: a script that writes down its arguments stands in.
#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>

#include "../temp_dir.hpp"
#include "alerts/channels/make_channel.hpp"
#include "letters.hpp"

namespace yagura::alerts {
namespace {

using testing::HasSubstr;
using Came = Attempt::Result;

class Desktop : public testing::Test {
 protected:
  Desktop() { ::setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere", 1); }
  Attempt run(const Letter& letter, const std::string& last = "exit 0") {
    const auto program = temp_.path() / "notify-send";
    write_file(program, "#!/bin/sh\nfor word in \"$@\"; do printf '%s\\n' \"$word\"; done > " + said().string() + "\n" +
                            last + "\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    const auto channel = make_channel(sink_of(DesktopChannel{program.string()}, "screen"));
    return (*channel)->send(letter, {});
  }
  [[nodiscard]] std::filesystem::path said() const { return temp_.path() / "said"; }

  const TempDir temp_;
};

TEST_F(Desktop, UrgencyComesFromSeverityAndMarkupIsText) {
  auto letter = sample_letter();
  letter.severity = Severity::kCritical;
  letter.title = "--help";
  letter.text = "<b>bold</b> & \x1b[31m \"x\"\nsecond";
  EXPECT_EQ(run(letter).result, Came::kDelivered);
  EXPECT_EQ(
      read_file(said()),
      "--app-name=Yagura\n--urgency=critical\n--\n--help\n&lt;b&gt;bold&lt;/b&gt; &amp; [31m &quot;x&quot;\nsecond\n");
}

TEST_F(Desktop, SaysWhatIsMissing) {
  const auto missing = make_channel(sink_of(DesktopChannel{"/nowhere/notify-send"}, "screen"));
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("notify-send is in the package libnotify-bin"));
  EXPECT_THAT(run(sample_letter(), "echo 'cannot connect' >&2; exit 1").detail,
              HasSubstr("notify-send: cannot connect"));
  ::unsetenv("DBUS_SESSION_BUS_ADDRESS");
  ::setenv("XDG_RUNTIME_DIR", "/nowhere", 1);
  const auto attempt = run(sample_letter());
  EXPECT_EQ(attempt.result, Came::kFailed);
  EXPECT_THAT(attempt.detail, HasSubstr("no session bus"));
}

}  // namespace
}  // namespace yagura::alerts
