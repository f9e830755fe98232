#include "app/state_view.hpp"

#include <algorithm>

#include "app/calendar_page.hpp"
#include "app/liveness_view.hpp"
#include "app/pair_view.hpp"
#include "app/session_view.hpp"

namespace yagura::app {
namespace {

std::int64_t age_ms(MonoTime now, MonoTime then) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - then).count();
}

void fill_prices(const processing::DayBook& days, const Tick& last, console::InstrumentSnapshot& row) {
  row.price = last.price;
  if (has(last.flags, TickFlag::kHasBid)) row.bid = last.bid;
  if (has(last.flags, TickFlag::kHasAsk)) row.ask = last.ask;
  row.ts_event = last.ts_event;
  row.previous_close = days.previous_close();
  if (days.has_ticks_today()) {
    row.open = days.first_today();
    row.high = days.today().high;
    row.low = days.today().low;
  }
  if (!row.previous_close) return;
  row.change = last.price - *row.previous_close;
  row.change_pct = 100.0 * static_cast<double>(row.change->raw()) / static_cast<double>(row.previous_close->raw());
}

}  // namespace

StateView::StateView(const config::Settings& settings, const alerts::Catalog& catalog, processing::Monitor& monitor)
    : feeds_(settings.feeds), catalog_(catalog), distances_(settings.monitor, catalog) {
  for (std::size_t i = 0; i < monitor.size(); ++i)
    monitor.instrument(SymbolId{static_cast<std::uint16_t>(i)}).volatility().want();
}

void StateView::fill_markets(processing::Monitor& monitor, const Pipeline& pipeline, const FeedThread& feeds,
                             Timestamp now, MonoTime mono, console::StateSnapshot& state) const {
  state.instruments.clear();
  state.pairs.clear();
  state.interventions.clear();
  // Of a replay the newest of its instruments: one whose session is over hears no more of the time.
  Timestamp newest{};
  for (std::size_t i = 0; i < monitor.size(); ++i)
    newest = std::max(newest, pipeline.market_time(SymbolId{static_cast<std::uint16_t>(i)}, mono));
  for (std::size_t i = 0; i < monitor.size(); ++i) {
    const SymbolId symbol{static_cast<std::uint16_t>(i)};
    auto& instrument = monitor.instrument(symbol);
    const auto& info = instrument.info();
    const auto& days = instrument.days();
    console::InstrumentSnapshot row;
    row.symbol = info.symbol;
    row.name = info.name;
    row.name_ja = info.name_ja;
    row.tick = info.tick;
    row.pip = info.pip;
    row.decimals = info.decimals();
    row.calendar = calendar_name(info.calendar);
    const Tick* last = instrument.last_tick();
    const auto heard = pipeline.market_time(symbol, mono);
    const auto market_now = heard == Timestamp{} ? now : heard;
    row.segment = processing::calendar_piece(info.calendar, market_now).name;
    row.session = session_clock(info.calendar, newest == Timestamp{} ? now : newest);
    if (last != nullptr) {
      row.trading_date = to_string(days.date());
      row.age_ms = age_ms(mono, last->mono_recv);
      fill_prices(days, *last, row);
      distances_.fill(instrument, row);
    }
    fill_pairs(instrument, catalog_, market_now, state);
    const int feed = pipeline.speaking_feed(symbol);
    if (feed >= 0 && static_cast<std::size_t>(feed) < feeds_.size())
      row.source = feeds_[static_cast<std::size_t>(feed)].name;
    fill_liveness(symbol, monitor, feeds_, pipeline, feeds, now, mono, row);
    if (const auto* series = monitor.options().series_of(symbol)) row.source = series->expression.text;
    const auto& counts = instrument.filter().counts();
    row.accepted = counts.accepted;
    for (std::size_t r = 0; r < processing::kRejectReasons; ++r) {
      row.rejected.push_back(
          {std::string(processing::name_of(static_cast<processing::Reject>(r))), counts.rejected[r]});
    }
    state.instruments.push_back(std::move(row));
  }
}

void StateView::fill_feeds(const FeedThread& feeds, processing::Monitor& monitor, const Pipeline& pipeline,
                           MonoTime mono, std::vector<console::FeedSnapshot>& out) const {
  out.clear();
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    const auto status = feeds.status(i);
    console::FeedSnapshot row;
    row.name = status.name;
    row.vendor = feeds_[i].vendor;
    row.url = status.url;
    row.state = feeds::to_string(status.state);
    if (status.reason != feeds::FeedReason::kNone) row.reason = feeds::to_string(status.reason);
    row.why = status.text;
    if (status.since != MonoTime{}) row.since_ms = age_ms(mono, status.since);
    if (status.next_attempt != MonoTime{})
      row.next_attempt_ms = std::max<std::int64_t>(0, age_ms(status.next_attempt, mono));
    row.attempts = status.attempts;
    if (status.last_rx != MonoTime{}) row.last_rx_age_ms = age_ms(mono, status.last_rx);
    row.ticks = status.ticks;
    row.reconnects = status.connects > 0 ? status.connects - 1 : 0;
    row.errors = status.decode_errors + status.vendor_errors;
    row.one_sided = status.one_sided;
    row.unknown_symbols = status.unknown_symbols;
    row.last_error = status.last_error;
    // Holes are found by instrument; they are put down to the feed that speaks for it.
    for (std::size_t s = 0; s < monitor.size(); ++s) {
      const SymbolId symbol{static_cast<std::uint16_t>(s)};
      if (pipeline.speaking_feed(symbol) != static_cast<int>(i)) continue;
      row.speaks.push_back(monitor.instrument(symbol).info().symbol);
      row.gaps += monitor.instrument(symbol).filter().counts().gaps;
    }
    if (i == 0) row.folded = pipeline.folded();  // all feeds share one way into the queue
    out.push_back(std::move(row));
  }
}

void StateView::fill_latency(const LatencyStages& stages, std::vector<console::StageLatency>& out) {
  out.clear();
  const auto us = [](Duration d) { return static_cast<double>(d.count()) / 1000.0; };
  for (std::size_t s = 0; s < LatencyStages::kStages; ++s) {
    const auto& h = stages.of(static_cast<LatencyStages::Stage>(s));
    out.push_back({.stage = std::string(LatencyStages::kNames[s]),
                   .count = h.count(),
                   .p50_us = us(h.percentile(50)),
                   .p90_us = us(h.percentile(90)),
                   .p99_us = us(h.percentile(99)),
                   .p999_us = us(h.percentile(99.9)),
                   .max_us = us(h.max())});
  }
}

}  // namespace yagura::app
