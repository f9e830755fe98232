#include "feeds/line_reader.hpp"

#include <gmock/gmock.h>

#include "tests/feeds/temp_folder.hpp"

namespace yagura::feeds {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LineReaderSpec : public ::testing::Test {
 protected:
  // The lines of a file with these bytes; `error_` is what the reader said at the end.
  std::vector<std::string> lines_of(std::string_view bytes) {
    auto reader = LineReader::open(folder_.write("input", bytes));
    EXPECT_TRUE(reader.has_value());
    std::vector<std::string> lines;
    for (std::string_view line; (*reader)->next(line);) lines.emplace_back(line);
    error_ = (*reader)->error() ? (*reader)->error()->message : "";
    terminated_ = (*reader)->terminated();
    cut_short_ = (*reader)->cut_short();
    return lines;
  }

  TempFolder folder_;
  std::string error_;
  bool terminated_ = true;
  bool cut_short_ = false;
};

TEST_F(LineReaderSpec, GivesTheLinesWithoutTheirEnds) {
  EXPECT_THAT(lines_of("a\nb\r\n\n\rc\n"), ElementsAre("a", "b", "", "\rc"));
  EXPECT_TRUE(terminated_);
  EXPECT_THAT(lines_of("a\nb"), ElementsAre("a", "b"));
  EXPECT_FALSE(terminated_);
  EXPECT_THAT(lines_of(""), IsEmpty());
  EXPECT_THAT(lines_of("\xEF\xBB\xBFts_ms,price\n\xEF\xBB\xBF"), ElementsAre("ts_ms,price", "\xEF\xBB\xBF"));
  EXPECT_EQ(error_, "");
}

TEST_F(LineReaderSpec, ReadsGzipByItsFirstBytesWhateverTheName) {
  EXPECT_THAT(lines_of(gzip("a\nb\n")), ElementsAre("a", "b"));
  EXPECT_THAT(lines_of(gzip("a\nb") + gzip("c\nd\n")), ElementsAre("a", "bc", "d"));
  EXPECT_THAT(lines_of(gzip("")), IsEmpty());
  EXPECT_EQ(error_, "");
}

TEST_F(LineReaderSpec, CrossesItsBufferAnywhere) {
  std::string text;
  std::vector<std::string> expected;
  for (int i = 0; i < 60'000; ++i) {
    expected.push_back(std::string(static_cast<std::size_t>(i % 97), 'x') + std::to_string(i));
    text += expected.back() + (i % 3 == 0 ? "\r\n" : "\n");
  }
  EXPECT_EQ(lines_of(text), expected);
  EXPECT_EQ(lines_of(gzip(text)), expected);
}

TEST_F(LineReaderSpec, SaysAfterWhichLineGzipDataEnds) {
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += "line " + std::to_string(i * 7919) + "\n";
  const auto bytes = gzip(text);
  for (const auto size : {std::size_t{2}, std::size_t{9}, bytes.size() / 2, bytes.size() - 1}) {
    const auto lines = lines_of(std::string_view{bytes}.substr(0, size));
    EXPECT_TRUE(cut_short_);
    EXPECT_THAT(error_, HasSubstr("gzip data ends early after line " + std::to_string(lines.size())));
  }
}

TEST_F(LineReaderSpec, SaysAfterWhichLineGzipDataIsDamaged) {
  auto bytes = gzip("a\nb\n");
  bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] ^ 1);  // the checksum
  lines_of(bytes);
  EXPECT_FALSE(cut_short_);
  EXPECT_THAT(error_, HasSubstr("gzip data is damaged after line"));
  EXPECT_THAT(lines_of(gzip("a\n") + "trailing garbage"), ElementsAre("a"));
  EXPECT_THAT(error_, HasSubstr("damaged after line 1"));
}

TEST_F(LineReaderSpec, RefusesALineOfMoreThanAMebibyte) {
  EXPECT_EQ(lines_of("a\n" + std::string(LineReader::kMaxLine, 'x') + "\n").size(), 2U);
  EXPECT_EQ(error_, "");
  for (const auto* end : {"\n", ""}) {
    EXPECT_THAT(lines_of("a\n" + std::string(LineReader::kMaxLine + 1, 'x') + end), ElementsAre("a"));
    EXPECT_THAT(error_, HasSubstr("line 2 is longer than 1 MiB"));
  }
}

TEST_F(LineReaderSpec, TellsHowMuchOfTheFileItHasRead) {
  for (const bool compressed : {false, true}) {
    std::string bytes;
    for (int i = 0; i < 200'000; ++i) bytes += std::to_string(i) + '\n';
    if (compressed) bytes = gzip(bytes);
    std::vector<ReadProgress> told;
    auto reader = LineReader::open(folder_.write("input", bytes), [&](const ReadProgress& at) { told.push_back(at); });
    for (std::string_view line; (*reader)->next(line);) {
    }
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.back().bytes, bytes.size());
    for (std::size_t i = 0; i < told.size(); ++i) {
      EXPECT_EQ(told[i].size, bytes.size());
      EXPECT_LE(told[i].lines, 200'000U);
      if (i == 0) continue;
      EXPECT_GT(told[i].bytes, told[i - 1].bytes);
    }
  }
}

TEST_F(LineReaderSpec, NamesTheFileThatItCannotOpen) {
  const auto missing = LineReader::open(folder_ / "nothing");
  ASSERT_FALSE(missing.has_value());
  EXPECT_THAT(missing.error().message, AllOf(HasSubstr("nothing"), HasSubstr("no such file")));
  EXPECT_EQ(missing.error().kind, SourceErrorKind::kUsage);
  const auto directory = LineReader::open(folder_ / ".");
  ASSERT_FALSE(directory.has_value());
  EXPECT_THAT(directory.error().message, HasSubstr("is a directory"));
}

}  // namespace
}  // namespace yagura::feeds
