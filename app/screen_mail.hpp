// What is on its way from the monitor to a screen. Bounded: of prices and states only the newest matter; of
// alerts every one does, so when no more fit the connection has to end and resume later.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.hpp"

namespace yagura::app {

// A message of /ws, as it came.
struct ScreenMessage {
  std::string json;
};
// The connection is gone, or was not made.
struct ScreenLost {
  enum class Why : std::uint8_t {
    kAway,     // nobody there, or the line broke: worth trying again
    kEnding,   // the monitor said that it ends
    kToken,    // it wants a token, or another one
    kRefused,  // it is there and will go on saying no: not a monitor, a certificate that is not good
  };
  Why why = Why::kAway;
  std::string text;             // for people, clean
  Duration next{};              // until the next attempt
  std::string_view words = {};  // key of what a screen says after the address instead of `text`; a literal, or empty
};
// What became of a request.
struct ScreenAnswer {
  std::string what;  // as the request says it: "acknowledge"
  bool done = false;
  std::string text;  // the reason when it is not; else empty
};
// What was fetched for the screen.
struct ScreenFetched {
  std::string json;
};
using ScreenEvent = std::variant<ScreenMessage, ScreenLost, ScreenAnswer, ScreenFetched>;

// Any thread.
class ScreenMail {
 public:
  static constexpr std::size_t kMostTicks = 256;
  static constexpr std::size_t kMostBytes = std::size_t{16} << 20;  // some 8,000 alerts

  // `wake` is called after something was put into an empty box.
  explicit ScreenMail(std::function<void()> wake, std::size_t most_bytes = kMostBytes)
      : wake_(std::move(wake)), most_bytes_(most_bytes) {}

  // A message of the monitor; false when it does not fit and must not be left out.
  [[nodiscard]] bool put(std::string_view json);
  // Takes the place of one before that nobody took.
  void put(ScreenLost lost);
  void put(ScreenAnswer answer);
  void put(ScreenFetched fetched);

  // Everything, oldest first.
  [[nodiscard]] std::vector<ScreenEvent> take();
  [[nodiscard]] bool empty() const;

 private:
  void put_event(ScreenEvent event);

  const std::function<void()> wake_;
  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::deque<ScreenEvent> events_;  // guarded by mutex_, as the next two
  std::size_t bytes_ = 0;
  std::size_t ticks_ = 0;
};

}  // namespace yagura::app
