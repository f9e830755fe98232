// A state that cannot be trusted is refused, named and left as it was.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alerts/journal.hpp"
#include "alerts/sqlite.hpp"
#include "temp_dir.hpp"

namespace yagura::alerts {
namespace {

namespace fs = std::filesystem;

class JournalFile : public testing::Test {
 protected:
  void SetUp() override {
    auto journal = Journal::open(dir_);
    ASSERT_TRUE(journal) << journal.error().message;
    for (std::uint64_t n = 1; n <= 300; ++n) {
      (*journal)->append(n, {1, n}, timestamp_from_ns(1), R"({"v":1,"text":")" + std::string(200, 'x') + "\"}");
    }
    (*journal)->put_snapshot({1, 300, std::string(5'000, 's')});
    ASSERT_TRUE((*journal)->close());
  }

  void expect_refused(std::string_view why) {
    const std::string before = read_file(file_);
    const auto journal = Journal::open(dir_);
    ASSERT_FALSE(journal);
    EXPECT_EQ(journal.error().kind, StateError::Kind::kBadData) << journal.error().message;
    EXPECT_NE(journal.error().message.find(file_.string()), std::string::npos) << journal.error().message;
    EXPECT_NE(journal.error().message.find(why), std::string::npos) << journal.error().message;
    EXPECT_TRUE(read_file(file_) == before) << "the file was changed";
  }
  void run(const char* sql) {
    auto connection = sqlite::Connection::open(file_, sqlite::Connection::Mode::kReadWrite);
    ASSERT_TRUE(connection);
    const auto done = connection->run(sql);
    ASSERT_TRUE(done) << done.error().message;
  }
  void overwrite(std::size_t at, std::string_view bytes) {
    std::string content = read_file(file_);
    content.replace(at, bytes.size(), bytes);
    write_file(file_, content);
  }

  TempDir temp_;
  StateDir dir_{temp_.path()};
  fs::path file_ = dir_.journal_file();
};

TEST_F(JournalFile, FromANewerVersion) {
  run("UPDATE meta SET value = 4 WHERE name = 'schema'");
  expect_refused("newer yagura (schema 4, this one knows 3)");
}

TEST_F(JournalFile, Emptied) {
  write_file(file_, "");
  expect_refused("the file is empty");
}

TEST_F(JournalFile, Garbage) {
  write_file(file_, "this is not a database, however long it may be, and it never was one");
  expect_refused("damaged");
}

TEST_F(JournalFile, HeaderOverwritten) {
  overwrite(0, std::string(100, '\0'));
  expect_refused("damaged");
}

TEST_F(JournalFile, APageOverwritten) {
  overwrite(2 * 4096, std::string(4096, '\xff'));
  expect_refused("damaged");
}

TEST_F(JournalFile, CutShort) {
  fs::resize_file(file_, fs::file_size(file_) / 2);
  expect_refused("damaged");
}

TEST_F(JournalFile, ABitOfTheSnapshotFlipped) {
  overwrite(read_file(file_).find("ssssssss"), "r");
  expect_refused("the snapshot does not match its sum");
}

TEST_F(JournalFile, ATableGone) {
  run("DROP TABLE alerts");
  expect_refused("no such table: alerts");
}

TEST_F(JournalFile, AnotherProgramsDatabase) {
  run("PRAGMA application_id = 1");
  expect_refused("not a journal of yagura");
}

TEST_F(JournalFile, NotEvenAFile) {
  fs::remove(file_);
  fs::create_directory(file_);
  const auto journal = Journal::open(dir_);
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().kind, StateError::Kind::kBadData);
}

TEST_F(JournalFile, MissingWithItsLogStillThere) {
  fs::rename(file_, file_.string() + "-wal");
  const auto journal = Journal::open(dir_);
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().kind, StateError::Kind::kBadData);
  EXPECT_FALSE(fs::exists(file_)) << "never starts from nothing by accident";
}

TEST_F(JournalFile, LeftHalfMadeByACrashIsMadeAgain) {
  fs::remove(file_);
  write_file(file_.string() + ".new", "half");
  write_file(file_.string() + ".new-wal", "half");
  const auto journal = Journal::open(dir_);
  ASSERT_TRUE(journal) << journal.error().message;
  EXPECT_EQ((*journal)->epoch(), 1);
}

// After a crash part of the journal is still in its log; looking at it must not copy it back.
TEST_F(JournalFile, DamagedWithALogFromACrash) {
  const pid_t child = fork();
  if (child == 0) {
    auto journal = Journal::open(dir_);
    (*journal)->append(301, {1, 301}, timestamp_from_ns(1), "{}");
    static_cast<void>((*journal)->flush());
    _exit(0);  // nothing is closed
  }
  waitpid(child, nullptr, 0);
  const fs::path log = file_.string() + "-wal";
  const std::string log_before = read_file(log);
  ASSERT_FALSE(log_before.empty());
  overwrite(5 * 4096, std::string(4096, '\xff'));
  expect_refused("damaged");
  EXPECT_TRUE(read_file(log) == log_before) << "the log was changed";
}

// A7: cut anywhere, the journal opens whole or not at all; it never opens with less.
TEST_F(JournalFile, CutAnywhereItNeverOpensWithLess) {
  const std::string whole = read_file(file_);
  for (std::size_t size = 0; size < whole.size(); size += 1'013) {
    write_file(file_, std::string_view{whole}.substr(0, size));
    const auto journal = Journal::open(dir_);
    ASSERT_FALSE(journal) << size << " of " << whole.size();
    EXPECT_EQ(journal.error().kind, StateError::Kind::kBadData);
    ASSERT_TRUE(read_file(file_) == std::string_view{whole}.substr(0, size)) << size;
  }
}

}  // namespace
}  // namespace yagura::alerts
