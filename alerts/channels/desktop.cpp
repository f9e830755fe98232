#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>
#include <cstring>

#include "alerts/channels/child_process.hpp"
#include "alerts/channels/local_channels.hpp"
#include "alerts/mail/mime.hpp"
#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

using Came = Attempt::Result;

constexpr std::size_t kLongestTitle = 200, kLongestText = 1000;  // characters
constexpr auto kTimeout = std::chrono::seconds{5};

std::string_view urgency_of(Severity severity) {
  switch (severity) {
    case Severity::kCritical: return "critical";
    case Severity::kHigh: return "normal";
    case Severity::kLow: return "normal";
    default: return "low";
  }
}

// What a notification's body understands is a small part of HTML (Desktop Notifications Specification).
std::string body_of(const Letter& letter) {
  auto text = body_text(letter.text);
  if (const auto shorter = printable(text, kLongestText); shorter.ends_with("…") && shorter.size() < text.size())
    text = shorter;
  return html_escaped(text);
}

bool has_session_bus() {
  if (std::getenv("DBUS_SESSION_BUS_ADDRESS") != nullptr) return true;
  const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
  struct stat info {};
  return runtime != nullptr && ::stat(fmt::format("{}/bus", runtime).c_str(), &info) == 0;
}

class Desktop final : public Channel {
 public:
  explicit Desktop(const DesktopChannel& options) : options_(options) {}

  Attempt send(const Letter& letter, const std::stop_token& stop) override {
    if (!has_session_bus()) {
      return {Came::kFailed,
              "no session bus to notify through: DBUS_SESSION_BUS_ADDRESS is not set and there is no "
              "$XDG_RUNTIME_DIR/bus; run the monitor in the desktop's session",
              {}};
    }
    const auto outcome = run_child(
        {.command = {options_.command, "--app-name=Yagura", fmt::format("--urgency={}", urgency_of(letter.severity)),
                     "--", printable(letter.title, kLongestTitle), body_of(letter)},
         .pass_env = {},
         .env = {},
         .input = {},
         .timeout = kTimeout},
        stop);
    return verdict(outcome);
  }

 private:
  [[nodiscard]] Attempt verdict(const ChildOutcome& outcome) const {
    using End = ChildOutcome::End;
    if (outcome.end == End::kExited && outcome.code == 0) return {};
    if (outcome.end == End::kStopped) return {Came::kFailed, "stopped", {}};
    const auto why = outcome.end == End::kNotStarted ? std::string{std::strerror(outcome.code)}
                     : outcome.end == End::kTimedOut ? fmt::format("no answer within {}", format_duration(kTimeout))
                     : outcome.first_line.empty()    ? fmt::format("ended with {}", outcome.code)
                                                     : outcome.first_line;
    return {Came::kFailed, fmt::format("{}: {}", options_.command, why), {}};
  }

  const DesktopChannel options_;
};

}  // namespace

Result<std::unique_ptr<Channel>> make(const DesktopChannel& options) {
  if (find_program(options.command).empty()) {
    return Error{fmt::format("command: '{}' is no program that can be run; notify-send is in the package libnotify-bin",
                             options.command)};
  }
  return std::unique_ptr<Channel>{std::make_unique<Desktop>(options)};
}

}  // namespace yagura::alerts
