// The readers behind load_source, one for each kind of file.
#pragma once

#include <optional>

#include "feeds/csv_rows.hpp"
#include "feeds/line_reader.hpp"
#include "feeds/source.hpp"

namespace yagura::feeds {

// Counts a row that cannot be used; the first ten are kept with their reason.
void add_bad_row(LoadedSource& out, std::uint64_t line, const RowProblem& problem);

// Room for the ticks to come, as many as `share` of the file, of which these are the ticks, lets expect; in
// large pages where the system has them, for which it stops the reader 500 times less often.
void make_room(std::vector<Tick>& ticks, double share);

// Calls `on_row` for each row of the wanted symbol and counts it; its problem makes a bad row. Rows that
// `on_line` takes as they stand go no further.
template <class OnLine, class OnRow>
void for_each_row(LineReader& lines, CsvRow& row, LoadedSource& out, OnLine&& on_line, OnRow&& on_row) {
  for (std::string_view line; lines.next(line);) {
    if (on_line(line)) {
      ++out.rows;
      continue;
    }
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;  // blank
    auto problem = row.split(line);
    if (row.has(Column::kSymbol)) {
      const auto symbol = row.cell(Column::kSymbol);
      if (!symbol.empty() && symbol != out.spec.symbol) continue;
      if (!problem && symbol.empty()) problem = {"is empty", "symbol", {}};
    }
    ++out.rows;
    if (!problem) problem = on_row();
    if (problem) add_bad_row(out, lines.line_number(), problem);
  }
}

template <class OnRow>
void for_each_row(LineReader& lines, CsvRow& row, LoadedSource& out, OnRow&& on_row) {
  for_each_row(
      lines, row, out, [](std::string_view) { return false; }, on_row);
}

// `row` has read the header.
void read_tick_rows(LineReader& lines, CsvRow& row, SymbolId symbol, SourceNames& sources, LoadedSource& out);
void read_bar_rows(LineReader& lines, CsvRow& row, SymbolId symbol, SourceNames& sources, LoadedSource& out);
// The four columns of OHLC bars, or the eight of bid/ask bars, are there.
[[nodiscard]] bool has_bars(const CsvRow& row);

[[nodiscard]] Result<void, SourceError> read_capture(const SymbolTable& symbols, SourceNames& sources,
                                                     const SourceOptions& options, LoadedSource& out);

}  // namespace yagura::feeds
