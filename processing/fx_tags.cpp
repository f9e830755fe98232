#include "processing/fx_tags.hpp"

#include "processing/calendar.hpp"

namespace yagura::processing {

FxTags fx_tags(Timestamp t) {
  const auto piece = calendar_piece(CalendarKind::kFx, t);
  if (!piece.open) return {};
  const auto& fx = calendars().fx;
  const Timestamp local = t + new_york_offset(t);
  const Duration time_of_day = local - std::chrono::floor<std::chrono::days>(local);
  const auto within = [&](const DailyTimes& times) { return time_of_day >= times.from && time_of_day < times.to; };
  const std::chrono::year_month_day ymd{piece.trading_date};
  bool rests =
      find_date(fx.london, piece.trading_date) != nullptr || find_date(fx.new_york, piece.trading_date) != nullptr;
  for (const auto& yearly : fx.yearly) rests = rests || yearly.day == ymd.month() / ymd.day();
  FxTags tags;
  tags.tokyo_holiday = !tokyo_business_day(piece.trading_date);
  tags.rollover = within(fx.rollover);
  tags.thin = within(fx.thin) || rests || tags.tokyo_holiday;
  return tags;
}

}  // namespace yagura::processing
