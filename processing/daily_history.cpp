#include "processing/daily_history.hpp"

#include <algorithm>

namespace yagura::processing {
namespace {

constexpr std::string_view kColumns[] = {"date", "open", "high", "low", "close"};
constexpr std::size_t kMaxErrors = 20;

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\"";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const auto comma = line.find(',');
    cells.push_back(trim(line.substr(0, comma)));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

// What is wrong with a row, empty when nothing.
std::string problem_of(const DailyRow& row) {
  const auto close = row.bar.close;
  if (row.bar.low.raw() <= 0) return "a price that is not above zero";
  if (row.high && (*row.high < close || (row.open && *row.high < *row.open))) return "a high below its open or close";
  if (row.low && (*row.low > close || (row.open && *row.low > *row.open))) return "a low above its open or close";
  if (row.high && row.low && *row.high < *row.low) return "a high below its low";
  return {};
}

// High and low fill in from the cells that are there.
void complete(DailyRow& row) {
  row.bar.high = row.bar.low = row.bar.close;
  for (const auto& cell : {row.open, row.high, row.low}) {
    if (!cell) continue;
    row.bar.high = std::max(row.bar.high, *cell);
    row.bar.low = std::min(row.bar.low, *cell);
  }
}

}  // namespace

void DailyReader::line(std::string_view text) {
  ++line_;
  if (line_ == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (trim(text).empty()) return;
  const auto cells = split(text);
  if (!header_) {
    header_ = true;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const auto known = std::ranges::find(kColumns, cells[c]);
      if (known != std::end(kColumns)) columns_[static_cast<std::size_t>(known - kColumns)] = static_cast<int>(c);
    }
    return;
  }
  const auto complain = [&](const std::string& what) {
    if (errors_.size() < kMaxErrors)
      errors_.push_back(name_ + ":" + std::to_string(line_) + ": " + what);
    else
      ++more_errors_;
  };
  const auto cell = [&](std::size_t column) -> std::string_view {
    const int at = columns_[column];
    return at >= 0 && static_cast<std::size_t>(at) < cells.size() ? cells[static_cast<std::size_t>(at)]
                                                                  : std::string_view{};
  };
  DailyRow row;
  const auto date = parse_date(cell(0));
  if (!date) return complain("'" + std::string(cell(0)) + "' is no date; wanted YYYY-MM-DD");
  row.bar.date = *date;
  row.line = line_;
  const auto close = parse_price(cell(4));
  if (!close) return complain("'" + std::string(cell(4)) + "' is no closing price");
  row.bar.close = *close;
  std::optional<Price>* const targets[] = {&row.open, &row.high, &row.low};
  for (std::size_t column = 1; column <= 3; ++column) {
    const auto value = cell(column);
    if (value.empty()) continue;
    *targets[column - 1] = parse_price(value);
    if (!*targets[column - 1])
      return complain("'" + std::string(value) + "' is no price in column " + std::string(kColumns[column]));
  }
  complete(row);
  if (const auto problem = problem_of(row); !problem.empty()) return complain(to_string(*date) + " has " + problem);
  rows_.push_back(std::move(row));
}

Result<std::vector<DailyRow>> DailyReader::finish() {
  if (!header_) return Error{name_ + ": is empty; wanted a header date,open,high,low,close and daily rows"};
  if (columns_[0] < 0 || columns_[4] < 0) {
    return Error{name_ + ":1: the header lacks " + std::string(columns_[0] < 0 ? "date" : "close") +
                 "; wanted date,open,high,low,close"};
  }
  if (!errors_.empty()) {
    std::string all;
    for (const auto& error : errors_) all += (all.empty() ? "" : "\n") + error;
    if (more_errors_ != 0) all += "\n" + name_ + ": and " + std::to_string(more_errors_) + " more wrong rows";
    return Error{all};
  }
  if (rows_.empty()) return Error{name_ + ": has no rows"};
  std::ranges::stable_sort(rows_, {}, [](const DailyRow& row) { return row.bar.date; });
  const auto twice = std::ranges::adjacent_find(rows_, {}, [](const DailyRow& row) { return row.bar.date; });
  if (twice != rows_.end())
    return Error{name_ + ":" + std::to_string(std::next(twice)->line) + ": " + to_string(twice->bar.date) +
                 " stands there twice, first in line " + std::to_string(twice->line) + "; one row a date"};
  return std::move(rows_);
}

std::vector<DailyRow> merge_history(std::vector<DailyRow> old_rows, const std::vector<DailyRow>& new_rows,
                                    std::size_t& replaced) {
  replaced = 0;
  std::vector<DailyRow> all;
  auto old = old_rows.begin();
  for (const auto& row : new_rows) {
    for (; old != old_rows.end() && old->bar.date < row.bar.date; ++old) all.push_back(*old);
    if (old != old_rows.end() && old->bar.date == row.bar.date) {
      if (old->bar.high != row.bar.high || old->bar.low != row.bar.low || old->bar.close != row.bar.close) ++replaced;
      ++old;
    }
    all.push_back(row);
  }
  all.insert(all.end(), old, old_rows.end());
  return all;
}

std::vector<DayBar> bars_of(const std::vector<DailyRow>& rows) {
  std::vector<DayBar> bars;
  bars.reserve(rows.size());
  for (const auto& row : rows) bars.push_back(row.bar);
  return bars;
}

std::string daily_csv(const std::vector<DailyRow>& rows) {
  std::string text = "date,open,high,low,close\n";
  for (const auto& row : rows) {
    text += to_string(row.bar.date);
    for (const auto& cell : {row.open, row.high, row.low}) text += ',' + (cell ? to_string(*cell) : std::string{});
    text += ',' + to_string(row.bar.close) + '\n';
  }
  return text;
}

}  // namespace yagura::processing
