#include "app/liveness_view.hpp"

#include <algorithm>

namespace yagura::app {
namespace {

using processing::Expect;
using processing::Liveness;

// A source whose price stands still for so long while another's moves.
constexpr auto kFrozen = std::chrono::minutes{5};

bool serves(const config::FeedSettings& feed, const std::string& symbol) { return feed.symbols.contains(symbol); }

std::int64_t milliseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

std::string reason_text(std::optional<StaleReason> reason) {
  return reason ? std::string(name_of(*reason)) : std::string{};
}

// Another instrument's price changed since this one's did.
bool others_move(processing::Monitor& monitor, SymbolId symbol) {
  const auto moved = monitor.instrument(symbol).liveness().moved_at();
  for (std::size_t i = 0; i < monitor.size(); ++i) {
    const SymbolId other{static_cast<std::uint16_t>(i)};
    if (other != symbol && monitor.instrument(other).liveness().moved_at() > moved) return true;
  }
  return false;
}

}  // namespace

StaleReason cause_of(const feeds::FeedStatus& status) {
  using feeds::FeedReason;
  using feeds::FeedState;
  // The reason of the last loss stands until data comes again.
  switch (status.reason) {
    case FeedReason::kAuth: return StaleReason::kAuth;
    case FeedReason::kNoData: return StaleReason::kNoData;
    case FeedReason::kNone: break;
    default: return StaleReason::kSocketClosed;
  }
  const bool open = status.state == FeedState::kLive || status.state == FeedState::kSubscribed ||
                    status.state == FeedState::kHandshake;
  return open ? StaleReason::kNoData : StaleReason::kSocketClosed;
}

StaleReason cause_of_silence(SymbolId symbol, const config::Settings& settings, const Pipeline& pipeline,
                             const FeedThread& feeds) {
  auto feed = pipeline.speaking_feed(symbol);
  if (feed < 0) {
    const auto& name = settings.monitor.instruments[index_of(symbol)].symbol;
    const auto first = std::ranges::find_if(settings.feeds, [&](const auto& f) { return serves(f, name); });
    if (first == settings.feeds.end()) return StaleReason::kNoData;
    feed = static_cast<int>(first - settings.feeds.begin());
  }
  return cause_of(feeds.status(static_cast<std::size_t>(feed)));
}

void fill_liveness(SymbolId symbol, processing::Monitor& monitor, const std::vector<config::FeedSettings>& settings,
                   const Pipeline& pipeline, const FeedThread& feeds, Timestamp now, MonoTime mono,
                   console::InstrumentSnapshot& row) {
  auto& instrument = monitor.instrument(symbol);
  auto& liveness = instrument.liveness();
  const auto market_now = pipeline.market_time(symbol, mono);
  const Timestamp moment = market_now == Timestamp{} ? now : market_now;
  const auto expect = liveness.expected(moment);

  MonoTime moved{};  // the newest change of any source
  for (std::size_t i = 0; i < settings.size(); ++i) moved = std::max(moved, pipeline.heard(symbol, i).moved);
  auto whole = liveness.condition(moment, mono, instrument.filter().held() != 0,
                                  others_move(monitor, symbol) || moved > liveness.moved_at());
  row.feed.sources.clear();
  const int speaking = pipeline.speaking_feed(symbol);
  for (std::size_t i = 0; i < settings.size(); ++i) {
    if (!serves(settings[i], row.symbol)) continue;
    const auto heard = pipeline.heard(symbol, i);
    const auto since = std::max(heard.at, pipeline.due_since(symbol));
    std::optional<Duration> age;
    if (heard.at != MonoTime{}) age = since > mono ? Duration{0} : mono - since;
    auto state = processing::liveness_of(expect, age, whole.silence, whole.limits);
    if (state == Liveness::kLive && moved - heard.moved > kFrozen) state = Liveness::kFrozen;
    std::optional<StaleReason> reason;
    if (state == Liveness::kFrozen)
      reason = StaleReason::kFrozen;
    else if (state == Liveness::kLate || state == Liveness::kStale || state == Liveness::kConnecting)
      reason = cause_of(feeds.status(i));
    if (state == Liveness::kConnecting && reason == StaleReason::kNoData) reason.reset();
    console::SourceRow source{.feed = settings[i].name,
                              .state = std::string(processing::name_of(state)),
                              .reason = reason_text(reason),
                              .silence_ms = {},
                              .speaks = static_cast<int>(i) == speaking};
    if (heard.at != MonoTime{}) source.silence_ms = milliseconds(mono - heard.at);
    if (static_cast<int>(i) == speaking && whole.reason == StaleReason::kNoData)
      whole.reason = cause_of(feeds.status(i));
    row.feed.sources.push_back(std::move(source));
  }
  row.feed.state = processing::name_of(whole.state);
  row.feed.reason = reason_text(whole.reason);
  row.feed.silence_ms = milliseconds(whole.silence);
  row.feed.stale_after_ms = milliseconds(whole.limits.stale);
  row.feed.failovers = pipeline.failovers(symbol);
}

}  // namespace yagura::app
