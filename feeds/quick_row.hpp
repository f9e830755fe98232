// Tick rows as nearly all files have them, plain numbers between commas, read in one pass. Whatever
// else stands in a row is left to CsvRow, which takes three times as long and means the same.
#pragma once

#include <string_view>
#include <vector>

#include "core/tick.hpp"
#include "feeds/csv_rows.hpp"

namespace yagura::feeds {

class QuickRow {
 public:
  // `row` has read the header and ignores the time it does not need.
  explicit QuickRow(const CsvRow& row);

  // Prices, times and seq of a row into a fresh tick. False: `tick` may be half filled, ask CsvRow.
  [[nodiscard]] bool read(std::string_view line, Tick& tick) const noexcept;

 private:
  std::vector<Column> columns_;
  bool usable_;
};

}  // namespace yagura::feeds
