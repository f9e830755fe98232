#include "feeds/csv_rows.hpp"

#include <algorithm>
#include <charconv>

namespace yagura::feeds {
namespace {

constexpr std::array<std::string_view, kColumns> kNames = {
    "ts_ns", "ts_ms", "price",    "bid",      "ask",     "symbol",    "seq",      "source",   "open",    "high",
    "low",   "close", "bid_open", "bid_high", "bid_low", "bid_close", "ask_open", "ask_high", "ask_low", "ask_close"};

constexpr bool is_space(char c) { return c == ' ' || c == '\t'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Takes the first cell off `rest`, which becomes null after the last one. A cell in double quotes
// may hold commas.
std::string_view take_cell(std::string_view& rest) {
  std::size_t from = 0;
  if (!rest.empty() && rest.front() <= '"') {
    const auto quote = rest.find_first_not_of(" \t");
    const bool quoted = quote != std::string_view::npos && rest[quote] == '"';
    const auto close = quoted ? rest.find('"', quote + 1) : std::string_view::npos;
    if (close != std::string_view::npos) from = close;
  }
  const auto comma = rest.find(',', from);
  auto cell = trim(rest.substr(0, comma));
  rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  if (from != 0 && cell.size() >= 2 && cell.back() == '"') cell = trim(cell.substr(1, cell.size() - 2));
  return cell;
}

bool parse_integer(std::string_view text, std::int64_t& out) {
  if (text.starts_with('+') && text.size() > 1 && is_digit(text[1])) text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, out);
  return error == std::errc{} && at == end;
}

constexpr std::array<std::int64_t, 10> kPowersOfTen = {1,       10,        100,        1'000,       10'000,
                                                       100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

}  // namespace

std::string_view column_name(Column column) { return kNames[static_cast<std::size_t>(column)]; }

std::string RowProblem::text() const {
  std::string text{column};
  if (!value.empty()) text.append(" \"").append(value.substr(0, 40)).append("\"");
  return text.append(text.empty() ? "" : " ").append(what);
}

bool parse_plain_price(std::string_view text, Price& out) noexcept {
  // Nine digits on each side of the point always fit; anything else is for the careful reader.
  constexpr std::size_t kEasy = 9;
  std::int64_t value = 0;
  std::size_t at = 0;
  const auto take_digits = [&](std::size_t most) {
    const auto first = at;
    while (at < text.size() && at - first < most && is_digit(text[at])) value = value * 10 + (text[at++] - '0');
    return at - first;
  };
  if (take_digits(kEasy) > 0) {
    std::size_t decimals = 0;
    if (at + 1 < text.size() && text[at] == '.') {
      ++at;
      decimals = take_digits(kEasy);
    }
    if (at == text.size()) {
      out = Price::from_raw(value * kPowersOfTen[kEasy - decimals]);
      return true;
    }
  }
  const auto price = parse_price(text);
  if (price) out = *price;
  return price.has_value();
}

CsvRow::CsvRow(std::string_view header) {
  while (header.data() != nullptr) {
    const auto name = take_cell(header);
    const auto known = std::find(kNames.begin(), kNames.end(), name);
    const auto index = static_cast<std::size_t>(known - kNames.begin());
    const bool is_new = known != kNames.end() && !has_[index];
    if (is_new) has_[index] = true;
    columns_.push_back(is_new ? static_cast<Column>(index) : Column::kCount);
  }
  while (!columns_.empty() && columns_.back() == Column::kCount) columns_.pop_back();
}

void CsvRow::ignore(Column column) {
  has_[static_cast<std::size_t>(column)] = false;
  std::replace(columns_.begin(), columns_.end(), column, Column::kCount);
  while (!columns_.empty() && columns_.back() == Column::kCount) columns_.pop_back();
}

RowProblem CsvRow::split(std::string_view line) {
  RowProblem problem;
  for (const auto column : columns_) {
    const bool missing = line.data() == nullptr;
    const auto cell = missing ? std::string_view{} : take_cell(line);
    if (column == Column::kCount) continue;
    cells_[static_cast<std::size_t>(column)] = cell;
    if (missing && !problem) problem = {"is missing: the row is too short", column_name(column), {}};
  }
  return problem;
}

RowProblem CsvRow::read_price(Column column, Price& out) const {
  const auto text = cell(column);
  if (parse_plain_price(text, out)) return {};
  return {text.empty() ? "is empty" : "is not a number in range", column_name(column), text};
}

RowProblem CsvRow::read_time(std::int64_t& ns) const {
  const auto column = has(Column::kTsNs) ? Column::kTsNs : Column::kTsMs;
  const auto text = cell(column);
  if (!parse_integer(text, ns)) return {text.empty() ? "is empty" : "is not an integer", column_name(column), text};
  if (column == Column::kTsMs && __builtin_mul_overflow(ns, std::int64_t{1'000'000}, &ns)) {
    return {"is out of range", column_name(column), text};
  }
  return {};
}

RowProblem CsvRow::read_seq(std::optional<std::uint64_t>& seq) const {
  seq.reset();
  const auto text = cell(Column::kSeq);
  if (text.empty()) return {};
  std::int64_t number = 0;
  if (!parse_integer(text, number) || number < 0) return {"is not an integer >= 0", "seq", text};
  seq = static_cast<std::uint64_t>(number);
  return {};
}

}  // namespace yagura::feeds
