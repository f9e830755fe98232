#include <fmt/format.h>
#include <sysexits.h>

#include <cstring>

#include "alerts/channels/child_process.hpp"
#include "alerts/channels/local_channels.hpp"
#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

using Came = Attempt::Result;

// One variable may hold 128 KiB (MAX_ARG_STRLEN); the whole alert is on standard input.
constexpr std::size_t kLongestVariable = 16'000;  // characters

std::string_view name_of(Letter::Purpose purpose) {
  switch (purpose) {
    case Letter::Purpose::kReminder: return "reminder";
    case Letter::Purpose::kSummary: return "summary";
    case Letter::Purpose::kResolved: return "resolved";
    case Letter::Purpose::kAcknowledged: return "acknowledged";
    case Letter::Purpose::kTest: return "test";
    default: return "alert";
  }
}

class Exec final : public Channel {
 public:
  explicit Exec(const ExecChannel& options) : options_(options) {}

  Attempt send(const Letter& letter, const std::stop_token& stop) override {
    const auto input = letter.json + "\n";
    return verdict(run_child({.command = options_.command,
                              .pass_env = options_.pass_env,
                              .env = variables(letter),
                              .input = input,
                              .timeout = options_.timeout},
                             stop));
  }

 private:
  static std::vector<std::pair<std::string, std::string>> variables(const Letter& letter) {
    return {{"YAGURA_ID", to_string(letter.id)},
            {"YAGURA_PARENT", letter.episode == letter.id ? std::string{} : to_string(letter.episode)},
            {"YAGURA_PURPOSE", std::string{name_of(letter.purpose)}},
            {"YAGURA_SEVERITY", std::string{yagura::name_of(letter.severity)}},
            {"YAGURA_KIND", letter.kind},
            {"YAGURA_EVENT", letter.event},
            {"YAGURA_INSTRUMENT", letter.instrument},
            {"YAGURA_TITLE", printable(letter.title, kLongestVariable)},
            {"YAGURA_TEXT", printable(letter.text, kLongestVariable)},
            {"YAGURA_TIME", format_utc(letter.ts_event)},
            {"YAGURA_ACK_URL", letter.ack_url},
            {"YAGURA_ATTEMPT", std::to_string(letter.attempt)}};
  }

  [[nodiscard]] Attempt verdict(const ChildOutcome& outcome) const {
    using End = ChildOutcome::End;
    const auto said = outcome.first_line.empty() ? std::string{} : ": " + outcome.first_line;
    switch (outcome.end) {
      case End::kExited:
        if (outcome.code == 0) return {Came::kDelivered, outcome.first_line, {}};
        return {Came::kFailed, fmt::format("{} ended with {}{}", program(), meaning(outcome.code), said), {}};
      case End::kSignalled:
        return {Came::kFailed, fmt::format("{} was ended by SIG{}{}", program(), signal_name(outcome.code), said), {}};
      case End::kTimedOut:
        return {
            Came::kFailed,
            fmt::format("{} did not end within {} and was ended{}", program(), format_duration(options_.timeout), said),
            {}};
      case End::kStopped: return {Came::kFailed, "stopped", {}};
      case End::kNotStarted: break;
    }
    return {Came::kFailed, fmt::format("{} cannot be run: {}", program(), std::strerror(outcome.code)), {}};
  }

  static std::string meaning(int code) {
    if (code == EX_TEMPFAIL) return "75, not now";
    if (code == 126) return "126, a program that may not be run";
    if (code == 127) return "127, a program that is not there";
    return std::to_string(code);
  }
  static std::string signal_name(int number) {
    const char* const name = ::sigabbrev_np(number);
    return name == nullptr ? std::to_string(number) : std::string{name};
  }
  [[nodiscard]] const std::string& program() const { return options_.command.front(); }

  const ExecChannel options_;
};

}  // namespace

Result<std::unique_ptr<Channel>> make(const ExecChannel& options) {
  if (options.command.empty() || options.command.front().empty())
    return Error{R"(command: names no program; give ["program", "argument", ...])"};
  for (const auto& word : options.command) {
    if (word.find('\0') != std::string::npos) return Error{"command: holds a zero byte"};
  }
  if (find_program(options.command.front()).empty()) {
    return Error{fmt::format("command: '{}' is no program that can be run; give a path, or a name found in PATH",
                             options.command.front())};
  }
  return std::unique_ptr<Channel>{std::make_unique<Exec>(options)};
}

}  // namespace yagura::alerts
