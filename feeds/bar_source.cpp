// Bar CSV as ticks (SEMANTICS 2): open, first extreme, second extreme, close, a quarter of the bar
// apart. Which extreme came first is not known; the low is taken first in a bar that rises.
#include <unordered_map>

#include "feeds/source_readers.hpp"

namespace yagura::feeds {
namespace {

constexpr std::int64_t kSingleBar = 60'000'000'000;  // length when there is no second bar to tell

struct Corners {
  Price open, high, low, close;
};

struct Bar {
  std::int64_t start_ns = 0;
  Corners bid;  // or the only prices there are
  Corners ask;
};

bool has_all(const CsvRow& row, Column first) {
  for (std::size_t i = 0; i < 4; ++i) {
    if (!row.has(static_cast<Column>(static_cast<std::size_t>(first) + i))) return false;
  }
  return true;
}

RowProblem read_corners(const CsvRow& row, Column first, Corners& out) {
  Price* const into[] = {&out.open, &out.high, &out.low, &out.close};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto column = static_cast<Column>(static_cast<std::size_t>(first) + i);
    if (const auto problem = row.read_price(column, *into[i])) return problem;
  }
  return {};
}

// Most frequent positive step between successive bars; of equally frequent ones the shorter.
std::int64_t bar_length(const std::vector<Bar>& bars) {
  std::unordered_map<std::int64_t, std::size_t> counts;
  for (std::size_t i = 1; i < bars.size(); ++i) {
    std::int64_t step = 0;
    if (!__builtin_sub_overflow(bars[i].start_ns, bars[i - 1].start_ns, &step) && step > 0) ++counts[step];
  }
  std::int64_t best = kSingleBar;
  std::size_t best_count = 0;
  for (const auto& [step, count] : counts) {
    if (count > best_count || (count == best_count && step < best)) {
      best = step;
      best_count = count;
    }
  }
  return best;
}

std::array<Price, 4> path(const Corners& c, bool low_first) {
  return low_first ? std::array{c.open, c.low, c.high, c.close} : std::array{c.open, c.high, c.low, c.close};
}

void add_ticks(const Bar& bar, bool quotes, std::int64_t length, Tick tick, std::vector<Tick>& out) {
  const auto sum = [&](Price Corners::*corner) { return Int128{(bar.bid.*corner).raw()} + (bar.ask.*corner).raw(); };
  const bool rises = quotes ? sum(&Corners::close) >= sum(&Corners::open) : bar.bid.close >= bar.bid.open;
  const auto bid = path(bar.bid, rises);
  const auto ask = path(bar.ask, rises);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto quarter = static_cast<std::int64_t>(i);
    std::int64_t ns = 0;
    if (__builtin_add_overflow(bar.start_ns, length / 4 * quarter + length % 4 * quarter / 4, &ns)) ns = bar.start_ns;
    tick.ts_event = tick.ts_recv = timestamp_from_ns(ns);
    tick.price = quotes ? mid(bid[i], ask[i]) : bid[i];
    if (quotes) {
      tick.flags |= TickFlag::kHasBid | TickFlag::kHasAsk;
      tick.bid = bid[i];
      tick.ask = ask[i];
    }
    out.push_back(tick);
  }
}

}  // namespace

bool has_bars(const CsvRow& row) {
  return has_all(row, Column::kOpen) || (has_all(row, Column::kBidOpen) && has_all(row, Column::kAskOpen));
}

void read_bar_rows(LineReader& lines, CsvRow& row, SymbolId symbol, SourceNames& sources, LoadedSource& out) {
  const bool quotes = !has_all(row, Column::kOpen);
  const auto unused = [&](Column column) {
    const bool quote_column = column >= Column::kBidOpen && column <= Column::kAskClose;
    const bool price_column = column >= Column::kOpen && column <= Column::kClose;
    return (quote_column && !quotes) || (price_column && quotes) || column == Column::kPrice ||
           column == Column::kBid || column == Column::kAsk || column == Column::kSeq || column == Column::kSource;
  };
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (unused(static_cast<Column>(i))) row.ignore(static_cast<Column>(i));
  }
  if (row.has(Column::kTsNs)) row.ignore(Column::kTsMs);

  std::vector<Bar> bars;
  for_each_row(lines, row, out, [&] {
    Bar bar;
    if (const auto problem = row.read_time(bar.start_ns)) return problem;
    if (const auto problem = read_corners(row, quotes ? Column::kBidOpen : Column::kOpen, bar.bid)) return problem;
    if (quotes) {
      if (const auto problem = read_corners(row, Column::kAskOpen, bar.ask)) return problem;
    }
    bars.push_back(bar);
    return RowProblem{};
  });
  Tick tick{};
  tick.symbol = symbol;
  tick.source = sources.fresh();
  tick.flags = TickFlag::kFromBar;
  const auto length = bar_length(bars);
  out.ticks.reserve(bars.size() * 4);
  for (const auto& bar : bars) add_ticks(bar, quotes, length, tick, out.ticks);
}

}  // namespace yagura::feeds
