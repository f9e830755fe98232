#include "alerts/history_table.hpp"

#include <algorithm>

#include "alerts/packed_ticks.hpp"

namespace yagura::alerts {

using processing::Candle;
using processing::CandleStep;
using sqlite::Connection;
using sqlite::Failure;
using sqlite::Statement;

namespace {

// So many more than kSeconds may stand there before they are cut back.
constexpr std::size_t kTrimEvery = 1024;
// More pieces than a question of a few minutes can touch.
constexpr std::int64_t kMostPieces = 4096;

std::int64_t seconds(Timestamp at) { return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(); }

Result<std::uint64_t, Failure> forget_ticks(Connection& connection, Timestamp limit, std::size_t rows) {
  auto statement = connection.prepare(
      "DELETE FROM ticks WHERE number IN (SELECT number FROM (SELECT number, stored_ns FROM ticks ORDER BY number "
      "LIMIT "
      "?2) WHERE stored_ns < ?1)");
  if (!statement) return statement.error();
  if (auto done = statement->bind(1, to_ns(limit)).bind(2, static_cast<std::int64_t>(rows)).run(); !done)
    return done.error();
  return static_cast<std::uint64_t>(connection.changes());
}

Result<std::uint64_t, Failure> forget_candles(Connection& connection, const std::string& instrument, CandleStep step,
                                              Duration keep, std::size_t rows) {
  auto statement = connection.prepare(
      "DELETE FROM candles WHERE instrument = ?1 AND step_s = ?2 AND from_s IN (SELECT from_s FROM candles "
      "WHERE instrument = ?1 AND step_s = ?2 AND from_s < (SELECT max(from_s) FROM candles WHERE instrument = ?1 AND "
      "step_s = ?2) - ?3 ORDER BY from_s LIMIT ?4)");
  if (!statement) return statement.error();
  statement->bind(1, std::string_view{instrument}).bind(2, seconds_of(step)).bind(3, keep / std::chrono::seconds{1});
  if (auto done = statement->bind(4, static_cast<std::int64_t>(rows)).run(); !done) return done.error();
  return static_cast<std::uint64_t>(connection.changes());
}

}  // namespace

Result<HistoryTable, Failure> HistoryTable::open(Connection& connection) {
  auto candle = connection.prepare("INSERT OR REPLACE INTO candles VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  if (!candle) return candle.error();
  auto ticks = connection.prepare(
      "INSERT OR REPLACE INTO ticks (instrument, from_ns, to_ns, stored_ns, blob) VALUES (?1, ?2, ?3, ?4, ?5)");
  if (!ticks) return ticks.error();
  auto erase = connection.prepare("DELETE FROM candles WHERE instrument = ?1 AND step_s = ?2 AND from_s + ?2 > ?3");
  if (!erase) return erase.error();
  auto trim = connection.prepare(
      "DELETE FROM candles WHERE instrument = ?1 AND step_s = 1 AND from_s < (SELECT from_s FROM candles "
      "WHERE instrument = ?1 AND step_s = 1 ORDER BY from_s DESC LIMIT 1 OFFSET ?2)");
  if (!trim) return trim.error();
  return HistoryTable{*std::move(candle), *std::move(ticks), *std::move(erase), *std::move(trim)};
}

Result<void, Failure> HistoryTable::insert(const HistoryRows& rows, Timestamp now) {
  const std::string_view name = rows.instrument;
  if (rows.erase_from) {
    for (const auto step : processing::kCandleSteps) {
      erase_.bind(1, name).bind(2, seconds_of(step)).bind(3, seconds(*rows.erase_from));
      if (auto done = erase_.run(); !done) return done;
    }
  }
  std::size_t added = 0;
  for (const auto& [step, candle] : rows.candles) {
    candle_.bind(1, name).bind(2, seconds_of(step)).bind(3, candle.from_s).bind(4, candle.open.raw());
    candle_.bind(5, candle.high.raw()).bind(6, candle.low.raw()).bind(7, candle.close.raw());
    candle_.bind(8, static_cast<std::int64_t>(candle.ticks));
    if (auto done = candle_.run(); !done) return done;
    added += step == CandleStep::kSecond;
  }
  for (const auto& piece : rows.pieces) {
    ticks_.bind(1, name).bind(2, to_ns(piece.from)).bind(3, to_ns(piece.to)).bind(4, to_ns(now));
    if (auto done = ticks_.bind_blob(5, pack(piece.ticks)).run(); !done) return done;
  }
  return added == 0 ? Result<void, Failure>{} : trim(rows.instrument, added);
}

Result<void, Failure> HistoryTable::trim(const std::string& instrument, std::size_t added) {
  // Before the first trim of a run as many may stand there as the last run left.
  auto& count = untrimmed_.try_emplace(instrument, kTrimEvery).first->second;
  if ((count += added) < kTrimEvery) return {};
  count = 0;
  return trim_.bind(1, std::string_view{instrument}).bind(2, static_cast<std::int64_t>(kSeconds)).run();
}

Result<std::uint64_t, Failure> forget_history(Connection& connection, Timestamp now, const HistoryKeep& keep,
                                              std::size_t rows) {
  const auto gone = forget_ticks(connection, now - keep.rest, rows);
  if (!gone) return gone;
  auto sum = *gone;
  // From one instrument to the next by the key, not through all of the table.
  auto next = connection.prepare("SELECT min(instrument) FROM candles WHERE instrument > ?1");
  if (!next) return next.error();
  for (std::string instrument;;) {
    next->bind(1, std::string_view{instrument});
    if (const auto found = next->step(); !found) return found.error();
    instrument = next->text(0);
    next->reset();
    if (instrument.empty()) return sum;
    for (const auto step : {CandleStep::kMinute, CandleStep::kHour, CandleStep::kDay}) {
      const auto age = step == CandleStep::kMinute ? keep.minutes : keep.rest;
      const auto count = forget_candles(connection, instrument, step, age, rows);
      if (!count) return count;
      sum += *count;
    }
  }
}

Result<std::vector<Candle>, Failure> read_candles(Connection& connection, std::string_view instrument,
                                                  const CandleRange& range) {
  auto statement = connection.prepare(
      range.newest
          ? "SELECT from_s, open, high, low, close, ticks FROM candles WHERE instrument = ?1 AND step_s = ?2 AND "
            "from_s >= ?3 AND from_s < ?4 ORDER BY from_s DESC LIMIT ?5"
          : "SELECT from_s, open, high, low, close, ticks FROM candles WHERE instrument = ?1 AND step_s = ?2 AND "
            "from_s >= ?3 AND from_s < ?4 ORDER BY from_s LIMIT ?5");
  if (!statement) return statement.error();
  statement->bind(1, instrument).bind(2, seconds_of(range.step)).bind(3, range.from_s).bind(4, range.to_s);
  statement->bind(5, static_cast<std::int64_t>(range.limit));
  std::vector<Candle> candles;
  for (;;) {
    const auto step = statement->step();
    if (!step) return step.error();
    if (*step == Statement::Step::kDone) break;
    candles.push_back({.from_s = statement->integer(0),
                       .open = Price::from_raw(statement->integer(1)),
                       .high = Price::from_raw(statement->integer(2)),
                       .low = Price::from_raw(statement->integer(3)),
                       .close = Price::from_raw(statement->integer(4)),
                       .first = {},
                       .last = {},
                       .ticks = static_cast<std::uint64_t>(statement->integer(5))});
  }
  if (range.newest) std::ranges::reverse(candles);
  return candles;
}

Result<std::vector<TickPiece>, Failure> read_pieces(Connection& connection, std::string_view instrument, Timestamp from,
                                                    Timestamp to, std::size_t limit) {
  // The one before the first that begins in the stretch may reach into it; those before that one do not.
  auto statement = connection.prepare(
      "SELECT from_ns, to_ns, blob FROM ticks WHERE instrument = ?1 AND from_ns < ?3 AND to_ns > ?2 AND from_ns >= "
      "coalesce((SELECT max(from_ns) FROM ticks WHERE instrument = ?1 AND from_ns <= ?2), ?2) ORDER BY from_ns LIMIT "
      "?4");
  if (!statement) return statement.error();
  statement->bind(1, instrument).bind(2, to_ns(from)).bind(3, to_ns(to)).bind(4, kMostPieces);
  std::vector<TickPiece> pieces;
  std::size_t certain = 0;  // ticks of the stretch that no further piece replaces
  for (;;) {
    const auto step = statement->step();
    if (!step) return step.error();
    if (*step == Statement::Step::kDone) return pieces;
    const auto begin = timestamp_from_ns(statement->integer(0));
    auto ticks = unpack(statement->text(2));
    if (!ticks) continue;
    if (!pieces.empty()) {
      certain += static_cast<std::size_t>(std::ranges::count_if(
          pieces.back().ticks, [&](const processing::PastTick& tick) { return tick.at >= from && tick.at < begin; }));
      if (certain > limit) return pieces;
    }
    pieces.push_back({begin, timestamp_from_ns(statement->integer(1)), *std::move(ticks)});
  }
}

}  // namespace yagura::alerts
