// A screen fed with real message text: states from the server's own encoder, alerts as a demo said them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "console/snapshot.hpp"
#include "console/terminal/desk.hpp"
#include "console/terminal/model.hpp"
#include "console/terminal/view.hpp"

namespace yagura::console::terminal {

// Thursday, 12 February 2026, 14:30:41 in Tokyo; synthetic prices.
inline constexpr Timestamp kMarketNow = timestamp_from_ns(1'770'874'241'000'000'000);

// Nikkei and yen as a demo has them, two feeds, a pair, a watch for intervention.
[[nodiscard]] StateSnapshot busy_state();
[[nodiscard]] std::string state_message(std::string_view type, const StateSnapshot& state, std::uint64_t last_seq);
// {"type":"alert",…} lines of a demo run, rising numbers.
[[nodiscard]] const std::vector<std::string>& demo_alerts();
[[nodiscard]] std::string tick_message(std::string_view symbol, std::string_view price, Timestamp at);

class ScreenSpec : public testing::Test {
 protected:
  static constexpr Duration kReaction = std::chrono::seconds{1};  // from seeing to pressing

  ScreenSpec() { look.url = "http://127.0.0.1:8225/"; }

  // Hello, two hours of prices, the demo's alerts.
  void open_demo();
  void receive(std::string_view json) {
    const auto read = model.receive(json, now);
    ASSERT_TRUE(read.has_value()) << read.error().message;
  }
  Command press(Key key) { return desk.on_key(key, model, look, now + kReaction); }
  Command press(char32_t c) { return press(Key::of(c)); }
  Command press(Key::Code code) { return press(Key::of(code)); }
  void write(std::u32string_view text) {
    for (const char32_t c : text) press(c);
  }
  [[nodiscard]] Frame frame() const { return draw(model, desk, look, now, wall); }
  [[nodiscard]] std::string screen() const { return text_of(frame()); }

  Model model;
  Desk desk{{.author = "aki"}};
  Look look;
  MonoTime now{std::chrono::hours{5}};
  Timestamp wall = timestamp_from_ns(1'795'410'502'000'000'000);
};

}  // namespace yagura::console::terminal
