// Keys, passwords and the limits that vendors count by key.
#include "tests/config/config_fixture.hpp"

namespace yagura::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using namespace std::chrono_literals;

std::string feed(const std::string& name, const std::string& vendor, const std::string& rest) {
  return "[[feed]]\nname = \"" + name + "\"\nvendor = \"" + vendor + "\"\nsymbols = { USDJPY = \"X\" }\n" + rest + "\n";
}
std::string with_key(const std::string& name, const std::string& vendor, const std::string& variable = "KEY_A") {
  return feed(name, vendor, "token_env = \"" + variable + "\"");
}

TEST(FeedAccessSpec, AVendorWithAKeyWantsOne) {
  for (const auto* vendor : {"finnhub", "twelvedata", "massive", "tiingo", "eodhd", "alltick", "tradermade"}) {
    EXPECT_THAT(problems_of(feed("a", vendor, "")),
                ElementsAre(AllOf(HasSubstr("feed 'a'.token_env"), HasSubstr("wants it"))))
        << vendor;
    EXPECT_THAT(problems_of(with_key("a", vendor)), IsEmpty()) << vendor;
  }
}

TEST(FeedAccessSpec, CapitalComWantsAUserAndAPasswordAsWell) {
  EXPECT_THAT(problems_of(with_key("a", "capitalcom")),
              ElementsAre(HasSubstr("feed 'a'.password_env"), HasSubstr("feed 'a'.user")));
  const auto settings =
      settings_of(feed("a", "capitalcom", "token_env = \"KEY_A\"\nuser = \"desk\"\npassword_env = \"PASSWORD_A\""));
  EXPECT_EQ(settings.feeds.at(0).login_url, "https://api-capital.backend-capital.com");
}

TEST(FeedAccessSpec, TwoFinnhubFeedsCannotShareAKey) {
  EXPECT_THAT(problems_of(with_key("a", "finnhub") + with_key("b", "finnhub")),
              ElementsAre(AllOf(HasSubstr("feed 'b'.token_env"), HasSubstr("finnhub allows 1 connection for a key"),
                                HasSubstr("2 feeds use this one"))));
  EXPECT_THAT(problems_of(with_key("a", "finnhub") + with_key("b", "finnhub", "KEY_B")), IsEmpty());
  EXPECT_THAT(problems_of(with_key("a", "finnhub") + with_key("b", "eodhd")), IsEmpty());
}

TEST(FeedAccessSpec, AnotherQueryIsNoOtherVendorButAnotherPathOrHostIs) {
  const auto at = [](const std::string& name, const std::string& vendor, const std::string& url) {
    return with_key(name, vendor) + "url = \"" + url + "\"\n";
  };
  EXPECT_THAT(problems_of(with_key("a", "finnhub") + at("b", "finnhub", "wss://ws.finnhub.io/?x=1")),
              ElementsAre(HasSubstr("allows 1 connection")));
  EXPECT_THAT(problems_of(with_key("a", "massive") + at("b", "massive", "wss://socket.massive.com/futures")),
              IsEmpty());
  EXPECT_THAT(problems_of(with_key("a", "finnhub") + at("b", "finnhub", "ws://127.0.0.1:9225")), IsEmpty());
}

TEST(FeedAccessSpec, TwelveDataFeedsMayShareAKeyThreeTimes) {
  auto three = with_key("a", "twelvedata") + with_key("b", "twelvedata") + with_key("c", "twelvedata");
  EXPECT_THAT(problems_of(three), IsEmpty());
  EXPECT_THAT(problems_of(three + with_key("d", "twelvedata")), ElementsAre(HasSubstr("allows 3 connections")));
}

TEST(FeedAccessSpec, MoreSymbolsThanAConnectionTakesAreAProblem) {
  std::string instruments, symbols;
  for (int i = 0; i < 41; ++i) {
    const auto name =
        "EUR" + std::string(1, static_cast<char>('A' + i / 26)) + std::string(1, static_cast<char>('A' + i % 26)) + "X";
    instruments += "[instrument." + name + "]\nname = \"x\"\n";
    symbols += (i == 0 ? "" : ", ") + name + " = \"" + name + "\"";
  }
  const auto problems = problems_of(
      "[[feed]]\nname = \"a\"\nvendor = \"capitalcom\"\ntoken_env = \"K\"\nuser = \"u\"\n"
      "password_env = \"P\"\nsymbols = { " +
      symbols + " }\n" + instruments);
  EXPECT_THAT(problems, testing::Contains(HasSubstr("has 41 entries; capitalcom takes 40 on a connection")));
}

TEST(FeedAccessSpec, SilenceIsTheVendorsUnlessTheFileSaysOtherwise) {
  EXPECT_EQ(settings_of(with_key("a", "finnhub")).feeds.at(0).silence, 150s);
  EXPECT_EQ(settings_of(with_key("a", "finnhub") + "silence = \"20s\"\n").feeds.at(0).silence, 20s);
  EXPECT_EQ(settings_of(with_key("a", "tiingo")).feeds.at(0).silence, 60s);
}

TEST(FeedAccessSpec, AKeyIsReadFromItsVariableAndNeverShown) {
  ::setenv("YAGURA_FEED_TEST_KEY", " s3cret-key \n", 1);
  auto settings = settings_of(with_key("a", "finnhub", "YAGURA_FEED_TEST_KEY"));
  EXPECT_EQ(settings.feeds.at(0).credentials.token, "");
  EXPECT_THAT(read_credentials(settings), IsEmpty());
  EXPECT_EQ(settings.feeds.at(0).credentials.token, "s3cret-key");
  ::unsetenv("YAGURA_FEED_TEST_KEY");
  EXPECT_THAT(read_credentials(settings),
              ElementsAre(AllOf(HasSubstr("YAGURA_FEED_TEST_KEY"), Not(HasSubstr("s3cret")))));
}

}  // namespace
}  // namespace yagura::config
