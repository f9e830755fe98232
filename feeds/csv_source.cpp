// Tick CSV (SEMANTICS 2): one row, one tick.
#include "feeds/quick_row.hpp"
#include "feeds/source_readers.hpp"

namespace yagura::feeds {
namespace {

// Rows of one source stand together: the name is looked up only when it changes.
class SourceColumn {
 public:
  SourceColumn(bool present, SourceNames& sources) : present_(present), sources_(sources), id_(sources.fresh()) {}

  SourceId id_of(std::string_view name) {
    if (!present_ || (seen_ && name == last_)) return id_;
    seen_ = true;
    last_ = name;
    return id_ = sources_.named(name);
  }

 private:
  bool present_;
  SourceNames& sources_;
  SourceId id_;
  bool seen_ = false;
  std::string last_;
};

RowProblem read_side(const CsvRow& row, Column column, TickFlag flag, Price& side, Tick& tick) {
  if (row.cell(column).empty()) return {};
  if (const auto problem = row.read_price(column, side)) return problem;
  tick.flags |= flag;
  return {};
}

RowProblem read_prices(const CsvRow& row, Tick& tick) {
  if (const auto problem = read_side(row, Column::kBid, TickFlag::kHasBid, tick.bid, tick)) return problem;
  if (const auto problem = read_side(row, Column::kAsk, TickFlag::kHasAsk, tick.ask, tick)) return problem;
  if (!row.cell(Column::kPrice).empty()) return row.read_price(Column::kPrice, tick.price);
  if (tick.two_sided()) {
    tick.price = mid(tick.bid, tick.ask);
    return {};
  }
  const bool one_side = has(tick.flags, TickFlag::kHasBid) || has(tick.flags, TickFlag::kHasAsk);
  return {one_side ? "one side alone and no price" : "neither price nor bid and ask", {}, {}};
}

RowProblem read_row(const CsvRow& row, Tick& tick) {
  std::int64_t ns = 0;
  if (const auto problem = row.read_time(ns)) return problem;
  if (const auto problem = read_prices(row, tick)) return problem;
  std::optional<std::uint64_t> seq;
  if (const auto problem = row.read_seq(seq)) return problem;
  if (seq) {
    tick.seq = *seq;
    tick.flags |= TickFlag::kHasSeq;
  }
  tick.ts_event = tick.ts_recv = timestamp_from_ns(ns);
  return {};
}

}  // namespace

void read_tick_rows(LineReader& lines, CsvRow& row, SymbolId symbol, SourceNames& sources, LoadedSource& out) {
  if (row.has(Column::kTsNs)) row.ignore(Column::kTsMs);
  SourceColumn column{row.has(Column::kSource), sources};
  const QuickRow quick{row};
  // Filled where it will stand.
  const auto fresh_tick = [&]() -> Tick& {
    if (out.ticks.size() == out.ticks.capacity()) make_room(out.ticks, lines.share_read());
    return out.ticks.emplace_back();
  };
  const auto on_line = [&](std::string_view line) {
    auto& tick = fresh_tick();
    if (!quick.read(line, tick)) {
      out.ticks.pop_back();
      return false;
    }
    tick.symbol = symbol;
    tick.source = column.id_of({});
    return true;
  };
  for_each_row(lines, row, out, on_line, [&] {
    Tick tick{};
    if (const auto problem = read_row(row, tick)) return problem;
    tick.symbol = symbol;
    tick.source = column.id_of(row.cell(Column::kSource));
    fresh_tick() = tick;
    return RowProblem{};
  });
}

}  // namespace yagura::feeds
