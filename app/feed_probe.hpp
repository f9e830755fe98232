// One feed, connected once and watched closely, for `yagura feeds test`: what came when, and where it
// ended.
#pragma once

#include <cstdio>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "app/feed_thread.hpp"
#include "config/settings.hpp"
#include "feeds/tick_sink.hpp"

namespace yagura::app {

// Connects as `yagura run` would, with the same session, codec and checks. One thread.
class FeedProbe final : public feeds::TickSink, public feeds::FrameTap {
 public:
  static constexpr std::size_t kTicksWanted = 5;

  // `settings` has this one feed, its keys read. Lines go to `out` as things happen.
  FeedProbe(const config::Settings& settings, const Clock& clock, std::FILE* out);

  // How far the connection came.
  enum class Stage : std::uint8_t { kLogIn, kName, kConnect, kProxy, kTls, kHttp, kSubscribe, kData };
  struct Verdict {
    bool good = false;
    std::string text;  // a line; when not good: the stage, why, and what to try
  };
  // Until five ticks came and one of each symbol, the connection failed, or `limit` is over.
  [[nodiscard]] Verdict run(Duration limit);

  // feeds::TickSink and FrameTap
  void on_tick(const Tick& tick) noexcept override;
  void on_batch_end() noexcept override {}
  void on_frame(std::string_view feed, feeds::FrameDir dir, feeds::Frame frame, Timestamp at,
                MonoTime mono) noexcept override;

 private:
  void on_stage(const feeds::ConnectStage& stage);
  void on_change(const feeds::FeedStatus& status);
  void say(std::string_view stage, const std::string& text);
  [[nodiscard]] Verdict judge(const feeds::FeedStatus& status) const;
  [[nodiscard]] Verdict without_data(const feeds::FeedStatus& status) const;
  [[nodiscard]] Verdict failed(Stage stage, const std::string& why, std::string_view remedy) const;
  [[nodiscard]] Stage failing_stage(const feeds::FeedStatus& status) const;

  const config::Settings& settings_;
  const config::FeedSettings& feed_;
  const Clock& clock_;
  std::FILE* out_;
  boost::asio::io_context io_;
  MonoTime started_{};
  Stage next_ = Stage::kName;  // what is being tried
  bool opened_ = false;
  bool lost_ = false;
  bool enough_ = false;
  std::set<std::string> silent_;  // symbols without a tick yet, ours
  std::size_t ticks_ = 0;
  Duration first_tick_{};
  Duration limit_{};
};

// When the first of the feed's markets opens; nullopt while one is open.
[[nodiscard]] std::optional<Timestamp> markets_open_at(const config::Settings& settings,
                                                       const config::FeedSettings& feed, Timestamp now);

}  // namespace yagura::app
