// Journals of earlier versions are brought up to date, all of it or not at all.
#include "alerts/journal_schema.hpp"

#include <gtest/gtest.h>

#include "alerts/journal.hpp"
#include "alerts/journal_reader.hpp"
#include "temp_dir.hpp"

namespace yagura::alerts {
namespace {

using namespace std::chrono_literals;

// As version 1 made it.
constexpr const char* kSchema1 = R"(
  PRAGMA application_id = 0x59475241;
  PRAGMA journal_mode = WAL;
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO meta VALUES ('schema', 1), ('epoch', 4);
  CREATE TABLE alerts (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, ts_event_ns INTEGER NOT NULL,
                       json TEXT NOT NULL);
  CREATE TABLE snapshot (only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL,
                         position INTEGER NOT NULL, sum BLOB NOT NULL, blob BLOB NOT NULL);
  INSERT INTO alerts VALUES (1, x'000102030405060708090a0b0c0d0e0f', 7, '{"first":1}'),
                            (2, x'100102030405060708090a0b0c0d0e0f', 8, '{"second":2}');)";

class JournalSchema : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(dir_.create());
    run(kSchema1, sqlite::Connection::Mode::kCreate);
  }
  void run(const char* sql, sqlite::Connection::Mode mode = sqlite::Connection::Mode::kReadWrite) {
    auto connection = sqlite::Connection::open(dir_.journal_file(), mode);
    ASSERT_TRUE(connection);
    const auto done = connection->run(sql);
    ASSERT_TRUE(done) << done.error().message;
  }
  std::int64_t number(std::string_view sql) {
    auto connection = sqlite::Connection::open(dir_.journal_file(), sqlite::Connection::Mode::kReadOnly);
    const auto found = connection->integer(sql);
    EXPECT_TRUE(found) << found.error().message;
    return found ? found->value_or(-1) : -1;
  }

  TempDir temp_;
  StateDir dir_{temp_.path() / "state"};
};

TEST_F(JournalSchema, AnOldJournalGoesOn) {
  Journal::Options options;
  options.sinks = {"desk"};
  auto journal = Journal::open(dir_, options);
  ASSERT_TRUE(journal) << journal.error().message;
  EXPECT_EQ((*journal)->epoch(), 5);
  EXPECT_EQ((*journal)->last_seq(), 2U);
  EXPECT_TRUE((*journal)->number({0x0001020304050607, 0x08090a0b0c0d0e0f}).repeat);
  (*journal)->append(3, {1, 3}, timestamp_from_ns(9), R"({"third":3})", {{1, 3}, Severity::kHigh, {Route{}}});
  ASSERT_TRUE((*journal)->close());
  EXPECT_EQ(number("SELECT value FROM meta WHERE name = 'schema'"), kJournalSchema);
  EXPECT_EQ(number("SELECT count(*) FROM alerts"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM deliveries"), 1);
  EXPECT_GT(number("SELECT min(stored_ns) FROM alerts"), 1'700'000'000'000'000'000) << "old ones age from now on";
}

TEST_F(JournalSchema, AnOldJournalCanBeReadWithoutChangingIt) {
  auto reader = JournalReader::open(dir_.journal_file());
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(*reader->last_seq(), 2U);
  EXPECT_EQ(number("SELECT value FROM meta WHERE name = 'schema'"), 1);
}

TEST_F(JournalSchema, AStepThatFailsLeavesTheOldJournal) {
  // In the way of the first step, and of the last of them.
  for (const auto* const table : {"actions", "ticks"}) {
    run((std::string{"CREATE TABLE "} + table + " (something TEXT)").c_str());
    const auto journal = Journal::open(dir_);
    ASSERT_FALSE(journal) << table;
    EXPECT_NE(journal.error().message.find(dir_.journal_file().string()), std::string::npos);
    EXPECT_EQ(number("SELECT value FROM meta WHERE name = 'schema'"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM pragma_table_info('alerts')"), 4);
    EXPECT_EQ(number("SELECT count(*) FROM pragma_table_info('candles')"), 0);
    run((std::string{"DROP TABLE "} + table).c_str());
  }
  EXPECT_TRUE(Journal::open(dir_));
}

TEST_F(JournalSchema, OneOfTheSecondSchemaGetsItsHistory) {
  {
    auto journal = Journal::open(dir_);
    ASSERT_TRUE(journal);
    (*journal)->append(3, {1, 3}, timestamp_from_ns(9), R"({"third":3})");
    ASSERT_TRUE((*journal)->close());
  }
  run("DROP TABLE candles; DROP TABLE ticks; UPDATE meta SET value = 2 WHERE name = 'schema'");
  auto journal = Journal::open(dir_);
  ASSERT_TRUE(journal) << journal.error().message;
  HistoryRows rows{.instrument = "NI225", .erase_from = {}, .candles = {{}}, .pieces = {{}}};
  ASSERT_TRUE((*journal)->put_snapshot({.version = 1, .position = 1, .blob = "", .history = {rows}}));
  ASSERT_TRUE((*journal)->close());
  EXPECT_EQ(number("SELECT value FROM meta WHERE name = 'schema'"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM alerts"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM candles"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM ticks"), 1);
}

TEST_F(JournalSchema, WhatIsOldGoesBiteByBiteAndTheNewestStays) {
  Journal::Options options;
  options.sinks = {"desk"};
  {
    auto journal = Journal::open(dir_, options);
    ASSERT_TRUE(journal);
    for (std::uint64_t n = 3; n <= 2'000; ++n)
      (*journal)->append(n, {1, n}, timestamp_from_ns(9), "{}", {{1, n}, Severity::kHigh, {Route{}}});
    ASSERT_TRUE((*journal)->close());
  }
  run("UPDATE alerts SET stored_ns = 1; UPDATE deliveries SET state = 1, changed_ns = 1 WHERE seq <> 1500");
  options.keep = 24h;
  auto journal = Journal::open(dir_, options);
  ASSERT_TRUE(journal);
  const auto until = std::chrono::steady_clock::now() + 20s;
  while ((*journal)->status().forgotten < 3'994 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_EQ((*journal)->status().forgotten, 1'998U + 1'996U);
  EXPECT_EQ(number("SELECT count(*) FROM alerts WHERE seq = 1500"), 1) << "its delivery still needs it";
  EXPECT_EQ(number("SELECT max(seq) FROM alerts"), 2'000) << "numbers go on from it";
  (*journal)->append(2'001, {1, 2'001}, timestamp_from_ns(9), "{}");
  EXPECT_TRUE((*journal)->flush());
}

}  // namespace
}  // namespace yagura::alerts
