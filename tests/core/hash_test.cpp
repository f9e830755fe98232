#include <gtest/gtest.h>

#include <string>

#include "core/hash128.hpp"

namespace yagura {
namespace {

std::string fnv(std::string_view text) { return to_string(Fnv128{}.bytes(text).value()); }

// Vectors of the FNV-1a reference, 128 bits.
TEST(Fnv128Spec, GivesTheReferenceVectors) {
  EXPECT_EQ(fnv(""), "6c62272e07bb014262b821756295c58d");  // the offset basis
  EXPECT_EQ(fnv("a"), "d228cb696f1a8caf78912b704e4a8964");
  EXPECT_EQ(fnv("foobar"), "343e1662793c64bf6f0d3597ba446f18");
}

TEST(Fnv128Spec, HashesAtCompileTime) {
  static_assert(Fnv128{}.bytes("a").value() == Id128{0xd228cb696f1a8caf, 0x78912b704e4a8964});
}

TEST(Fnv128Spec, PiecesHashLikeTheWhole) {
  EXPECT_EQ(Fnv128{}.bytes("foo").bytes("").bytes("bar").value(), Fnv128{}.bytes("foobar").value());
}

TEST(Fnv128Spec, BytesAboveSevenBitsAreUnsigned) {
  EXPECT_NE(fnv("\x80"), fnv("\xff"));
  EXPECT_EQ(Fnv128{}.bytes(std::string_view{"\xff\0\0\0\0\0\0\0", 8}).value(), Fnv128{}.number(255).value());
}

TEST(Fnv128Spec, NumbersAreEightBytesLeastSignificantFirst) {
  EXPECT_EQ(Fnv128{}.number(0x0807060504030201).value(), Fnv128{}.bytes("\x01\x02\x03\x04\x05\x06\x07\x08").value());
  EXPECT_NE(Fnv128{}.number(0).value(), Fnv128{}.value());
}

TEST(Id128Spec, IsEmptyOnlyWhenAllZero) {
  EXPECT_TRUE(Id128{}.empty());
  EXPECT_FALSE((Id128{0, 1}.empty()));
  EXPECT_FALSE((Id128{1, 0}.empty()));
}

TEST(Id128Spec, PrintsAs32LowerCaseDigits) {
  EXPECT_EQ(to_string(Id128{}), std::string(32, '0'));
  EXPECT_EQ(to_string(Id128{0x0123456789abcdef, 0xfedcba9876543210}), "0123456789abcdeffedcba9876543210");
  EXPECT_EQ(to_string(Id128{0, 1}), std::string(31, '0') + "1");
}

}  // namespace
}  // namespace yagura
