#include "feeds/recorder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <functional>
#include <thread>

#include "feeds/file_compressor.hpp"
#include "tests/feeds/temp_folder.hpp"

namespace yagura::feeds {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto kMidnight = 1'770'595'200'000'000'000;  // 2026-02-09T00:00:00Z

class RecorderSpec : public testing::Test {
 protected:
  RecorderSpec() {
    options.file = folder / "live.ycap";
    options.header.created = at(0);
    options.header.feeds["gmo"] = {"gmo", {{"USDJPY", "USD_JPY"}}};
  }
  static Timestamp at(std::int64_t ns) { return timestamp_from_ns(kMidnight + ns); }
  static MonoTime mono(std::int64_t ns) { return MonoTime{Duration{ns}}; }

  void start() {
    auto started = Recorder::start(options);
    ASSERT_TRUE(started) << started.error().message;
    recorder = *std::move(started);
  }
  void frame(const std::string& payload, std::int64_t ns) {
    recorder->on_frame("gmo", FrameDir::kIn, {payload, false}, at(ns), mono(ns));
  }
  // Numbered, and as good as impossible to compress.
  static std::string payload(int number, std::size_t size) {
    std::string text = std::to_string(number) + " ";
    std::uint64_t state = 0x9E3779B97F4A7C15U * static_cast<std::uint64_t>(number + 1);
    while (text.size() < size) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      text += static_cast<char>('!' + (state >> 33) % 90);
    }
    return text;
  }
  void numbered(int from, int to, std::size_t size) {
    for (int i = from; i < to; ++i) frame(payload(i, size), i);
  }
  bool until(const std::function<bool(const Recorder::Stats&)>& done) const {
    for (int i = 0; i < 20'000; ++i) {
      if (done(recorder->stats())) return true;
      std::this_thread::sleep_for(1ms);
    }
    return false;
  }
  static std::vector<std::string> lines_of(const std::string& file) {
    std::vector<std::string> lines;
    auto reader = CaptureReader::open(file);
    EXPECT_TRUE(reader) << (reader ? "" : reader.error().message);
    CaptureRecord record;
    while (reader && (*reader)->next(record) == CaptureRead::kRecord) {
      lines.push_back(std::string{record.vendor} + (record.dir == FrameDir::kIn ? " < " : " > ") +
                      std::string{record.frame.payload});
    }
    return lines;
  }
  // Files of the folder, by name, without it.
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{folder / ""})
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
  static void expect_numbered(const std::vector<std::string>& lines, int to, std::size_t size) {
    ASSERT_EQ(lines.size(), static_cast<std::size_t>(to));
    for (int i = 0; i < to; ++i) ASSERT_EQ(lines[static_cast<std::size_t>(i)], "gmo < " + payload(i, size)) << i;
  }

  TempFolder folder;
  Recorder::Options options;
  std::unique_ptr<Recorder> recorder;
};

TEST_F(RecorderSpec, WritesFramesInOrderWithBothClocksAndSecretsMasked) {
  options.secrets = {"k3y"};
  start();
  recorder->on_frame("gmo", FrameDir::kOut, {R"({"auth":"k3y"})", false}, at(1), mono(11));
  recorder->on_frame("gmo", FrameDir::kIn, {R"({"echo":{"auth":"k3y"}})", false}, at(2), mono(12));
  recorder->on_frame("gmo", FrameDir::kIn, {"tick", true}, at(3), mono(13));
  EXPECT_TRUE(recorder->stop());
  EXPECT_THAT(lines_of(options.file),
              ElementsAre(R"(gmo > {"auth":"REDACTED"})", R"(gmo < {"echo":{"auth":"REDACTED"}})", "gmo < tick"));
  EXPECT_EQ(recorder->stats().recorded, 3U);
  EXPECT_EQ(recorder->stats().lost, 0U);
  auto reader = CaptureReader::open(options.file);
  CaptureRecord record;
  ASSERT_EQ((*reader)->next(record), CaptureRead::kRecord);
  EXPECT_EQ(record.ts, at(1));
  EXPECT_EQ(record.mono, mono(11));
}

TEST_F(RecorderSpec, LosesAndCountsWhatDoesNotFit) {
  options.max_frames = 4;
  options.max_bytes = 1000;
  start();
  frame(std::string(1001, 'x'), 0);  // alone too much
  recorder->on_frame("stranger", FrameDir::kIn, {"x", false}, at(0), mono(0));
  for (int i = 0; i < 1000; ++i) frame("x", i);
  EXPECT_TRUE(recorder->stop());
  const auto stats = recorder->stats();
  EXPECT_EQ(stats.recorded + stats.lost, 1002U);
  EXPECT_GE(stats.recorded, 3U);
  EXPECT_GE(stats.lost, 2U);
  EXPECT_EQ(lines_of(options.file).size(), stats.recorded);
}

TEST_F(RecorderSpec, SaysWhenTheFileCannotBeMade) {
  options.file = "/nonexistent/dir/x.ycap";
  const auto started = Recorder::start(options);
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message, HasSubstr("/nonexistent/dir/x.ycap"));
}

// A pipe that nobody reads stands for the slow disk: the writer stands still, the feed does not.
TEST_F(RecorderSpec, KeepsEveryFrameWhileTheDiskStandsStill) {
  constexpr int kFrames = 5'000;
  ASSERT_EQ(::mkfifo(options.file.c_str(), 0600), 0);
  const int reader = ::open(options.file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(reader, 0);
  ASSERT_EQ(::fcntl(reader, F_SETFL, 0), 0);
  start();
  numbered(0, kFrames, 200);  // a megabyte; the pipe holds 64 KiB
  EXPECT_TRUE(until([](const auto& stats) { return stats.recorded > 0; }));
  EXPECT_EQ(recorder->stats().lost, 0U);
  EXPECT_LT(recorder->stats().recorded, static_cast<std::uint64_t>(kFrames));

  std::string bytes;
  std::thread disk{[&] {  // now it is quick
    char chunk[65'536];
    for (::ssize_t got = 0; (got = ::read(reader, chunk, sizeof chunk)) > 0;)
      bytes.append(chunk, static_cast<std::size_t>(got));
  }};
  EXPECT_TRUE(recorder->stop());
  disk.join();
  ::close(reader);
  EXPECT_EQ(recorder->stats().recorded, static_cast<std::uint64_t>(kFrames));
  EXPECT_EQ(recorder->stats().lost, 0U);
  expect_numbered(lines_of(folder.write("copy.ycap", bytes)), kFrames, 200);
}

// A disk that is full after so many bytes of a file, until told otherwise.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    set(bytes);
  }
  ~FullDisk() {
    give_room();
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  void give_room() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  void set(rlim_t bytes) {
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  rlimit before_{};
  void (*handler_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

TEST_F(RecorderSpec, GoesOnWhereItStoppedWhenAFullDiskHasRoomAgain) {
  for (const auto* name : {"full.ycap", "full.ycap.gz"}) {
    constexpr int kFrames = 3'000;
    options.file = folder / name;
    FullDisk disk{100'000};
    start();
    numbered(0, kFrames / 2, 500);
    EXPECT_TRUE(until([](const auto& stats) { return !stats.error.empty(); })) << name;
    EXPECT_THAT(recorder->stats().error, HasSubstr("File too large")) << name;
    numbered(kFrames / 2, kFrames, 500);
    disk.give_room();
    EXPECT_TRUE(until([](const auto& stats) { return stats.error.empty() && stats.waiting == 0; })) << name;
    EXPECT_TRUE(recorder->stop()) << name;
    EXPECT_EQ(recorder->stats().recorded, static_cast<std::uint64_t>(kFrames)) << name;
    EXPECT_EQ(recorder->stats().lost, 0U) << name;
    EXPECT_GE(recorder->stats().failures, 1U) << name;
    expect_numbered(lines_of(options.file), kFrames, 500);
  }
}

TEST_F(RecorderSpec, CountsAsLostWhatAFullDiskNeverTook) {
  constexpr int kFrames = 2'000;
  FullDisk disk{100'000};
  start();
  numbered(0, kFrames, 500);
  EXPECT_TRUE(until([](const auto& stats) { return !stats.error.empty(); }));
  const auto stopped = recorder->stop();
  ASSERT_FALSE(stopped);
  EXPECT_THAT(stopped.error().message, HasSubstr("live.ycap: cannot be written: File too large"));
  const auto stats = recorder->stats();
  EXPECT_EQ(stats.recorded + stats.lost, static_cast<std::uint64_t>(kFrames));
  EXPECT_GT(stats.lost, 1'000U);
  EXPECT_GE(lines_of(options.file).size(), stats.recorded);  // the rest of them is torn
}

TEST_F(RecorderSpec, BeginsANewFileBeforeOneGrowsTooLarge) {
  constexpr int kFrames = 400;
  options.rotation.max_bytes = 64 * 1024;
  start();
  numbered(0, kFrames, 1'000);
  EXPECT_TRUE(until([](const auto& stats) { return stats.waiting == 0 && stats.compressed + 1 == stats.files; }));
  EXPECT_TRUE(recorder->stop());
  EXPECT_GE(recorder->stats().files, 6U);

  const auto names = files();
  EXPECT_EQ(names.size(), recorder->stats().files);
  EXPECT_EQ(names.front(), "live-20260209T000000Z.ycap.gz");
  EXPECT_EQ(names[1], "live-20260209T000000Z_002.ycap.gz");
  EXPECT_FALSE(names.back().ends_with(".gz")) << "the last one is as it was named";
  std::vector<std::string> all;
  for (const auto& name : names) {
    if (!name.ends_with(".gz")) {
      EXPECT_LE(std::filesystem::file_size(folder / name), 64U * 1024U);
    }
    const auto reader = CaptureReader::open(folder / name);
    ASSERT_TRUE(reader) << name;
    EXPECT_EQ((*reader)->header().feeds.at("gmo").symbols.at("USDJPY"), "USD_JPY") << name;
    for (const auto& line : lines_of(folder / name)) all.push_back(line);
  }
  expect_numbered(all, kFrames, 1'000);
}

TEST_F(RecorderSpec, BeginsANewFileWithEachUtcDay) {
  options.rotation.daily = true;
  options.file = folder / "live.ycap.gz";
  options.header.created = at(-7'200'000'000'000);
  start();
  frame("late", -1);
  frame("early", 0);
  frame("set back", -5);  // the wall clock: no reason for a file
  frame("noon", 43'200'000'000'000);
  frame("next", 86'400'000'000'000);
  EXPECT_TRUE(recorder->stop());
  EXPECT_THAT(files(), ElementsAre("live-20260208T220000Z.ycap.gz", "live-20260209T000000Z.ycap.gz",
                                   "live-20260210T000000Z.ycap.gz"));
  EXPECT_THAT(lines_of(folder / "live-20260208T220000Z.ycap.gz"), ElementsAre("gmo < late"));
  EXPECT_THAT(lines_of(folder / "live-20260209T000000Z.ycap.gz"),
              ElementsAre("gmo < early", "gmo < set back", "gmo < noon"));
}

TEST_F(RecorderSpec, StaysWithTheOldFileWhenANewOneCannotBeMade) {
  std::filesystem::create_directory(folder / "here");
  options.file = folder / "here/live.ycap";
  options.rotation.daily = true;
  start();
  frame("one", 1);
  EXPECT_TRUE(until([](const auto& stats) { return stats.recorded == 1; }));
  std::filesystem::rename(folder / "here", folder / "moved");
  frame("two", 86'400'000'000'001);
  EXPECT_TRUE(until([](const auto& stats) { return stats.recorded == 2; }));
  EXPECT_TRUE(recorder->stop());
  EXPECT_THAT(recorder->stats().warning, HasSubstr("here/live-20260210T000000Z.ycap: cannot be written"));
  EXPECT_EQ(recorder->stats().lost, 0U);
  EXPECT_THAT(lines_of(folder / "moved/live-20260209T000000Z.ycap"), ElementsAre("gmo < one", "gmo < two"));
}

TEST_F(RecorderSpec, GivesUpCompressingWithoutATrace) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += payload(i, 500) + '\n';
  const auto file = folder.write("large.ycap", text);
  {
    FileCompressor compressor;
    compressor.add(file);
  }
  const bool done = std::filesystem::exists(file + ".gz");
  EXPECT_NE(done, std::filesystem::exists(file));
  EXPECT_FALSE(std::filesystem::exists(file + ".gz.part"));
}

TEST_F(RecorderSpec, LeavesAFileThatCannotBeCompressed) {
  const auto file = folder.write("x.ycap", "text");
  std::filesystem::create_directory(file + ".gz.part");
  FileCompressor compressor;
  compressor.add(file);
  for (int i = 0; i < 20'000 && compressor.stats().failed == 0; ++i) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(compressor.stats().failed, 1U);
  EXPECT_THAT(compressor.stats().error, HasSubstr("x.ycap.gz.part: cannot be written: Is a directory"));
  EXPECT_EQ(read_all(file), "text");
}

TEST(RotatedNameSpec, SortsInTheOrderOfTime) {
  EXPECT_EQ(rotated_name("a.b/live.ycap", timestamp_from_ns(kMidnight)), "a.b/live-20260209T000000Z.ycap");
  EXPECT_EQ(rotated_name("live.ycap.gz", timestamp_from_ns(kMidnight)), "live-20260209T000000Z.ycap.gz");
  const std::vector<std::string> names{rotated_name("l.ycap", timestamp_from_ns(kMidnight)) + ".gz",
                                       rotated_name("l.ycap", timestamp_from_ns(kMidnight), 2),
                                       rotated_name("l.ycap", timestamp_from_ns(kMidnight), 10),
                                       rotated_name("l.ycap", timestamp_from_ns(kMidnight + 1'000'000'000))};
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

}  // namespace
}  // namespace yagura::feeds
