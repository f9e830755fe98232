#include "app/price_keeper.hpp"

#include <algorithm>
#include <iterator>

namespace yagura::app {

using processing::Candle;
using processing::CandleRing;
using processing::CandleStep;
using processing::kCandleSteps;
using Prices = processing::PriceHistory::Prices;

namespace {

// Imported days are in a file of their own and need not go to the journal; ours have a tick at least.
constexpr std::uint64_t kImported = 0;

SymbolId symbol_at(std::size_t index) { return SymbolId{static_cast<std::uint16_t>(index)}; }

std::string key_of(const processing::MonitorOptions& options, SymbolId symbol) {
  const auto& name = options.instruments[index_of(symbol)].symbol;
  const auto* series = options.series_of(symbol);
  return series == nullptr ? name : name + "=" + series->expression.text;
}

}  // namespace

PriceKeeper::PriceKeeper(const processing::MonitorOptions& options)
    : history_(options.instruments.size(), processing::PriceHistory::sizes_for(options.instruments.size())) {
  for (std::size_t i = 0; i < options.instruments.size(); ++i)
    instruments_.push_back({.key = app::key_of(options, symbol_at(i))});
}

// -- At the start ----------------------------------------------------------------------------------

Result<void> PriceKeeper::load(alerts::AlertQuery& journal, std::string_view state) {
  for (std::size_t i = 0; i < instruments_.size(); ++i) {
    if (auto done = load(journal, instruments_[i], history_.of(symbol_at(i))); !done) return done;
  }
  if (!state.empty()) {
    if (auto done = restore(state); !done) return done;
  }
  // Below the newest few all that was loaded stands on the disk.
  for (std::size_t i = 0; i < instruments_.size(); ++i) {
    for (const auto step : kCandleSteps)
      instruments_[i].stored[static_cast<std::size_t>(step)] = history_.of(symbol_at(i)).of(step).settled();
  }
  return {};
}

Result<void> PriceKeeper::load(alerts::AlertQuery& journal, Instrument& instrument, Prices& prices) {
  for (const auto step : kCandleSteps) {
    auto& ring = prices.of(step);
    const auto candles = journal.candles(instrument.key, {.step = step, .limit = ring.capacity(), .newest = true});
    if (!candles) return Error{candles.error().message};
    for (const auto& candle : *candles) ring.append(candle);
    instrument.more_on_disk[static_cast<std::size_t>(step)] = candles->size() == ring.capacity();
  }
  return {};
}

void PriceKeeper::add_days(SymbolId symbol, const std::vector<processing::DailyRow>& days) {
  if (days.empty()) return;
  auto& ring = history_.of(symbol).of(CandleStep::kDay);
  const auto ours = ring.copy(ring.first(), ring.end());
  std::vector<Candle> imported;
  for (const auto& day : days)
    imported.push_back({.from_s = day.bar.date.time_since_epoch() / std::chrono::seconds{1},
                        .open = day.open.value_or(day.bar.close),
                        .high = day.bar.high,
                        .low = day.bar.low,
                        .close = day.bar.close,
                        .first = {},
                        .last = {},
                        .ticks = kImported});
  // The newest day of both may not be over: ours goes on.
  if (!ours.empty() && ours.back().from_s == imported.back().from_s) imported.pop_back();
  std::vector<Candle> both;
  std::ranges::set_union(imported, ours, std::back_inserter(both), {}, &Candle::from_s, &Candle::from_s);
  CandleRing merged{ring.capacity()};
  for (const auto& candle : both) merged.append(candle);
  auto& stored = instruments_[index_of(symbol)].stored[static_cast<std::size_t>(CandleStep::kDay)];
  stored = stored < ring.end() ? merged.find(ring.at(stored).from_s) : merged.end();
  ring = std::move(merged);
}

void PriceKeeper::use(const processing::MonitorOptions& options) {
  for (std::size_t i = 0; i < instruments_.size(); ++i) {
    auto key = app::key_of(options, symbol_at(i));
    if (key == instruments_[i].key) continue;
    alerts::HistoryRows rows{.instrument = instruments_[i].key, .erase_from = {}, .candles = {}, .pieces = {}};
    if (const auto from = history_.of(symbol_at(i)).forgotten_from; from != Timestamp::max()) rows.erase_from = from;
    hand_candles(symbol_at(i), rows, true);
    rows.pieces = std::move(instruments_[i].ended);
    if (rows.erase_from || !rows.candles.empty() || !rows.pieces.empty()) left_.push_back(std::move(rows));
    instruments_[i] = {.key = std::move(key)};
    history_.clear(symbol_at(i));
  }
}

void PriceKeeper::save(std::string& out) {
  auto io = processing::StateIo::writer(out);
  auto count = static_cast<std::uint32_t>(instruments_.size());
  io(count);
  for (std::size_t i = 0; i < instruments_.size(); ++i) {
    io(instruments_[i].key, instruments_[i].window);
    for (const auto step : kCandleSteps) {
      const auto& ring = history_.of(symbol_at(i)).of(step);
      auto newest = ring.copy(ring.settled(), ring.end());
      std::erase_if(newest, [](const Candle& candle) { return candle.ticks == kImported; });
      io(newest);
    }
  }
}

Result<void> PriceKeeper::restore(std::string_view state) {
  auto io = processing::StateIo::reader(state);
  std::uint32_t count = 0;
  io(count);
  for (std::uint32_t i = 0; i < count && io.ok(); ++i) {
    std::string key;
    AlertWindow window;
    std::array<std::vector<Candle>, kCandleSteps.size()> newest;
    io(key, window);
    for (auto& candles : newest) io(candles);
    const auto known = std::ranges::find(instruments_, key, &Instrument::key);
    if (!io.ok()) break;
    if (known == instruments_.end()) {
      // Nothing but this snapshot has them: should it be watched again one day, the journal does.
      alerts::HistoryRows rows{.instrument = std::move(key), .erase_from = {}, .candles = {}, .pieces = {}};
      for (const auto step : kCandleSteps)
        for (const auto& candle : newest[static_cast<std::size_t>(step)]) rows.candles.push_back({step, candle});
      if (!rows.candles.empty()) left_.push_back(std::move(rows));
      continue;
    }
    known->window = window;
    auto& prices = history_.of(symbol_at(static_cast<std::size_t>(known - instruments_.begin())));
    for (std::size_t step = 0; step < newest.size(); ++step)
      for (const auto& candle : newest[step]) prices.candles[step].append(candle);
  }
  if (!io.ok() || !io.at_end()) return Error{"the history in the snapshot does not read back"};
  return {};
}

// -- What happens ----------------------------------------------------------------------------------

void PriceKeeper::note_alerts(const SignalBuffer& signals) {
  for (const auto& signal : signals.signals()) instruments_[index_of(signal.symbol)].window.note_alert(signal.ts_event);
}

void PriceKeeper::on_clock(SymbolId symbol, Timestamp now) {
  auto& clock = instruments_[index_of(symbol)].clock;
  clock = std::max(clock, now);
}

Timestamp PriceKeeper::market_time(SymbolId symbol) const {
  const auto& ticks = history_.of(symbol).ticks;
  const auto clock = instruments_[index_of(symbol)].clock;
  return ticks.empty() ? clock : std::max(clock, ticks.newest().at);
}

Timestamp PriceKeeper::complete_since(SymbolId symbol) const {
  const auto& prices = history_.of(symbol);
  if (prices.began == Timestamp{} || prices.ticks.empty()) return Timestamp::max();
  // Of the ticks at the oldest moment some may be gone.
  return prices.ticks.wrapped() ? std::max(prices.began, prices.ticks.oldest().at + Duration{1}) : prices.began;
}

bool PriceKeeper::has_older(SymbolId symbol, CandleStep step) const {
  const auto& ring = history_.of(symbol).of(step);
  return instruments_[index_of(symbol)].more_on_disk[static_cast<std::size_t>(step)] || ring.first() != 0;
}

bool PriceKeeper::due() const {
  for (std::size_t i = 0; i < instruments_.size(); ++i)
    if (instruments_[i].window.due(market_time(symbol_at(i)))) return true;
  return false;
}

// -- With each snapshot ----------------------------------------------------------------------------

std::vector<alerts::HistoryRows> PriceKeeper::rows() {
  auto all = left_;
  for (std::size_t i = 0; i < instruments_.size(); ++i) {
    alerts::HistoryRows rows{.instrument = instruments_[i].key, .erase_from = {}, .candles = {}, .pieces = {}};
    if (const auto from = history_.of(symbol_at(i)).forgotten_from; from != Timestamp::max()) rows.erase_from = from;
    hand_candles(symbol_at(i), rows);
    hand_ticks(symbol_at(i), rows);
    if (rows.erase_from || !rows.candles.empty() || !rows.pieces.empty()) all.push_back(std::move(rows));
  }
  return all;
}

void PriceKeeper::hand_candles(SymbolId symbol, alerts::HistoryRows& rows, bool all) {
  auto& instrument = instruments_[index_of(symbol)];
  const auto& prices = history_.of(symbol);
  for (const auto step : kCandleSteps) {
    const auto& ring = prices.of(step);
    const auto at = static_cast<std::size_t>(step);
    auto begin = instrument.stored[at];
    // Candles that were forgotten gave their numbers to others.
    if (rows.erase_from) {
      const auto erased_s = std::chrono::floor<std::chrono::seconds>(*rows.erase_from).time_since_epoch().count();
      begin = std::min(begin, ring.find(erased_s - seconds_of(step) + 1));
    }
    const auto end = all ? ring.end() : ring.settled();
    begin = std::clamp(begin, ring.first(), end);
    for (auto number = begin; number != end; ++number)
      if (ring.at(number).ticks != kImported) rows.candles.push_back({step, ring.at(number)});
    instrument.handed[at] = end;
  }
}

void PriceKeeper::hand_ticks(SymbolId symbol, alerts::HistoryRows& rows) {
  auto& instrument = instruments_[index_of(symbol)];
  rows.pieces = instrument.ended;
  instrument.handed_to = Timestamp{};
  const auto stretch = instrument.window.due(market_time(symbol));
  if (!stretch) return;
  instrument.handed_to = stretch->to;
  if (auto ticks = piece(symbol, *stretch)) rows.pieces.push_back(*std::move(ticks));
}

// Nothing when all of it lies before what is known.
std::optional<alerts::TickPiece> PriceKeeper::piece(SymbolId symbol, const AlertWindow::Stretch& stretch) const {
  const auto from = std::max(stretch.from, complete_since(symbol));
  if (from >= stretch.to) return std::nullopt;
  return alerts::TickPiece{from, stretch.to, history_.of(symbol).ticks.between(from, stretch.to)};
}

void PriceKeeper::end_stretch() {
  for (std::size_t i = 0; i < instruments_.size(); ++i) {
    auto& instrument = instruments_[i];
    const auto stretch = instrument.window.due(market_time(symbol_at(i)), true);
    if (!stretch) continue;
    if (auto ticks = piece(symbol_at(i), *stretch)) instrument.ended.push_back(*std::move(ticks));
    instrument.window.stored_to(stretch->to);
  }
  history_.begin_stretch();
}

void PriceKeeper::taken() {
  left_.clear();
  for (std::size_t i = 0; i < instruments_.size(); ++i) {
    auto& instrument = instruments_[i];
    instrument.stored = instrument.handed;
    instrument.ended.clear();
    if (instrument.handed_to != Timestamp{}) instrument.window.stored_to(instrument.handed_to);
    history_.of(symbol_at(i)).forgotten_from = Timestamp::max();
  }
}

}  // namespace yagura::app
