#include "app/console_address.hpp"

#include <gtest/gtest.h>

namespace yagura::app {
namespace {

std::string live(std::string_view text) {
  const auto address = parse_console_address(text);
  return address ? address->live.origin() + address->live.target : "error: " + address.error().message;
}

TEST(ConsoleAddressSpec, TakesWhatPeopleHave) {
  EXPECT_EQ(live("ws://127.0.0.1:8225/ws"), "ws://127.0.0.1:8225/ws");
  EXPECT_EQ(live("127.0.0.1:8225"), "ws://127.0.0.1:8225/ws");
  EXPECT_EQ(live("http://127.0.0.1:8225/"), "ws://127.0.0.1:8225/ws");
  EXPECT_EQ(live("https://desk.example"), "wss://desk.example/ws");
  EXPECT_EQ(live("wss://desk.example/nikkei/ws"), "wss://desk.example/nikkei/ws");
  EXPECT_EQ(live("[::1]:8225"), "ws://[::1]:8225/ws");
}

TEST(ConsoleAddressSpec, TheApiIsBesideTheSocket) {
  const auto address = parse_console_address("wss://desk.example/nikkei/ws");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->api.carrier, net::Carrier::kHttp);
  EXPECT_EQ(address->page(), "https://desk.example/nikkei/");
  EXPECT_EQ(parse_console_address("ws://127.0.0.1:8225/ws")->page(), "http://127.0.0.1:8225/");
}

TEST(ConsoleAddressSpec, SaysWhatIsWrong) {
  for (const auto* const text :
       {"", "ftp://desk", "ws://", "ws://desk:99999/ws", "ws://desk/other", "ws://u:p@desk/ws"})
    EXPECT_TRUE(live(text).starts_with("error: ")) << text << ": " << live(text);
}

TEST(ConsoleAddressSpec, ATokenInTheAddressIsRefusedAndNotRepeated) {
  const auto said = live("ws://desk/ws?token=sesame");
  EXPECT_TRUE(said.starts_with("error: ")) << said;
  EXPECT_EQ(said.find("sesame"), std::string::npos) << said;
}

}  // namespace
}  // namespace yagura::app
