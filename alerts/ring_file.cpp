#include "alerts/ring_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "alerts/ring_layout.hpp"

namespace yagura::alerts {
namespace fs = std::filesystem;
namespace {

StateError unreadable(const fs::path& file, std::string_view why) {
  return {StateError::Kind::kBadData,
          fmt::format("{}: {}; nothing was changed. Restore a copy, or move the file away to do without what "
                      "happened after the last snapshot",
                      file.string(), why)};
}

// All of it, but no more than the longest ring has.
Result<std::string, StateError> read_all(int fd, const fs::path& file) {
  struct stat about {};
  if (::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) return unreadable(file, "is not a file");
  std::string bytes(std::min(static_cast<std::size_t>(about.st_size), ring_size(kMostRingSlots)), '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const auto got = ::read(fd, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(file, fmt::format("cannot be read: {}", std::strerror(errno)));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  return bytes;
}

bool is_known(std::uint8_t kind) {
  return kind >= static_cast<std::uint8_t>(RingEntry::Kind::kTick) &&
         kind <= static_cast<std::uint8_t>(RingEntry::Kind::kCancelled);
}

}  // namespace

Result<std::optional<RingFile>, StateError> RingFile::read(const fs::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return std::optional<RingFile>{};
  if (fd < 0) return unreadable(file, fmt::format("cannot be read: {}", std::strerror(errno)));
  auto bytes = read_all(fd, file);
  ::close(fd);
  if (!bytes) return bytes.error();
  RingFile ring{*std::move(bytes)};
  if (const auto head = ring.read_head(file); !head) return head.error();
  return std::optional{std::move(ring)};
}

Result<void, StateError> RingFile::read_head(const fs::path& file) {
  RingHead head;
  if (bytes_.size() < sizeof head) {
    trouble_ = fmt::format("cut short at byte {}, inside its head", bytes_.size());
    return {};
  }
  std::memcpy(&head, bytes_.data(), sizeof head);
  if (head.magic != kRingMagic || head.sum != head.right_sum()) {
    trouble_ = "its head (bytes 0 to 63) is damaged, or it is no ring of yagura";
    return {};
  }
  if (head.version > kRingVersion) {
    return unreadable(file, fmt::format("written by a newer yagura (ring version {}, this one knows {})", head.version,
                                        kRingVersion));
  }
  if (head.version != kRingVersion || head.slot_size != sizeof(RingSlot) || head.tick_layout != kTickLayout ||
      !std::has_single_bit(head.slots) || head.slots > kMostRingSlots) {
    trouble_ = "another build of yagura wrote it, which lays ticks out differently";
    return {};
  }
  spec_ = {.slots = static_cast<std::size_t>(head.slots), .id = head.id, .symbols = head.symbols};
  return {};
}

RingFile::Look RingFile::look(std::uint64_t number) const {
  Look found;
  const auto at = ring_offset(number, spec_.slots);
  if (at + sizeof(RingSlot) > bytes_.size()) return found;
  found.whole = true;
  RingSlot slot;
  std::memcpy(&slot, bytes_.data() + at, sizeof slot);
  found.number = slot.number;
  const bool in_place = ring_offset(slot.number, spec_.slots) == at;
  found.sound = slot.number != 0 && in_place && is_known(slot.kind) && slot.sum == slot.right_sum(slot.number);
  found.entry = {static_cast<RingEntry::Kind>(slot.kind), slot.detail, slot.tick};
  return found;
}

std::uint64_t RingFile::newest() const {
  std::uint64_t newest = 0;
  for (std::uint64_t i = 0; i < spec_.slots; ++i) {
    if (const auto slot = look(i); slot.sound) newest = std::max(newest, slot.number);
  }
  return newest;
}

RingTail RingFile::after(std::uint64_t position) const {
  RingTail tail;
  tail.last = position;
  const auto newest = this->newest();
  auto next = position + 1;
  if (newest >= next + spec_.slots) next = newest - spec_.slots + 1;
  // The oldest of a full ring may be the one that was just being overwritten.
  if (newest == next + spec_.slots - 1 && look(next).number == 0) ++next;
  tail.overwritten = next - (position + 1);
  for (; next <= newest; ++next) {
    auto slot = look(next);
    if (!slot.sound || slot.number != next) break;
    tail.entries.push_back(slot.entry);
    tail.last = next;
  }
  // A slot that was being written holds zero, one not yet reached something older.
  const auto end = look(next);
  const bool clean = end.whole && (end.number == 0 || (end.sound && end.number < next));
  if (newest < next && clean) return tail;
  tail.unusable = newest >= next ? newest - next + 1 : 1;
  tail.damage = damage_at(next, end);
  return tail;
}

std::string RingFile::damage_at(std::uint64_t number, const Look& slot) const {
  const auto at = ring_offset(number, spec_.slots);
  if (!slot.whole) return fmt::format("the file is cut short at byte {}, entry {} is missing", bytes_.size(), number);
  return fmt::format("entry {} at byte {} is damaged", number, at);
}

}  // namespace yagura::alerts
