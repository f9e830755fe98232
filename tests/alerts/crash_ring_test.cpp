// The ring keeps what was appended, through a kill and up to the first wrong bit.
#include "alerts/crash_ring.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <random>

#include "alerts/ring_file.hpp"
#include "alerts/ring_layout.hpp"
#include "temp_dir.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::alerts {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr CrashRing::Spec kSmall{.slots = 8, .id = 77, .symbols = 5};

// An entry that names its number in every field.
Tick tick_of(std::uint64_t n) {
  Tick tick{};
  const auto number = static_cast<std::int64_t>(n);
  tick.ts_event = timestamp_from_ns(1'000 * number);
  tick.price = tick.bid = Price::from_raw(number);
  tick.seq = n;
  tick.symbol = SymbolId{static_cast<std::uint16_t>(n % 3)};
  tick.flags = TickFlag::kHasSeq | TickFlag::kHasBid;
  return tick;
}

class CrashRingSpec : public testing::Test {
 protected:
  void append(CrashRing& ring, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i)
      ring.append(RingEntry::Kind::kTick, tick_of(ring.last() + 1), static_cast<std::uint8_t>(ring.last() % 5));
  }
  CrashRing create(const CrashRing::Spec& spec = kSmall, std::uint64_t next = 1) {
    auto ring = CrashRing::create(file, spec, next);
    EXPECT_TRUE(ring) << ring.error().message;
    return *std::move(ring);
  }
  CrashRing resume(std::uint64_t next) {
    auto ring = CrashRing::resume(file, kSmall, next);
    EXPECT_TRUE(ring) << ring.error().message;
    return *std::move(ring);
  }
  // One byte of the file as it lies there; 1 when that went well.
  ssize_t overwrite(std::size_t at, char byte) const {
    const int fd = ::open(file.c_str(), O_WRONLY);
    const auto written = ::pwrite(fd, &byte, 1, static_cast<off_t>(at));
    ::close(fd);
    return written;
  }
  RingFile read() {
    auto ring = RingFile::read(file);
    EXPECT_TRUE(ring && ring->has_value());
    return **std::move(ring);
  }
  RingTail after(std::uint64_t position) { return read().after(position); }

  // Entries `first` to `last` and nothing else.
  static void expect_entries(const RingTail& tail, std::uint64_t first, std::uint64_t last) {
    ASSERT_EQ(tail.entries.size(), last + 1 - first);
    EXPECT_EQ(tail.last, last);
    for (std::uint64_t n = first; n <= last; ++n) {
      const auto& entry = tail.entries[n - first];
      const auto wanted = tick_of(n);
      EXPECT_EQ(std::memcmp(&entry.tick, &wanted, sizeof wanted), 0) << "entry " << n;
      EXPECT_EQ(entry.detail, (n - 1) % 5);
    }
  }

  TempDir temp;
  std::filesystem::path file = temp.path() / "ring";
};

TEST_F(CrashRingSpec, GivesBackWhatFollowsASnapshot) {
  auto ring = create();
  append(ring, 5);
  EXPECT_EQ(ring.last(), 5U);
  expect_entries(after(0), 1, 5);
  expect_entries(after(3), 4, 5);
  EXPECT_THAT(after(5).entries, IsEmpty());
  EXPECT_EQ(after(5).last, 5U);
  EXPECT_THAT(after(3).damage, IsEmpty());
  struct stat about {};
  ASSERT_EQ(stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
  EXPECT_EQ(static_cast<std::size_t>(about.st_blocks) * 512 >= ring_size(kSmall.slots), true) << "no holes in it";
}

TEST_F(CrashRingSpec, SaysWhoseItIs) {
  create();
  const auto ring = read();
  EXPECT_THAT(ring.trouble(), IsEmpty());
  EXPECT_EQ(ring.spec().id, 77U);
  EXPECT_EQ(ring.spec().symbols, 5U);
  EXPECT_EQ(ring.spec().slots, 8U);
}

TEST_F(CrashRingSpec, RunsOverTheOldestAndCountsWhatASnapshotMisses) {
  auto ring = create();
  append(ring, 21);
  expect_entries(after(13), 14, 21);
  EXPECT_EQ(after(13).overwritten, 0U);
  const auto tail = after(4);
  expect_entries(tail, 14, 21);
  EXPECT_EQ(tail.overwritten, 9U);
  EXPECT_THAT(tail.damage, IsEmpty());
}

TEST_F(CrashRingSpec, GoesOnWhereTheLastRunStopped) {
  {
    auto ring = create();
    append(ring, 6);
  }
  auto ring = resume(7);
  append(ring, 2);
  expect_entries(after(2), 3, 8);
}

// The machine lost power: the journal reached the disk and the ring's pages did not.
TEST_F(CrashRingSpec, MayBeOlderThanTheSnapshot) {
  {
    auto ring = create();
    append(ring, 3);
  }
  EXPECT_THAT(after(12).entries, IsEmpty());
  EXPECT_THAT(after(12).damage, IsEmpty());
  auto ring = resume(13);
  append(ring, 2);
  expect_entries(after(12), 13, 14);
}

TEST_F(CrashRingSpec, AnEntryThatWasBeingWrittenIsNone) {
  {
    auto ring = create();
    append(ring, 11);
  }
  auto bytes = read_file(file);
  bytes.replace(ring_offset(12, 8), 8, 8, '\0');  // its number is set last of all
  write_file(file, bytes);
  expect_entries(after(9), 10, 11);
  EXPECT_THAT(after(9).damage, IsEmpty());
  const auto full = after(3);  // 4 was being run over by 12
  expect_entries(full, 5, 11);
  EXPECT_EQ(full.overwritten, 1U);
  EXPECT_THAT(full.damage, IsEmpty());
}

// Which entry a byte belongs to in a ring of 8 that holds 4 to 11; none for the head.
std::optional<std::uint64_t> entry_at(std::size_t offset) {
  if (offset < kRingHeadSize) return std::nullopt;
  const auto slot = (offset - kRingHeadSize) / sizeof(RingSlot);
  return slot <= 3 ? 8 + slot : slot;
}

TEST_F(CrashRingSpec, EachBitFlippedLeavesTheExactEntriesBeforeIt) {
  {
    auto ring = create();
    append(ring, 11);
  }
  const auto good = read_file(file);
  std::size_t noticed = 0;
  for (std::size_t at = 0; at < good.size(); at = at + 1 == 64 ? kRingHeadSize : at + 1) {
    for (int bit = 0; bit < 8; ++bit) {
      ASSERT_EQ(overwrite(at, static_cast<char>(good[at] ^ (1 << bit))), 1);
      const auto ring = RingFile::read(file);
      ASSERT_EQ(overwrite(at, good[at]), 1);
      ASSERT_TRUE(ring && ring->has_value()) << "byte " << at;
      const auto entry = entry_at(at);
      if (!entry) {
        EXPECT_FALSE((*ring)->trouble().empty()) << "byte " << at << " bit " << bit;
        continue;
      }
      const auto tail = (*ring)->after(5);
      const auto in_slot = at % sizeof(RingSlot);
      const bool padding = in_slot >= 16 && in_slot < kCacheLine;
      if (*entry <= 5 || padding) {
        expect_entries(tail, 6, 11);
        continue;
      }
      ++noticed;
      // A number that lost its only bit looks like one being written.
      const bool zeroed = in_slot < 8 && (*entry ^ (1ULL << (8 * in_slot + static_cast<std::size_t>(bit)))) == 0;
      expect_entries(tail, 6, *entry - 1);
      EXPECT_EQ(tail.unusable, 11 - *entry + 1);
      const auto where =
          "entry " + std::to_string(*entry) + " at byte " + std::to_string(ring_offset(*entry, 8)) + " is damaged";
      EXPECT_EQ(tail.damage, zeroed && *entry == 11 ? "" : where);
    }
  }
  EXPECT_EQ(noticed, 6 * 80 * 8U);
}

TEST_F(CrashRingSpec, CutAtEachByteLeavesTheExactEntriesBeforeTheCut) {
  {
    auto ring = create();
    append(ring, 7);
  }
  const auto good = read_file(file);
  for (std::size_t size = 0; size < good.size(); size = size == 64 ? kRingHeadSize : size + 1) {
    write_file(file, std::string_view{good}.substr(0, size));
    const auto ring = RingFile::read(file);
    ASSERT_TRUE(ring && ring->has_value());
    if (size < 64) {
      EXPECT_EQ((*ring)->trouble(), "cut short at byte " + std::to_string(size) + ", inside its head");
      continue;
    }
    const auto tail = (*ring)->after(2);
    const auto whole =
        size <= kRingHeadSize ? 0 : (size - kRingHeadSize) / sizeof(RingSlot);  // slots; entry 8 in the first
    const auto last = whole > 3 ? std::min<std::uint64_t>(whole - 1, 7) : 2;
    expect_entries(tail, 3, last);
    EXPECT_THAT(tail.damage, HasSubstr("cut short at byte " + std::to_string(size)));
  }
}

TEST_F(CrashRingSpec, DoesNotTakeWhatStoodBehindADamagedEntryForItsContinuation) {
  {
    auto ring = create();
    append(ring, 7);
  }
  auto bytes = read_file(file);
  bytes[ring_offset(4, 8) + 70] ^= 1;
  write_file(file, bytes);
  const auto tail = after(2);
  expect_entries(tail, 3, 3);
  EXPECT_EQ(tail.unusable, 4U);
  auto ring = resume(4);
  append(ring, 1);
  expect_entries(after(2), 3, 4);
  EXPECT_THAT(after(2).damage, IsEmpty());
}

TEST_F(CrashRingSpec, ResumesAFileThatWasCut) {
  {
    auto ring = create();
    append(ring, 6);
  }
  std::filesystem::resize_file(file, ring_offset(5, 8) + 20);
  const auto last = after(1).last;
  EXPECT_EQ(last, 4U);
  auto ring = resume(last + 1);
  append(ring, 3);
  expect_entries(after(1), 2, 7);
}

TEST_F(CrashRingSpec, ANewerOneOrNoneOrNoFileIsTold) {
  EXPECT_FALSE(RingFile::read(file)->has_value());
  create();
  auto bytes = read_file(file);
  RingHead head;
  std::memcpy(&head, bytes.data(), sizeof head);
  head.version = 2;
  head.sum = head.right_sum();
  std::memcpy(bytes.data(), &head, sizeof head);
  write_file(file, bytes);
  const auto newer = RingFile::read(file);
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().kind, StateError::Kind::kBadData);
  EXPECT_THAT(newer.error().message, HasSubstr("/ring: written by a newer yagura (ring version 2, this one knows 1)"));
  EXPECT_EQ(read_file(file), bytes) << "left alone";

  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  EXPECT_EQ(RingFile::read(file).error().kind, StateError::Kind::kBadData);
}

TEST_F(CrashRingSpec, ZerosAreNoEntries) {
  create();
  EXPECT_THAT(after(0).entries, IsEmpty());
  EXPECT_THAT(after(0).damage, IsEmpty());
  write_file(file, std::string(ring_size(8), '\0'));
  EXPECT_THAT(read().trouble(), HasSubstr("head"));
}

TEST_F(CrashRingSpec, AppendsWithoutAllocating) {
  auto ring = create({.slots = 1024, .id = 1, .symbols = 1});
  const auto before = test::allocations();
  for (std::uint64_t i = 1; i <= 5'000; ++i) ring.append(RingEntry::Kind::kTick, tick_of(i));
  EXPECT_EQ(test::allocations() - before, 0U);
}

TEST_F(CrashRingSpec, SaysThatThereIsNoRoom) {
  const auto ring = CrashRing::create("/dev/full/ring", kSmall, 1);
  ASSERT_FALSE(ring);
  EXPECT_THAT(ring.error().message, HasSubstr("/dev/full/ring.new: cannot create"));
}

// A process appends as fast as it can until it is killed; what it had told us is there.
TEST_F(CrashRingSpec, OutlivesAKillAtAnyMoment) {
  std::mt19937 random{20260209};
  for (int round = 0; round < 25; ++round) {
    create({.slots = 256, .id = 1, .symbols = 1});
    int said[2];
    ASSERT_EQ(pipe(said), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto ring = CrashRing::resume(file, {.slots = 256, .id = 1, .symbols = 1}, 1);
      if (!ring) _exit(1);
      for (std::uint64_t n = 1;; ++n) {
        ring->append(RingEntry::Kind::kTick, tick_of(n), static_cast<std::uint8_t>((n - 1) % 5));
        if (n % 64 == 0 && ::write(said[1], &n, sizeof n) != sizeof n) _exit(2);
      }
    }
    close(said[1]);
    std::uint64_t told = 0;
    ASSERT_EQ(::read(said[0], &told, sizeof told), static_cast<ssize_t>(sizeof told));
    usleep(std::uniform_int_distribution<useconds_t>{0, 2'000}(random));
    kill(child, SIGKILL);
    while (::read(said[0], &told, sizeof told) == static_cast<ssize_t>(sizeof told)) {
    }
    close(said[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    const auto tail = after(told - std::min<std::uint64_t>(told, 60));
    EXPECT_THAT(tail.damage, IsEmpty()) << "a kill is no damage";
    EXPECT_GE(tail.last, told);
    ASSERT_FALSE(tail.entries.empty());
    expect_entries(tail, tail.last + 1 - tail.entries.size(), tail.last);
  }
}

}  // namespace
}  // namespace yagura::alerts
