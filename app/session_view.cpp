#include "app/session_view.hpp"

#include "processing/fx_tags.hpp"

namespace yagura::app {
namespace {

using processing::CalendarPiece;

// No market rests longer, nor does a stretch of one name last longer without being for ever.
constexpr auto kHorizon = std::chrono::days{30};

// The day whose rest explains why nothing is traded: for currencies the date that began at 17:00 in New
// York, for exchanges the day on Tokyo's wall.
Date day_of(CalendarKind calendar, const CalendarPiece& piece, Timestamp now) {
  return calendar == CalendarKind::kFx ? piece.trading_date
                                       : std::chrono::floor<std::chrono::days>(now + std::chrono::hours{9});
}

// For people a session is over when trading is, though a last print may still come.
CalendarPiece stretch_at(CalendarKind calendar, Timestamp t) {
  auto piece = processing::calendar_piece(calendar, t);
  if (!piece.trailing) return piece;
  const auto after = processing::calendar_piece(calendar, piece.to);
  piece.name = after.name;
  piece.open = after.open;
  return piece;
}

std::vector<std::string> tags_at(Timestamp now) {
  const auto tags = processing::fx_tags(now);
  std::vector<std::string> names;
  if (tags.rollover) names.emplace_back("rollover");
  if (tags.thin) names.emplace_back("thin");
  if (tags.tokyo_holiday) names.emplace_back("tokyo_holiday");
  return names;
}

}  // namespace

console::SessionClock session_clock(CalendarKind calendar, Timestamp market_now) {
  const auto present = stretch_at(calendar, market_now);
  console::SessionClock clock{.open = present.open,
                              .market_now = market_now,
                              .until = {},
                              .next = {},
                              .opens = {},
                              .closed_reason = {},
                              .tags = {}};
  // Pieces that do not change the name, such as the first minutes of a session, are one stretch.
  auto next = present;
  while ((!clock.until || (!present.open && !clock.opens)) && next.to - market_now < kHorizon) {
    next = stretch_at(calendar, next.to);
    if (!clock.until && next.name != present.name) {
      clock.until = next.from;
      clock.next = next.name;
    }
    if (!present.open && next.open) clock.opens = next.from;
  }
  if (calendar == CalendarKind::kFx) clock.tags = tags_at(market_now);
  if (!present.open)
    clock.closed_reason =
        processing::closed_reason(processing::calendars(), calendar, day_of(calendar, present, market_now));
  return clock;
}

}  // namespace yagura::app
