// [calendar]: files of one's own in place of the shipped ones.
#include "processing/calendar.hpp"
#include "tests/config/config_fixture.hpp"

namespace yagura::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CalendarTableSpec : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("yagura-calendar-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
  [[nodiscard]] LoadResult load(const std::string& toml) const {
    return load_text(toml, (folder_ / "desk.toml").string());
  }

  std::filesystem::path folder_;
};

TEST_F(CalendarTableSpec, LeavesTheShippedCalendarsWhenThereIsNone) {
  EXPECT_EQ(settings_of("").calendars, nullptr);
  EXPECT_EQ(settings_of("[calendar]\n").calendars, nullptr);
}

TEST_F(CalendarTableSpec, ReadsAFileBesideTheConfiguration) {
  write("mine.calendar", std::string(processing::shipped_calendar_text("tse")) + "closed 2026-02-12  snow\n");
  const auto loaded = load("[calendar]\ntse = \"mine.calendar\"\n");
  ASSERT_TRUE(loaded.ok()) << joined(loaded.problems);
  const auto& book = *loaded.settings.calendars;
  const auto reason = [&](CalendarKind kind) {
    return processing::closed_reason(book, kind, *parse_date("2026-02-12"));
  };
  EXPECT_EQ(reason(CalendarKind::kTse), "snow");
  EXPECT_EQ(reason(CalendarKind::kOse), "");  // the shipped one, and an outage is no holiday
}

TEST_F(CalendarTableSpec, NamesTheKeyTheFileAndItsLine) {
  write("bad.calendar", "zone Asia/Tokyo\nclosed yesterday snow\n");
  EXPECT_THAT(load("[calendar]\ntse = \"bad.calendar\"\n").problems,
              ElementsAre(testing::AllOf(HasSubstr("desk.toml:2: calendar.tse: "),
                                         HasSubstr("bad.calendar:2: 'yesterday' is no date; wanted YYYY-MM-DD"))));
}

TEST_F(CalendarTableSpec, RefusesWhatIsNoFile) {
  EXPECT_THAT(load("[calendar]\nose = \".\"\n").problems, ElementsAre(HasSubstr("is a directory")));
  EXPECT_THAT(load("[calendar]\nfx = \"absent.calendar\"\n").problems, ElementsAre(HasSubstr("cannot read")));
  EXPECT_THAT(load("[calendar]\nfx = \"/dev/zero\"\n").problems, ElementsAre(HasSubstr("cannot read")));
  EXPECT_THAT(load("[calendar]\ntse = 9\n").problems, ElementsAre(HasSubstr("must be a string")));
  EXPECT_THAT(load("[calendar]\nnyse = \"x\"\n").problems, ElementsAre(HasSubstr("no such key")));
}

TEST_F(CalendarTableSpec, LetsAnInstrumentTradeInOsaka) {
  const auto settings = settings_of("[instrument.NKFUT]\ncalendar = \"ose\"\n");
  const auto symbol = settings.symbols.find("NKFUT");
  ASSERT_TRUE(symbol);
  EXPECT_EQ(settings.monitor.instruments[index_of(*symbol)].calendar, CalendarKind::kOse);
}

}  // namespace
}  // namespace yagura::config
