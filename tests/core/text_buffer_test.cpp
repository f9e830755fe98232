#include "core/text_buffer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>

namespace yagura {
namespace {

TEST(TextBufferSpec, PartsStandWhereTheFormHasThem) {
  TextBuffer out;
  out.write<"{} of {} points{}">(3, "five", '.');
  EXPECT_EQ(out.view(), "3 of five points.");
  out.write<" {}">(text<"{}-{}">(std::string_view{"a"}, -7));
  EXPECT_EQ(out.view(), "3 of five points. a--7");
  out.write<"!">();
  EXPECT_EQ(out.from(19), "--7!");
}

TEST(TextBufferSpec, BracesThatAreNoPlaceStayAsTheyAre) {
  EXPECT_EQ(written(text<R"({"v":{},"a":[]})">(1)), R"({"v":1,"a":[]})");
}

TEST(TextBufferSpec, APartIsThereOrNot) {
  EXPECT_EQ(written(when(true, "yes")), "yes");
  EXPECT_EQ(written(when(false, "yes")), "");
}

TEST(TextBufferSpec, GrowsPastItsCapacityAndKeepsWhatItHas) {
  TextBuffer out{4};
  std::string expected;
  for (int i = 0; i < 2'000; ++i) {
    out.write<"{},">(i);
    expected += std::to_string(i) + ',';
  }
  EXPECT_EQ(out.view(), expected);
  out.truncate(3);
  EXPECT_EQ(out.view(), expected.substr(0, 3));
  out.clear();
  EXPECT_EQ(out.view(), "");
}

TEST(DigitsSpec, NumbersOfEveryLength) {
  const auto expect_same = [](std::uint64_t value) {
    EXPECT_EQ(written(text<"{}">(value)), std::to_string(value));
    const auto signed_value = static_cast<std::int64_t>(value);
    EXPECT_EQ(written(text<"{}">(signed_value)), std::to_string(signed_value));
  };
  std::uint64_t power = 1;
  for (int digits = 1; digits <= 20; ++digits, power *= 10) {
    for (const auto value : {power - 1, power, power + 1, 9 * power}) expect_same(value);
  }
  for (const auto value : {std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max(), std::uint64_t{1} << 63})
    expect_same(value);
  std::mt19937_64 random{1};
  for (int i = 0; i < 20'000; ++i) expect_same(random() >> random() % 64);
}

TEST(DigitsSpec, PaddedWithZeros) {
  char text[8];
  for (std::uint32_t value = 0; value < 100; ++value) {
    EXPECT_EQ(write_padded(text, value, 2), text + 2);
    EXPECT_EQ((std::string{text, 2}), std::to_string(100 + value).substr(1));
  }
  EXPECT_EQ((std::string{text, write_padded(text, 4'321, 8)}), "00004321");
}

}  // namespace
}  // namespace yagura
