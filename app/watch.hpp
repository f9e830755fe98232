// Looks once a second at what nobody would notice by itself, and says so: feeds that are connected but
// bring no data, vendors' errors, refused web clients, a disk that refuses. Detector thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alerts/journal.hpp"
#include "app/feed_thread.hpp"
#include "app/pipeline.hpp"
#include "config/settings.hpp"
#include "console/console_server.hpp"
#include "core/clock.hpp"

namespace yagura::app {

class Watch {
 public:
  // All outlive it; `console` may be null.
  Watch(const config::Settings& settings, const Pipeline& pipeline, FeedThread& feeds, const alerts::Journal& journal,
        const console::ConsoleServer* console, const Clock& clock);

  void on_second();

 private:
  struct Feed {
    MonoTime since{};               // the start
    std::optional<MonoTime> asked;  // for the latest new connection
    MonoTime reported{};
    std::uint64_t errors = 0;  // when last reported
  };
  void watch_data(std::size_t feed, const feeds::FeedStatus& status);
  void watch_symbols(std::size_t feed, const feeds::FeedStatus& status);
  void ask_anew(std::size_t feed, const feeds::FeedStatus& status, const std::string& why);
  void report_errors(std::size_t feed, const feeds::FeedStatus& status);
  void report_refusals();
  void report_cuts();
  void report_storage();
  // The market is open now, and what came last was of now, not a recording; of some it serves.
  [[nodiscard]] bool data_is_due(SymbolId symbol) const;
  [[nodiscard]] bool data_is_due(std::size_t feed) const;
  [[nodiscard]] Duration stale_after(std::size_t feed) const;
  // Since when data has been due from the feed; MonoTime::max() while it is not.
  [[nodiscard]] MonoTime due_since(std::size_t feed) const;

  const config::Settings& settings_;
  const Pipeline& pipeline_;
  FeedThread& feeds_;
  const alerts::Journal& journal_;
  const console::ConsoleServer* console_;
  const Clock& clock_;
  Timestamp started_;  // both clocks, read together
  MonoTime started_mono_;
  std::vector<Feed> state_;
  MonoTime refusals_reported_{};
  std::uint64_t refusals_ = 0;
  MonoTime cuts_reported_{};
  std::uint64_t cuts_ = 0;
  bool storage_ok_ = true;
};

}  // namespace yagura::app
