// What the log says of the feeds' ups and downs: everything that is news, and of the rest little.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/clock.hpp"
#include "feeds/feed_status.hpp"

namespace yagura::app {

// One thread. The clock outlives it.
class FeedLog {
 public:
  explicit FeedLog(const Clock& clock) : clock_(clock) {}

  enum class Level : std::uint8_t { kDebug, kInfo, kWarning };
  struct Line {
    Level level;
    std::string text;
  };
  // The line for a change of state. A feed that is lost again in the same way within a minute of the
  // last such line has none, nor has its return; neither has one that is lost in ever new ways, after
  // eight lines in a minute. The next line says how many there were.
  [[nodiscard]] std::optional<Line> on_change(const feeds::FeedStatus& status);
  // The line for what the vendor complains of, or what cannot be read, while the feed goes on: a new
  // text at once, the same again after a minute.
  [[nodiscard]] std::optional<Line> on_error(const feeds::FeedStatus& status);

 private:
  struct Said {
    std::string how;  // reason and text
    MonoTime at{};
    MonoTime minute_began{};
    int lines = 0;                // in that minute
    std::uint64_t held_back = 0;  // losses since
    bool lost = false;            // told, and its end not yet
  };
  std::optional<Line> on_loss(const feeds::FeedStatus& status);
  std::optional<std::uint64_t> may_say(Said& said, const std::string& how);

  const Clock& clock_;
  std::map<std::string, Said, std::less<>> said_;  // by feed
};

}  // namespace yagura::app
