#include "app/feed_log.hpp"

#include <utility>  // exchange

#include <fmt/format.h>

namespace yagura::app {
namespace {

using feeds::FeedState;

constexpr auto kRepeatEvery = std::chrono::minutes{1};
constexpr int kMostInAMinute = 8;

}  // namespace

std::optional<FeedLog::Line> FeedLog::on_change(const feeds::FeedStatus& status) {
  const auto state = feeds::to_string(status.state);
  if (status.state == FeedState::kBackoff) return on_loss(status);
  if (status.state == FeedState::kConnecting || status.state == FeedState::kHandshake)
    return Line{Level::kDebug, fmt::format("feed {}: {} ({})", status.name, state, status.url)};
  // A loss that was not told is not to be followed by its happy end.
  auto& said = said_[status.name];
  const bool quiet = !said.lost && said.held_back > 0 && status.state != FeedState::kStopped;
  if (status.state == FeedState::kLive) said.lost = false;
  return Line{quiet ? Level::kDebug : Level::kInfo, fmt::format("feed {}: {} ({})", status.name, state, status.url)};
}

// How many were held back before this one; nullopt when it is one of them.
std::optional<std::uint64_t> FeedLog::may_say(Said& said, const std::string& how) {
  const auto now = clock_.mono();
  if (said.lines == 0 || now - said.minute_began >= kRepeatEvery) {
    said.minute_began = now;
    said.lines = 0;
  }
  const bool again = said.at != MonoTime{} && said.how == how && now - said.at < kRepeatEvery;
  if (again || said.lines >= kMostInAMinute) {
    ++said.held_back;
    return std::nullopt;
  }
  said.how = how;
  said.at = now;
  ++said.lines;
  return std::exchange(said.held_back, 0);
}

std::optional<FeedLog::Line> FeedLog::on_loss(const feeds::FeedStatus& status) {
  auto& said = said_[status.name];
  const auto how = fmt::format("{}: {}", feeds::to_string(status.reason), status.text);
  const auto held_back = may_say(said, how);
  if (!held_back) return std::nullopt;
  said.lost = true;
  auto text = fmt::format("feed {}: {}, {}; trying again", status.name, feeds::to_string(status.state), how);
  if (*held_back > 0) text += fmt::format(" ({} more since the last line)", *held_back);
  return Line{Level::kWarning, std::move(text)};
}

std::optional<FeedLog::Line> FeedLog::on_error(const feeds::FeedStatus& status) {
  auto& said = said_[status.name + "\n"];  // apart from its comings and goings; no name of a feed ends so
  if (!may_say(said, status.last_error)) return std::nullopt;
  return Line{Level::kWarning, fmt::format("feed {}: {}", status.name, status.last_error)};
}

}  // namespace yagura::app
