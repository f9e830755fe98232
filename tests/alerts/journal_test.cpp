// The journal while its disk behaves, and while it does not.
#include "alerts/journal.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "alerts/journal_reader.hpp"
#include "temp_dir.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::alerts {
namespace {

class JournalSpec : public testing::Test {
 protected:
  std::unique_ptr<Journal> opened(Journal::Options options = {}) {
    auto journal = Journal::open(dir_, options);
    if (!journal) {
      ADD_FAILURE() << journal.error().message;
      return nullptr;
    }
    return *std::move(journal);
  }
  static Id128 id(std::uint64_t n) { return {0xabc, n}; }
  // Numbers and stores the alert called `n`; returns its seq.
  static std::uint64_t add(Journal& journal, std::uint64_t n, std::size_t padding = 0) {
    const auto number = journal.number(id(n));
    if (number.repeat) return number.seq;
    const std::string json = R"({"n":)" + std::to_string(n) + R"(,"x":")" + std::string(padding, 'x') + R"("})";
    EXPECT_TRUE(journal.append(number.seq, id(n), timestamp_from_ns(static_cast<std::int64_t>(n)), json));
    journal.wake();
    return number.seq;
  }
  std::vector<StoredAlert> stored(std::uint64_t after = 0, std::size_t limit = 100'000) {
    auto reader = JournalReader::open(dir_.journal_file());
    EXPECT_TRUE(reader) << reader.error().message;
    auto alerts = reader->read_after(after, limit);
    EXPECT_TRUE(alerts) << alerts.error().message;
    return *alerts;
  }

  TempDir temp_;
  StateDir dir_{temp_.path() / "state"};
};

TEST_F(JournalSpec, AlertsComeBackInOrderWhileItRuns) {
  auto journal = opened();
  for (std::uint64_t n = 1; n <= 5; ++n) EXPECT_EQ(add(*journal, n), n);
  ASSERT_TRUE(journal->flush());
  const auto alerts = stored(2, 2);
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(alerts[0].seq, 3U);
  EXPECT_EQ(alerts[0].ts_event, timestamp_from_ns(3));
  EXPECT_EQ(alerts[1].json, R"({"n":4,"x":""})");
  EXPECT_EQ(journal->status().committed, 5U);
  EXPECT_EQ(journal->status().queued, 0U);
}

TEST_F(JournalSpec, TheNextRunGoesOnWhereTheLastEnded) {
  {
    auto journal = opened();
    EXPECT_EQ(journal->epoch(), 1);
    EXPECT_FALSE(journal->load_snapshot().has_value()) << "nothing was there";
    add(*journal, 1);
    add(*journal, 2);
    EXPECT_TRUE(journal->put_snapshot({3, 4711, std::string("state\0bytes", 11)}));
    EXPECT_TRUE(journal->close());
  }
  auto journal = opened();
  EXPECT_EQ(journal->epoch(), 2);
  EXPECT_EQ(journal->last_seq(), 2U);
  const auto snapshot = journal->load_snapshot();
  ASSERT_TRUE(snapshot.has_value());
  EXPECT_EQ(snapshot->version, 3);
  EXPECT_EQ(snapshot->position, 4711);
  EXPECT_EQ(snapshot->blob, std::string("state\0bytes", 11));
  EXPECT_EQ(add(*journal, 3), 3U);
}

TEST_F(JournalSpec, AnAlertDecidedAgainAfterACrashKeepsItsNumber) {
  {
    auto journal = opened();
    add(*journal, 1);
    add(*journal, 2);
  }
  auto journal = opened();
  const auto again = journal->number(id(2));
  EXPECT_EQ(again.seq, 2U);
  EXPECT_TRUE(again.repeat);
  EXPECT_EQ(journal->number(id(3)).seq, 3U);
  EXPECT_TRUE(journal->append(4, id(1), {}, "{}")) << "stored by an owner that numbers for itself";
  ASSERT_TRUE(journal->flush());
  EXPECT_EQ(stored().size(), 2U);
  EXPECT_EQ(journal->status().skipped, 1U);
}

TEST_F(JournalSpec, NumbersTheAlertsOfATickWithoutAllocating) {
  auto journal = opened();
  for (std::uint64_t n = 1; n <= 100; ++n) add(*journal, n);
  const auto before = test::allocations();
  for (std::uint64_t n = 101; n <= 120; ++n) EXPECT_EQ(journal->number(id(n)).seq, n);
  EXPECT_TRUE(journal->number(id(110)).repeat) << "before any of them was appended";
  EXPECT_EQ(test::allocations() - before, 0U);
  for (std::uint64_t n = 121; n <= 200; ++n) EXPECT_FALSE(journal->number(id(n)).repeat) << "any number of them";
  for (std::uint64_t n = 101; n <= 200; ++n) EXPECT_EQ(journal->number(id(n)).seq, n);
}

TEST_F(JournalSpec, RemembersOnlyTheNewestIds) {
  Journal::Options options;
  options.remembered_ids = 2;
  auto journal = opened(options);
  for (std::uint64_t n = 1; n <= 3; ++n) add(*journal, n);
  EXPECT_TRUE(journal->number(id(3)).repeat);
  EXPECT_FALSE(journal->number(id(1)).repeat);
}

TEST_F(JournalSpec, TheLatestSnapshotWins) {
  auto journal = opened();
  for (std::int64_t position = 1; position <= 20; ++position) {
    if (!journal->put_snapshot({1, position, "s"})) {
      ASSERT_TRUE(journal->flush());
      ASSERT_TRUE(journal->put_snapshot({1, position, "s"})) << "room again";
    }
  }
  ASSERT_TRUE(journal->flush());
  auto reader = JournalReader::open(dir_.journal_file());
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader->load_snapshot())->position, 20);
  EXPECT_EQ(*reader->epoch(), 1);
}

TEST_F(JournalSpec, OneMonitorAStateDirectory) {
  auto journal = opened();
  const auto second = Journal::open(dir_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, StateError::Kind::kBusy);
  EXPECT_NE(second.error().message.find("pid " + std::to_string(getpid())), std::string::npos);
  EXPECT_TRUE(journal->close());
  EXPECT_TRUE(Journal::open(dir_)) << "released by close";
}

TEST_F(JournalSpec, IsForItsOwnerOnly) {
  auto journal = opened();
  add(*journal, 1);
  ASSERT_TRUE(journal->flush());
  for (const auto* name : {"journal.db", "journal.db-wal", "lock"}) {
    struct stat info {};
    ASSERT_EQ(stat((dir_.path() / name).c_str(), &info), 0) << name;
    EXPECT_EQ(info.st_mode & 0077U, 0U) << name;
  }
}

TEST_F(JournalSpec, FindsAnAlertByItsId) {
  auto journal = opened();
  add(*journal, 7);
  ASSERT_TRUE(journal->flush());
  auto reader = JournalReader::open(dir_.journal_file());
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader->find(id(7))).value_or(""), R"({"n":7,"x":""})");
  EXPECT_FALSE(reader->find(id(8))->has_value());
  EXPECT_EQ(reader->read_newest(1)->front().seq, 1U);
}

TEST_F(JournalSpec, AReaderDoesNotCreateAJournal) {
  const auto reader = JournalReader::open(dir_.journal_file());
  ASSERT_FALSE(reader);
  EXPECT_NE(reader.error().message.find("journal.db"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(dir_.journal_file()));
}

// While it lives, no file of this process may grow beyond `bytes`: to SQLite a disk that refuses.
class NoSpace {
 public:
  explicit NoSpace(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit now = before_;
    now.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &now);
  }
  ~NoSpace() { setrlimit(RLIMIT_FSIZE, &before_); }
  NoSpace(const NoSpace&) = delete;
  NoSpace& operator=(const NoSpace&) = delete;

 private:
  rlimit before_{};
};

class JournalOnAFullDisk : public JournalSpec {
 protected:
  void SetUp() override { before_ = std::signal(SIGXFSZ, SIG_IGN); }
  void TearDown() override { std::signal(SIGXFSZ, before_); }

 private:
  void (*before_)(int) = SIG_DFL;
};

TEST_F(JournalOnAFullDisk, KeepsAlertsAndStoresThemInOrderWhenSpaceReturns) {
  auto journal = opened();
  add(*journal, 1);
  ASSERT_TRUE(journal->flush());
  {
    const NoSpace full{64 * 1024};
    for (std::uint64_t n = 2; n <= 200; ++n) add(*journal, n, 1'000);
    EXPECT_TRUE(journal->put_snapshot({1, 200, "s"}));
    EXPECT_FALSE(journal->flush());
    EXPECT_FALSE(journal->storage_ok());
    EXPECT_NE(journal->status().reason.find("journal.db"), std::string::npos);
    EXPECT_EQ(journal->status().queued, 199U);
  }
  ASSERT_TRUE(journal->flush()) << journal->status().reason;
  EXPECT_TRUE(journal->storage_ok());
  const auto alerts = stored();
  ASSERT_EQ(alerts.size(), 200U);
  for (std::uint64_t n = 1; n <= 200; ++n) EXPECT_EQ(alerts[n - 1].seq, n);
  auto reader = JournalReader::open(dir_.journal_file());
  EXPECT_EQ((*reader->load_snapshot())->position, 200);
}

TEST_F(JournalOnAFullDisk, TriesAgainByItself) {
  Journal::Options options;
  options.retry_after = std::chrono::milliseconds{1};
  auto journal = opened(options);
  {
    const NoSpace full{16 * 1024};
    for (std::uint64_t n = 1; n <= 50; ++n) add(*journal, n, 1'000);
    EXPECT_FALSE(journal->flush());
  }
  for (int i = 0; i < 5'000 && !journal->storage_ok(); ++i) usleep(1'000);
  EXPECT_TRUE(journal->storage_ok());
  EXPECT_EQ(stored().size(), 50U);
}

TEST_F(JournalOnAFullDisk, RefusesBeyondItsBoundAndThenTakesNoSnapshot) {
  Journal::Options options;
  options.capacity = 4;
  auto journal = opened(options);
  {
    const NoSpace full{16 * 1024};
    for (std::uint64_t n = 1; n <= 4; ++n) add(*journal, n, 10'000);
    EXPECT_FALSE(journal->flush());
    EXPECT_FALSE(journal->append(journal->number(id(5)).seq, id(5), {}, "{}"));
    EXPECT_FALSE(journal->put_snapshot({1, 5, "knows of an alert that is not stored"}));
    EXPECT_EQ(journal->status().refused, 1U);
  }
  ASSERT_TRUE(journal->flush());
  EXPECT_TRUE(journal->put_snapshot({1, 5, "s"})) << "the queue is empty again";
  add(*journal, 6);
  ASSERT_TRUE(journal->flush());
  EXPECT_EQ(stored().back().seq, 6U);
}

TEST_F(JournalOnAFullDisk, ClosingTellsHowManyAlertsWereLost) {
  auto journal = opened();
  const NoSpace full{16 * 1024};
  for (std::uint64_t n = 1; n <= 3; ++n) add(*journal, n, 10'000);
  const auto closed = journal->close();
  ASSERT_FALSE(closed);
  EXPECT_NE(closed.error().message.find("journal.db: 3 alerts could not be stored"), std::string::npos)
      << closed.error().message;
}

}  // namespace
}  // namespace yagura::alerts
