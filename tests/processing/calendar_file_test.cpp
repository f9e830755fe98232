// Calendar files: what the shipped ones say, and what is wrong with others.
#include "processing/calendar_file.hpp"

#include "processing/calendar.hpp"
#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests
using testing::HasSubstr;

constexpr auto kTse = CalendarKind::kTse;
constexpr std::string_view kHours = "zone Asia/Tokyo\nhours 2000-01-01\n  09:00 day open\n  15:00 close open close\n";

std::string with(std::string_view lines) { return std::string(kHours) + "  15:10 closed\n" + std::string(lines); }

// "LINE: MESSAGE" of the first problem.
std::string problem(CalendarKind kind, const std::string& text) {
  const auto read = read_calendar(kind, text);
  if (read.problems.empty()) return "none";
  return std::to_string(read.problems[0].line) + ": " + read.problems[0].message;
}
std::string problem(const std::string& text) { return problem(kTse, text); }

TEST(ShippedCalendars, ReadWithoutAProblem) {
  EXPECT_EQ(problem(kTse, std::string(shipped_calendar_text("tse"))), "none");
  EXPECT_EQ(problem(CalendarKind::kOse, std::string(shipped_calendar_text("ose"))), "none");
  EXPECT_EQ(problem(CalendarKind::kFx, std::string(shipped_calendar_text("fx"))), "none");
  EXPECT_EQ(shipped_calendar_text("mars"), "");
}

// The list and the law must not drift apart, in neither direction.
TEST(ShippedCalendars, ListTheHolidaysThatTheLawGives) {
  const auto& tse = shipped_calendars().tse;
  EXPECT_EQ(tse.first_year, std::chrono::year{2022});
  EXPECT_GE(tse.last_year, std::chrono::year{2027});
  for (Date date{tse.first_year / 1 / 1}; date <= Date{tse.last_year / 12 / 31}; date += std::chrono::days{1}) {
    EXPECT_EQ(find_date(tse.holidays, date) != nullptr, japanese_holiday(date)) << to_string(date);
  }
}

TEST(ShippedCalendars, NameWhyADayIsClosed) {
  const auto reason = [](std::string_view date) { return closed_reason(shipped_calendars(), kTse, day(date)); };
  EXPECT_EQ(reason("2026-02-11"), "National Foundation Day");
  EXPECT_EQ(reason("2026-05-06"), "Substitute for Constitution Memorial Day");
  EXPECT_EQ(reason("2026-12-31"), "year end");
  EXPECT_EQ(reason("2020-10-01"), "outage of the exchange");
  EXPECT_EQ(reason("2026-02-07"), "weekend");
  EXPECT_EQ(reason("2031-02-11"), "national holiday");  // beyond the list the law speaks
  EXPECT_EQ(reason("2026-02-12"), "");
}

class OtherCalendars : public ::testing::Test {
 protected:
  ~OtherCalendars() override { use_calendars(std::make_shared<CalendarBook>(shipped_calendars())); }
  static void use(CalendarKind kind, const std::string& text) {
    auto book = std::make_shared<CalendarBook>(shipped_calendars());
    auto read = read_calendar(kind, text);
    EXPECT_THAT(read.problems, testing::IsEmpty());
    book->of(kind) = std::move(read.data);
    use_calendars(std::move(book));
  }
};

TEST_F(OtherCalendars, GiveHoursAndClosuresOfTheirOwn) {
  use(kTse, with("closed 2026-02-12  snow\n"));
  EXPECT_TRUE(calendar_piece(kTse, jst("2026-02-13 12:00:00")).open);  // no lunch
  EXPECT_EQ(calendar_piece(kTse, jst("2026-02-13 12:00:00")).name, "day");
  EXPECT_FALSE(tse_trading_day(day("2026-02-12")));
  EXPECT_EQ(session_end(kTse, day("2026-02-13")), jst("2026-02-13 15:10:00"));
}

TEST_F(OtherCalendars, ListHolidaysOfYearsThatHadTheirOwn) {
  use(kTse, with("years 2019 2019\nholiday 2019-05-01  Accession Day\n"));
  EXPECT_FALSE(tse_trading_day(day("2019-05-01")));
  EXPECT_TRUE(tse_trading_day(day("2019-02-11")));   // a listed year holds what is listed
  EXPECT_FALSE(tse_trading_day(day("2026-02-11")));  // others follow the law
}

TEST_F(OtherCalendars, MoveTheTurnOfTheFxDate) {
  use(CalendarKind::kFx, "zone America/New_York\nhours 2000-01-01\n 18:00 week open\n");
  const auto piece = calendar_piece(CalendarKind::kFx, utc("2026-02-09 22:30:00"));
  EXPECT_EQ(piece.trading_date, day("2026-02-09"));
  EXPECT_EQ(piece.to, utc("2026-02-09 23:00:00"));
}

TEST(CalendarFiles, NameTheLineAndWhatIsWrongWithIt) {
  EXPECT_THAT(problem("zone Mars\n"), HasSubstr("1: zone 'Mars': this calendar runs on Asia/Tokyo"));
  EXPECT_THAT(problem("zone Asia/Tokyo\nholidy 2026-01-01 x\n"), HasSubstr("2: 'holidy' begins no line"));
  EXPECT_THAT(problem(with("closed 2026-02-30 x\n")), HasSubstr("6: '2026-02-30' is no date"));
  EXPECT_THAT(problem(with("closed 2026-02-12\n")), HasSubstr("wanted a reason"));
  EXPECT_THAT(problem(with("closed 2026-02-12 a\nclosed 2026-02-12 b\n")), HasSubstr("stands there twice"));
  EXPECT_THAT(problem(with("yearly 13-01 x\n")), HasSubstr("'13-01' is no day of the year"));
  EXPECT_THAT(problem(with("years 2027 2022\n")), HasSubstr("wanted 'years FIRST LAST'"));
  EXPECT_THAT(problem(with("holiday 2026-01-01 x\n")), HasSubstr("outside of 'years'"));
  EXPECT_THAT(problem(with("tag thin 17:00 20:00\n")), HasSubstr("'tag' begins no line"));
  EXPECT_THAT(problem(with("  14:00 late open\n")), HasSubstr("times must rise"));
  EXPECT_THAT(problem(with("  25:99 late open\n")), HasSubstr("no time from 00:00"));
  EXPECT_THAT(problem(with("  16:00 late opne\n")), HasSubstr("'opne' is none of open, opening"));
  EXPECT_THAT(problem(with("  16:00 late close\n")), HasSubstr("must be open"));
  EXPECT_THAT(problem(with("hours 1999-01-01\n")), HasSubstr("stand behind later ones"));
  EXPECT_THAT(problem("09:00 day open\n"), HasSubstr("before the first 'hours DATE'"));
}

TEST(CalendarFiles, MustHaveHoursThatBeginAndEnd) {
  EXPECT_THAT(problem(""), HasSubstr("zone"));
  EXPECT_THAT(problem("zone Asia/Tokyo\n"), HasSubstr("has no 'hours DATE'"));
  EXPECT_THAT(problem("zone Asia/Tokyo\nhours 2000-01-01\n"), HasSubstr("are never open"));
  EXPECT_THAT(problem(std::string(kHours)), HasSubstr("never close"));
  EXPECT_THAT(problem("zone Asia/Tokyo\nhours 2000-01-01\n 09:00 day open\n 15:00 closed\n"), HasSubstr("no 'close'"));
  EXPECT_THAT(problem(CalendarKind::kOse, "zone Asia/Tokyo\nhours 2000-01-01\n 05:00 day open\n 30:00 closed\n"),
              HasSubstr("reach into those of the next day"));
  EXPECT_THAT(problem(CalendarKind::kFx, "zone America/New_York\nhours 2000-01-01\n 17:00 week\n"),
              HasSubstr("must have one open line"));
}

TEST(CalendarFiles, EndInAFewProblemsHoweverWrongTheyAre) {
  EXPECT_LE(read_calendar(kTse, std::string(1 << 16, '\n') + std::string(1 << 10, 'x')).problems.size(), 10U);
  EXPECT_THAT(problem(std::string((1 << 20) + 1, '#')), HasSubstr("larger than 1 MiB"));
  std::string noise;
  for (int i = 0; i < 4096; ++i) noise += static_cast<char>(i * 131 % 251);
  EXPECT_LE(read_calendar(CalendarKind::kFx, noise).problems.size(), 11U);
}

}  // namespace
}  // namespace yagura::processing
