// How a monitor starts: state, people, console, outputs, the path of the ticks, and what a crash left.
#include <unistd.h>

#include <csignal>
#include <thread>

#include <spdlog/spdlog.h>

#include "alerts/journal_reader.hpp"
#include "app/commands.hpp"
#include "app/live_monitor.hpp"
#include "app/liveness_view.hpp"
#include "app/log.hpp"
#include "app/machine.hpp"
#include "app/sinks.hpp"
#include "app/snapshot_blob.hpp"
#include "app/start_up.hpp"

namespace yagura::app {
namespace {

using processing::WhenFull;

constexpr std::size_t kAlertsShown = 10'000;
// Of the queue that nothing passes with workers = 0: the least it may have.
constexpr std::size_t kUnused = 64;
// How long a start waits for its snapshot to reach the disk. Without, it goes on all the same.
constexpr auto kFirstSnapshot = std::chrono::seconds{1};

int code_of(const alerts::StateError& error) {
  return error.kind == alerts::StateError::Kind::kBadData ? kBadData : kFailed;
}

// A token of the console from where the settings say it is; `key` is "token" or "read_token".
Result<std::string> read_token(const std::string& key, const std::string& env, const std::string& file) {
  auto token = config::read_secret({env, file});
  if (!token) return Error{"console." + key + (env.empty() ? "_file: " : "_env: ") + token.error().message};
  return token;
}

}  // namespace

std::optional<LiveMonitor::Failure> LiveMonitor::start() {
  if (auto failure = open_parts()) return failure;
  make_pipeline();
  recover();
  signals_.add(SIGINT);
  signals_.add(SIGTERM);
  signals_.add(SIGHUP);
  await_signal();
  if (options_.run_for) {
    end_.expires_after(*options_.run_for);
    end_.async_wait([this](const boost::system::error_code& error) { stopping_ = stopping_ || !error; });
  }
  watch_ = std::make_unique<Watch>(settings_, *pipeline_, *feeds_, *journal_, console_.get(), clock_);
  on_second();
  on_quarter();
  start_sinks();
  feeds_->start([this] { say_missing(take_place(PathThread::kFeeds, settings_.pipeline)); });
  supervisor_ = std::make_unique<Supervisor>(critical_threads(), options_.manager);
  options_.manager.ready("starting");
  return std::nullopt;
}

void LiveMonitor::start_sinks() {
  const InBackground threads{spins()};
  outbox_->start();
}

// With the threads that store and draw.
std::optional<LiveMonitor::Failure> LiveMonitor::open_parts() {
  const InBackground threads{spins()};
  catalog_ = std::make_unique<alerts::Catalog>(make_catalog(settings_));
  if (auto failure = open_state()) return failure;
  view_ = std::make_unique<StateView>(settings_, *catalog_, *monitor_);
  if (auto failure = open_people()) return failure;
  if (auto failure = open_console()) return failure;
  return open_outputs();
}

std::optional<LiveMonitor::Failure> LiveMonitor::open_state() {
  alerts::Journal::Options journal_options;
  journal_options.keep = settings_.journal.keep;
  // What is run again after a crash: few of the ring's ticks said anything, and hardly one twice.
  journal_options.remembered_ids = std::max(journal_options.remembered_ids, 2 * settings_.journal.ring);
  journal_options.keep_minutes = settings_.journal.keep_minutes;
  for (const auto& sink : settings_.sinks) journal_options.sinks.push_back(sink.name);
  auto journal = alerts::Journal::open(options_.state, std::move(journal_options));
  if (!journal) return Failure{code_of(journal.error()), journal.error().message};
  journal_ = std::move(*journal);
  auto history = load_history(options_.state, settings_);
  if (!history) return Failure{kBadData, history.error().message};
  monitor_ = std::make_unique<processing::Monitor>(settings_.monitor, std::move(*history));
  delivery_ = std::make_unique<alerts::DeliveryPolicy>(*catalog_, settings_.delivery);
  auto snapshot = journal_->load_snapshot();
  const auto read_ring = [&](std::optional<Recovery::Place> place) -> std::optional<Failure> {
    auto recovery = Recovery::read(options_.state.ring_file(), settings_.monitor, place, settings_.journal.ring != 0);
    if (!recovery) return Failure{code_of(recovery.error()), recovery.error().message};
    recovery_ = *std::move(recovery);
    return std::nullopt;
  };
  if (!snapshot) {
    report_expired();
    if (auto failure = load_prices({})) return failure;
    return read_ring(std::nullopt);
  }
  const auto refuse = [this](const std::string& why) {
    return Failure{kBadData, journal_->file().string() + ": " + why};
  };
  const auto parts = split(snapshot->version, std::move(snapshot->blob));
  if (!parts) return refuse(parts.error().message);
  if (auto failure = read_ring(Recovery::Place{parts->ring, static_cast<std::uint64_t>(snapshot->position)}))
    return failure;
  if (const auto loaded = monitor_->load(parts->detectors, recovery_->resumed()); !loaded)
    return refuse(loaded.error().message);
  if (!parts->delivery.empty() && !delivery_->load(parts->delivery))
    return refuse("the state of delivery does not read back");
  levels_.restore();
  report_expired();
  return load_prices(parts->history);
}

// Before the console listens: a page that comes back finds its charts.
std::optional<LiveMonitor::Failure> LiveMonitor::load_prices(std::string_view state) {
  auto query = alerts::AlertQuery::open(journal_->file());
  if (!query) return Failure{code_of(query.error()), query.error().message};
  prices_.emplace(settings_.monitor);
  if (const auto loaded = prices_->load(*query, state); !loaded)
    return Failure{kBadData, journal_->file().string() + ": " + loaded.error().message};
  for (std::size_t i = 0; i < settings_.monitor.instruments.size(); ++i) {
    const auto days = imported_days(options_.state, settings_.monitor.instruments[i].symbol);
    if (!days) return Failure{kBadData, days.error().message};
    prices_->add_days(SymbolId{static_cast<std::uint16_t>(i)}, *days);
  }
  prices_->listen_to(*monitor_);
  return std::nullopt;
}

std::optional<LiveMonitor::Failure> LiveMonitor::open_people() {
  std::vector<std::string> incident_sinks;
  for (const auto& sink : settings_.sinks) {
    if (std::holds_alternative<alerts::PagerDutyChannel>(sink.channel)) incident_sinks.push_back(sink.name);
  }
  auto people = People::open(io_, *journal_, *catalog_, options_.state, clock_,
                             {.public_url = settings_.console.public_url,
                              .incident_sinks = std::move(incident_sinks),
                              .episode_of = [this](Id128 alert) { return delivery_->episode_of(alert); },
                              .announce =
                                  [this](std::string_view message) {
                                    if (console_) console_->publish_action(message);
                                  }});
  if (!people) return Failure{code_of(people.error()), people.error().message};
  people_ = std::move(*people);
  return std::nullopt;
}

std::optional<LiveMonitor::Failure> LiveMonitor::open_console() {
  if (!settings_.console.enabled) return std::nullopt;
  const auto& c = settings_.console;
  const auto token = read_token("token", c.token_env, c.token_file);
  if (!token) return Failure{kUsage, token.error().message};
  const auto reading = read_token("read_token", c.read_token_env, c.read_token_file);
  if (!reading) return Failure{kUsage, reading.error().message};
  console::ConsoleServer::Options options;
  options.access = {.listen = c.listen,
                    .token = *token,
                    .read_token = *reading,
                    .insecure = c.insecure,
                    .hosts = c.hosts,
                    .public_url = c.public_url};
  for (const auto& info : settings_.monitor.instruments) options.symbols.push_back(info.symbol);
  options.levels = &levels_;
  options.corrections = &corrections_;
  options.people = people_.get();
  price_answers_ = std::make_unique<PriceAnswers>(io_, *prices_, journal_->file(), options.symbols);
  options.prices = price_answers_.get();
  console_ = std::make_unique<console::ConsoleServer>(io_, std::move(options), *this, clock_);

  auto reader = alerts::JournalReader::open(journal_->file());
  if (!reader) return Failure{code_of(reader.error()), reader.error().message};
  const auto stored = reader->read_newest(kAlertsShown);
  if (!stored) return Failure{code_of(stored.error()), stored.error().message};
  for (const auto& alert : *stored) console_->alert_log().append(alert.seq, alert.json);

  if (const auto listening = console_->listen(); !listening) {
    return Failure{kFailed, listening.error().message + " (console.listen, or --console ADDR:PORT|off)"};
  }
  return std::nullopt;
}

std::optional<LiveMonitor::Failure> LiveMonitor::open_outputs() {
  const auto warn = [](const std::string& message) { spdlog::error("{}", message); };
  AlertDesk::Outputs outputs;
  recent_ = std::make_unique<alerts::RecentPrices>(settings_.monitor.instruments);
  auto outbox = make_outbox(settings_, *journal_, recent_.get(), people_->links(), options_.demo);
  if (!outbox) return Failure{kFailed, outbox.error().message};
  outbox_ = std::move(*outbox);
  people_->use(outbox_.get());
  outputs.routing = alerts::Routing{settings_.sinks, settings_.delivery.rules};
  outputs.acknowledged = [this](Id128 episode) { return people_->ack_of(episode) != nullptr; };
  if (options_.screen) {
    screen_ = alerts::JsonlFile::on_descriptor(STDOUT_FILENO, "standard output", {.on_error = warn});
    outputs.screen = screen_.get();
  }
  outputs.format = options_.format;
  outputs.silenced = [this](const Signal& signal) {
    return people_->in_force().holding(signal, *catalog_, clock_.now()) != nullptr;
  };
  if (console_) {
    outputs.console = [this](std::uint64_t, std::string_view json, std::string_view held) {
      console_->write_alert(json, held);
    };
    outputs.rehearse = [this](std::string_view json) { console_->rehearse_alert(json); };
    outputs.remember = [this](std::uint64_t seq, std::string_view json, std::string_view held) {
      console_->remember_alert(seq, json, held);
    };
  }
  desk_ = std::make_unique<AlertDesk>(*catalog_, *journal_, *delivery_, std::move(outputs));
  return std::nullopt;
}

void LiveMonitor::make_pipeline() {
  const auto& p = settings_.pipeline;
  const bool on_feed_thread = p.workers == 0;
  pipeline_ = std::make_unique<Pipeline>(
      Pipeline::Options{.queue_capacity = on_feed_thread ? kUnused : p.queue_capacity,
                        .when_full = p.on_full == config::OnFull::kFold ? WhenFull::kFold : WhenFull::kWait,
                        .on_feed_thread = on_feed_thread,
                        .workers = p.workers,
                        .helpers_spin = helpers_spin(),
                        .future_limit = p.future_limit,
                        .feeds = settings_.feeds.size()},
      *monitor_, clock_,
      Pipeline::Outlets{
          .alerts = [this](SignalBuffer& signals) { desk_->write(signals); },
          .accepted = [this](const processing::InstrumentMonitor& instrument,
                             MonoTime decided) { show(instrument, decided); },
          .wake = [this] { wakeup_.notify(); },
          .folding = [this] { feeds_->soon([this] { pipeline_->flush_folded(); }); },
          .silence_reason =
              [this](SymbolId symbol) { return cause_of_silence(symbol, settings_, *pipeline_, *feeds_); },
          .clock =
              [this](SymbolId symbol, Timestamp now) {
                if (desk_->on_clock(symbol, now)) snapshot_due_ = true;
                prices_->on_clock(symbol, now);
              },
          .settle =
              [this](SignalBuffer& signals) {
                if (desk_->settle()) snapshot_due_ = true;
                prices_->note_alerts(signals);
              },
          .rest =
              [this] {
                desk_->rest();
                snapshot_soon();
              }});
  std::vector<feeds::TickSink*> sinks;
  for (const auto& feed : settings_.feeds) {
    ports_.push_back(std::make_unique<Pipeline::Port>(*pipeline_, static_cast<int>(ports_.size()), feed.priority));
    sinks.push_back(ports_.back().get());
  }
  feeds_ = std::make_unique<FeedThread>(settings_.feeds, settings_.symbols, sinks, clock_, nullptr,
                                        on_feed_thread ? &io_ : nullptr, spin_time());
}

void LiveMonitor::say_missing(const std::vector<std::string>& missing) {
  for (const auto& line : missing) log_event(spdlog::level::warn, "not_granted", {}, line);
}

// What the last run had taken and not stored; then a snapshot of it, and only then new ticks.
void LiveMonitor::recover() {
  const auto start = clock_.mono();
  for (const auto& remark : recovery_->remarks()) spdlog::warn("{}", remark);
  if (const auto count = recovery_->entries(); count != 0) {
    recovery_->run(*pipeline_, *monitor_, *journal_);
    spdlog::info("ran {} entries after the last snapshot again in {} ms: {} alerts, {} more were stored already", count,
                 std::chrono::duration_cast<std::chrono::milliseconds>(clock_.mono() - start).count(), desk_->alerts(),
                 desk_->repeats());
  }
  prices_->end_stretch();
  store_snapshot();
  const bool stored = journal_->flush(kFirstSnapshot);
  if (settings_.journal.ring == 0) return;
  auto ring = recovery_->open_ring(settings_.journal.ring, stored);
  if (!ring) {
    spdlog::warn("{}; a crash may lose the alerts of its last moments (journal.ring)", ring.error().message);
    return;
  }
  ring_.emplace(*std::move(ring));
  snapshot_entry_ = ring_->last();
  pipeline_->record_to(&*ring_);
}

// Helpers wait as the detector thread does, where there is a core left for the feed's thread.
Duration LiveMonitor::helpers_spin() const {
  if (std::thread::hardware_concurrency() <= static_cast<unsigned>(settings_.pipeline.workers)) return Duration{0};
  return spin_time();
}

}  // namespace yagura::app
