// The terminal screen at work: a monitor's console over its WebSocket, drawn until somebody ends it. The same for a
// monitor far away and for the one in this process, which it never holds up.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/api_requests.hpp"
#include "app/console_address.hpp"
#include "app/console_link.hpp"
#include "app/screen_mail.hpp"
#include "console/terminal/desk.hpp"
#include "console/terminal/model.hpp"
#include "console/terminal/painter.hpp"
#include "console/terminal/signals.hpp"

namespace yagura::app {

class TerminalScreen {
 public:
  // Frames are at most this often; without news a frame comes for the ages' sake.
  static constexpr Duration kFrameEvery = std::chrono::milliseconds{50};
  static constexpr Duration kStillEvery = std::chrono::milliseconds{500};

  struct Options {
    ConsoleAddress address;
    std::string token;
    console::terminal::Painter::Options painter;
    console::terminal::Lang lang = console::terminal::Lang::kEnglish;
    std::string url;  // shown; empty: none
    std::string run;  // shown: "monitor", "attached"
    // Of a screen in the monitor: called instead of ending when somebody wants to; stop() follows.
    std::function<void()> on_quit;
  };
  struct End {
    enum class Why : std::uint8_t { kQuit, kSignal, kTerminalGone, kRefused };
    Why why = Why::kQuit;
    std::string text;  // of kRefused: one line
  };

  // Takes over the terminal. Signals of the terminal are handled from here on; those that end a process
  // unless `on_quit` is there. The error is one line.
  [[nodiscard]] static Result<std::unique_ptr<TerminalScreen>> open(Options options);
  ~TerminalScreen();  // gives the terminal back
  TerminalScreen(const TerminalScreen&) = delete;
  TerminalScreen& operator=(const TerminalScreen&) = delete;

  // Until the end, on one thread.
  End run();

  // Any thread.
  void stop();
  void tell(std::string text);  // shown for a while

 private:
  using Painter = console::terminal::Painter;
  explicit TerminalScreen(Options options);

  void wait();
  void look_at_signals();
  void take_mail();
  void take(ScreenMessage&& message);
  void take(ScreenLost&& lost);
  void take(ScreenAnswer&& answer);
  void take(ScreenFetched&& fetched);
  void read_keys();
  void obey(console::terminal::Command&& command);
  void quit(End end);
  void pause();
  void go_on();
  void draw_when_due();
  [[nodiscard]] console::terminal::Look look() const;
  [[nodiscard]] std::string in_words(const char* english, const char* japanese) const;

  const Options options_;
  RealClock clock_;
  console::terminal::SignalWatch signals_;
  std::unique_ptr<Painter> painter_;
  console::terminal::Model model_;
  console::terminal::Desk desk_;
  bool paused_ = false;  // the terminal is somebody else's
  bool changed_ = true;
  bool met_ = false;  // the monitor has said hello
  MonoTime drawn_at_{};
  std::optional<End> end_;

  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::string told_;  // guarded by mutex_

  ScreenMail mail_;
  std::optional<ApiRequests> requests_;
  std::optional<ConsoleLink> link_;
};

}  // namespace yagura::app
