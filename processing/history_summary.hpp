// What imported history knows, for people: extremes as of its last day, and what in it looks wrong.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/price.hpp"
#include "processing/daily_history.hpp"

namespace yagura::processing {

// Extremes of a stretch of days, intraday and of closes.
struct PeriodExtremes {
  DatedPrice high, low, high_close, low_close;
};

struct HistorySummary {
  PeriodExtremes all;
  std::optional<PeriodExtremes> year;  // 52 weeks up to the last day, itself included; none when history is shorter
  PeriodExtremes calendar_year;        // of the last day, from 1 January or the first day known
  DatedPrice last_close;
};

// `rows` sorted by date, not empty.
[[nodiscard]] HistorySummary summarize(const std::vector<DailyRow>& rows);

// Rows with a price further than `limit` from the close before, in words with their date: most often a
// slipped decimal or a split. Real days reach 15 % (20 October 1987).
[[nodiscard]] std::vector<std::string> jumps(const std::vector<DailyRow>& rows, Percent limit);

}  // namespace yagura::processing
