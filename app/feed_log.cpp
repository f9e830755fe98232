#include "app/feed_log.hpp"

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
  const auto said = said_.find(status.name);
  const bool quiet = said != said_.end() && said->second.held_back > 0 && status.state != FeedState::kStopped;
  return Line{quiet ? Level::kDebug : Level::kInfo, fmt::format("feed {}: {} ({})", status.name, state, status.url)};
}

std::optional<FeedLog::Line> FeedLog::on_loss(const feeds::FeedStatus& status) {
  auto& said = said_[status.name];
  const auto now = clock_.mono();
  auto how = fmt::format("{}: {}", feeds::to_string(status.reason), status.text);
  if (said.lines == 0 || now - said.minute_began >= kRepeatEvery) {
    said.minute_began = now;
    said.lines = 0;
  }
  const bool again = said.at != MonoTime{} && said.how == how && now - said.at < kRepeatEvery;
  if (again || said.lines >= kMostInAMinute) {
    ++said.held_back;
    return std::nullopt;
  }
  auto text = fmt::format("feed {}: {}, {}", status.name, feeds::to_string(status.state), how);
  if (said.held_back > 0) text += fmt::format(" ({} more since the last line)", said.held_back);
  said.how = std::move(how);
  said.at = now;
  said.held_back = 0;
  ++said.lines;
  return Line{Level::kWarning, std::move(text)};
}

}  // namespace yagura::app
