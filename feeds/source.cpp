#include "feeds/source.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <numeric>

#include "feeds/source_readers.hpp"

namespace yagura::feeds {
namespace {

constexpr std::size_t kKeptBadRows = 10;

SourceError usage(std::string message) { return {std::move(message), SourceErrorKind::kUsage}; }
SourceError bad_data(std::string message) { return {std::move(message), SourceErrorKind::kData}; }

bool is_capture_name(std::string_view file) { return file.ends_with(".ycap") || file.ends_with(".ycap.gz"); }

bool is_symbol(std::string_view text) {
  return !text.empty() && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-^") ==
                              std::string_view::npos;
}

std::string known_symbols(const SymbolTable& symbols) {
  std::string list;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    list.append(i == 0 ? "" : ", ").append(symbols.name(SymbolId{static_cast<std::uint16_t>(i)}));
  }
  return list.empty() ? "none" : list;
}

bool is_daily(std::string_view header) {
  const auto first = header.substr(0, header.find(','));
  return first == "date" || first == "\"date\"";
}

// What a header lacks to be a tick or bar CSV; empty when nothing.
std::string missing_columns(const CsvRow& row) {
  if (!row.has(Column::kTsNs) && !row.has(Column::kTsMs)) return "a column ts_ns or ts_ms is needed";
  const bool ticks = row.has(Column::kPrice) || (row.has(Column::kBid) && row.has(Column::kAsk));
  if (ticks || has_bars(row)) return {};
  return "columns price, or bid and ask, or open, high, low and close are needed";
}

Result<void, SourceError> read_csv(const SymbolTable& symbols, SourceNames& sources, const SourceOptions& options,
                                   LoadedSource& out) {
  const auto& file = out.spec.file;
  const auto symbol = symbols.find(out.spec.symbol);
  if (!symbol) {
    return usage(out.spec.symbol + "=" + file + ": " + out.spec.symbol +
                 " is no configured instrument (known: " + known_symbols(symbols) + ")");
  }
  auto opened = LineReader::open(file, options.on_read);
  if (!opened) return opened.error();
  auto& lines = **opened;
  std::string_view header;
  if (!lines.next(header) || header.find_first_not_of(" \t") == std::string_view::npos) {
    return lines.error() ? *lines.error()
                         : bad_data(file + ": has no header; line 1 should name the columns, such as ts_ms,price");
  }
  CsvRow row{header};
  if (const auto missing = missing_columns(row); !missing.empty()) {
    if (is_daily(header))
      return bad_data(file + ": holds daily rows (date,...), not ticks; `yagura import` reads them");
    return bad_data(file + ": line 1 \"" + std::string{header.substr(0, 80)} + "\": " + missing);
  }
  const bool ticks = row.has(Column::kPrice) || (row.has(Column::kBid) && row.has(Column::kAsk));
  (ticks ? read_tick_rows : read_bar_rows)(lines, row, *symbol, sources, out);
  if (lines.error()) return *lines.error();
  return {};
}

// One row in a hundred may be bad; more means that the file is not what it seems.
Result<void, SourceError> check_bad_rows(const LoadedSource& source) {
  if (source.bad * 100 <= source.rows) return {};
  const auto& first = source.first_bad.front();
  return bad_data(source.spec.file + ": " + std::to_string(source.bad) + " of " + std::to_string(source.rows) +
                  " rows are bad, more than 1 %; first line " + std::to_string(first.line) + ": " + first.reason +
                  " (--lenient skips them)");
}

}  // namespace

void make_room(std::vector<Tick>& ticks, double share) {
  constexpr std::size_t kFirst = 1024;
  const auto size = static_cast<double>(ticks.size());
  // What is read of the file is a chunk ahead of these ticks at first: hence between twice and eight times.
  const double expected = share > 0 ? 1.05 * size / share : 0;
  const auto room = static_cast<std::size_t>(std::clamp(expected, 2 * size, 8 * size));
  constexpr std::uintptr_t kLargePage = 2 * 1024 * 1024;
  std::vector<Tick> larger;
  larger.reserve(std::max(kFirst, room));
  const auto begin = (reinterpret_cast<std::uintptr_t>(larger.data()) + kLargePage - 1) / kLargePage * kLargePage;
  const auto end = reinterpret_cast<std::uintptr_t>(larger.data() + larger.capacity()) / kLargePage * kLargePage;
  // A wish: without large pages it fails or does nothing.
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
  larger.insert(larger.end(), ticks.begin(), ticks.end());
  ticks = std::move(larger);
}

void add_bad_row(LoadedSource& out, std::uint64_t line, const RowProblem& problem) {
  ++out.bad;
  if (out.first_bad.size() < kKeptBadRows) out.first_bad.push_back({line, problem.text()});
}

Result<SourceSpec, SourceError> parse_source(std::string_view argument) {
  const auto equals = argument.find('=');
  const auto symbol = equals == std::string_view::npos ? std::string_view{} : argument.substr(0, equals);
  if (is_capture_name(argument)) {
    if (!is_symbol(symbol)) return SourceSpec{{}, std::string{argument}};
    return usage(std::string{argument} + ": a capture names its own symbols, give " +
                 std::string{argument.substr(equals + 1)} + " alone");
  }
  if (!is_symbol(symbol) || equals + 1 == argument.size()) {
    return usage(std::string{argument} + ": a source is SYMBOL=FILE.csv, such as USDJPY=" +
                 (symbol.empty() && !argument.empty() ? std::string{argument} : "ticks.csv") +
                 ", or a capture FILE.ycap");
  }
  return SourceSpec{std::string{symbol}, std::string{argument.substr(equals + 1)}};
}

Result<LoadedSource, SourceError> load_source(const SourceSpec& spec, const SymbolTable& symbols, SourceNames& sources,
                                              const SourceOptions& options) {
  LoadedSource source;
  source.spec = spec;
  const auto read = (spec.is_capture() ? read_capture : read_csv)(symbols, sources, options, source);
  if (!read) return read.error();
  if (!options.lenient) {
    if (const auto checked = check_bad_rows(source); !checked) return checked.error();
  }
  return source;
}

MergedTicks::MergedTicks(std::vector<LoadedSource> sources)
    : sources_(std::move(sources)), positions_(sources_.size()) {
  for (const auto& source : sources_) total_ += source.ticks.size();
}

std::size_t MergedTicks::first_source() const {
  std::size_t first = sources_.size();
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (at_end(i) || (first != sources_.size() && peek(i).ts_event >= peek(first).ts_event)) continue;
    first = i;
  }
  return first;
}

const Tick* MergedTicks::next() {
  const auto run = next_run(1);
  return run.empty() ? nullptr : run.data();
}

std::span<const Tick> MergedTicks::next_run(std::size_t most) {
  const auto source = first_source();
  if (source == sources_.size()) return {};
  // Up to the first tick of another file; of two at one time that of the earlier argument comes first.
  auto before = Timestamp::max();
  bool or_at = true;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (i == source || at_end(i) || peek(i).ts_event >= before) continue;
    before = peek(i).ts_event;
    or_at = source < i;
  }
  const auto left = std::span{sources_[source].ticks}
                        .subspan(positions_[source])
                        .first(std::min(most, sources_[source].ticks.size() - positions_[source]));
  std::size_t count = 1;
  while (count < left.size() && (left[count].ts_event < before || (or_at && left[count].ts_event == before))) ++count;
  positions_[source] += count;
  return left.first(count);
}

}  // namespace yagura::feeds
