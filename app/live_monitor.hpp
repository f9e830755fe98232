// A running monitor: feeds, detectors, console, journal and screen, joined and kept going.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "alerts/outbox.hpp"
#include "alerts/recent_prices.hpp"
#include "alerts/state_dir.hpp"
#include "app/alert_desk.hpp"
#include "app/clock_watch.hpp"
#include "app/corrections.hpp"
#include "app/feed_thread.hpp"
#include "app/latency_json.hpp"
#include "app/level_book.hpp"
#include "app/metrics.hpp"
#include "app/people.hpp"
#include "app/pipeline.hpp"
#include "app/price_answers.hpp"
#include "app/price_keeper.hpp"
#include "app/recovery.hpp"
#include "app/service_manager.hpp"
#include "app/sink_log.hpp"
#include "app/state_view.hpp"
#include "app/supervisor.hpp"
#include "app/wakeup.hpp"
#include "app/watch.hpp"
#include "config/settings.hpp"
#include "console/console_server.hpp"
#include "core/relax.hpp"
#include "processing/monitor.hpp"

namespace yagura::app {

class LiveMonitor final : public console::StateSource {
 public:
  struct Options {
    config::Settings settings;
    alerts::StateDir state{""};
    bool screen = true;
    AlertDesk::ScreenFormat format = AlertDesk::ScreenFormat::kLines;
    std::optional<Duration> run_for;  // none: until a signal
    std::string note;                 // shown on the console, such as "synthetic prices"
    bool demo = false;
    ServiceManager manager = {};
  };

  explicit LiveMonitor(Options options);
  ~LiveMonitor() override;

  // State, journal, console, feeds. An exit code and a line for the user when something refuses.
  struct Failure {
    int code;
    std::string message;
  };
  [[nodiscard]] std::optional<Failure> start();
  // Runs the detectors on this thread until a signal, or until run_for has passed; then stops
  // everything in order. An exit code.
  [[nodiscard]] int run();
  // As a signal would end it. Any thread, between start() and the end of run().
  void stop();

  [[nodiscard]] std::string console_url() const { return console_ ? console_->url() : std::string{}; }
  // Percentiles of every stage, for people.
  [[nodiscard]] std::string latency_table() const;

 private:
  // console::StateSource, on the detector thread
  void fill(console::StateSnapshot& state) override;
  console::HealthReport health() override;
  std::string metrics() override;
  std::string latency() override { return latency_json(pipeline_->latency()); }
  // Of every sink that delivers.
  [[nodiscard]] std::vector<SinkFigures> sink_figures() const;
  [[nodiscard]] std::vector<Vitals::Thread> critical_threads() const;
  void tell_manager();

  [[nodiscard]] std::optional<Failure> open_parts();
  void start_sinks();
  [[nodiscard]] std::optional<Failure> open_state();
  [[nodiscard]] std::optional<Failure> open_outputs();
  [[nodiscard]] std::optional<Failure> open_people();
  [[nodiscard]] std::optional<Failure> open_console();
  void make_pipeline();
  static void say_missing(const std::vector<std::string>& missing);
  [[nodiscard]] std::optional<Failure> load_prices(std::string_view state);
  void recover();
  [[nodiscard]] Duration spin_time() const { return spins() ? Duration::max() : spin_for_; }
  [[nodiscard]] Duration helpers_spin() const;
  void loop();
  void wait_for_work();
  void turn_of_spin();
  bool serve();
  void rehearse();
  void show(const processing::InstrumentMonitor& instrument, MonoTime decided);
  void on_second();
  void report_expired() const;
  void on_quarter();
  void snapshot_soon();
  void store_snapshot();
  [[nodiscard]] std::uint64_t overwritten() const;
  [[nodiscard]] std::string ring_trouble() const;
  void reload();
  void refuse_reload(const std::vector<std::string>& problems);
  void await_signal();
  void shut_down();
  [[nodiscard]] bool spins() const { return settings_.pipeline.wait == config::WaitMode::kSpin; }

  Options options_;
  config::Settings settings_;
  RealClock clock_;
  Timestamp started_;
  std::unique_ptr<alerts::Catalog> catalog_;
  std::unique_ptr<StateView> view_;

  std::unique_ptr<alerts::Journal> journal_;
  std::unique_ptr<alerts::RecentPrices> recent_;
  std::unique_ptr<alerts::Outbox> outbox_;  // after the journal, before what feeds it
  std::unique_ptr<alerts::JsonlFile> screen_;
  std::optional<Recovery> recovery_;
  std::optional<alerts::CrashRing> ring_;
  std::size_t snapshot_room_ = 0;      // what the last one took and an eighth
  std::uint64_t snapshot_entry_ = 0;   // newest in the ring when a snapshot was last tried
  std::optional<PriceKeeper> prices_;  // before the monitor, which it listens to
  std::unique_ptr<processing::Monitor> monitor_;
  std::unique_ptr<alerts::DeliveryPolicy> delivery_;

  RuntimeLevels levels_{settings_, monitor_, catalog_, [this] { snapshot_due_ = true; }};

  // A snapshot right behind the withdrawals: they reach the disk together.
  Corrections corrections_{settings_, monitor_, clock_, [this](const Tick& print, const SignalBuffer& withdrawn) {
                             if (ring_) ring_->append(alerts::RingEntry::Kind::kCancelled, print);
                             desk_->hand_out(withdrawn);
                             snapshot_due_ = true;
                             store_snapshot();
                           }};

  boost::asio::io_context io_;  // of the detector thread: console, signals, timers
  Wakeup wakeup_{io_};
  boost::asio::signal_set signals_{io_};
  boost::asio::steady_timer second_{io_};
  boost::asio::steady_timer quarter_{io_};
  boost::asio::steady_timer snapshot_{io_};  // armed while `snapshot_armed_`
  boost::asio::steady_timer end_{io_};
  std::unique_ptr<People> people_;
  std::unique_ptr<PriceAnswers> price_answers_;
  std::unique_ptr<console::ConsoleServer> console_;
  std::unique_ptr<AlertDesk> desk_;
  std::unique_ptr<Pipeline> pipeline_;
  std::vector<std::unique_ptr<Pipeline::Port>> ports_;  // by feed
  std::unique_ptr<FeedThread> feeds_;
  std::unique_ptr<Watch> watch_;
  SinkLog sink_log_;

  Pulse pulse_;  // of the detector thread
  ClockWatch clock_watch_{clock_};
  std::string config_problem_;  // of the file when it was last read
  Timestamp config_loaded_{};
  std::string told_manager_;
  std::unique_ptr<Supervisor> supervisor_;  // after the parts it watches

  bool stopping_ = false;
  bool snapshot_due_ = false;  // at the end of this turn
  bool snapshot_armed_ = false;
  std::uint64_t spins_ = 0;
  std::uint64_t ticks_seen_ = 0;
  MonoTime last_traffic_{};
  MonoTime rehearsed_{};  // an alert's way, last
  MonoTime served_{};     // the console, last
  Duration spin_for_{0};  // after traffic, before sleeping
  SpinPause pause_{1 + settings_.pipeline.workers};
  std::uint64_t stored_ticks_ = 0;
  MonoTime stored_at_{};
};

}  // namespace yagura::app
