// kill -9 at a random moment: what is on disk is an exact beginning of what was handed over, and
// the snapshot is not newer than it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

#include "alerts/journal.hpp"
#include "alerts/journal_reader.hpp"
#include "temp_dir.hpp"

namespace yagura::alerts {
namespace {

// Writes alerts as fast as the disk takes them, a snapshot after every seventh, until killed. Says
// so with a byte once it has begun.
[[noreturn]] void write_until_killed(const StateDir& dir, int started) {
  auto journal = Journal::open(dir);
  if (!journal) _exit(1);
  static_cast<void>((*journal)->load_snapshot());
  if (::write(started, "!", 1) != 1) _exit(2);
  for (std::uint64_t seq = (*journal)->last_seq() + 1;; ++seq) {
    const std::string json = "{\"seq\":" + std::to_string(seq) + "}";
    while (!(*journal)->append(seq, {9, seq}, timestamp_from_ns(0), json)) usleep(100);
    if (seq % 7 == 0) (*journal)->put_snapshot({1, static_cast<std::int64_t>(seq), "after " + std::to_string(seq)});
    (*journal)->wake();
    if (seq % 16 == 0) usleep(50);
  }
}

void run_and_kill(const StateDir& dir, std::chrono::microseconds after) {
  int started[2];
  ASSERT_EQ(pipe(started), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) write_until_killed(dir, started[1]);
  close(started[1]);
  char byte = 0;
  ASSERT_EQ(read(started[0], &byte, 1), 1) << "the writer could not open its journal";
  close(started[0]);
  usleep(static_cast<useconds_t>(after.count()));
  kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
}

// How many alerts are stored, all of them 1 to n without a hole.
void expect_exact_beginning(JournalReader& reader, std::uint64_t& count) {
  const auto alerts = reader.read_after(0, 10'000'000);
  ASSERT_TRUE(alerts);
  for (std::size_t i = 0; i < alerts->size(); ++i) {
    ASSERT_EQ((*alerts)[i].seq, i + 1);
    ASSERT_EQ((*alerts)[i].json, "{\"seq\":" + std::to_string(i + 1) + "}");
  }
  count = alerts->size();
}

TEST(JournalCrash, KilledAtAnyMomentLeavesAnExactBeginning) {
  const TempDir temp;
  const StateDir dir{temp.path()};
  std::mt19937 random{20260209};
  std::uint64_t before = 0;
  for (std::int64_t round = 1; round <= 20; ++round) {
    run_and_kill(dir, std::chrono::microseconds{std::uniform_int_distribution<>{0, 30'000}(random)});
    auto reader = JournalReader::open(dir.journal_file());
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_EQ(*reader->epoch(), round);
    std::uint64_t count = 0;
    expect_exact_beginning(*reader, count);
    EXPECT_GE(count, before) << "what was committed stays";
    const auto snapshot = reader->load_snapshot();
    ASSERT_TRUE(snapshot);
    if (snapshot->has_value()) {
      EXPECT_LE(static_cast<std::uint64_t>((*snapshot)->position), count) << "newer than its alerts";
      EXPECT_EQ((*snapshot)->blob, "after " + std::to_string((*snapshot)->position));
    }
    before = count;
  }
  EXPECT_GT(before, 100U) << "the writer did write";
}

// A kill while the very first journal is being made must not look like damage afterwards.
TEST(JournalCrash, KilledWhileStartingForTheFirstTime) {
  std::mt19937 random{7};
  for (int round = 0; round < 20; ++round) {
    const TempDir temp;
    const StateDir dir{temp.path()};
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      static_cast<void>(Journal::open(dir));
      _exit(0);
    }
    usleep(std::uniform_int_distribution<useconds_t>{0, 6'000}(random));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    const auto journal = Journal::open(dir);
    ASSERT_TRUE(journal) << journal.error().message;
    EXPECT_LE((*journal)->epoch(), 2);
  }
}

}  // namespace
}  // namespace yagura::alerts
