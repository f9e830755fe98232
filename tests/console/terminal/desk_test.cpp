#include "console/terminal/desk.hpp"

#include <gmock/gmock.h>

#include "tests/console/terminal/screen_fixture.hpp"

namespace yagura::console::terminal {
namespace {

using testing::HasSubstr;
using Code = Key::Code;

class DeskSpec : public ScreenSpec {
 protected:
  DeskSpec() { open_demo(); }

  void expect_request(const Command& command, std::string_view method, std::string_view path, std::string_view json) {
    const auto* const request = std::get_if<Request>(&command);
    ASSERT_NE(request, nullptr);
    EXPECT_EQ(request->method, method);
    EXPECT_EQ(request->path, path);
    EXPECT_EQ(request->json, json);
    EXPECT_FALSE(request->what.empty());
  }
  [[nodiscard]] std::uint64_t selected() const { return desk.selected(model)->seq; }
};

TEST_F(DeskSpec, QuitsAndRedraws) {
  EXPECT_TRUE(std::holds_alternative<Quit>(press(U'q')));
  EXPECT_TRUE(std::holds_alternative<Quit>(press(kCtrlC)));
  EXPECT_TRUE(std::holds_alternative<Redraw>(press(kCtrlL)));
}

TEST_F(DeskSpec, SelectsAmongTheAlerts) {
  EXPECT_EQ(selected(), 115U);
  press(Code::kDown);
  press(U'j');
  EXPECT_EQ(selected(), 113U);
  press(U'k');
  EXPECT_EQ(selected(), 114U);
  press(Code::kPageDown);  // half of 24 rows
  EXPECT_EQ(selected(), 96U);
  press(Code::kEnd);
  EXPECT_EQ(selected(), 27U);
  press(Code::kUp);
  EXPECT_EQ(selected(), 28U);
  press(Code::kHome);
  EXPECT_EQ(selected(), 115U);
  press(Code::kUp);
  EXPECT_EQ(selected(), 115U);
}

TEST_F(DeskSpec, DoesNotAcknowledgeWhatNobodyCanHaveSeen) {
  const std::string_view fresh =
      R"({"type":"alert","alert":{"seq":116,"id":"ff","event":"lost","severity":"info","title":"new"}})";
  receive(fresh);
  for (const auto key : {U'a', U'u'}) {
    const auto command = desk.on_key(Key::of(key), model, look, now + Desk::kGlance - std::chrono::milliseconds{1});
    EXPECT_TRUE(std::holds_alternative<std::monostate>(command));
    EXPECT_THAT(desk.outcome(now + Desk::kGlance), HasSubstr("just come"));
  }
  expect_request(desk.on_key(Key::of(U'a'), model, look, now + Desk::kGlance), "POST", "/api/v1/alerts/ff/ack",
                 R"({"author":"aki"})");
}

TEST_F(DeskSpec, AcknowledgesTheChosenAlertAtOnce) {
  press(Code::kDown);
  press(Code::kDown);
  receive(R"({"type":"alert","alert":{"seq":116,"id":"ff","event":"lost","severity":"info","title":"new"}})");
  EXPECT_TRUE(std::holds_alternative<Request>(desk.on_key(Key::of(U'a'), model, look, now)));
}

TEST_F(DeskSpec, AReasonIsForTheAlertThatItWasBegunWith) {
  press(U'A');
  receive(R"({"type":"alert","alert":{"seq":116,"id":"ff","event":"lost","severity":"info","title":"new"}})");
  press(U'x');
  const auto command = press(Code::kEnter);
  const auto* const request = std::get_if<Request>(&command);
  ASSERT_NE(request, nullptr);
  EXPECT_THAT(request->path, Not(HasSubstr("/ff/")));
  EXPECT_TRUE(desk.follows());
  EXPECT_EQ(selected(), 116U);
}

TEST_F(DeskSpec, KeepsTheSelectionWhileNewAlertsCome) {
  press(Code::kDown);
  receive(R"({"type":"alert","alert":{"seq":116,"id":"ff","event":"lost","severity":"info","title":"new"}})");
  EXPECT_EQ(selected(), 114U);
  press(Code::kHome);
  EXPECT_EQ(selected(), 116U);
  receive(R"({"type":"alert","alert":{"seq":117,"id":"fe","event":"lost","severity":"info","title":"new"}})");
  EXPECT_EQ(selected(), 117U);  // follows the newest
}

TEST_F(DeskSpec, PassesAlertsOfTheSameNumber) {
  receive(R"({"type":"alert","alert":{"seq":115,"id":"fd","event":"lost","severity":"info","title":"counted anew"}})");
  press(Code::kDown);
  press(Code::kDown);
  EXPECT_EQ(selected(), 114U);
}

TEST_F(DeskSpec, FiltersByWordsAndSeverity) {
  press(U'/');
  write(U"NIKKEI time");
  EXPECT_EQ(selected(), 108U);  // while it is written
  press(Code::kEnter);
  EXPECT_EQ(selected(), 108U);
  press(U'/');
  press(kCtrlU);
  press(Code::kEscape);
  EXPECT_EQ(desk.filter(), "NIKKEI time");
  press(U'/');
  press(kCtrlU);
  press(Code::kEnter);
  press(U'f');
  press(U'f');
  EXPECT_EQ(desk.least(), Level::kHigh);
  EXPECT_EQ(selected(), 114U);
  press(U'f');
  press(U'f');
  EXPECT_EQ(desk.least(), Level::kInfo);
}

TEST_F(DeskSpec, AcknowledgesAndTakesBack) {
  const auto path = "/api/v1/alerts/" + model.alerts().back().id;
  expect_request(press(U'a'), "POST", path + "/ack", R"({"author":"aki"})");
  expect_request(press(U'u'), "POST", path + "/unack", R"({"author":"aki"})");
  press(U'A');
  write(U"seen \"it\"");
  expect_request(press(Code::kEnter), "POST", path + "/ack", R"({"author":"aki","reason":"seen \"it\""})");
  EXPECT_EQ(desk.entry(), Desk::Entry::kNone);
}

TEST_F(DeskSpec, SilencesARuleAnInstrumentOrEverything) {
  press(U's');
  EXPECT_EQ(desk.line().text(), "yen-milestone 1h ");
  write(U"known news");
  expect_request(press(Code::kEnter), "POST", "/api/v1/silences",
                 R"({"rule":"yen-milestone","severity":"high","until":"1h","author":"aki","reason":"known news"})");
  press(U's');
  press(kCtrlU);
  write(U"usdjpy! 30m");
  expect_request(press(Code::kEnter), "POST", "/api/v1/silences",
                 R"({"instrument":"USDJPY","until":"30m","author":"aki"})");
  press(U's');
  press(kCtrlU);
  write(U"all 2h");
  expect_request(press(Code::kEnter), "POST", "/api/v1/silences", R"({"severity":"high","until":"2h","author":"aki"})");
  press(U's');
  press(kCtrlU);
  write(U"all! 2h");
  expect_request(press(Code::kEnter), "POST", "/api/v1/silences",
                 R"({"severity":"critical","until":"2h","author":"aki"})");
}

TEST_F(DeskSpec, AddsAndRemovesLevels) {
  press(U'+');
  EXPECT_EQ(desk.line().text(), "USDJPY ");
  write(U"158.50 損切り");
  expect_request(press(Code::kEnter), "POST", "/api/v1/levels",
                 R"({"instrument":"USDJPY","price":"158.5","note":"損切り"})");
  press(U'-');
  press(kCtrlU);
  write(U"ni225 57,800");
  expect_request(press(Code::kEnter), "DELETE", "/api/v1/levels", R"({"instrument":"NI225","price":"57800"})");
}

TEST_F(DeskSpec, SaysWhyAnEntryIsNotTakenAndKeepsIt) {
  const auto refuse = [&](char32_t key, std::u32string_view text) {
    press(key);
    press(kCtrlU);
    write(text);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(press(Code::kEnter)));
    EXPECT_NE(desk.entry(), Desk::Entry::kNone);
    const auto problem = desk.problem();
    press(Code::kEscape);
    return problem;
  };
  EXPECT_THAT(refuse(U's', U"yen-move"), HasSubstr("DURATION"));
  EXPECT_EQ(refuse(U's', U"yen-move soon"), "'soon' is no duration; expected such as 30m, 2h, 1d");
  EXPECT_EQ(refuse(U'l', U"EURUSD 1.2"), "'EURUSD' is none of NI225, USDJPY");
  EXPECT_EQ(refuse(U'l', U"USDJPY much"), "'much' is no price above zero");
  for (const auto* const comma : {U"USDJPY 154,25", U"USDJPY 1,2345", U"USDJPY 1.5,000", U"USDJPY ,500"})
    EXPECT_THAT(refuse(U'l', comma), HasSubstr("is no price above zero"));
  EXPECT_EQ(refuse(U'-', U"USDJPY -1"), "'-1' is no price above zero");
  EXPECT_THAT(refuse(U'-', U"USDJPY"), HasSubstr("INSTRUMENT PRICE"));
}

TEST_F(DeskSpec, EditsWholeCharacters) {
  press(U'/');
  write(U"日e\u0301x");
  press(Code::kBackspace);
  EXPECT_EQ(desk.line().text(), "日e\u0301");
  press(Code::kBackspace);  // the accent with its letter
  EXPECT_EQ(desk.line().text(), "日");
  write(U"本 yen");
  press(Code::kHome);
  press(Code::kRight);
  press(Code::kDelete);
  EXPECT_EQ(desk.line().text(), "日 yen");
  press(Code::kEnd);
  press(kCtrlW);
  EXPECT_EQ(desk.line().text(), "日 ");
  for (const char32_t c : {U'\x1b', U'\0', U'\x9b', U'\u202e', char32_t{0xd800}, char32_t{0x110000}}) press(c);
  EXPECT_EQ(desk.line().text(), "日 ");
  for (int i = 0; i < 500; ++i) press(U'x');
  EXPECT_LE(desk.line().text().size(), 2 * EntryLine::kMost);
  press(Code::kEscape);
  EXPECT_EQ(desk.entry(), Desk::Entry::kNone);
}

TEST_F(DeskSpec, PutsTheCursorWhereTheTextGoesOn) {
  press(U'/');
  EXPECT_EQ(frame().cursor->column, 8);
  EXPECT_EQ(frame().cursor->row, 23);
  write(U"日本");
  EXPECT_EQ(frame().cursor->column, 12);
  press(Code::kLeft);
  EXPECT_EQ(frame().cursor->column, 10);
  for (int i = 0; i < 150; ++i) press(U'x');
  EXPECT_LT(frame().cursor->column, 80);
}

TEST_F(DeskSpec, ShowsAnOutcomeForSomeSeconds) {
  desk.outcome("acknowledge: done", now);
  EXPECT_THAT(screen(), HasSubstr("acknowledge: done"));
  now += Desk::kOutcomeFor;
  EXPECT_THAT(screen(), testing::Not(HasSubstr("acknowledge: done")));
}

TEST_F(DeskSpec, SpeaksEnglishWithoutUnicode) {
  press(U'L');
  EXPECT_EQ(desk.lang(look), Lang::kJapanese);
  look.unicode = false;
  EXPECT_EQ(desk.lang(look), Lang::kEnglish);
}

TEST_F(DeskSpec, TellsTimesInAnotherZone) {
  EXPECT_THAT(screen(), HasSubstr("14:30:41 JST"));
  press(U'z');
  EXPECT_THAT(screen(), HasSubstr("05:30:41 UTC"));
}

TEST_F(DeskSpec, MarksWhatWasAcknowledged) {
  const auto id = model.alerts().back().episode();
  receive(R"({"type":"action","action":"ack","alert":")" + id + R"(","id":")" + id +
          R"(","at":"2026-02-12T05:00:00Z","author":"aki","reason":"seen"})");
  EXPECT_THAT(screen(), HasSubstr(">12 Feb 14:30:41 ✓ -  USD/JPY cleared 153"));
  press(Code::kEnter);
  EXPECT_THAT(screen(), HasSubstr("✓ Acknowledged by aki 12 Feb 14:00:00 seen"));
}

TEST(DeskWithoutModelSpec, DoesNothingWithoutAlerts) {
  Desk desk{{}};
  const Model model;
  for (const char32_t c : U"jkefaAus+l-Lz?x") {
    desk.on_key(Key::of(c), model, {}, MonoTime{});
    desk.on_key(Key::of(Code::kEnter), model, {}, MonoTime{});
    desk.on_key(Key::of(Code::kEscape), model, {}, MonoTime{});
  }
  EXPECT_EQ(desk.selected(model), nullptr);
}

}  // namespace
}  // namespace yagura::console::terminal
