#include "app/price_answers.hpp"

#include <algorithm>
#include <exception>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <boost/asio/post.hpp>

#include "alerts/alert_query.hpp"
#include "console/price_json.hpp"
#include "processing/candle_fold.hpp"

namespace yagura::app {

using alerts::TickPiece;
using processing::Candle;
using processing::PastTick;

namespace {

constexpr const char* kBusy = "too many questions about past prices wait already; try again";
constexpr auto kByDefault = std::chrono::minutes{1};  // of ticks

std::int64_t whole_seconds(Timestamp at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

// Times at the ends of what 64 bits hold would run over.
Timestamp within_reach(Timestamp at) {
  constexpr auto kReach = Timestamp::max() - std::chrono::days{2};
  return std::clamp(at, Timestamp{-kReach.time_since_epoch()}, kReach);
}

// What is to be looked for, and what memory has of it.
struct CandleTask {
  std::string symbol, key;
  console::CandleInterval interval;
  bool newest = false;
  std::size_t limit = 0;
  std::vector<Candle> recent{};
  std::optional<alerts::CandleRange> older{};  // in the journal
};

CandleTask task_of(const console::CandleQuestion& question, const PriceKeeper& keeper) {
  const auto& interval = question.interval;
  const auto& ring = keeper.history().of(question.instrument).of(interval.base);
  CandleTask task{.symbol = {},
                  .key = keeper.key_of(question.instrument),
                  .interval = interval,
                  .newest = !question.from,
                  .limit = question.limit};
  // Whole intervals: the one that `from` lies in, and the one that begins last before `to`.
  const auto from_s = question.from
                          ? processing::interval_start(whole_seconds(within_reach(*question.from)), interval.seconds)
                          : std::numeric_limits<std::int64_t>::min();
  const auto to_s = question.to ? processing::interval_start(whole_seconds(within_reach(*question.to) - Duration{1}),
                                                             interval.seconds) +
                                      interval.seconds
                                : std::numeric_limits<std::int64_t>::max();
  const auto most = question.limit * static_cast<std::size_t>(interval.seconds / seconds_of(interval.base));
  auto begin = ring.find(from_s);
  auto end = std::max(ring.find(to_s), begin);
  if (end - begin > most) (task.newest ? begin : end) = task.newest ? end - most : begin + most;
  task.recent = ring.copy(begin, end);
  const bool reaches_back = ring.size() == 0 || from_s < ring.at(ring.first()).from_s;
  if (!keeper.has_older(question.instrument, interval.base) || !reaches_back || begin != ring.first() ||
      (task.newest && task.recent.size() == most))
    return task;
  task.older = {.step = interval.base,
                .from_s = from_s,
                .to_s = ring.size() == 0 ? to_s : std::min(to_s, ring.at(ring.first()).from_s),
                .limit = task.newest ? most - task.recent.size() : most,
                .newest = task.newest};
  return task;
}

Result<std::string> find(CandleTask task, const std::filesystem::path& journal) {
  std::vector<Candle> candles;
  if (task.older) {
    auto query = alerts::AlertQuery::open(journal);
    if (!query) return Error{query.error().message};
    auto older = query->candles(task.key, *task.older);
    if (!older) return Error{older.error().message};
    candles = *std::move(older);
  }
  candles.insert(candles.end(), task.recent.begin(), task.recent.end());
  const auto folded = processing::fold_candles(candles, task.interval.seconds);
  const auto count = std::min(folded.size(), task.limit);
  const auto all = std::span{folded};
  return console::candles_json(task.symbol, task.interval, task.newest ? all.last(count) : all.first(count));
}

struct TickTask {
  std::string symbol, key;
  Timestamp from, to;
  std::size_t limit = 0;
  std::optional<TickPiece> recent{};  // complete as far as it goes
  bool older = false;                 // the journal may have some
};

// Pieces rise in time; where two overlap the later one holds.
std::vector<PastTick> merge(const std::vector<TickPiece>& pieces, const TickTask& task) {
  std::vector<PastTick> ticks;
  std::size_t most = 0;
  for (const auto& piece : pieces) most += piece.ticks.size();
  ticks.reserve(most);
  for (const auto& piece : pieces) {
    while (!ticks.empty() && ticks.back().at >= piece.from) ticks.pop_back();
    std::ranges::copy_if(piece.ticks, std::back_inserter(ticks),
                         [&](const PastTick& tick) { return tick.at >= task.from && tick.at < task.to; });
  }
  return ticks;
}

bool cover(const std::vector<TickPiece>& pieces, const TickTask& task) {
  auto known = task.from;
  for (const auto& piece : pieces) {
    if (piece.from <= known) known = std::max(known, piece.to);
  }
  return known >= task.to;
}

Result<std::string> find(TickTask task, const std::filesystem::path& journal) {
  std::vector<TickPiece> pieces;
  if (task.older) {
    auto query = alerts::AlertQuery::open(journal);
    if (!query) return Error{query.error().message};
    const auto to = task.recent ? std::min(task.recent->from, task.to) : task.to;
    auto found = query->pieces(task.key, task.from, to, task.limit);
    if (!found) return Error{found.error().message};
    pieces = *std::move(found);
  }
  if (task.recent) pieces.push_back(*std::move(task.recent));
  const auto ticks = merge(pieces, task);
  const auto shown = std::span{ticks}.first(std::min(ticks.size(), task.limit));
  return console::ticks_json(task.symbol, shown, shown.size() == ticks.size() && cover(pieces, task));
}

}  // namespace

void PriceAnswers::candles(const console::CandleQuestion& question, Answer answer) {
  if (!background_.room()) return answer(Error{kBusy});
  auto task = task_of(question, keeper_);
  task.symbol = symbols_[index_of(question.instrument)];
  run([this, task = std::move(task)]() mutable { return find(std::move(task), journal_); }, std::move(answer));
}

void PriceAnswers::ticks(const console::TickQuestion& question, Answer answer) {
  if (!background_.room()) return answer(Error{kBusy});
  const auto symbol = question.instrument;
  const auto market = keeper_.market_time(symbol);
  const auto since = keeper_.complete_since(symbol);
  const auto to = within_reach(question.to.value_or(market + Duration{1}));
  TickTask task{.symbol = symbols_[index_of(symbol)],
                .key = keeper_.key_of(symbol),
                .from = within_reach(question.from.value_or(to - kByDefault)),
                .to = to,
                .limit = question.limit};
  task.older = since > task.from;
  if (since != Timestamp::max() && since < task.to) {
    // Of the market's very moment more may come: it is shown, but it does not count as complete.
    const auto from = std::max(task.from, since);
    task.recent = TickPiece{from, std::max(from, market),
                            keeper_.history().of(symbol).ticks.between(from, task.to, question.limit + 1)};
  }
  run([this, task = std::move(task)]() mutable { return find(std::move(task), journal_); }, std::move(answer));
}

void PriceAnswers::run(std::function<Result<std::string>()> find, Answer answer) {
  const auto asked = std::chrono::steady_clock::now();
  const bool taken =
      background_.run([this, find = std::move(find), answer, asked, alive = std::weak_ptr<void>(alive_)] {
        const bool late = std::chrono::steady_clock::now() - asked >= patience_;
        boost::asio::post(io_, [answer, alive, body = late ? Error{kBusy} : guarded(find)]() mutable {
          if (!alive.expired()) answer(std::move(body));
        });
      });
  if (!taken) answer(Error{kBusy});
}

// Whatever happens the asker hears of it.
Result<std::string> PriceAnswers::guarded(const std::function<Result<std::string>()>& find) {
  try {
    return find();
  } catch (const std::exception& error) {
    if (!std::exchange(failed_, true)) spdlog::error("past prices: a question could not be answered: {}", error.what());
    return Error{fmt::format("past prices: {}", error.what())};
  }
}

}  // namespace yagura::app
