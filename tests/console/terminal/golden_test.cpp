// Whole screens as text. After a wanted change: YAGURA_UPDATE_GOLDEN=1 terminal_test, then read the diff.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/console/terminal/screen_fixture.hpp"

namespace yagura::console::terminal {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The lines that differ, one below the other.
std::string difference(const std::string& wanted, const std::string& seen) {
  const auto was = lines_of(wanted), is = lines_of(seen);
  std::string text;
  for (std::size_t i = 0; i < std::max(was.size(), is.size()); ++i) {
    const auto a = i < was.size() ? was[i] : "(no line)", b = i < is.size() ? is[i] : "(no line)";
    if (a != b) text += "line " + std::to_string(i) + "\n  golden |" + a + "|\n  screen |" + b + "|\n";
  }
  return text;
}

class GoldenSpec : public ScreenSpec {
 protected:
  void expect_golden(const std::string& name) {
    const auto path = std::string{YAGURA_TERMINAL_DATA "/golden/"} + name + ".txt";
    const auto seen = screen();
    if (std::getenv("YAGURA_UPDATE_GOLDEN") != nullptr) {
      std::ofstream{path} << seen;
      return;
    }
    std::ifstream file{path};
    std::stringstream wanted;
    wanted << file.rdbuf();
    ASSERT_TRUE(file.good()) << path << " is missing; YAGURA_UPDATE_GOLDEN=1 writes it";
    EXPECT_EQ(difference(wanted.str(), seen), "") << path << " (YAGURA_UPDATE_GOLDEN=1 writes it anew)";
  }
  void size(int columns, int rows) { look.size = {columns, rows}; }
};

TEST_F(GoldenSpec, HoldsEverythingIn80By24) {
  open_demo();
  expect_golden("80x24");
}

TEST_F(GoldenSpec, UsesTheRoomOf200By60) {
  open_demo();
  size(200, 60);
  expect_golden("200x60");
}

TEST_F(GoldenSpec, ShowsOnePanelIn40By12) {
  open_demo();
  size(40, 12);
  expect_golden("40x12-tape");
  press(Key::Code::kTab);
  expect_golden("40x12-prices");
  press(Key::Code::kTab);
  expect_golden("40x12-distances");
  press(Key::Code::kTab);
  expect_golden("40x12-pair");
  press(Key::Code::kTab);
  expect_golden("40x12-feeds");
  press(Key::Code::kTab);
  expect_golden("40x12-latency");
}

TEST_F(GoldenSpec, WritesAsciiAlone) {
  open_demo();
  look.unicode = false;
  expect_golden("ascii");
  size(200, 60);
  expect_golden("ascii-200x60");
}

TEST_F(GoldenSpec, SpeaksJapanese) {
  open_demo();
  press(U'L');
  expect_golden("japanese");
  size(200, 60);
  expect_golden("japanese-200x60");
}

TEST_F(GoldenSpec, ShowsOldPricesAsOld) {
  auto state = busy_state();
  state.instruments[0].feed.state = "STALE";
  state.instruments[0].feed.reason = "no_data";
  state.instruments[0].age_ms = 42'000;
  state.storage_ok = false;
  state.storage_reason = "disk full";
  open_demo();
  receive(state_message("state", state, 115));
  expect_golden("stale");
}

TEST_F(GoldenSpec, ShowsALostConnectionAcrossTheScreen) {
  open_demo();
  model.link_lost(now, "connection refused");
  now += std::chrono::seconds{42};
  wall += std::chrono::seconds{42};
  expect_golden("lost");
  look.unicode = false;
  size(40, 12);
  expect_golden("lost-ascii-40x12");
}

TEST_F(GoldenSpec, ExplainsTheKeys) {
  open_demo();
  press(U'?');
  expect_golden("help");
}

TEST_F(GoldenSpec, OpensAnAlert) {
  open_demo();
  press(U'/');
  write(U"intervention");
  press(Key::Code::kEnter);
  press(Key::Code::kEnter);
  expect_golden("detail");
  size(200, 60);
  expect_golden("detail-200x60");
}

TEST_F(GoldenSpec, TakesALevel) {
  open_demo();
  press(U'+');
  write(U"158.50 損切り");
  expect_golden("entry");
  press(kCtrlU);
  write(U"EURUSD 1.2");
  press(Key::Code::kEnter);
  expect_golden("entry-refused");
}

TEST_F(GoldenSpec, ScrollsThroughManyAlerts) {
  receive(state_message("hello", busy_state(), 5'000));
  for (int seq = 1; seq <= 5'000; ++seq) {
    receive(R"({"type":"alert","alert":{"seq":)" + std::to_string(seq) + R"(,"id":")" + std::to_string(seq) +
            R"(","event":"reached","kind":"milestone","rule":"yen-milestone","instrument":"USDJPY","severity":")" +
            (seq % 3 == 0 ? "critical" : "info") + R"(","price":"153","ts_event_ns":)" +
            std::to_string(to_ns(kMarketNow) - (5'000 - seq) * 1'000'000'000LL) + R"(,"title":"Alert number )" +
            std::to_string(seq) + R"("}})");
  }
  receive(R"({"type":"action","action":"ack","alert":"4984","id":"4984","at":"2026-02-12T05:29:00Z","author":"aki"})");
  press(Key::Code::kPageDown);
  press(Key::Code::kDown);
  expect_golden("many");
}

TEST_F(GoldenSpec, WaitsForTheMonitor) { expect_golden("waiting"); }

}  // namespace
}  // namespace yagura::console::terminal
