#include "core/net/base64.hpp"

#include <gmock/gmock.h>

namespace yagura::net {
namespace {

std::string encoded(std::string_view bytes) {
  std::string out;
  append_base64(out, bytes);
  return out;
}

TEST(Base64Spec, WritesTheVectorsOfTheRfc) {
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
}

TEST(Base64Spec, ReadsBackEveryByteAtEveryLength) {
  std::string bytes;
  for (int i = 0; i < 600; ++i) {
    std::string back;
    ASSERT_TRUE(decode_base64(encoded(bytes), back));
    ASSERT_EQ(back, bytes);
    bytes += static_cast<char>(i * 37);
  }
}

TEST(Base64Spec, RefusesWhatIsNotTheOneTextOfItsBytes) {
  std::string out;
  for (const auto* text : {"Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zm9v=", "Zm 9", "Zm9v\n", "Zm9-", "Zm9_",
                           "Zh==", "Zm9=", "Z=m8", "Zg==Zg==", "\xC3\xA9=="}) {
    EXPECT_FALSE(decode_base64(text, out)) << text;
  }
}

}  // namespace
}  // namespace yagura::net
