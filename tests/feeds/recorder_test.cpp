#include "feeds/recorder.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

namespace yagura::feeds {
namespace {

using testing::ElementsAre;

class RecorderSpec : public testing::Test {
 protected:
  RecorderSpec() {
    options.file =
        (std::filesystem::temp_directory_path() / ("recorder-" + std::to_string(::getpid()) + ".ycap")).string();
    options.header.created = at(0);
    options.header.feeds["gmo"] = {"gmo", {{"USDJPY", "USD_JPY"}}};
  }
  ~RecorderSpec() override { std::filesystem::remove(options.file); }
  static Timestamp at(std::int64_t ns) { return timestamp_from_ns(1'770'595'200'000'000'000 + ns); }
  std::vector<std::string> recorded() const {
    std::vector<std::string> lines;
    auto reader = CaptureReader::open(options.file);
    EXPECT_TRUE(reader);
    CaptureRecord record;
    while (reader && (*reader)->next(record) == CaptureRead::kRecord) {
      lines.push_back(std::string{record.vendor} + (record.dir == FrameDir::kIn ? " < " : " > ") +
                      std::string{record.frame.payload});
    }
    return lines;
  }
  Recorder::Options options;
};

TEST_F(RecorderSpec, WritesFramesInOrderWithSecretsMasked) {
  options.secrets = {"k3y"};
  auto recorder = Recorder::start(options);
  ASSERT_TRUE(recorder);
  (*recorder)->on_frame("gmo", FrameDir::kOut, {R"({"auth":"k3y"})", false}, at(1));
  (*recorder)->on_frame("gmo", FrameDir::kIn, {R"({"echo":{"auth":"k3y"}})", false}, at(2));
  (*recorder)->on_frame("gmo", FrameDir::kIn, {"tick", true}, at(3));
  EXPECT_TRUE((*recorder)->stop());
  EXPECT_THAT(recorded(),
              ElementsAre(R"(gmo > {"auth":"REDACTED"})", R"(gmo < {"echo":{"auth":"REDACTED"}})", "gmo < tick"));
  EXPECT_EQ((*recorder)->stats().recorded, 3U);
  EXPECT_EQ((*recorder)->stats().lost, 0U);
}

TEST_F(RecorderSpec, LosesAndCountsWhatDoesNotFit) {
  options.max_frames = 4;
  options.max_bytes = 1000;
  auto recorder = Recorder::start(options);
  ASSERT_TRUE(recorder);
  (*recorder)->on_frame("gmo", FrameDir::kIn, {std::string(1001, 'x'), false}, at(0));  // alone too much
  (*recorder)->on_frame("stranger", FrameDir::kIn, {"x", false}, at(0));
  for (int i = 0; i < 1000; ++i) (*recorder)->on_frame("gmo", FrameDir::kIn, {"x", false}, at(i));
  EXPECT_TRUE((*recorder)->stop());
  const auto stats = (*recorder)->stats();
  EXPECT_EQ(stats.recorded + stats.lost, 1002U);
  EXPECT_GE(stats.recorded, 3U);
  EXPECT_GE(stats.lost, 2U);
  EXPECT_EQ(recorded().size(), stats.recorded);
}

TEST_F(RecorderSpec, SaysWhenTheFileCannotBeMade) {
  options.file = "/nonexistent/dir/x.ycap";
  const auto recorder = Recorder::start(options);
  ASSERT_FALSE(recorder);
  EXPECT_THAT(recorder.error().message, testing::HasSubstr("/nonexistent/dir/x.ycap"));
}

}  // namespace
}  // namespace yagura::feeds
