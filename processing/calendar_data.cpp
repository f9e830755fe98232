#include "processing/calendar_data.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>

#include "processing/calendar_file.hpp"

namespace yagura::processing {
namespace {

// Null: the shipped ones.
std::atomic<const CalendarBook*> in_force{nullptr};

CalendarData shipped(CalendarKind kind, std::string_view name) {
  auto read = read_calendar(kind, shipped_calendar_text(name));
  if (!read.problems.empty()) std::abort();  // a test reads them, so a build never ships one that fails
  return std::move(read.data);
}

}  // namespace

const DayHours& CalendarData::hours_of(Date date) const {
  const auto later = std::ranges::upper_bound(hours, date, {}, &DayHours::effective_from);
  return later == hours.begin() ? hours.front() : *std::prev(later);
}

CalendarData& CalendarBook::of(CalendarKind kind) {
  if (kind == CalendarKind::kTse) return tse;
  return kind == CalendarKind::kOse ? ose : fx;
}

const CalendarBook& shipped_calendars() {
  static const CalendarBook book{shipped(CalendarKind::kTse, "tse"), shipped(CalendarKind::kOse, "ose"),
                                 shipped(CalendarKind::kFx, "fx")};
  return book;
}

const CalendarBook& calendars() {
  const auto* book = in_force.load(std::memory_order_acquire);
  return book == nullptr ? shipped_calendars() : *book;
}

void use_calendars(std::shared_ptr<const CalendarBook> book) {
  // Names and references handed out before must stay good: books are few and never freed.
  static std::mutex mutex;
  static std::vector<std::shared_ptr<const CalendarBook>> kept;
  const std::scoped_lock guard{mutex};
  in_force.store(book.get(), std::memory_order_release);
  if (book) kept.push_back(std::move(book));
}

const NamedDate* find_date(const std::vector<NamedDate>& dates, Date date) {
  const auto at = std::ranges::lower_bound(dates, date, {}, &NamedDate::date);
  return at != dates.end() && at->date == date ? &*at : nullptr;
}

}  // namespace yagura::processing
