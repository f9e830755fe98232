#include "processing/history_summary.hpp"

#include <algorithm>

namespace yagura::processing {
namespace {

void include(PeriodExtremes& period, const DayBar& day, bool first) {
  if (first || day.high > period.high.price) period.high = {day.high, day.date};
  if (first || day.low < period.low.price) period.low = {day.low, day.date};
  if (first || day.close > period.high_close.price) period.high_close = {day.close, day.date};
  if (first || day.close < period.low_close.price) period.low_close = {day.close, day.date};
}

// Of equal extremes the earliest day counts: reaching a record again is no record.
PeriodExtremes since(const std::vector<DailyRow>& rows, Date from) {
  PeriodExtremes period;
  bool first = true;
  for (auto row = std::ranges::lower_bound(rows, from, {}, [](const DailyRow& r) { return r.bar.date; });
       row != rows.end(); ++row, first = false)
    include(period, row->bar, first);
  return period;
}

}  // namespace

HistorySummary summarize(const std::vector<DailyRow>& rows) {
  const Date first = rows.front().bar.date;
  const DayBar& last = rows.back().bar;
  const Date year_ago = one_year_before(last.date);
  HistorySummary summary;
  summary.all = since(rows, first);
  if (first <= year_ago) summary.year = since(rows, year_ago + std::chrono::days{1});
  summary.calendar_year = since(rows, Date{std::chrono::year_month_day{last.date}.year() / 1 / 1});
  summary.last_close = {last.close, last.date};
  return summary;
}

std::vector<std::string> jumps(const std::vector<DailyRow>& rows, Percent limit) {
  std::vector<std::string> found;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const Price before = rows[i - 1].bar.close;
    for (const Price price : {rows[i].bar.high, rows[i].bar.low, rows[i].bar.close}) {
      if (!limit.reached_by((price - before).abs().raw(), before.raw())) continue;
      found.push_back(to_string(rows[i].bar.date) + " has " + to_string(price) + " after a close of " +
                      to_string(before) + " on " + to_string(rows[i - 1].bar.date));
      break;
    }
  }
  return found;
}

}  // namespace yagura::processing
