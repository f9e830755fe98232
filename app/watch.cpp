#include "app/watch.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/log.hpp"
#include "processing/calendar.hpp"

namespace yagura::app {
namespace {

// Repeats of one complaint are held back for so long.
constexpr auto kComplainEvery = std::chrono::minutes{1};
// Event times further from our clock belong to a recording, whose silences mean nothing.
constexpr auto kLive = std::chrono::minutes{5};

}  // namespace

Watch::Watch(const config::Settings& settings, const Pipeline& pipeline, FeedThread& feeds,
             const alerts::Journal& journal, const console::ConsoleServer* console, const Clock& clock)
    : settings_(settings),
      pipeline_(pipeline),
      feeds_(feeds),
      journal_(journal),
      console_(console),
      clock_(clock),
      started_(clock.now()),
      started_mono_(clock.mono()),
      state_(feeds.size()) {
  for (auto& feed : state_) feed.since = clock.mono();
}

void Watch::on_second() {
  for (std::size_t i = 0; i < feeds_.size(); ++i) {
    const auto status = feeds_.status(i);
    watch_data(i, status);
    report_errors(i, status);
  }
  report_refusals();
  report_cuts();
  report_storage();
}

bool Watch::data_is_due(SymbolId symbol) const {
  const auto now = clock_.now();
  const auto piece = processing::calendar_piece(settings_.monitor.instruments[index_of(symbol)].calendar, now);
  // Last prints may stay away, and the auction brings none.
  if (!piece.open || piece.close || piece.trailing || piece.to - now < std::chrono::minutes{5}) return false;
  const auto market = pipeline_.market_time(symbol, clock_.mono());
  const auto is_live = [&](Timestamp at) { return market > at - kLive && market < at + kLive; };
  // A wall clock that jumps must not turn live ticks into a recording: the steady one counts as well.
  return market == Timestamp{} || is_live(now) || is_live(started_ + (clock_.mono() - started_mono_));
}

bool Watch::data_is_due(std::size_t feed) const {
  return std::ranges::any_of(settings_.feeds[feed].symbols,
                             [&](const auto& pair) { return data_is_due(*settings_.symbols.find(pair.first)); });
}

// The longest silence that is usual for any market this feed serves.
Duration Watch::stale_after(std::size_t feed) const {
  Duration longest{};
  for (const auto& [ours, theirs] : settings_.feeds[feed].symbols)
    longest = std::max(longest, pipeline_.silence_limit(*settings_.symbols.find(ours)));
  return longest;
}

MonoTime Watch::due_since(std::size_t feed) const {
  auto earliest = MonoTime::max();
  for (const auto& [ours, theirs] : settings_.feeds[feed].symbols)
    earliest = std::min(earliest, pipeline_.due_since(*settings_.symbols.find(ours)));
  return earliest;
}

// Judged by data, not by sockets: a connection may answer pings for ever and bring nothing.
void Watch::watch_data(std::size_t feed, const feeds::FeedStatus& status) {
  using feeds::FeedState;
  auto& state = state_[feed];
  const bool connected = status.state == FeedState::kLive || status.state == FeedState::kSubscribed ||
                         status.state == FeedState::kHandshake;
  const auto now = clock_.mono();
  // A connection just made gets its chance, and so does a market that has just opened.
  const auto since = std::max({state.since, status.last_tick, status.last_open, due_since(feed)});
  // The first time as soon as it is stale; if that does not help, as often as its own setting says.
  const bool asked = state.asked && *state.asked >= status.last_tick;
  const Duration silence = settings_.feeds[feed].silence;
  const Duration patience = asked ? silence : std::min(silence, stale_after(feed));
  if (!connected) return;
  if (now - since <= patience || !data_is_due(feed)) return watch_symbols(feed, status);
  ask_anew(feed, status, "connected, but no data for " + format_duration(patience));
}

// One of several has fallen silent: its subscription may be lost. Asked for once each time, so that a
// symbol the vendor dropped does not disturb the others for ever.
void Watch::watch_symbols(std::size_t feed, const feeds::FeedStatus& status) {
  const auto& settings = settings_.feeds[feed];
  const auto now = clock_.mono();
  for (const auto& [ours, theirs] : settings.symbols) {
    const auto symbol = *settings_.symbols.find(ours);
    const auto heard = pipeline_.heard(symbol, feed).at;
    if (heard == MonoTime{} || (state_[feed].asked && *state_[feed].asked >= heard)) continue;
    const Duration patience = std::max(settings.silence, pipeline_.silence_limit(symbol));
    const auto since = std::max({heard, status.last_open, pipeline_.due_since(symbol)});
    if (now - since <= patience || !data_is_due(symbol)) continue;
    return ask_anew(feed, status, "no data of " + ours + " for " + format_duration(patience) + ", others come");
  }
}

void Watch::ask_anew(std::size_t feed, const feeds::FeedStatus& status, const std::string& why) {
  state_[feed].asked = clock_.mono();
  feeds_.restart(feed, status.connects, why);
}

void Watch::report_errors(std::size_t feed, const feeds::FeedStatus& status) {
  auto& state = state_[feed];
  const auto errors = status.decode_errors + status.vendor_errors;
  const auto now = clock_.mono();
  if (errors == state.errors || (state.reported != MonoTime{} && now - state.reported < kComplainEvery)) return;
  const auto more = errors - state.errors;
  log_event(spdlog::level::warn, "feed_errors", {{"feed", status.name}, {"errors", std::to_string(more)}},
            fmt::format("feed {}: {} more error{}, the last: {}", status.name, more, more == 1 ? "" : "s",
                        status.last_error));
  state.errors = errors;
  state.reported = now;
}

void Watch::report_refusals() {
  if (console_ == nullptr) return;
  const auto& stats = console_->access_stats();
  const auto all = stats.bad_host + stats.bad_origin + stats.no_token + stats.throttled;
  const auto now = clock_.mono();
  if (all == refusals_ || (refusals_reported_ != MonoTime{} && now - refusals_reported_ < kComplainEvery)) return;
  const auto more = all - refusals_;
  log_event(
      spdlog::level::warn, "console_refused", {{"requests", std::to_string(more)}},
      fmt::format("console: {} request{} refused; so far {} for the Host, {} for the Origin, {} for want of a token",
                  more, more == 1 ? "" : "s", stats.bad_host, stats.bad_origin, stats.no_token));
  refusals_ = all;
  refusals_reported_ = now;
}

// Clients that were cut off while they were being served; who never finished a request is metrics' business.
void Watch::report_cuts() {
  if (console_ == nullptr) return;
  const auto& stats = console_->server_stats();
  const auto all = stats.cut_slow + stats.cut_silent + stats.cut_policy;
  const auto now = clock_.mono();
  if (all == cuts_ || (cuts_reported_ != MonoTime{} && now - cuts_reported_ < kComplainEvery)) return;
  const auto more = all - cuts_;
  log_event(spdlog::level::warn, "console_cut", {{"clients", std::to_string(more)}, {"reason", stats.last_cut}},
            fmt::format("console: {} client{} cut off, the last: {}", more, more == 1 ? "" : "s", stats.last_cut));
  cuts_ = all;
  cuts_reported_ = now;
}

void Watch::report_storage() {
  const auto storage = journal_.status();
  if (storage.ok == storage_ok_) return;
  storage_ok_ = storage.ok;
  if (storage.ok)
    log_event(spdlog::level::info, "storage_ok", {},
              fmt::format("storage works again; {} alerts on the way to it", storage.queued));
  else
    log_event(
        spdlog::level::err, "storage_failed", {{"reason", storage.reason}},
        fmt::format("storage refuses: {}; alerts go out and are kept in memory until it works again", storage.reason));
}

}  // namespace yagura::app
