#include "console/alert_log.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace yagura::console {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::uint64_t> numbers_after(AlertStore& store, std::uint64_t seq, std::size_t limit = 100) {
  std::vector<std::uint64_t> numbers;
  store.read_after(seq, limit, [&](std::uint64_t number, std::string_view json, std::string_view) {
    EXPECT_EQ(json, std::to_string(number));
    numbers.push_back(number);
  });
  return numbers;
}

void fill(AlertLog& log, std::uint64_t first, std::uint64_t last) {
  for (auto seq = first; seq <= last; ++seq) EXPECT_TRUE(log.append(seq, std::to_string(seq)));
}

TEST(AlertLogSpec, ReadsWhatIsNewerInOrder) {
  AlertLog log;
  EXPECT_EQ(log.last_seq(), 0U);
  EXPECT_THAT(numbers_after(log, 0), IsEmpty());
  fill(log, 1, 5);
  EXPECT_EQ(log.last_seq(), 5U);
  EXPECT_THAT(numbers_after(log, 2), ElementsAre(3, 4, 5));
  EXPECT_THAT(numbers_after(log, 0, 2), ElementsAre(1, 2));
  EXPECT_THAT(numbers_after(log, 5), IsEmpty());
  EXPECT_THAT(numbers_after(log, ~std::uint64_t{0}), IsEmpty());
}

TEST(AlertLogSpec, RemembersANumberOnce) {
  AlertLog log;
  fill(log, 1, 3);
  EXPECT_FALSE(log.append(3, "again"));
  EXPECT_FALSE(log.append(1, "again"));
  EXPECT_THAT(numbers_after(log, 0), ElementsAre(1, 2, 3));
}

TEST(AlertLogSpec, ForgetsTheOldestWhenFull) {
  AlertLog log{3};
  fill(log, 41, 46);
  EXPECT_EQ(log.size(), 3U);
  EXPECT_THAT(numbers_after(log, 0), ElementsAre(44, 45, 46));
}

TEST(AlertLogSpec, AsksTheOlderStoreForWhatItForgot) {
  AlertLog older;
  fill(older, 1, 9);  // storage, which may hold what memory holds as well
  AlertLog log{3, &older};
  EXPECT_THAT(numbers_after(log, 7), ElementsAre(8, 9));
  fill(log, 1, 10);
  EXPECT_THAT(numbers_after(log, 5), ElementsAre(6, 7, 8, 9, 10));
  EXPECT_THAT(numbers_after(log, 5, 3), ElementsAre(6, 7, 8));
  EXPECT_THAT(numbers_after(log, 7), ElementsAre(8, 9, 10));
}

}  // namespace
}  // namespace yagura::console
