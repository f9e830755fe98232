#include "alerts/ack_links.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <set>

#include "tests/alerts/temp_dir.hpp"

namespace yagura::alerts {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr Id128 kAlert{0x3f9c0c6e5a7b1d2e, 0x4f60718293a4b5c6};

class AckLinksSpec : public testing::Test {
 protected:
  AckLinks open() {
    auto links = AckLinks::open(StateDir{dir.path()}, "https://desk.example", clock);
    EXPECT_TRUE(links) << links.error().message;
    return *std::move(links);
  }
  TempDir dir;
  ManualClock clock{timestamp_from_ns(1'770'596'520'000'000'000)};
};

TEST_F(AckLinksSpec, ReadWhatTheyWrote) {
  const auto links = open();
  EXPECT_THAT(links.url(kAlert), StartsWith("https://desk.example/a/"));
  const auto claim = links.read(links.token(kAlert));
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->alert, kAlert);
  EXPECT_EQ(claim->expires, clock.now() + AckLinks::kGoodFor);
  EXPECT_EQ(claim->nonce.size(), 24U);
}

TEST_F(AckLinksSpec, AreAllDifferent) {
  const auto links = open();
  std::set<std::string> nonces;
  for (int i = 0; i < 100; ++i) nonces.insert(links.read(links.token(kAlert))->nonce);
  EXPECT_EQ(nonces.size(), 100U);
}

TEST_F(AckLinksSpec, EveryChangedCharacterIsNoticed) {
  const auto links = open();
  const auto token = links.token(kAlert);
  ASSERT_EQ(token.size(), AckLinks::kTokenLength);
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(links.read(forged)) << i;
  }
  for (const auto& other : {std::string{}, token.substr(1), token + "A", std::string(88, '='), std::string(88, '\xff')})
    EXPECT_FALSE(links.read(other)) << other;
}

TEST_F(AckLinksSpec, TheKeyStaysAndIsOursAlone) {
  const auto token = open().token(kAlert);
  EXPECT_TRUE(open().read(token)) << "after a restart";
  struct ::stat info {};
  ASSERT_EQ(::stat((dir.path() / "ack.key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  TempDir elsewhere;
  EXPECT_FALSE(AckLinks::open(StateDir{elsewhere.path()}, "https://desk.example", clock)->read(token));
}

TEST_F(AckLinksSpec, ABadKeyIsRefused) {
  write_file(dir.path() / "ack.key", "short");
  ::chmod((dir.path() / "ack.key").c_str(), 0600);
  auto links = AckLinks::open(StateDir{dir.path()}, "https://desk.example", clock);
  ASSERT_FALSE(links);
  EXPECT_THAT(links.error().message, HasSubstr("is no key"));
  write_file(dir.path() / "ack.key", std::string(32, 'k'));
  ::chmod((dir.path() / "ack.key").c_str(), 0644);
  links = AckLinks::open(StateDir{dir.path()}, "https://desk.example", clock);
  ASSERT_FALSE(links);
  EXPECT_THAT(links.error().message, HasSubstr("open to others"));
}

}  // namespace
}  // namespace yagura::alerts
