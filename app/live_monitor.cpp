#include "app/live_monitor.hpp"

#include <unistd.h>

#include <csignal>
#include <thread>

#include <spdlog/spdlog.h>
#include <boost/asio/post.hpp>

#include "alerts/journal_reader.hpp"
#include "app/commands.hpp"
#include "app/liveness_view.hpp"
#include "app/log.hpp"
#include "app/sinks.hpp"
#include "app/snapshot_blob.hpp"
#include "app/start_up.hpp"
#include "app/version.hpp"
#include "config/load.hpp"
#include "core/relax.hpp"

namespace yagura::app {
namespace {

using processing::WhenFull;

// What is due when we are told to stop still goes out; what takes longer waits for the next start.
constexpr auto kLastDeliveries = std::chrono::seconds{2};
constexpr std::size_t kAlertsShown = 10'000;
constexpr auto kNoTicks = ~std::uint64_t{0};
// How long a start waits for its snapshot to reach the disk. Without, it goes on all the same.
constexpr auto kFirstSnapshot = std::chrono::seconds{1};

// Below this many cores a spinning detector would starve the feed and the browser.
constexpr unsigned kCoresToSpin = 4;
constexpr auto kSpinAfterTraffic = std::chrono::microseconds{50};
// While spinning, the console's sockets are looked at every so many turns.
constexpr std::uint64_t kPollEvery = 32;
// So long the console is served in one turn, and so long while ticks or a snapshot wait for theirs.
constexpr auto kTurnOfConsole = std::chrono::milliseconds{10};
constexpr auto kShareOfConsole = std::chrono::microseconds{50};

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

LiveMonitor::LiveMonitor(Options options)
    : options_(std::move(options)), settings_(options_.settings), started_(clock_.now()), config_loaded_(started_) {
  using config::WaitMode;
  auto& wait = settings_.pipeline.wait;
  if (wait == WaitMode::kAuto)
    wait = std::thread::hardware_concurrency() >= kCoresToSpin ? WaitMode::kYield : WaitMode::kBlock;
  if (wait == WaitMode::kYield) spin_for_ = kSpinAfterTraffic;
}

LiveMonitor::~LiveMonitor() {
  if (feeds_) feeds_->stop();
}

std::optional<LiveMonitor::Failure> LiveMonitor::start() {
  catalog_ = std::make_unique<alerts::Catalog>(make_catalog(settings_));
  if (auto failure = open_state()) return failure;
  view_ = std::make_unique<StateView>(settings_, *catalog_, *monitor_);
  if (auto failure = open_people()) return failure;
  if (auto failure = open_console()) return failure;
  if (auto failure = open_outputs()) return failure;
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
  outbox_->start();
  feeds_->start();
  supervisor_ = std::make_unique<Supervisor>(critical_threads(), options_.manager);
  options_.manager.ready("starting");
  return std::nullopt;
}

std::optional<LiveMonitor::Failure> LiveMonitor::open_state() {
  alerts::Journal::Options journal_options;
  journal_options.keep = settings_.journal.keep;
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
  if (console_)
    outputs.console = [this](std::uint64_t seq, std::string_view json, std::string_view held) {
      console_->publish_alert(seq, json, held);
    };
  desk_ = std::make_unique<AlertDesk>(*catalog_, *journal_, *delivery_, std::move(outputs));
  return std::nullopt;
}

void LiveMonitor::make_pipeline() {
  const auto& p = settings_.pipeline;
  const bool on_feed_thread = p.workers == 0;
  pipeline_ = std::make_unique<Pipeline>(
      Pipeline::Options{.queue_capacity = p.queue_capacity,
                        .when_full = p.on_full == config::OnFull::kFold ? WhenFull::kFold : WhenFull::kWait,
                        .on_feed_thread = on_feed_thread,
                        .workers = p.workers,
                        .helpers_spin = helpers_spin(),
                        .future_limit = p.future_limit,
                        .feeds = settings_.feeds.size()},
      *monitor_, clock_,
      Pipeline::Outlets{
          .alerts =
              [this](SignalBuffer& signals) {
                desk_->hand_out(signals);
                prices_->note_alerts(signals);
                snapshot_due_ = true;
              },
          .accepted = [this](const processing::InstrumentMonitor& instrument) { show(instrument); },
          .wake = [this] { wakeup_.notify(); },
          .folding = [this] { feeds_->soon([this] { pipeline_->flush_folded(); }); },
          .silence_reason =
              [this](SymbolId symbol) { return cause_of_silence(symbol, settings_, *pipeline_, *feeds_); },
          .clock =
              [this](SymbolId symbol, Timestamp now) {
                if (desk_->on_clock(symbol, now)) snapshot_due_ = true;
                prices_->on_clock(symbol, now);
              }});
  std::vector<feeds::TickSink*> sinks;
  for (const auto& feed : settings_.feeds) {
    ports_.push_back(std::make_unique<Pipeline::Port>(*pipeline_, static_cast<int>(ports_.size()), feed.priority));
    sinks.push_back(ports_.back().get());
  }
  feeds_ = std::make_unique<FeedThread>(settings_.feeds, settings_.symbols, sinks, clock_, nullptr,
                                        on_feed_thread ? &io_ : nullptr);
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
  return spins() ? Duration::max() : spin_for_;
}

// -- The detector thread -----------------------------------------------------------------------

int LiveMonitor::run() {
  supervisor_->start();
  loop();
  shut_down();
  return journal_->storage_ok() ? kDone : kFailed;
}

void LiveMonitor::stop() {
  boost::asio::post(io_, [this] { stopping_ = true; });
}

void LiveMonitor::loop() {
  while (!stopping_) {
    pulse_.beat();
    try {
      if (pipeline_->drain() != 0) {
        last_traffic_ = clock_.mono();
        serve();
      } else {
        wait_for_work();
      }
      // After the batch that fired, not between a decision and the next tick; and long before the ring
      // runs over what no snapshot has.
      const bool filling = ring_ && ring_->last() - snapshot_entry_ >= ring_->capacity() / 2;
      if (snapshot_due_ = snapshot_due_ || filling; snapshot_due_) store_snapshot();
    } catch (const std::exception& error) {
      spdlog::error("detector thread: {}", error.what());
    }
  }
}

// What the console and the timers have to do, until ticks wait for a decision or an alert for its snapshot: a
// crowd of clients is written to in many short handlers. Under a flood of ticks there is a share for them all
// the same. False when there was nothing to do.
bool LiveMonitor::serve() {
  const auto began = clock_.mono();
  bool any = false;
  for (; io_.poll_one() != 0; any = true) {
    const bool pressed = pipeline_->queue().depth() != 0 || snapshot_due_;
    if (clock_.mono() - began >= (pressed ? Duration{kShareOfConsole} : Duration{kTurnOfConsole})) return true;
  }
  return any;
}

void LiveMonitor::wait_for_work() {
  const bool spin = spins() || (spin_for_ > Duration{0} && clock_.mono() - last_traffic_ < spin_for_);
  if (spin) {
    if (++spins_ % kPollEvery == 0) serve();
    return relax();
  }
  if (serve()) return;
  wakeup_.prepare();
  if (pipeline_->queue().depth() == 0 && !stopping_) io_.run_one();
  wakeup_.finish();
}

void LiveMonitor::show(const processing::InstrumentMonitor& instrument) {
  recent_->push(instrument.last_tick()->symbol, instrument.last_tick()->ts_event, instrument.last_tick()->price);
  if (!console_ || console_->clients() == 0) return;
  const Tick& tick = *instrument.last_tick();
  console::LiveTick live{.instrument = index_of(tick.symbol),
                         .price = tick.price,
                         .bid = {},
                         .ask = {},
                         .ts_event = tick.ts_event,
                         .source = {}};
  if (has(tick.flags, TickFlag::kHasBid)) live.bid = tick.bid;
  if (has(tick.flags, TickFlag::kHasAsk)) live.ask = tick.ask;
  const int feed = pipeline_->speaking_feed(tick.symbol);
  if (feed >= 0) live.source = settings_.feeds[static_cast<std::size_t>(feed)].name;
  console_->publish_tick(live);
}

void LiveMonitor::on_second() {
  pipeline_->on_second();
  watch_->on_second();
  sink_log_.on_second(outbox_->status());
  clock_watch_.look();
  tell_manager();
  snapshot_due_ = snapshot_due_ || prices_->due();
  if (clock_.mono() - stored_at_ >= settings_.journal.snapshot_every) store_snapshot();
  second_.expires_after(std::min<Duration>(std::chrono::seconds{1}, settings_.journal.snapshot_every));
  second_.async_wait([this](const boost::system::error_code& error) {
    if (!error) on_second();
  });
}

void LiveMonitor::on_quarter() {
  pipeline_->watch_silence();
  quarter_.expires_after(std::chrono::milliseconds{250});
  quarter_.async_wait([this](const boost::system::error_code& error) {
    if (!error) on_quarter();
  });
}

// The state as of the last tick decided; committed together with the alerts before it.
void LiveMonitor::store_snapshot() {
  if (pipeline_->ticks() == stored_ticks_ && stored_at_ != MonoTime{} && !snapshot_due_) return;
  snapshot_due_ = false;
  stored_ticks_ = pipeline_->ticks();
  stored_at_ = clock_.mono();
  auto [ring, position] = recovery_->place();
  if (ring_) position = snapshot_entry_ = ring_->last();
  auto history = prices_->rows();
  const bool taken = journal_->put_snapshot(
      {.version = kSnapshotVersion,
       .position = static_cast<std::int64_t>(position),
       .blob = join(
           {.detectors = monitor_->save(), .delivery = delivery_->save(), .ring = ring, .history = prices_->save()}),
       .history = std::move(history)});
  if (taken) prices_->taken();
  if (!taken) stored_ticks_ = kNoTicks;  // in a second again, though no tick may come
}

// Entries that no snapshot on the disk contains and the ring does not hold any more: a crash now loses
// what they would have said.
std::uint64_t LiveMonitor::overwritten() const {
  if (!ring_) return 0;
  const auto kept = static_cast<std::uint64_t>(journal_->stored_position()) + ring_->capacity();
  return ring_->last() - std::min(ring_->last(), kept);
}

std::string LiveMonitor::ring_trouble() const {
  const auto lost = overwritten();
  return lost == 0 ? "" : "; the crash ring went round: a crash now loses " + grouped(lost) + " entries";
}

void LiveMonitor::report_expired() const {
  for (std::size_t i = 0; i < settings_.monitor.rules.size(); ++i) {
    if (delivery_->expired(RuleIndex{static_cast<std::uint16_t>(i)}, clock_.now())) {
      const auto& id = settings_.monitor.rules[i].id;
      log_event(spdlog::level::warn, "rule_expired", {{"rule", id}},
                "rule '" + id + "' expired " + to_string(settings_.delivery.rules[i].expires) +
                    ": it goes on, but its alerts are no longer delivered");
    }
  }
}

// -- Signals -----------------------------------------------------------------------------------

void LiveMonitor::await_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    if (signal == SIGHUP) {
      options_.manager.reloading(clock_.mono());
      reload();
      options_.manager.ready(told_manager_);
      return await_signal();
    }
    stopping_ = true;
  });
}

// New rules for the same instruments take over the state of those that did not change. What needs
// new connections or threads is named and left for a restart.
void LiveMonitor::reload() {
  auto loaded = config::load_file(settings_.file);
  if (!loaded.ok()) return refuse_reload(loaded.problems);
  auto& fresh = loaded.settings;
  const auto& instruments = fresh.monitor.instruments;
  const bool same_instruments = std::ranges::equal(instruments, settings_.monitor.instruments, {},
                                                   &InstrumentInfo::symbol, &InstrumentInfo::symbol);
  if (!same_instruments) return refuse_reload({"other instruments need a restart"});
  for (std::size_t i = 0; i < fresh.delivery.rules.size(); ++i) {
    for (const auto& name : fresh.delivery.rules[i].sinks) {
      if (std::ranges::find(settings_.sinks, name, &alerts::SinkOptions::name) == settings_.sinks.end())
        return refuse_reload({"rule '" + fresh.monitor.rules[i].id + "' names sink '" + name +
                              "', which is not running yet: that needs a restart"});
    }
  }
  auto history = load_history(options_.state, fresh);
  if (!history) return refuse_reload({history.error().message});
  auto monitor = std::make_unique<processing::Monitor>(fresh.monitor, std::move(*history));
  if (const auto carried = monitor->load(monitor_->save(), processing::Resumed::kInPlace); !carried) {
    return refuse_reload({carried.error().message});
  }
  processing::use_calendars(fresh.calendars);
  settings_.monitor = fresh.monitor;
  settings_.delivery = fresh.delivery;
  *catalog_ = make_catalog(settings_);
  alerts::DeliveryPolicy delivery{*catalog_, settings_.delivery};
  delivery.succeed(*delivery_);
  *delivery_ = std::move(delivery);
  report_expired();
  desk_->route(alerts::Routing{settings_.sinks, settings_.delivery.rules});
  monitor_ = std::move(monitor);
  levels_.restore();
  view_ = std::make_unique<StateView>(settings_, *catalog_, *monitor_);
  pipeline_->replace(*monitor_);
  prices_->use(settings_.monitor);
  prices_->listen_to(*monitor_);
  snapshot_due_ = true;  // what the ring holds from before was meant for the old rules
  config_problem_.clear();
  config_loaded_ = clock_.now();
  const auto rules = std::to_string(speaking_rules(settings_));
  log_event(spdlog::level::info, "reloaded", {{"rules", rules}},
            "reload: " + rules + " rules in force; changes to feeds, pipeline, console and sinks need a restart");
}

void LiveMonitor::refuse_reload(const std::vector<std::string>& problems) {
  for (const auto& problem : problems)
    log_event(spdlog::level::err, "reload_refused", {{"problem", problem}}, "reload: " + problem);
  spdlog::error("reload: nothing was changed");
  config_problem_ =
      problems.front() + (problems.size() > 1 ? ", and more" : "") + "; the settings before stay in force";
}

void LiveMonitor::shut_down() {
  supervisor_->stop();
  options_.manager.stopping();
  pipeline_->stop();
  feeds_->stop();
  while (pipeline_->drain() != 0) {
  }
  prices_->end_stretch();
  snapshot_due_ = true;
  store_snapshot();
  boost::system::error_code ignored;
  signals_.cancel(ignored);
  second_.cancel();
  quarter_.cancel();
  end_.cancel();
  if (console_) {
    bool closed = false;
    console_->stop([&closed] { closed = true; });
    const auto until = clock_.mono() + std::chrono::seconds{2};
    while (!closed && clock_.mono() < until) io_.run_one_until(until);
  }
  if (screen_) screen_->flush(std::chrono::seconds{2});
  journal_->flush(std::chrono::seconds{2});
  outbox_->finish(kLastDeliveries);
  if (const auto stored = journal_->close(); !stored) spdlog::error("{}", stored.error().message);
}

// -- What the console asks ---------------------------------------------------------------------

void LiveMonitor::fill(console::StateSnapshot& state) {
  const auto now = clock_.now();
  const auto mono = clock_.mono();
  state.version = kVersion;
  state.epoch = journal_->epoch();
  state.started = started_;
  state.now = now;
  state.demo = options_.demo;
  state.note = options_.note;
  view_->fill_markets(*monitor_, *pipeline_, *feeds_, now, mono, state);
  view_->fill_feeds(*feeds_, *monitor_, *pipeline_, mono, state.feeds);
  StateView::fill_latency(pipeline_->latency(), state.latency);
  state.alert_count = desk_->alerts();
  state.delivered = delivery_->count(alerts::Held::kNot);
  state.held.clear();
  for (std::size_t i = 1; i < alerts::kHeldReasons; ++i) {
    const auto reason = static_cast<alerts::Held>(i);
    if (reason != alerts::Held::kPending)
      state.held.push_back({std::string(name_of(reason)), delivery_->count(reason)});
  }
  state.queue_depth = pipeline_->queue().depth();
  state.queue_capacity = pipeline_->queue().capacity();
  state.queue_folded = pipeline_->folded();
  const auto storage = journal_->status();
  state.storage_ok = storage.ok;
  state.storage_reason = storage.reason + ring_trouble();
  state.clock_reason = clock_watch_.status().reason;
}

}  // namespace yagura::app
