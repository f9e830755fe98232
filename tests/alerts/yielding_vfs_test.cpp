// Storing gives the core away, and what is stored is what it would be without.
#include "alerts/yielding_vfs.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "alerts/journal_store.hpp"
#include "alerts/sqlite.hpp"
#include "core/give_way.hpp"
#include "temp_dir.hpp"
#include "tests/support/yield_count.hpp"

namespace yagura::alerts {
namespace {

using test::yields;

class YieldingVfs : public testing::Test {
 protected:
  static JournalBatch batch(std::uint64_t first, std::uint64_t count) {
    JournalBatch batch;
    for (auto n = first; n < first + count; ++n) {
      auto& row = batch.rows.emplace_back();
      row.seq = n;
      row.id = {n * 0x9e3779b97f4a7c15ULL, n};
      row.json = std::make_shared<const std::string>(900, 'a');
    }
    batch.snapshot =
        Snapshot{.version = 1, .position = static_cast<std::int64_t>(first), .blob = std::string(60'000, 's')};
    return batch;
  }

  static std::string text(sqlite::Connection& connection, std::string_view sql) {
    const auto answer = connection.text(sql);
    EXPECT_TRUE(answer) << sql;
    return answer ? answer->value_or("") : "";
  }

  TempDir dir_;
  std::filesystem::path file_ = dir_.path() / "journal.db";
};

TEST_F(YieldingVfs, GivesTheCoreAwayBehindEachWrite) {
  auto store = JournalStore::open(file_);
  ASSERT_TRUE(store);
  const test::CountedYields counted;
  int most = 0;  // of a few: patience may end where the test itself loses its core
  for (std::uint64_t i = 0; i < 10; ++i) {
    yields = 0;
    patience() = {};
    ASSERT_TRUE(store->commit(batch(1 + i * 5, 5), timestamp_from_ns(1)));
    most = std::max(most, yields);
  }
  // Each page in the log is two writes; five alerts and a snapshot are some twenty pages.
  EXPECT_GE(most, 40);
}

TEST_F(YieldingVfs, StoresWhatSqliteFindsWithoutIt) {
  {
    auto store = JournalStore::open(file_);
    ASSERT_TRUE(store);
    for (std::uint64_t i = 0; i < 200; ++i) ASSERT_TRUE(store->commit(batch(1 + i * 5, 5), timestamp_from_ns(1)));
    const auto log = std::filesystem::file_size(file_.string() + "-wal");
    EXPECT_LT(log, 4U << 20) << "copied back on the way: 200 times twenty pages are 16 MB";
    EXPECT_GT(std::filesystem::file_size(file_), 900'000U);
  }
  auto plain = sqlite::Connection::open(file_, sqlite::Connection::Mode::kReadOnly);
  ASSERT_TRUE(plain);
  EXPECT_EQ(text(*plain, "PRAGMA integrity_check"), "ok");
  EXPECT_EQ(text(*plain, "SELECT count(*) FROM alerts"), "1000");
  EXPECT_EQ(text(*plain, "SELECT length(blob) FROM snapshot"), "60000");
}

// One process has both ways open at once: the journal's writer and its readers.
TEST_F(YieldingVfs, AReaderWithoutItSeesEachCommit) {
  auto store = JournalStore::open(file_);
  ASSERT_TRUE(store);
  auto reader = sqlite::Connection::open(file_, sqlite::Connection::Mode::kReadOnly);
  ASSERT_TRUE(reader);
  for (std::uint64_t i = 0; i < 10; ++i) {
    ASSERT_TRUE(store->commit(batch(1 + i * 5, 5), timestamp_from_ns(1)));
    EXPECT_EQ(text(*reader, "SELECT count(*) FROM alerts"), std::to_string(5 * (i + 1)));
  }
}

TEST_F(YieldingVfs, AFileThatCannotBeOpenedIsRefusedAsWithoutIt) {
  using Mode = sqlite::Connection::Mode;
  const auto missing = dir_.path() / "none" / "journal.db";
  const auto writer = sqlite::Connection::open(missing, Mode::kReadWrite);
  const auto reader = sqlite::Connection::open(missing, Mode::kReadOnly);
  ASSERT_FALSE(writer);
  ASSERT_FALSE(reader);
  EXPECT_EQ(writer.error().code, reader.error().code);
  EXPECT_EQ(writer.error().message, reader.error().message);
}

}  // namespace
}  // namespace yagura::alerts
