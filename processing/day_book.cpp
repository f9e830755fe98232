#include "processing/day_book.hpp"

#include <algorithm>

namespace yagura::processing {
namespace {

using std::chrono::days;
using std::chrono::weekday;
using std::chrono::year_month_day;

constexpr auto kOldestPreviousClose = days{14};

Date year_start(Date date) { return Date{year_month_day{date}.year() / std::chrono::January / 1}; }
Date week_start(Date date) { return date - (weekday{date} - std::chrono::Monday); }

void include(HorizonBook& book, const DayBar& day, bool first) {
  if (first || day.high > book.high.price) book.high = {day.high, day.date};
  if (first || day.low < book.low.price) book.low = {day.low, day.date};
  if (first || day.close > book.high_close.price) book.high_close = {day.close, day.date};
  if (first || day.close < book.low_close.price) book.low_close = {day.close, day.date};
}

// Extremes of the days with date >= from (days sorted by date).
HorizonBook book_since(const std::vector<DayBar>& known, Date from) {
  HorizonBook book;
  bool first = true;
  for (auto day = known.rbegin(); day != known.rend() && day->date >= from; ++day, first = false)
    include(book, *day, first);
  book.has_days = !first;
  return book;
}

// High and low over both sources; the close of our own ticks comes before that of history.
DayBar merged(const DayBar& history, const DayBar& own) {
  return {own.date, std::max(history.high, own.high), std::min(history.low, own.low), own.close};
}

bool earlier(const Print& a, const Print& b) { return a.ts_event < b.ts_event; }

}  // namespace

Date one_year_before(Date date) {
  const year_month_day ymd{date};
  const auto year = ymd.year() - std::chrono::years{1};
  const year_month_day same{year, ymd.month(), ymd.day()};
  return same.ok() ? Date{same} : Date{year / ymd.month() / std::chrono::last};
}

DayBook::DayBook(std::vector<DayBar> history, bool may_seed) : history_(std::move(history)), may_seed_(may_seed) {
  own_.reserve(512);
  known_.reserve(history_.size() + own_.capacity());
}

void DayBook::start_day(Date date) {
  if (has_ticks_) own_.push_back(today_);
  started_ = true;
  has_ticks_ = false;
  today_ = DayBar{date, {}, {}, {}};
  highs_.clear();
  lows_.clear();
  rebuild();
}

void DayBook::on_tick(Price price, Timestamp ts_event) noexcept {
  has_before_last_ = has_ticks_;
  before_last_ = last_;
  last_ = {price, ts_event};
  highs_.add(last_);
  lows_.add(last_);
  if (!has_ticks_) {
    has_ticks_ = true;
    first_ = today_.high = today_.low = price;
  }
  today_.high = std::max(today_.high, price);
  today_.low = std::min(today_.low, price);
  today_.close = price;
}

Cancelled DayBook::cancel(const Print& print) noexcept {
  if (!started_ || !has_ticks_) return Cancelled::kNothing;
  const bool high = highs_.contains(print);
  const bool low = lows_.contains(print);
  const bool last = last_ == print;
  if (!high && !low && !last) return Cancelled::kNothing;
  if ((high && !highs_.can_remove()) || (low && !lows_.can_remove())) return Cancelled::kTooFar;
  if (high) highs_.remove(print);
  if (low) lows_.remove(print);
  has_ticks_ = !highs_.empty() && !lows_.empty();
  if (!has_ticks_) {
    today_ = DayBar{today_.date, {}, {}, {}};
    return Cancelled::kDone;
  }
  today_.high = highs_.best().price;
  today_.low = lows_.best().price;
  if (last) {
    // After two last prints in a row the newest of the best has to do.
    last_ = has_before_last_ ? before_last_ : std::max(highs_.newest(), lows_.newest(), earlier);
    has_before_last_ = false;
    today_.close = last_.price;
  }
  return Cancelled::kDone;
}

void DayBook::forget_ticks() {
  highs_.clear();
  lows_.clear();
  own_.clear();
  has_ticks_ = false;
  started_ = false;
}

std::optional<Price> DayBook::previous_close_at(Date date) const {
  if (started_ && date == today_.date) return previous_close_;
  const DayBar* newest = nullptr;
  const auto past_history = std::ranges::lower_bound(history_, date, {}, &DayBar::date);
  if (past_history != history_.begin()) newest = &*std::prev(past_history);
  // Of equal dates our own ticks give the close.
  if (!own_.empty() && own_.back().date < date && (newest == nullptr || own_.back().date >= newest->date))
    newest = &own_.back();
  if (has_ticks_ && today_.date < date && (newest == nullptr || today_.date >= newest->date)) newest = &today_;
  if (newest == nullptr || date - newest->date > kOldestPreviousClose) return std::nullopt;
  return newest->close;
}

std::optional<DatedPrice> DayBook::close_at_or_before(Date date) const {
  const auto later = std::ranges::upper_bound(known_, date, {}, &DayBar::date);
  if (later == known_.begin()) return std::nullopt;
  const auto& newest = *std::prev(later);
  if (date - newest.date > kOldestPreviousClose) return std::nullopt;
  return DatedPrice{newest.close, newest.date};
}

void DayBook::rebuild() {
  const Date today = today_.date;
  const auto visible_end = std::ranges::lower_bound(history_, today, {}, &DayBar::date);
  auto& known = known_;
  known.clear();
  auto own = own_.begin();
  for (auto day = history_.begin(); day != visible_end; ++day) {
    while (own != own_.end() && own->date < day->date) known.push_back(*own++);
    if (own != own_.end() && own->date == day->date)
      known.push_back(merged(*day, *own++));
    else
      known.push_back(*day);
  }
  known.insert(known.end(), own, own_.end());

  seeded_ = may_seed_ && visible_end != history_.begin();
  previous_close_.reset();
  if (!known.empty() && today - known.back().date <= kOldestPreviousClose) previous_close_ = known.back().close;

  books_ = {};
  if (known.empty()) return;
  const Date first = known.front().date;
  const auto put = [&](Horizon h, Date from, bool reaches_back) {
    auto& book = books_[static_cast<std::size_t>(h)];
    book = book_since(known, from);
    book.active = reaches_back && (book.has_days || h == Horizon::k52Week);
  };
  const Date year_ago = one_year_before(today);
  put(seeded_ ? Horizon::kAllTime : Horizon::kSinceStart, first, true);
  put(Horizon::k52Week, year_ago + days{1}, first <= year_ago);
  put(Horizon::kYearToDate, year_start(today), first < year_start(today));
  put(Horizon::kWeek, week_start(today), first < week_start(today));
}

void DayBook::state(StateIo& io) {
  io(own_, started_, has_ticks_, today_, first_, last_, before_last_, has_before_last_);
  highs_.state(io);
  lows_.state(io);
  if (io.reading() && has_ticks_ && (highs_.empty() || lows_.empty())) io.fail();
  if (io.reading() && io.ok() && started_) rebuild();
}

}  // namespace yagura::processing
