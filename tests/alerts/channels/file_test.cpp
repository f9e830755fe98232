#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>

#include "../temp_dir.hpp"
#include "alerts/channels/local_channels.hpp"
#include "letters.hpp"

namespace yagura::alerts {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using Came = Attempt::Result;

class FileSink : public testing::Test {
 protected:
  void open(FileChannel options = {}) {
    options.path = path().string();
    sink_.reset();
    auto made = make(options, clock_);
    ASSERT_TRUE(made) << made.error().message;
    sink_ = std::move(*made);
  }
  Attempt send(const std::string& json) {
    auto letter = sample_letter();
    letter.json = json;
    return sink_->send(letter, {});
  }
  [[nodiscard]] std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator{temp_.path()}) found.insert(entry.path().filename());
    return found;
  }
  [[nodiscard]] std::filesystem::path path() const { return temp_.path() / "alerts.jsonl"; }

  const TempDir temp_;
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>(parse_iso8601("2026-02-09T23:00:00Z").value());
  std::unique_ptr<Channel> sink_;
};

TEST_F(FileSink, ALineAnAlertForTheOwnerAlone) {
  open();
  EXPECT_EQ(send("{\"seq\":1}").result, Came::kDelivered);
  EXPECT_EQ(send("{\"seq\":2}").result, Came::kDelivered);
  EXPECT_EQ(read_file(path()), "{\"seq\":1}\n{\"seq\":2}\n");
  EXPECT_EQ(std::filesystem::status(path()).permissions(), std::filesystem::perms{0600});
}

TEST_F(FileSink, AFileThatCannotBeOpenedIsNamed) {
  const auto made = make(FileChannel{"/nowhere/alerts.jsonl"});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message, "/nowhere/alerts.jsonl: cannot be opened for alerts: No such file or directory");
}

TEST_F(FileSink, ATornLineIsClosedAndARepeatedOneNotWrittenAgain) {
  write_file(path(), "{\"seq\":1}\n{\"seq\":2}\n{\"se");
  open();
  EXPECT_EQ(send("{\"seq\":2}").detail, "was there already");
  EXPECT_EQ(send("{\"seq\":3}").result, Came::kDelivered);
  EXPECT_EQ(send("{\"seq\":3}").result, Came::kDelivered);
  EXPECT_EQ(read_file(path()), "{\"seq\":1}\n{\"seq\":2}\n{\"se\n{\"seq\":3}\n");
}

TEST_F(FileSink, ALineThatOnlyEndsLikeAnotherIsWritten) {
  // The tail begins within a line: what is left of it is none.
  const std::string filler(300'000, 'x');
  write_file(path(), filler + "{\"seq\":1}\n{\"seq\":2}\n");
  open();
  EXPECT_EQ(send("{\"seq\":1}").detail, "");
  EXPECT_EQ(send("{\"seq\":2}").detail, "was there already");
}

TEST_F(FileSink, RotatesBySizeAndKeepsTheNewest) {
  open({{}, 25, false, 2});
  for (int i = 1; i <= 9; ++i) EXPECT_EQ(send("{\"seq\":" + std::to_string(i) + "}").result, Came::kDelivered);
  EXPECT_THAT(names(), ElementsAre("alerts-2026-02-09.2.jsonl", "alerts-2026-02-09.3.jsonl", "alerts.jsonl"));
  EXPECT_EQ(read_file(temp_.path() / "alerts-2026-02-09.3.jsonl"), "{\"seq\":7}\n{\"seq\":8}\n");
  EXPECT_EQ(read_file(path()), "{\"seq\":9}\n");
}

TEST_F(FileSink, RotatesAtMidnightUtcAndLeavesStrangersAlone) {
  write_file(temp_.path() / "alerts-2026-02-0x.jsonl", "mine");
  write_file(temp_.path() / "alerts-2026-01-01.jsonl.gz", "mine");
  write_file(temp_.path() / "alerts-2026-01-01.jsonl", "old");
  open({{}, 0, true, 1});
  send("{\"seq\":1}");
  clock_->advance(59min);
  send("{\"seq\":2}");
  clock_->advance(2min);
  send("{\"seq\":3}");
  EXPECT_THAT(names(), ElementsAre("alerts-2026-01-01.jsonl.gz", "alerts-2026-02-09.jsonl", "alerts-2026-02-0x.jsonl",
                                   "alerts.jsonl"));
  EXPECT_EQ(read_file(temp_.path() / "alerts-2026-02-09.jsonl"), "{\"seq\":1}\n{\"seq\":2}\n");
  EXPECT_EQ(read_file(path()), "{\"seq\":3}\n");
}

TEST_F(FileSink, AFileOfYesterdayIsRotatedAfterAStart) {
  write_file(path(), "{\"seq\":1}\n");
  const timespec yesterday[2] = {{1'770'500'000, 0}, {1'770'500'000, 0}};  // 2026-02-07
  ::utimensat(AT_FDCWD, path().c_str(), yesterday, 0);
  open({{}, 0, true, 0});
  send("{\"seq\":2}");
  EXPECT_THAT(names(), ElementsAre("alerts-2026-02-07.jsonl", "alerts.jsonl"));
}

TEST_F(FileSink, WhatLogrotateMovedAwayIsOpenedAnew) {
  open();
  send("{\"seq\":1}");
  std::filesystem::rename(path(), temp_.path() / "alerts.jsonl.1");
  EXPECT_EQ(send("{\"seq\":2}").result, Came::kDelivered);
  EXPECT_EQ(read_file(path()), "{\"seq\":2}\n");
  std::filesystem::remove(path());
  EXPECT_EQ(send("{\"seq\":3}").result, Came::kDelivered);
  EXPECT_EQ(read_file(path()), "{\"seq\":3}\n");
}

// A limit of the process stands in for a full disk: the write that crosses it is cut short, the next refused.
TEST_F(FileSink, AFullDiskIsAFailureAndLeavesNoHalfLine) {
  open();
  send("{\"seq\":1}");
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = 15;
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto full = send("{\"seq\":2}");
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(full.result, Came::kFailed);
  EXPECT_THAT(full.detail, HasSubstr("alerts.jsonl: cannot write alerts: File too large"));
  EXPECT_EQ(read_file(path()), "{\"seq\":1}\n");
  EXPECT_EQ(send("{\"seq\":2}").result, Came::kDelivered);
  EXPECT_EQ(read_file(path()), "{\"seq\":1}\n{\"seq\":2}\n");
}

TEST_F(FileSink, ADeviceIsWrittenToAndNothingElse) {
  auto made = make(FileChannel{"/dev/full", 1, false, 0});
  ASSERT_TRUE(made);
  const auto attempt = (*made)->send(sample_letter(), {});
  EXPECT_EQ(attempt.result, Came::kFailed);
  EXPECT_EQ(attempt.detail, "/dev/full: cannot write alerts: No space left on device");
}

}  // namespace
}  // namespace yagura::alerts
