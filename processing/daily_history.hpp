// Imported history: `date,open,high,low,close` rows, the memory of records.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "processing/day_book.hpp"

namespace yagura::processing {

struct DailyRow {
  DayBar bar;
  std::optional<Price> open, high, low;  // as given; the bar's high and low fill in from what there is
  std::uint64_t line = 0;                // in its file
};

// Reads rows one line at a time, in any order of dates. Errors name the line.
class DailyReader {
 public:
  // `name` is the file, for messages.
  explicit DailyReader(std::string name) : name_(std::move(name)) {}
  // Blank lines are skipped.
  void line(std::string_view text);
  // Sorted by date. Fails when there was no header, no row, or any bad row.
  [[nodiscard]] Result<std::vector<DailyRow>> finish();

 private:
  std::string name_;
  std::uint64_t line_ = 0;
  std::array<int, 5> columns_{-1, -1, -1, -1, -1};
  bool header_ = false;
  std::vector<DailyRow> rows_;
  std::vector<std::string> errors_;
  std::size_t more_errors_ = 0;  // than are kept
};

// Later rows replace earlier ones of the same date; `replaced` counts those that differ.
[[nodiscard]] std::vector<DailyRow> merge_history(std::vector<DailyRow> old_rows, const std::vector<DailyRow>& new_rows,
                                                  std::size_t& replaced);
[[nodiscard]] std::vector<DayBar> bars_of(const std::vector<DailyRow>& rows);
// The file that `yagura import` keeps: header and one row a date.
[[nodiscard]] std::string daily_csv(const std::vector<DailyRow>& rows);

}  // namespace yagura::processing
